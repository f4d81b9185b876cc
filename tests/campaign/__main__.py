"""`python -m tests.campaign --seed N --rounds M [--state postgres]`: the long form, with a table of its figures."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext
from pathlib import Path
from unittest.mock import patch

from catalog_sync.emulator.app import create_app
from catalog_sync.emulator.server import EmulatorServer
from catalog_sync.providers.live_goods.emulator import SYSTEM
from catalog_sync.providers.mini_store.emulator import SYSTEM as MINI_STORE
from catalog_sync.state.postgres import ServerDatabase
from tests.faults.harness import Nursery
from tests.postgres import NoServer, serve, with_schema
from tests.state.crashing import Place, crash, new_nursery
from tests.state.samples import FILE

from .life import ROUNDS, live
from .person import Broken

KILLS_A_STATE = 100
"""After so many kills the writers begin a new state: what was said is compared as a whole after each."""


def main() -> int:
    """Live one life after the other, until all rounds are done; then kill the writers of a state."""
    asked = argparse.ArgumentParser(prog="python -m tests.campaign", description=__doc__)
    asked.add_argument("--seed", type=int, default=1, help="the first life's seed; each life takes the next")
    asked.add_argument("--rounds", type=int, default=300)
    asked.add_argument("--state", choices=["sqlite", "postgres"], default="sqlite")
    asked.add_argument("--kills", type=int, default=0, help="so many writers of a state are killed, too")
    told = asked.parse_args()
    with serve() if told.state == "postgres" else nullcontext() as server:
        if isinstance(server, NoServer):
            print(server.reason, file=sys.stderr)
            return 1
        figures: Counter[str] = Counter()
        began = time.monotonic()
        try:
            campaign(told.seed, told.rounds, figures, server)
        except Broken as error:
            print(error, file=sys.stderr)
            return 1
        figures["seconds"] = round(time.monotonic() - began)
        figures["duplicates"] = figures["lost ids"] = 0  # or it would have been broken off
        print(table(figures))
        if told.kills:
            print()
            print(table(crashes(told.seed, told.kills, server)))
    return 0


@contextmanager
def state_on(server: str | None, name: str) -> Iterator[str | None]:
    """The URL of an empty state on the server; None where there is no server, for a state in a file."""
    if server is None:
        yield None
    else:
        with with_schema(server, name) as url:
            yield f"{url}&application_name={name}"


def campaign(seed: int, rounds: int, figures: Counter[str], server: str | None) -> None:
    """So many rounds, over as many lives as they take; each life has a platform of its own."""
    with tempfile.TemporaryDirectory() as folder, closing(Nursery()) as nursery:
        for life, left in enumerate(range(rounds, 0, -ROUNDS)):
            with EmulatorServer(create_app([SYSTEM, MINI_STORE])) as platform, state_on(server, f"life{life}") as state:
                place, some = Path(folder) / str(life), min(left, ROUNDS)
                live(platform.url, place, nursery, seed + life, some, figures, server=state)


def crashes(seed: int, kills: int, server: str | None) -> Counter[str]:
    """Kill so many processes in the middle of `begin` and `finish` of a state."""
    figures: Counter[str] = Counter()
    began = time.monotonic()
    with new_nursery() as nursery:
        for life, left in enumerate(range(kills, 0, -KILLS_A_STATE)):
            with tempfile.TemporaryDirectory() as folder, state_on(server, f"crash{life}") as state:
                some = min(left, KILLS_A_STATE)
                place = Place(Path(folder), state or FILE)
                with patch.object(ServerDatabase, "now", lambda _, ours: ours):  # its writers' leases end at once
                    figures["journal rows"] += crash(place, nursery, some, seed + life)
                figures["kills in begin and finish"] += some
    figures["seconds"] = round(time.monotonic() - began)
    return figures


def table(figures: Counter[str]) -> str:
    """The figures, one a line."""
    order = ["rounds", "applies", "applies side by side", "kills", "SIGINT, SIGTERM", "write calls", "faults injected"]
    faults = sorted(name for name in figures if name.startswith(" "))
    rest = sorted(name for name in figures if name not in order and name not in faults)
    last = [name for name in ("duplicates", "lost ids", "seconds") if name in rest]
    shown = [name for name in (*order, *faults, *rest) if name in figures and name not in last]
    return "\n".join(f"{name:36}{figures[name]:8}" for name in (*shown, *last))


if __name__ == "__main__":
    sys.exit(main())
