"""What others changed on the platform since we last wrote: bindings against what is observed, the catalogue aside.

What the platform made of our text by itself (the copy's `echo`) is no drift, and a verdict of the review is none.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

from catalog_sync.core.bindings import bound_ids
from catalog_sync.core.diff import shows_replaced
from catalog_sync.core.fold import fold, likeness, same
from catalog_sync.core.journal import Entry
from catalog_sync.core.model import (
    Address,
    Binding,
    Copy,
    Field,
    FieldKind,
    Observation,
    Remote,
    Schema,
    Value,
    Values,
    Verb,
)


class DriftClass(StrEnum):
    """What kind of change somebody else made."""

    EDITED = "edited"  # its price or content
    COVER_REPLACED = "cover_replaced"  # it shows another picture than the one remembered
    LOST = "lost"  # it is bound, and its absence is confirmed
    FOREIGN = "foreign"  # it is bound to nothing


@dataclass(frozen=True, slots=True)
class Moved:
    """One field: what was remembered, and what the platform shows. Money in fen."""

    field: str
    before: Value
    after: Value


@dataclass(frozen=True, slots=True)
class Drift:
    """One remote item that is not as we left it. `address` is None for a foreign one, `name` what it is called."""

    address: Address | None
    kind: DriftClass
    remote_id: int
    fields: tuple[Moved, ...] = ()
    name: str = ""


def find_drift(
    schema: Schema,
    bindings: Collection[Binding],
    seen: Observation,
    tombstones: Collection[int],
    undecided: Collection[Entry],
) -> Iterator[Drift]:
    """The drift of one system, by address, then the foreign items by id. What an undecided call may have made or
    changed is nobody else's doing yet, and left out."""
    unsure = {entry.address for entry in undecided}
    for binding in sorted(bindings, key=lambda each: each.address):
        if binding.address not in unsure:
            for copy in filter(None, (binding.current, binding.successor)):
                yield from _of_copy(schema, binding.address, copy, seen)
    known = bound_ids(bindings) | set(tombstones)
    ours = {likeness(schema, entry.values) for entry in undecided if entry.verb is Verb.CREATE and entry.values}
    for remote_id, remote in sorted(seen.remotes.items()):
        if remote_id not in known and likeness(schema, remote.values) not in ours:
            yield Drift(None, DriftClass.FOREIGN, remote_id, name=_name(schema, remote))


def _name(schema: Schema, remote: Remote) -> str:
    return str(schema.named(remote.values).get("name") or "")


def _of_copy(schema: Schema, address: Address, copy: Copy, seen: Observation) -> Iterator[Drift]:
    remote = seen.remotes.get(copy.remote_id)
    if remote is None:
        if copy.remote_id in seen.gone:
            yield Drift(address, DriftClass.LOST, copy.remote_id)
        return
    moved = tuple(_moved(schema, copy, remote))
    pictures = schema.of_kind(FieldKind.PICTURE)
    for kind, is_picture in ((DriftClass.EDITED, False), (DriftClass.COVER_REPLACED, True)):
        fields = tuple(each for each in moved if (each.field in pictures) is is_picture)
        if fields:
            yield Drift(address, kind, copy.remote_id, fields, _name(schema, remote))


def _moved(schema: Schema, copy: Copy, remote: Remote) -> Iterator[Moved]:
    prices = _reference_prices(schema, copy, remote.values)
    for at, field in enumerate(schema.fields):
        shown = remote.values[at]
        match field.kind:
            case FieldKind.STOCK | FieldKind.SHOWN:
                continue  # sales change the one, the platform the other
            case FieldKind.PRICE:
                remembered = shown if prices is None else prices[at]
            case FieldKind.TEXT:
                remembered = _reference_text(field, at, copy, shown)
            case FieldKind.PICTURE:
                remembered = shown if None in (copy.echo[at], copy.sent[at]) else copy.echo[at]
            case _:
                assert_never(field.kind)
        if not same(field.fold, shown, remembered):
            yield Moved(field.name, remembered, shown)


def _reference_text(field: Field, at: int, copy: Copy, shown: Value) -> Value:
    """What the text should still be: anything, where the catalogue does not manage it. Before the first look at what we
    wrote: what only folds to it, or what our write is to replace."""
    sent, echo = copy.sent[at], copy.echo[at]
    if sent is None or shown == sent:
        return shown
    if echo is not None:
        return echo
    fits = fold(field.fold, shown) == fold(field.fold, sent) or shows_replaced(field, at, copy, shown)
    return shown if fits else sent


def _reference_prices(schema: Schema, copy: Copy, shown: Values) -> Mapping[int, Value] | None:
    """What the prices should still be; None while the platform shows those that our write is to replace. Prices are
    numbers, which the platform does not rewrite: before the first look they are what we sent."""
    written = [at for at in schema.prices_at if copy.echo[at] is None and copy.sent[at] is not None]
    if written and all(shown[at] == copy.replaced[at] for at in written):
        return None
    return {at: (copy.sent if written else copy.echo)[at] for at in schema.prices_at}
