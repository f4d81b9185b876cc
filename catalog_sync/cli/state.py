"""`state`: look at and repair what is known of the platform's ids."""

from __future__ import annotations

from pathlib import Path

import click

from catalog_sync.cli.border import Exit
from catalog_sync.cli.examples import examples
from catalog_sync.cli.failing import error_document, tell_error
from catalog_sync.cli.locking import edited
from catalog_sync.cli.options import Given, common
from catalog_sync.cli.planning import near
from catalog_sync.cli.transfer import pull, push
from catalog_sync.core.errors import StateUnreadable, UsageError
from catalog_sync.core.model import Address, Binding, Copy, Schema, key_of
from catalog_sync.core.ports import Snapshot
from catalog_sync.engine.editing import forget, rename
from catalog_sync.engine.recovering import Reading, Recovered, Unreadable, read_saved, recover
from catalog_sync.planfile import fields
from catalog_sync.providers import SCHEMAS, schema_of
from catalog_sync.report.width import safe, table
from catalog_sync.wiring import app_alone, store_of


@click.group("state", epilog=examples("catalog-sync state list"))
def command() -> None:
    """The durable state: which key stands for which item of the platform. It holds the only copy of the ids."""


command.add_command(pull)
command.add_command(push)


@command.command("list", epilog=examples("catalog-sync state list --format json"))
@common("text", "json")
def list_(**options: object) -> None:
    """Every binding: address, goodsId, auditId; and the calls whose answer was lost."""
    given = Given(options)
    snapshot = _snapshot(given)
    if given.console.json:
        given.console.document(_document(snapshot))
        return
    rows = [_row(snapshot.bindings[address]) for address in sorted(snapshot.bindings)]
    for line in table([("ADDRESS", "ID", "AUDIT ID", ""), *rows]):
        given.console.result(line)
    for entry in snapshot.open_entries:
        given.console.result(f"open: {entry.call} of {safe(entry.address)}: its answer was lost; the next apply looks")


@command.command("show", epilog=examples("catalog-sync state show goods.tit-cup"))
@click.argument("address")
@common("text", "json")
def show(address: str, **options: object) -> None:
    """All that is known of one address."""
    given = Given(options)
    snapshot = _snapshot(given)
    binding = snapshot.bindings.get(Address(address))
    if binding is None:
        raise UsageError(f"nothing is known of {address[:80]}", hint=near(address, snapshot.bindings))
    told = _binding_document(binding)
    if given.console.json:
        given.console.document({"format_version": "1.0", **told})
        return
    for line in _lines(binding):
        given.console.result(line)


@command.command("mv", epilog=examples("catalog-sync state mv goods.tea goods.tea-set"))
@click.argument("source")
@click.argument("target")
@common("text", "json")
def mv(source: str, target: str, **options: object) -> None:
    """Give a binding another key. In the catalogue, `moved:` does the same, reviewed and for everybody."""
    given = Given(options)
    with edited(given, "state mv") as (store, epoch):
        rename(store, epoch, SCHEMAS, Address(source), Address(target))
    _done(given, f"{source} is {target} now.")


@command.command("rm", epilog=examples("catalog-sync state rm goods.last-years-cup"))
@click.argument("address")
@common("text", "json")
def rm(address: str, **options: object) -> None:
    """Forget a binding; the item stays on the platform, not managed. With a call whose answer was lost, only that call
    is forgotten: run it again to forget the binding, too."""
    given = Given(options)
    with edited(given, "state rm") as (store, epoch):
        what = forget(store, epoch, Address(address))
    _done(given, f"Forgotten: {what}.")


@command.command("recover", epilog=examples("catalog-sync state recover .catalog-sync/errored-3f2a9c.jsonl"))
@click.argument("saved_file", metavar="FILE", type=click.Path(dir_okay=False))
@common("text", "json")
def recover_(saved_file: str, **options: object) -> None:
    """Bring back answers that a run could not store (a full disk, a lost lock) and saved beside the state."""
    given = Given(options)
    path = Path(saved_file)
    reading = read_saved(path)
    with edited(given, "state recover") as (store, epoch):
        found = recover(store, epoch, SCHEMAS, reading.answers)
    trouble = _set_aside(path, reading)
    if given.console.json:
        given.console.document(_recovered_document(found, reading) | (error_document(trouble) if trouble else {}))
    else:
        for line in _recovered_lines(found):
            given.console.result(line)
        if trouble:
            tell_error(trouble)
    if trouble:
        raise Exit(1)


def _set_aside(path: Path, reading: Reading) -> StateUnreadable | None:
    """Rename a file that was recovered as a whole; what stands in the way of that."""
    if reading.unreadable:
        lines = ", ".join(map(_unreadable, reading.unreadable))
        return StateUnreadable(
            f"{path}: not recovered, for it cannot be read: {lines}",
            hint="move the file away, for apply and adopt refuse until then, and bind such an id with `adopt KEY ID`",
        )
    try:
        path.rename(path.with_name(f"{path.name}.recovered"))
    except OSError:
        return StateUnreadable(
            f"{path} was recovered, and cannot be renamed", hint="move it away: apply refuses while it lies there"
        )
    return None


def _unreadable(each: Unreadable) -> str:
    told = ", ".join(f"{name} {value}" for name, value in each.told.items())
    return f"line {each.line} ({told})" if told else f"line {each.line}"


def _recovered_document(found: Recovered, reading: Reading) -> dict[str, object]:
    return {
        "format_version": "1.0",
        "closed": found.closed,
        "audit_ids_filled": found.filled,
        "known_before": found.known,
        "unbound": [{"address": each.address, "remote_id": each.made} for each in found.unbound],
        "unreadable": [{"line": each.line, "told": dict(each.told)} for each in reading.unreadable],
    }


def _recovered_lines(found: Recovered) -> list[str]:
    counts = f"{found.closed} answers stored, {found.filled} auditIds filled in, {found.known} known before"
    lines = [f"Recovered: {counts}."]
    for each in found.unbound:
        key = key_of(each.address)
        lines.append(
            safe(
                f"id {each.made} of {each.address} is bound to nothing: `catalog-sync adopt {key} {each.made}` binds it"
            )
        )
    return lines


def _done(given: Given, sentence: str) -> None:
    if given.console.json:
        given.console.document({"format_version": "1.0", "done": sentence})
    else:
        given.console.result(safe(sentence))


def _snapshot(given: Given) -> Snapshot:
    with store_of(given.settings, app_alone(given.settings), write=False) as store:
        return store.snapshot()


def _document(snapshot: Snapshot) -> dict[str, object]:
    return {
        "format_version": "1.0",
        "lineage": snapshot.lineage,
        "serial": snapshot.serial,
        "bindings": [_binding_document(snapshot.bindings[address]) for address in sorted(snapshot.bindings)],
        "open": [{"address": entry.address, "call": entry.call} for entry in snapshot.open_entries],
    }


def _binding_document(binding: Binding) -> dict[str, object]:
    schema = schema_of(binding.address)
    return {
        "address": binding.address,
        "current": _copy_document(schema, binding.current),
        "successor": None if binding.successor is None else _copy_document(schema, binding.successor),
        "protect": binding.protect,
    }


def _copy_document(schema: Schema, copy: Copy) -> dict[str, object]:
    money = frozenset(field.name for field in schema.fields if field.money)
    return {
        "remote_id": copy.remote_id,
        "audit_id": copy.audit_id,
        "sent": fields(schema.named(copy.sent), money),
    }


def _lines(binding: Binding) -> list[str]:
    told = _binding_document(binding)
    lines = [f"{safe(binding.address)}{'  (protected)' if binding.protect else ''}"]
    for role in ("current", "successor"):
        copy = told[role]
        if isinstance(copy, dict):
            lines.append(f"{role}: id {copy['remote_id']}, auditId {copy['audit_id'] or 'not known'}")
            lines += table([(name, safe(str(value))) for name, value in copy["sent"].items()], indent="  ")
    return lines


def _row(binding: Binding) -> tuple[str, ...]:
    successor = "" if binding.successor is None else f"to be replaced by {binding.successor.remote_id}"
    copy = binding.current
    return safe(binding.address), str(copy.remote_id), "" if copy.audit_id is None else str(copy.audit_id), successor
