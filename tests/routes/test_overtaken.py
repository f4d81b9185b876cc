"""What happens between the plan and the call: the item went on, somebody was faster, the account may do less."""

from __future__ import annotations

from typing import Any

import pytest

from .calls import NAME, NEW_PRICE, PRICE, UPLOAD, add, audit, delete, update, withdraw
from .shop import APPROVED, IN_AUDIT, REJECTED, UNAUDITED, Shop

LISTS = 4
"""One look reads so many lists."""


def late(shop: Shop, **meanwhile: Any) -> None:
    """The item changes, and the next look does not see it yet."""
    shop.somebody_edits(**meanwhile)
    shop.fault("list", "lagging_list", times=LISTS)


def test_submitted_meanwhile__the_update_is_refused_and_nothing_remembered(shop: Shop) -> None:
    shop.lists()
    shop.bound(UNAUDITED)
    shop.lists(**NAME)
    late(shop, audit_status=1)
    made = shop.apply()
    assert made.of() == "resubmit ready content_changed"
    assert made.ended() == ("failed", 300010)
    assert shop.calls() == [update(**NAME)]
    assert shop.apply().ended() == ("applied", None)
    assert shop.calls() == [withdraw(), update(**NAME), audit()]
    shop.rests()


@pytest.mark.parametrize("code", [300017, 300009])
def test_approved_meanwhile__the_withdrawal_is_refused_and_the_next_plan_goes_by_what_it_is(
    shop: Shop, code: int
) -> None:
    shop.settings(withdraw_not_in_audit_code=code)
    shop.lists()
    shop.bound(IN_AUDIT)
    shop.lists(**NAME)
    late(shop, audit_status=2)
    assert shop.apply().ended() == ("failed", code)
    assert shop.calls() == [withdraw()]
    assert shop.apply().of() == "replace blocked locked_when_approved"
    assert shop.calls() == []


def test_rejected_meanwhile__the_price_is_refused_by_status_and_nothing_remembered(shop: Shop) -> None:
    shop.settings(rejected_update="refuse")
    shop.lists()
    shop.bound(APPROVED)
    shop.lists(**PRICE)
    late(shop, audit_status=3)
    assert shop.apply().ended() == ("failed", 300010)
    assert shop.state.facts == set()
    assert shop.state.refusals == {}
    assert shop.plan().of() == "resubmit ready price_changed"


def test_submitted_meanwhile__the_delete_is_refused_and_the_next_run_withdraws_first(shop: Shop) -> None:
    shop.lists()
    shop.lists("other", name="另一个茶杯")
    shop.bound(UNAUDITED)
    shop.drops("mug")
    late(shop, audit_status=1)
    assert shop.apply(target=["mug"]).ended() == ("failed", 300014)
    assert shop.calls() == [delete()]
    assert shop.apply(target=["mug"]).ended() == ("applied", None)
    assert shop.calls() == [withdraw(), delete()]


@pytest.mark.parametrize("code", [300015, 1003])
def test_deleted_meanwhile__that_is_what_we_wanted(shop: Shop, code: int) -> None:
    shop.settings(delete_missing_code=code)
    shop.lists()
    shop.lists("other", name="另一个茶杯")
    shop.bound(APPROVED)
    shop.drops("mug")
    shop.somebody_deletes(51)
    shop.fault("list", "lagging_list", times=LISTS)
    assert shop.apply().ended() == ("applied", None)
    assert shop.calls() == [delete()]
    assert shop.bound_to() == {"other": 52}
    shop.rests()


def test_deleted_meanwhile__an_update_is_refused_and_the_next_plan_adds(shop: Shop) -> None:
    shop.lists()
    shop.bound(APPROVED)
    shop.lists(**PRICE)
    shop.somebody_deletes(51)
    shop.fault("list", "lagging_list", times=LISTS)
    assert shop.apply().ended() == ("failed", 300015)
    assert shop.calls() == [update(**NEW_PRICE)]
    assert shop.apply().of() == "add ready lost_remotely"
    assert shop.calls() == [add(**NEW_PRICE)]
    shop.rests()


def test_new_prices_are_reviewed_again(shop: Shop) -> None:
    """Where the platform does so, the item is under review with an auditId that we do not know."""
    shop.settings(approved_price_update="reviewed_again")
    shop.lists()
    shop.bound(APPROVED)
    shop.lists(**PRICE)
    assert shop.apply().ended() == ("applied", None)
    assert shop.calls() == [update(**NEW_PRICE)]
    assert shop.plan().of() == "unchanged waiting under_review"
    shop.lists(**NAME)
    assert shop.apply().ended() == ("failed", 300009)
    shop.calls()
    assert shop.plan().of() == "resubmit waiting audit_id_unknown"
    shop.rests()


def test_resubmit_is_no_reason_to_touch_what_is_equal(shop: Shop) -> None:
    shop.lists()
    shop.bound(IN_AUDIT)
    assert shop.apply(resubmit=["mug"]).of() == "unchanged waiting under_review"
    shop.verdict("approve")
    assert shop.apply(resubmit=["mug"]).of() == "nothing"
    assert shop.calls() == []


def test_the_catalogue_takes_over_what_the_platform_shows(shop: Shop) -> None:
    """A field whose desired value is the observed one never differs, whatever we sent."""
    shop.settings(text_on_read="normalised")
    shop.lists()
    shop.bound(APPROVED, looked_at=True)
    shop.lists(name="茶杯 &amp; 茶托", url="pages/item/item.html?id=mug&amp;from=a")
    assert shop.apply().of() == "nothing"
    assert shop.calls() == []
    shop.rests()
    shop.lists(name="茶杯 & 茶托")  # sent once, but by now ours is the other spelling
    assert shop.plan().of() == "replace blocked locked_when_approved"


def test_the_account_may_not_submit__deletes_and_withdrawals_go_on(shop: Shop) -> None:
    shop.lists()
    shop.lists("gone", name="要删的茶杯")
    shop.lists("waits", name="在审的茶杯")
    shop.bound(IN_AUDIT)
    shop.becomes(APPROVED, 52)
    shop.drops("gone", "waits")
    shop.lists("new", name="新的茶杯")
    shop.lists("newer", name="更新的茶杯")
    shop.fault("add", "errcode", code=300001, times=9)
    made = shop.apply()
    assert made.ended("new") == ("failed", 300001)
    assert made.ended("newer") == ("skipped", 300001)
    assert shop.called() == ["add", "delete", "withdraw", "delete"]
    assert shop.bound_to() == {"mug": 51}


def test_a_failed_step_ends_its_route_and_the_next_run_goes_on_from_there(shop: Shop) -> None:
    shop.lists()
    shop.bound(IN_AUDIT)
    shop.lists(**NAME)
    shop.fault("audit", "errcode", code=300012)
    made = shop.apply()
    assert made.outcome().outcome == "skipped"
    assert shop.calls() == [withdraw(), update(**NAME), audit()]
    assert shop.plan().of() == "resubmit deferred unaudited"  # that pool is empty for today
    shop.rests()
    shop.clock("24h")
    assert shop.apply().of() == "resubmit ready unaudited"
    assert shop.calls() == [audit()]
    shop.rests()


@pytest.mark.parametrize("status", [UNAUDITED, REJECTED])
def test_three_edits_in_three_runs(rewriting_shop: Shop, status: str) -> None:
    rewriting_shop.lists()
    rewriting_shop.bound(status, looked_at=True)
    sent = []
    for number, name in enumerate(("一号茶杯 & 托", "二号茶杯 & 托", "三号茶杯 & 托"), start=1):
        rewriting_shop.lists(name=name)
        rewriting_shop.apply()
        sent += ([withdraw(submission=number)] if number > 1 else []) + [update(name=name), audit()]
    assert rewriting_shop.calls() == sent
    rewriting_shop.rests()
    rewriting_shop.verdict("approve")
    rewriting_shop.rests()
    goods = rewriting_shop.goods()
    assert goods is not None
    assert goods["name"] == "三号茶杯 & 托"


def test_the_whole_life_of_an_item(rewriting_shop: Shop) -> None:
    rewriting_shop.lists()
    rewriting_shop.lists("other", name="另一个茶杯")
    rewriting_shop.apply(target=["mug"])
    assert rewriting_shop.calls() == [UPLOAD, add()]
    rewriting_shop.verdict("reject")
    rewriting_shop.lists(**NAME)
    rewriting_shop.apply(target=["mug"])
    assert rewriting_shop.calls() == [update(**NAME), audit()]
    rewriting_shop.verdict("approve")
    rewriting_shop.lists(**PRICE)
    rewriting_shop.apply(target=["mug"])
    assert rewriting_shop.calls() == [update(**NEW_PRICE)]
    rewriting_shop.lists(name="再一个茶杯", locked_change="replace")
    rewriting_shop.apply(target=["mug"])
    assert rewriting_shop.calls() == [add(name="再一个茶杯", **NEW_PRICE), delete()]
    rewriting_shop.drops("mug")
    rewriting_shop.apply(target=["mug"])
    assert rewriting_shop.calls() == [withdraw(52, submission=3), delete(52)]
    assert rewriting_shop.goods_ids() == []
