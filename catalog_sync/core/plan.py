"""Plan: every change with its route, its day and its place in the order; guards, quota and digest. A document."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from catalog_sync.core.change import Change, Holdings, Insistence, Presence, Side, find_changes
from catalog_sync.core.diff import Comparison
from catalog_sync.core.digest import digest
from catalog_sync.core.fold import likeness
from catalog_sync.core.gate import Circumstances, decide
from catalog_sync.core.guard import Hazard, Toll, hazards
from catalog_sync.core.model import (
    Action,
    Address,
    AuditStatus,
    Binding,
    Catalogue,
    Disposition,
    FieldKind,
    Held,
    Item,
    MaxDeletes,
    Observation,
    Role,
    Schema,
    Step,
    Value,
    Values,
    Verb,
)
from catalog_sync.core.policy import Hold, Policy, Settled, Steps, Terms, blocked
from catalog_sync.core.quota import Budget, PoolDay, day_begins


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

    def takes(self, addresses: Iterable[Address]) -> bool:
        """Whether a change known under any of these addresses is selected."""
        names = set(addresses)
        return (not self.target or bool(names & set(self.target))) and not names & set(self.exclude)


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


@dataclass(frozen=True, slots=True)
class Notice:
    """A warning of a plan: a stable code, a sentence, and the address that it is about."""

    code: str
    message: str
    address: Address | None = None


@dataclass(frozen=True, slots=True)
class PlannedChange:
    """One change of a plan: what it does, when, and why. The fields are those of the plan document; `item`, `binding`,
    `adopting` and `observed` (what the platform shows of each of its items) are what the applier needs beside them."""

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
    observed: Mapping[Role, Values] = field(default_factory=dict)

    @property
    def names(self) -> tuple[Address, ...]:
        """The addresses under which a user may name it."""
        return (self.address,) if self.previous is None else (self.address, self.previous)

    @property
    def cost(self) -> Counter[str]:
        """How many calls of each pool it needs."""
        return Counter(step.pool for step in self.steps if step.pool is not None)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done, in order. `settled` counts the items that stand equal; `unmanaged` those bound to nothing,
    `console_made` how many of them were made in the console; `money` names the fields that are fen."""

    catalogue: Catalogue
    selection: Selection
    changes: tuple[PlannedChange, ...]
    settled: int
    unmanaged: int
    console_made: int
    quota: tuple[PoolDay, ...]
    hazards: tuple[Hazard, ...]
    notices: tuple[Notice, ...]
    today: date
    observed_complete: bool
    observed_stable: bool
    observed_reason: str | None
    submitted_by: date | None
    digest: str
    money: frozenset[str]

    @property
    def applyable(self) -> bool:
        """Whether no guard says no."""
        return not self.hazards

    @property
    def complete(self) -> bool:
        """Whether applying it makes the platform match the catalogue, reviews aside."""
        return not any(_leaves_something(change) for change in self.changes)

    def of(self, disposition: Disposition) -> tuple[PlannedChange, ...]:
        """The changes of one disposition, in order."""
        return tuple(change for change in self.changes if change.disposition is disposition)


def _leaves_something(change: PlannedChange) -> bool:
    match change.disposition:
        case Disposition.READY:
            return bool(change.held)
        case Disposition.WAITING:
            return change.action is not Action.UNCHANGED
        case Disposition.DEFERRED | Disposition.BLOCKED:
            return True


def is_difference(change: PlannedChange) -> bool:
    """Whether a change is one for `--detailed-exitcode`: an item that is merely under review is none."""
    return not (change.action is Action.UNCHANGED and change.disposition is Disposition.WAITING)


def make_plan(
    catalogue: Catalogue, systems: Sequence[System], budget: Budget, selection: Selection, occasion: Occasion
) -> Plan:
    """The plan for these systems together. Pure: equal input gives an equal plan, whatever its order was."""
    routed = [part for system in systems for part in _route(catalogue, system, selection, occasion)]
    chosen = [each for each in routed if each.planned is None or selection.takes(each.planned.names)]
    planned = [each.planned for each in chosen if each.planned is not None]
    changes = tuple(_schedule(planned, catalogue, budget, occasion))
    tolls = [_toll(system, changes) for system in systems]
    limit = None if selection.no_limit else selection.max_deletes or catalogue.rules.max_deletes
    strangers = [remote for system in systems for remote in _unmanaged(system)]
    return Plan(
        catalogue=catalogue,
        selection=selection,
        changes=changes,
        settled=sum(each.settled for each in chosen),
        unmanaged=len(strangers),
        console_made=sum(not ours for ours in strangers),
        quota=budget.table(sorted({occasion.today} | {day for change in changes if (day := change.scheduled_for)})),
        hazards=tuple(
            hazards(tolls, max_deletes=limit, accept_losses=selection.accept_losses, refreshed=selection.refresh)
        ),
        notices=tuple(_notices(catalogue, systems, routed, changes, selection)),
        today=occasion.today,
        observed_complete=all(system.seen.complete for system in systems),
        observed_stable=all(system.seen.stable for system in systems),
        observed_reason=next((system.seen.reason for system in systems if system.seen.reason), None),
        submitted_by=_submitted_by(changes),
        digest=_plan_digest(changes, selection),
        money=frozenset(each.name for system in systems for each in system.schema.fields if each.money),
    )


@dataclass(frozen=True, slots=True)
class _Routed:
    """A change after the rules: what is planned of it (None: nothing), and whether its item stands equal."""

    change: Change
    planned: PlannedChange | None
    settled: bool


def _route(catalogue: Catalogue, system: System, selection: Selection, occasion: Occasion) -> Iterator[_Routed]:
    how = Comparison(system.schema, occasion.own_now, occasion.settle_after, catalogue.rules.stock)
    rules = catalogue.rules if selection.prune else replace(catalogue.rules, prune=False)
    terms = Terms(rules, occasion.facts)
    around = Circumstances(
        system.schema,
        system.seen,
        nothing_bound=not system.holdings.bindings,
        max_price_change=rules.max_price_change,
        allow_price_change=frozenset(selection.allow_price_change),
        undecided=system.undecided,
    )
    insistence = Insistence(frozenset(selection.resubmit), frozenset(selection.allow_twin))
    for change in find_changes(how, catalogue, system.seen, system.holdings, insistence):
        route = decide(change, system.policy, terms, around)
        if isinstance(route, Settled):
            yield _Routed(change, None, change.item is not None)
            continue
        planned = _planned(system.schema, change, route, occasion)
        yield _Routed(change, planned, planned.action is Action.UNCHANGED)


def _planned(schema: Schema, change: Change, route: Steps | Hold, occasion: Occasion) -> PlannedChange:
    side = _acting(change)
    steps, held = (route.steps, route.held) if isinstance(route, Steps) else ((), ())
    before, after = _before_after(schema, change, side, steps, route.action)
    planned = PlannedChange(
        address=change.address,
        kind=schema.kind,
        key=change.key,
        action=route.action,
        disposition=Disposition.READY if isinstance(route, Steps) else route.disposition,
        reason=route.reason,
        message=route.message,
        item=change.item,
        binding=change.binding,
        remote_id=None if side is None else side.copy.remote_id,
        audit_status=side.remote.status if side is not None and side.remote is not None else None,
        before=before,
        after=after,
        steps=steps,
        held=held,
        previous=change.previous,
        adopting=change.adopting,
        note=occasion.notes.get(change.address),
        observed={each.role: each.remote.values for each in (change.current, change.successor) if each and each.remote},
    )
    return replace(planned, digest=change_digest(planned))


def _acting(change: Change) -> Side | None:
    """The side that a change is shown with: the item on sale, or what takes its place when it is gone."""
    if change.current is not None and change.current.presence is Presence.LOST and change.successor is not None:
        return change.successor
    return change.current


def _before_after(
    schema: Schema, change: Change, side: Side | None, steps: tuple[Step, ...], action: Action
) -> tuple[Mapping[str, Value] | None, Mapping[str, Value] | None]:
    """The fields of a change with what they are and what they become; None where there is no item on that side."""
    desired = None if change.item is None else schema.named(change.item.values)
    observed = _shown(schema, side)
    if desired is None or observed is None:
        return observed, desired
    fields = {name for step in steps for name in step.fields} or (
        side.difference.fields | side.against if side else set()
    )
    if action is Action.REPLACE and side is not None:
        fields = side.difference.fields
    names = [each.name for each in schema.fields if each.name in fields]
    return {name: observed[name] for name in names}, {name: desired[name] for name in names}


def _shown(schema: Schema, side: Side | None) -> dict[str, Value] | None:
    """What the platform shows of an item; a picture by the identity that we sent, for its URL means nothing to us."""
    if side is None or side.remote is None:
        return None
    sent = schema.named(side.copy.sent)
    pictures = schema.of_kind(FieldKind.PICTURE)
    return {name: sent[name] if name in pictures else value for name, value in schema.named(side.remote.values).items()}


def change_digest(change: PlannedChange) -> str:
    """What will be done and to what; not when, nor under which counters (contract section 6)."""
    return digest(
        {
            "address": change.address,
            "previous": change.previous,
            "remote_id": change.remote_id,
            "audit_status": change.audit_status,
            "before": change.before,
            "after": change.after,
            "values": None if change.item is None else list(change.item.values),
            "action": change.action,
            "calls": [[step.call, step.role, list(step.fields)] for step in change.steps],
            "held": [[list(held.fields), held.reason] for held in change.held],
        }
    )


def _schedule(
    planned: list[PlannedChange], catalogue: Catalogue, budget: Budget, occasion: Occasion
) -> Iterator[PlannedChange]:
    """Every change with its day, in the order in which they go: by day, then by who goes first (rules section 5)."""
    ready = [change for change in planned if change.disposition is Disposition.READY]
    dated = [_dated(change, catalogue, budget, occasion) for change in sorted(ready, key=lambda c: _rank(c, occasion))]
    others = [change for change in planned if change.disposition is not Disposition.READY]
    rest = [change for change in dated if change.disposition is Disposition.BLOCKED] + others
    yield from sorted(
        (change for change in dated if change.disposition is not Disposition.BLOCKED),
        key=lambda change: (change.scheduled_for or occasion.today, _rank(change, occasion)),
    )
    order = (Disposition.WAITING, Disposition.BLOCKED)
    yield from sorted(rest, key=lambda change: (order.index(change.disposition), _rank(change, occasion)))


def _rank(change: PlannedChange, occasion: Occasion) -> tuple[float, int, float, str]:
    """Who goes first when a pool is short: `needed_by` (a deadline that has passed ranks as none), `priority`, the
    catalogue's order, the address."""
    item = change.item
    if item is None:
        return (float("inf"), 0, float("inf"), change.address)
    deadline = item.needed_by if item.needed_by is not None and item.needed_by > occasion.now else float("inf")
    return (deadline, -item.priority, item.position, change.address)


def _dated(change: PlannedChange, catalogue: Catalogue, budget: Budget, occasion: Occasion) -> PlannedChange:
    if not budget.fits_ever(change.cost):
        hold = blocked(change.action, "no_quota", _no_quota(change, budget))
        return replace(
            change, disposition=hold.disposition, reason=hold.reason, message=hold.message, steps=(), held=()
        )
    twice = occasion.not_landed.get((change.address, occasion.today), 0) >= 2
    day = budget.take(change.cost, occasion.today + timedelta(days=1) if twice else occasion.today)
    late = _is_late(change, day, catalogue)
    if day == occasion.today:
        return replace(change, scheduled_for=day, late=late)
    return replace(change, disposition=Disposition.DEFERRED, scheduled_for=day, late=late)


def _no_quota(change: PlannedChange, budget: Budget) -> str:
    short = [pool for pool, count in change.cost.items() if budget.limit(pool) - budget.reserve(pool) < count]
    return f"No day has room for its calls: {', '.join(short)} is limited below what one item needs. See quota:."


def _is_late(change: PlannedChange, day: date, catalogue: Catalogue) -> bool:
    deadline = change.item.needed_by if change.item is not None else None
    return deadline is not None and day_begins(day, catalogue.quota) > deadline


def _toll(system: System, changes: tuple[PlannedChange, ...]) -> Toll:
    going = [
        change
        for change in changes
        if change.kind == system.schema.kind and change.disposition in (Disposition.READY, Disposition.DEFERRED)
    ]
    lost = sum(binding.current.remote_id in system.seen.absent for binding in system.holdings.bindings.values())
    return Toll(system.schema.kind, len(system.holdings.bindings), sum(map(_counts_as_delete, going)), lost)


def _counts_as_delete(change: PlannedChange) -> bool:
    """Deletes and replacements count; the fallback of rejected goods does not: it takes nothing off sale."""
    if change.action is Action.RESUBMIT:
        return False
    return any(step.verb is Verb.DELETE and step.role is Role.CURRENT for step in change.steps)


def _unmanaged(system: System) -> Iterator[bool]:
    """For each remote item that is bound to nothing: whether it was made through the API."""
    bound = {
        copy.remote_id
        for binding in system.holdings.bindings.values()
        for copy in (binding.current, binding.successor)
        if copy is not None
    }
    for remote in system.seen.remotes.values():
        if remote.remote_id not in bound and remote.remote_id not in system.holdings.tombstones:
            yield remote.ours


def _submitted_by(changes: tuple[PlannedChange, ...]) -> date | None:
    """The day the last submission of the plan goes out."""
    days = [
        change.scheduled_for
        for change in changes
        if change.scheduled_for is not None and any(step.verb in (Verb.CREATE, Verb.SUBMIT) for step in change.steps)
    ]
    return max(days, default=None)


def _plan_digest(changes: tuple[PlannedChange, ...], selection: Selection) -> str:
    going = sorted(
        change.digest for change in changes if change.disposition in (Disposition.READY, Disposition.DEFERRED)
    )
    return digest({"changes": going, "selection": selection_document(selection)})


def selection_document(selection: Selection) -> dict[str, object]:
    """The selection as the plan document has it."""
    return {
        "target": list(selection.target),
        "exclude": list(selection.exclude),
        "prune": selection.prune,
        "resubmit": list(selection.resubmit),
        "allow_twin": list(selection.allow_twin),
        "allow_price_change": list(selection.allow_price_change),
        "max_deletes": _limit_text(selection),
        "accept_losses": selection.accept_losses,
        "refresh": selection.refresh,
    }


def _limit_text(selection: Selection) -> str | int | None:
    if selection.no_limit:
        return "none"
    if selection.max_deletes is None:
        return None
    if selection.max_deletes.number is not None:
        return selection.max_deletes.number
    return f"{selection.max_deletes.percent}%"


def _notices(
    catalogue: Catalogue,
    systems: Sequence[System],
    routed: list[_Routed],
    changes: tuple[PlannedChange, ...],
    selection: Selection,
) -> Iterator[Notice]:
    for change in changes:
        if change.late:
            yield Notice("late", "It will miss its needed_by.", change.address)
        if change.reason == "price_under_review":
            yield Notice("price_under_review", change.message, change.address)
    yield from _unpruned(catalogue, routed, selection)
    yield from _renames(systems, changes)
    yield from _console_twins(systems, changes)


def _unpruned(catalogue: Catalogue, routed: list[_Routed], selection: Selection) -> Iterator[Notice]:
    if selection.prune and catalogue.rules.prune:
        return
    for each in routed:
        if each.change.item is None and each.planned is None:
            yield Notice("not_pruned", "The catalogue no longer lists it; it stays.", each.change.address)


def _renames(systems: Sequence[System], changes: tuple[PlannedChange, ...]) -> Iterator[Notice]:
    """A delete and an add that look like one item under a new key."""
    schemas = {system.schema.kind: system.schema for system in systems}
    leaving = {}
    for change in changes:
        if change.action is Action.DELETE and change.item is None and change.binding is not None:
            leaving[likeness(schemas[change.kind], change.binding.current.sent)] = change
    for change in changes:
        if change.action is Action.ADD and change.item is not None:
            twin = leaving.get(likeness(schemas[change.kind], change.item.values))
            if twin is not None:
                hint = (
                    f"It looks like {twin.address} under a new key; moved: {{{twin.key}: {change.key}}} keeps its item."
                )
                yield Notice("looks_like_a_rename", hint, change.address)


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
            for remote in system.seen.remotes.values()
            if not remote.ours
        }
        for change in adds:
            assert change.item is not None  # noqa: S101 - chosen above
            twin = console.get(likeness(system.schema, change.item.values))
            if twin is not None:
                message = f"The console has an item of the same name and url ({twin}), which the API may not touch."
                yield Notice("console_twin", message, change.address)
