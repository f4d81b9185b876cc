"""What the pages show, ready for their templates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from catalog_sync.core.drift import Drift, DriftClass
from catalog_sync.core.model import Value
from catalog_sync.core.money import yuan
from catalog_sync.core.plandoc import QuotaRow
from catalog_sync.core.ports import Run
from catalog_sync.fleet.overview import Overview
from catalog_sync.report.face import web_link
from catalog_sync.report.runs import broke_off, came_of
from catalog_sync.report.text import shown
from catalog_sync.web.shops import Row

DAYS = 14
"""So many days of quota are shown."""

REVIEWS = 60
RUNS = 50
DRIFTED = 200

_WIDE, _HIGH = 1000, 100
_UNITS = ((86400, "d"), (3600, "h"), (60, "min"))
_DRIFTS = {
    DriftClass.EDITED: "edited by others",
    DriftClass.COVER_REPLACED: "cover replaced by others",
    DriftClass.LOST: "gone from the platform",
    DriftClass.FOREIGN: "bound to no key",
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a chart: where it stands, and what it tells."""

    x: int
    width: int
    y: int
    height: int
    told: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Columns side by side against the highest or a limit; `told` says the same in words."""

    name: str
    told: str
    columns: tuple[Column, ...]


def age(seconds: float | None) -> str:
    """A time span in its largest unit."""
    if seconds is None:
        return "never"
    for size, unit in _UNITS:
        if seconds >= size:
            return f"{int(seconds // size)} {unit}"
    return f"{max(0, int(seconds))} s"


def mood(row: Row) -> tuple[str, str]:
    """How a shop looks at a glance: a class and its words, the worst first."""
    each = row.figures
    drifted = sum(count for kind, count in each.drift.items() if kind != "foreign")
    cases = (
        (not each.readable, "bad", "cannot be read"),
        (each.seen_at is None, "idle", "never looked at"),
        (bool(each.hazards), "bad", "a guard refuses"),
        (each.reviews.get("rejected", 0) > 0, "bad", "rejected"),
        (each.changes.get("blocked", 0) > 0, "bad", "blocked"),
        (drifted > 0, "warn", "drifted"),
        (sum(each.changes.values()) > 0, "warn", "changes left"),
        (each.reviews.get("in_audit", 0) > 0, "warn", "under review"),
    )
    return next(((kind, words) for holds, kind, words in cases if holds), ("good", "as the catalogue says"))


def tightest(rows: Sequence[QuotaRow]) -> QuotaRow | None:
    """The pool that is nearest to its end, of those that were used."""
    return min((row for row in rows if row.used), key=lambda row: row.left / max(1, row.limit), default=None)


def quota_charts(seen: Overview) -> list[Chart]:
    """For each pool that was used lately: its calls by day against its limit."""
    today = seen.plan.today
    days = [today - timedelta(days=back) for back in reversed(range(DAYS))]
    return [chart for row in seen.quota if (chart := _quota_chart(seen, row, days)) is not None]


def _quota_chart(seen: Overview, row: QuotaRow, days: Sequence[date]) -> Chart | None:
    spent, told = seen.snapshot.spent, seen.snapshot.seen_spent
    used = [max(spent.get((row.pool, day), 0), told.get((row.pool, day), 0)) for day in days]
    if not any(used):
        return None
    words = [f"{day}: {count:,}" for day, count in zip(days, used, strict=True)]
    label = f"{row.used:,} of {row.limit:,} today, {row.left:,} left"
    return Chart(row.pool, label, tuple(_columns(used, max(row.limit, *used), words)))


def review_chart(seen: Overview) -> Chart | None:
    """How long the newest reviews took, the newest last; None where none was seen to end."""
    times = tuple(reversed(seen.snapshot.review_times[:REVIEWS]))
    if not times:
        return None
    middle = sorted(times)[len(times) // 2]
    label = f"{len(times)} reviews: half of them within {age(middle)}, the longest {age(max(times))}"
    return Chart("reviews", label, tuple(_columns(times, max(*times, 1.0), [age(each) for each in times])))


def _columns(values: Sequence[float], most: float, words: Sequence[str]) -> Iterator[Column]:
    step = _WIDE // len(values)
    for at, (value, told) in enumerate(zip(values, words, strict=True)):
        height = max(6, round(_HIGH * value / most)) if value else 0
        yield Column(at * step, max(1, min(step - step // 5, 60)), _HIGH - height, height, told)


@dataclass(frozen=True, slots=True)
class Came:
    """One run of the history; `link` is empty where there is none that a browser may follow."""

    run: Run
    took: str
    came: str
    link: str
    bad: bool


def runs(seen: Overview) -> list[Came]:
    """The newest runs that wrote, newest first."""
    return [_came(run) for run in seen.runs[:RUNS]]


def _came(run: Run) -> Came:
    took = "no end noted" if run.ended_at is None else age(run.ended_at - run.started_at)
    bad = broke_off(run) or bool(run.summary.get("failed") or run.summary.get("in_doubt"))
    return Came(run, took, came_of(run, " · "), web_link(run.run_url or ""), bad)


def drifted(seen: Overview) -> list[tuple[Drift, str, list[tuple[str, str, str]]]]:
    """What others changed: the item, how, and its fields before and after."""
    return [(each, _DRIFTS[each.kind], _moved(each, seen.money)) for each in seen.drift[:DRIFTED]]


def _moved(each: Drift, money: frozenset[str]) -> list[tuple[str, str, str]]:
    def told(name: str, value: Value) -> str:
        return shown(yuan(value) if name in money and isinstance(value, int) else value)

    return [(moved.field, told(moved.field, moved.before), told(moved.field, moved.after)) for moved in each.fields]
