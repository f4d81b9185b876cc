"""The pool of calls of the Mini Store that the platform counts, with its own limits."""

from __future__ import annotations

from collections.abc import Mapping

from catalog_sync.core.quota import Pool

POOLS: Mapping[str, Pool] = {
    # Vendor: sku/add and sku/update together 200 an hour and 1000 a day; changes of price or stock alone do not count
    # (the page of listing, "call frequency"). No number is known of any other call, reads and uploads among them.
    # Checked 2026-11-21.
    "sku_write": Pool("sku_write", 1000, hourly=200),
}
