"""A client of the Mini Store, raw, and an emulator of both systems."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from catalog_sync.emulator.app import create_app
from catalog_sync.emulator.server import EmulatorServer
from catalog_sync.providers.live_goods.emulator import SYSTEM as LIVE_GOODS
from catalog_sync.providers.mini_store.emulator import SYSTEM as MINI_STORE

from .wire import Json, Wire

LINK = "https://mmecimage.cn/p/wx0000000000000000/ExampleKey"
EDITING, IN_REVIEW, FAILED, PASSED = 1, 2, 3, 4


class Shop(Wire):
    """Calls of the Mini Store, raw."""

    def call(self, path: str, /, **sent: Any) -> Json:
        """Send a call; None leaves a field out."""
        return self.post(f"/product/{path}", {name: value for name, value in sent.items() if value is not None})

    def code(self, path: str, /, **sent: Any) -> int:
        """Send a call and give its errcode."""
        errcode: int = self.call(path, **sent)["errcode"]
        return errcode

    def product(self, out_product_id: str = "P-1", **fields: Any) -> int:
        """Make a product without SKUs."""
        made = self.control("spu", appid=self.appid, out_product_id=out_product_id, **fields)
        number: int = made["product_id"]
        return number

    def sku(self, out_sku_id: str | None = "S-1", **changed: Any) -> Json:
        """Write a good SKU of P-1."""
        owner = {} if "product_id" in changed else {"out_product_id": "P-1"}
        attrs = [{"attr_key": "颜色", "attr_value": out_sku_id or "蓝"}]
        prices = {"sale_price": 12900, "market_price": 15900, "stock_num": 40}
        return {**owner, "out_sku_id": out_sku_id, "thumb_img": LINK, **prices, "sku_attrs": attrs, **changed}

    def add_sku(self, out_sku_id: str | None = "S-1", **changed: Any) -> Json:
        """Add a SKU to P-1."""
        return self.call("sku/add", **self.sku(out_sku_id, **changed))

    def update_sku(self, out_sku_id: str = "S-1", **changed: Any) -> Json:
        """Update a SKU of P-1 by what the page's table wants, stock left out."""
        return self.call("sku/update", **{**self.sku(out_sku_id), "stock_num": None, **changed})

    def on_sale(self, *out_sku_ids: str) -> None:
        """Make P-1 with SKUs, listed and approved."""
        self.product()
        for out_sku_id in out_sku_ids or ("S-1",):
            assert self.add_sku(out_sku_id)["errcode"] == 0
        self.list_for_sale()

    def list_for_sale(self, verdict: str = "approve") -> None:
        """List P-1 and give the verdict."""
        assert self.code("spu/listing", out_product_id="P-1") == 0
        self.verdict(verdict, out_product_id="P-1")

    def seen(self, out_product_id: str = "P-1") -> Json:
        """Give a product as the world has it."""
        found: Json = next(one for one in self.world()["products"] if one["out_product_id"] == out_product_id)
        return found

    def copies(self, out_sku_id: str = "S-1") -> tuple[Any, Any]:
        """Give the draft and the online copy of a SKU of P-1 as the world has them."""
        sku = next(one for one in self.seen()["skus"] if one["out_sku_id"] == out_sku_id)
        return sku["draft"], sku["online"]

    def get_sku(self, out_sku_id: str = "S-1", edit: int = 0, real: int = 1) -> Json:
        """Read a SKU."""
        return self.call("sku/get", out_sku_id=out_sku_id, need_edit_sku=edit, need_real_stock=real)

    def price(self, sale_price: int, market_price: int = 19900) -> Json:
        """Change the prices of S-1."""
        owner = {"out_product_id": "P-1", "out_sku_id": "S-1"}
        return self.call("sku/update_price", **owner, sale_price=sale_price, market_price=market_price)

    def stock(self, kind: int | None, number: Any, out_sku_id: str = "S-1", out_product_id: str = "P-1") -> int:
        """Change a stock."""
        owner = {"out_product_id": out_product_id, "out_sku_id": out_sku_id}
        return self.code("stock/update", **owner, type=kind, stock_num=number)


@contextmanager
def opened(url: str) -> Iterator[Shop]:
    """Give a client with a token, and an empty world."""
    client = Shop(url)
    with client.session:
        client.control("reset")
        client.fetch_token()
        yield client


def both_systems(**how: Any) -> EmulatorServer:
    """Serve an emulator of both systems."""
    return EmulatorServer(create_app([LIVE_GOODS, MINI_STORE], **how))
