"""What the platform refused is not sent again until it changes, or somebody insists (rules sections 3 and 7)."""

from __future__ import annotations

from typing import Any

import pytest

from .calls import COVER, LISTED, NAME, PRICE, UPLOAD, URL, add, audit, delete, update
from .shop import APPROVED, REJECTED, UNAUDITED, Entry, Shop

CONTENT_CODES = (300002, 300003, 300004, 300005, 300006, 300007, 300018, 200002, 47001)
SOME_CODES = (300003, 300006, 200002, 47001)
"""Those that a code of its own treats: as content, as a picture, as a missing field, as a malformed body."""


@pytest.mark.parametrize("code", CONTENT_CODES)
def test_a_refused_add_is_remembered(shop: Shop, code: int) -> None:
    shop.lists()
    shop.fault("add", "errcode", code=code, times=2)
    made = shop.apply()
    assert made.ended() == ("failed", code)
    assert shop.called() == (["upload", "add", "upload", "add"] if code == 300006 else ["upload", "add"])
    shop.clear_faults()
    held = shop.plan()
    assert held.of() == "add blocked refused"
    assert str(code) in held.change().message
    assert "--resubmit goods.mug" in held.change().message
    shop.rests()


@pytest.mark.parametrize("code", SOME_CODES)
def test_a_refused_update_is_remembered(shop: Shop, code: int) -> None:
    shop.lists()
    shop.bound(UNAUDITED)
    shop.lists(**NAME)
    shop.fault("update", "errcode", code=code, times=2)
    assert shop.apply().ended() == ("failed", code)
    assert "audit" not in shop.called()
    shop.clear_faults()
    assert shop.plan().of() == "resubmit blocked refused"
    shop.rests()


@pytest.mark.parametrize("code", SOME_CODES)
def test_a_refused_audit_is_remembered(shop: Shop, code: int) -> None:
    shop.lists()
    shop.bound(UNAUDITED)
    shop.fault("audit", "errcode", code=code, times=2)
    assert shop.apply().ended() == ("failed", code)
    shop.calls()
    shop.clear_faults()
    assert shop.plan().of() == "resubmit blocked refused"
    shop.rests()


@pytest.mark.parametrize("edit", [NAME, URL, COVER, PRICE])
def test_refused_until_content_or_price_changes(shop: Shop, edit: Entry) -> None:
    shop.lists()
    shop.fault("add", "errcode", code=300004)
    shop.apply()
    shop.lists(**edit)
    assert shop.apply().ended() == ("applied", None)
    shop.calls()
    shop.rests()


def test_refused_whatever_else_changes(shop: Shop) -> None:
    shop.lists()
    shop.fault("add", "errcode", code=300004)
    shop.apply()
    shop.lists(priority=7, locked_change="replace")
    assert shop.plan().of() == "add blocked refused"


def test_refused_until_resubmit(shop: Shop) -> None:
    shop.lists()
    shop.fault("add", "errcode", code=300004)
    shop.apply()
    shop.calls()
    assert shop.apply(resubmit=["mug"]).ended() == ("applied", None)
    assert shop.calls() == [add()]
    shop.rests()


def test_refused_and_refused_again_although_asked_for(shop: Shop) -> None:
    shop.settings(illegal_words=["茶托"])
    shop.lists()
    assert shop.apply().ended() == ("failed", 300004)
    assert shop.apply(resubmit=["mug"]).ended() == ("failed", 300004)
    assert shop.plan().of() == "add blocked refused"


def test_what_was_taken_in_the_end_is_no_longer_refused(shop: Shop) -> None:
    shop.lists()
    shop.bound(UNAUDITED)
    shop.lists(**NAME)
    shop.fault("update", "errcode", code=300004)
    shop.apply()
    assert shop.apply(resubmit=["mug"]).ended() == ("applied", None)
    shop.verdict("approve")
    shop.apply()
    shop.calls()
    shop.somebody_edits(price=120)
    assert shop.apply().of() == "update ready price_changed"
    assert shop.calls() == [update(priceType=1, price=99.5)]


def test_refused_does_not_stop_a_delete(shop: Shop) -> None:
    shop.lists()
    shop.lists("other")
    shop.bound(UNAUDITED)
    shop.lists(**NAME)
    shop.fault("update", "errcode", code=300004)
    shop.apply(target=["mug"])
    shop.calls()
    shop.drops("mug")
    shop.apply(target=["mug"])
    assert shop.calls() == [delete()]


def test_a_refusal_follows_its_item_to_another_key(shop: Shop) -> None:
    shop.lists()
    shop.bound(UNAUDITED)
    shop.lists(**NAME)
    shop.fault("update", "errcode", code=300004)
    shop.apply()
    shop.calls()
    shop.entries["cup"] = shop.entries.pop("mug")
    shop.says(moved={"mug": "cup"})
    made = shop.apply()
    assert made.of("cup") == "move ready moved"
    assert made.held("cup") == [(("name",), "refused")]
    assert shop.plan().of("cup") == "resubmit blocked refused"
    shop.rests()


def test_refused_by_status_although_the_item_has_the_allowing_one__remembered(shop: Shop) -> None:
    shop.lists()
    shop.bound(APPROVED)
    shop.lists(**PRICE)
    shop.fault("update", "errcode", code=300010)
    assert shop.apply().ended() == ("failed", 300010)
    assert shop.called() == ["update"]
    assert shop.plan().of() == "update blocked refused"
    shop.rests()
    assert shop.apply(resubmit=["mug"]).ended() == ("applied", None)


def test_an_audit_refused_by_status_although_the_item_is_unaudited__remembered(shop: Shop) -> None:
    shop.lists()
    shop.bound(UNAUDITED)
    shop.fault("audit", "errcode", code=300010)
    assert shop.apply().ended() == ("failed", 300010)
    assert shop.called() == ["audit"]
    assert shop.plan().of() == "resubmit blocked refused"
    shop.rests()
    shop.lists(**PRICE)
    assert shop.apply().ended() == ("applied", None)


@pytest.mark.parametrize("code", [300006, 40007])
def test_a_picture_that_the_platform_has_lost__uploaded_again_once(shop: Shop, code: int) -> None:
    shop.lists()
    shop.fault("add", "errcode", code=code)
    assert shop.apply().ended() == ("applied", None)
    assert [name for name, _body in shop.calls()] == ["upload", "add", "upload", "add"]
    shop.rests()


def test_an_upload_that_is_lost_again_is_no_word_on_the_content(shop: Shop) -> None:
    shop.lists()
    shop.fault("add", "errcode", code=40007, times=2)
    assert shop.apply().ended() == ("failed", 40007)
    assert shop.called() == ["upload", "add", "upload", "add"]
    assert shop.plan().of() == "add ready new"


def test_an_upload_again_finds_its_pool_empty__skipped(shop: Shop) -> None:
    shop.says(quota={"upload": {"limit": 1}})
    shop.lists()
    shop.fault("add", "errcode", code=40007)
    made = shop.apply()
    assert made.outcome().outcome == "skipped"
    assert shop.called() == ["upload", "add"]


@pytest.mark.parametrize(
    "switches", [{"update_requires": "all_fields"}, {"update_cover_required": True}, {"update_appid_required": True}]
)
@pytest.mark.parametrize("status", [UNAUDITED, REJECTED])
def test_an_update_refused_for_missing_fields__the_full_set_once(
    shop: Shop, status: str, switches: dict[str, Any]
) -> None:
    shop.settings(**switches)
    shop.lists()
    shop.bound(status)
    shop.lists(**NAME)
    assert shop.apply().ended() == ("applied", None)
    assert shop.calls() == [update(**NAME), update(**LISTED | NAME), audit()]
    shop.rests()


def test_an_update_refused_for_missing_fields_twice__remembered(shop: Shop) -> None:
    shop.lists()
    shop.bound(REJECTED)
    shop.lists(**NAME)
    shop.fault("update", "errcode", code=200002, times=2)
    assert shop.apply().ended() == ("failed", 200002)
    assert shop.called() == ["update", "update"]
    assert shop.plan().of() == "resubmit blocked refused"
    shop.rests()


def test_the_full_set_with_a_cover_that_has_to_be_uploaded_again(shop: Shop) -> None:
    shop.settings(update_cover_required=True)
    shop.lists()
    shop.bound(UNAUDITED)
    shop.clock("97h")
    shop.lists(**NAME)
    assert shop.apply().ended() == ("applied", None)
    assert shop.calls() == [update(**NAME), UPLOAD, update(**LISTED | NAME), audit()]


def test_the_full_set_of_an_item_that_keeps_its_cover_has_none(shop: Shop) -> None:
    shop.lists()
    shop.bound(UNAUDITED)
    shop.lists(cover="keep", **NAME)
    shop.fault("update", "errcode", code=200002)
    assert shop.apply().ended() == ("applied", None)
    whole = {name: value for name, value in LISTED.items() if name != "coverImgUrl"} | NAME
    assert shop.calls() == [update(**NAME), update(**whole), audit()]
