"""The schema's versions. A state is brought to ours when it is opened; a newer one than ours is refused.

Alembic is imported only when there is something to do: it takes longer than everything else here.
"""

from __future__ import annotations

from pathlib import Path
from threading import Lock

from sqlalchemy import Connection, inspect, text

from catalog_sync.core.errors import StateUnreadable
from catalog_sync.state.tables import metadata

HEAD = "0003"
"""The version of `state.tables`."""

# Alembic's `context` and `op` are one of each for the whole process.
_ONE_AT_A_TIME = Lock()


def read_schema(connection: Connection, name: str) -> str | None:
    """The version of the state's schema; None where there is none yet. `name` is for messages."""
    tables = set(inspect(connection).get_table_names())
    if connection.dialect.name != "sqlite":
        tables &= {"alembic_version", *metadata.tables}  # a server's database may hold other programs' tables, too
    if not tables:
        return None
    if "alembic_version" not in tables or "scopes" not in tables:
        raise StateUnreadable(f"{name}: this database belongs to another program", hint="check --state")
    version: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    if version is None or not version.isdecimal():
        raise StateUnreadable(f"{name}: this database belongs to another program", hint="check --state")
    if int(version) > int(HEAD):
        raise StateUnreadable(
            f"{name}: the state has schema {version}, this catalog-sync knows schemas up to {HEAD}",
            hint="a newer catalog-sync wrote it: upgrade this one",
        )
    return version


def upgrade(connection: Connection, name: str) -> None:
    """Bring the schema to ours, in the transaction that stands: each step and its version note are one."""
    if read_schema(connection, name) == HEAD:  # another process was faster
        return
    from alembic import command  # noqa: PLC0415 - see above
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = connection
    with _ONE_AT_A_TIME:
        command.upgrade(config, HEAD)
