"""What came of one shop of a fleet, and of all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from catalog_sync.core.errors import CatalogSyncError
from catalog_sync.core.plandoc import QuotaRow
from catalog_sync.core.ports import Run
from catalog_sync.core.result import ChangeResult
from catalog_sync.engine.until import Pause


class Ended(StrEnum):
    """How a shop ended."""

    DONE = "done"  # it went well, and nothing is left
    LEFT = "left"  # it went well, and something is left
    FAILED = "failed"
    SKIPPED = "skipped"  # it was not started


@dataclass(frozen=True, slots=True)
class Told:
    """One shop: `verdict` is its line, `counts` are those of the command, `quota` what its pools still have today,
    `troubles` the changes that failed or are in doubt, `digests` what the plan would do, `pause` what is worth waiting
    for, `last_run` who wrote last. `error` is what ended it."""

    name: str
    app: str
    labels: Mapping[str, str]
    ended: Ended
    verdict: str
    counts: Mapping[str, int] = field(default_factory=dict)
    quota: tuple[QuotaRow, ...] = ()
    troubles: tuple[ChangeResult, ...] = ()
    digests: frozenset[str] = frozenset()
    ready: int = 0
    pause: Pause | None = None
    last_run: Run | None = None
    error: CatalogSyncError | None = None

    @property
    def bad(self) -> bool:
        """Whether a person must look."""
        return self.ended in (Ended.FAILED, Ended.SKIPPED)


@dataclass(frozen=True, slots=True)
class FleetTold:
    """All shops of one command, in the fleet's order."""

    command: str
    path: str
    digest: str
    targets: tuple[Told, ...]

    @property
    def counts(self) -> dict[str, int]:
        """How many shops there are, and how many ended so."""
        ends = Counter(each.ended for each in self.targets)
        return {"targets": len(self.targets)} | {end.value: ends[end] for end in Ended}

    @property
    def sums(self) -> dict[str, int]:
        """The shops' own counts, added up."""
        added = Counter[str]()
        for each in self.targets:
            added.update(each.counts)
        return dict(added)
