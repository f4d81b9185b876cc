"""A plan and a result as text for a person: symbols with words, columns that hold for Chinese names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from catalog_sync.core.guard import Hazard
from catalog_sync.core.model import Action, Disposition, Value
from catalog_sync.core.plandoc import ChangeDocument, PlanDocument, QuotaRow
from catalog_sync.report.colour import Colour
from catalog_sync.report.width import cut, pad, safe, table, width
from catalog_sync.report.words import ENGLISH, Words

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


def plan_text(plan: PlanDocument, colour: Colour, words: Words = ENGLISH) -> str:
    """The whole plan; the last lines are those that scripts may read (contract section 6)."""
    lines: list[str] = []
    for disposition, heading in _HEADINGS.items():
        changes = tuple(change for change in plan.of(disposition) if change.is_difference)
        if changes:
            lines += [colour.bold(words.tell("{heading} ({count})", heading=heading, count=len(changes))), ""]
            lines += [*_changes(changes, colour, words), ""]
    lines += list(_under_review(plan, words))
    lines += list(_remarks(plan, colour, words))
    lines += list(_quota(plan, words))
    lines += list(last_lines(plan, words))
    return "\n".join(lines)


def _under_review(plan: PlanDocument, words: Words) -> Iterator[str]:
    """Items that only wait for their verdict are a number, not a list."""
    equal = sum(not change.is_difference for change in plan.changes)
    if equal:
        yield words.count("equal_under_review", equal)
        yield ""


def _changes(changes: tuple[ChangeDocument, ...], colour: Colour, words: Words) -> Iterator[str]:
    columns = min(44, max(width(change.address) for change in changes))
    for change in changes:
        yield _head(change, columns, colour, words)
        for line in _body(change, words):
            yield f"      {line}"


def _head(change: ChangeDocument, columns: int, colour: Colour, words: Words) -> str:
    word = pad(words.word(change.action.value), 9)
    head = f"  {SYMBOLS[change.action]} {word} {pad(safe(change.address), columns)}"
    deferred = change.disposition is Disposition.DEFERRED
    when = f"  {_when(change, words)}" if deferred else ""
    status = f"  [{words.word(change.audit_status.value)}]" if change.audit_status is not None else ""
    calls = " -> ".join(safe(words.call(step.call)) for step in change.steps)
    tail = f"  {calls}" if calls else ""
    about = f"{when}{status}{tail}"
    head = head if about else head.rstrip()
    return colour.paint(_COLOURS.get(change.action, ""), head) + colour.dim(about)


def _when(change: ChangeDocument, words: Words) -> str:
    """The day of a deferred change; the time, where the platform counts by the hour."""
    if change.not_before is None:
        return safe(words.tell("on {day}", day=change.scheduled_for or ""))
    return safe(words.tell("from {time}", time=change.not_before))


def _body(change: ChangeDocument, words: Words) -> Iterator[str]:
    if change.previous_address is not None:
        yield safe(words.tell("was {address}", address=change.previous_address))
    if change.action is not Action.UNCHANGED:
        yield from _values(change, words)
    if change.message and change.reason not in SAID_BY_THE_SYMBOL:
        yield safe(words.say(change.message, change.reason))
    for held in change.held:
        told = words.say(held.message, held.reason)
        yield safe(words.tell("held back: {fields}: {message}", fields=held.fields, message=told))
    if change.late:
        yield words.tell("late: it will miss its needed_by")
    if change.note:
        yield safe(words.tell("note: {note}", note=change.note))


def _values(change: ChangeDocument, words: Words) -> Iterator[str]:
    if change.before is not None and change.after is not None:
        rows = [
            (safe(words.field(name)), shown(before, words), "->", shown(after, words))
            for name, before, after in change.differing
        ]
        yield from table(rows, limits=(0, _FIELD_COLUMNS, 0, _FIELD_COLUMNS))
        return
    values = change.after if change.after is not None else change.before
    told = None if values is None else _one_line(values, words)
    if told:  # a product that is not there has nothing to tell
        yield cut(told, 2 * _FIELD_COLUMNS)


def _one_line(values: Mapping[str, Value], words: Words) -> str:
    """An item in one line: its name, then what else it has, by field."""
    told = {name: shown(value, words) for name, value in values.items() if value not in (None, "")}
    first = [told.pop("name")] if "name" in told else []
    pictures = {name for name, value in values.items() if str(value).startswith("sha256:")}
    rest = [f"{safe(words.field(name))} {text}" for name, text in told.items() if name not in pictures]
    return " · ".join(first + rest)


def shown(value: Value, words: Words = ENGLISH) -> str:
    """One value for a person."""
    if value is None:
        return words["none"]
    text = str(value)
    if text.startswith("sha256:"):
        return words["picture"].format(identity=text[7:15])
    return safe(text) if text else '""'


def _remarks(plan: PlanDocument, colour: Colour, words: Words) -> Iterator[str]:
    for hazard in plan.safety.hazards:
        yield colour.paint("red", safe(unsafe(hazard, words)))
    for warning in plan.warnings:
        if warning.code in SAID_AT_THE_CHANGE:
            continue
        message = words.say(warning.message, warning.code)
        if warning.address:
            message = words.tell("{address}: {message}", address=warning.address, message=message)
        yield colour.paint("yellow", safe(words.tell("Warning: {message}", message=message)))
    if plan.observation.reason:
        told = words.tell("the platform was not read whole: {reason}", reason=plan.observation.reason)
        yield colour.paint("yellow", safe(words.tell("Warning: {message}", message=told)))
    if plan.unmanaged.count:
        console = plan.unmanaged.console_made
        whose = (
            "Not managed here: {count} on the platform, {console} of them made in the console."
            if console
            else "Not managed here: {count} on the platform."
        )
        yield words.tell(whose, count=plan.unmanaged.count, console=console)
    if plan.safety.hazards or plan.warnings or plan.observation.reason or plan.unmanaged.count:
        yield ""


def _quota(plan: PlanDocument, words: Words) -> Iterator[str]:
    """What the plan takes of each pool; pools that it does not touch are left out."""
    rows = [
        (
            safe(row.day),
            safe(words.word(row.pool)),
            words.tell("{count} planned", count=row.planned),
            words.tell("{count} used", count=row.used),
            _left(row, words),
        )
        for row in plan.quota
        if row.planned
    ]
    if rows:
        yield words["quota"]
        yield from table(rows[:12], indent="  ")
        if len(rows) > 12:
            more = "and {count} more rows, to {day}; --format json has them all"
            yield f"  {words.tell(more, count=len(rows) - 12, day=rows[-1][0])}"
        yield ""


def _left(row: QuotaRow, words: Words) -> str:
    if not row.reserve:
        return words.tell("{count} left of {limit}", count=row.left, limit=row.limit)
    told = "{count} left of {limit}, {reserve} in reserve"
    return words.tell(told, count=row.left, limit=row.limit, reserve=row.reserve)


def unsafe(hazard: Hazard, words: Words) -> str:
    """A guard's no, with what lifts it."""
    hint = words.say(hazard.hint)
    told = "Unsafe ({code}): {message} {hint}."
    message = words.say(hazard.message, hazard.code)
    return words.tell(told, code=hazard.code, message=message, hint=f"{hint[:1].upper()}{hint[1:]}")


def last_lines(plan: PlanDocument, words: Words = ENGLISH) -> Iterator[str]:
    """The lines that scripts may read."""
    counts = plan.summary
    if plan.complete and not counts["ready"]:
        yield words["no_changes"]
    else:
        yield words["plan"].format_map(counts)
    rest = ("deferred", "waiting", "blocked")
    parts = [words[f"left_{name}"].format(number=counts[name]) for name in rest if counts[name]]
    if parts:
        yield " · ".join(parts)
