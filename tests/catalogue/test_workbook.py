"""Excel workbooks: what cells show, right and wrong, and what no workbook may do; written by openpyxl and by hand."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from catalog_sync.catalogue import workbook

from .conftest import Shop

HEADING = ("key", "name", "cover", "price", "url")
ROW = ("mug", "龙井茶具套装", "covers/a.png", 9.9, "pages/a")
NO_WORKBOOK = "is no Excel workbook (.xlsx) that can be read; one with a password is not, either"


def written(book: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def table(*rows: Sequence[object], then: Callable[[Worksheet], object] = lambda _sheet: None) -> bytes:
    """A workbook of one sheet with these rows."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    for row in rows:
        sheet.append(list(row))
    then(sheet)
    return written(book)


def cached(content: bytes, old: bytes, new: bytes) -> bytes:
    """The workbook with something else in its first sheet, as other programs write it."""
    return edited(content, "xl/worksheets/sheet1.xml", lambda part: part.replace(old, new))


def edited(content: bytes, name: str, edit: Callable[[bytes], bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for each in old.namelist():
            part = old.read(each)
            new.writestr(each, edit(part) if each == name else part)
    return out.getvalue()


def files(content: bytes) -> dict[str, str | bytes]:
    return {"catalog.yaml": "include: [g.xlsx]\n", "g.xlsx": content}


PRICES: dict[str, tuple[object, int | str]] = {
    "a whole number": (99, 9900),
    "one decimal": (99.5, 9950),
    "two decimals": (0.29, 29),
    "what arithmetic leaves behind": (0.1 + 0.2, 30),
    "a large one": (99999999.99, 9999999999),
    "a text": ("99.50", 9950),
    "a guarded text": ("'-1", "must be more than 0 (-1)"),
    "three decimals": (1.005, "at most 2 decimals (1.005)"),
    "hardly over": (1.00001, "at most 2 decimals (1.00001)"),
    "hardly anything": (1e-7, "must be more than 0 (0)"),
    "a truth value": (True, "must be an amount in yuan like 99.50, in plain digits (true)"),
}


@pytest.mark.parametrize(("cell", "expected"), PRICES.values(), ids=PRICES.keys())
def test_a_price(shop: Shop, cell: object, expected: int | str) -> None:
    content = files(table(HEADING, (*ROW[:3], cell, *ROW[4:])))
    if isinstance(expected, int):
        assert shop.items(content)["mug"].values[5] == expected
    else:
        assert shop.lines(content) == [f"g.xlsx:2:4: goods.mug.price: {expected}"]


def test_every_field_and_kind_of_cell(shop: Shop) -> None:
    heading = (
        "商品编号", "商品名称", "商品封面", "价格类型", "价格", "价格2", "商品路径", "小程序appid", "优先级",
        "截止时间", "保护", "锁定后修改", None,
    )  # fmt: skip
    row = (42, 123456, "keep", 2, 5, 9.5, " pages/a ", None, -3.0, datetime(2026, 12, 1, 8), True, "block")  # noqa: DTZ001 - as Excel has them

    def zeros(sheet: Worksheet) -> None:
        sheet["A4"].number_format = "00000"

    item = shop.items(files(table(heading, (), (None, "  "), row, (), then=zeros)))["00042"]
    assert item.values == ("123456", "keep", "pages/a", "", 2, 500, 950)
    assert (item.priority, item.protect, item.locked_change) == (-3, True, "block")
    assert item.needed_by == datetime(2026, 12, 1, tzinfo=UTC).timestamp()
    assert (item.place.file, item.place.line, item.place.column) == ("g.xlsx", 4, 1)


def test_a_date_without_a_time_is_its_first_moment_in_china(shop: Shop) -> None:
    content = table((*HEADING, "needed_by"), (*ROW, date(2026, 12, 1)))
    wanted = datetime(2026, 11, 30, 16, tzinfo=UTC).timestamp()
    assert shop.items(files(content))["mug"].needed_by == wanted


def test_a_formula_is_what_it_shows(shop: Shop) -> None:
    content = table(HEADING, (*ROW[:3], "=4.95*2", *ROW[4:]))
    assert shop.lines(files(content)) == [
        "g.xlsx:2:4: a formula that no value is stored for; open the file in Excel and save it (=4.95*2)"
    ]
    stored = cached(content, b"<f>4.95*2</f><v></v>", b"<f>4.95*2</f><v>9.9000000000000004</v>")
    stored = cached(stored, b"<f>4.95*2</f><v />", b"<f>4.95*2</f><v>9.9000000000000004</v>")
    assert shop.items(files(stored))["mug"].values[5] == 990


def test_all_sheets_are_read_but_hidden_and_empty_ones(shop: Shop) -> None:
    book = openpyxl.Workbook()
    first = book.active
    assert isinstance(first, Worksheet)
    first.title = "春季"
    first.append(HEADING)
    first.append(ROW)
    second = book.create_sheet("秋 季")
    second.append(["编号", "名称", "价格", "链接", "封面"])
    second.append(["pot", "白瓷茶壶一只", 0, "pages/b", "keep"])
    book.create_sheet("空")
    hidden = book.create_sheet("备注")
    hidden.append(["谁改的?"])
    hidden.sheet_state = "hidden"
    assert shop.lines(files(written(book))) == ["g.xlsx[秋 季]:2:3: goods.pot.price: must be more than 0 (0)"]
    second["C2"] = 5
    assert list(shop.items(files(written(book)))) == ["mug", "pot"]
    hidden.sheet_state = "visible"
    assert shop.lines(files(written(book))) == [
        "g.xlsx:1:1: the heading needs the column key, or out_product_id and out_sku_id (谁改的?), in sheet 备注"
    ]


def test_a_wrong_size_in_the_file_cuts_nothing_off(shop: Shop) -> None:
    content = cached(table(HEADING, ROW), b'<dimension ref="A1:E2" />', b'<dimension ref="A1:A1" />')
    assert list(shop.items(files(content))) == ["mug"]


def _bomb(content: bytes) -> bytes:
    out = io.BytesIO(content)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/media/x.bin", "w") as part:
        for _ in range(257):
            part.write(bytes(1024 * 1024))
    return out.getvalue()


def _with_entities(encoding: str) -> Callable[[bytes], bytes]:
    def edit(part: bytes) -> bytes:
        text = part.decode().partition("?>")[2] or part.decode()
        head = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]>'
        return (head + text).encode(encoding)

    return edit


FINE = table(HEADING, ROW)
SHEET = "xl/worksheets/sheet1.xml"

WRONG: dict[str, tuple[bytes, str]] = {
    "no zip file": (b"x", f"1:1: {NO_WORKBOOK}"),
    "half of one": (FINE[: len(FINE) // 2], f"1:1: {NO_WORKBOOK}"),
    "a zip file of something else": (edited(FINE, "[Content_Types].xml", lambda _part: b"<x/>"), f"1:1: {NO_WORKBOOK}"),
    "a part that is no XML": (edited(FINE, SHEET, lambda part: part[:-30]), f"1:1: {NO_WORKBOOK}"),
    "entities": (
        edited(FINE, SHEET, _with_entities("utf-8")), "1:1: declares a document type, which no workbook needs"
    ),
    "entities in UTF-16": (
        edited(FINE, "xl/workbook.xml", _with_entities("utf-16")),
        "1:1: declares a document type, which no workbook needs",
    ),
    "no rows": (table(), "1:1: the file has no heading"),
    "no key": (
        table((), ("name", "price")),
        "2:1: the heading needs the column key, or out_product_id and out_sku_id (name,price)",
    ),
    "an unknown column": (table((*HEADING, "prise"), ROW), "1:6: unknown column; did you mean price? (prise)"),
    "more cells than columns": (table(HEADING, (*ROW, "x")), "2:6: more cells than the heading has (x)"),
    "very many columns": (table(HEADING, (*ROW, *[None] * 300, "x")), "2:257: more than 256 columns"),
    "an error": (table(HEADING, (*ROW[:3], "#N/A", ROW[4])), "2:4: the cell shows an error (#N/A)"),
    "a missing field": (table(HEADING, ROW[:4]), "2:1: goods.mug.url: is required (missing)"),
}  # fmt: skip


@pytest.mark.parametrize(("content", "line"), WRONG.values(), ids=WRONG.keys())
def test_a_wrong_workbook(shop: Shop, content: bytes, line: str) -> None:
    assert shop.lines(files(content)) == [f"g.xlsx:{line}"]


def test_what_unpacks_to_too_much_is_not_unpacked(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = _bomb(FINE)
    assert len(bomb) < 1024 * 1024
    (line,) = shop.lines(files(bomb))
    assert line.startswith("g.xlsx:1:1: unpacks to more than 256 MB or 2000 parts (")
    monkeypatch.setattr(workbook, "MAX_MEMBERS", 3)
    (line,) = shop.lines(files(FINE))
    assert line.startswith("g.xlsx:1:1: unpacks to more than 256 MB or 3 parts (")


def test_a_row_far_down_costs_no_memory(shop: Shop) -> None:
    far = cached(FINE, b'<row r="2">', b'<row r="999999999999">')
    assert shop.lines(files(far)) == [
        "catalog.yaml:1:1: the catalogue lists no items; an empty one is taken for a mistake"
    ]


def test_without_the_extra(shop: Shop) -> None:
    shop.write(files(FINE))
    program = (
        "import sys; sys.modules['openpyxl'] = None\n"
        "from catalog_sync.catalogue.loader import read\n"
        "from catalog_sync.providers.live_goods.section import GoodsSection\n"
        "print(read('catalog.yaml', [GoodsSection()]).diagnostics[0].summary)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == ("Excel files need an extra: pip install 'catalog-sync[excel]'; or save it as CSV (UTF-8)\n")
