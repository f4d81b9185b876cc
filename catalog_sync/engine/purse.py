"""Purse: what the running apply may still spend today, shared by its workers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from threading import Lock

from catalog_sync.core.quota import Budget


class Purse:
    """The calls left by pool. A route is paid whole before its first step, so that none is cut for want of quota; what
    a route did not use comes back. Safe for several threads."""

    def __init__(self, budget: Budget) -> None:
        self._budget = budget
        self._spent: Counter[tuple[str, date]] = Counter()
        self._empty: set[tuple[str, date]] = set()
        self._lock = Lock()

    def pay(self, cost: Mapping[str, int], day: date) -> str | None:
        """Reserve these calls for a day. Returns the pool that has no room for them, or None when they are paid."""
        with self._lock:
            for pool, count in cost.items():
                if (pool, day) in self._empty or self._left(pool, day) < count:
                    return pool
            for pool, count in cost.items():
                self._spent[pool, day] += count
            return None

    def give_back(self, cost: Mapping[str, int], day: date) -> None:
        """Return reserved calls that were not made."""
        with self._lock:
            for pool, count in cost.items():
                self._spent[pool, day] -= count

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
