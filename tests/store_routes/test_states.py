"""What the standing of a product, its draft's review and what we know of it make of the routes (rules section 4)."""

from __future__ import annotations

import pytest

from tests.routes.shop import Call

from .calls import add, attrs, delete, listing, price, stock, stock_by, update
from .store import (
    DELETED,
    DELISTED,
    RECYCLED,
    SOLD_OUT,
    VIOLATING,
    Store,
    product_id,
    sku_id,
)

AS_SOLD = {"out_sku_id": "S-1", "sale_price": 12900, "market_price": 15900, "stock_num": 40, "sku_attrs": []}


def routes(store: Store, **flags: object) -> dict[str, str]:
    """The routes of a plan by address."""
    planned = store.plan(**flags)
    return {change.address: planned.of(change.address) for change in planned.plan.changes}


# ---- SKUs that no call of ours made


def test_there_never_bound__adopt_without_a_call(store: Store) -> None:
    store.has_skus(AS_SOLD)
    store.sells()
    assert routes(store) == {"skus.S-1": "adopt ready adopted"}
    store.apply()
    assert store.calls() == []
    assert store.state.bindings.keys() == {"skus.S-1", "products.P-1"}
    store.closes()


def test_adoption_takes_the_stock_as_applied(store: Store) -> None:
    store.has_skus({**AS_SOLD, "stock_num": 3})
    store.sells()
    store.apply()
    assert store.calls() == []
    store.closes()


@pytest.mark.parametrize(
    ("edit", "route", "sent"),
    [
        ({"sale_price": "119.00"}, "update ready price_changed", [price()]),
        ({"sku_code": "BL-M"}, "resubmit ready content_changed", [update(sku_code="BL-M"), listing()]),
    ],
)
def test_adopted_with_a_difference(store: Store, edit: dict[str, str], route: str, sent: list[Call]) -> None:
    store.has_skus(AS_SOLD)
    store.sells(**edit)
    assert routes(store)["skus.S-1"] == route
    store.apply()
    assert store.calls() == sent
    store.closes()


def test_a_sku_that_was_never_bound_is_never_touched(store: Store) -> None:
    store.has_skus(AS_SOLD, {**AS_SOLD, "out_sku_id": "S-2", "sku_attrs": attrs(尺码="M")})
    store.sells()
    made = store.plan()
    assert made.document["unmanaged"] == {"count": 1, "console_made": 0}
    store.apply()
    store.sells(sku_code="BL-M")
    store.apply()
    assert store.called() == ["sku_update", "listing"]
    store.closes()


def test_a_draft_that_somebody_else_left__submitted_by_resubmit_alone(store: Store) -> None:
    store.has_skus(AS_SOLD, online=False)
    store.sells()
    assert routes(store) == {
        "skus.S-1": "adopt ready adopted",
        "products.P-1": "resubmit blocked draft_not_submitted",
    }
    store.apply(resubmit=["products.P-1"])
    assert store.calls() == [listing()]
    store.closes()


# ---- never online


@pytest.fixture
def drafted(store: Store) -> Store:
    """S-1 in the draft of P-1, bound, and never listed."""
    store.sells()
    store.says_of(listing=False)
    store.apply()
    assert store.calls() == [add()]
    return store


def test_listing_false_leaves_the_draft_and_says_so(drafted: Store) -> None:
    made = drafted.plan()
    assert routes(drafted) == {"products.P-1": "resubmit blocked listing_off"}
    assert made.change("products.P-1").message == (
        "listing: false leaves the changed draft unsubmitted; customers see the old one until it is listed."
    )
    drafted.apply()
    assert drafted.calls() == []


def test_we_changed_the_draft__the_listing_alone(drafted: Store) -> None:
    drafted.says_of(listing=True)
    assert routes(drafted) == {"products.P-1": "resubmit ready draft_changed"}
    drafted.apply()
    assert drafted.calls() == [listing()]
    drafted.closes()


@pytest.mark.parametrize("shown", ["missing", "draft"])
def test_never_online__a_price_is_draft_content(drafted: Store, shown: str) -> None:
    drafted.settings(unlisted_on_read=shown)
    drafted.says_of(listing=True)
    drafted.sells(sale_price="119.00")
    assert routes(drafted)["skus.S-1"] == "resubmit ready price_changed"
    drafted.apply()
    assert drafted.calls() == [update(sale_price=11900), listing()]
    drafted.closes()


def test_never_online__stock(drafted: Store) -> None:
    drafted.says_of(listing=True)
    drafted.sells(stock=7)
    drafted.apply()
    assert drafted.calls() == [stock(7), listing()]
    drafted.closes()
    assert drafted.online()["S-1"]["stock_num"] == 7


def test_never_online__stock_that_lands_under_review_ends_no_refusal(drafted: Store) -> None:
    drafted.says_of(listing=True)
    drafted.sells(sku_code="M")
    drafted.fault("sku_update", "errcode", code=9401020)
    drafted.apply()
    drafted.calls()
    drafted.product_becomes(edit_status=2)
    drafted.sells(sku_code="M", stock=7)
    drafted.apply()
    assert drafted.calls() == [stock(7)]
    drafted.product_becomes(edit_status=1)
    assert drafted.plan().of("skus.S-1") == "resubmit blocked refused"


# ---- stock


def test_stock_sold__no_difference(store: Store) -> None:
    store.sells()
    store.on_sale()
    store.somebody_changes(copy="online", stock_num=11)
    store.closes()
    store.sells(stock=0)
    store.apply()
    assert store.calls() == [stock_by(-11)]
    store.closes()
    assert store.product()["status"] in (5, SOLD_OUT)


def test_stock_sold__enforced(store: Store) -> None:
    store.says(policy={"stock": "enforce"})
    store.sells()
    store.on_sale()
    store.closes()
    store.somebody_changes(copy="online", stock_num=11)
    assert routes(store) == {"skus.S-1": "update ready stock_changed"}
    store.apply()
    assert store.calls() == [stock(40)]
    store.closes()


def test_a_product_that_is_sold_out_is_written_to(store: Store) -> None:
    store.sells()
    store.on_sale()
    store.somebody_changes(copy="online", stock_num=0)
    store.sells(stock=30, sku_code="BL-M")
    store.apply()
    assert store.calls() == [update(sku_code="BL-M"), stock(30), listing()]
    store.closes()


def test_stock_0_that_is_0_already(store: Store) -> None:
    store.sells()
    store.on_sale()
    store.somebody_changes(copy="online", stock_num=0)
    store.sells(stock=0)
    store.apply()
    assert store.calls() == []
    store.closes()


# ---- leaving the catalogue


@pytest.fixture
def sizes(store: Store) -> Store:
    """L, M and S of P-1 on sale."""
    store.sells_sizes("L", "M", "S")
    store.on_sale()
    return store


def test_left_the_catalogue__sku_delete_then_listing(sizes: Store) -> None:
    sizes.sells_no_more("M")
    assert routes(sizes) == {"skus.M": "delete ready not_in_catalogue", "products.P-1": "resubmit ready draft_changed"}
    sizes.apply()
    assert sizes.calls() == [delete(2), listing()]
    assert sizes.online().keys() == {"L", "M", "S"}
    sizes.closes()
    assert sizes.online().keys() == {"L", "S"}


def test_the_last_sku_of_a_product_stays(sizes: Store) -> None:
    sizes.has_product("P-2")
    sizes.sells("T-1", "P-2")
    sizes.on_sale()
    sizes.sells_no_more("L", "M", "S")
    assert routes(sizes) == {
        "skus.L": "delete ready not_in_catalogue",
        "skus.M": "delete ready not_in_catalogue",
        "skus.S": "delete blocked last_sku",
        "products.P-1": "resubmit ready draft_changed",
    }
    sizes.apply()
    assert sizes.called() == ["sku_delete", "sku_delete", "listing"]
    sizes.verdict("approve")
    assert sizes.online().keys() == {"S", "T-1"}
    assert routes(sizes) == {"skus.S": "delete blocked last_sku"}


def test_prune_false_and_protect_leave_them(sizes: Store) -> None:
    sizes.sells("M", protect=True)
    sizes.apply()
    sizes.sells_no_more("M")
    assert routes(sizes) == {"skus.M": "delete blocked protected"}
    sizes.sells_no_more("L")
    sizes.says(policy={"prune": False})
    made = sizes.plan()
    assert (made.plan.changes, made.notices) == ((), [("not_pruned", "skus.L"), ("not_pruned", "skus.M")])
    sizes.apply()
    assert sizes.calls() == []


def test_out_sku_id_changed__delete_add_and_a_warning(sizes: Store) -> None:
    sizes.sells_no_more("M")
    sizes.sells("M-2", attrs={"尺码": "M"})
    made = sizes.plan()
    assert routes(sizes) == {
        "skus.M-2": "add ready new",
        "skus.M": "delete ready not_in_catalogue",
        "products.P-1": "resubmit ready draft_changed",
    }
    assert made.notices == [("key_changed", "skus.M-2")]
    sizes.apply()
    assert sizes.calls() == [add("M-2", sku_attrs=attrs(尺码="M")), delete(2), listing()]
    sizes.closes()


@pytest.fixture
def renamed(store: Store) -> Store:
    """The one SKU of P-1, on sale, has a new key in the catalogue."""
    store.sells()
    store.on_sale()
    store.sells_no_more("S-1")
    store.sells("S-2")
    return store


def test_the_one_sku_of_a_product_has_a_new_key__deleted_behind_the_add(renamed: Store) -> None:
    renamed.apply()
    assert renamed.calls() == [add("S-2"), delete(), listing()]
    renamed.closes()
    assert renamed.online().keys() == {"S-2"}


def test_the_one_sku_of_a_product_has_a_new_key__it_stays_while_the_add_fails(renamed: Store) -> None:
    renamed.fault("sku_add", "errcode", code=9401045)
    made = renamed.apply()
    failure = made.outcome("skus.S-1").error
    assert failure is not None
    assert (failure.code, failure.message) == (
        "draft_incomplete",
        "Not deleted: skus.S-2 did not land, and the last one stays until there is another.",
    )
    assert routes(renamed) == {"skus.S-2": "add blocked refused", "skus.S-1": "delete blocked last_sku"}
    renamed.apply()
    assert renamed.calls() == [add("S-2")]


def test_the_one_sku_of_a_product_has_a_new_key__it_waits_for_quota_like_the_add(renamed: Store) -> None:
    renamed.says(quota={"sku_write": {"limit": 1}})
    assert routes(renamed) == {
        "skus.S-2": "add deferred new",
        "skus.S-1": "delete deferred not_in_catalogue",
        "products.P-1": "resubmit deferred draft_changed",
    }
    renamed.apply()
    assert renamed.calls() == []


# ---- under review


@pytest.fixture
def reviewed(sizes: Store) -> Store:
    """L, M and S on sale, and another draft of theirs under review."""
    sizes.sells("L", sku_code="L-1")
    sizes.apply()
    sizes.calls()
    return sizes


def test_under_review__content_add_and_delete_wait(reviewed: Store) -> None:
    reviewed.sells("L", sku_code="L-2")
    reviewed.sells_no_more("M")
    reviewed.sells("XL", attrs={"尺码": "XL"})
    assert routes(reviewed) == {
        "products.P-1": "unchanged waiting under_review",
        "skus.L": "resubmit waiting draft_in_review",
        "skus.M": "delete waiting draft_in_review",
        "skus.XL": "add waiting draft_in_review",
    }
    reviewed.apply()
    assert reviewed.calls() == []
    reviewed.verdict("approve")
    reviewed.apply()
    assert sorted(reviewed.called()) == ["listing", "sku_add", "sku_delete", "sku_update"]
    reviewed.closes()


@pytest.mark.parametrize("price_in_draft", ["too", "online_only"])
def test_under_review__price_and_stock_go(reviewed: Store, price_in_draft: str) -> None:
    reviewed.settings(update_price_writes_draft=price_in_draft)
    reviewed.sells("L", sale_price="119.00", stock=7)
    assert routes(reviewed) == {
        "skus.L": "update ready price_changed",
        "products.P-1": "unchanged waiting under_review",
    }
    reviewed.apply()
    assert reviewed.calls() == [price(), stock(7)]
    assert (reviewed.online()["L"]["sale_price"], reviewed.online()["L"]["stock_num"]) == (11900, 7)
    reviewed.apply()
    reviewed.verdict("approve")
    reviewed.apply()  # the review put a draft with the old price on sale, where the call does not write it
    assert reviewed.called() == ([] if price_in_draft == "too" else ["sku_update_price"])
    reviewed.closes()


def test_under_review__the_content_beside_a_price_is_held(reviewed: Store) -> None:
    reviewed.sells("L", sale_price="119.00", sku_code="L-2")
    made = reviewed.plan()
    assert made.of("skus.L") == "update ready price_changed"
    assert made.held("skus.L") == [(("sku_code",), "draft_in_review")]
    reviewed.apply()
    assert reviewed.calls() == [price()]
    reviewed.verdict("approve")
    reviewed.apply()
    assert reviewed.calls() == [
        update(sku_code="L-2", sale_price=11900, sku_attrs=attrs(尺码="L")),
        listing(),
    ]
    reviewed.closes()


def test_refused_by_the_review__blocked_until_it_is_edited(reviewed: Store) -> None:
    reviewed.verdict("reject")
    assert routes(reviewed) == {"products.P-1": "resubmit blocked rejected"}
    reviewed.apply()
    assert reviewed.calls() == []
    reviewed.sells("L", sku_code="L-2")
    reviewed.apply()
    assert reviewed.called() == ["sku_update", "listing"]
    reviewed.closes()


def test_refused_by_the_review__submitted_again_when_told(reviewed: Store) -> None:
    reviewed.verdict("reject")
    assert routes(reviewed, resubmit=["products.P-1"]) == {"products.P-1": "resubmit ready draft_changed"}
    reviewed.apply(resubmit=["products.P-1"])
    assert reviewed.calls() == [listing()]
    reviewed.closes()


def test_refused_by_the_review__a_price_in_the_draft_does_not_submit_it_again(sizes: Store) -> None:
    sizes.sells("L", sku_code="L-1", sale_price="119.00")
    sizes.apply()
    assert sizes.called() == ["sku_update", "listing"]
    sizes.verdict("reject")
    for _ in range(2):
        assert routes(sizes) == {"products.P-1": "resubmit blocked rejected"}
        sizes.apply()
        assert sizes.calls() == []


def test_a_price_that_a_listing_did_not_put_on_sale_is_told__not_submitted_again(sizes: Store) -> None:
    sizes.settings(update_price_writes_draft="draft_only")
    sizes.sells("L", sale_price="119.00")
    sizes.apply()
    sizes.apply()
    assert sizes.called() == ["sku_update_price", "listing"]
    sizes.verdict("approve")
    sizes.somebody_changes("L", copy="online", sale_price=12900)
    made = sizes.plan()
    assert made.of("products.P-1") == "resubmit blocked not_taken"
    assert made.change("products.P-1").message == (
        "1 SKU is not on sale at the price or stock of the draft, although it was submitted since. See the product in "
        "the console, or --resubmit products.P-1."
    )
    sizes.apply()
    assert sizes.calls() == []


def test_a_price_that_only_the_draft_has_goes_on_sale_with_a_listing__and_is_told(sizes: Store) -> None:
    sizes.somebody_changes("L", copy="draft", sale_price=1)
    sizes.sells("M", sku_code="M-2")
    assert sizes.plan().change("products.P-1").message == (
        "Its changed draft is submitted, after the steps of its SKUs. 1 SKU is in it at another price than the "
        "catalogue's, which goes on sale with it; apply again after the review."
    )
    sizes.sells("L", sku_code="L-2")
    assert sizes.plan().change("products.P-1").message == (
        "Its changed draft is submitted, after the steps of its SKUs."
    )
    sizes.apply()
    sizes.verdict("approve")
    assert sizes.online()["L"]["sale_price"] == 12900


# ---- standings


@pytest.mark.parametrize("standing", [RECYCLED, DELISTED, VIOLATING])
def test_a_product_that_is_off_sale_is_left_alone(sizes: Store, standing: int) -> None:
    sizes.product_becomes(status=standing)
    sizes.sells("L", sku_code="L-2")
    sizes.sells("S", sale_price="119.00", stock=3)
    sizes.sells_no_more("M")
    sizes.sells("XL", attrs={"尺码": "XL"})
    assert routes(sizes) == {
        "skus.L": "resubmit blocked product_closed",
        "skus.M": "delete blocked product_closed",
        "skus.S": "update blocked product_closed",
        "skus.XL": "add blocked product_closed",
        "products.P-1": "resubmit blocked product_closed",
    }
    sizes.apply(resubmit=["products.P-1", "skus.L"])
    assert sizes.calls() == []


def test_a_product_that_was_deleted(sizes: Store) -> None:
    sizes.product_becomes(status=DELETED)
    sizes.sells_no_more("M")
    assert routes(sizes) == {
        "skus.L": "add blocked product_missing",
        "skus.M": "forget ready gone",
        "skus.S": "add blocked product_missing",
        "products.P-1": "resubmit blocked product_missing",
    }
    sizes.apply()
    assert sizes.calls() == []
    assert sizes.bound_to().keys() == {"products.P-1", "skus.L", "skus.S"}
    sizes.has_product("P-1")
    sizes.apply()
    assert sizes.calls() == [
        add("L", product=2, sku_attrs=attrs(尺码="L")),
        add("S", product=2, sku_attrs=attrs(尺码="S")),
        listing(2),
    ]
    sizes.closes()


# ---- products


def test_a_product_that_is_missing(store: Store) -> None:
    store.sells("T-1", "P-2")
    assert routes(store) == {
        "products.P-2": "resubmit blocked product_missing",
        "skus.T-1": "add blocked product_missing",
    }
    store.has_product("P-2")
    store.apply()
    assert store.calls() == [add("T-1", product=2), listing(2)]
    store.closes()


def test_a_product_that_could_not_be_read_is_not_called_missing(store: Store) -> None:
    store.has_product("P-2")
    store.sells("S-1", "P-1")
    store.sells("T-1", "P-2")
    store.fault("spu_get", "errcode", code=9401020)
    assert routes(store) == {
        "products.P-1": "resubmit blocked observation_incomplete",
        "skus.S-1": "add blocked observation_incomplete",
        "skus.T-1": "add ready new",
        "products.P-2": "resubmit ready draft_changed",
    }


def test_a_product_by_its_product_id(store: Store) -> None:
    """Its key here is ours; the platform knows it by another."""
    store.sells("S-1", "summer")
    store.says_of("summer", product_id=product_id())
    store.apply()
    assert store.calls() == [add(), listing()]
    store.closes()
    store.sells("S-1", "summer", sku_code="S")
    store.apply()
    assert store.calls() == [update(sku_code="S"), listing()]
    store.closes()


def test_a_sku_under_another_product(store: Store) -> None:
    store.has_product("P-2")
    store.sells()
    store.on_sale()
    del store.products["P-1"]
    store.sells("S-1", "P-2")
    for _ in range(2):
        assert routes(store)["skus.S-1"] == "unchanged blocked under_another"
        assert store.plan().change("skus.S-1").message == (
            f"The platform has S-1 under another product ({product_id()}), and a key never moves. Take a new key."
        )
        store.apply()
        assert store.calls() == []


def test_a_sku_that_stands_under_a_product_of_which_nothing_is_listed(store: Store) -> None:
    store.has_product("P-2")
    store.has_skus(AS_SOLD, product="P-2")
    store.sells()
    made = store.apply()
    assert store.calls() == [add()]
    assert made.ended("skus.S-1") == ("failed", 9401005)
    assert made.ended("products.P-1") == ("skipped", None)
    planned = store.plan()
    assert planned.of("skus.S-1") == "add blocked refused"
    assert planned.change("skus.S-1").message == (
        f"The platform refused this very content before: its key stands under another product ({product_id(2)}), and a "
        "key never moves (errcode 9401005). Change it, or --resubmit skus.S-1."
    )
    store.apply()
    assert store.calls() == []


def test_one_file_for_two_skus_is_uploaded_once(store: Store) -> None:
    store.sells_sizes("L", "M", thumb="covers/white.png")
    store.apply()
    assert store.calls() == [
        ("img_upload", {}),
        add("L", thumb_img="covers/white.png", sku_attrs=attrs(尺码="L")),
        add("M", thumb_img="covers/white.png", sku_attrs=attrs(尺码="M")),
        listing(),
    ]
    store.closes()
    store.sells("L", thumb="covers/white.png", sku_code="L")
    store.apply()
    assert store.called() == ["sku_update", "listing"]
    store.closes()


def test_a_sku_that_somebody_made_anew_is_bound_by_its_key(sizes: Store) -> None:
    sizes.somebody_takes_away("M")
    sizes.has_skus(
        {"out_sku_id": "M", "sale_price": 12900, "market_price": 15900, "stock_num": 40, "sku_attrs": attrs(尺码="M")}
    )
    assert routes(sizes) == {"skus.M": "adopt ready adopted"}
    sizes.apply()
    assert sizes.calls() == []
    assert sizes.bound_to()["skus.M"] == sku_id(4)
    sizes.closes()


def test_a_sku_that_is_gone_is_added_again(sizes: Store) -> None:
    sizes.somebody_takes_away("M")
    assert routes(sizes)["skus.M"] == "add ready lost_remotely"
    sizes.apply()
    assert sizes.calls() == [add("M", sku_attrs=attrs(尺码="M")), listing()]
    sizes.closes()


def test_another_product_id__the_skus_do_not_move(sizes: Store) -> None:
    sizes.has_product("P-2")
    sizes.says_of(product_id=product_id(2))
    sizes.sells("XL", attrs={"尺码": "XL"})
    stays = {f"skus.{key}": "unchanged blocked under_another" for key in ("L", "M", "S")}
    assert routes(sizes) == {"skus.XL": "add ready new", "products.P-1": "resubmit ready draft_changed", **stays}
    sizes.apply()
    assert sizes.calls() == [add("XL", product=2, sku_attrs=attrs(尺码="XL")), listing(2)]
    sizes.verdict("approve")
    assert routes(sizes) == stays


# ---- selection


def test_a_selected_sku_takes_its_listing_along(sizes: Store) -> None:
    sizes.sells("L", sku_code="L-2")
    sizes.sells("M", sku_code="M-2")
    assert routes(sizes, target=["skus.L"]) == {
        "skus.L": "resubmit ready content_changed",
        "products.P-1": "resubmit ready draft_changed",
    }
    sizes.apply(target=["skus.L"])
    assert sizes.calls() == [update(1, sku_code="L-2", sku_attrs=attrs(尺码="L")), listing()]
    sizes.verdict("approve")
    sizes.apply()
    assert sizes.called() == ["sku_update", "listing"]
    sizes.closes()


def test_a_selected_sku_takes_a_listing_along_that_was_left_over(sizes: Store) -> None:
    sizes.sells("L", sku_code="L-2")
    sizes.fault("listing", "drop")
    for sent in (["sku_update", "listing"], ["listing"]):
        sizes.apply(target=["skus.L"])
        assert sizes.called() == sent
    sizes.closes()


def test_an_excluded_product_is_not_listed(sizes: Store) -> None:
    sizes.sells("L", sku_code="L-2")
    assert routes(sizes, exclude=["products.P-1"]) == {"skus.L": "resubmit ready content_changed"}
    sizes.apply(exclude=["products.P-1"])
    assert sizes.called() == ["sku_update"]
    sizes.apply()
    assert sizes.calls() == [listing()]
    sizes.closes()


def test_ids_are_whole(sizes: Store) -> None:
    assert sizes.bound_to() == {
        "products.P-1": product_id(),
        "skus.L": sku_id(1),
        "skus.M": sku_id(2),
        "skus.S": sku_id(3),
    }
