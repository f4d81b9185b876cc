"""`wait`: until no item of the catalogue is under review."""

from __future__ import annotations

import click

from catalog_sync.cli.examples import examples
from catalog_sync.cli.options import Given, common
from catalog_sync.engine.waiting import wait_for_reviews
from catalog_sync.wiring import duration, load_whole, tools_of


@click.command("wait", epilog=examples("catalog-sync wait --timeout 2h --interval 5m"))
@click.option("--timeout", metavar="DURATION", help="Give up after this long. [default: never]")
@click.option("--interval", metavar="DURATION", default="60s", show_default=True, help="How often to look.")
@common("text", "json")
def command(timeout: str | None, interval: str, **options: object) -> None:
    """Wait until no item of the catalogue is under review: approved or rejected, each has its verdict.

    Sends only reads. Ends with exit code 1 when the time is up.
    """
    given = Given(options)
    limit = None if timeout is None else duration("--timeout", timeout)
    every = max(1.0, duration("--interval", interval))
    catalogue, _ = load_whole(given.settings)
    with tools_of(given.settings, catalogue, given.voice, write=False) as tools:
        waited = wait_for_reviews(tools, catalogue, timeout=limit, interval=every)
    if given.console.json:
        given.console.document({"format_version": "1.0", "under_review": 0, "waited_seconds": round(waited, 1)})
    else:
        given.console.result(given.console.words.tell("Nothing is under review."))
