"""Daily numbers: calls counted in pools, a day at a time.

A pool is a set of calls with one limit. DOC (pages of the calls): the numbers. The moment of the reset is nowhere
stated: midnight in Beijing is an inference, and a setting.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from catalog_sync.emulator.clock import day_of, month_of
from catalog_sync.emulator.errors import Refusal
from catalog_sync.emulator.settings import Settings

CLEARS_A_MONTH = 10


@dataclass(frozen=True, slots=True)
class Used:
    """The count of one counter on one day, as a row of the store."""

    count: int


class Quota:
    """What one app has used, by day, of each pool and on each path."""

    def __init__(self, pools: Mapping[str, int], pool_of_path: Mapping[str, str], settings: Settings) -> None:
        self._pools = pools
        self.pool_of_path = pool_of_path
        self._settings = settings
        self.used: dict[str, dict[str, int]] = {}
        self._minute: dict[str, tuple[int, int]] = {}
        self._changed: set[tuple[str, str]] = set()

    def day(self, now: float) -> str:
        """Name the quota day."""
        return day_of(now, self._settings["quota_day_offset_hours"])

    def limit(self, pool: str) -> int:
        """Calls a day of this pool."""
        return int(self._settings["limits"].get(pool, self._pools[pool]))

    def used_on(self, day: str, counter: str) -> int:
        """Tell what a pool or a path used on a day."""
        return self.used.get(day, {}).get(counter, 0)

    def refuse_unless_room(self, pool: str, now: float) -> None:
        """Raise the platform's refusal when the day or the minute of this pool is used up."""
        if self.used_on(self.day(now), pool) >= self.limit(pool):
            raise exhausted(pool, self._settings)
        limit = self._settings["minute_limits"].get(pool)
        minute, count = self._minute.get(pool, (0, 0))
        count = count + 1 if minute == int(now // 60) else 1
        if limit is not None and count > limit:
            raise too_frequent()
        self._minute[pool] = (int(now // 60), count)

    def charge(self, pool: str, path: str, now: float) -> None:
        """Count one call."""
        day = self.day(now)
        today = self.used.setdefault(day, {})
        for counter in {pool, path}:
            today[counter] = today.get(counter, 0) + 1
            self._changed.add((day, counter))

    def clear(self, now: float) -> None:
        """Give today's numbers back; 48006 after ten times a month (DOC, clear_quota page)."""
        month = self.used.setdefault(month_of(now), {})
        if month.get("clear_quota", 0) >= CLEARS_A_MONTH:
            raise Refusal(48006, "forbid to clear quota because of reaching the limit")
        month["clear_quota"] = month.get("clear_quota", 0) + 1
        self._changed.add((month_of(now), "clear_quota"))
        day = self.day(now)
        self._changed.update((day, counter) for counter in self.used.get(day, {}))
        self.used[day] = dict.fromkeys(self.used.get(day, {}), 0)

    def drain(self) -> Iterator[tuple[str, str, "Used"]]:
        """Give the counters that changed since the last time: day (or month), name, count."""
        changed, self._changed = self._changed, set()
        return ((day, counter, Used(self.used[day][counter])) for day, counter in changed)

    def restore(self, day: str, counter: str, count: int) -> None:
        """Take back a counter of an earlier run."""
        self.used.setdefault(day, {})[counter] = count

    def as_json(self) -> dict[str, dict[str, int]]:
        """Give what was used, by day and pool."""
        return {
            day: {pool: count for pool, count in used.items() if pool in self._pools}
            for day, used in sorted(self.used.items())
            if len(day) == len("2026-11-21")
        }


def exhausted(pool: str, settings: Settings) -> Refusal:
    """Say that a pool is empty: 300012 for submissions (DOC), a setting for the rest (unknown)."""
    if pool == "submit":
        return Refusal(300012, "no quota for submitting goods audit")
    return Refusal(settings["quota_exhausted_code"], "reach max api daily quota limit")


def too_frequent() -> Refusal:
    """Say that the minute's number is used up."""
    return Refusal(45011, "api minute-quota reach limit, must slower, retry next minute")
