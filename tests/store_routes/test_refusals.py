"""What the platform refuses, and what it does not answer: what is remembered, what waits, what ends the run."""

from __future__ import annotations

import pytest

from catalog_sync.core.errors import Refused
from tests.routes.shop import Call, Entry

from .calls import add, attrs, delete, listing, price, stock, update
from .store import LINK, Store, product_id, sku_id


@pytest.mark.parametrize("errcode", [9401001, 9401002, 9401004, 9401021, 9401045, 9401050, 100003, 100010])
def test_a_refused_listing_is_not_sent_again_by_itself(store: Store, errcode: int) -> None:
    store.sells()
    store.fault("listing", "errcode", code=errcode)
    made = store.apply()
    assert made.ended("skus.S-1") == ("applied", None)
    assert made.ended("products.P-1")[1] == errcode
    assert store.calls() == [add(), listing()]
    for _ in range(2):
        store.apply()
        assert store.calls() == []
    assert store.plan().of("products.P-1").startswith("resubmit blocked ")
    store.apply(resubmit=["products.P-1"])
    assert store.calls() == [listing()]
    store.closes()


@pytest.mark.parametrize("errcode", [-1, 209001, 4711])
def test_a_listing_whose_end_is_not_told_is_sent_twice_a_day(store: Store, errcode: int) -> None:
    """Calling it too often may blacklist an app."""
    store.sells()
    store.fault("listing", "errcode", code=errcode, times=9)
    for sent in ([add(), listing()], [listing()], [], []):
        store.apply()
        assert store.calls() == sent
    assert store.plan().of("products.P-1") == "resubmit deferred draft_changed"


def test_a_refused_listing_goes_again_with_the_next_edit(store: Store) -> None:
    store.sells()
    store.fault("listing", "errcode", code=9401037)
    store.apply()
    store.sells(sku_code="BL-M")
    store.calls()
    store.apply()
    assert store.calls() == [update(sku_code="BL-M"), listing()]
    store.closes()


@pytest.mark.parametrize("errcode", [9401022, 9401023])
def test_a_listing_that_may_not_be_now_waits(store: Store, errcode: int) -> None:
    store.sells()
    store.fault("listing", "errcode", code=errcode)
    assert store.apply().outcome("products.P-1").outcome == "skipped"
    store.calls()
    store.apply()
    assert store.calls() == [listing()]
    store.closes()


@pytest.mark.parametrize("errcode", [9401024, 9401025])
@pytest.mark.parametrize("call", ["sku_add", "sku_update", "sku_delete"])
def test_a_draft_that_may_not_be_edited_now_waits(store: Store, call: str, errcode: int) -> None:
    store.sells_sizes("L", "M")
    store.on_sale()
    if call == "sku_add":
        store.sells("S", attrs={"尺码": "S"})
    elif call == "sku_update":
        store.sells("L", sku_code="L")
    else:
        store.sells_no_more("M")
    store.fault(call, "errcode", code=errcode)
    made = store.apply()
    assert made.result.summary == {"applied": 0, "failed": 0, "in_doubt": 0, "skipped": 2, "remaining": 2}
    assert store.called() == [call]
    store.apply()
    assert store.called() == [call, "listing"]
    store.closes()


def test_a_draft_that_may_not_be_edited_now_keeps_no_other_product_waiting(store: Store) -> None:
    store.has_product("P-2")
    store.sells("S-1", "P-1")
    store.sells("T-1", "P-2")
    store.fault("sku_add", "errcode", code=9401025)
    store.apply()
    assert store.calls() == [add("S-1"), add("T-1", product=2), listing(2)]


@pytest.mark.parametrize("errcode", [9401020, 9401045, 9401052])
@pytest.mark.parametrize(("call", "edit"), [("sku_add", None), ("sku_update", {"sku_code": "M"})])
def test_refused_content_is_remembered(store: Store, call: str, edit: Entry | None, errcode: int) -> None:
    store.sells()
    if edit is not None:
        store.on_sale()
        store.sells(**edit)
    store.fault(call, "errcode", code=errcode, errmsg="what the platform says")
    made = store.apply()
    failure = made.outcome("skus.S-1").error
    assert failure is not None
    assert failure.errcode == errcode
    assert failure.errmsg.startswith("what the platform says rid: ")
    assert store.called() == [call]
    store.apply()
    assert store.calls() == []
    assert store.plan().of("skus.S-1").endswith(" blocked refused")
    store.sells(sku_code="M-2")
    store.apply()
    assert store.called() == [call, "listing"]
    store.closes()


def test_refused_prices_are_remembered(store: Store) -> None:
    store.sells()
    store.on_sale()
    store.sells(sale_price="119.00")
    store.fault("sku_update_price", "errcode", code=9401043)
    store.apply()
    store.apply()
    assert store.called() == ["sku_update_price"]
    store.apply(resubmit=["skus.S-1"])
    assert store.called() == ["sku_update_price"]
    store.closes()


@pytest.mark.parametrize(
    ("edit", "sent"),
    [
        ({"stock": 7}, [stock(7)]),
        ({"sale_price": "119.00"}, [price()]),
        ({"sale_price": "119.00", "stock": 7}, [price(), stock(7)]),
    ],
)
def test_price_and_stock_pass_refused_content(store: Store, edit: Entry, sent: list[Call]) -> None:
    """They act on what is on sale, by calls of their own; the content is not sent again for their sake."""
    store.sells()
    store.on_sale()
    store.sells(sku_code="M", **edit)
    store.fault("sku_update", "errcode", code=9401045)
    store.apply()
    assert store.called() == ["sku_update"]
    made = store.plan()
    assert made.held("skus.S-1") == [(("sku_code",), "refused")]
    store.apply()
    assert store.calls() == sent
    assert store.plan().of("skus.S-1") == "resubmit blocked refused"
    store.sells(stock=3)
    store.apply()
    assert store.calls() == [stock(3)]
    assert store.plan().of("skus.S-1") == "resubmit blocked refused"
    store.apply(resubmit=["skus.S-1"])
    assert store.called() == ["sku_update", "listing"]
    store.closes()


def test_stock_passes_refused_content_and_a_refused_price(store: Store) -> None:
    store.sells()
    store.on_sale()
    store.sells(sku_code="M", sale_price="119.00")
    for call in ("sku_update", "sku_update_price"):
        store.fault(call, "errcode", code=9401020)
        store.apply()
        assert store.called() == [call]
    assert store.plan().of("skus.S-1") == "resubmit blocked refused"
    store.sells(stock=7)
    store.apply()
    assert store.calls() == [stock(7)]
    store.apply()
    assert store.calls() == []
    store.sells(sku_code="M-2")
    store.apply()
    assert store.called() == ["sku_update", "listing"]
    store.closes()


@pytest.mark.parametrize("seconds", [0, 0.3])
def test_what_another_sku_may_have_been_in_the_way_of_is_tried_once_more(store: Store, seconds: float) -> None:
    """A new key with the attributes of the old one, which goes in the same run: whichever call comes first."""
    store.sells_sizes("L", "M")
    store.on_sale()
    store.sells_no_more("M")
    store.sells("M-2", attrs={"尺码": "M"})
    store.fault("sku_delete", "late", seconds=seconds)
    store.fault("sku_add", "errcode", code=9401020, times=2)
    for sent in (["sku_add", "sku_delete"], ["sku_add"]):
        made = store.apply()
        assert sorted(store.called()) == sent
        assert made.ended("skus.M-2") == ("failed", 9401020)
        assert made.ended("products.P-1") == ("skipped", None)
    made = store.apply()
    assert store.called() == ["listing"]
    assert made.of("skus.M-2") == "add blocked refused"


def test_an_update_to_the_attributes_of_a_sku_that_goes(store: Store) -> None:
    store.settings(same_attrs="refuse")
    store.sells_sizes("L", "M")
    store.on_sale()
    store.sells_no_more("M")
    store.sells("L", attrs={"尺码": "M"})
    store.fault("sku_delete", "late", seconds=0.3)
    store.apply()
    store.apply()
    assert store.called()[-2:] in (["sku_update", "listing"], ["sku_delete", "listing"])
    store.closes()
    assert store.online().keys() == {"L"}


def test_a_refused_add_goes_again_with_any_edit(store: Store) -> None:
    """It sends the stock, too."""
    store.sells()
    store.fault("sku_add", "errcode", code=9401020)
    store.apply()
    store.sells(stock=7)
    store.apply()
    assert store.calls() == [add(), add(stock_num=7), listing()]
    store.closes()


def test_one_sku_of_two_is_refused__the_listing_comes_with_the_other(store: Store) -> None:
    store.sells_sizes("L", "M")
    store.fault("sku_add", "errcode", code=9401044)
    made = store.apply()
    assert store.calls() == [add("L", sku_attrs=attrs(尺码="L")), add("M", sku_attrs=attrs(尺码="M"))]
    assert [(each.address, each.outcome.value) for each in made.result.results] == [
        ("skus.L", "failed"), ("skus.M", "applied"), ("products.P-1", "skipped"),
    ]  # fmt: skip
    failure = made.outcome("products.P-1").error
    assert failure is not None
    assert (failure.code, failure.message) == (
        "draft_incomplete",
        "Not submitted: skus.L did not land, and half a draft is not submitted.",
    )
    made = store.apply()
    assert store.calls() == [listing()]
    assert made.of("skus.L") == "add blocked refused"
    store.verdict("approve")
    assert store.online().keys() == {"M"}
    store.sells("L", sku_code="L")
    store.apply()
    assert store.called() == ["sku_add", "listing"]
    store.closes()


def test_a_picture_that_is_not_taken_is_uploaded_once_more(store: Store) -> None:
    store.sells(thumb="covers/white.png")
    store.fault("sku_add", "errcode", code=9401050)
    store.apply()
    assert store.called() == ["img_upload", "sku_add", "img_upload", "sku_add", "listing"]
    store.closes()


def test_a_link_that_is_not_taken_is_remembered(store: Store) -> None:
    store.settings(picture_links="uploaded_ones")
    store.sells(thumb=LINK)
    store.apply()
    store.calls()
    store.apply()
    assert store.calls() == []
    assert store.plan().of("skus.S-1") == "add blocked refused"
    store.sells(thumb="covers/white.png")
    store.apply()
    assert store.called() == ["img_upload", "sku_add", "listing"]
    store.closes()


# ---- answers that are lost


@pytest.mark.parametrize("kind", ["drop_after", "busy_after", "garbage_after"])
def test_an_add_whose_answer_was_lost(store: Store, kind: str) -> None:
    store.sells()
    store.fault("sku_add", kind)
    store.apply()
    store.apply()
    assert store.calls() == [add(), listing()]
    store.closes()


@pytest.mark.parametrize("kind", ["drop", "busy", "http_503"])
def test_an_add_that_was_not_done(store: Store, kind: str) -> None:
    store.sells()
    store.fault("sku_add", kind)
    store.apply()
    store.apply()
    assert store.calls() == [add(), add(), listing()]
    store.closes()


def test_it_exists_and_is_equal__landed(store: Store) -> None:
    """The look before the add was late: the SKU is there."""
    store.sells(barcode="0690000000017", attrs={"颜色": "蓝"}, thumb=LINK)
    store.has_skus(
        {"out_sku_id": "S-1", "sale_price": 12900, "market_price": 15900, "stock_num": 40, "barcode": "690000000017",
         "sku_attrs": attrs(颜色="蓝"), "thumb_img": LINK},
        online=False,
    )  # fmt: skip
    store.fault("sku_list", "lost_sku", sku_id=sku_id())
    made = store.apply()
    assert made.ended("skus.S-1") == ("applied", None)
    assert store.called() == ["sku_add", "listing"]
    assert store.bound_to()["skus.S-1"] == sku_id()
    store.closes()


def test_it_exists_with_another_content__failed_and_then_adopted(store: Store) -> None:
    store.sells(sku_code="M")
    store.has_skus(
        {"out_sku_id": "S-1", "sale_price": 12900, "market_price": 15900, "stock_num": 40, "sku_attrs": []},
        online=False,
    )
    store.fault("sku_list", "lost_sku", sku_id=sku_id())
    made = store.apply()
    assert made.ended("skus.S-1") == ("failed", 9401005)
    assert store.called() == ["sku_add"]
    made = store.apply()
    assert store.called() == ["sku_update", "listing"]
    assert made.change("skus.S-1").adopting
    store.closes()


def test_a_key_that_a_deleted_sku_still_holds__the_listing_frees_it(store: Store) -> None:
    store.settings(deleted_out_sku_id="taken_while_online")
    store.sells_sizes("L", "M")
    store.on_sale()
    store.sells_no_more("M")
    store.apply(exclude=["products.P-1"])
    store.sells("M", attrs={"尺码": "M"})
    made = store.apply()
    failure = made.outcome("skus.M").error
    assert failure is not None
    assert failure.message == "its key is still held by one that the draft does not show any more"
    assert store.called() == ["sku_delete", "sku_add"]
    store.apply()
    assert store.called() == ["listing"]
    store.verdict("approve")
    assert store.plan().of("skus.M") == "add blocked refused"
    store.apply(resubmit=["skus.M"])
    assert store.called() == ["sku_add", "listing"]
    store.closes()


@pytest.mark.parametrize(
    ("call", "edit"),
    [
        ("sku_update", {"sku_code": "L"}),
        ("sku_update", {"sku_code": "L", "sale_price": "119.00"}),
        ("sku_update", {"thumb": "covers/blue.png"}),
        ("sku_update_price", {"sale_price": "119.00"}),
        ("stock_update", {"stock": 50}),
        ("stock_update", {"stock": 0}),
        ("listing", {"sku_code": "L"}),
        ("sku_delete", None),
    ],
)
@pytest.mark.parametrize("kind", ["drop_after", "drop"])
def test_other_answers_that_were_lost(store: Store, call: str, edit: Entry | None, kind: str) -> None:
    store.sells_sizes("L", "M", thumb="covers/white.png")
    store.on_sale()
    if edit is None:
        store.sells_no_more("L")
    else:
        store.sells("L", **edit)
    store.fault(call, kind)
    for _ in range(3):
        store.apply()
    seen = store.called()
    assert seen.count(call) == (2 if kind == "drop" else 1)
    store.closes()
    if edit is not None and "stock" in edit:
        assert store.online()["L"]["stock_num"] == edit["stock"]


def test_a_delete_of_what_is_gone_has_landed(store: Store) -> None:
    store.sells_sizes("L", "M")
    store.on_sale()
    store.sells_no_more("M")
    store.fault("sku_delete", "errcode", code=9401006)
    made = store.apply()
    assert made.ended("skus.M") == ("applied", None)
    assert store.calls() == [delete(2), listing()]


# ---- the run


def test_the_interface_was_taken_offline(store: Store) -> None:
    store.sells()
    store.settings(interface_offline=True)
    with pytest.raises(Refused) as told:
        store.plan()
    assert (told.value.errcode, told.value.reason) == (1400007, "this interface was taken offline (errcode 1400007)")
    assert store.calls() == []


def test_goods_alone_know_nothing_of_it(store: Store) -> None:
    store.lists()
    store.settings(interface_offline=True)
    store.apply()
    assert store.called() == ["upload", "add"]
    store.rests()


def test_the_interface_is_taken_offline_in_the_middle(store: Store) -> None:
    store.sells_sizes("L", "M")
    store.fault("sku_add", "errcode", code=1400007)
    made = store.apply()
    assert store.called() == ["sku_add"]
    assert [each.outcome.value for each in made.result.results] == ["failed", "skipped", "skipped"]
    store.apply()
    assert store.called() == ["sku_add", "sku_add", "listing"]
    store.closes()


# ---- switches of what is not documented


@pytest.mark.parametrize("edit", [{"sale_price": "119.00"}, {"stock": 7}, {"sale_price": "119.00", "stock": 7}])
@pytest.mark.parametrize(
    "switches",
    [{"update_price_writes_draft": "draft_only", "stock_update_needs_listing": True}],
)
def test_what_only_the_draft_shows_is_listed(store: Store, edit: Entry, switches: dict[str, object]) -> None:
    store.settings(**switches)
    store.sells()
    store.on_sale()
    store.sells(**edit)
    store.apply()
    assert not {"listing"} & {*store.called()}
    store.apply()
    assert store.called() == ["listing"]
    store.apply()
    assert store.called() == []
    store.closes()
    assert {name: store.online()["S-1"][name] for name in ("sale_price", "stock_num")} == {
        "sale_price": 11900 if "sale_price" in edit else 12900,
        "stock_num": edit.get("stock", 40),
    }


@pytest.mark.parametrize("in_draft", ["too", "online_only"])
@pytest.mark.parametrize("taken", [False, True])
def test_stock_and_price_survive_a_listing(store: Store, in_draft: str, *, taken: bool) -> None:
    """A stock or price changed at once, then a listing: what the review makes of it is unknown."""
    store.settings(
        update_price_writes_draft=in_draft, stock_update_writes_draft=in_draft, listing_takes_draft_stock=taken
    )
    store.sells_sizes("L", "M")
    store.on_sale()
    store.sells("L", sale_price="119.00", stock=7)
    store.apply()
    store.sells("M", sku_code="M-2")
    store.apply()
    store.verdict("approve")
    store.apply()
    store.calls()
    store.closes()
    assert store.online()["L"]["sale_price"] == 11900
    assert store.online()["L"]["stock_num"] == (40 if taken and in_draft == "online_only" else 7)


def test_the_id_of_no_product_is_a_clear_block(store: Store) -> None:
    store.sells("S-1", "P-1")
    store.says_of(product_id=product_id(9))
    assert store.plan().of("skus.S-1") == "add blocked product_missing"
    store.apply()
    assert store.calls() == []
