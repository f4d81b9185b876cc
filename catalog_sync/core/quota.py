"""Pools of calls, quota days and the budget that a plan spends: a whole route on one day, or nothing."""

from __future__ import annotations

from bisect import insort
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from catalog_sync.core.model import QuotaSettings


@dataclass(frozen=True, slots=True)
class Pool:
    """Calls that the platform counts together. `limit` is the platform's own, for one quota day, `hourly` the one for
    any hour (None: it has none)."""

    name: str
    limit: int
    hourly: int | None = None


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


HOUR = 3600.0
"""Seconds that an hour's limit looks back: any hour counts, not the clock's."""


CLOCK_STEP = 1.0
"""Seconds: the platform tells its clock in whole ones, so that a call may have been made so much later than we know."""


@dataclass(slots=True)
class Hour:
    """The calls of a pool that is counted by the hour, too: at most `limit` within any hour. `times` ascend."""

    limit: int
    times: list[float]

    def room(self, count: int, earliest: float) -> float:
        """The first instant, `earliest` or later, at which so many calls more fit into the hour behind them."""
        others = self.limit - count
        return earliest if len(self.times) <= others else max(earliest, self.times[-others - 1] + HOUR + CLOCK_STEP)

    def spend(self, count: int, at: float) -> None:
        """Count calls of an instant."""
        for _ in range(count):
            insort(self.times, at)

    def give_back(self, count: int) -> None:
        """Take back calls that were not made, the newest."""
        del self.times[len(self.times) - count :]


@dataclass(frozen=True, slots=True)
class Slot:
    """When a route goes: its quota day, and the instant before which an hour's limit keeps it (None: none does)."""

    day: date
    not_before: float | None = None


@dataclass(slots=True)
class Budget:
    """What may be spent by pool, day and hour. `used` counts what is gone already (ours or the platform's count,
    whichever is larger); `recent` has the instants of the last hour's calls by pool, ascending. `resting` has the
    pools, and the calls of none, that the platform wants to rest, each with the instant until which. `now` is the
    platform's clock. `take` is the only way to spend."""

    pools: Mapping[str, Pool]
    settings: QuotaSettings
    today: date
    used: Mapping[tuple[str, date], int]
    now: float = 0.0
    recent: Mapping[str, Iterable[float]] = field(default_factory=dict)
    resting: Mapping[str, float] = field(default_factory=dict)
    hours: dict[str, Hour] = field(init=False)
    planned: Counter[tuple[str, date]] = field(default_factory=Counter)
    _full_until: dict[str, date] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.hours = {
            name: Hour(pool.hourly, sorted(self.recent.get(name, ())))
            for name, pool in self.pools.items()
            if pool.hourly is not None
        }

    def limit(self, pool: str) -> int:
        """A pool's limit a day: the catalogue's, else the platform's."""
        chosen = self.settings.pools.get(pool)
        return self.pools[pool].limit if chosen is None or chosen.limit is None else chosen.limit

    def reserve(self, pool: str) -> int:
        """What a plan never spends of a pool."""
        chosen = self.settings.pools.get(pool)
        return 0 if chosen is None else chosen.reserve

    def left(self, pool: str, day: date) -> int:
        """What may still be spent of a pool on a day; below 0 when more was spent than we may."""
        gone = self.used.get((pool, day), 0) + self.planned[pool, day]
        return self.limit(pool) - self.reserve(pool) - gone

    def fits_ever(self, cost: Mapping[str, int]) -> bool:
        """Whether a whole day and an hour could hold these calls."""
        return all(
            self.limit(pool) - self.reserve(pool) >= count
            and (pool not in self.hours or self.hours[pool].limit >= count)
            for pool, count in cost.items()
        )

    def rest(self, names: Iterable[str]) -> float:
        """Until when the platform wants these pools, or calls of none, to rest; 0 when it does not."""
        return max((self.resting.get(name, 0.0) for name in names), default=0.0)

    def take(self, cost: Mapping[str, int], earliest: date, rest: float = 0.0) -> Slot:
        """Reserve all calls of a route on the first day and hour that have room for them, `earliest` and `rest` or
        later. The caller asked `fits_ever` before: then some day has."""
        day = max([earliest, *(self._full_until.get(pool, earliest) for pool in cost)])
        while any(self.left(pool, day) < count for pool, count in cost.items()):
            self._remember_full(cost, day)
            day += timedelta(days=1)
        hourly = [(self.hours[pool], count) for pool, count in cost.items() if pool in self.hours]
        if not hourly and not rest:
            return self._spend(cost, Slot(day))
        opens = max(self.now, day_begins(day, self.settings))
        begin = max(opens, rest)
        at = max([begin, *(hour.room(count, begin) for hour, count in hourly)])
        if at >= day_begins(day + timedelta(days=1), self.settings):
            return self.take(cost, day + timedelta(days=1), rest)
        for hour, count in hourly:
            hour.spend(count, at)
        return self._spend(cost, Slot(day, at if at > opens else None))

    def _spend(self, cost: Mapping[str, int], slot: Slot) -> Slot:
        for pool, count in cost.items():
            self.planned[pool, slot.day] += count
        return slot

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
