"""What a name, a price, a url, a cover and a body must be."""

from hashlib import sha256
from typing import Any

import pytest

from .wire import GOODS, Wire, picture

FIVE_UNITS = "龙井a"


@pytest.mark.parametrize(
    ("changed", "code", "text"),
    [
        ({"name": FIVE_UNITS}, 300002, "name length invalid"),
        ({"name": "龙井茶"}, 0, ""),
        ({"name": "abcdef"}, 0, ""),
        ({"name": "一二三四五六七八九十一二三四"}, 0, ""),
        ({"name": "一二三四五六七八九十一二三四a"}, 300002, "name length invalid"),
        ({"name": "a" * 28}, 0, ""),
        ({"name": "a" * 29}, 300002, "name length invalid"),
        ({"name": "“龙井茶”一二三四五六七八九十"}, 0, ""),
        ({"name": ""}, 200002, "name must not be empty"),
        ({"name": 123456}, 47001, "data format error"),
        ({"price": 0}, 300003, "price input invalid"),
        ({"price": "0.00"}, 300003, "price input invalid"),
        ({"price": -1}, 300003, "price input invalid"),
        ({"price": 99.505}, 300003, "price input invalid"),
        ({"price": "99.505"}, 300003, "price input invalid"),
        ({"price": "68.80"}, 0, ""),
        ({"price": "111", "priceType": "1"}, 0, ""),
        ({"price": "1e2"}, 300003, "price input invalid"),
        ({"price": 10**40}, 300003, "price input invalid"),
        ({"price": 1e300}, 300003, "price input invalid"),
        ({"price": "abc"}, 300003, "price input invalid"),
        ({"price": True}, 300003, "price input invalid"),
        ({"price": None}, 200002, "price must not be empty"),
        ({"priceType": 4}, 300003, "price input invalid"),
        ({"priceType": 0}, 300003, "price input invalid"),
        ({"priceType": None}, 200002, "priceType must not be empty"),
        ({"priceType": 1, "price2": 0}, 0, ""),
        ({"priceType": 1, "price2": ""}, 0, ""),
        ({"priceType": 1, "price2": 5}, 0, ""),
        ({"priceType": 2, "price": 5}, 300003, "price input invalid"),
        ({"priceType": 2, "price": 5, "price2": 9}, 0, ""),
        ({"priceType": 2, "price": 9, "price2": 5}, 300003, "price input invalid"),
        ({"priceType": 3, "price": 9, "price2": 5}, 0, ""),
        ({"priceType": 3, "price": 9, "price2": 9}, 0, ""),
        ({"priceType": 3, "price": 5, "price2": 9}, 300003, "price input invalid"),
        ({"priceType": 3, "price": 5}, 300003, "price input invalid"),
        ({"url": ""}, 200002, "url must not be empty"),
        ({"url": "/pages/a"}, 300007, "goods url invalid"),
        ({"url": "pages%2Fa"}, 300007, "goods url invalid"),
        ({"url": "https://example.com/a"}, 300007, "goods url invalid"),
        ({"url": "pages/a b"}, 300007, "goods url invalid"),
        ({"url": "pages/a.html?to=https%3A%2F%2Fexample.com"}, 0, ""),
        ({"coverImgUrl": "nobody-uploaded-this"}, 300006, "goods img upload fail"),
        ({"coverImgUrl": "http://mmbiz.qpic.cn/a/0"}, 300006, "goods img upload fail"),
        ({"coverImgUrl": ""}, 200002, "coverImgUrl must not be empty"),
    ],
)
def test_add(wire: Wire, changed: dict[str, Any], code: int, text: str) -> None:
    told = wire.add(**changed)
    assert told["errcode"] == code
    assert told.get("errmsg", "").split(" rid: ")[0] == text
    assert len(wire.world()["goods"]) == (code == 0)


@pytest.mark.parametrize(("size", "code"), [((300, 300), 0), ((301, 300), 300018), ((300, 301), 300018), ((1, 1), 0)])
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF"])
def test_covers_have_at_most_300_pixels_a_side(wire: Wire, size: tuple[int, int], code: int, kind: str) -> None:
    media_id = wire.upload(picture(*size, kind))["media_id"]
    assert wire.add(coverImgUrl=media_id)["errcode"] == code


def test_illegal_content(wire: Wire) -> None:
    cover = picture(colour=0xFF0000)
    wire.settings(illegal_words=["违禁"], illegal_pictures=[sha256(cover).hexdigest()])
    assert wire.add(name="违禁商品")["errcode"] == 300004
    assert wire.add(coverImgUrl=wire.upload(cover)["media_id"])["errcode"] == 300005
    assert wire.add(name="好的商品")["errcode"] == 0


@pytest.mark.parametrize(
    ("sent", "code", "text"),
    [
        ({"data": b""}, 44002, "empty post data"),
        ({"data": b"{"}, 47001, "data format error"),
        ({"data": b"[]"}, 47001, "data format error"),
        ({"data": b'{"goodsInfo": {"price": NaN}}'}, 47001, "data format error"),
        ({"data": b"{}"}, 200002, "goodsInfo must not be empty"),
        ({"json": {"goodsInfo": '{"name": "a"}'}}, 200002, "url must not be empty"),
        ({"json": {"goodsInfo": {}}}, 200002, "url must not be empty"),
    ],
)
def test_bodies(wire: Wire, sent: dict[str, Any], code: int, text: str) -> None:
    headers = {"Content-Type": "application/json; charset=utf-8"}
    told = wire.raw("POST", f"{GOODS}/add", headers=headers, **sent).json()
    assert (told["errcode"], told["errmsg"].split(" rid: ")[0]) == (code, text)


def test_a_form_is_not_seen(wire: Wire) -> None:
    told = wire.raw("POST", f"{GOODS}/add", data={"goodsInfo": "{}"}).json()
    assert (told["errcode"], told["errmsg"].split(" rid: ")[0]) == (200002, "goodsInfo must not be empty")
    wire.settings(form_body_code=200001)
    assert wire.raw("POST", f"{GOODS}/add", data={"goodsInfo": "{}"}).json()["errcode"] == 200001


@pytest.mark.parametrize(
    ("method", "path", "code"),
    [
        ("GET", f"{GOODS}/add", 43002),
        ("GET", "/wxa/business/getgoodswarehouse", 43002),
        ("POST", f"{GOODS}/getapproved", -1),
        ("POST", "/cgi-bin/token", 43001),
        ("GET", "/cgi-bin/stable_token", 43002),
        ("GET", "/cgi-bin/media/upload", 43002),
    ],
)
def test_a_wrong_method(wire: Wire, method: str, path: str, code: int) -> None:
    assert wire.raw(method, path).json()["errcode"] == code


def test_an_unknown_path_is_plain_text(wire: Wire) -> None:
    answer = wire.raw("POST", "/wxaapi/broadcast/getgoodswarehouse", json={"goods_ids": [1]})
    assert (answer.status_code, answer.headers["Content-Type"], answer.text) == (404, "text/plain", "Not Found")


def test_a_refusal_names_the_request_by_the_emulator_s_time(wire: Wire) -> None:
    wire.control("clock", advance="25h")
    wire.fetch_token()
    now = wire.control("clock", "GET")["now"]
    mark = wire.add(name="")["errmsg"].split(" rid: ")[1]
    seconds, *others = mark.split("-")
    assert abs(int(seconds, 16) - now) < 5
    assert [len(one) for one in others] == [8, 8]


def test_bodies_are_plain_utf8(wire: Wire) -> None:
    wire.add()
    answer = wire.raw("GET", f"{GOODS}/getapproved", params={"offset": 0, "status": 1})
    assert "白瓷马克杯".encode() in answer.content
    assert answer.headers["Content-Type"] == "application/json; charset=UTF-8"
