"""Products: draft and online copy, review, what each state allows, the reads."""

from typing import Any

import pytest

from .shop import EDITING, FAILED, IN_REVIEW, LINK, PASSED, Shop

TITLE = "棉质圆领短袖"


def spu(**changed: Any) -> dict[str, Any]:
    return {
        "out_product_id": "P-1",
        "title": TITLE,
        "sub_title": "夏季基础款",
        "head_img": [LINK],
        "desc_info": {"imgs": [LINK]},
        "brand_id": 2100000000,
        "cats": [{"cat_id": 6033, "level": 1}],
        "attrs": [{"attr_key": "产地", "attr_value": "中国"}],
        "model": "M1",
        "express_info": {"template_id": 5189},
        **changed,
    }


def test_add_and_read(shop: Shop) -> None:
    told = shop.call("spu/add", **spu(skus=[shop.sku("S-1"), shop.sku("S-2", sale_price=5000)]))
    product_id = told["data"]["product_id"]
    assert told["data"] == {
        "product_id": product_id,
        "out_product_id": "P-1",
        "create_time": told["data"]["create_time"],
    }
    seen = shop.call("spu/get", product_id=product_id, need_edit_spu=1)
    skus = seen["data"]["spu"].pop("skus")
    assert [list(sku) for sku in skus] == [["sku_id"]] * 2
    state = {"product_id": product_id, "status": 0, "edit_status": EDITING, "min_price": 5000, "shopcat": []}
    assert seen == {"errcode": 0, "errmsg": "ok", "data": {"spu": {**spu(), **state}}}
    assert shop.code("spu/get", out_product_id="P-1") == 9401002, "never online"
    assert shop.code("spu/add", **spu()) == 9401001


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"out_product_id": None}, 9401020),
        ({"title": None}, 9401020),
        ({"title": ""}, 9401020),
        ({"title": "短" * 61}, 9401036),
        ({"title": "T-shirt 5"}, 9401060),
        ({"head_img": None}, 9401037),
        ({"head_img": []}, 9401037),
        ({"head_img": ["https://example.com/a.png"]}, 9401050),
        ({"head_img": LINK}, 9401020),
        ({"desc_info": {"imgs": [""]}}, 9401050),
        ({"desc_info": LINK}, 9401020),
        ({"cats": [{"cat_id": "6033", "level": 1}]}, 9401020),
        ({"brand_id": "none"}, 9401020),
        ({"express_info": 5189}, 9401020),
    ],
)
def test_what_a_product_may_not_be(shop: Shop, changed: dict[str, Any], code: int) -> None:
    assert shop.code("spu/add", **spu(**changed)) == code
    assert shop.world()["products"] == []


def test_a_product_of_which_a_sku_failed(shop: Shop) -> None:
    rows = [shop.sku("S-1", sale_price=-1), shop.sku("S-2")]
    told = shop.call("spu/add", **spu(skus=rows))
    assert (told["errcode"], told["data"]["out_product_id"]) == (100009, "P-1")
    assert [sku["out_sku_id"] for sku in shop.seen()["skus"]] == ["S-2"]
    shop.settings(add_100009_carries_ids=False, ascii_title="allow", title_max=3)
    assert "data" not in shop.call("spu/add", **spu(out_product_id="P-2", title="ABC", skus=rows))
    assert shop.code("spu/add", **spu(out_product_id="P-3", title="ABCD")) == 9401036


def test_an_update_is_of_the_draft(shop: Shop) -> None:
    shop.on_sale()
    told = shop.call("spu/update", out_product_id="P-1", title="另一个标题")
    assert sorted(told["data"]) == ["out_product_id", "product_id", "update_time"]
    titles = [shop.call("spu/get", out_product_id="P-1", need_edit_spu=edit)["data"]["spu"]["title"] for edit in (0, 1)]
    assert titles == ["商品P-1", "另一个标题"]
    assert shop.seen()["edit_status"] == EDITING


def test_passed_the_draft_replaces_the_online_copy(shop: Shop) -> None:
    shop.on_sale()
    shop.update_sku(sku_code="NEW")
    shop.call("spu/update", out_product_id="P-1", title="新的标题")
    shop.add_sku("S-2")
    assert shop.call("spu/listing", out_product_id="P-1") == {"errcode": 0, "errmsg": "ok"}
    assert shop.seen()["edit_status"] == IN_REVIEW
    assert shop.get_sku("S-2")["errcode"] == 9401006, "still under review"
    product_id = shop.seen()["product_id"]
    assert shop.verdict("approve", product_id=product_id) == {"judged": [product_id]}
    product = shop.seen()
    assert (product["status"], product["edit_status"], product["online"]["title"]) == (5, PASSED, "新的标题")
    assert shop.copies()[0] == shop.copies()[1]
    assert shop.get_sku("S-2")["data"]["stock_num"] == 40


def test_failed_the_online_copy_stays(shop: Shop) -> None:
    shop.on_sale()
    shop.update_sku(sku_code="NEW")
    shop.list_for_sale("reject")
    product = shop.seen()
    assert (product["status"], product["edit_status"]) == (5, FAILED)
    assert [one["sku_code"] for one in shop.copies()] == ["NEW", ""]
    shop.list_for_sale()
    assert [one["sku_code"] for one in shop.copies()] == ["NEW", "NEW"], "it may be listed again"


WRITES: list[tuple[str, dict[str, Any], str]] = [
    ("sku/add", {"new": True}, "sku"),
    ("sku/batch_add", {}, "sku"),
    ("sku/update", {}, "sku"),
    ("sku/del", {}, "sku"),
    ("spu/update", {"title": "另一个标题"}, "spu"),
    ("spu/del", {}, "spu"),
]


def write(shop: Shop, path: str, sent: dict[str, Any]) -> int:
    if path == "sku/batch_add":
        return shop.code(path, skus=[shop.sku("S-8")])
    if path.startswith("sku"):
        return shop.code(path, **shop.sku("S-9" if sent.get("new") else "S-1"))
    return shop.code(path, out_product_id="P-1", **sent)


@pytest.mark.parametrize(("path", "sent", "of"), WRITES)
@pytest.mark.parametrize("codes", [("edit", 9401025, 9401023), ("change", 9401024, 9401022)])
def test_the_draft_in_review_is_not_edited(
    shop: Shop, path: str, sent: dict[str, Any], of: str, codes: tuple[str, int, int]
) -> None:
    shop.settings(not_editable_codes=codes[0])
    shop.on_sale()
    shop.code("spu/listing", out_product_id="P-1")
    assert write(shop, path, sent) == (codes[1] if of == "sku" else codes[2])
    assert shop.seen()["edit_status"] == IN_REVIEW


@pytest.mark.parametrize(("path", "sent", "of"), WRITES)
def test_an_edit_may_end_the_review(shop: Shop, path: str, sent: dict[str, Any], of: str) -> None:
    shop.settings(in_review_edits="withdraws", spu_delete_makes="recycled")
    shop.on_sale()
    shop.code("spu/listing", out_product_id="P-1")
    assert write(shop, path, sent) == 0
    assert path == "spu/del" or shop.seen()["edit_status"] == EDITING


def test_price_and_stock_go_on_in_review(shop: Shop) -> None:
    shop.on_sale()
    shop.code("spu/listing", out_product_id="P-1")
    assert [shop.price(9900)["errcode"], shop.stock(1, 7)] == [0, 0]
    assert shop.seen()["edit_status"] == IN_REVIEW
    shop.settings(in_review_price="refuse")
    assert [shop.price(8800)["errcode"], shop.stock(1, 8)] == [9401025, 0]
    shop.verdict("approve", all=True)
    assert shop.get_sku()["data"]["sale_price"] == 9900
    assert shop.get_sku()["data"]["stock_num"] == 8


@pytest.mark.parametrize("code", [9401023, 300000, 0])
def test_listing_what_is_in_review(shop: Shop, code: int) -> None:
    shop.settings(listing_in_review_code=code)
    shop.on_sale()
    shop.code("spu/listing", out_product_id="P-1")
    assert shop.code("spu/listing", out_product_id="P-1") == code


def test_listing_refused(shop: Shop) -> None:
    shop.product()
    assert shop.code("spu/listing", out_product_id="P-9") == 9401002
    assert shop.code("spu/listing", out_product_id="P-1") == 9401020
    shop.settings(listing_without_skus_code=9401006)
    assert shop.code("spu/listing", out_product_id="P-1") == 9401006
    shop.add_sku()
    shop.list_for_sale()
    shop.settings(listing_unchanged="refuse")
    assert shop.code("spu/listing", out_product_id="P-1") == 9401023


def test_taking_down(shop: Shop) -> None:
    shop.on_sale()
    assert shop.call("spu/delisting", out_product_id="P-1") == {"errcode": 0, "errmsg": "ok"}
    assert shop.seen()["status"] == 11
    assert shop.code("spu/delisting", out_product_id="P-1") == 9401023
    shop.settings(delisting_not_on_sale="allow")
    assert shop.code("spu/delisting", out_product_id="P-1") == 0
    assert shop.update_sku()["errcode"] == 0
    shop.list_for_sale()
    assert shop.seen()["status"] == 5, "a listing puts it back on sale"


@pytest.mark.parametrize(
    ("fields", "switch", "codes"),
    [
        ({"status": 6}, {}, [9401025, 9401023, 9401023]),
        ({"status": 6}, {"recycled_edits": "allow"}, [0, 0, 0]),
        ({"status": 13}, {}, [0, 0, 0]),
        ({"status": 13}, {"violating_edits": "refuse"}, [9401025, 9401023, 9401023]),
        ({"status": 9}, {}, [9401002, 9401002, 9401002]),
        ({"made_by": "console"}, {}, [0, 0, 0]),
        ({"made_by": "console"}, {"console_products": "refuse"}, [9401021, 9401021, 9401021]),
    ],
)
def test_products_out_of_sale(shop: Shop, fields: dict[str, Any], switch: dict[str, Any], codes: list[int]) -> None:
    shop.on_sale()
    shop.settings(**switch)
    shop.control("spu", "PATCH", appid=shop.appid, out_product_id="P-1", **fields)
    update = shop.code("spu/update", out_product_id="P-1", title="另一个标题")
    assert [shop.update_sku()["errcode"], update, shop.code("spu/listing", out_product_id="P-1")] == codes


@pytest.mark.parametrize(("makes", "code", "status"), [("deleted", 9401002, 9), ("recycled", 0, 6)])
def test_delete(shop: Shop, makes: str, code: int, status: int) -> None:
    shop.settings(spu_delete_makes=makes)
    shop.on_sale()
    assert shop.call("spu/del", out_product_id="P-1") == {"errcode": 0, "errmsg": "ok"}
    assert shop.code("spu/get", out_product_id="P-1") == code
    assert shop.get_sku()["errcode"] == (9401006 if code else 0)
    assert shop.seen()["status"] == status
    assert shop.stock(1, 5) == (100002 if code else 0)


def test_the_out_product_id_of_a_deleted_product_is_free(shop: Shop) -> None:
    shop.on_sale()
    shop.code("spu/del", out_product_id="P-1")
    assert shop.code("spu/add", **spu(skus=[shop.sku()])) == 0
    assert shop.call("spu/get", out_product_id="P-1", need_edit_spu=1)["data"]["spu"]["title"] == TITLE


def test_sold_out(shop: Shop) -> None:
    shop.on_sale()
    shop.stock(2, -40)
    status = {"out_product_id": "P-1"}
    assert shop.call("spu/get", **status)["data"]["spu"]["status"] == 12
    shop.settings(sold_out_status="never")
    assert shop.call("spu/get", **status)["data"]["spu"]["status"] == 5
    shop.settings(sold_out_status="shown")
    shop.stock(1, 1)
    assert shop.call("spu/get", **status)["data"]["spu"]["status"] == 5


def test_lists(shop: Shop) -> None:
    shop.on_sale()
    shop.product("P-2")
    online = shop.call("spu/get_list", page=1, page_size=10)
    assert (online["total_num"], [one["out_product_id"] for one in online["spus"]]) == (1, ["P-1"])
    assert online["spus"][0]["path"].endswith(f"productId={shop.seen()['product_id']}")
    drafts = shop.call("spu/get_list", page=2, page_size=1, need_edit_spu=1)
    assert (drafts["total_num"], [one["out_product_id"] for one in drafts["spus"]]) == (2, ["P-1"])
    assert shop.call("spu/get_list", status=0, page=1, page_size=9, need_edit_spu=1)["total_num"] == 1
    shop.settings(total_num_in_spu_list=False, unlisted_on_read="draft")
    online = shop.call("spu/get_list", page=1, page_size=10)
    assert ("total_num" in online, len(online["spus"])) == (False, 2)


@pytest.mark.parametrize("page", [{}, {"page": 0, "page_size": 5}, {"page": 1, "page_size": 101}, {"page": 1}])
def test_a_bad_page(shop: Shop, page: dict[str, int]) -> None:
    assert shop.code("spu/get_list", **page) == 100020
    assert shop.code("spu/get_list", status="5", page=1, page_size=1) == 9401020


def test_search(shop: Shop) -> None:
    shop.on_sale()
    shop.product("P-2")
    found = shop.call("spu/search", keyword="商品", source=1, page=1, page_size=10)
    assert [one["out_product_id"] for one in found["spus"]] == ["P-1"], "on sale alone"
    assert shop.call("spu/search", keyword="没有", page=1, page_size=10)["spus"] == []
    told = shop.call("spu/search", page=1, page_size=10)
    assert told["errcode"] == 100020
    assert told["errmsg"].startswith("Invalid input param rid: ")


def test_one_order_judges_goods_and_listings(shop: Shop) -> None:
    goods_id = shop.add()["goodsId"]
    shop.product()
    shop.add_sku()
    shop.code("spu/listing", out_product_id="P-1")
    assert shop.verdict("approve", all=True) == {"judged": [goods_id, shop.seen()["product_id"]]}
    assert shop.verdict("approve", all=True) == {"judged": []}
