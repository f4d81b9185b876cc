"""The ledger: calls by pool and quota day, as we sent them and as the platform counts them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from sqlalchemy import Connection, bindparam, case, delete, func, select, update

from catalog_sync.state.statements import SCOPE, Prepared, inserting_new
from catalog_sync.state.tables import ledger

Spent = dict[tuple[str, date], int]

KEPT_DAYS = 90

_THIS = (
    ledger.c.scope == SCOPE,
    ledger.c.pool == bindparam("p"),
    ledger.c.day == bindparam("d"),
)
_OPEN_DAY = inserting_new(ledger)
_CHARGE = Prepared(update(ledger).where(*_THIS).values(spent=ledger.c.spent + bindparam("n")))
# The highest count wins: the platform's counter may lag behind, and a second process may have read it earlier.
_TELL = (
    update(ledger)
    .where(*_THIS)
    .values(told=case((func.coalesce(ledger.c.told, -1) < bindparam("n"), bindparam("n")), else_=ledger.c.told))
)
_ALL = select(ledger.c.pool, ledger.c.day, ledger.c.spent, ledger.c.told).where(ledger.c.scope == SCOPE)
_NEWEST = select(func.max(ledger.c.day)).where(ledger.c.scope == SCOPE)
_PRUNE = delete(ledger).where(ledger.c.scope == SCOPE, ledger.c.day < bindparam("d"))


def charge(connection: Connection, scope: int, pool: str, day: date, calls: int) -> None:
    """Add calls to what we sent; a negative number gives back."""
    key = {"s": scope, "p": pool, "d": day.isoformat(), "n": calls}
    if _CHARGE.run(connection, key).rowcount == 0:
        _OPEN_DAY.run(connection, _row(scope, pool, day, calls))


def charge_all(connection: Connection, scope: int, reads: Mapping[str, int], day: date) -> None:
    """Add calls to several pools."""
    for pool, calls in reads.items():
        charge(connection, scope, pool, day, calls)


def tell(connection: Connection, scope: int, counts: Mapping[str, int], day: date) -> None:
    """Keep the platform's own counts, the highest that was seen."""
    for pool, count in counts.items():
        _OPEN_DAY.run(connection, _row(scope, pool, day, 0))
        connection.execute(_TELL, {"s": scope, "p": pool, "d": day.isoformat(), "n": count})


def _row(scope: int, pool: str, day: date, spent: int) -> dict[str, object]:
    return {"scope": scope, "pool": pool, "day": day.isoformat(), "spent": spent, "told": None}


def load_ledger(connection: Connection, scope: int) -> tuple[Spent, Spent]:
    """What we sent, and what the platform told."""
    spent: Spent = {}
    seen: Spent = {}
    for pool, text, calls, told in connection.execute(_ALL, {"s": scope}):
        day = date.fromisoformat(text)
        if calls:
            spent[pool, day] = calls
        if told is not None:
            seen[pool, day] = told
    return spent, seen


def prune_ledger(connection: Connection, scope: int) -> None:
    """Forget the days that no plan asks for any more."""
    newest: str | None = connection.execute(_NEWEST, {"s": scope}).scalar()
    if newest is not None:
        oldest = date.fromisoformat(newest) - timedelta(days=KEPT_DAYS)
        connection.execute(_PRUNE, {"s": scope, "d": oldest.isoformat()})
