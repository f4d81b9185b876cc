"""Items as rows: CSV and JSON Lines, in UTF-8 (with or without byte order mark) or GB18030, and Excel workbooks.

The columns of a row tell which section it belongs to. An empty cell is an absent field. Headings are the fields' names
or what the section takes for them in Chinese; case and full-width letters count. A `'` that `core.cells` put before or
behind a text is taken off again.
"""

from __future__ import annotations

import csv
from codecs import BOM_UTF8, getincrementaldecoder
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache, partial
from typing import BinaryIO, NamedTuple

from catalog_sync.catalogue.json_rows import parse_row
from catalog_sync.catalogue.syntax import BadFile, decoded, refuse_utf_16
from catalog_sync.core.cells import unguarded
from catalog_sync.core.entry import (
    NULLS,
    Code,
    Entry,
    Findings,
    MapNode,
    Node,
    Scalar,
    Section,
    Source,
    Spot,
    did_you_mean,
    found,
    shown,
)


class Row(NamedTuple):
    """An entry and the name of the section that it belongs to."""

    section: str
    entry: Entry


class RowFile(NamedTuple):
    """One file of rows."""

    stream: BinaryIO
    source: Source
    sections: Sequence[Section]
    findings: Findings


def csv_rows(file: RowFile) -> Iterator[Row]:
    """The rows of a CSV file; raises `BadFile` where it cannot be read any further."""
    lines = _Lines(_text_lines(file.stream))
    records = csv.reader(lines, strict=True)
    try:
        yield from _csv_rows(file, lines, records)
    except csv.Error:
        line = lines.first
        summary = "a cell's quotes are not closed or not doubled, or it is too long"
        raise BadFile(Code.SYNTAX, line, 1, f"{summary} ({shown(lines.raw().rstrip())})") from None


def _csv_rows(file: RowFile, lines: _Lines, records: Iterator[list[str]]) -> Iterator[Row]:
    header = _Header(file, list(lines.cells(next(records, []))), "; columns are separated by commas")
    lines.take()
    for record in records:
        if any(record):
            yield Row(header.section.name, header.entry(list(lines.cells(record)), lines.first))
        lines.take()


def excel_rows(file: RowFile) -> Iterator[Row]:
    """The rows of an Excel workbook; each sheet that is not hidden has a heading of its own."""
    from catalog_sync.catalogue.workbook import of_sheet, sheet_rows  # noqa: PLC0415 - few catalogues have one

    header: _Header | None = None
    sheet: str | None = None
    for name, number, cells in sheet_rows(file.stream):
        if header is None or name != sheet:
            sheet, source = name, file.source
            named = replace(source, file=f"{source.file}[{name}]") if name else source
            with of_sheet(name):
                header = _Header(file._replace(source=named), cells)
        else:
            yield Row(header.section.name, header.entry(cells, number))
    if header is None:
        raise BadFile(Code.FILE_EMPTY, 1, 1, "the file has no heading")


class _Lines:
    """The lines of a CSV file, remembering those of the record that is being read."""

    def __init__(self, lines: Iterator[str]) -> None:
        self.first = 1
        self._lines = lines
        self._pending: list[str] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self._pending.append(line)
        return line

    def raw(self) -> str:
        """The record as it stands in the file."""
        return "".join(self._pending)

    def take(self) -> None:
        """Go on to the next record."""
        self.first += len(self._pending)
        self._pending.clear()

    def cells(self, record: list[str]) -> Iterator[Scalar]:
        """The cells of the record, each with its place."""
        raw = self.raw()
        if '"' in raw:
            return map(_cell, record, _quoted_places(raw, self.first))
        return _bare_cells(record, self.first)


def _cell(text: str, place: tuple[int, int]) -> Scalar:
    stripped = text.strip()
    if "'" not in stripped:
        return Scalar(stripped, place[0], place[1], plain=True)
    told = unguarded(stripped)
    return Scalar(told, place[0], place[1], plain=told == stripped or told not in NULLS)


def _bare_cells(record: list[str], line: int) -> Iterator[Scalar]:
    column = 1
    for text in record:
        yield _cell(text, (line, column))
        column += len(text) + 1


def _quoted_places(raw: str, line: int) -> Iterator[tuple[int, int]]:
    """Line and column of each cell of a record that has quotes: a comma or line end inside them ends no cell."""
    yield line, 1
    column, inside = 0, False
    for character in raw:
        column += 1
        if character == '"':
            inside = not inside
        elif character == "," and not inside:
            yield line, column + 1
        elif character == "\n":
            line, column = line + 1, 0


class _Header:
    """The first row of a table: what each column holds, and whose rows these are."""

    def __init__(self, file: RowFile, cells: list[Scalar], hint: str = "") -> None:
        self._file = file
        self._hint = hint
        if not any(cell.text for cell in cells):
            raise BadFile(Code.FILE_EMPTY, 1, 1, "the file has no heading")
        self.section = self._whose(cells)
        self._fields = self._once([self._field(cell) for cell in cells])

    def entry(self, cells: list[Scalar], line: int) -> Entry:
        """The entry of one record. Fewer cells than the header has are empty ones, as spreadsheets write them."""
        if extra := next((cell for cell in cells[len(self._fields) :] if cell.text), None):
            self._note(Code.ROW, extra, f"more cells than the heading has ({shown(extra.text)})")
        key = Scalar("", line, 1, plain=True)
        pairs: list[tuple[Scalar, Node]] = []
        for field, cell in zip(self._fields, cells, strict=False):
            if field is None or not cell.text:
                continue
            if field.text == self.section.row_key:
                key = cell
            else:
                pairs.append((field, cell))
        return Entry(self._file.source, key, MapNode(pairs, line, 1), row=True)

    def _whose(self, cells: list[Scalar]) -> Section:
        if section := _owner(self._file.sections, [cell.text for cell in cells]):
            return section
        summary = f"{_needed(self._file.sections)}{self._hint} ({_heading(cells)})"
        raise BadFile(Code.ROW, cells[0].line, 1, summary)

    def _field(self, cell: Scalar) -> Scalar | None:
        """The column's field, at the heading; None for a column without one (an error where it has a name)."""
        field = self.section.columns.get(cell.text)
        if field is not None:
            return cell._replace(text=field)
        if cell.text:
            hint = did_you_mean(cell.text, self.section.columns)
            self._note(Code.UNKNOWN_FIELD, cell, f"unknown column{hint} ({shown(cell.text)})")
        return None

    def _once(self, fields: list[Scalar | None]) -> list[Scalar | None]:
        """The columns without those that repeat a field (noted)."""
        first: dict[str, Scalar] = {}
        for field in filter(None, fields):
            if first.setdefault(field.text, field) is not field:
                place = self._file.source.place(first[field.text])
                summary = f"a second column for it; first at {place.file}:{place.line}:{place.column}"
                self._note(Code.DUPLICATE_KEY, field, f"{summary} ({shown(field.text)})")
        return [field if field and first[field.text] is field else None for field in fields]

    def _note(self, code: Code, cell: Scalar, summary: str) -> None:
        self._file.findings.error(code, self._file.source.place(cell), summary)


def _owner(sections: Sequence[Section], names: Sequence[str]) -> Section | None:
    """Whose row has these columns; of several, who needs the most of them."""
    fitting = [each for each in sections if each.row_columns <= {each.columns.get(name) for name in names}]
    return max(fitting, key=lambda each: len(each.row_columns), default=None)


def _needed(sections: Sequence[Section]) -> str:
    """What a heading must have to be anybody's."""
    columns = [" and ".join(sorted(section.row_columns)) for section in sections]
    return f"the heading needs the column {', or '.join(columns)}"


def _heading(cells: list[Scalar]) -> str:
    return shown(",".join(cell.text for cell in cells))


def json_lines_rows(file: RowFile) -> Iterator[Row]:
    """The rows of a JSON Lines file, one object a line; raises `BadFile` at the first line that is none."""
    layout_of = lru_cache(64)(partial(_layout, file.sections))
    empty = True
    for number, text in enumerate(_text_lines(file.stream), 1):
        if text.isspace():
            continue
        empty = False
        node = parse_row(text, number)
        names = tuple([key.text for key, _value in node.pairs])
        layout = layout_of(names)
        if layout is None:
            file.findings.error(Code.ROW, file.source.place(node), _nobodys(file, names))
        else:
            yield Row(layout.section.name, _json_entry(file, layout, node))
    if empty:
        raise BadFile(Code.FILE_EMPTY, 1, 1, "the file has no rows")


class _Layout(NamedTuple):
    """What rows of the same names in the same order have in common, and most rows of a file do: whose they are, the
    field that each name stands for, and which of them is the key (None: there is none)."""

    section: Section
    fields: tuple[str, ...]
    key_at: int | None


def _layout(sections: Sequence[Section], names: Sequence[str]) -> _Layout | None:
    """The layout of rows with these names; None when they are nobody's."""
    section = _owner(sections, names)
    if section is None:
        return None
    fields = tuple(section.columns.get(name, name) for name in names)
    return _Layout(section, fields, fields.index(section.row_key) if section.row_key in fields else None)


def _nobodys(file: RowFile, names: Sequence[str]) -> str:
    columns = [" and ".join(sorted(section.row_columns)) for section in file.sections]
    return f"the row needs {', or '.join(columns)} ({shown(', '.join(names)) or 'no fields'})"


def _json_entry(file: RowFile, layout: _Layout, node: MapNode) -> Entry:
    pairs = [
        pair if pair[0].text == field else (pair[0]._replace(text=field), pair[1])
        for pair, field in zip(node.pairs, layout.fields, strict=True)
    ]
    key = _no_key(node) if layout.key_at is None else _row_key(file, pairs.pop(layout.key_at)[1])
    return Entry(file.source, key, MapNode(pairs, node.line, node.column), row=True)


def _row_key(file: RowFile, value: Node) -> Scalar:
    if not isinstance(value, Scalar):
        file.findings.error(Code.WRONG_TYPE, file.source.place(value), f"a key must be a text ({found(value)})")
        return _no_key(value)
    return _no_key(value) if value.empty else value


def _no_key(spot: Spot) -> Scalar:
    return Scalar("", spot.line, spot.column, plain=True)


LONGEST_LINE = 1024 * 1024
"""Bytes of a line of rows: a file without line ends is not taken into memory as one."""


def _text_lines(stream: BinaryIO) -> Iterator[str]:
    """The lines in the encoding that the whole file is in; it is never in memory as a whole."""
    refuse_utf_16(stream)
    encoding = _encoding(stream)
    if stream.read(len(BOM_UTF8)) != BOM_UTF8:
        stream.seek(0)
    number = 1
    while line := stream.readline(LONGEST_LINE):
        if len(line) == LONGEST_LINE:
            raise BadFile(Code.FILE_TOO_LARGE, number, 1, f"a line is longer than {LONGEST_LINE // 1024 // 1024} MB")
        yield line.decode(encoding)
        number += 1


def _encoding(stream: BinaryIO) -> str:
    """UTF-8 where the whole file is that, else GB18030, which has no sign of its own."""
    for encoding in ("utf-8", "gb18030"):
        if _is_all(stream, encoding):
            return encoding
    try:
        decoded(stream.read())
    except BadFile as problem:
        summary = problem.summary.replace("not UTF-8;", "neither UTF-8 nor GB18030;")
        raise BadFile(Code.ENCODING, problem.line, problem.column, summary) from None
    return "utf-8"  # it was changed while it was read


def _is_all(stream: BinaryIO, encoding: str) -> bool:
    """Whether the file can be decoded to its end. Leaves it at its start."""
    decoder = getincrementaldecoder(encoding)()
    try:
        while piece := stream.read(_PIECE):
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    finally:
        stream.seek(0)
    return True


_PIECE = 1024 * 1024

ROW_FORMATS: Mapping[str, Callable[[RowFile], Iterator[Row]]] = {
    ".csv": csv_rows,
    ".jsonl": json_lines_rows,
    ".ndjson": json_lines_rows,
    ".xlsx": excel_rows,
}
"""The readers by a file name's ending."""
