"""The pools of calls of live goods, with the platform's own limits."""

from __future__ import annotations

from catalog_sync.core.quota import Pool

POOLS = {
    # Vendor: 500 a day for add and resubmission together, 500 withdrawals, 1000 updates, deletes and status calls,
    # 10000 lists (goods page, "call frequency"); 5000 uploads (legacy limits page). Checked 2026-11-21.
    pool.name: pool
    for pool in (
        Pool("submit", 500),
        Pool("withdraw", 500),
        Pool("update", 1000),
        Pool("delete", 1000),
        Pool("upload", 5000),
        Pool("status", 1000),
        Pool("list", 10000),
    )
}
