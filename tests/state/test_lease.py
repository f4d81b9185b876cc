"""The lock: one writer a shop, and who lost it writes nothing more."""

from __future__ import annotations

from dataclasses import replace

import pytest

from catalog_sync.core.errors import LockHeld, UsageError
from catalog_sync.core.journal import Amendment, EntryState
from catalog_sync.core.ports import Holder, LeaseLost
from catalog_sync.state import SqlStore

from .samples import APP, NOBODY, WHO, Shop, binding, entry

OTHER = Holder("night", "ci-8", 7, "catalog-sync apply", "https://ci.example/run/7")


def test_a_lease_lasts_a_minute(store: SqlStore) -> None:
    lease = store.acquire(WHO, 1000.0)
    assert (lease.app, lease.holder) == (APP, WHO)
    assert (lease.acquired_at, lease.heartbeat_at, lease.expires_at) == (1000.0, 1000.0, 1060.0)
    assert store.leases() == (lease,)


def test_a_second_holder_is_told_who_has_it(store: SqlStore) -> None:
    lease = store.acquire(WHO, 1795305600.0)
    with pytest.raises(LockHeld) as caught:
        store.acquire(OTHER, 1795305659.9)
    assert caught.value.message == (
        "wx0123456789abcdef is locked by ops@shop on ci-7 (pid 4242) since 2026-11-22 00:00:00 UTC: "
        "catalog-sync apply --yes"
    )
    assert caught.value.hint == (
        f"wait for it with --lock-timeout 5m, or run `catalog-sync force-unlock {lease.id}` when it is dead"
    )
    assert store.leases() == (lease,)


def test_the_run_of_the_holder_is_named(store: SqlStore) -> None:
    store.acquire(OTHER, 1795305600.0)
    with pytest.raises(LockHeld, match=r": catalog-sync apply, https://ci\.example/run/7$"):
        store.acquire(WHO, 1795305600.0)


def test_a_lease_is_renewed(store: SqlStore) -> None:
    lease = store.acquire(WHO, 1000.0)
    renewed = store.renew(lease, 1015.0)
    assert renewed == replace(lease, heartbeat_at=1015.0, expires_at=1075.0)
    assert store.leases() == (renewed,)
    with pytest.raises(LockHeld):
        store.acquire(OTHER, 1070.0)


def test_an_expired_lease_that_nobody_took_goes_on(store: SqlStore) -> None:
    lease = store.acquire(WHO, 1000.0)
    assert store.renew(lease, 2000.0).expires_at == 2060.0
    assert store.begin(entry(), lease.epoch).number > 0


def test_an_expired_lease_is_taken_over_and_its_holder_is_fenced(shop: Shop) -> None:
    ours, theirs = shop.open(), shop.open()
    old = ours.acquire(WHO, 1000.0)
    begun = ours.begin(entry(), old.epoch)
    new = theirs.acquire(OTHER, 1060.0)
    assert new.epoch == old.epoch + 1
    with pytest.raises(LeaseLost):
        ours.renew(old, 1061.0)
    with pytest.raises(LeaseLost):
        ours.begin(entry("b"), old.epoch)
    with pytest.raises(LeaseLost):
        ours.finish(begun.number, EntryState.LANDED, Amendment(put=(binding("a", 1),)), old.epoch, answer={})
    ours.release(old)
    assert theirs.leases() == (new,)
    assert theirs.snapshot().open_entries == (begun,)
    theirs.finish(begun.number, EntryState.NOT_LANDED, NOBODY, new.epoch, answer={})


def test_a_lock_that_was_let_go_is_free(store: SqlStore) -> None:
    first = store.acquire(WHO, 1000.0)
    store.release(first)
    store.release(first)
    assert store.leases() == ()
    second = store.acquire(OTHER, 1000.5)
    assert second.epoch == first.epoch + 1
    assert second.id != first.id


def test_a_dead_holder_is_unlocked_by_force(store: SqlStore) -> None:
    lease = store.acquire(WHO, 1000.0)
    store.force_unlock(lease.id)
    assert store.leases() == ()
    with pytest.raises(LeaseLost):
        store.begin(entry(), lease.epoch)
    assert store.acquire(OTHER, 1001.0).epoch == lease.epoch + 1


def test_only_the_lock_that_is_held_can_be_forced(store: SqlStore) -> None:
    lease = store.acquire(WHO, 1000.0)
    with pytest.raises(UsageError, match=r"^no lock 'nonsense' is held$"):
        store.force_unlock("nonsense")
    assert store.leases() == (lease,)


def test_shops_of_one_store_are_locked_apart(durable: Shop) -> None:
    one, other, emulated = durable.open(), durable.open(app="wx-other"), durable.open(origin="http://127.0.0.1:8700")
    for store in (one, other, emulated):
        lease = store.acquire(WHO, 1000.0)
        assert lease.epoch == 1
        store.begin(entry(), lease.epoch)
        assert [each.app for each in store.leases()] == [lease.app]
    assert len({store.snapshot().lineage for store in (one, other, emulated)}) == 3
    assert [len(store.snapshot().open_entries) for store in (one, other, emulated)] == [1, 1, 1]
