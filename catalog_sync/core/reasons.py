"""What the words of a plan and of a result mean: one sentence each, for the documentation.

The plan document's `reason`, its `hazards` and `warnings`, and the result document's `error.code`. They stand in the
code where they are decided; a test compares those places with these tables.
"""

from __future__ import annotations

from catalog_sync.core.entry import Explained


class Blocked(Explained):
    """Why a change does not go until a rule or a person acts."""

    LOCKED_WHEN_APPROVED = "locked_when_approved", "New content for approved goods."
    REJECTED = "rejected", "The review refused it, and nothing changed since."
    REFUSED = "refused", "The platform refused this very content before."
    DRIFTED = "drifted", "Somebody else changed a text there."
    NOT_TAKEN = "not_taken", "A value was accepted, and the old one still shows."
    PRICE_JUMP = "price_jump", "The price changes by `max_price_change` or more."
    TWIN_EXISTS = "twin_exists", "The platform has such an item, bound to no key."
    COVER_NEEDED = "cover_needed", "An upload is needed, and there is `cover: keep`."
    PROTECTED = "protected", "`protect: true` forbids to delete or replace it."
    JUST_ADOPTED = "just_adopted", "The run that adopts an item neither deletes nor replaces it."
    CANNOT_ADOPT = "cannot_adopt", "`adopt:` names an id that cannot be bound."
    ALREADY_BOUND = "already_bound", "`moved:` onto a key that is bound itself."
    NOT_OURS = "not_ours", "The bound item was not made through the API."
    UNKNOWN_STATUS = "unknown_status", "A review status that this version does not know."
    OBSERVATION_INCOMPLETE = "observation_incomplete", "What the platform showed could not be trusted."
    IN_DOUBT = "in_doubt", "An answer was lost, and looking does not tell."
    NO_QUOTA = "no_quota", "No day has room for all its calls."
    PRODUCT_MISSING = "product_missing", "The store has no such product."
    PRODUCT_CLOSED = "product_closed", "The product was taken down, or is in the recycle bin."
    UNDER_ANOTHER = "under_another", "Another product has this out_sku_id."
    LAST_SKU = "last_sku", "Its product would have no SKU left."
    LISTING_OFF = "listing_off", "`listing: false`, and the draft is changed."
    DRAFT_NOT_SUBMITTED = "draft_not_submitted", "The draft differs, by nothing that we know of."


class Waiting(Explained):
    """What a change waits for; it goes on by itself."""

    UNDER_REVIEW = (
        "under_review",
        "The verdict (also with `policy.in_audit: wait`, or while a replacement is reviewed).",
    )
    PRICE_UNDER_REVIEW = (
        "price_under_review",
        "The approval: the new price follows it; until then it may go on sale at the old one.",
    )
    AUDIT_ID_UNKNOWN = "audit_id_unknown", "The verdict: it cannot be withdrawn, for its auditId is not known."
    DRAFT_IN_REVIEW = (
        "draft_in_review",
        "The verdict on the product: its draft is locked; a SKU's price and stock go all the same.",
    )
    SETTLING = "settling", "The platform: written a moment ago, it still shows the old value."
    IN_FLIGHT = "in_flight", "Another run, or a call of an earlier one, that may still be at it."


class Going(Explained):
    """Why a change goes."""

    NEW = "new", "The platform does not have it."
    LOST_REMOTELY = "lost_remotely", "It is gone from the platform, and is added again."
    PRICE_CHANGED = "price_changed", "Its price changed in the catalogue."
    CONTENT_CHANGED = "content_changed", "Its content changed in the catalogue."
    STOCK_CHANGED = "stock_changed", "Its stock changed in the catalogue."
    DRAFT_CHANGED = "draft_changed", "A product's draft is changed: it is submitted."
    UNAUDITED = "unaudited", "It is not under review: it is submitted."
    DRIFTED = "drifted", "Somebody else changed it, and it is put back."
    RESUBMIT_ASKED = "resubmit_asked", "`--resubmit` names it."
    SUPERSEDED = "superseded", "Its replacement is there: the old item is deleted."
    REPLACEMENT_DROPPED = "replacement_dropped", "The catalogue is what the old item is, again: the new one is deleted."
    NOT_IN_CATALOGUE = "not_in_catalogue", "The catalogue no longer lists it: it is deleted."
    GONE = "gone", "The catalogue no longer lists it, and the platform no longer has it: it is forgotten."
    REMOVED = "removed", "`removed:` names it: it is forgotten."
    MOVED = "moved", "`moved:` gives it this key."
    ADOPTED = "adopted", "`adopt:` or its own key binds it."


class Guard(Explained):
    """Why `apply` refuses a plan as a whole."""

    TOO_MANY_DELETES = "too_many_deletes", "More deletes and replacements than `max_deletes` allows."
    TOO_MANY_LOST = "too_many_lost", "Over 3 and over 5% of the bound items are gone from the platform."
    NOT_REFRESHED = "not_refreshed", "It was planned with `--no-refresh`."


class Warned(Explained):
    """What a person should look at before a plan is applied."""

    LATE = "late", "It will miss its `needed_by`."
    PRICE_UNDER_REVIEW = "price_under_review", "It may go on sale at its old price."
    NOT_PRUNED = "not_pruned", "The catalogue no longer lists it; it stays."
    LOOKS_LIKE_A_RENAME = "looks_like_a_rename", "A delete and an add look like one item under a new key."
    KEY_CHANGED = "key_changed", "The same of a SKU, which no `moved:` can keep."
    CONSOLE_TWIN = "console_twin", "The console has an item of the same name and url."


class Ended(Explained):
    """Why a change of a run was not applied, besides the error codes of a command."""

    REFUSED = "refused", "The platform said no."
    IN_DOUBT = "in_doubt", "The answer was lost; the next run looks."
    REMOTE_UNAVAILABLE = "remote_unavailable", "Nothing could be sent."
    PICTURE_UNREADABLE = "picture_unreadable", "Its picture cannot be used."
    QUOTA_EXHAUSTED = "quota_exhausted", "Nothing is left of a pool today."
    RATE_LIMITED = "rate_limited", "The platform asks for a pause."
    STATE_UNREADABLE = "state_unreadable", "It was answered, and the answer could not be stored."
    UNDER_REVIEW = "under_review", "Its draft came under review in between."
    DRAFT_INCOMPLETE = "draft_incomplete", "A SKU of the product did not land, so that the draft is not submitted."
    PLAN_STALE = "plan_stale", "It was overtaken since the saved plan was made."
    FAIL_FAST = "fail_fast", "Not started after a failure, for `--fail-fast`."
    INTERRUPTED = "interrupted", "The run was told to stop."
    LOCK_LOST = "lock_lost", "Another run took the lock over."
    STOPPED = "stopped", "The run was broken off by an error of its own."
