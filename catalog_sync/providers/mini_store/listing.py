"""The listing of a product: its changed draft is put before the reviewer, once, after the steps of its SKUs.

Vendor: there is no audit call of its own; `listing` submits the draft. Calling it too often may blacklist an app; while
the draft is under review it must not be called at all (M-list, checked 2026-11-21).
"""

from __future__ import annotations

from catalog_sync.core.change import Change, Presence, Side
from catalog_sync.core.model import Action, AuditStatus, Copy, Remote, Verb
from catalog_sync.core.policy import Route, Settled, Steps, Terms, blocked, waiting
from catalog_sync.core.sentence import Sentence
from catalog_sync.providers.mini_store.draft import (
    LISTING_STEP,
    brings_a_price,
    differs_online,
    pending,
    standing_of,
    why_closed,
)
from catalog_sync.providers.mini_store.schema import PRODUCT


class ProductPolicy:
    """What is done about a product, by what is done to its SKUs."""

    def route(self, change: Change, terms: Terms) -> Route:
        """The listing, or why there is none."""
        side = change.current
        if side is None or side.presence is Presence.LOST:
            return _missing(change, terms)
        if side.presence is Presence.UNSEEN:
            return blocked(
                Action.RESUBMIT, "observation_incomplete", "The platform did not show it, nor confirm it gone."
            )
        if change.item is None and not terms.parts:
            return Steps(Action.FORGET, "gone", "The catalogue lists it no longer, and none of its SKUs is kept here.")
        why = why_closed(standing_of(change))
        if why is not None:
            return blocked(Action.RESUBMIT, "product_closed", why)
        return _by_review(change, side, terms)

    def rests(self, _remote: Remote, /) -> bool:
        """Never: a product and its SKUs depend on each other."""
        return False

    def lesson(self, _verb: Verb, _status: AuditStatus) -> str | None:
        """Nothing: a listing that is refused says nothing of other products."""
        return None


def _missing(change: Change, terms: Terms) -> Route:
    if change.item is None and not terms.parts:
        return Steps(Action.FORGET, "gone", "It is gone from both sides.")
    if terms.unread:
        return blocked(Action.RESUBMIT, "observation_incomplete", "It could not be read; apply again.")
    return blocked(
        Action.RESUBMIT,
        "product_missing",
        "The store has no such product: make it in the console, or name it by its product_id; its SKUs follow then.",
    )


def _by_review(change: Change, side: Side, terms: Terms) -> Route:
    status = None if side.remote is None else side.remote.status
    hidden = sum(differs_online(part.change) for part in terms.parts)
    if status is AuditStatus.IN_AUDIT:
        return waiting(Action.UNCHANGED, "under_review", _reviewed(hidden))
    written = any(part.drafts for part in terms.parts)
    if written or change.drafted or change.insist:
        return _submit(change, terms, written=written)
    if status is not AuditStatus.REJECTED and any(_awaits_listing(part.change, side.copy) for part in terms.parts):
        return _submit(change, terms, written=False)
    return _not_submitted(change, status, hidden, sum(bool(pending(part.change)) for part in terms.parts))


def _not_submitted(change: Change, status: AuditStatus | None, hidden: int, stale: int) -> Route:
    """A draft that we changed nothing of since it was submitted. `hidden` SKUs have other content online, `stale` ones
    another price or stock than they were given."""
    match status:
        case AuditStatus.REJECTED:
            message = Sentence(
                "The review refused its draft, and nothing was changed since. Edit it, or --resubmit {address}.",
                address=change.address,
            )
            return blocked(Action.RESUBMIT, "rejected", message)
        case AuditStatus.UNAUDITED if hidden:
            message = Sentence(
                "{skus} not online as the draft has it, and this state knows of no change of ours. Submit the draft in "
                "the console, or --resubmit {address}.",
                skus=_count(hidden),
                address=change.address,
            )
            return blocked(Action.RESUBMIT, "draft_not_submitted", message)
        case _ if stale:
            message = Sentence(
                "{skus} not on sale at the price or stock of the draft, although it was submitted since. See the "
                "product in the console, or --resubmit {address}.",
                skus=_count(stale),
                address=change.address,
            )
            return blocked(Action.RESUBMIT, "not_taken", message)
        case _:
            return Settled()


def _awaits_listing(part: Change, listed: Copy) -> bool:
    """Whether a price or stock that only the draft shows was written after our last listing. One that was submitted
    already is not submitted again: that would not end, and may blacklist the app."""
    written = None if part.current is None else part.current.copy.written_at
    return bool(pending(part)) and (written or 0.0) > (listed.written_at or 0.0)


def _submit(change: Change, terms: Terms, *, written: bool) -> Route:
    if change.item is not None and PRODUCT.named(change.item.values)["listing"] == "false":
        message = "listing: false leaves the changed draft unsubmitted; customers see the old one until it is listed."
        return blocked(Action.RESUBMIT, "listing_off", message)
    told = _AFTER_SKUS if written else _SUBMITTED
    prices = sum(map(brings_a_price, terms.parts))
    return Steps(Action.RESUBMIT, "draft_changed", _with_prices(told, prices) if prices else told, (LISTING_STEP,))


def _with_prices(told: str, prices: int) -> Sentence:
    return Sentence(
        "{told} {skus} in it at another price than the catalogue's, which goes on sale with it; apply again after the "
        "review.",
        told=told,
        skus=_count(prices),
    )


_AFTER_SKUS = "Its changed draft is submitted, after the steps of its SKUs."
_SUBMITTED = "Its changed draft is submitted."


def _reviewed(hidden: int) -> str:
    if not hidden:
        return "Its draft is under review."
    return Sentence("Its draft is under review; {skus} not online as the draft has it.", skus=_count(hidden))


def _count(skus: int) -> str:
    return "1 SKU is" if skus == 1 else Sentence("{count} SKUs are", count=skus)
