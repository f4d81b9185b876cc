"""Keeper: holds the lease of a run: renews it in the background and knows, without asking, whether it is still ours."""

from __future__ import annotations

from contextlib import suppress
from threading import Event, Thread
from types import TracebackType
from typing import Self

from catalog_sync.core.errors import Failure, StateUnreadable
from catalog_sync.core.ports import Clock, Holder, Lease, LeaseLost, StateStore
from catalog_sync.engine.halt import Halt

RENEW_EVERY = 15.0
"""Seconds between renewals."""

MARGIN = 5.0
"""Seconds before its end from which a lease is not relied on any more: a call takes time to leave."""

LEASE_LOST = Failure("lock_lost", "Another run took the lock over: nothing more is sent.", "run apply again")


class Keeper:
    """A context in which the lock is held. `check` is asked right before each send."""

    def __init__(self, store: StateStore, clock: Clock, who: Holder, halt: Halt) -> None:
        self._store = store
        self._clock = clock
        self._who = who
        self._halt = halt
        self._done = Event()
        self._thread = Thread(target=self._keep, name="lease", daemon=True)

    def __enter__(self) -> Self:
        asked = self._clock.monotonic()
        self._note(self._store.acquire(self._who, self._clock.now()), asked)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._done.set()
        self._thread.join()
        with suppress(StateUnreadable):  # the lease ends by itself
            self._store.release(self.lease)

    def _note(self, lease: Lease, asked: float) -> None:
        """The lease counts from when it was asked for: the answer of a store that is busy may have taken long."""
        self.lease = lease
        self._ends = asked + (lease.expires_at - lease.heartbeat_at)

    @property
    def epoch(self) -> int:
        """The epoch under which this run writes."""
        return self.lease.epoch

    def check(self) -> None:
        """Raise `LeaseLost` when the lease may not be ours any more."""
        if self._clock.monotonic() > self._ends - MARGIN:
            self._halt.order(LEASE_LOST)
            raise LeaseLost

    def _keep(self) -> None:
        while not self._done.wait(RENEW_EVERY):
            try:
                asked = self._clock.monotonic()
                self._note(self._store.renew(self.lease, self._clock.now()), asked)
            except LeaseLost:
                self._halt.order(LEASE_LOST)
                return
            except StateUnreadable:
                continue  # the store may come back before the lease ends; `check` knows when it does
