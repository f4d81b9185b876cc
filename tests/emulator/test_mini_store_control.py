"""The control plane of the Mini Store, its reviewer, its database, the command's wiring."""

from pathlib import Path
from typing import Any

import pytest

from catalog_sync import wiring
from catalog_sync.emulator.server import EmulatorServer

from .shop import EDITING, IN_REVIEW, LINK, PASSED, Shop, both_systems, opened

UPLOAD = "/product/img/upload"


def test_the_world_is_easy_to_check(shop: Shop) -> None:
    made = shop.control("spu", appid=shop.appid, out_product_id="P-1", title="短袖")
    sku_id = shop.add_sku()["data"]["sku_id"]
    world = shop.world()
    (product,) = world["products"]
    assert abs(product.pop("created_at") - world["now"]) < 5
    copy = {
        "thumb_img": LINK,
        "sale_price": 12900,
        "market_price": 15900,
        "stock_num": 40,
        "sku_code": "",
        "barcode": "",
        "sku_attrs": [{"attr_key": "颜色", "attr_value": "S-1"}],
        "status": 5,
    }
    assert product == {
        "product_id": made["product_id"],
        "out_product_id": "P-1",
        "status": 0,
        "edit_status": EDITING,
        "draft": {"title": "短袖", "head_img": []},
        "online": None,
        "made_by": "api",
        "submitted_at": 0,
        "skus": [{"sku_id": sku_id, "out_sku_id": "S-1", "draft": copy, "online": None}],
    }
    assert (world["goods"], world["store_pictures"], len(world["sku_writes"])) == ([], {}, 1)


def test_skus_without_a_call(shop: Shop) -> None:
    shop.product()
    rows = [{"out_sku_id": "S-1", "sale_price": 500, "stock_num": 3}, {"out_sku_id": "S-2"}]
    told = shop.control("skus", appid=shop.appid, out_product_id="P-1", skus=rows, online=True)
    assert len(told["sku_ids"]) == 2
    assert (shop.seen()["status"], shop.seen()["edit_status"]) == (5, PASSED)
    assert shop.get_sku()["data"]["sale_price"] == 500
    assert len(shop.control("skus", appid=shop.appid, out_product_id="P-1", count=1000)["sku_ids"]) == 1000
    assert shop.get_sku("P-1-000999")["errcode"] == 9401006, "in the draft alone"
    assert shop.world()["sku_writes"] == []


def test_a_sku_changes_behind_our_back(shop: Shop) -> None:
    shop.on_sale()
    order = {"appid": shop.appid, "out_sku_id": "S-1"}
    shop.control("skus", "PATCH", **order, copy="online", stock_num=11, sale_price=1)
    shop.control("skus", "PATCH", **order, copy="draft", sku_code="BY-HAND")
    shop.control("skus", "PATCH", **order, thumb_img="", sku_attrs=[{"attr_key": "a", "attr_value": "b"}])
    draft, online = shop.copies()
    assert (draft["sale_price"], draft["stock_num"], draft["sku_code"]) == (12900, 40, "BY-HAND")
    assert (online["sale_price"], online["stock_num"], online["sku_code"]) == (1, 11, "")
    assert draft["thumb_img"] == online["thumb_img"] == ""
    shop.control("skus", "DELETE", **order)
    assert [shop.get_sku(edit=edit)["errcode"] for edit in (0, 1)] == [9401006, 9401006]


def test_a_product_changes_and_vanishes(shop: Shop) -> None:
    shop.on_sale()
    order = {"appid": shop.appid, "product_id": shop.seen()["product_id"]}
    changed = shop.control("spu", "PATCH", **order, status=13, edit_status=3, title="别人改的标题")
    assert (changed["status"], changed["edit_status"], changed["online"]["title"]) == (13, 3, "别人改的标题")
    shop.control("spu", "DELETE", **order)
    assert shop.code("spu/get", product_id=order["product_id"]) == 9401002


@pytest.mark.parametrize(
    ("method", "path", "order", "text"),
    [
        ("POST", "spu", {}, "out_product_id cannot be None"),
        ("POST", "spu", {"out_product_id": "P-1"}, "there is a product 'P-1'"),
        ("POST", "spu", {"out_product_id": "P-2", "status": "5"}, "status cannot be '5'"),
        ("PATCH", "spu", {"out_product_id": "P-9"}, "no product with product_id None or out_product_id 'P-9'"),
        ("DELETE", "spu", {"product_id": "1"}, "no product with product_id '1'"),
        ("POST", "skus", {"out_product_id": "P-1"}, 'say "skus"'),
        ("POST", "skus", {"out_product_id": "P-1", "skus": [{}]}, "out_sku_id cannot be None"),
        ("PATCH", "skus", {"sku_id": 5}, "no SKU with sku_id 5 or out_sku_id None"),
        ("PATCH", "skus", {"out_sku_id": "S-1", "copy": "all"}, "copy is one of online, draft, both, not 'all'"),
        ("PATCH", "skus", {"out_sku_id": "S-1", "sku_attrs": ["a"]}, "sku_attrs cannot be ['a']"),
        ("PATCH", "skus", {"out_sku_id": "S-1", "stock_num": "5"}, "stock_num cannot be '5'"),
        ("POST", "listing_withdrawal", {"out_product_id": "P-1"}, "product P-1 is not in review"),
        ("POST", "verdict", {"out_product_id": "P-1", "verdict": "approve"}, "nothing of"),
        ("POST", "verdict", {"product_id": "x", "verdict": "approve"}, "nothing of"),
    ],
)
def test_an_order_that_cannot_be_followed(shop: Shop, method: str, path: str, order: dict[str, Any], text: str) -> None:
    shop.on_sale()
    body = {"appid": shop.appid, **order}
    answer = shop.session.request(method, f"{shop.url}/_emulator/{path}", json=body, timeout=20)
    assert answer.status_code == 400
    assert text in answer.json()["error"]


def test_the_reviewer_by_itself() -> None:
    with both_systems(verdict="approve", verdict_after=60) as server, Shop(server.url).session as session:
        shop = Shop(server.url)
        shop.session = session
        shop.fetch_token()
        shop.product()
        shop.add_sku()
        shop.code("spu/listing", out_product_id="P-1")
        shop.control("clock", advance="30s")
        shop.control("listing_withdrawal", appid=shop.appid, out_product_id="P-1")
        shop.code("spu/listing", out_product_id="P-1")
        shop.control("clock", advance="31s")
        assert shop.seen()["edit_status"] == IN_REVIEW, "a new submission waits anew"
        shop.control("clock", advance="30s")
        assert shop.seen()["edit_status"] == PASSED


def test_a_restart_goes_on_where_it_was(tmp_path: Path) -> None:
    path = tmp_path / "world.db"
    with both_systems(db=path) as server, opened(server.url) as shop:
        shop.settings(barcode_on_read="string", sku_write_per_hour=4)
        shop.on_sale("S-1", "S-2")
        query = {"upload_type": 1, "resp_type": 1}
        assert shop.raw("POST", UPLOAD, params=query, json={"img_url": "https://example.com/a.png"}).ok
        shop.add_sku("S-3", barcode="007")
        shop.code("sku/del", out_product_id="P-1", out_sku_id="S-2")
        shop.price(9900)
        shop.code("spu/listing", out_product_id="P-1")
        before, token = shop.world(), shop.token
        assert list(before["store_pictures"].values()) == ["https://example.com/a.png"]
    with both_systems(db=path) as server:
        again = Shop(server.url)
        with again.session:
            again.token = token
            after = again.world()
            assert {**after, "now": 0, "beijing_time": ""} == {**before, "now": 0, "beijing_time": ""}
            assert again.get_sku("S-3", edit=1)["data"]["barcode"] == "007"
            again.verdict("approve", out_product_id="P-1")
            assert [sku["out_sku_id"] for sku in again.seen()["skus"]] == ["S-1", "S-3"]
            fourth = again.add_sku("S-4")["data"]["sku_id"]
            assert fourth > max(sku["sku_id"] for sku in before["products"][0]["skus"])
            assert again.add_sku("S-5")["errcode"] == 300000, "the hour is remembered"


def test_the_automatic_reviewer_goes_on_after_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "world.db"
    with both_systems(db=path) as server, opened(server.url) as shop:
        shop.product()
        shop.add_sku()
        shop.code("spu/listing", out_product_id="P-1")
    with both_systems(db=path, verdict="reject", verdict_after=60) as server:
        shop = Shop(server.url)
        with shop.session:
            assert shop.seen()["edit_status"] == IN_REVIEW
            shop.control("clock", advance="60s")
            assert shop.seen()["edit_status"] == 3


def test_the_command_serves_both_systems() -> None:
    app = wiring.emulator_app(db=None, verdict="manual", verdict_after=0, latency=0)
    with EmulatorServer(app) as server, opened(server.url) as shop:
        shop.on_sale()
        assert shop.add()["errcode"] == 0
        assert shop.get_sku()["errcode"] == 0
