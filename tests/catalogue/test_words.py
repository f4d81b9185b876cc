"""Words that get goods rejected: our list, other lists, exceptions, comments that allow a word, and wrong lists."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from catalog_sync.catalogue.loader import read
from catalog_sync.catalogue.words import read_words
from catalog_sync.core.errors import Severity, UsageError
from catalog_sync.providers.live_goods.section import GoodsSection
from catalog_sync.report.diagnostics import diagnostic_lines

from .conftest import Shop

LIST = """\
version: 1
words:
  most: {any: [最], except: [最近], why: says too much}
  rank: {any: [第一, NO1], except: [第一医院]}
"""


def _said(shop: Shop, files: Mapping[str, str], words: str | None = None) -> list[str]:
    shop.write(files)
    wording = read_words(words, Severity.WARNING)
    return diagnostic_lines(read("catalog.yaml", [GoodsSection()], wording=wording).diagnostics)


def _goods(name: str) -> str:
    return f"goods:\n  mug:\n    name: {name}\n    cover: keep\n    price: 5\n    url: pages/a\n"


NAMES = {
    "全国最好的茶杯": ["superlative"],
    "国家级茶具套装": ["named-by-law"],
    "最高级茶杯一只": ["named-by-law"],
    "销量第一的茶杯": ["first"],
    "销量第一最好的": ["first", "superlative"],
    "最好最大的茶杯": ["superlative"],
    "No.1茶杯三只": ["first"],
    "top1 茶杯三只": ["first"],
    "世界级独家茶杯": ["class-of-the-world", "only"],
    "降血压枕头一只": ["cures"],
    "最近上新的茶杯": [],
    "第一医院纪念杯": [],
    "市第一医院最佳": ["named-by-law"],
    "第一次喝的茶叶": [],
    "永久自行车 26寸": [],
    "绝对伏特加酒杯": [],
    "PIANO10 钢琴灯": [],
    "TOP10 礼盒装": [],
    "龙井茶具套装": [],
}


@pytest.mark.parametrize(("name", "ids"), NAMES.items(), ids=NAMES.keys())
def test_our_own_list(shop: Shop, name: str, ids: list[str]) -> None:
    lines = _said(shop, {"catalog.yaml": _goods(name)})
    assert [line.rpartition(" ")[2] for line in lines] == ids


def test_the_line(shop: Shop) -> None:
    assert _said(shop, {"catalog.yaml": _goods("最好的茶杯"), "w.yaml": LIST}, "w.yaml") == [
        (
            "catalog.yaml:3:11: goods.mug.name: warning: 最: says too much (最好的茶杯); if it is meant: "
            "# catalog-sync: allow-word most"
        )
    ]


ALLOWED = {
    "at the name": (_goods("最好的茶杯  # catalog-sync: allow-word most"), 0),
    "at the key": (_goods("最好的茶杯").replace("mug:", "mug:   #catalog-sync: allow-word most, rank"), 0),
    "with others": (_goods("最好的茶杯  # catalog-sync: allow-word rank most"), 0),
    "on one line": (
        "goods:\n  mug: {name: 最好的茶杯, cover: keep, price: 5, url: a}  # catalog-sync: allow-word most\n",
        0,
    ),
    "after CRLF and a quoted text": (
        (
            '# 龙井\r\ngoods:\r\n  mug:\r\n    cover: keep\r\n    price: 5\r\n    url: a\r\n    name: "最好的茶杯" '
            "# catalog-sync: allow-word most\r\n"
        ),
        0,
    ),
    "another id": (_goods("最好的茶杯  # catalog-sync: allow-word rank"), 1),
    "elsewhere": (_goods("最好的茶杯").replace("price: 5", "price: 5 # catalog-sync: allow-word most"), 1),
    "no id": (_goods("最好的茶杯  # catalog-sync: allow-word"), 1),
}


@pytest.mark.parametrize(("catalogue", "count"), ALLOWED.values(), ids=ALLOWED.keys())
def test_a_comment_that_allows_a_word(shop: Shop, catalogue: str, count: int) -> None:
    assert len(_said(shop, {"catalog.yaml": catalogue, "w.yaml": LIST}, "w.yaml")) == count


def test_an_included_file_has_its_own_lines_and_rows_have_no_comments(shop: Shop) -> None:
    files = {
        "catalog.yaml": "include: [more/goods.yaml, g.csv]\n",
        "more/goods.yaml": _goods("最好的茶杯  # catalog-sync: allow-word most"),
        "g.csv": "key,name,cover,price,url\npot,NO1茶壶一只,keep,5,pages/b\n",
        "w.yaml": LIST,
    }
    assert _said(shop, files, "w.yaml") == [
        (
            "g.csv:2:5: goods.pot.name: warning: no1: on the list of words (NO1茶壶一只); if it is meant: "
            "take rank out of the list (--words)"
        )
    ]


WRONG = {
    "": "the file is empty",
    "words: {}\n": "must hold version: 1 and words: with an id for each entry",
    "version: 2\nwords: {}\n": "must hold version: 1 and words: with an id for each entry",
    "version: 1\nword: {}\n": "must hold version: 1 and words: with an id for each entry",
    "version: 1\nwords: {Most: {any: [最]}}\n": "an id has small letters, digits and - (Most)",
    "version: 1\nwords: {most: {}}\n": "most.any: is required (missing)",
    "version: 1\nwords: {most: {any: 最}}\n": "most.any: must be a list of texts (最)",
    "version: 1\nwords: {most: {any: [最, '']}}\n": "most.any: must be a list of texts, none of them empty (a list)",
    "version: 1\nwords: {most: {any: [最], excpt: [a]}}\n": "most.excpt: unknown field; did you mean except? (excpt)",
    "version: 1\nwords: {most: 最}\n": "most: must be a mapping (最)",
}


@pytest.mark.parametrize(("content", "summary"), WRONG.items(), ids=WRONG.values())
def test_a_wrong_list(tmp_path: Path, content: str, summary: str) -> None:
    path = tmp_path / "w.yaml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        read_words(str(path), Severity.WARNING)
    assert caught.value.message.startswith(f"the list of words: {path}:")
    assert caught.value.message.endswith(f": {summary}")


def test_no_list(tmp_path: Path) -> None:
    path = tmp_path / "none.yaml"
    with pytest.raises(UsageError) as caught:
        read_words(str(path), Severity.WARNING)
    assert caught.value.message == f"the list of words: {path}:1:1: the file does not exist"


def test_an_empty_list_finds_nothing(shop: Shop) -> None:
    files = {"catalog.yaml": _goods("最好的茶杯"), "w.yaml": "version: 1\nwords: {}\n"}
    assert _said(shop, files, "w.yaml") == []
