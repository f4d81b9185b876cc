"""JSON for people and programs: how every document of ours is spelt, on stdout and in a file."""

from __future__ import annotations

import json
import re
from dataclasses import fields, is_dataclass

_SURROGATE = re.compile("[\ud800-\udfff]")


def json_text(value: object) -> str:
    """One JSON document; a dataclass in it is an object of its fields. Bytes of a command line that are no UTF-8 cannot
    be printed: they are escaped."""
    text = json.dumps(value, ensure_ascii=False, indent=2, default=members)
    return _SURROGATE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def members(value: object) -> dict[str, object]:
    """A dataclass as JSON has it; its values may be dataclasses in turn."""
    if not is_dataclass(value):
        raise TypeError(f"{type(value).__name__} has no JSON")
    return {each.name: getattr(value, each.name) for each in fields(value)}
