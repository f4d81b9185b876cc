"""Purse: what the running apply may still spend today, shared by its workers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from threading import Lock
from typing import NamedTuple

from catalog_sync.core.quota import HOUR, Budget, Hour


class Short(NamedTuple):
    """A pool without room for what is to be paid: until the next hour (`hourly`), or for the rest of the day."""

    pool: str
    hourly: bool


class Purse:
    """The calls left by pool. A route is paid whole before its first step, so that none is cut for want of quota; what
    a route did not use comes back. Safe for several threads."""

    def __init__(self, budget: Budget) -> None:
        self._budget = budget
        self._spent: Counter[tuple[str, date]] = Counter()
        self._empty: set[tuple[str, date]] = set()
        self._hours = {name: Hour(hour.limit, list(hour.times)) for name, hour in budget.hours.items()}
        self._resting = dict(budget.resting)
        self._lock = Lock()

    def pay(self, cost: Mapping[str, int], day: date, now: float) -> Short | None:
        """Reserve these calls for a day and an instant of it (platform's clock). Returns the pool that has no room for
        them, or None when they are paid."""
        with self._lock:
            for pool, count in cost.items():
                if (pool, day) in self._empty or self._left(pool, day) < count:
                    return Short(pool, hourly=False)
                if not self._hour_has_room(pool, count, now):
                    return Short(pool, hourly=True)
            for pool, count in cost.items():
                self._spent[pool, day] += count
                if pool in self._hours:
                    self._hours[pool].spend(count, now)
            return None

    def _hour_has_room(self, pool: str, count: int, now: float) -> bool:
        if self._is_resting(pool, now):
            return False
        return pool not in self._hours or self._hours[pool].room(count, now) <= now

    def rest(self, name: str, now: float) -> None:
        """The platform asks for a pause: nothing more of the pool, or of a call of none, for an hour."""
        with self._lock:
            self._resting[name] = now + HOUR

    def rests(self, name: str, now: float) -> bool:
        """Whether the platform wants a pool, or a call of none, to rest."""
        with self._lock:
            return self._is_resting(name, now)

    def _is_resting(self, name: str, now: float) -> bool:
        return now < self._resting.get(name, now)

    def give_back(self, cost: Mapping[str, int], day: date) -> None:
        """Return reserved calls that were not made."""
        with self._lock:
            for pool, count in cost.items():
                self._spent[pool, day] -= count
                if pool in self._hours:
                    self._hours[pool].give_back(count)

    def empty(self, pool: str, day: date) -> int:
        """The platform called the pool empty: nothing more of it today. Returns the limit that is spent then."""
        with self._lock:
            self._empty.add((pool, day))
            return self._budget.limit(pool)

    def left(self) -> dict[tuple[str, date], int]:
        """What is left of each pool that was paid from, by day."""
        with self._lock:
            return {key: 0 if key in self._empty else max(0, self._left(*key)) for key in sorted(self._spent)}

    def _left(self, pool: str, day: date) -> int:
        return self._budget.left(pool, day) - self._spent[pool, day]
