"""Family: items that are parts of others, and what their wholes say of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from catalog_sync.core.change import Change
from catalog_sync.core.model import (
    Address,
    Observation,
    Remote,
    Schema,
    key_of,
)
from catalog_sync.core.sentence import Sentence


class Family:
    """The items that a system's items are parts of. Of a system whose items stand alone, it says nothing."""

    def __init__(self, schema: Schema, seen: Observation, parents: Mapping[int, Remote]) -> None:
        self._schema = schema
        self._seen = seen
        self._by_id = parents
        self._by_key = {remote.key: remote for remote in parents.values()}

    def complete(self, change: Change) -> Change:
        """The change of a part, with its parent; one that the platform has under another parent is in trouble."""
        if self._schema.parent is None:
            return change
        shown = None if change.current is None or change.current.remote is None else change.current.remote.parent
        if change.item is None:
            return replace(change, parent=None if shown is None else self._by_id.get(shown))
        parent = None if change.item.parent is None else self._by_key.get(key_of(change.item.parent))
        if parent is None or shown in (None, parent.remote_id):
            return replace(change, parent=parent)
        message = Sentence(
            "The platform has {key} under another {kind} ({id}), and a key never moves. Take a new key.",
            key=change.key,
            kind=self._schema.parent,
            id=shown or 0,
        )
        return replace(change, parent=parent, trouble=("under_another", message))

    def last(self, leaving: Collection[Change]) -> set[Address]:
        """Of the parts that leave, one for each parent that would be left without any that is there by now."""
        if self._schema.parent is None:
            return set()
        going = {
            change.current.remote.remote_id: change
            for change in leaving
            if change.current is not None and change.current.remote is not None
        }
        stay = {each.parent for each in self._seen.remotes.values() if each.remote_id not in going}
        by_parent = {self._seen.remotes[remote_id].parent: change.address for remote_id, change in going.items()}
        return {address for parent, address in by_parent.items() if parent not in stay}
