"""Text as two sides may write it and still mean the same (rules section 1): for twins, candidates and adoption."""

from __future__ import annotations

import html
import json
import re
from typing import assert_never

from catalog_sync.core.model import Fold, Schema, Value, Values

_ENTITY = re.compile(r"&(?:#[0-9]+|#[xX][0-9a-fA-F]+|[A-Za-z][A-Za-z0-9]*);")


def fold_text(text: str) -> str:
    """HTML entities decoded, ends trimmed, blanks collapsed."""
    return " ".join(_decoded(text).split())


def _decoded(text: str) -> str:
    """Only what ends with a semicolon is an entity: in a query, `&timestamp=1` is a parameter, not a multiplication
    sign. What was encoded twice is decoded twice."""
    while (decoded := _ENTITY.sub(lambda entity: html.unescape(entity[0]), text)) != text:
        text = decoded
    return text


def fold_url(text: str) -> str:
    """A page path and its query, folded as text, without a leading `/` and without `.html` at the path's end."""
    path, mark, query = fold_text(text).partition("?")
    return path.removeprefix("/").removesuffix(".html") + mark + query


def fold(how: Fold, value: Value) -> Value:
    """One text field, folded; what is not text stays as it is."""
    if not isinstance(value, str):
        return value
    match how:
        case Fold.TEXT:
            return fold_text(value)
        case Fold.URL:
            return fold_url(value)
        case Fold.DIGITS:
            return value.lstrip("0")
        case Fold.MEMBERS:
            return fold_members(value)
        case _:
            assert_never(how)


def fold_members(text: str) -> str:
    """JSON text of an object, its members in the order of their names."""
    return json.dumps(json.loads(text), ensure_ascii=False, sort_keys=True) if text else text


def same(how: Fold, left: Value, right: Value) -> bool:
    """Whether two values are one, compared as the platform compares them: a url's leading `/` does not count."""
    if left == right or not isinstance(left, str) or not isinstance(right, str):
        return left == right
    match how:
        case Fold.TEXT:
            return False
        case Fold.URL:
            return left.removeprefix("/") == right.removeprefix("/")
        case Fold.DIGITS | Fold.MEMBERS:
            return fold(how, left) == fold(how, right)
        case _:
            assert_never(how)


def likeness(schema: Schema, values: Values) -> Values:
    """What twins have in common: the folded identifying fields (live goods: name and url)."""
    pairs = zip(schema.fields, values, strict=True)
    return tuple(fold(field.fold, value) for field, value in pairs if field.identifying)
