"""The emulator's clock: real time, and as far ahead of it as somebody moved it."""

import re
import time
from datetime import UTC, datetime, timedelta, timezone
from email.utils import formatdate

UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
DURATION = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h|d)")


FURTHEST = 100 * 365 * UNITS["d"]


class Clock:
    """Unix seconds; moves only forward, so that nothing ever un-expires."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def now(self) -> float:
        """Give the time of all worlds, in unix seconds."""
        return time.time() + self.ahead

    def advance(self, seconds: float) -> None:
        """Move all worlds `seconds` forward."""
        if not 0 <= seconds <= FURTHEST - self.ahead:
            raise ValueError("the clock moves only forward, and at most a hundred years")
        self.ahead += seconds


def read_duration(text: object) -> float:
    """Seconds of `2s`, `25h`, `1h30m`, `500ms`, or of a number of seconds.

    Raises ValueError with a message for the person who wrote it.
    """
    if isinstance(text, int | float) and not isinstance(text, bool):
        return float(text)
    if isinstance(text, str) and text.strip():
        try:
            return float(text)
        except ValueError:
            return _sum_of_parts(text.strip())
    raise ValueError(f"not a duration: {text!r} (write 2s, 25h, 1h30m or 500ms)")


def _sum_of_parts(text: str) -> float:
    if not re.fullmatch(rf"(?:{DURATION.pattern})+", text):
        raise ValueError(f"not a duration: {text!r} (write 2s, 25h, 1h30m or 500ms)")
    return sum(float(number) * UNITS[unit] for number, unit in DURATION.findall(text))


def day_of(moment: float, hours: float) -> str:
    """Name the day of `moment` where the clock is `hours` ahead of UTC, as `2026-11-21`."""
    return datetime.fromtimestamp(moment, timezone(timedelta(hours=hours))).date().isoformat()


def in_beijing(moment: float) -> str:
    """Write `moment` as a person in Beijing would read it, as `2026-11-21T22:45:00+08:00`."""
    return datetime.fromtimestamp(moment, timezone(timedelta(hours=8))).isoformat(timespec="seconds")


def http_date(moment: float) -> str:
    """Write `moment` as the `Date` header does."""
    return formatdate(moment, usegmt=True)


def month_of(moment: float) -> str:
    """Name the month of `moment` in Beijing, as `2026-11`."""
    return datetime.fromtimestamp(moment, UTC).astimezone(timezone(timedelta(hours=8))).strftime("%Y-%m")
