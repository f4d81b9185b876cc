"""`emulator`: the platform on 127.0.0.1."""

from __future__ import annotations

import signal
from pathlib import Path

import click

from catalog_sync.cli.border import SIGINT_CODE, SIGTERM_CODE, Exit
from catalog_sync.cli.examples import examples
from catalog_sync.core.errors import UsageError
from catalog_sync.listening import is_loopback
from catalog_sync.wiring import duration, emulator_app, serve_emulator


@click.command("emulator", epilog=examples("catalog-sync emulator --port 8700 --verdict approve --verdict-after 5s"))
@click.option("--host", default="127.0.0.1", show_default=True, metavar="ADDRESS", help="A loopback address.")
@click.option("--port", default=8700, show_default=True, type=click.IntRange(0, 65535), help="0 picks a free one.")
@click.option("--db", metavar="PATH", type=click.Path(dir_okay=False), help="Keep the world in this file.")
@click.option(
    "--verdict", type=click.Choice(["manual", "approve", "reject"]), default="manual", show_default=True,
    help="What the reviewer says by itself.",
)  # fmt: skip
@click.option("--verdict-after", default="2s", show_default=True, metavar="DURATION", help="How long a review takes.")
@click.option("--latency", default="0ms", show_default=True, metavar="DURATION", help="Wait before each answer.")
def command(host: str, port: int, db: str | None, verdict: str, verdict_after: str, latency: str) -> None:
    """The platform on 127.0.0.1: as strict as the real one, with a reviewer, a clock and faults that you command.

    Point catalog-sync at it with --api-base http://127.0.0.1:8700 and any secret. POST /_emulator/verdict approves and
    rejects, POST /_emulator/clock moves the time, POST /_emulator/faults breaks things.
    """
    if not is_loopback(host):
        raise UsageError(
            f"the emulator listens on this machine only, not on {host[:80]}", hint="it checks no secret; use 127.0.0.1"
        )
    if db is not None and not Path(db).parent.is_dir():
        raise UsageError(f"--db: there is no folder {Path(db).parent}", hint="make it first, or correct the path")
    app = emulator_app(
        db=None if db is None else Path(db),
        verdict=verdict,
        verdict_after=duration("--verdict-after", verdict_after),
        latency=duration("--latency", latency),
    )
    number = serve_emulator(app, host, port, click.echo)
    raise Exit({signal.SIGINT: SIGINT_CODE, signal.SIGTERM: SIGTERM_CODE}.get(signal.Signals(number), 0))
