"""Small pictures of covers: as the file is and as it is uploaded, each file once, within a budget."""

from __future__ import annotations

import base64
import hashlib
import io
from pathlib import Path

import pytest
from PIL import Image

from catalog_sync.catalogue.thumbnails import SIDE, Thumbnails
from catalog_sync.core.model import Address, CoverFit, Item, Place


def item(path: Path, size: tuple[int, int] = (200, 100)) -> Item:
    Image.new("RGB", size, (90, 120, 60)).save(path)
    identity = "sha256:" + hashlib.sha256(path.read_bytes()).hexdigest()
    return Item(Address("goods.cup"), "goods", "cup", ("茶杯", identity), Place("c.yaml", 1), 0, str(path))


def sizes(pictures: tuple[str, ...] | None) -> list[tuple[int, int]]:
    assert pictures is not None
    shown = [Image.open(io.BytesIO(base64.b64decode(each.partition(",")[2]))) for each in pictures]
    return [each.size for each in shown]


@pytest.mark.parametrize(
    ("fit", "size", "expected"),
    [
        (CoverFit.ERROR, (200, 100), [(SIDE, SIDE // 2)]),
        (CoverFit.PAD, (200, 100), [(SIDE, SIDE // 2)]),  # it fits as it is
        (CoverFit.ERROR, (800, 400), [(SIDE, SIDE // 2)]),
        (CoverFit.PAD, (800, 400), [(SIDE, SIDE // 2), (SIDE, SIDE)]),
        (CoverFit.CROP, (800, 400), [(SIDE, SIDE // 2), (SIDE, SIDE)]),
    ],
)
def test_a_cover_before_and_after_it_is_made_to_fit(
    tmp_path: Path, fit: CoverFit, size: tuple[int, int], expected: list[tuple[int, int]]
) -> None:
    assert sizes(Thumbnails(fit).of(item(tmp_path / "cup.png", size), 300)) == expected


def test_a_padded_cover_has_white_and_a_cropped_one_has_none(tmp_path: Path) -> None:
    cover = item(tmp_path / "cup.png", (800, 400))
    corners = {}
    for fit in (CoverFit.PAD, CoverFit.CROP):
        pictures = Thumbnails(fit).of(cover, 300)
        assert pictures is not None
        with Image.open(io.BytesIO(base64.b64decode(pictures[1].partition(",")[2]))) as shown:
            corners[fit] = shown.getpixel((1, 1))
    assert corners[CoverFit.PAD] == (255, 255, 255)
    assert corners[CoverFit.CROP] != (255, 255, 255)


def test_the_budget_ends_it_but_not_for_a_picture_made_before(tmp_path: Path) -> None:
    thumbnails = Thumbnails(CoverFit.ERROR, budget=1)
    first = item(tmp_path / "a.png")
    assert thumbnails.of(first, 300)
    assert thumbnails.of(item(tmp_path / "b.png", (50, 50)), 300) is None
    assert thumbnails.of(first, 300)


def test_a_file_that_changed_or_has_gone_is_not_shown(tmp_path: Path) -> None:
    changed, gone = item(tmp_path / "a.png"), item(tmp_path / "b.png", (50, 50))
    (tmp_path / "a.png").write_bytes(b"GIF8 else")
    (tmp_path / "b.png").unlink()
    assert [Thumbnails(CoverFit.PAD).of(each, 300) for each in (changed, gone)] == [(), ()]
