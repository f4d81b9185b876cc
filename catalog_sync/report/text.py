"""A plan and a result as text for a person: symbols with words, columns that hold for Chinese names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from catalog_sync.core.model import Action, Disposition, Value
from catalog_sync.core.plandoc import ChangeDocument, PlanDocument
from catalog_sync.report.colour import Colour
from catalog_sync.report.width import cut, pad, safe, table, width

SYMBOLS = {
    Action.ADD: "+",
    Action.UPDATE: "~",
    Action.RESUBMIT: "^",
    Action.REPLACE: "±",
    Action.DELETE: "-",
    Action.ADOPT: "=",
    Action.MOVE: ">",
    Action.FORGET: "x",
    Action.UNCHANGED: "·",
}

_COLOURS = {
    Action.ADD: "green",
    Action.UPDATE: "yellow",
    Action.RESUBMIT: "yellow",
    Action.REPLACE: "magenta",
    Action.DELETE: "red",
    Action.FORGET: "red",
}

_HEADINGS = {
    Disposition.READY: "Ready: apply will do this now",
    Disposition.DEFERRED: "Deferred: the day's quota is spent",
    Disposition.WAITING: "Waiting for the platform's review",
    Disposition.BLOCKED: "Blocked: a rule or a person must act",
}

_FIELD_COLUMNS = 60

SAID_AT_THE_CHANGE = frozenset({"late", "price_under_review"})
"""Warnings that the change itself tells already."""

SAID_BY_THE_SYMBOL = frozenset({"new"})
"""Reasons that say no more than the action's own word."""


def plan_text(plan: PlanDocument, colour: Colour) -> str:
    """The whole plan; the last lines are those that scripts may read (contract section 6)."""
    lines: list[str] = []
    for disposition, heading in _HEADINGS.items():
        changes = tuple(change for change in plan.of(disposition) if change.is_difference)
        if changes:
            lines += [colour.bold(f"{heading} ({len(changes)})"), ""]
            lines += [*_changes(changes, colour), ""]
    lines += list(_under_review(plan))
    lines += list(_remarks(plan, colour))
    lines += list(_quota(plan))
    lines += list(last_lines(plan))
    return "\n".join(lines)


def _under_review(plan: PlanDocument) -> Iterator[str]:
    """Items that only wait for their verdict are a number, not a list."""
    equal = sum(not change.is_difference for change in plan.changes)
    if equal:
        noun = "item is" if equal == 1 else "items are"
        yield f"{equal} {noun} under review, equal to the catalogue."
        yield ""


def _changes(changes: tuple[ChangeDocument, ...], colour: Colour) -> Iterator[str]:
    columns = min(44, max(width(change.address) for change in changes))
    for change in changes:
        yield _head(change, columns, colour)
        for line in _body(change):
            yield f"      {line}"


def _head(change: ChangeDocument, columns: int, colour: Colour) -> str:
    word = pad(change.action.value, 9)
    head = f"  {SYMBOLS[change.action]} {word} {pad(safe(change.address), columns)}"
    when = f"  {_when(change)}" if change.disposition is Disposition.DEFERRED else ""
    status = f"  [{change.audit_status.value}]" if change.audit_status is not None else ""
    calls = " -> ".join(safe(step.call) for step in change.steps)
    tail = f"  {calls}" if calls else ""
    about = f"{when}{status}{tail}"
    head = head if about else head.rstrip()
    return colour.paint(_COLOURS.get(change.action, ""), head) + colour.dim(about)


def _when(change: ChangeDocument) -> str:
    """The day of a deferred change; the time, where the platform counts by the hour."""
    return safe(f"on {change.scheduled_for}" if change.not_before is None else f"from {change.not_before}")


def _body(change: ChangeDocument) -> Iterator[str]:
    if change.previous_address is not None:
        yield f"was {safe(change.previous_address)}"
    if change.action is not Action.UNCHANGED:
        yield from _values(change)
    if change.message and change.reason not in SAID_BY_THE_SYMBOL:
        yield safe(change.message)
    for held in change.held:
        yield f"held back: {safe(', '.join(held.fields))}: {safe(held.message)}"
    if change.late:
        yield "late: it will miss its needed_by"
    if change.note:
        yield f"note: {safe(change.note)}"


def _values(change: ChangeDocument) -> Iterator[str]:
    if change.before is not None and change.after is not None:
        rows = [(safe(name), shown(before), "->", shown(after)) for name, before, after in change.differing]
        yield from table(rows, limits=(0, _FIELD_COLUMNS, 0, _FIELD_COLUMNS))
        return
    values = change.after if change.after is not None else change.before
    told = None if values is None else _one_line(values)
    if told:  # a product that is not there has nothing to tell
        yield cut(told, 2 * _FIELD_COLUMNS)


def _one_line(values: Mapping[str, Value]) -> str:
    """An item in one line: its name, then what else it has, by field."""
    told = {safe(name): shown(value) for name, value in values.items() if value not in (None, "")}
    first = [told.pop("name")] if "name" in told else []
    return " · ".join(first + [f"{name} {text}" for name, text in told.items() if not text.startswith("picture ")])


def shown(value: Value) -> str:
    """One value for a person."""
    if value is None:
        return "(none)"
    text = str(value)
    if text.startswith("sha256:"):
        return f"picture {text[7:15]}"
    return safe(text) if text else '""'


def _remarks(plan: PlanDocument, colour: Colour) -> Iterator[str]:
    for hazard in plan.safety.hazards:
        yield colour.paint(
            "red", safe(f"Unsafe ({hazard.code}): {hazard.message} {hazard.hint[:1].upper()}{hazard.hint[1:]}.")
        )
    for warning in plan.warnings:
        if warning.code in SAID_AT_THE_CHANGE:
            continue
        subject = f"{safe(warning.address)}: " if warning.address else ""
        yield colour.paint("yellow", f"Warning: {subject}{safe(warning.message)}")
    if plan.observation.reason:
        yield colour.paint("yellow", f"Warning: the platform was not read whole: {safe(plan.observation.reason)}")
    if plan.unmanaged.count:
        made = f", {plan.unmanaged.console_made} of them made in the console" if plan.unmanaged.console_made else ""
        yield f"Not managed here: {plan.unmanaged.count} on the platform{made}."
    if plan.safety.hazards or plan.warnings or plan.observation.reason or plan.unmanaged.count:
        yield ""


def _quota(plan: PlanDocument) -> Iterator[str]:
    """What the plan takes of each pool; pools that it does not touch are left out."""
    rows = [
        (
            safe(row.day),
            safe(row.pool),
            f"{row.planned} planned",
            f"{row.used} used",
            f"{row.left} left of {row.limit}" + (f", {row.reserve} in reserve" if row.reserve else ""),
        )
        for row in plan.quota
        if row.planned
    ]
    if rows:
        yield "Quota"
        yield from table(rows[:12], indent="  ")
        if len(rows) > 12:
            yield f"  and {len(rows) - 12} more rows, to {rows[-1][0]}; --format json has them all"
        yield ""


def last_lines(plan: PlanDocument) -> Iterator[str]:
    """The lines that scripts may read."""
    counts = plan.summary
    if plan.complete and not counts["ready"]:
        yield "No changes. The platform matches the catalogue."
    else:
        verbs = ("add", "update", "resubmit", "replace", "delete")
        yield "Plan: " + ", ".join(f"{counts[verb]} to {verb}" for verb in verbs) + "."
    rest = (("Deferred", "deferred"), ("Waiting for review", "waiting"), ("Blocked", "blocked"))
    parts = [f"{label}: {counts[name]}" for label, name in rest if counts[name]]
    if parts:
        yield " · ".join(parts)
