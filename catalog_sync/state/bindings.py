"""Bindings: our keys and the remote items that they stand for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, bindparam, delete, select

from catalog_sync.core.model import Address, Binding, Copy, Role, Values, system_of
from catalog_sync.state.codec import decode_optional, decode_values, encode, encode_optional
from catalog_sync.state.errors import AlreadyBound
from catalog_sync.state.statements import SCOPE, Prepared, inserting_new
from catalog_sync.state.tables import copies

_COLUMNS = (
    copies.c.address,
    copies.c.role,
    copies.c.protect,
    copies.c.remote_id,
    copies.c.audit_id,
    copies.c.sent,
    copies.c.submitted,
    copies.c.echo,
    copies.c.replaced,
    copies.c.written_at,
    copies.c.locked_out,
    copies.c.submitted_at,
)
# `current` sorts before `successor`, so that a successor finds its binding.
_ALL = Prepared(select(*_COLUMNS).where(copies.c.scope == SCOPE).order_by(copies.c.address, copies.c.role))
_HELD = Prepared(
    select(copies.c.address, copies.c.remote_id, copies.c.written_at)
    .where(copies.c.scope == SCOPE)
    .order_by(copies.c.address, copies.c.role)
)
_CURRENT = Role.CURRENT.value
_DROP = Prepared(delete(copies).where(copies.c.scope == SCOPE, copies.c.address == bindparam("a")))
_BIND = inserting_new(copies)
_OWNER = select(copies.c.address).where(
    copies.c.scope == SCOPE, copies.c.system == bindparam("y"), copies.c.remote_id == bindparam("i")
)


def load_bindings(connection: Connection, scope: int) -> dict[Address, Binding]:
    """All bindings by address, in its order."""
    loaded: dict[Address, Binding] = {}
    for row in _ALL.stream(connection, {"s": scope}):
        address, role, protect = row[:3]
        copy = _copy(row)
        if role == _CURRENT:
            loaded[address] = Binding(address, copy, None, bool(protect))
        else:
            loaded[address] = Binding(address, loaded[address].current, copy, bool(protect))
    return loaded


def load_bound(connection: Connection, scope: int) -> dict[Address, dict[int, float]]:
    """The ids that are bound by address, the current one first, with the end of our last write (0: unknown)."""
    loaded: dict[Address, dict[int, float]] = {}
    for address, remote_id, written_at in _HELD.stream(connection, {"s": scope}):
        loaded.setdefault(address, {})[remote_id] = written_at or 0.0
    return loaded


def _copy(row: tuple[Any, ...]) -> Copy:
    """The copy of a row. Most of its values are equal to what was sent, or the same nothing as everywhere: sharing them
    more than halves the memory of 100,000 bindings."""
    remote_id, audit_id, sent_text, submitted_text, echo_text, replaced_text, written_at, locked_out, submitted_at = (
        row[3:]
    )
    sent = decode_values(sent_text)
    submitted = sent if submitted_text == sent_text else decode_optional(submitted_text)
    echo = _shared(sent, decode_values(echo_text))
    replaced = _decode_shared(replaced_text)
    return Copy(remote_id, audit_id, sent, submitted, echo, replaced, written_at, bool(locked_out), submitted_at)


_decode_shared = lru_cache(64)(decode_values)


def _shared(sent: Values, echo: Values) -> Values:
    """`echo`, holding the very objects of `sent` where the two are equal."""
    if len(sent) != len(echo):
        return echo
    return tuple([mine if mine == seen else seen for mine, seen in zip(sent, echo, strict=True)])


def replace_bindings(connection: Connection, scope: int, put: Sequence[Binding], drop: Iterable[Address]) -> None:
    """Remove what stands at these addresses, then bind `put`; raises `AlreadyBound`."""
    gone = [{"s": scope, "a": address} for address in (*drop, *(binding.address for binding in put))]
    _DROP.run_all(connection, gone)
    rows = [row for binding in put for row in _rows(scope, binding)]
    if _BIND.run_all(connection, rows) != len(rows):
        raise _bound_twice(connection, scope, rows)


def _rows(scope: int, binding: Binding) -> Iterator[dict[str, Any]]:
    yield _row(scope, binding, Role.CURRENT, binding.current)
    if binding.successor is not None:
        yield _row(scope, binding, Role.SUCCESSOR, binding.successor)


def _row(scope: int, binding: Binding, role: Role, copy: Copy) -> dict[str, Any]:
    return {
        "scope": scope,
        "address": binding.address,
        "role": role.value,
        "system": system_of(binding.address),
        "remote_id": copy.remote_id,
        "audit_id": copy.audit_id,
        "sent": encode(copy.sent),
        "submitted": encode_optional(copy.submitted),
        "echo": encode(copy.echo),
        "replaced": encode(copy.replaced),
        "written_at": copy.written_at,
        "submitted_at": copy.submitted_at,
        "locked_out": copy.locked_out,
        "protect": binding.protect,
    }


def _bound_twice(connection: Connection, scope: int, rows: Sequence[dict[str, Any]]) -> AlreadyBound:
    """Which of the rows found its id taken, by another address or by an earlier one of them."""
    seen: set[tuple[str, int]] = set()
    for row in rows:
        known = (row["system"], row["remote_id"])
        owner = connection.execute(_OWNER, {"s": scope, "y": known[0], "i": known[1]}).scalar()
        if owner != row["address"] or known in seen:
            return AlreadyBound(row["remote_id"], row["address"])
        seen.add(known)
    return AlreadyBound(rows[0]["remote_id"], rows[0]["address"])
