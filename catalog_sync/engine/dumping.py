"""Dumping: the platform's library with the keys and values that a catalogue needs so that its plan is empty."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from typing import assert_never

from catalog_sync.core.bindings import surviving
from catalog_sync.core.errors import RemoteUnavailable
from catalog_sync.core.fold import fold
from catalog_sync.core.model import (
    KEEP,
    Binding,
    Copy,
    Field,
    FieldKind,
    Fold,
    Observation,
    Remote,
    Schema,
    Value,
    Values,
    key_of,
)
from catalog_sync.core.ports import Provider
from catalog_sync.engine.planning import after_settling
from catalog_sync.engine.settling import owned
from catalog_sync.engine.situation import Situation


@dataclass(frozen=True, slots=True)
class Kept:
    """One item of the library. `values` are those to desire, with the identity of the picture that we sent (`KEEP`
    where none is known), `parent` the key of what it is a part of."""

    kind: str
    key: str
    remote: Remote
    values: Values
    bound: bool
    protect: bool = False
    parent: str = ""

    @property
    def manageable(self) -> bool:
        """Whether a catalogue may list it: not what the API may not touch, nor a part of something unknown."""
        return self.bound or (self.remote.ours and bool(self.parent) is (self.remote.parent is not None))


def library(situation: Situation, providers: tuple[Provider, ...], kinds: Collection[str]) -> tuple[Kept, ...]:
    """Everything of these kinds that a look shows, by system and id. Raises `RemoteUnavailable` where that is not all:
    what a catalogue does not list is deleted."""
    schemas = [provider.schema for provider in providers]
    now = after_settling(situation, schemas)
    return tuple(
        replace(kept, parent=_parent(kept.remote, now.seen.get(schema.parent or "")))
        for schema in schemas
        if schema.kind in kinds
        for kept in _of_system(
            schema,
            now.seen[schema.kind],
            list(owned(schema, now.snapshot.bindings).values()),
            now.snapshot.deleted(schema),
        )
    )


def _parent(remote: Remote, seen: Observation | None) -> str:
    parent = None if seen is None or remote.parent is None else seen.remotes.get(remote.parent)
    return "" if parent is None else parent.key or ""


def _of_system(
    schema: Schema, seen: Observation, bindings: Collection[Binding], tombstones: Collection[int]
) -> Iterator[Kept]:
    bound: dict[int, tuple[Binding, Copy]] = {}
    aside: set[int] = set()
    for binding in (surviving(each, seen) for each in bindings):
        copy = binding.successor or binding.current  # of a replacement under way: what is desired
        bound[copy.remote_id] = (binding, copy)
        aside.add(binding.current.remote_id)
    _refuse_incomplete(seen, {*bound, *aside})
    keys = {key_of(binding.address) for binding in bindings}
    for remote_id, remote in sorted(seen.remotes.items()):
        if remote_id in bound:
            binding, copy = bound[remote_id]
            key = key_of(binding.address)
            yield Kept(schema.kind, key, remote, _settled(schema, copy, remote), bound=True, protect=binding.protect)
        elif remote_id not in aside and remote_id not in tombstones:
            key = remote.key or _new_key(schema, remote, keys)
            yield Kept(schema.kind, key, remote, _folded(schema, remote), bound=False)


def _refuse_incomplete(seen: Observation, ids: Collection[int]) -> None:
    unseen = [each for each in ids if each not in seen.remotes and each not in seen.gone]
    if seen.complete and seen.stable and not unseen:
        return
    reason = seen.reason or f"{len(unseen)} bound items were not shown, and may still be there"
    raise RemoteUnavailable(
        f"the platform was not read whole: {reason}", hint="run it again: a catalogue that lacks items deletes them"
    )


def _new_key(schema: Schema, remote: Remote, taken: Collection[str]) -> str:
    """A key that stays the same from dump to dump."""
    key = f"{schema.prefix}-{remote.remote_id}"
    while key in taken:
        key += "-x"
    return key


def _settled(schema: Schema, copy: Copy, remote: Remote) -> Values:
    """What makes no difference for a bound item: what we sent, as far as the platform settled on it, else what it
    shows."""
    return tuple(
        _settled_value(field, sent, copy.echo[at], remote.values[at])
        for at, (field, sent) in enumerate(zip(schema.fields, copy.sent, strict=True))
    )


def _settled_value(field: Field, sent: Value, echo: Value, shown: Value) -> Value:
    match field.kind:
        case FieldKind.PICTURE | FieldKind.STOCK:
            return sent
        case FieldKind.TEXT:
            theirs = fold(field.fold, shown) == fold(field.fold, sent) if echo is None else shown == echo
            return sent if theirs else shown
        case FieldKind.PRICE | FieldKind.SHOWN:
            return shown
        case _:
            assert_never(field.kind)


def _folded(schema: Schema, remote: Remote) -> Values:
    """Text as a person wrote it (`&amp;` is an `&`), which an adoption takes for equal; the picture is its own."""
    return tuple(
        KEEP if field.kind is FieldKind.PICTURE else fold(field.fold, shown) if field.fold in _WRITTEN else shown
        for field, shown in zip(schema.fields, remote.values, strict=True)
    )


_WRITTEN = (Fold.TEXT, Fold.URL)
"""Folds that bring back what a person wrote; the others lose an order, or zeros."""
