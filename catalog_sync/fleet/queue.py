"""The queue of a fleet: one job a shop, on the PostgreSQL that keeps the state.

Locks, schedules, retries and finding the jobs of a killed worker are procrastinate's. What this adds is how: a job
holds the shop's name and the digest of the file that it was queued from, and nothing else. Jobs of one shop have one
lock, so that one worker at a time does it; a shop waits in the queue at most once as wanted now and once as scheduled.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from catalog_sync.core.errors import CheckFailed, StateUnreadable, UsageError
from catalog_sync.fleet.file import Fleet
from catalog_sync.fleet.target import Target, looked_up, offline
from catalog_sync.state.location import Server, parse_location
from catalog_sync.wiring import Settings

if TYPE_CHECKING:
    import psycopg
    from procrastinate import App
    from procrastinate.jobs import Job

QUEUE = "catalog-sync"
APPLY = "catalog_sync.apply"
NOW, LATER = 10, 0
"""Priorities. With its lock alone, a job that somebody wants now would wait for one that is scheduled for tomorrow."""

CLOCK_SECONDS = 60.0
"""A machine whose clock is further off than this from the database's counts the ages of calls wrong."""

_SCHEMA_LOCK = 7161128493072573300


def server_of(fleet: Fleet, common: Settings) -> Server:
    """The database of the queue: that of the state in the fleet's `defaults:`. Raises `UsageError`,
    `StateUnreadable`."""
    hint = "state: env:NAME below defaults:, with postgresql://... in that variable"
    if fleet.state is None:
        raise UsageError("the queue needs a state on PostgreSQL that all shops share", hint=hint)
    url = looked_up(fleet.state, common, StateUnreadable, "the state's URL")
    location = parse_location(url, common.folder)
    if not isinstance(location, Server):
        raise UsageError("the queue needs a state on PostgreSQL, not in a file", hint=hint)
    return location


def open_queue(server: Server) -> App:
    """The queue, with its tables made where they are not yet, and this machine's clock compared. Raises `UsageError`
    where the extra is missing, `StateUnreadable`, `CheckFailed`."""
    try:
        from procrastinate import App, PsycopgConnector  # noqa: PLC0415 - an extra, and slow
        from procrastinate.manager import JobManager  # noqa: PLC0415

        from catalog_sync.state.postgres import connect, session_options  # noqa: PLC0415
        from catalog_sync.state.postgres_faults import explain  # noqa: PLC0415
    except ImportError:
        raise UsageError(
            "the queue needs procrastinate, which is not installed", hint="pip install 'catalog-sync[fleet]'"
        ) from None
    import psycopg  # noqa: PLC0415

    class Jobs(JobManager):
        """procrastinate's own, but for a job that is to wait again while another of its kind waits already: that one
        does the work."""

        async def retry_job(
            self,
            job: Job,
            retry_at: datetime | None = None,
            priority: int | None = None,
            queue: str | None = None,
            lock: str | None = None,
        ) -> None:
            """Let a job wait again."""
            from procrastinate.exceptions import UniqueViolation  # noqa: PLC0415
            from procrastinate.jobs import Status  # noqa: PLC0415

            try:
                await super().retry_job(job, retry_at, priority, queue, lock)
            except UniqueViolation:
                await self.finish_job(job, Status.FAILED, delete_job=True)

    with connect(server) as session:
        try:
            _make_tables(session, App(connector=PsycopgConnector()))
            _check_clock(server, session)
        except psycopg.Error as error:
            raise explain(server.name, error) from None
    connector = PsycopgConnector(kwargs=session_options(server), min_size=1, max_size=4, configure=_configure)
    app = App(connector=connector)
    app.job_manager = Jobs(connector)
    return app


async def _configure(session: psycopg.AsyncConnection) -> None:
    """What the queue's statements count on, whatever the server's defaults are."""
    from psycopg import IsolationLevel  # noqa: PLC0415 - an extra

    await session.set_isolation_level(IsolationLevel.READ_COMMITTED)
    await session.execute("SET DateStyle = 'ISO'")
    await session.commit()


def _make_tables(session: psycopg.Connection, app: App) -> None:
    """Workers that begin at the same moment make them once."""
    with session.transaction():
        session.execute("SELECT pg_advisory_xact_lock(%s)", [_SCHEMA_LOCK])
        there = session.execute("SELECT to_regclass('procrastinate_jobs')").fetchone()
        if there is None or there[0] is None:
            session.execute(app.schema_manager.get_schema())


def _check_clock(server: Server, session: psycopg.Connection) -> None:
    row = session.execute("SELECT CAST(extract(epoch FROM clock_timestamp()) AS double precision)").fetchone()
    off = 0.0 if row is None else time.time() - float(row[0])
    if abs(off) > CLOCK_SECONDS:
        ahead = "ahead of" if off > 0 else "behind"
        raise CheckFailed(
            f"this machine's clock is {abs(off):.0f} s {ahead} that of {server.name}",
            hint="set it: a worker with a wrong clock would judge too early or too late what became of a call",
        )


def is_local(target: Target) -> bool:
    """Whether the fleet's file says that a shop's state is a file."""
    return target.state is None or target.state.text.startswith("sqlite:")


def not_shared(target: Target) -> UsageError:
    """A shop whose state is a file is no work for many machines: on another one it would have another state, and what
    one has added the other would add again."""
    return UsageError(
        f"the state of {target.name} is a file, which other machines do not have",
        hint="give it one on PostgreSQL: state: in defaults:, or below the shop",
    )


def lock_of(target: Target, common: Settings) -> str:
    """What names a shop for all workers: its platform and appid, as in the state."""
    return f"{offline(target, common).origin} {target.app}"


async def queue_shop(
    app: App, fleet: Fleet, common: Settings, target: Target, *, priority: int = LATER, wait: float = 0.0
) -> bool:
    """Queue one shop, after `wait` seconds; False when it waits there already, for no later time. Raises `UsageError`
    for one whose state other machines do not have."""
    from procrastinate.exceptions import AlreadyEnqueued  # noqa: PLC0415 - an extra

    if is_local(target):
        raise not_shared(target)
    lock = lock_of(target, common)
    queueing_lock = f"{lock} {'now' if priority == NOW else 'later'}"
    at = datetime.now(UTC) + timedelta(seconds=wait)
    job = app.configure_task(
        APPLY,
        queue=QUEUE,
        lock=lock,
        queueing_lock=queueing_lock,
        priority=priority,
        schedule_at=at if wait else None,
    )

    async def deferred() -> bool:
        try:
            await job.defer_async(target=target.name, fleet=fleet.digest)
        except AlreadyEnqueued:
            return False
        return True

    return await deferred() or (await _forget_later(app, queueing_lock, at) and await deferred())


async def _forget_later(app: App, queueing_lock: str, at: datetime) -> bool:
    """Whoever wants a shop sooner is not put off by a job that waits for tomorrow, or for its next try. Whether there
    was one."""
    forgotten = False
    for job in await app.job_manager.list_jobs_async(queueing_lock=queueing_lock, status="todo"):
        if job.id is not None and job.scheduled_at is not None and job.scheduled_at > at:
            forgotten = await app.job_manager.cancel_job_by_id_async(job.id, delete_job=True) or forgotten
    return forgotten


class Queued(NamedTuple):
    """The names of the shops that are queued now, of those that waited already, and why others are not."""

    now: list[str]
    before: list[str]
    refused: list[UsageError]


def queue_shops(fleet: Fleet, common: Settings, targets: Sequence[Target]) -> Queued:
    """Queue shops to be done now. Raises as `open_queue`, and `FleetInvalid` for a shop that the fleet's file is wrong
    about."""
    server = server_of(fleet, common)
    app = open_queue(server)
    return asyncio.run(_queue_all(app, server, fleet, common, targets))


async def _queue_all(app: App, server: Server, fleet: Fleet, common: Settings, targets: Iterable[Target]) -> Queued:
    told = Queued([], [], [])
    async with sessions(app, server):
        for target in targets:
            try:
                queued = await queue_shop(app, fleet, common, target, priority=NOW)
            except UsageError as error:
                told.refused.append(error)
            else:
                (told.now if queued else told.before).append(target.name)
    return told


@asynccontextmanager
async def sessions(app: App, server: Server) -> AsyncIterator[None]:
    """The queue's sessions with its server, as long as the block lasts. Raises `StateUnreadable` when it is lost."""
    import psycopg  # noqa: PLC0415 - an extra
    from procrastinate.exceptions import ConnectorException  # noqa: PLC0415

    try:
        async with app.open_async():
            yield
    except (ConnectorException, psycopg.Error):
        raise lost(server) from None


def lost(server: Server) -> StateUnreadable:
    """The queue's server went away."""
    return StateUnreadable(
        f"the queue on {server.name} is lost",
        hint="what was under way is in the journals; start it again when the server is back",
    )
