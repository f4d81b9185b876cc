"""SKUs: each writing and reading call, each field's limit and its code, each switch of them."""

import re
from typing import Any

import pytest

from .shop import EDITING, LINK, Shop

BEIJING = re.compile(r"20\d\d-\d\d-\d\d \d\d:\d\d:\d\d")


def attrs(*pairs: tuple[Any, Any]) -> list[dict[str, Any]]:
    return [{"attr_key": key, "attr_value": value} for key, value in pairs]


def test_add_and_read(shop: Shop) -> None:
    product_id = shop.product()
    told = shop.add_sku(sku_code="BL-L", barcode="06900000000017")
    sku_id = told["data"]["sku_id"]
    assert told == {
        "errcode": 0,
        "errmsg": "ok",
        "data": {"sku_id": sku_id, "create_time": told["data"]["create_time"]},
    }
    assert BEIJING.fullmatch(told["data"]["create_time"])
    assert int(float(product_id)) != product_id, "over 2^53"
    assert int(float(sku_id)) != sku_id, "over 2^53"
    row = {
        "product_id": product_id,
        "out_product_id": "P-1",
        "sku_id": sku_id,
        "out_sku_id": "S-1",
        "thumb_img": LINK,
        "sale_price": 12900,
        "market_price": 15900,
        "stock_num": 40,
        "sku_code": "BL-L",
        "barcode": 6900000000017,
        "sku_attrs": attrs(("颜色", "S-1")),
    }
    seen = shop.get_sku(edit=1)
    assert seen == {"errcode": 0, "errmsg": "ok", "data": {**row, "status": 5}}
    assert shop.call("sku/get", sku_id=sku_id, need_edit_sku=1) == seen
    listed = shop.call("sku/get_list", product_id=product_id, need_edit_sku=1)
    assert listed == {"errcode": 0, "errmsg": "ok", "skus": [row]}
    shop.settings(barcode_on_read="string", sku_list_status="present")
    listed = shop.call("sku/get_list", product_id=product_id, need_edit_sku=1)
    assert listed["skus"] == [{**row, "barcode": "06900000000017", "status": 5}]


def test_what_was_never_online_is_in_the_draft_alone(shop: Shop) -> None:
    product_id = shop.product()
    shop.add_sku()
    assert shop.get_sku()["errcode"] == 9401006
    assert shop.call("sku/get_list", product_id=product_id)["skus"] == []
    shop.settings(unlisted_on_read="draft")
    assert shop.get_sku()["data"]["sale_price"] == 12900
    assert len(shop.call("sku/get_list", product_id=product_id)["skus"]) == 1


def test_add_by_either_id_of_the_product(shop: Shop) -> None:
    product_id = shop.product()
    assert shop.add_sku("S-1")["errcode"] == 0
    assert shop.add_sku("S-2", product_id=product_id)["errcode"] == 0
    assert shop.add_sku("S-3", product_id=0, out_product_id="P-1")["errcode"] == 0, "0 is no id"
    assert shop.add_sku("S-4", product_id=product_id, out_product_id="P-1")["errcode"] == 0
    assert shop.add_sku("S-5", product_id=product_id, out_product_id="P-2")["errcode"] == 9401020
    assert shop.add_sku("S-5", product_id=product_id + 14)["errcode"] == 9401002
    assert shop.add_sku("S-5", out_product_id="P-9")["errcode"] == 9401002


def test_times_may_be_of_another_zone(shop: Shop) -> None:
    shop.product()
    beijing = shop.add_sku("S-1")["data"]["create_time"]
    shop.settings(time_zone_hours=0)
    utc = shop.add_sku("S-2")["data"]["create_time"]
    assert (int(beijing[11:13]) - int(utc[11:13])) % 24 in (7, 8)


FINE: list[dict[str, Any]] = [
    {"out_sku_id": "商" * 32},
    {"sku_code": "码" * 20},
    {"barcode": "not a number"},
    {"barcode": ""},
    {"thumb_img": None},
    {"thumb_img": "http://store.mp.video.tencent-cloud.com/a.png"},
    {"thumb_img": "https://mmbizurl.cn/p/wx0/Key"},
    {"sale_price": 1_000_000_000, "market_price": 1_000_000_000},
    {"market_price": 1},
    {"stock_num": 0},
    {"sku_attrs": []},
    {"sku_attrs": attrs(("键" * 40, "值" * 40))},
]
BAD: list[tuple[dict[str, Any], int]] = [
    ({"out_sku_id": "商" * 33}, 9401052),
    ({"out_sku_id": None}, 9401020),
    ({"out_sku_id": ""}, 9401020),
    ({"out_sku_id": 7}, 9401020),
    ({"sku_code": "a" * 21}, 9401044),
    ({"sku_code": 5}, 9401020),
    ({"barcode": 6900000000017}, 9401020),
    ({"thumb_img": ""}, 9401050),
    ({"thumb_img": "https://example.com/a.png"}, 9401050),
    ({"thumb_img": "https://mmecimage.cn/p/"}, 9401050),
    ({"thumb_img": "https://mmecimage.cn/q/wx0/Key"}, 9401050),
    ({"thumb_img": "https://mmecimage.cn@example.com/p/wx0/Key"}, 9401050),
    ({"thumb_img": "https://mmecimage.cn.example.com/p/wx0/Key"}, 9401050),
    ({"thumb_img": "mmecimage.cn/p/wx0/Key"}, 9401050),
    ({"thumb_img": "http://[bad/p/x"}, 9401050),
    ({"sale_price": 1_000_000_001}, 9401043),
    ({"market_price": 1_000_000_001}, 9401043),
    ({"sale_price": None}, 9401020),
    ({"market_price": None}, 9401020),
    ({"stock_num": None}, 9401020),
    ({"sku_attrs": None}, 9401020),
    ({"sale_price": 129.5}, 9401020),
    ({"sale_price": "12900"}, 9401020),
    ({"sale_price": True}, 9401020),
    ({"sale_price": -1}, 9401020),
    ({"sale_price": 0}, 9401020),
    ({"stock_num": -1}, 9401020),
    ({"sku_attrs": {"颜色": "蓝"}}, 9401020),
    ({"sku_attrs": attrs(("", "蓝"))}, 9401020),
    ({"sku_attrs": attrs(("颜色", 5))}, 9401020),
    ({"sku_attrs": attrs(("颜色", "蓝"), ("颜色", "红"))}, 9401020),
    ({"sku_attrs": attrs(("键" * 41, "蓝"))}, 9401047),
    ({"sku_attrs": attrs(("颜色", "值" * 41))}, 9401048),
    ({"out_product_id": None}, 9401020),
    ({"product_id": "10001234567890123", "out_product_id": None}, 9401020),
]


@pytest.mark.parametrize("changed", FINE)
def test_what_a_new_sku_may_be(shop: Shop, changed: dict[str, Any]) -> None:
    shop.product()
    assert shop.call("sku/add", **shop.sku(**changed) | changed)["errcode"] == 0


@pytest.mark.parametrize(("changed", "code"), BAD)
def test_what_a_new_sku_may_not_be(shop: Shop, changed: dict[str, Any], code: int) -> None:
    shop.product()
    assert shop.call("sku/add", **shop.sku() | changed)["errcode"] == code
    assert shop.seen()["skus"] == []


@pytest.mark.parametrize(
    ("settings", "changed", "code"),
    [
        ({"sale_price_max": 100}, {"sale_price": 101}, 9401043),
        ({"market_price_max": 10_000_000}, {"market_price": 10_000_001}, 9401043),
        ({"sale_price_of_0": "allow"}, {"sale_price": 0}, 0),
        ({"market_price_not_above": "refuse"}, {"market_price": 12900}, 9401020),
        ({"character_is": "utf16_unit"}, {"sku_code": "🍵" * 11}, 9401044),
        ({"character_is": "code_point"}, {"sku_code": "🍵" * 20}, 0),
        ({"picture_links": "uploaded_ones"}, {}, 9401050),
    ],
)
def test_switches_of_fields(shop: Shop, settings: dict[str, Any], changed: dict[str, Any], code: int) -> None:
    shop.settings(**settings)
    shop.product()
    assert shop.add_sku(**changed)["errcode"] == code


def test_an_out_sku_id_is_one_in_the_app(shop: Shop) -> None:
    shop.product()
    shop.product("P-2")
    assert shop.add_sku()["errcode"] == 0
    assert shop.add_sku()["errcode"] == 9401005
    assert shop.add_sku(out_product_id="P-2")["errcode"] == 9401005


@pytest.mark.parametrize(
    ("rule", "while_online", "afterwards"),
    [("free", 0, 0), ("taken_while_online", 9401005, 0), ("taken", 9401005, 9401005)],
)
def test_the_id_of_a_deleted_sku(shop: Shop, rule: str, while_online: int, afterwards: int) -> None:
    shop.settings(deleted_out_sku_id=rule)
    shop.on_sale("S-1", "S-2")
    old = shop.get_sku()["data"]["sku_id"]
    assert shop.code("sku/del", out_product_id="P-1", sku_id=old) == 0
    assert shop.add_sku()["errcode"] == while_online
    assert shop.get_sku()["data"]["sku_id"] == old, "still on sale"
    shop.list_for_sale()
    assert shop.add_sku()["errcode"] == (9401005 if while_online == 0 else afterwards)
    if rule == "free":
        assert shop.get_sku()["data"]["sku_id"] != old


def test_a_hundred_values_of_one_key(shop: Shop) -> None:
    shop.product()
    rows = [{"out_sku_id": f"V-{at}", "sku_attrs": attrs(("尺码", str(at)))} for at in range(100)]
    shop.control("skus", appid=shop.appid, out_product_id="P-1", skus=rows)
    assert shop.add_sku("one-more", sku_attrs=attrs(("尺码", "99")))["errcode"] == 0, "a value that is there"
    assert shop.add_sku("two-more", sku_attrs=attrs(("尺码", "100")))["errcode"] == 9401046
    assert shop.add_sku("another-key", sku_attrs=attrs(("颜色", "100")))["errcode"] == 0
    assert shop.update_sku("another-key", sku_attrs=attrs(("尺码", "100")))["errcode"] == 9401046
    assert shop.update_sku("V-0", sku_attrs=attrs(("尺码", "100")))["errcode"] == 0, "its own value makes room"


def test_same_attributes(shop: Shop) -> None:
    shop.product()
    shop.add_sku("S-1", sku_attrs=attrs(("a", "1"), ("b", "2")))
    assert shop.add_sku("S-2", sku_attrs=attrs(("b", "2"), ("a", "1")))["errcode"] == 0
    shop.settings(same_attrs="refuse")
    assert shop.add_sku("S-3", sku_attrs=attrs(("b", "2"), ("a", "1")))["errcode"] == 9401020


def test_batch_add(shop: Shop) -> None:
    shop.product()
    told = shop.call("sku/batch_add", skus=[shop.sku("S-1"), shop.sku("S-2")])
    assert [sorted(one) for one in told["data"]] == [["create_time", "out_sku_id", "sku_id"]] * 2
    assert [one["out_sku_id"] for one in told["data"]] == ["S-1", "S-2"]
    rows = [shop.sku("S-3"), shop.sku("S-2"), shop.sku("S-4")]
    assert shop.code("sku/batch_add", skus=rows) == 9401005
    assert len(shop.seen()["skus"]) == 2
    shop.settings(batch_add_failure="partial")
    told = shop.call("sku/batch_add", skus=rows)
    assert (told["errcode"], [one["out_sku_id"] for one in told["data"]]) == (100009, ["S-3", "S-4"])
    assert shop.code("sku/batch_add", skus="S-1") == 9401020


def test_update_is_of_the_draft(shop: Shop) -> None:
    shop.on_sale()
    told = shop.update_sku(sale_price=9900, sku_code="NEW", barcode="1")
    assert sorted(told["data"]) == ["sku_id", "update_time"]
    draft, online = shop.copies()
    assert (draft["sale_price"], draft["sku_code"], draft["stock_num"]) == (9900, "NEW", 40)
    assert (online["sale_price"], online["sku_code"]) == (12900, "")
    assert shop.seen()["edit_status"] == EDITING
    assert shop.get_sku(edit=1)["data"]["sale_price"] == 9900
    assert shop.get_sku()["data"]["sale_price"] == 12900


def test_what_an_update_must_carry(shop: Shop) -> None:
    shop.product()
    shop.add_sku("S-1")
    shop.add_sku("S-2", thumb_img=None)
    for missing in ("sale_price", "market_price", "sku_attrs", "thumb_img"):
        sent = {name: value for name, value in shop.sku().items() if name not in (missing, "stock_num")}
        assert shop.code("sku/update", **sent) == 9401020
    assert shop.update_sku("S-2", thumb_img=None)["errcode"] == 0, "it has none"
    assert shop.update_sku("S-2", thumb_img="")["errcode"] == 9401050
    shop.settings(sku_update_requires="table")
    assert shop.update_sku("S-2", thumb_img=None)["errcode"] == 9401020
    shop.settings(sku_update_requires="what_changes")
    assert shop.code("sku/update", out_product_id="P-1", out_sku_id="S-1", sale_price=5) == 0
    draft, _ = shop.copies()
    assert (draft["sale_price"], draft["market_price"], draft["thumb_img"]) == (5, 15900, LINK)


def test_what_an_update_leaves_out(shop: Shop) -> None:
    shop.product()
    shop.add_sku(sku_code="C", barcode="7")
    shop.update_sku(stock_num=3)
    draft, _ = shop.copies()
    assert (draft["sku_code"], draft["barcode"], draft["stock_num"]) == ("C", "7", 3)
    shop.settings(sku_update_left_out="cleared", sku_update_stock="ignored")
    shop.update_sku(stock_num=9)
    draft, _ = shop.copies()
    assert (draft["sku_code"], draft["barcode"], draft["stock_num"]) == ("", "", 3)


def test_an_out_sku_id_never_changes(shop: Shop) -> None:
    shop.product()
    sku_id = shop.add_sku()["data"]["sku_id"]
    assert shop.update_sku("S-9", sku_id=sku_id)["errcode"] == 9401020
    assert shop.update_sku("S-1", sku_id=sku_id)["errcode"] == 0
    assert shop.update_sku("S-9")["errcode"] == 9401006


def test_a_sku_of_another_product(shop: Shop) -> None:
    shop.product()
    other = shop.product("P-2")
    shop.add_sku()
    for path in ("sku/update", "sku/update_price", "sku/del"):
        assert shop.code(path, **shop.sku(product_id=other)) == 9401006
    assert shop.code("stock/get", product_id=other, out_sku_id="S-1") == 100004


def test_delete_is_of_the_draft(shop: Shop) -> None:
    shop.on_sale("S-1", "S-2")
    sent = {"out_product_id": "P-1", "out_sku_id": "S-1"}
    assert shop.call("sku/del", **sent) == {"errcode": 0, "errmsg": "ok"}
    assert shop.code("sku/del", **sent) == 9401006
    assert shop.update_sku()["errcode"] == 9401006
    assert shop.get_sku(edit=1)["errcode"] == 9401006
    assert shop.get_sku()["data"]["status"] == 5
    shop.settings(deleted_sku_on_read="status_21")
    assert shop.get_sku(edit=1)["data"]["status"] == 21
    shop.list_for_sale()
    assert shop.get_sku()["data"]["status"] == 21
    shop.settings(deleted_sku_on_read="absent")
    assert shop.get_sku()["errcode"] == 9401006
    assert [sku["out_sku_id"] for sku in shop.seen()["skus"]] == ["S-2"]


def test_the_last_sku(shop: Shop) -> None:
    shop.product()
    shop.add_sku()
    shop.settings(delete_last_sku="refuse")
    sent = {"out_product_id": "P-1", "out_sku_id": "S-1"}
    assert shop.code("sku/del", **sent) == 9401024
    shop.settings(delete_last_sku="allow")
    assert shop.code("sku/del", **sent) == 0
