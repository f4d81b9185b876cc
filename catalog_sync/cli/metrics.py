"""`metrics`: how shops stand, as numbers for Prometheus."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from catalog_sync.cli.border import Exit
from catalog_sync.cli.examples import examples
from catalog_sync.cli.options import Given, common
from catalog_sync.core.errors import CatalogSyncError
from catalog_sync.report.width import safe
from catalog_sync.topic import of_shop

if TYPE_CHECKING:
    from catalog_sync.fleet.figures import Figures


@click.command(
    "metrics",
    epilog=examples(
        "catalog-sync metrics --out catalog_sync.prom",
        "catalog-sync metrics --fleet fleet.yaml",
    ),
)
@click.option("--fleet", "path", metavar="PATH", type=click.Path(), help="All shops of this file, instead of one.")
@click.option("--out", metavar="FILE", type=click.Path(), help="Write a textfile, whole or not at all.")
@common("text")
def command(path: str | None, out: str | None, **options: object) -> None:
    """Quota, reviews, what is left, drift and the last success, as numbers in the format of Prometheus.

    Tells what was last seen: needs no secret, sends nothing and changes no state. After `apply` or `status` in a job it
    writes a file for the textfile collector of a node exporter. Needs the extra `metrics`.
    """
    from catalog_sync.fleet.figures import figures, figures_of_all  # noqa: PLC0415 - slow
    from catalog_sync.fleet.metrics import write_metrics  # noqa: PLC0415 - an extra

    given = Given(options)
    if path is None:
        from catalog_sync.fleet.overview import overview  # noqa: PLC0415 - slow

        seen = overview(given.settings)
        told: list[tuple[Figures, CatalogSyncError | None]] = [(figures(seen.app, seen), None)]
    else:
        from catalog_sync.fleet.file import read_fleet  # noqa: PLC0415 - slow

        told = list(figures_of_all(read_fleet(path, given.settings.given_api_base).targets, given.settings))
    text = write_metrics(out, [each for each, _ in told])
    if out is None:
        given.console.exact(text)
    wrong = [(each, error) for each, error in told if error is not None]
    for each, error in wrong:
        of_shop(each.shop, given.console.say, f"{safe(each.shop)}: {safe(error.message)}", "error")
    if wrong:
        raise Exit(1)
