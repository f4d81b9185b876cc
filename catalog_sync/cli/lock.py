"""`lock`: who is writing to this shop now."""

from __future__ import annotations

import click

from catalog_sync.cli.examples import examples
from catalog_sync.cli.options import Given, common
from catalog_sync.core.ports import Lease
from catalog_sync.planfile import timestamp
from catalog_sync.report.width import safe, table
from catalog_sync.wiring import SystemClock, app_alone, store_of


@click.group("lock", epilog=examples("catalog-sync lock list"))
def command() -> None:
    """The lock: one run at a time writes to a shop."""


@command.command("list", epilog=examples("catalog-sync lock list --format json"))
@common("text", "json")
def list_(**options: object) -> None:
    """Who holds the lock, since when, and when it ends if nobody renews it."""
    given = Given(options)
    with store_of(given.settings, app_alone(given.settings), write=False) as store:
        leases = store.leases()
    if given.console.json:
        given.console.document({"format_version": "1.0", "locks": [_document(lease) for lease in leases]})
        return
    if not leases:
        given.console.result("Nobody holds the lock.")
        return
    now = SystemClock().now()
    for line in table([("ID", "HOLDER", "COMMAND", "SINCE", "ENDS"), *(_row(lease, now) for lease in leases)]):
        given.console.result(line)


def _document(lease: Lease) -> dict[str, object]:
    return {
        "id": lease.id,
        "app": lease.app,
        "holder": lease.holder.holder,
        "host": lease.holder.host,
        "pid": lease.holder.pid,
        "command": lease.holder.command,
        "run_url": lease.holder.run_url,
        "acquired_at": timestamp(lease.acquired_at),
        "heartbeat_at": timestamp(lease.heartbeat_at),
        "expires_at": timestamp(lease.expires_at),
    }


def _row(lease: Lease, now: float) -> tuple[str, ...]:
    who = f"{lease.holder.holder} on {lease.holder.host}, pid {lease.holder.pid}"
    ends = timestamp(lease.expires_at) if lease.expires_at > now else "over: the next run takes it"
    return lease.id, safe(who), safe(lease.holder.command), timestamp(lease.acquired_at), ends
