"""What an action costs the state does not depend on how much the state holds: counted in SQLite's own steps."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from catalog_sync.core.journal import Amendment
from catalog_sync.core.model import Address
from catalog_sync.state import SqlStore

from .samples import WHO, DurableShop, binding, driver_of, land, remote, seen

FEW, MANY = 10, 5_000


class Counter:
    """Counts the instructions that SQLite carries out."""

    def __init__(self) -> None:
        self.steps = 0

    def __call__(self) -> int:
        self.steps += 1
        return 0


@contextmanager
def counted(store: SqlStore) -> Iterator[Counter]:
    """Counts while it is entered."""
    counter = Counter()
    with driver_of(store) as driver:
        driver.set_progress_handler(counter, 1)
    yield counter
    with driver_of(store) as driver:
        driver.set_progress_handler(None, 1)


def fill(store: SqlStore, start: int, count: int) -> None:
    """Bind and see so many items, each with a landed entry in the journal."""
    numbers = range(start, start + count)
    lease = store.acquire(WHO, 1000.0)
    store.amend(Amendment(put=tuple(binding(f"old-{number}", number) for number in numbers)), lease.epoch)
    for number in numbers[: count // 10]:
        land(store, lease, f"sent-{number}", 1_000_000 + number)
    store.record_observation("goods", seen(*map(remote, range(1, start + count)), at=float(start)))
    store.release(lease)


def steps_of_an_action(store: SqlStore, key: str, remote_id: int) -> int:
    """The steps of one add from begin to finish, and of the look-ups that a sender makes between."""
    lease = store.acquire(WHO, 1000.0)
    with counted(store) as counter:
        land(store, lease, key, remote_id)
        store.picture("sha256:00ff")
        store.amend(Amendment(drop=(Address(f"goods.{key}"),)), lease.epoch)
    store.release(lease)
    return counter.steps


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    shop = DurableShop(tmp_path)
    yield shop.open()
    shop.close()


def test_an_action_costs_as_much_in_a_large_state_as_in_a_small_one(store: SqlStore) -> None:
    fill(store, 1, FEW)
    land_first = steps_of_an_action(store, "first", 2_000_000)  # the statements are prepared by now
    small = steps_of_an_action(store, "second", 2_000_001)
    fill(store, FEW + 1, MANY)
    large = steps_of_an_action(store, "third", 2_000_002)
    assert 100 < small <= land_first
    assert large == pytest.approx(small, rel=0.1)


def test_the_count_sees_a_statement_that_reads_everything(store: SqlStore) -> None:
    fill(store, 1, FEW)
    with counted(store) as small:
        store.snapshot()
    fill(store, FEW + 1, MANY)
    with counted(store) as large:
        store.snapshot()
    assert large.steps > 50 * small.steps
