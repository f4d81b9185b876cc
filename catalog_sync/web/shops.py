"""The shops that the pages show, as they were last seen."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from catalog_sync.core.errors import CatalogSyncError
from catalog_sync.faces import faces_for
from catalog_sync.fleet.figures import Figures, figures_of_all
from catalog_sync.fleet.file import FleetFile
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
    """The shops of a fleet's file. Safe for many threads."""

    def __init__(self, path: str, common: Settings) -> None:
        self.file = FleetFile(path, common.given_api_base)
        self._common = common
        self._rows: dict[str, tuple[float, Row]] = {}

    def found(self, words: str) -> list[Target]:
        """The shops that have each of these words in their name, appid or labels. Raises `FleetInvalid`."""
        wanted = words.casefold().split()
        return [each for each in self.file.fleet.targets if all(word in _text(each) for word in wanted)]

    def rows(self, targets: Sequence[Target]) -> list[Row]:
        """These shops with their figures."""
        known = {each.position: row for each in targets if (row := self._fresh(each)) is not None}
        stale = [each for each in targets if each.position not in known]
        for target, told in zip(stale, figures_of_all(stale, self._common), strict=True):
            known[target.position] = Row(target, *told)
            self._rows[target.name] = (time.monotonic(), known[target.position])
        return [known[each.position] for each in targets]

    def _fresh(self, target: Target) -> Row | None:
        at, row = self._rows.get(target.name, (0.0, None))
        return row if row is not None and row.target is target and time.monotonic() - at < FRESH else None

    def overview(self, target: Target) -> Overview:
        """All of a shop. Raises `CatalogSyncError`."""
        return overview(settings_of(target, self._common))

    def plan_page(self, target: Target) -> str:
        """The plan of a shop as `plan --no-refresh --format html` shows it. Raises `CatalogSyncError`."""
        chosen = settings_of(target, self._common)
        seen = overview(chosen)
        return plan_html(seen.shown, faces_for("html", seen.plan, load_whole(chosen)[0].rules.cover_fit))


def _text(target: Target) -> str:
    labels = (f"{name}={value}" for name, value in target.labels.items())
    return " ".join((target.name, target.app, *labels)).casefold()
