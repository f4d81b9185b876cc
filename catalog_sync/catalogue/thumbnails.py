"""Small pictures of the covers that a catalogue names, as text for a page that fetches nothing."""

from __future__ import annotations

import base64

from catalog_sync.catalogue.covers import same_bytes
from catalog_sync.catalogue.pixels import BadPicture, fitted, header, thumbnail
from catalog_sync.catalogue.sources import MAX_BYTES
from catalog_sync.core.model import CoverFit, Item
from catalog_sync.core.ports import PictureUnreadable

SIDE = 96
"""Pixels a side: sharp at the size of a card's picture on most screens, some 3 KB."""

BUDGET = 2_500_000
"""Characters of all pictures of a page together; with 10,000 changes beside them it stays under 8 MB."""


class Thumbnails:
    """Makes the small pictures of one page, each file's once, until the budget is spent.

    `fit` is what is done with a cover that is too large, `max_side` (of a call) what too large is.
    """

    def __init__(self, fit: CoverFit, budget: int = BUDGET) -> None:
        self._fit = fit
        self._left = budget
        self._made: dict[tuple[str, int | None], tuple[str, ...]] = {}

    def of(self, item: Item, max_side: int | None) -> tuple[str, ...] | None:
        """The item's cover as data URIs: as the file is, and where it is made to fit also as it is uploaded. Empty
        where there is no file to show, None where there is no room left."""
        identity = next((str(each) for each in item.values if str(each).startswith("sha256:")), None)
        if identity is None or item.picture_path is None:
            return ()
        known = self._made.get((identity, max_side))
        if known is not None:
            return known
        if self._left <= 0:
            return None
        made = self._made[identity, max_side] = self._make(identity, item.picture_path, max_side)
        self._left -= sum(map(len, made))
        return made

    def _make(self, identity: str, path: str, max_side: int | None) -> tuple[str, ...]:
        try:
            data = same_bytes(identity, path, MAX_BYTES)
            small = [thumbnail(data, SIDE)]
            head = header(data)
            if self._fit is not CoverFit.ERROR and max_side is not None and max(head.width, head.height) > max_side:
                small.append(thumbnail(fitted(data, max_side, crop=self._fit is CoverFit.CROP)[0], SIDE))
        except (BadPicture, PictureUnreadable):
            return ()  # apply says what is wrong with it
        return tuple(f"data:image/jpeg;base64,{base64.b64encode(each).decode()}" for each in small)
