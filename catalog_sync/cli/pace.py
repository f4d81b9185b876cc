"""How fast long work goes, and how long the rest will take at that pace."""

from __future__ import annotations

from dataclasses import dataclass

from catalog_sync.core.sentence import Sentence

FOR_A_WORD = 0.5
"""Seconds of work before a pace is told: of less than that it says nothing."""

_MINUTE = 60
_HOUR = 3600
_A_WHILE = 90
"""Up to so many seconds, and minutes, a time is told in them."""


@dataclass(slots=True)
class Pace:
    """One piece of work: where it stood when it was first looked at, and when (a monotonic clock's seconds)."""

    first: int
    began: float

    def told(self, done: int, total: int, now: float) -> Sentence | None:
        """Such as `350/s, 25 s left`; None while there is nothing to reckon with."""
        seconds = now - self.began
        rate = (done - self.first) / seconds if seconds > FOR_A_WORD else 0.0
        if rate <= 0:
            return None
        return Sentence("{rate}, {time} left", rate=_rate(rate), time=_time((total - done) / rate))


def _rate(a_second: float) -> Sentence:
    if a_second >= 1:
        return Sentence("{count}/s", count=f"{a_second:,.0f}")
    if a_second * _MINUTE >= 1:
        return Sentence("{count}/min", count=f"{a_second * _MINUTE:.0f}")
    return Sentence("{count}/h", count=f"{a_second * _HOUR:.0f}")


def _time(seconds: float) -> Sentence:
    if seconds < _A_WHILE:
        return Sentence("{count} s", count=f"{seconds:.0f}")
    if seconds < _A_WHILE * _MINUTE:
        return Sentence("{count} min", count=f"{seconds / _MINUTE:.0f}")
    return Sentence("{count} h", count=f"{seconds / _HOUR:.0f}")
