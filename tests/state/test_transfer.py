"""state pull and push: the whole shop as one document."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from catalog_sync.core.errors import StateUnreadable, UsageError
from catalog_sync.core.journal import Amendment, EntryState
from catalog_sync.core.model import Address, Refusal
from catalog_sync.core.ports import Lease, LeaseLost, Snapshot
from catalog_sync.state import SqlStore

from .samples import DAY, NOBODY, WHO, DurableShop, Shop, binding, entry, first_seen, land, remote, run, seen

FORCE = "to replace this state all the same, `state pull` a copy of it first, then `state push --force`"


def fill(store: SqlStore) -> Lease:
    """A shop with something of everything."""
    lease = store.acquire(WHO, 1000.0)
    store.record_observation("goods", seen(remote(1), remote(2)))
    store.start_run(run("r1"), lease.epoch)
    store.spend_plan("p-1", "r1", lease.epoch)
    for number in range(1, 4):
        land(store, lease, f"k{number}", number)
    refusal = Refusal(Address("goods.x"), "f", 300002, "名称太长", 1.5)
    taught = Amendment(
        put=(binding("both", 8, successor=9),),
        tombstones=(("goods", 7),),
        refusals=(refusal,),
        facts=("rejected_update_refused",),
    )
    store.amend(taught, lease.epoch)
    lost = store.begin(replace(entry("lost"), fields={"name": "茶\ud800", "price": 2**60}), lease.epoch)
    store.finish(lost.number, EntryState.NOT_LANDED, NOBODY, lease.epoch, answer={})
    store.begin(entry("open"), lease.epoch)
    store.record_counts({"submit": 40}, DAY)
    store.note(Address("goods.k1"), "图片模糊")
    store.end_run(replace(run("r1", 1010.5, {"applied": 3}), broken_off="auth_failed"), lease.epoch)
    return lease


def pulled(store: SqlStore) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(json.dumps(store.export()))
    return document


def comparable(snapshot: Snapshot) -> Snapshot:
    """Rows get new numbers where they are pushed."""
    return replace(snapshot, open_entries=tuple(replace(each, number=0) for each in snapshot.open_entries))


@pytest.fixture
def filled(store: SqlStore) -> Lease:
    return fill(store)


@pytest.fixture
def other(tmp_path: Path) -> SqlStore:
    """An empty state elsewhere, which has looked at the platform before."""
    folder = tmp_path / "other"
    folder.mkdir()
    made = DurableShop(folder).open()
    made.record_observation("goods", seen(remote(2), remote(3)))
    return made


def test_a_state_is_carried_whole(store: SqlStore, filled: Lease, other: SqlStore) -> None:
    other.import_(pulled(store), other.acquire(WHO, 1.0).epoch)
    assert comparable(other.snapshot()) == comparable(store.snapshot())
    assert other.history() == store.history()
    assert pulled(other) == pulled(store)
    assert other.version() == store.version()
    assert other.last_observation("goods") is None
    other.close()


def test_ids_that_were_seen_stay_seen(store: SqlStore, filled: Lease, other: SqlStore) -> None:
    lease = other.acquire(WHO, 1.0)
    other.import_(pulled(store), lease.epoch)
    (still_open,) = other.snapshot().open_entries
    assert still_open.observation == 1
    looked = other.record_observation("goods", seen(remote(1), remote(2), remote(3)))
    assert (looked.number, first_seen(looked)) == (2, {1: 1, 2: 1, 3: 2})
    other.close()


def test_pushing_what_was_pulled_changes_nothing(store: SqlStore, filled: Lease) -> None:
    before = store.snapshot()
    store.import_(pulled(store), filled.epoch)
    assert comparable(store.snapshot()) == comparable(before)


def test_a_document_from_before_a_run_kept_what_broke_it_off(store: SqlStore, filled: Lease) -> None:
    document = pulled(store)
    (known,) = store.history()
    assert [each.pop("broken_off") for each in document["runs"]] == ["auth_failed"] == [known.broken_off]
    store.import_(document, filled.epoch)
    assert store.history() == (replace(known, broken_off=None),)
    document["runs"][0].pop("actor")
    with pytest.raises(StateUnreadable, match=r"^the document is not a state: runs\[0\] has other fields than a row$"):
        store.import_(document, filled.epoch)


def test_a_state_that_was_pulled_while_a_run_wrote_can_be_pushed_after_it_died(shop: Shop) -> None:
    killed = shop.open()
    land(killed, killed.acquire(WHO, 1.0), "a", 1)
    document = pulled(killed)
    heir = shop.open()
    lease = heir.acquire(WHO, 1000.0)
    assert (document["serial"], heir.snapshot().serial) == (1, 1)
    heir.import_(document, lease.epoch)


def test_another_lineage_is_refused(store: SqlStore, filled: Lease) -> None:
    document = {**pulled(store), "lineage": "0" * 32}
    with pytest.raises(UsageError) as caught:
        store.import_(document, filled.epoch)
    assert (caught.value.message, caught.value.hint) == (
        (
            "the document is of another lineage (00000000, serial 1): it was not made from this state "
            f"({store.version().lineage[:8]}, serial 1); nothing was changed"
        ),
        f"is it the right file, and the right --state? {FORCE}",
    )
    store.import_(document, filled.epoch, force=True)
    assert store.version() == ("0" * 32, 2, False)
    assert first_seen(store.record_observation("goods", seen(remote(1), remote(5)))) == {1: 1, 5: 2}


def test_an_older_serial_is_refused(store: SqlStore, filled: Lease) -> None:
    old = pulled(store)
    land(store, filled, "new", 77)
    store.end_run(run("r2"), filled.epoch)
    with pytest.raises(UsageError) as caught:
        store.import_(old, filled.epoch)
    assert (caught.value.message, caught.value.hint) == (
        "the document is older: it has serial 1, this state has 2; nothing was changed",
        f"a push would forget the ids of items added since (see `history`); {FORCE}",
    )
    store.import_(old, filled.epoch, force=True)
    assert Address("goods.new") not in store.snapshot().bindings
    assert store.snapshot().serial == 3


def test_the_same_serial_with_other_content_is_refused(store: SqlStore, filled: Lease) -> None:
    document = pulled(store)
    document["bindings"][0]["protect"] = True
    with pytest.raises(UsageError) as caught:
        store.import_(document, filled.epoch)
    assert (caught.value.message, caught.value.hint) == (
        (
            "the document has serial 1 like this state, and other content: two runs wrote side by side; "
            "nothing was changed"
        ),
        f"apply, look at the plan, and adopt what only the other one knows; {FORCE}",
    )


def test_a_newer_serial_is_taken(store: SqlStore, filled: Lease) -> None:
    document = pulled(store)
    document["serial"] = 9
    document["tombstones"].append({"system": "goods", "remote_id": 99})
    store.import_(document, filled.epoch)
    assert store.snapshot().serial == 9
    assert store.snapshot().tombstones == {"goods": {7, 99}}


@pytest.mark.parametrize("force", [False, True])
def test_another_shop_is_refused_always(durable: Shop, *, force: bool) -> None:
    store, elsewhere, emulated = durable.open(), durable.open(app="wx-b"), durable.open(origin="http://127.0.0.1:8700")
    lease = fill(store)
    with pytest.raises(UsageError, match=r"^the document is of app wx-b, this state of wx0123456789abcdef$"):
        store.import_(pulled(elsewhere), lease.epoch, force=force)
    with pytest.raises(UsageError) as caught:
        store.import_(pulled(emulated), lease.epoch, force=force)
    assert caught.value.message == (
        "the document is of origin http://127.0.0.1:8700, this state of https://api.weixin.qq.com"
    )


def test_a_push_leaves_other_shops_alone(durable: Shop) -> None:
    store, elsewhere = durable.open(), durable.open(app="wx-b")
    lease, _ = fill(store), fill(elsewhere)
    before = elsewhere.snapshot()
    store.import_(pulled(store), lease.epoch)
    assert elsewhere.snapshot() == before


def test_a_push_needs_the_lock(store: SqlStore, filled: Lease) -> None:
    with pytest.raises(LeaseLost):
        store.import_(pulled(store), filled.epoch + 1, force=True)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"format_version": None}, "the document is not a state: it has no format_version"),
        ({"format_version": "2.0"}, "the document has format 2.0, this catalog-sync knows 1.0"),
        ({"serial": "1"}, "the document is not a state: serial is missing or wrong"),
        ({"serial": True}, "the document is not a state: serial is missing or wrong"),
        ({"app": None}, "the document is not a state: app is missing or wrong"),
        ({"seen": []}, "the document is not a state: seen is missing or wrong"),
        ({"seen": {"goods": {"x": [1]}}}, "the document is not a state: seen is missing or wrong"),
        ({"seen": {"goods": {"1": ["1"]}}}, "the document is not a state: seen is missing or wrong"),
        ({"seen": {"goods": {"1": [2**63]}}}, "the document is not a state: seen is missing or wrong"),
        (
            {"tombstones": [{"system": "goods", "remote_id": 2**63}]},
            "the document is not a state: tombstones[0].remote_id is wrong",
        ),
        ({"facts": [{"word": "a\0"}]}, "the document is not a state: facts[0].word is wrong"),
        ({"facts": [{"word": "\ud800"}]}, "the document is not a state: facts[0].word is wrong"),
        ({"bindings": None}, "the document is not a state: bindings is missing or wrong"),
        ({"bindings": ["x"]}, "the document is not a state: bindings[0] has other fields than a row"),
        ({"facts": [{"word": 1}]}, "the document is not a state: facts[0].word is wrong"),
        ({"facts": [{"word": None}]}, "the document is not a state: facts[0].word is wrong"),
        (
            {"facts": [{"word": "a"}, {"word": "a"}]},
            "the document is not a state: two of its rows contradict each other",
        ),
        (
            {"ledger": [{"pool": "submit", "day": "tomorrow", "spent": 1, "told": None}]},
            "the document is not a state: its rows make no sense",
        ),
    ],
)
def test_what_is_no_state_is_refused(store: SqlStore, filled: Lease, change: dict[str, object], told: str) -> None:
    before = store.snapshot()
    with pytest.raises(StateUnreadable) as caught:
        store.import_({**pulled(store), **change}, filled.epoch, force=True)
    assert caught.value.message == told
    assert store.snapshot() == before


def test_a_successor_without_its_current_is_refused(store: SqlStore, filled: Lease) -> None:
    document = pulled(store)
    document["bindings"] = [row for row in document["bindings"] if row["remote_id"] != 8]
    with pytest.raises(StateUnreadable, match=r"^the document is not a state: its rows make no sense$"):
        store.import_(document, filled.epoch, force=True)


def test_the_document_reads_well(store: SqlStore) -> None:
    lease = store.acquire(WHO, 1.0)
    land(store, lease, "cup", 51)
    document = store.export()
    assert document["bindings"] == [
        {
            "address": "goods.cup",
            "role": "current",
            "system": "goods",
            "remote_id": 51,
            "audit_id": None,
            "sent": ["TIT茶杯", "sha256:00ff", 9950, None],
            "submitted": None,
            "echo": [None, None, None, None],
            "replaced": [None, None, None, None],
            "written_at": None,
            "submitted_at": None,
            "locked_out": False,
            "protect": False,
        }
    ]
    assert document["ledger"] == [{"pool": "submit", "day": "2026-11-21", "spent": 1, "told": None}]
    assert list(document) == [
        *("format_version", "origin", "app", "lineage", "serial", "observation"),
        *(
            "bindings",
            "journal",
            "ledger",
            "tombstones",
            "refusals",
            "drafts",
            "facts",
            "notes",
            "reviews",
            "runs",
            "seen",
        ),
    ]
