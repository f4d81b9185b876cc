"""`adopt`: bind goods that are on the platform already to keys of the catalogue."""

from __future__ import annotations

import click

from catalog_sync.cli.examples import examples
from catalog_sync.cli.locking import back_up, session_of
from catalog_sync.cli.options import Given, common
from catalog_sync.core.errors import UsageError
from catalog_sync.engine.adopting import Adopted, Match, adopt, adopt_matches
from catalog_sync.engine.halt import Halt
from catalog_sync.engine.lifeboat import refuse_while_unrecovered
from catalog_sync.report.width import safe
from catalog_sync.wiring import load_whole, tools_of


@click.command(
    "adopt",
    epilog=examples("catalog-sync adopt tit-cup 51", "catalog-sync adopt --match"),
)
@click.argument("key", required=False)
@click.argument("remote_id", metavar="ID", required=False)
@click.option("--match", "by_looks", is_flag=True, help="Bind every key whose name, url and prices mean one item.")
@common("text", "json")
def command(key: str | None, remote_id: str | None, by_looks: bool, **options: object) -> None:
    """Bind goods that are on the platform already to keys of the catalogue.

    With KEY and ID: that one. With --match: every key that is bound to nothing and equal in name, url and prices to
    exactly one item that is bound to nothing. Sends no write to the platform.
    """
    given = Given(options)
    if by_looks == (key is not None) or (key is not None and remote_id is None):
        raise UsageError("adopt takes KEY and ID, or --match", hint="catalog-sync adopt tit-cup 51")
    catalogue, _ = load_whole(given.settings)
    halt = Halt()
    with tools_of(given.settings, catalogue, given.voice, write=True, stopped=halt.stopped) as tools:
        refuse_while_unrecovered(tools.folder)
        with session_of(given, tools, halt, "adopt") as session:
            made: list[Adopted]
            unclear: list[Match]
            if key is not None and remote_id is not None:
                made, unclear = [adopt(tools, session, catalogue, key, _id(remote_id))], []
            else:
                made, unclear = adopt_matches(tools, session, catalogue)
        back_up(given, tools.store)
    _print(given, made, unclear)


def _id(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or len(text) > 18:
        raise UsageError(f"ID is a number, the platform's goodsId (found {text[:80]!r})")
    return int(text)


def _print(given: Given, made: list[Adopted], unclear: list[Match]) -> None:
    if given.console.json:
        given.console.document(
            {
                "format_version": "1.0",
                "adopted": [{"address": each.address, "remote_id": each.remote_id} for each in made],
                "unclear": [{"address": each.item.address, "remote_ids": list(each.remote_ids)} for each in unclear],
            }
        )
        return
    words = given.console.words
    for bound in made:
        told = words.tell("{address} is bound to {id}.", address=bound.address, id=bound.remote_id)
        given.console.result(safe(told))
    for each in unclear:
        ids = tuple(map(str, each.remote_ids))
        unsure = "{address} is not clear: it looks like {ids}. Bind it by hand."
        given.console.result(safe(words.tell(unsure, address=each.item.address, ids=ids)))
    counts = words.tell("Adopted: {count} · Not clear: {unclear}", count=len(made), unclear=len(unclear))
    given.console.result(counts)
