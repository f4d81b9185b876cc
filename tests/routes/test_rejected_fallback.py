"""An app that takes no change to rejected goods: the first apply learns it, from then on they are added anew."""

from __future__ import annotations

import pytest

from .calls import COVER, NAME, NEW_COVER, NEW_PRICE, PRICE, UPLOAD, add, audit, delete, update
from .shop import REJECTED, Shop


def learns(shop: Shop, switch: str) -> None:
    """Let the app refuse, and us meet that once."""
    shop.settings(**{switch: "refuse"})
    shop.lists()
    shop.bound(REJECTED)
    shop.lists(**NAME)
    made = shop.apply()
    assert made.of() == "resubmit ready content_changed"
    assert made.ended() == ("failed", 300010)
    assert shop.calls() == [update(**NAME), audit()][: 1 if switch == "rejected_update" else 2]
    assert shop.state.facts == {"rejected_update_refused"}


@pytest.mark.parametrize("switch", ["rejected_update", "rejected_audit"])
def test_the_next_apply_adds_and_deletes(rewriting_shop: Shop, switch: str) -> None:
    learns(rewriting_shop, switch)
    rewriting_shop.lists(**COVER, **PRICE)
    made = rewriting_shop.apply()
    assert made.of() == "resubmit ready content_changed"
    assert made.steps() == ["upload", "add", "delete"]
    assert made.summary == {"resubmit": 1, "ready": 1}
    assert rewriting_shop.calls() == [UPLOAD, add(**NAME, **NEW_COVER, **NEW_PRICE), delete()]
    assert rewriting_shop.bound_to() == {"mug": 52}
    rewriting_shop.rests()


def test_rejected_update_allowed_but_not_the_audit_of_what_became_unaudited(rewriting_shop: Shop) -> None:
    rewriting_shop.settings(rejected_audit="refuse", rejected_update_makes="unaudited")
    rewriting_shop.lists()
    rewriting_shop.bound(REJECTED)
    rewriting_shop.lists(**NAME)
    assert rewriting_shop.apply().ended() == ("applied", None)
    assert rewriting_shop.calls() == [update(**NAME), audit()]
    assert rewriting_shop.state.facts == set()


def test_learnt_for_one_item_it_holds_for_all(shop: Shop) -> None:
    learns(shop, "rejected_update")
    shop.drops("mug")
    shop.lists("other", name="另一个茶杯")
    shop.apply()
    shop.verdict("reject")
    shop.lists("other", name="再一个茶杯")
    assert shop.plan().steps("other") == ["upload", "add", "delete"]


def test_nothing_edited__still_held(shop: Shop) -> None:
    learns(shop, "rejected_update")
    shop.lists(name="茶杯 & 茶托")
    assert shop.plan().of() == "resubmit blocked rejected"
    assert shop.plan(resubmit=["mug"]).steps() == ["upload", "add", "delete"]


def test_protected__blocked(shop: Shop) -> None:
    learns(shop, "rejected_update")
    shop.lists(protect=True)
    assert shop.apply().of() == "resubmit blocked protected"
    assert shop.calls() == []


def test_cover_keep__blocked(shop: Shop) -> None:
    learns(shop, "rejected_update")
    shop.lists(cover="keep")
    assert shop.apply().of() == "resubmit blocked cover_needed"
    assert shop.calls() == []


def test_it_does_not_count_as_deletes(shop: Shop) -> None:
    keys = shop.lists_many(5)
    shop.settings(rejected_update="refuse")
    shop.says(policy={"max_deletes": 0})
    shop.bound(REJECTED)
    for key in keys:
        shop.lists(key, price="89")
    shop.apply(target=["item-1"])
    shop.calls()
    made = shop.apply()
    assert made.hazards == []
    assert shop.called() == ["add", "delete"] * 5


def test_the_add_fails__the_old_one_stays(shop: Shop) -> None:
    learns(shop, "rejected_update")
    shop.fault("add", "errcode", code=300004)
    assert shop.apply().ended() == ("failed", 300004)
    assert shop.called() == ["add"]
    assert shop.goods_ids() == [51]


def test_the_delete_fails__the_next_run_deletes_and_adds_nothing(shop: Shop) -> None:
    learns(shop, "rejected_update")
    shop.says(policy={"max_deletes": 0})
    shop.fault("delete", "errcode", code=48003)
    assert shop.apply().outcome().outcome != "applied"
    assert shop.called() == ["add", "delete"]
    made = shop.apply()
    assert made.of() == "delete ready superseded"
    assert made.hazards == []
    assert shop.calls() == [delete()]
    assert shop.bound_to() == {"mug": 52}
    shop.rests()
