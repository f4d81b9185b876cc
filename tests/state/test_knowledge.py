"""Counts, notes, uploads, runs and the serial."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Select

from catalog_sync.core.journal import Amendment
from catalog_sync.core.model import Address, Binding, PictureRef
from catalog_sync.core.ports import Lease, LeaseLost, Snapshot, StateStore
from catalog_sync.state import SqlStore, runs
from catalog_sync.state.statements import Prepared

from .samples import DAY, WHO, Shop, binding, copy, land, run

CUP = Address("goods.cup")


def test_it_is_a_state_store(store: SqlStore) -> None:
    conforming: StateStore = store
    assert conforming.snapshot() == store.snapshot()


def test_a_new_state_knows_nothing(store: SqlStore) -> None:
    snapshot = store.snapshot()
    assert len(snapshot.lineage) == 32
    assert snapshot == Snapshot(snapshot.lineage, 0)
    assert store.history() == ()
    assert store.leases() == ()
    assert store.picture("sha256:00") is None


def test_reads_are_charged(store: SqlStore) -> None:
    store.record_reads({"list": 11, "status": 2}, DAY)
    store.record_reads({"list": 3}, DAY)
    assert store.snapshot().spent == {("list", DAY): 14, ("status", DAY): 2}


def test_the_platforms_count_is_the_highest_that_was_seen(store: SqlStore) -> None:
    store.record_counts({"submit": 40, "delete": 0}, DAY)
    store.record_counts({"submit": 39}, DAY)
    store.record_counts({"submit": 7}, DAY + timedelta(days=1))
    snapshot = store.snapshot()
    assert snapshot.seen_spent == {("submit", DAY): 40, ("delete", DAY): 0, ("submit", DAY + timedelta(days=1)): 7}
    assert snapshot.spent == {}


def test_old_days_are_forgotten_at_the_end_of_a_run(store: SqlStore, lease: Lease) -> None:
    store.record_reads({"list": 1}, DAY - timedelta(days=91))
    store.record_reads({"list": 2}, DAY - timedelta(days=90))
    store.record_reads({"list": 3}, DAY)
    store.end_run(run(), lease.epoch)
    assert store.snapshot().spent == {("list", DAY - timedelta(days=90)): 2, ("list", DAY): 3}


def test_notes(store: SqlStore) -> None:
    store.note(CUP, "图片模糊, sent to the studio")
    store.note(Address("goods.tea"), "x")
    store.note(CUP, "new cover on Monday")
    store.note(Address("goods.tea"), None)
    assert store.snapshot().notes == {CUP: "new cover on Monday"}
    assert store.version().dirty is False


def test_a_note_follows_its_item_to_a_new_address(store: SqlStore, lease: Lease) -> None:
    store.amend(Amendment(put=(binding("old", 51),)), lease.epoch)
    store.note(Address("goods.old"), "blurred")
    store.note(CUP, "of an item that is gone")
    store.amend(Amendment(put=(binding("cup", 51),), drop=(Address("goods.old"),)), lease.epoch)
    assert store.snapshot().notes == {CUP: "blurred"}


def test_a_note_stays_where_its_item_is_dropped(store: SqlStore, lease: Lease) -> None:
    store.amend(Amendment(put=(binding("old", 51),)), lease.epoch)
    store.note(Address("goods.old"), "blurred")
    store.amend(Amendment(put=(binding("cup", 52),), drop=(Address("goods.old"),)), lease.epoch)
    assert store.snapshot().notes == {"goods.old": "blurred"}


def test_a_protected_binding_stays_protected(store: SqlStore, lease: Lease) -> None:
    bound = Binding(CUP, copy(51), copy(52), protect=True)
    store.amend(Amendment(put=(bound,)), lease.epoch)
    assert store.snapshot().bindings == {CUP: bound}


def test_uploads_that_ended_long_ago_are_forgotten(store: SqlStore, lease: Lease) -> None:
    month = 30 * 86400.0
    uploads = (("old", PictureRef("a", 999.0)), ("young", PictureRef("b", 1001.0)))
    store.amend(Amendment(pictures=uploads), lease.epoch)
    store.end_run(run(ended_at=1000.0 + month), lease.epoch)
    assert store.picture("old") is None
    assert store.picture("young") == PictureRef("b", 1001.0)


def test_runs_are_told_newest_first(store: SqlStore, lease: Lease) -> None:
    store.start_run(run("r1"), lease.epoch)
    store.start_run(run("r2"), lease.epoch)
    store.end_run(run("r2", 1060.5, {"applied": 3}), lease.epoch)
    store.end_run(run("r3", 1061.0), lease.epoch)
    assert store.history() == (run("r3", 1061.0), run("r2", 1060.5, {"applied": 3}), run("r1"))
    assert store.history(1) == (run("r3", 1061.0),)


def test_a_run_keeps_what_broke_it_off(store: SqlStore, lease: Lease) -> None:
    """Beside its counts: they alone look as if it had come to its end."""
    broken = replace(run("r1", 1060.5, {"applied": 3, "skipped": 2}), broken_off="auth_failed")
    unwritten = replace(run("r2", 1061.0), broken_off="a\0b")
    store.start_run(run("r1"), lease.epoch)
    store.end_run(broken, lease.epoch)
    store.end_run(unwritten, lease.epoch)
    assert store.history() == (replace(unwritten, broken_off="a\N{REPLACEMENT CHARACTER}b"), broken)


def test_old_runs_are_forgotten(store: SqlStore, lease: Lease, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "_OLDEST_KEPT", runs._OLDEST_KEPT.offset(2))
    for name in ("r1", "r2", "r3"):
        store.end_run(run(name), lease.epoch)
    assert [each.id for each in store.history()] == ["r3", "r2"]


@pytest.mark.parametrize("query", [lambda _: runs._NEWEST, lambda _: runs._OLDEST_KEPT, runs._last_success])
def test_the_newest_runs_are_found_by_their_index(store: SqlStore, query: Callable[[Connection], Select[Any]]) -> None:
    """Thousands of shops share one server, and each asks for its own: neither the others' are read, nor all of its."""

    def explained(connection: Connection) -> list[str]:
        """Where it looks, a step a line."""
        asked, constants = Prepared(query(connection)).compile(connection.dialect)
        lite = connection.dialect.name == "sqlite"
        cursor = connection.connection.cursor()
        if not lite:
            cursor.execute("SET LOCAL enable_seqscan = off")  # the table is empty
        cursor.execute(f"EXPLAIN {'QUERY PLAN' if lite else ''} {asked}", {**constants, "s": 1, "n": 20})
        return [row[-1] for row in cursor.fetchall()]

    told = "\n".join(store._database.read(explained))
    assert "ix_runs_scope_number" in told
    assert not re.search("SCAN|TEMP|Sort", told)


def test_the_last_success_is_kept_until_there_is_another(
    store: SqlStore, lease: Lease, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "_OLDEST_KEPT", runs._OLDEST_KEPT.offset(2))
    none = dict.fromkeys(("applied", "failed", "in_doubt", "skipped", "remaining"), 0)
    assert store.last_success() is None
    well = [run(f"w{number}", 1060.5, none) for number in (1, 2)]
    bad = [
        run("edit", 1061.0),
        run("failed", 1061.0, {**none, "applied": 9, "failed": 1}),
        run("doubtful", 1061.0, {**none, "in_doubt": 1}),
        replace(run("broken", 1061.0, none), broken_off="auth_failed"),
    ]
    for each in (*well, *bad):
        store.end_run(each, lease.epoch)
    assert store.history() == (bad[3], bad[2], well[1])
    assert store.last_success() == well[1]
    skipping = run("w3", 1062.0, {"applied": 1, "skipped": 1})
    store.end_run(skipping, lease.epoch)
    assert store.history() == (skipping, bad[3])
    assert store.last_success() == skipping


def test_a_plan_stays_spent(store: SqlStore, lease: Lease, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "_OLDEST_KEPT", runs._OLDEST_KEPT.offset(1))
    store.start_run(run("r1"), lease.epoch)
    assert not store.is_spent("p-1")
    store.spend_plan("p-1", "r1", lease.epoch)
    assert (store.is_spent("p-1"), store.is_spent("p-2")) == (True, False)
    for name in ("r1", "r2", "r3"):
        store.end_run(run(name), lease.epoch)
    assert store.is_spent("p-1")
    assert [(each.id, each.plan_id) for each in store.history()] == [("r3", None), ("r1", "p-1")]
    with pytest.raises(LeaseLost):
        store.spend_plan("p-2", "r3", lease.epoch - 1)
    assert not store.is_spent("p-2")


def test_a_run_that_wrote_raises_the_serial_by_one(store: SqlStore, lease: Lease) -> None:
    store.start_run(run(), lease.epoch)
    land(store, lease, "a", 1)
    land(store, lease, "b", 2)
    assert store.snapshot().serial == 0
    store.end_run(run(), lease.epoch)
    assert store.snapshot().serial == 1
    store.release(lease)
    assert store.snapshot().serial == 1


def test_a_run_that_wrote_nothing_leaves_the_serial(store: SqlStore, lease: Lease) -> None:
    store.start_run(run(), lease.epoch)
    store.record_reads({"list": 1}, DAY)
    store.end_run(run(), lease.epoch)
    store.release(lease)
    assert store.snapshot().serial == 0


def test_a_change_without_a_run_counts_when_the_lock_is_let_go(store: SqlStore, lease: Lease) -> None:
    store.amend(Amendment(put=(binding("a", 1),)), lease.epoch)
    store.release(lease)
    assert store.snapshot().serial == 1


def test_what_a_killed_run_wrote_counts_for_the_next_holder(shop: Shop) -> None:
    killed = shop.open()
    land(killed, killed.acquire(WHO, 1000.0), "a", 1)
    heir = shop.open()
    heir.acquire(WHO, 2000.0)
    assert heir.snapshot().serial == 1


def test_an_empty_amendment_changes_nothing(store: SqlStore, lease: Lease) -> None:
    land(store, lease, "a", 1)
    before = store.snapshot()
    store.amend(Amendment(), lease.epoch)
    assert store.snapshot() == before
