"""The client of the Mini Store tests, and what holds for each of its calls: method, token, switch, faults."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import requests

from catalog_sync.emulator.app import create_app
from catalog_sync.emulator.server import EmulatorServer
from catalog_sync.providers.live_goods.emulator import SYSTEM as LIVE_GOODS
from catalog_sync.providers.mini_store.emulator import SYSTEM as MINI_STORE

from .wire import Json, Wire

LINK = "https://mmecimage.cn/p/wx0000000000000000/ExampleKey"
EDITING, IN_REVIEW, FAILED, PASSED = 1, 2, 3, 4
PATHS = {route.name: route.path.removeprefix("/product/") for route in MINI_STORE.routes}


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


@pytest.fixture(scope="module")
def served() -> Iterator[EmulatorServer]:
    with both_systems() as server:
        yield server


@pytest.fixture
def shop(served: EmulatorServer) -> Iterator[Shop]:
    with opened(served.url) as client:
        yield client


@pytest.mark.parametrize("path", PATHS.values())
def test_every_call_is_a_post_under_a_token(shop: Shop, path: str) -> None:
    assert shop.raw("GET", f"/product/{path}").json()["errcode"] == 43002
    shop.token = "x" * 513
    assert shop.code(path) == -2
    shop.token = "x" * 512
    assert shop.code(path) == 40001
    shop.token = "x"
    assert shop.code(path) == 40014


@pytest.mark.parametrize("path", PATHS.values())
def test_an_interface_that_was_taken_offline(shop: Shop, path: str) -> None:
    shop.settings(interface_offline=True)
    assert shop.code(path) == 1400007
    assert shop.list(2)["errcode"] == 0, "live goods answer on"


@pytest.mark.parametrize("path", [path for path in PATHS.values() if path not in ("img/upload", "spu/get_list")])
def test_a_call_without_its_fields(shop: Shop, path: str) -> None:
    assert shop.code(path) in (9401020, 100020)
    assert shop.raw("POST", f"/product/{path}", data="", headers={"Content-Type": "application/json"}).json()[
        "errcode"
    ] in (44002, 9401020)
    assert shop.raw("POST", f"/product/{path}", data={"product_id": "1"}).json()["errcode"] in (9401020, 100020)


@pytest.mark.parametrize("name", PATHS)
def test_faults_by_short_name(shop: Shop, name: str) -> None:
    shop.fault(name, "busy")
    shop.fault(name, "errcode", code=209001, errmsg="")
    assert [shop.code(PATHS[name]), shop.code(PATHS[name])] == [-1, 209001]


def test_done_and_then_spoilt(shop: Shop) -> None:
    shop.product()
    shop.fault("sku_add", "drop_after")
    with pytest.raises(requests.ConnectionError):
        shop.add_sku()
    assert shop.add_sku()["errcode"] == 9401005
    shop.fault("listing", "http_503_after")
    assert shop.raw("POST", "/product/spu/listing", json={"out_product_id": "P-1"}).status_code == 503
    assert shop.seen()["edit_status"] == IN_REVIEW


def test_the_shared_switches_of_answers(shop: Shop) -> None:
    shop.settings(errcode_type="string", errmsg_on_success="never")
    shop.product()
    assert shop.call("spu/del", out_product_id="P-1") == {"errcode": "0"}
    assert shop.call("spu/del", out_product_id="P-1")["errcode"] == "9401002"


def test_a_lagging_read(shop: Shop) -> None:
    shop.on_sale()
    shop.control("clock", advance="1m")
    shop.price(9900)
    shop.fault("sku_get", "lagging_store", seconds=30)
    shop.fault("sku_list", "lagging_store")
    assert shop.get_sku()["data"]["sale_price"] == 12900
    listed = shop.call("sku/get_list", product_id=shop.seen()["product_id"])
    assert listed["skus"][0]["sale_price"] == 12900
    assert shop.get_sku()["data"]["sale_price"] == 9900
    shop.settings(store_lag_seconds=30)
    assert shop.get_sku()["data"]["sale_price"] == 12900
    shop.control("clock", advance="1m")
    assert shop.get_sku()["data"]["sale_price"] == 9900


def test_a_list_that_loses_a_sku(shop: Shop) -> None:
    shop.on_sale("S-1", "S-2")
    product_id = shop.seen()["product_id"]
    second = shop.get_sku("S-2")["data"]["sku_id"]
    shop.fault("sku_list", "lost_sku")
    shop.fault("sku_list", "lost_sku", sku_id=second)
    lists = [shop.call("sku/get_list", product_id=product_id)["skus"] for _ in range(3)]
    assert [[sku["out_sku_id"] for sku in skus] for skus in lists] == [["S-2"], ["S-1"], ["S-1", "S-2"]]


def test_switches_and_short_names_are_of_one_system_alone() -> None:
    for kind in ("settings", "routes", "faults"):
        live, store = (
            {one.name for one in getattr(system, kind)} - {"lagging_list"} for system in (LIVE_GOODS, MINI_STORE)
        )
        assert not live & store
