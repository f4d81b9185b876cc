"""SIGINT and SIGTERM while a run writes."""

from __future__ import annotations

import signal
import time
from types import FrameType
from typing import Self

from catalog_sync.cli.border import Terminated
from catalog_sync.core.errors import Failure
from catalog_sync.engine.halt import Halt

_INTERRUPTED = Failure("interrupted", "Not started: the run was told to stop.", "run apply again; it goes on from here")


PATIENCE = 4.0
"""Seconds that calls under way get to end after a signal."""


class Signals:
    """SIGINT and SIGTERM. Until the first call may be sent they end the run at once, also while it waits for the lock
    or for an answer of the user. From then on (`gently`) nothing more is started, and the calls under way end. A second
    signal ends the process: what was under way is in the journal."""

    def __init__(self, halt: Halt) -> None:
        self.halt = halt
        self.caught: list[int] = []
        self.gently = False

    def __enter__(self) -> Self:
        self._before = {number: signal.signal(number, self._on_signal) for number in (signal.SIGINT, signal.SIGTERM)}
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        self.caught.append(number)
        self.halt.order(_INTERRUPTED)
        self.halt.leave(time.monotonic() + PATIENCE)
        for each in self._before:
            signal.signal(each, signal.SIG_DFL)
        if not self.gently:
            raise KeyboardInterrupt if number == signal.SIGINT else Terminated
