"""`show`: a saved plan, as `plan` printed it."""

from __future__ import annotations

from pathlib import Path

import click

from catalog_sync.cli.examples import examples
from catalog_sync.cli.options import Given, common
from catalog_sync.cli.planning import print_plan
from catalog_sync.planfile.reading import load


@click.command("show", epilog=examples("catalog-sync show plan.json"))
@click.argument("plan_file", metavar="FILE", type=click.Path())
@common("text", "json", "markdown", "html")
def command(plan_file: str, **options: object) -> None:
    """Print a plan that `plan --out FILE` saved. Reads nothing but the file: no catalogue, no state, no platform."""
    given = Given(options)
    print_plan(given.console, load(Path(plan_file)))
