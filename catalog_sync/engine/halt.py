"""Halt: why a run starts no further step: told to stop, fail-fast, the account refused, the lease lost."""

from __future__ import annotations

from threading import Event, Lock

from catalog_sync.core.errors import Failure
from catalog_sync.core.model import Verb

_ALL = frozenset(Verb)


class Halt:
    """The reasons to start nothing more, by what a step does. The first reason for a verb stays. Safe for threads."""

    def __init__(self) -> None:
        self._reasons: dict[Verb, Failure] = {}
        self._stop: Failure | None = None
        self._lock = Lock()
        self._leave_at: float | None = None
        self.stopped = Event()

    def order(self, reason: Failure, verbs: frozenset[Verb] = _ALL) -> None:
        """Start no further step with these verbs."""
        with self._lock:
            for verb in verbs:
                self._reasons.setdefault(verb, reason)
            if verbs == _ALL:
                self._stop = self._stop or reason
                self.stopped.set()

    def leave(self, at: float) -> None:
        """Do not wait for calls under way after this instant (monotonic): the user wants the run to end."""
        with self._lock:
            self._leave_at = at

    def overdue(self, now: float) -> bool:
        """Whether calls that are still under way are not waited for any more."""
        with self._lock:
            return self._leave_at is not None and now >= self._leave_at

    def lift(self) -> None:
        """Forget what concerned some verbs only: another round, on another day, may try again."""
        with self._lock:
            if self._stop is None:
                self._reasons.clear()

    @property
    def stop(self) -> Failure | None:
        """Why nothing at all may start; None when something may."""
        with self._lock:
            return self._stop

    def reason(self, verb: Verb) -> Failure | None:
        """Why a step of this verb must not start; None when it may."""
        with self._lock:
            return self._reasons.get(verb)
