"""SQLite's errors in our words: told by their code, never by their text."""

from __future__ import annotations

import sqlite3

from sqlalchemy.exc import DBAPIError

from catalog_sync.core.errors import StateUnreadable
from catalog_sync.state.errors import StateBusy
from catalog_sync.state.files import disk_full, read_only

# How long a write waits for another process's. A plan that stores 100,000 new items holds the file for seconds.
BUSY_SECONDS = 30.0

_EXTENDED = 0xFF
"""The low byte of an extended result code is the primary one."""


def explain(name: str, error: Exception) -> StateUnreadable:
    """What an error of SQLite means for the state that is called `name`."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    code = primary_code(cause)
    if code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        return _busy(name)
    if code in {sqlite3.SQLITE_FULL, sqlite3.SQLITE_READONLY}:
        return disk_full(name) if code == sqlite3.SQLITE_FULL else read_only(name)
    if code in _MEANINGS:
        message, hint = _MEANINGS[code]
        return StateUnreadable(f"{name}: {message}", hint=hint)
    kind = getattr(cause, "sqlite_errorname", type(cause).__name__)
    return StateUnreadable(f"{name}: SQLite failed ({kind})", hint="run `catalog-sync doctor`")


def primary_code(error: object) -> int:
    """SQLite's result code of an error, 0 where it has none."""
    code: int = getattr(error, "sqlite_errorcode", 0)
    return code & _EXTENDED


def _busy(name: str) -> StateBusy:
    return StateBusy(
        f"{name}: another process has kept the state locked for {BUSY_SECONDS:.0f} seconds",
        hint="find what has the file open: a backup tool, a database browser",
    )


_CANNOT_OPEN = ("the state cannot be opened", "check that this user may read the file and write its folder")
_MEANINGS = {
    sqlite3.SQLITE_NOTADB: ("this is not a state file", "check --state"),
    sqlite3.SQLITE_CORRUPT: (
        "the state file is damaged",
        "put the newest of its backups in its place: the files beside it that are called the same with .backup-",
    ),
    sqlite3.SQLITE_CANTOPEN: _CANNOT_OPEN,
    sqlite3.SQLITE_PERM: _CANNOT_OPEN,
    sqlite3.SQLITE_AUTH: _CANNOT_OPEN,
    sqlite3.SQLITE_IOERR: (
        "the disk refuses to read or write the state",
        "check the disk, the room that is left on it, and limits on the size of files",
    ),
}
