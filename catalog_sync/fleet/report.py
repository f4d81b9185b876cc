"""One report over all shops: as text, as a document, as Markdown; the page is in `page`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict

from catalog_sync.core.errors import CatalogueInvalid
from catalog_sync.fleet.told import Ended, FleetTold, Told
from catalog_sync.planfile import run_document
from catalog_sync.report.colour import Colour
from catalog_sync.report.diagnostics import diagnostic_data, diagnostic_lines
from catalog_sync.report.gfm import fitted, literal, prose
from catalog_sync.report.gfm import table as markdown_table
from catalog_sync.report.width import pad, safe, width

SIGNS = {Ended.DONE: "ok", Ended.LEFT: "left", Ended.FAILED: "FAILED", Ended.SKIPPED: "skipped"}
_COLOURS = {Ended.DONE: "green", Ended.LEFT: "yellow", Ended.FAILED: "red", Ended.SKIPPED: "red"}

POOLS = 2
"""So many pools are shown of a shop: those that are nearest to their end."""


def summary_line(told: FleetTold) -> str:
    """The line that scripts may read."""
    counts = told.counts
    ends = " · ".join(f"{name.capitalize()}: {counts[name]}" for name in ("done", "left", "failed", "skipped"))
    return f"Shops: {counts['targets']} · {ends}"


def fleet_text(told: FleetTold, colour: Colour) -> str:
    """A line for each shop, what is wrong below it; the last line has the counts."""
    longest = max((width(each.name) for each in told.targets), default=0)
    lines: list[str] = []
    for each in told.targets:
        sign = colour.paint(_COLOURS[each.ended], f"{SIGNS[each.ended]:<7}")
        spent = quota_words(each)
        lines.append(
            f"{sign} {pad(each.name, longest)}  {safe(each.verdict)}{f'  [{spent}]' if spent else ''}".rstrip()
        )
        lines += [f"        {line}" for line in trouble_lines(each)]
        if each.error is not None and each.error.hint:
            lines.append(safe(f"        Hint: {each.error.hint}"))
    return "\n".join([*lines, "", colour.bold(summary_line(told))])


def trouble_lines(each: Told) -> Iterator[str]:
    """What is wrong with a shop, line by line, beside its verdict and the hint."""
    if isinstance(each.error, CatalogueInvalid):
        yield from diagnostic_lines(each.error.diagnostics)
    for change in each.troubles:
        why = f": {change.error.message}" if change.error else ""
        yield safe(f"{change.address} ({change.action.value}) {change.outcome.value}{why}")


def quota_words(each: Told) -> str:
    """What its pools still have today, those first that are nearest to their end; nothing where all are full."""
    today = min((row.day for row in each.quota), default="")
    spent = [row for row in each.quota if row.day == today and row.used + row.planned]
    spent.sort(key=lambda row: row.left / row.limit)
    return ", ".join(f"{row.pool}: {row.left} of {row.limit} left" for row in spent[:POOLS])


def fleet_document(told: FleetTold) -> dict[str, object]:
    """The document of `fleet ... --format json`."""
    return {
        "format_version": "1.0",
        "command": told.command,
        "fleet": {"path": told.path, "digest": told.digest},
        "targets": [target_document(each) for each in told.targets],
        "summary": told.counts,
        "sums": told.sums,
    }


def target_document(each: Told) -> dict[str, object]:
    """One shop of it."""
    return {
        "name": each.name,
        "app": each.app,
        "labels": dict(each.labels),
        "ended": each.ended.value,
        "verdict": each.verdict,
        "summary": dict(each.counts),
        "quota": [asdict(row) for row in each.quota],
        "troubles": [
            {"address": change.address, "action": change.action.value, "outcome": change.outcome.value,
             "error": None if change.error is None else asdict(change.error)}
            for change in each.troubles
        ],
        "last_run": None if each.last_run is None else run_document(each.last_run),
        "error": _error(each),
    }  # fmt: skip


def _error(each: Told) -> dict[str, object] | None:
    if each.error is None:
        return None
    told: dict[str, object] = {"code": each.error.code, "message": each.error.message, "hint": each.error.hint}
    if isinstance(each.error, CatalogueInvalid):
        told["diagnostics"] = [diagnostic_data(diagnostic) for diagnostic in each.error.diagnostics]
    return told


def fleet_markdown(told: FleetTold) -> str:
    """For a job's summary or a pull request: the counts, then a table, what is wrong first."""
    ordered = sorted(told.targets, key=lambda each: (not each.bad, each.ended is not Ended.LEFT))
    return fitted(lambda top: _markdown(told, ordered, top))


def _markdown(told: FleetTold, ordered: Sequence[Told], top: int) -> Iterator[str]:
    yield f"**{summary_line(told)}**"
    yield ""
    rows = [_row(each) for each in ordered[:top]]
    yield from markdown_table(["Shop", "", "What", "Quota", "What to do"], rows) if rows else []
    if len(ordered) > top:
        yield from ("", f"and {len(ordered) - top:,} more")


def _row(each: Told) -> tuple[str, ...]:
    what = [prose(each.verdict)]
    if isinstance(each.error, CatalogueInvalid):
        what += [prose(line) for line in diagnostic_lines(each.error.diagnostics[:5])]
    what += [f"{literal(change.address)} {change.outcome.value}" for change in each.troubles[:5]]
    hint = "" if each.error is None else prose(each.error.hint)
    return literal(each.name), SIGNS[each.ended], "<br>".join(what), prose(quota_words(each)), hint
