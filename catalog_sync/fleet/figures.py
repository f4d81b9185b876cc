"""The numbers of a shop, as metrics and the page of all shops tell them."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from catalog_sync.core.errors import CatalogSyncError
from catalog_sync.core.plandoc import QuotaRow
from catalog_sync.fleet.overview import Overview, overview, settings_of
from catalog_sync.fleet.target import Reference, Target
from catalog_sync.report.drift import drift_counts
from catalog_sync.state.errors import StateUnreachable
from catalog_sync.wiring import Settings

SIDE_BY_SIDE = 4
"""Shops that are looked at together: each may wait for a server."""


@dataclass(frozen=True, slots=True)
class Figures:
    """The numbers of one shop; `readable` is false where its catalogue or its state could not be read, and None
    stands for what is not known."""

    shop: str
    app: str
    readable: bool
    reviews: Mapping[str, int] = field(default_factory=dict)
    changes: Mapping[str, int] = field(default_factory=dict)
    drift: Mapping[str, int] = field(default_factory=dict)
    quota: tuple[QuotaRow, ...] = ()
    hazards: int | None = None
    oldest_review: float | None = None
    seen_at: float | None = None
    succeeded_at: float | None = None


def figures(shop: str, seen: Overview) -> Figures:
    """The numbers of an overview."""
    last = seen.last_success
    return Figures(
        shop,
        seen.app,
        readable=True,
        reviews=seen.reviews,
        changes={} if seen.seen_at is None else seen.left,
        drift=drift_counts(seen.drift),
        quota=seen.quota,
        hazards=None if seen.seen_at is None else len(seen.hazards),
        oldest_review=seen.oldest_review,
        seen_at=seen.seen_at,
        succeeded_at=None if last is None else last.ended_at,
    )


def figures_of_all(
    targets: Sequence[Target], common: Settings
) -> Generator[tuple[Figures, CatalogSyncError | None], None, None]:
    """The same for many shops in their order, a few side by side. Who finds their server gone tells the others that are
    on it: they would only wait as long. Closed early, it begins with no more shops."""
    lost: dict[Reference, StateUnreachable] = {}

    def figures_unless_lost(target: Target) -> tuple[Figures, CatalogSyncError | None]:
        known = None if target.state is None else lost.get(target.state)
        if known is not None:
            return Figures(target.name, target.app, readable=False), known
        told, error = figures_of(target, common)
        if isinstance(error, StateUnreachable) and target.state is not None:
            lost[target.state] = error
        return told, error

    with ThreadPoolExecutor(SIDE_BY_SIDE, thread_name_prefix="figures") as pool:
        yield from pool.map(figures_unless_lost, targets)


def figures_of(target: Target, common: Settings) -> tuple[Figures, CatalogSyncError | None]:
    """The numbers of a shop of a fleet; what is wrong with one ends no other."""
    try:
        return figures(target.name, overview(settings_of(target, common))), None
    except CatalogSyncError as error:
        return Figures(target.name, target.app, readable=False), error
    except Exception as error:  # noqa: BLE001 - a mistake of ours in one shop must not hide a thousand others
        what = f"an unexpected error ({type(error).__name__})"
        hint = "run `catalog-sync plan` for this shop alone, and report it"
        return Figures(target.name, target.app, readable=False), CatalogSyncError(what, hint=hint)
