"""Processes that are killed, and processes that write side by side."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

import catalog_sync
from catalog_sync.core.journal import EntryState
from catalog_sync.state import SqlStore, open_state

from .nursery import OFFSET
from .samples import APP, DAY, NOBODY, ORIGIN, WHO

KILLS = 30


class Nursery:
    """Starts children and kills them."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._into, self._out = process.stdin, process.stdout
        self._children: set[int] = set()

    def spawn(self, app: str, folder: Path, log: Path, threads: int) -> int:
        print(app, folder, log, threads, file=self._into, flush=True)
        child = int(self._out.readline())
        self._children.add(child)
        return child

    def kill(self, child: int) -> None:
        self._children.discard(child)
        os.kill(child, signal.SIGKILL)
        while Path(f"/proc/{child}").exists():
            time.sleep(0.001)

    def close(self) -> None:
        for child in tuple(self._children):
            self.kill(child)
        self._into.close()


@pytest.fixture
def nursery() -> Iterator[Nursery]:
    root = Path(catalog_sync.__file__).parents[1]
    command = [sys.executable, "-m", "tests.state.nursery"]
    with subprocess.Popen(command, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        made = Nursery(process)
        yield made
        made.close()


def lines(log: Path) -> list[list[str]]:
    return [line.split() for line in log.read_text().splitlines()] if log.exists() else []


def kill_after(nursery: Nursery, child: int, log: Path, count: int) -> list[list[str]]:
    """Kills a child once its log has so many lines; returns what it said."""
    deadline = time.monotonic() + 20
    while len(lines(log)) < count:
        assert time.monotonic() < deadline
        time.sleep(0.004)
    nursery.kill(child)
    return lines(log)


def opened(folder: Path, app: str = APP) -> SqlStore:
    return open_state("sqlite:///state.db", origin=ORIGIN, app=app, base=folder)


def check(folder: Path, said: list[list[str]], threads: int) -> None:
    """What a killed child left; its open entries are then closed, as the next run would."""
    with opened(folder) as store:
        snapshot = store.snapshot()
        bound = {each.current.remote_id for each in snapshot.bindings.values()}
        begun = sum(word == "begun" for word, _ in said)
        landed = {int(number) for word, number in said if word == "landed"}
        assert landed <= bound
        assert snapshot.tombstones == {each + OFFSET for each in bound}
        assert len(snapshot.open_entries) <= threads
        assert snapshot.spent.get(("submit", DAY), 0) >= begun
        settle(store)


def settle(store: SqlStore) -> None:
    last = max((lease.acquired_at for lease in store.leases()), default=0.0)
    lease = store.acquire(WHO, last + 1000.0)
    for each in store.snapshot().open_entries:
        store.finish(each.number, EntryState.NOT_LANDED, NOBODY, lease.epoch, answer={})


def test_a_killed_process_loses_nothing(tmp_path: Path, nursery: Nursery) -> None:
    opened(tmp_path).close()
    chance = random.Random(8)
    said: list[list[str]] = []
    for kill in range(KILLS):
        threads = chance.choice([1, 4, 12])
        log = tmp_path / f"log{kill}"
        said += kill_after(nursery, nursery.spawn(APP, tmp_path, log, threads), log, chance.randrange(1, 50))
        check(tmp_path, said, threads)
    with closing(sqlite3.connect(tmp_path / "state.db")) as plain:
        assert plain.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert plain.execute("PRAGMA foreign_key_check").fetchall() == []
        entries = plain.execute("SELECT count(*) FROM entries").fetchone()[0]
    with opened(tmp_path) as store:
        assert store.snapshot().spent == {("submit", DAY): entries}


def test_two_processes_begin_at_once(tmp_path: Path, nursery: Nursery) -> None:
    """Each in its own shop of one store, which neither had made before."""
    logs = {app: tmp_path / app for app in ("wx-a", "wx-b", "wx-c")}
    children = {app: nursery.spawn(app, tmp_path, log, 4) for app, log in logs.items()}
    said = {app: kill_after(nursery, children[app], log, 100) for app, log in logs.items()}
    for app, told in said.items():
        with opened(tmp_path, app) as store:
            snapshot = store.snapshot()
            bound = {each.current.remote_id for each in snapshot.bindings.values()}
            assert {int(number) for word, number in told if word == "landed"} <= bound
            assert snapshot.spent["submit", DAY] == len(snapshot.bindings) + len(snapshot.open_entries)
