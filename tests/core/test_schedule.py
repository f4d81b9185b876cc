"""Who goes first when a pool is short, and on which day (rules section 5)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from catalog_sync.core.model import AuditStatus, Item, PoolSetting
from catalog_sync.core.plan import PlannedChange
from tests.core.shop import CUP, NOW, TODAY, Shop, address, binding, catalogue, copy, item, remote, seen, values

DAY = 86400.0


def new(key: str, position: int, *, priority: int = 0, needed_by: float | None = None) -> Item:
    desired = values(key, url=f"pages/{key}")
    return item(key, desired, position=position, priority=priority, needed_by=needed_by)


def adding(*items: Item, limit: int = 2) -> Shop:
    return Shop(catalogue(*items, pools={"submit": PoolSetting(limit)}), seen())


def days(each: Shop) -> list[tuple[str, int]]:
    return [(change.key, _day(change)) for change in each.plan().changes]


def _day(change: PlannedChange) -> int:
    assert change.scheduled_for is not None
    return (change.scheduled_for - TODAY).days


def test_deadline_then_priority_then_the_catalogues_order() -> None:
    each = adding(
        new("plain-1", 0),
        new("plain-2", 1),
        new("urgent", 2, priority=5),
        new("late-show", 3, needed_by=NOW + 9 * DAY),
        new("show", 4, needed_by=NOW + 2 * DAY, priority=-7),
        new("past-show", 5, needed_by=NOW - 1),
        new("last", 6, priority=-1),
    )
    assert days(each) == [
        ("show", 0),
        ("late-show", 0),
        ("urgent", 1),
        ("plain-1", 1),
        ("plain-2", 2),
        ("past-show", 2),  # a deadline that has passed ranks as none
        ("last", 3),
    ]


def test_at_equal_positions_the_address_decides() -> None:
    assert days(adding(new("b", 0), new("a", 0), limit=1)) == [("a", 0), ("b", 1)]


def test_what_left_the_catalogue_goes_last_by_address() -> None:
    each = Shop(
        catalogue(item("kept", CUP._replace(price=9900))),
        seen(*(remote(remote_id) for remote_id in (51, 52, 53))),
        {address(key): binding(key, copy(remote_id)) for key, remote_id in (("z", 51), ("a", 52), ("kept", 53))},
    )
    assert days(each) == [("kept", 0), ("a", 0), ("z", 0)]


def test_small_routes_use_the_room_that_a_large_one_leaves() -> None:
    """A resubmission that finds no withdrawal left waits for tomorrow; an add behind it does not."""
    edited = [item(key, CUP._replace(name=key), position=at) for at, key in enumerate(("one", "two"))]
    each = Shop(
        catalogue(*edited, new("fresh", 2), pools={"withdraw": PoolSetting(1)}),
        seen(*(remote(remote_id, status=AuditStatus.IN_AUDIT) for remote_id in (51, 52))),
        {address(key): binding(key, copy(remote_id)) for key, remote_id in (("one", 51), ("two", 52))},
    )
    assert days(each) == [("one", 0), ("fresh", 0), ("two", 1)]


def test_waiting_stands_behind_what_goes_and_blocked_last() -> None:
    listed = [
        item("blocked", CUP._replace(name="新茶杯"), position=0),
        item("reviewed", position=1),
        item("dearer", CUP._replace(price=9900), position=2),
    ]
    ids = {"blocked": 51, "reviewed": 52, "dearer": 53}
    each = Shop(
        catalogue(*listed),
        seen(remote(51), remote(52, status=AuditStatus.IN_AUDIT), remote(53)),
        {address(key): binding(key, copy(remote_id)) for key, remote_id in ids.items()},
    )
    assert [(change.key, str(change.disposition)) for change in each.plan().changes] == [
        ("dearer", "ready"),
        ("reviewed", "waiting"),
        ("blocked", "blocked"),
    ]


@pytest.mark.parametrize(
    ("count", "day"), [(0, 0), (1, 0), (2, 1), (3, 1)]
)  # fmt: skip
def test_what_was_not_landed_twice_today_goes_tomorrow(count: int, day: int) -> None:
    each = replace(adding(new("cup", 0)), not_landed={(address("cup"), TODAY): count})
    assert days(each) == [("cup", day)]
    yesterday = {(address("cup"), TODAY - timedelta(days=1)): count}
    assert days(replace(each, not_landed=yesterday)) == [("cup", 0)]


def test_a_route_that_no_day_can_hold_is_blocked() -> None:
    each = Shop(catalogue(new("cup", 0), pools={"submit": PoolSetting(3, reserve=3)}), seen())
    change = each.only()
    assert (str(change.action), str(change.disposition), change.reason) == ("add", "blocked", "no_quota")
    assert change.message == (
        "No day has room for its calls: submit is limited below what one item needs. See quota:."
    )  # fmt: skip
    assert (change.steps, change.scheduled_for) == ((), None)
    assert [row.planned for row in each.plan().quota] == [0] * 7


MIDNIGHT_TOMORROW = NOW + DAY / 2


@pytest.mark.parametrize(
    ("first", "second", "late"),
    [
        (None, None, [False, False]),
        (NOW + 1, MIDNIGHT_TOMORROW, [False, False]),  # tomorrow begins just in time
        (NOW + 1, MIDNIGHT_TOMORROW - 1, [False, True]),
        (NOW - 1, None, [False, True]),  # missed already: it ranks as none, and is late
    ],
)
def test_what_will_miss_its_deadline_is_late(first: float | None, second: float | None, late: list[bool]) -> None:
    each = adding(new("a", 0, needed_by=first), new("b", 1, needed_by=second), limit=1)
    plan = each.plan()
    assert sorted(change.late for change in plan.changes) == late
    warned = [(notice.code, notice.address) for notice in plan.notices]
    assert warned == [("late", change.address) for change in plan.changes if change.late]


def test_what_waits_or_is_blocked_is_late_once_its_deadline_has_passed() -> None:
    def waiting(needed_by: float) -> bool:
        listed = item(needed_by=needed_by)
        each = Shop(catalogue(listed), seen(remote(status=AuditStatus.IN_AUDIT)), {listed.address: binding()})
        return each.only().late

    assert (waiting(NOW + 1), waiting(NOW - 1)) == (False, True)


def test_the_day_of_the_last_submission() -> None:
    assert adding(*(new(f"item-{at}", at) for at in range(5))).plan().forecast.submitted_by == TODAY + timedelta(days=2)
    assert adding().plan().forecast.submitted_by is None


def test_the_quota_of_today_and_of_every_day_that_work_falls_on() -> None:
    plan = adding(*(new(f"item-{at}", at) for at in range(5))).plan()
    rows = [((row.day - TODAY).days, row.planned, row.left) for row in plan.quota if row.pool == "submit"]
    assert rows == [(0, 2, 0), (1, 2, 0), (2, 1, 1)]
