"""Which items need a look, and how each stands: one `Change` per address.

`find_changes` lays the catalogue, the bindings and the observation side by side.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace

from catalog_sync.core.bindings import View, rearrange
from catalog_sync.core.change import Change, Holdings, Insistence, Presence, Side
from catalog_sync.core.diff import Comparison, against, compare, stands_still
from catalog_sync.core.family import Family
from catalog_sync.core.fold import likeness
from catalog_sync.core.model import (
    Address,
    Binding,
    Catalogue,
    Copy,
    Item,
    Observation,
    Remote,
    Role,
    Schema,
    Values,
)


def find_changes(
    how: Comparison,
    catalogue: Catalogue,
    seen: Observation,
    holdings: Holdings,
    insistence: Insistence,
    parents: Mapping[int, Remote] | None = None,
    *,
    rests: Callable[[Remote], bool] = lambda _remote: False,
    watched: Collection[Address] = (),
) -> Iterator[Change | None]:
    """One change for every item of the catalogue and every binding of this system, in the catalogue's order and then
    by address. `parents` are the items that these are parts of, by id.

    None stands for an item that `rests` (see `Policy`) and of which nothing moved anywhere; one that is `watched` has
    its change all the same. What else stands equal has one, too: what that means is the policy's to say."""
    view = rearrange(how.schema, catalogue, seen, holdings)
    family = Family(how.schema, seen, parents or {})
    twins = _Twins(how.schema, seen, view.bound | holdings.tombstones)
    insisting = replace(how, insist=True)
    for item in catalogue.of(how.schema):
        remote = _unmoved(how, item, seen, view, holdings)
        if remote is not None and rests(remote) and item.address not in watched:
            yield None
            continue
        chosen = insisting if item.address in insistence.resubmit else how
        yield family.complete(_desired(chosen, item, seen, view, holdings, twins, insistence))
    listed = {item.address for item in catalogue.of(how.schema)}
    unlisted = [_unlisted(how, address, seen, view, holdings) for address in sorted(set(view.bindings) - listed)]
    last = family.last(unlisted)
    for change in unlisted:
        yield family.complete(replace(change, last=change.address in last))


def _unmoved(how: Comparison, item: Item, seen: Observation, view: View, holdings: Holdings) -> Remote | None:
    """What the platform shows of an item that is bound as the state has it, and that catalogue, state and platform
    agree upon. Nearly all items of a large catalogue are such: nothing more is made for them."""
    binding = holdings.bindings.get(item.address)
    if binding is None or binding.successor is not None or binding is not view.bindings.get(item.address):
        return None
    copy = binding.current
    remote = seen.remotes.get(copy.remote_id)
    if remote is None or copy.locked_out or not remote.ours or item.address in view.trouble:
        return None
    agreed = copy.submitted is None or item.values == copy.submitted
    return remote if agreed and stands_still(how, item.values, copy, remote.values) else None


class _Twins:
    """Items made through the API and bound to nothing, found by what makes two items look alike."""

    def __init__(self, schema: Schema, seen: Observation, taken: set[int]) -> None:
        self._schema = schema
        self._by_likeness: dict[Values, list[int]] | None = None
        self._seen = seen
        self._taken = taken

    def of(self, item: Item) -> tuple[int, ...]:
        if self._by_likeness is None:  # only a plan that adds something pays for the index
            self._by_likeness = {}
            for remote in self._seen.remotes.values():
                if remote.ours and remote.remote_id not in self._taken:
                    self._by_likeness.setdefault(likeness(self._schema, remote.values), []).append(remote.remote_id)
        return tuple(sorted(self._by_likeness.get(likeness(self._schema, item.values), ())))


def _desired(
    how: Comparison,
    item: Item,
    seen: Observation,
    view: View,
    holdings: Holdings,
    twins: _Twins,
    insistence: Insistence,
) -> Change:
    address = item.address
    binding = view.bindings.get(address)
    previous = view.previous.get(address)
    current, successor = _sides(how, item, binding, seen)
    gone = current is None or current.presence is Presence.LOST
    return Change(
        address,
        item.key,
        item,
        binding,
        current,
        successor,
        previous=previous,
        adopting=address in view.adopting,
        insist=how.insist,
        twins=twins.of(item) if gone and not how.schema.keyed else (),
        twins_allowed=address in insistence.allow_twin,
        refusal=holdings.refusals.get(previous or address),
        trouble=view.trouble.get(address),
        drafted=address in holdings.drafts,
    )


def _unlisted(how: Comparison, address: Address, seen: Observation, view: View, holdings: Holdings) -> Change:
    binding = view.bindings[address]
    current, successor = _sides(how, None, binding, seen)
    trouble = (
        ("already_bound", "Its move is held back; see the key that it is to become.") if address in view.kept else None
    )
    return Change(
        address,
        address.removeprefix(f"{how.schema.prefix}."),
        None,
        binding,
        current,
        successor,
        previous=view.previous.get(address),
        refusal=holdings.refusals.get(address),
        trouble=trouble,
        forgets=address in view.forgets,
        drafted=address in holdings.drafts,
    )


def _sides(
    how: Comparison, item: Item | None, binding: Binding | None, seen: Observation
) -> tuple[Side | None, Side | None]:
    if binding is None:
        return None, None
    current = _side(how, item, Role.CURRENT, binding.current, seen)
    successor = None
    if binding.successor is not None:
        successor = _side(how, item, Role.SUCCESSOR, binding.successor, seen)
    return current, successor


def _side(how: Comparison, item: Item | None, role: Role, copy: Copy, seen: Observation) -> Side:
    remote = seen.remotes.get(copy.remote_id)
    if remote is None:
        presence = Presence.LOST if copy.remote_id in seen.gone else Presence.UNSEEN
        return Side(role, copy, presence)
    if item is None:
        return Side(role, copy, Presence.PRESENT, remote)
    submitted = copy.sent if copy.submitted is None else copy.submitted
    return Side(
        role,
        copy,
        Presence.PRESENT,
        remote,
        compare(how, item, copy, remote.values),
        frozenset() if item.values == submitted else against(how.schema, item.values, submitted),
    )
