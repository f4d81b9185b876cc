"""`python -m tests.fleet [campaign|throughput|parts|queue]`: the long form of `test_worker`, with its figures."""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from catalog_sync.emulator.app import create_app
from catalog_sync.emulator.server import EmulatorServer
from catalog_sync.fleet.figures import figures_of_all
from catalog_sync.fleet.file import read_fleet
from catalog_sync.fleet.metrics import write_metrics
from catalog_sync.providers.live_goods.emulator import SYSTEM
from catalog_sync.wiring import settings
from tests.postgres import NoServer, run, serve

from .conftest import app_of, write_shop
from .working import Fleet, at_work, until

PATIENCE = 1800.0


def main() -> int:
    """Run what was asked for, and print its figures."""
    asked = argparse.ArgumentParser(prog="python -m tests.fleet", description=__doc__)
    asked.add_argument("what", choices=["campaign", "throughput", "parts", "queue"], nargs="?", default="campaign")
    asked.add_argument("--shops", type=int, default=200)
    asked.add_argument("--goods", type=int, default=50)
    asked.add_argument("--seed", type=int, default=1)
    told = asked.parse_args()
    with serve() as server:
        if isinstance(server, NoServer):
            print(server.reason, file=sys.stderr)
            return 1
        {"campaign": campaign, "throughput": throughput, "parts": parts, "queue": queue}[told.what](server, told)
    return 0


@contextmanager
def fleet_at(server: str, told: argparse.Namespace, *, latency: float = 0.05) -> Iterator[Fleet]:
    """An empty database, an emulator, and the catalogues."""
    run(server, "DROP SCHEMA public CASCADE", "CREATE SCHEMA public")
    with (
        tempfile.TemporaryDirectory() as folder,
        EmulatorServer(create_app([SYSTEM], latency=latency)) as platform,
        at_work(Path(folder), platform, server, told.shops, told.goods) as fleet,
    ):
        yield fleet


def campaign(server: str, told: argparse.Namespace) -> None:
    """Quota for three fifths of the goods a day, reviewers who approve and reject, four workers, two killed."""
    chance, figures, began = random.Random(told.seed), Counter[str](), time.monotonic()
    a_day = told.goods * 3 // 5
    with fleet_at(server, told) as fleet:
        for number in range(fleet.shops):
            write_shop(fleet.folder / f"shop{number}", number, fleet.goods, a_day=a_day)
        workers = [fleet.hire(concurrency=4) for _ in range(4)]
        fleet.queue()
        for doomed, share in ((workers[0], 0.2), (workers[1], 0.4)):
            until(lambda share=share: _bound(fleet) > share * a_day * fleet.shops, PATIENCE, pace=1.0)  # type: ignore[misc]
            doomed.kill()
            figures["workers killed"] += 1
        until(lambda: _bound(fleet) == a_day * fleet.shops and not fleet.busy(), PATIENCE, pace=1.0)
        figures["seconds until the first day's quota was used"] = round(time.monotonic() - began)
        rejected = _review(fleet, chance, figures)
        _next_day(fleet)
        until(lambda: _bound(fleet) == fleet.goods * fleet.shops and not fleet.busy(), PATIENCE, pace=1.0)
        for number, anew in _merged(rejected, _review(fleet, chance, figures)).items():
            write_shop(fleet.folder / f"shop{number}", number, fleet.goods, a_day=a_day, anew=anew)
        _next_day(fleet)
        until(lambda: not fleet.busy(), PATIENCE, pace=1.0)
        fleet.review()
        until(lambda: fleet.approved() == fleet.goods * fleet.shops, PATIENCE, pace=5.0)
        figures["on sale at the end"] = fleet.approved()
        figures["taken over"] = sum(each.said.count("taken over") for each in fleet.workers)
        for each in workers[2:]:
            each.end()
        found = fleet.check()
    figures["seconds"] = round(time.monotonic() - began)
    _print({**figures, **found})
    assert not any(found[name] for name in ("duplicates", "lost ids", "open journal rows"))


def _bound(fleet: Fleet) -> int:
    return int(run(fleet.state, "SELECT CASE WHEN to_regclass('copies') IS NULL THEN 0 ELSE 1 END")[0][0]) and int(
        run(fleet.state, "SELECT count(*) FROM copies")[0][0]
    )


def _next_day(fleet: Fleet) -> None:
    fleet.order("clock", advance="25h")
    fleet.queue()


def _review(fleet: Fleet, chance: random.Random, figures: Counter[str]) -> dict[int, set[int]]:
    """Reject some goods of some shops, approve the rest; which were rejected."""
    rejected: dict[int, set[int]] = {}
    for number in range(fleet.shops):
        under_review = [each for each in fleet.world(number) if each["audit_status"] == 1]
        for each in chance.sample(under_review, min(len(under_review), chance.randrange(3))):
            fleet.order("verdict", appid=app_of(number), goods_id=each["goods_id"], verdict="reject")
            item = str(each["url"]).rpartition("id=")[2].removesuffix(".html")
            rejected.setdefault(number, set()).add(int(item))
            figures["rejected, and sent again with another name"] += 1
    fleet.review()
    return rejected


def _merged(one: dict[int, set[int]], other: dict[int, set[int]]) -> dict[int, set[int]]:
    return {number: one.get(number, set()) | other.get(number, set()) for number in one.keys() | other.keys()}


def throughput(server: str, told: argparse.Namespace) -> None:
    """How many goods are added a second by 1, 2 and 4 workers."""
    for count in (1, 2, 4):
        with fleet_at(server, told) as fleet:
            fleet.queue()
            began = time.monotonic()
            for _ in range(count):
                fleet.hire(concurrency=4)
            until(lambda fleet=fleet: _bound(fleet) == told.shops * told.goods, PATIENCE, pace=0.2)  # type: ignore[misc]
            seconds = time.monotonic() - began
        print(f"{count} workers: {seconds:.1f} s, {told.shops * told.goods / seconds:.0f} goods/s", flush=True)


def parts(server: str, told: argparse.Namespace) -> None:
    """What a shop costs: to be looked at when nothing changed, in the database, and in metrics."""
    with fleet_at(server, told, latency=0.0) as fleet:
        fleet.queue()
        worker = fleet.hire(concurrency=4)
        until(lambda: _bound(fleet) == told.shops * told.goods and not fleet.busy(), PATIENCE, pace=0.2)
        fleet.review()
        size = run(fleet.state, "SELECT sum(pg_total_relation_size(oid)) FROM pg_class WHERE relkind = 'r'"
                                " AND relnamespace = 'public'::regnamespace")[0][0]  # fmt: skip
        print(f"database: {size / told.shops / 1024:.0f} KB a shop")
        looks = []
        for _ in range(3):
            before = fleet.ask("calls", appid=app_of(0))["calls"]
            began = time.monotonic()
            fleet.queue()
            until(lambda: not fleet.busy(), PATIENCE, pace=0.05)
            looks.append((time.monotonic() - began) / told.shops)
            calls = len(fleet.ask("calls", appid=app_of(0))["calls"]) - len(before)
        print(f"look: {statistics.median(looks) * 1000:.0f} ms a shop, calls: {calls}")
        worker.end()
        _measure_metrics(fleet)


def _measure_metrics(fleet: Fleet) -> None:
    """What a round of a worker's metrics costs, and telling them of a thousand shops; the database's own work is in the
    seconds alone."""
    targets, common = read_fleet(str(fleet.folder / "fleet.yaml")).targets, settings(fleet.environment, {})
    rounds = []
    for _ in range(3):
        began, worked = time.monotonic(), time.process_time()
        told = [each for each, _ in figures_of_all(targets, common)]
        rounds.append((time.monotonic() - began, time.process_time() - worked))
    seconds, worked = (statistics.median(each) * 1000 / fleet.shops for each in zip(*rounds, strict=True))
    print(f"metrics: {seconds:.0f} ms a shop, {worked:.0f} ms of it the worker's CPU")
    assert all(each.readable for each in told)
    began = time.process_time()
    many = write_metrics(None, [replace(told[0], shop=f"shop{number}") for number in range(1000)])
    print(f"scrape: {time.process_time() - began:.2f} ms a shop, {len(many) / 1e6:.1f} KB")


def queue(server: str, told: argparse.Namespace) -> None:
    """How long it takes to queue all shops, with the start of the program and the reading of the fleet's file."""
    with fleet_at(server, told) as fleet:
        for what in ("queue", "queue what waits already"):
            began = time.monotonic()
            fleet.queue()
            print(f"{what}: {time.monotonic() - began:.1f} s for {told.shops} shops")


def _print(figures: Mapping[str, int]) -> None:
    for name, count in figures.items():
        print(f"{name:48}{count:8}")


if __name__ == "__main__":
    sys.exit(main())
