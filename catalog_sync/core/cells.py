"""Texts as cells of a spreadsheet: what a program would take for a formula, for nothing or for stray blanks is guarded
by a `'`, and comes back as it was."""

from __future__ import annotations

import re

from catalog_sync.core.entry import NULLS

_FORMULA = "=+@＝＋－＠-"
"""What begins a formula in Excel, LibreOffice or a Chinese or Japanese Excel (full width), as OWASP's page on CSV
injection lists it; tab and CR, which it lists, too, are blanks."""

_FRONT = re.compile(rf"'*[\s{_FORMULA}]")
_BACK = re.compile(r"\s'*\Z")
_GUARDED_FRONT = re.compile(rf"'+[\s{_FORMULA}]")
_GUARDED_BACK = re.compile(r"\s'+\Z")


def guarded(text: str) -> str:
    """The text as a cell that is text everywhere: `'=1+1`, `'null`."""
    front = "'" if _FRONT.match(text) or text.lstrip("'") in NULLS - {""} else ""
    back = "'" if _BACK.search(text) else ""
    return f"{front}{text}{back}"


def unguarded(cell: str) -> str:
    """The text that `guarded` made this cell of; a cell that it would not make stays as it is."""
    if _GUARDED_FRONT.match(cell) or (cell.startswith("'") and cell.lstrip("'") in NULLS - {""}):
        cell = cell[1:]
    return cell[:-1] if _GUARDED_BACK.search(cell) else cell
