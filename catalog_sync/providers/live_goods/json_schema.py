"""The JSON Schema of `goods:`, for editors: what is checked, in the types of YAML, with words."""

from __future__ import annotations

from catalog_sync.core.json_schema import KEY, PRIORITY, JsonSchema, fields, keyed, optional, portable, yuan
from catalog_sync.providers.live_goods.fields import FIELDS, REQUIRED, RULES
from catalog_sync.providers.live_goods.wording import MAX_PRICE_FEN, MAX_UNITS

_MAX_YUAN = MAX_PRICE_FEN // 100

_WORDS: dict[str, JsonSchema] = {
    "name": {
        "description": f"The name, at most {MAX_UNITS} units: a Chinese character counts 2, any other 1.",
        "type": ["string", "number"],
        "maxLength": MAX_UNITS,
        "examples": ["TIT茶杯"],
    },
    "cover": {
        "description": "The picture: a file (PNG, JPEG or GIF, at most 300 x 300 pixels and 2 MB), relative to the "
        "file that names it; an https link; or keep, for an item that is there already.",
        "type": "string",
        "examples": ["covers/tit-cup.png", "https://img.example.com/tit-cup.png", "keep"],
    },
    "price": yuan("Yuan, at most 2 decimals. A range: its low end; a discount: the price crossed out.", _MAX_YUAN),
    "url": {
        "description": "The page of the Mini Program that opens, without a leading slash; encode characters that are "
        "not ASCII.",
        "type": "string",
        "examples": ["pages/index/index?id=51"],
    },
    "priceType": {
        "description": "1: one price. 2: a range from price to price2. 3: a discount, price crossed out, price2 paid.",
        "type": "integer",
        "default": 1,
    },
    "price2": yuan("Yuan. A range: its high end, over price; a discount: what is paid now.", _MAX_YUAN, zero=True),
    "thirdPartyAppid": {
        "description": "The appid of the Mini Program that has the page, where that is not the shop's own.",
        "type": "string",
        "examples": ["wxfedcba9876543210"],
    },
    "priority": PRIORITY,
    "needed_by": {
        "description": "When it must be approved, such as the live show: a time with its offset. The earliest goes "
        "first, and the plan warns of what will be late.",
        "type": "string",
        "examples": ["2026-12-01T20:00:00+08:00"],
    },
    "protect": {
        "description": "Never delete or replace it, not even when it is no longer listed.",
        "type": "boolean",
        "default": False,
    },
    "locked_change": {
        "description": "An edit of approved content, for this item instead of the policy: hold it back, add a new item "
        "and delete the old one, or the same once the new one is approved.",
        "type": "string",
    },
}


def goods_schema() -> JsonSchema:
    """`goods:` as a whole."""
    item = fields("One item of the live room.", {name: _field(name) for name in FIELDS}, REQUIRED)
    item["dependencies"] = {"price2": ["priceType"]}
    two_prices = {"properties": {"priceType": {"enum": [2, 3]}}, "required": ["priceType"]}
    item |= {"if": two_prices, "then": {"required": ["price2"]}}
    return optional(
        keyed("Mini Program Live goods, by a key of yours that never changes (moved: renames it).", KEY, item)
    )


def _field(name: str) -> JsonSchema:
    """The words on a field with what its text must be; a number or truth value has its own type instead."""
    words, rule = _WORDS[name], RULES[name]
    match words["type"], rule:
        case ("boolean", _) | ("integer", str()):
            return words
        case "integer", _:
            return words | {"enum": [int(choice) for choice in rule]}
        case _, str():
            return words | {"pattern": portable(rule)}
        case _:
            return words | {"enum": list(rule)}
