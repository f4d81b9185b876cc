"""What a mixed catalogue, goods and SKUs, looks like: in words, and in the documents of the contract."""

from __future__ import annotations

import json
import re

import pytest

from tests.cli.conftest import Command

from .store import Store, product_id, sku_id


@pytest.fixture
def mixed(store: Store) -> Store:
    """A mug, and L and M of P-1, all approved; then everything changes, and S comes."""
    store.lists()
    store.sells_sizes("L", "M")
    store.on_sale()
    store.lists(price="89")
    store.sells("L", sku_code="L-1", stock=0)
    store.sells("S", attrs={"尺码": "S"}, thumb="covers/white.png")
    store.sells_no_more("M")
    return store


PLAN = """\
Ready: apply will do this now (5)

  ~ update    goods.mug     [approved]  update
      price  99.50  ->  89.00
      Approved goods may change price at once.
  ^ resubmit  skus.L        [approved]  sku_update -> stock_update
      stock     40  ->  0
      sku_code  ""  ->  L-1
      Its draft is changed.
  + add       skus.S        upload -> sku_add
      sale_price 129.00 · market_price 159.00 · stock 40 · attrs {"尺码":"S"}
  - delete    skus.M        [approved]  sku_delete
      thumb keep · sale_price 129.00 · market_price 159.00 · stock 40 · attrs {"尺码":"M"}
      The catalogue no longer lists it.
  ^ resubmit  products.P-1  [approved]  listing
      Its changed draft is submitted, after the steps of its SKUs.

Quota
  DAY  update     1 planned  0 used  999 left of 1000
  DAY  sku_write  2 planned  2 used  996 left of 1000

Plan: 1 to add, 1 to update, 2 to resubmit, 0 to replace, 1 to delete.
"""

STATUS = """\
ITEM          REVIEW    ID                 LEFT TO DO
goods.mug     approved  51                 update, ready: Approved goods may change price at once.
products.P-1  approved  10001234567890123  resubmit, ready: Its changed draft is submitted, after the steps of its SKUs.
skus.L        approved  23004567890123001  resubmit, ready: Its draft is changed.
skus.S        absent                       add, ready: Not in the product yet.
skus.M        approved  23004567890123013  delete, ready: The catalogue no longer lists it.

0 of 5 items are approved and as the catalogue says. · 1 not there
"""

RESULT = """\
What remains is under review, deferred or held: `catalog-sync status` says which.
Applied: 5 · Failed: 0 · In doubt: 0 · Skipped: 0 · Remaining: 1
"""

STATUS_AFTER = """\
ITEM          REVIEW    ID                 LEFT TO DO
goods.mug     approved  51
products.P-1  in_audit  10001234567890123  under review
skus.L        in_audit  23004567890123001  under review
skus.S        in_audit  23004567890123025  under review

1 of 4 items are approved and as the catalogue says. · 3 under review
"""

WHITE = "sha256:47c0b232b83e0aaf92d46f39b9066c67528fc4c31fc88bc50d7d8e2291137145"
MONEY = {"sale_price": "129.00", "market_price": "159.00"}

CHANGES = [
    ("goods.mug", "goods", "update", "ready", 51, "approved", {"priceType": 1, "price": "99.50"},
     {"priceType": 1, "price": "89.00"}),
    ("skus.L", "sku", "resubmit", "ready", sku_id(1), "approved",
     {**MONEY, "stock": 40, "sku_code": "", "attrs": '{"尺码":"L"}'},
     {**MONEY, "stock": 0, "sku_code": "L-1", "attrs": '{"尺码":"L"}'}),
    ("skus.S", "sku", "add", "ready", None, None, None,
     {**MONEY, "stock": 40, "attrs": '{"尺码":"S"}', "thumb": WHITE}),
    ("skus.M", "sku", "delete", "ready", sku_id(2), "approved",
     {**MONEY, "stock": 40, "attrs": '{"尺码":"M"}', "thumb": "keep", "sku_code": "", "barcode": ""}, None),
    ("products.P-1", "product", "resubmit", "ready", product_id(), "approved", {}, {}),
]  # fmt: skip

STEPS = {
    "goods.mug": [("update", "update", ["priceType", "price"])],
    "skus.L": [
        ("sku_update", "sku_write", ["sale_price", "market_price", "sku_code", "attrs"]),
        ("stock_update", None, ["stock"]),
    ],
    "skus.S": [
        ("upload", None, ["thumb"]),
        ("sku_add", "sku_write", ["thumb", "sale_price", "market_price", "stock", "attrs"]),
    ],
    "skus.M": [("sku_delete", None, [])],
    "products.P-1": [("listing", None, [])],
}

RESULTS = [
    ("goods.mug", "update", "applied", 51, ["update"]),
    ("skus.L", "resubmit", "applied", sku_id(1), ["sku_update", "stock_update"]),
    ("skus.S", "add", "applied", sku_id(3), ["upload", "sku_add"]),
    ("skus.M", "delete", "applied", sku_id(2), ["sku_delete"]),
    ("products.P-1", "resubmit", "applied", product_id(), ["listing"]),
]


def days_left_out(text: str) -> str:
    """A text without the days that it names."""
    return re.sub(r"\d{4}-\d{2}-\d{2}", "DAY", text)


def test_in_words(mixed: Store, command: Command) -> None:
    assert days_left_out(command("plan").out) == PLAN
    assert command("status").out == STATUS
    assert days_left_out(command("apply", "--yes").out) == PLAN + RESULT
    assert command("status").out == STATUS_AFTER
    mixed.calls()
    mixed.closes()
    assert command("plan").out == "No changes. The platform matches the catalogue.\n"


def test_in_documents(mixed: Store, command: Command) -> None:
    plan = json.loads(command("plan", "--format", "json").out)
    shown = ("address", "kind", "action", "disposition", "remote_id", "audit_status", "before", "after")
    assert [tuple(change[name] for name in shown) for change in plan["changes"]] == CHANGES
    assert {
        change["address"]: [(step["call"], step["pool"], step["fields"]) for step in change["steps"]]
        for change in plan["changes"]
    } == STEPS
    result = json.loads(command("apply", "--yes", "--format", "json").out)
    told = ("address", "action", "outcome", "remote_id", "calls")
    assert [tuple(each[name] for name in told) for each in result["results"]] == RESULTS
    assert result["summary"] == {"applied": 5, "failed": 0, "in_doubt": 0, "skipped": 0, "remaining": 1}
    status = json.loads(command("status", "--format", "json").out)
    assert [
        (each["address"], each["remote_id"], each["audit_status"], each["in_sync"]) for each in status["items"]
    ] == [
        ("goods.mug", 51, "approved", True),
        ("products.P-1", product_id(), "in_audit", False),
        ("skus.L", sku_id(1), "in_audit", False),
        ("skus.S", sku_id(3), "in_audit", False),
    ]
