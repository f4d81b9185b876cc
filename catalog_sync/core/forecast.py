"""Forecast: when the last submission of a plan goes out, and when the review may have ended, from those seen so far."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from catalog_sync.core.model import AuditStatus, Catalogue
from catalog_sync.core.planned import Forecast, Occasion, PlannedChange
from catalog_sync.core.quota import day_begins
from catalog_sync.core.sentence import Sentence


def forecast(changes: Iterable[PlannedChange], catalogue: Catalogue, occasion: Occasion) -> Forecast:
    """What may be expected of a plan. Reviews are as long as half (p50) and nine in ten (p90) of those seen were."""
    listed = list(changes)
    submitted_by = _submitted_by(listed)
    times = sorted(occasion.review_times)
    if not times:
        return Forecast(submitted_by, None, None, "no reviews seen yet")
    basis = "1 review seen" if len(times) == 1 else Sentence("{count} reviews seen", count=len(times))
    begins = _last_review_begins(listed, submitted_by, catalogue, occasion)
    if begins is None:
        return Forecast(submitted_by, None, None, basis)
    return Forecast(submitted_by, begins + _share(times, 50), begins + _share(times, 90), basis)


def _submitted_by(changes: list[PlannedChange]) -> date | None:
    """The day the last submission of the plan goes out."""
    days = [change.scheduled_for for change in changes if change.scheduled_for is not None and change.submits]
    return max(days, default=None)


def _last_review_begins(
    changes: list[PlannedChange], submitted_by: date | None, catalogue: Catalogue, occasion: Occasion
) -> float | None:
    if submitted_by is not None:
        return max(occasion.now, day_begins(submitted_by, catalogue.quota))
    under_review = any(change.audit_status is AuditStatus.IN_AUDIT for change in changes)
    return occasion.now if under_review else None


def _share(ascending: list[float], percent: int) -> float:
    """The nearest-rank percentile: the shortest time within which so many in a hundred reviews ended."""
    rank = -(-len(ascending) * percent // 100)
    return ascending[max(rank, 1) - 1]
