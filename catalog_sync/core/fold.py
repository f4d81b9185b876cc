"""Text as two sides may write it and still mean the same (rules section 1): for twins, candidates and adoption."""

from __future__ import annotations

import html
import re

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
    return fold_url(value) if how is Fold.URL else fold_text(value)


def same(how: Fold, left: Value, right: Value) -> bool:
    """Whether two values are one, compared as the platform compares them: a url's leading `/` does not count."""
    if how is Fold.URL and isinstance(left, str) and isinstance(right, str):
        return left.removeprefix("/") == right.removeprefix("/")
    return left == right


def likeness(schema: Schema, values: Values) -> Values:
    """What twins have in common: the folded identifying fields (live goods: name and url)."""
    pairs = zip(schema.fields, values, strict=True)
    return tuple(fold(field.fold, value) for field, value in pairs if field.identifying)
