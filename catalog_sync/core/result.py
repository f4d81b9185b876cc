"""What a run did: an outcome for each change, events as they happen, and the counts in the end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from catalog_sync.core.errors import Failure
from catalog_sync.core.model import Action, Address


class Outcome(StrEnum):
    """How a change ended: that of its first step that did not land."""

    APPLIED = "applied"
    FAILED = "failed"
    IN_DOUBT = "in_doubt"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class ChangeResult:
    """One change of a run. `calls` are the calls that were made for it, in order."""

    address: Address
    action: Action
    outcome: Outcome
    remote_id: int | None = None
    audit_id: int | None = None
    calls: tuple[str, ...] = ()
    error: Failure | None = None


class EventType(StrEnum):
    """What an event tells."""

    PLAN = "plan"
    STEP_STARTED = "step_started"
    STEP_FINISHED = "step_finished"
    QUOTA = "quota"
    SUMMARY = "summary"


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened, at an instant (our clock). `details` is JSON-able."""

    time: float
    type: EventType
    address: Address | None = None
    details: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Result:
    """A run that went to its end. `remaining` counts the items that are not yet approved and equal to the catalogue."""

    results: tuple[ChangeResult, ...]
    remaining: int

    def count(self, outcome: Outcome) -> int:
        """How many changes ended so."""
        return sum(each.outcome is outcome for each in self.results)

    @property
    def summary(self) -> dict[str, int]:
        """The counts of the result document."""
        return {outcome.value: self.count(outcome) for outcome in Outcome} | {"remaining": self.remaining}
