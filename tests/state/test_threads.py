"""Threads that share a store: their writes are committed together, and each suffers only its own failure."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Connection, event, text

from catalog_sync.core.journal import Amendment
from catalog_sync.core.ports import Lease
from catalog_sync.state import AlreadyBound, SqlStore
from catalog_sync.state.errors import StateBusy

from .samples import DAY, NOBODY, WHO, DurableShop, binding, driver_of, entry, land, remote, seen

THREADS = 32
EACH = 12


def together(store: SqlStore, *work: Callable[[], object]) -> list[Future[object]]:
    """Runs pieces of work so that all of them wait at the same time; the first to come leads."""
    with ThreadPoolExecutor(len(work)) as pool, store._database._turn:
        futures = []
        for number, each in enumerate(work, 1):
            futures.append(pool.submit(each))
            while len(store._database._waiting) < number:
                time.sleep(0.001)
    return futures


def test_many_threads_begin_and_finish(store: SqlStore, lease: Lease) -> None:
    def work(thread: int) -> list[int]:
        return [land(store, lease, f"k{thread}-{each}", thread * 1000 + each + 1) for each in range(EACH)]

    with ThreadPoolExecutor(THREADS) as pool:
        numbers = [number for made in pool.map(work, range(THREADS)) for number in made]
    assert len(set(numbers)) == THREADS * EACH
    snapshot = store.snapshot()
    assert len(snapshot.bindings) == THREADS * EACH
    assert snapshot.spent == {("submit", DAY): THREADS * EACH}
    assert snapshot.open_entries == ()


def test_reads_and_observations_go_between(store: SqlStore, lease: Lease) -> None:
    stop = threading.Event()

    def look() -> int:
        looks = 0
        while not stop.is_set():
            snapshot = store.snapshot()
            assert snapshot.spent.get(("submit", DAY), 0) == len(snapshot.bindings) + len(snapshot.open_entries)
            looks = store.record_observation("goods", seen(remote(1), unread=True)).number
        return looks

    with ThreadPoolExecutor(5) as pool:
        looking = pool.submit(look)
        writing = [pool.submit(land, store, lease, f"k{each}", each + 1) for each in range(40)]
        for each in writing:
            each.result()
        stop.set()
        assert looking.result() > 0


def test_waiting_writes_are_committed_together(store: SqlStore, lease: Lease) -> None:
    commits: list[Connection] = []
    event.listen(store._database._engine, "commit", commits.append)
    begun = together(store, *(lambda key=each: store.begin(entry(f"k{key}"), lease.epoch) for each in range(8)))
    assert len({future.result().number for future in begun}) == 8  # type: ignore[attr-defined] # an Entry
    assert len(commits) == 1


def test_a_failure_is_only_its_own(store: SqlStore, lease: Lease) -> None:
    land(store, lease, "cup", 51)
    bound = [
        future.exception()
        for future in together(
            store,
            lambda: store.amend(Amendment(put=(binding("a", 1),)), lease.epoch),
            lambda: store.amend(Amendment(put=(binding("b", 51),), tombstones=(("goods", 9),)), lease.epoch),
            lambda: store.amend(Amendment(put=(binding("c", 3),)), lease.epoch),
        )
    ]
    assert [type(each) for each in bound] == [type(None), AlreadyBound, type(None)]
    assert list(store.snapshot().bindings) == ["goods.a", "goods.c", "goods.cup"]
    assert store.snapshot().tombstones == {}


def test_a_file_that_stays_locked_is_waited_for_once(tmp_path: Path) -> None:
    store = DurableShop(tmp_path).open()
    lease = store.acquire(WHO, 1000.0)
    with driver_of(store) as driver:
        driver.execute("PRAGMA busy_timeout = 500")
    with closing(sqlite3.connect(tmp_path / "state.db", isolation_level=None)) as browser:
        browser.execute("BEGIN IMMEDIATE")
        start = time.monotonic()
        begun = together(store, *(lambda each=each: store.begin(entry(f"k{each}"), lease.epoch) for each in range(30)))
        assert {type(future.exception()) for future in begun} == {StateBusy}
        assert time.monotonic() - start < 30 * 0.5 / 2
        browser.execute("ROLLBACK")
    assert store.begin(entry(), lease.epoch).number > 0


def test_an_interrupted_leader_leaves_the_others_their_work(store: SqlStore) -> None:
    """Ctrl-C reaches one thread, in the middle of what it does for all."""
    runs: list[int] = []

    def work(number: int) -> Callable[[Connection], int]:
        def note(connection: Connection) -> int:
            runs.append(number)
            connection.execute(text("INSERT INTO facts (scope, word) VALUES (1, :word)"), {"word": f"w{number}"})
            if len(runs) == 2:
                raise KeyboardInterrupt
            return number

        return note

    done = together(store, *(lambda each=each: store._database.write(work(each)) for each in range(3)))
    interrupted = [number for number, future in enumerate(done) if isinstance(future.exception(), KeyboardInterrupt)]
    assert len(interrupted) == 1
    assert store.snapshot().facts == {"w0", "w1", "w2"} - {f"w{interrupted[0]}"}


def test_a_failed_transaction_is_rolled_back(store: SqlStore, lease: Lease) -> None:
    def broken(connection: Connection) -> None:
        connection.execute(text("DELETE FROM leases"))
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        store._database.write(broken)
    store.amend(NOBODY, lease.epoch)
