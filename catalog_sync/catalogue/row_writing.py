"""Rows written: CSV that spreadsheets open right, and JSON Lines; the way back of `rows`."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from catalog_sync.core.cells import guarded
from catalog_sync.core.writing import Told

BOM = "\ufeff"
"""Without it Excel takes UTF-8 for the machine's own encoding."""


def csv_text(columns: Sequence[str], rows: Iterable[Mapping[str, Told]]) -> str:
    """Rows as CSV, by column; absent fields are empty cells. No cell is a formula (see `core.cells`)."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([_cell(row.get(column)) for column in columns] for row in rows)
    return BOM + out.getvalue()


def _cell(value: Told | None) -> str:
    return "" if value is None else guarded(_text(value))


def _text(value: Told) -> str:
    if isinstance(value, Mapping):
        return "; ".join(f"{name}={text}" for name, text in value.items())
    return str(value).lower() if isinstance(value, bool) else str(value)


def json_lines_text(rows: Iterable[Mapping[str, Told]]) -> str:
    """Rows as one JSON object a line. An amount keeps its digits: it is never a float."""
    return "".join("{" + ", ".join(map(_member, row, row.values())) + "}\n" for row in rows)


def _member(name: str, value: Told) -> str:
    told = str(value) if isinstance(value, Decimal) else json.dumps(value, ensure_ascii=False)
    return f"{json.dumps(name, ensure_ascii=False)}: {told}"
