"""The halt of a whole fleet: what stops it stops every shop that is under way."""

from __future__ import annotations

from threading import Lock

from catalog_sync.core.errors import Failure
from catalog_sync.core.model import Verb
from catalog_sync.engine.halt import Halt


class FleetHalt(Halt):
    """A halt that has parts, one for each shop under way: a part that halts stops no other. Safe for threads."""

    def __init__(self) -> None:
        super().__init__()
        self._parts: list[Halt] = []
        self._parts_lock = Lock()

    def part(self) -> Halt:
        """The halt of one shop, which begins now."""
        part = Halt()
        with self._parts_lock:
            self._parts.append(part)
        if self.stop is not None:
            part.order(self.stop)
        return part

    def ended(self, part: Halt) -> None:
        """A shop has ended."""
        with self._parts_lock:
            self._parts.remove(part)

    def order(self, reason: Failure, verbs: frozenset[Verb] = frozenset(Verb)) -> None:
        """Stop every shop."""
        super().order(reason, verbs)
        for part in [*self._parts]:
            part.order(reason, verbs)

    def leave(self, at: float) -> None:
        """Wait for no shop's calls after this instant (monotonic)."""
        super().leave(at)
        for part in [*self._parts]:
            part.leave(at)
