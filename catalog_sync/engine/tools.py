"""What a run works with: the parts that the composition root put together, and the user's settings for them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from catalog_sync.core.ports import Clock, PictureSource, Provider, StateStore

READ_TIMEOUT = 20.0
"""Seconds after which a call without an answer ends; the age of an entry whose end was not noted counts from it."""


@dataclass(frozen=True, slots=True)
class Tools:
    """The parts of a run. `pictures` has a source for each system, by kind. `settle_after` is seconds; `say` gets
    sentences for a person, `progress` what is being read with items seen and expected. `folder` is where the state
    lies: what the state cannot take is saved beside it. A `read_only` store is written nothing.
    """

    providers: tuple[Provider, ...]
    store: StateStore
    clock: Clock
    pictures: Mapping[str, PictureSource]
    parallelism: int
    settle_after: float
    say: Callable[[str], None]
    progress: Callable[[str, int, int], None]
    folder: Path = Path()
    read_only: bool = False

    def platform_now(self) -> float:
        """The platform's clock, by the system that was answered last; our own while none was asked."""
        return max((provider.platform_now() for provider in self.providers), default=self.clock.now())
