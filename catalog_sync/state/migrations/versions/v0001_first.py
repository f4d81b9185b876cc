"""The first schema."""

from alembic import op
from sqlalchemy import BigInteger, Boolean, Column, Double, ForeignKey, Integer, UniqueConstraint, text
from sqlalchemy import Text as _Text

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

Text = _Text().with_variant(_Text(collation="C"), "postgresql")
_Number = BigInteger().with_variant(Integer, "sqlite")


def _scope() -> Column[int]:
    return Column("scope", Integer, ForeignKey("scopes.id", ondelete="CASCADE"), primary_key=True)


def _foreign_scope() -> Column[int]:
    return Column("scope", Integer, ForeignKey("scopes.id", ondelete="CASCADE"), nullable=False)


def upgrade() -> None:
    """Make every table."""
    _scopes()
    _copies()
    _observations()
    _remotes()
    _entries()
    _ledger()
    _pictures()
    _refusals()
    _reviews()
    _drafts()
    _facts()
    _tombstones()
    _notes()
    _runs()
    _leases()


def _scopes() -> None:
    op.create_table(
        "scopes",
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


def _copies() -> None:
    op.create_table(
        "copies",
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


def _observations() -> None:
    op.create_table(
        "observations",
        _scope(),
        Column("system", Text, primary_key=True),
        Column("number", BigInteger, nullable=False),
        Column("taken_at", Double, nullable=False),
        Column("about", Text, nullable=False),
    )


def _remotes() -> None:
    op.create_table(
        "remotes",
        _scope(),
        Column("system", Text, primary_key=True),
        Column("remote_id", BigInteger, primary_key=True, autoincrement=False),
        Column("first_seen", BigInteger, nullable=False),
        Column("body", Text),
        sqlite_with_rowid=False,
    )


def _entries() -> None:
    op.create_table(
        "entries",
        Column("number", _Number, primary_key=True),
        _foreign_scope(),
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
    )
    op.create_index("ix_entries_scope_number", "entries", ["scope", "number"])
    for state in ("open", "not_landed"):
        part = text(f"state = '{state}'")
        op.create_index(f"ix_entries_{state}", "entries", ["scope", "number"], sqlite_where=part, postgresql_where=part)


def _ledger() -> None:
    op.create_table(
        "ledger",
        _scope(),
        Column("pool", Text, primary_key=True),
        Column("day", Text, primary_key=True),
        Column("spent", BigInteger, nullable=False),
        Column("told", BigInteger),
        sqlite_with_rowid=False,
    )


def _pictures() -> None:
    op.create_table(
        "pictures",
        _scope(),
        Column("identity", Text, primary_key=True),
        Column("ref", Text, nullable=False),
        Column("expires_at", Double, nullable=False),
        sqlite_with_rowid=False,
    )


def _refusals() -> None:
    op.create_table(
        "refusals",
        _scope(),
        Column("address", Text, primary_key=True),
        Column("fingerprint", Text, nullable=False),
        Column("errcode", BigInteger, nullable=False),
        Column("meaning", Text, nullable=False),
        Column("at", Double, nullable=False),
        sqlite_with_rowid=False,
    )


def _reviews() -> None:
    op.create_table(
        "reviews",
        Column("number", _Number, primary_key=True),
        _foreign_scope(),
        Column("seconds", Double, nullable=False),
    )
    op.create_index("ix_reviews_scope", "reviews", ["scope"])


def _drafts() -> None:
    op.create_table("drafts", _scope(), Column("address", Text, primary_key=True), sqlite_with_rowid=False)


def _facts() -> None:
    op.create_table("facts", _scope(), Column("word", Text, primary_key=True), sqlite_with_rowid=False)


def _tombstones() -> None:
    op.create_table(
        "tombstones",
        _scope(),
        Column("system", Text, primary_key=True),
        Column("remote_id", BigInteger, primary_key=True, autoincrement=False),
        sqlite_with_rowid=False,
    )


def _notes() -> None:
    op.create_table(
        "notes",
        _scope(),
        Column("address", Text, primary_key=True),
        Column("text", Text, nullable=False),
        sqlite_with_rowid=False,
    )


def _runs() -> None:
    op.create_table(
        "runs",
        Column("number", _Number, primary_key=True),
        _foreign_scope(),
        Column("id", Text, nullable=False),
        Column("command", Text, nullable=False),
        Column("actor", Text, nullable=False),
        Column("commit", Text),
        Column("run_url", Text),
        Column("plan_id", Text),
        Column("started_at", Double, nullable=False),
        Column("ended_at", Double),
        Column("summary", Text, nullable=False),
        UniqueConstraint("scope", "id"),
    )


def _leases() -> None:
    op.create_table(
        "leases",
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
