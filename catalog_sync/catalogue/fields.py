"""The fields of one small mapping of the catalogue's head (`policy:`, `quota:`), taken one by one."""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import StrEnum
from typing import TypeVar

from catalog_sync.core.entry import (
    Code,
    Findings,
    MapNode,
    Node,
    Scalar,
    Source,
    did_you_mean,
    found,
    shown,
    twice,
    unknown_field,
)
from catalog_sync.core.sentence import with_found

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)

_WHOLE = re.compile(r"[0-9]{1,9}")
_TRUE = frozenset({"true", "True", "TRUE"})
_FALSE = frozenset({"false", "False", "FALSE"})


class WrongValue(Exception):
    """A value that a field cannot have; the text says what it can."""

    def __init__(self, summary: str, code: str = Code.WRONG_VALUE) -> None:
        super().__init__(summary)
        self.summary = summary
        self.code = code


def joined(path: str, name: str) -> str:
    """A field's path below another one; a name that may hold anything is escaped and cut."""
    return f"{path}.{shown(name)}" if path else shown(name)


def unique(node: MapNode, source: Source, findings: Findings, path: str) -> dict[str, tuple[Scalar, Node]]:
    """The mapping without repeated keys, each repetition an error that names both places."""
    kept: dict[str, tuple[Scalar, Node]] = {}
    for key, value in node.pairs:
        if key.text in kept:
            first = source.place(kept[key.text][0])
            summary = twice(first, key.text)
            findings.error(Code.DUPLICATE_KEY, source.place(key), summary, name=joined(path, key.text))
        else:
            kept[key.text] = key, value
    return kept


class Fields:
    """The fields of one mapping. What nobody took at the end is unknown."""

    def __init__(self, node: MapNode, source: Source, findings: Findings, path: str) -> None:
        self.path = path
        self.source = source
        self.findings = findings
        self._left = unique(node, source, findings, path)
        self._known: list[str] = []

    def take(self, name: str, parse: Callable[[Scalar], T], default: T) -> T:
        """The field's value, or the default when it is absent, empty or (noted) wrong."""
        return self.parsed(name, self.node(name), parse, default)

    def parsed(self, name: str, node: Node | None, parse: Callable[[Scalar], T], default: T) -> T:
        """The value of a node that was taken before, or the default."""
        if node is None:
            return default
        try:
            return parse(scalar(node))
        except WrongValue as problem:
            self.wrong(name, node, problem)
            return default

    def node(self, name: str) -> Node | None:
        """The field as it stands; None when it is absent or empty."""
        self._known.append(name)
        _key, node = self._left.pop(name, (None, None))
        return None if node is None or (isinstance(node, Scalar) and node.empty) else node

    def mapping(self, name: str) -> Fields | None:
        """The fields of a mapping in this one; None when it is absent, empty or (noted) no mapping."""
        return mapping(self.node(name), self.source, self.findings, joined(self.path, name))

    def wrong(self, name: str, node: Node, problem: WrongValue) -> None:
        """Note a wrong value at its place."""
        summary = with_found(problem.summary, found(node))
        self.findings.error(problem.code, self.source.place(node), summary, name=joined(self.path, name))

    def close(self) -> None:
        """Note every field that nobody knows."""
        for name, (key, _node) in self._left.items():
            summary = with_found(unknown_field(name, self._known), shown(name))
            self.findings.error(Code.UNKNOWN_FIELD, self.source.place(key), summary, name=joined(self.path, name))


def mapping(node: Node | None, source: Source, findings: Findings, path: str) -> Fields | None:
    """The fields of a node; None when it is absent, empty or (noted) no mapping."""
    match node:
        case None:
            return None
        case MapNode():
            return Fields(node, source, findings, path)
        case _ if isinstance(node, Scalar) and node.empty:
            return None
        case _:
            summary = with_found("must be a mapping", found(node))
            findings.error(Code.WRONG_TYPE, source.place(node), summary, name=path)
            return None


def scalar(node: Node) -> Scalar:
    """The node when it is a text or number; raises `WrongValue` for a list or mapping."""
    if isinstance(node, Scalar):
        return node
    raise WrongValue("must be a single value", Code.WRONG_TYPE)


def without_quotes(value: Scalar) -> str:
    """What the message on a number or truth value adds when that stands in quotes, and so is a text."""
    return "" if value.plain else ", without quotes"


def truth(value: Scalar) -> bool:
    """`true` or `false`, unquoted; `yes` and `no` are texts here as in YAML 1.2."""
    if value.plain and value.text in _TRUE:
        return True
    if value.plain and value.text in _FALSE:
        return False
    raise WrongValue("must be true or false" + without_quotes(value))


def whole_number(low: int) -> Callable[[Scalar], int]:
    """A parser of unquoted whole numbers from `low` on."""

    def parse(value: Scalar) -> int:
        if value.plain and _WHOLE.fullmatch(value.text) and int(value.text) >= low:
            return int(value.text)
        raise WrongValue(f"must be a whole number, {low} or more" + without_quotes(value))

    return parse


def choice(kind: type[E]) -> Callable[[Scalar], E]:
    """A parser of the members of an enum."""

    def parse(value: Scalar) -> E:
        try:
            return kind(value.text)
        except ValueError:
            names = [each.value for each in kind]
            raise WrongValue(f"must be {_either(names)}{did_you_mean(value.text, names)}") from None

    return parse


def _either(names: list[str]) -> str:
    return f"{', '.join(names[:-1])} or {names[-1]}"
