"""Keys and bindings: prune, protect, moved, adopt, removed (rules section 3, below the table)."""

from __future__ import annotations

from typing import Any

import pytest

from .calls import COVER, DISCOUNT, LISTED, NAME, NEW_PRICE, PRICE, UPLOAD, URL, add, audit, delete, update, withdraw
from .shop import APPROVED, IN_AUDIT, REJECTED, UNAUDITED, Shop

MOVED = {"mug": "cup"}


def two(shop: Shop, status: str = APPROVED) -> None:
    """A mug (51) and another item (52), both bound."""
    shop.lists()
    shop.lists("other", name="另一个茶杯")
    shop.bound(status)


def renames(shop: Shop, **edit: Any) -> None:
    """The mug gets another key, and its entry perhaps other values."""
    shop.entries["cup"] = shop.entries.pop("mug")
    shop.lists("cup", **edit)
    shop.says(moved=MOVED)


# ---- prune


def test_prune_false__stays_bound_with_a_notice(shop: Shop) -> None:
    two(shop)
    shop.drops("mug")
    shop.says(policy={"prune": False})
    made = shop.apply()
    assert made.of() == "nothing"
    assert made.notices == [("not_pruned", "goods.mug")]
    assert shop.calls() == []
    assert shop.bound_to() == {"mug": 51, "other": 52}


def test_no_prune__stays_bound_with_a_notice_for_this_run(shop: Shop) -> None:
    two(shop)
    shop.drops("mug")
    made = shop.apply(no_prune=True)
    assert made.of() == "nothing"
    assert made.notices == [("not_pruned", "goods.mug")]
    assert shop.calls() == []
    assert shop.apply().of() == "delete ready not_in_catalogue"
    assert shop.calls() == [delete()]
    assert shop.bound_to() == {"other": 52}
    shop.rests()


# ---- protect


def test_protected_and_not_desired__blocked_after_the_entry_left_the_catalogue(shop: Shop) -> None:
    shop.lists(protect=True)
    two(shop)
    shop.drops("mug")
    assert shop.apply().of() == "delete blocked protected"
    assert shop.calls() == []
    shop.says(removed=["mug"])
    assert shop.apply().of() == "forget ready removed"
    assert shop.calls() == []


def test_protect_alone_is_recorded_at_every_apply(shop: Shop) -> None:
    two(shop)
    shop.lists(protect=True)
    assert shop.apply().of() == "nothing"
    shop.drops("mug")
    assert shop.plan().of() == "delete blocked protected"


def test_no_longer_protected(shop: Shop) -> None:
    shop.lists(protect=True)
    two(shop)
    shop.lists(protect=False)
    shop.apply()
    shop.drops("mug")
    assert shop.plan().of() == "delete ready not_in_catalogue"


def test_protected_and_content_edited_under_replace__blocked_but_the_price_goes(shop: Shop) -> None:
    shop.lists(protect=True)
    shop.bound(APPROVED)
    shop.says(policy={"locked_change": "replace"})
    shop.lists(**NAME)
    assert shop.apply().of() == "replace blocked protected"
    shop.lists(**PRICE)
    made = shop.apply()
    assert made.of() == "update ready price_changed"
    assert made.held() == [(("name",), "protected")]
    assert shop.calls() == [update(**NEW_PRICE)]
    shop.rests()


# ---- moved


def test_moved_alone__a_change_without_a_call(rewriting_shop: Shop) -> None:
    two(rewriting_shop)
    renames(rewriting_shop)
    made = rewriting_shop.apply()
    assert made.of("cup") == "move ready moved"
    assert made.change("cup").previous == "goods.mug"
    assert made.document["changes"][0]["previous_address"] == "goods.mug"
    assert made.summary == {"move": 1, "unchanged": 1, "ready": 1}
    assert made.outcome("cup").outcome == "applied"
    assert rewriting_shop.calls() == []
    assert rewriting_shop.bound_to() == {"cup": 51, "other": 52}
    assert rewriting_shop.plan().of("cup") == "nothing"  # the line may stay in the file
    rewriting_shop.rests()


@pytest.mark.parametrize("named", ["mug", "cup"])
def test_moved__either_name_selects(shop: Shop, named: str) -> None:
    two(shop)
    renames(shop)
    assert shop.plan(target=[named]).of("cup") == "move ready moved"
    assert shop.plan(exclude=[named]).of("cup") == "nothing"


@pytest.mark.parametrize("selection", [{"target": ["mug"]}, {"exclude": ["cup"]}, {"target": ["other"]}, {}])
def test_moved__the_source_is_never_deleted(shop: Shop, selection: dict[str, list[str]]) -> None:
    two(shop)
    renames(shop)
    assert shop.apply(**selection).of("mug") == "nothing"
    assert shop.calls() == []
    assert shop.goods_ids() == [51, 52]


def test_moved_with_a_price_edited__one_change_with_the_stronger_action(shop: Shop) -> None:
    two(shop)
    renames(shop, **PRICE)
    made = shop.apply()
    assert made.of("cup") == "update ready price_changed"
    assert made.change("cup").previous == "goods.mug"
    assert made.of("mug") == "nothing"
    assert shop.calls() == [update(**NEW_PRICE)]
    assert shop.bound_to() == {"cup": 51, "other": 52}
    shop.rests()


def test_moved_with_content_edited_in_audit__withdraw_update_audit(shop: Shop) -> None:
    two(shop, IN_AUDIT)
    renames(shop, **NAME)
    made = shop.apply()
    assert made.of("cup") == "resubmit ready content_changed"
    assert made.change("cup").previous == "goods.mug"
    assert shop.calls() == [withdraw(), update(**NAME), audit()]
    shop.rests()


def test_moved_with_content_locked__the_move_goes_and_the_content_is_held(shop: Shop) -> None:
    two(shop)
    renames(shop, **NAME)
    made = shop.apply()
    assert made.of("cup") == "move ready moved"
    assert made.held("cup") == [(("name",), "locked_when_approved")]
    assert shop.calls() == []
    assert shop.bound_to() == {"cup": 51, "other": 52}
    assert shop.plan().of("cup") == "replace blocked locked_when_approved"


def test_moved_and_replaced(shop: Shop) -> None:
    two(shop)
    renames(shop, **NAME, locked_change="replace")
    made = shop.apply()
    assert made.of("cup") == "replace ready content_changed"
    assert shop.calls() == [add(**NAME), delete()]
    assert shop.bound_to() == {"cup": 53, "other": 52}
    shop.rests()


def test_moved_and_lost__added_under_the_new_key(shop: Shop) -> None:
    two(shop)
    shop.somebody_deletes(51)
    renames(shop)
    assert shop.apply().of("cup") == "add ready lost_remotely"
    assert shop.called() == ["add"]
    assert shop.bound_to() == {"cup": 53, "other": 52}
    shop.rests()


def test_moved_onto_a_bound_key__blocked_and_nothing_is_deleted(shop: Shop) -> None:
    two(shop)
    shop.drops("mug")
    shop.says(moved={"mug": "other"})
    made = shop.apply()
    assert made.of("other") == "unchanged blocked already_bound"
    assert made.of("mug") == "delete blocked already_bound"
    assert shop.calls() == []
    assert shop.bound_to() == {"mug": 51, "other": 52}


def test_a_protected_item_that_moves_stays_protected(shop: Shop) -> None:
    shop.lists(protect=True)
    two(shop)
    renames(shop)
    shop.apply()
    shop.drops("cup")
    shop.says(moved={})
    assert shop.plan().of("cup") == "delete blocked protected"


def test_a_rename_without_moved__delete_and_add_and_a_warning(shop: Shop) -> None:
    two(shop)
    shop.entries["cup"] = shop.entries.pop("mug")
    made = shop.plan()
    assert made.of("cup") == "add ready new"
    assert made.of("mug") == "delete ready not_in_catalogue"
    assert made.notices == [("looks_like_a_rename", "goods.cup")]


# ---- adopt


def adopts(shop: Shop, remote_id: int, **edit: Any) -> None:
    """The catalogue adopts an item for the mug."""
    shop.lists(**edit)
    shop.says(adopt={"mug": remote_id})


def test_adopt_equal__no_call(rewriting_shop: Shop) -> None:
    adopts(rewriting_shop, rewriting_shop.api_goods())
    made = rewriting_shop.apply()
    assert made.of() == "adopt ready adopted"
    assert made.summary == {"adopt": 1, "ready": 1}
    assert made.document["unmanaged"] == {"count": 0, "console_made": 0}
    assert rewriting_shop.calls() == []
    assert rewriting_shop.bound_to() == {"mug": 51}
    assert rewriting_shop.plan().of() == "nothing"  # the line may stay in the file
    rewriting_shop.rests()


@pytest.mark.parametrize(
    ("theirs", "status"),
    [
        ({"name": " 茶杯 &amp;  茶托 "}, APPROVED),
        ({"url": "/pages/item/item.html?id=mug&amp;from=a"}, APPROVED),
        ({"coverImgUrl": "https://mmbiz.qpic.cn/theirs"}, APPROVED),
        ({}, IN_AUDIT),
        ({}, REJECTED),
    ],
)
def test_adopt_equal_when_folded__no_call(shop: Shop, theirs: dict[str, Any], status: str) -> None:
    adopts(shop, shop.api_goods(status, **theirs))
    assert shop.apply().of() == "adopt ready adopted"
    assert shop.calls() == []
    shop.rests()


def test_adopt_with_a_price_edited__update(shop: Shop) -> None:
    adopts(shop, shop.api_goods(), **DISCOUNT)
    made = shop.apply()
    assert made.of() == "update ready price_changed"
    assert shop.calls() == [update(priceType=3, price=99.5, price2=79.0)]
    assert shop.bound_to() == {"mug": 51}
    shop.rests()


@pytest.mark.parametrize("rule", ["block", "replace"])
def test_adopt_with_content_edited__the_run_that_adopts_does_not_replace(rewriting_shop: Shop, rule: str) -> None:
    rewriting_shop.says(policy={"locked_change": rule})
    adopts(rewriting_shop, rewriting_shop.api_goods(), **NAME)
    made = rewriting_shop.apply()
    assert made.of() == "adopt ready adopted"
    assert made.held() == [(("name",), "locked_when_approved" if rule == "block" else "just_adopted")]
    assert rewriting_shop.calls() == []
    assert rewriting_shop.bound_to() == {"mug": 51}
    made = rewriting_shop.apply()
    if rule == "block":
        assert made.of() == "replace blocked locked_when_approved"
        assert rewriting_shop.calls() == []
    else:
        assert made.of() == "replace ready content_changed"
        assert rewriting_shop.calls() == [UPLOAD, add(**NAME), delete()]
    rewriting_shop.rests()


def test_adopt_with_content_and_price_edited__the_price_goes_in_the_same_run(shop: Shop) -> None:
    shop.says(policy={"locked_change": "replace"})
    adopts(shop, shop.api_goods(), **NAME, **PRICE)
    made = shop.apply()
    assert made.of() == "update ready price_changed"
    assert made.held() == [(("name",), "just_adopted")]
    assert shop.calls() == [update(**NEW_PRICE)]


def test_adopt_unaudited_and_rejected_with_content_edited__update_audit(shop: Shop) -> None:
    for number, status in enumerate((UNAUDITED, REJECTED)):
        shop.lists(f"item-{number}", **NAME, **URL)
        shop.says(adopt=shop.top.get("adopt", {}) | {f"item-{number}": shop.api_goods(status)})
    shop.apply()
    assert shop.calls() == [update(51, **NAME, **URL), audit(51), update(52, **NAME, **URL), audit(52)]
    shop.rests()


def test_adopt_in_audit_with_content_edited__adopted_and_held_for_its_audit_id_is_unknown(shop: Shop) -> None:
    adopts(shop, shop.api_goods(IN_AUDIT), **NAME)
    made = shop.apply()
    assert made.of() == "adopt ready adopted"
    assert made.held() == [(("name",), "audit_id_unknown")]
    assert shop.calls() == []
    assert shop.plan().of() == "resubmit waiting audit_id_unknown"


def test_adopt_keep(shop: Shop) -> None:
    adopts(shop, shop.api_goods(), cover="keep")
    assert shop.apply().of() == "adopt ready adopted"
    shop.rests()
    shop.lists(**COVER)
    assert shop.plan().of() == "replace blocked locked_when_approved"


def cannot_be_deleted_one(shop: Shop) -> int:
    """An id that we deleted ourselves and that a list may still show."""
    two(shop)
    shop.drops("mug")
    shop.apply()
    shop.calls()
    shop.settings(list_lag_seconds=3600)
    return 51


def an_item_of_another_key(shop: Shop) -> int:
    """An id that is bound."""
    two(shop)
    return 52


@pytest.mark.parametrize(
    "which",
    {
        "an id that does not exist": lambda _shop: 4711,
        "an item of the console": lambda shop: shop.console_goods(),
        "an item of another key": an_item_of_another_key,
        "an item that we deleted": cannot_be_deleted_one,
    }.items(),
    ids=lambda which: which[0],
)
def test_cannot_adopt__blocked_and_never_added(shop: Shop, which: tuple[str, Any]) -> None:
    remote_id = which[1](shop)
    shop.entries.pop("mug", None)
    shop.lists("new", **NAME, url=LISTED["url"])
    shop.says(adopt={"new": remote_id}, removed=["mug"])
    made = shop.apply()
    assert made.of("new") == "add blocked cannot_adopt"
    assert shop.calls() == []
    shop.rests()


def test_adopt_of_a_bound_key_is_ignored(shop: Shop) -> None:
    two(shop)
    theirs = shop.api_goods(name="第三个茶杯")
    shop.says(adopt={"mug": theirs})
    assert shop.apply().of() == "nothing"
    assert shop.calls() == []
    assert shop.bound_to() == {"mug": 51, "other": 52}


def test_moved_goes_before_adopt(shop: Shop) -> None:
    """What moves to a key binds it; the adoption of that key comes too late."""
    two(shop)
    renames(shop)
    shop.says(adopt={"cup": shop.api_goods()})
    assert shop.apply().of("cup") == "move ready moved"
    assert shop.bound_to() == {"cup": 51, "other": 52}


def test_an_adopted_item_that_leaves_the_catalogue_in_the_next_run__delete(shop: Shop) -> None:
    shop.lists("other", name="另一个茶杯")
    adopts(shop, shop.api_goods())
    shop.apply()
    shop.calls()
    shop.drops("mug")
    shop.says(adopt={})
    assert shop.apply().of() == "delete ready not_in_catalogue"
    assert shop.calls() == [delete()]


# ---- removed


@pytest.mark.parametrize("status", [UNAUDITED, IN_AUDIT, APPROVED, REJECTED])
def test_removed__forgotten_without_a_call(shop: Shop, status: str) -> None:
    two(shop, status)
    shop.apply(target=["other"])
    shop.calls()
    shop.drops("mug")
    shop.says(removed=["mug"], policy={"prune": False})
    made = shop.apply(target=["mug"])
    assert made.of() == "forget ready removed"
    assert shop.calls() == []
    assert shop.bound_to() == {"other": 52}
    assert shop.plan(target=["other"]).document["unmanaged"] == {"count": 1, "console_made": 0}
    assert 51 in shop.goods_ids()


def test_removed_and_not_bound__ignored(shop: Shop) -> None:
    two(shop)
    shop.says(removed=["never-was"])
    assert shop.apply().summary == {"unchanged": 2}


def test_removed_and_desired_again__its_twin_blocks_it(shop: Shop) -> None:
    two(shop)
    shop.drops("mug")
    shop.says(removed=["mug"])
    shop.apply()
    shop.says(removed=[])
    shop.lists()
    assert shop.apply().of() == "add blocked twin_exists"
    assert shop.calls() == []
