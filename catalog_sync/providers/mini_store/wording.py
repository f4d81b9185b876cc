"""The limits of `products:`, and the codes of the diagnostics that only it has.

Vendor: lengths count characters, a Chinese one as 1 (the pages of sku/add and img/upload, checked 2026-11-21).
"""

from __future__ import annotations

from catalog_sync.core.entry import Explained

MAX_PRICE_YUAN = 10_000_000
"""Vendor: 1 000 000 000 fen (sku/add)."""

MAX_STOCK = 999_999_999
"""Ours: the vendor names no limit."""

MAX_SKU_KEY = 32
"""Vendor: the length of out_sku_id (sku/add)."""

MAX_PRODUCT_KEY = 128
"""Ours: the vendor names no limit for out_product_id."""

MAX_SKU_CODE = 20
"""Vendor (sku/add)."""

MAX_BARCODE = 18
"""Ours: the platform reads a barcode back as a number of 64 bits; the longest retail code has 14 digits."""

MAX_ATTR = 40
"""Vendor: the length of an attribute's key, and of its value (sku/add)."""

MAX_ATTR_VALUES = 100
"""Vendor: different values of one key in a product (sku/add)."""

MAX_PRODUCT_ID = 2**63 - 1

MAX_THUMB_BYTES = 10 * 1024 * 1024
"""Vendor (img/upload)."""

LINKS = ("store.mp.video.tencent-cloud.com/", "mmbizurl.cn/p/", "mmecimage.cn/p/")
"""Vendor: the only links that may be sent as a picture (sku/add; error 9401050). The page names them without a scheme;
http and https are both taken."""


class StoreCode(Explained):
    """The codes of diagnostics that only `products:` has."""

    TEXT_TOO_LONG = "text_too_long", "A text or key of the Mini Store with too many characters, each counting 1."
    MARKET_PRICE = "market_price", "A market price that is not over the sale price."
    PRODUCT_ID_TWICE = "product_id_twice", "Two products with one product_id."
    ATTRS_SAME = "attrs_same", "Two SKUs of a product with the same attributes."
    ATTRS_DIFFER = "attrs_differ", "SKUs of a product that name different attributes."
    ATTR_VALUES = "attr_values", "More than 100 different values of one attribute in a product."
