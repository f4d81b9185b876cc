"""Who goes first, and on which day: every ready change gets a day that holds all its calls (rules section 5)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from catalog_sync.core.model import Address, Catalogue, Disposition
from catalog_sync.core.planned import Occasion, PlannedChange
from catalog_sync.core.policy import blocked
from catalog_sync.core.quota import Budget, day_begins
from catalog_sync.core.refused import rested
from catalog_sync.core.sentence import Sentence


def schedule(
    planned: list[PlannedChange], catalogue: Catalogue, budget: Budget, occasion: Occasion
) -> Iterator[PlannedChange]:
    """Every change with its day, in the order in which they go: by day, then by who goes first (rules section 5)."""
    dated: list[PlannedChange] = []
    slots: dict[Address, PlannedChange] = {}
    ready = [change for change in planned if change.disposition is Disposition.READY]
    for change in sorted(ready, key=lambda each: (bool(each.follows), _rank(each, occasion))):
        awaited = [slots[address] for address in change.follows if address in slots]
        slots[change.address] = _dated(change, awaited, catalogue, budget, occasion)
        dated.append(slots[change.address])
    others = [
        replace(change, late=_is_late(change, occasion.today, occasion.now, catalogue))
        for change in planned
        if change.disposition is not Disposition.READY
    ]
    rest = [change for change in dated if change.disposition is Disposition.BLOCKED] + others
    yield from sorted(
        (change for change in dated if change.disposition is not Disposition.BLOCKED),
        key=lambda change: (
            change.scheduled_for or occasion.today,
            change.not_before or 0.0,
            bool(change.follows),
            _rank(change, occasion),
        ),
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


def _dated(
    change: PlannedChange, awaited: list[PlannedChange], catalogue: Catalogue, budget: Budget, occasion: Occasion
) -> PlannedChange:
    """The change with its day. What follows others goes when the last of them does."""
    if not budget.fits_ever(change.cost):
        hold = blocked(change.action, "no_quota", _no_quota(change, budget))
        return replace(
            change, disposition=hold.disposition, reason=hold.reason, message=hold.message, steps=(), held=()
        )
    twice = occasion.not_landed.get((change.address, occasion.today), 0) >= 2
    earliest = occasion.today + timedelta(days=1) if twice else occasion.today
    rest = budget.rest(rested(change.address, step) for step in change.steps)
    slot = budget.take(change.cost, max([earliest, *(each.scheduled_for or earliest for each in awaited)]), rest)
    not_before = max([slot.not_before or 0.0, *(each.not_before or 0.0 for each in awaited)]) or None
    late = _is_late(change, slot.day, max(occasion.now, not_before or 0.0), catalogue)
    goes_now = slot.day == occasion.today and not_before is None
    disposition = Disposition.READY if goes_now else Disposition.DEFERRED
    return replace(change, disposition=disposition, scheduled_for=slot.day, not_before=not_before, late=late)


def _no_quota(change: PlannedChange, budget: Budget) -> str:
    short = [pool for pool, count in change.cost.items() if budget.limit(pool) - budget.reserve(pool) < count]
    return Sentence(
        "No day has room for its calls: {pools} is limited below what one item needs. See quota:.", pools=tuple(short)
    )


def _is_late(change: PlannedChange, day: date, now: float, catalogue: Catalogue) -> bool:
    """Whether its deadline passes before the day on which it goes begins, or has passed already."""
    deadline = change.item.needed_by if change.item is not None else None
    return deadline is not None and max(now, day_begins(day, catalogue.quota)) > deadline
