"""Which product and which SKU a call is about, in which copy, and whether their draft may be edited."""

from dataclasses import replace

from catalog_sync.emulator.errors import Refusal
from catalog_sync.emulator.reading import Json
from catalog_sync.emulator.system import Call
from catalog_sync.providers.mini_store.emulator.product import (
    DELETED,
    EDITING,
    IN_REVIEW,
    RECYCLED,
    VIOLATING,
    Product,
    Sku,
)
from catalog_sync.providers.mini_store.emulator.reading import read_id, read_text, wrong
from catalog_sync.providers.mini_store.emulator.shop import View, shop_of

NO_PRODUCT = 9401002
NO_SKU = 9401006


def as_seen(call: Call) -> View:
    """Give the shop as a reading call sees it, some time late where a switch or a fault says so."""
    view = shop_of(call.world).now
    if fault := call.bent_by("lagging_store"):
        seconds = fault.takes["seconds"]
        return view.before(call.now - seconds if seconds else None)
    lag = call.settings["store_lag_seconds"]
    return view.before(call.now - lag) if lag else view


def find_product(call: Call, sent: Json, code: int = NO_PRODUCT, view: View | None = None) -> Product:
    """Find a product by product_id or out_product_id (DOC: one of the two)."""
    shop = shop_of(call.world)
    view = view or shop.now
    id_, out_id = read_id(sent, "product_id"), read_text(sent, "out_product_id")
    if not id_ and not out_id:
        raise wrong("product_id")
    product = view.products.get(id_) if id_ else shop.find_product(view, out_id)
    if product is None or product.status == DELETED:
        raise Refusal(code, "product not exist")
    if out_id and product.out_product_id != out_id:
        raise wrong("out_product_id")
    return product


def find_sku(call: Call, sent: Json, product: Product, code: int = NO_SKU) -> Sku:
    """Find a SKU of a product by sku_id or out_sku_id, as long as a copy has it."""
    shop = shop_of(call.world)
    id_, out_id = read_id(sent, "sku_id"), read_text(sent, "out_sku_id")
    if not id_ and not out_id:
        raise wrong("sku_id")
    if id_:
        found = shop.now.skus.get(id_)
        candidates = [] if found is None else [found]
    else:
        candidates = shop.find_skus(shop.now, out_id)
    alive = [sku for sku in candidates if sku.product_id == product.id and (sku.in_draft or sku.on_sale)]
    if not alive:
        raise Refusal(code, "sku not exist")
    if out_id and alive[0].out_sku_id != out_id:
        raise wrong("out_sku_id")  # DOC: it cannot be changed
    return next((sku for sku in alive if sku.in_draft), alive[0])


def is_taken(call: Call, out_sku_id: str) -> bool:
    """Tell whether an id of the merchant's is in use anywhere in the app (DOC: unique there)."""
    shop = shop_of(call.world)
    found = shop.find_skus(shop.now, out_sku_id)
    if call.settings["deleted_out_sku_id"] == "taken":
        return bool(found)
    if call.settings["deleted_out_sku_id"] == "taken_while_online" and any(sku.on_sale for sku in found):
        return True
    products = (shop.now.products.get(sku.product_id) for sku in found if sku.in_draft)
    return any(product is not None and product.status != DELETED for product in products)


def refuse_unless_editable(call: Call, product: Product, edits: str) -> None:
    """Refuse where the draft of this product may not be edited by a call about its `spu` or its `sku`."""
    settings = call.settings
    if product.made_by == "console" and settings["console_products"] == "refuse":
        raise Refusal(9401021, "no permission to operate this product")
    in_review = product.edit_status == IN_REVIEW and settings["in_review_edits"] == "refuse"
    recycled = product.status == RECYCLED and settings["recycled_edits"] == "refuse"
    violating = product.status == VIOLATING and settings["violating_edits"] == "refuse"
    if in_review or recycled or violating:
        raise not_editable(call, edits)


def not_editable(call: Call, edits: str) -> Refusal:
    """Say that the draft cannot be edited; DOC has two pairs of codes for it."""
    codes = {"edit": {"spu": 9401023, "sku": 9401025}, "change": {"spu": 9401022, "sku": 9401024}}
    return Refusal(codes[call.settings["not_editable_codes"]][edits], f"{edits} not allow to edit")


def edited(call: Call, product: Product) -> Product:
    """Mark the draft of a product as edited; where it was in review, that review is over."""
    return shop_of(call.world).put_product(replace(product, edit_status=EDITING, updated_at=call.now), call.now)
