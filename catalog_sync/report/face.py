"""What a person knows an item by, beside its plan: its name and its pictures. A plan's fields are those that change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Face:
    """One item's name, small pictures of the catalogue's cover as data URIs (as the file is; and, where it is made to
    fit, as it is uploaded), and the link to the picture that the platform shows. `left_out` says that there would be
    pictures, and no room for them."""

    name: str = ""
    pictures: tuple[str, ...] = ()
    link: str = ""
    left_out: bool = False


Faces = Mapping[str, Face]
"""Faces by address; an item without one is shown by its address and its fields alone."""

_LONGEST_LINK = 2000

NOBODY = Face()


def web_link(text: str) -> str:
    """The text where it may become a link: a plain address of the web, nothing that a browser runs. Else nothing."""
    web = text.startswith(("https://", "http://")) and text.isascii() and text.isprintable()
    return text if web and len(text) <= _LONGEST_LINK else ""
