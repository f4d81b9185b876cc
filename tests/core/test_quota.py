"""Quota days and the budget (rules section 5): a whole route on one day, or nothing."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from catalog_sync.core.model import PoolSetting, QuotaSettings
from catalog_sync.core.quota import Budget, Pool, PoolDay, day_begins, quota_day
from tests.core.shop import BEIJING, TODAY

POOLS = {pool.name: pool for pool in (Pool("submit", 5), Pool("withdraw", 2), Pool("delete", 3))}
MIDNIGHT = QuotaSettings({}, BEIJING)
FIVE_AT_MORNING = QuotaSettings({}, BEIJING, 5 * 3600)


def instant(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


@pytest.mark.parametrize(
    ("when", "settings", "day"),
    [
        ("2026-11-21T15:59:59.999+00:00", MIDNIGHT, "2026-11-21"),
        ("2026-11-21T16:00:00+00:00", MIDNIGHT, "2026-11-22"),
        ("2026-11-21T23:59:59+08:00", MIDNIGHT, "2026-11-21"),
        ("2026-11-22T00:00:00+08:00", MIDNIGHT, "2026-11-22"),
        ("2026-11-22T04:59:59+08:00", FIVE_AT_MORNING, "2026-11-21"),
        ("2026-11-22T05:00:00+08:00", FIVE_AT_MORNING, "2026-11-22"),
        ("2026-11-22T00:00:00+00:00", QuotaSettings({}, ZoneInfo("UTC")), "2026-11-22"),
        ("2026-12-31T16:00:00+00:00", MIDNIGHT, "2027-01-01"),
    ],
)
def test_the_day_of_an_instant(when: str, settings: QuotaSettings, day: str) -> None:
    assert quota_day(instant(when), settings) == date.fromisoformat(day)


@pytest.mark.parametrize(
    ("day", "settings", "begins"),
    [
        ("2026-11-22", MIDNIGHT, "2026-11-21T16:00:00+00:00"),
        ("2026-11-22", FIVE_AT_MORNING, "2026-11-22T05:00:00+08:00"),
        # the clocks of Berlin go back that night: five on the clock is six hours after midnight
        ("2026-10-25", QuotaSettings({}, ZoneInfo("Europe/Berlin"), 5 * 3600), "2026-10-25T05:00:00+01:00"),
    ],
)
def test_the_instant_at_which_a_day_begins(day: str, settings: QuotaSettings, begins: str) -> None:
    start = day_begins(date.fromisoformat(day), settings)
    assert start == instant(begins)
    assert quota_day(start, settings) == date.fromisoformat(day)
    assert quota_day(start - 1, settings) == date.fromisoformat(day) - timedelta(days=1)


def budget(used: dict[tuple[str, date], int] | None = None, **settings: PoolSetting) -> Budget:
    return Budget(POOLS, QuotaSettings(settings, BEIJING), TODAY, used or {})


def days(budget: Budget, *costs: dict[str, int], earliest: date = TODAY) -> list[int]:
    """On which day, counted from today, each route goes."""
    return [(budget.take(cost, earliest).day - TODAY).days for cost in costs]


ADD = {"submit": 1}
RESUBMIT = {"withdraw": 1, "submit": 1}


def test_routes_fill_one_day_after_the_other() -> None:
    assert days(budget(), *[ADD] * 12) == [0] * 5 + [1] * 5 + [2] * 2


def test_a_route_waits_for_all_its_pools_together() -> None:
    spent = budget()
    assert days(spent, RESUBMIT, RESUBMIT, RESUBMIT, ADD) == [0, 0, 1, 0]
    assert spent.planned == {
        ("submit", TODAY): 3,
        ("withdraw", TODAY): 2,
        ("submit", TODAY + timedelta(1)): 1,
        ("withdraw", TODAY + timedelta(1)): 1,
    }


def test_a_large_route_does_not_fill_the_rest_of_a_day() -> None:
    assert days(budget(), {"submit": 4}, {"submit": 2}, ADD, ADD) == [0, 1, 0, 1]


def test_what_is_gone_today_is_not_gone_tomorrow() -> None:
    assert days(budget({("submit", TODAY): 4}), *[ADD] * 3) == [0, 1, 1]
    assert days(budget({("submit", TODAY): 99}), *[ADD] * 2) == [1, 1]


def test_a_reserve_is_never_spent() -> None:
    assert days(budget(submit=PoolSetting(reserve=3)), *[ADD] * 4) == [0, 0, 1, 1]


def test_the_catalogue_sets_a_limit() -> None:
    assert days(budget(submit=PoolSetting(limit=1)), *[ADD] * 3) == [0, 1, 2]


def test_a_route_that_may_not_go_today() -> None:
    spent = budget()
    assert days(spent, ADD, earliest=TODAY + timedelta(1)) == [1]
    assert days(spent, *[ADD] * 10) == [0] * 5 + [1] * 4 + [2]


def test_a_full_tomorrow_does_not_hide_today() -> None:
    spent = budget()
    assert days(spent, *[ADD] * 5, earliest=TODAY + timedelta(1)) == [1] * 5
    assert days(spent, *[ADD] * 6) == [0] * 5 + [2]


def test_a_route_without_calls_goes_at_once() -> None:
    assert days(budget({("submit", TODAY): 99}), {}) == [0]


@pytest.mark.parametrize(
    ("cost", "setting", "fits"),
    [
        ({"submit": 5}, PoolSetting(), True),
        ({"submit": 6}, PoolSetting(), False),
        ({"submit": 1}, PoolSetting(limit=2, reserve=1), True),
        ({"submit": 1}, PoolSetting(limit=2, reserve=2), False),
        ({"submit": 1, "delete": 4}, PoolSetting(), False),
        ({}, PoolSetting(limit=0), True),
    ],
)
def test_whether_any_day_can_hold_a_route(cost: dict[str, int], setting: PoolSetting, fits: bool) -> None:
    assert budget(submit=setting).fits_ever(cost) is fits


def test_the_table_shows_every_pool_of_each_day() -> None:
    spent = budget({("submit", TODAY): 1}, submit=PoolSetting(limit=4, reserve=1))
    days(spent, ADD, RESUBMIT)
    assert spent.table([TODAY]) == (
        PoolDay("submit", TODAY, 4, 1, 1, 2),
        PoolDay("withdraw", TODAY, 2, 0, 0, 1),
        PoolDay("delete", TODAY, 3, 0, 0, 0),
    )
    assert [row.left for row in spent.table([TODAY])] == [0, 1, 3]


def test_what_is_left_is_never_less_than_nothing() -> None:
    assert PoolDay("submit", TODAY, 500, 512, 10, 0).left == 0
