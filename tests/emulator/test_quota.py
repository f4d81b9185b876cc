"""Daily numbers, by Beijing day."""

from datetime import datetime

import pytest

from .wire import GOODS, Wire

DOCUMENTED = {
    f"{GOODS}/add": 500,
    f"{GOODS}/audit": 500,
    f"{GOODS}/resetaudit": 500,
    f"{GOODS}/update": 1000,
    f"{GOODS}/delete": 1000,
    "/wxa/business/getgoodswarehouse": 1000,
    f"{GOODS}/getapproved": 10_000,
    "/cgi-bin/media/upload": 5000,
    "/cgi-bin/token": 2000,
}


def quota_of(wire: Wire, path: str) -> dict[str, int]:
    quota: dict[str, int] = wire.post("/cgi-bin/openapi/quota/get", {"cgi_path": path})["quota"]
    return quota


@pytest.mark.parametrize(("path", "limit"), DOCUMENTED.items())
def test_the_documented_numbers(wire: Wire, path: str, limit: int) -> None:
    assert quota_of(wire, path)["daily_limit"] == limit


def test_add_and_audit_share_a_number_until_midnight_in_beijing(wire: Wire) -> None:
    wire.settings(limits={"submit": 2})
    wire.moves_to(23, 58)
    made = wire.add()
    wire.withdraw(made["goodsId"], made["auditId"])
    wire.audit(made["goodsId"])
    assert wire.add()["errcode"] == 300012
    wire.control("clock", advance="1m")
    assert wire.audit(made["goodsId"])["errcode"] == 300012
    wire.control("clock", advance="1m")
    assert wire.add()["errcode"] == 0
    used = wire.world()["quota"]
    assert [day["submit"] for day in used.values() if "submit" in day] == [2, 1]
    assert wire.world()["quota_day"] == max(used)


def test_the_day_may_end_elsewhere(wire: Wire) -> None:
    wire.settings(quota_day_offset_hours=0)
    assert (
        wire.world()["quota_day"]
        == datetime.fromisoformat(wire.world()["beijing_time"])
        .astimezone(tz=datetime.fromisoformat("2026-01-01T00:00:00+00:00").tzinfo)
        .date()
        .isoformat()
    )


@pytest.mark.parametrize(
    ("pool", "path"),
    [("resetaudit", "resetaudit"), ("update", "update"), ("delete", "delete"), ("list", "getapproved")],
)
@pytest.mark.parametrize("code", [45009, 300012])
def test_what_a_used_up_number_answers(wire: Wire, pool: str, path: str, code: int) -> None:
    wire.settings(limits={pool: 0}, quota_exhausted_code=code)
    method = "GET" if pool == "list" else "POST"
    assert wire.raw(method, f"{GOODS}/{path}", json={"goodsId": 51}).json()["errcode"] == code


def test_uploads_status_and_tokens_are_counted_too(wire: Wire) -> None:
    wire.settings(limits={"upload": 1, "status": 1, "token": 1})
    assert ["errcode" in wire.upload(), wire.upload()["errcode"]] == [False, 45009]
    assert [wire.status(1)["errcode"], wire.status(1)["errcode"]] == [0, 45009]
    assert wire.sign_in("GET", "/cgi-bin/token")["errcode"] == 45009
    assert wire.sign_in("GET", "/cgi-bin/token", appid="wxother")["expires_in"] == 7200


@pytest.mark.parametrize(("charged", "used"), [(True, 2), (False, 1)])
def test_whether_refused_calls_are_charged(wire: Wire, charged: bool, used: int) -> None:
    wire.settings(refused_calls_charged=charged)
    assert [wire.add(name="")["errcode"], wire.add()["errcode"]] == [200002, 0]
    assert next(iter(wire.world()["quota"].values()))["submit"] == used


@pytest.mark.parametrize(("counts", "used"), [("per_path", 1), ("per_pool", 2), ("always_zero", 0)])
def test_quota_get(wire: Wire, counts: str, used: int) -> None:
    wire.settings(quota_get=counts)
    made = wire.add()
    wire.withdraw(made["goodsId"], made["auditId"])
    wire.audit(made["goodsId"])
    assert quota_of(wire, f"{GOODS}/add") == {"daily_limit": 500, "used": used, "remain": 500 - used}


def test_quota_get_refused(wire: Wire) -> None:
    assert wire.post("/cgi-bin/openapi/quota/get", {"cgi_path": "/nowhere"})["errcode"] == 76021
    wire.settings(quota_get="refused")
    assert wire.post("/cgi-bin/openapi/quota/get", {"cgi_path": f"{GOODS}/add"})["errcode"] == 76021


def test_clear_quota_ten_times_a_month(wire: Wire) -> None:
    wire.settings(limits={"status": 1})
    wire.status(1)
    codes = [wire.post("/cgi-bin/clear_quota", {"appid": wire.appid})["errcode"] for _ in range(11)]
    assert codes == [0] * 10 + [48006]
    assert wire.status(1)["errcode"] == 0
    assert wire.post("/cgi-bin/clear_quota", {"appid": "wxother"})["errcode"] == 40013


def test_minute_numbers(wire: Wire) -> None:
    wire.settings(minute_limits={"status": 1})
    codes = {wire.status(1)["errcode"] for _ in range(3)}
    assert 45011 in codes
    wire.control("clock", advance="1m")
    assert wire.status(1)["errcode"] == 0
