"""Text on a terminal: widths as a terminal shows them, and foreign text made harmless."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def safe(text: str) -> str:
    """Foreign text for a terminal: control and direction characters are shown as escapes, never obeyed."""
    if text.isprintable():  # nearly every text: a look at each character of it takes a hundred times as long
        return text
    return "".join(_escape(character) if _is_unsafe(character) else character for character in text)


def _is_unsafe(character: str) -> bool:
    return character in _BIDI or unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp")


def _escape(character: str) -> str:
    return f"\\x{ord(character):02x}" if ord(character) < 256 else f"\\u{ord(character):04x}"


def width(text: str) -> int:
    """Columns that a text takes; Chinese characters take two."""
    if text.isascii() and text.isprintable():
        return len(text)
    from wcwidth import wcswidth  # noqa: PLC0415 - its tables take long to read, and messages need none of them

    return max(0, wcswidth(text))


def pad(text: str, columns: int) -> str:
    """The text with blanks up to so many columns."""
    return text + " " * max(0, columns - width(text))


def cut(text: str, columns: int) -> str:
    """The text in at most so many columns, with an ellipsis where something was cut."""
    if width(text) <= columns:
        return text
    kept = ""
    for character in text:
        if width(kept + character) > columns - 1:
            break
        kept += character
    return kept + "…"


def table(rows: Sequence[tuple[str, ...]], *, indent: str = "", limits: tuple[int, ...] = ()) -> list[str]:
    """Rows as lines with aligned columns; the last column is not padded. `limits` cuts columns."""
    if not rows:
        return []
    cells = [
        tuple(cut(cell, limits[at]) if at < len(limits) and limits[at] else cell for at, cell in enumerate(row))
        for row in rows
    ]
    widths = [max(width(row[at]) for row in cells) for at in range(len(cells[0]))]
    return [indent + "  ".join(map(pad, row, widths)).rstrip() for row in cells]
