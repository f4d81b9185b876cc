"""The tables of the state, for SQLite and PostgreSQL alike. Every row but the scope's own belongs to one scope.

Texts that come from outside (values, answers, keys) are stored as JSON text: JSON escapes what a database refuses, such
as NUL characters and lone surrogates. Days are ISO texts.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    UniqueConstraint,
    literal_column,
)
from sqlalchemy import Text as _Text

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# PostgreSQL compares texts by the rules of a language, unless it is told to go by their characters as SQLite does.
Text = _Text().with_variant(_Text(collation="C"), "postgresql")

# SQLite numbers rows by itself only in a column of the very type INTEGER.
_Number = BigInteger().with_variant(Integer, "sqlite")


def _scope() -> Column[int]:
    return Column("scope", Integer, ForeignKey("scopes.id", ondelete="CASCADE"), primary_key=True)


# One shop: an API origin and an app. `observation` is the number of the last observation that was recorded. `dirty`
# says that something was written since `serial` rose.
scopes = Table(
    "scopes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("origin", Text, nullable=False),
    Column("app", Text, nullable=False),
    Column("lineage", Text, nullable=False),
    Column("serial", BigInteger, nullable=False),
    Column("epoch", BigInteger, nullable=False),
    Column("observation", BigInteger, nullable=False),
    Column("dirty", Boolean, nullable=False),
    UniqueConstraint("origin", "app"),
)

# Ids are one system's own: goods and SKUs may have the same. `system` is the prefix of the system's addresses.
# One row per remote item that we hold: the current one of an address, and its successor. An id is bound once.
copies = Table(
    "copies",
    metadata,
    _scope(),
    Column("address", Text, primary_key=True),
    Column("role", Text, primary_key=True),
    Column("system", Text, nullable=False),
    Column("remote_id", BigInteger, nullable=False),
    Column("audit_id", BigInteger),
    Column("sent", Text, nullable=False),
    Column("submitted", Text),
    Column("echo", Text, nullable=False),
    Column("replaced", Text, nullable=False),
    Column("written_at", Double),
    Column("submitted_at", Double),
    Column("locked_out", Boolean, nullable=False),
    Column("protect", Boolean, nullable=False),
    UniqueConstraint("scope", "system", "remote_id"),
    sqlite_with_rowid=False,
)

# What the newest observation said of itself, as JSON.
observations = Table(
    "observations",
    metadata,
    _scope(),
    Column("system", Text, primary_key=True),
    Column("number", BigInteger, nullable=False),
    Column("taken_at", Double, nullable=False),
    Column("about", Text, nullable=False),
)

# Every id that was ever seen. `body` is NULL once the item is gone; `first_seen` stays: an id that was seen before a
# call began cannot be the one that the call made.
remotes = Table(
    "remotes",
    metadata,
    _scope(),
    Column("system", Text, primary_key=True),
    Column("remote_id", BigInteger, primary_key=True, autoincrement=False),
    Column("first_seen", BigInteger, nullable=False),
    Column("body", Text),
    sqlite_with_rowid=False,
)

# The journal. A number is never given twice.
entries = Table(
    "entries",
    metadata,
    Column("number", _Number, primary_key=True),
    Column("scope", Integer, ForeignKey("scopes.id", ondelete="CASCADE"), nullable=False),
    Column("address", Text, nullable=False),
    Column("parent", Text),
    Column("call", Text, nullable=False),
    Column("verb", Text, nullable=False),
    Column("pool", Text),
    Column("day", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("remote_id", BigInteger),
    Column("audit_id", BigInteger),
    Column("fields", Text, nullable=False),
    Column("before", Text, nullable=False),
    Column("item", Text),
    Column("protect", Boolean, nullable=False),
    Column("observation", BigInteger, nullable=False),
    Column("charged_at", Double),
    Column("began_at", Double, nullable=False),
    Column("ended_at", Double),
    Column("state", Text, nullable=False),
    Column("answer", Text),
    Index("ix_entries_scope_number", "scope", "number"),
)

# A plan asks for these few among thousands of closed rows. The states are literals here and in the queries: an index
# over a part of the rows is used only for a query that names the same part.
OPEN = literal_column("'open'", Text)
NOT_LANDED = literal_column("'not_landed'", Text)


def index_parts() -> None:
    """Complete the tables by these indexes: for comparisons with what the migrations make. It is no part of the import,
    for SQLAlchemy reads its PostgreSQL dialect to understand them, which takes a tenth of the start of a plan."""
    for name, state in (("ix_entries_open", OPEN), ("ix_entries_not_landed", NOT_LANDED)):
        part = entries.c.state == state
        Index(name, entries.c.scope, entries.c.number, sqlite_where=part, postgresql_where=part)


# Calls by pool and quota day: `spent` is what we sent, `told` the highest count that the platform told.
ledger = Table(
    "ledger",
    metadata,
    _scope(),
    Column("pool", Text, primary_key=True),
    Column("day", Text, primary_key=True),
    Column("spent", BigInteger, nullable=False),
    Column("told", BigInteger),
    sqlite_with_rowid=False,
)

pictures = Table(
    "pictures",
    metadata,
    _scope(),
    Column("identity", Text, primary_key=True),
    Column("ref", Text, nullable=False),
    Column("expires_at", Double, nullable=False),
    sqlite_with_rowid=False,
)

refusals = Table(
    "refusals",
    metadata,
    _scope(),
    Column("address", Text, primary_key=True),
    Column("fingerprint", Text, nullable=False),
    Column("errcode", BigInteger, nullable=False),
    Column("meaning", Text, nullable=False),
    Column("at", Double, nullable=False),
    sqlite_with_rowid=False,
)

# How long the reviews took that we saw end, in seconds.
reviews = Table(
    "reviews",
    metadata,
    Column("number", _Number, primary_key=True),
    Column("scope", Integer, ForeignKey("scopes.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("seconds", Double, nullable=False),
)

# Items whose draft was changed through their parts, and not submitted since.
drafts = Table("drafts", metadata, _scope(), Column("address", Text, primary_key=True), sqlite_with_rowid=False)

facts = Table("facts", metadata, _scope(), Column("word", Text, primary_key=True), sqlite_with_rowid=False)

tombstones = Table(
    "tombstones",
    metadata,
    _scope(),
    Column("system", Text, primary_key=True),
    Column("remote_id", BigInteger, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)

notes = Table(
    "notes",
    metadata,
    _scope(),
    Column("address", Text, primary_key=True),
    Column("text", Text, nullable=False),
    sqlite_with_rowid=False,
)

# `plan_id` is the saved plan that a run carried out, set before its first call is written down. `broken_off` is the
# code of what ended a run too early.
runs = Table(
    "runs",
    metadata,
    Column("number", _Number, primary_key=True),
    Column("scope", Integer, ForeignKey("scopes.id", ondelete="CASCADE"), nullable=False),
    Column("id", Text, nullable=False),
    Column("command", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("commit", Text),
    Column("run_url", Text),
    Column("plan_id", Text),
    Column("started_at", Double, nullable=False),
    Column("ended_at", Double),
    Column("summary", Text, nullable=False),
    Column("broken_off", Text),
    UniqueConstraint("scope", "id"),
    Index("ix_runs_scope_number", "scope", "number"),
)

leases = Table(
    "leases",
    metadata,
    _scope(),
    Column("id", Text, nullable=False),
    Column("epoch", BigInteger, nullable=False),
    Column("holder", Text, nullable=False),
    Column("host", Text, nullable=False),
    Column("pid", BigInteger, nullable=False),
    Column("command", Text, nullable=False),
    Column("run_url", Text),
    Column("acquired_at", Double, nullable=False),
    Column("heartbeat_at", Double, nullable=False),
    Column("expires_at", Double, nullable=False),
)
