"""Guards (rules section 6): what makes a plan unfit, or holds a change back, until somebody says that it is meant."""

from __future__ import annotations

from typing import Any

import pytest

from .calls import DISCOUNT, NAME, UPLOAD, add, update
from .shop import APPROVED, IN_AUDIT, UNAUDITED, Entry, Shop

# ---- price_jump


def test_a_price_times_or_divided_by_five(shop: Shop) -> None:
    shop.lists()
    shop.bound(APPROVED)
    for price, route in (
        ("497.50", "update blocked price_jump"),
        ("497.49", "update ready price_changed"),
        ("19.90", "update blocked price_jump"),
        ("19.91", "update ready price_changed"),
        ("9950", "update blocked price_jump"),
    ):
        shop.lists(price=price)
        assert (price, shop.plan().of()) == (price, route)


def test_a_price_that_jumps__blocked_until_allowed(rewriting_shop: Shop) -> None:
    rewriting_shop.lists()
    rewriting_shop.bound(APPROVED)
    rewriting_shop.lists(price="9950")
    assert rewriting_shop.apply().of() == "update blocked price_jump"
    assert rewriting_shop.calls() == []
    assert rewriting_shop.apply(allow_price_change=["mug"]).of() == "update ready price_changed"
    assert rewriting_shop.calls() == [update(priceType=1, price=9950.0)]
    rewriting_shop.rests()


def test_the_factor_is_the_catalogues(shop: Shop) -> None:
    shop.lists()
    shop.bound(APPROVED)
    shop.lists(price="200")
    shop.says(policy={"max_price_change": 2})
    assert shop.plan().of() == "update blocked price_jump"
    shop.says(policy={"max_price_change": 100})
    shop.lists(price="9000")
    assert shop.plan().of() == "update ready price_changed"


@pytest.mark.parametrize(
    ("status", "edit", "route"),
    [
        (UNAUDITED, {}, "resubmit blocked price_jump"),
        (IN_AUDIT, NAME, "resubmit blocked price_jump"),
        (APPROVED, {**NAME, "locked_change": "replace"}, "replace blocked price_jump"),
        (APPROVED, {**NAME, "locked_change": "block"}, "update blocked price_jump"),
    ],
)
def test_a_price_that_jumps_on_every_route_that_sends_it(shop: Shop, status: str, edit: Entry, route: str) -> None:
    shop.lists()
    shop.bound(status)
    shop.lists(price="9950", **edit)
    assert shop.apply().of() == route
    assert shop.calls() == []


def test_the_second_price_that_jumps(shop: Shop) -> None:
    shop.lists(**DISCOUNT)
    shop.bound(APPROVED)
    shop.lists(price2="7.90")
    assert shop.plan().of() == "update blocked price_jump"


def test_what_is_new_has_no_price_to_jump_from(shop: Shop) -> None:
    shop.lists(price="9950")
    shop.apply()
    assert shop.calls() == [UPLOAD, add(price=9950.0)]


# ---- too_many_deletes


def shelf(shop: Shop, count: int) -> list[str]:
    """So many approved items; they were not made by us, which is faster."""
    keys = shop.lists_many(count)
    shop.says(adopt={key: shop.api_goods(name=f"茶具 {key}", url=shop.entries[key]["url"]) for key in keys})
    assert shop.apply().summary == {"adopt": count, "ready": count}
    shop.says(adopt={})
    return keys


@pytest.mark.parametrize(
    ("bound", "dropped", "hazards"),
    [
        (4, 3, []),  # a share always allows 3
        (10, 3, []),
        (10, 4, [("too_many_deletes", 4, 3)]),
        (20, 4, []),
        (20, 5, [("too_many_deletes", 5, 4)]),
    ],
)
def test_a_fifth_may_be_deleted_and_always_three(
    shop: Shop, bound: int, dropped: int, hazards: list[tuple[str, int, int]]
) -> None:
    keys = shelf(shop, bound)
    shop.drops(*keys[:dropped])
    made = shop.plan()
    assert made.hazards == hazards
    assert made.plan.applyable == (not hazards)


def test_max_deletes_for_this_run(shop: Shop) -> None:
    keys = shelf(shop, 10)
    shop.drops(*keys[:5])
    for flag, allowed in ((None, 3), ("4", 4), ("0", 0), ("40%", 4), ("10%", 3)):
        assert (flag, shop.plan(max_deletes=flag).hazards) == (flag, [("too_many_deletes", 5, allowed)])
    for flag in ("5", "50%", "none"):
        assert (flag, shop.plan(max_deletes=flag).hazards) == (flag, [])


def test_max_deletes_of_the_catalogue(shop: Shop) -> None:
    keys = shelf(shop, 10)
    shop.drops(*keys[:5])
    for rule, fits in ((5, True), (4, False), ("50%", True), ("49%", False)):
        shop.says(policy={"max_deletes": rule})
        assert (rule, shop.plan().plan.applyable) == (rule, fits)


def test_replacements_count_as_deletes(shop: Shop) -> None:
    keys = shelf(shop, 6)
    shop.says(policy={"locked_change": "replace"})
    for key in keys[:2]:
        shop.lists(key, name=f"新茶具 {key}")
    shop.drops(*keys[4:])
    assert shop.plan().hazards == [("too_many_deletes", 4, 3)]
    made = shop.apply(max_deletes="4")
    assert shop.called() == ["upload", "add", "delete", "add", "delete", "delete", "delete"]
    assert made.summary == {"replace": 2, "delete": 2, "unchanged": 2, "ready": 4}


def test_deletes_of_later_days_count(shop: Shop) -> None:
    keys = shelf(shop, 6)
    shop.says(quota={"delete": {"limit": 1}})
    shop.drops(*keys[:4])
    made = shop.plan()
    assert made.summary == {"delete": 1, "unchanged": 2, "ready": 1, "deferred": 3}
    assert made.hazards == [("too_many_deletes", 4, 3)]


def test_what_is_held_does_not_count(shop: Shop) -> None:
    keys = shelf(shop, 6)
    for key in keys[:4]:
        shop.lists(key, name=f"新茶具 {key}")
    assert shop.plan().hazards == []


# ---- too_many_lost


@pytest.mark.parametrize(("bound", "lost", "fits"), [(5, 3, True), (5, 4, False), (6, 0, True)])
def test_too_many_lost__until_accepted(shop: Shop, bound: int, lost: int, fits: bool) -> None:
    shelf(shop, bound)
    shop.somebody_deletes(*range(51, 51 + lost))
    made = shop.plan()
    assert made.hazards == ([] if fits else [("too_many_lost", lost, 3)])
    shop.apply(accept_losses=True)
    assert shop.called() == (["upload"] if lost else []) + ["add"] * lost
    shop.rests()


def test_too_many_lost_that_are_not_desired_either(shop: Shop) -> None:
    keys = shelf(shop, 6)
    shop.somebody_deletes(51, 52, 53, 54)
    shop.drops(*keys[:4])
    assert shop.plan().hazards == [("too_many_lost", 4, 3)]
    assert shop.apply(accept_losses=True).summary == {"forget": 4, "unchanged": 2, "ready": 4}
    assert shop.calls() == []
    assert shop.bound_to() == {"item-5": 55, "item-6": 56}


# ---- not_refreshed


def test_planned_without_a_look(shop: Shop) -> None:
    shop.lists()
    shop.bound(APPROVED)
    shop.plan()
    shop.lists(price="89")
    made = shop.plan(refresh=False)
    assert made.of() == "update ready price_changed"
    assert made.hazards == [("not_refreshed", 0, 0)]


# ---- warnings


def test_only_what_is_bound_is_ever_deleted(shop: Shop) -> None:
    for number in range(3):
        shop.api_goods(name=f"别人的 {number}")
        shop.console_goods(name=f"控制台的 {number}")
    shop.lists()
    made: Any = shop.apply(max_deletes="none")
    assert made.document["unmanaged"] == {"count": 6, "console_made": 3}
    assert shop.called() == ["upload", "add"]
