"""`force-unlock`: take the lock away from a run that is dead."""

from __future__ import annotations

import click

from catalog_sync.cli.examples import examples
from catalog_sync.cli.options import Given, common
from catalog_sync.wiring import app_alone, store_of


@click.command("force-unlock", epilog=examples("catalog-sync force-unlock 3f2a9c4be81d"))
@click.argument("lock_id", metavar="ID")
@common("text", "json")
def command(lock_id: str, **options: object) -> None:
    """Take the lock away from a run that is dead. A run that still lives sends nothing more once its lock is gone; what
    it had under way is looked at by the next run."""
    given = Given(options)
    with store_of(given.settings, app_alone(given.settings), write=True) as store:
        store.force_unlock(lock_id)
    if given.console.json:
        given.console.document({"format_version": "1.0", "unlocked": lock_id})
    else:
        given.console.result("The lock is free.")
