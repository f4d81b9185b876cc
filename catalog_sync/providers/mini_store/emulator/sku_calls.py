"""The calls that write SKUs. All but the price touch the draft alone (DOC)."""

from dataclasses import replace

from catalog_sync.emulator.errors import Refusal
from catalog_sync.emulator.reading import Json
from catalog_sync.emulator.system import Call
from catalog_sync.providers.mini_store.emulator.finding import (
    edited,
    find_product,
    find_sku,
    is_taken,
    not_editable,
    refuse_unless_editable,
)
from catalog_sync.providers.mini_store.emulator.product import IN_REVIEW, PSEUDO_DELETED, Product, Sku, SkuCopy
from catalog_sync.providers.mini_store.emulator.reading import read_objects, read_sent, wrong
from catalog_sync.providers.mini_store.emulator.shop import shop_of
from catalog_sync.providers.mini_store.emulator.showing import time_text
from catalog_sync.providers.mini_store.emulator.sku_fields import (
    read_changed_copy,
    read_new_copy,
    read_out_sku_id,
    read_prices,
    refuse_too_many_values,
    refuse_twin,
)

DONE: Json = {"errcode": 0, "errmsg": "ok"}


def answer_sku_add(call: Call) -> Json:
    """POST sku/add: one SKU more in the draft."""
    sent = read_sent(call)
    sku = add_sku(call, sent, _product_to_edit(call, sent))
    return {**DONE, "data": {"sku_id": sku.id, "create_time": time_text(call)}}


def answer_sku_batch_add(call: Call) -> Json:
    """POST sku/batch_add: several; what one bad one does to the rest is a switch."""
    made: list[Sku] = []
    failed: Refusal | None = None
    for sent in read_objects(read_sent(call), "skus"):
        try:
            made.append(add_sku(call, sent, _product_to_edit(call, sent)))
        except Refusal as refusal:
            failed = refusal
            if call.settings["batch_add_failure"] == "nothing_made":
                break
    data = [{"sku_id": sku.id, "out_sku_id": sku.out_sku_id, "create_time": time_text(call)} for sku in made]
    if failed is None:
        return {**DONE, "data": data}
    if call.settings["batch_add_failure"] == "partial":
        raise Refusal(100009, failed.text, data=data)
    for sku in made:
        shop_of(call.world).drop_sku(sku, call.now)
    raise failed


def count_of_batch(call: Call) -> int:
    """Say how many writes a batch is."""
    if call.settings["batch_add_counts"] == "one":
        return 1
    return len(read_objects(read_sent(call), "skus"))


def add_sku(call: Call, sent: Json, product: Product) -> Sku:
    """Add one SKU to the draft of a product."""
    shop = shop_of(call.world)
    out_sku_id = read_out_sku_id(call, sent)
    copy = read_new_copy(call, sent)
    if is_taken(call, out_sku_id):
        raise Refusal(9401005, "sku already exist")
    others = shop.now.skus_of(product.id)
    refuse_too_many_values(copy, others)
    refuse_twin(call, copy, others)
    edited(call, product)
    return shop.put_sku(Sku(shop.next_sku_id(), product.id, out_sku_id, copy, updated_at=call.now), call.now)


def answer_sku_update(call: Call) -> Json:
    """POST sku/update: changes the draft of a SKU."""
    sent = read_sent(call)
    product = _product_to_edit(call, sent)
    sku = find_sku(call, sent, product)
    if sku.in_draft is None:
        raise Refusal(9401006, "sku not exist")
    copy = read_changed_copy(call, sent, sku.in_draft)
    shop = shop_of(call.world)
    others = [other for other in shop.now.skus_of(product.id) if other.id != sku.id]
    refuse_too_many_values(copy, others)
    refuse_twin(call, copy, others)
    edited(call, product)
    shop.put_sku(replace(sku, draft=copy, updated_at=call.now), call.now)
    return {**DONE, "data": {"sku_id": sku.id, "update_time": time_text(call)}}


def answer_sku_update_price(call: Call) -> Json:
    """POST sku/update_price: on sale at once, unreviewed (DOC of listing, INF); which copies it writes is a switch."""
    sent = read_sent(call)
    product = find_product(call, sent)
    sku = find_sku(call, sent, product)
    if product.edit_status == IN_REVIEW and call.settings["in_review_price"] == "refuse":
        raise not_editable(call, "sku")
    refuse_unless_listed(call, sku, 9401006)
    needed = () if call.settings["update_price_requires"] == "what_changes" else ("sale_price", "market_price")
    for name in needed:
        if name not in sent:
            raise wrong(name)
    now = sku.on_sale or sku.draft
    sale, market = read_prices(call, {"sale_price": now.sale_price, "market_price": now.market_price, **sent})
    _write_prices(call, product, sku, sale, market)
    return {**DONE, "data": {"sku_id": sku.id, "update_time": time_text(call)}}


def _write_prices(call: Call, product: Product, sku: Sku, sale: int, market: int) -> None:
    def priced(copy: SkuCopy) -> SkuCopy:
        return copy._replace(sale_price=sale, market_price=market)

    where = call.settings["update_price_writes_draft"]
    if where == "draft_only":
        refuse_unless_editable(call, product, "sku")
        edited(call, product)
    draft = sku.draft if where == "online_only" and sku.on_sale else priced(sku.draft)
    online = priced(sku.online) if sku.online is not None and where != "draft_only" else sku.online
    shop_of(call.world).put_sku(replace(sku, draft=draft, online=online, updated_at=call.now), call.now)


def answer_sku_delete(call: Call) -> Json:
    """POST sku/del: out of the draft; the online copy sells on until a listing passed its review (DOC)."""
    sent = read_sent(call)
    product = _product_to_edit(call, sent)
    sku = find_sku(call, sent, product)
    if sku.in_draft is None:
        raise Refusal(9401006, "sku not exist")
    shop = shop_of(call.world)
    left = [other for other in shop.now.skus_of(product.id) if other.in_draft and other.id != sku.id]
    if not left and call.settings["delete_last_sku"] == "refuse":
        raise Refusal(9401024, "sku not allow to change")
    edited(call, product)
    shop.put_sku(replace(sku, draft=sku.draft._replace(status=PSEUDO_DELETED), updated_at=call.now), call.now)
    return DONE


def refuse_unless_listed(call: Call, sku: Sku, code: int) -> None:
    """Refuse price and stock of a SKU that was never online, where the switch says so."""
    if sku.on_sale is None and call.settings["price_and_stock_before_listing"] == "refuse":
        raise Refusal(code, "sku not exist")


def _product_to_edit(call: Call, sent: Json) -> Product:
    product = find_product(call, sent)
    refuse_unless_editable(call, product, "sku")
    return product
