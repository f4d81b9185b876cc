"""Bindings: what the catalogue makes of them before anything is compared: moved, adopted, recognised by their key.

Moves, adoptions and removals come first (rules section 3), so that what follows sees one binding per key.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from catalog_sync.core.change import Holdings
from catalog_sync.core.diff import adopted
from catalog_sync.core.model import (
    Address,
    Binding,
    Catalogue,
    Copy,
    Item,
    Observation,
    Remote,
    Schema,
)
from catalog_sync.core.sentence import Sentence


def bound_ids(bindings: Collection[Binding]) -> set[int]:
    """Every remote id that is bound, as current or as successor."""
    return {copy.remote_id for binding in bindings for copy in (binding.current, binding.successor) if copy is not None}


def surviving(binding: Binding, seen: Observation) -> Binding:
    """The binding without the half of a replacement that is gone: a lost successor is added again, a lost current
    leaves its place to the successor (rules section 3a)."""
    if binding.successor is None:
        return binding
    if binding.successor.remote_id in seen.gone:
        return replace(binding, successor=None)
    if binding.current.remote_id in seen.gone:
        return replace(binding, current=binding.successor, successor=None)
    return binding


@dataclass(slots=True)
class View:
    """The bindings after moved, adopt and removed."""

    bindings: dict[Address, Binding]
    bound: set[int]
    previous: dict[Address, Address] = field(default_factory=dict)
    adopting: set[Address] = field(default_factory=set)
    forgets: set[Address] = field(default_factory=set)
    trouble: dict[Address, tuple[str, str]] = field(default_factory=dict)
    kept: set[Address] = field(default_factory=set)


def rearrange(schema: Schema, catalogue: Catalogue, seen: Observation, holdings: Holdings) -> View:
    mine = holdings.bindings
    view = View({address: surviving(binding, seen) for address, binding in mine.items()}, bound_ids(mine.values()))
    if schema.keyed:  # adopt, moved and removed speak of the items that only the state knows
        _recognise(schema, view, recognised(schema, catalogue, seen, holdings))
        return view
    for source, target in catalogue.moved.items():
        _move(view, _address(schema, source), _address(schema, target))
    desired = {item.address: item for item in catalogue.of(schema)} if catalogue.adopt else {}
    for key, remote_id in catalogue.adopt.items():
        _adopt(schema, view, desired.get(_address(schema, key)), remote_id, seen, holdings.tombstones)
    view.forgets.update(address for key in catalogue.removed if (address := _address(schema, key)) in view.bindings)
    return view


def recognised(schema: Schema, catalogue: Catalogue, seen: Observation, holdings: Holdings) -> dict[Address, Binding]:
    """The bindings of items that the platform shows under their own key, and that are bound to nothing, or to what is
    gone or shown under another key."""
    taken = bound_ids(holdings.bindings.values()) | holdings.tombstones
    by_key = {remote.key: remote for remote in seen.remotes.values() if remote.remote_id not in taken}
    return {
        item.address: binding_of(schema, item, by_key[item.key])
        for item in catalogue.of(schema)
        if item.key in by_key and not _stands(holdings.bindings.get(item.address), item.key, seen)
    }


def _stands(binding: Binding | None, key: str, seen: Observation) -> bool:
    if binding is None or binding.current.remote_id in seen.gone:
        return False
    remote = seen.remotes.get(binding.current.remote_id)
    return remote is None or remote.key == key


def _recognise(schema: Schema, view: View, found: Mapping[Address, Binding]) -> None:
    """A part that is recognised is adopted: it is written from now on. What it is a part of is only known."""
    view.bindings.update(found)
    view.bound.update(bound_ids(found.values()))
    if schema.parent is not None:
        view.adopting.update(found)


def _address(schema: Schema, key: str) -> Address:
    return Address(f"{schema.prefix}.{key}")


def _move(view: View, source: Address, target: Address) -> None:
    if source not in view.bindings:
        return  # it was moved by an earlier run
    if target in view.bindings:
        message = Sentence(
            "{address} is bound already, so {source} cannot be moved onto it. Take the line out of moved:, or forget "
            "one of the two with removed:.",
            address=target,
            source=source,
        )
        view.trouble[target] = ("already_bound", message)
        view.kept.add(source)
        return
    view.bindings[target] = replace(view.bindings.pop(source), address=target)
    view.previous[target] = source


def _adopt(
    schema: Schema, view: View, item: Item | None, remote_id: int, seen: Observation, tombstones: frozenset[int]
) -> None:
    if item is None or item.address in view.bindings:
        return
    remote = seen.remotes.get(remote_id)
    problem = _why_not(remote, remote_id, view.bound, tombstones)
    if problem is not None or remote is None:
        message = Sentence("{problem} Correct the id in adopt:, or take the line out.", problem=problem or "")
        view.trouble[item.address] = ("cannot_adopt", message)
        return
    view.bindings[item.address] = binding_of(schema, item, remote)
    view.bound.add(remote_id)
    view.adopting.add(item.address)


def _why_not(remote: Remote | None, remote_id: int, bound: set[int], tombstones: frozenset[int]) -> str | None:
    if remote_id in tombstones:
        return Sentence("The item {id} was deleted by catalog-sync.", id=remote_id)
    if remote_id in bound:
        return Sentence("The item {id} is bound to another key.", id=remote_id)
    if remote is None:
        return Sentence("The platform shows no item {id}.", id=remote_id)
    if not remote.ours:
        return Sentence("The item {id} was made in the console: the API may not touch it.", id=remote_id)
    return None


def binding_of(schema: Schema, item: Item, remote: Remote) -> Binding:
    """The binding that an adoption makes: what is observed counts as sent and submitted (rules section 2)."""
    values = adopted(schema, item, remote.values)
    copy = Copy(remote.remote_id, None, values, values, remote.values, (None,) * len(values))
    return Binding(item.address, copy, protect=item.protect)
