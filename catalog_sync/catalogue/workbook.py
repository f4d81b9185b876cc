"""Excel workbooks as rows of texts: what each cell shows, read with openpyxl (the extra `excel`).

The file comes from outside: how much it unpacks to is looked at before anything is unpacked (a member never gives more
than it declares), no part may declare a document type, and nothing that it links to is opened.
"""

from __future__ import annotations

import re
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from itertools import islice
from typing import IO, TYPE_CHECKING, BinaryIO, NamedTuple, Protocol, TypeAlias, cast
from xml.parsers import expat

from catalog_sync.catalogue.syntax import BadFile
from catalog_sync.core.cells import unguarded
from catalog_sync.core.entry import NULLS, Code, Scalar, shown

if TYPE_CHECKING:
    from openpyxl import Workbook

MAX_MEMBERS = 2000
MAX_UNPACKED = 256 * 1024 * 1024
"""All parts of a workbook together: some 500,000 goods."""

MAX_ROWS = 2**20
"""As many as Excel has."""

MAX_COLUMNS = 256
"""The widest table that we know has a tenth of that."""

_AT_ONCE = 1000

_CHINA = timezone(timedelta(hours=8))
"""A date of a cell has no timezone: it is taken for the platform's."""

_NOISE = Decimal("0.000001")
"""In yuan: what a program that computes in binary may leave behind 2 decimals (0.1 + 0.2)."""

_BROKEN = (
    # What zipfile, the XML parser and openpyxl raise for files that are no workbooks, or damaged ones.
    OSError, ValueError, KeyError, TypeError, IndexError, AttributeError, EOFError, RuntimeError, NotImplementedError,
    SyntaxError, AssertionError, zipfile.BadZipFile, zlib.error,
)  # fmt: skip

_FORMULA = re.compile(rb"<(?:\w{1,32}:)?f[\s/>]")

_NO_WORKBOOK = "is no Excel workbook (.xlsx) that can be read; one with a password is not, either"


class _Cell(Protocol):
    """A cell as openpyxl reads it."""

    value: object
    data_type: str
    number_format: object


_Cells: TypeAlias = tuple[_Cell, ...]


class _Sheet(Protocol):
    """A sheet as openpyxl reads it; its type stubs know only the ones that it writes."""

    title: str
    sheet_state: str

    def reset_dimensions(self) -> None: ...

    def iter_rows(self, *, max_row: int) -> Iterator[_Cells]: ...


class SheetRow(NamedTuple):
    """One row that has any text. `sheet` is empty in a workbook of one sheet; `number` counts from 1."""

    sheet: str
    number: int
    cells: list[Scalar]


def sheet_rows(stream: BinaryIO) -> Iterator[SheetRow]:
    """The rows of all sheets that are not hidden, one sheet after the other. Raises `BadFile`."""
    try:
        import openpyxl  # noqa: PLC0415 - an extra, and slow to import
    except ImportError:
        summary = "Excel files need an extra: pip install 'catalog-sync[excel]'; or save it as CSV (UTF-8)"
        raise BadFile(Code.UNSUPPORTED, 1, 1, summary) from None
    with _no_workbook():
        has_formulas = _check(stream)
        # With formulas twice: what the cells show, and what they say; only so an empty cell is told from a formula
        # whose value no program has worked out.
        books = [
            openpyxl.load_workbook(stream, read_only=True, data_only=shown_only, keep_links=False)
            for shown_only in ((True, False) if has_formulas else (True,))
        ]
    sheets = [[each for each in _sheets(book) if each.sheet_state == "visible"] for book in books]
    for same in zip(*sheets, strict=True):
        name = same[0].title if len(sheets[0]) > 1 else ""
        with of_sheet(name):
            for number, pair in _numbered(same[0], same[-1]):
                cells = [_cell(each, real, number, at) for at, (each, real) in enumerate(zip(*pair, strict=True), 1)]
                if any(cell.text for cell in cells):
                    yield SheetRow(name, number, cells)


@contextmanager
def of_sheet(name: str) -> Iterator[None]:
    """What cannot be read says in which sheet of several."""
    try:
        yield
    except BadFile as problem:
        summary = f"{problem.summary}, in sheet {shown(name)}" if name else problem.summary
        raise BadFile(problem.code, problem.line, problem.column, summary) from None


def _sheets(book: Workbook) -> list[_Sheet]:
    return cast("list[_Sheet]", book.worksheets)


@contextmanager
def _no_workbook() -> Iterator[None]:
    """The libraries' errors are one to the user; their texts, and their warnings, are about internals."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except _BROKEN as problem:
        raise BadFile(Code.SYNTAX, 1, 1, _NO_WORKBOOK) from problem


def _numbered(values: _Sheet, formulas: _Sheet) -> Iterator[tuple[int, tuple[_Cells, _Cells]]]:
    """The rows that have anything, as they show it and as they say it, with their numbers."""
    if formulas is values:
        pairs = enumerate(((row, row) for row in _all_rows(values)), 1)
    else:
        pairs = enumerate(zip(_all_rows(values), _all_rows(formulas), strict=True), 1)
    while True:
        with _no_workbook():
            batch = list(islice(pairs, _AT_ONCE))
        if not batch:
            return
        for number, pair in batch:
            if any(cell.value is not None for cells in pair for cell in cells):
                if len(pair[0]) > MAX_COLUMNS:
                    raise BadFile(Code.ROW, number, MAX_COLUMNS + 1, f"more than {MAX_COLUMNS} columns")
                yield number, pair


def _all_rows(sheet: _Sheet) -> Iterator[_Cells]:
    sheet.reset_dimensions()  # what the file declares may be wrong, and would cut rows off
    return sheet.iter_rows(max_row=MAX_ROWS)


def _cell(shows: _Cell, says: _Cell, row: int, column: int) -> Scalar:
    value = shows.value
    if value is None and says.data_type == "f":
        summary = "a formula that no value is stored for; open the file in Excel and save it"
        raise BadFile(Code.ROW, row, column, f"{summary} ({shown(str(says.value))})")
    if shows.data_type == "e":
        raise BadFile(Code.ROW, row, column, f"the cell shows an error ({shown(str(value))})")
    text = "" if value is None else _text(value, str(shows.number_format)).strip()
    told = unguarded(text)
    return Scalar(told, row, column, plain=told == text or told not in NULLS)


def _text(value: object, number_format: str) -> str:
    """What the cell shows."""
    match value:
        case bool():
            return str(value).lower()
        case int() if number_format.strip("0") == "":
            return str(value).zfill(len(number_format))  # 00042
        case float():
            return _number(value)
        case datetime():
            whole = (value + timedelta(seconds=0.5)).replace(microsecond=0)  # cells count days in binary
            return whole.replace(tzinfo=whole.tzinfo or _CHINA).isoformat()
        case date():
            return f"{value.isoformat()}T00:00:00+08:00"
        case _:
            return str(value)


def _number(value: float) -> str:
    """Exactly what stands there, but for what binary arithmetic left behind 2 decimals."""
    exact = Decimal(repr(value))
    if not exact.is_finite():
        return str(value)
    rounded = exact.quantize(Decimal("0.01")) if abs(exact) < 10**15 else exact
    return _plain(rounded if abs(exact - rounded) < _NOISE else exact)


def _plain(number: Decimal) -> str:
    """Digits without an exponent, and without decimals that say nothing."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _check(stream: BinaryIO) -> bool:
    """Refuse what unpacks to too much, and what declares a document type (entities are how XML explodes). Returns
    whether a sheet has formulas."""
    with zipfile.ZipFile(stream) as archive:
        members = archive.infolist()
        unpacked = sum(each.file_size for each in members)
        if len(members) > MAX_MEMBERS or unpacked > MAX_UNPACKED:
            limit = MAX_UNPACKED // 1024 // 1024
            summary = f"unpacks to more than {limit} MB or {MAX_MEMBERS} parts"
            raise BadFile(Code.FILE_TOO_LARGE, 1, 1, f"{summary} ({unpacked} bytes, {len(members)} parts)")
        for each in members:
            if each.filename.lower().endswith((".xml", ".rels", ".vml")):
                with archive.open(each) as part:
                    _refuse_document_type(part)
        sheets = [each for each in members if each.filename.startswith("xl/worksheets/")]
        has_formulas = any(_has_formulas(archive, each) for each in sheets)
    stream.seek(0)
    return has_formulas


def _has_formulas(archive: zipfile.ZipFile, sheet: zipfile.ZipInfo) -> bool:
    """Looked for in the bytes: to parse a sheet takes many times as long."""
    before = b""
    with archive.open(sheet) as part:
        while piece := part.read(1024 * 1024):
            if _FORMULA.search(before + piece):
                return True
            before = piece[-64:]
    return False


class _Begun(Exception):
    """The head of a part is over."""


def _refuse_document_type(part: IO[bytes]) -> None:
    """By a parser, not by looking for the letters: they depend on the encoding."""
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse
    parser.StartElementHandler = _begun
    try:
        while piece := part.read(65536):
            parser.Parse(piece)
    except _Begun:
        return
    except expat.ExpatError:
        raise BadFile(Code.SYNTAX, 1, 1, _NO_WORKBOOK) from None


def _begun(*_told: object) -> None:
    raise _Begun


def _refuse(*_told: object) -> None:
    raise BadFile(Code.SYNTAX, 1, 1, "declares a document type, which no workbook needs")
