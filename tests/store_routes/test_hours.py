"""The pool of SKU writes (rules section 5): 200 in any hour, 1000 a day, and what waits for the next hour or day."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest

from tests.cli.conftest import Command
from tests.routes.shop import Json

from .store import Store

BEIJING = timedelta(hours=8)


@pytest.fixture
def noon(store: Store) -> Store:
    """Let it be noon in Beijing, so that no quota day ends within a test."""
    now = store.now()
    wait = (now.replace(hour=4, minute=0, second=0, microsecond=0) - now) % timedelta(days=1)
    store.clock(f"{wait.total_seconds():.0f}s")
    return store


def by_disposition(document: Json) -> dict[str, int]:
    """How many changes of each kind there are by disposition."""
    counts: dict[str, int] = {}
    for change in document["changes"]:
        name = f"{change['kind']} {change['disposition']}"
        counts[name] = counts.get(name, 0) + 1
    return counts


def test_205_skus__200_go_in_this_hour_and_the_rest_in_the_next(noon: Store, command: Command) -> None:
    for product, count in (("P-1", 70), ("P-2", 70), ("P-3", 65)):
        if product != "P-1":
            noon.has_product(product)
        noon.sells_sizes(*(f"{product}-{number}" for number in range(count)), product=product)
    noon.settings(verdict="approve", verdict_after=0)
    made = noon.apply()
    today = (noon.now() + BEIJING).date().isoformat()
    assert by_disposition(made.document) == {
        "sku ready": 200, "product ready": 2, "sku deferred": 5, "product deferred": 1,
    }  # fmt: skip
    deferred = [change for change in made.document["changes"] if change["disposition"] == "deferred"]
    assert {change["scheduled_for"] for change in deferred} == {today}
    not_before = {change["not_before"] for change in deferred}
    assert len(not_before) == 1
    (pool,) = [row for row in made.document["quota"] if row["pool"] == "sku_write"]
    assert (pool["day"], pool["limit"], pool["planned"], pool["left"]) == (today, 1000, 205, 795)
    seen = noon.called()
    assert (seen.count("sku_add"), seen.count("listing"), len(seen)) == (200, 2, 202)
    made = noon.apply()
    assert noon.calls() == []
    assert by_disposition(made.document) == {"sku deferred": 5, "product deferred": 1}
    opens = datetime.fromisoformat(made.document["changes"][0]["not_before"])
    wait = (opens - noon.now()).total_seconds()
    assert 3500 < wait <= 3601
    noon.clock(f"{wait - 8:.0f}s")
    ended = command("apply", "--yes", "--until-done", "--detailed-exitcode", "--format", "json")
    assert (ended.code, json.loads(ended.out)["summary"]) == (
        0,
        {"applied": 6, "failed": 0, "in_doubt": 0, "skipped": 0, "remaining": 0},
    )
    assert "Waiting for 6 for the next hour's quota; looking again at " in ended.err
    assert noon.called() == ["sku_add"] * 5 + ["listing"]
    noon.closes()


def test_a_short_day__the_rest_tomorrow(noon: Store) -> None:
    noon.says(quota={"sku_write": {"limit": 2}})
    noon.sells_sizes("L", "M", "S")
    made = noon.plan()
    tomorrow = (noon.now() + BEIJING).date() + timedelta(days=1)
    assert {change.address: (change.disposition, change.scheduled_for) for change in made.plan.changes} == {
        "skus.L": ("ready", tomorrow - timedelta(days=1)),
        "skus.M": ("ready", tomorrow - timedelta(days=1)),
        "skus.S": ("deferred", tomorrow),
        "products.P-1": ("deferred", tomorrow),
    }
    for sent in (["sku_add", "sku_add"], []):
        noon.apply()
        assert noon.called() == sent
    noon.sells("L", sale_price="119.00")  # in the draft: it was never on sale
    assert noon.plan().of("skus.L") == "resubmit deferred price_changed"
    noon.sells("L", sale_price="129.00")
    noon.clock("24h")
    noon.apply()
    assert noon.called() == ["sku_add", "listing"]
    noon.closes()


def test_price_stock_and_delete_are_free_of_it(noon: Store) -> None:
    noon.sells_sizes("L", "M", "S")
    noon.on_sale()
    noon.says(quota={"sku_write": {"limit": 3}})
    noon.sells("L", sale_price="119.00", stock=7)
    noon.sells("S", sku_code="S-2")
    noon.sells_no_more("M")
    made = noon.apply()
    assert sorted(noon.called()) == ["sku_delete", "sku_update_price", "stock_update"]
    assert made.of("products.P-1") == "resubmit deferred draft_changed"
    noon.clock("24h")
    noon.apply()
    assert noon.called() == ["sku_update", "listing"]
    noon.closes()


def test_the_platform_asks_for_a_pause(noon: Store) -> None:
    noon.settings(sku_write_per_hour=2)
    noon.sells_sizes("L", "M", "S", "XL")
    made = noon.apply()
    assert noon.called() == ["sku_add", "sku_add", "sku_add"]
    assert {each.address: each.error.code if each.error else "applied" for each in made.result.results} == {
        "skus.L": "applied",
        "skus.M": "applied",
        "skus.S": "rate_limited",
        "skus.XL": "rate_limited",
        "products.P-1": "draft_incomplete",
    }
    failure = made.outcome("skus.XL").error
    assert failure is not None
    assert failure.message == "Nothing is left of sku_write in this hour."
    noon.sells("L", stock=7)
    made = noon.apply()
    assert noon.called() == ["stock_update"]
    assert {change.address: made.of(change.address) for change in made.plan.changes} == {
        "skus.L": "update ready stock_changed",
        "skus.S": "add deferred new",
        "skus.XL": "add deferred new",
        "products.P-1": "resubmit deferred draft_changed",
    }
    noon.clock("61m")
    noon.apply()
    assert noon.called() == ["sku_add", "sku_add", "listing"]
    noon.closes()


def test_the_platform_says_that_a_listing_came_too_often(noon: Store) -> None:
    noon.sells()
    noon.fault("listing", "errcode", code=300000)
    made = noon.apply()
    failure = made.outcome("products.P-1").error
    assert failure is not None
    assert (failure.code, failure.message) == ("rate_limited", "listed too often (errcode 300000)")
    assert noon.called() == ["sku_add", "listing"]
    noon.clock("50m")
    made = noon.apply()
    assert noon.called() == []
    assert made.of("products.P-1") == "resubmit deferred draft_changed"
    not_before = datetime.fromisoformat(made.document["changes"][0]["not_before"])
    assert 0 < (not_before - noon.now()).total_seconds() <= 600
    noon.clock("11m")
    noon.apply()
    assert noon.called() == ["listing"]
    noon.closes()


def test_a_listing_that_came_too_often_is_for_all_products(noon: Store) -> None:
    """More of them may blacklist the app."""
    for number in range(2, 8):
        noon.has_product(f"P-{number}")
    for number in range(1, 8):
        noon.sells(f"S-{number}", f"P-{number}")
    noon.fault("listing", "errcode", code=300000, times=9)
    made = noon.apply()
    assert 1 <= noon.called().count("listing") <= 4  # side by side
    failure = made.outcome("products.P-7").error
    assert failure is not None
    assert (failure.code, failure.message) == ("rate_limited", "Nothing is left of listing in this hour.")
    made = noon.apply()
    assert noon.called() == []
    assert made.document["summary"]["deferred"] == 7


def test_what_lands_meanwhile_ends_no_pause(noon: Store) -> None:
    """Listing too often may blacklist the app, whatever became of the product's SKUs since."""
    noon.sells()
    noon.fault("listing", "errcode", code=300000)
    noon.apply()
    noon.sells(sku_code="M", stock=7)
    noon.apply()
    assert noon.called() == ["sku_add", "listing", "sku_update", "stock_update"]
    assert noon.plan().of("products.P-1") == "resubmit deferred draft_changed"
    noon.apply()
    assert noon.called() == []
    noon.clock("61m")
    noon.apply()
    assert noon.called() == ["listing"]
    noon.closes()


def test_a_pause_ends_no_refusal(noon: Store) -> None:
    noon.sells()
    noon.on_sale()
    noon.sells(sku_code="M")
    noon.fault("sku_update", "errcode", code=9401020)
    noon.apply()
    noon.sells(stock=7)
    noon.fault("stock_update", "errcode", code=300000)
    noon.apply()
    assert noon.called() == ["sku_update", "stock_update"]
    assert noon.plan().held("skus.S-1") == [(("sku_code",), "refused")]
    noon.clock("61m")
    noon.apply()
    assert noon.called() == ["stock_update"]
    assert noon.plan().of("skus.S-1") == "resubmit blocked refused"


def test_a_pause_that_ends_tomorrow(noon: Store) -> None:
    noon.clock("11h30m")
    noon.sells()
    noon.fault("listing", "errcode", code=300000)
    noon.apply()
    noon.calls()
    made = noon.apply()
    assert made.change("products.P-1").scheduled_for == (noon.now() + BEIJING).date() + timedelta(days=1)
    assert noon.called() == []
    noon.clock("61m")
    noon.apply()
    assert noon.called() == ["listing"]
    noon.closes()


def test_the_day_is_used_up_by_somebody_else(noon: Store) -> None:
    noon.sells_sizes("L", "M")
    noon.fault("sku_add", "quota")
    noon.apply()
    noon.apply()
    assert noon.called() == ["sku_add"]
    noon.clock("24h")
    noon.apply()
    assert noon.called() == ["sku_add", "sku_add", "listing"]
    noon.closes()
