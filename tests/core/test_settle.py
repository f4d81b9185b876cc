"""Settling (rules section 8): every verdict on a call whose answer was lost, by nothing but what is seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from catalog_sync.core.journal import Entry
from catalog_sync.core.model import AuditStatus, Binding, Observation, Remote, Value, Verb
from catalog_sync.core.settle import Landed, NotLanded, TooYoung, Undecided, Verdict, Witness, settle
from catalog_sync.providers.live_goods.schema import SCHEMA
from tests.core.shop import (
    CUP,
    NOW,
    SETTLE_AFTER,
    SHOWN_CUP,
    SHOWN_PICTURE,
    TODAY,
    address,
    binding,
    copy,
    remote,
    seen,
    values,
)

READ_TIMEOUT = 20.0
UNAUDITED, IN_AUDIT = AuditStatus.UNAUDITED, AuditStatus.IN_AUDIT
APPROVED, REJECTED = AuditStatus.APPROVED, AuditStatus.REJECTED


def entry(verb: Verb, number: int = 1, key: str = "cup", **more: object) -> Entry:
    """An open row, old enough to be judged. The observation that it names is the first."""
    made = Entry(
        address(key),
        str(verb),
        verb,
        None,
        TODAY,
        "sha256:ab",
        values=CUP if verb is Verb.CREATE else None,
        observation=1,
        began_at=NOW - 60,
        ended_at=NOW - 50,
        number=number,
    )
    return replace(made, **more)  # type: ignore[arg-type]


def add(number: int = 1, key: str = "cup", **more: object) -> Entry:
    return entry(Verb.CREATE, number, key, **more)


def new(remote_id: int, shown: tuple[Value, ...] = SHOWN_CUP, *, first_seen: int = 2, ours: bool = True) -> Remote:
    return remote(remote_id, shown, IN_AUDIT, ours=ours, first_seen=first_seen)


def judge(
    entries: Sequence[Entry],
    observed: Observation,
    *,
    bound: Binding | None = None,
    tombstones: Sequence[int] = (),
    taken: Sequence[int] = (),
) -> tuple[Verdict, ...]:
    bindings = {} if bound is None else {bound.address: bound}
    return settle(
        entries,
        Witness(
            SCHEMA,
            observed,
            bindings,
            frozenset(tombstones),
            frozenset(taken),
            NOW,
            SETTLE_AFTER,
            READ_TIMEOUT,
        ),
    )


def words(verdicts: Sequence[Verdict]) -> list[str]:
    """The verdicts in short: what landed with its id, what is undecided with why."""
    return [_word(verdict) for verdict in verdicts]


def _word(verdict: Verdict) -> str:
    match verdict:
        case Landed(_, found):
            return "landed" if found is None else f"landed {found.remote_id}"
        case NotLanded():
            return "not landed"
        case TooYoung(_, seconds):
            return f"too young: {seconds:g} s"
        case Undecided(_, why):
            return why


RESEMBLES = "a new item resembles it: 52"


@pytest.mark.parametrize(
    ("remotes", "expected"),
    [
        pytest.param([new(52)], "landed 52", id="one candidate"),
        pytest.param([new(52, first_seen=0)], "landed 52", id="one candidate of a look that is not stored yet"),
        pytest.param(
            [new(52, SHOWN_CUP._replace(name=" TIT茶杯", url="/pages/index/index.html?id=51"))],
            "landed 52",
            id="a candidate in the platform's spelling",
        ),
        pytest.param([new(52, SHOWN_CUP._replace(thirdPartyAppid="wx1"))], "landed 52", id="other fields do not count"),
        pytest.param([], "not landed", id="no candidate"),
        pytest.param([new(52, first_seen=1)], "not landed", id="one that was there before the call"),
        pytest.param([new(52, ours=False)], "not landed", id="one that the console made"),
        pytest.param([new(40)], "not landed", id="one that is bound"),
        pytest.param([new(41)], "not landed", id="one that we deleted"),
        pytest.param(
            [new(52, values("别的", url="pages/other", prices=(1, 1, None)))], "not landed", id="other content"
        ),
        pytest.param(
            [new(52), new(53)],
            "1 adds of this content lost their answer, and these new items look like it: 52, 53",
            id="two candidates",
        ),
        pytest.param([new(52, values(url="pages/other", prices=(1, 1, None)))], RESEMBLES, id="a new one of its name"),
        pytest.param([new(52, values("别的", prices=(1, 1, None)))], RESEMBLES, id="a new one of its url"),
        pytest.param([new(52, values("别的", url="pages/other"))], RESEMBLES, id="a new one of its prices"),
    ],
)  # fmt: skip
def test_an_add(remotes: list[Remote], expected: str) -> None:
    assert words(judge([add()], seen(*remotes), taken=[40], tombstones=[41])) == [expected]


TWO = "2 adds of this content lost their answer, and these new items look like it: "


@pytest.mark.parametrize(
    ("remotes", "expected"),
    [
        ([], ["not landed", "not landed"]),
        ([new(52)], [TWO + "52"] * 2),
        ([new(52), new(53)], [TWO + "52, 53"] * 2),
    ],
)
def test_equal_adds_are_judged_together(remotes: list[Remote], expected: list[str]) -> None:
    """Two keys of one content, or of contents that differ in the cover alone."""
    rows = [add(1, "cup"), add(2, "mug", values=CUP._replace(cover="sha256:other"))]
    assert words(judge(rows, seen(*remotes))) == expected


def test_adds_of_other_prices_are_judged_apart() -> None:
    rows = [add(1, "cup"), add(2, "mug", values=CUP._replace(price=1))]
    both = seen(new(52), new(53, SHOWN_CUP._replace(price=1)))
    assert words(judge(rows, both)) == ["landed 52", "landed 53"]
    assert words(judge(rows, seen(new(52)))) == ["landed 52", "not landed"]
    assert words(judge(rows, seen(new(52, SHOWN_CUP._replace(price=2))))) == [RESEMBLES] * 2


def test_an_item_that_another_add_made_is_not_left_over() -> None:
    other = values("别的", url="pages/other")  # of the same prices
    rows = [add(1, "cup"), add(2, "other", values=other)]
    assert words(judge(rows, seen(new(52, other)))) == ["not landed", "landed 52"]


def test_verdicts_come_in_the_order_of_their_entries() -> None:
    rows = [entry(Verb.DELETE, 3, remote_id=51), add(1), entry(Verb.UPLOAD, 2)]
    assert [verdict.entry.number for verdict in judge(rows, seen(absent=[51]))] == [3, 1, 2]


LISTING = "the platform's list could not be trusted (a page was short)"


@pytest.mark.parametrize("flaw", [{"unread": True}, {"short": True}, {"stable": False}])
def test_a_listing_that_cannot_be_trusted_never_says_not_landed(flaw: dict[str, bool]) -> None:
    bad = seen(reason="a page was short", **flaw)  # type: ignore[arg-type]
    assert words(judge([add()], bad)) == [LISTING]
    assert words(judge([entry(Verb.DELETE, remote_id=51)], replace(bad, absent=frozenset({51})))) == [
        "the platform does not show the item, nor confirm that it is gone"
    ]
    found = seen(new(52), reason="a page was short", **flaw)  # type: ignore[arg-type]
    assert words(judge([add()], found)) == ["landed 52"]


@pytest.mark.parametrize(
    ("began", "ended", "expected"),
    [
        (60, 50, "not landed"),
        (60, 10, "not landed"),
        (60, 9.5, "too young: 0.5 s"),
        (60, 0, "too young: 10 s"),
        (30, None, "not landed"),  # its end counts as begin plus the read time-out
        (29, None, "too young: 1 s"),
        (0, None, "too young: 30 s"),
    ],
)
@pytest.mark.parametrize("verb", [Verb.CREATE, Verb.UPDATE, Verb.SUBMIT, Verb.WITHDRAW, Verb.DELETE])
def test_not_landed_needs_its_age(verb: Verb, began: float, ended: float | None, expected: str) -> None:
    status = {Verb.SUBMIT: UNAUDITED, Verb.WITHDRAW: IN_AUDIT}.get(verb, APPROVED)
    row = entry(
        verb,
        began_at=NOW - began,
        ended_at=None if ended is None else NOW - ended,
        remote_id=None if verb is Verb.CREATE else 51,
        fields={"price": 1} if verb is Verb.UPDATE else {},
    )
    observed = seen() if verb is Verb.CREATE else seen(remote(status=status))
    assert words(judge([row], observed)) == [expected]


@pytest.mark.parametrize(
    "observed",
    [seen(new(52, values("别的", prices=(1, 1, None)))), seen(unread=True)],
    ids=["a left-over", "an untrusted list"],
)
def test_a_young_add_is_looked_at_again_before_a_person_is_asked(observed: Observation) -> None:
    assert words(judge([add(ended_at=NOW)], observed)) == ["too young: 10 s"]


def test_a_young_call_on_an_item_that_does_not_show_is_looked_at_again() -> None:
    assert words(judge([entry(Verb.DELETE, remote_id=51, ended_at=NOW)], seen())) == ["too young: 10 s"]


@pytest.mark.parametrize(
    ("verb", "unaudited", "in_audit", "approved", "rejected", "unknown"),
    [
        (Verb.SUBMIT, "not landed", "landed 51", "landed 51", "landed 51", "?"),
        (Verb.WITHDRAW, "landed 51", "not landed", "not landed", "not landed", "?"),
        (Verb.DELETE, *["not landed"] * 5),
        (Verb.UPLOAD, *["not landed"] * 5),
    ],
)  # fmt: skip
def test_by_status(verb: Verb, unaudited: str, in_audit: str, approved: str, rejected: str, unknown: str) -> None:
    statuses = (UNAUDITED, IN_AUDIT, APPROVED, REJECTED, None)
    judged = [words(judge([entry(verb, remote_id=51)], seen(remote(status=status))))[0] for status in statuses]
    unclear = "the platform shows a review status that is not known"
    assert judged == [unclear if word == "?" else word for word in (unaudited, in_audit, approved, rejected, unknown)]


@pytest.mark.parametrize(
    ("verb", "gone", "unseen"),
    [
        (Verb.DELETE, "landed", "?"),
        (Verb.UPDATE, "not landed", "?"),
        (Verb.SUBMIT, "not landed", "?"),
        (Verb.WITHDRAW, "not landed", "?"),
    ],
)
def test_an_item_that_is_not_shown(verb: Verb, gone: str, unseen: str) -> None:
    row = entry(verb, remote_id=51)
    assert words(judge([row], seen(absent=[51]))) == [gone]
    why = "the platform does not show the item, nor confirm that it is gone"
    assert words(judge([row], seen())) == [why if unseen == "?" else unseen]


@pytest.mark.parametrize(
    ("fields", "shown", "expected"),
    [
        ({"name": "新茶杯"}, SHOWN_CUP._replace(name="新茶杯"), "landed 51"),
        ({"name": "茶杯&茶壶"}, SHOWN_CUP._replace(name=" 茶杯&amp;茶壶"), "landed 51"),
        ({"name": "新茶杯"}, SHOWN_CUP, "not landed"),
        ({"url": "pages/a"}, SHOWN_CUP._replace(url="/pages/a.html"), "landed 51"),
        ({"priceType": 1, "price": 8900}, SHOWN_CUP._replace(price=8900), "landed 51"),
        ({"priceType": 1, "price": 8900}, SHOWN_CUP, "not landed"),
        ({"name": "新茶杯", "price": 8900}, SHOWN_CUP._replace(price=8900), "not landed"),  # half of it
        ({"cover": "sha256:new"}, SHOWN_CUP._replace(cover="https://mmbiz.qpic.cn/new"), "landed 51"),
        ({"cover": "sha256:new"}, SHOWN_CUP, "not landed"),
    ],
)
def test_an_update_by_what_shows(fields: dict[str, Value], shown: tuple[Value, ...], expected: str) -> None:
    row = entry(Verb.UPDATE, remote_id=51, fields=fields, before={"cover": SHOWN_PICTURE})
    assert words(judge([row], seen(remote(values=shown)))) == [expected]


def test_a_picture_is_told_by_the_echo_where_the_row_does_not_say_what_was_before() -> None:
    row = entry(Verb.UPDATE, remote_id=51, fields={"cover": "sha256:new"})
    changed = seen(remote(values=SHOWN_CUP._replace(cover="https://mmbiz.qpic.cn/new")))
    assert words(judge([row], changed, bound=binding())) == ["landed 51"]
    assert words(judge([row], changed)) == ["not landed"]  # not told: it may be repeated
    never_seen = binding(current=copy(echo=(None,) * 7))
    assert words(judge([row], changed, bound=never_seen)) == ["not landed"]
