"""What was seen of the platform."""

from __future__ import annotations

from dataclasses import replace

import pytest

from catalog_sync.core.model import AuditStatus, Observation, Remote
from catalog_sync.state import SqlStore

from .samples import Shop, first_seen, remote, seen, without_numbers


def test_nothing_was_seen_at_first(store: SqlStore) -> None:
    assert store.last_observation("goods") is None


def test_what_was_seen_comes_back(store: SqlStore) -> None:
    strange = Remote(2**53 + 1, None, (None, 2**60, "a\0b", "\udfff", ""), ours=False, key="货号\ud800")
    shown = Observation(
        {51: remote(51), strange.remote_id: strange},
        absent=frozenset({7, 8}),
        unread=True,
        short=True,
        stable=False,
        reason="状态 2 \ud800",
        taken_at=1000.125,
    )
    assert without_numbers(store.record_observation("goods", shown)) == shown
    assert without_numbers(store.last_observation("goods")) == shown


def test_items_stay_in_the_order_of_the_listing(store: SqlStore) -> None:
    for _ in range(2):
        assert list(store.record_observation("goods", seen(remote(9), remote(3), remote(5))).remotes) == [9, 3, 5]


def test_numbers_grow_by_one(store: SqlStore) -> None:
    assert [store.record_observation("goods", seen()).number for _ in range(3)] == [1, 2, 3]
    last = store.last_observation("goods")
    assert last is not None
    assert last.number == 3


def test_an_id_keeps_the_number_that_showed_it_first(store: SqlStore) -> None:
    assert first_seen(store.record_observation("goods", seen(remote(1), remote(2)))) == {1: 1, 2: 1}
    assert first_seen(store.record_observation("goods", seen(remote(1, "renamed"), remote(3)))) == {1: 1, 3: 2}
    assert first_seen(store.record_observation("goods", seen(remote(2), remote(3)))) == {2: 1, 3: 2}
    last = store.last_observation("goods")
    assert last is not None
    assert first_seen(last) == {2: 1, 3: 2}


def test_a_whole_look_drops_what_it_does_not_show(store: SqlStore) -> None:
    store.record_observation("goods", seen(remote(1), remote(2)))
    store.record_observation("goods", seen(remote(2, status=AuditStatus.REJECTED)))
    last = store.last_observation("goods")
    assert last is not None
    assert last.remotes == {2: replace(remote(2, status=AuditStatus.REJECTED), first_seen=1)}


@pytest.mark.parametrize(
    "partial",
    [
        seen(remote(2, "new"), unread=True),
        replace(seen(remote(2, "new")), short=True),
        seen(remote(2, "new"), stable=False),
    ],
)
def test_an_incomplete_or_unstable_look_drops_nothing(store: SqlStore, partial: Observation) -> None:
    store.record_observation("goods", seen(remote(1), remote(2)))
    assert set(store.record_observation("goods", partial).remotes) == {2}
    last = store.last_observation("goods")
    assert last is not None
    assert {remote_id: each.values[0] for remote_id, each in last.remotes.items()} == {1: "TIT茶杯", 2: "new"}
    assert (last.complete, last.stable) == (partial.complete, partial.stable)


def test_a_look_that_began_earlier_changes_no_row_but_its_ids_are_remembered(store: SqlStore) -> None:
    store.record_observation("goods", seen(remote(1, "newer"), at=2000.0))
    late = store.record_observation("goods", seen(remote(1, "older"), remote(2), at=1000.0))
    assert (late.number, first_seen(late)) == (2, {1: 1, 2: 2})
    assert late.remotes[1].values[0] == "older"
    last = store.last_observation("goods")
    assert last is not None
    assert (last.number, last.taken_at, first_seen(last)) == (1, 2000.0, {1: 1})
    assert last.remotes[1].values[0] == "newer"
    third = store.record_observation("goods", seen(remote(1), remote(2), at=3000.0))
    assert (third.number, first_seen(third)) == (3, {1: 1, 2: 2})


def test_observations_leave_the_serial_alone(store: SqlStore) -> None:
    store.record_observation("goods", seen(remote(1)))
    assert store.snapshot().serial == 0
    assert store.version().dirty is False


def test_two_processes_number_their_looks_one_after_the_other(durable: Shop) -> None:
    one, other = durable.open(), durable.open()
    numbers = [store.record_observation("goods", seen(remote(each), unread=True)).number for each, store in
               enumerate((one, other, one, other))]  # fmt: skip
    assert numbers == [1, 2, 3, 4]
    last = one.last_observation("goods")
    assert last is not None
    assert first_seen(last) == {0: 1, 1: 2, 2: 3, 3: 4}
    assert other.last_observation("goods") == last


def test_an_observation_of_many_items(store: SqlStore) -> None:
    many = seen(*(remote(each) for each in range(3000)))
    store.record_observation("goods", many)
    again = store.record_observation("goods", seen(*(remote(each) for each in range(500, 3500))))
    assert first_seen(again) == {each: 1 if each < 3000 else 2 for each in range(500, 3500)}
