"""Cells: what is guarded, what is not, and that every text comes back."""

from __future__ import annotations

from itertools import product

import pytest

from catalog_sync.core.cells import guarded, unguarded

CELLS = {
    "龙井": "龙井",
    "99.50": "99.50",
    "a=b": "a=b",
    "": "",
    "'龙井'": "'龙井'",
    "=1+1": "'=1+1",
    "+86": "'+86",
    "-3": "'-3",
    "@a": "'@a",
    "＝a": "'＝a",
    "\t=a": "'\t=a",
    "\ra": "'\ra",
    " =a": "' =a",
    "'=a": "''=a",
    "a ": "a '",
    "null": "'null",
    "~": "'~",
    "nullable": "nullable",
}


@pytest.mark.parametrize(("text", "cell"), CELLS.items(), ids=map(repr, CELLS))
def test_a_cell(text: str, cell: str) -> None:
    assert guarded(text) == cell
    assert unguarded(cell) == text


def test_every_text_comes_back_from_a_stripped_cell() -> None:
    for length in range(1, 6):
        for characters in product("'= a-~", repeat=length):
            text = "".join(characters)
            cell = guarded(text)
            assert not cell.startswith(("=", "-", " "))
            assert unguarded(cell.strip()) == text
