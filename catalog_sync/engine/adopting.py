"""Adopting: binding items that are on the platform already to keys of the catalogue, by hand or by their looks."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

from catalog_sync.core.bindings import binding_of, bound_ids
from catalog_sync.core.errors import UsageError
from catalog_sync.core.fold import likeness
from catalog_sync.core.model import Address, Binding, Catalogue, Item, Remote, Role, Schema, Values, Verb
from catalog_sync.engine.session import Session
from catalog_sync.engine.settling import owned
from catalog_sync.engine.situation import Situation
from catalog_sync.engine.tools import Tools


@dataclass(frozen=True, slots=True)
class Adopted:
    """A key and the item that was just bound to it: during a replacement that is the successor."""

    address: Address
    remote_id: int


@dataclass(frozen=True, slots=True)
class Match:
    """A key of the catalogue, the items that look like it, and how many keys look so, too: it is clear when there is
    one of each."""

    item: Item
    remote_ids: tuple[int, ...]
    keys: int

    @property
    def clear(self) -> bool:
        """Whether this key and that item can only mean each other."""
        return len(self.remote_ids) == 1 and self.keys == 1


def adopt(tools: Tools, session: Session, catalogue: Catalogue, key: str, remote_id: int) -> Adopted:
    """Bind one remote item to a key of the catalogue, under the session's lock. An open journal row of the key is
    decided by it. Raises `UsageError` when that cannot be."""
    situation = session.look(catalogue)
    schema, item = _find(tools, catalogue, key)
    remote = _adoptable(situation, schema, item.address, remote_id)
    binding = _bound(situation, schema, item, remote)
    session.bind((binding,))
    return Adopted(item.address, remote_id)


def _find(tools: Tools, catalogue: Catalogue, key: str) -> tuple[Schema, Item]:
    for provider in tools.providers:
        address = key if key.startswith(f"{provider.schema.prefix}.") else f"{provider.schema.prefix}.{key}"
        for item in catalogue.items:
            if item.address == address:
                return provider.schema, item
    raise UsageError(f"the catalogue has no key {key[:80]}", hint="add it to goods:, then adopt")


def _adoptable(situation: Situation, schema: Schema, address: Address, remote_id: int) -> Remote:
    remote = situation.seen[schema.kind].remotes.get(remote_id)
    if remote is None:
        raise UsageError(
            f"the platform shows no item {remote_id}", hint="`catalog-sync status` lists what is not bound"
        )
    if not remote.ours:
        raise UsageError(f"the item {remote_id} was made in the console: the API may not touch it")
    if remote_id in situation.snapshot.deleted(schema):
        raise UsageError(f"the item {remote_id} was deleted by catalog-sync")
    for binding in owned(schema, situation.snapshot.bindings).values():
        if remote_id in bound_ids([binding]):
            raise UsageError(
                f"the item {remote_id} is bound to {binding.address}",
                hint="" if binding.address == address else f"`catalog-sync state mv {binding.address} {address}`",
            )
    return remote


def _bound(situation: Situation, schema: Schema, item: Item, remote: Remote) -> Binding:
    """The binding. A key that is bound takes the item only as what an undecided add was to make (rules section 8): the
    successor, or the item in the place of one that is gone. Anything else would end in the delete of goods that nobody
    spoke of."""
    made = binding_of(schema, item, remote)
    held = situation.snapshot.bindings.get(item.address)
    entries = situation.snapshot.open_entries
    awaited = {entry.role for entry in entries if entry.address == item.address and entry.verb is Verb.CREATE}
    if held is None or Role.CURRENT in awaited:
        return made
    if Role.SUCCESSOR in awaited and held.successor is None:
        return replace(held, successor=made.current)
    raise UsageError(
        f"{item.address} is bound to {held.current.remote_id}",
        hint=f"`catalog-sync state rm {item.address}` forgets that first",
    )


def match(situation: Situation, schema: Schema) -> list[Match]:
    """The keys that are bound to nothing, each with the unbound items equal in name, url and prices."""
    snapshot = situation.snapshot
    taken = bound_ids(owned(schema, snapshot.bindings).values()) | snapshot.deleted(schema)
    by_looks: dict[tuple[Values, Values], list[int]] = {}
    for remote in situation.seen[schema.kind].remotes.values():
        if remote.ours and remote.remote_id not in taken:
            by_looks.setdefault(_looks(schema, remote.values), []).append(remote.remote_id)
    unbound = [
        item for item in situation.catalogue.items if item.kind == schema.kind and item.address not in snapshot.bindings
    ]
    keys = Counter(_looks(schema, item.values) for item in unbound)
    return [
        Match(item, tuple(sorted(found)), keys[looks])
        for item in unbound
        if (found := by_looks.get(looks := _looks(schema, item.values)))
    ]


def _looks(schema: Schema, values: Values) -> tuple[Values, Values]:
    return likeness(schema, values), schema.of_prices(values)


def adopt_matches(tools: Tools, session: Session, catalogue: Catalogue) -> tuple[list[Adopted], list[Match]]:
    """Bind every key that looks like exactly one item, and no other key does. Returns what was bound, and what was left
    because it is not clear."""
    situation = session.look(catalogue)
    made: list[Binding] = []
    unclear: list[Match] = []
    for provider in (each for each in tools.providers if not each.schema.keyed):
        remotes = situation.seen[provider.schema.kind].remotes
        for each in match(situation, provider.schema):
            if each.clear:
                made.append(binding_of(provider.schema, each.item, remotes[each.remote_ids[0]]))
            else:
                unclear.append(each)
    session.bind(tuple(made))
    return [Adopted(each.address, each.current.remote_id) for each in made], unclear
