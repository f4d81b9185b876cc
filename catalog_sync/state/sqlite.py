"""A state in SQLite: in a file, in memory, or a copy in memory of what a file holds."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Engine, create_engine
from sqlalchemy.pool import StaticPool

from catalog_sync.core.errors import StateUnreadable
from catalog_sync.state.database import Database
from catalog_sync.state.faults import BUSY_SECONDS, explain, primary_code
from catalog_sync.state.files import check_readable, close_to_others, has_log, new_backup, prepare

IN_MEMORY = "the state in memory"

_PRAGMAS = (
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    # The log is written back every 16 MB instead of every 4: fewer pauses in an apply, and every apply ends with a
    # checkpoint of its own.
    "PRAGMA wal_autocheckpoint = 4000",
)


class SqliteDatabase(Database):
    """A state in SQLite."""

    def __init__(self, connect: Callable[[], sqlite3.Connection], name: str) -> None:
        super().__init__(_engine(connect), partial(explain, name))
        self._driver: sqlite3.Connection = self._connection.connection.driver_connection  # type: ignore[assignment]

    @contextmanager
    def alone(self) -> Iterator[sqlite3.Connection]:
        """The driver's connection, outside any transaction, while nobody else uses it."""
        with self._taking_turn(), self._explained():
            yield self._driver

    def _begin(self, *, write: bool) -> None:
        # Straight to the driver: an event of SQLAlchemy's would slow each of its statements by a tenth.
        self._driver.execute("BEGIN IMMEDIATE" if write else "BEGIN")


class FileDatabase(SqliteDatabase):
    """A state in a file of its own."""

    def __init__(self, path: Path) -> None:
        super().__init__(partial(_open, path), str(path))
        self._path = path.absolute()  # the working folder may be another by the time of the backup

    def back_up(self, label: str) -> None:
        """Write the log back into the file, and copy the file."""
        with self.alone() as driver:
            driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            with new_backup(self._path, label) as copy, closing(_connect(str(copy))) as target:
                driver.backup(target)


def in_memory() -> Database:
    """A new, empty state that ends with the process."""
    return SqliteDatabase(_new, IN_MEMORY)


def at(path: Path) -> Database:
    """The state in this file, for reading and writing; the file is made when there is none."""
    prepare(path)
    _check_ours(path)
    close_to_others(path)
    return FileDatabase(path)


def _check_ours(path: Path) -> None:
    """Raises `StateUnreadable` for a file of another program, before anything is done to it. It is read through SQLite,
    for to close a file drops the locks that this process holds on it, and as one that nobody changes, for that makes no
    files beside it; what is found wrong beyond its kind is left to the opening."""
    try:
        with closing(_connect(f"{_uri(path)}&immutable=1", uri=True)) as source:
            tables = {row[0] for row in source.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    except sqlite3.Error as error:
        if primary_code(error) == sqlite3.SQLITE_NOTADB:
            raise explain(str(path), error) from None
        return
    if tables and "scopes" not in tables:
        raise StateUnreadable(f"{path}: this database belongs to another program", hint="check --state")


def copy_of(path: Path) -> Database:
    """What the file holds now, in memory: nothing that is done to it reaches the file."""
    check_readable(path)
    return SqliteDatabase(partial(_copy, path), str(path))


def _engine(connect: Callable[[], sqlite3.Connection]) -> Engine:
    # One connection for all threads: `Database` gives it to one at a time.
    return create_engine("sqlite+pysqlite://", creator=connect, poolclass=StaticPool)


def _connect(target: str, *, uri: bool = False) -> sqlite3.Connection:
    # isolation_level None: transactions begin where we say, also around the DDL of migrations.
    return sqlite3.connect(
        target, uri=uri, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False, cached_statements=256
    )


def _new() -> sqlite3.Connection:
    connection = _connect(":memory:")
    connection.execute("PRAGMA foreign_keys = ON")
    return connection


def _open(path: Path) -> sqlite3.Connection:
    connection = _connect(str(path))
    try:
        _set_up(connection, path)
    except BaseException:
        connection.close()
        raise
    return connection


def _set_up(connection: sqlite3.Connection, path: Path) -> None:
    mode = connection.execute("PRAGMA journal_mode = WAL").fetchone()[0]
    if mode != "wal":
        raise StateUnreadable(
            f"{path}: this file system cannot hold a SQLite state",
            hint="network folders lack the shared memory that it needs: put the state on a local disk",
        )
    for pragma in _PRAGMAS:
        connection.execute(pragma)


def _copy(path: Path) -> sqlite3.Connection:
    memory = _new()
    try:
        with closing(_open_to_read(path)) as source:
            source.backup(memory)
    except BaseException:
        memory.close()
        raise
    return memory


def _uri(path: Path) -> str:
    return f"file:{quote(str(path.absolute()))}?mode=ro"


def _open_to_read(path: Path) -> sqlite3.Connection:
    """A connection that cannot write. Where SQLite cannot even make its files beside the state, it reads it only when
    told that nobody changes it; so it is when no log lies there."""
    name = _uri(path)
    connection = _connect(name, uri=True)
    try:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.Error as error:
        connection.close()
        if primary_code(error) not in {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY} or has_log(path):
            raise
        return _connect(f"{name}&immutable=1", uri=True)
    return connection
