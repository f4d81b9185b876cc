"""`serve`: pages over the shops of a fleet, to look at."""

from __future__ import annotations

import signal

import click

from catalog_sync.cli.border import SIGINT_CODE, SIGTERM_CODE, Exit
from catalog_sync.cli.examples import examples
from catalog_sync.cli.fleet_options import fleet_file
from catalog_sync.cli.options import Given, common
from catalog_sync.core.errors import UsageError
from catalog_sync.listening import is_loopback


@click.command("serve", epilog=examples("catalog-sync serve --fleet fleet.yaml --port 8080"))
@fleet_file
@click.option("--host", default="127.0.0.1", show_default=True, metavar="ADDRESS", help="Where to listen.")
@click.option("--port", default=8080, show_default=True, type=click.IntRange(0, 65535), help="0 picks a free one.")
@click.option("--auth-header", metavar="NAME", help="The header in which a proxy says who was let in.")
@common("text", left_out=("file", "state", "parallelism", "lock_timeout", "actor"))
def command(path: str, host: str, port: int, auth_header: str | None, **options: object) -> None:
    """Pages to look at: all shops, what is left to do, quota and reviews over time, drift, who wrote when.

    Shows what was last seen: it needs no secret of the platform, sends nothing and changes no state. Whoever can open
    the pages sees names and prices, so they are for this machine alone, unless --auth-header names the header of a
    proxy that asks people who they are; requests without it are refused. Needs the extra `web`.
    """
    given = Given(options)
    if auth_header is None and not is_loopback(host):
        raise UsageError(
            f"the pages are for this machine only, not for {host[:80]}",
            hint="anybody there could read them; put a proxy before them that asks who it is, and name its header with "
            "--auth-header",
        )
    from catalog_sync.web.app import check_header, create_app  # noqa: PLC0415 - an extra, and slow
    from catalog_sync.web.serving import serve  # noqa: PLC0415 - see above
    from catalog_sync.web.shops import Shops  # noqa: PLC0415 - see above

    shops = Shops(path, given.settings)
    app = create_app(shops, None if auth_header is None else check_header(auth_header))
    _ = shops.file.fleet  # a file that cannot be read is told now
    caught = serve(app, host, port, lambda url: given.console.result(f"Serving {path} on {url}"))
    raise Exit(SIGINT_CODE if caught == signal.SIGINT else SIGTERM_CODE)
