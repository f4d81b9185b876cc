"""The table of routes of SKUs, row by row (rules section 4): what the platform shows, what the catalogue says, what is
sent, and that nothing is left to do after the review."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.routes.shop import Call, Entry

from .calls import UPLOAD, add, attrs, listing, price, stock, stock_by, update
from .store import LINK, OTHER_LINK, Store

FULL: Entry = {
    "thumb": LINK,
    "sku_code": "BL-L",
    "barcode": "0690000000017",
    "attrs": {"尺码": "L", "颜色": "蓝"},
}
AS_SENT: dict[str, Any] = {
    "thumb_img": LINK,
    "sku_code": "BL-L",
    "barcode": "0690000000017",
    "sku_attrs": attrs(尺码="L", 颜色="蓝"),
}


@dataclass(frozen=True)
class Row:
    """One row. `reads` is the row in words; `has` is what stands there first (None: nothing), `edit` what the catalogue
    changes; `routes` are action, disposition and reason by address, `sent` what the platform gets."""

    reads: str
    has: Entry | None
    edit: Entry
    routes: dict[str, str]
    sent: list[Call] = field(default_factory=list)
    policy: dict[str, Any] = field(default_factory=dict)


def rows(*table: Row) -> pytest.MarkDecorator:
    """A test for each row, named as the row reads."""
    return pytest.mark.parametrize("row", table, ids=[row.reads for row in table])


LISTED = {"products.P-1": "resubmit ready draft_changed"}
CONTENT = {"skus.S-1": "resubmit ready content_changed", **LISTED}
PRICE = {"skus.S-1": "update ready price_changed"}
STOCK = {"skus.S-1": "update ready stock_changed"}
NEW = {"skus.S-1": "add ready new", **LISTED}


def is_as_the_row_says(store: Store, row: Row) -> None:
    """`plan` shows the row's routes and sends nothing, `apply` sends the row's calls, and then there is rest."""
    store.says(policy=row.policy)
    store.sells(**row.edit)
    planned = store.plan()
    assert {change.address: planned.of(change.address) for change in planned.plan.changes} == row.routes
    assert store.calls() == []
    store.apply()
    assert store.calls() == row.sent
    store.closes()


@rows(
    Row("nothing, what a SKU must have -> sku_add, listing", None, {}, NEW, [add(), listing()]),
    Row("nothing, every field -> sku_add, listing", None, FULL, NEW, [add(**AS_SENT), listing()]),
    Row(
        "nothing, a thumb in a file -> upload, sku_add, listing",
        None,
        {"thumb": "covers/white.png"},
        NEW,
        [UPLOAD, add(thumb_img="covers/white.png"), listing()],
    ),
    Row(
        "nothing, prices to the fen -> sku_add, listing",
        None,
        {"sale_price": "0.29", "market_price": "10000000.00", "stock": 0},
        NEW,
        [add(sale_price=29, market_price=1_000_000_000, stock_num=0), listing()],
    ),
    Row(
        "online, sku_code -> sku_update, listing",
        {},
        {"sku_code": "BL-M"},
        CONTENT,
        [update(sku_code="BL-M"), listing()],
    ),
    Row(
        "online, barcode -> sku_update, listing",
        FULL,
        {"barcode": "6900000000024"},
        CONTENT,
        [update(**{**AS_SENT, "barcode": "6900000000024"}), listing()],
    ),
    Row(
        "online, attrs -> sku_update in the catalogue's order, listing",
        FULL,
        {"attrs": {"颜色": "红", "尺码": "L"}},
        CONTENT,
        [update(**{**AS_SENT, "sku_attrs": attrs(颜色="红", 尺码="L")}), listing()],
    ),
    Row(
        "online, thumb to a file -> upload, sku_update, listing",
        FULL,
        {"thumb": "covers/blue.png"},
        CONTENT,
        [UPLOAD, update(**{**AS_SENT, "thumb_img": "covers/blue.png"}), listing()],
    ),
    Row(
        "online, thumb to a link -> sku_update with the link as it is, listing",
        {**FULL, "thumb": "covers/blue.png"},
        {"thumb": OTHER_LINK},
        CONTENT,
        [update(**{**AS_SENT, "thumb_img": OTHER_LINK}), listing()],
    ),
    Row(
        "online, sku_code and price -> sku_update, listing",
        {},
        {"sku_code": "BL-M", "sale_price": "119.00"},
        CONTENT,
        [update(sku_code="BL-M", sale_price=11900), listing()],
    ),
    Row(
        "online, sku_code and stock -> sku_update, stock_update, listing",
        {},
        {"sku_code": "BL-M", "stock": 7},
        CONTENT,
        [update(sku_code="BL-M"), stock(7), listing()],
    ),
    Row("online, sale_price -> sku_update_price", {}, {"sale_price": "119.00"}, PRICE, [price()]),
    Row(
        "online, market_price -> sku_update_price with both",
        FULL,
        {"market_price": "199"},
        PRICE,
        [price(sale=12900, market=19900)],
    ),
    Row("online, stock -> stock_update, full", {}, {"stock": 50}, STOCK, [stock(50)]),
    Row("online, stock 0 -> stock_update by the difference", {}, {"stock": 0}, STOCK, [stock_by(-40)]),
    Row(
        "online, price and stock -> sku_update_price, stock_update",
        {},
        {"sale_price": "119.00", "stock": 50},
        PRICE,
        [price(), stock(50)],
    ),
    Row("online, attrs in another order -> nothing", FULL, {"attrs": {"颜色": "蓝", "尺码": "L"}}, {}),
    Row("online, barcode without its leading zero -> nothing", FULL, {"barcode": "690000000017"}, {}),
    Row("online, a field named no longer -> nothing", FULL, {"sku_code": None, "thumb": None, "attrs": None}, {}),
    Row(
        "online, barcode, and fields that are named no longer -> sku_update carries them along, listing",
        FULL,
        {"sku_code": None, "thumb": None, "attrs": None, "barcode": "6900000000024"},
        CONTENT,
        [
            update(
                thumb_img=LINK, sku_attrs=attrs(尺码="L", 颜色="蓝"), barcode="6900000000024"
            ),
            listing(),
        ],
    ),
)  # fmt: skip
def test_row(store: Store, row: Row) -> None:
    if row.has is not None:
        store.sells(**row.has)
        store.on_sale()
    is_as_the_row_says(store, row)
