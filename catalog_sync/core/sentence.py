"""Sentences that can be told in another language: English as they stand, with the template and the values they are of.

What is told in a sentence is a contract in its code (`reason`, `code`); its words are for people, in their language.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Self, TypeAlias

Told: TypeAlias = str | int | tuple[str, ...]
"""What a sentence may hold: several are told as a list, and a sentence may hold another one."""


class Sentence(str):
    """A sentence with values. It is its English text, and goes wherever a text does; what is stored or saved is that
    text alone. Braces of a template that are none of a value's are doubled."""

    __slots__ = ("template", "values")

    template: str
    values: Mapping[str, Told]

    def __new__(cls, template: str, /, **values: Told) -> Self:
        """The sentence of a template; its values are named as what they are: `address`, `fields`, `kind`."""
        english = {name: ", ".join(value) if isinstance(value, tuple) else value for name, value in values.items()}
        made = super().__new__(cls, template.format_map(english))
        made.template, made.values = template, values
        return made

    def __getnewargs_ex__(self) -> tuple[tuple[str], Mapping[str, Told]]:
        """How a copy of it is made."""
        return (self.template,), self.values


class Sentences(str):
    """Several sentences, none of which is whole without the others."""

    __slots__ = ("parts",)

    parts: tuple[str, ...]

    def __new__(cls, parts: Sequence[str]) -> Self:
        """The sentences in their order."""
        made = super().__new__(cls, "; ".join(parts))
        made.parts = tuple(parts)
        return made

    def __getnewargs__(self) -> tuple[tuple[str, ...]]:  # type: ignore[override]  # str's own gives a text
        """How a copy of it is made."""
        return (self.parts,)


def with_found(summary: str, found: str) -> Sentence:
    """What is wrong with a value, with the value."""
    return Sentence("{summary} ({found})", summary=summary, found=found)


def coded(meaning: str, errcode: int) -> Sentence:
    """What a code of the platform's means, with the code."""
    return Sentence("{meaning} (errcode {errcode})", meaning=meaning, errcode=errcode)
