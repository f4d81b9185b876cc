"""Draws the pictures of `catalog.example.yaml` into `covers/`: flat shapes, 240 x 240 pixels, a few kilobytes each.

Run it as `python examples/draw_covers.py` after a change here. The pictures are committed, nothing else needs it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from PIL import Image, ImageDraw

FOLDER = Path(__file__).resolve().parent.parent / "covers"

SIDE = 240
"""Pixels of a side; the platform takes at most 300."""

FINER = 4
"""Everything is drawn this many times as large and made smaller, which gives soft edges."""

INK = "#3d3a34"
WOOD = "#a9794c"
DARK_WOOD = "#7d5533"
CREAM = "#f7f1e3"
LEAF = "#7a9b57"
DARK_LEAF = "#557339"
CELADON = "#a9c9b8"
DARK_CELADON = "#7fa693"
CLAY = "#9c5a41"
DARK_CLAY = "#7a432f"
RED = "#b5423a"
GOLD = "#d9b25f"
GREY = "#6f7277"
DARK_GREY = "#4b4e53"


class Sheet:
    """A picture in the making. Every number is in pixels of the finished picture."""

    def __init__(self, background: str) -> None:
        self._image = Image.new("RGB", (SIDE * FINER, SIDE * FINER), background)
        self._draw = ImageDraw.Draw(self._image)

    def ellipse(self, box: tuple[int, int, int, int], fill: str) -> None:
        """An ellipse in the box left, top, right, bottom."""
        self._draw.ellipse(_finer(box), fill)

    def bowl(self, box: tuple[int, int, int, int], fill: str) -> None:
        """The lower half of an ellipse."""
        self._draw.pieslice(_finer(box), 0, 180, fill)

    def dome(self, box: tuple[int, int, int, int], fill: str) -> None:
        """The upper half of an ellipse."""
        self._draw.pieslice(_finer(box), 180, 360, fill)

    def block(self, box: tuple[int, int, int, int], fill: str, radius: int = 0) -> None:
        """A rectangle with round corners."""
        self._draw.rounded_rectangle(_finer(box), radius * FINER, fill)

    def shape(self, points: tuple[int, ...], fill: str) -> None:
        """A polygon of the points x, y, x, y, ..."""
        self._draw.polygon(_finer(points), fill)

    def arc(self, box: tuple[int, int, int, int], start: int, end: int, fill: str, width: int = 6) -> None:
        """A part of an ellipse's line, from one angle to another."""
        self._draw.arc(_finer(box), start, end, fill, width * FINER)

    def line(self, points: tuple[int, ...], fill: str, width: int = 4) -> None:
        """A line through the points x, y, x, y, ..."""
        self._draw.line(_finer(points), fill, width * FINER)

    def save(self, path: Path) -> None:
        """Write the picture with few colours, as a small PNG."""
        small = self._image.resize((SIDE, SIDE), Image.Resampling.LANCZOS)
        small.quantize(32, dither=Image.Dither.NONE).save(path, optimize=True)


def _finer(numbers: tuple[int, ...]) -> list[float]:
    return [float(number * FINER) for number in numbers]


def _cup(sheet: Sheet, left: int, top: int, size: int, colours: tuple[str, str, str]) -> None:
    """A cup without a handle: foot, body, rim, tea."""
    body, shade, tea = colours
    sheet.block((left + size * 3 // 10, top + size * 6 // 10, left + size * 7 // 10, top + size * 8 // 10), shade, 3)
    sheet.bowl((left, top - size * 6 // 10, left + size, top + size * 3 // 4), body)
    sheet.ellipse((left, top - size // 10, left + size, top + size * 2 // 9), shade)
    sheet.ellipse((left + 7, top - size // 16, left + size - 7, top + size * 2 // 11), tea)


def _pot(sheet: Sheet, body: str, shade: str) -> None:
    """A pot with spout, lid and knob; its handle is drawn before it."""
    sheet.shape((34, 92, 52, 88, 84, 138, 72, 160), shade)
    sheet.ellipse((52, 78, 180, 184), body)
    sheet.block((82, 174, 150, 188), shade, 4)
    sheet.dome((80, 62, 152, 108), shade)
    sheet.ellipse((106, 50, 126, 70), body)


def _leaf(sheet: Sheet, x: int, y: int, size: int, fill: str) -> None:
    """A tea leaf that stands on its tip, with its rib."""
    sheet.shape((x, y, x + size // 3, y - size // 2, x, y - size, x - size // 3, y - size // 2), fill)
    sheet.ellipse((x - size * 3 // 10, y - size * 7 // 8, x + size * 3 // 10, y - size // 8), fill)
    sheet.line((x, y + 6, x, y - size * 3 // 4), CREAM, 2)


def _packet(sheet: Sheet, fill: str, band: str) -> None:
    """A packet of tea with a label."""
    sheet.block((64, 44, 176, 206), fill, 8)
    sheet.block((64, 44, 176, 66), band, 8)
    sheet.block((84, 92, 156, 176), CREAM, 4)


def gaiwan(sheet: Sheet) -> None:
    """A covered bowl on its saucer."""
    sheet.ellipse((44, 168, 196, 204), "#dcd5c4")
    sheet.bowl((60, 30, 180, 188), "#ffffff")
    sheet.block((96, 180, 144, 192), "#e4decf", 3)
    sheet.dome((66, 62, 174, 152), "#ece7da")
    sheet.ellipse((104, 50, 136, 68), "#ffffff")
    sheet.line((60, 109, 180, 109), "#cfc8b6", 3)


def cup_pair(sheet: Sheet) -> None:
    """Two cups."""
    _cup(sheet, 30, 112, 86, (CELADON, DARK_CELADON, GOLD))
    _cup(sheet, 124, 112, 86, (CELADON, DARK_CELADON, GOLD))


def tea_set(sheet: Sheet) -> None:
    """A pot and two cups."""
    sheet.arc((146, 92, 208, 164), 270, 90, DARK_CELADON, 11)
    _pot(sheet, CELADON, DARK_CELADON)
    _cup(sheet, 26, 176, 56, (CREAM, "#dccfb2", LEAF))
    _cup(sheet, 158, 176, 56, (CREAM, "#dccfb2", LEAF))


def clay_pot(sheet: Sheet) -> None:
    """A pot of brown clay."""
    sheet.arc((146, 92, 208, 164), 270, 90, DARK_CLAY, 11)
    _pot(sheet, CLAY, DARK_CLAY)


def longjing(sheet: Sheet) -> None:
    """A packet with three leaves."""
    _packet(sheet, DARK_LEAF, LEAF)
    _leaf(sheet, 104, 168, 50, LEAF)
    _leaf(sheet, 120, 160, 60, DARK_LEAF)
    _leaf(sheet, 137, 168, 50, LEAF)


def white_tea(sheet: Sheet) -> None:
    """A round cake of tea in its paper."""
    sheet.ellipse((36, 36, 204, 204), "#e6dcc3")
    sheet.ellipse((58, 58, 182, 182), "#8d8365")
    sheet.ellipse((76, 76, 164, 164), "#a89d7c")
    sheet.block((92, 92, 148, 148), RED, 3)
    _leaf(sheet, 120, 142, 42, GOLD)


def tea_tray(sheet: Sheet) -> None:
    """A tray of bamboo with a cup."""
    sheet.block((24, 122, 216, 190), DARK_WOOD, 10)
    sheet.block((24, 112, 216, 174), WOOD, 10)
    for y in (126, 142, 158):
        sheet.line((40, y, 200, y), DARK_WOOD, 3)
    _cup(sheet, 86, 82, 68, (CREAM, "#dccfb2", GOLD))


def kettle(sheet: Sheet) -> None:
    """A kettle of iron with its bow."""
    sheet.arc((58, 24, 174, 176), 180, 360, GREY, 8)
    _pot(sheet, DARK_GREY, GREY)


def gift_box(sheet: Sheet) -> None:
    """A box with a ribbon."""
    sheet.block((44, 96, 196, 204), RED, 5)
    sheet.block((36, 76, 204, 108), "#9a332d", 5)
    sheet.block((108, 76, 132, 204), GOLD)
    sheet.arc((76, 40, 120, 84), 0, 360, GOLD, 8)
    sheet.arc((120, 40, 164, 84), 0, 360, GOLD, 8)


def travel_set(sheet: Sheet) -> None:
    """A bag with a cup before it."""
    sheet.arc((88, 36, 152, 100), 180, 360, INK, 8)
    sheet.block((42, 66, 198, 196), "#5f7a86", 22)
    sheet.block((42, 66, 198, 112), "#4a626d", 22)
    sheet.line((42, 112, 198, 112), CREAM, 3)
    _cup(sheet, 90, 140, 60, (CREAM, "#dccfb2", LEAF))


def osmanthus(sheet: Sheet) -> None:
    """A packet with flowers."""
    _packet(sheet, "#b98a2f", GOLD)
    for x, y in ((104, 116), (136, 124), (112, 150), (138, 156)):
        for left, top in ((-10, 0), (10, 0), (0, -10), (0, 10)):
            sheet.ellipse((x + left - 7, y + top - 7, x + left + 7, y + top + 7), GOLD)
        sheet.ellipse((x - 5, y - 5, x + 5, y + 5), RED)


def rock_tea(sheet: Sheet) -> None:
    """A packet with a mountain."""
    _packet(sheet, DARK_CLAY, CLAY)
    sheet.shape((88, 172, 116, 112, 132, 144, 140, 130, 153, 172), DARK_GREY)
    sheet.ellipse((132, 100, 148, 116), RED)


PICTURES: Mapping[str, tuple[str, Callable[[Sheet], None]]] = {
    "gaiwan-white": ("#9fb4bd", gaiwan),
    "cup-pair": ("#f1e6d2", cup_pair),
    "tea-set": ("#f3ead9", tea_set),
    "teapot-zisha": ("#eadcc5", clay_pot),
    "longjing": ("#edf0dd", longjing),
    "white-tea-cake": ("#c9b896", white_tea),
    "tea-tray": ("#efe7d6", tea_tray),
    "kettle-iron": ("#e3ddd2", kettle),
    "gift-box": ("#f4e3d3", gift_box),
    "travel-set": ("#e9e3d4", travel_set),
    "osmanthus-oolong": ("#f6edd2", osmanthus),
    "rock-tea": ("#eee0d2", rock_tea),
}
"""Each picture's file name, its background and what is drawn on it."""


def main() -> None:
    """Draw all of them."""
    FOLDER.mkdir(exist_ok=True)
    for name, (background, draw) in PICTURES.items():
        sheet = Sheet(background)
        draw(sheet)
        sheet.save(FOLDER / f"{name}.png")


if __name__ == "__main__":
    main()
