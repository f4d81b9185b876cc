"""Diagnostics as lines, as JSON and as GitHub annotations."""

from __future__ import annotations

import pytest

from catalog_sync.core.entry import Code, shown
from catalog_sync.core.errors import Diagnostic, Severity
from catalog_sync.core.model import Place
from catalog_sync.providers.live_goods.wording import GoodsCode
from catalog_sync.providers.mini_store.wording import StoreCode
from catalog_sync.report.diagnostics import diagnostics_document, github_lines

from .conftest import Shop

TEXT = "goods:\n  cup:\n    name: 茶杯\n    cover: covers/a.png\n    price: 99.505\n    url: pages/a\npolicy: 5\n"


def test_the_document_of_validate(shop: Shop) -> None:
    assert diagnostics_document(shop.read(TEXT).diagnostics) == {
        "format_version": "1.0",
        "valid": False,
        "error_count": 2,
        "warning_count": 1,
        "diagnostics": [
            {
                "severity": "warning",
                "code": "name_short",
                "summary": "name: the platform was seen to refuse names under 6 units; this has 4 (茶杯)",
                "detail": (
                    "catalog.yaml:3:11: goods.cup.name: warning: "
                    "the platform was seen to refuse names under 6 units; this has 4 (茶杯)"
                ),
                "address": "goods.cup",
                "range": {"filename": "catalog.yaml", "start": {"line": 3, "column": 11}},
            },
            {
                "severity": "error",
                "code": "price",
                "summary": "price: at most 2 decimals (99.505)",
                "detail": "catalog.yaml:5:12: goods.cup.price: at most 2 decimals (99.505)",
                "address": "goods.cup",
                "range": {"filename": "catalog.yaml", "start": {"line": 5, "column": 12}},
            },
            {
                "severity": "error",
                "code": "wrong_type",
                "summary": "policy: must be a mapping (5)",
                "detail": "catalog.yaml:7:9: policy: must be a mapping (5)",
                "address": None,
                "range": {"filename": "catalog.yaml", "start": {"line": 7, "column": 9}},
            },
        ],
    }


def test_a_right_catalogue_is_valid() -> None:
    assert diagnostics_document([]) == {
        "format_version": "1.0",
        "valid": True,
        "error_count": 0,
        "warning_count": 0,
        "diagnostics": [],
    }


def test_github_shows_the_errors(shop: Shop) -> None:
    assert github_lines(shop.read(TEXT).diagnostics) == [
        "::error file=catalog.yaml,line=5,col=12::goods.cup.price: at most 2 decimals (99.505)",
        "::error file=catalog.yaml,line=7,col=9::policy: must be a mapping (5)",
    ]


def test_github_commands_cannot_be_injected() -> None:
    place = Place("a:b,c%d\r\n::error::x", 1, 2)
    forged = Diagnostic(Severity.ERROR, "x", "50%\r\n::set-output name=x::y", place, "goods.a", "name")
    command = "::error file=a%3Ab%2Cc%25d%0D%0A%3A%3Aerror%3A%3Ax,line=1,col=2::"
    assert github_lines([forged]) == [command + "goods.a.name: 50%25%0D%0A::set-output name=x::y"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain 文字", "plain 文字"),
        ("a" * 80, "a" * 80),
        ("a" * 81, "a" * 79 + "…"),
        ("\x1b[31mred\x07", r"\x1b[31mred\x07"),
        ("a\r\nb\tc", r"a\r\nb\tc"),
        ("\u202eabc\u2066", r"\u202eabc\u2066"),
        ("全\u3000角", "全\u3000角"),
        ("\ud800", r"\ud800"),
        ("👨\u200d👩", r"👨\u200d👩"),
    ],
)
def test_found_values_are_cut_and_escaped(text: str, expected: str) -> None:
    assert shown(text) == expected


def test_every_code_has_its_meaning() -> None:
    codes = [*Code, *GoodsCode, *StoreCode]
    assert len({str(code) for code in codes}) == len(codes)
    assert all(code.meaning.endswith(".") for code in codes)
    assert all(str(code).replace("_", "").isalnum() and str(code).islower() for code in codes)
