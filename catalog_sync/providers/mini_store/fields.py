"""The fields of one product and of one SKU of `products:`, each checked by itself.

A parser takes a field as it stands and gives its value, or raises `Wrong` with what would be right. Prices are read
from their own digits and are fen from then on: nothing is ever a float.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from decimal import Decimal
from typing import Final, TypeVar

from catalog_sync.core import reading
from catalog_sync.core.entry import Code, MapNode, Node, Scalar, found
from catalog_sync.core.reading import A_RANK, A_TIME, A_TRUTH, CONTROL, TIME, Notes, instant, wrong_amount
from catalog_sync.core.sentence import Sentence, with_found
from catalog_sync.providers.mini_store.wording import (
    MAX_BARCODE,
    MAX_PRICE_YUAN,
    MAX_PRODUCT_ID,
    MAX_SKU_CODE,
    MAX_STOCK,
    StoreCode,
)

T = TypeVar("T")

PRODUCT_FIELDS: Final = ("skus", "product_id", "listing")
"""The fields of a product."""

SKU_FIELDS: Final = (
    "sale_price",
    "market_price",
    "stock",
    "thumb",
    "sku_code",
    "barcode",
    "attrs",
    "priority",
    "needed_by",
    "protect",
)
"""The fields of a SKU, the required ones first."""

_PRICE = re.compile(r"(0|[1-9][0-9]{0,7})(\.[0-9]{1,2})?")
_COUNT = re.compile(r"0|[1-9][0-9]{0,8}")
_ID = re.compile(r"[1-9][0-9]{0,18}")
_DIGITS = re.compile(rf"[0-9]{{1,{MAX_BARCODE}}}")
_RANK = re.compile(r"[+-]?[0-9]{1,9}")
_TIME = re.compile(TIME)
_TRUTHS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}


class Wrong(Exception):
    """A value that a field cannot have; `summary` says what it can."""

    def __init__(self, summary: str, code: str = Code.WRONG_VALUE) -> None:
        super().__init__(summary)
        self.summary = summary
        self.code = code


class Given(reading.Given):
    """What stands in one product or SKU, its fields taken one by one."""

    __slots__ = ()

    def __init__(self, node: MapNode, notes: Notes, known: Collection[str]) -> None:
        super().__init__(notes, known)
        for key, value in node.pairs:
            if key.text in self.nodes:
                self.twice(key, node)
                continue
            self.nodes[key.text] = value
            if key.text not in known:
                self.unknown(key)

    def take(self, name: str, parse: Callable[[Node], T]) -> T | None:
        """The field's value; None when it is absent, empty or (noted) wrong."""
        return self.parsed(name, self.nodes[name], parse) if self.has(name) else None

    def need(self, name: str, parse: Callable[[Node], T]) -> T | None:
        """The value of a required field; None when it is missing or wrong (both noted)."""
        if not self.has(name):
            self.missing(name)
        return self.take(name, parse)

    def parsed(self, name: str, node: Node, parse: Callable[[Node], T]) -> T | None:
        """The value of a node that stands for the field `name`."""
        try:
            return parse(node)
        except Wrong as problem:
            self.notes.error(problem.code, node, with_found(problem.summary, found(node)), name)
            return None


def sale_price(node: Node) -> int:
    """An amount over 0, in fen."""
    return _fen(node) or _no_amount(node)


def market_price(node: Node) -> int:
    """An amount of 0 or more, in fen."""
    fen = _fen(node)
    return _no_amount(node) if fen is None else fen


def _fen(node: Node) -> int | None:
    text = _scalar(node, "a number").text
    fen = int(Decimal(text) * 100) if _PRICE.fullmatch(text) else None
    return None if fen is None or fen > MAX_PRICE_YUAN * 100 else fen


def _no_amount(node: Node) -> int:
    code, summary = wrong_amount(_scalar(node, "a number").text, MAX_PRICE_YUAN)
    raise Wrong(summary, code)


def stock(node: Node) -> int:
    """How many there are."""
    return int(_matching(node, _COUNT, Sentence("must be a whole number from 0 to {most}", most=MAX_STOCK)))


def product_id(node: Node) -> int:
    """The platform's id of a product, exact beyond 2^53."""
    summary = "must be the id of an existing product, a whole number"
    number = int(_matching(node, _ID, summary))
    if number > MAX_PRODUCT_ID:
        raise Wrong(summary)
    return number


def rank(node: Node) -> int:
    """A priority."""
    return int(_matching(node, _RANK, A_RANK))


def truth(node: Node) -> bool:
    """`true` or `false`."""
    value = _scalar(node, "true or false")
    if value.plain and value.text in _TRUTHS:
        return _TRUTHS[value.text]
    raise Wrong(A_TRUTH + _without_quotes(value))


def deadline(node: Node) -> float:
    """An instant, as seconds since the epoch."""
    text = _scalar(node, "a time").text
    try:
        if _TIME.fullmatch(text):
            return instant(text)
    except ValueError:  # the 30th of February
        pass
    raise Wrong(A_TIME)


def barcode(node: Node) -> str:
    """Digits, quoted or not: a text, which keeps its leading zeros."""
    text = _scalar(node, "digits").text
    if not _DIGITS.fullmatch(text):
        raise Wrong(f"must be 1 to {MAX_BARCODE} digits")
    return text


def thumb(node: Node) -> str:
    """What is said of a picture."""
    value = _scalar(node, "a file or a link").text
    if CONTROL.search(value):
        raise Wrong("must not hold control characters", Code.CONTROL_CHARACTER)
    if not value.strip():
        raise Wrong("must be a file or a link; leave it out where there is none")
    return value


def sku_code(node: Node) -> str:
    """The shop's code."""
    return text(node, MAX_SKU_CODE)


def text(node: Node, most: int) -> str:
    """A text of at most so many characters that is not blank."""
    value = _scalar(node, "a text")
    if CONTROL.search(value.text):
        raise Wrong("must not hold control characters", Code.CONTROL_CHARACTER)
    if value.empty or not value.text.strip():
        raise Wrong(f"must have 1 to {most} characters")
    return short(value.text, most)


def key(node: Node, most: int) -> str:
    """A key of at most so many characters."""
    value = _scalar(node, "a text").text
    if not value:
        raise Wrong("an item needs a key", Code.MISSING_FIELD)
    if not value.isprintable() or value != value.strip():
        raise Wrong("must have no control characters, and no blanks at its ends", Code.WRONG_KEY)
    return short(value, most)


def short(value: str, most: int) -> str:
    """The text itself, when it has at most so many characters."""
    if len(value) > most:
        raise Wrong(f"at most {most} characters; this has {len(value)}", StoreCode.TEXT_TOO_LONG)
    return value


def _scalar(node: Node, kind: str) -> Scalar:
    if isinstance(node, Scalar):
        return node
    raise Wrong(f"must be {kind}", Code.WRONG_TYPE)


def _matching(node: Node, pattern: re.Pattern[str], summary: str) -> str:
    """The text of a number that matches; in quotes it is none."""
    value = _scalar(node, "a whole number")
    if not value.plain or not pattern.fullmatch(value.text):
        raise Wrong(summary + _without_quotes(value))
    return value.text


def _without_quotes(value: Scalar) -> str:
    return "" if value.plain else ", without quotes"
