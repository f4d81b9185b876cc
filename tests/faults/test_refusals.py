"""What the platform refuses: the item alone, its content for good, all submissions, or the whole account."""

from __future__ import annotations

import pytest

from .harness import ADD, AUDIT, DELETE, UPDATE, UPLOAD, WITHDRAW, Expected, Shop
from .test_lost_answers import prepare

CONTENT = (300002, 300003, 300004, 300005, 300007, 300018, 200002, 47001)
"""Refusals of the content: remembered until it changes."""
ACCOUNT = (48001, 40013, 40164, 1400007)


@pytest.mark.parametrize("call", [ADD, UPDATE, AUDIT])
def test_content_that_is_refused(shop: Shop, call: str) -> None:
    codes = [code for code in CONTENT if (call, code) != (UPDATE, 200002)]  # that one is tried with all fields first
    keys = [f"{number}-code-{code}" for number, code in enumerate(codes)]
    prepare(shop, call, keys)
    for number, code in enumerate(codes):
        shop.fault(call, "errcode", code=code, after=number)

    ended = shop.apply(code=1)
    assert ended.outcomes == dict.fromkeys(keys, "failed")
    assert [ended.error(key)["errcode"] for key in keys] == codes
    shop.called()
    assert {reason for _, _, reason in shop.reasons().values()} == {"refused"}
    shop.apply()
    assert shop.called() == []
    shop.apply(*(f"--resubmit=goods.{key}" for key in keys))
    shop.converges()


@pytest.mark.parametrize("code", [300006, 40007])
@pytest.mark.parametrize("call", [ADD, UPDATE])
def test_a_picture_that_the_platform_lost(shop: Shop, call: str, code: int) -> None:
    if call == ADD:
        shop.lists()
    else:
        shop.stocked("mug", verdict="reject")
        shop.lists(cover="covers/blue.png")
    shop.fault(call, "errcode", code=code)
    (result,) = shop.apply().document["results"]
    steps = [each for each in result["calls"] if each != AUDIT]
    assert steps == [UPLOAD, call, UPLOAD, call]
    shop.check()


def test_a_picture_that_the_platform_does_not_find_twice(shop: Shop) -> None:
    shop.lists()
    shop.fault(ADD, "errcode", code=300006, times=2)
    ended = shop.apply(code=1)
    assert shop.called() == [UPLOAD, ADD, UPLOAD, ADD]
    assert (ended.outcomes, ended.error()["errcode"]) == ({"mug": "failed"}, 300006)
    assert shop.reasons()["mug"] == ("add", "blocked", "refused")
    shop.apply("--resubmit", "goods.mug")
    shop.converges()


def test_an_update_that_lacks_fields(shop: Shop) -> None:
    shop.stocked("mug", verdict="reject")
    shop.lists(price="89.00")
    shop.fault(UPDATE, "errcode", code=200002)
    shop.apply()
    assert shop.called() == [UPDATE, UPDATE, AUDIT]
    shop.check()


def test_an_update_that_is_refused_with_all_fields_too(shop: Shop) -> None:
    shop.stocked("mug", verdict="reject")
    shop.lists(price="89.00")
    shop.fault(UPDATE, "errcode", code=200002, times=2)
    ended = shop.apply(code=1)
    assert shop.called() == [UPDATE, UPDATE]
    assert (ended.outcomes, ended.error()["errcode"]) == ({"mug": "failed"}, 200002)
    assert shop.reasons()["mug"] == ("resubmit", "blocked", "refused")
    shop.apply("--resubmit", "goods.mug")
    shop.converges()


def test_an_add_that_was_made_but_not_submitted(shop: Shop) -> None:
    """300021: the item is there, unaudited. It is found at the end of the run; the next one submits it."""
    shop.lists()
    shop.fault(ADD, "add_300021")
    shop.apply()
    shop.passes()
    shop.apply()
    assert shop.called() == [UPLOAD, ADD, AUDIT]
    shop.converges(Expected(provoked=frozenset({300021})))


@pytest.mark.parametrize(("call", "code"), [(WITHDRAW, 300017), (UPDATE, 300010), (AUDIT, 300010), (DELETE, 300014)])
def test_a_status_that_is_said_not_to_allow_it(shop: Shop, call: str, code: int) -> None:
    """The item still has the status that should allow it: that is remembered."""
    expected = prepare(shop, call, ["mug"])
    shop.fault(call, "errcode", code=code)
    ended = shop.apply(code=1)
    assert (ended.outcomes, ended.error()["errcode"]) == ({"mug": "failed"}, code)
    if call != DELETE:
        assert shop.reasons()["mug"][1:] == ("blocked", "refused")
        shop.apply("--resubmit", "goods.mug")
    shop.converges(expected)


def test_a_withdrawal_with_an_old_audit_id(shop: Shop) -> None:
    prepare(shop, WITHDRAW, ["mug"])
    shop.fault(WITHDRAW, "errcode", code=300009)
    ended = shop.apply(code=1)
    assert ended.error()["errcode"] == 300009
    assert shop.reasons()["mug"] == ("resubmit", "waiting", "audit_id_unknown")
    shop.verdict("reject")
    shop.converges()


@pytest.mark.parametrize("call", [UPDATE, AUDIT, DELETE])
def test_goods_that_are_not_of_the_api(shop: Shop, call: str) -> None:
    prepare(shop, call, ["mug"])
    shop.fault(call, "errcode", code=300011)
    ended = shop.apply(code=1)
    assert ended.error()["errcode"] == 300011
    assert shop.reasons()["mug"][1:] == ("blocked", "not_ours")
    shop.called()
    shop.apply()
    assert shop.called() == []


@pytest.mark.parametrize("code", [1003, 300015])
def test_a_delete_of_what_is_gone(shop: Shop, code: int) -> None:
    """The list is stale: what it shows was deleted by somebody else. That is what the delete wanted."""
    expected = prepare(shop, DELETE, ["mug"])
    shop.control("goods", "DELETE", appid=shop.app, goods_id=next(iter(expected.deleted)))
    shop.control("settings", list_lag_seconds=5, delete_missing_code=code)
    try:
        assert shop.apply().outcomes == {"mug": "applied"}
    finally:
        shop.control("settings", list_lag_seconds=0, delete_missing_code=300015)
    shop.converges(Expected(deleted=expected.deleted, provoked=frozenset({code})))


@pytest.mark.parametrize("call", [ADD, UPDATE, DELETE, UPLOAD])
def test_a_pool_that_is_empty(shop: Shop, call: str) -> None:
    expected = prepare(shop, call, ["a", "b", "c"])
    shop.fault(call, "quota", after=1)
    ended = shop.apply("--max-deletes", "none")
    assert ended.outcomes == {"a": "applied", "b": "skipped", "c": "skipped"}
    assert {ended.error(key)["code"] for key in "bc"} == {"quota_exhausted"}
    shop.called()
    assert {disposition for _, disposition, _ in shop.reasons().values()} <= {"deferred", "waiting"}
    shop.apply("--max-deletes", "none")
    assert shop.called() == []
    shop.control("clock", advance="24h")
    shop.apply("--max-deletes", "none")
    shop.check(expected)


def test_a_minute_that_is_full(shop: Shop) -> None:
    shop.stocked("mug")
    shop.lists(price="89.00")
    shop.fault(UPDATE, "minute_limit")
    now = shop.control("clock", "GET")["now"]
    shop.control("clock", advance=f"{(58 - now % 60) % 60:.3f}s")
    assert shop.apply().outcomes == {"mug": "applied"}
    assert shop.called() == [UPDATE, UPDATE]
    shop.check()


def test_an_account_that_may_not_submit(shop: Shop) -> None:
    """300001 ends adds, updates and audits of the run, not deletes."""
    expected = prepare(shop, DELETE, ["z-gone"])
    shop.lists("a-new")
    shop.lists("b-new")
    shop.fault(ADD, "errcode", code=300001)
    ended = shop.apply(code=1)
    assert ended.outcomes == {"a-new": "failed", "b-new": "skipped", "z-gone": "applied"}
    assert (ended.error("b-new")["code"], ended.error("b-new")["errcode"]) == ("refused", 300001)
    shop.converges(expected)


@pytest.mark.parametrize("code", ACCOUNT)
def test_an_account_that_is_refused(shop: Shop, code: int) -> None:
    prepare(shop, ADD, ["a", "b", "c"])
    shop.fault(ADD, "errcode", code=code, after=1)
    ended = shop.apply(code=1)
    assert ended.outcomes == {"a": "applied", "b": "failed", "c": "skipped"}
    assert ended.error("c")["errcode"] == code
    assert shop.called() == [UPLOAD, ADD, ADD]
    shop.converges()


@pytest.mark.parametrize("code", ACCOUNT)
def test_an_account_that_may_not_even_read(shop: Shop, code: int) -> None:
    prepare(shop, ADD, ["mug"])
    shop.fault("list", "errcode", code=code)
    ended = shop.apply(code=1)
    assert ended.error_code == ("remote_unavailable" if code == 1400007 else "auth_failed")
    assert shop.called() == []
    shop.converges()


def test_a_token_that_is_refused_twice(shop: Shop) -> None:
    prepare(shop, ADD, ["a", "b"])
    shop.fault(ADD, "errcode", code=40001, times=2)
    ended = shop.apply(code=1)
    assert ended.outcomes == {"a": "failed", "b": "skipped"}
    assert shop.called() == [UPLOAD, ADD, ADD]
    shop.converges()


def test_a_token_that_is_refused_twice_for_reading(shop: Shop) -> None:
    prepare(shop, ADD, ["a"])
    shop.fault("list", "errcode", code=40001, times=2)
    ended = shop.apply(code=1)
    assert ended.error_code == "auth_failed"
    shop.converges()


def test_fail_fast(shop: Shop) -> None:
    prepare(shop, ADD, ["a", "b", "c"])
    shop.fault(ADD, "errcode", code=300004, after=1)
    ended = shop.apply("--fail-fast", code=1)
    assert ended.outcomes == {"a": "applied", "b": "failed", "c": "skipped"}
    assert ended.error("c")["code"] == "fail_fast"
    shop.apply("--resubmit", "goods.b")
    shop.converges()
