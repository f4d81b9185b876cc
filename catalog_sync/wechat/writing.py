"""Our values on their way into a call: strict, for what is of a wrong type here is a mistake of ours."""

from __future__ import annotations

from catalog_sync.core.model import Value


def given(number: int | None) -> int:
    """An id that a call cannot do without. Raises ValueError."""
    if number is None:
        raise ValueError("the call needs an id that the request does not hold")
    return number


def write_text(value: Value) -> str:
    """A text. Raises TypeError."""
    if not isinstance(value, str):
        raise TypeError(f"text expected, not {type(value).__name__}")
    return value


def write_count(value: Value) -> int:
    """A whole number. Raises TypeError."""
    if type(value) is not int:
        raise TypeError(f"a whole number expected, not {type(value).__name__}")
    return value
