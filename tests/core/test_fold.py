"""Folded text (rules section 1): what two sides may write and still mean the same."""

from __future__ import annotations

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog_sync.core.fold import fold, fold_text, fold_url, likeness, same
from catalog_sync.core.model import Fold
from catalog_sync.providers.live_goods.schema import SCHEMA
from tests.core.settings import LAW
from tests.core.shop import values


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("TIT茶杯", "TIT茶杯"),
        ("  TIT茶杯 ", "TIT茶杯"),
        ("TIT \t 茶杯", "TIT 茶杯"),
        ("TIT　茶杯", "TIT 茶杯"),  # the wide blank of Chinese text is a blank
        ("茶杯&amp;茶壶", "茶杯&茶壶"),
        ("茶杯&amp;amp;茶壶", "茶杯&茶壶"),  # encoded on the way in and on the way out
        ("茶杯&#39;s", "茶杯's"),
        ("茶杯&#x4e00;", "茶杯一"),
        ("&nbsp;茶杯&nbsp;", "茶杯"),
        ("茶杯&茶壶", "茶杯&茶壶"),
        ("茶杯 &copy 2026", "茶杯 &copy 2026"),  # no semicolon, no entity
        ("&nosuch; 茶杯", "&nosuch; 茶杯"),
        ("", ""),
    ],
)
def test_text(text: str, folded: str) -> None:
    assert fold_text(text) == folded


@pytest.mark.parametrize(
    ("url", "folded"),
    [
        ("pages/index/index", "pages/index/index"),
        ("/pages/index/index?id=1", "pages/index/index?id=1"),
        ("pages/index/index.html?id=1", "pages/index/index?id=1"),
        ("/pages/index/index.html", "pages/index/index"),
        ("pages/index?next=/a.html", "pages/index?next=/a.html"),  # only the path's end
        ("pages/a?x=1&amp;y=2", "pages/a?x=1&y=2"),
        ("pages/a?x=1&timestamp=2&region=3&copy=4", "pages/a?x=1&timestamp=2&region=3&copy=4"),
        ("pages/a?x=1&amp;timestamp=2", "pages/a?x=1&timestamp=2"),
        (" pages/a ", "pages/a"),
        ("pages/a?", "pages/a?"),
    ],
)
def test_url(url: str, folded: str) -> None:
    assert fold_url(url) == folded


def test_what_is_no_text_stays() -> None:
    assert fold(Fold.TEXT, 9950) == 9950
    assert fold(Fold.URL, None) is None


@pytest.mark.parametrize(
    ("how", "left", "right", "equal"),
    [
        (Fold.URL, "/pages/a", "pages/a", True),
        (Fold.URL, "pages/a.html", "pages/a", False),
        (Fold.TEXT, "/pages/a", "pages/a", False),
        (Fold.TEXT, " a", "a", False),
        (Fold.URL, None, None, True),
        (Fold.URL, None, "", False),
    ],
)
def test_same(how: Fold, left: str | None, right: str | None, equal: bool) -> None:
    assert same(how, left, right) is equal


def test_twins_are_alike_by_name_and_url_alone() -> None:
    ours = values("茶杯&茶壶", url="pages/a", prices=(1, 1, None), cover="keep", appid="wx0123456789abcdef")
    theirs = values(" 茶杯&amp;茶壶", url="/pages/a.html", prices=(3, 9, 8))
    assert likeness(SCHEMA, ours) == likeness(SCHEMA, theirs) == ("茶杯&茶壶", "pages/a")


@LAW
@given(st.text(alphabet="ab &;#1茶/?<>\"'=", max_size=24))
def test_encoding_a_text_does_not_change_it(text: str) -> None:
    assert fold_text(html.escape(text)) == fold_text(text)
    assert fold_text(fold_text(text)) == fold_text(text)


@LAW
@given(st.text(alphabet="abcopytimes=&?.", max_size=24))
def test_encoding_a_url_does_not_change_it(query: str) -> None:
    url = f"pages/item?{query}"
    assert fold_url("/" + html.escape(url).replace("item?", "item.html?", 1)) == fold_url(url) == url
