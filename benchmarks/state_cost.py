"""What the journal costs an action: threads that begin an entry, wait as long as a call takes, and finish it.

`python -m benchmarks.state_cost STATE ORIGIN ACTIONS WORKERS MILLISECONDS`; with `-` for the state they only wait. A
process of its own, whose start is not part of what it prints: the seconds from the first action to the last, after one
of each worker that does not count.
"""

from __future__ import annotations

import gc
import os
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from typing import TypeVar

from benchmarks import goods
from catalog_sync.cli import COLLECT_AFTER
from catalog_sync.core.journal import Amendment, Entry, EntryState
from catalog_sync.core.model import Address, Binding, Verb
from catalog_sync.core.ports import Holder
from catalog_sync.state.opening import open_state
from catalog_sync.state.store import SqlStore

T = TypeVar("T")


def _entry(binding: Binding) -> Entry:
    return Entry(
        address=binding.address,
        call="update",
        verb=Verb.UPDATE,
        pool="update",
        day=date(2026, 11, 22),
        digest="sha256:0",
        remote_id=binding.current.remote_id,
        fields={"price": 1_00},
        before={"price": 2_00},
        values=binding.current.sent,
        began_at=time.time(),
    )


class _Action:
    """One action on one of the goods."""

    def __init__(self, store: SqlStore, epoch: int, seconds: float) -> None:
        self._store = store
        self._epoch = epoch
        self._seconds = seconds

    def __call__(self, binding: Binding) -> None:
        entry = self._store.begin(_entry(binding), self._epoch)
        time.sleep(self._seconds)
        written = replace(binding, current=replace(binding.current, written_at=time.time()))
        self._store.finish(
            entry.number, EntryState.LANDED, Amendment(put=(written,)), self._epoch, answer={"errcode": 0}
        )


def main(state: str, origin: str, actions: str, workers: str, milliseconds: str) -> None:
    """Do them and print the seconds."""
    count, crowd, seconds = int(actions), int(workers), float(milliseconds) / 1000
    gc.set_threshold(COLLECT_AFTER)
    with ThreadPoolExecutor(crowd) as pool:
        if state == "-":
            print(_timed(pool, lambda _: time.sleep(seconds), range(count), crowd))
            return
        with open_state(f"sqlite:///{state}", origin=origin, app=goods.APP) as store:
            bound = store.snapshot().bindings
            chosen = [bound[Address(f"goods.item-{number % len(bound)}")] for number in range(count)]
            lease = store.acquire(Holder("benchmark", "here", os.getpid(), "benchmark"), time.time())
            print(_timed(pool, _Action(store, lease.epoch, seconds), chosen, crowd))
            store.release(lease)


def _timed(pool: ThreadPoolExecutor, action: Callable[[T], None], each: Sequence[T], crowd: int) -> float:
    list(pool.map(action, each[:crowd]))
    began = time.perf_counter()
    list(pool.map(action, each))
    return time.perf_counter() - began


if __name__ == "__main__":
    main(*sys.argv[1:])
