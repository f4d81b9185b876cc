"""`status`: each item: review state, ids, what is left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from difflib import get_close_matches

import click

from catalog_sync.catalogue.row_writing import csv_text
from catalog_sync.cli.border import Exit
from catalog_sync.cli.examples import examples
from catalog_sync.cli.failing import error_document, tell_error
from catalog_sync.cli.options import Given, common
from catalog_sync.cli.planning import show_warnings
from catalog_sync.core.errors import CheckFailed, UsageError
from catalog_sync.core.model import AuditStatus, Disposition
from catalog_sync.core.plan import PlannedChange, Selection
from catalog_sync.core.sentence import Sentence, Sentences
from catalog_sync.core.writing import Told
from catalog_sync.engine.planning import Means, plan
from catalog_sync.engine.situation import look
from catalog_sync.engine.survey import ItemStatus, Stranger, Survey, survey
from catalog_sync.report.width import safe, table
from catalog_sync.report.words import Words
from catalog_sync.wiring import app_of, load_whole, tools_of

FAILING: dict[str, Callable[[ItemStatus], bool]] = {
    "blocked": lambda item: (
        item.left is not None and (item.left.disposition is Disposition.BLOCKED or bool(item.left.held))
    ),
    "rejected": lambda item: item.audit_status is AuditStatus.REJECTED,
    "late": lambda item: item.left is not None and item.left.late,
}
"""What `--fail-on` can name, and the items that it means."""


@click.command(
    "status",
    epilog=examples(
        "catalog-sync status --format json",
        "catalog-sync status --format csv",
        "catalog-sync status --fail-on blocked,rejected,late",
    ),
)
@click.option(
    "--fail-on", metavar="WORDS", multiple=True, help="End with 1 when an item is blocked, rejected or late (a,b,c)."
)
@common("text", "json", "csv")
def command(fail_on: tuple[str, ...], **options: object) -> None:
    """Each item with its review state, its ids and what is left to do; then what is not managed here."""
    given = Given(options)
    words = _words(fail_on)
    catalogue, warnings = load_whole(given.settings)
    show_warnings(given.console, warnings)
    with tools_of(given.settings, catalogue, given.voice, write=False) as tools:
        situation = look(tools, catalogue, alone=False)
        made = plan(situation, Means(tools.providers, tools.settle_after), Selection())
        found = survey(situation, tools.providers, made)
    failure = _failure(found, words)
    if given.console.json:
        told = _document(found, app_of(given.settings, catalogue))
        given.console.document(told | (error_document(failure) if failure else {}))
    elif given.console.format == "csv":
        given.console.exact(csv_text(_COLUMNS, [*map(_cells, found.items), *map(_strange_cells, found.unmanaged)]))
    else:
        given.console.result("\n".join(_lines(found, given.console.words)))
        if failure:
            tell_error(failure)
    if failure:
        raise Exit(1)


def _words(given: tuple[str, ...]) -> list[str]:
    """The words of `--fail-on`, in the order in which they are told. Raises `UsageError`."""
    if "" in given:
        raise UsageError("--fail-on is empty", hint=f"it takes {', '.join(FAILING)}")
    words = [word.strip() for each in given for word in each.split(",")]
    for word in words:
        if word not in FAILING:
            near = get_close_matches(word, FAILING, n=1)
            hint = f"did you mean {near[0]}?" if near else ""
            raise UsageError(f"--fail-on takes {', '.join(FAILING)} (found {word[:80]!r})", hint=hint)
    return [word for word in FAILING if word in words]


def _failure(found: Survey, words: list[str]) -> CheckFailed | None:
    """What `--fail-on` says of these items; None when none is meant."""
    meant = {word: [item for item in found.items if FAILING[word](item)] for word in words}
    counts = [f"{len(items)} {word}" for word, items in meant.items() if items]
    if not counts:
        return None
    first = next(item for items in meant.values() for item in items)
    why = first.address if first.left is None else _why(first.address, first.left)
    return CheckFailed(f"--fail-on: {', '.join(counts)}", hint=why)


def _why(address: str, left: PlannedChange) -> str:
    return Sentence("{address}: {message}", address=address, message=left.message)


def _counts(found: Survey) -> dict[str, int]:
    statuses = Counter(_word(item) for item in found.items)
    return {
        "items": len(found.items),
        "in_sync": sum(item.in_sync for item in found.items),
        **{word: statuses[word] for word in ("unaudited", "in_audit", "approved", "rejected", "absent")},
        "unmanaged": len(found.unmanaged),
    }


def _word(item: ItemStatus) -> str:
    return "absent" if item.audit_status is None else item.audit_status.value


def _document(found: Survey, app: str) -> dict[str, object]:
    return {
        "format_version": "1.0",
        "app": app,
        "items": [
            {
                "address": item.address,
                "remote_id": item.remote_id,
                "audit_id": item.audit_id,
                "audit_status": None if item.audit_status is None else item.audit_status.value,
                "in_sync": item.in_sync,
                "left": None
                if item.left is None
                else {"action": item.left.action.value, "disposition": item.left.disposition.value,
                      "reason": item.left.reason, "message": item.left.message},
                "normalised": list(item.normalised),
                "note": item.note,
            }
            for item in found.items
        ],
        "unmanaged": [
            {
                "remote_id": each.remote_id,
                "name": each.name,
                "audit_status": None if each.audit_status is None else each.audit_status.value,
                "console_made": each.console_made,
            }
            for each in found.unmanaged
        ],
        "summary": _counts(found),
    }  # fmt: skip


_COLUMNS = (
    "address", "name", "review", "in_sync", "remote_id", "audit_id", "action", "disposition", "left", "note"
)  # fmt: skip


def _cells(item: ItemStatus) -> dict[str, Told]:
    """An item as a row; what there is nothing of is left out."""
    left = item.left
    told: dict[str, Told | None] = {
        "address": item.address,
        "name": item.name,
        "review": _word(item),
        "in_sync": item.in_sync,
        "remote_id": item.remote_id,
        "audit_id": item.audit_id,
        "action": None if left is None else left.action.value,
        "disposition": None if left is None else left.disposition.value,
        "left": None if left is None else _left(left),
        "note": item.note,
    }
    return _harmless(told)


def _strange_cells(each: Stranger) -> dict[str, Told]:
    review = None if each.audit_status is None else each.audit_status.value
    left = "not managed here" + ("; made in the console" if each.console_made else "")
    return _harmless({"name": each.name, "review": review, "remote_id": each.remote_id, "left": left})


def _harmless(told: Mapping[str, Told | None]) -> dict[str, Told]:
    return {name: safe(value) if isinstance(value, str) else value for name, value in told.items() if value is not None}


def _left(left: PlannedChange) -> str:
    return Sentences([each.message for each in left.held]) or left.message


def _lines(found: Survey, words: Words) -> list[str]:
    heads = tuple(map(words.tell, ("ITEM", "REVIEW", "ID", "LEFT TO DO")))
    lines = table([heads, *(_row(item, words) for item in found.items)])
    note = "note on {address}: {note}"
    noted = [item for item in found.items if item.note]
    lines += [f"    {safe(words.tell(note, address=item.address, note=item.note or ''))}" for item in noted]
    if found.unmanaged:
        made = words.tell("made in the console")
        rows = [(str(each.remote_id), safe(each.name), made if each.console_made else "") for each in found.unmanaged]
        lines += ["", words.tell("Not managed here"), *table(rows, indent="  ")]
    counts = _counts(found)
    told = "{count} of {all} items are approved and as the catalogue says."
    others = [words.tell(rest, count=counts[word]) for word, rest in _REST.items() if counts[word]]
    return [*lines, "", " · ".join([words.tell(told, count=counts["in_sync"], all=counts["items"]), *others])]


_REST = {
    "in_audit": "{count} under review",
    "rejected": "{count} rejected",
    "unaudited": "{count} not submitted",
    "absent": "{count} not there",
}


def _row(item: ItemStatus, words: Words) -> tuple[str, ...]:
    remote_id = "" if item.remote_id is None else str(item.remote_id)
    return safe(item.address), words.word(_word(item)), remote_id, _left_to_do(item, words)


def _left_to_do(item: ItemStatus, words: Words) -> str:
    left = item.left
    if left is None:
        return words.tell("under review") if _word(item) == "in_audit" and not item.in_sync else ""
    told = "{action}, {disposition}: {message}"
    action, disposition = words.word(left.action.value), words.word(left.disposition.value)
    return safe(words.tell(told, action=action, disposition=disposition, message=_left(left)))
