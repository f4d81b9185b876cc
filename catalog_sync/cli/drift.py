"""`drift`: what others changed on the platform since we last wrote, by class."""

from __future__ import annotations

import click

from catalog_sync.cli.border import SOMETHING_LEFT, Exit
from catalog_sync.cli.examples import examples
from catalog_sync.cli.options import Given, common
from catalog_sync.cli.planning import show_warnings
from catalog_sync.core.sentence import Sentence
from catalog_sync.engine.drifting import drift
from catalog_sync.engine.situation import look
from catalog_sync.report.drift import drift_document, drift_text
from catalog_sync.wiring import app_of, load_whole, tools_of


@click.command("drift", epilog=examples("catalog-sync drift --detailed-exitcode"))
@click.option("--detailed-exitcode", is_flag=True, help="Exit with 2 when anything drifted.")
@common("text", "json")
def command(detailed_exitcode: bool, **options: object) -> None:
    """What others changed on the platform since catalog-sync last wrote: prices and content that were edited, covers
    that were replaced, bound items that are gone, items that are bound to no key.

    Sends only reads and takes no lock. A verdict of the review is no drift.
    """
    given = Given(options)
    catalogue, warnings = load_whole(given.settings)
    show_warnings(given.console, warnings)
    with tools_of(given.settings, catalogue, given.voice, write=False) as tools:
        situation = look(tools, catalogue, alone=False)
        found = drift(situation, tools.providers)
        money = frozenset(each.name for provider in tools.providers for each in provider.schema.fields if each.money)
    doubts = [seen.reason for seen in situation.seen.values() if seen.reason]
    for reason in doubts:
        told = "Warning: the platform was not read whole: {reason}. There may be more drift than this."
        given.console.say(Sentence(told, reason=reason))
    if given.console.json:
        app = app_of(given.settings, catalogue)
        given.console.document(drift_document(found, app, money, complete=not doubts))
    else:
        given.console.result(drift_text(found, money, given.console.words))
    if found and detailed_exitcode:
        raise Exit(SOMETHING_LEFT)
