"""`worker`: does what `fleet apply --queue` queued, and looks at every shop from time to time."""

from __future__ import annotations

import signal

import click

from catalog_sync.cli.border import SIGINT_CODE, SIGTERM_CODE, Exit
from catalog_sync.cli.examples import examples
from catalog_sync.cli.fleet_options import fleet_file
from catalog_sync.cli.options import Given, common


@click.command(
    "worker",
    epilog=examples("catalog-sync worker --fleet fleet.yaml --concurrency 8 --metrics-port 9100"),
)
@fleet_file
@click.option("--concurrency", metavar="N", type=click.IntRange(1, 64), default=4, show_default=True,
              help="Shops side by side.")  # fmt: skip
@click.option("--metrics-port", metavar="N", type=click.IntRange(0, 65535), help="Metrics at this port; 0: a free one.")
@click.option("--metrics-host", metavar="ADDRESS", default="127.0.0.1", show_default=True, help="Where they are heard.")
@common("text", left_out=("file", "state", "lock_timeout"))
def command(path: str, concurrency: int, metrics_port: int | None, metrics_host: str, **options: object) -> None:
    """Keep the shops of a fleet as their catalogues say: until a signal, beside any number of other workers.

    Needs the extra `fleet` and a state on PostgreSQL. Each shop is done by one worker at a time; what a killed worker
    left is taken over. A plan that a guard refuses is told and left for a person.
    """
    from catalog_sync.fleet.worker import work  # noqa: PLC0415 - an extra, and slow

    given = Given(options)
    metrics_at = None if metrics_port is None else (metrics_host, metrics_port)
    caught = work(path, given.settings, concurrency, given.console.say, metrics_at=metrics_at)
    raise Exit(SIGINT_CODE if caught == signal.SIGINT else SIGTERM_CODE)
