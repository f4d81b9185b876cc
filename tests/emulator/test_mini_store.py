"""What holds for each call of the Mini Store: method, token, switch, faults."""

import pytest
import requests

from catalog_sync.providers.live_goods.emulator import SYSTEM as LIVE_GOODS
from catalog_sync.providers.mini_store.emulator import SYSTEM as MINI_STORE

from .shop import IN_REVIEW, Shop

PATHS = {route.name: route.path.removeprefix("/product/") for route in MINI_STORE.routes}


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
