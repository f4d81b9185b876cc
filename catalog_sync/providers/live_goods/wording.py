"""What is wrong with a field of `goods:`, in words that say what would be right."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from unicodedata import east_asian_width

from catalog_sync.core.entry import Code, Explained, Node, Scalar, did_you_mean
from catalog_sync.core.model import LockedChange
from catalog_sync.core.reading import A_RANK, A_TIME, A_TRUTH, CONTROL, wrong_amount

MAX_UNITS = 28
"""Vendor: a name has at most 14 Chinese characters, a wide character counts 2 (goods page, add). Checked 2026-11-21."""

MIN_UNITS = 6
"""Names under 3 Chinese characters were seen to be refused with 300002; no page says so. Unverified, 2026-11-21."""

MAX_PRICE_FEN = 100_000_000 * 100
"""Ours: the vendor names no limit (checked 2026-11-21)."""

_SPACE = re.compile(r"\s")


class GoodsCode(Explained):
    """The codes of diagnostics that only `goods:` has."""

    NAME_TOO_LONG = "name_too_long", "A name over 28 units, a wide character counting 2."
    NAME_MAY_BE_LONG = "name_may_be_long", "A name over 28 units if characters of ambiguous width count 2."
    NAME_SHORT = "name_short", "A name so short that the platform was seen to refuse it."
    PRICE2_ALONE = "price2_alone", "A second price without a price type."
    PRICE2_UNUSED = "price2_unused", "A second price where the type has only one."
    PRICE_ORDER = "price_order", "Two prices in the wrong order for their type."
    URL_ODD = "url_odd", "A page's url that the platform probably refuses."
    TWINS = "twins", "Two keys with the same name and url."
    COVER_SHARED = "cover_shared", "One cover for many items."


def name_units(name: str, *, ambiguous: int = 1) -> int:
    """The length of a name as the platform counts it: wide and full-width characters 2, any other 1."""
    widths = {"W": 2, "F": 2, "A": ambiguous}
    return sum(widths.get(east_asian_width(character), 1) for character in name)


def url_oddities(url: str) -> Iterator[str]:
    """What the platform was seen to refuse in a page's url, or what breaks on the way to it."""
    path, _mark, _query = url.partition("?")
    if "://" in url:
        yield "holds ://; percent-encode a value that is a link"
    if _SPACE.search(url):
        yield "holds a space"
    if not url.isascii():
        yield "holds characters that are not ASCII; percent-encode them"
    if "%2f" in path.lower():
        yield "has %2F in its path; only values after the ? are percent-encoded"


def wrong(name: str, node: Node) -> tuple[str, str]:
    """The code and the words for a value that the field cannot have."""
    if not isinstance(node, Scalar):
        return Code.WRONG_TYPE, f"must be {_KINDS[name]}"
    if name in _TEXTS:
        return _wrong_text(node.text)
    if name in {"price", "price2"}:
        return wrong_amount(node.text, MAX_PRICE_FEN // 100)
    quoted = ", without quotes" if name in UNQUOTED and not node.plain else ""
    return Code.WRONG_VALUE, _EXPECTED[name](node.text) + quoted


def _wrong_text(text: str) -> tuple[str, str]:
    if CONTROL.search(text):
        return Code.CONTROL_CHARACTER, "must not hold control characters"
    return Code.MISSING_FIELD, "is required"


UNQUOTED = frozenset({"priceType", "priority", "protect"})
"""Fields that are no text: in quotes they are of a wrong type."""

_TEXTS = frozenset({"name", "cover", "url"})

_KINDS = {
    "name": "a text",
    "cover": "a file, a link or keep",
    "url": "a text",
    "thirdPartyAppid": "a text",
    "priceType": "1, 2 or 3",
    "price": "a number",
    "price2": "a number",
    "priority": "a whole number",
    "needed_by": "a time",
    "protect": "true or false",
    "locked_change": "a text",
}
"""What the fields are, for lists and mappings in their place."""


def _one_of_the_changes(text: str) -> str:
    names = [each.value for each in LockedChange]
    return f"must be {', '.join(names[:-1])} or {names[-1]}{did_you_mean(text, names)}"


_EXPECTED: dict[str, Callable[[str], str]] = {
    "thirdPartyAppid": lambda _text: "must be wx and 16 digits or letters a to f",
    "priceType": lambda _text: "must be 1, 2 or 3",
    "priority": lambda _text: A_RANK,
    "needed_by": lambda _text: A_TIME,
    "protect": lambda _text: A_TRUTH,
    "locked_change": _one_of_the_changes,
}
