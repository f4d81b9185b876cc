"""Opening a state: find it, make it or copy it, and bring its schema to ours."""

from __future__ import annotations

from pathlib import Path

from catalog_sync.core.errors import StateUnreadable
from catalog_sync.state import files, migrations, sqlite
from catalog_sync.state.database import Database
from catalog_sync.state.errors import StateReadOnly
from catalog_sync.state.location import parse_location
from catalog_sync.state.scope import find_scope, make_scope
from catalog_sync.state.store import SqlStore


def open_state(
    url: str, *, origin: str, app: str, base: Path | None = None, read_only: bool = False, must_exist: bool = False
) -> SqlStore:
    """The state of one shop. A relative path in `url` is below `base` (default: the working folder).

    A state that does not exist is made, with its folder, unless it `must_exist`. With `read_only` nothing is written
    to disk: the store is a copy in memory, an empty one where there is no state. Raises `StateUnreadable` (as
    `StateReadOnly` where it can be read but not written), and `UsageError` for a URL that cannot be.
    """
    path = parse_location(url, base or Path())
    if path is not None and must_exist:
        _check_exists(path)
    return _opened(_database(path, read_only=read_only), path, origin, app, writable=not read_only)


def open_to_plan(url: str, *, origin: str, app: str, base: Path | None = None, must_exist: bool = False) -> SqlStore:
    """The state for a plan: writable where it can be, so that what is seen is kept; else a copy in memory."""
    try:
        return open_state(url, origin=origin, app=app, base=base, must_exist=must_exist)
    except StateReadOnly:
        return open_state(url, origin=origin, app=app, base=base, read_only=True, must_exist=must_exist)


def _check_exists(path: Path) -> None:
    if not files.exists(path):
        raise StateUnreadable(f"{path}: there is no state", hint="check --state; `catalog-sync plan` makes a new one")


def _database(path: Path | None, *, read_only: bool) -> Database:
    if path is None:
        return sqlite.in_memory()
    if not read_only:
        return sqlite.at(path)
    return sqlite.copy_of(path) if files.exists(path) else sqlite.in_memory()


def _opened(database: Database, path: Path | None, origin: str, app: str, *, writable: bool) -> SqlStore:
    try:
        _bring_up(database, sqlite.IN_MEMORY if path is None else str(path))
        shop = database.read(lambda connection: find_scope(connection, origin, app))
        if shop is None:
            shop = database.write(lambda connection: make_scope(connection, origin, app))
    except BaseException:
        database.close()
        raise
    return SqlStore(database, shop, writable=writable)


def _bring_up(database: Database, name: str) -> None:
    """Bring an older schema to ours; the state as it was stays beside it."""
    schema = database.read(lambda connection: migrations.read_schema(connection, name))
    if schema == migrations.HEAD:
        return
    if schema is not None:
        database.back_up(f"schema-{schema}")
    database.write(lambda connection: migrations.upgrade(connection, name))
