"""Where a state lives, from its URL. The URL itself is never shown: it may hold a password."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, unquote

from catalog_sync.core.errors import UsageError

_URL = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?P<rest>.*)", re.DOTALL)
_HINT = "sqlite:///path/state.db is relative to the catalogue's folder, sqlite:////path/state.db is absolute"
_SERVER = re.compile(r"(?:[^/?#\s]*@)?(?P<host>[^/@?#\s]*)(?:/(?P<database>[^/@?#\s]*))?(?:\?(?P<options>[^@#\s]*))?")
_SERVER_HINT = "postgresql://USER@HOST/DATABASE; in a name or password @ is %40, / is %2F, : is %3A, # is %23"


@dataclass(frozen=True, slots=True)
class Server:
    """A state on a PostgreSQL server. `url` may hold a password; `name`, which is for messages, does not."""

    url: str = field(repr=False)
    name: str


def parse_location(url: str, base: Path) -> Path | Server | None:
    """The state's file or server; None for `sqlite://` and `sqlite:///:memory:`, a state in memory. A relative path is
    below `base`."""
    match = _URL.fullmatch(url)
    if match is None:
        raise UsageError("the state's URL is not a URL", hint=_HINT)
    scheme, rest = match["scheme"].lower(), match["rest"]
    if scheme in {"postgresql", "postgres"}:
        return Server(f"postgresql://{rest}", _server_name(rest))
    if scheme != "sqlite":
        raise UsageError(f"a state in {scheme} is not supported, only sqlite and postgresql", hint=_HINT)
    if rest in {"", "/:memory:"}:
        return None
    return base / _path(rest)


def _server_name(rest: str) -> str:
    match = _SERVER.fullmatch(rest)
    if match is None or "\0" in unquote(rest):
        raise UsageError("the state's URL is not one of a PostgreSQL database", hint=_SERVER_HINT)
    options = parse_qs(match["options"] or "")
    host, database = (
        unquote(match[part] or "") or options.get(option, [""])[0]
        for part, option in (("host", "host"), ("database", "dbname"))
    )
    return f"PostgreSQL {host or 'on this machine'}/{database}"


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
