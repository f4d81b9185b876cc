"""The catalogue's `app:` alone, for what must also work while the rest of the catalogue is wrong."""

from __future__ import annotations

import os
from collections.abc import Collection

from catalog_sync.catalogue.document import HAS_C_PARSER, members
from catalog_sync.catalogue.fields import WrongValue, scalar
from catalog_sync.catalogue.policy import parse_app
from catalog_sync.catalogue.sources import Folder, open_file
from catalog_sync.catalogue.syntax import BadFile, refuse_utf_16
from catalog_sync.core.entry import Findings


def read_app(path: str, sections: Collection[str]) -> str | None:
    """The app id of the catalogue at `path`; None where it has none or cannot be read as far as that."""
    try:
        return _read_app(path, sections)
    except (BadFile, WrongValue):
        return None


def _read_app(path: str, sections: Collection[str]) -> str | None:
    source = Folder(path).source(os.path.basename(path))  # noqa: PTH119 - as the loader names it
    with open_file(path) as file:
        refuse_utf_16(file)
        for member in members(file, source, Findings(), streamed=sections, c_parser=HAS_C_PARSER):
            if member.key is None and member.section.text == "app" and member.node is not None:
                return parse_app(scalar(member.node))
    return None
