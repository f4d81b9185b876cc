"""The journal: an intention is written before each call, and judged by looking when its answer was lost.

`begin` writes an open `Entry` before the call; `finish` closes it with what the answer changes (an `Amendment`) in one
transaction. `settle` judges the entries that stayed open, from nothing but what the platform shows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from catalog_sync.core.model import Address, Binding, PictureRef, Refusal, Role, Value, Values, Verb


class EntryState(StrEnum):
    """What became of an intention. Only OPEN entries bind the next run."""

    OPEN = "open"
    LANDED = "landed"
    REFUSED = "refused"
    NOT_SENT = "not_sent"
    NOT_LANDED = "not_landed"  # judged later, by looking
    DISMISSED = "dismissed"  # a person decided: `adopt KEY ID` or `state rm`


@dataclass(frozen=True, slots=True)
class Entry:
    """One intended call.

    `fields` is what the call sends, by name (a picture by its identity), and `before` what the platform showed
    there. `values` is the item as it will be once the call landed (for a submission: what is submitted), None for
    calls without content. `observation` numbers the last observation that was stored when the entry was opened: an
    id seen by then cannot be the one that this call makes. `began_at` and `ended_at` are our clock; `ended_at` is
    None where no end of the call was noted. `day` is the quota day that was charged. `number` is 0 until it is
    stored. `charged_at` is when it was charged (platform's clock), where an hour counts. `parent` is the item whose
    draft it changes.
    """

    address: Address
    call: str
    verb: Verb
    pool: str | None
    day: date
    digest: str
    role: Role = Role.CURRENT
    remote_id: int | None = None
    audit_id: int | None = None
    fields: Mapping[str, Value] = field(default_factory=dict)
    before: Mapping[str, Value] = field(default_factory=dict)
    values: Values | None = None
    protect: bool = False
    parent: Address | None = None
    observation: int = 0
    charged_at: float | None = None
    began_at: float = 0.0
    ended_at: float | None = None
    state: EntryState = EntryState.OPEN
    number: int = 0


@dataclass(frozen=True, slots=True)
class Amendment:
    """What one transaction changes in the state.

    `put` replaces whole bindings by address, `drop` removes them. `tombstones` are ids that we deleted, each with its
    system. `drafted` are items whose draft was changed through their parts, `submitted` those whose draft was put
    before the reviewer since. `facts` are words that this app taught us (`rejected_update_refused`). `pictures` maps
    identities to uploads; `lost_pictures` are identities whose upload the platform does not know any more. `forgiven`
    are the addresses whose remembered refusal ends. `reviews` are the seconds that ended reviews took.
    """

    put: tuple[Binding, ...] = ()
    drop: tuple[Address, ...] = ()
    tombstones: tuple[tuple[str, int], ...] = ()
    drafted: tuple[Address, ...] = ()
    submitted: tuple[Address, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    forgiven: tuple[Address, ...] = ()
    facts: tuple[str, ...] = ()
    pictures: tuple[tuple[str, PictureRef], ...] = ()
    lost_pictures: tuple[str, ...] = ()
    reviews: tuple[float, ...] = ()

    def __bool__(self) -> bool:
        """Whether it changes anything."""
        return any((self.put, self.drop, self.tombstones, self.drafted, self.submitted, self.refusals, self.forgiven,
                    self.facts, self.pictures, self.lost_pictures, self.reviews))  # fmt: skip
