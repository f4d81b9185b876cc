"""What the platform's codes mean for the Mini Store, call by call.

Source: the pages "Add SKU" (S0b), the common code page (M-old), the page of listing (M-list), the stock pages (M-api)
and img/upload; checked 2026-11-21. OBS: what developers saw.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from catalog_sync.core.errors import Effect
from catalog_sync.wechat.codes import COMMON, UNKNOWN, Code

_LOOK = "the next plan handles what there then is"
_EDIT = "edit the SKU, or send it again with --resubmit ADDRESS"
_CONSOLE = "see the product in the Mini Store console"
_PICTURE = "use a PNG, JPEG or GIF of at most 10 MB"
_GONE = "take products: out of the catalogue; goods do not need these calls"
_SET = "these calls need permission set 70"
_NO_PRODUCT = Code("the product does not exist", Effect.LOOK, _LOOK)
_NO_SKU = Code("the SKU does not exist", Effect.LOOK, _LOOK)
_PARAMETER = Code("a parameter is wrong", Effect.CONTENT, _EDIT)  # errmsg may name it
_REVIEW = "its draft is in review, or the product was taken down: apply again when that is over"
_UNTOLD = Code(
    "a code that the platform lists without a text", Effect.LOOK, "the platform's own text is beside it", in_doubt=True
)
_PROVIDER = Code("the service provider is refused", Effect.ACCOUNT, "ask the service provider that made the token")

STORE: Mapping[int, Code] = {
    -30000: _UNTOLD,  # M-old
    61007: replace(COMMON[61007], hint=_SET),
    1400007: replace(COMMON[1400007], hint=_GONE),
    100002: _NO_PRODUCT,  # M-api, the stock pages
    100003: Code("the category exists", Effect.ITEM, _CONSOLE),
    100004: Code("the category does not exist", Effect.ITEM, _CONSOLE),
    100005: _UNTOLD,  # M-api, listing
    # M-old: of spu/add and batches, which we do not call; part of it was done.
    100009: Code("only a part was added", Effect.LOOK, _LOOK, in_doubt=True),
    100010: Code("the category and the brand do not fit", Effect.CONTENT, _CONSOLE),
    100020: _PARAMETER,
    101000: Code("the upload carried no picture", Effect.ITEM, "this is a fault of this program: please report it"),
    # OBS: also for a link that is at the platform already.
    101001: Code("the picture's format is not accepted", Effect.ITEM, _PICTURE),
    101002: Code("the picture is too large", Effect.ITEM, _PICTURE),
    101003: Code("the picture has other sides than were told", Effect.ITEM, "save the picture anew"),
    101004: Code("the platform could not take the picture", Effect.ITEM, "try again later"),
    108001: _UNTOLD,  # M-api, listing, and the next three; OBS 2021-03: 209001 with an empty errmsg
    209001: _UNTOLD,
    209004: _UNTOLD,
    209005: _UNTOLD,
    200000: _PROVIDER,  # M-old: "service provider codes"
    200001: _PROVIDER,
    200002: _PROVIDER,
    300000: Code("too many calls in this hour", Effect.HOUR, "wait an hour"),  # M-list: "frequency limit"
    9401001: Code("the product exists", Effect.LOOK, _LOOK),
    9401002: _NO_PRODUCT,
    9401003: Code("the category exists", Effect.ITEM, _CONSOLE),
    9401004: Code("the category does not exist", Effect.ITEM, _CONSOLE),
    9401005: Code("the SKU exists", Effect.LOOK, _LOOK),
    9401006: _NO_SKU,
    9401007: Code("the attribute exists", Effect.CONTENT, "correct attrs"),
    9401008: Code("the attribute does not exist", Effect.CONTENT, "correct attrs"),
    9401020: _PARAMETER,
    9401021: Code("the app has no right on this product", Effect.CONTENT, _CONSOLE),
    9401022: Code("the product may not be changed now", Effect.WAIT, _REVIEW),
    9401023: Code("the product may not be edited now", Effect.WAIT, _REVIEW),
    9401024: Code("the SKU may not be changed now", Effect.WAIT, _REVIEW),
    9401025: Code("the SKU may not be edited now", Effect.WAIT, _REVIEW),
    9401036: Code("the product's title is too long", Effect.CONTENT, _CONSOLE),  # OBS
    9401037: Code("the product has no head picture", Effect.CONTENT, _CONSOLE),  # OBS
    9401043: Code("a price is too high", Effect.CONTENT, "at most 10000000.00 yuan"),
    9401044: Code("sku_code is too long", Effect.CONTENT, "at most 20 characters"),
    # S0b lists it without a text, between two codes of fields that are not accepted.
    9401045: Code("refused without a documented reason", Effect.CONTENT, "the platform's own text is beside it"),
    9401046: Code("an attribute has too many values", Effect.CONTENT, "at most 100 values of one key in a product"),
    9401047: Code("an attribute's key is too long", Effect.CONTENT, "at most 40 characters"),
    9401048: Code("an attribute's value is too long", Effect.CONTENT, "at most 40 characters"),
    9401050: Code(
        "the picture's link is not accepted", Effect.PICTURE, "name a file, or a link that img/upload has given"
    ),
    9401052: Code("out_sku_id is too long", Effect.CONTENT, "at most 32 characters"),
    9401060: Code("the product's title has only digits, letters and symbols", Effect.CONTENT, _CONSOLE),  # OBS
}

_REMEMBERED = frozenset({"sku_add", "sku_update", "sku_update_price", "listing"})
"""The calls whose refused content is remembered. Not stock, which a sale can make wrong in between. A listing's until a
SKU is changed, or somebody asks for it again: what is mended in the console we cannot see."""

_STOCK_CALLS = ("stock_update", "stock_get")

BY_CALL: Mapping[tuple[str, int], Code] = {
    ("sku_add", 9401005): replace(STORE[9401005], effect=Effect.EXISTS, hint="it is looked up by its out_sku_id"),
    # What does not exist need not be deleted.
    ("sku_delete", 9401006): replace(_NO_SKU, effect=Effect.GONE, hint=""),
    # M-api: on the stock pages the SKU, on the common page the category.
    **{(call, 100004): _NO_SKU for call in _STOCK_CALLS},
    # OBS, errmsg "SPU is cps": cost per sale.
    ("listing", 100003): Code("the product is on sale through others for a commission", Effect.CONTENT, _CONSOLE),
    # M-list: calling it too often may blacklist the app.
    ("listing", 300000): replace(STORE[300000], meaning="listed too often", hint="list the product later"),
}

NOT_THERE = frozenset({9401002, 9401006, 100002, 100004})
"""The codes by which a read says that there is no such product or SKU."""


def explain(call: str, errcode: int) -> Code:
    """What this code means as the answer to this call; a code that we do not know is in doubt."""
    found = BY_CALL.get((call, errcode)) or STORE.get(errcode) or COMMON.get(errcode) or UNKNOWN
    if found.effect is Effect.CONTENT and call not in _REMEMBERED:
        return replace(found, effect=Effect.ITEM)
    if found.effect in (Effect.ITEM, Effect.PICTURE) and call == "listing":
        return replace(found, effect=Effect.CONTENT)
    return found
