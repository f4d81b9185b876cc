"""The parts of the catalogue's JSON Schema (draft-07) that more than one system uses.

An editor checks against it while somebody types; `validate` decides. So a schema never refuses what `validate` takes,
but for a field that stands there empty.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

JsonSchema: TypeAlias = dict[str, object]

KEY = "^[A-Za-z0-9][A-Za-z0-9._-]*$"
"""What keys of goods are made of."""

_RANK = 999_999_999
PRIORITY: JsonSchema = {
    "description": "Who goes first when a day's quota is short: a higher number. needed_by goes before it.",
    "type": "integer",
    "minimum": -_RANK,
    "maximum": _RANK,
    "default": 0,
}
"""The field `priority` of an item."""

_CONTROL = (r"\p{Cc}\p{Zl}\p{Zp}", r"\u0000-\u001f\u007f-\u009f\u2028\u2029")


def portable(pattern: str) -> str:
    """A pattern in what the regular expressions of all editors understand."""
    return pattern.replace(*_CONTROL)


def fields(description: str, properties: Mapping[str, JsonSchema], required: Sequence[str] = ()) -> JsonSchema:
    """A mapping with these fields and no others."""
    schema: JsonSchema = {"description": description, "type": "object", "properties": dict(properties)}
    if required:
        schema["required"] = list(required)
    return schema | {"additionalProperties": False}


def keyed(description: str, pattern: str, member: JsonSchema) -> JsonSchema:
    """A mapping from keys of the user's to members of one kind."""
    return {
        "description": description,
        "type": "object",
        "patternProperties": {pattern: member},
        "additionalProperties": False,
    }


def optional(schema: JsonSchema) -> JsonSchema:
    """The same, or nothing: a heading whose members are all commented out."""
    return {**schema, "type": [str(schema["type"]), "null"]}


def yuan(description: str, most: int, *, zero: bool = False) -> JsonSchema:
    """An amount of yuan, quoted or not: over 0, or with `zero` 0 or more."""
    return {
        "description": description,
        "type": ["number", "string"],
        ("minimum" if zero else "exclusiveMinimum"): 0,
        "maximum": most,
        "pattern": r"^(0|[1-9][0-9]{0,8})(\.[0-9]{1,2})?$",
        "examples": [99.5, "99.50"],
    }
