"""The emulator's Mini Store as a test uses it: our clients, and the control plane."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from io import BytesIO
from typing import Any, cast

import requests
from PIL import Image

from catalog_sync.core.model import Address, Item, Place, Remote, Value, Verb
from catalog_sync.core.policy import Policy
from catalog_sync.core.ports import Listing, Receipt, Request, Sought
from catalog_sync.providers.mini_store.client import StoreProducts, StoreSkus, store_calls
from catalog_sync.providers.mini_store.schema import PRODUCT, SKU, ProductValues, SkuValues
from catalog_sync.wechat.http import Door
from catalog_sync.wechat.token import SecretToken

APP = "wx0123456789abcdef"
LINK = "https://mmecimage.cn/p/wx0000000000000000/ExampleKey"
BLUE = SkuValues(LINK, 12900, 15900, 40, "BL-L", "6900000000017", '{"颜色":"蓝","尺码":"L"}')
VERBS = {"sku_add": Verb.CREATE, "sku_delete": Verb.DELETE, "listing": Verb.SUBMIT}


def png(width: int = 30, height: int = 20, kind: str = "PNG") -> bytes:
    buffer = BytesIO()
    Image.new("RGB", (width, height), 0x336699).save(buffer, kind)
    return buffer.getvalue()


class SkippingClock:
    """Our own clock, but a sleep only moves it on."""

    def __init__(self) -> None:
        self.skipped = 0.0

    def now(self) -> float:
        return time.time() + self.skipped

    def monotonic(self) -> float:
        return time.monotonic() + self.skipped

    def sleep(self, seconds: float) -> None:
        self.skipped += seconds


NO_ROUTES = cast("Policy", None)
"""The clients hand their policy on and never ask it."""


class Platform:
    """The emulator, both clients of one of its apps, and the control plane."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.clock = SkippingClock()
        self.door = Door(url, self.clock)
        calls = store_calls(self.door, SecretToken(self.door, APP, "s3cret-0123456789", self.clock), self.clock)
        self.products = StoreProducts(calls, NO_ROUTES)
        self.skus = StoreSkus(calls, NO_ROUTES)

    # ---- the control plane

    def order(self, name: str, method: str = "POST", /, **order: Any) -> Any:
        answer = requests.request(method, f"{self.url}/_emulator/{name}", json={"appid": APP, **order}, timeout=10)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def fault(self, path: str, kind: str, **takes: Any) -> None:
        fault = {"path": path, "kind": kind, **takes}
        answer = requests.post(f"{self.url}/_emulator/faults", json={"faults": [fault]}, timeout=10)
        assert answer.status_code == 200, answer.text

    def settings(self, **changed: Any) -> None:
        assert requests.post(f"{self.url}/_emulator/settings", json=changed, timeout=10).status_code == 200

    def calls(self, path: str) -> list[Mapping[str, Any]]:
        where = {"appid": APP, "path": f"/product/{path}"}
        told = requests.get(f"{self.url}/_emulator/calls", params=where, timeout=10).json()
        calls: list[Mapping[str, Any]] = told["calls"]
        return calls

    def world(self) -> Any:
        return requests.get(f"{self.url}/_emulator/world", params={"appid": APP}, timeout=10).json()

    def product(self, key: str = "P-1", **fields: Any) -> int:
        number: int = self.order("spu", out_product_id=key, **fields)["product_id"]
        return number

    def stock(self, *rows: Mapping[str, Any], key: str = "P-1", online: bool = False) -> list[int]:
        """SKUs of a product, made without a call of ours."""
        ids: list[int] = self.order("skus", out_product_id=key, skus=list(rows), online=online)["sku_ids"]
        return ids

    # ---- our clients

    def look(self, items: Iterable[Item] = (), bound: Mapping[str, int] | None = None) -> Listing:
        sought = Sought(tuple(items), {Address(address): (number,) for address, number in (bound or {}).items()})
        return self.products.fetch(sought, parallelism=4, progress=lambda *_: None)

    def look_at_skus(self, *keys: str) -> Listing:
        products = self.look([product_item(key) for key in keys or ("P-1",)]).remotes
        sought = Sought(seen={PRODUCT.kind: products})
        return self.skus.fetch(sought, parallelism=4, progress=lambda *_: None)

    def only_sku(self) -> Remote:
        (remote,) = self.look_at_skus().remotes.values()
        return remote

    def add(self, product_id: int, key: str = "S-1", **changed: Value) -> int:
        fields = {**SKU.named(BLUE), **changed}
        receipt = self.skus.perform(Request("sku_add", Verb.CREATE, fields=fields, key=key, parent_id=product_id))
        assert receipt.remote_id is not None
        return receipt.remote_id

    def write(self, call: str, product_id: int, sku_id: int, **fields: Value) -> Receipt:
        verb = VERBS.get(call, Verb.UPDATE)
        return self.skus.perform(Request(call, verb, sku_id, fields=fields, parent_id=product_id))

    def list_for_sale(self, product_id: int, verdict: str = "approve") -> None:
        self.products.perform(Request("listing", Verb.SUBMIT, product_id))
        self.order("verdict", product_id=product_id, verdict=verdict)

    def on_sale(self, key: str = "S-1", **changed: Value) -> tuple[int, int]:
        """P-1 with one SKU, listed and approved."""
        product_id = self.product()
        sku_id = self.add(product_id, key, **changed)
        self.list_for_sale(product_id)
        return product_id, sku_id


def product_item(key: str, product_id: int | None = None) -> Item:
    return Item(
        address=Address(f"products.{key}"),
        kind="product",
        key=key,
        values=ProductValues(product_id, "true", ""),
        place=Place("catalog.yaml", 1, 1),
        position=0,
    )
