"""Warnings: what a person should look at before they apply a plan (rules section 6)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from catalog_sync.core.fold import likeness
from catalog_sync.core.model import Action, Address, Schema, Values
from catalog_sync.core.planned import Notice, PlannedChange, System
from catalog_sync.core.sentence import Sentence


def notices(systems: Sequence[System], changes: tuple[PlannedChange, ...], kept: Iterable[Address]) -> Iterator[Notice]:
    """The warnings of a plan. `kept` are the items that stay although the catalogue does not list them."""
    for change in changes:
        if change.late:
            yield Notice("late", "It will miss its needed_by.", change.address)
        if change.reason == "price_under_review":
            yield Notice("price_under_review", change.message, change.address)
    for address in kept:
        yield Notice("not_pruned", "The catalogue no longer lists it; it stays.", address)
    yield from _renames(systems, changes)
    yield from _console_twins(systems, changes)


def _renames(systems: Sequence[System], changes: tuple[PlannedChange, ...]) -> Iterator[Notice]:
    """A delete and an add that look like one item under a new key."""
    schemas = {system.schema.kind: system.schema for system in systems}
    leaving = {}
    for change in changes:
        if change.action is Action.DELETE and change.item is None and change.binding is not None:
            leaving[_looks(schemas[change.kind], change, change.binding.current.sent)] = change
    for change in changes:
        if change.action is Action.ADD and change.item is not None:
            twin = leaving.get(_looks(schemas[change.kind], change, change.item.values))
            if twin is not None:
                yield _rename(schemas[change.kind], change, twin)


def _looks(schema: Schema, change: PlannedChange, values: Values) -> tuple[str, Address | None, Values]:
    """By what two changes are of one item: of parts, only those of one whole are compared."""
    return schema.kind, change.whole, likeness(schema, values)


def _rename(schema: Schema, change: PlannedChange, twin: PlannedChange) -> Notice:
    if schema.keyed:
        message = Sentence(
            "It looks like {address} under a new key. The platform keeps a key for good: the old one is deleted, with "
            "its sales and stock, and a new one is made.",
            address=twin.address,
        )
        return Notice("key_changed", message, change.address)
    hint = Sentence(
        "It looks like {address} under a new key; moved: {{{before}: {after}}} keeps its item.",
        address=twin.address,
        before=twin.key,
        after=change.key,
    )
    return Notice("looks_like_a_rename", hint, change.address)


def _console_twins(systems: Sequence[System], changes: tuple[PlannedChange, ...]) -> Iterator[Notice]:
    for system in systems:
        adds = [
            change
            for change in changes
            if change.kind == system.schema.kind and change.action is Action.ADD and change.item is not None
        ]
        if not adds:
            continue
        console = {
            likeness(system.schema, remote.values): remote.remote_id
            for _id, remote in sorted(system.seen.remotes.items(), reverse=True)  # of several, the first is named
            if not remote.ours
        }
        for change in adds:
            assert change.item is not None  # noqa: S101 - chosen above
            twin = console.get(likeness(system.schema, change.item.values))
            if twin is not None:
                message = Sentence(
                    "The console has an item of the same name and url ({id}), which the API may not touch.", id=twin
                )
                yield Notice("console_twin", message, change.address)
