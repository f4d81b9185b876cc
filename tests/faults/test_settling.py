"""Calls whose answer was lost, judged by looking: twins, equal rows, verdicts meanwhile, and what a person decides."""

from __future__ import annotations

import pytest

from .harness import ADD, AUDIT, DELETE, PATHS, UPLOAD, Expected, Shop

WAITS = "A call of an earlier run may still be under way; looking again in"


def twins(shop: Shop, *kinds: str) -> list[int]:
    """Two items that nobody can tell apart, whose adds both lost their answer; gives the ids that were made."""
    for key in ("a", "b"):
        shop.lists(key, name="茶杯茶托", url="pages/item?id=1")
    for number, kind in enumerate(kinds):
        shop.fault(ADD, kind, after=number)
    ended = shop.apply(code=1)
    assert ended.outcomes == {"a": "in_doubt", "b": "in_doubt"}
    shop.passes()
    return [goods["goods_id"] for goods in shop.world]


def undecided(shop: Shop) -> dict[str, str]:
    """The keys that are blocked because a row is undecided, each with what it says."""
    return {each["key"]: each["message"] for each in shop.plan()["changes"] if each["reason"] == "in_doubt"}


def test_twins_that_both_lost_their_answer(shop: Shop) -> None:
    first, second = twins(shop, "drop_after", "drop_after")
    for key, message in undecided(shop).items():
        assert f"these new items look like it: {first}, {second}" in message
        assert f"`catalog-sync adopt {key} ID`" in message
        assert f"`catalog-sync state rm goods.{key}`" in message
    assert undecided(shop).keys() == {"a", "b"}
    shop.called()
    shop.apply()
    assert shop.called() == []

    assert shop.command("adopt", "a", str(second)).code == 0
    shop.converges()
    assert (shop.bound("a"), shop.bound("b")) == (second, first)


def test_twins_of_which_one_was_made_and_adopted(shop: Shop) -> None:
    (made,) = twins(shop, "drop_after", "drop")
    assert undecided(shop).keys() == {"a", "b"}
    assert shop.command("adopt", "b", str(made)).code == 0
    shop.converges()
    assert shop.bound("b") == made


def test_twins_of_which_one_was_made_and_the_other_forgotten(shop: Shop) -> None:
    (made,) = twins(shop, "drop", "drop_after")
    assert shop.command("state", "rm", "goods.a").code == 0
    shop.converges()
    assert shop.bound("b") == made


def test_twins_that_were_both_forgotten_by_mistake(shop: Shop) -> None:
    made = twins(shop, "drop_after", "drop_after")
    for key in ("a", "b"):
        assert shop.command("state", "rm", f"goods.{key}").code == 0
    assert {reason for _, _, reason in shop.reasons().values()} == {"twin_exists"}
    for key, goods_id in zip("ab", made, strict=True):
        assert shop.command("adopt", key, str(goods_id)).code == 0
    shop.converges()


def test_twins_of_which_none_was_made(shop: Shop) -> None:
    assert twins(shop, "drop", "drop") == []
    shop.converges()


def test_a_stranger_that_resembles_it(shop: Shop) -> None:
    """A new item with the same price: somebody else's, or ours with another name? A person has to say."""
    shop.lists()
    shop.fault(ADD, "drop")
    shop.apply(code=1)
    stranger = shop.makes(name="水壶", url="pages/other")
    shop.passes()
    assert f"a new item resembles it: {stranger}" in undecided(shop)["mug"]
    assert shop.command("state", "rm", "goods.mug").code == 0
    shop.converges(Expected(strangers=frozenset({stranger})))


def test_a_replacement_whose_add_is_undecided(shop: Shop) -> None:
    """The adopted item becomes the successor; the next run deletes the old one."""
    shop.policy = {"locked_change": "replace"}
    shop.stocked("bystander", "mug")
    old = shop.bound()
    shop.lists(name="茶杯 新")
    shop.killed("answered", ADD)
    made = max(goods["goods_id"] for goods in shop.world)
    other = shop.makes(name="茶杯 新", url="pages/item?id=2")
    shop.passes()
    assert undecided(shop).keys() == {"mug"}
    assert shop.command("adopt", "mug", str(made)).code == 0
    (mug,) = [each for each in shop.state["bindings"] if each["address"] == "goods.mug"]
    assert (mug["current"]["remote_id"], mug["successor"]["remote_id"]) == (old, made)
    shop.converges(Expected(strangers=frozenset({other}), deleted=frozenset({old})))


def test_an_undecided_add_whose_key_was_renamed(shop: Shop) -> None:
    """It is bound to nothing yet, so there is no binding to move: the new name is held like the old one."""
    shop.stocked("bystander")
    shop.lists()
    shop.killed("answered", ADD)
    (made,) = [goods["goods_id"] for goods in shop.world if goods["name"] == "茶杯 mug"]
    shop.passes()
    shop.fault("list", "lost_row", goods_id=made, times=1000)
    shop.goods["cup"] = shop.goods.pop("mug")
    shop.sections["moved"] = {"mug": "cup"}
    message = undecided(shop)["cup"]
    assert "`catalog-sync adopt cup ID`" in message
    assert "`catalog-sync state rm goods.mug`" in message
    shop.called()
    shop.apply()
    assert shop.called() == []
    shop.converges()
    assert shop.bound("cup") == made


@pytest.mark.parametrize("verdict", ["approve", "reject"])
def test_a_verdict_on_an_add_whose_answer_was_lost(shop: Shop, verdict: str) -> None:
    shop.lists()
    shop.killed("answered", ADD)
    shop.verdict(verdict)
    shop.passes()
    if verdict == "approve":
        assert shop.plan("--detailed-exitcode")["summary"]["unchanged"] == 1
    else:
        assert shop.reasons()["mug"] == ("resubmit", "blocked", "rejected")
        shop.apply()
        shop.lists(name="茶杯 新")
    shop.converges()


@pytest.mark.parametrize("verdict", ["approve", "reject"])
def test_a_verdict_on_a_submission_whose_answer_was_lost(shop: Shop, verdict: str) -> None:
    shop.stocked("mug", verdict="reject")
    shop.lists(name="茶杯 新")
    shop.killed("answered", AUDIT)
    shop.verdict(verdict)
    shop.passes()
    if verdict == "reject":
        assert shop.reasons()["mug"] == ("resubmit", "blocked", "rejected")
        shop.apply()
        shop.apply("--resubmit", "goods.mug")
    shop.converges()


def test_a_submission_of_rejected_goods_that_was_not_done(shop: Shop) -> None:
    """The item is rejected before and after: nothing tells, so the run does not call it applied."""
    shop.stocked("mug", verdict="reject")
    shop.lists(name="茶杯 新")
    shop.fault(AUDIT, "drop")
    ended = shop.apply(code=1)
    assert ended.outcomes == {"mug": "in_doubt"}
    shop.passes()
    shop.apply()
    assert shop.reasons()["mug"] == ("resubmit", "blocked", "rejected")
    shop.apply("--resubmit", "goods.mug")
    shop.converges()


def test_a_plan_judges_in_memory(shop: Shop) -> None:
    shop.stocked("bystander", "mug", verdict="")
    shop.lists("done")
    shop.lists("lost", price="10.00")
    shop.lists("mug", name="茶杯 新")
    shop.killed("answered", ADD)  # mug's edit, and the first add
    shop.passes()
    before = shop.holds()
    assert shop.reasons() == {
        "bystander": ("unchanged", "waiting", "under_review"),
        "done": ("unchanged", "waiting", "under_review"),
        "lost": ("add", "ready", "new"),
        "mug": ("unchanged", "waiting", "under_review"),
    }
    assert shop.holds() == before
    assert shop.state["open"] == [{"address": "goods.done", "call": ADD}]
    shop.converges()


def test_a_plan_beside_a_run_that_is_writing(shop: Shop) -> None:
    shop.stocked("bystander")
    shop.lists()
    running = shop.held("begun", ADD)
    ended = shop.command("plan", "--format", "json")
    assert "another run is writing now" in ended.err
    (mug,) = [each for each in ended.document["changes"] if each["key"] == "mug"]
    assert (mug["disposition"], mug["reason"]) == ("waiting", "in_flight")
    running.goes_on()
    assert running.wait().code == 0
    shop.check()


def test_a_younger_row_is_waited_for(shop: Shop) -> None:
    shop.lists()
    shop.fault(ADD, "drop")
    shop.apply(code=1)
    ended = shop.apply(CATALOG_SYNC_SETTLE_AFTER="3s")
    assert WAITS in ended.err
    lost, sent = (call["time"] for call in shop.calls() if call["path"] == PATHS[ADD])
    assert sent - lost >= 3
    assert ended.outcomes == {"mug": "applied"}
    shop.converges()


def test_a_call_that_is_done_after_its_run_was_killed(shop: Shop) -> None:
    """The row has no end: its age counts from its beginning and the longest that a call may take."""
    shop.lists()
    shop.killed_under_way(ADD, "late", seconds=3.0)
    shop.passes(100, "leases")
    shop.passes(15, "entries")  # 5 of its 20 seconds are left: the call is done before them
    assert WAITS in shop.apply().err
    assert shop.called() == [UPLOAD, ADD]
    shop.converges()


@pytest.mark.parametrize("call", [ADD, DELETE])
def test_a_list_that_lags(shop: Shop, call: str) -> None:
    """The list shows the call's effect only later: what it does not show yet is no proof, while the row is young."""
    expected = Expected()
    if call == ADD:
        shop.lists()
    else:
        shop.stocked("bystander", "mug")
        expected = Expected(deleted=frozenset({shop.bound()}))
        shop.drops("mug")
    shop.fault(call, "drop_after")
    shop.control("clock", advance="1m")  # the list shows what was there before the call, not less
    shop.control("settings", list_lag_seconds=2.5, status_lag_seconds=2.5)
    try:
        assert shop.apply(code=1).outcomes == {"mug": "in_doubt"}
        shop.called()
        shop.apply(CATALOG_SYNC_SETTLE_AFTER="3s")
        assert shop.called() == []
    finally:
        shop.control("settings", list_lag_seconds=0, status_lag_seconds=0)
    shop.converges(expected)
