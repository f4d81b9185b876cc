"""Mini Store SKUs: a product must be there; SKUs carry our keys, and the product's draft is what is reviewed."""

from __future__ import annotations

import hashlib
from decimal import Decimal
from typing import Any

from tests.faults.harness import STORE_PATHS, Json

from .system import (
    APPROVED,
    CONTENT,
    DROPPED,
    IN_AUDIT,
    ITEM,
    NEW,
    NOTHING,
    PRICE,
    REJECTED,
    STOCK,
    Row,
    System,
)

PRODUCT = "P-1"
STRANGER = "stranger"


class MiniStoreSkus(System):
    """`products:` of the catalogue, one product with its SKUs."""

    name = "mini_store"
    prefix = "skus"
    rows = (
        Row(NOTHING, NEW, ("upload", "sku_add", "listing")),
        Row(IN_AUDIT, CONTENT, ()),  # the draft is locked: it waits
        Row(IN_AUDIT, STOCK, ("stock_update",)),
        Row(IN_AUDIT, DROPPED, ()),
        Row(APPROVED, PRICE, ("sku_update_price",)),
        Row(APPROVED, STOCK, ("stock_update",)),
        Row(APPROVED, CONTENT, ("sku_update", "listing")),
        Row(APPROVED, DROPPED, ("sku_delete", "listing")),
        Row(REJECTED, CONTENT, ("sku_update", "listing")),
        Row(REJECTED, DROPPED, ("sku_delete", "listing")),
    )
    paths = STORE_PATHS
    pool = "sku_write"
    list_call = "sku_list"
    refusal = ("sku_add", 9401048)

    def prepare(self) -> None:
        """The product, which is made in the console."""
        self.shop.control("spu", appid=self.shop.app, out_product_id=PRODUCT)
        self.shop.products[PRODUCT] = {"skus": {}}

    @property
    def _skus(self) -> dict[str, Any]:
        skus: dict[str, Any] = self.shop.products[PRODUCT]["skus"]
        return skus

    def lists(self, key: str) -> None:
        """List a SKU with a picture and an attribute of its own."""
        looks = {"sale_price": "12.50", "market_price": "19.90", "stock": 40, "thumb": f"covers/{key}.png"}
        self._skus[key] = {**looks, "sku_code": "A", "attrs": {"款式": key}}

    def edits(self, edit: str) -> None:
        """Another price, stock or code."""
        edits: dict[str, Json] = {PRICE: {"sale_price": "13.30"}, STOCK: {"stock": 7}, CONTENT: {"sku_code": "B"}}
        self._skus[ITEM] = {**self._skus[ITEM], **edits[edit]}

    def drops(self, key: str) -> None:
        """Take it out."""
        del self._skus[key]

    def rejects(self) -> None:
        """The draft is refused as a whole."""
        self.shop.verdict("reject")

    def there(self) -> list[tuple[str, int, Json]]:
        """What customers see, and what would come online next."""
        world = self.shop.control(f"world?appid={self.shop.app}", "GET")
        (product,) = world["products"]
        return [(sku["out_sku_id"], sku["sku_id"], _looks(sku, world)) for sku in product["skus"]]

    def wanted(self) -> dict[str, Json]:
        """Online, as they are written; the draft the same, but for price and stock, which are written past it."""
        return {key: self._written(sku) for key, sku in self._skus.items()}

    def _written(self, sku: Json) -> Json:
        picture = (self.shop.folder / sku["thumb"]).read_bytes()
        content = (sku["sku_code"], sku["attrs"], hashlib.sha256(picture).hexdigest())
        return {
            "draft": content,
            "online": content,
            "price": int(Decimal(sku["sale_price"]) * 100),
            "stock": sku["stock"],
        }

    def stranger(self) -> int:
        """A SKU that somebody made in the console, on sale."""
        made = {"out_sku_id": STRANGER, "sale_price": 700}
        ids: list[int] = self.shop.control(
            "skus", appid=self.shop.app, out_product_id=PRODUCT, skus=[made], online=True
        )["sku_ids"]
        return ids[0]

    def loses(self, remote_id: int) -> None:
        """Somebody deletes it in the console, out of both copies."""
        self.shop.control("skus", "DELETE", appid=self.shop.app, sku_id=remote_id)

    def hides(self, remote_id: int) -> None:
        """The list has no total that could tell."""
        self.shop.fault(self.list_call, "lost_sku", sku_id=remote_id, times=1000)


def _content(copy: Json | None, world: Json) -> tuple[Any, ...] | None:
    if copy is None:
        return None
    attrs = {each["attr_key"]: each["attr_value"] for each in copy["sku_attrs"]}
    return copy["sku_code"], attrs, world["store_pictures"].get(copy["thumb_img"], copy["thumb_img"])


def _looks(sku: Json, world: Json) -> Json:
    online = sku["online"] or {"sale_price": None, "stock_num": None}
    copies = {name: _content(sku[name], world) for name in ("draft", "online")}
    return {**copies, "price": online["sale_price"], "stock": online["stock_num"]}
