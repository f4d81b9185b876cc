"""The routes of SKUs (rules section 4), as a pure, total table.

Vendor: add, update and delete change the draft alone; `listing` puts it before the reviewer, and what has passed covers
the online copy. Price and stock act on the online copy at once (S0b, M-old, M-list; checked 2026-11-21).
"""

from __future__ import annotations

from dataclasses import replace
from typing import assert_never

from catalog_sync.core.change import Change, Presence, Side
from catalog_sync.core.model import Action, AuditStatus, Held, Remote, Step, Verb
from catalog_sync.core.policy import Hold, Route, Settled, Steps, Terms, blocked, waiting
from catalog_sync.core.refused import Reach, holds, reach_now, refused
from catalog_sync.core.sentence import Sentence
from catalog_sync.providers.mini_store.draft import (
    CONTENT,
    DELETE_STEP,
    PRICE_STEP,
    PRICES,
    STOCK,
    STOCK_STEP,
    add,
    in_order,
    is_reviewed,
    pending,
    standing_of,
    update,
    why_closed,
)
from catalog_sync.providers.mini_store.schema import SKU


class SkuPolicy:
    """The table of routes of SKUs."""

    def route(self, change: Change, terms: Terms) -> Route:
        """The way to bring a change about, or why it does not go."""
        if change.item is None:
            return _leave(change, terms)
        if change.current is None:
            return _add(change, terms, "new", "Not in the product yet.")
        match change.current.presence:
            case Presence.LOST:
                return _add(change, terms, "lost_remotely", "It is gone from the product's draft; it is added again.")
            case Presence.UNSEEN:
                return blocked(
                    Action.ADD, "observation_incomplete", "The platform did not show it, nor confirm it gone."
                )
            case Presence.PRESENT:
                return _stay(change, change.current, terms)
            case _:
                assert_never(change.current.presence)

    def rests(self, _remote: Remote, /) -> bool:
        """Never: a product and its SKUs depend on each other."""
        return False

    def lesson(self, _verb: Verb, _status: AuditStatus) -> str | None:
        """Nothing: a SKU has no review of its own."""
        return None


def _shut(change: Change, action: Action, terms: Terms) -> Hold | None:
    """Why nothing of its product may be written."""
    if change.parent is None and terms.unread:
        return blocked(action, "observation_incomplete", "Its product could not be read; apply again.")
    if change.parent is None:
        return blocked(action, "product_missing", "The store has no such product. Make it in the console first.")
    why = why_closed(standing_of(change))
    return None if why is None else blocked(action, "product_closed", why)


def _after_review(action: Action) -> Hold:
    return waiting(
        action, "draft_in_review", "The product's draft is under review and locked; it is changed afterwards."
    )


def _add(change: Change, terms: Terms, reason: str, message: str) -> Route:
    hold = _shut(change, Action.ADD, terms) or (_after_review(Action.ADD) if is_reviewed(change) else None)
    return hold or Steps(Action.ADD, reason, message, add(change))


def _stay(change: Change, side: Side, terms: Terms) -> Route:
    """A SKU that is in the draft, and that the catalogue lists."""
    difference = side.difference
    content = _content(change, side)
    moves = difference.edited & {*PRICES, STOCK}
    if not content and not moves:
        return _unmoved(change, side)
    never_online = side.remote is not None and side.remote.online is None
    drafted = content | (moves & set(PRICES) if never_online else frozenset())
    shut = _shut(change, Action.RESUBMIT if drafted else Action.UPDATE, terms)
    if shut is not None:
        return shut
    reach = None if never_online else reach_now(SKU, change)
    # Of a SKU that was never online, the stock is in the draft as well: the listing comes after it.
    in_draft = never_online and not is_reviewed(change)
    stock = (replace(STOCK_STEP, drafts=in_draft),) if STOCK in moves else ()
    if drafted and reach is None and not is_reviewed(change):
        fields = update(change, side, content)
        return Steps(Action.RESUBMIT, _reason(side, drafted), "Its draft is changed.", (*fields, *stock))
    prices = (PRICE_STEP,) if moves - drafted - {STOCK} else ()
    if in_draft:
        return Steps(Action.UPDATE, "stock_changed", "It was never on sale; its draft's stock is changed.", stock)
    if reach is None:
        return _at_once((*prices, *stock), drafted, _after_review(Action.RESUBMIT))
    return _past_refusal(change, reach, drafted, (*prices, *stock))


def _past_refusal(change: Change, reach: Reach, drafted: frozenset[str], steps: tuple[Step, ...]) -> Route:
    """What was refused waits for an edit; price and stock go by calls of their own, unless theirs was refused."""
    going = tuple(step for step in steps if not holds(SKU, step, reach))
    kept = drafted.union(*(step.fields for step in steps if step not in going))
    return _at_once(going, kept, refused(change, Action.RESUBMIT if drafted else Action.UPDATE))


def _content(change: Change, side: Side) -> frozenset[str]:
    """The content that goes into the draft: our edits, and what somebody else changed in a draft that is open anyway or
    beside our own edit."""
    edited = side.difference.edited & CONTENT
    status = None if change.parent is None else change.parent.status
    open_anyway = status in (AuditStatus.UNAUDITED, AuditStatus.REJECTED)
    return edited | side.difference.drifted if edited or open_anyway else frozenset()


def _reason(side: Side, fields: frozenset[str]) -> str:
    if fields <= side.difference.drifted:
        return "drifted"
    return "price_changed" if fields <= set(PRICES) else "content_changed"


_AT_ONCE = {
    (True, False): "A listed SKU changes price at once, without a review.",
    (False, True): "A listed SKU changes stock at once, without a review.",
    (True, True): "A listed SKU changes price and stock at once, without a review.",
}


def _at_once(steps: tuple[Step, ...], kept: frozenset[str], hold: Hold) -> Route:
    """Price and stock go although the draft may not be written now; that part of the change is held."""
    if not steps:
        return hold
    held = (Held(in_order(kept), hold.reason, hold.message),) if kept else ()
    priced = PRICE_STEP in steps
    message = _AT_ONCE[priced, len(steps) > priced]
    return Steps(Action.UPDATE, "price_changed" if priced else "stock_changed", message, steps, held)


def _unmoved(change: Change, side: Side) -> Route:
    """Nothing of ours is to be sent: it stands equal, or what was sent does not show, or somebody else changed it."""
    difference = side.difference
    unseen = (difference.not_taken | difference.settling) - pending(change)
    if difference.not_taken & unseen:
        message = Sentence(
            "The platform took {fields} and still shows the old value. Change it, or --resubmit {address}.",
            fields=in_order(difference.not_taken & unseen),
            address=change.address,
        )
        return blocked(Action.RESUBMIT, "not_taken", message)
    if unseen:
        return waiting(Action.UPDATE, "settling", "Written a moment ago; the platform still shows the old value.")
    if difference.drifted:
        message = Sentence(
            "Somebody else changed {fields} in the draft. Put that into the catalogue, or --resubmit {address}.",
            fields=in_order(difference.drifted),
            address=change.address,
        )
        return blocked(Action.RESUBMIT, "drifted", message)
    return Settled()


def _leave(change: Change, terms: Terms) -> Route:
    """A SKU that we bound and that the catalogue does not list (any more)."""
    side = change.current
    if side is None or side.presence is Presence.LOST:
        return Steps(Action.FORGET, "gone", "It is gone from both sides.")
    if not terms.rules.prune:
        return Settled()
    return _kept(change, side, terms) or Steps(
        Action.DELETE, "not_in_catalogue", "The catalogue no longer lists it.", (DELETE_STEP,)
    )


def _kept(change: Change, side: Side, terms: Terms) -> Hold | None:
    """Why a SKU is not deleted now."""
    if change.binding is not None and change.binding.protect:
        return blocked(Action.DELETE, "protected", "protect: true forbids to delete it.")
    if side.presence is Presence.UNSEEN:
        return blocked(Action.DELETE, "observation_incomplete", "The platform did not show it, nor confirm it gone.")
    hold = _shut(change, Action.DELETE, terms) or (_after_review(Action.DELETE) if is_reviewed(change) else None)
    if hold is None and change.last:
        return blocked(
            Action.DELETE, "last_sku", "It is the last SKU of its product. Take the product down in the console."
        )
    return hold
