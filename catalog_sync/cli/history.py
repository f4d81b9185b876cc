"""`history`: who wrote when, from which commit, and what came of it; and what people noted."""

from __future__ import annotations

import click

from catalog_sync.cli.examples import examples
from catalog_sync.cli.options import Given, common
from catalog_sync.core.ports import Run
from catalog_sync.planfile import run_document, timestamp
from catalog_sync.report.runs import came_of
from catalog_sync.report.width import safe, table
from catalog_sync.wiring import app_alone, store_of

_HEAD = ("WHEN", "TOOK", "WHO", "COMMIT", "WHAT", "CAME OF IT", "RUN")


@click.command("history", epilog=examples("catalog-sync history --limit 5"))
@click.option("--limit", metavar="N", type=click.IntRange(1, 1000), default=20, show_default=True, help="So many runs.")
@common("text", "json")
def command(limit: int, **options: object) -> None:
    """The runs that wrote to this shop, newest first: when, who, from which commit, what, and what came of it.

    Below them stand the notes that people left with `catalog-sync note`. The last 1000 runs are kept, the last one
    that went well, and those that carried out a saved plan.
    """
    given = Given(options)
    app = app_alone(given.settings)
    with store_of(given.settings, app, write=False) as store:
        runs, notes = store.history(limit), store.snapshot().notes
    if given.console.json:
        told = [{"address": address, "note": notes[address]} for address in sorted(notes)]
        given.console.document(
            {"format_version": "1.0", "app": app, "runs": [run_document(run) for run in runs], "notes": told}
        )
        return
    lines = table([_HEAD, *map(_row, runs)]) if runs else ["Nothing was written yet."]
    lines += [f"note on {safe(address)}: {safe(notes[address])}" for address in sorted(notes)]
    for line in lines:
        given.console.result(line)


def _row(run: Run) -> tuple[str, ...]:
    took = "no end noted" if run.ended_at is None else f"{max(0.0, run.ended_at - run.started_at):.0f}s"
    came = came_of(run, ", ")
    commit, url = (run.commit or "")[:10], run.run_url or ""
    return timestamp(run.started_at), took, safe(run.actor), safe(commit), safe(run.command), safe(came), safe(url)
