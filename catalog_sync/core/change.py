"""How one address stands between the catalogue, the bindings and the observation, before any platform rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from catalog_sync.core.diff import Difference
from catalog_sync.core.model import (
    Address,
    Binding,
    Copy,
    Item,
    Refusal,
    Remote,
    Role,
)


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
