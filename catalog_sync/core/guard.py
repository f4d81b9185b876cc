"""Hazards: what makes a plan unfit to be applied as a whole (rules section 6), each with its numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from catalog_sync.core.model import MaxDeletes
from catalog_sync.core.sentence import Sentence

ALWAYS_ALLOWED = 3
"""A share of a small shop would forbid every delete: this many are always allowed."""

LOST_PERCENT = 5
"""More than this share of the bound items gone at once is not shopkeeping: the wrong app, or a broken list."""


@dataclass(frozen=True, slots=True)
class Hazard:
    """One guard's no: how many there are, how many may be, and what lifts it for this run."""

    code: str
    message: str
    count: int
    limit: int
    hint: str


@dataclass(frozen=True, slots=True)
class Toll:
    """What one system's part of a plan does to what is there."""

    kind: str
    bound: int
    deletes: int
    lost: int


def hazards(
    tolls: list[Toll], *, max_deletes: MaxDeletes | None, accept_losses: bool, refreshed: bool
) -> Iterator[Hazard]:
    """Every reason why the plan must not be applied as it stands."""
    for toll in tolls:
        yield from _too_many_deletes(toll, max_deletes)
        if not accept_losses:
            yield from _too_many_lost(toll)
    if not refreshed:
        yield Hazard(
            "not_refreshed", "Planned on what was last seen (--no-refresh).", 0, 0, "plan again without --no-refresh"
        )


def allowed_deletes(max_deletes: MaxDeletes, bound: int) -> int:
    """How many deletes and replacements one run may make of so many bound items."""
    if max_deletes.number is not None:
        return max_deletes.number
    return max(ALWAYS_ALLOWED, bound * (max_deletes.percent or 0) // 100)


def _too_many_deletes(toll: Toll, max_deletes: MaxDeletes | None) -> Iterator[Hazard]:
    if max_deletes is None:
        return
    limit = allowed_deletes(max_deletes, toll.bound)
    if toll.deletes > limit:
        yield Hazard(
            "too_many_deletes",
            Sentence(
                "{count} of {bound} bound {kind} would be deleted or replaced; {limit} are allowed.",
                count=toll.deletes,
                bound=toll.bound,
                kind=toll.kind,
                limit=limit,
            ),
            toll.deletes,
            limit,
            Sentence("if it is meant: --max-deletes {count}", count=toll.deletes),
        )


def _too_many_lost(toll: Toll) -> Iterator[Hazard]:
    limit = max(ALWAYS_ALLOWED, toll.bound * LOST_PERCENT // 100)
    if toll.lost > limit:
        yield Hazard(
            "too_many_lost",
            Sentence(
                "{count} of {bound} bound {kind} are gone from the platform; over {limit} at once looks like the wrong "
                "app or a broken list.",
                count=toll.lost,
                bound=toll.bound,
                kind=toll.kind,
                limit=limit,
            ),
            toll.lost,
            limit,
            "if they are really gone: --accept-losses",
        )
