"""The control plane: world, clock, calls, settings, goods without a call."""

from email.utils import parsedate_to_datetime
from typing import Any

import pytest
import requests

from .wire import GOODS, Wire, picture


@pytest.mark.parametrize(("text", "seconds"), [("25h", 90_000), ("1h30m", 5400), ("500ms", 0.5), (7, 7), ("2.5s", 2.5)])
def test_the_clock_moves_forward_and_the_date_header_with_it(wire: Wire, text: object, seconds: float) -> None:
    before = wire.control("clock", "GET")["now"]
    after = wire.control("clock", advance=text)["now"]
    assert seconds <= after - before < seconds + 20
    date = parsedate_to_datetime(wire.raw("GET", "/cgi-bin/token").headers["Date"])
    assert int(after) <= date.timestamp() <= wire.control("clock", "GET")["now"]


@pytest.mark.parametrize("text", ["", "soon", "-1h", -5, "40000d", 1e300, None, "1h 30m", True])
def test_a_bad_duration(wire: Wire, text: object) -> None:
    answer = wire.session.post(f"{wire.url}/_emulator/clock", json={"advance": text}, timeout=20)
    assert answer.status_code == 400


def test_the_world_is_easy_to_check(wire: Wire) -> None:
    cover = picture(10, 10)
    media_id = wire.upload(cover)["media_id"]
    made = wire.add(coverImgUrl=media_id, priceType=2, price=5, price2="9.9", thirdPartyAppid="wxf")
    world = wire.world()
    (goods,) = world["goods"]
    assert abs(goods.pop("created_at") - world["now"]) < 20
    assert goods.pop("submitted_at") <= world["now"]
    assert len(goods.pop("cover_sha256")) == 64
    assert goods == {
        "goods_id": 51,
        "name": "白瓷马克杯",
        "url": "pages/item/detail?id=7001",
        "price": "5.00",
        "price2": "9.90",
        "priceType": 2,
        "media_id": media_id,
        "audit_status": 1,
        "audit_id": made["auditId"],
        "third_party_tag": 2,
        "thirdPartyAppid": "wxf",
        "made_by": "api",
    }
    assert (world["appid"], world["media_count"], world["deleted"]) == (wire.appid, 1, [])
    assert world["quota"] == {world["quota_day"]: {"submit": 1, "token": 1, "upload": 1}}


def test_all_worlds(wire: Wire) -> None:
    Wire(wire.url, "wxother").fetch_token()
    worlds = wire.control("world", "GET")["worlds"]
    assert [world["appid"] for world in worlds] == [wire.appid, "wxother"]


def test_calls_are_recorded_without_secrets(wire: Wire) -> None:
    wire.control("calls", "DELETE")
    wire.sign_in("POST", "/cgi-bin/stable_token")
    wire.sign_in("GET", "/cgi-bin/token")
    wire.upload()
    wire.add(name="")
    wire.raw("GET", "/nowhere")
    seen = requests.get(f"{wire.url}/_emulator/calls?appid={wire.appid}", timeout=20)
    assert "s3cret" not in seen.text
    assert wire.token not in seen.text
    calls = seen.json()["calls"]
    assert [call["seq"] for call in calls] == sorted(call["seq"] for call in calls)
    assert [(call["method"], call["path"], call["errcode"]) for call in calls] == [
        ("POST", "/cgi-bin/stable_token", 0),
        ("GET", "/cgi-bin/token", 0),
        ("POST", "/cgi-bin/media/upload", 0),
        ("POST", "/cgi-bin/media/upload", 0),
        ("POST", f"{GOODS}/add", 200002),
    ]
    assert calls[0]["body"] == {"grant_type": "client_credential", "appid": wire.appid}
    assert calls[1]["query"] == {"grant_type": "client_credential", "appid": wire.appid}
    assert calls[-1]["body"]["goodsInfo"]["url"] == "pages/item/detail?id=7001"
    assert seen.json()["counts"] == {
        "/cgi-bin/media/upload": 2,
        "/cgi-bin/stable_token": 1,
        "/cgi-bin/token": 1,
        f"{GOODS}/add": 1,
    }
    everything = wire.control("calls", "GET")
    assert everything["counts"]["/nowhere"] == 1
    since = wire.control("calls", "GET", since=calls[-2]["seq"], appid=wire.appid)
    assert [call["path"] for call in since["calls"]] == [f"{GOODS}/add"]


def test_the_record_can_be_kept_small(wire: Wire) -> None:
    wire.settings(record_calls=2, record_bodies=False)
    for _ in range(5):
        wire.status(1)
    seen = wire.control("calls", "GET", path="/wxa/business/getgoodswarehouse")
    assert [call["body"] for call in seen["calls"]] == [None, None]
    assert seen["counts"]["/wxa/business/getgoodswarehouse"] == 5


def test_reset_empties_everything_or_one_world(wire: Wire) -> None:
    wire.add()
    other = Wire(wire.url, "wxother")
    other.fetch_token()
    other.add()
    wire.control("reset", appid="wxother")
    assert (len(wire.world()["goods"]), other.world()["goods"]) == (1, [])
    wire.settings(latency_ms=1)
    wire.control("clock", advance="1h")
    wire.fault("add", "busy")
    wire.control("reset")
    assert wire.world()["goods"] == []
    assert wire.status(51)["errcode"] == 40001, "the tokens are gone too"
    assert wire.control("settings", "GET")["latency_ms"]["value"] == 0
    assert wire.control("clock", "GET")["ahead"] == 0
    assert wire.control("faults", "GET")["faults"] == []


def test_goods_without_a_call(wire: Wire) -> None:
    rows: list[dict[str, Any]] = [
        {"name": "一号商品", "price": "9.90", "url": "pages/a"},
        {"name": "二号商品", "price": 5, "price2": 3.5, "priceType": 3, "audit_status": 1},
        {"name": "三号商品", "audit_status": 0, "thirdPartyAppid": "wxf"},
    ]
    assert wire.control("goods", appid=wire.appid, goods=rows) == {"goods_ids": [51, 52, 53]}
    goods = wire.world()["goods"]
    assert [one["audit_status"] for one in goods] == [2, 1, 0]
    assert [one["price"] for one in goods] == ["9.90", "5.00", "1.00"]
    assert "submit" not in wire.world()["quota"].get(wire.world()["quota_day"], {})
    assert wire.verdict("approve", all=True) == {"judged": [52]}
    assert wire.delete(53) == {"errcode": 0}


def test_somebody_else_changes_and_loses_goods(wire: Wire) -> None:
    wire.add()
    wire.control("goods", "PATCH", appid=wire.appid, goods_id=51, name="别人改的名字", price="7", audit_status=9)
    (goods,) = wire.status(51)["goods"]
    assert (goods["name"], goods["price"], goods["audit_status"]) == ("别人改的名字", 7, 9)
    wire.control("goods", "DELETE", appid=wire.appid, goods_id=51)
    assert wire.status(51)["goods"] == []


@pytest.mark.parametrize(
    ("method", "path", "order", "text"),
    [
        ("POST", "nowhere", {}, "no POST /_emulator/nowhere; there are DELETE /_emulator/calls"),
        ("POST", "goods", {"goods": []}, 'say "goods"'),
        ("POST", "goods", {"goods": [{"name": 5}]}, "name cannot be 5"),
        ("POST", "goods", {"goods": [{"price": "dear"}]}, "price cannot be 'dear'"),
        ("PATCH", "goods", {"goods_id": 99}, "no goods with goods_id 99"),
        ("DELETE", "goods", {"goods_id": "51"}, "no goods with goods_id '51'"),
        ("POST", "settings", {"no_such": 1}, "no setting 'no_such'; there are "),
        ("POST", "settings", {"verdict": "maybe"}, "setting verdict: 'maybe' is not one of 'manual'"),
        ("POST", "settings", {"latency_ms": -1}, "setting latency_ms: -1 is not a number of 0 or more"),
        ("POST", "settings", {"limits": {"adds": 1}}, "setting limits: no ['adds']; there are ['delete'"),
        ("POST", "settings", {"refused_calls_charged": 1}, "setting refused_calls_charged: 1 is not one of"),
        ("POST", "settings", {"illegal_words": "a"}, "setting illegal_words: 'a' is not a list of texts"),
        ("POST", "token", {"appid": ""}, 'which app? say "appid"'),
    ],
)
def test_an_order_that_cannot_be_followed(wire: Wire, method: str, path: str, order: dict[str, Any], text: str) -> None:
    body = {"appid": wire.appid, **order} if path != "settings" else order
    answer = wire.session.request(method, f"{wire.url}/_emulator/{path}", json=body, timeout=20)
    assert answer.status_code == 400
    assert text in answer.json()["error"]


def test_orders_are_json(wire: Wire) -> None:
    assert wire.session.post(f"{wire.url}/_emulator/faults", data="faults", timeout=20).status_code == 400


def test_every_setting_says_what_it_means(wire: Wire) -> None:
    listed = wire.control("settings", "GET")
    assert all(one["meaning"] and "value" in one and ("choices" in one or "type" in one) for one in listed.values())
