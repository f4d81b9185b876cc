"""The shops that the pages show, as they were last seen."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock

from catalog_sync.core.errors import CatalogSyncError
from catalog_sync.faces import faces_for
from catalog_sync.fleet.figures import Figures, figures_of
from catalog_sync.fleet.file import Fleet, read_fleet
from catalog_sync.fleet.overview import Overview, overview, settings_of
from catalog_sync.fleet.target import Target
from catalog_sync.report.html import plan_html
from catalog_sync.wiring import Settings, load_whole

PAGE = 50
"""So many shops on one page."""

FRESH = 20.0
"""Seconds for which the figures of a shop are shown again without another look at its state."""


@dataclass(frozen=True, slots=True)
class Row:
    """One shop of the list; `error` says why it could not be read."""

    target: Target
    figures: Figures
    error: CatalogSyncError | None


class Shops:
    """The shops of a fleet's file, which is read again when it changed. Safe for many threads."""

    def __init__(self, path: str, common: Settings) -> None:
        self.path, self._common = path, common
        self._lock = Lock()
        self._read: tuple[tuple[int, int], Fleet] | None = None
        self._rows: dict[str, tuple[float, Row]] = {}

    @property
    def fleet(self) -> Fleet:
        """The fleet as its file says now. Raises `FleetInvalid`."""
        try:
            found = os.stat(self.path)  # noqa: PTH116 - a text, as all paths of a fleet
            seen = (found.st_mtime_ns, found.st_size)
        except OSError:
            seen = (0, 0)
        with self._lock:
            if self._read is None or self._read[0] != seen:
                self._read, self._rows = (seen, read_fleet(self.path)), {}
            return self._read[1]

    def found(self, words: str) -> list[Target]:
        """The shops that have each of these words in their name, appid or labels. Raises `FleetInvalid`."""
        wanted = words.casefold().split()
        return [each for each in self.fleet.targets if all(word in _text(each) for word in wanted)]

    def rows(self, targets: Sequence[Target]) -> list[Row]:
        """These shops with their figures."""
        return [self._row(target) for target in targets]

    def named(self, name: str) -> Target | None:
        """The shop of this name. Raises `FleetInvalid`."""
        return next((each for each in self.fleet.targets if each.name == name), None)

    def overview(self, target: Target) -> Overview:
        """All of a shop. Raises `CatalogSyncError`."""
        return overview(settings_of(target, self._common))

    def plan_page(self, target: Target) -> str:
        """The plan of a shop as `plan --no-refresh --format html` shows it. Raises `CatalogSyncError`."""
        chosen = settings_of(target, self._common)
        seen = overview(chosen)
        return plan_html(seen.shown, faces_for("html", seen.plan, load_whole(chosen)[0].rules.cover_fit))

    def _row(self, target: Target) -> Row:
        at, row = self._rows.get(target.name, (0.0, None))
        if row is None or time.monotonic() - at > FRESH:
            row = Row(target, *figures_of(target, self._common))
            self._rows[target.name] = (time.monotonic(), row)
        return row


def _text(target: Target) -> str:
    labels = (f"{name}={value}" for name, value in target.labels.items())
    return " ".join((target.name, target.app, *labels)).casefold()
