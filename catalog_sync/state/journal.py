"""The journal's rows: an intention is opened and charged before its call, and closed with what the answer changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection, RowMapping, bindparam, delete, func, select, update

from catalog_sync.core.journal import Amendment, Entry, EntryState
from catalog_sync.core.model import Address, Role, Verb, system_of
from catalog_sync.core.quota import CLOCK_STEP, HOUR
from catalog_sync.state.codec import decode_fields, decode_optional, encode, encode_answer, encode_optional
from catalog_sync.state.errors import EntryNotOpen
from catalog_sync.state.knowledge import apply_amendment
from catalog_sync.state.ledger import charge
from catalog_sync.state.scope import fence
from catalog_sync.state.statements import SCOPE, Numbered, Prepared
from catalog_sync.state.tables import NOT_LANDED, OPEN, copies, entries

KEPT_ENTRIES = 10_000
"""How many rows the journal of a shop keeps; more than all daily pools together hold."""

REMEMBERED = HOUR + CLOCK_STEP
"""Seconds for which a pool that is counted by the hour remembers a call."""

_OPEN = entries.c.state == OPEN
_THIS = (entries.c.number == bindparam("n"), entries.c.scope == SCOPE, _OPEN)
_INSERT = Numbered(entries)
_CLOSE = Prepared(update(entries).where(*_THIS).values(state=bindparam("to"), answer=bindparam("with")))
_NOTE_END = Prepared(update(entries).where(*_THIS).values(ended_at=bindparam("at")))
_DISMISS = (
    update(entries)
    .where(entries.c.scope == SCOPE, entries.c.address == bindparam("a"), _OPEN)
    .values(state=EntryState.DISMISSED.value)
)
_CHARGED = select(entries.c.pool, entries.c.day).where(entries.c.number == bindparam("n"))
_BOUND_SYSTEMS = select(copies.c.system).where(copies.c.scope == SCOPE).distinct()
_OPEN_ROWS = select(entries).where(entries.c.scope == SCOPE, _OPEN).order_by(entries.c.number)
# Uploads are repeated freely: they do not put an item off to the next day.
_NOT_LANDED = (
    select(entries.c.address, entries.c.day, func.count())
    .where(entries.c.scope == SCOPE, entries.c.state == NOT_LANDED, entries.c.verb != Verb.UPLOAD.value)
    .group_by(entries.c.address, entries.c.day)
)
_NEWEST_CHARGE = select(func.max(entries.c.charged_at)).where(entries.c.scope == SCOPE).scalar_subquery()
WITHIN_THE_HOUR = entries.c.charged_at > _NEWEST_CHARGE - REMEMBERED
"""The rows that count for an hour's limit."""

_RECENT = (
    select(entries.c.pool, entries.c.charged_at)
    .where(
        entries.c.scope == SCOPE,
        entries.c.pool.is_not(None),
        entries.c.state != EntryState.NOT_SENT.value,
        WITHIN_THE_HOUR,
    )
    .order_by(entries.c.charged_at)
)
_OLDEST_KEPT = (
    select(entries.c.number)
    .where(entries.c.scope == SCOPE)
    .order_by(entries.c.number.desc())
    .limit(1)
    .offset(KEPT_ENTRIES)
)
# What counts for an hour's limit stays, however many uncounted calls came after it.
_PRUNE = delete(entries).where(
    entries.c.scope == SCOPE,
    entries.c.number <= bindparam("n"),
    entries.c.state != OPEN,
    entries.c.charged_at.is_(None) | ~WITHIN_THE_HOUR,
)


def begin(connection: Connection, scope: int, entry: Entry, epoch: int) -> Entry:
    """Open an entry and charge its pool."""
    observation = fence(connection, scope, epoch)
    opened = replace(entry, state=EntryState.OPEN, observation=observation)
    number = _INSERT.add(connection, encode_entry(scope, opened))
    if entry.pool is not None:
        charge(connection, scope, entry.pool, entry.day, 1)
    return replace(opened, number=number)


def note_end(connection: Connection, scope: int, number: int, at: float, epoch: int) -> None:
    """Note when the call of an open entry ended."""
    fence(connection, scope, epoch)
    if _NOTE_END.run(connection, {"s": scope, "n": number, "at": at}).rowcount == 0:
        raise EntryNotOpen(number)


class Closing(NamedTuple):
    """How an entry ends: the platform's raw answer, and what it changes."""

    number: int
    state: EntryState
    amendment: Amendment
    answer: Mapping[str, object]


def finish(connection: Connection, scope: int, closing: Closing, epoch: int) -> None:
    """Close an entry, with what it changes."""
    fence(connection, scope, epoch)
    row = {"s": scope, "n": closing.number, "to": closing.state.value, "with": encode_answer(closing.answer)}
    if closing.state is EntryState.OPEN or _CLOSE.run(connection, row).rowcount == 0:
        raise EntryNotOpen(closing.number)
    if closing.state is EntryState.NOT_SENT:
        _give_back(connection, scope, closing.number)
    apply_amendment(connection, scope, closing.amendment)


def _give_back(connection: Connection, scope: int, number: int) -> None:
    pool, day = connection.execute(_CHARGED, {"n": number}).one()
    if pool is not None:
        charge(connection, scope, pool, date.fromisoformat(day), -1)


def dismiss(connection: Connection, scope: int, address: Address, epoch: int) -> int:
    """Close the open entries of an address because a person decided; returns how many there were."""
    fence(connection, scope, epoch)
    return connection.execute(_DISMISS, {"s": scope, "a": address}).rowcount


def load_open(connection: Connection, scope: int) -> tuple[Entry, ...]:
    """The open entries, oldest first."""
    return tuple(decode_entry(row) for row in connection.execute(_OPEN_ROWS, {"s": scope}).mappings())


def count_not_landed(connection: Connection, scope: int) -> dict[tuple[Address, date], int]:
    """How many writes were judged not landed, by address and day."""
    return {
        (address, date.fromisoformat(day)): count
        for address, day, count in connection.execute(_NOT_LANDED, {"s": scope})
    }


def load_systems(connection: Connection, scope: int) -> frozenset[str]:
    """The systems of which anything is bound or undecided."""
    bound = connection.execute(_BOUND_SYSTEMS, {"s": scope}).scalars()
    return frozenset(bound) | {system_of(entry.address) for entry in load_open(connection, scope)}


def load_recent(connection: Connection, scope: int) -> dict[str, tuple[float, ...]]:
    """When calls were charged within an hour of the newest one, by pool, oldest first (platform's clock)."""
    recent: dict[str, list[float]] = {}
    for pool, at in connection.execute(_RECENT, {"s": scope}):
        recent.setdefault(pool, []).append(at)
    return {pool: tuple(times) for pool, times in recent.items()}


def prune_entries(connection: Connection, scope: int) -> None:
    """Forget the oldest closed entries."""
    number = connection.execute(_OLDEST_KEPT, {"s": scope}).scalar()
    if number is not None:
        connection.execute(_PRUNE, {"s": scope, "n": number})


def encode_entry(scope: int, entry: Entry) -> dict[str, Any]:
    """An entry's row, without its number."""
    return {
        "scope": scope,
        "address": entry.address,
        "parent": entry.parent,
        "call": entry.call,
        "verb": entry.verb.value,
        "pool": entry.pool,
        "day": entry.day.isoformat(),
        "digest": entry.digest,
        "role": entry.role.value,
        "remote_id": entry.remote_id,
        "audit_id": entry.audit_id,
        "fields": encode(dict(entry.fields)),
        "before": encode(dict(entry.before)),
        "item": encode_optional(entry.values),
        "protect": entry.protect,
        "observation": entry.observation,
        "charged_at": entry.charged_at,
        "began_at": entry.began_at,
        "ended_at": entry.ended_at,
        "state": entry.state.value,
    }


def decode_entry(row: RowMapping) -> Entry:
    """The entry of a row."""
    return Entry(
        address=Address(row["address"]),
        parent=None if row["parent"] is None else Address(row["parent"]),
        call=row["call"],
        verb=Verb(row["verb"]),
        pool=row["pool"],
        day=date.fromisoformat(row["day"]),
        digest=row["digest"],
        role=Role(row["role"]),
        remote_id=row["remote_id"],
        audit_id=row["audit_id"],
        fields=decode_fields(row["fields"]),
        before=decode_fields(row["before"]),
        values=decode_optional(row["item"]),
        protect=row["protect"],
        observation=row["observation"],
        charged_at=row["charged_at"],
        began_at=row["began_at"],
        ended_at=row["ended_at"],
        state=EntryState(row["state"]),
        number=row["number"],
    )
