"""How reads write a product, a SKU, a time."""

from collections.abc import Iterable
from datetime import datetime, timedelta, timezone

from catalog_sync.emulator.reading import Json
from catalog_sync.emulator.system import Call
from catalog_sync.providers.mini_store.emulator.product import (
    ON_SALE,
    ON_SHELF,
    PSEUDO_DELETED,
    SOLD_OUT,
    Product,
    Sku,
    SkuCopy,
)
from catalog_sync.providers.mini_store.emulator.shop import View

DETAIL_PAGE = "plugin-private://wx34345ae5855f892d/pages/productDetail/productDetail?productId="


def time_text(call: Call) -> str:
    """Write the time as the calls do; its zone is nowhere stated (INF: Beijing)."""
    zone = timezone(timedelta(hours=call.settings["time_zone_hours"]))
    return datetime.fromtimestamp(call.now, zone).strftime("%Y-%m-%d %H:%M:%S")


def real_stock(sku: Sku) -> int:
    """Give the online stock; of a SKU that is not online that of its draft (INF)."""
    return (sku.on_sale or sku.draft).stock_num


def copy_to_show(call: Call, sku: Sku, *, edit: bool) -> SkuCopy | None:
    """Give the copy that a read shows, or None where that copy has no such SKU."""
    copy = sku.draft if edit else sku.online
    if copy is None and call.settings["unlisted_on_read"] == "draft":
        copy = sku.draft
    shows_deleted = call.settings["deleted_sku_on_read"] == "status_21"
    return copy if copy is not None and (copy.status == ON_SHELF or shows_deleted) else None


def show_sku(call: Call, product: Product, sku: Sku, copy: SkuCopy, *, real: bool) -> Json:
    """Write one copy of a SKU. `real`: with the stock online (DOC: need_real_stock), else that of the draft."""
    stock = real_stock(sku) if real else sku.draft.stock_num
    return {
        "product_id": product.id,
        "out_product_id": product.out_product_id,
        "sku_id": sku.id,
        "out_sku_id": sku.out_sku_id,
        **copy.as_json(),
        "stock_num": stock,
        "barcode": _barcode(call, copy.barcode),
    }


def _barcode(call: Call, barcode: str) -> str | int:
    """Write the barcode. DOC: the page's table says string, its sample (and one SDK's) is a number."""
    is_number = barcode.isascii() and barcode.isdigit() and len(barcode) < 19
    return int(barcode) if is_number and call.settings["barcode_on_read"] == "number" else barcode


def status_to_show(call: Call, product: Product, skus: Iterable[Sku]) -> int:
    """Give the status online; one whose SKUs are all at 0 is sold out (SDK 12; that it comes by itself is INF)."""
    online = [sku.on_sale.stock_num for sku in skus if sku.on_sale is not None]
    sold_out = bool(online) and not any(online) and call.settings["sold_out_status"] == "shown"
    return SOLD_OUT if product.status == ON_SALE and sold_out else product.status


def show_product(call: Call, product: Product, view: View, *, edit: bool) -> Json | None:
    """Write one copy of a product, or None where there is no such copy."""
    content = product.draft if edit else product.online
    if content is None and call.settings["unlisted_on_read"] == "draft":
        content = product.draft
    if content is None:
        return None
    skus = view.skus_of(product.id)
    copies = [(sku, copy) for sku in skus if (copy := copy_to_show(call, sku, edit=edit)) is not None]
    return {
        **content,
        "product_id": product.id,
        "out_product_id": product.out_product_id,
        "status": status_to_show(call, product, skus),
        "edit_status": product.edit_status,
        "min_price": min((copy.sale_price for _, copy in copies if copy.status != PSEUDO_DELETED), default=0),
        "shopcat": [],
        "skus": [{"sku_id": sku.id} for sku, _ in copies],
    }


def show_in_list(shown: Json) -> Json:
    """Write a product as lists do: with the page of its detail."""
    return {**shown, "path": f"{DETAIL_PAGE}{shown['product_id']}"}
