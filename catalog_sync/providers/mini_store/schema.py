"""What a Mini Store product and its SKUs are: their fields, in the order in which every `Values` of theirs stands."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from catalog_sync.core.model import Field, FieldKind, Fold, Schema


class Standing(StrEnum):
    """Where a product stands in the store (`status` of its online copy; SDK, checked 2026-11-21)."""

    INITIAL = "initial"  # 0: it was never on sale
    ON_SALE = "on_sale"  # 5
    RECYCLE_BIN = "recycle_bin"  # 6
    DELETED = "deleted"  # 9
    DELISTED = "delisted"  # 11: taken down by the merchant
    SOLD_OUT = "sold_out"  # 12
    VIOLATION = "violation"  # 13: taken down for a violation
    UNKNOWN = "unknown"  # any other number


class ProductValues(NamedTuple):
    """A product. Of a desired one: the id that the catalogue names (None: it is looked up), and whether its changed
    draft is submitted (`true`, `false`). Of an observed one: its id and its `Standing`. None of it is ever written."""

    product_id: int | None
    listing: str
    standing: str


class SkuValues(NamedTuple):
    """The fields of one SKU, named as in the catalogue.

    `thumb` is a picture identity (desired) or the platform's link (observed, "" for none); prices are fen; `attrs` is
    JSON text of an object, in the catalogue's order. None: the catalogue does not name the field, so it is not managed.
    """

    thumb: str
    sale_price: int
    market_price: int
    stock: int
    sku_code: str | None
    barcode: str | None
    attrs: str | None


PRODUCT = Schema(
    kind="product",
    prefix="products",
    fields=(
        Field("product_id", FieldKind.SHOWN),
        Field("listing", FieldKind.SHOWN),
        Field("standing", FieldKind.SHOWN),
    ),
    keyed=True,
)

SKU = Schema(
    kind="sku",
    prefix="skus",
    fields=(
        Field("thumb", FieldKind.PICTURE, linkable=True),
        Field("sale_price", FieldKind.PRICE, money=True),
        Field("market_price", FieldKind.PRICE, money=True),
        Field("stock", FieldKind.STOCK),
        Field("sku_code", FieldKind.TEXT),
        Field("barcode", FieldKind.TEXT, fold=Fold.DIGITS),
        Field("attrs", FieldKind.TEXT, fold=Fold.MEMBERS, identifying=True),
    ),
    keyed=True,
    parent="product",
)
