"""Writing: a Plan as the plan document, the same whether it is printed, saved or rendered (contract section 6)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from catalog_sync.core.json_text import json_text
from catalog_sync.core.model import Action, Disposition, Value
from catalog_sync.core.money import yuan
from catalog_sync.core.plan import Plan, PlannedChange, selection_document
from catalog_sync.core.plandoc import (
    CatalogueDocument,
    ChangeDocument,
    ForecastDocument,
    HeldDocument,
    ObservationDocument,
    PlanDocument,
    QuotaRow,
    SafetyDocument,
    SourceDocument,
    StateDocument,
    StepDocument,
    UnmanagedDocument,
    WarningDocument,
)
from catalog_sync.core.planned import Forecast
from catalog_sync.core.ports import Run
from catalog_sync.core.quota import PoolDay
from catalog_sync.planfile.seal import sealed

FORMAT_VERSION = "1.0"

_ACTIONS = (
    Action.ADD,
    Action.UPDATE,
    Action.RESUBMIT,
    Action.REPLACE,
    Action.DELETE,
    Action.ADOPT,
    Action.MOVE,
    Action.FORGET,
)


@dataclass(frozen=True, slots=True)
class Provenance:
    """Who made a plan, when, where and from what. `created_at` is seconds since the epoch (our clock). The
    document tells `plan_id` with its seal behind it."""

    tool_version: str
    plan_id: str
    created_at: float
    app: str
    lineage: str
    serial: int
    actor: str
    commit: str | None = None
    run_url: str | None = None


def summary(plan: Plan) -> dict[str, int]:
    """The counts of a plan: actions that are ready, changes by disposition, and the items that stand equal."""
    actions = Counter(change.action for change in plan.changes if change.disposition is Disposition.READY)
    dispositions = Counter(change.disposition for change in plan.changes)
    held = sum(bool(change.held) for change in plan.of(Disposition.READY) + plan.of(Disposition.DEFERRED))
    return {
        **{action.value: actions[action] for action in _ACTIONS},
        "unchanged": plan.settled,
        "ready": dispositions[Disposition.READY],
        "deferred": dispositions[Disposition.DEFERRED],
        "waiting": dispositions[Disposition.WAITING],
        "blocked": dispositions[Disposition.BLOCKED] + held,
    }


def to_json(shown: PlanDocument) -> str:
    """The document as it is printed and saved."""
    return json_text(shown)


def timestamp(instant: float) -> str:
    """An instant as RFC 3339 in UTC, to the second."""
    return datetime.fromtimestamp(instant, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def run_document(run: Run) -> dict[str, object]:
    """A run of the history, as `history` and the fleet's report tell it."""
    return {
        "id": run.id,
        "command": run.command,
        "actor": run.actor,
        "commit": run.commit,
        "run_url": run.run_url,
        "started_at": timestamp(run.started_at),
        "ended_at": _when(run.ended_at),
        "summary": dict(run.summary),
        "broken_off": run.broken_off,
    }


def document(plan: Plan, made: Provenance) -> PlanDocument:
    """The plan document, sealed: its id is the one of `made` with the seal behind it."""
    return sealed(_document(plan, made))


def _document(plan: Plan, made: Provenance) -> PlanDocument:
    return PlanDocument(
        format_version=FORMAT_VERSION,
        tool_version=made.tool_version,
        plan_id=made.plan_id,
        created_at=timestamp(made.created_at),
        app=made.app,
        catalogue=CatalogueDocument(plan.catalogue.path, plan.catalogue.digest),
        state=StateDocument(made.lineage, made.serial),
        digest=plan.digest,
        actor=made.actor,
        commit=made.commit,
        run_url=made.run_url,
        selection=selection_document(plan.selection),
        complete=plan.complete,
        applyable=plan.applyable,
        summary=summary(plan),
        observation=ObservationDocument(plan.observed_complete, plan.observed_stable, plan.observed_reason),
        changes=tuple(change_document(change, plan.money) for change in plan.changes),
        unmanaged=UnmanagedDocument(plan.unmanaged, plan.console_made),
        quota=tuple(_quota_row(row) for row in plan.quota),
        forecast=_forecast(plan.forecast),
        safety=SafetyDocument(plan.applyable, plan.hazards),
        warnings=tuple(WarningDocument(each.code, each.address, each.message) for each in plan.notices),
    )


def _quota_row(row: PoolDay) -> QuotaRow:
    return QuotaRow(row.pool, row.day.isoformat(), row.limit, row.used, row.reserve, row.planned, row.left)


def _forecast(told: Forecast) -> ForecastDocument:
    submitted_by = None if told.submitted_by is None else told.submitted_by.isoformat()
    return ForecastDocument(submitted_by, _when(told.approved_p50), _when(told.approved_p90), told.basis)


def _when(instant: float | None) -> str | None:
    return None if instant is None else timestamp(instant)


def change_document(change: PlannedChange, money: frozenset[str]) -> ChangeDocument:
    """One change of the document; fields named in `money` are yuan with two decimals."""
    place = None if change.item is None else change.item.place
    return ChangeDocument(
        address=change.address,
        kind=change.kind,
        key=change.key,
        source=None if place is None else SourceDocument(place.file, place.line),
        action=change.action,
        disposition=change.disposition,
        scheduled_for=None if change.scheduled_for is None else change.scheduled_for.isoformat(),
        not_before=_when(change.not_before),
        reason=change.reason,
        message=change.message,
        remote_id=change.remote_id,
        audit_status=change.audit_status,
        previous_address=change.previous,
        digest=change.digest,
        late=change.late,
        note=change.note,
        before=fields(change.before, money),
        after=fields(change.after, money),
        held=tuple(HeldDocument(tuple(held.fields), held.reason, held.message) for held in change.held),
        steps=tuple(StepDocument(step.call, step.pool, tuple(step.fields)) for step in change.steps),
    )


def fields(values: Mapping[str, Value] | None, money: frozenset[str]) -> dict[str, Value] | None:
    """Values as every document has them: money in yuan, absent fields left out."""
    if values is None:
        return None
    return {
        name: yuan(value) if name in money and isinstance(value, int) else value
        for name, value in values.items()
        if value is not None
    }
