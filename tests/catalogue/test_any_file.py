"""Whatever a file holds: diagnostics with places, never a traceback; and two ways to read a row that agree."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog_sync.catalogue.json_rows import _plain_row, _row, parse_row
from catalog_sync.core.entry import Scalar
from catalog_sync.report.diagnostics import diagnostic_lines

from .conftest import Shop
from .test_products import EXAMPLE as PRODUCTS
from .test_products import HEADING as SKU_HEADING
from .test_products import LINE as SKU_ROW
from .test_right import EXAMPLE, FILES
from .test_rows import HEADING, JSON_ROW, ROW

PIECES = [
    b"[",
    b"{",
    b"]",
    b"}",
    b'"',
    b"'",
    b": ",
    b"\n",
    b"\t",
    b"- ",
    b"&a ",
    b"*a",
    b"!!x ",
    b"<<: ",
    b"? ",
    b"|\n",
]
PIECES += [b"\xff", b"#", b"\0", b",", b"\r", b"%", b"@", b"---\n", b"\xe2\x80\xa8", b"\\ud800", b"\x1b", b"null", b""]

Edit = tuple[int, int, bytes]
edits = st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 20), st.sampled_from(PIECES)), max_size=5)
many = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


def edited(content: str, changes: list[Edit]) -> bytes:
    data = content.encode()
    for start, length, piece in changes:
        data = data[:start] + piece + data[start + length :]
    return data


@pytest.mark.parametrize(
    ("name", "content", "c_parser"),
    [
        ("catalog.yaml", EXAMPLE, True),
        ("catalog.yaml", EXAMPLE, False),
        ("x.csv", HEADING + ROW * 3, True),
        ("x.jsonl", JSON_ROW * 3, True),
        ("catalog.yaml", PRODUCTS, True),
        ("x.csv", SKU_HEADING + SKU_ROW * 3, True),
    ],
)
@many
@given(changes=edits)
def test_any_file_gets_a_catalogue_or_errors(
    shop: Shop, name: str, content: str, c_parser: bool, changes: list[Edit]
) -> None:
    files: dict[str, str | bytes] = {**FILES, "catalog.yaml": f"include: [{name}]\n", name: edited(content, changes)}
    catalogue, diagnostics = shop.read(files, c_parser=c_parser)
    assert (catalogue is None) == any(each.severity == "error" for each in diagnostics)
    for line, each in zip(diagnostic_lines(diagnostics), diagnostics, strict=True):
        assert line.isprintable() or "\u3000" in line, "one line, nothing that moves the cursor"
        assert min(each.place.line, each.place.column) >= 1


texts = st.text(st.characters(codec="utf-8", exclude_characters="\n"), max_size=12)
literals = st.sampled_from(["0", "-1", "1.50", "1e3", "12E-4", "true", "false", "null"])


@many
@given(members=st.dictionaries(texts, st.tuples(st.booleans(), texts, literals), min_size=1, max_size=6))
def test_both_ways_to_read_a_row_agree(members: dict[str, tuple[bool, str, str]]) -> None:
    def value(is_text: bool, text: str, literal: str) -> str:
        return json.dumps(text, ensure_ascii=False) if is_text else literal

    pairs = [f"{json.dumps(name, ensure_ascii=False)}: {value(*each)}" for name, each in members.items()]
    line = "{" + " , ".join(pairs) + "}\n"
    exact = _row(line, 7)
    assert parse_row(line, 7) == exact
    assert _plain_row(line, 7) in (exact, None)
    assert [key.text for key, _value in exact.pairs] == list(members)
    for (is_text, text, literal), (_key, node) in zip(members.values(), exact.pairs, strict=True):
        assert isinstance(node, Scalar)
        assert (node.text, node.plain) == ((text, False) if is_text else (literal, True))
        assert line[node.column - 1 :].startswith(value(is_text, text, literal))
