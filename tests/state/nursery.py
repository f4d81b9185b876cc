"""Processes that write to a state until they are killed. `python -m tests.state.nursery` forks one for each line of its
input, `app folder url log threads`, and prints its process id; so that imports are paid once.

A child appends to its log a line for each entry that is begun and for each that is finished, after the store said so.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from pathlib import Path
from unittest.mock import patch

from catalog_sync.core.journal import Amendment, EntryState
from catalog_sync.state import SqlStore, open_state
from catalog_sync.state.postgres import ServerDatabase

from .samples import ORIGIN, WHO, binding, entry

OFFSET = 1_000_000_000
"""Between a bound id and the tombstone that the same amendment writes."""


def main() -> None:
    """Fork a child for each line; children that end are not waited for."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    open_state("sqlite://", origin=ORIGIN, app="warm").close()  # everything is imported before the first fork
    patch.object(ServerDatabase, "now", lambda _, ours: ours).start()  # a lease is over when the next child says so
    for line in sys.stdin:
        app, folder, url, log, threads = line.split()
        child = os.fork()
        if child == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            write_for_ever(open_state(url, origin=ORIGIN, app=app, base=Path(folder)), Path(log), int(threads))
            os._exit(1)
        print(child, flush=True)


def write_for_ever(store: SqlStore, log: Path, threads: int) -> None:
    """The child: each thread begins and finishes until the process is killed."""
    lease = store.acquire(WHO, 1000.0 * lease_number(store))
    told = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    work = [
        threading.Thread(target=write, args=(store, lease.epoch, told, number, threads)) for number in range(threads)
    ]
    for thread in work:
        thread.start()
    for thread in work:
        thread.join()


def lease_number(store: SqlStore) -> int:
    """Far enough from the last lease for it to have expired."""
    return 1 + sum(int(lease.acquired_at // 1000) for lease in store.leases())


def write(store: SqlStore, epoch: int, told: int, number: int, step: int) -> None:
    """One thread: adds an item, with a new id each time, and says so; for a minute, should nobody kill it."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        begun = store.begin(entry(f"{epoch}-{number}"), epoch)
        os.write(told, f"begun {begun.number}\n".encode())
        remote_id = epoch * 1_000_000 + number
        amendment = Amendment(
            put=(binding(f"{epoch}-{number}", remote_id),), tombstones=(("goods", remote_id + OFFSET),)
        )
        store.finish(begun.number, EntryState.LANDED, amendment, epoch, answer={"goodsId": remote_id})
        os.write(told, f"landed {remote_id}\n".encode())
        number += step


if __name__ == "__main__":
    main()
