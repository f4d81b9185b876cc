"""The plan document as a value (contract section 6): what is printed, saved, read back and rendered.

The fields are named and ordered as in the document, and every value is what stands there: money is text in yuan, days
and instants are text (RFC 3339, UTC), what does not apply is None. To show it, nothing of the plan that it was made
from is needed: a renderer takes a plan just made and one read from a file alike.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from catalog_sync.core.guard import Hazard
from catalog_sync.core.model import Action, Address, AuditStatus, Disposition, Value


@dataclass(frozen=True, slots=True)
class CatalogueDocument:
    """The catalogue that a plan was made from. The digest covers its values, not its bytes."""

    path: str
    digest: str


@dataclass(frozen=True, slots=True)
class StateDocument:
    """The version of the state that a plan was made from."""

    lineage: str
    serial: int


@dataclass(frozen=True, slots=True)
class SelectionDocument:
    """What the user asked to take up and to let pass. `max_deletes` is a number, `N%`, `none`, or None for the
    catalogue's own rule."""

    target: tuple[Address, ...]
    exclude: tuple[Address, ...]
    prune: bool
    resubmit: tuple[Address, ...]
    allow_twin: tuple[Address, ...]
    allow_price_change: tuple[Address, ...]
    max_deletes: str | int | None
    accept_losses: bool
    refresh: bool


@dataclass(frozen=True, slots=True)
class ObservationDocument:
    """How well the platform could be read; `reason` says why it was not whole."""

    complete: bool
    stable: bool
    reason: str | None


@dataclass(frozen=True, slots=True)
class SourceDocument:
    """Where an item stands in the catalogue."""

    file: str
    line: int


@dataclass(frozen=True, slots=True)
class HeldDocument:
    """The part of a change that a rule holds back."""

    fields: tuple[str, ...]
    reason: str
    message: str


@dataclass(frozen=True, slots=True)
class StepDocument:
    """One call of a change, the pool that it is counted in, and the fields that it sends."""

    call: str
    pool: str | None
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChangeDocument:
    """One change. `before` and `after` have the fields that differ; the whole item where the other side is None."""

    address: Address
    kind: str
    key: str
    source: SourceDocument | None
    action: Action
    disposition: Disposition
    scheduled_for: str | None
    not_before: str | None
    reason: str
    message: str
    remote_id: int | None
    audit_status: AuditStatus | None
    previous_address: Address | None
    digest: str
    late: bool
    note: str | None
    before: Mapping[str, Value] | None
    after: Mapping[str, Value] | None
    held: tuple[HeldDocument, ...]
    steps: tuple[StepDocument, ...]

    @property
    def is_difference(self) -> bool:
        """Whether it counts for `--detailed-exitcode`: an item that is merely under review does not."""
        return self.action is not Action.UNCHANGED or self.reason != "under_review"

    @property
    def going(self) -> bool:
        """Whether it will be carried out, today or when there is quota."""
        return self.disposition in (Disposition.READY, Disposition.DEFERRED)

    @property
    def differing(self) -> Iterator[tuple[str, Value, Value]]:
        """What becomes of an item that is there and stays: the fields that differ, each with both its values."""
        if self.before is None or self.after is None:
            return
        for name in (*self.after, *(name for name in self.before if name not in self.after)):
            if self.before.get(name) != self.after.get(name):
                yield name, self.before.get(name), self.after.get(name)


@dataclass(frozen=True, slots=True)
class UnmanagedDocument:
    """Items of the platform that are bound to nothing, and how many of them were made in the console."""

    count: int
    console_made: int


@dataclass(frozen=True, slots=True)
class QuotaRow:
    """One pool on one quota day; `left` = limit - reserve - used - planned."""

    pool: str
    day: str
    limit: int
    used: int
    reserve: int
    planned: int
    left: int


@dataclass(frozen=True, slots=True)
class ForecastDocument:
    """When the last submission goes out, when half and nine in ten of such reviews would have ended, and what that
    rests on, in words."""

    submitted_by: str | None
    approved_p50: str | None
    approved_p90: str | None
    basis: str


@dataclass(frozen=True, slots=True)
class SafetyDocument:
    """What the guards say."""

    ok: bool
    hazards: tuple[Hazard, ...]


@dataclass(frozen=True, slots=True)
class WarningDocument:
    """What a person should look at first."""

    code: str
    address: Address | None
    message: str


@dataclass(frozen=True, slots=True)
class PlanDocument:
    """A plan as everybody sees it. `summary` counts by action (what is ready) and by disposition."""

    format_version: str
    tool_version: str
    plan_id: str
    created_at: str
    app: str
    catalogue: CatalogueDocument
    state: StateDocument
    digest: str
    actor: str
    commit: str | None
    run_url: str | None
    selection: SelectionDocument
    complete: bool
    applyable: bool
    summary: Mapping[str, int]
    observation: ObservationDocument
    changes: tuple[ChangeDocument, ...]
    unmanaged: UnmanagedDocument
    quota: tuple[QuotaRow, ...]
    forecast: ForecastDocument
    safety: SafetyDocument
    warnings: tuple[WarningDocument, ...]

    def of(self, disposition: Disposition) -> tuple[ChangeDocument, ...]:
        """The changes of one disposition, in order."""
        return tuple(change for change in self.changes if change.disposition is disposition)

    @property
    def has_differences(self) -> bool:
        """Whether anything differs, done now or not: what `--detailed-exitcode` asks."""
        return any(change.is_difference for change in self.changes)
