"""What a plan is made of: its input, its changes with their digests, and the plan itself as a value."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date

from catalog_sync.core.change import Holdings
from catalog_sync.core.digest import digest
from catalog_sync.core.guard import Hazard
from catalog_sync.core.model import (
    Action,
    Address,
    AuditStatus,
    Binding,
    Catalogue,
    Disposition,
    Held,
    Item,
    MaxDeletes,
    Observation,
    Remote,
    Role,
    Schema,
    Step,
    Value,
)
from catalog_sync.core.plandoc import SelectionDocument
from catalog_sync.core.policy import Hold, Policy
from catalog_sync.core.quota import PoolDay


@dataclass(frozen=True, slots=True)
class Selection:
    """What the user asked this plan to take up and to let pass. `max_deletes` is None where the catalogue's rule
    holds; `no_limit` is `--max-deletes none`."""

    target: tuple[Address, ...] = ()
    exclude: tuple[Address, ...] = ()
    prune: bool = True
    resubmit: tuple[Address, ...] = ()
    allow_twin: tuple[Address, ...] = ()
    allow_price_change: tuple[Address, ...] = ()
    max_deletes: MaxDeletes | None = None
    no_limit: bool = False
    accept_losses: bool = False
    refresh: bool = True

    def takes(self, change: PlannedChange) -> bool:
        """Whether a change is selected, by one of its own names, or because it follows one that is targeted."""
        names = set(change.names)
        return (not self.target or bool(names.union(change.follows) & set(self.target))) and not names & set(
            self.exclude
        )


@dataclass(frozen=True, slots=True)
class System:
    """One system's part of the input. `undecided` are the holds of journal rows that could not be judged."""

    schema: Schema
    policy: Policy
    seen: Observation
    holdings: Holdings
    undecided: Mapping[Address, Hold] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Occasion:
    """When and under what a plan is made. `now` is the platform's clock, `own_now` ours, `settle_after` seconds.
    `not_landed` counts writes judged not landed, by address and day."""

    now: float
    own_now: float
    today: date
    settle_after: float
    facts: frozenset[str] = frozenset()
    not_landed: Mapping[tuple[Address, date], int] = field(default_factory=dict)
    notes: Mapping[Address, str] = field(default_factory=dict)
    review_times: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Notice:
    """A warning of a plan: a stable code, a sentence, and the address that it is about."""

    code: str
    message: str
    address: Address | None = None


@dataclass(frozen=True, slots=True)
class PlannedChange:
    """One change of a plan: what it does, when, and why. The fields are those of the plan document; `item`, `binding`,
    `adopting`, `observed` (what the platform shows of each of its items), `follows` (the changes that must have landed
    before), and the item that it is a part of (`parent` on the platform, `whole` by its address) are what the applier
    needs beside them."""

    address: Address
    kind: str
    key: str
    action: Action
    disposition: Disposition
    reason: str
    message: str
    item: Item | None
    binding: Binding | None
    remote_id: int | None
    audit_status: AuditStatus | None
    before: Mapping[str, Value] | None
    after: Mapping[str, Value] | None
    steps: tuple[Step, ...] = ()
    held: tuple[Held, ...] = ()
    scheduled_for: date | None = None
    not_before: float | None = None
    previous: Address | None = None
    adopting: bool = False
    late: bool = False
    note: str | None = None
    digest: str = ""
    observed: Mapping[Role, Remote] = field(default_factory=dict)
    follows: tuple[Address, ...] = ()
    parent: Remote | None = None
    whole: Address | None = None

    @property
    def names(self) -> tuple[Address, ...]:
        """The addresses under which a user may name it."""
        return (self.address,) if self.previous is None else (self.address, self.previous)

    @property
    def parent_id(self) -> int | None:
        """The platform's id of the item that it is a part of."""
        return None if self.parent is None else self.parent.remote_id

    @property
    def submits(self) -> bool:
        """Whether it puts an item before the reviewer."""
        return any(step.submits for step in self.steps)

    @property
    def cost(self) -> Counter[str]:
        """How many calls of each pool it needs."""
        return Counter(step.pool for step in self.steps if step.pool is not None)


@dataclass(frozen=True, slots=True)
class Forecast:
    """What may be expected: the day the last submission goes out, and the instants by which half and nine in ten of
    such reviews would have ended (None: nothing to tell), with what that rests on, in words."""

    submitted_by: date | None
    approved_p50: float | None
    approved_p90: float | None
    basis: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done, in order. `settled` counts the items that stand equal, `left_out` the differences that were
    not selected; `unmanaged` the items bound to nothing, `console_made` how many of them were made in the console;
    `money` names the fields that are fen."""

    catalogue: Catalogue
    selection: Selection
    changes: tuple[PlannedChange, ...]
    settled: int
    left_out: int
    unmanaged: int
    console_made: int
    quota: tuple[PoolDay, ...]
    hazards: tuple[Hazard, ...]
    notices: tuple[Notice, ...]
    today: date
    observed_complete: bool
    observed_stable: bool
    observed_reason: str | None
    forecast: Forecast
    digest: str
    money: frozenset[str]

    @property
    def applyable(self) -> bool:
        """Whether no guard says no."""
        return not self.hazards

    @property
    def complete(self) -> bool:
        """Whether applying it makes the platform match the catalogue, reviews aside."""
        return not self.left_out and not any(_leaves_something(change) for change in self.changes)

    def of(self, disposition: Disposition) -> tuple[PlannedChange, ...]:
        """The changes of one disposition, in order."""
        return tuple(change for change in self.changes if change.disposition is disposition)


def _leaves_something(change: PlannedChange) -> bool:
    match change.disposition:
        case Disposition.READY:
            return bool(change.held)
        case Disposition.WAITING:
            return is_difference(change)
        case Disposition.DEFERRED | Disposition.BLOCKED:
            return True


def is_difference(change: PlannedChange) -> bool:
    """Whether a change is one for `--detailed-exitcode`: an item that is merely under review is none; one with a call
    still under way may be."""
    return change.action is not Action.UNCHANGED or change.reason != "under_review"


def change_digest(change: PlannedChange) -> str:
    """What will be done and to what; not when, nor under which counters (contract section 6)."""
    successor = None if change.binding is None else change.binding.successor
    return digest(
        {
            "address": change.address,
            "previous": change.previous,
            "remote_id": change.remote_id,
            "successor": None if successor is None else successor.remote_id,
            "audit_status": change.audit_status,
            "before": change.before,
            "after": change.after,
            "values": None if change.item is None else list(change.item.values),
            "action": change.action,
            "calls": [[step.call, step.role, list(step.fields)] for step in change.steps],
            "held": [[list(held.fields), held.reason] for held in change.held],
        }
    )


def plan_digest(changes: tuple[PlannedChange, ...], selection: Selection) -> str:
    """What a plan will do, and under which selection; not what it holds back."""
    going = sorted(
        change.digest for change in changes if change.disposition in (Disposition.READY, Disposition.DEFERRED)
    )
    return digest({"changes": going, "selection": asdict(selection_document(selection))})


def selection_document(selection: Selection) -> SelectionDocument:
    """The selection as the plan document has it."""
    return SelectionDocument(
        target=tuple(sorted(set(selection.target))),
        exclude=tuple(sorted(set(selection.exclude))),
        prune=selection.prune,
        resubmit=tuple(sorted(set(selection.resubmit))),
        allow_twin=tuple(sorted(set(selection.allow_twin))),
        allow_price_change=tuple(sorted(set(selection.allow_price_change))),
        max_deletes=_limit_text(selection),
        accept_losses=selection.accept_losses,
        refresh=selection.refresh,
    )


def _limit_text(selection: Selection) -> str | int | None:
    if selection.no_limit:
        return "none"
    if selection.max_deletes is None:
        return None
    if selection.max_deletes.number is not None:
        return selection.max_deletes.number
    return f"{selection.max_deletes.percent}%"
