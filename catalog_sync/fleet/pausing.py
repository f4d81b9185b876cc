"""When a shop is worth looking at again: told to the queue, for a job never sleeps."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from catalog_sync.core.plan import Plan
from catalog_sync.core.ports import Run
from catalog_sync.core.result import Result
from catalog_sync.engine.until import Pause, Rounds, pause

LONGEST = 3600.0
"""Seconds after which a shop under review is looked at again, however long nothing was sent to it."""


def pause_after(made: Plan, result: Result, rounds: Rounds, now: float, pace: float, quiet: float) -> Pause | None:
    """What to wait for after a run; None when nothing can come of it. A shop to which nothing was sent for `quiet`
    seconds is looked at after as long again: a thousand shops under review cost few reads, and a verdict is found in at
    most twice the time that it took."""
    wait = pause(made, result, rounds, now, pace)
    return None if wait is None else replace(wait, seconds=max(wait.seconds, min(quiet, LONGEST)))


def quiet_for(runs: Iterable[Run], now: float) -> float:
    """Seconds since a run last sent anything (our clock); `LONGEST` where none of these did."""
    sent = [run.ended_at for run in runs if run.ended_at is not None and run.summary.get("applied")]
    return max(0.0, now - max(sent)) if sent else LONGEST
