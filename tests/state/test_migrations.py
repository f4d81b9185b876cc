"""The schema: made by migrations, equal to the tables, refused when it is newer than ours."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from types import ModuleType

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable

from catalog_sync.core.errors import StateUnreadable
from catalog_sync.core.ports import Run
from catalog_sync.state import (
    bindings,
    journal,
    knowledge,
    lease,
    ledger,
    migrations,
    observations,
    open_state,
    scope,
)
from catalog_sync.state.statements import Prepared
from catalog_sync.state.tables import metadata
from tests.postgres import run as run_sql


def make(folder: Path) -> Path:
    open_state("sqlite:///state.db", origin="o", app="a", base=folder).close()
    return folder / "state.db"


def execute(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(statement)


def test_migrations_make_the_tables(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{make(tmp_path)}")
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def test_migrations_make_the_very_statements_of_the_tables(tmp_path: Path) -> None:
    """What a comparison does not see: WITHOUT ROWID, parts of indexes, names of constraints. A column that came later
    stands behind the others, on their line."""
    reference = create_engine("sqlite://")
    metadata.create_all(reference)
    query = "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name <> 'alembic_version'"
    with closing(sqlite3.connect(make(tmp_path))) as made, reference.connect() as wanted:
        statements = {name: told.split() for name, told in wanted.exec_driver_sql(query)}
        assert {name: told.split() for name, told in made.execute(query)} == statements
    reference.dispose()


def test_the_head_is_the_newest_migration() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    script = ScriptDirectory.from_config(config)
    assert script.get_heads() == [migrations.HEAD]
    assert all(each.revision.isdecimal() for each in script.walk_revisions())


def test_the_tables_can_be_made_in_postgresql() -> None:
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call] # it is typed nowhere
    for table in metadata.sorted_tables:
        assert str(CreateTable(table).compile(dialect=dialect)).startswith("\nCREATE TABLE")
        for index in table.indexes:
            assert str(CreateIndex(index).compile(dialect=dialect)).startswith("CREATE INDEX")


@pytest.mark.parametrize("module", [bindings, journal, knowledge, lease, ledger, observations, scope])
def test_the_statements_can_be_said_in_postgresql(module: ModuleType) -> None:
    dialect = postgresql.psycopg.dialect()  # type: ignore[no-untyped-call] # it is typed nowhere
    texts = [each.compile(dialect)[0] for each in vars(module).values() if isinstance(each, Prepared)]
    assert texts
    assert all("%(" in each for each in texts)


def test_a_newer_schema_is_refused(tmp_path: Path) -> None:
    path = make(tmp_path)
    execute(path, "UPDATE alembic_version SET version_num = '0042'")
    before = path.read_bytes()
    for read_only in (False, True):
        with pytest.raises(StateUnreadable) as caught:
            open_state("sqlite:///state.db", origin="o", app="a", base=tmp_path, read_only=read_only)
        known = f"this catalog-sync knows schemas up to {migrations.HEAD}"
        assert caught.value.message == f"{path}: the state has schema 0042, {known}"
        assert caught.value.hint == "a newer catalog-sync wrote it: upgrade this one"
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "statement", ["UPDATE alembic_version SET version_num = 'deadbeef'", "DELETE FROM alembic_version"]
)
def test_a_version_that_is_not_ours(tmp_path: Path, statement: str) -> None:
    path = make(tmp_path)
    execute(path, statement)
    with pytest.raises(StateUnreadable, match=r"state\.db: this database belongs to another program$"):
        make(tmp_path)


def test_a_migration_that_fails_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrations, "HEAD", "0042")
    with pytest.raises(Exception, match="0042"):
        make(tmp_path)
    engine = create_engine(f"sqlite:///{tmp_path / 'state.db'}")
    assert inspect(engine).get_table_names() == []
    engine.dispose()


@pytest.mark.parametrize("where", ["file", "server"])
def test_runs_of_an_older_state_are_read(
    tmp_path: Path, where: str, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    """What broke them off was not written down."""
    url = "sqlite:///state.db" if where == "file" else request.getfixturevalue("postgres")
    with monkeypatch.context() as earlier:
        earlier.setattr(migrations, "HEAD", "0001")
        open_state(url, origin="o", app="a", base=tmp_path).close()
    statement = (
        "INSERT INTO runs (scope, id, command, actor, started_at, ended_at, summary)"
        """ VALUES (1, 'r1', 'apply', 'li', 1.5, 2.5, '{"applied":3}')"""
    )
    if where == "file":
        execute(tmp_path / "state.db", statement)
    else:
        run_sql(url, statement)
    with open_state(url, origin="o", app="a", base=tmp_path) as store:
        assert store.history() == (Run("r1", "apply", "li", None, None, 1.5, 2.5, {"applied": 3}),)


def test_an_older_state_is_kept_beside_the_new_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as earlier:
        earlier.setattr(migrations, "HEAD", "0001")
        make(tmp_path)
    make(tmp_path)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["state.db", "state.db.backup-schema-0001"]
