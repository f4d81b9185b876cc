"""Where a state lives, from its URL. The URL itself is never shown: it may hold a password."""

from __future__ import annotations

import re
from pathlib import Path

from catalog_sync.core.errors import UsageError

_URL = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?P<rest>.*)", re.DOTALL)
_HINT = "sqlite:///path/state.db is relative to the catalogue's folder, sqlite:////path/state.db is absolute"


def parse_location(url: str, base: Path) -> Path | None:
    """The state's file, None for `sqlite://` and `sqlite:///:memory:`, a state in memory. A relative path is below
    `base`."""
    match = _URL.fullmatch(url)
    if match is None:
        raise UsageError("the state's URL is not a URL", hint=_HINT)
    scheme, rest = match["scheme"].lower(), match["rest"]
    if scheme != "sqlite":
        raise UsageError(f"a state in {scheme} is not supported, only sqlite", hint=_HINT)
    if rest in {"", "/:memory:"}:
        return None
    return base / _path(rest)


def _path(rest: str) -> str:
    if not rest.startswith("/"):
        raise UsageError("the state's URL names a host; a SQLite file has none", hint=_HINT)
    if not rest[1:].strip():
        # A URL whose variable was not set. In memory the ids of a whole apply would be lost.
        raise UsageError("the state's URL names no file", hint=_HINT)
    if "?" in rest:
        raise UsageError("the state's URL has options after the question mark; there are none", hint=_HINT)
    if "\0" in rest:
        raise UsageError("the state's URL holds a NUL character", hint=_HINT)
    return rest[1:]
