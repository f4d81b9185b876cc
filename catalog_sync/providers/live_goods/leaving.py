"""Goods that the catalogue no longer lists, and the half of a replacement that goes: how an item is taken away."""

from __future__ import annotations

from catalog_sync.core.change import Change, Presence, Side
from catalog_sync.core.model import Action, AuditStatus, InAudit, Step
from catalog_sync.core.policy import Hold, Route, Settled, Steps, Terms, blocked, waiting
from catalog_sync.providers.live_goods.steps import delete, withdraw


def leave(change: Change, terms: Terms) -> Route:
    """A bound item that the catalogue does not list."""
    sides = [side for side in (change.successor, change.current) if side is not None]
    if change.forgets or all(side.presence is Presence.LOST for side in sides):
        message = "removed: it is forgotten, not deleted." if change.forgets else "It is gone from both sides."
        return Steps(Action.FORGET, "removed" if change.forgets else "gone", message)
    if not terms.rules.prune:
        return Settled()
    if is_protected(change):
        return blocked(Action.DELETE, "protected", "protect: true forbids to delete it. removed: forgets it instead.")
    steps: list[Step] = []
    for side in sides:
        hold = not_deletable(side, terms)
        if hold is not None:
            return hold
        steps += deleting(side)
    return Steps(Action.DELETE, "not_in_catalogue", "The catalogue no longer lists it.", tuple(steps))


def deleting(side: Side) -> list[Step]:
    if side.presence is Presence.LOST:
        return []
    in_audit = side.remote is not None and side.remote.status is AuditStatus.IN_AUDIT
    # Vendor: "Audit, unable to delete" (300014, goods page; checked 2026-11-21).
    return [withdraw(side.role), delete(side.role)] if in_audit else [delete(side.role)]


def not_deletable(side: Side, terms: Terms) -> Hold | None:
    if side.presence is Presence.UNSEEN:
        return blocked(Action.DELETE, "observation_incomplete", "The platform did not show it, nor confirm it gone.")
    if side.remote is None or side.remote.status is not AuditStatus.IN_AUDIT:
        return None
    if terms.rules.in_audit is InAudit.WAIT:
        return waiting(Action.DELETE, "under_review", "policy.in_audit: wait. It is deleted after the verdict.")
    return withdrawable(side, Action.DELETE)


def withdrawable(side: Side, action: Action) -> Hold | None:
    if side.copy.audit_id is not None:
        return None
    return waiting(
        action,
        "audit_id_unknown",
        "Under review, and its auditId is not known (the answer was lost, or it was adopted): it cannot be withdrawn.",
    )


def is_protected(change: Change) -> bool:
    listed = change.item.protect if change.item is not None else False
    return listed or (change.item is None and change.binding is not None and change.binding.protect)
