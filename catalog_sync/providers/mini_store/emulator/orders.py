"""The control plane of the Mini Store: products and SKUs made, changed and lost without a call of the platform."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from catalog_sync.emulator.errors import BadOrder
from catalog_sync.emulator.reading import Json, read_whole
from catalog_sync.emulator.system import ControlRoute
from catalog_sync.emulator.world import World
from catalog_sync.providers.mini_store.emulator.product import (
    DELETED,
    EDITING,
    IN_REVIEW,
    ON_SALE,
    PASSED,
    PSEUDO_DELETED,
    Product,
    Sku,
    SkuCopy,
)
from catalog_sync.providers.mini_store.emulator.shop import Shop, shop_of
from catalog_sync.providers.mini_store.emulator.writes import POOL

MOST_AT_ONCE = 100_000
COPIES = ("online", "draft", "both")
SKU_FIELDS: Mapping[str, type] = {
    "thumb_img": str,
    "sale_price": int,
    "market_price": int,
    "stock_num": int,
    "sku_code": str,
    "barcode": str,
    "status": int,
}
PRODUCT_FIELDS: Mapping[str, type] = {"status": int, "edit_status": int, "made_by": str}


def make_product(world: World, order: Json, now: float) -> Json:
    """POST spu: a product without SKUs, made without costing a call."""
    shop = shop_of(world)
    out_id = order.get("out_product_id")
    if not isinstance(out_id, str) or not out_id:
        raise BadOrder(f"out_product_id cannot be {out_id!r}")
    known = shop.find_product(shop.now, out_id)
    if known is not None and known.status != DELETED:
        raise BadOrder(f"there is a product {out_id!r}")
    content = {"title": order.get("title", f"商品{out_id}"), "head_img": []}
    made = Product(shop.next_product_id(), out_id, content, created_at=now, updated_at=now)
    return shop.put_product(replace(made, **_typed(order, PRODUCT_FIELDS)), now).as_json()


def change_product(world: World, order: Json, now: float) -> Json:
    """PATCH spu: status, edit_status, made_by or title change without a call of ours."""
    shop = shop_of(world)
    product = replace(_product_of_order(shop, order), **_typed(order, PRODUCT_FIELDS))
    if "title" in order:
        online = None if product.online is None else {**product.online, "title": order["title"]}
        product = replace(product, draft={**product.draft, "title": order["title"]}, online=online)
    return shop.put_product(product, now).as_json()


def lose_product(world: World, order: Json, now: float) -> Json:
    """DELETE spu: a product vanishes, whatever its state."""
    shop = shop_of(world)
    return shop.put_product(replace(_product_of_order(shop, order), status=DELETED), now).as_json()


def withdraw_listing(world: World, order: Json, now: float) -> Json:
    """POST listing_withdrawal: somebody ends a review in the console; DOC: withdrawing counts as a write."""
    shop = shop_of(world)
    product = _product_of_order(shop, order)
    if product.edit_status != IN_REVIEW:
        raise BadOrder(f"product {product.out_product_id} is not in review")
    shop.writes.add(now, 1)
    world.quota.charge(POOL, "listing_withdrawal", now)
    return shop.put_product(replace(product, edit_status=EDITING), now).as_json()


def make_skus(world: World, order: Json, now: float) -> Json:
    """POST skus: `skus` as a list, or `count` of them, in the draft; `online` true: on sale too."""
    shop = shop_of(world)
    product = _product_of_order(shop, order)
    count = min(read_whole(order.get("count", 0)) or 0, MOST_AT_ONCE)
    wanted = order.get("skus", [{"out_sku_id": f"{product.out_product_id}-{at:06d}"} for at in range(count)])
    if not isinstance(wanted, list) or not wanted or not all(isinstance(one, dict) for one in wanted):
        raise BadOrder('say "skus": [{"out_sku_id": ..., "sale_price": ...}] or "count": 100')
    online = order.get("online", False) is True
    made = [shop.put_sku(_sku_of_order(shop, product, one, online=online), now) for one in wanted]
    if online:
        shop.put_product(replace(product, online=product.draft, status=ON_SALE, edit_status=PASSED), now)
    return {"sku_ids": [sku.id for sku in made]}


def change_skus(world: World, order: Json, now: float) -> Json:
    """PATCH skus: one copy of a SKU changes (`copy`: online, draft or both), as by hand or by a sale."""
    shop = shop_of(world)
    sku = _sku_of_id(shop, order)
    which = order.get("copy", "both")
    if which not in COPIES:
        raise BadOrder(f"copy is one of {', '.join(COPIES)}, not {which!r}")
    draft = sku.draft if which == "online" else _changed(sku.draft, order)
    online = sku.online if which == "draft" or sku.online is None else _changed(sku.online, order)
    return shop.put_sku(replace(sku, draft=draft, online=online), now).as_json()


def lose_skus(world: World, order: Json, now: float) -> Json:
    """DELETE skus: a SKU vanishes from the draft and from sale."""
    shop = shop_of(world)
    sku = _sku_of_id(shop, order)
    gone = sku.draft._replace(status=PSEUDO_DELETED)
    return shop.put_sku(replace(sku, draft=gone, online=None if sku.online is None else gone), now).as_json()


def _product_of_order(shop: Shop, order: Json) -> Product:
    out_id = order.get("out_product_id")
    by_id = shop.now.products.get(read_whole(order.get("product_id")) or 0)
    product = shop.find_product(shop.now, out_id) if isinstance(out_id, str) else by_id
    if product is None or product.status == DELETED:
        raise BadOrder(f"no product with product_id {order.get('product_id')!r} or out_product_id {out_id!r}")
    return product


def _sku_of_id(shop: Shop, order: Json) -> Sku:
    out_id = order.get("out_sku_id")
    by_id = shop.now.skus.get(read_whole(order.get("sku_id")) or 0)
    by_out_id = shop.find_skus(shop.now, out_id) if isinstance(out_id, str) else []
    found = [sku for sku in [by_id, *by_out_id] if sku is not None and (sku.in_draft or sku.on_sale)]
    if not found:
        raise BadOrder(f"no SKU with sku_id {order.get('sku_id')!r} or out_sku_id {out_id!r}")
    return found[0]


def _sku_of_order(shop: Shop, product: Product, order: Json, *, online: bool) -> Sku:
    out_id = order.get("out_sku_id")
    if not isinstance(out_id, str) or any(sku.in_draft for sku in shop.find_skus(shop.now, out_id)):
        raise BadOrder(f"out_sku_id cannot be {out_id!r}")
    copy = _changed(SkuCopy("", 100, 200, 1, "", "", (("款式", out_id),)), order)
    return Sku(shop.next_sku_id(), product.id, out_id, copy, copy if online else None)


def _changed(copy: SkuCopy, order: Json) -> SkuCopy:
    fields = _typed(order, SKU_FIELDS)
    if "sku_attrs" in order:
        try:
            fields["sku_attrs"] = tuple((one["attr_key"], one["attr_value"]) for one in order["sku_attrs"])
        except (TypeError, KeyError):
            raise BadOrder(f"sku_attrs cannot be {order['sku_attrs']!r}") from None
    return copy._replace(**fields)


def _typed(order: Json, fields: Mapping[str, type]) -> dict[str, Any]:
    for name, wanted in fields.items():
        if name in order and type(order[name]) is not wanted:
            raise BadOrder(f"{name} cannot be {order[name]!r}")
    return {name: order[name] for name in fields if name in order}


ORDERS: Sequence[ControlRoute] = (
    ControlRoute("POST", "spu", make_product),
    ControlRoute("PATCH", "spu", change_product),
    ControlRoute("DELETE", "spu", lose_product),
    ControlRoute("POST", "listing_withdrawal", withdraw_listing),
    ControlRoute("POST", "skus", make_skus),
    ControlRoute("PATCH", "skus", change_skus),
    ControlRoute("DELETE", "skus", lose_skus),
)
