"""Statements: those that each database spells differently, and those that run very often or find very much."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, cast

from sqlalchemy import Connection, Executable, Integer, Table, bindparam
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine import Compiled, Dialect
from sqlalchemy.engine.interfaces import DBAPICursor

Row = dict[str, Any]
Rows = Sequence[Row]

SCOPE = bindparam("s", type_=Integer)
"""The shop, in every statement but an insert."""


class Prepared:
    """A statement that is compiled once per dialect and then given to the driver: SQLAlchemy's own way takes several
    times as long as SQLite's work, for each statement of 32 threads and for each of 100,000 rows.

    Parameters are named; they and the result are the driver's own types, so that only texts, numbers and truth values
    may pass. A statement that differs by dialect is given as a function of the dialect's name.
    """

    def __init__(self, statement: Executable | Callable[[str], Executable]) -> None:
        self._statement = statement
        self._texts: dict[str, tuple[str, dict[str, Any]]] = {}

    def run(self, connection: Connection, row: Row) -> DBAPICursor:
        """Run it; the cursor has the rows that were found, or the number of those that were changed."""
        text, constants = self._text(connection.dialect)
        cursor = connection.connection.cursor()
        cursor.execute(text, constants | row)
        return cursor

    def stream(self, connection: Connection, key: Row) -> Iterator[tuple[Any, ...]]:
        """The rows that a query finds, as they come."""
        cursor = self.run(connection, key)
        while rows := cursor.fetchmany(1000):
            yield from rows

    def run_all(self, connection: Connection, rows: Rows) -> int:
        """Run it for each of the rows; returns how many rows of the table were changed."""
        if not rows:
            return 0
        text, constants = self._text(connection.dialect)
        cursor = connection.connection.cursor()
        cursor.executemany(text, [constants | row for row in rows] if constants else rows)
        return max(cursor.rowcount, 0)

    def _text(self, dialect: Dialect) -> tuple[str, dict[str, Any]]:
        known = self._texts.get(dialect.name)
        if known is None:
            known = self._texts[dialect.name] = self.compile(dialect)
        return known

    def compile(self, dialect: Dialect) -> tuple[str, dict[str, Any]]:
        """The statement's text, and the values of the parameters that are constants."""
        statement = self._statement(dialect.name) if callable(self._statement) else self._statement
        # The parameter style in which the dialect's driver takes names.
        style = "named" if dialect.name == "sqlite" else "pyformat"
        compiled: Compiled = statement.compile(dialect=type(dialect)(paramstyle=style))  # type: ignore[attr-defined, call-arg]
        return str(compiled), {key: value for key, value in compiled.params.items() if value is not None}


def upserting(table: Table, *change: str) -> Prepared:
    """Inserts a row of all columns; where its primary key is there, sets the columns in `change` to the new row's and
    leaves the others as they are."""

    def build(dialect: str) -> Executable:
        insert = _insert(table, dialect)
        key = [column.name for column in table.primary_key]
        if not change:
            return cast("Executable", insert.on_conflict_do_nothing(index_elements=key))
        changed = {name: insert.excluded[name] for name in change}
        return cast("Executable", insert.on_conflict_do_update(index_elements=key, set_=changed))

    return Prepared(build)


def inserting_new(table: Table, *columns: str) -> Prepared:
    """Inserts the rows that break no uniqueness; without `columns` all of the table's must be given."""
    names = columns or tuple(column.name for column in table.columns)
    given: dict[str, Any] = {name: bindparam(name) for name in names}
    return Prepared(lambda dialect: _insert(table, dialect).values(given).on_conflict_do_nothing())


class Numbered(Prepared):
    """Inserts a row whose `number` the database gives. A column that the row does not have stays empty."""

    def __init__(self, table: Table) -> None:
        self._empty: Row = dict.fromkeys(each.name for each in table.columns if each is not table.c.number)
        given: dict[str, Any] = {name: bindparam(name) for name in self._empty}

        def build(dialect: str) -> Executable:
            inserted = _insert(table, dialect).values(given)
            # SQLite tells the number without being asked, and old ones do not know how to be asked.
            return cast("Executable", inserted if dialect == "sqlite" else inserted.returning(table.c.number))

        super().__init__(build)

    def add(self, connection: Connection, row: Row) -> int:
        """Insert it; its number."""
        cursor = self.run(connection, self._empty | row)
        if connection.dialect.name == "sqlite":
            return cursor.lastrowid
        number: int = cursor.fetchall()[0][0]
        return number


def _insert(table: Table, dialect: str) -> Any:
    if dialect == "sqlite":
        return sqlite.insert(table)
    from sqlalchemy.dialects import postgresql  # noqa: PLC0415 - slow, and a SQLite state needs none of it

    return postgresql.insert(table)
