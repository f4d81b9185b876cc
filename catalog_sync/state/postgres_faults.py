"""PostgreSQL's errors in our words: told by their SQLSTATE, never by their text, which may hold the URL."""

from __future__ import annotations

import psycopg
from sqlalchemy.exc import DBAPIError

from catalog_sync.core.errors import StateUnreadable
from catalog_sync.state.errors import StateBusy, StateLost, StateReadOnly, StateUnreachable
from catalog_sync.state.files import disk_full

BUSY_SECONDS = 30.0
"""How long a write waits for another process's, as in SQLite."""

STATEMENT_SECONDS = 60.0
"""How long the server may work at one statement, and a transaction may stand still."""

_READ_ONLY = {"25006", "42501"}
_DISK_FULL = "53100"
_SESSION_ENDED = ("08", "57P", "25P03")


def explain(name: str, error: Exception) -> StateUnreadable:
    """What an error of PostgreSQL means for the state that is called `name`."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    code: str = getattr(cause, "sqlstate", None) or ""
    if code in _READ_ONLY:
        return read_only(name)
    if code == _DISK_FULL:
        return disk_full(name)
    if code.startswith(_SESSION_ENDED) or (not code and isinstance(cause, psycopg.OperationalError)):
        return StateLost(
            f"{name}: the connection to the server broke",
            hint="run again: it looks first at what became of the calls that were begun",
        )
    if code in _MEANINGS:
        kind, message, hint = _MEANINGS[code]
        return kind(f"{name}: {message}", hint=hint)
    return StateUnreadable(
        f"{name}: PostgreSQL failed ({code or type(cause).__name__})", hint="run `catalog-sync doctor`"
    )


def read_only(name: str) -> StateReadOnly:
    """The state can be read but not written."""
    return StateReadOnly(
        f"{name}: the state is read-only",
        hint="the role lacks rights to the tables of the state, or the server is a standby",
    )


def unreachable(name: str, error: psycopg.OperationalError) -> StateUnreachable:
    """No session could be had. What a server says before one begins has no code; that it asked for a password can be
    told."""
    attempt = error.pgconn
    if attempt is not None and (attempt.needs_password or attempt.used_password):
        return StateUnreachable(
            f"{name}: the server does not let us in", hint="check user, password and database of the state's URL"
        )
    return StateUnreachable(
        f"{name}: the server cannot be reached, or does not let us in",
        hint="does it run, and are host, port, user and database of the state's URL right?",
    )


_TABLES = "the tables are not those of a state"
_MEANINGS: dict[str, tuple[type[StateUnreadable], str, str]] = {
    "55P03": (
        StateBusy,
        f"another process has kept the state locked for {BUSY_SECONDS:.0f} seconds",
        "the server's pg_stat_activity shows who",
    ),
    "57014": (
        StateBusy,
        f"the server did not answer within {STATEMENT_SECONDS:.0f} seconds",
        "is the server overloaded? Its pg_stat_activity shows what it does",
    ),
    "42P01": (StateUnreadable, _TABLES, "somebody changed them: restore the database from the server's backup"),
    "42703": (StateUnreadable, _TABLES, "somebody changed them: restore the database from the server's backup"),
    "XX001": (StateUnreadable, "the database is damaged", "restore it from the server's backup"),
    "XX002": (StateUnreadable, "the database is damaged", "restore it from the server's backup"),
}
