"""A shop that sells SKUs of the Mini Store, beside goods or without any: see `tests.routes.shop`.

What a test `sells` is in the catalogue file; what is `on_sale` went through an apply, a listing and its review.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from catalog_sync import wiring
from catalog_sync.core.model import Catalogue
from catalog_sync.engine.tools import Tools
from catalog_sync.providers.mini_store.emulator.shop import FIRST_PRODUCT_ID, FIRST_SKU_ID
from tests.routes.shop import APP, PATHS, Call, Entry, Json, Shop

SKU: Entry = {"sale_price": "129.00", "market_price": "159.00", "stock": 40}
"""What a SKU must have; nothing else of it is managed."""

LINK = "https://mmecimage.cn/p/wx0000000000000000/ExampleKey"
OTHER_LINK = "https://mmecimage.cn/p/wx0000000000000000/AnotherKey"

EDITING, IN_REVIEW, FAILED, PASSED = 1, 2, 3, 4
NEVER_LISTED, ON_SALE, RECYCLED, DELETED, DELISTED, SOLD_OUT, VIOLATING = 0, 5, 6, 9, 11, 12, 13


def product_id(number: int = 1) -> int:
    """The id of the platform's first, second, ... product."""
    return FIRST_PRODUCT_ID + 14 * (number - 1)


def sku_id(number: int = 1) -> int:
    """The id of the platform's first, second, ... SKU."""
    return FIRST_SKU_ID + 12 * (number - 1)


class Store(Shop):
    """A shop whose catalogue has products, too."""

    paths = PATHS | {
        "/product/img/upload": "img_upload",
        "/product/sku/add": "sku_add",
        "/product/sku/batch_add": "sku_batch_add",
        "/product/sku/update": "sku_update",
        "/product/sku/update_price": "sku_update_price",
        "/product/stock/update": "stock_update",
        "/product/sku/del": "sku_delete",
        "/product/spu/listing": "listing",
        "/product/spu/delisting": "delisting",
        "/product/spu/add": "spu_add",
        "/product/spu/update": "spu_update",
        "/product/spu/del": "spu_delete",
    }

    def __init__(self, url: str, folder: Path) -> None:
        super().__init__(url, folder)
        self.products: dict[str, Json] = {}
        self._systems = (False, False)

    # ---- the catalogue

    def sells(self, key: str = "S-1", product: str = "P-1", /, **fields: Any) -> None:
        """List a SKU, or change it: fields that are not given stay; None takes one out."""
        skus = self.products.setdefault(product, {}).setdefault("skus", {})
        entry = {**skus.get(key, SKU), **fields}
        skus[key] = {name: value for name, value in entry.items() if value is not None}

    def sells_sizes(self, *keys: str, product: str = "P-1", **fields: Any) -> None:
        """List SKUs that differ in an attribute."""
        for key in keys:
            self.sells(key, product, attrs={"尺码": key}, **fields)

    def says_of(self, product: str = "P-1", /, **fields: Any) -> None:
        """Say something of a product: `listing`, `product_id`."""
        self.products.setdefault(product, {}).update(fields)

    def sells_no_more(self, *keys: str) -> None:
        """Take SKUs out of the catalogue, and with its last one the product."""
        for name, product in [*self.products.items()]:
            product["skus"] = {key: entry for key, entry in product["skus"].items() if key not in keys}
            if not product["skus"]:
                del self.products[name]

    def _write(self) -> Path:
        path = super()._write()
        text = path.read_text(encoding="utf-8")
        if not self.entries:
            text = text.replace("goods:\n", "")
        if self.products:
            text += f"products: {json.dumps(self.products, ensure_ascii=False)}\n"
        path.write_text(text, encoding="utf-8")
        return path

    def _tools(self) -> tuple[wiring.Settings, Catalogue, Tools]:
        """A catalogue of other systems needs the clients of those."""
        systems = (bool(self.entries), bool(self.products))
        if systems != self._systems:
            self._opened, self._systems = None, systems
            self._stack.close()
            self._stack.enter_context(self._http)
        return super()._tools()

    def save(self) -> None:
        """Write the catalogue's file, for a command that reads it."""
        self._write()

    @property
    def environment(self) -> dict[str, str]:
        """What a command in this process needs to know."""
        return self._environment()

    # ---- the platform

    def has_product(self, key: str = "P-1", /, **fields: Any) -> int:
        """Make a product without SKUs."""
        made: int = self.control("spu", appid=APP, out_product_id=key, **fields)["product_id"]
        return made

    def has_skus(self, *rows: Json, product: str = "P-1", online: bool = True) -> list[int]:
        """Let SKUs stand there that no call of ours made."""
        made: list[int] = self.control("skus", appid=APP, out_product_id=product, skus=rows, online=online)["sku_ids"]
        return made

    def product_becomes(self, key: str = "P-1", /, **fields: Any) -> None:
        """A product's `status` or `edit_status` changes without a call of ours."""
        self.control("spu", "PATCH", appid=APP, out_product_id=key, **fields)

    def somebody_changes(self, key: str = "S-1", /, *, copy: str = "both", **fields: Any) -> None:
        """A SKU changes without a call of ours: in the console, or by a sale."""
        self.control("skus", "PATCH", appid=APP, out_sku_id=key, copy=copy, **fields)

    def somebody_takes_away(self, *keys: str) -> None:
        """SKUs vanish behind our back."""
        for key in keys:
            self.control("skus", "DELETE", appid=APP, out_sku_id=key)

    def sku(self, key: str = "S-1") -> Json:
        """A SKU as the platform has it."""
        (found,) = [sku for sku in self._skus() if sku["out_sku_id"] == key and (sku["draft"] or sku["online"])]
        return found

    def online(self) -> dict[str, Json]:
        """What customers see."""
        return {sku["out_sku_id"]: sku["online"] for sku in self._skus() if sku["online"]}

    def _skus(self) -> Iterator[Json]:
        return (sku for product in self._world()["products"] for sku in product["skus"])

    def product(self, key: str = "P-1") -> Json:
        """A product as the platform has it."""
        (found,) = [one for one in self._world()["products"] if one["out_product_id"] == key]
        return dict(found)

    def _learn_covers(self) -> None:
        super()._learn_covers()
        store = self._tools()[2].store
        for path in sorted((self._folder / "covers").iterdir()):
            upload = store.picture(f"skus:sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}")
            if upload is not None:
                self._covers[upload.ref] = f"covers/{path.name}"

    def calls(self) -> list[Call]:
        """As in any shop; the thumb of a SKU by its file, the bytes of an upload left out."""
        seen = super().calls()
        if any("thumb_img" in body for _name, body in seen):
            self._learn_covers()
        for _name, body in seen:
            if "thumb_img" in body:
                body["thumb_img"] = self._covers.get(body["thumb_img"], body["thumb_img"])
        return [(name, {} if name == "img_upload" and "bytes" in body else body) for name, body in seen]

    # ---- ways to begin, and to end

    def on_sale(self) -> None:
        """Let what the catalogue lists be on the platform, bound, and through its review."""
        self.apply()
        self.verdict("approve")
        self.calls()

    def closes(self) -> None:
        """After the review, nothing is left to be done: a plan is empty, and an apply sends nothing."""
        self.verdict("approve")
        made = self.plan()
        assert [(change.address, change.action, change.reason) for change in made.plan.changes] == []
        assert made.plan.complete
        assert self.calls() == []
