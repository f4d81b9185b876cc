"""Quota (rules section 5): a whole route on one day or nothing, who goes first, what is left for another day."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from .calls import NAME, audit, delete, update, withdraw
from .shop import APPROVED, IN_AUDIT, REJECTED, UNAUDITED, Planned, Shop

BEIJING = timedelta(hours=8)


@pytest.fixture
def noon(shop: Shop) -> datetime:
    """Let it be noon in Beijing, so that no quota day ends within a test; give that moment."""
    shop.tells_counts()
    now = shop.now()
    wait = (now.replace(hour=4, minute=0, second=0, microsecond=0) - now) % timedelta(days=1)
    shop.clock(f"{wait.total_seconds():.0f}s")
    return shop.now()


def days(made: Planned, noon: datetime) -> dict[str, int]:
    """On which day each change goes: 0 is today."""
    today = (noon + BEIJING).date()
    return {
        change.key: ((change.scheduled_for or date.max) - today).days
        for change in made.plan.changes
        if change.disposition in ("ready", "deferred")
    }


def in_hours(noon: datetime, hours: float) -> str:
    """A deadline, so many hours after noon."""
    return (noon + timedelta(hours=hours)).isoformat(timespec="seconds")


def test_a_short_pool__the_rest_on_the_days_that_follow(shop: Shop, noon: datetime) -> None:
    shop.lists_many(5)
    shop.says(quota={"submit": {"limit": 2}})
    made = shop.plan()
    assert days(made, noon) == {"item-1": 0, "item-2": 0, "item-3": 1, "item-4": 1, "item-5": 2}
    assert made.of("item-3") == "add deferred new"
    assert made.summary == {"add": 2, "ready": 2, "deferred": 3}
    assert not made.plan.complete
    assert made.document["forecast"]["submitted_by"] == ((noon + BEIJING).date() + timedelta(days=2)).isoformat()
    submit = [row for row in made.document["quota"] if row["pool"] == "submit"]
    assert [(row["limit"], row["used"], row["planned"], row["left"]) for row in submit] == [
        (2, 0, 2, 0),
        (2, 0, 2, 0),
        (2, 0, 1, 1),
    ]


def test_a_short_pool__day_by_day(shop: Shop, noon: datetime) -> None:
    shop.lists_many(5)
    shop.says(quota={"submit": {"limit": 2}})
    for sent in (["upload", "add", "add"], ["add", "add"], ["add"]):
        shop.apply()
        assert shop.called() == sent
        shop.rests()
        shop.clock("24h")
    assert shop.bound_to() == {f"item-{number}": 50 + number for number in range(1, 6)}


def test_what_was_spent_today_is_gone(shop: Shop, noon: datetime) -> None:
    shop.lists()
    shop.says(quota={"submit": {"limit": 2}})
    shop.apply()
    shop.lists_many(2)
    made = shop.plan()
    assert days(made, noon) == {"item-1": 0, "item-2": 1}


def test_a_refused_call_uses_quota(shop: Shop, noon: datetime) -> None:
    shop.lists()
    shop.says(quota={"submit": {"limit": 2}})
    shop.fault("add", "errcode", code=300004)
    shop.apply()
    shop.lists_many(2)
    assert days(shop.plan(), noon) == {"item-1": 0, "item-2": 1}


def test_the_reserve_is_never_spent(shop: Shop, noon: datetime) -> None:
    shop.lists_many(3)
    shop.says(quota={"submit": {"limit": 5, "reserve": 4}})
    assert days(shop.plan(), noon) == {"item-1": 0, "item-2": 1, "item-3": 2}
    shop.apply()
    assert shop.called() == ["upload", "add"]
    shop.rests()


def test_who_goes_first(shop: Shop, noon: datetime) -> None:
    shop.says(quota={"submit": {"limit": 1}})
    shop.lists("last", name="茶具 最后")
    shop.lists("next-in-the-file", name="茶具 其次")
    shop.lists("low", name="茶具 低", priority=-1)
    shop.lists("passed", name="茶具 过期", needed_by=in_hours(noon, -1))  # as if it had none
    shop.lists("high", name="茶具 高", priority=5)
    shop.lists("higher", name="茶具 更高", priority=9)
    shop.lists("late-show", name="茶具 晚场", needed_by=in_hours(noon, 200))
    shop.lists("early-show", name="茶具 早场", needed_by=in_hours(noon, 100), priority=-9)
    assert days(shop.plan(), noon) == {
        "early-show": 0,
        "late-show": 1,
        "higher": 2,
        "high": 3,
        "last": 4,
        "next-in-the-file": 5,
        "passed": 6,
        "low": 7,
    }


def test_deletes_come_after_what_the_catalogue_lists_and_by_address(shop: Shop, noon: datetime) -> None:
    shop.lists_many(4)
    shop.bound(APPROVED)
    shop.says(quota={"delete": {"limit": 1}})
    shop.drops("item-2", "item-1")
    shop.lists("item-4", name="茶具 新", locked_change="replace")
    assert days(shop.plan(), noon) == {"item-4": 0, "item-1": 1, "item-2": 2}


def test_never_withdraw_what_cannot_be_resubmitted_today(shop: Shop, noon: datetime) -> None:
    shop.lists()
    shop.bound(IN_AUDIT)
    shop.says(quota={"submit": {"limit": 1}})
    shop.lists(**NAME)
    made = shop.apply()
    assert made.of() == "resubmit deferred content_changed"
    assert days(made, noon) == {"mug": 1}
    assert shop.calls() == []
    shop.clock("24h")
    shop.apply()
    assert shop.calls() == [withdraw(), update(**NAME), audit()]


def test_never_delete_for_a_replacement_that_cannot_be_added_today(shop: Shop, noon: datetime) -> None:
    shop.lists()
    shop.bound(APPROVED)
    shop.says(quota={"submit": {"limit": 1}}, policy={"locked_change": "replace"})
    shop.lists(**NAME)
    assert shop.apply().of() == "replace deferred content_changed"
    assert shop.calls() == []
    assert days(shop.plan(), noon) == {"mug": 1}


def test_never_add_a_replacement_whose_old_item_cannot_be_deleted_today(shop: Shop, noon: datetime) -> None:
    shop.lists_many(2)
    shop.bound(APPROVED)
    shop.says(quota={"delete": {"limit": 1}}, policy={"locked_change": "replace"})
    for key in ("item-1", "item-2"):
        shop.lists(key, name=f"新茶具 {key}")
    assert days(shop.apply(), noon) == {"item-1": 0, "item-2": 1}
    assert shop.called() == ["add", "delete"]
    shop.rests()


def test_another_pool_does_not_wait(shop: Shop, noon: datetime) -> None:
    shop.lists_many(2)
    shop.bound(APPROVED)
    shop.says(quota={"submit": {"limit": 2}})
    shop.lists("new", name="新茶具")
    shop.lists("item-1", price="89")
    shop.drops("item-2")
    made = shop.apply()
    assert days(made, noon) == {"item-1": 0, "item-2": 0, "new": 1}
    assert shop.calls() == [update(priceType=1, price=89.0), delete(52)]


def test_a_withdrawal_gives_no_submission_back(shop: Shop, noon: datetime) -> None:
    shop.lists()
    shop.bound(IN_AUDIT)
    shop.says(quota={"submit": {"limit": 2}})
    shop.lists(**NAME)
    shop.apply()
    assert shop.called() == ["withdraw", "update", "audit"]
    shop.lists("other", name="另一个")
    assert days(shop.plan(), noon) == {"other": 1}


def test_no_day_has_room__blocked(shop: Shop) -> None:
    """Both items of a replacement that was cut short are deleted on one day, or none is."""
    shop.lists()
    shop.lists("other", name="另一个")
    shop.bound(APPROVED)
    shop.lists(**NAME, locked_change="replace")
    shop.fault("delete", "errcode", code=43001)
    shop.apply()
    shop.verdict("approve")
    shop.drops("mug")
    shop.calls()
    shop.says(quota={"delete": {"limit": 1}})
    assert shop.apply().of() == "delete blocked no_quota"
    assert shop.calls() == []
    shop.says(quota={"delete": {"limit": 2}})
    shop.clock("24h")
    assert shop.apply().of() == "delete ready not_in_catalogue"
    assert shop.calls() == [delete(53), delete(51)]


def test_the_platform_counts_more_than_we_do__it_is_believed(shop: Shop, noon: datetime) -> None:
    shop.lists_many(3)
    shop.says(quota={"submit": {"limit": 4}})
    shop.somebody_spends("add", 3)
    assert days(shop.plan(), noon) == {"item-1": 0, "item-2": 1, "item-3": 1}


def test_the_platform_counts_less_than_we_do__it_is_not_believed(shop: Shop, noon: datetime) -> None:
    shop.settings(quota_get="always_zero")
    shop.lists()
    shop.says(quota={"submit": {"limit": 1}})
    shop.apply()
    shop.lists("other", name="另一个")
    assert days(shop.plan(), noon) == {"other": 1}


def test_the_platform_says_in_the_middle_that_the_pool_is_empty(shop: Shop, noon: datetime) -> None:
    shop.settings(limits={"submit": 2}, quota_get="refused")
    shop.lists_many(4)
    made = shop.apply()
    assert shop.called() == ["upload", "add", "add", "add"]
    assert [result.outcome for result in made.result.results] == ["applied", "applied", "skipped", "skipped"]
    assert [result.error.code for result in made.result.results if result.error] == ["quota_exhausted"] * 2
    assert made.result.summary == {"applied": 2, "failed": 0, "in_doubt": 0, "skipped": 2, "remaining": 4}
    assert days(shop.plan(), noon) == {"item-3": 1, "item-4": 1}
    shop.rests()
    shop.clock("24h")
    shop.apply()
    assert shop.called() == ["add", "add"]


def test_late(shop: Shop, noon: datetime) -> None:
    shop.says(quota={"submit": {"limit": 1}})
    shop.lists("first", name="茶具 一", needed_by=in_hours(noon, 1))
    shop.lists("second", name="茶具 二", needed_by=in_hours(noon, 11))
    shop.lists("third", name="茶具 三", needed_by=in_hours(noon, 37))
    shop.lists("passed", name="茶具 四", needed_by=in_hours(noon, -1))
    made = shop.plan()
    assert days(made, noon) == {"first": 0, "second": 1, "third": 2, "passed": 3}
    assert {change.key: change.late for change in made.plan.changes} == {
        "first": False,
        "second": True,  # its day begins at midnight, an hour after it was needed
        "third": False,
        "passed": True,
    }
    assert made.notices == [("late", "goods.second"), ("late", "goods.passed")]


def test_late_is_what_is_held_past_its_deadline_too(shop: Shop, noon: datetime) -> None:
    shop.lists()
    shop.bound(REJECTED)
    shop.lists(needed_by=in_hours(noon, -1))
    made = shop.plan()
    assert made.of() == "resubmit blocked rejected"
    assert made.notices == [("late", "goods.mug")]


def test_the_quota_day_starts_when_the_catalogue_says(shop: Shop, noon: datetime) -> None:
    shop.says(quota={"submit": {"limit": 1}, "day_starts": "13:00"})
    shop.lists_many(2)
    made = shop.plan()
    assert days(made, noon) == {"item-1": -1, "item-2": 0}  # before 13:00 it is still yesterday


def test_an_item_on_the_way_is_not_counted_twice(shop: Shop, noon: datetime) -> None:
    shop.lists()
    shop.bound(UNAUDITED)
    shop.says(quota={"update": {"limit": 1}, "submit": {"limit": 2}})
    shop.lists(**NAME)
    shop.lists("other", name="另一个")
    assert days(shop.plan(), noon) == {"mug": 0, "other": 1}
