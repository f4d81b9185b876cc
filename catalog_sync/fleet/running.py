"""Running: the shops of a fleet side by side in this process. One that fails stops no other."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from functools import partial

from catalog_sync.core.entry import did_you_mean
from catalog_sync.core.errors import UsageError
from catalog_sync.fleet.file import Fleet
from catalog_sync.fleet.halt import FleetHalt
from catalog_sync.fleet.target import Target
from catalog_sync.fleet.told import Ended, Told
from catalog_sync.fleet.work import Shop, Work, guarded
from catalog_sync.topic import of_shop
from catalog_sync.wiring import Settings, Voice

_LOOK_EVERY = 0.2
_GRACE = 2.0
"""Seconds beyond the patience with calls under way in which a shop stores what they answered."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How a fleet is gone through: the `canary` alone and first, so many shops side by side, and nothing more is
    started after so many failures (None: no bound)."""

    canary: str | None
    parallel: int
    max_failures: int | None


@dataclass(slots=True)
class Round:
    """One command over a fleet. `abandoned` once shops were left that did not end in time after a signal."""

    fleet: Fleet
    common: Settings
    manner: Manner
    halt: FleetHalt
    speak: Callable[[str, str], None]
    abandoned: bool = False

    def run(self, work: Callable[[Target], Work], targets: Sequence[Target]) -> tuple[Told, ...]:
        """What came of each shop, in the order of `targets`. `work` says what is done to which."""
        first = [each for each in targets if each.name == self.manner.canary]
        told = self._side_by_side(work, first)
        if any(each.bad for each in told.values()):
            why = f"the canary {self.manner.canary} did not go well"
            told |= {each.position: not_started(each, why) for each in targets if each.position not in told}
        told |= self._side_by_side(work, [each for each in targets if each.position not in told])
        return tuple(told[each.position] for each in targets)

    def _side_by_side(self, work: Callable[[Target], Work], targets: Iterable[Target]) -> dict[int, Told]:
        waiting, told = list(targets), dict[int, Told]()
        pool = ThreadPoolExecutor(self.manner.parallel, thread_name_prefix="shop")
        running: dict[Future[Told], Target] = {}
        try:
            while waiting or running:
                while waiting and len(running) < self.manner.parallel and self._may_start(told) is None:
                    target = waiting.pop(0)
                    running[pool.submit(of_shop, target.name, self._one, work(target), target)] = target
                if not running or self._overdue():
                    break
                for future in wait(running, timeout=_LOOK_EVERY, return_when=FIRST_COMPLETED).done:
                    told[running.pop(future).position] = future.result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
        self.abandoned = self.abandoned or bool(running)
        why = self._may_start(told) or ""
        told |= {each.position: not_started(each, why) for each in waiting}
        return told | {each.position: not_started(each, "it did not end in time") for each in running.values()}

    def _may_start(self, told: dict[int, Told]) -> str | None:
        """Why nothing more is started; None when something may be."""
        if self.halt.stopped.is_set():
            return "the run was told to stop"
        failures = sum(each.ended is Ended.FAILED for each in told.values())
        most = self.manner.max_failures
        return None if most is None or failures < most else f"{failures} failed before it"

    def _overdue(self) -> bool:
        return self.halt.stopped.is_set() and self.halt.overdue(time.monotonic() - _GRACE)

    def _one(self, work: Work, target: Target) -> Told:
        part = self.halt.part()
        voice = Voice(partial(self.speak, target.name), lambda _what, _done, _total: None)
        try:
            return guarded(work, Shop(target, self.common, self.fleet.secret_names, part, voice))
        finally:
            self.halt.ended(part)


def not_started(target: Target, why: str) -> Told:
    """A shop that was not started, or not to its end."""
    return Told(target.name, target.app, target.labels, Ended.SKIPPED, f"Not done: {why}.")


def selected(fleet: Fleet, labels: Sequence[str], canary: str | None) -> tuple[Target, ...]:
    """The shops that have all these labels (`label=value`; several values of one label: any). Raises `UsageError`."""
    wanted: dict[str, set[str]] = {}
    for each in labels:
        label, equals, value = each.partition("=")
        if not (label and equals and value):
            raise UsageError(f"--select takes label=value (found {each[:80]!r})")
        wanted.setdefault(label, set()).add(value)
    chosen = [
        target for target in fleet.targets if all(target.labels.get(label) in some for label, some in wanted.items())
    ]
    if not chosen:
        raise UsageError("no shop of the fleet has these labels", hint=_near_labels(fleet, wanted))
    if canary is not None and canary not in {each.name for each in chosen}:
        near = did_you_mean(canary, [each.name for each in chosen])
        raise UsageError(f"--canary names none of the shops that are meant (found {canary[:80]!r}){near}")
    return tuple(chosen)


def _near_labels(fleet: Fleet, wanted: dict[str, set[str]]) -> str:
    known = {label for target in fleet.targets for label in target.labels}
    strange = next((label for label in wanted if label not in known), None)
    if strange is not None:
        return f"there is no label {strange[:80]}{did_you_mean(strange, known)}"
    return "`catalog-sync fleet validate --format json` shows the labels of each"
