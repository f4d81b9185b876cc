"""The files of a SQLite state: their modes, what is copied beside them, and what is wrong with them."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

import catalog_sync
from catalog_sync.core.errors import StateUnreadable
from catalog_sync.core.journal import Amendment
from catalog_sync.core.model import Address
from catalog_sync.state import SqlStore, StateReadOnly, faults, open_state, open_to_plan

from .samples import APP, DAY, ORIGIN, WHO, binding, driver_of, entry, first_seen, land, remote, run, seen

NOBODY_ID = 65534


def opened(folder: Path, *, read_only: bool = False, must_exist: bool = False) -> SqlStore:
    return open_state(
        "sqlite:///state.db", origin=ORIGIN, app=APP, base=folder, read_only=read_only, must_exist=must_exist
    )


def to_plan(folder: Path) -> SqlStore:
    return open_to_plan("sqlite:///state.db", origin=ORIGIN, app=APP, base=folder)


def modes(folder: Path) -> dict[str, int]:
    return {each.name: each.stat().st_mode & 0o777 for each in folder.iterdir()}


@contextmanager
def unprivileged() -> Iterator[None]:
    """As a user whom file modes concern: root may write everything."""
    if os.geteuid() != 0:
        yield
        return
    os.setegid(NOBODY_ID)
    os.seteuid(NOBODY_ID)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(0)


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that every user can reach."""
    with tempfile.TemporaryDirectory(dir="/tmp") as name:
        made = Path(name)
        if os.geteuid() == 0:
            os.chown(made, NOBODY_ID, NOBODY_ID)
        yield made
        made.chmod(0o700)


def test_nobody_else_can_read_a_state(tmp_path: Path) -> None:
    deep = tmp_path / "a" / "b"
    with open_state("sqlite:///a/b/state.db", origin=ORIGIN, app=APP, base=tmp_path) as store:
        land(store, store.acquire(WHO, 1.0), "cup", 51)
        assert modes(deep) == {"state.db": 0o600, "state.db-wal": 0o600, "state.db-shm": 0o600}
        store.checkpoint_and_backup()
    assert set(modes(deep).values()) == {0o600}
    assert (deep.stat().st_mode & 0o777, deep.parent.stat().st_mode & 0o777) == (0o700, 0o700)


def test_a_state_that_others_can_read_is_closed_to_them(tmp_path: Path) -> None:
    opened(tmp_path).close()
    (tmp_path / "state.db").chmod(0o644)
    tmp_path.chmod(0o755)
    with opened(tmp_path):
        assert set(modes(tmp_path).values()) == {0o600}
    assert tmp_path.stat().st_mode & 0o777 == 0o755


def test_every_commit_reaches_the_disk(tmp_path: Path) -> None:
    with opened(tmp_path) as store, driver_of(store) as driver:
        pragmas = ("journal_mode", "synchronous", "foreign_keys")
        assert [driver.execute(f"PRAGMA {each}").fetchone()[0] for each in pragmas] == ["wal", 2, 1]


def test_a_state_is_found_again(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        land(store, store.acquire(WHO, 1.0), "cup", 51)
        before = store.snapshot()
    assert sorted(modes(tmp_path)) == ["state.db"]
    with opened(tmp_path, must_exist=True) as store:
        assert store.snapshot() == before


def test_a_backup_after_each_run_the_last_ten_stay(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        lease = store.acquire(WHO, 1.0)
        lineage = store.version().lineage[:8]
        for number in range(1, 13):
            land(store, lease, f"k{number}", number)
            store.end_run(run(f"r{number}"), lease.epoch)
            store.checkpoint_and_backup()
            assert (tmp_path / "state.db-wal").stat().st_size == 0
    names = sorted(each.name for each in tmp_path.iterdir())
    assert names == ["state.db", *(f"state.db.backup-{number:06d}-{lineage}" for number in range(3, 13))]


def test_a_backup_is_a_state(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        land(store, store.acquire(WHO, 1.0), "cup", 51)
        before = store.snapshot()
        store.checkpoint_and_backup()
        store.checkpoint_and_backup()
    (backup,) = (each for each in tmp_path.iterdir() if "backup" in each.name)
    backup.rename(tmp_path / "state.db")
    with opened(tmp_path) as store:
        assert store.snapshot() == before


def test_a_state_in_memory_has_no_backup() -> None:
    with open_state("sqlite://", origin=ORIGIN, app=APP) as store:
        store.checkpoint_and_backup()


def test_reading_only_changes_nothing_on_the_disk(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        land(store, store.acquire(WHO, 1.0), "cup", 51)
        store.record_observation("goods", seen(remote(51)))
        before = store.snapshot()
        with opened(tmp_path, read_only=True) as copy:
            assert copy.snapshot() == before
            assert not copy.writable
            assert first_seen(copy.record_observation("goods", seen(remote(51), remote(52)))) == {51: 1, 52: 2}
            copy.record_reads({"list": 1}, DAY)
        assert store.snapshot() == before
        assert first_seen(store.record_observation("goods", seen(remote(52)))) == {52: 2}


def test_what_only_reads_cannot_take_the_lock(tmp_path: Path) -> None:
    opened(tmp_path).close()
    with opened(tmp_path, read_only=True) as store:
        for attempt in (
            lambda: store.acquire(WHO, 1.0),
            lambda: store.note(Address("goods.cup"), "x"),
            lambda: store.force_unlock("x"),
        ):
            with pytest.raises(StateReadOnly, match=r"^the state is read-only$"):
                attempt()


def test_reading_only_where_no_state_is(tmp_path: Path) -> None:
    with opened(tmp_path / "none", read_only=True) as store:
        assert store.snapshot().bindings == {}
    assert list(tmp_path.iterdir()) == []


def test_a_state_that_must_exist(tmp_path: Path) -> None:
    for read_only in (False, True):
        with pytest.raises(StateUnreadable) as caught:
            opened(tmp_path, read_only=read_only, must_exist=True)
        assert caught.value.message == f"{tmp_path}/state.db: there is no state"
        assert caught.value.hint == "check --state; `catalog-sync plan` makes a new one"
    assert list(tmp_path.iterdir()) == []


def test_a_folder_is_no_state(tmp_path: Path) -> None:
    (tmp_path / "state.db").mkdir()
    for read_only in (False, True):
        with pytest.raises(StateUnreadable) as caught:
            opened(tmp_path, read_only=read_only)
        assert caught.value.message == f"{tmp_path}/state.db: this is a folder, not a state file"


def test_a_path_through_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(StateUnreadable) as caught:
        opened(tmp_path / "file")
    assert caught.value.message == f"{tmp_path}/file/state.db: a part of this path is a file, not a folder"


def test_a_path_that_is_too_long(tmp_path: Path) -> None:
    with pytest.raises(StateUnreadable, match=r"^the state's path is too long$"):
        opened(tmp_path / ("x" * 300))


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "state.db").write_text("version: 1\n" * 1000)
    for read_only in (False, True):
        with pytest.raises(StateUnreadable) as caught:
            opened(tmp_path, read_only=read_only)
        assert (caught.value.message, caught.value.hint) == (
            f"{tmp_path}/state.db: this is not a state file",
            "check --state",
        )


def test_a_database_of_another_program(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "state.db")) as foreign:
        foreign.execute("CREATE TABLE cookies (host TEXT)")
    with pytest.raises(StateUnreadable) as caught:
        opened(tmp_path)
    assert caught.value.message == f"{tmp_path}/state.db: this database belongs to another program"


def test_a_damaged_file(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        bound = tuple(binding(f"k{number}", number) for number in range(500))
        store.amend(Amendment(put=bound), store.acquire(WHO, 1.0).epoch)
    path = tmp_path / "state.db"
    content = path.read_bytes()
    path.write_bytes(content[: 4096 * 3] + b"\xff" * (len(content) - 4096 * 3))
    with pytest.raises(StateUnreadable) as caught, opened(tmp_path) as store:
        store.snapshot()
    assert caught.value.message == f"{path}: the state file is damaged"
    assert caught.value.hint == (
        "put the newest of its backups in its place: the files beside it that are called the same with .backup-"
    )


def test_a_full_disk_leaves_nothing_half_written(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        lease = store.acquire(WHO, 1.0)
        begun = store.begin(entry(), lease.epoch)
        before = store.snapshot()
        with driver_of(store) as driver:
            pages = driver.execute("PRAGMA page_count").fetchone()[0]
            driver.execute(f"PRAGMA max_page_count = {pages}")
        many = Amendment(put=tuple(binding(f"k{number}", number) for number in range(500)))
        with pytest.raises(StateUnreadable) as caught:
            store.amend(many, lease.epoch)
        assert (caught.value.message, caught.value.hint) == (
            f"{tmp_path}/state.db: the disk is full",
            "make room and run again: nothing is half-written",
        )
        assert caught.value.__cause__ is None
        assert store.snapshot() == before
        with driver_of(store) as driver:
            driver.execute("PRAGMA max_page_count = 100000")
        store.amend(many, lease.epoch)
        assert store.snapshot().open_entries == (begun,)


LIMITED = """
import resource, sys
from pathlib import Path
from catalog_sync.core.errors import StateUnreadable
from catalog_sync.state import open_state
from tests.state.samples import WHO, land
store = open_state("sqlite:///state.db", origin="o", app="a", base=Path(sys.argv[1]))
lease = store.acquire(WHO, 1.0)
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
for number in range(1, 10_000):
    try:
        land(store, lease, f"k{number}", number)
    except StateUnreadable as error:
        print(number, len(store.snapshot().bindings), error.message)
        break
"""


def test_a_limit_on_the_size_of_files(tmp_path: Path) -> None:
    root = Path(catalog_sync.__file__).parents[1]
    child = subprocess.run(
        [sys.executable, "-c", LIMITED, tmp_path], cwd=root, capture_output=True, text=True, check=True
    )
    number, bound, told = child.stdout.rstrip("\n").split(" ", 2)
    assert told == f"{tmp_path}/state.db: the disk refuses to read or write the state"
    assert int(bound) == int(number) - 1


def test_a_file_that_another_program_keeps_locked(tmp_path: Path) -> None:
    with opened(tmp_path) as store, closing(sqlite3.connect(tmp_path / "state.db", isolation_level=None)) as browser:
        lease = store.acquire(WHO, 1.0)
        with driver_of(store) as driver:
            driver.execute("PRAGMA busy_timeout = 10")
        browser.execute("BEGIN IMMEDIATE")
        with pytest.raises(StateUnreadable) as caught:
            store.begin(entry(), lease.epoch)
        assert caught.value.message == (
            f"{tmp_path}/state.db: another process has kept the state locked for 30 seconds"
        )
        assert caught.value.hint == "find what has the file open: a backup tool, a database browser"
        assert store.snapshot().open_entries == ()
        browser.execute("ROLLBACK")
        store.begin(entry(), lease.epoch)


def test_a_state_that_is_closed(tmp_path: Path) -> None:
    store = opened(tmp_path)
    store.close()
    with pytest.raises(StateUnreadable, match=r"SQLite failed \(\w+\)$"):
        store.snapshot()


@pytest.mark.parametrize("folder_mode", [0o500, 0o700])
def test_a_read_only_state(folder: Path, folder_mode: int) -> None:
    path = folder / "state.db"
    with unprivileged():
        with opened(folder) as store:
            land(store, store.acquire(WHO, 1.0), "cup", 51)
            before = store.snapshot()
        path.chmod(0o400)
        folder.chmod(folder_mode)
        with pytest.raises(StateReadOnly) as caught:
            opened(folder)
        assert caught.value.message == f"{path}: the state is read-only"
        assert caught.value.hint == "this user must be able to write the file and its folder"
        with to_plan(folder) as plan:
            assert plan.snapshot() == before
            assert not plan.writable
            assert first_seen(plan.record_observation("goods", seen(remote(51)))) == {51: 1}
        with to_plan(folder) as plan:
            assert plan.last_observation("goods") is None
    assert path.stat().st_mode & 0o777 == 0o400


def test_a_read_only_folder(folder: Path) -> None:
    with unprivileged():
        opened(folder).close()
        folder.chmod(0o500)
        with pytest.raises(StateReadOnly, match=r"/state\.db: the state is read-only$"):
            opened(folder)
        with to_plan(folder) as plan:
            assert not plan.writable


def test_a_read_only_folder_without_a_state(folder: Path) -> None:
    open_state("sqlite://", origin=ORIGIN, app=APP).close()  # imports what the other user cannot read
    with unprivileged():
        folder.chmod(0o500)
        with pytest.raises(StateReadOnly, match=r"/state\.db: the state is read-only$"):
            opened(folder)
        with to_plan(folder) as plan:
            assert plan.snapshot().bindings == {}
    assert list(folder.iterdir()) == []


def test_a_read_only_state_that_a_run_is_writing(folder: Path) -> None:
    """What is still in the log is read too."""
    with unprivileged(), opened(folder) as store:
        land(store, store.acquire(WHO, 1.0), "cup", 51)
        folder.chmod(0o500)
        with to_plan(folder) as plan:
            assert not plan.writable
            assert plan.snapshot() == store.snapshot()
        folder.chmod(0o700)


def test_a_log_without_its_index_cannot_be_read_where_nothing_can_be_written(folder: Path) -> None:
    with unprivileged():
        with opened(folder) as store:
            land(store, store.acquire(WHO, 1.0), "cup", 51)
            torn = folder / "torn"
            torn.mkdir()
            for name in ("state.db", "state.db-wal"):
                (torn / name).write_bytes((folder / name).read_bytes())
        torn.chmod(0o500)
        with pytest.raises(StateUnreadable) as caught:
            to_plan(torn)
        assert caught.value.message == f"{torn}/state.db: the state cannot be opened"
        torn.chmod(0o700)
        with to_plan(torn) as plan:
            assert list(plan.snapshot().bindings) == ["goods.cup"]


def test_a_state_that_this_user_may_not_read(folder: Path) -> None:
    with unprivileged():
        opened(folder).close()
        (folder / "state.db").chmod(0)
        with pytest.raises(StateUnreadable) as caught:
            to_plan(folder)
        assert caught.value.message == f"{folder}/state.db: this user may not read the state"
        (folder / "state.db").chmod(0o600)


def test_a_plan_makes_the_state_where_it_can(tmp_path: Path) -> None:
    with to_plan(tmp_path) as plan:
        assert plan.writable
        plan.record_observation("goods", seen(remote(1)))
    with to_plan(tmp_path) as plan:
        assert plan.last_observation("goods") is not None


@pytest.mark.parametrize(
    ("code", "told"),
    [
        (sqlite3.SQLITE_FULL, "s: the disk is full"),
        (sqlite3.SQLITE_READONLY_DBMOVED, "s: the state is read-only"),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, "s: another process has kept the state locked for 30 seconds"),
        (sqlite3.SQLITE_LOCKED, "s: another process has kept the state locked for 30 seconds"),
        (sqlite3.SQLITE_NOTADB, "s: this is not a state file"),
        (sqlite3.SQLITE_CORRUPT_INDEX, "s: the state file is damaged"),
        (sqlite3.SQLITE_CANTOPEN_FULLPATH, "s: the state cannot be opened"),
        (sqlite3.SQLITE_PERM, "s: the state cannot be opened"),
        (sqlite3.SQLITE_IOERR_FSYNC, "s: the disk refuses to read or write the state"),
        (sqlite3.SQLITE_NOMEM, "s: SQLite failed (SQLITE_X)"),
    ],
)
def test_every_error_of_sqlite_has_our_words(code: int, told: str) -> None:
    error = sqlite3.OperationalError("sqlite:///secret")
    error.sqlite_errorcode, error.sqlite_errorname = code, "SQLITE_X"
    assert str(faults.explain("s", error)) == told
