"""What differs, and what comes of it (rules section 2): drift, what was not taken, covers, the other app's id."""

from __future__ import annotations

from typing import Any

import pytest

from .calls import (
    COVER,
    LISTED,
    NAME,
    NEW_COVER,
    NEW_PRICE,
    OTHER_APP,
    PRICE,
    UPLOAD,
    URL,
    add,
    audit,
    delete,
    update,
    withdraw,
)
from .shop import APPROVED, IN_AUDIT, REJECTED, UNAUDITED, Entry, Shop

THEIR_NAME = {"name": "别人改的名字"}


def drifted(shop: Shop, status: str, **theirs: Any) -> None:
    """The mug, bound and looked at, that somebody else changed."""
    shop.lists()
    shop.bound(status, looked_at=True)
    shop.somebody_edits(**(theirs or THEIR_NAME))


# ---- drift of price


def test_price_drift_on_approved__repaired(rewriting_shop: Shop) -> None:
    drifted(rewriting_shop, APPROVED, price=120)
    assert rewriting_shop.apply().of() == "update ready price_changed"
    assert rewriting_shop.calls() == [update(priceType=1, price=99.5)]
    rewriting_shop.rests()


def test_price_drift_on_unaudited__repaired_and_submitted(shop: Shop) -> None:
    drifted(shop, UNAUDITED, price=120)
    assert shop.apply().of() == "resubmit ready price_changed"
    assert shop.calls() == [update(priceType=1, price=99.5), audit()]
    shop.rests()


def test_price_drift_in_audit__repaired_once_approved(shop: Shop) -> None:
    drifted(shop, IN_AUDIT, price=120)
    assert shop.apply().of() == "update waiting price_under_review"
    assert shop.calls() == []
    shop.verdict("approve")
    assert shop.apply().of() == "update ready price_changed"


def test_the_price_type_drifts__the_whole_group_is_repaired(shop: Shop) -> None:
    drifted(shop, APPROVED, priceType=3, price2=90)
    shop.apply()
    assert shop.calls() == [update(priceType=1, price=99.5)]
    shop.rests()


# ---- drift of text


@pytest.mark.parametrize("rule", ["block", "replace"])
@pytest.mark.parametrize(
    "theirs", [THEIR_NAME, {"url": "pages/theirs/theirs"}, {"thirdPartyAppid": "wxaaaabbbbccccdddd"}]
)
def test_text_drift_on_approved__held(shop: Shop, theirs: Entry, rule: str) -> None:
    drifted(shop, APPROVED, **theirs)
    shop.says(policy={"locked_change": rule})
    made = shop.apply()
    assert made.of() == "replace blocked drifted"
    assert shop.calls() == []
    shop.rests()


@pytest.mark.parametrize("rule", ["cheapest", "withdraw", "wait"])
def test_text_drift_in_audit__held(shop: Shop, rule: str) -> None:
    drifted(shop, IN_AUDIT)
    shop.says(policy={"in_audit": rule})
    assert shop.apply().of() == "resubmit blocked drifted"
    assert shop.calls() == []
    shop.rests()


def test_text_drift_on_unaudited__repaired_and_submitted(rewriting_shop: Shop) -> None:
    drifted(rewriting_shop, UNAUDITED)
    assert rewriting_shop.apply().of() == "resubmit ready drifted"
    assert rewriting_shop.calls() == [update(name=LISTED["name"]), audit()]
    rewriting_shop.rests()


def test_text_drift_on_rejected__what_was_submitted_counts_alone(rewriting_shop: Shop) -> None:
    drifted(rewriting_shop, REJECTED)
    assert rewriting_shop.apply().of() == "resubmit blocked rejected"
    assert rewriting_shop.calls() == []
    rewriting_shop.lists(**PRICE)
    assert rewriting_shop.apply().of() == "resubmit ready content_changed"
    assert rewriting_shop.calls() == [update(name=LISTED["name"], **NEW_PRICE), audit()]
    rewriting_shop.rests()


@pytest.mark.parametrize("status", [APPROVED, IN_AUDIT])
def test_drift_ends_when_the_platform_shows_ours_again(shop: Shop, status: str) -> None:
    drifted(shop, status)
    shop.somebody_edits(name=LISTED["name"])
    assert shop.plan().of() in ("nothing", "unchanged waiting under_review")
    shop.rests()


@pytest.mark.parametrize("status", [APPROVED, IN_AUDIT])
def test_drift_ends_when_the_catalogue_takes_it_over(shop: Shop, status: str) -> None:
    drifted(shop, status)
    shop.lists(**THEIR_NAME)
    assert shop.apply().of() in ("nothing", "unchanged waiting under_review")
    assert shop.calls() == []
    shop.somebody_edits(name=LISTED["name"])  # what we sent once is drift from now on
    assert shop.plan().of() in ("replace blocked drifted", "resubmit blocked drifted")


def test_drift_ends_when_the_catalogue_changes(shop: Shop) -> None:
    drifted(shop, IN_AUDIT)
    shop.lists(**NAME)
    assert shop.apply().of() == "resubmit ready content_changed"
    assert shop.calls() == [withdraw(), update(**NAME), audit()]
    shop.rests()


def test_drift_ends_by_resubmit(rewriting_shop: Shop) -> None:
    drifted(rewriting_shop, IN_AUDIT)
    assert rewriting_shop.apply(resubmit=["mug"]).of() == "resubmit ready content_changed"
    assert rewriting_shop.calls() == [withdraw(), update(name=LISTED["name"]), audit()]
    rewriting_shop.rests()


def test_drift_on_approved_and_resubmit__as_an_edit(shop: Shop) -> None:
    drifted(shop, APPROVED)
    assert shop.plan(resubmit=["mug"]).of() == "replace blocked locked_when_approved"
    shop.lists(locked_change="replace")
    assert shop.apply(resubmit=["mug"]).of() == "replace ready content_changed"
    assert shop.calls() == [add(), delete()]
    shop.rests()


def test_our_own_edit_repairs_drift_along_the_way(rewriting_shop: Shop) -> None:
    drifted(rewriting_shop, IN_AUDIT)
    rewriting_shop.lists(**URL)
    assert rewriting_shop.apply().of() == "resubmit ready content_changed"
    assert rewriting_shop.calls() == [withdraw(), update(name=LISTED["name"], **URL), audit()]
    rewriting_shop.rests()


def test_a_price_goes_beside_drift_that_is_held(rewriting_shop: Shop) -> None:
    drifted(rewriting_shop, APPROVED)
    rewriting_shop.lists(**PRICE)
    made = rewriting_shop.apply()
    assert made.of() == "update ready price_changed"
    assert made.held() == [(("name",), "drifted")]
    assert rewriting_shop.calls() == [update(**NEW_PRICE)]
    rewriting_shop.rests()


def test_content_that_is_locked_and_drift_are_held_side_by_side(shop: Shop) -> None:
    drifted(shop, APPROVED)
    shop.lists(**PRICE, **URL)
    made = shop.apply()
    assert made.held() == [(("url",), "locked_when_approved"), (("name",), "drifted")]
    assert shop.calls() == [update(**NEW_PRICE)]


def test_a_verdict_is_no_drift(shop: Shop) -> None:
    shop.lists()
    shop.bound(IN_AUDIT)
    shop.verdict("approve")
    assert shop.apply().of() == "nothing"
    shop.rests()


# ---- not taken


def not_taken(shop: Shop) -> None:
    """A name that the platform took, and does not show."""
    shop.lists()
    shop.bound(UNAUDITED, looked_at=True)
    shop.lists(**NAME)
    shop.apply()
    assert shop.called() == ["update", "audit"]
    shop.somebody_edits(name=LISTED["name"])


def test_a_text_that_was_not_taken__not_sent_again(rewriting_shop: Shop) -> None:
    not_taken(rewriting_shop)
    assert rewriting_shop.plan().of() == "resubmit blocked not_taken"
    rewriting_shop.rests()
    rewriting_shop.somebody_edits(audit_status=0)
    assert rewriting_shop.apply().of() == "resubmit blocked not_taken"
    assert rewriting_shop.calls() == []


def test_not_taken_ends_when_it_shows(rewriting_shop: Shop) -> None:
    not_taken(rewriting_shop)
    rewriting_shop.apply()
    rewriting_shop.somebody_edits(**NAME)
    assert rewriting_shop.plan().of() == "unchanged waiting under_review"
    rewriting_shop.rests()


def test_not_taken_ends_when_the_catalogue_changes(shop: Shop) -> None:
    not_taken(shop)
    shop.apply()
    shop.lists(name="第三个茶杯名字")
    assert shop.apply().of() == "resubmit ready content_changed"
    assert shop.calls() == [withdraw(submission=2), update(name="第三个茶杯名字"), audit()]


def test_not_taken_ends_by_resubmit(shop: Shop) -> None:
    not_taken(shop)
    shop.apply()
    assert shop.apply(resubmit=["mug"]).of() == "resubmit ready content_changed"
    assert shop.calls() == [withdraw(submission=2), update(**NAME), audit()]
    shop.rests()


def test_a_price_that_was_not_taken__not_sent_again(shop: Shop) -> None:
    shop.lists()
    shop.bound(APPROVED, looked_at=True)
    shop.lists(**PRICE)
    shop.apply()
    assert shop.called() == ["update"]
    shop.somebody_edits(price=99.5)
    assert shop.plan().of() == "update blocked not_taken"
    shop.rests()
    shop.lists(price="90")
    shop.apply()
    assert shop.calls() == [update(priceType=1, price=90.0)]
    shop.rests()


def test_a_price_that_was_not_taken_and_resubmit(shop: Shop) -> None:
    shop.lists()
    shop.bound(APPROVED, looked_at=True)
    shop.lists(**PRICE)
    shop.apply()
    shop.calls()
    shop.somebody_edits(price=99.5)
    shop.apply()
    assert shop.apply(resubmit=["mug"]).of() == "update ready price_changed"
    assert shop.calls() == [update(**NEW_PRICE)]
    shop.rests()


def test_a_price_that_showed_and_then_went_back__drift_and_repaired(shop: Shop) -> None:
    shop.lists()
    shop.bound(APPROVED, looked_at=True)
    shop.lists(**PRICE)
    shop.apply()
    shop.apply()
    shop.calls()
    shop.somebody_edits(price=99.5)
    assert shop.apply().of() == "update ready price_changed"
    assert shop.calls() == [update(**NEW_PRICE)]


def test_a_young_write_that_does_not_show_yet__waits(shop: Shop) -> None:
    shop.lists()
    shop.bound(APPROVED, looked_at=True)
    shop.lists(**PRICE)
    shop.apply()
    shop.calls()
    shop.somebody_edits(price=99.5)
    shop.settle_after = "1h"
    assert shop.apply().of() == "update waiting settling"
    assert shop.calls() == []


# ---- covers


def test_keep_on_an_item_to_be_added__blocked(shop: Shop) -> None:
    shop.lists(cover="keep")
    assert shop.apply().of() == "add blocked cover_needed"
    assert shop.calls() == []


def test_keep_on_an_item_to_be_replaced__blocked(shop: Shop) -> None:
    shop.lists()
    shop.bound(APPROVED)
    shop.lists(cover="keep", locked_change="replace", **NAME)
    assert shop.apply().of() == "replace blocked cover_needed"
    assert shop.calls() == []


@pytest.mark.parametrize("status", [UNAUDITED, IN_AUDIT, APPROVED, REJECTED])
def test_from_a_picture_to_keep__no_difference(rewriting_shop: Shop, status: str) -> None:
    rewriting_shop.lists()
    rewriting_shop.bound(status, looked_at=True)
    rewriting_shop.lists(cover="keep")
    rewriting_shop.apply()
    assert rewriting_shop.calls() == ([audit()] if status == UNAUDITED else [])
    rewriting_shop.rests()


@pytest.mark.parametrize("status", [UNAUDITED, REJECTED])
def test_keep_and_another_edit__the_cover_is_not_sent(shop: Shop, status: str) -> None:
    shop.lists()
    shop.bound(status)
    shop.lists(cover="keep", **NAME)
    shop.apply()
    assert shop.calls() == [update(**NAME), audit()]
    shop.rests()


def test_from_keep_to_a_picture__differs(shop: Shop) -> None:
    shop.lists(cover="keep")
    shop.says(adopt={"mug": shop.api_goods(UNAUDITED)})
    shop.apply()
    assert shop.calls() == [audit()]
    shop.somebody_edits(audit_status=0)
    shop.lists(**COVER)
    shop.apply()
    assert shop.calls() == [UPLOAD, update(**NEW_COVER), audit()]
    shop.rests()


def test_a_file_under_another_name_is_the_same_cover(shop: Shop) -> None:
    shop.lists()
    shop.bound(APPROVED)
    shop.copies_cover("white", "snow")
    shop.lists(cover="covers/snow.png")
    assert shop.plan().of() == "nothing"


def test_another_file_under_the_same_name_is_another_cover(shop: Shop) -> None:
    shop.lists()
    shop.bound(UNAUDITED)
    shop.copies_cover("blue", "white")
    shop.apply()
    assert shop.called() == ["upload", "update", "audit"]
    shop.rests()


def test_a_cover_that_was_replaced_at_the_platform_is_not_repaired(shop: Shop) -> None:
    drifted(shop, APPROVED, coverImgUrl="https://mmbiz.qpic.cn/theirs")
    assert shop.apply().of() == "nothing"


# ---- the other app's id


def test_a_cleared_third_party_appid_is_sent_as_nothing(rewriting_shop: Shop) -> None:
    rewriting_shop.lists(**OTHER_APP)
    rewriting_shop.bound(UNAUDITED, looked_at=True)
    rewriting_shop.lists(thirdPartyAppid=None)
    rewriting_shop.apply()
    assert rewriting_shop.calls() == [update(thirdPartyAppid=""), audit()]
    rewriting_shop.rests()


@pytest.mark.parametrize(
    "switches",
    [
        {"price2_of_one_price": "zero"},
        {"price2_of_one_price": "empty"},
        {"price2_of_one_price": "null"},
        {"price2_of_one_price": "absent"},
        {"ids_on_read": "string", "price_type_on_read": "string"},
        {"list_tag_name": "third_party_tag", "status_price_type_name": "priceType"},
        {"third_party_appid_on_read": "when_set"},
        {"api_made_tag": 1},
    ],
    ids=str,
)
def test_however_the_platform_writes_it_it_is_no_difference(shop: Shop, switches: dict[str, Any]) -> None:
    shop.settings(**switches)
    shop.lists()
    shop.lists("range", priceType=2, price="5", price2="6", **NAME)
    shop.bound(APPROVED)
    assert not shop.plan().plan.changes
    shop.rests()
