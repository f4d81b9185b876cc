"""Each switch, turned."""

from typing import Any

import pytest

from .wire import GOODS, Wire

ROW = {"name": "白瓷马克杯", "url": "pages/a", "price": 5}


def item(wire: Wire, status: int, **fields: Any) -> int:
    """Put an item there without a call."""
    ids: list[int] = wire.control("goods", appid=wire.appid, goods=[{**ROW, "audit_status": status, **fields}])[
        "goods_ids"
    ]
    return ids[0]


def in_list(wire: Wire) -> dict[str, Any]:
    goods: dict[str, Any] = wire.list(2)["goods"][0]
    return goods


def in_status(wire: Wire) -> dict[str, Any]:
    goods: dict[str, Any] = wire.status(51)["goods"][0]
    return goods


def test_rejected_goods_refuse(wire: Wire) -> None:
    wire.settings(rejected_update="refuse", rejected_audit="refuse")
    goods_id = item(wire, 3)
    assert [wire.update(goods_id, price=1)["errcode"], wire.audit(goods_id)["errcode"]] == [300010, 300010]


def test_rejected_goods_become_unaudited_by_an_update(wire: Wire) -> None:
    wire.settings(rejected_update_makes="unaudited", rejected_audit="refuse")
    goods_id = item(wire, 3)
    assert wire.audit(goods_id)["errcode"] == 300010
    assert wire.update(goods_id, price=1)["errcode"] == 0
    assert wire.audit(goods_id)["errcode"] == 0


def test_approved_goods_ignore_content(wire: Wire) -> None:
    wire.settings(approved_content_update="ignore")
    goods_id = item(wire, 2)
    assert wire.update(goods_id, name="另一个名字", price=9) == {"errcode": 0}
    goods = in_status(wire)
    assert (goods["name"], goods["price"]) == (ROW["name"], 9)


def test_new_prices_of_approved_goods_are_reviewed_again(wire: Wire) -> None:
    wire.settings(approved_price_update="reviewed_again")
    assert wire.update(item(wire, 2), price=9) == {"errcode": 0}
    assert in_status(wire)["audit_status"] == 1


def test_approved_goods_take_unchanged_content(wire: Wire) -> None:
    goods_id = item(wire, 2)
    same = {"name": ROW["name"], "url": ROW["url"], "price": 9}
    assert wire.update(goods_id, **same)["errcode"] == 300010
    wire.settings(approved_unchanged_content="allow")
    assert wire.update(goods_id, **same)["errcode"] == 0
    assert wire.update(goods_id, **{**same, "url": "pages/b"})["errcode"] == 300010


@pytest.mark.parametrize(
    ("settings", "text"),
    [
        ({"update_requires": "all_fields"}, "url must not be empty"),
        ({"update_cover_required": True}, "coverImgUrl must not be empty"),
        ({"update_appid_required": True}, "thirdPartyAppid must not be empty"),
    ],
)
def test_what_an_update_must_carry(wire: Wire, settings: dict[str, Any], text: str) -> None:
    wire.settings(**settings)
    goods_id = item(wire, 0)
    told = wire.update(goods_id, price=9)
    assert (told["errcode"], told["errmsg"].split(" rid: ")[0]) == (200002, text)
    assert wire.update(goods_id, **wire.info(thirdPartyAppid=""))["errcode"] == 0


def test_all_fields_of_approved_goods_are_the_prices(wire: Wire) -> None:
    wire.settings(update_requires="all_fields", update_appid_required=True, update_cover_required=True)
    assert wire.update(item(wire, 2), priceType=1, price=9)["errcode"] == 0


def test_a_cover_by_address(wire: Wire) -> None:
    wire.settings(cover_url_accepted=True)
    wire.add(coverImgUrl="https://example.com/a.png")
    assert in_status(wire)["cover_img_url"] == "https://example.com/a.png"


@pytest.mark.parametrize("code", [1003, 300015])
def test_codes_for_what_is_not_there(wire: Wire, code: int) -> None:
    wire.settings(audit_missing_code=code, update_missing_code=code, delete_missing_code=code)
    assert {wire.audit(9)["errcode"], wire.update(9, price=1)["errcode"], wire.delete(9)["errcode"]} == {code}


def test_codes_for_a_wrong_status(wire: Wire) -> None:
    wire.settings(audit_wrong_status_code=300013, withdraw_not_in_audit_code=300009)
    goods_id = item(wire, 2)
    assert [wire.audit(goods_id)["errcode"], wire.withdraw(goods_id, 1)["errcode"]] == [300013, 300009]


def test_bad_parameters(wire: Wire) -> None:
    wire.settings(bad_parameter_code=47001)
    assert [wire.status(*range(21))["errcode"], wire.list(1, limit=101)["errcode"]] == [47001, 47001]
    wire.settings(status_over_20="first_20", list_over_100="clamp")
    wire.control("goods", appid=wire.appid, count=120)
    assert len(wire.status(*range(51, 75))["goods"]) == 20
    assert len(wire.list(2, limit=101)["goods"]) == 100


def test_a_list_by_post(wire: Wire) -> None:
    wire.settings(list_post_code=43001)
    assert wire.post(f"{GOODS}/getapproved", {})["errcode"] == 43001


@pytest.mark.parametrize(
    ("settings", "name", "code"),
    [
        ({"name_max_units": 34}, "一" * 17, 0),
        ({"name_min_units": 2}, "一", 0),
        ({"name_width": "ambiguous_wide"}, "“龙井茶”一二三四五六七八九十", 300002),
        ({"name_width": "beyond_latin1"}, "🍵" * 7, 0),
        ({"name_width": "beyond_latin1"}, "🍵" * 8, 300002),
        ({"name_width": "wide"}, "🍵" * 14, 0),
        ({"digits_only_name": "refuse"}, "123456", 300004),
    ],
)
def test_names(wire: Wire, settings: dict[str, Any], name: str, code: int) -> None:
    wire.settings(**settings)
    assert wire.add(name=name)["errcode"] == code


@pytest.mark.parametrize(
    ("settings", "url", "code"),
    [
        ({"leading_slash": "allow"}, "/pages/a", 0),
        ({"known_pages": ["pages/a"]}, "pages/a?id=1", 0),
        ({"known_pages": ["pages/a"]}, "pages/a.html", 0),
        ({"known_pages": ["pages/a"]}, "pages/b", 300007),
        ({"unknown_pages": ["pages/a"]}, "pages/a?id=1", 300007),
        ({"unknown_pages": ["pages/a"]}, "pages/b", 0),
    ],
)
def test_pages(wire: Wire, settings: dict[str, Any], url: str, code: int) -> None:
    wire.settings(**settings)
    assert wire.add(url=url)["errcode"] == code


def test_prices(wire: Wire) -> None:
    wire.settings(price_max=100, price2_with_one_price="refuse")
    assert [wire.add(price=101)["errcode"], wire.add(price=100)["errcode"]] == [300003, 0]
    assert [wire.add(price=1, price2=2)["errcode"], wire.add(price=1, price2="0.00")["errcode"]] == [300003, 0]


def test_a_full_library(wire: Wire) -> None:
    wire.settings(max_goods=1)
    assert [wire.add()["errcode"], wire.add()["errcode"]] == [0, 300008]


def test_text_is_normalised_on_read(wire: Wire) -> None:
    item(wire, 2, name=" 茶杯 A&B ", url="/pages/a?to=1&b=2")
    assert (in_list(wire)["name"], in_list(wire)["url"]) == (" 茶杯 A&B ", "/pages/a?to=1&b=2")
    wire.settings(text_on_read="normalised")
    assert (in_list(wire)["name"], in_list(wire)["url"]) == ("茶杯 A&amp;B", "pages/a.html?to=1&amp;b=2")
    assert in_status(wire)["url"] == "pages/a.html?to=1&amp;b=2"


@pytest.mark.parametrize(("value", "seen"), [("zero", 0), ("empty", ""), ("null", None), ("absent", "gone")])
def test_price2_of_one_price(wire: Wire, value: str, seen: object) -> None:
    item(wire, 2)
    wire.settings(price2_of_one_price=value)
    assert {in_list(wire).get("price2", "gone"), in_status(wire).get("price2", "gone")} == {seen}


def test_how_reads_spell(wire: Wire) -> None:
    item(wire, 2)
    wire.settings(
        ids_on_read="string",
        price_type_on_read="string",
        status_price_type_name="priceType",
        list_tag_name="third_party_tag",
        third_party_appid_on_read="when_set",
        status_total="zero",
    )
    goods = in_status(wire)
    assert (goods["goods_id"], goods["audit_status"], goods["priceType"]) == ("51", "2", "1")
    assert {"price_type", "thirdPartyAppid"}.isdisjoint(goods)
    assert (in_list(wire)["goodsId"], in_list(wire)["third_party_tag"]) == ("51", 2)
    assert "thirdPartyTag" not in in_list(wire)
    assert wire.status(51)["total"] == 0
    wire.settings(status_price_type_name="both", list_tag_name="both")
    assert {"price_type", "priceType"} <= in_status(wire).keys()
    assert {"thirdPartyTag", "third_party_tag"} <= in_list(wire).keys()


def test_the_tag_of_goods_made_by_the_api(wire: Wire) -> None:
    wire.settings(api_made_tag=1)
    wire.add()
    assert in_status(wire)["third_party_tag"] == 1
    assert wire.verdict("approve", goods_id=51)
    assert wire.delete(51) == {"errcode": 0}


def test_how_answers_are_written(wire: Wire) -> None:
    wire.settings(errcode_type="string", errmsg_on_success="always", errmsg_on_refusal="absent")
    item(wire, 2)
    assert wire.update(51, price=1) == {"errcode": "0", "errmsg": "ok"}
    assert wire.delete(99) == {"errcode": "300015"}
    wire.settings(errcode_on_success="absent", errmsg_on_success="never")
    assert wire.update(51, price=2) == {}
    assert wire.status(9) == {"goods": [], "total": 0}


def test_the_older_mark(wire: Wire) -> None:
    wire.settings(errmsg_mark="hint")
    assert " hints: [ req_id: " in wire.delete(9)["errmsg"]


@pytest.mark.parametrize("code", [40014, 42001])
def test_what_a_superseded_token_answers(wire: Wire, code: int) -> None:
    wire.settings(superseded_token_code=code)
    old = wire.token
    wire.fetch_token()
    wire.control("clock", advance="6m")
    wire.token = old
    assert wire.list(1)["errcode"] == code


def test_latency(wire: Wire) -> None:
    wire.settings(latency_ms=120)
    assert wire.raw("GET", "/nowhere").elapsed.total_seconds() >= 0.12
