"""`state pull` and `state push`: the state as a file, to be kept elsewhere, moved to another machine or repaired."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from catalog_sync.cli.examples import examples
from catalog_sync.cli.locking import back_up, edited
from catalog_sync.cli.options import Given, common
from catalog_sync.core.errors import UsageError
from catalog_sync.report.width import safe
from catalog_sync.wiring import app_alone, store_of

_STREAM = "-"


@click.command(
    "pull",
    epilog=examples(
        "catalog-sync state pull state.json",
        "catalog-sync state pull > state.json",
    ),
)
@click.argument("target", metavar="[FILE]", default=_STREAM, type=click.Path(dir_okay=False, allow_dash=True))
@common("text", "json")
def pull(target: str, **options: object) -> None:
    """Write the whole state of this shop as JSON, to FILE or to stdout.

    It holds the ids, the journal, the ledger, notes and history; no secret. `state push` takes it back, here or on
    another machine. Takes no lock: a run that is writing meanwhile makes the next pull a newer one.
    """
    from catalog_sync.state.document import document_text, write_document  # noqa: PLC0415 - only here

    given = Given(options)
    app = app_alone(given.settings)
    with store_of(given.settings, app, write=False, must_exist=True) as store:
        document = store.export()
    if not document["serial"]:
        given.console.warn(f"this state is empty: nothing was ever written for {app} on {document['origin']}")
    if target == _STREAM:
        click.echo(document_text(document), nl=False)
        return
    write_document(Path(target), document)
    _tell(given, f"Written: {safe(target)}", document, file=target)


@click.command(
    "push", epilog=examples("catalog-sync state push state.json", "catalog-sync state push state.json --force")
)
@click.argument("source", metavar="FILE", type=click.Path(dir_okay=False, allow_dash=True))
@click.option("--force", is_flag=True, help="Replace a newer state, or one of another lineage, all the same.")
@common("text", "json")
def push(source: str, force: bool, **options: object) -> None:
    """Put a file of `state pull` in the place of this shop's state. FILE may be -, for stdin.

    Refused are a file of another lineage, one with an older serial, and one with the same serial and other content,
    unless you --force it; a file of another shop is refused always. The state as it was stays beside itself as a
    backup. Takes the lock.
    """
    from catalog_sync.state.document import read_document  # noqa: PLC0415 - only here

    given = Given(options)
    document = read_document(_bytes(source), "stdin" if source == _STREAM else source)
    with edited(given, "state push --force" if force else "state push") as (store, epoch):
        back_up(given, store)
        store.import_(document, epoch, force=force)
        now = store.export()
    _tell(given, "Pushed", now)


def _bytes(source: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if source == _STREAM else Path(source).read_bytes()
    except (OSError, AttributeError):
        raise UsageError(f"{source} cannot be read", hint="check its path and mode") from None


def _tell(given: Given, what: str, document: dict[str, object], **more: object) -> None:
    lineage, serial, bindings = document["lineage"], document["serial"], document["bindings"]
    bound = sum(row["role"] == "current" for row in bindings) if isinstance(bindings, list) else 0
    if given.console.json:
        told = {"format_version": "1.0", **more, "lineage": lineage, "serial": serial, "bound": bound}
        given.console.document(told)
    else:
        given.console.result(f"{what}: lineage {str(lineage)[:8]}, serial {serial}, {bound} items bound.")
