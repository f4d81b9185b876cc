"""The lock of a shop: a lease that its holder renews, under an epoch that only grows."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, bindparam, delete, select, update

from catalog_sync.core.errors import LockHeld
from catalog_sync.core.ports import Holder, Lease, LeaseLost
from catalog_sync.state.codec import plain, plain_optional
from catalog_sync.state.scope import raise_serial
from catalog_sync.state.statements import SCOPE, upserting
from catalog_sync.state.tables import leases, scopes

LEASE_SECONDS = 60.0

_FIND = select(leases, scopes.c.app).join(scopes, scopes.c.id == leases.c.scope).where(leases.c.scope == SCOPE)
_SHOP = select(scopes.c.epoch, scopes.c.app).where(scopes.c.id == SCOPE)
_SET_EPOCH = update(scopes).where(scopes.c.id == SCOPE).values(epoch=bindparam("e"))
_THIS = (leases.c.scope == SCOPE, leases.c.id == bindparam("i"))
_RENEW = update(leases).where(*_THIS).values(heartbeat_at=bindparam("at"), expires_at=bindparam("until"))
_TAKE = upserting(leases, *(column.name for column in leases.columns if column.name != "scope"))
_DELETE = delete(leases).where(*_THIS)


def acquire(connection: Connection, scope: int, who: Holder, now: float) -> Lease:
    """Take the lock; a lease that has expired gives way to the next epoch."""
    held = find_lease(connection, scope)
    if held is not None and held.expires_at > now:
        raise lock_held(held)
    epoch, app = connection.execute(_SHOP, {"s": scope}).one()
    lease = Lease(uuid4().hex[:12], app, epoch + 1, who, now, now, now + LEASE_SECONDS)
    connection.execute(_SET_EPOCH, {"s": scope, "e": lease.epoch})
    _TAKE.run(connection, _row(scope, lease))
    raise_serial(connection, scope)
    return lease


def renew(connection: Connection, scope: int, lease: Lease, now: float) -> Lease:
    """Prolong the lease, also one that has expired while nobody else took it."""
    until = now + LEASE_SECONDS
    if connection.execute(_RENEW, {"s": scope, "i": lease.id, "at": now, "until": until}).rowcount == 0:
        raise LeaseLost("the lock is not ours any more")
    return replace(lease, heartbeat_at=now, expires_at=until)


def release(connection: Connection, scope: int, lease_id: str) -> bool:
    """Let the lock go; false when there is no such lease any more."""
    ours = connection.execute(_DELETE, {"s": scope, "i": lease_id}).rowcount > 0
    if ours:
        raise_serial(connection, scope)
    return ours


def find_lease(connection: Connection, scope: int) -> Lease | None:
    """The lease of the shop, expired or not."""
    row = connection.execute(_FIND, {"s": scope}).mappings().one_or_none()
    if row is None:
        return None
    who = Holder(row["holder"], row["host"], row["pid"], row["command"], row["run_url"])
    return Lease(row["id"], row["app"], row["epoch"], who, row["acquired_at"], row["heartbeat_at"], row["expires_at"])


def _row(scope: int, lease: Lease) -> dict[str, Any]:
    return {
        "scope": scope,
        "id": lease.id,
        "epoch": lease.epoch,
        "holder": plain(lease.holder.holder),
        "host": plain(lease.holder.host),
        "pid": lease.holder.pid,
        "command": plain(lease.holder.command),
        "run_url": plain_optional(lease.holder.run_url),
        "acquired_at": lease.acquired_at,
        "heartbeat_at": lease.heartbeat_at,
        "expires_at": lease.expires_at,
    }


def lock_held(lease: Lease) -> LockHeld:
    """Who holds the lock, since when, and what to do about it."""
    who = lease.holder
    since = datetime.fromtimestamp(lease.acquired_at, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    where = f", {who.run_url}" if who.run_url else ""
    return LockHeld(
        f"{lease.app} is locked by {who.holder} on {who.host} (pid {who.pid}) since {since}: {who.command}{where}",
        hint=f"wait for it with --lock-timeout 5m, or run `catalog-sync force-unlock {lease.id}` when it is dead",
    )
