"""Stock: written in full or by a difference, read as it really is.

DOC (the stock pages, checked 2026-11-21): type 1 is a full value over 0, type 2 a difference; 100002 and 100004 say
that there is no such product, no such SKU.
"""

from dataclasses import replace

from catalog_sync.emulator.errors import Refusal
from catalog_sync.emulator.reading import Json, read_whole
from catalog_sync.emulator.system import Call
from catalog_sync.providers.mini_store.emulator.finding import as_seen, edited, find_product, find_sku
from catalog_sync.providers.mini_store.emulator.product import IN_REVIEW, Product, Sku
from catalog_sync.providers.mini_store.emulator.reading import read_sent
from catalog_sync.providers.mini_store.emulator.shop import shop_of
from catalog_sync.providers.mini_store.emulator.showing import real_stock, time_text
from catalog_sync.providers.mini_store.emulator.sku_calls import DONE, refuse_unless_listed

NO_PRODUCT, NO_SKU = 100002, 100004
FULL, DIFFERENCE = 1, 2


def answer_stock_update(call: Call) -> Json:
    """POST stock/update: the real stock at once; one developer saw it wait for a listing (OBS 2021-03, a switch)."""
    sent = read_sent(call)
    product = find_product(call, sent, NO_PRODUCT)
    sku = find_sku(call, sent, product, NO_SKU)
    refuse_unless_listed(call, sku, NO_SKU)
    if call.settings["stock_update_needs_listing"]:
        draft = sku.draft._replace(stock_num=_read_stock(call, sent, sku.draft.stock_num))
        if product.edit_status != IN_REVIEW:
            edited(call, product)
        _put(call, replace(sku, draft=draft))
    else:
        _write_at_once(call, sku, _read_stock(call, sent, real_stock(sku)))
    return {**DONE, "data": {"update_time": time_text(call)}}


def answer_stock_get(call: Call) -> Json:
    """POST stock/get: the real stock."""
    sent = read_sent(call)
    product, sku = _find(call, sent)
    seen = as_seen(call).skus.get(sku.id)
    if seen is None or seen.product_id != product.id:
        raise Refusal(NO_SKU, "sku not exist")
    return {**DONE, "data": {"stock_num": real_stock(seen)}}


def _find(call: Call, sent: Json) -> tuple[Product, Sku]:
    product = find_product(call, sent, NO_PRODUCT)
    return product, find_sku(call, sent, product, NO_SKU)


def _read_stock(call: Call, sent: Json, now: int) -> int:
    bad = Refusal(call.settings["bad_stock_code"], "invalid param: stock_num")
    kind, number = read_whole(sent.get("type")), read_whole(sent.get("stock_num"))
    if kind not in (FULL, DIFFERENCE) or number is None or (kind == FULL and number <= 0):
        raise bad
    stock = number if kind == FULL else now + number
    if stock < 0 and call.settings["stock_below_0"] == "refuse":
        raise bad
    return max(stock, 0)


def _write_at_once(call: Call, sku: Sku, stock: int) -> None:
    only_draft = sku.on_sale is None
    too = call.settings["stock_update_writes_draft"] == "too"
    draft = sku.draft._replace(stock_num=stock) if only_draft or too else sku.draft
    online = sku.online if sku.online is None or only_draft else sku.online._replace(stock_num=stock)
    _put(call, replace(sku, draft=draft, online=online))


def _put(call: Call, sku: Sku) -> None:
    shop_of(call.world).put_sku(replace(sku, updated_at=call.now), call.now)
