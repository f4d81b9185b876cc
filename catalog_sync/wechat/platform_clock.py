"""The platform's clock, as its `Date` headers tell it: quota days are the platform's, whatever our clock says."""

from __future__ import annotations

from datetime import UTC
from email.utils import parsedate_to_datetime

from catalog_sync.core.ports import Clock


class PlatformClock:
    """Learns the platform's time from answers and goes on by our monotonic clock, so that a clock that is set in
    between moves nothing. Whole seconds: a `Date` header has no fraction."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._ahead: float | None = None

    def told(self, date: str | None) -> None:
        """Take the `Date` header of an answer. One that is missing or makes no sense changes nothing."""
        instant = _instant(date)
        if instant is not None:
            self._ahead = instant - self._clock.monotonic()

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
