"""How a SKU stands between our catalogue, the draft and the online copy, and the calls that its routes are made of."""

from __future__ import annotations

from collections.abc import Iterable

from catalog_sync.core.change import Change, Presence, Side
from catalog_sync.core.fold import same
from catalog_sync.core.model import KEEP, AuditStatus, Step, Verb
from catalog_sync.core.policy import Part, Steps
from catalog_sync.providers.mini_store.schema import PRODUCT, SKU, Standing

CONTENT = frozenset({"thumb", "sku_code", "barcode", "attrs"})
"""What only the draft holds until it has passed the review."""

PRICES = ("sale_price", "market_price")
STOCK = "stock"

_ORDER = tuple(field.name for field in SKU.fields)
_CLOSED = {
    Standing.RECYCLE_BIN: "The product is in the recycle bin: take it out in the console, or take it out of products:.",
    Standing.DELETED: "The product was deleted: take it out of products:, or make it anew in the console.",
    Standing.DELISTED: "The product was taken down in the console. A listing would put it back on sale: do that there.",
    Standing.VIOLATION: "The platform took the product down for a violation: see the console for what is to be mended.",
    Standing.UNKNOWN: "The platform shows a standing of the product that this version does not know.",
}


def in_order(names: Iterable[str]) -> tuple[str, ...]:
    """Field names in the catalogue's order."""
    wanted = set(names)
    return tuple(name for name in _ORDER if name in wanted)


def named(change: Change) -> frozenset[str]:
    """The fields that the catalogue manages: those that it names."""
    values = SKU.named(change.desired.values)
    return frozenset(name for name, value in values.items() if value is not None and value != KEEP)


def upload(change: Change, names: Iterable[str]) -> tuple[Step, ...]:
    """The upload of a picture that a call sends; a link is sent as it is."""
    values = SKU.named(change.desired.values)
    sent = [field.name for field in SKU.fields if field.name in names and field.uploaded(values[field.name])]
    return tuple(Step("upload", Verb.UPLOAD, None, (name,)) for name in sent)


def add(change: Change) -> tuple[Step, ...]:
    """The calls that make a SKU in the draft."""
    fields = in_order(named(change))
    return (*upload(change, fields), Step("sku_add", Verb.CREATE, "sku_write", fields, drafts=True))


def update(change: Change, side: Side, content: Iterable[str]) -> tuple[Step, ...]:
    """The calls that change the draft. The page of sku/update marks every field as required: what the catalogue does
    not name, and a thumb that stays, goes along as the platform shows it; stock never does (checked 2026-11-21)."""
    fields = named(change) - {STOCK} - ({"thumb"} - set(content))
    shown = {} if side.remote is None else SKU.named(side.remote.values)
    carries = tuple(name for name in ("thumb", "attrs") if name not in fields and shown.get(name))
    step = Step("sku_update", Verb.UPDATE, "sku_write", in_order(fields), carries=carries, drafts=True)
    return (*upload(change, fields), step)


PRICE_STEP = Step("sku_update_price", Verb.UPDATE, None, PRICES)
STOCK_STEP = Step("stock_update", Verb.UPDATE, None, (STOCK,))
DELETE_STEP = Step("sku_delete", Verb.DELETE, None, drafts=True)
LISTING_STEP = Step("listing", Verb.SUBMIT, None, submits=True)


def standing_of(change: Change) -> Standing | None:
    """Where the product of a SKU, or a product itself, stands in the store; None where it is not there."""
    remote = change.parent
    if remote is None and change.current is not None:
        remote = change.current.remote
    return None if remote is None else Standing(str(PRODUCT.named(remote.values)["standing"]))


def why_closed(standing: Standing | None) -> str | None:
    """Why nothing may be written to a product that stands so: it would be put back on sale."""
    return None if standing is None else _CLOSED.get(standing)


def is_reviewed(change: Change) -> bool:
    """Whether the draft of its product is under review: nobody may change it then (9401025)."""
    return change.parent is not None and change.parent.status is AuditStatus.IN_AUDIT


def pending(change: Change) -> frozenset[str]:
    """The fields that the draft has as desired, and that the online copy does not show although their calls act on it:
    they go online with the product's listing."""
    side = change.current
    if change.item is None or side is None or side.remote is None or side.remote.draft is None:
        return frozenset()
    desired, draft, shown = map(SKU.named, (change.item.values, side.remote.draft, side.remote.values))
    waits = side.difference.not_taken | side.difference.settling
    names = set(PRICES) if waits & set(PRICES) and all(desired[name] == draft[name] for name in PRICES) else set()
    at = SKU.index(STOCK)
    unseen = side.copy.echo[at] is None and side.copy.replaced[at] == shown[STOCK] != desired[STOCK]
    if unseen and side.copy.sent[at] == desired[STOCK] == draft[STOCK]:
        names.add(STOCK)
    return frozenset(names)


def brings_a_price(part: Part) -> bool:
    """Whether a listing puts another price on sale than the catalogue's: one that somebody else wrote into the draft,
    or that a change of price at once left there (whether that call writes the draft as well is not documented)."""
    side = part.change.current
    remote = None if side is None else side.remote
    if part.change.item is None or remote is None or remote.draft is None or remote.online is None:
        return False
    if isinstance(part.route, Steps) and any(set(PRICES) & set(step.fields) for step in part.route.steps):
        return False
    draft = SKU.of_prices(remote.draft)
    return draft not in (SKU.of_prices(part.change.item.values), SKU.of_prices(remote.online))


def differs_online(change: Change) -> bool:
    """Whether customers see another SKU than the draft has: none, or one with other content. Prices and stock act on
    the online copy and say nothing here."""
    side = change.current
    if side is None or side.presence is not Presence.PRESENT or side.remote is None or side.remote.draft is None:
        return False
    draft, online = side.remote.draft, side.remote.online
    if online is None:
        return True
    return any(
        field.name in CONTENT and not same(field.fold, mine, theirs)
        for field, mine, theirs in zip(SKU.fields, draft, online, strict=True)
    )
