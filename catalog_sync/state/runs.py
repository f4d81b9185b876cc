"""The history of runs."""

from __future__ import annotations

import json

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from catalog_sync.core.ports import Run
from catalog_sync.state.codec import encode, plain, plain_optional
from catalog_sync.state.statements import SCOPE
from catalog_sync.state.tables import runs

KEPT_RUNS = 1_000

_THIS = (runs.c.scope == SCOPE, runs.c.id == bindparam("i"))
_END = (
    update(runs).where(*_THIS).values(ended_at=bindparam("at"), summary=bindparam("sum"), broken_off=bindparam("off"))
)
_PLAN = update(runs).where(*_THIS).values(plan_id=bindparam("p"))
_SPENT = select(runs.c.id).where(runs.c.scope == SCOPE, runs.c.plan_id == bindparam("p")).limit(1)
_NEWEST = select(runs).where(runs.c.scope == SCOPE).order_by(runs.c.number.desc()).limit(bindparam("n"))
_OLDEST_KEPT = (
    select(runs.c.number).where(runs.c.scope == SCOPE).order_by(runs.c.number.desc()).limit(1).offset(KEPT_RUNS)
)
# A plan that was spent stays so: its run is kept.
_PRUNE = delete(runs).where(runs.c.scope == SCOPE, runs.c.number <= bindparam("n"), runs.c.plan_id.is_(None))


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
    return tuple(
        Run(
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
        for row in connection.execute(_NEWEST, {"s": scope, "n": limit}).mappings()
    )


def prune_runs(connection: Connection, scope: int) -> None:
    """Forget the oldest runs."""
    number = connection.execute(_OLDEST_KEPT, {"s": scope}).scalar()
    if number is not None:
        connection.execute(_PRUNE, {"s": scope, "n": number})
