"""begin and finish: what is written before a call, and what after it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from catalog_sync.core.journal import Amendment, EntryState
from catalog_sync.core.model import Address, PictureRef, Refusal, Role, Verb
from catalog_sync.core.ports import Lease, LeaseLost
from catalog_sync.state import AlreadyBound, EntryNotOpen, SqlStore, journal

from .samples import DAY, NOBODY, binding, entry, land, remote, run, seen, values


def test_an_open_entry_is_as_it_was_begun(store: SqlStore, lease: Lease) -> None:
    intended = replace(
        entry(),
        role=Role.SUCCESSOR,
        remote_id=2**62,
        audit_id=7,
        fields={"name": "龙井\0茶", "price2": None, "price": 9950},
        before={"name": "\ud800"},
        protect=True,
        ended_at=1001.25,
    )
    begun = store.begin(intended, lease.epoch)
    assert begun == replace(intended, number=begun.number)
    assert begun.number > 0
    assert store.snapshot().open_entries == (begun,)


def test_numbers_grow(store: SqlStore, lease: Lease) -> None:
    first, second = land(store, lease, "a", 1), store.begin(entry("b"), lease.epoch).number
    assert first < second


def test_an_entry_names_the_last_observation(store: SqlStore, lease: Lease) -> None:
    assert store.begin(entry("a"), lease.epoch).observation == 0
    number = store.record_observation("goods", seen(remote(1), unread=True)).number
    assert store.begin(entry("b"), lease.epoch).observation == number


def test_begin_charges_its_pool_and_day(store: SqlStore, lease: Lease) -> None:
    store.begin(entry("a"), lease.epoch)
    store.begin(entry("b"), lease.epoch)
    store.begin(entry("c", pool="update"), lease.epoch)
    store.begin(entry("d", day=DAY + timedelta(days=1)), lease.epoch)
    store.begin(entry("e", pool=None), lease.epoch)
    assert store.snapshot().spent == {
        ("submit", DAY): 2,
        ("update", DAY): 1,
        ("submit", DAY + timedelta(days=1)): 1,
    }


@pytest.mark.parametrize(
    ("end", "spent"),
    [
        (EntryState.LANDED, 1),
        (EntryState.REFUSED, 1),
        (EntryState.NOT_LANDED, 1),
        (EntryState.DISMISSED, 1),
        (EntryState.NOT_SENT, 0),
    ],
)
def test_only_a_call_that_was_not_sent_gives_its_charge_back(
    store: SqlStore, lease: Lease, end: EntryState, spent: int
) -> None:
    begun = store.begin(entry(), lease.epoch)
    store.finish(begun.number, end, NOBODY, lease.epoch, answer={})
    snapshot = store.snapshot()
    assert snapshot.spent.get(("submit", DAY), 0) == spent
    assert snapshot.open_entries == ()


def test_an_uncounted_call_that_was_not_sent_gives_nothing_back(store: SqlStore, lease: Lease) -> None:
    begun = store.begin(entry(pool=None), lease.epoch)
    store.finish(begun.number, EntryState.NOT_SENT, NOBODY, lease.epoch, answer={})
    assert store.snapshot().spent == {}


def test_finish_makes_every_change_of_its_amendment(store: SqlStore, lease: Lease) -> None:
    store.amend(
        Amendment(
            put=(binding("old", 1), binding("kept", 2)),
            refusals=(Refusal(Address("goods.old"), "f", 300002, "the name is too long", 1.5),),
            pictures=(("sha256:gone", PictureRef("m0", 1.0)),),
        ),
        lease.epoch,
    )
    refusal = Refusal(Address("goods.cup"), "g", 300003, "the price is wrong", 2.5)
    amendment = Amendment(
        put=(binding("cup", 51, successor=52),),
        drop=(Address("goods.old"),),
        tombstones=(
            ("goods", 9),
            ("goods", 8),
            ("goods", 9),
        ),
        refusals=(refusal,),
        forgiven=(Address("goods.old"),),
        facts=("rejected_update_refused", "rejected_update_refused"),
        pictures=(("sha256:00", PictureRef("media-1", 1759.25)),),
        lost_pictures=("sha256:gone",),
    )
    begun = store.begin(entry(), lease.epoch)
    store.finish(begun.number, EntryState.LANDED, amendment, lease.epoch, answer={"errcode": 0})
    snapshot = store.snapshot()
    assert snapshot.bindings == {each.address: each for each in (binding("cup", 51, successor=52), binding("kept", 2))}
    assert snapshot.tombstones == {"goods": {8, 9}}
    assert snapshot.refusals == {refusal.address: refusal}
    assert snapshot.facts == {"rejected_update_refused"}
    assert store.picture("sha256:00") == PictureRef("media-1", 1759.25)
    assert store.picture("sha256:gone") is None


def test_closing_an_entry_twice_is_a_mistake_of_the_program(store: SqlStore, lease: Lease) -> None:
    number = land(store, lease, "cup", 51)
    with pytest.raises(EntryNotOpen, match=rf"^journal entry {number} is not open$"):
        store.finish(number, EntryState.NOT_SENT, Amendment(tombstones=(("goods", 51),)), lease.epoch, answer={})
    assert store.snapshot().tombstones == {}
    assert store.snapshot().spent == {("submit", DAY): 1}


def test_closing_an_entry_that_never_was_is_a_mistake_of_the_program(store: SqlStore, lease: Lease) -> None:
    with pytest.raises(EntryNotOpen, match=r"^journal entry 77 is not open$"):
        store.finish(77, EntryState.LANDED, NOBODY, lease.epoch, answer={})
    with pytest.raises(EntryNotOpen, match=r"^journal entry 77 is not open$"):
        store.note_end(77, 1.0, lease.epoch)


def test_an_entry_cannot_be_closed_as_open(store: SqlStore, lease: Lease) -> None:
    begun = store.begin(entry(), lease.epoch)
    with pytest.raises(EntryNotOpen):
        store.finish(begun.number, EntryState.OPEN, NOBODY, lease.epoch, answer={})


def test_the_end_of_a_call_is_noted(store: SqlStore, lease: Lease) -> None:
    begun = store.begin(entry(), lease.epoch)
    store.note_end(begun.number, 1002.125, lease.epoch)
    assert store.snapshot().open_entries == (replace(begun, ended_at=1002.125),)


def test_an_id_is_bound_once(store: SqlStore, lease: Lease) -> None:
    land(store, lease, "cup", 51)
    begun = store.begin(entry("tea"), lease.epoch)
    with pytest.raises(AlreadyBound, match=r"^goods\.tea: id 51 is bound already$"):
        store.finish(begun.number, EntryState.LANDED, Amendment(put=(binding("tea", 51),)), lease.epoch, answer={})
    assert store.snapshot().open_entries == (begun,)
    assert list(store.snapshot().bindings) == ["goods.cup"]


@pytest.mark.parametrize(
    ("put", "told"),
    [
        ((binding("a", 1, successor=1),), "goods.a: id 1 is bound already"),
        ((binding("a", 1), binding("b", 2, successor=1)), "goods.b: id 1 is bound already"),
        ((binding("a", 1), binding("b", 51)), "goods.b: id 51 is bound already"),
    ],
)
def test_an_id_is_bound_once_within_an_amendment(
    store: SqlStore, lease: Lease, put: tuple[object, ...], told: str
) -> None:
    land(store, lease, "cup", 51)
    before = store.snapshot()
    with pytest.raises(AlreadyBound) as caught:
        store.amend(Amendment(put=put), lease.epoch)  # type: ignore[arg-type] # a tuple of bindings
    assert str(caught.value) == told
    assert store.snapshot() == before


def test_bindings_may_swap_their_ids(store: SqlStore, lease: Lease) -> None:
    store.amend(Amendment(put=(binding("a", 1, successor=3), binding("b", 2))), lease.epoch)
    swapped = (binding("a", 3), binding("b", 1, successor=2))
    store.amend(Amendment(put=swapped), lease.epoch)
    assert tuple(store.snapshot().bindings.values()) == swapped


def test_an_answer_is_kept_whatever_it_holds(store: SqlStore, lease: Lease) -> None:
    begun = store.begin(entry(), lease.epoch)
    answer = {"errmsg": "bad \ud800 text", "at": DAY, "deep": [{"n": 2**70}]}
    store.finish(begun.number, EntryState.REFUSED, NOBODY, lease.epoch, answer=answer)
    assert store.snapshot().open_entries == ()


def test_writes_that_did_not_land_are_counted_by_address_and_day(store: SqlStore, lease: Lease) -> None:
    for key, day in (("a", DAY), ("a", DAY), ("b", DAY), ("a", DAY + timedelta(days=1))):
        begun = store.begin(entry(key, day=day), lease.epoch)
        store.finish(begun.number, EntryState.NOT_LANDED, NOBODY, lease.epoch, answer={})
    assert store.snapshot().not_landed == {
        ("goods.a", DAY): 2,
        ("goods.b", DAY): 1,
        ("goods.a", DAY + timedelta(days=1)): 1,
    }


def test_a_person_closes_the_open_entries_of_an_address(store: SqlStore, lease: Lease) -> None:
    for key in ("a", "a", "b"):
        store.begin(entry(key), lease.epoch)
    assert store.dismiss(Address("goods.a"), lease.epoch) == 2
    assert store.dismiss(Address("goods.a"), lease.epoch) == 0
    assert [each.address for each in store.snapshot().open_entries] == ["goods.b"]
    assert store.snapshot().spent == {("submit", DAY): 3}


def test_nothing_is_written_under_another_epoch(store: SqlStore, lease: Lease) -> None:
    begun = store.begin(entry(), lease.epoch)
    before = store.snapshot()
    for epoch in (lease.epoch - 1, lease.epoch + 1):
        with pytest.raises(LeaseLost, match=r"^the lock is not ours any more$"):
            store.begin(entry("b"), epoch)
        with pytest.raises(LeaseLost):
            store.finish(begun.number, EntryState.LANDED, NOBODY, epoch, answer={})
        with pytest.raises(LeaseLost):
            store.note_end(begun.number, 1002.0, epoch)
        with pytest.raises(LeaseLost):
            store.amend(Amendment(tombstones=(("goods", 1),)), epoch)
        with pytest.raises(LeaseLost):
            store.dismiss(begun.address, epoch)
        with pytest.raises(LeaseLost):
            store.start_run(run(), epoch)
        with pytest.raises(LeaseLost):
            store.end_run(run(), epoch)
    assert store.snapshot() == before
    assert store.history() == ()


def test_nothing_is_written_once_the_lock_was_let_go(store: SqlStore, lease: Lease) -> None:
    store.release(lease)
    with pytest.raises(LeaseLost):
        store.begin(entry(), lease.epoch)


def test_old_entries_are_forgotten_at_the_end_of_a_run(
    store: SqlStore, lease: Lease, monkeypatch: pytest.MonkeyPatch
) -> None:
    oldest = store.begin(entry("open"), lease.epoch)
    monkeypatch.setattr(journal, "_OLDEST_KEPT", journal._OLDEST_KEPT.offset(3))
    for key in ("a", "b", "c", "d", "e"):
        begun = store.begin(entry(key), lease.epoch)
        store.finish(begun.number, EntryState.NOT_LANDED, NOBODY, lease.epoch, answer={})
    store.end_run(run(), lease.epoch)
    snapshot = store.snapshot()
    assert snapshot.open_entries == (oldest,)
    assert sorted(address for address, _ in snapshot.not_landed) == ["goods.c", "goods.d", "goods.e"]
    assert store.begin(entry("next", verb=Verb.UPDATE), lease.epoch).number > begun.number
    assert values() == snapshot.open_entries[0].values


def test_what_counts_for_the_hour_is_not_forgotten(
    store: SqlStore, lease: Lease, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "_OLDEST_KEPT", journal._OLDEST_KEPT.offset(2))
    charges = [(10.0, "sku_write"), (4000.0, "sku_write"), (7000.0, "sku_write"), (None, None), (None, None)]
    for number, (charged_at, pool) in enumerate(charges):
        begun = store.begin(replace(entry(f"sku-{number}", pool=pool), charged_at=charged_at), lease.epoch)
        store.finish(begun.number, EntryState.NOT_LANDED, NOBODY, lease.epoch, answer={})
    store.end_run(run(), lease.epoch)
    snapshot = store.snapshot()
    assert snapshot.recent == {"sku_write": (4000.0, 7000.0)}
    assert sorted(address for address, _ in snapshot.not_landed) == [f"goods.sku-{number}" for number in (1, 2, 3, 4)]
