"""SKUs as entries of `products:` and as rows, the way back of `section`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Final

from catalog_sync.core.model import KEEP, Values
from catalog_sync.core.money import yuan
from catalog_sync.core.writing import Told, Wishes, Written
from catalog_sync.providers.mini_store.schema import PRODUCT, SkuValues


class SkuWriter:
    """Writes the SKUs of `products:` (see `core.writing.Writer`)."""

    columns: Final[Mapping[str, str]] = {
        "out_product_id": "商品编号",
        "out_sku_id": "SKU编号",
        "sale_price": "售价",
        "market_price": "市场价",
        "stock": "库存",
        "thumb": "SKU小图",
        "sku_code": "SKU编码",
        "barcode": "条形码",
        "attrs": "规格",
        "priority": "优先级",
        "needed_by": "截止时间",
        "protect": "保护",
    }

    def written(self, key: str, values: Values, picture: str, wishes: Wishes) -> Written:
        """The SKU with these values."""
        path = (PRODUCT.prefix, wishes.parent, "skus", key)
        row = {"out_product_id": wishes.parent, "out_sku_id": key}
        return Written(path, row, dict(_fields(SkuValues._make(values), picture, wishes)))


def _fields(sku: SkuValues, picture: str, wishes: Wishes) -> Iterator[tuple[str, Told]]:
    yield "sale_price", Decimal(yuan(sku.sale_price))
    yield "market_price", Decimal(yuan(sku.market_price))
    yield "stock", sku.stock
    if picture != KEEP:
        yield "thumb", picture
    if sku.sku_code:
        yield "sku_code", sku.sku_code
    if sku.barcode:
        yield "barcode", sku.barcode
    if sku.attrs and sku.attrs != "{}":
        yield "attrs", json.loads(sku.attrs)
    yield from wishes.fields()
