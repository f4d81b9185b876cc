"""The platform's clock, as its `Date` headers tell it: quota days are the platform's, whatever our clock says."""

from __future__ import annotations

from datetime import UTC
from email.utils import parsedate_to_datetime
from threading import Lock

from catalog_sync.core.ports import Clock

SET_BACK = 30.0
"""Seconds by which an answer may be behind another: its way took as long as a call may take. One that is further behind
comes from a clock that was set back."""

KEPT = 300.0
"""Seconds for which the best answer counts: then the two clocks may have drifted apart, or it was a wrong one."""


class PlatformClock:
    """Learns the platform's time from answers and goes on by our monotonic clock, so that a clock of ours that is set
    in between moves nothing. Every answer is late by its way and by less than the second that its header leaves out:
    the one that is furthest ahead is nearest to the truth, and so the clock does not jump to and fro."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._ahead: float | None = None
        self._learnt = 0.0
        self._lock = Lock()

    def told(self, date: str | None) -> None:
        """Take the `Date` header of an answer. One that is missing or makes no sense changes nothing."""
        instant = _instant(date)
        if instant is None:
            return
        now = self._clock.monotonic()
        ahead = instant - now
        with self._lock:
            kept = self._ahead is not None and now - self._learnt < KEPT
            if not kept or self._ahead is None or not self._ahead - SET_BACK <= ahead <= self._ahead:
                self._ahead, self._learnt = ahead, now

    def now(self) -> float:
        """Seconds since the epoch on the platform's clock; on ours before the first answer."""
        return self._clock.now() if self._ahead is None else self._clock.monotonic() + self._ahead


def _instant(date: str | None) -> float | None:
    if not date:
        return None
    try:
        moment = parsedate_to_datetime(date)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
