"""One shop in a store: its row, the fence that keeps out who lost the lock, and the serial."""

from __future__ import annotations

from typing import NamedTuple
from uuid import uuid4

from sqlalchemy import Connection, bindparam, select, update

from catalog_sync.core.ports import LeaseLost
from catalog_sync.state.statements import SCOPE, Prepared, inserting_new
from catalog_sync.state.tables import leases, scopes

_FIND = select(scopes.c.id).where(scopes.c.origin == bindparam("origin"), scopes.c.app == bindparam("app"))
_MAKE = inserting_new(scopes, "origin", "app", "lineage", "serial", "epoch", "observation", "dirty")
_STANDING = Prepared(
    select(scopes.c.epoch, leases.c.epoch, scopes.c.observation, scopes.c.dirty)
    .select_from(scopes.outerjoin(leases, leases.c.scope == scopes.c.id))
    .where(scopes.c.id == SCOPE)
)
_VERSION = select(scopes.c.lineage, scopes.c.serial, scopes.c.dirty).where(scopes.c.id == SCOPE)
_MARK = update(scopes).where(scopes.c.id == SCOPE).values(dirty=True)
_RAISE = (
    update(scopes).where(scopes.c.id == SCOPE, scopes.c.dirty.is_(True)).values(serial=scopes.c.serial + 1, dirty=False)
)


class Version(NamedTuple):
    """Which state this is: its lineage, its serial, and whether it was written since the serial rose."""

    lineage: str
    serial: int
    dirty: bool


class Standing(NamedTuple):
    """What a write must know of its shop. `leased` is None where nobody holds the lock."""

    epoch: int
    leased: int | None
    observation: int
    dirty: bool


def find_scope(connection: Connection, origin: str, app: str) -> int | None:
    """The row of a shop that the store knows."""
    return connection.execute(_FIND, {"origin": origin, "app": app}).scalar()


def make_scope(connection: Connection, origin: str, app: str) -> int:
    """The row of a shop, made where the store does not know it: a new lineage."""
    row = {
        "origin": origin,
        "app": app,
        "lineage": uuid4().hex,
        "serial": 0,
        "epoch": 0,
        "observation": 0,
        "dirty": False,
    }
    _MAKE.run(connection, row)
    found: int = connection.execute(_FIND, {"origin": origin, "app": app}).scalar_one()
    return found


def read_version(connection: Connection, scope: int) -> Version:
    """Lineage and serial."""
    return Version(*connection.execute(_VERSION, {"s": scope}).one())


def check_lease(connection: Connection, scope: int, epoch: int) -> Standing:
    """Raises `LeaseLost` unless a lease stands under this very epoch."""
    standing = Standing(*_STANDING.run(connection, {"s": scope}).fetchall()[0])
    if not standing.epoch == standing.leased == epoch:
        raise LeaseLost("the lock is not ours any more")
    return standing


def fence(connection: Connection, scope: int, epoch: int) -> int:
    """Lets only the holder of the lock write, and notes that something is written. Returns the number of the last
    observation."""
    standing = check_lease(connection, scope, epoch)
    if not standing.dirty:
        connection.execute(_MARK, {"s": scope})
    return standing.observation


def raise_serial(connection: Connection, scope: int) -> None:
    """One more, when anything was written since it rose last: also by a run that was killed before its end."""
    connection.execute(_RAISE, {"s": scope})
