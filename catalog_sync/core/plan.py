"""Plan: every change with its route, its day and its place in the order; guards, quota and digest. A document."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from catalog_sync.core.bindings import bound_ids
from catalog_sync.core.change import Change, Insistence, Side
from catalog_sync.core.diff import Comparison
from catalog_sync.core.finding import find_changes
from catalog_sync.core.fold import same
from catalog_sync.core.forecast import forecast
from catalog_sync.core.gate import Circumstances, decide
from catalog_sync.core.guard import Toll, hazards
from catalog_sync.core.model import (
    KEEP,
    Action,
    Address,
    AuditStatus,
    Catalogue,
    Disposition,
    Field,
    FieldKind,
    Remote,
    Role,
    Schema,
    Step,
    Value,
    Values,
    Verb,
    system_of,
)
from catalog_sync.core.notices import notices
from catalog_sync.core.planned import (
    Notice,
    Occasion,
    Plan,
    PlannedChange,
    Selection,
    System,
    change_digest,
    is_difference,
    plan_digest,
    selection_document,
)
from catalog_sync.core.policy import Hold, Part, Route, Settled, Steps, Terms
from catalog_sync.core.quota import Budget
from catalog_sync.core.schedule import schedule

__all__ = [
    "Notice",
    "Occasion",
    "Plan",
    "PlannedChange",
    "Selection",
    "System",
    "change_digest",
    "is_difference",
    "make_plan",
    "selection_document",
]


def make_plan(
    catalogue: Catalogue, systems: Sequence[System], budget: Budget, selection: Selection, occasion: Occasion
) -> Plan:
    """The plan for these systems together. Pure: equal input gives an equal plan, whatever its order was."""
    standing, routed = _without_standing(_route_all(catalogue, systems, selection, occasion))
    chosen = [each for each in routed if each.planned is None or selection.takes(each.planned)]
    planned = [each.planned for each in chosen if each.planned is not None]
    changes = tuple(schedule(planned, catalogue, budget, occasion))
    tolls = [_toll(system, changes) for system in systems]
    limit = None if selection.no_limit else selection.max_deletes or catalogue.rules.max_deletes
    strangers = [ours for system in systems for ours in _unmanaged(system, chosen)]
    return Plan(
        catalogue=catalogue,
        selection=selection,
        changes=changes,
        settled=standing + sum(each.settled for each in chosen),
        left_out=sum(each.planned is not None and is_difference(each.planned) for each in routed)
        - sum(map(is_difference, planned)),
        unmanaged=len(strangers),
        console_made=sum(not ours for ours in strangers),
        quota=budget.table(sorted({occasion.today} | {day for change in changes if (day := change.scheduled_for)})),
        hazards=tuple(
            hazards(tolls, max_deletes=limit, accept_losses=selection.accept_losses, refreshed=selection.refresh)
        ),
        notices=tuple(notices(systems, changes, _kept(routed, prune=selection.prune and catalogue.rules.prune))),
        today=occasion.today,
        observed_complete=all(system.seen.complete for system in systems),
        observed_stable=all(system.seen.stable for system in systems),
        observed_reason=next((system.seen.reason for system in systems if system.seen.reason), None),
        forecast=forecast(changes, catalogue, occasion),
        digest=plan_digest(changes, selection),
        money=frozenset(each.name for system in systems for each in system.schema.fields if each.money),
    )


_WITHDRAW_AND_DELETE = 2
"""The calls of a route that takes an item away and does nothing else."""


@dataclass(frozen=True, slots=True)
class _Routed:
    """A change after the rules: what is planned of it (None: nothing), and whether its item stands equal."""

    change: Change
    route: Route
    planned: PlannedChange | None
    settled: bool


def _without_standing(all_routed: Iterable[_Routed | None]) -> tuple[int, list[_Routed]]:
    """How many items stand without a change, and the changes."""
    standing, routed = 0, []
    for each in all_routed:
        if each is None:
            standing += 1
        else:
            routed.append(each)
    return standing, routed


def _route_all(
    catalogue: Catalogue, systems: Sequence[System], selection: Selection, occasion: Occasion
) -> Iterator[_Routed | None]:
    """Every change of every system, the parts before the items that they are parts of: what becomes of a draft depends
    on what is done to its parts. None: an item that stands without a change."""
    by_kind = {system.schema.kind: system for system in systems}
    parts: dict[Address, list[Part]] = {}
    for system in sorted(systems, key=lambda each: each.schema.parent is None):
        kin = _Kin(by_kind.get(system.schema.parent or ""), parts)
        for routed in _route(catalogue, system, kin, selection, occasion):
            whole = None if routed is None else kin.whole_of(routed.change)
            if routed is not None and whole is not None:
                taken = routed.planned is None or selection.takes(routed.planned)
                parts.setdefault(whole, []).append(Part(routed.change, routed.route if taken else Settled()))
            yield routed


@dataclass(frozen=True, slots=True)
class _Kin:
    """What a system's items have to do with those of others: the system of the items that they are parts of, and the
    parts that they have themselves, by address."""

    wholes: System | None
    parts: Mapping[Address, Sequence[Part]]

    @property
    def parents(self) -> Mapping[int, Remote]:
        """The items that they are parts of, by id."""
        return {} if self.wholes is None else self.wholes.seen.remotes

    def whole_of(self, change: Change) -> Address | None:
        """The address of the item that a change's item is a part of."""
        if self.wholes is None:
            return None
        if change.item is not None:
            return change.item.parent
        if change.parent is None or change.parent.key is None:
            return None
        return Address(f"{self.wholes.schema.prefix}.{change.parent.key}")


def _route(
    catalogue: Catalogue, system: System, kin: _Kin, selection: Selection, occasion: Occasion
) -> Iterator[_Routed | None]:
    how = Comparison(system.schema, occasion.own_now, occasion.settle_after, catalogue.rules.stock)
    rules = catalogue.rules if selection.prune else replace(catalogue.rules, prune=False)
    terms = Terms(rules, occasion.facts, unread=(kin.wholes or system).seen.unread)
    around = Circumstances(
        system.schema,
        system.seen,
        nothing_bound=not system.holdings.bindings,
        max_price_change=rules.max_price_change,
        allow_price_change=frozenset(selection.allow_price_change),
        undecided=system.undecided,
    )
    insistence = Insistence(frozenset(selection.resubmit), frozenset(selection.allow_twin))
    orphans = set(system.undecided)
    coming: dict[Address, list[Address]] = {}
    for change in find_changes(
        how,
        catalogue,
        system.seen,
        system.holdings,
        insistence,
        kin.parents,
        rests=system.policy.rests,
        watched=system.undecided,
    ):
        if change is None:
            yield None
            continue
        orphans -= {change.address, change.previous}
        parts = tuple(kin.parts.get(change.address, ()))
        whole = kin.whole_of(change)
        # The last of its kin leaves only behind those that are added in its stead.
        follows = tuple(coming.get(whole, ())) if whole and change.last else _drafting(parts)
        standing = replace(change, last=False) if change.last and follows else change
        route = decide(standing, system.policy, replace(terms, parts=parts) if parts else terms, around)
        if isinstance(route, Settled):
            yield _Routed(change, route, None, settled=change.item is not None)
            continue
        planned = replace(
            _planned(system.schema, change, route, occasion),
            follows=follows,
            parts=tuple(part.change.address for part in parts),
            whole=whole,
        )
        if whole and isinstance(route, Steps) and Verb.CREATE in route.verbs:
            coming.setdefault(whole, []).append(change.address)
        yield _Routed(change, route, planned, planned.action is Action.UNCHANGED)
    for orphan in _orphans(system, orphans, catalogue.moved):
        hold = system.undecided[orphan.address]
        yield _Routed(orphan, hold, _planned(system.schema, orphan, hold, occasion), settled=False)


def _drafting(parts: Iterable[Part]) -> tuple[Address, ...]:
    return tuple(part.change.address for part in parts if part.drafts)


def _orphans(system: System, orphans: Collection[Address], moved: Mapping[str, str]) -> Iterator[Change]:
    """Keys of undecided rows that are neither listed nor bound (any more): what they made may still be there. One that
    the catalogue moves is held under its new name."""
    prefix = f"{system.schema.prefix}."
    for address in sorted(orphans):
        key = address.removeprefix(prefix)
        if address.startswith(prefix) and key not in moved:
            yield Change(address, key, None)


def _kept(routed: Iterable[_Routed], *, prune: bool) -> Iterator[Address]:
    """The items that stay although the catalogue does not list them, because nothing is pruned."""
    return (each.change.address for each in routed if not prune and each.change.item is None and each.planned is None)


def _planned(schema: Schema, change: Change, route: Steps | Hold, occasion: Occasion) -> PlannedChange:
    steps, held = (route.steps, route.held) if isinstance(route, Steps) else ((), ())
    side = _shown_side(change, steps)
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
        observed={each.role: each.remote for each in (change.current, change.successor) if each and each.remote},
        parent=change.parent,
    )
    return replace(planned, digest=change_digest(planned))


def _shown_side(change: Change, steps: tuple[Step, ...]) -> Side | None:
    """The item that a change is shown with: the one on sale, or the new one where only that is deleted."""
    deleted = {step.role for step in steps if step.verb is Verb.DELETE}
    return change.successor if deleted == {Role.SUCCESSOR} and len(steps) <= _WITHDRAW_AND_DELETE else change.current


def _before_after(
    schema: Schema, change: Change, side: Side | None, steps: tuple[Step, ...], action: Action
) -> tuple[Mapping[str, Value] | None, Mapping[str, Value] | None]:
    """The fields of a change with what they are and what they become; None where there is no item on that side."""
    desired = None if change.item is None else _managed(schema, change.item.values)
    observed = _shown(schema, side)
    if desired is None or observed is None:
        return observed, desired
    if action is Action.DELETE:
        return observed, None  # the old item of a replacement goes; the catalogue's values are the new one's
    fields = {name for step in steps for name in step.fields} or (
        side.difference.fields | side.against if side else set()
    )
    if action is Action.REPLACE and side is not None:
        fields = side.difference.fields
    names = [each.name for each in schema.fields if each.name in fields and _moves(each, observed, desired)]
    return {name: observed[name] for name in names}, {name: desired[name] for name in names}


def _moves(field: Field, observed: Mapping[str, Value], desired: Mapping[str, Value]) -> bool:
    """Whether a field that a call sends is told: not one that is sent along as it is, in another spelling."""
    if field.name not in desired:
        return False
    before, after = observed[field.name], desired[field.name]
    return before == after or not same(field.fold, before, after)


def _managed(schema: Schema, values: Values) -> dict[str, Value]:
    """What the catalogue says of an item: not what it leaves to the platform, nor what is only shown."""
    return {
        field.name: value
        for field, value in zip(schema.fields, values, strict=True)
        if field.kind is not FieldKind.SHOWN and value != KEEP
    }


def _shown(schema: Schema, side: Side | None) -> dict[str, Value] | None:
    """What the platform shows of an item; a picture by the identity that we sent, for its URL means nothing to us."""
    if side is None or side.remote is None:
        return None
    sent = schema.named(side.copy.sent)
    pictures = schema.of_kind(FieldKind.PICTURE)
    shown = schema.of_kind(FieldKind.SHOWN)
    return {
        name: sent[name] if name in pictures else value
        for name, value in schema.named(side.remote.values).items()
        if name not in shown
    }


def _toll(system: System, changes: tuple[PlannedChange, ...]) -> Toll:
    going = [
        change
        for change in changes
        if change.kind == system.schema.kind and change.disposition in (Disposition.READY, Disposition.DEFERRED)
    ]
    lost = sum(binding.current.remote_id in system.seen.gone for binding in system.holdings.bindings.values())
    return Toll(system.schema.kind, len(system.holdings.bindings), sum(map(_counts_as_delete, going)), lost)


def _counts_as_delete(change: PlannedChange) -> bool:
    """Deletes and replacements count; the fallback of rejected goods does not, in one run or in two: it takes nothing
    off sale."""
    second_half = change.reason == "superseded" and change.audit_status is AuditStatus.REJECTED
    if change.action is Action.RESUBMIT or second_half:
        return False
    return any(step.verb is Verb.DELETE and step.role is Role.CURRENT for step in change.steps)


def _unmanaged(system: System, chosen: Iterable[_Routed]) -> Iterator[bool]:
    """For each remote item that is bound to nothing, and that the plan does not bind: whether the API made it."""
    prefix = system.schema.prefix
    bindings = [each.change.binding for each in chosen if system_of(each.change.address) == prefix]
    known = bound_ids([each for each in bindings if each is not None])
    known |= bound_ids(system.holdings.bindings.values()) | system.holdings.tombstones
    return (remote.ours for remote in system.seen.remotes.values() if remote.remote_id not in known)
