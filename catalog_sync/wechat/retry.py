"""When a read is repeated, and how long after. Writes are never repeated here."""

from __future__ import annotations

import logging
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from catalog_sync.core.errors import CallError, Effect, Refused
from catalog_sync.core.ports import Clock
from catalog_sync.core.sentence import Sentence

logger = logging.getLogger("catalog_sync.wechat")

T = TypeVar("T")
MINUTE_MARGIN = 0.5
"""The platform's clock is known to whole seconds only."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """How patient a read is: the waits between attempts in seconds, and how often it waits for the next minute.

    Each wait is shortened by chance to between half and the whole, so that many readers do not come back together.
    """

    waits: tuple[float, ...] = (0.5, 1.0, 2.0, 4.0)
    minutes: int = 3
    chance: Callable[[], float] = random.random


IMPATIENT = Schedule(waits=(0.5,), minutes=0)
"""For what is good to know but not needed."""


class Repeats:
    """What is left of one read's patience."""

    def __init__(self, schedule: Schedule, clock: Clock, platform_now: Callable[[], float]) -> None:
        self._waits = list(schedule.waits)
        self._minutes = schedule.minutes
        self._chance = schedule.chance
        self._clock = clock
        self._platform_now = platform_now
        self._renewed = False

    def run(self, attempt: Callable[[], T], renew: Callable[[], None]) -> T:
        """The attempt's result, repeated as long as it may help: back-off when the platform is busy, out of reach or
        does not make sense, one new token, the next minute. The last error is raised; a second refused token is
        raised as a refusal of the account. Ends with the last error, too, when a wait is cut short by a stop."""
        while True:
            try:
                return attempt()
            except CallError as error:
                failed = error
            if not self._may_go_on(failed, renew):
                raise failed

    def _may_go_on(self, error: CallError, renew: Callable[[], None]) -> bool:
        match error:
            case Refused(effect=Effect.TOKEN):
                if self._renewed:
                    raise refused_twice(error)
                self._renewed = True
                renew()
                return True
            case Refused(effect=Effect.MINUTE):
                return self._wait_for_minute(error)
            case Refused():
                return False
            case _:
                return self._back_off(error)

    def _wait_for_minute(self, error: CallError) -> bool:
        if not self._minutes:
            return False
        self._minutes -= 1
        return self._wait(error, 60.0 - self._platform_now() % 60 + MINUTE_MARGIN + self._chance())

    def _back_off(self, error: CallError) -> bool:
        if not self._waits:
            return False
        return self._wait(error, self._waits.pop(0) * (0.5 + self._chance() / 2))

    def _wait(self, error: CallError, seconds: float) -> bool:
        """Whether the whole time was waited: a shorter sleep means that the run is told to stop."""
        logger.info("%s: again in %.1f s", error.call, seconds)
        started = self._clock.monotonic()
        self._clock.sleep(seconds)
        return self._clock.monotonic() - started > seconds * 0.9


def refused_twice(error: Refused) -> Refused:
    """The refusal of a new token: it is the account that is refused."""
    return Refused(
        error.call,
        Sentence("{reason}, a new token too", reason=error.reason),
        errcode=error.errcode,
        errmsg=error.errmsg,
        effect=Effect.ACCOUNT,
        hint=error.hint,
    )
