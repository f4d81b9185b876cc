"""The calls that write products: make, change, delete, list for sale, take down."""

from dataclasses import replace

from catalog_sync.emulator.errors import Refusal
from catalog_sync.emulator.reading import Json
from catalog_sync.emulator.system import Call
from catalog_sync.providers.mini_store.emulator.finding import (
    edited,
    find_product,
    not_editable,
    refuse_unless_editable,
)
from catalog_sync.providers.mini_store.emulator.product import (
    DELETED,
    IN_REVIEW,
    ON_SALE,
    PASSED,
    RECYCLED,
    TAKEN_DOWN,
    Product,
)
from catalog_sync.providers.mini_store.emulator.reading import read_objects, read_sent, read_text, wrong
from catalog_sync.providers.mini_store.emulator.shop import shop_of
from catalog_sync.providers.mini_store.emulator.showing import time_text
from catalog_sync.providers.mini_store.emulator.sku_calls import DONE, add_sku
from catalog_sync.providers.mini_store.emulator.spu_fields import read_product_fields


def answer_spu_add(call: Call) -> Json:
    """POST spu/add: a product in draft, with its SKUs where they are sent. 100009: made, but not every SKU (DOC)."""
    sent = read_sent(call)
    out_id = read_text(sent, "out_product_id")
    if not out_id or "title" not in sent:
        raise wrong("title" if out_id else "out_product_id")
    if "head_img" not in sent:
        raise Refusal(9401037, "")
    shop = shop_of(call.world)
    known = shop.find_product(shop.now, out_id)
    if known is not None and known.status != DELETED:
        raise Refusal(9401001, "product already exist")
    content = read_product_fields(call, sent)
    skus = read_objects(sent, "skus") if "skus" in sent else []
    made = Product(shop.next_product_id(), out_id, content, created_at=call.now, updated_at=call.now)
    shop.put_product(made, call.now)
    data = {"product_id": made.id, "out_product_id": out_id, "create_time": time_text(call)}
    if not _add_skus(call, made, skus):
        raise Refusal(100009, "add sku fail", **({"data": data} if call.settings["add_100009_carries_ids"] else {}))
    return {**DONE, "data": data}


def _add_skus(call: Call, product: Product, skus: list[Json]) -> bool:
    """Add those that can be added; tell whether all could."""
    added = 0
    for sent in skus:
        try:
            add_sku(call, sent, product)
            added += 1
        except Refusal:
            continue
    return added == len(skus)


def answer_spu_update(call: Call) -> Json:
    """POST spu/update: changes the draft, not its SKUs."""
    sent = read_sent(call)
    product = find_product(call, sent)
    refuse_unless_editable(call, product, "spu")
    content = {**product.draft, **read_product_fields(call, sent)}
    edited(call, replace(product, draft=content))
    data = {"product_id": product.id, "out_product_id": product.out_product_id, "update_time": time_text(call)}
    return {**DONE, "data": data}


def answer_spu_delete(call: Call) -> Json:
    """POST spu/del: gone for reads, or in the recycle bin (unknown: a switch)."""
    product = find_product(call, read_sent(call))
    refuse_unless_editable(call, product, "spu")
    status = DELETED if call.settings["spu_delete_makes"] == "deleted" else RECYCLED
    shop_of(call.world).put_product(replace(product, status=status, updated_at=call.now), call.now)
    return DONE


def answer_listing(call: Call) -> Json:
    """POST spu/listing: submits the draft for review; there is no other call for that (DOC)."""
    product = find_product(call, read_sent(call))
    if product.edit_status == IN_REVIEW:
        return _listed_in_review(call)
    refuse_unless_editable(call, product, "spu")
    shop = shop_of(call.world)
    if not any(sku.in_draft for sku in shop.now.skus_of(product.id)):
        raise Refusal(call.settings["listing_without_skus_code"], "product has no sku")
    unchanged = product.edit_status == PASSED and product.status == ON_SALE
    if unchanged and call.settings["listing_unchanged"] == "refuse":
        raise not_editable(call, "spu")
    shop.submit(product, call.now)
    return DONE


def _listed_in_review(call: Call) -> Json:
    """Answer a listing of a draft in review. DOC: do not call it then; what it says is unknown."""
    code = call.settings["listing_in_review_code"]
    if code:
        raise Refusal(code, "api freq out of limit" if code == 300000 else "spu not allow to edit")
    return DONE


def answer_delisting(call: Call) -> Json:
    """POST spu/delisting: off sale at once."""
    product = find_product(call, read_sent(call))
    if product.status != ON_SALE and call.settings["delisting_not_on_sale"] == "refuse":
        raise not_editable(call, "spu")
    if product.status == ON_SALE:
        shop_of(call.world).put_product(replace(product, status=TAKEN_DOWN, updated_at=call.now), call.now)
    return DONE
