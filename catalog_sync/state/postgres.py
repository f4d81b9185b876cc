"""A state on a PostgreSQL server, which a team or many machines share.

A write takes the shop's row first, `FOR NO KEY UPDATE`, and reads only once it has it: the writes of a shop come one
after the other, in whatever process, as in SQLite, and other shops do not wait. A row, and not serialisable
transactions, because those fail and have to be repeated whenever two of them touch one ledger; and not an advisory
lock, because a number may be another program's, too.

What a SQLite state does by its file, the server does: its own write-ahead log, its roles, its backups.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import Connection, create_engine, insert, select, text
from sqlalchemy.pool import NullPool
from typing_extensions import override

from catalog_sync.core.errors import StateUnreadable, UsageError
from catalog_sync.state import migrations
from catalog_sync.state.database import Database, Health
from catalog_sync.state.location import Server
from catalog_sync.state.postgres_faults import BUSY_SECONDS, STATEMENT_SECONDS, explain, read_only, unreachable
from catalog_sync.state.scope import find_scope
from catalog_sync.state.tables import metadata, scopes

OLDEST_SERVER = 13

# A run that gets a signal in the middle of a query leaves the session as it is; that is told in our words.
logging.getLogger("sqlalchemy.pool").addHandler(logging.NullHandler())

_DEFAULTS = {
    "application_name": "catalog-sync",
    "connect_timeout": "10",
    # A server that is gone without a word is noticed well within the 60 seconds of a lease.
    "keepalives_idle": "15",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "30000",
}
"""What the URL may say otherwise."""

# The last line: "written" means on the disk, whatever the server's default is; with fewer digits an instant would not
# come back as it was.
_SESSION = f"""\
SET lock_timeout = '{BUSY_SECONDS:.0f}s'; SET statement_timeout = '{STATEMENT_SECONDS:.0f}s';
SET idle_in_transaction_session_timeout = '{STATEMENT_SECONDS:.0f}s'; SET extra_float_digits = 1;
SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'"""

_READ = "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY"
# Who opens a state may find no tables yet, and no row to take. A migration may take as long as it likes.
_WRITE_OPENING = """\
BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL statement_timeout = 0; SELECT pg_advisory_xact_lock(7161128493072573299)
"""
_WRITE = sql.SQL("BEGIN ISOLATION LEVEL READ COMMITTED; SELECT FROM scopes WHERE id = {} FOR NO KEY UPDATE")

_CLOCK = text("SELECT CAST(extract(epoch FROM clock_timestamp()) AS double precision)")
_MAY_WRITE = text(
    "SELECT NOT pg_is_in_recovery() AND current_setting('default_transaction_read_only') = 'off'"
    " AND bool_and(has_table_privilege(t, p))"
    " FROM unnest(CAST(:tables AS text[])) t, unnest(ARRAY['INSERT', 'UPDATE', 'DELETE']) p"
)

_HEALTH = text(
    "SELECT split_part(current_setting('server_version'), ' ', 1), current_setting('synchronous_commit'), name"
    " FROM (SELECT 1) one LEFT JOIN pg_settings ON name IN ('fsync', 'full_page_writes') AND setting = 'off'"
    " ORDER BY name LIMIT 1"
)

_PATIENCE = 1.0
"""Seconds of rest after which a connection is tried before it is used."""


class ServerDatabase(Database):
    """A state on a server: one session for all threads.

    A session that broke between two transactions is replaced before the next; one that breaks within a transaction
    fails it, and nothing is repeated: what was answered to a commit may be lost, not the commit.
    """

    def __init__(self, server: Server) -> None:
        engine = create_engine(
            "postgresql+psycopg://",
            creator=partial(connect, server),
            poolclass=NullPool,
            pool_reset_on_return=None,  # or the end of a session that broke is told with a traceback
            use_native_hstore=False,
        )
        super().__init__(engine, partial(explain, server.name))
        self._name = server.name
        self._shop: int | None = None
        self._rested = time.monotonic()
        self._driver = self._session()

    @override
    def now(self, ours: float) -> float:
        """The server's clock, for machines that share a state may not agree about the time."""
        return self.read(lambda connection: float(connection.execute(_CLOCK).scalar_one()))

    @override
    def belongs_to(self, shop: int) -> None:
        """From now on writes take the row of this shop; raises `StateReadOnly` where this role may only read."""
        if not self.read(_may_write):
            raise read_only(self._name)
        self._shop = shop

    @override
    def health(self) -> Health:
        return self.read(_health)

    def _session(self) -> psycopg.Connection:
        driver: psycopg.Connection = self._connection.connection.driver_connection  # type: ignore[assignment]
        return driver

    @contextmanager
    def _transaction(self, *, write: bool) -> Iterator[None]:
        self._mend()
        try:
            with super()._transaction(write=write):
                yield
        finally:
            self._rested = time.monotonic()

    def _begin(self, *, write: bool) -> None:
        if not write:
            self._driver.execute(_READ)
        elif self._shop is None:
            self._driver.execute(_WRITE_OPENING)
        else:
            self._driver.execute(_WRITE.format(self._shop), prepare=False)

    def _mend(self) -> None:
        """Replace a session that is gone: a server that was started anew, a firewall that forgot us."""
        with suppress(psycopg.OperationalError):
            if time.monotonic() - self._rested > _PATIENCE:
                self._driver.execute("SELECT 1")
        if self._driver.closed:
            self._connection.close()
            self._connection = self._engine.connect()
            self._driver = self._session()


def session_options(server: Server) -> dict[str, object]:
    """What every session with a server asks of the driver: the URL's own options, and the defaults that notice a server
    that is gone. Raises `UsageError`."""
    try:
        return {**_DEFAULTS, **conninfo_to_dict(server.url), "client_encoding": "utf8"}
    except psycopg.ProgrammingError:  # its text holds the URL
        raise UsageError(
            "the state's URL is not one of a PostgreSQL database",
            hint="it has an option that does not exist, or a % that is not followed by two digits",
        ) from None


def connect(server: Server) -> psycopg.Connection:
    """A session in which transactions begin where they are said to. Raises `StateUnreadable`, `UsageError`."""
    options = session_options(server)
    try:
        # autocommit: transactions begin where we say.
        driver = psycopg.connect(**options, autocommit=True)  # type: ignore[arg-type]
    except psycopg.OperationalError as error:
        raise unreachable(server.name, error) from None
    try:
        _check_server(server, driver)
        driver.execute(_SESSION)
    except BaseException:
        driver.close()
        raise
    return driver


def _check_server(server: Server, driver: psycopg.Connection) -> None:
    version = driver.info.server_version // 10000
    if version < OLDEST_SERVER:
        raise StateUnreadable(
            f"{server.name}: the server is PostgreSQL {version}", hint=f"{OLDEST_SERVER} or newer is needed"
        )
    encoding = driver.info.parameter_status("server_encoding")
    if encoding != "UTF8":
        raise StateUnreadable(
            f"{server.name}: the database has the encoding {encoding}, which cannot hold every text",
            hint="make one: CREATE DATABASE ... ENCODING 'UTF8' TEMPLATE template0",
        )


def _may_write(connection: Connection) -> bool:
    return bool(connection.execute(_MAY_WRITE, {"tables": list(metadata.tables)}).scalar_one())


def _health(connection: Connection) -> Health:
    version, commits, off = connection.execute(_HEALTH).one()
    weakness = f"the server's {off} is off: when its power fails, ids are lost" if off else ""
    return Health(f"PostgreSQL {version}, synchronous_commit {commits}", weakness)


def copy_shop(server: Server, origin: str, app: str, target: Database) -> None:
    """Put what the server knows of a shop into an empty state, for who may only read."""
    source = ServerDatabase(server)
    try:
        rows = source.read(lambda connection: _rows(connection, server.name, origin, app))
    finally:
        source.close()
    target.write(lambda connection: _insert(connection, rows))


_Rows = dict[str, list[dict[str, object]]]


def _rows(connection: Connection, name: str, origin: str, app: str) -> _Rows:
    schema = migrations.read_schema(connection, name)
    if schema not in {None, migrations.HEAD}:
        raise StateUnreadable(
            f"{name}: the state has schema {schema}, this catalog-sync needs {migrations.HEAD}",
            hint="a role that may change tables brings it there, with any command: `catalog-sync state list`",
        )
    shop = None if schema is None else find_scope(connection, origin, app)
    if shop is None:
        return {}
    found: _Rows = {}
    for table in metadata.sorted_tables:
        belongs = table.c.id if table is scopes else table.c.scope
        found[table.name] = [dict(row) for row in connection.execute(select(table).where(belongs == shop)).mappings()]
    return found


def _insert(connection: Connection, rows: _Rows) -> None:
    for name, found in rows.items():
        if found:
            connection.execute(insert(metadata.tables[name]), found)
