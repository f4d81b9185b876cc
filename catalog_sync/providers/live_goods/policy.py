"""The routes of live goods: what the review state of an item allows (rules section 3), as a pure, total table.

Vendor: "Only the price type and price can be updated for the approved products. The products under audit can not be
updated. The unaudited products are allowed to update all fields." (goods page, update; checked 2026-11-21.)
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import assert_never

from catalog_sync.core.change import Change, Presence, Side
from catalog_sync.core.model import (
    KEEP,
    Action,
    AuditStatus,
    Held,
    InAudit,
    LockedChange,
    Remote,
    Role,
    Step,
    Verb,
)
from catalog_sync.core.policy import Hold, Route, Settled, Steps, Terms, blocked, waiting
from catalog_sync.core.sentence import Sentence
from catalog_sync.providers.live_goods.leaving import deleting, is_protected, leave, not_deletable, withdrawable
from catalog_sync.providers.live_goods.steps import (
    COVER,
    PRICE_FIELDS,
    adding,
    delete,
    every_field,
    fields_of,
    in_order,
    price_step,
    submit,
    upload,
    withdraw,
)

REJECTED_LOCKED = "rejected_update_refused"
"""The fact that this app was seen to refuse an update or audit of rejected goods by their status. Unverified which apps
do: public code disagrees (checked 2026-11-21)."""


class LiveGoodsPolicy:
    """The table of routes of live goods."""

    def route(self, change: Change, terms: Terms) -> Route:
        """The way to bring a change about, or why it does not go."""
        if change.item is None:
            return leave(change, terms)
        if change.current is None:
            return _add(change, "new", "Not on the platform yet.")
        if change.successor is not None:
            return _replacing(change, change.current, change.successor, terms)
        return _stay(change, change.current, terms)

    def rests(self, remote: Remote, /) -> bool:
        """Approved goods are on sale."""
        return remote.status is AuditStatus.APPROVED

    def lesson(self, verb: Verb, status: AuditStatus) -> str | None:
        """Rejected goods that may not be updated or submitted are replaced from then on."""
        refused = verb in (Verb.UPDATE, Verb.SUBMIT) and status is AuditStatus.REJECTED
        return REJECTED_LOCKED if refused else None


def _no_cover(change: Change, action: Action) -> Hold | None:
    """A picture must be uploaded, and the catalogue has none."""
    if change.desired.values[COVER] != KEEP:
        return None
    return blocked(action, "cover_needed", "cover: keep has no picture to upload. Name a file or an https link.")


def _add(change: Change, reason: str, message: str) -> Route:
    return _no_cover(change, Action.ADD) or Steps(Action.ADD, reason, message, adding(change, Role.CURRENT))


def _stay(change: Change, side: Side, terms: Terms) -> Route:
    """A bound item that the catalogue still lists, and that is not being replaced."""
    match side.presence:
        case Presence.LOST:
            return _add(change, "lost_remotely", "It is gone from the platform; it is added again.")
        case Presence.UNSEEN:
            return blocked(Action.ADD, "observation_incomplete", "The platform did not show it, nor confirm it gone.")
        case Presence.PRESENT:
            return _by_status(change, side, terms)
        case _:
            assert_never(side.presence)


def _by_status(change: Change, side: Side, terms: Terms) -> Route:
    status = side.remote.status if side.remote is not None else None
    match status:
        case AuditStatus.UNAUDITED:
            return _unaudited(change, side)
        case AuditStatus.IN_AUDIT:
            return _in_audit(change, side, terms)
        case AuditStatus.APPROVED:
            return _approved(change, side, terms)
        case AuditStatus.REJECTED:
            return _rejected(change, side, terms)
        case None:
            return blocked(Action.UNCHANGED, "unknown_status", "The platform shows a review status that is not known.")
        case _:
            assert_never(status)


def _untaken(side: Side, action: Action) -> Hold | None:
    """A write that was accepted and does not show is not sent again unchanged."""
    difference = side.difference
    if difference.edited:
        return None
    if difference.settling:
        return waiting(action, "settling", "Written a moment ago; the platform still shows the old value.")
    return _not_taken(side, action) if difference.not_taken else None


def _not_taken(side: Side, action: Action) -> Hold:
    return blocked(
        action,
        "not_taken",
        Sentence(
            "The platform took {fields} and still shows the old value. Change it, or --resubmit.",
            fields=in_order(side.difference.not_taken),
        ),
    )


def _unaudited(change: Change, side: Side) -> Route:
    hold = _untaken(side, Action.RESUBMIT)
    if hold is not None:
        return hold
    audit = submit(side.role)
    if not side.difference and not change.insist:
        return Steps(Action.RESUBMIT, "unaudited", "It is not under review; it is submitted.", (audit,))
    return _resubmit(change, side, _repairable(side), "Unaudited goods may change every field.")


def _repairable(side: Side) -> frozenset[str]:
    """What is sent when the item is changed anyway: our edits, what somebody else changed, and what may not have
    arrived yet. What was not taken is not sent again unchanged."""
    return side.difference.fields - side.difference.not_taken


def _resubmit(change: Change, side: Side, differing: Iterable[str], message: str, *, withdrawn: bool = False) -> Steps:
    fields = fields_of(change, differing)
    steps = [*upload(fields)]
    if withdrawn:
        steps.append(withdraw(side.role))
    if fields:
        steps.append(Step("update", Verb.UPDATE, "update", fields, side.role, every_field(change)))
    steps.append(submit(side.role))
    left = in_order(side.difference.not_taken - set(fields))
    held = (Held(left, "not_taken", _not_taken(side, Action.RESUBMIT).message),) if left else ()
    return Steps(Action.RESUBMIT, _reason(side, differing), message, tuple(steps), held)


def _reason(side: Side, differing: Iterable[str]) -> str:
    fields = set(differing) & (side.against | side.difference.fields)
    if not fields:
        return "resubmit_asked"
    if not fields - side.difference.drifted:
        return "drifted"
    return "price_changed" if fields <= set(PRICE_FIELDS) else "content_changed"


def _in_audit(change: Change, side: Side, terms: Terms) -> Route:
    difference = side.difference
    if not difference:
        return waiting(Action.UNCHANGED, "under_review", "Under review, equal to the catalogue.")
    hold = _untaken(side, Action.RESUBMIT)
    if hold is not None:
        return hold
    if not difference.edited:
        return _only_drifted(side, Action.RESUBMIT)
    return (
        _after_verdict(difference.edited - set(PRICE_FIELDS), terms.rules.in_audit)
        or withdrawable(side, Action.RESUBMIT)
        or _resubmit(
            change,
            side,
            _repairable(side),
            "Withdrawn from review, changed, submitted again.",
            withdrawn=True,
        )
    )


def _after_verdict(content: frozenset[str], rule: InAudit) -> Hold | None:
    """What `policy.in_audit` leaves until the review has ended."""
    if not content and rule is not InAudit.WITHDRAW:
        return waiting(
            Action.UPDATE,
            "price_under_review",
            "The price follows once it is approved, without a submission; until then it may go on sale at the old one.",
        )
    if content and rule is InAudit.WAIT:
        return waiting(Action.RESUBMIT, "under_review", "policy.in_audit: wait. It is changed after the verdict.")
    return None


def _only_drifted(side: Side, action: Action) -> Hold:
    return blocked(
        action,
        "drifted",
        Sentence(
            "Somebody else changed {fields} on the platform. Put that into the catalogue, or --resubmit to put ours "
            "back.",
            fields=in_order(side.difference.drifted),
        ),
    )


def _approved(change: Change, side: Side, terms: Terms) -> Route:
    difference = side.difference
    if not difference:
        return Settled()
    hold = _untaken(side, Action.UPDATE if difference.fields <= set(PRICE_FIELDS) else Action.REPLACE)
    if hold is not None:
        return hold
    content = difference.edited - set(PRICE_FIELDS)
    if not content:
        return _price_part(change, side, _held_back(side))
    replacement = _replace(change, terms)
    if isinstance(replacement, Hold):
        held = Held(in_order(content), replacement.reason, replacement.message)
        return _price_part(change, side, (held, *_held_back(side))) if difference.edited - content else replacement
    return replacement


def _held_back(side: Side) -> tuple[Held, ...]:
    """What is not ours to change while our price goes: drift, and what the platform did not take."""
    difference = side.difference
    parts = ((difference.drifted, _only_drifted), (difference.not_taken, _not_taken))
    holds = [(fields, why(side, Action.REPLACE)) for fields, why in parts if fields]
    return tuple(Held(in_order(fields), hold.reason, hold.message) for fields, hold in holds)


def _price_part(change: Change, side: Side, held: tuple[Held, ...]) -> Route:
    if not side.difference.edited & set(PRICE_FIELDS):
        return _only_drifted(side, Action.REPLACE)
    return Steps(
        Action.UPDATE, "price_changed", "Approved goods may change price at once.", (price_step(change, side),), held
    )


def _replace(change: Change, terms: Terms) -> Steps | Hold:
    """Approved goods whose content is to change: the platform has locked it, so a new item takes the old one's
    place."""
    rule = change.desired.locked_change or terms.rules.locked_change
    if rule is LockedChange.BLOCK:
        return blocked(
            Action.REPLACE,
            "locked_when_approved",
            "Approved goods may only change price. Put the old content back, or set locked_change: replace: a new item "
            "is added and reviewed, and this one is deleted.",
        )
    return _irreplaceable(change, Action.REPLACE) or _no_cover(change, Action.REPLACE) or _replacement(change, rule)


def _replacement(change: Change, rule: LockedChange) -> Steps:
    made = adding(change, Role.SUCCESSOR)
    if rule is LockedChange.REPLACE_AFTER_APPROVAL:
        message = "Approved goods keep their content: a new item is added; this one stays until that is approved."
        return Steps(Action.REPLACE, "content_changed", message, made)
    message = (
        "Approved goods keep their content: a new item is added, then this one is deleted, from its rooms, too. It is "
        "off sale until the new one is approved."
    )
    return Steps(Action.REPLACE, "content_changed", message, (*made, delete()))


def _irreplaceable(change: Change, action: Action) -> Hold | None:
    if is_protected(change):
        return blocked(action, "protected", "protect: true forbids to delete or replace it.")
    if change.adopting:
        return blocked(action, "just_adopted", "The run that adopts an item neither deletes nor replaces it.")
    return None


def _rejected(change: Change, side: Side, terms: Terms) -> Route:
    if not side.against and not change.insist:
        return blocked(
            Action.RESUBMIT,
            "rejected",
            "The review refused it, and nothing was changed since. Edit it, or --resubmit to submit it as it is.",
        )
    if REJECTED_LOCKED in terms.facts:
        return _replace_rejected(change, side)
    differing = side.against | _repairable(side)
    # Unverified whether an audit alone is taken for rejected goods: an update opens them where it is allowed.
    return _resubmit(
        change, side, differing or ("name", "url", *PRICE_FIELDS), "Rejected goods are changed and submitted again."
    )


def _replace_rejected(change: Change, side: Side) -> Route:
    return (
        _irreplaceable(change, Action.RESUBMIT)
        or _no_cover(change, Action.RESUBMIT)
        or Steps(
            Action.RESUBMIT,
            _reason(side, side.against),
            "This app does not take changes to rejected goods: a new item is added, then this one is deleted.",
            _replacing_rejected(change, side),
        )
    )


def _replacing_rejected(change: Change, side: Side) -> tuple[Step, ...]:
    """A rejected successor goes first: it is not on sale, and a binding holds no third item."""
    *uploading, add = adding(change, Role.SUCCESSOR)
    if side.role is Role.SUCCESSOR:
        return (*uploading, delete(Role.SUCCESSOR), add)
    return (*uploading, add, delete())


def _replacing(change: Change, current: Side, successor: Side, terms: Terms) -> Route:
    """A replacement that an earlier run began (rules section 3a): the new item is there, the old one is to go."""
    if not current.presence is successor.presence is Presence.PRESENT:
        message = "One of the two items of its replacement was not shown."
        return blocked(Action.REPLACE, "observation_incomplete", message)
    if _is_approved(current) and not current.difference.fields - set(PRICE_FIELDS):
        message = "The catalogue is what the old item is, again: the new one is deleted."
        return _drop(change, successor, "replacement_dropped", message, terms)
    rule = change.desired.locked_change or terms.rules.locked_change
    on_sale_alone = _is_approved(current) and not _is_approved(successor)
    if rule is not LockedChange.REPLACE and on_sale_alone:  # under `block`, too: what is on sale stays on sale
        return _under_way(change, current, successor, terms)
    return _drop(change, current, "superseded", "Its replacement is there; the old item is deleted.", terms)


def _is_approved(side: Side) -> bool:
    return side.remote is not None and side.remote.status is AuditStatus.APPROVED


def _drop(change: Change, side: Side, reason: str, message: str, terms: Terms) -> Route:
    """One of the two items of a replacement goes. `protect` keeps the one that is on sale or was."""
    if side.role is Role.CURRENT and is_protected(change):
        return blocked(Action.DELETE, "protected", "protect: true keeps the old item beside the new one.")
    return not_deletable(side, terms) or Steps(Action.DELETE, reason, message, tuple(deleting(side)))


def _under_way(change: Change, current: Side, successor: Side, terms: Terms) -> Route:
    """The new item is not approved yet: it goes by its own row of the table, and the old one's price goes with ours."""
    route = _by_status(change, successor, terms)
    if isinstance(route, Hold) and route.action is Action.UNCHANGED:
        message = "Its replacement is under review; the old item stays on sale until that is approved."
        route = waiting(Action.REPLACE, route.reason, message)
    if not current.difference.edited & set(PRICE_FIELDS) or isinstance(route, Settled):
        return route
    price = price_step(change, current)
    if isinstance(route, Steps):
        return replace(route, steps=(price, *route.steps))
    fields = in_order(successor.difference.fields | successor.against)
    held = (Held(fields, route.reason, route.message),) if fields else ()
    return Steps(Action.UPDATE, "price_changed", "Approved goods may change price at once.", (price,), held)
