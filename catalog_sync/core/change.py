"""Which items need a look, and how each stands: one `Change` per address, before any platform rule.

`find_changes` lays the catalogue, the bindings and the observation side by side. Moves, adoptions and removals are
applied to the bindings first (rules section 3), so that what follows sees one binding per key.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from catalog_sync.core.diff import Comparison, Difference, adopted, against, compare
from catalog_sync.core.fold import likeness
from catalog_sync.core.model import (
    Address,
    Binding,
    Catalogue,
    Copy,
    Item,
    Observation,
    Refusal,
    Remote,
    Role,
    Schema,
    Values,
)
from catalog_sync.core.sentence import Sentence


class Presence(StrEnum):
    """Whether the platform has a bound item."""

    PRESENT = "present"
    LOST = "lost"  # its absence is confirmed
    UNSEEN = "unseen"  # not shown, and not confirmed to be gone


@dataclass(frozen=True, slots=True)
class Side:
    """One remote item of a change: what we hold of it, what the platform shows, and what differs from the catalogue.

    `against` are the fields in which the catalogue is not what was last submitted.
    """

    role: Role
    copy: Copy
    presence: Presence
    remote: Remote | None = None
    difference: Difference = field(default_factory=Difference)
    against: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Change:
    """One address and how it stands.

    `item` is None when the catalogue does not list it (any more), `current` when it is bound to nothing. `previous`
    is the address that it was moved from. `adopting` marks a binding that this plan makes from `adopt:`. `insist`
    is `--resubmit`. `twins` are unbound items that look like this one. `trouble` is a contradiction in what the
    catalogue asks: its reason and message. `forgets` is set by `removed:`.

    Of a part, `parent` is what the platform shows of the item that it is a part of, and `last` says that no other part
    would be left there without it. Of an item that has parts, `drafted` says that we changed its draft, and did not
    submit it since.
    """

    address: Address
    key: str
    item: Item | None
    binding: Binding | None = None
    current: Side | None = None
    successor: Side | None = None
    previous: Address | None = None
    adopting: bool = False
    insist: bool = False
    twins: tuple[int, ...] = ()
    twins_allowed: bool = False
    refusal: Refusal | None = None
    trouble: tuple[str, str] | None = None
    forgets: bool = False
    parent: Remote | None = None
    last: bool = False
    drafted: bool = False

    @property
    def desired(self) -> Item:
        """The desired item of a change that has one."""
        if self.item is None:
            raise ValueError(f"{self.address} is not in the catalogue")
        return self.item


@dataclass(frozen=True, slots=True)
class Holdings:
    """What the state knows of one system's items."""

    bindings: Mapping[Address, Binding]
    tombstones: frozenset[int] = frozenset()
    refusals: Mapping[Address, Refusal] = field(default_factory=dict)
    drafts: frozenset[Address] = frozenset()


@dataclass(frozen=True, slots=True)
class Insistence:
    """Addresses that the user named: take up again, add beside a twin."""

    resubmit: frozenset[Address] = frozenset()
    allow_twin: frozenset[Address] = frozenset()


def find_changes(
    how: Comparison,
    catalogue: Catalogue,
    seen: Observation,
    holdings: Holdings,
    insistence: Insistence,
    parents: Mapping[int, Remote] | None = None,
) -> Iterator[Change]:
    """One change for every item of the catalogue and every binding of this system, in the catalogue's order and then
    by address. What stands equal comes too: what that means is the policy's to say. `parents` are the items that these
    are parts of, by id."""
    view = _rearrange(how.schema, catalogue, seen, holdings)
    family = Family(how.schema, catalogue, seen, parents or {})
    twins = _Twins(how.schema, seen, view.bound | holdings.tombstones)
    insisting = replace(how, insist=True)
    for item in _items(how.schema, catalogue):
        chosen = insisting if item.address in insistence.resubmit else how
        yield family.complete(_desired(chosen, item, seen, view, holdings, twins, insistence))
    listed = {item.address for item in _items(how.schema, catalogue)}
    unlisted = [_unlisted(how, address, seen, view, holdings) for address in sorted(set(view.bindings) - listed)]
    last = family.last(unlisted)
    for change in unlisted:
        yield family.complete(replace(change, last=change.address in last))


def _items(schema: Schema, catalogue: Catalogue) -> Iterator[Item]:
    return (item for item in catalogue.items if item.kind == schema.kind)


@dataclass(slots=True)
class _View:
    """The bindings after moved, adopt and removed."""

    bindings: dict[Address, Binding]
    bound: set[int]
    previous: dict[Address, Address] = field(default_factory=dict)
    adopting: set[Address] = field(default_factory=set)
    forgets: set[Address] = field(default_factory=set)
    trouble: dict[Address, tuple[str, str]] = field(default_factory=dict)
    kept: set[Address] = field(default_factory=set)


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


def _rearrange(schema: Schema, catalogue: Catalogue, seen: Observation, holdings: Holdings) -> _View:
    mine = {
        address: binding for address, binding in holdings.bindings.items() if address.startswith(f"{schema.prefix}.")
    }
    view = _View({address: surviving(binding, seen) for address, binding in mine.items()}, bound_ids(mine.values()))
    if schema.keyed:  # adopt, moved and removed speak of the items that only the state knows
        _recognise(schema, view, recognised(schema, catalogue, seen, holdings))
        return view
    for source, target in catalogue.moved.items():
        _move(view, _address(schema, source), _address(schema, target))
    desired = {item.address: item for item in _items(schema, catalogue)} if catalogue.adopt else {}
    for key, remote_id in catalogue.adopt.items():
        _adopt(schema, view, desired.get(_address(schema, key)), remote_id, seen, holdings.tombstones)
    view.forgets.update(address for key in catalogue.removed if (address := _address(schema, key)) in view.bindings)
    return view


def recognised(schema: Schema, catalogue: Catalogue, seen: Observation, holdings: Holdings) -> dict[Address, Binding]:
    """The bindings of items that are bound to nothing, and that the platform shows under their own key."""
    taken = bound_ids(holdings.bindings.values()) | holdings.tombstones
    by_key = {remote.key: remote for remote in seen.remotes.values() if remote.remote_id not in taken}
    return {
        item.address: binding_of(schema, item, by_key[item.key])
        for item in _items(schema, catalogue)
        if item.address not in holdings.bindings and item.key in by_key
    }


def _recognise(schema: Schema, view: _View, found: Mapping[Address, Binding]) -> None:
    """A part that is recognised is adopted: it is written from now on. What it is a part of is only known."""
    view.bindings.update(found)
    view.bound.update(bound_ids(found.values()))
    if schema.parent is not None:
        view.adopting.update(found)


def _address(schema: Schema, key: str) -> Address:
    return Address(f"{schema.prefix}.{key}")


def _move(view: _View, source: Address, target: Address) -> None:
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
    schema: Schema, view: _View, item: Item | None, remote_id: int, seen: Observation, tombstones: frozenset[int]
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


class Family:
    """The items that a system's items are parts of. Of a system whose items stand alone, it says nothing."""

    def __init__(self, schema: Schema, catalogue: Catalogue, seen: Observation, parents: Mapping[int, Remote]) -> None:
        self._schema = schema
        self._catalogue = catalogue
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
        parent = None if change.item.parent is None else self._by_key.get(change.item.parent.partition(".")[2])
        if parent is None or shown in (None, parent.remote_id):
            return replace(change, parent=parent)
        message = Sentence(
            "The platform has {key} under another item ({id}), and a key never moves. Take a new key.",
            key=change.key,
            id=shown or 0,
        )
        return replace(change, parent=parent, trouble=("under_another", message))

    def last(self, leaving: Collection[Change]) -> set[Address]:
        """Of the parts that leave, one for each parent that would be left without any."""
        if self._schema.parent is None:
            return set()
        going = {
            change.current.remote.remote_id: change
            for change in leaving
            if change.current is not None and change.current.remote is not None
        }
        stay = {each.parent for each in self._seen.remotes.values() if each.remote_id not in going}
        desired = {item.parent.partition(".")[2] for item in _items(self._schema, self._catalogue) if item.parent}
        stay |= {self._by_key[key].remote_id for key in desired & self._by_key.keys()}
        by_parent = {self._seen.remotes[remote_id].parent: change.address for remote_id, change in going.items()}
        return {address for parent, address in by_parent.items() if parent not in stay}


def _desired(
    how: Comparison,
    item: Item,
    seen: Observation,
    view: _View,
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


def _unlisted(how: Comparison, address: Address, seen: Observation, view: _View, holdings: Holdings) -> Change:
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
