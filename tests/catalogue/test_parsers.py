"""The pure YAML parser, where the C one is not installed: the same catalogue, and one warning."""

from __future__ import annotations

import pytest

from catalog_sync.catalogue.document import HAS_C_PARSER

from .conftest import Shop
from .test_right import EXAMPLE, FILES
from .test_wrong_catalogues import DOCUMENTS, GOODS

WARNING = (
    "catalog.yaml:1:1: warning: "
    "the fast YAML parser (ruamel.yaml.clib) is missing; reading takes some twenty times longer"
)

# libyaml stops at these, or stops elsewhere: what the pure parser says of them is right as well.
ELSEWHERE = {
    "an item without a value",
    "an unknown escape",
    "half a character",
    "a time in braces",
}


def test_the_c_parser_is_there() -> None:
    assert HAS_C_PARSER, "the dependency ruamel.yaml[oldlibyaml] brings it"


def test_both_parsers_read_the_same_catalogue(shop: Shop) -> None:
    fast, no_diagnostics = shop.read(FILES)
    slow, diagnostics = shop.read(FILES, c_parser=False)
    assert slow == fast
    assert fast is not None
    assert no_diagnostics == ()
    assert [each.code for each in diagnostics] == ["slow_parser"]
    assert shop.lines(FILES, c_parser=False) == [WARNING]


@pytest.mark.parametrize(
    "content",
    [
        "\ufeff" + EXAMPLE,
        EXAMPLE.replace("\n", "\r\n"),
        EXAMPLE.replace("tit-cup:", "? tit-cup\n  :"),
        EXAMPLE.replace("TIT茶杯", "|-\n      TIT茶杯"),
        EXAMPLE.replace("TIT茶杯", ">-\n      TIT\n      茶杯"),
        EXAMPLE.replace("TIT茶杯", '"TIT\\\n      茶杯 \\U0001f375"'),
    ],
)
def test_both_parsers_agree_on_other_spellings(shop: Shop, content: str) -> None:
    files = {**FILES, "catalog.yaml": content}
    assert shop.read(files, c_parser=False).catalogue == shop.right(files)


@pytest.mark.parametrize("name", sorted(DOCUMENTS.keys() - ELSEWHERE))
def test_both_parsers_say_the_same_of_wrong_files(shop: Shop, name: str) -> None:
    content, lines = DOCUMENTS[name]
    slow = shop.lines(content, c_parser=False)
    assert sorted(slow) == sorted([WARNING, *lines])


@pytest.mark.parametrize("name", sorted(ELSEWHERE))
def test_both_parsers_refuse_these(shop: Shop, name: str) -> None:
    content, _lines = DOCUMENTS[name]
    assert shop.read(content, c_parser=False).catalogue is None


def test_the_warning_comes_once(shop: Shop) -> None:
    assert shop.lines({"catalog.yaml": "include: [b.yaml]\n", "b.yaml": GOODS}, c_parser=False) == [WARNING]
