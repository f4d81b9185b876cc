"""Kills processes that write to a state, and looks at what each of them left."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

import catalog_sync
from catalog_sync.core.journal import EntryState
from catalog_sync.state import SqlStore, open_state
from tests.postgres import run

from .nursery import OFFSET
from .samples import APP, DAY, FILE, NOBODY, ORIGIN, WHO


class Place(NamedTuple):
    """Where the state is, and the folder of what its writers say."""

    folder: Path
    url: str = FILE


class Nursery:
    """Starts children and kills them."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._into, self._out = process.stdin, process.stdout
        self._children: set[int] = set()

    def spawn(self, app: str, place: Place, log: Path, threads: int) -> int:
        print(app, place.folder, place.url, log, threads, file=self._into, flush=True)
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


@contextmanager
def new_nursery() -> Iterator[Nursery]:
    """A nursery whose children end with the block."""
    root = Path(catalog_sync.__file__).parents[1]
    command = [sys.executable, "-m", "tests.state.nursery"]
    with subprocess.Popen(command, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        made = Nursery(process)
        yield made
        made.close()


def lines(log: Path) -> list[list[str]]:
    """What a child said."""
    return [line.split() for line in log.read_text().splitlines()] if log.exists() else []


def kill_after(nursery: Nursery, child: int, log: Path, count: int) -> list[list[str]]:
    """Kills a child once its log has so many lines; returns what it said."""
    deadline = time.monotonic() + 60
    while len(lines(log)) < count:
        assert time.monotonic() < deadline
        time.sleep(0.004)
    nursery.kill(child)
    return lines(log)


def opened(place: Place, app: str = APP) -> SqlStore:
    """The state that the children write to."""
    return open_state(place.url, origin=ORIGIN, app=app, base=place.folder)


def crash(place: Place, nursery: Nursery, kills: int, seed: int) -> int:
    """Kill so many processes in the middle of `begin` and `finish`. After each the state opens, what was said to be
    stored is there, and the journal settles. Returns how many entries were begun."""
    opened(place).close()
    chance = random.Random(seed)
    said: list[list[str]] = []
    for kill in range(kills):
        threads = chance.choice([1, 4, 12])
        log = place.folder / f"log{kill}"
        said += kill_after(nursery, nursery.spawn(APP, place, log, threads), log, chance.randrange(1, 50))
        _check(place, said, threads)
    entries = _entries(place)
    with opened(place) as store:
        assert store.snapshot().spent == {("submit", DAY): entries}
    return entries


def _entries(place: Place) -> int:
    """The rows of the journal; a file is whole."""
    count = "SELECT count(*) FROM entries"
    if place.url != FILE:
        ((entries,),) = run(place.url, count)
        return int(entries)
    with closing(sqlite3.connect(place.folder / "state.db")) as plain:
        assert plain.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert plain.execute("PRAGMA foreign_key_check").fetchall() == []
        return int(plain.execute(count).fetchone()[0])


def _check(place: Place, said: list[list[str]], threads: int) -> None:
    """What a killed child left; its open entries are then closed, as the next run would."""
    with opened(place) as store:
        snapshot = store.snapshot()
        bound = {each.current.remote_id for each in snapshot.bindings.values()}
        begun = sum(word == "begun" for word, _ in said)
        landed = {int(number) for word, number in said if word == "landed"}
        assert landed <= bound
        assert snapshot.tombstones == {"goods": {each + OFFSET for each in bound}}
        assert len(snapshot.open_entries) <= threads
        assert snapshot.spent.get(("submit", DAY), 0) >= begun
        _settle(store)


def _settle(store: SqlStore) -> None:
    last = max((lease.acquired_at for lease in store.leases()), default=0.0)
    lease = store.acquire(WHO, last + 1000.0)
    for each in store.snapshot().open_entries:
        store.finish(each.number, EntryState.NOT_LANDED, NOBODY, lease.epoch, answer={})
    assert store.snapshot().open_entries == ()
