"""The numbers of a shop, as metrics and the page of all shops tell them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from catalog_sync.core.errors import CatalogSyncError
from catalog_sync.core.plandoc import QuotaRow
from catalog_sync.fleet.overview import Overview, overview, settings_of
from catalog_sync.fleet.target import Target
from catalog_sync.report.drift import drift_counts
from catalog_sync.wiring import Settings


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
