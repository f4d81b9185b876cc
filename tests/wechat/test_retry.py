"""Which reads are repeated, how often and how long after."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from catalog_sync.core.errors import CallError, Effect, InDoubt, NotSent, Refused
from catalog_sync.wechat.retry import Repeats, Schedule

from .scripted import SkippingClock

NOON = 1795262400.0
SCHEDULE = Schedule(chance=lambda: 1.0)


def refused(effect: Effect) -> Refused:
    return Refused("list", "no", errcode=40001, errmsg="", effect=effect)


class Script:
    """Attempts that fail as told, then succeed."""

    def __init__(self, clock: SkippingClock, *failures: CallError) -> None:
        self.failures = list(failures)
        self.clock = clock
        self.attempts = 0
        self.renewals = 0

    def run(self, schedule: Schedule = SCHEDULE, now: Callable[[], float] = lambda: NOON + 20) -> str:
        return Repeats(schedule, self.clock, now).run(self._attempt, self._renew)

    def _attempt(self) -> str:
        self.attempts += 1
        if self.failures:
            raise self.failures.pop(0)
        return "done"

    def _renew(self) -> None:
        self.renewals += 1


@pytest.mark.parametrize(
    ("failures", "slept", "renewals"),
    [
        ([], [], 0),
        ([NotSent("list", "x")], [0.5], 0),
        ([InDoubt("list", "x", errcode=-1)] * 4, [0.5, 1.0, 2.0, 4.0], 0),
        ([refused(Effect.TOKEN)], [], 1),
        ([refused(Effect.TOKEN), NotSent("list", "x")], [0.5], 1),
        ([refused(Effect.MINUTE)], [41.5], 0),
        ([refused(Effect.MINUTE)] * 3, [41.5] * 3, 0),
    ],
)
def test_a_read_is_repeated(failures: list[CallError], slept: list[float], renewals: int, clock: SkippingClock) -> None:
    script = Script(clock, *failures)
    assert script.run() == "done"
    assert (script.attempts, clock.slept, script.renewals) == (len(failures) + 1, slept, renewals)


@pytest.mark.parametrize(
    ("failures", "attempts"),
    [
        ([NotSent("list", "x")] * 9, 5),
        ([InDoubt("list", "x")] * 9, 5),
        ([refused(Effect.MINUTE)] * 9, 4),
        *(([refused(effect)] * 2, 1) for effect in Effect if effect not in (Effect.TOKEN, Effect.MINUTE)),
    ],
)
def test_a_read_ends_with_its_last_error(failures: list[CallError], attempts: int, clock: SkippingClock) -> None:
    script = Script(clock, *failures)
    with pytest.raises(type(failures[0])) as caught:
        script.run()
    assert (script.attempts, caught.value.__context__) == (attempts, None)


def test_a_second_refused_token_is_a_refused_account(clock: SkippingClock) -> None:
    script = Script(clock, *[refused(Effect.TOKEN)] * 2)
    with pytest.raises(Refused) as caught:
        script.run()
    assert (caught.value.effect, caught.value.reason) == (Effect.ACCOUNT, "no, a new token too")
    assert (script.attempts, script.renewals) == (2, 1)


def test_a_wait_that_is_cut_short_is_the_end(clock: SkippingClock) -> None:
    clock.stopped = True
    script = Script(clock, NotSent("list", "x"))
    with pytest.raises(NotSent):
        script.run()
    assert script.attempts == 1


def test_chance_shortens_a_wait_to_half_at_most(clock: SkippingClock) -> None:
    Script(clock, *[NotSent("list", "x")] * 4).run(Schedule(chance=lambda: 0.0))
    assert clock.slept == [0.25, 0.5, 1.0, 2.0]
