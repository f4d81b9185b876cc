"""Values that the tests put into a state, and the shops that they put them in."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Protocol

from catalog_sync.core.journal import Amendment, Entry, EntryState
from catalog_sync.core.model import Address, AuditStatus, Binding, Copy, Observation, Remote, Values, Verb
from catalog_sync.core.ports import Holder, Lease, Run
from catalog_sync.state import SqlStore, open_state
from catalog_sync.state.sqlite import SqliteDatabase

ORIGIN = "https://api.weixin.qq.com"
APP = "wx0123456789abcdef"
DAY = date(2026, 11, 21)
WHO = Holder("ops@shop", "ci-7", 4242, "catalog-sync apply --yes")
FILE = "sqlite:///state.db"
NOBODY: Amendment = Amendment()
NOTHING: Values = (None,) * 4


class Shop(Protocol):
    """One backing of a state. Each `open` is another handle on the same store, as another process would have."""

    def open(self, *, origin: str = ORIGIN, app: str = APP) -> SqlStore: ...


@contextmanager
def driver_of(store: SqlStore) -> Iterator[sqlite3.Connection]:
    """The connection of a state in SQLite, while nobody else uses it."""
    database = store._database
    assert isinstance(database, SqliteDatabase)
    with database.alone() as driver:
        yield driver


class MemoryShop:
    """A state in memory: one handle for all."""

    def __init__(self) -> None:
        self._stores: dict[tuple[str, str], SqlStore] = {}

    def open(self, *, origin: str = ORIGIN, app: str = APP) -> SqlStore:
        known = self._stores.get((origin, app))
        if known is None:
            known = self._stores[origin, app] = open_state("sqlite://", origin=origin, app=app)
        return known

    def close(self) -> None:
        for store in self._stores.values():
            store.close()


class DurableShop:
    """A state in a SQLite file, or on a server."""

    def __init__(self, folder: Path, url: str = FILE) -> None:
        self._folder = folder
        self._url = url
        self._stores: list[SqlStore] = []

    def open(self, *, origin: str = ORIGIN, app: str = APP) -> SqlStore:
        self._stores.append(open_state(self._url, origin=origin, app=app, base=self._folder))
        return self._stores[-1]

    def close(self) -> None:
        for store in self._stores:
            store.close()


def values(name: str = "TIT茶杯") -> Values:
    return (name, "sha256:00ff", 9950, None)


def copy(remote_id: int, name: str = "TIT茶杯") -> Copy:
    return Copy(remote_id, None, values(name), None, NOTHING, NOTHING)


def binding(key: str, remote_id: int, successor: int | None = None) -> Binding:
    return Binding(Address(f"goods.{key}"), copy(remote_id), None if successor is None else copy(successor))


def entry(key: str = "cup", verb: Verb = Verb.CREATE, pool: str | None = "submit", day: date = DAY) -> Entry:
    return Entry(Address(f"goods.{key}"), "add", verb, pool, day, "sha256:ab", values=values(), began_at=1000.5)


def remote(remote_id: int, name: str = "TIT茶杯", status: AuditStatus | None = AuditStatus.APPROVED) -> Remote:
    return Remote(remote_id, status, values(name), ours=True)


def seen(*remotes: Remote, at: float = 0.0, unread: bool = False, stable: bool = True) -> Observation:
    return Observation({each.remote_id: each for each in remotes}, taken_at=at, unread=unread, stable=stable)


def run(name: str = "r1", ended_at: float | None = None, summary: dict[str, int] | None = None) -> Run:
    return Run(name, "apply", "ops@shop", "c0ffee", None, 1000.0, ended_at, summary or {})


def land(store: SqlStore, lease: Lease, key: str, remote_id: int) -> int:
    """One add from begin to finish; returns the entry's number."""
    number = store.begin(entry(key), lease.epoch).number
    bound = Amendment(put=(binding(key, remote_id),))
    store.finish(number, EntryState.LANDED, bound, lease.epoch, answer={"errcode": 0, "goodsId": remote_id})
    return number


def first_seen(observation: Observation) -> dict[int, int]:
    return {remote_id: each.first_seen for remote_id, each in observation.remotes.items()}


def without_numbers(observation: Observation | None) -> Observation | None:
    """An observation as it was before it was stored."""
    if observation is None:
        return None
    bare = {remote_id: replace(each, first_seen=0) for remote_id, each in observation.remotes.items()}
    return replace(observation, number=0, remotes=bare)
