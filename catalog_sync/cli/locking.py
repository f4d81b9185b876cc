"""Taking the lock, and waiting for it where the user said so."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from typing import TypeVar

from catalog_sync.cli.options import Given
from catalog_sync.core.errors import LockHeld, StateUnreadable
from catalog_sync.core.ports import Clock, StateStore
from catalog_sync.engine.halt import Halt
from catalog_sync.engine.keeper import Keeper
from catalog_sync.engine.session import Session
from catalog_sync.engine.tools import Tools
from catalog_sync.wiring import SystemClock, app_of, holder, load_whole, new_run, store_of

T = TypeVar("T")

LOOK_EVERY = 1.0
"""Seconds between two tries to take the lock."""


@contextmanager
def session_of(given: Given, tools: Tools, halt: Halt, command: str) -> Iterator[Session]:
    """A session under the lock; waits for the lock up to `--lock-timeout`. Raises `LockHeld`."""
    session = Session(tools, holder(given.settings, sys.argv), new_run(given.settings, command), halt)
    with ExitStack() as stack:
        yield _enter(given, session, tools.clock, halt, stack)


@contextmanager
def edited(given: Given, command: str) -> Iterator[tuple[StateStore, int]]:
    """The state of the catalogue's app, under the lock, to be changed by hand: the store and the lease's epoch."""
    catalogue, _ = load_whole(given.settings)
    clock, halt = SystemClock(), Halt()
    with store_of(given.settings, app_of(given.settings, catalogue), write=True) as store:
        with ExitStack() as stack:
            keeper = Keeper(store, clock, holder(given.settings, sys.argv), halt)
            _enter(given, keeper, clock, halt, stack)
            run = new_run(given.settings, command)
            store.start_run(run, keeper.epoch)
            yield store, keeper.epoch
            store.end_run(run, keeper.epoch)
        back_up(given, store)


def back_up(given: Given, store: StateStore) -> None:
    """Copy the state beside itself. A copy that fails is told, and ends nothing: what was done is stored."""
    try:
        store.checkpoint_and_backup()
    except StateUnreadable as error:
        given.console.say(f"Warning: no backup of the state was made: {error.message}")


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
                given.console.say(f"Waiting for the lock: {held.message}")
                told = True
            clock.sleep(LOOK_EVERY)
