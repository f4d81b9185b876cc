"""What a look at the platform that cannot be trusted forbids, and what goes on all the same (rules section 5)."""

from __future__ import annotations

import pytest

from .calls import LISTED, NAME, NEW_PRICE, PRICE, UPLOAD, add, delete, update
from .shop import APPROVED, Shop

APPROVED_LIST = 2
"""Lists are read by status, 0 to 3: so many pass before the approved ones."""
UNREADABLE = 43001
"""A refusal that no repetition helps."""
PAGES, A_PAGE = 2, 100


def unread(shop: Shop) -> None:
    """The approved goods cannot be listed."""
    shop.fault("list", "errcode", code=UNREADABLE, after=APPROVED_LIST)


def short(shop: Shop) -> None:
    """The list of the approved goods shows none, and counts them; again and again."""
    shop.fault("list", "short_page", after=APPROVED_LIST, times=3)


def unstable(shop: Shop) -> None:
    """The listing changes between two pages, and again when it is read again. There must be two pages."""
    calls_a_pass = 4 + PAGES - 1
    for again in range(3):
        second_page = APPROVED_LIST + 1 + again * calls_a_pass
        shop.fault("list", "shifting_list", by=-1, after=second_page)


BAD = {"unread": unread, "short": short, "unstable": unstable}
FULL = [{"name": f"别人的商品 {number}", "url": f"pages/theirs/theirs?id={number}"} for number in range(A_PAGE + 1)]


def crowded(shop: Shop) -> None:
    """More approved goods than a page holds, that are nobody's here."""
    shop.control("goods", appid="wx0123456789abcdef", goods=FULL)


@pytest.mark.parametrize("bad", ["short", "unstable", "unread"])
def test_an_add_while_nothing_is_bound__blocked(shop: Shop, bad: str) -> None:
    crowded(shop)
    shop.lists()
    BAD[bad](shop)
    made = shop.apply()
    assert made.of() == "add blocked observation_incomplete"
    assert made.document["observation"]["complete"] == (bad == "unstable")
    assert made.document["observation"]["stable"] == (bad != "unstable")
    assert made.document["observation"]["reason"]
    assert shop.calls() == []
    assert shop.apply().of() == "add ready new"
    assert shop.calls() == [UPLOAD, add()]


@pytest.mark.parametrize(("bad", "goes"), [("short", True), ("unstable", True), ("unread", False)])
def test_an_add_while_nothing_is_bound_and_allow_twin(shop: Shop, bad: str, goes: bool) -> None:
    crowded(shop)
    shop.lists()
    BAD[bad](shop)
    made = shop.apply(allow_twin=["mug"])
    assert made.of() == ("add ready new" if goes else "add blocked observation_incomplete")
    assert shop.calls() == ([UPLOAD, add()] if goes else [])


@pytest.mark.parametrize(("bad", "goes"), [("short", True), ("unstable", True), ("unread", False)])
def test_an_add_while_something_is_bound(shop: Shop, bad: str, goes: bool) -> None:
    crowded(shop)
    shop.lists("other", name="另一个茶杯")
    shop.bound(APPROVED)
    shop.lists()
    BAD[bad](shop)
    made = shop.apply()
    assert made.of() == ("add ready new" if goes else "add blocked observation_incomplete")
    assert shop.calls() == ([add()] if goes else [])
    assert made.of("other") == "nothing"


@pytest.mark.parametrize(("bad", "goes"), [("unstable", True), ("unread", False)])
def test_a_replacement(shop: Shop, bad: str, goes: bool) -> None:
    crowded(shop)
    shop.lists()
    shop.bound(APPROVED)
    shop.lists(**NAME, locked_change="replace")
    BAD[bad](shop)
    made = shop.apply()
    assert made.of() == ("replace ready content_changed" if goes else "replace blocked observation_incomplete")
    assert shop.calls() == ([add(**NAME), delete(152)] if goes else [])


@pytest.mark.parametrize("bad", BAD)
def test_a_bound_item_that_is_gone__not_called_lost(shop: Shop, bad: str) -> None:
    crowded(shop)
    shop.lists()
    shop.lists("other", name="另一个茶杯")
    shop.bound(APPROVED)
    shop.somebody_deletes(152, 153)
    shop.drops("other")
    BAD[bad](shop)
    made = shop.apply()
    assert made.of() == "add blocked observation_incomplete"
    assert made.of("other") == "delete blocked observation_incomplete"
    assert shop.calls() == []
    made = shop.apply()
    assert made.of() == "add ready lost_remotely"
    assert made.of("other") == "forget ready gone"


@pytest.mark.parametrize("bad", ["unread", "unstable"])
def test_an_item_that_was_seen_or_confirmed__goes_on(shop: Shop, bad: str) -> None:
    crowded(shop)
    shop.lists()
    shop.lists("other", name="另一个茶杯")
    shop.bound(APPROVED)
    shop.lists(**PRICE)
    shop.drops("other")
    BAD[bad](shop)
    made = shop.apply()
    assert made.of() == "update ready price_changed"
    assert made.of("other") == "delete ready not_in_catalogue"
    assert shop.calls() == [update(152, **NEW_PRICE), delete(153)]
    shop.rests()


@pytest.mark.parametrize("bad", BAD)
def test_an_add_whose_answer_was_lost__not_called_not_landed(shop: Shop, bad: str) -> None:
    crowded(shop)
    shop.lists("other", name="另一个茶杯")
    shop.bound(APPROVED)
    shop.lists()
    shop.fault("add", "drop")
    assert shop.apply().ended() == ("in_doubt", None)
    shop.calls()
    BAD[bad](shop)
    assert shop.apply().of() == "add blocked in_doubt"
    assert shop.calls() == []
    assert shop.apply().of() == "add ready new"
    assert shop.calls() == [add()]
    shop.rests()


def test_a_list_that_fails_like_an_empty_library(shop: Shop) -> None:
    """3001 beside total 0 and no goods: read again for a while, and not believed in the end."""
    shop.lists()
    shop.bound(APPROVED)
    shop.lists("other", name="另一个茶杯")
    shop.fault("list", "list_3001", after=APPROVED_LIST, times=5)
    made = shop.apply()
    assert made.of() == "nothing"
    assert made.of("other") == "add blocked observation_incomplete"
    assert not made.plan.observed_complete
    assert shop.calls() == []


def test_a_list_that_fails_once(shop: Shop) -> None:
    shop.lists()
    shop.fault("list", "list_3001")
    assert shop.apply().of() == "add ready new"


def test_a_listing_that_was_unstable_once(shop: Shop) -> None:
    crowded(shop)
    shop.lists()
    shop.fault("list", "shifting_list", by=-1, after=APPROVED_LIST + 1)
    made = shop.apply()
    assert made.of() == "add ready new"
    assert made.plan.observed_stable


def test_missing_from_the_lists_is_not_gone(shop: Shop) -> None:
    shop.lists()
    shop.bound(APPROVED)
    shop.fault("list", "lost_row", goods_id=51, counted=False, times=100)
    assert shop.apply().of() == "nothing"
    shop.rests()


@pytest.mark.parametrize(("times", "route"), [(1, "nothing"), (2, "add ready lost_remotely")])
def test_missing_from_the_lists_and_from_two_answers_by_id_is_gone(shop: Shop, times: int, route: str) -> None:
    shop.lists()
    shop.bound(APPROVED)
    shop.fault("list", "lost_row", goods_id=51, counted=False, times=100)
    shop.fault("status", "status_omits", goods_id=51, times=times)
    assert shop.plan().of() == route


def test_an_id_that_cannot_be_asked_for_is_not_gone(shop: Shop) -> None:
    shop.lists()
    shop.bound(APPROVED)
    shop.somebody_deletes(51)
    shop.fault("status", "errcode", code=UNREADABLE, after=1)
    assert shop.apply().of() == "add blocked observation_incomplete"
    assert shop.calls() == []


@pytest.mark.parametrize("bad", ["unread", "unstable"])
def test_a_twin_is_known_although_the_look_was_bad(shop: Shop, bad: str) -> None:
    crowded(shop)
    shop.api_goods("rejected")
    shop.lists()
    BAD[bad](shop)
    assert shop.apply().of() == "add blocked twin_exists"
    assert shop.calls() == []


def test_what_was_listed_is_never_forgotten_by_a_bad_look(shop: Shop) -> None:
    shop.lists(name=LISTED["name"])
    shop.bound(APPROVED)
    unread(shop)
    made = shop.plan()
    assert made.of() == "nothing"
    assert made.plan.complete
