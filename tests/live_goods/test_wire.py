"""Live goods on the wire: written strictly, read leniently, money exact."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from catalog_sync.core.model import AuditStatus, Value, Verb
from catalog_sync.core.ports import Request
from catalog_sync.providers.live_goods.schema import SCHEMA, GoodsValues
from catalog_sync.providers.live_goods.wire import body_of, goods_info, read_item, read_page
from catalog_sync.wechat import json_text
from catalog_sync.wechat.reading import Unreadable, read_id

CUP = GoodsValues("TIT茶杯", "m3d1a", "pages/index/index?id=51", "", 1, 9950, None)
TEA = GoodsValues("龙井茶具套装", "m3d1a2", "pages/item/item?id=52", "wxfedcba9876543210", 3, 19900, 15050)

LISTED = {
    "goodsId": 71,
    "coverImgUrl": "http://mmbiz.qpic.example/71/0",
    "name": "白瓷马克杯",
    "price": 129,
    "url": "pages/item/detail?id=7001",
    "priceType": 3,
    "price2": Decimal("99.9"),
    "thirdPartyTag": 2,
    "thirdPartyAppid": "",
}
ANSWERED = {
    "goods_id": 71,
    "cover_img_url": "http://mmbiz.qpic.example/71/0",
    "name": "白瓷马克杯",
    "price": 129,
    "url": "pages/item/detail?id=7001",
    "price_type": 3,
    "price2": Decimal("99.9"),
    "audit_status": 2,
    "third_party_tag": 2,
}
MUG = GoodsValues("白瓷马克杯", "http://mmbiz.qpic.example/71/0", "pages/item/detail?id=7001", "", 3, 12900, 9990)


def written(fields: dict[str, Value], goods_id: int | None = None) -> str:
    return json_text.write(goods_info(fields, goods_id)).decode()


def test_an_item_is_written_with_the_platforms_names_and_exact_prices() -> None:
    assert written(SCHEMA.named(CUP)) == (
        '{"name":"TIT茶杯","coverImgUrl":"m3d1a","url":"pages/index/index?id=51","thirdPartyAppid":"",'
        '"priceType":1,"price":99.50}'
    )
    assert written(SCHEMA.named(TEA)) == (
        '{"name":"龙井茶具套装","coverImgUrl":"m3d1a2","url":"pages/item/item?id=52",'
        '"thirdPartyAppid":"wxfedcba9876543210","priceType":3,"price":199.00,"price2":150.50}'
    )


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"price": 1}, '{"goodsId":51,"price":0.01}'),
        ({"priceType": 1, "price": 8900}, '{"goodsId":51,"priceType":1,"price":89.00}'),
        ({"priceType": 1, "price": 8900, "price2": None}, '{"goodsId":51,"priceType":1,"price":89.00}'),
        ({"thirdPartyAppid": ""}, '{"goodsId":51,"thirdPartyAppid":""}'),
        ({"name": '"\\茶\U0001f375'}, '{"goodsId":51,"name":"\\"\\\\茶\U0001f375"}'),
        ({}, '{"goodsId":51}'),
    ],
)
def test_an_update_is_written_with_its_fields_alone(fields: dict[str, Value], text: str) -> None:
    assert written(fields, 51) == text


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"price": "99.50"}, "a whole number expected, not str"),
        ({"price": None}, "a whole number expected, not NoneType"),
        ({"price": True}, "a whole number expected, not bool"),
        ({"price": 99.5}, "a whole number expected, not float"),
        ({"name": 5}, "text expected, not int"),
        ({"thirdPartyAppid": None}, "text expected, not NoneType"),
    ],
)
def test_a_value_of_another_type_is_never_written(fields: dict[str, Any], error: str) -> None:
    with pytest.raises(TypeError, match=error):
        goods_info(fields)


def test_a_field_that_is_not_one_is_never_written() -> None:
    with pytest.raises(KeyError, match="goodsKey"):
        goods_info({"goodsKey": "k"})


@pytest.mark.parametrize(
    ("request_", "body"),
    [
        (Request("add", Verb.CREATE, fields={"price": 100}), {"goodsInfo": {"price": Decimal("1.00")}}),
        (Request("update", Verb.UPDATE, 51, fields={"name": "茶"}), {"goodsInfo": {"goodsId": 51, "name": "茶"}}),
        (Request("withdraw", Verb.WITHDRAW, 51, 3211456789), {"auditId": 3211456789, "goodsId": 51}),
        (Request("audit", Verb.SUBMIT, 51, 3211456789), {"goodsId": 51}),
        (Request("delete", Verb.DELETE, 51), {"goodsId": 51}),
    ],
    ids=lambda value: value.call if isinstance(value, Request) else "",
)
def test_each_call_has_its_body(request_: Request, body: object) -> None:
    assert body_of(request_) == body


@pytest.mark.parametrize(
    "request_",
    [
        Request("update", Verb.UPDATE),
        Request("withdraw", Verb.WITHDRAW, 51),
        Request("withdraw", Verb.WITHDRAW, audit_id=5),
        Request("audit", Verb.SUBMIT),
        Request("delete", Verb.DELETE),
        Request("listing", Verb.SUBMIT, 51),
    ],
)
def test_a_request_that_cannot_be_is_not_written(request_: Request) -> None:
    with pytest.raises(ValueError, match=r"the call needs an id|no call of live goods: listing"):
        body_of(request_)


ALL_PRICES = st.integers(1, 100_000_000_00)


@given(ALL_PRICES)
@example(1)
@example(29)
@example(113_99)  # int(113.99 * 100) is 11398
@example(100_000_000_00)
@example(99_999_999_99)
def test_every_price_of_two_decimals_comes_back_exact(fen: int) -> None:
    text = written({"price": fen})
    assert text == f'{{"price":{fen // 100}.{fen % 100:02d}}}'
    for shown in (
        json_text.read(text.encode()),
        json_text.read(json.dumps(json.loads(text)).encode()),  # a platform that computes in binary
        {"price": f"{fen // 100}.{fen % 100:02d}"},
    ):
        assert isinstance(shown, dict)
        assert read_item({**LISTED, **shown}).remote.values[5] == fen


def test_both_spellings_are_read_alike() -> None:
    listed, answered = read_item(LISTED, AuditStatus.APPROVED), read_item(ANSWERED)
    assert listed == answered
    remote = listed.remote
    assert (remote.remote_id, remote.status, remote.values, remote.ours) == (71, AuditStatus.APPROVED, MUG, True)
    assert (listed.flaw, remote.key, remote.first_seen) == (None, None, 0)


def test_text_is_read_for_numbers() -> None:
    text = {name: str(value) for name, value in ANSWERED.items()}
    assert read_item(text) == read_item(ANSWERED)


@pytest.mark.parametrize("price2", [0, "", None, "0.00", 50, "nonsense"])
def test_a_single_price_has_no_second(price2: object) -> None:
    reading = read_item({**LISTED, "priceType": 1, "price2": price2})
    assert (reading.remote.values[4:], reading.flaw) == ((1, 12900, None), None)


@pytest.mark.parametrize(
    ("change", "place", "value"),
    [
        ({"thirdPartyAppid": None}, 3, ""),
        ({"thirdPartyAppid": "wx1"}, 3, "wx1"),
        ({"coverImgUrl": None}, 1, ""),
        ({"name": 12345}, 0, "12345"),
        ({"name": "a\ud800b"}, 0, "a?b"),
        ({"name": " &amp; "}, 0, " &amp; "),
        ({"url": "/pages/index.html"}, 2, "/pages/index.html"),
        ({"price": Decimal("99.9")}, 5, 9990),
        ({"price": Decimal("99.90000000000001")}, 5, 9990),
        ({"price": "0.01"}, 5, 1),
        ({"price": 0}, 5, 0),
        ({"price": Decimal("1E+2")}, 5, 10000),
    ],
)
def test_a_field_is_read_as_it_is_shown(change: dict[str, object], place: int, value: object) -> None:
    reading = read_item({**LISTED, **change}, AuditStatus.APPROVED)
    assert (reading.remote.values[place], reading.flaw) == (value, None)


@pytest.mark.parametrize(
    ("tag", "ours"),
    [
        (1, True),
        (2, True),
        ("1", True),
        ("2", True),
        (0, False),
        (3, False),
        (None, False),
        ("", False),
        ("api", False),
    ],
)
def test_goods_are_ours_when_the_tag_says_so(tag: object, ours: bool) -> None:
    assert read_item({**LISTED, "thirdPartyTag": tag}).remote.ours is ours
    assert read_item({**ANSWERED, "third_party_tag": tag}).remote.ours is ours


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (0, AuditStatus.UNAUDITED),
        ("1", AuditStatus.IN_AUDIT),
        (2, AuditStatus.APPROVED),
        ("3", AuditStatus.REJECTED),
        (4, None),
        (-1, None),
        (None, None),
        ("approved", None),
    ],
)
def test_a_status_that_we_do_not_know_is_none(status: object, expected: AuditStatus | None) -> None:
    reading = read_item({**ANSWERED, "audit_status": status})
    assert (reading.remote.status, reading.flaw) == (expected, None)


@pytest.mark.parametrize(
    ("change", "flaw"),
    [
        ({"price": None}, "price"),
        ({"price": "free"}, "price"),
        ({"price": -1}, "price"),
        ({"price": Decimal("NaN")}, "price"),
        ({"price": Decimal("1E+999999")}, "price"),
        ({"price": Decimal("99.505")}, "price"),
        ({"price": 10**14}, "price"),
        ({"price": True}, "price"),
        ({"price2": None}, "price2"),
        ({"price2": ""}, "price2"),
        ({"priceType": 4}, "priceType"),
        ({"priceType": None}, "priceType"),
        ({"name": None}, "name"),
        ({"url": []}, "url"),
        ({"name": None, "price": None}, "name, price"),
    ],
)
def test_an_item_that_cannot_be_read_whole_has_no_status(change: dict[str, object], flaw: str) -> None:
    reading = read_item({**LISTED, **change}, AuditStatus.APPROVED)
    assert reading.flaw == f"goods 71 have no readable {flaw}"
    assert (reading.remote.remote_id, reading.remote.status) == (71, None)
    assert all(isinstance(each, str) for each in reading.remote.values[:4])
    assert all(isinstance(each, int) for each in reading.remote.values[4:6])


@pytest.mark.parametrize("raw", [{}, {"goodsId": 0}, {"goodsId": "x"}, {"goodsId": 2**63}, [], None, 71])
def test_an_item_without_an_id_is_unreadable(raw: object) -> None:
    with pytest.raises(Unreadable):
        read_item(raw)


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (71, 71),
        ("3211456789", 3211456789),
        (2**63 - 1, 2**63 - 1),
        (Decimal("71.0"), 71),
        (Decimal("71.5"), None),
        (True, None),
        (-1, None),
        ("", None),
        (Decimal("1E+400"), None),
    ],
)
def test_an_id_is_a_whole_number_of_any_type(value: object, number: int | None) -> None:
    assert read_id(value) == number


def test_a_page_counts_and_shows() -> None:
    page = read_page({"total": "101", "goods": [LISTED]}, AuditStatus.IN_AUDIT, 100)
    assert (page.total, page.rows, page.missing, page.flaw) == (101, 1, 0, None)
    assert [each.remote.status for each in page.readings] == [AuditStatus.IN_AUDIT]


@pytest.mark.parametrize(
    ("total", "offset", "rows", "missing"),
    [(0, 0, 0, 0), (1, 0, 0, 1), (250, 0, 100, 0), (250, 100, 99, 1), (250, 200, 50, 0), (0, 0, 1, -1), (5, 100, 0, 0)],
)
def test_a_page_knows_what_it_lacks(total: int, offset: int, rows: int, missing: int) -> None:
    goods = [{**LISTED, "goodsId": number + 1} for number in range(rows)]
    assert read_page({"total": total, "goods": goods}, AuditStatus.APPROVED, offset).missing == missing


def test_a_page_with_items_that_cannot_be_read_says_so() -> None:
    goods = [LISTED, {**LISTED, "goodsId": None}, {**LISTED, "goodsId": 72, "price": "free"}]
    page = read_page({"total": 3, "goods": goods}, AuditStatus.APPROVED, 0)
    assert (page.rows, [each.remote.remote_id for each in page.readings]) == (3, [71, 72])
    assert page.flaw == "an item has no goods id; goods 72 have no readable price"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"total": 0},
        {"goods": []},
        {"total": "many", "goods": []},
        {"total": -1, "goods": []},
        {"total": 10**9, "goods": []},
    ],
)
def test_a_page_that_does_not_count_or_show_is_unreadable(body: dict[str, object]) -> None:
    with pytest.raises(Unreadable):
        read_page(body, AuditStatus.APPROVED, 0)


ANYTHING: st.SearchStrategy[object] = st.sampled_from(
    [
        None,
        True,
        0,
        1,
        2,
        -1,
        2**70,
        "",
        "0",
        "1",
        "x",
        "\ud800",
        Decimal("0.5"),
        Decimal("NaN"),
        Decimal("1E+99"),
        [],
        {},
    ]
)


@given(st.dictionaries(st.sampled_from(sorted({**LISTED, **ANSWERED})), ANYTHING))
def test_whatever_an_item_holds_it_is_read_or_unreadable(raw: dict[str, object]) -> None:
    try:
        reading = read_item({"goodsId": 71, **raw})
    except Unreadable:
        return
    assert reading.remote.remote_id > 0
    for value in reading.remote.values:
        assert value is None or type(value) in (str, int)
