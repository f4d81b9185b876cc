"""Workers as processes, and the independent check of what they made of many shops."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import requests

from catalog_sync.emulator.server import EmulatorServer
from catalog_sync.fleet.file import read_fleet
from catalog_sync.fleet.queue import QUEUE, open_queue, server_of
from catalog_sync.wiring import settings
from tests.fleet.conftest import DEFAULTS, app_of, fleet_of, target, write_shop
from tests.postgres import run

NEVER = "reconcile: 0 0 1 1 *\n"


class Worker:
    """`catalog-sync worker` in a process of its own; what it says is kept in a file."""

    def __init__(self, folder: Path, number: int, environment: dict[str, str], concurrency: int) -> None:
        self.log = folder / f"worker-{number}.log"
        words = ["worker", "--concurrency", str(concurrency), "--parallelism", "2"]
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "catalog_sync", *words], cwd=folder, env=environment, stdout=log, stderr=log
            )

    @property
    def said(self) -> str:
        return self.log.read_text(encoding="utf-8")

    @property
    def lines(self) -> list[dict[str, str]]:
        """What it says in JSON lines, each that is whole."""
        return [json.loads(line) for line in self.said.splitlines(keepends=True) if line.endswith("\n")]

    def kill(self) -> None:
        """The end of its machine."""
        self.process.kill()
        self.process.wait(timeout=30)

    def end(self) -> int:
        """SIGTERM, and its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=60)


class Fleet:
    """Many shops on one emulator and one database."""

    def __init__(self, folder: Path, platform: EmulatorServer, state: str, shops: int, goods: int) -> None:
        self.folder, self.url, self.state, self.shops, self.goods = folder, platform.url, state, shops, goods
        self.workers: list[Worker] = []
        self.environment = {
            **os.environ,
            "CATALOG_SYNC_API_BASE": platform.url,
            "CATALOG_SYNC_SETTLE_AFTER": "0s",
            "FLEET_STATE": state,
            "SHOP_SECRET": "made-up",
        }
        for number in range(shops):
            write_shop(folder / f"shop{number}", number, goods)
        targets = [target(f"shop{number}", number) for number in range(shops)]
        # Nothing is queued by the clock: a test that ran into the minute would see more than it asked for.
        head = NEVER + DEFAULTS + "  state: env:FLEET_STATE\n"
        (folder / "fleet.yaml").write_text(fleet_of(*targets, head=head), encoding="utf-8")

    def hire(self, concurrency: int = 2) -> Worker:
        """Start one more worker."""
        worker = Worker(self.folder, len(self.workers), self.environment, concurrency)
        self.workers.append(worker)
        until(lambda: "Ready." in worker.said or worker.process.poll() is not None, 60)
        assert worker.process.poll() is None, worker.said
        return worker

    def queue(self) -> str:
        """Queue every shop."""
        words = [sys.executable, "-m", "catalog_sync", "fleet", "apply", "--queue"]
        done = subprocess.run(words, cwd=self.folder, env=self.environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def wake(self, task: str) -> None:
        """Let a worker do now what it does by the clock."""
        common = settings(self.environment, {})
        fleet = read_fleet(str(self.folder / "fleet.yaml"))
        app = open_queue(server_of(fleet, common))

        async def queued() -> None:
            async with app.open_async():
                await app.configure_task(f"catalog_sync.{task}", queue=QUEUE, priority=20).defer_async(timestamp=0)

        asyncio.run(queued())

    def ask(self, path: str, **query: str) -> dict[str, list[dict[str, object]]]:
        told: dict[str, list[dict[str, object]]] = requests.get(
            f"{self.url}/_emulator/{path}", params=query, timeout=60
        ).json()
        return told

    def order(self, path: str, **body: object) -> None:
        requests.post(f"{self.url}/_emulator/{path}", json=body, timeout=60).raise_for_status()

    def review(self) -> None:
        """A reviewer approves what lies there."""
        for number in range(self.shops):
            self.order("verdict", appid=app_of(number), all=True, verdict="approve")

    def world(self, number: int) -> list[dict[str, object]]:
        """What one shop has on the platform."""
        return self.ask("world", appid=app_of(number))["goods"]

    def approved(self) -> int:
        """Goods that are on sale, in all shops."""
        return sum(each["audit_status"] == 2 for number in range(self.shops) for each in self.world(number))

    def time_passes(self) -> None:
        """Two minutes in which nobody gave a sign of life: for the leases of a killed worker, and for its jobs."""
        run(
            self.state,
            "UPDATE leases SET expires_at = expires_at - 120, heartbeat_at = heartbeat_at - 120",
            "UPDATE procrastinate_workers SET last_heartbeat = last_heartbeat - interval '120 seconds'",
        )

    def check(self) -> Counter[str]:
        """Each of the catalogue's goods is there once, and bound to the id that it has there."""
        figures: Counter[str] = Counter()
        bound = run(
            self.state,
            "SELECT s.app, c.address, c.remote_id FROM copies c JOIN scopes s ON s.id = c.scope ORDER BY 1, 2",
        )
        ids = {(app, address): remote_id for app, address, remote_id in bound}
        for number in range(self.shops):
            there = {str(each["url"]).rpartition("id=")[2].removesuffix(".html"): each for each in self.world(number)}
            figures["duplicates"] += len(self.world(number)) - len(there)
            for item in range(self.goods):
                known = ids.get((app_of(number), f"goods.cup-{item}"))
                figures["lost ids"] += str(item) not in there or known != there[str(item)]["goods_id"]
                figures["goods"] += 1
        figures["open journal rows"] = run(self.state, "SELECT count(*) FROM entries WHERE state = 'open'")[0][0]
        return figures

    def busy(self) -> int:
        """Shops that are under way, or could be: those that wait for a later hour are not."""
        due = "status = 'doing' OR (status = 'todo' AND coalesce(scheduled_at, now()) <= now())"
        return int(run(self.state, f"SELECT count(*) FROM procrastinate_jobs WHERE lock IS NOT NULL AND ({due})")[0][0])  # noqa: S608 - ours

    def jobs(self) -> Counter[str]:
        """The jobs of shops, by how they stand."""
        rows = run(self.state, "SELECT status, count(*) FROM procrastinate_jobs WHERE lock IS NOT NULL GROUP BY 1")
        return Counter({str(status): count for status, count in rows})

    def close(self) -> None:
        """End what still runs."""
        for worker in self.workers:
            if worker.process.poll() is None:
                worker.kill()


@contextmanager
def at_work(folder: Path, platform: EmulatorServer, state: str, shops: int, goods: int) -> Iterator[Fleet]:
    """A fleet whose workers are ended at the end."""
    fleet = Fleet(folder, platform, state, shops, goods)
    try:
        yield fleet
    finally:
        fleet.close()


def until(condition: Callable[[], bool], seconds: float, *, pace: float = 0.05) -> None:
    """Wait for something to become true."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(pace)
