"""Price and stock: written online at once, and in which copy else."""

from typing import Any

import pytest

from .shop import EDITING, PASSED, Shop


@pytest.mark.parametrize(
    ("where", "draft", "online", "edit_status"),
    [("too", 9900, 9900, PASSED), ("online_only", 12900, 9900, PASSED), ("draft_only", 9900, 12900, EDITING)],
)
def test_update_price(shop: Shop, where: str, draft: int, online: int, edit_status: int) -> None:
    shop.on_sale()
    shop.settings(update_price_writes_draft=where)
    told = shop.price(9900)
    assert (told["errcode"], sorted(told["data"])) == (0, ["sku_id", "update_time"])
    assert tuple(one["sale_price"] for one in shop.copies()) == (draft, online)
    assert shop.seen()["edit_status"] == edit_status
    shop.list_for_sale()
    assert shop.copies()[1]["sale_price"] == draft, "the draft replaces the online copy"


def test_update_price_refused(shop: Shop) -> None:
    shop.on_sale()
    assert shop.price(1_000_000_001)["errcode"] == 9401043
    sent = {"out_product_id": "P-1", "out_sku_id": "S-1", "sale_price": 5}
    assert shop.code("sku/update_price", **sent) == 9401020
    shop.settings(update_price_requires="what_changes")
    assert shop.code("sku/update_price", **sent) == 0
    assert shop.code("sku/update_price", **{**sent, "out_sku_id": "S-9"}) == 9401006
    assert shop.code("sku/update_price", **{**sent, "out_product_id": "P-9"}) == 9401002


def test_price_and_stock_of_what_was_never_online(shop: Shop) -> None:
    shop.product()
    shop.add_sku()
    assert [shop.price(9900)["errcode"], shop.stock(1, 7)] == [0, 0]
    draft, online = shop.copies()
    assert (draft["sale_price"], draft["stock_num"], online) == (9900, 7, None)
    shop.settings(price_and_stock_before_listing="refuse")
    assert [shop.price(9900)["errcode"], shop.stock(1, 7)] == [9401006, 100004]


def test_stock_in_full_and_by_a_difference(shop: Shop) -> None:
    shop.on_sale()
    told = shop.call("stock/update", out_product_id="P-1", out_sku_id="S-1", type=1, stock_num=50)
    assert (told["errcode"], list(told["data"])) == (0, ["update_time"])
    assert [shop.stock(2, -20), shop.stock(2, 3), shop.stock(2, 0)] == [0, 0, 0]
    assert shop.call("stock/get", out_product_id="P-1", out_sku_id="S-1")["data"] == {"stock_num": 33}
    assert [shop.get_sku(real=real)["data"]["stock_num"] for real in (0, 1)] == [40, 33], "draft and real stock"
    assert shop.stock(2, -34) == 9401020
    assert shop.stock(2, -33) == 0
    assert shop.get_sku()["data"]["stock_num"] == 0


@pytest.mark.parametrize(("kind", "number"), [(1, 0), (1, -1), (3, 5), (None, 5), (1, None), (1, "5"), (2, 1.5)])
@pytest.mark.parametrize("code", [9401020, 100020])
def test_a_stock_that_cannot_be(shop: Shop, kind: int | None, number: Any, code: int) -> None:
    shop.on_sale()
    shop.settings(bad_stock_code=code)
    assert shop.stock(kind, number) == code


def test_stock_switches(shop: Shop) -> None:
    shop.on_sale()
    assert [shop.stock(1, 5, out_sku_id="S-9"), shop.stock(1, 5, out_product_id="P-9")] == [100004, 100002]
    shop.settings(stock_below_0="clamp", stock_update_writes_draft="too")
    assert shop.stock(2, -99) == 0
    assert [one["stock_num"] for one in shop.copies()] == [0, 0]


def test_stock_that_waits_for_a_listing(shop: Shop) -> None:
    shop.on_sale()
    shop.settings(stock_update_needs_listing=True)
    assert shop.stock(2, -1) == 0
    assert [one["stock_num"] for one in shop.copies()] == [39, 40]
    assert shop.seen()["edit_status"] == EDITING
    shop.list_for_sale()
    assert [one["stock_num"] for one in shop.copies()] == [39, 39]


@pytest.mark.parametrize(("takes", "stock"), [(False, 7), (True, 40)])
def test_what_a_listing_makes_of_the_real_stock(shop: Shop, takes: bool, stock: int) -> None:
    shop.settings(listing_takes_draft_stock=takes)
    shop.on_sale()
    shop.stock(1, 7)
    shop.update_sku(sku_code="X")
    shop.list_for_sale()
    assert shop.get_sku()["data"]["stock_num"] == stock
