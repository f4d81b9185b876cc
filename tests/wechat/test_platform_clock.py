"""The platform's clock, from answers that are late by their way and that tell whole seconds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime

import pytest

from catalog_sync.wechat.platform_clock import KEPT, PlatformClock

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC).timestamp()


@dataclass
class Watch:
    """Our own clock, which the test turns on; the platform is two hours ahead of it."""

    at: float = NOON

    def now(self) -> float:
        return self.at

    def monotonic(self) -> float:
        return self.at - NOON

    def sleep(self, seconds: float) -> None:
        self.at += seconds

    def header(self, late: float = 0.0) -> str:
        """What an answer says that was written `late` seconds ago."""
        return format_datetime(datetime.fromtimestamp(int(self.at + 7200 - late), UTC), usegmt=True)


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def clock(watch: Watch) -> PlatformClock:
    return PlatformClock(watch)


def test_ours_before_the_first_answer(clock: PlatformClock, watch: Watch) -> None:
    assert clock.now() == NOON
    for senseless in (None, "", "yesterday"):
        clock.told(senseless)
    assert clock.now() == NOON


def test_it_never_jumps_back(clock: PlatformClock, watch: Watch) -> None:
    before = 0.0
    for number in range(40):
        clock.told(watch.header(late=number % 7))
        assert clock.now() > before
        before = clock.now()
        watch.sleep(0.3)
    assert 0 <= watch.at + 7200 - clock.now() < 0.3


def test_a_wrong_answer_counts_for_some_minutes_only(clock: PlatformClock, watch: Watch) -> None:
    clock.told(watch.header(late=-45))
    for _ in range(int(KEPT)):
        watch.sleep(1)
        clock.told(watch.header())
    assert clock.now() == watch.at + 7200


def test_a_clock_that_was_set(clock: PlatformClock, watch: Watch) -> None:
    clock.told(watch.header())
    clock.told(watch.header(late=-86400))
    assert clock.now() == NOON + 7200 + 86400
    clock.told(watch.header())
    assert clock.now() == NOON + 7200
