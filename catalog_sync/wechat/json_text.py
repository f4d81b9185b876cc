"""JSON as the platform wants it and as it writes it: UTF-8 without `\\u` escapes, decimal numbers exact both ways."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import NoReturn, TypeAlias

Json: TypeAlias = "str | int | Decimal | bool | Sequence[Json] | Mapping[str, Json] | None"
"""What we write. A float is refused: money has to arrive digit for digit."""


def write(value: Json) -> bytes:
    """The value as UTF-8 JSON; a Decimal becomes a number literal with all its digits (99.50).

    TypeError for anything that is not `Json`, a float first of all.
    """
    return _text(value).encode("utf-8")


def _text(value: Json) -> str:
    match value:
        case None | bool() | int() | str():
            return json.dumps(value, ensure_ascii=False)
        case Decimal() if value.is_finite():
            return format(value, "f")
        case Mapping():
            return "{" + ",".join(f"{_text(str(name))}:{_text(each)}" for name, each in value.items()) + "}"
        case list() | tuple():
            return "[" + ",".join(_text(each) for each in value) + "]"
        case _:
            raise TypeError(f"not written as JSON: {type(value).__name__}")


def read(content: bytes) -> object:
    """The JSON of an answer; numbers with a fraction are Decimal. ValueError for anything else."""
    try:
        return json.loads(content.decode("utf-8-sig"), parse_float=Decimal, parse_constant=_refuse)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _refuse(_name: str) -> NoReturn:
    raise ValueError("NaN and Infinity are no JSON")


def plain(value: object) -> object:
    """The value with every Decimal as its text, so that any JSON writer can keep it."""
    match value:
        case Decimal():
            return str(value)
        case Mapping():
            return {str(name): plain(each) for name, each in value.items()}
        case list():
            return [plain(each) for each in value]
        case _:
            return value
