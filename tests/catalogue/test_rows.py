"""Rows: CSV and JSON Lines, right and wrong, each wrong one with the exact lines that it gets."""

from __future__ import annotations

import pytest

from .conftest import Shop

HEADING = "key,name,cover,price,url\n"
ROW = "mug,龙井茶具套装,covers/a.png,9.90,pages/a\n"
CHINESE = "商品编号,商品名称,封面,价格,路径\n"
JSON_ROW = '{"key":"mug","name":"龙井茶具套装","cover":"covers/a.png","price":9.90,"url":"pages/a"}\n'
COLUMNS = "key, or out_product_id and out_sku_id; columns are separated by commas"
QUOTES = "a cell's quotes are not closed or not doubled, or it is too long"
CHINESE_JSON = '{"商品编号":"mug","商品名称":"龙井茶具套装","封面":"covers/a.png","价格":"9.9","路径":"pages/a"}\n'

WRONG_CSV: dict[str, tuple[str | bytes, list[str]]] = {
    "an empty file": ("", ["g.csv:1:1: the file has no heading"]),
    "only line ends": ("\n\n", ["g.csv:1:1: the file has no heading"]),
    "no key": (
        "name,price\na,5\n",
        [f"g.csv:1:1: the heading needs the column {COLUMNS} (name,price)"],
    ),
    "semicolons": (
        (HEADING + ROW).replace(",", ";"),
        [f"g.csv:1:1: the heading needs the column {COLUMNS} (key;name;cover;price;url)"],
    ),
    "an unknown column": (
        "key,name,cover,price,url,prise,\n" + ROW.replace("\n", ",5,\n"),
        ["g.csv:1:26: unknown column; did you mean price? (prise)"],
    ),
    "a column twice": (
        "key,name,cover,price,url,价格\n" + ROW.replace("\n", ",5\n"),
        ["g.csv:1:26: a second column for it; first at g.csv:1:16 (price)"],
    ),
    "more cells than columns": (
        HEADING + ROW.replace("\n", ",extra\n"),
        ["g.csv:2:38: more cells than the heading has (extra)"],
    ),
    "fewer cells than columns": (
        HEADING + "mug,龙井茶具套装,covers/a.png\n",
        ["g.csv:2:1: goods.mug.price: is required (missing)", "g.csv:2:1: goods.mug.url: is required (missing)"],
    ),
    "empty cells": (
        HEADING + "mug,,covers/a.png, ,pages/a\n",
        ["g.csv:2:1: goods.mug.name: is required (missing)", "g.csv:2:1: goods.mug.price: is required (missing)"],
    ),
    "no key in a row": (
        HEADING + ",龙井茶具套装,covers/a.png,5,pages/a\n",
        ["g.csv:2:1: goods: an item needs a key (empty)"],
    ),
    "no key in two rows": (
        HEADING + ",龙井茶具套装,keep,5,pages/a\n,龙井茶具套装,keep,5,pages/a\n",
        ["g.csv:2:1: goods: an item needs a key (empty)", "g.csv:3:1: goods: an item needs a key (empty)"],
    ),
    "a key twice": (HEADING + ROW + ROW, ["g.csv:3:1: goods.mug: stands twice; first at g.csv:2:1 (mug)"]),
    "a wrong price": (
        HEADING + ROW.replace("9.90", "1e3"),
        ["g.csv:2:25: goods.mug.price: must be an amount in yuan like 99.50, in plain digits (1e3)"],
    ),
    "a wrong price after CRLF": (
        (HEADING + "\n" + ROW.replace("9.90", "1e3")).replace("\n", "\r\n"),
        ["g.csv:3:25: goods.mug.price: must be an amount in yuan like 99.50, in plain digits (1e3)"],
    ),
    "a wrong price after quotes": (
        HEADING + '"mug","龙井""茶,具""套装",covers/a.png,"x","pages/a"\n',
        ["g.csv:2:34: goods.mug.price: must be an amount in yuan like 99.50, in plain digits (x)"],
    ),
    "a line end in a cell": (
        HEADING + 'mug,"龙井,\n茶具套装",covers/a.png,x,pages/a\n',
        [
            "g.csv:2:5: goods.mug.name: must not hold control characters (龙井,\\n茶具套装)",
            "g.csv:3:20: goods.mug.price: must be an amount in yuan like 99.50, in plain digits (x)",
        ],
    ),
    "quotes that are not closed": (
        HEADING + 'mug,"龙井茶具套装,covers/a.png,x,pages/a\n',
        [f'g.csv:2:1: {QUOTES} (mug,"龙井茶具套装,covers/a.png,x,pages/a)'],
    ),
    "quotes in the middle": (
        HEADING + 'mug,"龙井"茶具套装,covers/a.png,x,pages/a\n',
        [f'g.csv:2:1: {QUOTES} (mug,"龙井"茶具套装,covers/a.png,x,pages/a)'],
    ),
    "a very long cell": (
        HEADING + "mug," + "x" * 200_000 + ",covers/a.png,5,pages/a\n",
        [f"g.csv:2:1: {QUOTES} (mug,{'x' * 75}…)"],
    ),
    "a NUL": (
        HEADING + ROW.replace("龙井", "龙\0井"),
        ["g.csv:2:5: goods.mug.name: must not hold control characters (龙\\x00井茶具套装)"],
    ),
    "a wrong price in GB18030": (
        (HEADING + ROW.replace("9.90", "-1")).encode("gb18030"),
        ["g.csv:2:25: goods.mug.price: must be more than 0 (-1)"],
    ),
    "neither UTF-8 nor GB18030": (
        (HEADING + ROW).encode() + b"\x81\xff\n",
        ["g.csv:3:1: the file is neither UTF-8 nor GB18030; save it as UTF-8 (byte 0x81)"],
    ),
    "UTF-16": ((HEADING + ROW).encode("utf-16"), ["g.csv:1:1: the file is not UTF-8; save it as UTF-8 (UTF-16)"]),
}

WRONG_JSON_LINES: dict[str, tuple[str | bytes, list[str]]] = {
    "an empty file": ("", ["g.jsonl:1:1: the file has no rows"]),
    "a list": ("[1]\n", ["g.jsonl:1:1: each line must be one JSON object ([1])"]),
    "a word": ("nul\n", ["g.jsonl:1:1: each line must be one JSON object (nul)"]),
    "an object that is not closed": (
        '{"key":"mug"\n',
        ["g.jsonl:1:14: each line must be one JSON object (end of line)"],
    ),
    "a comma too many": ('{"key":"mug",}\n', ["g.jsonl:1:14: each line must be one JSON object (})"]),
    "text after the object": ('{"key":"mug"} x\n', ["g.jsonl:1:15: each line must be one JSON object (x)"]),
    "two objects on a line": (
        '{"key":"a"}{"key":"b"}\n',
        ['g.jsonl:1:12: each line must be one JSON object ({"key":"b"})'],
    ),
    "a bare field": ('{key:"mug"}\n', ['g.jsonl:1:2: each line must be one JSON object (key:"mug"})']),
    "no key": (
        '{"name":"x"}\n{}\n',
        [
            "g.jsonl:1:1: the row needs key, or out_product_id and out_sku_id (name)",
            "g.jsonl:2:1: the row needs key, or out_product_id and out_sku_id (no fields)",
        ],
    ),
    "a SKU without its product": (
        '{"out_sku_id":"S","stock":4}\n',
        ["g.jsonl:1:1: the row needs key, or out_product_id and out_sku_id (out_sku_id, stock)"],
    ),
    "wrong values": (
        '{"key":"mug","name":"龙井茶具套装","cover":"keep","price":1e3,"url":"a","priority": "3", "protect":1}\n',
        [
            "g.jsonl:1:53: goods.mug.price: must be an amount in yuan like 99.50, in plain digits (1e3)",
            "g.jsonl:1:79: goods.mug.priority: must be a whole number of at most 9 digits, without quotes (3)",
            "g.jsonl:1:94: goods.mug.protect: must be true or false (1)",
        ],
    ),
    "an unknown and a repeated field": (
        '{"key":"mug","name":"龙井茶具套装","cover":"keep","price":1,"url":"a","zz":null,"name":"b"}\n',
        [
            "g.jsonl:1:65: goods.mug.zz: unknown field (zz)",
            "g.jsonl:1:75: goods.mug.name: stands twice; first at g.jsonl:1:14 (name)",
        ],
    ),
    "wrong texts": (
        '{"key":"mug","name":"\\ud800","cover":"a\\u0000b","price":NaN,"url":[1]}\n',
        [
            "g.jsonl:1:21: goods.mug.name: must not hold control characters (\\ud800)",
            "g.jsonl:1:38: goods.mug.cover: must not hold control characters (a\\x00b)",
            "g.jsonl:1:57: goods.mug.price: must be an amount in yuan like 99.50, in plain digits (NaN)",
            "g.jsonl:1:67: goods.mug.url: must be a text (a list)",
        ],
    ),
    "no values": (
        '{"key":null,"name":{"a":1},"cover":"keep","price":"9","url":null}\n',
        [
            "g.jsonl:1:8: goods: an item needs a key (empty)",
            "g.jsonl:1:20: goods.name: must be a text (a mapping)",
            "g.jsonl:1:61: goods.url: is required (null)",
        ],
    ),
    "an object as key": (
        '{"key":{"a":1},"name":"龙井茶具套装","cover":"keep","price":1,"url":"a"}\n',
        ["g.jsonl:1:8: a key must be a text (a mapping)", "g.jsonl:1:8: goods: an item needs a key (empty)"],
    ),
    "a tab in a text": (
        ' {"key": "mug", "name": "a\tb"}\n',
        ['g.jsonl:1:27: each line must be one JSON object (\\tb"})'],
    ),
    "very deep": ('{"key":"a","name":' + "[" * 100_000 + "\n", ["g.jsonl:1:1: nested too deeply"]),
    "the second line": (
        "\n" + JSON_ROW + JSON_ROW.replace("9.90", "0").replace("mug", "pot"),
        ["g.jsonl:3:61: goods.pot.price: must be more than 0 (0)"],
    ),
}


@pytest.mark.parametrize(("content", "lines"), WRONG_CSV.values(), ids=WRONG_CSV.keys())
def test_wrong_csv(shop: Shop, content: str | bytes, lines: list[str]) -> None:
    assert shop.lines({"catalog.yaml": "include: [g.csv]\n", "g.csv": content}) == lines


@pytest.mark.parametrize(("content", "lines"), WRONG_JSON_LINES.values(), ids=WRONG_JSON_LINES.keys())
def test_wrong_json_lines(shop: Shop, content: str | bytes, lines: list[str]) -> None:
    assert shop.lines({"catalog.yaml": "include: [g.jsonl]\n", "g.jsonl": content}) == lines


RIGHT = {
    "UTF-8": ("g.csv", (HEADING + ROW).encode()),
    "UTF-8 with a byte order mark": ("g.csv", (HEADING + ROW).encode("utf-8-sig")),
    "GB18030": ("g.csv", (HEADING + ROW).encode("gb18030")),
    "CRLF": ("g.csv", (HEADING + ROW).replace("\n", "\r\n").encode()),
    "no last line end": ("g.csv", (HEADING + ROW).rstrip().encode()),
    "quotes": ("g.csv", (HEADING + '"mug","龙井茶具套装","covers/a.png","9.90","pages/a"\n').encode()),
    "blanks around": ("g.csv", (HEADING.replace(",", " , ") + ROW.replace(",", " , ")).encode()),
    "empty rows and columns": ("g.csv", (HEADING.replace("\n", ",,\n") + ",,,,,,\n\n" + ROW).encode()),
    "empty optional cells": (
        "g.csv",
        (HEADING.replace("\n", ",priceType,price2,needed_by\n") + ROW.replace("\n", ",,,\n")).encode(),
    ),
    "Chinese headings": ("g.csv", (CHINESE + ROW).encode()),
    "Chinese headings in GB18030": ("g.csv", (CHINESE + ROW).encode("gb18030")),
    "an ending in capitals": ("G.CSV", (HEADING + ROW).encode()),
    "JSON Lines": ("g.jsonl", JSON_ROW.encode()),
    "JSON Lines with a byte order mark": ("g.jsonl", JSON_ROW.encode("utf-8-sig")),
    "JSON Lines in GB18030": ("g.jsonl", JSON_ROW.encode("gb18030")),
    "JSON Lines with empty lines": ("g.ndjson", f"\n{JSON_ROW}\r\n \n".encode()),
    "JSON Lines with blanks": ("g.jsonl", JSON_ROW.replace(":", " : ").replace(",", " , ").encode()),
    "JSON Lines with nulls": ("g.jsonl", JSON_ROW.replace("}", ',"price2":null}').encode()),
    "JSON Lines with Chinese fields": ("g.jsonl", CHINESE_JSON.encode()),
    "JSON Lines with escapes": ("g.jsonl", JSON_ROW.replace("龙井", "\\u9f99\\u4e95").encode()),
}


@pytest.mark.parametrize(("name", "content"), RIGHT.values(), ids=RIGHT.keys())
def test_right_rows(shop: Shop, name: str, content: bytes) -> None:
    items = shop.items({"catalog.yaml": f"include: [{name}]\n", name: content})
    assert list(items) == ["mug"]
    values = items["mug"].values
    assert (values[0], values[2], values[5]) == ("龙井茶具套装", "pages/a", 990)


def test_every_field_of_a_row(shop: Shop) -> None:
    heading = "商品编号,商品名称,封面,价格,价格2,价格类型,路径,小程序appid,优先级,截止时间,保护,锁定后修改\n"
    row = "mug,龙井茶具套装,keep,5,9,2,pages/a,wx0123456789abcdef,-3,2026-12-01T00:00:00Z,true,block\n"
    item = shop.items({"catalog.yaml": "include: [g.csv]\n", "g.csv": heading + row})["mug"]
    assert item.values == ("龙井茶具套装", "keep", "pages/a", "wx0123456789abcdef", 2, 500, 900)
    assert (item.priority, item.needed_by, item.protect, item.locked_change) == (-3, 1796083200.0, True, "block")


def test_a_price_in_json_is_read_from_its_digits(shop: Shop) -> None:
    lines = [
        JSON_ROW.replace("9.90", price).replace("mug", f"m{n}") for n, price in enumerate(("0.29", "1.10", "4.35"))
    ]
    text = "".join(line.replace("pages/a", f"pages/{n}") for n, line in enumerate(lines))
    items = shop.items({"catalog.yaml": "include: [g.jsonl]\n", "g.jsonl": text})
    assert [item.values[5] for item in items.values()] == [29, 110, 435]


def test_only_a_heading_is_no_catalogue(shop: Shop) -> None:
    files = {"catalog.yaml": "include: [g.csv]\n", "g.csv": HEADING}
    assert shop.lines(files) == ["catalog.yaml:1:1: the catalogue lists no items; an empty one is taken for a mistake"]


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("g.xls", "g.xls:1:1: must be .yaml, .yml, .csv, .jsonl, .ndjson or .xlsx (.xls)"),
        ("g.json", "g.json:1:1: must be .yaml, .yml, .csv, .jsonl, .ndjson or .xlsx (.json)"),
        ("goods", "goods:1:1: must be .yaml, .yml, .csv, .jsonl, .ndjson or .xlsx (no ending)"),
    ],
)
def test_other_formats_are_refused(shop: Shop, name: str, line: str) -> None:
    assert shop.lines({"catalog.yaml": f"include: [{name}]\n", name: "x"}) == [line]
