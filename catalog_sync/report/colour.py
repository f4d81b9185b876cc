"""Colour for a terminal, or none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

_CODES = {"red": "31", "green": "32", "yellow": "33", "magenta": "35"}


@dataclass(frozen=True, slots=True)
class Colour:
    """Paints text when `on`."""

    on: bool = False

    def paint(self, name: str, text: str) -> str:
        """The text in a colour; an unknown or empty name leaves it as it is."""
        code = _CODES.get(name)
        return f"\x1b[{code}m{text}\x1b[0m" if self.on and code else text

    def bold(self, text: str) -> str:
        """The text as a heading."""
        return f"\x1b[1m{text}\x1b[0m" if self.on else text

    def dim(self, text: str) -> str:
        """The text as an aside."""
        return f"\x1b[2m{text}\x1b[0m" if self.on and text else text


def wanted(environment: Mapping[str, str], *, terminal: bool) -> bool:
    """Whether to colour: NO_COLOR, then FORCE_COLOR, then TERM=dumb, then whether this is a terminal."""
    if environment.get("NO_COLOR"):
        return False
    if environment.get("FORCE_COLOR"):
        return True
    return terminal and environment.get("TERM") != "dumb"
