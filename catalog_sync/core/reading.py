"""What the readers of all systems share: where the problems of one entry go, which fields it has, and the values that
mean the same everywhere, amounts of yuan and instants."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import datetime

from catalog_sync.core.entry import (
    Code,
    Findings,
    MapNode,
    Node,
    Scalar,
    Source,
    Spot,
    escaped,
    found,
    shown,
    twice,
    unknown_field,
)
from catalog_sync.core.model import Place
from catalog_sync.core.sentence import Sentence, with_found

CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
"""What no text may hold: control characters, line ends, and halves of a character (from JSON escapes)."""

TIME = r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})"
"""An instant as files have it, as a regular expression."""

A_TIME = "must be a time with its offset like 2026-12-01T20:00:00+08:00"
A_RANK = "must be a whole number of at most 9 digits"
A_TRUTH = "must be true or false"

_AMOUNT = re.compile(r"(0|[1-9][0-9]*)(\.[0-9]+)?")


def wrong_amount(text: str, most: int) -> tuple[str, str]:
    """The code and the words for a text that is no amount over 0, of at most 2 decimals and `most` yuan."""
    if not text.strip():
        return Code.MISSING_FIELD, "is required"
    amount = text.removeprefix("-")
    parts = _AMOUNT.fullmatch(amount)
    if parts is None:
        return Code.PRICE, "must be an amount in yuan like 99.50, in plain digits"
    if amount != text or not amount.strip("0."):
        return Code.PRICE, "must be more than 0"
    return Code.PRICE, "at most 2 decimals" if len(parts[2] or "") > 3 else Sentence("at most {most}", most=most)


def instant(text: str) -> float:
    """A text like `TIME` as seconds since the epoch; raises `ValueError` where there is no such day or hour."""
    return datetime.fromisoformat(text.upper()).timestamp()


class Notes:
    """Where what is wrong with one entry goes. `usable` is false after the first error."""

    __slots__ = ("_findings", "_key", "_source", "address", "usable")

    def __init__(self, source: Source, key: Scalar, prefix: str, findings: Findings) -> None:
        self._source = source
        self._key = key
        self._findings = findings
        self.address = f"{prefix}.{escaped(key.text)}" if key.text else prefix
        self.usable = True

    def error(self, code: str, spot: Spot, summary: str, name: str = "") -> None:
        """Note an error of a field, or of the entry."""
        self.usable = False
        self._findings.error(code, self.place(spot), summary, address=self.address, name=name)

    def twice(self, key: Scalar, first: Place, name: str = "") -> None:
        """Note a key or field that stands twice, with both places."""
        summary = twice(first, key.text)
        self.error(Code.DUPLICATE_KEY, key, summary, name)

    def place(self, spot: Spot) -> Place:
        """The place of something in the entry's file."""
        return self._source.place(spot)

    def missing(self, name: str) -> None:
        """Note a required field that is not there, at the item's key."""
        self.error(Code.MISSING_FIELD, self._key, "is required (missing)", name)

    def warning(self, code: str, spot: Spot, summary: str, name: str = "") -> None:
        """Note a warning on a field."""
        self._findings.warning(code, self.place(spot), summary, address=self.address, name=name)


def where(place: Place) -> str:
    """A place within a message."""
    return f"{place.file}:{place.line}:{place.column}"


class Given:
    """What stands in one entry: its nodes by field, in the file's order. `known` are the fields that it may have."""

    __slots__ = ("known", "nodes", "notes")

    def __init__(self, notes: Notes, known: Collection[str]) -> None:
        self.notes = notes
        self.known = known
        self.nodes: dict[str, Node] = {}

    def no_mapping(self, node: Node) -> None:
        """Note that the entry is no mapping."""
        self.notes.error(Code.WRONG_TYPE, node, with_found("must be a mapping of fields", found(node)))

    def unknown(self, key: Scalar) -> None:
        """Note a field that does not exist."""
        name = shown(key.text)
        summary = with_found(unknown_field(key.text, self.known), name)
        self.notes.error(Code.UNKNOWN_FIELD, key, summary, name)

    def twice(self, key: Scalar, node: MapNode) -> None:
        """Note a field that stands twice."""
        first = next(other for other, _value in node.pairs if other.text == key.text)
        self.notes.twice(key, self.notes.place(first), shown(key.text))

    def missing(self, name: str) -> None:
        """Note a required field: at its value when that is empty, at the item's key when nothing is there."""
        value = self.nodes.get(name)
        if value is None:
            self.notes.missing(name)
        else:
            self.notes.error(Code.MISSING_FIELD, value, with_found("is required", found(value)), name)

    def has(self, name: str) -> bool:
        """Whether the field has a value, right or wrong."""
        node = self.nodes.get(name)
        return node is not None and not (isinstance(node, Scalar) and node.empty)

    def first(self, *names: str) -> str:
        """Which of these fields stands first in the file: the place of a contradiction between them."""
        return next(name for name in self.nodes if name in names)

    def contradiction(self, code: str, names: tuple[str, ...], summary: str) -> None:
        """Note an error between fields that are each right."""
        first = self.first(*names)
        self.notes.error(code, self.nodes[first], summary, first)
