"""The numbers of writing calls: so many in any hour, so many a day.

DOC (the page of listing, checked 2026-11-21): add and update counted together per mini program, 200 an hour and 1000 a
day; withdrawing counts too; changes of price or stock alone do not. We take it for calls that write SKUs and, by a
switch, products. The hour is taken as any sixty minutes on end (INF).
"""

from collections.abc import Callable
from dataclasses import dataclass

from catalog_sync.emulator.errors import Refusal
from catalog_sync.emulator.quota import exhausted
from catalog_sync.emulator.reading import Json
from catalog_sync.emulator.system import Call

POOL = "sku_write"
HOUR = 3600.0
Answer = Callable[[Call], Json]


@dataclass(frozen=True, slots=True)
class Moments:
    """The moments of the last writes, as a row of the store."""

    moments: tuple[float, ...]


class Writes:
    """When SKUs were written in the last hour. `tell` is told of each change."""

    def __init__(self, tell: Callable[[tuple[float, ...]], None]) -> None:
        self._tell = tell
        self.moments: tuple[float, ...] = ()

    def used(self, now: float) -> int:
        """Count the writes of the hour that ends now."""
        return sum(1 for moment in self.moments if moment > now - HOUR)

    def add(self, now: float, count: int) -> None:
        """Count more writes."""
        recent = [moment for moment in self.moments if moment > now - HOUR]
        self.moments = (*recent, *[now] * count)
        self._tell(self.moments)


def counted(
    answer: Answer, writes_of: Callable[[Call], Writes], count: Callable[[Call], int], *, by_door: bool
) -> Answer:
    """Make a call that is counted `count` times. `by_door`: the door counts one of them against the day."""

    def answer_counted(call: Call) -> Json:
        number = count(call)
        of_day = number - 1 if by_door else number
        _refuse_unless_room(call, writes_of(call), number, of_day, by_door=by_door)
        if call.settings["refused_calls_charged"]:
            charge(call, writes_of(call), number, of_day)
            return answer(call)
        told = answer(call)
        charge(call, writes_of(call), number, of_day)
        return told

    return answer_counted


def charge(call: Call, writes: Writes, number: int, of_day: int) -> None:
    """Count `number` writes of the hour, and `of_day` of the day."""
    if number:
        writes.add(call.now, number)
    for _ in range(of_day):
        call.world.quota.charge(POOL, call.request.path, call.now)


def _refuse_unless_room(call: Call, writes: Writes, number: int, of_day: int, *, by_door: bool) -> None:
    if number and writes.used(call.now) + number > call.settings["sku_write_per_hour"]:
        raise Refusal(call.settings["sku_write_hour_code"], "api freq out of limit")
    quota = call.world.quota
    door_still_adds = by_door and not call.settings["refused_calls_charged"]
    used = quota.used_on(quota.day(call.now), POOL) + of_day + (1 if door_still_adds else 0)
    if of_day and used > quota.limit(POOL):
        raise exhausted(POOL, call.settings)
