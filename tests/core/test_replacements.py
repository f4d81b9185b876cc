"""Replacements (rules section 3a) and what of an edit is held back beside what goes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from catalog_sync.core.guard import Hazard
from catalog_sync.core.model import AuditStatus, InAudit, LockedChange, MaxDeletes, Rules
from catalog_sync.providers.live_goods.policy import REJECTED_LOCKED
from tests.core.shop import (
    CUP,
    NOW,
    SHOWN_CUP,
    Shop,
    address,
    binding,
    calls,
    catalogue,
    copy,
    item,
    remote,
    seen,
    shop,
    shown,
    verdict,
)

UNAUDITED, IN_AUDIT = AuditStatus.UNAUDITED, AuditStatus.IN_AUDIT
APPROVED, REJECTED = AuditStatus.APPROVED, AuditStatus.REJECTED
NEW = CUP._replace(name="新茶杯")
DEARER = NEW._replace(price=9990)
THIRD = CUP._replace(name="第三茶杯")
AFTER = Rules(locked_change=LockedChange.REPLACE_AFTER_APPROVAL)
AT_ONCE = Rules(locked_change=LockedChange.REPLACE)


def replacing(
    desired: tuple[object, ...] = NEW,
    *,
    old: AuditStatus | None = APPROVED,
    new: AuditStatus | None = IN_AUDIT,
    rules: Rules = AFTER,
    absent: tuple[int, ...] = (),
    **more: object,
) -> Shop:
    """Item 51 is bound, and 52 is to replace it; a status of None: it is not shown."""
    statuses = {51: (old, CUP), 52: (new, NEW)}
    there = [remote(number, shown(sent), status) for number, (status, sent) in statuses.items() if status is not None]
    wanted = item(desired=desired, protect=bool(more.pop("protect", False)))  # type: ignore[arg-type]
    both = binding(successor=copy(52, NEW, audit_id=7002))
    made = shop(wanted, both, there, rules=rules, **more)
    return replace(made, seen=replace(made.seen, absent=frozenset(absent)))


def row(each: Shop) -> tuple[str, str]:
    change = each.only()
    return verdict(change), calls(change)


@pytest.mark.parametrize(
    ("rules", "route"), [(AFTER, "upload add'"), (AT_ONCE, "upload add' delete")], ids=["after approval", "at once"]
)
def test_a_replacement_begins(rules: Rules, route: str) -> None:
    each = shop(item(desired=NEW), binding(), remote(), rules=rules)
    assert row(each) == ("replace ready content_changed", route)
    protected = shop(item(desired=NEW, protect=True), binding(), remote(), rules=rules)
    assert row(protected) == ("replace blocked protected", "")


@pytest.mark.parametrize(
    ("new", "desired", "rules", "expected"),
    [
        (IN_AUDIT, NEW, AFTER, ("replace waiting under_review", "")),
        (UNAUDITED, NEW, AFTER, ("resubmit ready unaudited", "audit'")),
        (REJECTED, NEW, AFTER, ("resubmit blocked rejected", "")),
        (APPROVED, NEW, AFTER, ("delete ready superseded", "delete")),
        # content edits act on the successor, by its own row
        (IN_AUDIT, THIRD, AFTER, ("resubmit ready content_changed", "withdraw' update' audit'")),
        (UNAUDITED, THIRD, AFTER, ("resubmit ready content_changed", "update' audit'")),
        (REJECTED, THIRD, AFTER, ("resubmit ready content_changed", "update' audit'")),
        (APPROVED, THIRD, AFTER, ("delete ready superseded", "delete")),
        # price edits act on both
        (IN_AUDIT, DEARER, AFTER, ("update ready price_changed", "update")),
        (UNAUDITED, DEARER, AFTER, ("resubmit ready price_changed", "update update' audit'")),
        (REJECTED, DEARER, AFTER, ("resubmit ready price_changed", "update update' audit'")),
        # the catalogue went back
        (IN_AUDIT, CUP, AFTER, ("delete ready replacement_dropped", "withdraw' delete'")),
        (REJECTED, CUP, AFTER, ("delete ready replacement_dropped", "delete'")),
        (APPROVED, CUP, AFTER, ("delete ready replacement_dropped", "delete'")),
        (IN_AUDIT, CUP._replace(price=1), AFTER, ("delete ready replacement_dropped", "withdraw' delete'")),
        # with `replace` the old one goes with the next plan, whatever the new one is
        (IN_AUDIT, NEW, AT_ONCE, ("delete ready superseded", "delete")),
        (REJECTED, NEW, AT_ONCE, ("delete ready superseded", "delete")),
        (IN_AUDIT, CUP, AT_ONCE, ("delete ready replacement_dropped", "withdraw' delete'")),
    ],
)
def test_a_replacement_goes_on(
    new: AuditStatus, desired: tuple[object, ...], rules: Rules, expected: tuple[str, str]
) -> None:
    assert row(replacing(desired, new=new, rules=rules)) == expected


def test_while_the_new_item_waits_for_its_price_the_old_one_has_it() -> None:
    change = replacing(DEARER).only()
    assert [step.fields for step in change.steps] == [("priceType", "price")]
    assert [(held.fields, held.reason) for held in change.held] == [
        (("priceType", "price", "price2"), "price_under_review")
    ]


def test_an_old_item_that_is_not_on_sale_is_not_kept() -> None:
    """The fallback of rejected goods, broken off between its add and its delete."""
    each = replacing(old=REJECTED)
    assert row(each) == ("delete ready superseded", "delete")


@pytest.mark.parametrize("protected", [False, True])
def test_under_the_fallback_a_rejected_successor_is_deleted_then_added(protected: bool) -> None:
    each = replacing(THIRD, new=REJECTED, facts=frozenset({REJECTED_LOCKED}), protect=protected)
    expected = ("resubmit blocked protected", "") if protected else (
        "resubmit ready content_changed",
        "upload delete' add'",
    )  # fmt: skip
    assert row(each) == expected


def test_protect_keeps_the_old_item_and_says_so() -> None:
    change = replacing(new=APPROVED, protect=True).only()
    assert verdict(change) == "delete blocked protected"
    assert change.message == "protect: true keeps the old item beside the new one."


@pytest.mark.parametrize(
    ("old", "new", "absent", "expected"),
    [
        (None, APPROVED, (51,), None),  # the successor is the current now, and stands equal
        (None, IN_AUDIT, (51,), ("unchanged waiting under_review", "")),
        (APPROVED, None, (52,), ("replace ready content_changed", "upload add'")),
        (None, None, (51, 52), ("add ready lost_remotely", "upload add")),
        (None, APPROVED, (), ("replace blocked observation_incomplete", "")),
        (APPROVED, None, (), ("replace blocked observation_incomplete", "")),
        (None, None, (51,), ("add blocked observation_incomplete", "")),
    ],
)
def test_an_item_of_a_replacement_is_lost(
    old: AuditStatus | None, new: AuditStatus | None, absent: tuple[int, ...], expected: tuple[str, str] | None
) -> None:
    each = replacing(old=old, new=new, absent=absent)
    if expected is None:
        assert each.plan().changes == ()
    else:
        assert row(each) == expected


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (APPROVED, IN_AUDIT, ("delete ready not_in_catalogue", "withdraw' delete' delete")),
        (APPROVED, APPROVED, ("delete ready not_in_catalogue", "delete' delete")),
        (APPROVED, None, ("delete blocked observation_incomplete", "")),
    ],
)
def test_the_key_left_the_catalogue(old: AuditStatus, new: AuditStatus | None, expected: tuple[str, str]) -> None:
    each = replacing(old=old, new=new)
    assert row(replace(each, catalogue=catalogue(rules=AFTER))) == expected


@pytest.mark.parametrize("audit_id", [7002, None])
@pytest.mark.parametrize("in_audit", list(InAudit))
def test_a_successor_under_review_is_dropped_as_policy_in_audit_has_it(in_audit: InAudit, audit_id: int | None) -> None:
    each = replacing(CUP, rules=replace(AFTER, in_audit=in_audit))
    bound = binding(successor=copy(52, NEW, audit_id=audit_id))
    expected = ("delete ready replacement_dropped", "withdraw' delete'")
    if in_audit is InAudit.WAIT:
        expected = ("delete waiting under_review", "")
    elif audit_id is None:
        expected = ("delete waiting audit_id_unknown", "")
    assert row(replace(each, bindings={bound.address: bound})) == expected


def test_deletes_count_when_they_come_and_the_fallback_never() -> None:
    none = MaxDeletes(0, None)
    assert shop(item(desired=NEW), binding(), remote(), rules=AFTER).choosing(max_deletes=none).plan().applyable
    superseded = replacing(new=APPROVED).choosing(max_deletes=none).plan()
    assert superseded.hazards == (
        Hazard(
            "too_many_deletes",
            "1 of 1 bound goods would be deleted or replaced; 0 are allowed.",
            1,
            0,
            "if it is meant: --max-deletes 1",
        ),
    )
    fallback = shop(item(desired=NEW), binding(), remote(status=REJECTED), facts=frozenset({REJECTED_LOCKED}))
    assert row(fallback) == ("resubmit ready content_changed", "upload add' delete")
    assert fallback.choosing(max_deletes=none).plan().applyable
    assert replacing(old=REJECTED).choosing(max_deletes=none).plan().applyable


def held(each: Shop) -> list[tuple[tuple[str, ...], str]]:
    return [(part.fields, part.reason) for part in each.only().held]


def test_drift_and_what_was_not_taken_are_held_while_the_price_goes() -> None:
    observed = SHOWN_CUP._replace(name="别人改的", url="pages/before")
    untaken = copy(
        echo=SHOWN_CUP._replace(url=None),  # type: ignore[arg-type]
        replaced=(None, None, "pages/before", None, None, None, None),
        written_at=NOW - 60,
    )
    each = shop(item(desired=CUP._replace(price=9900)), binding(current=untaken), remote(values=observed))
    assert row(each) == ("update ready price_changed", "update")
    assert held(each) == [(("name",), "drifted"), (("url",), "not_taken")]
    both = replace(each, catalogue=catalogue(item(desired=CUP._replace(price=9900, thirdPartyAppid="wx1"))))
    assert held(both) == [
        (("thirdPartyAppid",), "locked_when_approved"),
        (("name",), "drifted"),
        (("url",), "not_taken"),
    ]
    assert not both.plan().complete  # fmt: skip


@pytest.mark.parametrize("status", [UNAUDITED, REJECTED])
def test_what_was_not_taken_is_not_sent_again_beside_an_edit(status: AuditStatus) -> None:
    untaken = copy(
        echo=SHOWN_CUP._replace(url=None),  # type: ignore[arg-type]
        replaced=(None, None, "pages/before", None, None, None, None),
        written_at=NOW - 60,
    )
    observed = remote(values=SHOWN_CUP._replace(url="pages/before"), status=status)
    each = shop(item(desired=NEW), binding(current=untaken), observed)
    assert [step.fields for step in each.only().steps] == [("name",), ()]
    assert held(each) == [(("url",), "not_taken")]
    insisted = each.choosing(resubmit=(address("cup"),))
    assert [step.fields for step in insisted.only().steps] == [("name", "url"), ()]
    assert held(insisted) == []


def test_rejected_goods_are_submitted_as_they_are_when_asked() -> None:
    each = shop(item(), binding(), remote(status=REJECTED))
    assert row(each) == ("resubmit blocked rejected", "")
    assert row(each.choosing(resubmit=(address("cup"),))) == ("resubmit ready resubmit_asked", "update audit")


def test_nothing_of_a_replacement_is_lost_from_sight() -> None:
    """The digest of a change covers the successor, too."""
    one = replacing(THIRD)
    other = binding(successor=copy(53, NEW, audit_id=7002))
    moved = replace(
        one, bindings={other.address: other}, seen=seen(remote(), remote(53, shown(NEW), IN_AUDIT))
    )  # fmt: skip
    assert row(one) == row(moved)
    assert one.only().digest != moved.only().digest
