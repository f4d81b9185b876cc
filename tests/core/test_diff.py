"""What differs (rules section 2): each way in which a field can stand between the catalogue, us and the platform."""

from __future__ import annotations

from dataclasses import replace

import pytest

from catalog_sync.core.diff import Comparison, Difference, Standing, adopted, against, compare, settled
from catalog_sync.core.model import KEEP, Copy, Field, FieldKind, Item, Schema, StockRule, Values
from catalog_sync.providers.live_goods.schema import SCHEMA, GoodsValues
from tests.core.shop import (
    CUP,
    NOTHING,
    NOW,
    OTHER_PICTURE,
    PICTURE,
    SETTLE_AFTER,
    SHOWN_CUP,
    SHOWN_PICTURE,
    address,
    copy,
    item,
    values,
)

PRICES = frozenset({"priceType", "price", "price2"})
HOW = Comparison(SCHEMA, NOW, SETTLE_AFTER)
YOUNG = NOW - SETTLE_AFTER + 0.5
OLD = NOW - SETTLE_AFTER


def differs(
    desired: Values = CUP, held: Copy | None = None, observed: Values = SHOWN_CUP, *, insist: bool = False
) -> Difference:
    return compare(replace(HOW, insist=insist), item(desired=desired), held or copy(), observed)


def written(name: str, before: str | None, *, at: float | None = OLD) -> Copy:
    """A copy whose name we wrote last, and have not looked at since; the platform showed `before` then."""
    new = CUP._replace(name=name)
    return copy(
        sent=new, echo=SHOWN_CUP._replace(name=None), replaced=(before, *NOTHING[1:]), written_at=at  # type: ignore[arg-type]
    )  # fmt: skip


def priced(*, at: float | None = OLD) -> Copy:
    """A copy whose price we wrote last: 99.50 to 89.00, as one price."""
    echo = SHOWN_CUP._replace(priceType=None, price=None, price2=None)  # type: ignore[arg-type]
    new = CUP._replace(price=8900)
    return copy(sent=new, echo=echo, replaced=(None, None, None, None, 1, 9950, None), written_at=at)


def name_is(standing: Standing) -> Difference:
    return Difference(**{standing.value: frozenset({"name"})})


NEW = CUP._replace(name="新茶杯")
SHOWN_OLD = SHOWN_CUP
SHOWN_NEW = SHOWN_CUP._replace(name="新茶杯")
SHOWN_OTHER = SHOWN_CUP._replace(name="别的茶杯")


@pytest.mark.parametrize(
    ("desired", "held", "observed", "insist", "expected"),
    [
        pytest.param(CUP, copy(), SHOWN_CUP, False, Difference(), id="equal on all sides"),
        pytest.param(NEW, copy(), SHOWN_OLD, False, name_is(Standing.EDITED), id="the catalogue moved: edited"),
        pytest.param(CUP, copy(), SHOWN_OTHER, False, name_is(Standing.DRIFTED), id="the platform moved: drifted"),
        pytest.param(NEW, copy(), SHOWN_OTHER, False, name_is(Standing.EDITED), id="both moved: edited"),
        pytest.param(NEW, copy(), SHOWN_NEW, False, Difference(), id="both moved to the same: equal"),
        pytest.param(CUP, copy(), SHOWN_OTHER, True, name_is(Standing.EDITED), id="drifted, insisted on: edited"),
        pytest.param(
            CUP._replace(name="茶杯&茶壶"),
            copy(sent=CUP._replace(name="茶杯&茶壶"), echo=SHOWN_CUP._replace(name="茶杯&amp;茶壶")),
            SHOWN_CUP._replace(name="茶杯&amp;茶壶"),
            False,
            Difference(),
            id="shown as it was at the first look: normalised",
        ),
        pytest.param(
            CUP._replace(name="茶杯&茶壶"),
            copy(sent=CUP._replace(name="茶杯&茶壶"), echo=SHOWN_CUP._replace(name="茶杯&amp;茶壶")),
            SHOWN_CUP._replace(name="茶杯 &amp; 茶壶"),
            False,
            name_is(Standing.DRIFTED),
            id="rewritten otherwise than at the first look: drifted",
        ),
        pytest.param(
            NEW, written("新茶杯", "TIT茶杯"), SHOWN_OTHER, False, Difference(), id="whatever the first look shows"
        ),
        pytest.param(
            NEW, written("新茶杯", "TIT茶杯"), SHOWN_OLD, False, name_is(Standing.NOT_TAKEN), id="the old: not taken"
        ),
        pytest.param(
            NEW,
            written("新茶杯", "TIT茶杯"),
            SHOWN_CUP._replace(name=" TIT茶杯"),
            False,
            name_is(Standing.NOT_TAKEN),
            id="still the old when folded: not taken",
        ),
        pytest.param(
            NEW,
            written("新茶杯", "TIT茶杯", at=YOUNG),
            SHOWN_OLD,
            False,
            name_is(Standing.SETTLING),
            id="a young write that still shows the old: settling",
        ),
        pytest.param(
            NEW,
            written("新茶杯", "TIT茶杯", at=YOUNG),
            SHOWN_OLD,
            True,
            name_is(Standing.SETTLING),
            id="settling is not to be insisted on",
        ),
        pytest.param(
            NEW,
            written("新茶杯", "TIT茶杯", at=None),
            SHOWN_OLD,
            False,
            name_is(Standing.NOT_TAKEN),
            id="an unknown end of the write is long ago",
        ),
        pytest.param(
            NEW,
            written("新茶杯", "TIT茶杯"),
            SHOWN_OLD,
            True,
            name_is(Standing.EDITED),
            id="not taken, insisted on: edited",
        ),
        pytest.param(
            CUP._replace(name="第三茶杯"),
            written("新茶杯", "TIT茶杯"),
            SHOWN_OLD,
            False,
            name_is(Standing.EDITED),
            id="not taken ends when the catalogue changes",
        ),
        pytest.param(
            CUP, written("新茶杯", "TIT茶杯"), SHOWN_OLD, False, Difference(), id="not taken ends when desired shows"
        ),
        pytest.param(
            CUP._replace(name="茶杯&茶壶"),
            written("茶杯&茶壶", "茶杯&amp;茶壶"),
            SHOWN_CUP._replace(name="茶杯&amp;茶壶"),
            False,
            Difference(),
            id="the old value folds to ours: nothing tells them apart",
        ),
    ],
)  # fmt: skip
def test_a_text(desired: Values, held: Copy, observed: Values, insist: bool, expected: Difference) -> None:
    assert differs(desired, held, observed, insist=insist) == expected


@pytest.mark.parametrize(
    ("desired", "held", "observed", "expected"),
    [
        pytest.param(CUP, copy(), SHOWN_CUP._replace(price=1), Difference(edited=PRICES), id="drift is repaired"),
        pytest.param(CUP._replace(price=1), copy(), SHOWN_CUP, Difference(edited=PRICES), id="edited"),
        pytest.param(CUP._replace(price=1), copy(), SHOWN_CUP._replace(price=1), Difference(), id="equal already"),
        pytest.param(
            values(prices=(3, 9950, 8000)),
            copy(),
            SHOWN_CUP,
            Difference(edited=PRICES),
            id="a second price where there was none",
        ),
        pytest.param(
            CUP,
            copy(),
            SHOWN_CUP._replace(priceType=3, price2=8000),
            Difference(edited=PRICES),
            id="a second price where none should be",
        ),
        pytest.param(
            CUP, copy(sent=CUP._replace(price=1)), SHOWN_CUP, Difference(), id="what we sent before does not matter"
        ),
        pytest.param(
            CUP._replace(price=8900), priced(), SHOWN_CUP, Difference(not_taken=PRICES), id="still the old: not taken"
        ),
        pytest.param(
            CUP._replace(price=8900), priced(at=YOUNG), SHOWN_CUP, Difference(settling=PRICES), id="young: settling"
        ),
        pytest.param(
            CUP._replace(price=8900),
            priced(),
            SHOWN_CUP._replace(price=7000),
            Difference(edited=PRICES),
            id="neither old nor new: drift, repaired",
        ),
        pytest.param(
            CUP._replace(price=8800), priced(), SHOWN_CUP, Difference(edited=PRICES), id="not taken, then edited"
        ),
    ],
)
def test_the_price_group(desired: Values, held: Copy, observed: Values, expected: Difference) -> None:
    assert differs(desired, held, observed) == expected


def test_prices_not_taken_are_insisted_on() -> None:
    assert differs(CUP._replace(price=8900), priced(), SHOWN_CUP, insist=True) == Difference(edited=PRICES)


@pytest.mark.parametrize(
    ("desired", "sent", "edited"),
    [
        (PICTURE, PICTURE, False),
        (OTHER_PICTURE, PICTURE, True),
        (KEEP, PICTURE, False),
        (KEEP, KEEP, False),
        (PICTURE, KEEP, True),
        ("https://cdn.example/cup.png", PICTURE, True),
        ("https://cdn.example/cup.png?v=2", "https://cdn.example/cup.png", True),
    ],
)
def test_a_cover_is_its_identity(desired: str, sent: str, edited: bool) -> None:
    expected = Difference(edited=frozenset({"cover"})) if edited else Difference()
    held = copy(sent=CUP._replace(cover=sent))
    assert differs(CUP._replace(cover=desired), held) == expected
    other_url = SHOWN_CUP._replace(cover="https://mmbiz.qpic.cn/another")
    assert differs(CUP._replace(cover=desired), held, other_url) == expected


@pytest.mark.parametrize(
    ("desired", "observed", "equal"),
    [
        ("pages/a", "/pages/a", True),
        ("/pages/a", "pages/a", True),
        ("pages/a", "pages/a.html", False),
    ],
)
def test_a_url_without_its_slash_is_the_same(desired: str, observed: str, equal: bool) -> None:
    held = copy(sent=CUP._replace(url="pages/before"))
    difference = differs(CUP._replace(url=desired), held, SHOWN_CUP._replace(url=observed))
    assert difference == (Difference() if equal else Difference(edited=frozenset({"url"})))


STOCKED = Schema("skus", "skus", (Field("stock", FieldKind.STOCK),))


@pytest.mark.parametrize(
    ("rule", "desired", "sent", "observed", "edited"),
    [
        (StockRule.ON_CHANGE, 40, 40, 33, False),  # sales change it
        (StockRule.ON_CHANGE, 50, 40, 33, True),
        (StockRule.ON_CHANGE, 33, 40, 33, True),  # our value changed
        (StockRule.ON_CHANGE, None, 40, 33, False),
        (StockRule.ENFORCE, 40, 40, 33, True),
        (StockRule.ENFORCE, 33, 40, 33, False),
        (StockRule.ENFORCE, None, 40, 33, False),
    ],
)
def test_stock(rule: StockRule, desired: int | None, sent: int, observed: int, edited: bool) -> None:
    how = Comparison(STOCKED, NOW, SETTLE_AFTER, rule)
    held = Copy(51, None, (sent,), (sent,), (observed,), (None,))
    wanted = Item(address("sku"), "skus", "sku", (desired,), item().place, 0)
    assert compare(how, wanted, held, (observed,)) == Difference(edited=frozenset({"stock"} if edited else ()))


@pytest.mark.parametrize(
    ("desired", "submitted", "fields"),
    [
        (CUP, CUP, frozenset()),
        (CUP._replace(name="新茶杯"), CUP, frozenset({"name"})),
        (CUP._replace(price=1), CUP, PRICES),
        (values(prices=(3, 9950, 1)), CUP, PRICES),
        (CUP._replace(cover=KEEP), CUP, frozenset()),
        (CUP._replace(cover=OTHER_PICTURE), CUP, frozenset({"cover"})),
        (CUP._replace(url="/" + CUP.url), CUP, frozenset()),
        (CUP._replace(name=" TIT茶杯"), CUP, frozenset({"name"})),
        (CUP._replace(thirdPartyAppid="wx0123456789abcdef"), CUP, frozenset({"thirdPartyAppid"})),
    ],
)
def test_against_what_was_submitted(desired: Values, submitted: Values, fields: frozenset[str]) -> None:
    assert against(SCHEMA, desired, submitted) == fields


def test_a_first_look_leaves_its_echo() -> None:
    fresh = copy(echo=NOTHING)
    observed = SHOWN_CUP._replace(name="TIT茶杯 ")
    assert settled(HOW, fresh, item(), observed) == copy(echo=observed)


def test_a_later_look_leaves_the_echo() -> None:
    assert settled(HOW, copy(), item(), SHOWN_OTHER) == copy()


def test_sent_follows_where_the_platform_shows_what_the_catalogue_says() -> None:
    followed = settled(HOW, copy(), item(desired=NEW), SHOWN_NEW)
    assert followed == copy(sent=NEW, submitted=CUP, echo=SHOWN_NEW)


def test_prices_follow_as_a_group() -> None:
    ranged = values(prices=(2, 100, 200))
    followed = settled(HOW, copy(sent=ranged), item(desired=CUP), SHOWN_CUP)
    assert GoodsValues._make(followed.sent) == CUP
    half = settled(HOW, copy(sent=ranged), item(desired=CUP), SHOWN_CUP._replace(price=1))
    assert half == copy(sent=ranged)


def test_a_cover_never_follows() -> None:
    followed = settled(HOW, copy(sent=CUP._replace(cover=SHOWN_PICTURE)), item(), SHOWN_CUP)
    assert followed.sent == CUP._replace(cover=SHOWN_PICTURE)


@pytest.mark.parametrize(
    ("held", "desired"),
    [(priced(), CUP._replace(price=8900)), (written("新茶杯", "TIT茶杯"), NEW)],
    ids=["price", "name"],
)
def test_what_was_not_taken_stays_not_taken_however_often_it_is_looked_at(held: Copy, desired: GoodsValues) -> None:
    first = differs(desired, held)
    assert first.not_taken
    looked = settled(HOW, held, item(desired=desired), SHOWN_CUP)
    assert looked == held
    assert differs(desired, looked) == first


def test_what_was_not_taken_is_forgotten_when_the_catalogue_goes_back() -> None:
    looked = settled(HOW, priced(), item(desired=CUP), SHOWN_CUP)
    assert looked == copy(sent=CUP, submitted=CUP._replace(price=8900), written_at=OLD)


def test_adoption_takes_the_catalogues_cover_and_what_is_equal_when_folded() -> None:
    desired = values("茶杯&茶壶", url="pages/a", prices=(1, 8900, None))
    observed = values(" 茶杯&amp;茶壶", cover=SHOWN_PICTURE, url="/pages/a.html", prices=(1, 9950, None))
    assert adopted(SCHEMA, item(desired=desired), observed) == desired._replace(price=9950)
    other = observed._replace(name="别的", thirdPartyAppid="wx0123456789abcdef")
    expected = desired._replace(name="别的", price=9950, thirdPartyAppid="wx0123456789abcdef")
    assert adopted(SCHEMA, item(desired=desired), other) == expected


def test_adoption_takes_the_catalogues_picture_only_where_the_platform_has_one() -> None:
    at = SCHEMA.index("cover")
    desired = item()
    shown = desired.values
    bare = (*shown[:at], "", *shown[at + 1 :])
    assert adopted(SCHEMA, desired, (*shown[:at], "https://pictures.example/1", *shown[at + 1 :])) == desired.values
    assert adopted(SCHEMA, desired, bare) == bare
