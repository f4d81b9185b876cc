"""Items with a call whose answer was lost: what looking tells is taken over, what it does not tell stops the item."""

from __future__ import annotations

import time
from datetime import date
from typing import Any

import pytest

from catalog_sync.core import journal
from catalog_sync.core.errors import UsageError
from catalog_sync.core.model import Address, Verb
from catalog_sync.core.ports import Holder

from .calls import NAME, PRICE, UPLOAD, add, audit, delete, update, withdraw
from .shop import APPROVED, IN_AUDIT, REJECTED, UNAUDITED, Shop

LOST = ["drop", "busy", "http_503", "garbage", "half_body"]


def undecided(shop: Shop) -> None:
    """An add that was lost and not done, while something new looks like it: 51, at another price."""
    shop.lists()
    shop.fault("add", "busy")
    assert shop.apply().ended() == ("in_doubt", -1)
    shop.api_goods(price=80)
    shop.calls()


@pytest.mark.parametrize("kind", LOST)
def test_an_add_that_was_done__applied_in_the_end(rewriting_shop: Shop, kind: str) -> None:
    rewriting_shop.lists()
    rewriting_shop.fault("add", f"{kind}_after")
    made = rewriting_shop.apply()
    assert made.ended() == ("applied", None)
    assert made.outcome().remote_id == 51
    assert rewriting_shop.calls() == [UPLOAD, add()]
    rewriting_shop.rests()
    rewriting_shop.lists(**NAME)
    assert rewriting_shop.apply().of() == "resubmit waiting audit_id_unknown"
    assert rewriting_shop.calls() == []


@pytest.mark.parametrize("kind", LOST)
def test_an_add_that_was_not_done__sent_again_by_the_next_run(shop: Shop, kind: str) -> None:
    shop.lists()
    shop.fault("add", kind)
    made = shop.apply()
    assert made.outcome().outcome == "in_doubt"
    assert made.result.summary["remaining"] == 1
    assert shop.calls() == [UPLOAD, add()]
    assert shop.apply().ended() == ("applied", None)
    assert shop.calls() == [add()]
    assert shop.goods_ids() == [51]
    shop.rests()


def test_made_but_not_submitted__found_and_submitted(shop: Shop) -> None:
    shop.lists()
    shop.fault("add", "add_300021")
    assert shop.apply().ended() == ("applied", None)
    shop.calls()
    assert shop.apply().of() == "resubmit ready unaudited"
    assert shop.calls() == [audit()]
    shop.rests()


def test_undecided_wins_over_the_twin(shop: Shop) -> None:
    undecided(shop)
    made = shop.apply()
    assert made.of() == "add blocked in_doubt"
    assert "adopt mug ID" in made.change().message
    assert "state rm goods.mug" in made.change().message
    assert shop.calls() == []
    shop.rests()


def test_undecided_wins_over_allow_twin_and_resubmit(shop: Shop) -> None:
    undecided(shop)
    assert shop.apply(allow_twin=["mug"], resubmit=["mug"]).of() == "add blocked in_doubt"
    assert shop.calls() == []


def test_undecided_until_adopted(shop: Shop) -> None:
    undecided(shop)
    shop.adopt("mug", 51)
    assert shop.apply().of() == "update ready price_changed"
    assert shop.calls() == [update(priceType=1, price=99.5)]
    shop.rests()


def test_undecided_until_the_row_is_removed(shop: Shop) -> None:
    undecided(shop)
    done = shop.run("state", "rm", "goods.mug")
    assert (done.returncode, done.stderr) == (0, "")
    assert shop.apply().of() == "add blocked twin_exists"
    assert shop.apply(allow_twin=["mug"]).of() == "add ready new"


def test_undecided_stops_its_item_never_the_plan(shop: Shop) -> None:
    undecided(shop)
    shop.lists("other", name="另一个茶杯")
    made = shop.apply()
    assert made.of() == "add blocked in_doubt"
    assert made.of("other") == "add ready new"
    assert shop.called() == ["add"]


def test_undecided_and_no_longer_desired(shop: Shop) -> None:
    undecided(shop)
    shop.lists("other", name="另一个茶杯")
    shop.drops("mug")
    assert shop.apply(target=["other"]).of("other") == "add ready new"
    assert shop.called() == ["add"]


def test_two_equal_adds_lost__undecided_together_and_decided_one_by_one(shop: Shop) -> None:
    for key in ("left", "right"):
        shop.lists(key, url="pages/same/same")
    shop.fault("add", "drop_after", times=2)
    made = shop.apply()
    assert [made.ended("left"), made.ended("right")] == [("in_doubt", None)] * 2
    assert shop.goods_ids() == [51, 52]
    shop.calls()
    made = shop.apply()
    assert [made.of("left"), made.of("right")] == ["add blocked in_doubt"] * 2
    assert shop.calls() == []
    shop.adopt("left", 52)
    shop.rests()
    assert shop.bound_to() == {"left": 52, "right": 51}


def replaced_in_doubt(shop: Shop) -> None:
    """The add of a replacement was lost, and looking does not tell which new item it made."""
    shop.lists()
    shop.bound(APPROVED)
    shop.lists(**NAME, locked_change="replace")
    shop.fault("add", "busy")
    assert shop.apply().ended() == ("in_doubt", -1)
    assert shop.called() == ["add"]
    shop.api_goods(**NAME, price=80)


@pytest.mark.parametrize("edit", [{}, PRICE, {"name": "第三个茶杯名字"}])
def test_undecided_wins_over_the_row_of_approved_goods(shop: Shop, edit: dict[str, Any]) -> None:
    replaced_in_doubt(shop)
    shop.lists(**edit)
    assert shop.apply().of() == "replace blocked in_doubt"
    assert shop.calls() == []


def test_undecided_wins_over_the_row_of_goods_not_desired(shop: Shop) -> None:
    shop.lists("other", name="另一个茶杯")
    replaced_in_doubt(shop)
    shop.drops("mug")
    assert shop.apply().of() == "delete blocked in_doubt"
    assert shop.calls() == []


def test_undecided_wins_over_moved(shop: Shop) -> None:
    replaced_in_doubt(shop)
    shop.entries["cup"] = shop.entries.pop("mug")
    shop.says(moved={"mug": "cup"})
    assert shop.apply().of("cup") == "replace blocked in_doubt"
    assert shop.calls() == []
    assert shop.bound_to() == {"mug": 51}


def test_undecided_during_a_replacement_and_adopted__becomes_the_successor(shop: Shop) -> None:
    replaced_in_doubt(shop)
    shop.adopt("mug", 52)
    made = shop.apply()
    assert made.of() == "delete ready superseded"
    assert shop.calls() == [delete()]
    assert shop.bound_to() == {"mug": 52}


def test_the_successor_that_was_adopted_is_told_and_takes_no_second_one(shop: Shop) -> None:
    replaced_in_doubt(shop)
    other = shop.api_goods(name="另一个茶杯")
    done = shop.run("adopt", "mug", "52")
    assert (done.returncode, done.stdout) == (0, "goods.mug is bound to 52.\nAdopted: 1 · Not clear: 0\n")
    with pytest.raises(UsageError, match=r"^goods\.mug is bound to 51$"):
        shop.adopt("mug", other)


def test_a_key_whose_update_is_undecided_takes_no_successor(shop: Shop) -> None:
    """Else the next apply would delete the goods on sale for an item that was never meant to replace them."""
    shop.lists()
    shop.bound(APPROVED)
    other = shop.api_goods(name="另一个茶杯")
    entry = journal.Entry(
        Address("goods.mug"), "update", Verb.UPDATE, "update", date(2026, 11, 21), "sha256:00", remote_id=51,
        fields={"name": "第二个茶杯名字"}, began_at=time.time() - 60,
    )  # fmt: skip
    store = shop._tools()[2].store
    lease = store.acquire(Holder("ops", "here", 1, "apply"), time.time())
    store.begin(entry, lease.epoch)
    store.release(lease)
    shop.fault("list", "lost_row", goods_id=51, times=99)
    shop.fault("status", "status_omits", goods_id=51, times=99)
    done = shop.run("adopt", "mug", str(other))
    assert (done.returncode, done.stderr) == (
        1,
        "Error: goods.mug is bound to 51\nHint: `catalog-sync state rm goods.mug` forgets that first\n",
    )
    assert [entry.call for entry in shop.state.open_entries] == ["update"]


def test_a_lost_item_whose_second_add_is_undecided__takes_the_place(shop: Shop) -> None:
    shop.lists()
    shop.bound(APPROVED, looked_at=True)
    shop.somebody_deletes(51)
    shop.fault("add", "busy")
    assert shop.apply().ended() == ("in_doubt", -1)
    other = shop.api_goods(price=80)
    assert shop.plan().of() == "add blocked in_doubt"
    shop.adopt("mug", other)
    assert shop.bound_to() == {"mug": other}
    assert shop.plan().of() == "update ready price_changed"


def test_the_add_of_a_replacement_that_was_done__the_old_one_goes_in_the_next_run(shop: Shop) -> None:
    shop.lists()
    shop.bound(APPROVED)
    shop.lists(**NAME, locked_change="replace")
    shop.fault("add", "drop_after")
    made = shop.apply()
    error = made.outcome().error
    assert made.outcome().outcome == "skipped"
    assert error is not None
    assert error.code == "interrupted"
    assert shop.called() == ["add"]
    assert shop.apply().of() == "delete ready superseded"
    assert shop.calls() == [delete()]
    assert shop.bound_to() == {"mug": 52}
    shop.rests()


@pytest.mark.parametrize("done", [True, False], ids=["done", "not done"])
def test_an_update_of_approved_goods_whose_answer_was_lost(rewriting_shop: Shop, done: bool) -> None:
    rewriting_shop.lists()
    rewriting_shop.bound(APPROVED)
    rewriting_shop.lists(**PRICE)
    rewriting_shop.fault("update", "drop_after" if done else "drop")
    assert rewriting_shop.apply().ended() == (("applied", None) if done else ("in_doubt", None))
    rewriting_shop.calls()
    rewriting_shop.apply()
    assert rewriting_shop.calls() == ([] if done else [update(priceType=1, price=89.0)])
    rewriting_shop.rests()


@pytest.mark.parametrize("done", [True, False], ids=["done", "not done"])
@pytest.mark.parametrize(
    ("name", "status", "rest_if_done", "rest_if_not"),
    [
        ("resetaudit", IN_AUDIT, ["update", "audit"], ["withdraw", "update", "audit"]),
        ("update", UNAUDITED, ["audit"], ["update", "audit"]),
        # Rejected goods go by what was submitted, and the new name was not yet: the update is sent again.
        ("update", REJECTED, ["update", "audit"], ["update", "audit"]),
        ("audit", UNAUDITED, [], ["audit"]),
    ],
)
def test_a_step_in_the_middle_whose_answer_was_lost__the_next_run_goes_on_from_there(
    rewriting_shop: Shop, name: str, status: str, rest_if_done: list[str], rest_if_not: list[str], done: bool
) -> None:
    rewriting_shop.lists()
    rewriting_shop.bound(status)
    rewriting_shop.lists(**NAME)
    rewriting_shop.fault(name, "drop_after" if done else "drop")
    rewriting_shop.apply()
    rewriting_shop.calls()
    rewriting_shop.apply()
    assert rewriting_shop.called() == (rest_if_done if done else rest_if_not)
    goods = rewriting_shop.goods()
    assert goods is not None
    assert (goods["name"], goods["audit_status"]) == (NAME["name"], 1)
    rewriting_shop.rests()


def test_a_resubmission_of_rejected_goods_whose_answer_was_lost_and_rejected_again(shop: Shop) -> None:
    shop.lists()
    shop.bound(REJECTED)
    shop.lists(**NAME)
    shop.fault("audit", "drop_after")
    shop.apply()
    shop.verdict("reject")
    shop.calls()
    made = shop.apply()
    assert made.of() == "resubmit blocked rejected"
    assert "--resubmit" in made.change().message
    assert shop.calls() == []


@pytest.mark.parametrize("done", [True, False], ids=["done", "not done"])
def test_a_delete_whose_answer_was_lost(shop: Shop, done: bool) -> None:
    shop.lists()
    shop.lists("other", name="另一个茶杯")
    shop.bound(APPROVED)
    shop.drops("mug")
    shop.fault("delete", "drop_after" if done else "drop")
    shop.apply()
    assert shop.calls() == [delete()]
    shop.apply()
    assert shop.calls() == ([] if done else [delete()])
    assert shop.bound_to() == {"other": 52}
    shop.rests()


def test_a_deleted_item_is_deleted_already(shop: Shop) -> None:
    """A list can still show what is gone: 300015 on delete means landed."""
    shop.lists()
    shop.lists("other", name="另一个茶杯")
    shop.bound(APPROVED)
    shop.drops("mug")
    shop.fault("delete", "errcode", code=300015)
    assert shop.apply().ended() == ("applied", None)
    assert shop.bound_to() == {"other": 52}


def test_a_withdrawal_that_landed_and_nothing_else__the_next_run_changes_and_submits(shop: Shop) -> None:
    shop.lists()
    shop.bound(IN_AUDIT)
    shop.lists(**NAME)
    shop.fault("update", "errcode", code=300010)
    shop.apply()
    assert shop.calls() == [withdraw(), update(**NAME)]
    assert shop.plan(resubmit=["mug"]).steps() == ["update", "audit"]
