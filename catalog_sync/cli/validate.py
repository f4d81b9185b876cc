"""`validate`: check the catalogue; needs no secret and no network."""

from __future__ import annotations

import os
from collections.abc import Iterator

import click

from catalog_sync.cli.border import Exit
from catalog_sync.cli.examples import examples
from catalog_sync.cli.options import Given, common
from catalog_sync.core.errors import Diagnostic, Severity
from catalog_sync.core.model import Catalogue
from catalog_sync.report.diagnostics import diagnostic_lines, diagnostics_document, github_lines
from catalog_sync.wiring import fetch_picture, links, load, wording_of


@click.command(
    "validate", epilog=examples("catalog-sync validate", "catalog-sync validate -f catalog.yaml --format json")
)
@click.option("--online", is_flag=True, help="Fetch covers that are links, too, and check the pictures.")
@click.option("--allow-cover-host", metavar="HOST", multiple=True, help="Fetch covers from this host of your network.")
@click.option("--words", metavar="FILE", envvar="CATALOG_SYNC_WORDS", help="Another list of words to warn of.")
@click.option(
    "--words-severity",
    type=click.Choice(["warning", "error", "off"]),
    envvar="CATALOG_SYNC_WORDS_SEVERITY",
    default="warning",
    show_default=True,
    help="How much words that get goods rejected matter.",
)
@common("text", "json")
def command(
    online: bool, allow_cover_host: tuple[str, ...], words: str | None, words_severity: str, **options: object
) -> None:
    """Check the catalogue, its included files and its covers; report every problem at once.

    Warns of words in names that get goods rejected, such as absolute claims. A comment at the item's key or name
    allows one: `# catalog-sync: allow-word ID`.

    Needs no secret, and no network but with --online. Errors end with exit code 1; warnings do not.
    """
    given = Given(options)
    loaded = load(given.settings, wording_of(words, words_severity))
    diagnostics = loaded.diagnostics
    if online and loaded.catalogue is not None:
        diagnostics += tuple(_fetched(given, loaded.catalogue, frozenset(allow_cover_host)))
    errors = sum(each.severity is Severity.ERROR for each in diagnostics)
    if given.console.json:
        given.console.document(diagnostics_document(diagnostics))
    else:
        for line in diagnostic_lines(diagnostics, given.console.words):
            given.console.result(line)
        for line in github_lines(diagnostics) if os.environ.get("GITHUB_ACTIONS") == "true" else ():
            given.console.annotation(line)
        given.console.result(_closing(given, errors, len(diagnostics) - errors))
    if errors:
        raise Exit(1)


def _fetched(given: Given, catalogue: Catalogue, hosts: frozenset[str]) -> Iterator[Diagnostic]:
    """What is wrong with the pictures behind links; each link is fetched once."""
    linked = links(catalogue)
    for done, (url, items) in enumerate(linked.items()):
        given.console.progress("fetching covers", done, len(linked))
        problem = fetch_picture(catalogue, items[0].kind, url, hosts)
        for item in items if problem is not None else ():
            place, text = item.place, str(problem)
            yield Diagnostic(Severity.ERROR, "picture_unreadable", text, place, item.address, "cover")


def _closing(given: Given, errors: int, warnings: int) -> str:
    words = given.console.words
    told = [words.tell("1 error" if errors == 1 else "{count} errors", count=errors)] if errors else []
    told += [words.tell("1 warning" if warnings == 1 else "{count} warnings", count=warnings)] if warnings else []
    return f"{given.settings.file}: {words['listed'].join(told) or words.tell('valid')}"
