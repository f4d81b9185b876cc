"""Opening a state: find it, make it or copy it, and bring its schema to ours."""

from __future__ import annotations

from pathlib import Path

from catalog_sync.core.errors import StateUnreadable, UsageError
from catalog_sync.state import files, migrations, sqlite
from catalog_sync.state.database import Database
from catalog_sync.state.errors import StateReadOnly
from catalog_sync.state.location import Server, parse_location
from catalog_sync.state.scope import find_scope, make_scope
from catalog_sync.state.store import SqlStore


def open_state(
    url: str, *, origin: str, app: str, base: Path | None = None, read_only: bool = False, must_exist: bool = False
) -> SqlStore:
    """The state of one shop. A relative path in `url` is below `base` (default: the working folder).

    A state that does not exist is made, with its folder, unless its file `must_exist`. With `read_only` nothing is
    written there: the store is a copy in memory, an empty one where there is no state. Raises `StateUnreadable` (as
    `StateReadOnly` where it can be read but not written), and `UsageError` for a URL that cannot be.
    """
    location = parse_location(url, base or Path())
    if isinstance(location, Server):
        database, name = _on_server(location, origin, app, read_only=read_only), location.name
    else:
        if location is not None and must_exist:
            _check_exists(location)
        database, name = _database(location, read_only=read_only), str(location or sqlite.IN_MEMORY)
    return _opened(database, name, origin, app, writable=not read_only)


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


def _on_server(server: Server, origin: str, app: str, *, read_only: bool) -> Database:
    try:
        from catalog_sync.state import postgres  # noqa: PLC0415 - an extra, and slow
    except ImportError:
        raise UsageError(
            "a state in PostgreSQL needs psycopg, which is not installed", hint="pip install 'catalog-sync[postgres]'"
        ) from None
    if not read_only:
        return postgres.ServerDatabase(server)
    memory = sqlite.in_memory()
    _bring_up(memory, sqlite.IN_MEMORY)
    postgres.copy_shop(server, origin, app, memory)
    return memory


def _opened(database: Database, name: str, origin: str, app: str, *, writable: bool) -> SqlStore:
    try:
        _bring_up(database, name)
        shop = database.read(lambda connection: find_scope(connection, origin, app))
        if shop is None:
            shop = database.write(lambda connection: make_scope(connection, origin, app))
        database.belongs_to(shop)
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
