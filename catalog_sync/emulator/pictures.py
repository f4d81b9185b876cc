"""Pictures: what kind, how wide, how high; read from the first bytes by hand.

By hand, because the product reads pictures with Pillow: a second opinion must not come from the same mouth.
"""

from dataclasses import dataclass

FRAME_MARKERS = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""JPEG markers that begin a frame header, which holds the size (ITU-T T.81, table B.1)."""


@dataclass(frozen=True, slots=True)
class Picture:
    """Kind (`png`, `jpeg`, `gif`) and size in pixels."""

    kind: str
    width: int
    height: int


def read_picture(content: bytes) -> Picture | None:
    """Read the header of a PNG, JPEG or GIF; None for anything else (DOC: these three are taken)."""
    if content.startswith(b"\x89PNG\r\n\x1a\n") and content[12:16] == b"IHDR" and len(content) >= 24:
        return Picture("png", _big(content, 16, 4), _big(content, 20, 4))
    if content[:6] in (b"GIF87a", b"GIF89a") and len(content) >= 10:
        return Picture("gif", _little(content, 6), _little(content, 8))
    if content.startswith(b"\xff\xd8\xff"):
        return _read_jpeg(content)
    return None


def _read_jpeg(content: bytes) -> Picture | None:
    at = 2
    while at + 9 <= len(content):
        if content[at] != 0xFF:
            return None
        marker = content[at + 1]
        if marker in FRAME_MARKERS:
            return Picture("jpeg", _big(content, at + 7, 2), _big(content, at + 5, 2))
        at += _step(marker) or 2 + _big(content, at + 2, 2)
    return None


def _step(marker: int) -> int:
    """Bytes of a marker that stands alone (a fill byte, TEM, RSTn, SOI); 0 for one that has a length."""
    if marker == 0xFF:
        return 1
    return 2 if marker == 0x01 or 0xD0 <= marker <= 0xD8 else 0


def _big(content: bytes, at: int, size: int) -> int:
    return int.from_bytes(content[at : at + size], "big")


def _little(content: bytes, at: int) -> int:
    return int.from_bytes(content[at : at + 2], "little")
