"""SKUs on the wire: written strictly, read leniently, money and ids exact."""

from __future__ import annotations

from contextlib import suppress
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from catalog_sync.core.model import AuditStatus, Remote, Value, Verb
from catalog_sync.core.ports import Request
from catalog_sync.providers.mini_store.rows import (
    Reading,
    read_product,
    read_sku,
    read_sku_answer,
    read_skus,
    read_spu,
    read_spus,
    read_stock,
    sku_of,
)
from catalog_sync.providers.mini_store.schema import SKU, ProductValues, SkuValues, Standing
from catalog_sync.providers.mini_store.wire import body_of, sku_fields, stock_body
from catalog_sync.wechat import json_text
from catalog_sync.wechat.reading import Unreadable

LINK = "https://mmecimage.cn/p/wx0000000000000000/ExampleKey"
BLUE = SkuValues(LINK, 12900, 15900, 40, "BL-L", "0690", '{"颜色":"蓝","尺码":"L"}')
P, S = 10_001_234_567_890_123, 23_004_567_890_123_001
ATTRS = [{"attr_key": "颜色", "attr_value": "蓝"}, {"attr_key": "尺码", "attr_value": "L"}]
SHOWN: dict[str, Any] = {
    "product_id": P,
    "out_product_id": "P-1",
    "sku_id": S,
    "out_sku_id": "S-1",
    "thumb_img": LINK,
    "sale_price": 12900,
    "market_price": 15900,
    "stock_num": 40,
    "sku_code": "BL-L",
    "barcode": "0690",
    "sku_attrs": ATTRS,
    "status": 5,
}
SPU = {"product_id": P, "out_product_id": "P-1", "title": "T恤", "status": 5, "edit_status": 4, "skus": [{"sku_id": S}]}
PRODUCT = Remote(P, AuditStatus.APPROVED, ProductValues(P, "", "on_sale"), ours=True, key="P-1")


def request(call: str, remote_id: int | None = S, key: str = "", parent_id: int | None = P, **fields: Value) -> Request:
    return Request(call, Verb.UPDATE, remote_id, fields=fields, key=key, parent_id=parent_id)


def adding(values: SkuValues) -> Request:
    return Request("sku_add", Verb.CREATE, fields=SKU.named(values), key="S-1", parent_id=P)


@pytest.mark.parametrize(
    ("sent", "text"),
    [
        (
            adding(BLUE),
            (
                f'{{"product_id":{P},"out_sku_id":"S-1","sku_attrs":[{{"attr_key":"颜色","attr_value":"蓝"}},'
                f'{{"attr_key":"尺码","attr_value":"L"}}],"thumb_img":"{LINK}","sale_price":12900,"market_price":15900,'
                '"stock_num":40,"sku_code":"BL-L","barcode":"0690"}'
            ),
        ),
        (
            adding(SkuValues("", 1, 2, 0, None, None, None)),
            f'{{"product_id":{P},"out_sku_id":"S-1","sku_attrs":[],"sale_price":1,"market_price":2,"stock_num":0}}',
        ),
        (
            request("sku_update", thumb="", sale_price=1, market_price=2, stock=7, sku_code="", attrs='{"a":"b"}'),
            (
                f'{{"product_id":{P},"sku_id":{S},"sale_price":1,"market_price":2,"sku_code":"",'
                '"sku_attrs":[{"attr_key":"a","attr_value":"b"}]}'
            ),
        ),
        (
            Request("sku_update_price", Verb.UPDATE, S, fields=SKU.named(BLUE), parent_id=P),
            f'{{"product_id":{P},"sku_id":{S},"sale_price":12900,"market_price":15900}}',
        ),
        (request("sku_delete"), f'{{"product_id":{P},"sku_id":{S}}}'),
        (request("listing", P, parent_id=None), f'{{"product_id":{P}}}'),
    ],
    ids=lambda value: value.call if isinstance(value, Request) else "",
)
def test_each_call_has_its_body(sent: Request, text: str) -> None:
    assert json_text.write(body_of(sent)).decode() == text


@pytest.mark.parametrize(
    ("stock", "real", "change"),
    [(1, 0, (1, 1)), (50, 7, (1, 50)), (0, 7, (2, -7)), (0, -3, (2, 3))],
)
def test_a_stock_is_the_value_or_for_0_the_difference(stock: int, real: int, change: tuple[int, int]) -> None:
    body = stock_body(request("stock_update", stock=stock), real)
    assert body == {"product_id": P, "sku_id": S, "type": change[0], "stock_num": change[1]}


@pytest.mark.parametrize(
    "sent",
    [
        request("sku_add", None, ""),
        request("sku_add", None, "S-1", None),
        request("sku_update", None),
        request("sku_update", parent_id=None),
        request("sku_update_price", None, sale_price=1, market_price=2),
        request("sku_delete", None),
        request("listing", None),
        request("batch_add"),
        request("upload"),
    ],
)
def test_a_request_that_cannot_be_is_not_written(sent: Request) -> None:
    with pytest.raises(ValueError, match=r"the call needs an? |no call of the Mini Store: "):
        body_of(sent)


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"sale_price": "129.00"}, "a whole number expected, not str"),
        ({"sale_price": True}, "a whole number expected, not bool"),
        ({"sale_price": 129.5}, "a whole number expected, not float"),
        ({"stock": "40"}, "a whole number expected, not str"),
        ({"sku_code": 5}, "text expected, not int"),
        ({"attrs": "[]"}, "attrs are no JSON object"),
        ({"attrs": '{"a":1}'}, "text expected, not int"),
    ],
)
def test_a_value_of_another_type_is_never_written(fields: dict[str, Any], error: str) -> None:
    with pytest.raises(TypeError, match=error):
        sku_fields(fields)


def test_a_field_that_is_not_one_and_a_price_that_lacks_are_never_written() -> None:
    with pytest.raises(KeyError, match="stock_A"):
        sku_fields({"stock_A": 1})
    with pytest.raises(KeyError, match="market_price"):
        body_of(request("sku_update_price", sale_price=1))
    with pytest.raises(TypeError, match="not NoneType"):
        body_of(request("sku_update_price", sale_price=1, market_price=None))
    with pytest.raises(ValueError, match="no stock: -1"):
        stock_body(request("stock_update", stock=-1))


@given(st.integers(0, 1_000_000_000), st.integers(1, 2**63 - 1))
@example(1_000_000_000, 2**53 + 1)
@example(29, 2**63 - 1)
def test_every_price_and_id_comes_back_exact(fen: int, number: int) -> None:
    sent = request("sku_update_price", number, sale_price=fen, market_price=fen, parent_id=number)
    text = json_text.write(body_of(sent))
    assert text.decode() == (f'{{"product_id":{number},"sku_id":{number},"sale_price":{fen},"market_price":{fen}}}')
    shown = json_text.read(text)
    assert isinstance(shown, dict)
    row = read_sku({**SHOWN, **shown})
    assert (row.sku_id, row.product_id, row.values.sale_price, row.values.market_price) == (number, number, fen, fen)


def test_a_sku_is_read_from_its_two_copies() -> None:
    draft = read_sku({**SHOWN, "sku_code": "NEW", "sale_price": 1, "market_price": 2, "stock_num": 3})
    online = read_sku(SHOWN)
    new = BLUE._replace(sku_code="NEW", sale_price=1, market_price=2, stock=3)
    expected = Remote(
        S, AuditStatus.APPROVED, BLUE._replace(sku_code="NEW"), ours=True, key="S-1", parent=P, draft=new, online=BLUE
    )
    assert sku_of(PRODUCT, draft, online) == Reading(expected)
    assert sku_of(PRODUCT, draft, None).remote.values == new
    assert sku_of(PRODUCT, draft, None).remote.online is None


@pytest.mark.parametrize(
    ("change", "name", "value"),
    [
        ({"thumb_img": None}, "thumb", ""),
        ({"sale_price": "12900"}, "sale_price", 12900),
        ({"sale_price": Decimal("12900.0")}, "sale_price", 12900),
        ({"stock_num": 0}, "stock", 0),
        ({"stock_num": -2}, "stock", -2),
        ({"sku_code": None}, "sku_code", ""),
        ({"sku_code": "a\ud800b"}, "sku_code", "a?b"),
        ({"barcode": 6900000000017}, "barcode", "6900000000017"),
        ({"barcode": ""}, "barcode", ""),
        ({"sku_attrs": None}, "attrs", "{}"),
        ({"sku_attrs": []}, "attrs", "{}"),
        ({"sku_attrs": [{"attr_key": "尺码", "attr_value": 42}]}, "attrs", '{"尺码":"42"}'),
    ],
)
def test_a_field_is_read_as_it_is_shown(change: dict[str, object], name: str, value: object) -> None:
    row = read_sku({**SHOWN, **change})
    assert (SKU.named(row.values)[name], row.flaw) == (value, None)


@pytest.mark.parametrize(
    ("change", "flaw"),
    [
        ({"out_sku_id": None}, "out_sku_id"),
        ({"out_sku_id": ""}, "out_sku_id"),
        ({"sale_price": None}, "sale_price"),
        ({"sale_price": -1}, "sale_price"),
        ({"sale_price": Decimal("129.5")}, "sale_price"),
        ({"market_price": 2**63}, "market_price"),
        ({"market_price": True}, "market_price"),
        ({"stock_num": "many"}, "stock_num"),
        ({"barcode": []}, "barcode"),
        ({"thumb_img": {}}, "thumb_img"),
        ({"sku_attrs": "red"}, "sku_attrs"),
        ({"sku_attrs": ["red"]}, "sku_attrs"),
        ({"sku_attrs": [{"attr_key": "a"}]}, "sku_attrs"),
        ({"sku_attrs": [*ATTRS, ATTRS[0]]}, "sku_attrs"),
        ({"out_sku_id": None, "stock_num": None}, "out_sku_id, stock_num"),
    ],
)
def test_a_sku_that_cannot_be_read_whole_has_no_status(change: dict[str, object], flaw: str) -> None:
    bad, good = read_sku({**SHOWN, **change}), read_sku(SHOWN)
    for reading in (sku_of(PRODUCT, bad, None), sku_of(PRODUCT, good, bad)):
        assert reading.flaw == f"SKU {S} has no readable {flaw}"
        assert reading.remote.status is None


@pytest.mark.parametrize("read", [read_sku, read_product])
@pytest.mark.parametrize("raw", [{}, {"sku_id": 0, "product_id": 0}, {"sku_id": 2**63}, [], None, 71])
def test_what_has_no_id_is_unreadable(read: Any, raw: object) -> None:
    with pytest.raises(Unreadable):
        read(raw)


@pytest.mark.parametrize(
    ("read", "body"),
    [
        (read_spu, {}),
        (read_spu, {"data": []}),
        (read_spu, {"data": {}}),
        (read_spus, {"spus": None}),
        (read_skus, {"data": []}),
        (read_sku_answer, {"data": None}),
        (read_sku_answer, {"data": {**SHOWN, "product_id": None}}),
        (read_stock, {"data": {}}),
        (read_stock, {"data": {"stock_num": "many"}}),
        (read_stock, {"data": {"stock_num": True}}),
    ],
)
def test_an_answer_that_is_none_is_unreadable(read: Any, body: object) -> None:
    with pytest.raises(Unreadable):
        read(body)


def test_a_deleted_sku_is_not_in_its_copy_and_one_without_an_id_is_told() -> None:
    rows = read_skus({"skus": [SHOWN, {**SHOWN, "sku_id": S + 12, "status": 21}, {**SHOWN, "sku_id": None}]})
    assert (set(rows.rows), rows.flaw) == ({S}, "a SKU has no sku_id")
    assert read_sku_answer({"data": {**SHOWN, "status": "21"}}).deleted


@pytest.mark.parametrize(
    ("status", "standing"),
    [
        (0, Standing.INITIAL),
        (5, Standing.ON_SALE),
        ("5", Standing.ON_SALE),
        (6, Standing.RECYCLE_BIN),
        (9, Standing.DELETED),
        (11, Standing.DELISTED),
        (12, Standing.SOLD_OUT),
        (13, Standing.VIOLATION),
        (7, Standing.UNKNOWN),
    ],
)
@pytest.mark.parametrize(
    ("edit_status", "audit"),
    [
        (0, AuditStatus.UNAUDITED),
        (1, AuditStatus.UNAUDITED),
        (2, AuditStatus.IN_AUDIT),
        ("3", AuditStatus.REJECTED),
        (4, AuditStatus.APPROVED),
        (8, None),
    ],
)
def test_a_product_is_read(status: object, standing: Standing, edit_status: object, audit: AuditStatus | None) -> None:
    reading = read_product({**SPU, "status": status, "edit_status": edit_status})
    assert reading == Reading(Remote(P, audit, ProductValues(P, "", standing.value), ours=True, key="P-1"))


@pytest.mark.parametrize("name", ["out_product_id", "status", "edit_status"])
def test_a_product_that_cannot_be_read_whole_has_no_status(name: str) -> None:
    reading = read_product({**SPU, name: None})
    assert (reading.flaw, reading.remote.status) == (f"product {P} has no readable {name}", None)


def test_a_page_counts_what_it_cannot_read_and_does_not_show_it() -> None:
    rows, readings = read_spus({"spus": [SPU, {}, {**SPU, "product_id": 5, "status": None}]})
    assert (rows, [each.remote.remote_id for each in readings]) == (3, [P])


ANYTHING: st.SearchStrategy[object] = st.sampled_from(
    [None, True, 0, 1, -1, 2**70, "", "0", "x", "\ud800", Decimal("0.5"), Decimal("NaN"), [], [[]], [{}], {}]
)


@given(st.dictionaries(st.sampled_from(sorted({**SHOWN, **SPU})), ANYTHING))
def test_whatever_is_shown_it_is_read_or_unreadable(raw: dict[str, object]) -> None:
    readings = [sku_of(PRODUCT, read_sku({**SHOWN, **raw, "sku_id": S}), None)]
    with suppress(Unreadable):
        readings.append(read_product({**SPU, **raw}))
    for reading in readings:
        assert reading.remote.remote_id > 0
        assert all(value is None or type(value) in (str, int) for value in reading.remote.values)
