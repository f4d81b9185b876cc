"""The life of an item: each call where it is allowed, and where it is not."""

from typing import Any

import pytest

from .wire import GOODS, STATUS, Wire

UNAUDITED, IN_AUDIT, APPROVED, REJECTED = 0, 1, 2, 3


def in_status(wire: Wire, status: int) -> tuple[int, int]:
    """Make an item of this status by the calls alone; gives goodsId and auditId."""
    made = wire.add()
    if status == UNAUDITED:
        wire.withdraw(made["goodsId"], made["auditId"])
    elif status != IN_AUDIT:
        wire.verdict("approve" if status == APPROVED else "reject", goods_id=made["goodsId"])
    return made["goodsId"], made["auditId"]


def now_in(wire: Wire, goods_id: int) -> int:
    """Give the status of an item as the platform tells it."""
    status: int = wire.status(goods_id)["goods"][0]["audit_status"]
    return status


def test_add_puts_an_item_into_review(wire: Wire) -> None:
    made = wire.add(priceType=3, price=129.0, price2=99.9, thirdPartyAppid="")
    assert made == {"goodsId": 51, "auditId": made["auditId"], "errcode": 0}
    assert made["auditId"] > 2**31
    seen = wire.status(51)
    (goods,) = seen["goods"]
    assert goods.pop("cover_img_url").startswith(f"{wire.url}/mmbiz/")
    assert seen == {"errcode": 0, "errmsg": "ok", "goods": [goods], "total": 1}
    assert goods == {
        "goods_id": 51,
        "name": "白瓷马克杯",
        "price": 129,
        "price2": 99.9,
        "price_type": 3,
        "url": "pages/item/detail?id=7001",
        "audit_status": 1,
        "third_party_tag": 2,
        "thirdPartyAppid": "",
    }


def test_list_shows_the_items_of_one_status(wire: Wire) -> None:
    wire.add()
    page = wire.list(IN_AUDIT)
    (goods,) = page["goods"]
    assert goods.pop("coverImgUrl").startswith(f"{wire.url}/mmbiz/")
    assert page == {"errcode": 0, "total": 1, "goods": [goods]}
    assert goods == {
        "goodsId": 51,
        "name": "白瓷马克杯",
        "price": 129.5,
        "price2": 0,
        "priceType": 1,
        "url": "pages/item/detail?id=7001",
        "thirdPartyTag": 2,
        "thirdPartyAppid": "",
    }
    assert wire.list(APPROVED) == {"errcode": 0, "total": 0, "goods": []}


@pytest.mark.parametrize(
    ("status", "withdraw", "audit", "delete", "price", "content"),
    [
        (UNAUDITED, 300017, 0, 0, 0, 0),
        (IN_AUDIT, 0, 300010, 300014, 300010, 300010),
        (APPROVED, 300017, 300010, 0, 0, 300010),
        (REJECTED, 300017, 0, 0, 0, 0),
    ],
)
def test_what_each_status_allows(
    wire: Wire, status: int, withdraw: int, audit: int, delete: int, price: int, content: int
) -> None:
    goods_id, audit_id = in_status(wire, status)
    assert wire.update(goods_id, price=5)["errcode"] == price
    assert wire.update(goods_id, name="另一个名字")["errcode"] == content
    assert now_in(wire, goods_id) == status
    assert in_status(wire, status) is not None
    assert wire.delete(goods_id)["errcode"] == delete
    other, other_audit = in_status(wire, status)
    assert wire.audit(other)["errcode"] == audit
    last, last_audit = in_status(wire, status)
    assert wire.withdraw(last, last_audit)["errcode"] == withdraw
    assert audit_id < other_audit < last_audit


def test_a_withdrawn_item_gets_a_new_audit_id(wire: Wire) -> None:
    goods_id, old = in_status(wire, UNAUDITED)
    assert now_in(wire, goods_id) == UNAUDITED
    again = wire.audit(goods_id)
    assert again == {"errcode": 0, "auditId": again["auditId"]}
    assert again["auditId"] != old
    assert wire.withdraw(goods_id, old)["errcode"] == 300009
    assert wire.withdraw(goods_id, again["auditId"]) == {"errcode": 0}


@pytest.mark.parametrize("body", [{"goodsId": 51, "auditid": "3211456789"}, {"goodsId": "51", "auditId": "1"}, {}])
def test_withdraw_wants_both_numbers(wire: Wire, body: dict[str, Any]) -> None:
    wire.add()
    told = wire.post(f"{GOODS}/resetaudit", body)
    assert told["errcode"] == 300009
    assert told["errmsg"].startswith("goods audit rest fail rid: ")


def test_update_of_a_withdrawn_item_takes_all_fields(wire: Wire) -> None:
    goods_id, _ = in_status(wire, UNAUDITED)
    changed = wire.info(
        name="龙井茶具套装", priceType=2, price="68.80", price2="99", url="pages/a", thirdPartyAppid="wxf"
    )
    assert wire.update(goods_id, **changed) == {"errcode": 0}
    (goods,) = wire.world()["goods"]
    assert (goods["name"], goods["url"], goods["price"], goods["price2"]) == (
        "龙井茶具套装",
        "pages/a",
        "68.80",
        "99.00",
    )
    assert (goods["priceType"], goods["thirdPartyAppid"], goods["audit_status"]) == (2, "wxf", UNAUDITED)


def test_update_sends_only_what_changes(wire: Wire) -> None:
    goods_id, _ = in_status(wire, APPROVED)
    assert wire.update(goods_id, priceType=3, price=10, price2=9.99) == {"errcode": 0}
    assert wire.update(goods_id, price2=9) == {"errcode": 0}
    assert wire.update(goods_id, price=8)["errcode"] == 300003, "the current price would exceed the original"
    assert wire.update(goods_id, priceType=1, price=88.5) == {"errcode": 0}
    (goods,) = wire.world()["goods"]
    assert (goods["price"], goods["price2"], goods["audit_status"]) == ("88.50", None, APPROVED)


def test_deleted_is_gone_for_good(wire: Wire) -> None:
    goods_id, _ = in_status(wire, APPROVED)
    assert wire.delete(goods_id) == {"errcode": 0}
    assert wire.delete(goods_id)["errcode"] == 300015
    assert wire.status(goods_id) == {"errcode": 0, "errmsg": "ok", "goods": [], "total": 0}
    assert [goods["goods_id"] for goods in wire.world()["deleted"]] == [goods_id]
    assert wire.add()["goodsId"] == goods_id + 1


def test_console_made_goods_are_read_only(wire: Wire) -> None:
    made = wire.control("console_goods", appid=wire.appid, name="手工商品", price=5, url="pages/a", priceType=1)
    goods_id = made["goods_id"]
    assert made["made_by"] == "console"
    assert wire.list(APPROVED)["goods"][0]["thirdPartyTag"] == 0
    assert [wire.update(goods_id, price=1)["errcode"], wire.audit(goods_id)["errcode"]] == [300011, 300011]
    assert wire.delete(goods_id)["errcode"] == 300011
    assert wire.withdraw(goods_id, made["audit_id"])["errcode"] == 300009


@pytest.mark.parametrize("call", ["update", "audit", "delete"])
def test_an_unknown_id(wire: Wire, call: str) -> None:
    told = {
        "update": lambda: wire.update(99, price=1),
        "audit": lambda: wire.audit(99),
        "delete": lambda: wire.delete(99),
    }
    answer = told[call]()
    assert answer["errcode"] == 300015
    assert answer["errmsg"].startswith("goodsId is not exist")


def test_status_is_silent_about_what_is_not_there(wire: Wire) -> None:
    wire.add()
    assert [goods["goods_id"] for goods in wire.status(51, 99)["goods"]] == [51]
    assert wire.post(STATUS, {"goods_ids": "51"}) == {"errcode": 0, "errmsg": "ok", "goods": [], "total": 0}
    assert wire.status(*range(21))["errcode"] == 200002
    assert wire.status(*range(20))["errcode"] == 0


def test_pages(wire: Wire) -> None:
    wire.control("goods", appid=wire.appid, count=105)
    first, second = wire.list(APPROVED, 0, limit=100), wire.list(APPROVED, 100, limit=100)
    assert (len(first["goods"]), len(second["goods"]), first["total"]) == (100, 5, 105)
    assert len(wire.list(APPROVED)["goods"]) == 30
    ids = [goods["goodsId"] for goods in first["goods"] + second["goods"]]
    assert ids == sorted(ids, reverse=True)
    wire.settings(list_order="oldest_first")
    assert [goods["goodsId"] for goods in wire.list(APPROVED, 3, limit=2)["goods"]] == [54, 55]


@pytest.mark.parametrize(
    "query",
    [{"status": 4}, {"status": "x"}, {"offset": -1}, {"limit": 101}, {"limit": 0}],
)
def test_a_bad_page(wire: Wire, query: dict[str, Any]) -> None:
    assert wire.list(**{"status": 1, **query})["errcode"] == 200002


def test_the_page_is_named_in_the_query(wire: Wire) -> None:
    told = wire.raw("GET", f"{GOODS}/getapproved", json={"offset": 0, "status": 1}).json()
    assert told["errcode"] == 200002
    assert told["errmsg"].startswith("status is invalid")
