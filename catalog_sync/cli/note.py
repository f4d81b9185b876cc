"""`note`: what a person knows of an item."""

from __future__ import annotations

import click

from catalog_sync.cli.examples import examples
from catalog_sync.cli.options import Given, common
from catalog_sync.cli.planning import near
from catalog_sync.core.errors import UsageError
from catalog_sync.core.model import Address
from catalog_sync.core.ports import Snapshot
from catalog_sync.engine.editing import note_text
from catalog_sync.report.width import safe
from catalog_sync.wiring import app_alone, load, store_of


@click.command(
    "note",
    epilog=examples(
        'catalog-sync note goods.tit-cup "rejected: the cover shows a price"', 'catalog-sync note goods.tit-cup ""'
    ),
)
@click.argument("address")
@click.argument("text")
@common("text", "json")
def command(address: str, text: str, **options: object) -> None:
    """Note what a person knows of an item, such as why it was rejected. An empty TEXT removes the note.

    `plan`, `status` and `history` show it. It changes nothing on the platform, and takes no lock.
    """
    given = Given(options)
    kept = note_text(text)
    with store_of(given.settings, app_alone(given.settings), write=True) as store:
        _check_known(given, Address(address), store.snapshot())
        store.note(Address(address), kept)
    if given.console.json:
        given.console.document({"format_version": "1.0", "address": address, "note": kept})
    else:
        told = "no note any more" if kept is None else safe(kept)
        given.console.result(f"{safe(address)}: {told}")


def _check_known(given: Given, address: Address, snapshot: Snapshot) -> None:
    """The address must be bound, noted or in the catalogue; the state knows it also while the catalogue is wrong."""
    known = set(snapshot.bindings) | set(snapshot.notes)
    if address in known:
        return
    catalogue = load(given.settings).catalogue
    known |= set() if catalogue is None else {item.address for item in catalogue.items}
    if address not in known:
        where = "the state (the catalogue cannot be read)" if catalogue is None else "the catalogue or the state"
        raise UsageError(f"there is no {address[:80]} in {where}", hint=near(address, known))
