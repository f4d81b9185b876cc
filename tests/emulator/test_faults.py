"""Every fault, as a client meets it."""

import time
from typing import Any

import pytest
import requests

from tests.faults.harness import until

from .wire import GOODS, Wire


def add(wire: Wire, cover: str, **sent: Any) -> requests.Response:
    return wire.raw("POST", f"{GOODS}/add", json={"goodsInfo": wire.info(coverImgUrl=cover)}, **sent)


def count(wire: Wire) -> int:
    return len(wire.world()["goods"])


@pytest.fixture
def cover(wire: Wire) -> str:
    media_id: str = wire.upload()["media_id"]
    return media_id


@pytest.mark.parametrize(("suffix", "made"), [("", 0), ("_after", 1)])
class TestSpoilt:
    """Kinds that exist twice: nothing done, or done and then spoilt."""

    def test_drop(self, wire: Wire, cover: str, suffix: str, made: int) -> None:
        wire.fault("add", f"drop{suffix}")
        with pytest.raises(requests.ConnectionError):
            add(wire, cover)
        assert count(wire) == made
        assert add(wire, cover).json()["errcode"] == 0, "the next call is well again"

    def test_half_body(self, wire: Wire, cover: str, suffix: str, made: int) -> None:
        wire.fault("add", f"half_body{suffix}")
        with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
            add(wire, cover)
        assert count(wire) == made

    def test_busy(self, wire: Wire, cover: str, suffix: str, made: int) -> None:
        wire.fault("add", f"busy{suffix}")
        told = add(wire, cover).json()
        assert (told["errcode"], told["errmsg"].split(" rid: ")[0], count(wire)) == (-1, "system error", made)

    @pytest.mark.parametrize(("kind", "status"), [("http_503", 503), ("http_404", 404)])
    def test_http(self, wire: Wire, cover: str, suffix: str, made: int, kind: str, status: int) -> None:
        wire.fault("add", kind + suffix)
        answer = add(wire, cover)
        assert (answer.status_code, answer.headers["Content-Type"], count(wire)) == (status, "text/plain", made)

    def test_garbage(self, wire: Wire, cover: str, suffix: str, made: int) -> None:
        wire.fault("add", f"garbage{suffix}")
        answer = add(wire, cover)
        assert (answer.status_code, answer.text[:6], count(wire)) == (200, "<html>", made)

    def test_errcode(self, wire: Wire, cover: str, suffix: str, made: int) -> None:
        wire.fault("add", f"errcode{suffix}", code=300008, errmsg="add goods fail")
        told = add(wire, cover).json()
        assert (told["errcode"], told["errmsg"].split(" rid: ")[0], count(wire)) == (300008, "add goods fail", made)

    def test_slow(self, wire: Wire, cover: str, suffix: str, made: int) -> None:
        wire.fault("add", f"slow{suffix}", seconds=0.3)
        began = time.monotonic()
        told = add(wire, cover).json()
        assert time.monotonic() - began >= 0.3
        assert (told["errcode"], count(wire)) == (0 if made else -1, made)


def test_a_slow_call_holds_up_no_other(wire: Wire, cover: str) -> None:
    wire.fault("add", "slow_after", seconds=30)
    body = {"goodsInfo": wire.info(coverImgUrl=cover)}
    with pytest.raises(requests.ReadTimeout):
        wire.session.post(f"{wire.url}{GOODS}/add", params={"access_token": wire.token}, json=body, timeout=0.2)
    until(lambda: count(wire) == 1)
    began = time.monotonic()
    assert [goods["goodsId"] for goods in wire.list(1)["goods"]] == [51]
    assert time.monotonic() - began < 20
    assert wire.control("calls", "GET", appid=wire.appid)["calls"][-2]["fault"] == "slow_after"


def test_late(wire: Wire, cover: str) -> None:
    wire.fault("add", "late", seconds=2)
    body = {"goodsInfo": wire.info(coverImgUrl=cover)}
    with pytest.raises(requests.ReadTimeout):
        wire.session.post(f"{wire.url}{GOODS}/add", params={"access_token": wire.token}, json=body, timeout=0.1)
    assert count(wire) == 0
    until(lambda: count(wire) == 1)


def test_stale_token(wire: Wire) -> None:
    wire.fault("list", "stale_token")
    assert [wire.list(1)["errcode"], wire.list(1)["errcode"]] == [40001, 40001]
    wire.fetch_token()
    assert wire.list(1)["errcode"] == 0


def test_a_stale_stable_token_is_replaced(wire: Wire) -> None:
    wire.token = wire.sign_in("POST", "/cgi-bin/stable_token")["access_token"]
    wire.fault("*", "stale_token")
    assert wire.list(1)["errcode"] == 40001
    wire.token = wire.sign_in("POST", "/cgi-bin/stable_token")["access_token"]
    assert wire.list(1)["errcode"] == 0


def test_quota_and_minute_limit(wire: Wire, cover: str) -> None:
    wire.control(
        "faults",
        faults=[
            {"path": f"{GOODS}/add", "kind": "quota"},
            {"path": "status", "kind": "quota"},
            {"path": "status", "kind": "minute_limit"},
        ],
    )
    codes = [add(wire, cover).json()["errcode"], wire.status(1)["errcode"], wire.status(1)["errcode"]]
    assert codes == [300012, 45009, 45011]
    assert wire.status(1)["errcode"] == 0


def test_times_and_after(wire: Wire) -> None:
    wire.fault("status", "busy", times=2, after=1)
    wire.fault("status", "minute_limit", after=2)
    assert [wire.status(1)["errcode"] for _ in range(5)] == [0, -1, -1, 45011, 0]
    assert wire.control("faults", "GET")["faults"] == []


def test_a_fault_may_be_for_one_app(wire: Wire) -> None:
    wire.fault("status", "busy", appid="wxother")
    assert wire.status(1)["errcode"] == 0
    other = Wire(wire.url, "wxother")
    with other.session:
        other.fetch_token()
        assert other.status(1)["errcode"] == -1


def test_token_and_upload_can_be_hit(wire: Wire) -> None:
    wire.fault("token", "errcode", code=40125, errmsg="invalid appsecret")
    wire.fault("upload", "http_503")
    assert wire.sign_in("GET", "/cgi-bin/token")["errcode"] == 40125
    assert wire.raw("POST", "/cgi-bin/media/upload", files={"media": ("a.png", b"")}).status_code == 503


def page(wire: Wire, offset: int = 0) -> tuple[list[int], int]:
    told = wire.list(2, offset, limit=3)
    return [goods["goodsId"] for goods in told["goods"]], told["total"]


class TestLists:
    """Lists that are not as they should be: 51 to 55 are there, the newest first, three a page."""

    @pytest.fixture(autouse=True)
    def five(self, wire: Wire) -> None:
        wire.control("goods", appid=wire.appid, count=5)

    @pytest.mark.parametrize(
        ("takes", "seen"),
        [
            ({}, ([54, 53], 5)),
            ({"row": 2}, ([55, 54], 5)),
            ({"goods_id": 54}, ([55, 53], 5)),
            ({"goods_id": 54, "counted": False}, ([55, 53], 4)),
            ({"goods_id": 51}, ([55, 54, 53], 5)),
        ],
    )
    def test_lost_row(self, wire: Wire, takes: dict[str, Any], seen: tuple[list[int], int]) -> None:
        wire.fault("list", "lost_row", **takes)
        assert page(wire) == seen
        assert page(wire) == ([55, 54, 53], 5)

    def test_short_page(self, wire: Wire) -> None:
        wire.fault("list", "short_page")
        wire.fault("list", "short_page", rows=1)
        assert [page(wire), page(wire)] == [([], 5), ([55], 5)]

    def test_list_3001(self, wire: Wire) -> None:
        wire.fault("list", "list_3001")
        told = wire.list(2)
        assert told.pop("errmsg").startswith("system error rid: ")
        assert told == {"errcode": 3001, "total": 0, "goods": []}

    @pytest.mark.parametrize(
        ("takes", "second"),
        [({}, ([51], 4)), ({"by": -1}, ([53, 52, 51], 6)), ({"total_moves": False}, ([51], 5))],
    )
    def test_shifting_list(self, wire: Wire, takes: dict[str, Any], second: tuple[list[int], int]) -> None:
        wire.fault("list", "shifting_list", after=1, **takes)
        assert [page(wire), page(wire, 3)] == [([55, 54, 53], 5), second]

    def test_lagging_list_before_the_last_change(self, wire: Wire) -> None:
        wire.delete(54)
        wire.fault("list", "lagging_list")
        wire.fault("status", "lagging_list")
        assert page(wire) == ([55, 54, 53], 5)
        assert len(wire.status(54)["goods"]) == 1
        assert page(wire) == ([55, 53, 52], 4)
        assert wire.status(54)["goods"] == []

    def test_lagging_list_by_seconds(self, wire: Wire) -> None:
        wire.control("clock", advance="60s")
        wire.update(55, price=9)
        wire.delete(54)
        wire.control("clock", advance="10s")
        wire.fault("list", "lagging_list", seconds=30, times=2)
        assert page(wire) == ([55, 54, 53], 5)
        assert wire.list(2)["goods"][0]["price"] == 1
        assert page(wire) == ([55, 53, 52], 4)

    def test_a_lasting_lag(self, wire: Wire) -> None:
        wire.control("clock", advance="5m")
        wire.settings(list_lag_seconds=60)
        wire.delete(54)
        assert page(wire) == ([55, 54, 53], 5)
        assert wire.status(54)["goods"] == []
        wire.control("clock", advance="60s")
        assert page(wire) == ([55, 53, 52], 4)

    def test_status_omits(self, wire: Wire) -> None:
        wire.fault("status", "status_omits", goods_id=52)
        wire.fault("status", "status_omits")
        seen = [[goods["goods_id"] for goods in wire.status(51, 52)["goods"]] for _ in range(3)]
        assert seen == [[51], [], [51, 52]]


@pytest.mark.parametrize(
    ("carries", "ids"), [("no", {}), ("goods_id", {"goodsId": 51}), ("both", {"goodsId": 51, "auditId": 0})]
)
def test_add_300021(wire: Wire, cover: str, carries: str, ids: dict[str, int]) -> None:
    wire.settings(add_300021_carries_ids=carries)
    wire.fault("add", "add_300021")
    told = add(wire, cover).json()
    assert told.pop("errmsg").startswith("submit audit fail")
    assert told == {"errcode": 300021, **ids}
    assert wire.world()["goods"][0]["audit_status"] == 0
    assert wire.audit(51)["errcode"] == 0


@pytest.mark.parametrize(
    ("fault", "text"),
    [
        ({"path": "add", "kind": "explode"}, "there are add_300021, busy, busy_after"),
        ({"path": "nowhere", "kind": "busy"}, "no call 'nowhere'"),
        ({"path": "add", "kind": "lost_row"}, "lost_row can hit only list"),
        ({"path": "add", "kind": "busy", "seconds": 3}, "busy takes nothing, not ['seconds']"),
        ({"path": "add", "kind": "errcode"}, "errcode needs ['code']"),
        ({"path": "add", "kind": "errcode", "code": "x"}, "code cannot be 'x'"),
        ({"path": "add", "kind": "busy", "times": 0}, "times is a whole number from 1"),
        ({"path": "add", "kind": "busy", "after": -1}, "after is a whole number from 0"),
        ("busy", "a fault is an object"),
    ],
)
def test_a_bad_fault_orders_nothing(wire: Wire, fault: object, text: str) -> None:
    order = {"faults": [{"path": "add", "kind": "busy"}, fault]}
    answer = wire.session.post(f"{wire.url}/_emulator/faults", json=order, timeout=20)
    assert answer.status_code == 400
    assert text in answer.json()["error"]
    assert wire.control("faults", "GET")["faults"] == []


def test_faults_can_be_listed_and_cleared(wire: Wire) -> None:
    wire.fault("list", "short_page", rows=1, times=3)
    left = wire.control("faults", "GET")
    assert left["faults"] == [{"path": "list", "kind": "short_page", "times": 3, "after": 0, "rows": 1}]
    assert all(kind["meaning"] for kind in left["kinds"].values())
    assert wire.control("faults", "DELETE")["faults"] == []
