"""The history of runs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import JSON, ColumnElement, Connection, Select, bindparam, cast, delete, func, insert, select, update

from catalog_sync.core.ports import Run
from catalog_sync.state.codec import encode, plain, plain_optional
from catalog_sync.state.statements import SCOPE
from catalog_sync.state.tables import runs

_KEPT = 1_000

_THIS = (runs.c.scope == SCOPE, runs.c.id == bindparam("i"))
_END = (
    update(runs).where(*_THIS).values(ended_at=bindparam("at"), summary=bindparam("sum"), broken_off=bindparam("off"))
)
_PLAN = update(runs).where(*_THIS).values(plan_id=bindparam("p"))
_SPENT = select(runs.c.id).where(runs.c.scope == SCOPE, runs.c.plan_id == bindparam("p")).limit(1)
_NEWEST = select(runs).where(runs.c.scope == SCOPE).order_by(runs.c.number.desc()).limit(bindparam("n"))
_OLDEST_KEPT = select(runs.c.number).where(runs.c.scope == SCOPE).order_by(runs.c.number.desc()).limit(1).offset(_KEPT)
# A plan that was spent stays so: its run is kept. So is the last one that went well, however many came after it.
_PRUNE = delete(runs).where(
    runs.c.scope == SCOPE,
    runs.c.number <= bindparam("n"),
    runs.c.number != bindparam("well"),
    runs.c.plan_id.is_(None),
)


def write_start(connection: Connection, scope: int, run: Run) -> None:
    """Write down that a run began."""
    connection.execute(
        insert(runs),
        {
            "scope": scope,
            "id": run.id,
            "command": plain(run.command),
            "actor": plain(run.actor),
            "commit": plain_optional(run.commit),
            "run_url": plain_optional(run.run_url),
            "plan_id": plain_optional(run.plan_id),
            "started_at": run.started_at,
            "ended_at": run.ended_at,
            "summary": encode(dict(run.summary)),
            "broken_off": plain_optional(run.broken_off),
        },
    )


def write_end(connection: Connection, scope: int, run: Run) -> None:
    """Write down how a run ended, also one whose start was not written."""
    told = {"sum": encode(dict(run.summary)), "off": plain_optional(run.broken_off)}
    ending = {"s": scope, "i": run.id, "at": run.ended_at, **told}
    if connection.execute(_END, ending).rowcount == 0:
        write_start(connection, scope, run)


def write_plan(connection: Connection, scope: int, plan_id: str, run: str) -> None:
    """Write down that a run begins to send the calls of a saved plan."""
    connection.execute(_PLAN, {"s": scope, "i": run, "p": plain(plan_id)})


def is_spent(connection: Connection, scope: int, plan_id: str) -> bool:
    """Whether any run has begun to send the calls of a saved plan."""
    return connection.execute(_SPENT, {"s": scope, "p": plain(plan_id)}).first() is not None


def load_runs(connection: Connection, scope: int, limit: int) -> tuple[Run, ...]:
    """The newest runs, newest first."""
    return tuple(map(_run, connection.execute(_NEWEST, {"s": scope, "n": limit}).mappings()))


def load_last_success(connection: Connection, scope: int) -> Run | None:
    """The newest run that went well; None where none of the kept ones did."""
    return next(map(_run, connection.execute(_last_success(connection), {"s": scope}).mappings()), None)


def _run(row: Mapping[Any, Any]) -> Run:
    return Run(
        row["id"],
        row["command"],
        row["actor"],
        row["commit"],
        row["run_url"],
        row["started_at"],
        row["ended_at"],
        json.loads(row["summary"]),
        row["plan_id"],
        row["broken_off"],
    )


def _last_success(connection: Connection) -> Select[Any]:
    """A plan was carried out to its end, nothing failed, and no answer is missing: no counts at all are no success."""
    well = (
        runs.c.broken_off.is_(None),
        runs.c.summary != "{}",
        *(_count(connection, name) == 0 for name in ("failed", "in_doubt")),
    )
    return select(runs).where(runs.c.scope == SCOPE, *well).order_by(runs.c.number.desc()).limit(1)


def _count(connection: Connection, name: str) -> ColumnElement[int]:
    """A number of the summary."""
    if connection.dialect.name == "sqlite":
        return func.coalesce(func.json_extract(runs.c.summary, f"$.{name}"), 0)
    return func.coalesce(cast(runs.c.summary, JSON)[name].as_integer(), 0)


def prune_runs(connection: Connection, scope: int) -> None:
    """Forget the oldest runs."""
    number = connection.execute(_OLDEST_KEPT, {"s": scope}).scalar()
    if number is not None:
        well = connection.execute(_last_success(connection).with_only_columns(runs.c.number), {"s": scope}).scalar()
        connection.execute(_PRUNE, {"s": scope, "n": number, "well": well or 0})
