"""Pools of calls, quota days and the budget that a plan spends: a whole route on one day, or nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from catalog_sync.core.model import PoolSetting, QuotaSettings


@dataclass(frozen=True, slots=True)
class Pool:
    """Calls that the platform counts together. `limit` is the platform's own, for one quota day."""

    name: str
    limit: int


def quota_day(instant: float, settings: QuotaSettings) -> date:
    """The quota day of an instant (platform's clock).

    Unverified: no page tells when the daily quota starts anew; midnight in Beijing is assumed, and the
    catalogue's `quota.day_starts` and `quota.timezone` change it. Checked 2026-11-21.
    """
    return (datetime.fromtimestamp(instant, settings.zone) - timedelta(seconds=settings.day_starts)).date()


def day_begins(day: date, settings: QuotaSettings) -> float:
    """The instant at which a quota day begins."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=settings.zone)
    return (midnight + timedelta(seconds=settings.day_starts)).timestamp()


@dataclass(frozen=True, slots=True)
class PoolDay:
    """One pool on one day, as the plan document shows it; `left` = limit - reserve - used - planned."""

    pool: str
    day: date
    limit: int
    used: int
    reserve: int
    planned: int

    @property
    def left(self) -> int:
        """What may still be spent; 0 when more was spent than we may."""
        return max(0, self.limit - self.reserve - self.used - self.planned)


@dataclass(slots=True)
class Budget:
    """What may be spent by pool and day. `used` counts what is gone already (ours or the platform's count, whichever
    is larger). `take` is the only way to spend."""

    pools: Mapping[str, Pool]
    settings: Mapping[str, PoolSetting]
    today: date
    used: Mapping[tuple[str, date], int]
    planned: Counter[tuple[str, date]] = field(default_factory=Counter)
    _full_until: dict[str, date] = field(default_factory=dict)

    def limit(self, pool: str) -> int:
        """A pool's limit a day: the catalogue's, else the platform's."""
        chosen = self.settings.get(pool)
        return self.pools[pool].limit if chosen is None or chosen.limit is None else chosen.limit

    def reserve(self, pool: str) -> int:
        """What a plan never spends of a pool."""
        chosen = self.settings.get(pool)
        return 0 if chosen is None else chosen.reserve

    def left(self, pool: str, day: date) -> int:
        """What may still be spent of a pool on a day; below 0 when more was spent than we may."""
        gone = self.used.get((pool, day), 0) + self.planned[pool, day]
        return self.limit(pool) - self.reserve(pool) - gone

    def fits_ever(self, cost: Mapping[str, int]) -> bool:
        """Whether a whole day could hold these calls."""
        return all(self.limit(pool) - self.reserve(pool) >= count for pool, count in cost.items())

    def take(self, cost: Mapping[str, int], earliest: date) -> date:
        """Reserve all calls of a route on the first day that has room for them, `earliest` or later. The caller
        asked `fits_ever` before: then some day has."""
        day = max([earliest, *(self._full_until.get(pool, earliest) for pool in cost)])
        while any(self.left(pool, day) < count for pool, count in cost.items()):
            self._remember_full(cost, day)
            day += timedelta(days=1)
        for pool, count in cost.items():
            self.planned[pool, day] += count
        return day

    def _remember_full(self, cost: Mapping[str, int], day: date) -> None:
        """A pool without a single call left makes later searches start behind its full days."""
        for pool in cost:
            if self.left(pool, day) <= 0 and self._full_until.get(pool, self.today) == day:
                self._full_until[pool] = day + timedelta(days=1)

    def table(self, days: Iterable[date]) -> tuple[PoolDay, ...]:
        """Every pool of these days, in the pools' order."""
        return tuple(
            PoolDay(
                name, day, self.limit(name), self.used.get((name, day), 0), self.reserve(name), self.planned[name, day]
            )
            for day in days
            for name in self.pools
        )
