"""What an answer holds, read leniently: the platform writes ids, numbers and texts in more than one type. Pure."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

LARGEST_ID = 2**63 - 1


class Unreadable(Exception):
    """An answer, or an item of it, that does not say what it is about."""


def read_id(value: object) -> int | None:
    """An id of the platform's, whatever type it gives it; None when it is none.

    OBS: ids exceed 32 bits (auditId, 2021-11), and 2^53 (product_id and sku_id, in the samples).
    """
    number = read_whole(value)
    return number if number is not None and 0 < number <= LARGEST_ID else None


def read_text(value: object) -> str | None:
    """A text, or a whole number as one."""
    if isinstance(value, str):
        # A lone surrogate is valid JSON, but no store and no terminal takes it.
        return value if value.isascii() else value.encode("utf-8", "replace").decode("utf-8")
    return str(value) if type(value) is int else None


def read_number(value: object) -> Decimal | None:
    """A number, or a text that says one; None for what is no number of ours (21 digits and more, too)."""
    if isinstance(value, str):
        try:
            value = Decimal(value.strip())
        except InvalidOperation:
            return None
    elif type(value) is int:
        value = Decimal(value)
    if not isinstance(value, Decimal) or not value.is_finite() or value.adjusted() > 20:
        return None
    return value


def read_whole(value: object) -> int | None:
    """A whole number, or a text that says one."""
    if type(value) is int:
        return value
    number = read_number(value)
    return None if number is None or number != number.to_integral_value() else int(number)
