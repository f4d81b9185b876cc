"""`dump`: the platform's library as a catalogue, or as rows."""

from __future__ import annotations

import click

from catalog_sync.cli.console import Console
from catalog_sync.cli.examples import examples
from catalog_sync.cli.options import Given, common
from catalog_sync.core.errors import UsageError
from catalog_sync.engine.dumping import library
from catalog_sync.engine.situation import look
from catalog_sync.library import (
    LISTED,
    Covers,
    Shelf,
    catalogue_rows,
    covers_folder,
    rows_of,
    rows_text,
    shelf_lines,
    sort_out,
)
from catalog_sync.providers import WRITERS
from catalog_sync.wiring import app_of, cover_fetcher, load_or_bare, load_whole, tools_of


@click.command(
    "dump",
    epilog=examples(
        "catalog-sync dump",
        "catalog-sync dump --covers covers --include-console",
        "catalog-sync dump --catalogue --format csv",
    ),
)
@click.option("--covers", metavar="DIR", help="Save the covers there, too, and name the files.")
@click.option("--include-console", is_flag=True, help="Goods made in the console, as comments.")
@click.option("--catalogue", "own", is_flag=True, help="The catalogue's items as rows instead; needs no secret.")
@click.option("--headings", type=click.Choice(["fields", "zh"]), default="fields", help="What columns are called.")
@common("text", "csv", "jsonl")
def command(covers: str | None, include_console: bool, own: bool, headings: str, **options: object) -> None:
    """The platform's library as a catalogue: every item with its key, or a new one, and `adopt:` with its id. A plan of
    it is empty but for the adoptions.

    `--format csv` and `jsonl` give rows to include, without ids. Sends only reads, takes no lock, and needs no
    catalogue where CATALOG_SYNC_APPID is set. Redirect it to another file than the catalogue itself.
    """
    given = Given(options)
    format_ = given.console.format
    _check(format_, covers=covers, include_console=include_console, own=own)
    if own:
        catalogue, _ = load_whole(given.settings)
        given.console.exact(rows_text(catalogue_rows(catalogue), format_, chinese=headings == "zh"))
        return
    shelf, app = _shelf(given, covers)
    _tell_of_unfit(given.console, shelf)
    if format_ == "text":
        given.console.exact("\n".join(shelf_lines(shelf, app, console=include_console)) + "\n")
    else:
        given.console.exact(rows_text(rows_of(shelf), format_, chinese=headings == "zh"))


def _check(format_: str, *, covers: str | None, include_console: bool, own: bool) -> None:
    if own and (format_ == "text" or covers is not None or include_console):
        raise UsageError("--catalogue gives rows of what is there already", hint="dump --catalogue --format csv")
    if include_console and format_ != "text":
        raise UsageError("--include-console writes comments, which rows do not have", hint="leave out --format")


def _shelf(given: Given, covers: str | None) -> tuple[Shelf, str]:
    """The library, looked at and sorted out, and whose it is."""
    chosen = given.settings
    catalogue = load_or_bare(chosen)
    beside = None
    if covers is not None:
        folder = covers_folder(covers, chosen.file)
        voice = given.voice
        beside = Covers(folder, chosen.folder, cover_fetcher(), chosen.parallelism, voice.say, voice.progress)
    with tools_of(chosen, catalogue, given.voice, write=False, kinds=LISTED) as tools:
        found = library(look(tools, catalogue, alone=False), tools.providers, WRITERS)
    return sort_out(found, chosen.file, beside), app_of(chosen, catalogue)


def _tell_of_unfit(console: Console, shelf: Shelf) -> None:
    for kept, written in shelf.unfit:
        console.say(f"Warning: {kept.remote.remote_id} cannot be listed: {'; '.join(written.remarks[1:])}.")
