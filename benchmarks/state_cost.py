"""What the journal costs an action: threads that begin an entry, wait as long as a call takes, and finish it.

`python -m benchmarks.state_cost STATE ORIGIN ACTIONS WORKERS MILLISECONDS`; with `-` for the state they only wait. A
process of its own, whose start is not part of what it prints: the seconds from the first action to the last.
"""

from __future__ import annotations

import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

from benchmarks import goods
from catalog_sync.core.journal import Amendment, Entry, EntryState
from catalog_sync.core.model import Address, Binding, Verb
from catalog_sync.core.ports import Holder
from catalog_sync.state.opening import open_state
from catalog_sync.state.store import SqlStore


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
    count, seconds = int(actions), float(milliseconds) / 1000
    with ThreadPoolExecutor(int(workers)) as pool:
        if state == "-":
            began = time.perf_counter()
            list(pool.map(lambda _: time.sleep(seconds), range(count)))
            print(time.perf_counter() - began)
            return
        with open_state(f"sqlite:///{state}", origin=origin, app=goods.APP) as store:
            bound = store.snapshot().bindings
            chosen = [bound[Address(f"goods.item-{number}")] for number in range(count)]
            lease = store.acquire(Holder("benchmark", "here", os.getpid(), "benchmark"), time.time())
            began = time.perf_counter()
            list(pool.map(_Action(store, lease.epoch, seconds), chosen))
            print(time.perf_counter() - began)
            store.release(lease)


if __name__ == "__main__":
    main(*sys.argv[1:])
