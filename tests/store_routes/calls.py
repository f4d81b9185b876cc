"""The calls that tests of this folder expect most often: those about S-1, the first SKU of P-1."""

from __future__ import annotations

from typing import Any

from tests.routes.shop import Call

from .store import product_id, sku_id

UPLOAD: Call = ("img_upload", {})
PRICES = {"sale_price": 12900, "market_price": 15900}


def of(number: int = 1, product: int = 1) -> dict[str, int]:
    """How a call names the platform's first, second, ... SKU."""
    return {"product_id": product_id(product), "sku_id": sku_id(number)}


def add(key: str = "S-1", /, *, product: int = 1, **changed: Any) -> Call:
    """Add a SKU that has what a SKU must have."""
    body = {"product_id": product_id(product), "out_sku_id": key, "sku_attrs": [], **PRICES, "stock_num": 40}
    return ("sku_add", {**body, **changed})


def update(number: int = 1, /, **fields: Any) -> Call:
    """Change the draft of a SKU."""
    return ("sku_update", {**of(number), "sku_attrs": [], **PRICES, **fields})


def price(number: int = 1, /, *, sale: int = 11900, market: int = 15900) -> Call:
    """Change the prices of a SKU at once."""
    return ("sku_update_price", {**of(number), "sale_price": sale, "market_price": market})


def stock(full: int, number: int = 1) -> Call:
    """Set the stock of a SKU."""
    return ("stock_update", {**of(number), "type": 1, "stock_num": full})


def stock_by(difference: int, number: int = 1) -> Call:
    """Add to the stock of a SKU."""
    return ("stock_update", {**of(number), "type": 2, "stock_num": difference})


def delete(number: int = 1) -> Call:
    """Delete a SKU from the draft."""
    return ("sku_delete", {**of(number)})


def listing(product: int = 1) -> Call:
    """Submit the draft of a product."""
    return ("listing", {"product_id": product_id(product)})


def attrs(**pairs: str) -> list[dict[str, str]]:
    """Attributes as a call has them."""
    return [{"attr_key": key, "attr_value": value} for key, value in pairs.items()]
