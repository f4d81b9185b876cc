"""Spending: what is used and left of each pool today, by our ledger and by the platform's own count."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from catalog_sync.core.model import Catalogue, PoolSetting
from catalog_sync.core.quota import quota_day
from catalog_sync.engine.tools import Tools


@dataclass(frozen=True, slots=True)
class PoolUse:
    """One pool today. `used_by_platform` is None where the platform does not tell."""

    name: str
    limit: int
    used_by_us: int
    used_by_platform: int | None
    reserve: int

    @property
    def used(self) -> int:
        """What is gone: the larger of the two counts."""
        return max(self.used_by_us, self.used_by_platform or 0)

    @property
    def left(self) -> int:
        """What a plan may still spend."""
        return max(0, self.limit - self.reserve - self.used)


def spending(tools: Tools, catalogue: Catalogue) -> tuple[date, list[PoolUse]]:
    """The quota day and every pool's use on it. Asks the platform for its counts."""
    counts = {pool: count.used for provider in tools.providers for pool, count in provider.counts().items()}
    day = quota_day(tools.platform_now(), catalogue.quota)
    snapshot = tools.store.snapshot()
    uses = []
    for provider in tools.providers:
        for pool in provider.pools.values():
            chosen = catalogue.quota.pools.get(pool.name, PoolSetting())
            told = [
                each for each in (counts.get(pool.name), snapshot.seen_spent.get((pool.name, day))) if each is not None
            ]
            uses.append(
                PoolUse(
                    pool.name,
                    pool.limit if chosen.limit is None else chosen.limit,
                    snapshot.spent.get((pool.name, day), 0),
                    max(told, default=None),
                    chosen.reserve,
                )
            )
    return day, uses
