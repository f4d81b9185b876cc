"""What is PostgreSQL's own: sessions that break, roles that may not write, first starts side by side, its settings."""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, text

from catalog_sync.core.errors import LockHeld, StateUnreadable, UsageError
from catalog_sync.core.journal import Amendment
from catalog_sync.core.model import Address
from catalog_sync.core.ports import Lease
from catalog_sync.state import SqlStore, StateReadOnly, migrations, open_state, open_to_plan, postgres_faults
from catalog_sync.state.errors import StateBusy, StateLost
from catalog_sync.state.postgres import ServerDatabase
from catalog_sync.state.tables import metadata
from tests.postgres import LOCKED, VARIABLE, run

from .samples import APP, DAY, ORIGIN, WHO, DurableShop, binding, entry, first_seen, land, remote, seen
from .samples import run as record
from .test_threads import together
from .test_transfer import comparable, fill

SIDE_BY_SIDE = 8
BROKE = "the connection to the server broke"


@pytest.fixture
def name(postgres: str) -> str:
    """How messages call the state."""
    return postgres_name(postgres)


def postgres_name(url: str) -> str:
    info = psycopg.conninfo.conninfo_to_dict(url)
    return f"PostgreSQL {info.get('host', 'on this machine')}/{info.get('dbname', '')}"


def opened(url: str, app: str = APP) -> SqlStore:
    return open_state(url, origin=ORIGIN, app=app)


@pytest.fixture
def held(postgres: str) -> Iterator[tuple[SqlStore, Lease]]:
    """A state on a server, and its lock."""
    with opened(postgres) as store:
        yield store, store.acquire(WHO, 0.0)


def session(store: SqlStore) -> int:
    """The number of the server's process for this store."""
    return server_of(store)._driver.info.backend_pid


def server_of(store: SqlStore) -> ServerDatabase:
    database = store._database
    assert isinstance(database, ServerDatabase)
    return database


def end_session(url: str, number: int) -> None:
    run(url, f"SELECT pg_terminate_backend({number}, 5000)")


def with_options(url: str, options: str) -> str:
    """A URL whose sessions begin with further settings."""
    return f"{url}%20{options.replace('=', '%3D')}"


def side_by_side(work: Callable[[int], object]) -> list[Any]:
    """What threads give that begin at the same moment; errors are given, too."""
    gate = threading.Barrier(SIDE_BY_SIDE)

    def begin(number: int) -> object:
        gate.wait()
        try:
            return work(number)
        except Exception as error:  # noqa: BLE001 - the test looks at it
            return error

    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        return list(pool.map(begin, range(SIDE_BY_SIDE)))


# ---- one writer at a time


def test_first_starts_side_by_side_make_one_state(postgres: str) -> None:
    def start(_: int) -> str:
        with opened(postgres) as store:
            return store.snapshot().lineage

    assert len(set(side_by_side(start))) == 1
    assert run(postgres, "SELECT count(*), min(version_num) FROM alembic_version, scopes") == [(1, migrations.HEAD)]


def test_one_of_many_gets_the_lock(postgres: str, tmp_path: Path) -> None:
    shop = DurableShop(tmp_path, postgres)
    stores = [shop.open() for _ in range(SIDE_BY_SIDE)]
    got = side_by_side(lambda number: stores[number].acquire(WHO, 0.0))
    assert sorted(type(each).__name__ for each in got) == ["Lease"] + ["LockHeld"] * (SIDE_BY_SIDE - 1)
    shop.close()


def test_writes_of_many_sessions_are_all_counted(postgres: str, tmp_path: Path) -> None:
    """Each reads a number and writes it back: none may be lost between."""
    shop = DurableShop(tmp_path, postgres)
    stores = [shop.open() for _ in range(SIDE_BY_SIDE)]

    def work(number: int) -> list[int]:
        looks = [
            stores[number].record_observation("goods", seen(remote(number + 1), unread=True)).number for _ in range(10)
        ]
        stores[number].record_reads({"list": 3}, DAY)
        return looks

    numbers = [number for looks in side_by_side(work) for number in looks]
    assert sorted(numbers) == list(range(1, SIDE_BY_SIDE * 10 + 1))
    assert stores[0].snapshot().spent == {("list", DAY): SIDE_BY_SIDE * 3}
    shop.close()


def test_shops_do_not_wait_for_each_other(postgres: str) -> None:
    with opened(postgres) as one, opened(postgres, "wx-other") as other:
        number = one._database.write(lambda _: other._database.write(lambda _: other.writable))
        assert number is True


def test_the_servers_clock_counts(postgres: str) -> None:
    """Machines may not agree about the time; a lease is not over because one of them is ahead."""
    clock = "SELECT CAST(extract(epoch FROM clock_timestamp()) AS numeric)"
    with opened(postgres) as behind, opened(postgres) as ahead:
        ((before,),) = run(postgres, clock)
        lease = behind.acquire(WHO, 1.0)
        ((after,),) = run(postgres, clock)
        assert before <= lease.acquired_at <= after
        with pytest.raises(LockHeld):
            ahead.acquire(WHO, 9e9)
        assert after <= behind.renew(lease, 2.0).heartbeat_at < after + 60


# ---- sessions that break


def test_a_session_that_ended_between_two_writes_is_replaced(
    postgres: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    store = opened(postgres)
    lease = store.acquire(WHO, 0.0)
    monkeypatch.setattr("catalog_sync.state.postgres._PATIENCE", 0.0)
    first = session(store)
    end_session(postgres, first)
    land(store, lease, "cup", 51)
    assert session(store) != first
    end_session(postgres, session(store))
    assert list(store.snapshot().bindings) == ["goods.cup"]
    end_session(postgres, session(store))
    store.close()
    assert caplog.records == []


def test_a_session_that_ends_within_a_write_fails_it_and_nothing_is_repeated(
    held: tuple[SqlStore, Lease], postgres: str, name: str
) -> None:
    store, lease = held
    runs: list[int] = []

    def work(number: int) -> Callable[[Connection], None]:
        def note(connection: Connection) -> None:
            runs.append(number)
            connection.execute(text("INSERT INTO facts (scope, word) VALUES (1, :word)"), {"word": f"w{number}"})
            if number == 1:
                end_session(postgres, session(store))

        return note

    done = together(store, *(lambda each=each: store._database.write(work(each)) for each in range(3)))
    errors = [each.exception() for each in done]
    assert [str(each) for each in errors] == [f"{name}: {BROKE}"] * 3
    assert {type(each) for each in errors} == {StateLost}
    assert all(each is not None and each.__cause__ is None for each in errors)
    assert sorted(runs) in ([0, 1], [0, 1, 2], [1])
    assert store.snapshot().facts == frozenset()
    assert store.begin(entry(), lease.epoch).number > 0


def test_a_server_that_is_not_there(tmp_path: Path) -> None:
    url = f"postgresql://ops:hunter2@/shop?host={tmp_path}"
    with pytest.raises(StateLost) as caught:
        opened(url)
    assert (caught.value.message, caught.value.hint) == (
        f"PostgreSQL {tmp_path}/shop: the server cannot be reached, or does not let us in",
        "does it run, and are host, port, user and database of the state's URL right?",
    )
    assert caught.value.__cause__ is None
    with pytest.raises(StateLost):
        open_to_plan(url, origin=ORIGIN, app=APP)


def test_a_wrong_password(postgres_server: str) -> None:
    if os.environ.get(VARIABLE):
        pytest.skip(f"the server of {VARIABLE} is not ours to configure")
    folder = psycopg.conninfo.conninfo_to_dict(postgres_server)["host"]
    with pytest.raises(StateLost) as caught:
        opened(f"postgresql://{LOCKED}:hunter2@/postgres?host={folder}")
    assert (caught.value.message, caught.value.hint) == (
        f"PostgreSQL {folder}/postgres: the server does not let us in",
        "check user, password and database of the state's URL",
    )


@pytest.mark.parametrize("rest", ["ops:hunter2@db/shop?sslmodus=x", "ops:hunter2%zz@db/shop"])
def test_options_that_do_not_exist(rest: str) -> None:
    with pytest.raises(UsageError) as caught:
        opened(f"postgresql://{rest}")
    assert str(caught.value) == "the state's URL is not one of a PostgreSQL database"


def test_without_psycopg(postgres: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr("catalog_sync.state.postgres")
    monkeypatch.delitem(sys.modules, "catalog_sync.state.postgres")
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(UsageError) as caught:
        opened(postgres)
    assert (caught.value.message, caught.value.hint) == (
        "a state in PostgreSQL needs psycopg, which is not installed",
        "pip install 'catalog-sync[postgres]'",
    )


def test_a_shop_that_another_program_keeps_locked(held: tuple[SqlStore, Lease], postgres: str, name: str) -> None:
    store, lease = held
    server_of(store)._driver.execute("SET lock_timeout = '50ms'")
    with psycopg.connect(postgres) as other:
        other.execute("SELECT * FROM scopes FOR UPDATE")
        with pytest.raises(StateBusy) as caught:
            store.begin(entry(), lease.epoch)
        assert str(caught.value) == f"{name}: another process has kept the state locked for 30 seconds"
        assert store.snapshot().open_entries == ()
    assert store.begin(entry(), lease.epoch).number > 0


# ---- roles


@pytest.fixture
def reader(postgres_server: str, postgres: str) -> Iterator[str]:
    """The URL of the state for a role that may only read what is there."""
    schema = postgres.rpartition("%3D")[2]
    role = f"reader_{schema}"
    run(
        postgres,
        f"CREATE ROLE {role}",
        f"GRANT USAGE ON SCHEMA {schema} TO {role}",
        f"ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT SELECT ON TABLES TO {role}",
    )
    yield with_options(postgres, f"-crole={role}")
    run(postgres, f"DROP OWNED BY {role}", f"DROP ROLE {role}")


@pytest.mark.parametrize("kind", ["role", "default_transaction_read_only"])
def test_who_may_only_read_can_plan(postgres: str, reader: str, name: str, kind: str) -> None:
    url = reader if kind == "role" else with_options(postgres, f"-c{kind}=on")
    with opened(postgres) as store:
        lease = store.acquire(WHO, 0.0)
        land(store, lease, "cup", 51)
        store.record_observation("goods", seen(remote(51)))
        with pytest.raises(StateReadOnly) as caught:
            opened(url)
        assert (caught.value.message, caught.value.hint) == (
            f"{name}: the state is read-only",
            "the role lacks rights to the tables of the state, or the server is a standby",
        )
        with open_to_plan(url, origin=ORIGIN, app=APP) as plan:
            assert not plan.writable
            assert plan.snapshot() == store.snapshot()
            assert plan.leases() == (lease,)
            assert plan.last_observation("goods") == store.last_observation("goods")
            assert first_seen(plan.record_observation("goods", seen(remote(51), remote(52)))) == {51: 1, 52: 2}
            with pytest.raises(StateReadOnly):
                plan.acquire(WHO, 0.0)
        last = store.last_observation("goods")
        assert last is not None
        assert last.number == 1
        with open_to_plan(url, origin=ORIGIN, app="wx-unknown") as plan:
            assert plan.snapshot().bindings == {}


def test_who_may_only_read_plans_on_nothing_where_nothing_is(reader: str, postgres: str) -> None:
    with open_to_plan(reader, origin=ORIGIN, app=APP) as plan:
        assert (plan.writable, plan.snapshot().bindings) == (False, {})
    assert run(postgres, "SELECT count(*) FROM information_schema.tables WHERE table_schema = current_schema()") == [
        (0,)
    ]


def test_who_may_only_read_cannot_plan_on_an_older_schema(postgres: str, reader: str, name: str) -> None:
    opened(postgres).close()
    run(postgres, "UPDATE alembic_version SET version_num = '0000'")
    with pytest.raises(StateUnreadable) as caught:
        open_state(reader, origin=ORIGIN, app=APP, read_only=True)
    assert caught.value.message == f"{name}: the state has schema 0000, this catalog-sync needs {migrations.HEAD}"


# ---- schema and settings


def test_migrations_make_the_tables(held: tuple[SqlStore, Lease], postgres: str) -> None:
    store, _ = held

    def compare(connection: Connection) -> list[Any]:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences: list[Any] = compare_metadata(context, metadata)
        return differences

    assert store._database.read(compare) == []
    texts = "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = current_schema() AND "
    assert run(postgres, f"{texts} data_type = 'text' AND collation_name IS DISTINCT FROM 'C'") == []


def test_a_newer_schema_is_refused(postgres: str, name: str) -> None:
    opened(postgres).close()
    run(postgres, "UPDATE alembic_version SET version_num = '0042'")
    for read_only in (False, True):
        with pytest.raises(StateUnreadable) as caught:
            open_state(postgres, origin=ORIGIN, app=APP, read_only=read_only)
        known = f"this catalog-sync knows schemas up to {migrations.HEAD}"
        assert caught.value.message == f"{name}: the state has schema 0042, {known}"


def test_tables_of_another_program_may_be_beside_ours_but_not_in_their_place(postgres: str, name: str) -> None:
    run(postgres, "CREATE TABLE cookies (host text)")
    opened(postgres).close()
    run(postgres, "DROP TABLE alembic_version")
    with pytest.raises(StateUnreadable) as caught:
        opened(postgres)
    assert caught.value.message == f"{name}: this database belongs to another program"


def test_tables_that_somebody_changed(held: tuple[SqlStore, Lease], postgres: str, name: str) -> None:
    store, _ = held
    run(postgres, "DROP TABLE facts")
    with pytest.raises(StateUnreadable) as caught:
        store.snapshot()
    assert caught.value.message == f"{name}: the tables are not those of a state"


def test_written_means_on_the_disk_whatever_the_servers_default(postgres: str) -> None:
    with opened(with_options(postgres, "-csynchronous_commit=off")) as store:
        assert server_of(store)._driver.execute("SHOW synchronous_commit").fetchone() == ("on",)
    with opened(with_options(postgres, "-csynchronous_commit=remote_apply")) as store:
        assert server_of(store)._driver.execute("SHOW synchronous_commit").fetchone() == ("remote_apply",)


def test_an_encoding_that_cannot_hold_every_text(postgres_server: str, postgres: str) -> None:
    database = f"latin_{postgres.rpartition('%3D')[2]}"
    run(postgres_server, f"CREATE DATABASE {database} ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0")
    info = psycopg.conninfo.conninfo_to_dict(postgres_server, dbname=database)
    try:
        with pytest.raises(StateUnreadable) as caught:
            opened("postgresql://?" + "&".join(f"{key}={value}" for key, value in info.items()))
    finally:
        run(postgres_server, f"DROP DATABASE {database}")
    assert str(caught.value) == (
        f"{postgres_name(postgres_server).rpartition('/')[0]}/{database}: "
        "the database has the encoding LATIN1, which cannot hold every text"
    )


def test_a_state_goes_to_a_server_and_back_as_it_was(postgres: str, tmp_path: Path) -> None:
    one, other = DurableShop(tmp_path / "one"), DurableShop(tmp_path / "other")
    source, server, target = one.open(), opened(postgres), other.open()
    lease = fill(source)
    source.amend(
        Amendment(put=tuple(binding(key, n) for n, key in enumerate(("b", "B", "a_1", "a-1"), 20))), lease.epoch
    )
    source.note(Address("goods.B"), "茶 \0 é")
    source.end_run(record("r2", 1011.1), lease.epoch)
    pulled = [source.export()]
    for store in (server, target):
        store.import_(json.loads(json.dumps(pulled[-1])), store.acquire(WHO, 0.0).epoch)
        pulled.append(store.export())
    assert pulled[0] == pulled[1] == pulled[2]
    assert list(pulled[0]["bindings"]) == list(pulled[1]["bindings"])
    assert list(server.snapshot().bindings) == list(source.snapshot().bindings)
    assert comparable(server.snapshot()) == comparable(source.snapshot()) == comparable(target.snapshot())
    assert source.history() == server.history() == target.history()
    for store in (source, server, target):
        store.close()


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("57P01", BROKE),
        ("08006", BROKE),
        ("25P03", BROKE),
        ("57014", "the server did not answer within 60 seconds"),
        ("55P03", "another process has kept the state locked for 30 seconds"),
        ("42501", "the state is read-only"),
        ("25006", "the state is read-only"),
        ("53100", "the disk is full"),
        ("XX001", "the database is damaged"),
        ("22003", "PostgreSQL failed (22003)"),
    ],
)
def test_every_error_of_postgresql_has_our_words(code: str, told: str) -> None:
    error = psycopg.errors.lookup(code)("postgresql://ops:hunter2@db")
    assert str(postgres_faults.explain("s", error)) == f"s: {told}"


def test_an_error_without_a_code() -> None:
    assert str(postgres_faults.explain("s", psycopg.OperationalError("hunter2"))) == f"s: {BROKE}"
    told = postgres_faults.explain("s", psycopg.ProgrammingError("hunter2"))
    assert str(told) == "s: PostgreSQL failed (ProgrammingError)"
