"""`plan`: read catalogue, state and platform; show what would change. Takes no lock, changes nothing."""

from __future__ import annotations

import click

from catalog_sync.cli.border import SOMETHING_LEFT, Exit
from catalog_sync.cli.examples import examples
from catalog_sync.cli.options import Given, common, selecting, selection
from catalog_sync.cli.planning import check_named, print_plan, show_warnings
from catalog_sync.core.plan import is_difference
from catalog_sync.engine.planning import Means, plan
from catalog_sync.engine.situation import look
from catalog_sync.wiring import app_of, load_whole, provenance, tools_of


@click.command(
    "plan",
    epilog=examples(
        "catalog-sync plan",
        "catalog-sync plan -f catalog.yaml --target goods.tit-cup",
        "catalog-sync plan --format json --detailed-exitcode",
    ),
)
@click.option("--detailed-exitcode", is_flag=True, help="Exit 2 when there is a difference, 0 when there is none.")
@click.option("--no-refresh", is_flag=True, help="Plan on what was last seen: to look at, not to apply.")
@selecting
@common("text", "json")
def command(detailed_exitcode: bool, no_refresh: bool, **options: object) -> None:
    """Show what would change, and why the rest does not; changes nothing.

    Reads the catalogue, the state and the platform, and prints an ordered plan that keeps to the platform's review
    rules and today's quota.
    """
    given = Given(options)
    wanted = selection(given.rest, refresh=not no_refresh)
    catalogue, warnings = load_whole(given.settings)
    show_warnings(given.console, warnings)
    with tools_of(given.settings, catalogue, given.voice, write=False) as tools:
        situation = look(tools, catalogue, alone=False, refresh=wanted.refresh)
        if situation.busy:
            given.console.warn("another run is writing now; what it has under way is shown as waiting.")
        check_named(wanted, situation)
        made = plan(situation, Means(tools.providers, tools.settle_after), wanted)
        header = provenance(given.settings, app_of(given.settings, catalogue), situation.snapshot)
    print_plan(given.console, made, header)
    if detailed_exitcode and any(map(is_difference, made.changes)):
        raise Exit(SOMETHING_LEFT)
