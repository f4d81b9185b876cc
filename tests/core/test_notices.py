"""The warnings of a plan (rules section 6): each with its code and the address that it is about."""

from __future__ import annotations

from dataclasses import replace

import pytest

from catalog_sync.core.model import AuditStatus, Remote, Rules
from catalog_sync.core.plan import Notice
from tests.core.shop import CUP, Shop, address, binding, catalogue, copy, item, remote, shop, shown, values

OTHER = values("别的", url="pages/other")


def warned(each: Shop) -> list[tuple[str, str | None]]:
    return [(notice.code, notice.address) for notice in each.plan().notices]


@pytest.mark.parametrize(
    "remotes",
    [
        [remote(70, ours=False), remote(60, ours=False), remote(65, ours=False)],
        [remote(60, ours=False), remote(65, ours=False), remote(70, ours=False)],
    ],
)
def test_a_twin_in_the_console(remotes: list[Remote]) -> None:
    """Of several the one with the lowest id is named, in whatever order they were read."""
    (notice,) = shop(item(), (), remotes).plan().notices
    message = "The console has an item of the same name and url (60), which the API may not touch."
    assert notice == Notice("console_twin", message, address("cup"))


def test_a_console_item_is_no_twin_of_what_is_bound_or_of_other_goods() -> None:
    assert warned(shop(item(), binding(), [remote(), remote(60, ours=False)])) == []
    assert warned(shop(item(), (), remote(60, shown(OTHER), ours=False))) == []


def test_a_delete_and_an_add_that_look_like_a_rename() -> None:
    renamed = item("mug", CUP._replace(name=" TIT茶杯", price=9900))
    (notice,) = shop(renamed, binding(), remote()).plan().notices
    hint = "It looks like goods.cup under a new key; moved: {cup: mug} keeps its item."
    assert notice == Notice("looks_like_a_rename", hint, address("mug"))
    assert warned(shop(item("mug", OTHER), binding(), remote())) == []


@pytest.mark.parametrize("by_policy", [True, False])
def test_what_left_the_catalogue_and_stays(by_policy: bool) -> None:
    each = shop((), [binding(), binding("mug", copy(52))], [remote(), remote(52)], rules=Rules(prune=not by_policy))
    kept = each if by_policy else each.choosing(prune=False)
    assert kept.plan().changes == ()
    assert warned(kept) == [("not_pruned", "goods.cup"), ("not_pruned", "goods.mug")]


def test_a_price_that_waits_for_the_review() -> None:
    each = shop(item(desired=CUP._replace(price=9900)), binding(), remote(status=AuditStatus.IN_AUDIT))
    assert warned(each) == [("price_under_review", "goods.cup")]


def test_what_is_not_selected_is_not_warned_of() -> None:
    renamed = shop(item("mug", CUP), binding(), remote())
    assert warned(renamed.choosing(exclude=(address("cup"),))) == []
    moved = replace(renamed, catalogue=catalogue(item("mug", CUP), moved={"cup": "mug"}))
    assert warned(moved) == []
