"""Where things stand in a YAML text: its comments, and how far the lines with values are indented."""

from __future__ import annotations

import io
from bisect import bisect
from collections import defaultdict
from typing import NamedTuple

from ruamel.yaml.events import ScalarEvent, StreamEndEvent

from catalog_sync.catalogue.document import HAS_C_PARSER, Event, events


class Comment(NamedTuple):
    """A comment, from its `#` to the end of its line. Lines and columns count from 0; `alone`: nothing is before it."""

    line: int
    column: int
    text: str
    alone: bool


class Layout(NamedTuple):
    """The comments in their order, and of each scalar its line and that line's indentation."""

    comments: list[Comment]
    scalars: list[tuple[int, int]]


def layout(text: str) -> Layout:
    """The layout of a text that can be parsed."""
    lines = text.split("\n")
    scalars: list[tuple[int, int]] = []
    taken: dict[int, list[tuple[int, int]]] = defaultdict(list)
    next_event = events(io.BytesIO(text.encode()), c_parser=HAS_C_PARSER)
    while (event := next_event()).__class__ is not StreamEndEvent:
        if event.__class__ is ScalarEvent:
            line = event.start_mark.line
            scalars.append((line, _indentation(lines[line])))
            _take(event, lines, taken)
    comments = [comment for at, line in enumerate(lines) if (comment := _comment(at, line, taken.get(at, [])))]
    return Layout(comments, scalars)


def _indentation(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _take(event: Event, lines: list[str], taken: dict[int, list[tuple[int, int]]]) -> None:
    """Note what a scalar covers: a `#` in there is text. Behind the `|` of a block a comment may stand."""
    start, end = event.start_mark, event.end_mark
    block = event.style in ("|", ">")
    if start.line == end.line or block:
        taken[start.line].append((start.column, start.column + 1 if block else end.column))
    else:
        taken[start.line].append((start.column, len(lines[start.line])))
    for at in range(start.line + 1, end.line):
        taken[at].append((0, len(lines[at])))
    if end.line > start.line:
        taken[end.line].append((0, end.column))


def _comment(at: int, line: str, taken: list[tuple[int, int]]) -> Comment | None:
    column = line.find("#")
    while column >= 0:
        before = line[:column]
        if (not before or before[-1] in " \t") and not any(start <= column < end for start, end in taken):
            return Comment(at, column, line[column:].rstrip(), not before.strip(" \t"))
        column = line.find("#", column + 1)
    return None


def aligned(before: Layout, after: Layout, text: str) -> str:
    """The text of the layout `after`, each comment on a line of its own indented like the values that it stood with in
    `before`. Both layouts have the same scalars and comments."""
    lines = text.split("\n")
    rows = [line for line, _indent in before.scalars]
    for old, new in zip(before.comments, after.comments, strict=True):
        if old.alone and new.alone:
            lines[new.line] = " " * _column(old, before, after, bisect(rows, old.line)) + new.text
    return "\n".join(lines)


def _column(comment: Comment, before: Layout, after: Layout, following: int) -> int:
    """Where a comment goes: with the value that follows, else with those before it that it can belong to, of a list and
    its key with the key."""
    if following < len(before.scalars) and before.scalars[following][1] == comment.column:
        return after.scalars[following][1]
    fitting = []
    for at in range(following - 1, -1, -1):
        indent = before.scalars[at][1]
        if indent < comment.column:
            break
        if indent == comment.column:
            fitting.append(after.scalars[at][1])
    return min(fitting, default=comment.column)
