"""One line of JSON Lines as a node: numbers keep their digits, and the members of the row have their columns."""

from __future__ import annotations

import json
import re
from json import JSONDecodeError

from catalog_sync.catalogue.syntax import BadFile
from catalog_sync.core.entry import Code, ListNode, MapNode, Node, Scalar, shown

# A member whose value is a text without escapes, or a literal: that is nearly all that rows have.
_PLAIN_MEMBER = re.compile(
    r"""[ ]*"([^"\\\x00-\x1f]*)"[ ]*:[ ]*
    (?:"([^"\\\x00-\x1f]*)"|(-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null))
    [ ]*([,}])""",
    re.VERBOSE,
)
_tuple = tuple.__new__  # as Scalar(...), which would go through one more Python function
_BLANK = re.compile(r"[ \t\r\n]*")


class _Number(str):
    """The digits of a number: its value as float would lose the price."""

    __slots__ = ()


class _Pairs(list[tuple[str, object]]):
    """The members of an inner object, repeated names included."""

    __slots__ = ()


_SCAN = json.JSONDecoder(
    parse_float=_Number, parse_int=_Number, parse_constant=_Number, object_pairs_hook=_Pairs
).raw_decode


def parse_row(text: str, line: int) -> MapNode:
    """The object on this line; raises `BadFile` when there is none or anything beside it."""
    try:
        return _plain_row(text, line) or _row(text, line)
    except (JSONDecodeError, _NotHere) as problem:
        column = problem.pos + 1
    except RecursionError:
        raise BadFile(Code.TOO_DEEP, line, 1, "nested too deeply") from None
    rest = shown(text[column - 1 :].rstrip()) or "end of line"
    raise BadFile(Code.SYNTAX, line, column, f"each line must be one JSON object ({rest})")


class _NotHere(Exception):
    """Something else was expected at this position."""

    def __init__(self, pos: int) -> None:
        super().__init__(pos)
        self.pos = pos


def _plain_row(text: str, line: int) -> MapNode | None:
    """A row of plain members only, by one regular expression a member: three times as fast as `_row`, which reads
    every row and tells what is wrong with those that are none. None when something else stands there."""
    if not text.startswith("{"):
        return None
    pairs: list[tuple[Scalar, Node]] = []
    end = 1
    while found := _PLAIN_MEMBER.match(text, end):
        name, string, literal, mark = found.groups()
        key = _tuple(Scalar, (name, line, found.start(1), False))
        if literal is None:
            value = _tuple(Scalar, (string, line, found.start(2), False))
        else:
            value = _tuple(Scalar, (literal, line, found.start(3) + 1, True))
        pairs.append((key, value))
        end = found.end()
        if mark == "}":
            return None if text[end:].strip(" \t\r\n") else MapNode(pairs, line, 1)
    return None


def _row(text: str, line: int) -> MapNode:
    start = _blank(text, 0)
    position = _after(text, start, "{")
    pairs: list[tuple[Scalar, Node]] = []
    more = not text.startswith("}", position)
    while more:
        key_at = position
        if not text.startswith('"', key_at):
            raise _NotHere(key_at)
        name, position = _SCAN(text, key_at)
        position = _after(text, _blank(text, position), ":")
        value, end = _SCAN(text, position)
        pairs.append((Scalar(name, line, key_at + 1, plain=False), _node(value, line, position + 1)))
        position = _blank(text, end)
        more = text.startswith(",", position)
        position = _blank(text, position + 1) if more else position
    end = _after(text, position, "}")
    if end != len(text):
        raise _NotHere(end)
    return MapNode(pairs, line, start + 1)


def _after(text: str, position: int, expected: str) -> int:
    """The position after the expected character, and after the blanks that follow it."""
    if not text.startswith(expected, position):
        raise _NotHere(position)
    return _blank(text, position + 1)


def _blank(text: str, position: int) -> int:
    found = _BLANK.match(text, position)
    return found.end() if found else position


def _node(value: object, line: int, column: int) -> Node:
    """A value of the row; what is inside of it counts as standing where it begins."""
    match value:
        case _Number():
            return Scalar(str(value), line, column, plain=True)
        case str():
            return Scalar(value, line, column, plain=False)
        case _Pairs():
            pairs = [(Scalar(name, line, column, plain=False), _node(each, line, column)) for name, each in value]
            return MapNode(pairs, line, column)
        case list():
            return ListNode([_node(each, line, column) for each in value], line, column)
        case _:
            literal = "null" if value is None else "true" if value else "false"
            return Scalar(literal, line, column, plain=True)
