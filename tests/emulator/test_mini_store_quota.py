"""How often SKUs may be written: in any hour, and in a day."""

import pytest

from .shop import LINK, Shop


@pytest.fixture
def shop(shop: Shop) -> Shop:
    """The shop with a product."""
    shop.product()
    return shop


def used(shop: Shop) -> int:
    world = shop.world()
    count: int = world["quota"].get(world["quota_day"], {}).get("sku_write", 0)
    return count


def later(shop: Shop, text: str) -> None:
    shop.control("clock", advance=text)
    shop.fetch_token()


def test_the_documented_numbers(shop: Shop) -> None:
    for path in ("add", "update", "batch_add"):
        quota = shop.post("/cgi-bin/openapi/quota/get", {"cgi_path": f"/product/sku/{path}"})["quota"]
        assert quota["daily_limit"] == 1000
    assert shop.control("settings", "GET")["sku_write_per_hour"]["value"] == 200


@pytest.mark.parametrize("code", [300000, 45009, 45011])
def test_any_hour_on_end(shop: Shop, code: int) -> None:
    shop.settings(sku_write_per_hour=3, sku_write_hour_code=code)
    assert shop.add_sku("S-1")["errcode"] == 0
    later(shop, "40m")
    assert [shop.add_sku("S-2")["errcode"], shop.update_sku("S-2")["errcode"]] == [0, 0]
    assert [shop.add_sku("S-3")["errcode"], shop.update_sku("S-2")["errcode"]] == [code, code]
    later(shop, "21m")
    assert [shop.add_sku("S-3")["errcode"], shop.add_sku("S-4")["errcode"]] == [0, code], "one of them is an hour ago"
    later(shop, "40m")
    assert [shop.add_sku("S-4")["errcode"], shop.add_sku("S-5")["errcode"]] == [0, 0]


def test_the_documented_hour(shop: Shop) -> None:
    skus = [shop.sku(f"S-{at}", sku_attrs=[]) for at in range(201)]
    assert shop.code("sku/batch_add", skus=skus) == 300000
    assert shop.code("sku/batch_add", skus=skus[:200]) == 0
    assert shop.update_sku("S-1")["errcode"] == 300000
    later(shop, "61m")
    assert shop.update_sku("S-1")["errcode"] == 0


def test_a_day(shop: Shop) -> None:
    shop.settings(limits={"sku_write": 2})
    codes = [shop.add_sku(f"S-{at}")["errcode"] for at in range(3)]
    assert codes == [0, 0, 45009]
    later(shop, "25h")
    assert shop.add_sku("S-3")["errcode"] == 0


def test_price_stock_delete_listing_and_reads_are_free(shop: Shop) -> None:
    shop.add_sku("S-1")
    shop.add_sku("S-2")
    shop.settings(sku_write_per_hour=0, limits={"sku_write": 0})
    shop.list_for_sale()
    assert [shop.price(9900)["errcode"], shop.stock(1, 5)] == [0, 0]
    assert shop.code("sku/del", out_product_id="P-1", out_sku_id="S-2") == 0
    assert shop.get_sku()["errcode"] == 0
    assert used(shop) == 2


@pytest.mark.parametrize(("counts", "expected"), [("sku_and_spu", 3), ("sku", 1)])
def test_products_count_too_or_not(shop: Shop, counts: str, expected: int) -> None:
    shop.settings(sku_write_counts=counts, limits={"sku_write": 3})
    assert shop.code("spu/add", out_product_id="P-2", title="短袖", head_img=[LINK]) == 0
    assert shop.code("spu/update", out_product_id="P-2", title="长袖") == 0
    assert shop.add_sku()["errcode"] == 0
    assert (used(shop), len(shop.world()["sku_writes"])) == (expected, expected)
    if counts == "sku_and_spu":
        assert shop.code("spu/update", out_product_id="P-2", title="长袖") == 45009
        shop.settings(limits={}, sku_write_per_hour=3)
        assert shop.code("spu/update", out_product_id="P-2", title="长袖") == 300000


@pytest.mark.parametrize(("counts", "code"), [("each", 45009), ("one", 0)])
@pytest.mark.parametrize("charged", [True, False])
def test_a_batch(shop: Shop, counts: str, code: int, charged: bool) -> None:
    shop.settings(batch_add_counts=counts, limits={"sku_write": 2}, refused_calls_charged=charged)
    assert shop.code("sku/batch_add", skus=[shop.sku("A"), shop.sku("B"), shop.sku("C")]) == code
    shop.settings(limits={"sku_write": 9})
    before = used(shop)
    assert shop.code("sku/batch_add", skus=[shop.sku("D"), shop.sku("E")]) == 0
    assert used(shop) - before == (2 if counts == "each" else 1)


@pytest.mark.parametrize(("charged", "expected"), [(True, 2), (False, 1)])
def test_whether_refused_writes_are_charged(shop: Shop, charged: bool, expected: int) -> None:
    shop.settings(refused_calls_charged=charged)
    shop.add_sku(sale_price=-1)
    shop.add_sku()
    assert (used(shop), len(shop.world()["sku_writes"])) == (expected, expected)


def test_a_withdrawal_in_the_console_counts(shop: Shop) -> None:
    shop.add_sku()
    shop.code("spu/listing", out_product_id="P-1")
    withdrawn = shop.control("listing_withdrawal", appid=shop.appid, out_product_id="P-1")
    assert withdrawn["edit_status"] == 1
    assert (used(shop), len(shop.world()["sku_writes"])) == (2, 2)


def test_the_faults_of_quota(shop: Shop) -> None:
    shop.fault("sku_add", "quota")
    shop.fault("sku_add", "minute_limit")
    assert [shop.add_sku()["errcode"] for _ in range(3)] == [45009, 45011, 0]
