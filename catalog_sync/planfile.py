"""The plan document: a Plan as JSON, the same whether it is printed or saved (contract section 6)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from catalog_sync.core.model import Action, Disposition, Value
from catalog_sync.core.money import yuan
from catalog_sync.core.plan import Plan, PlannedChange, selection_document

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
    """Who made a plan, when, where and from what. `created_at` is seconds since the epoch (our clock)."""

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


def timestamp(instant: float) -> str:
    """An instant as RFC 3339 in UTC, to the second."""
    return datetime.fromtimestamp(instant, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def document(plan: Plan, made: Provenance) -> dict[str, object]:
    """The plan document."""
    return {
        "format_version": FORMAT_VERSION,
        "tool_version": made.tool_version,
        "plan_id": made.plan_id,
        "created_at": timestamp(made.created_at),
        "app": made.app,
        "catalogue": {"path": plan.catalogue.path, "digest": plan.catalogue.digest},
        "state": {"lineage": made.lineage, "serial": made.serial},
        "digest": plan.digest,
        "actor": made.actor,
        "commit": made.commit,
        "run_url": made.run_url,
        "selection": selection_document(plan.selection),
        "complete": plan.complete,
        "applyable": plan.applyable,
        "summary": summary(plan),
        "observation": {
            "complete": plan.observed_complete,
            "stable": plan.observed_stable,
            "reason": plan.observed_reason,
        },
        "changes": [change_document(change, plan.money) for change in plan.changes],
        "unmanaged": {"count": plan.unmanaged, "console_made": plan.console_made},
        "quota": [
            {
                "pool": row.pool,
                "day": row.day.isoformat(),
                "limit": row.limit,
                "used": row.used,
                "reserve": row.reserve,
                "planned": row.planned,
                "left": row.left,
            }
            for row in plan.quota
        ],
        "forecast": {
            "submitted_by": None if plan.forecast.submitted_by is None else plan.forecast.submitted_by.isoformat(),
            "approved_p50": _when(plan.forecast.approved_p50),
            "approved_p90": _when(plan.forecast.approved_p90),
            "basis": plan.forecast.basis,
        },
        "safety": {
            "ok": plan.applyable,
            "hazards": [
                {
                    "code": hazard.code,
                    "message": hazard.message,
                    "count": hazard.count,
                    "limit": hazard.limit,
                    "hint": hazard.hint,
                }
                for hazard in plan.hazards
            ],
        },
        "warnings": [
            {"code": notice.code, "address": notice.address, "message": notice.message} for notice in plan.notices
        ],
    }


def _when(instant: float | None) -> str | None:
    return None if instant is None else timestamp(instant)


def change_document(change: PlannedChange, money: frozenset[str]) -> dict[str, object]:
    """One change of the document; fields named in `money` are yuan with two decimals."""
    place = None if change.item is None else change.item.place
    return {
        "address": change.address,
        "kind": change.kind,
        "key": change.key,
        "source": None if place is None else {"file": place.file, "line": place.line},
        "action": change.action.value,
        "disposition": change.disposition.value,
        "scheduled_for": None if change.scheduled_for is None else change.scheduled_for.isoformat(),
        "not_before": None if change.not_before is None else timestamp(change.not_before),
        "reason": change.reason,
        "message": change.message,
        "remote_id": change.remote_id,
        "audit_status": None if change.audit_status is None else change.audit_status.value,
        "previous_address": change.previous,
        "digest": change.digest,
        "late": change.late,
        "note": change.note,
        "before": fields(change.before, money),
        "after": fields(change.after, money),
        "held": [{"fields": list(held.fields), "reason": held.reason, "message": held.message} for held in change.held],
        "steps": [{"call": step.call, "pool": step.pool, "fields": list(step.fields)} for step in change.steps],
    }


def fields(values: Mapping[str, Value] | None, money: frozenset[str]) -> dict[str, Value] | None:
    """Values as every document has them: money in yuan, absent fields left out."""
    if values is None:
        return None
    return {
        name: yuan(value) if name in money and isinstance(value, int) else value
        for name, value in values.items()
        if value is not None
    }
