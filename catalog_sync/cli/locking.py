"""Taking the lock, and waiting for it where the user said so."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from catalog_sync.cli.options import Given
from catalog_sync.core.errors import LockHeld, StateUnreadable
from catalog_sync.core.ports import Clock, LeaseLost, Run, StateStore
from catalog_sync.core.sentence import Sentence
from catalog_sync.engine.halt import Halt
from catalog_sync.engine.keeper import Keeper
from catalog_sync.engine.meaning import broken_off
from catalog_sync.engine.session import Session
from catalog_sync.engine.tools import Tools
from catalog_sync.report.width import safe
from catalog_sync.topic import name_run
from catalog_sync.wiring import SystemClock, app_alone, holder, new_run, store_of

if TYPE_CHECKING:
    from catalog_sync.state.store import SqlStore

T = TypeVar("T")

LOOK_EVERY = 1.0
"""Seconds between two tries to take the lock."""


@contextmanager
def session_of(given: Given, tools: Tools, halt: Halt, command: str) -> Iterator[Session]:
    """A session under the lock; waits for the lock up to `--lock-timeout`. Raises `LockHeld`."""
    run = new_run(given.settings, command)
    name_run(run.id)
    session = Session(tools, holder(given.settings, sys.argv), run, halt)
    with ExitStack() as stack:
        yield _enter(given, session, tools.clock, halt, stack)


@contextmanager
def edited(given: Given, command: str) -> Iterator[tuple[SqlStore, int]]:
    """The state of the catalogue's app, under the lock, to be changed by hand: the store and the lease's epoch."""
    clock, halt, run = SystemClock(), Halt(), new_run(given.settings, command)
    name_run(run.id)
    with store_of(given.settings, app_alone(given.settings), write=True) as store:
        with ExitStack() as stack:
            keeper = Keeper(store, clock, holder(given.settings, sys.argv), halt)
            _enter(given, keeper, clock, halt, stack)
            with _written_down(store, keeper.epoch, run, clock, halt):
                yield store, keeper.epoch
        back_up(given, store)


@contextmanager
def _written_down(store: StateStore, epoch: int, run: Run, clock: Clock, halt: Halt) -> Iterator[None]:
    """A run in the history, from its start to its end, also where it fails. Its own error is the one that is told."""
    store.start_run(run, epoch)
    try:
        yield
    except BaseException as error:
        with suppress(LeaseLost, StateUnreadable):
            store.end_run(replace(run, ended_at=clock.now(), broken_off=broken_off(error, halt, None)), epoch)
        raise
    store.end_run(replace(run, ended_at=clock.now()), epoch)


def back_up(given: Given, store: StateStore) -> None:
    """Copy the state beside itself. A copy that fails is told, and ends nothing: what was done is stored."""
    try:
        store.checkpoint_and_backup()
    except StateUnreadable as error:
        given.console.warn(Sentence("no backup of the state was made: {reason}", reason=error.message))


def _enter(given: Given, locked: AbstractContextManager[T], clock: Clock, halt: Halt, stack: ExitStack) -> T:
    deadline = time.monotonic() + given.settings.lock_timeout
    told = False
    while True:
        try:
            return stack.enter_context(locked)
        except LockHeld as held:
            if time.monotonic() >= deadline or halt.stopped.is_set():
                raise
            if not told:
                given.console.say(Sentence("Waiting for the lock: {reason}", reason=safe(held.message)))
                told = True
            clock.sleep(LOOK_EVERY)
