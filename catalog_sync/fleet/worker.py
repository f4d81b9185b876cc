"""A worker: does what is queued, shop by shop, until it is told to end. Any number of them share one queue."""

from __future__ import annotations

import asyncio
import logging
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

from catalog_sync.core.errors import (
    CatalogSyncError,
    Failure,
    LockHeld,
    QuotaExhausted,
    RemoteUnavailable,
    StateUnreadable,
)
from catalog_sync.core.result import Outcome
from catalog_sync.fleet.file import FleetFile
from catalog_sync.fleet.halt import FleetHalt
from catalog_sync.fleet.queue import APPLY, NOW, QUEUE, lost, not_shared, open_queue, queue_shop, server_of, sessions
from catalog_sync.fleet.target import FleetInvalid, state_of
from catalog_sync.fleet.told import Told
from catalog_sync.fleet.work import Shop, apply, guarded
from catalog_sync.listening import url_of
from catalog_sync.state.location import Server, parse_location
from catalog_sync.topic import of_shop
from catalog_sync.wiring import Settings, Voice

if TYPE_CHECKING:
    from procrastinate import App, JobContext
    from procrastinate.jobs import Job
    from procrastinate.retry import BaseRetryStrategy

    from catalog_sync.fleet.metrics import Meter

INTERRUPTED = Failure("interrupted", "Not started: the worker was told to stop.", "another worker goes on from here")
PATIENCE = 20.0
"""Seconds that calls under way get to end after a signal: as long as a call may take."""

STALLED = 30.0
"""Seconds without a sign of life after which a worker's jobs are taken over. Its lease on the shop's state has its own
end: until then whoever takes over finds the shop locked, and tries again."""

_TAKE_OVER = "* * * * * */10"
_CLEAN = "41 3 * * *"
_FIRST, _LONGEST, _MOST = 5.0, 900.0, 12
"""Seconds until the first retry, twice as long each time up to the longest; so many tries, then it is left to the next
reconciling."""


class Again(Exception):
    """A shop could not be done for a reason that passes: unreachable, locked, interrupted, in doubt, or a fleet's file
    that is being written, or that is another than the one it was queued from."""

    def __init__(self, why: str, *, at_once: bool = False) -> None:
        super().__init__(why)
        self.at_once = at_once


class Refused(Exception):
    """A shop could not be done, and a person must look: trying again would end the same way."""


@dataclass(slots=True)
class Crew:
    """What a worker's jobs share."""

    file: FleetFile
    common: Settings
    say: Callable[[str, str], None]
    halt: FleetHalt = field(default_factory=FleetHalt)
    meter: Meter | None = None

    def say_of(self, name: str, what: str, level: str) -> None:
        """Say something of a shop, from wherever no shop's work is under way."""
        of_shop(name, self.say, f"{name}: {what}", level)

    def do(self, name: str, digest: str) -> Told:
        """Do one shop now. Raises `Again` where this worker does not know it, `UsageError` where its state is none that
        all workers share; `FleetInvalid`, `StateUnreadable`."""
        fleet = self.file.fleet
        if fleet.digest != digest:
            self.say(f"{name}: it was queued from another version of the fleet's file; ours counts.", "warning")
        target = self.file.named(name)
        if target is None:
            self.say(f"{name}: {self.file.path} has no such shop. Have all workers the same file?", "error")
            raise Again("unknown")
        if not isinstance(parse_location(state_of(target, self.common), self.common.folder), Server):
            raise not_shared(target)
        part = self.halt.part()
        voice = Voice(lambda sentence: self.say(f"{name}: {sentence}", "info"), lambda _what, _done, _total: None)
        try:
            return guarded(apply, Shop(target, self.common, fleet.secret_names, part, voice))
        finally:
            self.halt.ended(part)


def passes(told: Told) -> bool:
    """Whether what ended a shop passes by itself."""
    if isinstance(told.error, (RemoteUnavailable, StateUnreadable, LockHeld, QuotaExhausted)):
        return True
    return bool(told.troubles) and all(each.outcome is Outcome.IN_DOUBT for each in told.troubles)


def work(
    path: str,
    common: Settings,
    concurrency: int,
    say: Callable[[str, str], None],
    *,
    metrics_at: tuple[str, int] | None = None,
) -> int:
    """Work until a signal; its number. `metrics_at` is the host and port where metrics are to be had. Raises
    `FleetInvalid`, `UsageError`, `StateUnreadable`, `CheckFailed`."""
    crew = Crew(FleetFile(path, common.given_api_base), common, say)
    server = server_of(crew.file.fleet, common)
    app = open_queue(server)
    _quiet()
    with _measured(crew, metrics_at), ThreadPoolExecutor(concurrency, thread_name_prefix="shop") as pool:
        _register(app, crew, pool)
        return asyncio.run(_serve(app, server, crew, concurrency))


@contextmanager
def _measured(crew: Crew, at: tuple[str, int] | None) -> Iterator[None]:
    """Metrics of this crew at a host and port, until it ends: whoever is to end waits for no round over the shops."""
    if at is None:
        yield
        return
    from catalog_sync.fleet.metrics import Meter  # noqa: PLC0415 - an extra

    crew.meter = Meter(lambda: crew.file.fleet.targets, crew.common)
    crew.common = replace(crew.common, call_ended=crew.meter.call_ended)
    listening = crew.meter.serve(*at)
    crew.say(f"Metrics: {url_of(at[0], listening)}/metrics", "info")
    try:
        yield
    finally:
        crew.meter.stop()


def _quiet() -> None:
    """What the queue logs comes with tracebacks; what matters of it is told in our words."""
    for name in ("procrastinate", "psycopg.pool"):
        logger = logging.getLogger(name)
        logger.addHandler(logging.NullHandler())
        logger.propagate = False


async def _serve(app: App, server: Server, crew: Crew, concurrency: int) -> int:
    """Work until a signal; its number. Raises `StateUnreadable` when the queue is lost."""
    caught: list[int] = []
    async with sessions(app, server):
        serving = asyncio.ensure_future(
            app.run_worker_async(
                queues=[QUEUE],
                concurrency=concurrency,
                install_signal_handlers=False,
                fetch_job_polling_interval=2.0,
                stalled_worker_timeout=STALLED,
                delete_jobs="successful",
            )
        )
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, partial(_stop, number, crew, serving, caught))
        crew.say("Ready.", "info")
        try:
            await serving
        except asyncio.CancelledError:
            if not caught:
                raise
    if not caught:  # the queue's sessions ended, and it with them
        raise lost(server)
    return caught[0]


def _stop(number: int, crew: Crew, serving: asyncio.Future[None], caught: list[int]) -> None:
    """Start nothing more; calls under way end, and locks are let go. A second signal ends the process at once."""
    caught.append(number)
    crew.halt.order(INTERRUPTED)
    crew.halt.leave(time.monotonic() + PATIENCE)
    serving.cancel()
    for each in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().remove_signal_handler(each)
        signal.signal(each, signal.SIG_DFL)


def _register(app: App, crew: Crew, pool: ThreadPoolExecutor) -> None:
    from procrastinate import builtin_tasks  # noqa: PLC0415 - an extra

    @app.task(name=APPLY, queue=QUEUE, retry=back_off(crew.say_of))
    async def apply_shop(target: str, fleet: str) -> None:
        """Do one shop, and schedule its next run where there is something to wait for."""
        told = await asyncio.get_running_loop().run_in_executor(pool, of_shop, target, _done, crew, target, fleet)
        if told.pause is not None:
            await _queue_next(app, crew, target, told.pause.seconds)

    @app.periodic(cron=crew.file.fleet.reconcile)
    @app.task(name="catalog_sync.reconcile", queue=QUEUE, queueing_lock="catalog_sync.reconcile", priority=2 * NOW)
    async def reconcile(timestamp: int) -> None:  # noqa: ARG001 - procrastinate's signature
        """Look at every shop."""
        await _queue_every_shop(app, crew)

    @app.periodic(cron=_TAKE_OVER)
    @app.task(name="catalog_sync.take_over", queue=QUEUE, queueing_lock="catalog_sync.take_over", priority=2 * NOW)
    async def take_over(timestamp: int) -> None:  # noqa: ARG001 - procrastinate's signature
        """The jobs of workers that give no sign of life wait again."""
        for job in await app.job_manager.get_stalled_jobs(queue=QUEUE, seconds_since_heartbeat=STALLED):
            told = "taken over from a worker that died."
            name = job.task_kwargs.get("target")
            if isinstance(name, str):
                crew.say_of(name, told, "warning")
            else:
                crew.say(f"{job.task_name}: {told}", "warning")
            await app.job_manager.retry_job(job)

    @app.periodic(cron=_CLEAN)
    @app.task(name="catalog_sync.clean", queue=QUEUE, queueing_lock="catalog_sync.clean", pass_context=True)
    async def clean(context: JobContext, timestamp: int) -> None:  # noqa: ARG001 - procrastinate's signature
        """Forget jobs that failed a week ago."""
        await builtin_tasks.remove_old_jobs(context, max_hours=7 * 24, remove_failed=True, queue=QUEUE)


async def _queue_every_shop(app: App, crew: Crew) -> None:
    """Queue every shop, one that waits for tomorrow, too. One that cannot be queued is told, and stops no other."""
    try:
        fleet = crew.file.fleet
    except CatalogSyncError as error:
        crew.say(f"Nothing is reconciled: {error.message}. {error.hint}", "error")
        return
    for target in fleet.targets:
        if crew.halt.stopped.is_set():
            return
        try:
            target.check()
            await queue_shop(app, fleet, crew.common, target)
        except CatalogSyncError as error:
            crew.say_of(target.name, f"not reconciled: {error.message}. {error.hint}", "error")


async def _queue_next(app: App, crew: Crew, name: str, seconds: float) -> None:
    """Queue the next run of a shop that was done, unless the fleet's file is broken or has it no more."""
    try:
        target = crew.file.named(name)
        if target is not None:
            await queue_shop(app, crew.file.fleet, crew.common, target, wait=seconds)
    except CatalogSyncError as error:
        crew.say_of(name, f"its next run is not queued: {error.message}. {error.hint}", "warning")


def _done(crew: Crew, name: str, digest: str) -> Told:
    """One shop, in a thread. Raises `Again`, `Refused`."""
    try:
        told = crew.do(name, digest)
    except CatalogSyncError as error:
        crew.say(f"{name}: {error.message}. {error.hint}", "error")
        # A file that is being written, or a secret that is being put there, is right in a moment.
        raise Again(error.code) if isinstance(error, (FleetInvalid, StateUnreadable)) else Refused(error.code) from None
    crew.say(f"{name}: {told.verdict}", "error" if told.bad else "info")
    if crew.meter is not None:
        crew.meter.shop_ended(told.ended.value)
    if crew.halt.stopped.is_set():
        raise Again(told.verdict, at_once=True)
    if told.bad and told.error is not None and told.error.hint:
        crew.say(f"{name}: {told.error.hint}", "error")
    if told.bad:
        raise Again(told.verdict) if passes(told) else Refused(told.verdict)
    return told


def back_off(say_of: Callable[[str, str, str], None]) -> BaseRetryStrategy:
    """When a shop that could not be done is tried again. `say_of` is told of those that are given up."""
    from procrastinate.retry import BaseRetryStrategy, RetryDecision  # noqa: PLC0415 - an extra

    class BackOff(BaseRetryStrategy):
        """Later each time, for what passes."""

        def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
            """When to try again; None when that is no use."""
            if not isinstance(exception, Again):
                return None
            if exception.at_once:
                return RetryDecision(retry_in={"seconds": 0})
            if job.attempts >= _MOST:
                name = str(job.task_kwargs.get("target"))
                say_of(name, f"tried {_MOST} times; left to the next reconciling.", "error")
                return None
            return RetryDecision(retry_in={"seconds": int(min(_LONGEST, _FIRST * 2.0**job.attempts))})

    return BackOff()
