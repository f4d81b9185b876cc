"""A whole shop as one JSON document, for `state pull` and `state push`: the tables' rows, with their JSON spelt out."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Column, Connection, Table, bindparam, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from catalog_sync.core.errors import StateUnreadable, UsageError
from catalog_sync.state.bindings import load_bindings
from catalog_sync.state.codec import encode, plain
from catalog_sync.state.journal import WITHIN_THE_HOUR, load_open
from catalog_sync.state.ledger import load_ledger
from catalog_sync.state.scope import check_lease, read_version
from catalog_sync.state.statements import SCOPE
from catalog_sync.state.tables import (
    NOT_LANDED,
    OPEN,
    copies,
    drafts,
    entries,
    facts,
    ledger,
    notes,
    observations,
    pictures,
    refusals,
    remotes,
    reviews,
    runs,
    scopes,
    tombstones,
)

FORMAT_VERSION = "1.0"

Document = Mapping[str, Any]
_Rows = list[dict[str, Any]]


class _Section(NamedTuple):
    """A table as the document has it. The serial stands for `governed` ones: at one serial they are the same."""

    table: Table
    governed: bool = False
    skipped: tuple[str, ...] = ("scope",)


_SECTIONS = {
    "bindings": _Section(copies, governed=True),
    "journal": _Section(entries, governed=True, skipped=("scope", "number")),
    "ledger": _Section(ledger),
    "tombstones": _Section(tombstones, governed=True),
    "refusals": _Section(refusals, governed=True),
    "drafts": _Section(drafts, governed=True),
    "facts": _Section(facts, governed=True),
    "notes": _Section(notes),
    "reviews": _Section(reviews, skipped=("scope", "number")),
    "runs": _Section(runs, skipped=("scope", "number")),
}
# Columns that hold JSON text.
_NESTED = {"sent", "submitted", "echo", "replaced", "fields", "before", "item", "answer", "summary"}
# Columns that documents of earlier versions lack.
_LATER = {"broken_off"}
_TYPES: dict[type, tuple[type, ...]] = {str: (str,), int: (int,), float: (int, float), bool: (bool,)}

_SHOP = select(scopes).where(scopes.c.id == SCOPE)
_SEEN = select(remotes.c.system, remotes.c.first_seen, remotes.c.remote_id).where(remotes.c.scope == SCOPE)
_REPLACE = (
    update(scopes)
    .where(scopes.c.id == SCOPE)
    .values(lineage=bindparam("l"), serial=bindparam("n"), observation=bindparam("o"), dirty=False)
)


def export(connection: Connection, scope: int) -> dict[str, Any]:
    """The shop as a document. Of the journal it has the rows that a later run asks for; of what was observed the ids,
    since the next look finds the rest again. Its serial is the one that this content has once the lock was taken."""
    shop = connection.execute(_SHOP, {"s": scope}).mappings().one()
    about = {name: shop[name] for name in ("origin", "app", "lineage", "serial", "observation")}
    about["serial"] += shop["dirty"]
    rows = {name: _export_rows(connection, scope, section) for name, section in _SECTIONS.items()}
    return {"format_version": FORMAT_VERSION, **about, **rows, "seen": _export_seen(connection, scope)}


def _columns(section: _Section) -> list[Column[Any]]:
    return [column for column in section.table.columns if column.name not in section.skipped]


def _export_rows(connection: Connection, scope: int, section: _Section) -> _Rows:
    columns = _columns(section)
    query = select(*columns).where(section.table.c.scope == scope).order_by(*section.table.primary_key)
    if section.table is entries:
        query = query.where(entries.c.state.in_([OPEN, NOT_LANDED]) | WITHIN_THE_HOUR).params(s=scope)
    names = [column.name for column in columns]
    nested = [name in _NESTED for name in names]
    return [
        {
            name: json.loads(value) if is_nested and value is not None else value
            for name, is_nested, value in zip(names, nested, row, strict=True)
        }
        for row in connection.execute(query)
    ]


def _export_seen(connection: Connection, scope: int) -> dict[str, dict[str, list[int]]]:
    """The ids that were ever seen, by system and by the number of the observation that showed them first."""
    seen: dict[str, dict[str, list[int]]] = {}
    for system, first_seen, remote_id in connection.execute(_SEEN, {"s": scope}):
        seen.setdefault(system, {}).setdefault(str(first_seen), []).append(remote_id)
    return seen


def import_document(connection: Connection, scope: int, document: Document, epoch: int, *, force: bool) -> None:
    """Put the document in the place of what the store knows of the shop; raises `UsageError` where that would lose
    something and is not forced, `StateUnreadable` for what is no such document, `LeaseLost`."""
    check_lease(connection, scope, epoch)
    rows = _check_document(document)
    ours = connection.execute(_SHOP, {"s": scope}).mappings().one()
    _check_shop(ours, document)
    fresh = _is_fresh(connection, scope)
    if not (fresh or force):
        _check_successor(export(connection, scope), document)
    same_lineage = ours["lineage"] == document["lineage"]
    _import_seen(connection, scope, document["seen"], keep=same_lineage)
    _import_rows(connection, scope, rows)
    passed = 0 if fresh or document["serial"] > ours["serial"] else ours["serial"] + 1
    version = {
        "l": document["lineage"],
        "n": max(document["serial"], passed if force else 0),
        "o": max(document["observation"], ours["observation"]),
    }
    connection.execute(_REPLACE, {"s": scope, **version})
    _check_readable(connection, scope)


def _is_fresh(connection: Connection, scope: int) -> bool:
    """Whether nothing was ever written here, so that any lineage may begin."""
    version = read_version(connection, scope)
    return version.serial == 0 and not version.dirty


def _check_shop(ours: Mapping[Any, Any], document: Document) -> None:
    hints = {
        "app": "is it the file of another shop? --file, or CATALOG_SYNC_APPID, says which shop this is",
        "origin": "ids of one platform mean nothing on another; --api-base says which one this is",
    }
    for name, hint in hints.items():
        if document[name] != ours[name]:
            raise UsageError(f"the document is of {name} {document[name][:80]}, this state of {ours[name]}", hint=hint)


_FORCE = "to replace this state all the same, `state pull` a copy of it first, then `state push --force`"


def _check_successor(ours: Document, document: Document) -> None:
    """Terraform's rules for a push."""
    theirs, here = document["serial"], ours["serial"]
    if document["lineage"] != ours["lineage"]:
        raise UsageError(
            f"the document is of another lineage ({document['lineage'][:8]}, serial {theirs}): it was not made from "
            f"this state ({ours['lineage'][:8]}, serial {here}); nothing was changed",
            hint=f"is it the right file, and the right --state? {_FORCE}",
        )
    if theirs < here:
        raise UsageError(
            f"the document is older: it has serial {theirs}, this state has {here}; nothing was changed",
            hint=f"a push would forget the ids of items added since (see `history`); {_FORCE}",
        )
    if theirs == here and _governed(document) != _governed(ours):
        raise UsageError(
            f"the document has serial {here} like this state, and other content: two runs wrote side by side; "
            "nothing was changed",
            hint=f"apply, look at the plan, and adopt what only the other one knows; {_FORCE}",
        )


def _governed(document: Document) -> dict[str, list[str]]:
    names = [name for name, section in _SECTIONS.items() if section.governed]
    return {name: sorted(json.dumps(row, sort_keys=True) for row in document[name]) for name in names}


def _import_seen(
    connection: Connection, scope: int, seen: Mapping[str, Mapping[str, Sequence[int]]], *, keep: bool
) -> None:
    """An id that either side saw was seen, for the first time when the first of them saw it. Numbers of another lineage
    mean nothing here."""
    first: dict[tuple[str, int], int] = {}
    if keep:
        first = {(system, id_): number for system, number, id_ in connection.execute(_SEEN, {"s": scope})}
    for system, numbers in seen.items():
        for number, ids in numbers.items():
            for remote_id in ids:
                known = (system, remote_id)
                first[known] = min(int(number), first.get(known, int(number)))
    for table in (remotes, observations):
        connection.execute(delete(table).where(table.c.scope == SCOPE), {"s": scope})
    rows = [
        {"scope": scope, "system": system, "remote_id": remote_id, "first_seen": number, "body": None}
        for (system, remote_id), number in first.items()
    ]
    if rows:
        connection.execute(insert(remotes), rows)


def _import_rows(connection: Connection, scope: int, rows: Mapping[str, _Rows]) -> None:
    for table in (pictures, *(section.table for section in _SECTIONS.values())):
        connection.execute(delete(table).where(table.c.scope == SCOPE), {"s": scope})
    try:
        for name, section in _SECTIONS.items():
            if rows[name]:
                connection.execute(insert(section.table), [{"scope": scope, **row} for row in rows[name]])
    except IntegrityError:
        raise _not_a_state("two of its rows contradict each other") from None


def _check_document(document: Document) -> dict[str, _Rows]:
    """The rows as the tables take them."""
    version = document.get("format_version")
    if not isinstance(version, str):
        raise _not_a_state("it has no format_version")
    if version.split(".", 1)[0] != FORMAT_VERSION.split(".", 1)[0]:
        raise StateUnreadable(f"the document has format {version[:80]}, this catalog-sync knows {FORMAT_VERSION}")
    for name, kind in (("origin", str), ("app", str), ("lineage", str), ("serial", int), ("observation", int)):
        if type(document.get(name)) is not kind:
            raise _not_a_state(f"{name} is missing or wrong")
    _check_seen(document.get("seen"))
    return {name: _check_rows(name, section, document.get(name)) for name, section in _SECTIONS.items()}


def _check_seen(seen: object) -> None:
    if not isinstance(seen, Mapping) or not all(isinstance(numbers, Mapping) for numbers in seen.values()):
        raise _not_a_state("seen is missing or wrong")
    for number, ids in (pair for numbers in seen.values() for pair in numbers.items()):
        if not (str(number).isdecimal() and isinstance(ids, list) and all(map(_is_id, ids))):
            raise _not_a_state("seen is missing or wrong")


def _check_rows(name: str, section: _Section, rows: object) -> _Rows:
    if not isinstance(rows, list):
        raise _not_a_state(f"{name} is missing or wrong")
    return [_check_row(f"{name}[{position}]", section, row) for position, row in enumerate(rows)]


def _check_row(place: str, section: _Section, row: object) -> dict[str, Any]:
    columns = _columns(section)
    names = {column.name for column in columns}
    if not isinstance(row, Mapping) or set(row) | (_LATER & names) != names:
        raise _not_a_state(f"{place} has other fields than a row")
    return {column.name: _check_value(f"{place}.{column.name}", column, row.get(column.name)) for column in columns}


def _check_value(place: str, column: Column[Any], value: object) -> object:
    if value is None and column.nullable:
        return None
    if column.name in _NESTED:
        return encode(value)
    if type(value) not in _TYPES[column.type.python_type] or not _fits(value):
        raise _not_a_state(f"{place} is wrong")
    return value


def _is_id(value: object) -> bool:
    return type(value) is int and _fits(value)


def _fits(value: object) -> bool:
    """Whether a database takes it: it knows no larger numbers, no NUL and no lone surrogates."""
    if isinstance(value, str):
        return plain(value) == value
    return not isinstance(value, int) or -(2**63) <= value < 2**63


def _check_readable(connection: Connection, scope: int) -> None:
    """What cannot be read back is not kept."""
    try:
        load_bindings(connection, scope)
        load_open(connection, scope)
        load_ledger(connection, scope)
    except (KeyError, TypeError, ValueError):
        raise _not_a_state("its rows make no sense") from None


def _not_a_state(reason: str) -> StateUnreadable:
    return StateUnreadable(f"the document is not a state: {reason}", hint="`state pull` writes one")
