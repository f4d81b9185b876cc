"""`plan`: read catalogue, state and platform; show what would change, and save it. Takes no lock, changes nothing."""

from __future__ import annotations

from pathlib import Path

import click

from catalog_sync.cli.border import SOMETHING_LEFT, Exit
from catalog_sync.cli.examples import examples
from catalog_sync.cli.options import Given, common, selecting, selection
from catalog_sync.cli.planning import check_named, print_plan, show_warnings
from catalog_sync.core.sentence import Sentence
from catalog_sync.engine.planning import Means, plan
from catalog_sync.engine.situation import look
from catalog_sync.faces import faces_for
from catalog_sync.planfile import document
from catalog_sync.planfile.saving import check_place, save
from catalog_sync.wiring import app_of, load_whole, provenance, tools_of


@click.command(
    "plan",
    epilog=examples(
        "catalog-sync plan",
        "catalog-sync plan -f catalog.yaml --target goods.tit-cup",
        "catalog-sync plan --format json --detailed-exitcode",
        "catalog-sync plan --out plan.json",
    ),
)
@click.option("--detailed-exitcode", is_flag=True, help="Exit 2 when there is a difference, 0 when there is none.")
@click.option(
    "--no-refresh", is_flag=True, help="Plan on what was last seen, without a secret: to look at, not to apply."
)
@click.option("--out", metavar="FILE", type=click.Path(), help="Save the plan, to be shown and applied as it is.")
@selecting
@common("text", "json", "markdown", "html")
def command(detailed_exitcode: bool, no_refresh: bool, out: str | None, **options: object) -> None:
    """Show what would change, and why the rest does not; changes nothing.

    Reads the catalogue, the state and the platform, and prints an ordered plan that keeps to the platform's review
    rules and today's quota. As markdown it goes into a pull request's comment or a job's summary, as html into one file
    that a browser searches and filters.
    """
    given = Given(options)
    path = None if out is None else Path(out)
    if path is not None:
        check_place(path)
    wanted = selection(given.rest, refresh=not no_refresh)
    catalogue, warnings = load_whole(given.settings)
    show_warnings(given.console, warnings)
    with tools_of(given.settings, catalogue, given.voice, write=False, online=wanted.refresh) as tools:
        situation = look(tools, catalogue, alone=False, refresh=wanted.refresh)
        if situation.busy:
            given.console.warn("another run is writing now; what it has under way is shown as waiting.")
        check_named(wanted, situation)
        made = plan(situation, Means(tools.providers, tools.settle_after), wanted)
        header = provenance(given.settings, app_of(given.settings, catalogue), situation.snapshot)
    shown = document(made, header)
    if path is not None:
        save(path, shown)
    print_plan(given.console, shown, faces_for(given.console.format, made, catalogue.rules.cover_fit))
    if path is not None:
        told = "Saved: {path}; `catalog-sync apply {path}` carries out what of it holds then."
        given.console.say(Sentence(told, path=str(path)))
    if detailed_exitcode and shown.has_differences:
        raise Exit(SOMETHING_LEFT)
