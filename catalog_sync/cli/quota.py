"""`quota`: pools: limit, used, reserved, left today, as the ledger and as the platform say."""

from __future__ import annotations

import click

from catalog_sync.cli.examples import examples
from catalog_sync.cli.options import Given, common
from catalog_sync.engine.spending import PoolUse, spending
from catalog_sync.report.width import table
from catalog_sync.wiring import app_of, load_whole, tools_of


@click.command("quota", epilog=examples("catalog-sync quota --format json"))
@common("text", "json")
def command(**options: object) -> None:
    """What may still be sent today: each pool of calls with its limit, what is used, and what is left.

    The larger counts of what we sent and what the platform counted: other tools spend, too.
    """
    given = Given(options)
    catalogue, _ = load_whole(given.settings)
    with tools_of(given.settings, catalogue, given.voice, write=False) as tools:
        day, pools = spending(tools, catalogue)
    if given.console.json:
        app = app_of(given.settings, catalogue)
        given.console.document(
            {"format_version": "1.0", "app": app, "day": day.isoformat(), "pools": [_document(pool) for pool in pools]}
        )
        return
    head = ("POOL", "LIMIT", "USED", "SENT BY US", "COUNTED BY THE PLATFORM", "RESERVE", "LEFT")
    given.console.result(f"Quota day {day}")
    for line in table([head, *map(_row, pools)]):
        given.console.result(line)
    given.console.result("The platform counts by interface: of a pool of several, the largest count is shown.")


def _document(pool: PoolUse) -> dict[str, object]:
    return {
        "pool": pool.name,
        "limit": pool.limit,
        "used": pool.used,
        "used_by_us": pool.used_by_us,
        "used_by_platform": pool.used_by_platform,
        "reserve": pool.reserve,
        "left": pool.left,
    }


def _row(pool: PoolUse) -> tuple[str, ...]:
    told = "not told" if pool.used_by_platform is None else str(pool.used_by_platform)
    return pool.name, str(pool.limit), str(pool.used), str(pool.used_by_us), told, str(pool.reserve), str(pool.left)
