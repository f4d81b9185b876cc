"""Whatever a value holds, it comes back as it was."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog_sync.core.journal import Amendment, Entry, EntryState
from catalog_sync.core.model import Address, AuditStatus, Binding, Copy, Observation, Remote, Role, Verb
from catalog_sync.core.ports import Lease
from catalog_sync.state import SqlStore
from catalog_sync.state.codec import plain

from .samples import NOBODY, without_numbers

# Every character, lone surrogates too: a platform's JSON may hold them.
texts = st.text(st.characters(exclude_categories=()), max_size=20) | st.sampled_from(
    ["龙井茶具套装", "a\0b", "\ud800", ""]
)
integers = st.integers() | st.sampled_from([2**53 + 1, 2**63, -(2**70)])
values = st.lists(st.none() | texts | integers, max_size=7).map(tuple)
ids = st.integers(1, 2**63 - 1)
instants = st.floats(allow_nan=False, allow_infinity=False)
copies = st.builds(
    Copy,
    remote_id=ids,
    audit_id=st.none() | ids,
    sent=values,
    submitted=st.none() | values,
    echo=values,
    replaced=values,
    written_at=st.none() | instants,
    locked_out=st.booleans(),
)
# An echo and a submission are mostly what was sent.
alike = copies.map(lambda each: replace(each, submitted=each.sent, echo=each.sent))
bindings = st.builds(
    Binding,
    address=st.just(Address("goods.cup")),
    current=copies | alike,
    successor=st.none() | copies,
    protect=st.booleans(),
).filter(lambda each: each.successor is None or each.successor.remote_id != each.current.remote_id)
fields = st.dictionaries(texts, st.none() | texts | integers, max_size=4)
entries = st.builds(
    Entry,
    address=st.just(Address("goods.cup")),
    call=st.sampled_from(["add", "sku_update"]),
    verb=st.sampled_from(Verb),
    pool=st.none() | st.sampled_from(["submit", "update"]),
    day=st.dates(),
    digest=st.just("sha256:00"),
    role=st.sampled_from(Role),
    remote_id=st.none() | ids,
    audit_id=st.none() | ids,
    fields=fields,
    before=fields,
    values=st.none() | values,
    protect=st.booleans(),
    began_at=instants,
    ended_at=st.none() | instants,
)
remotes = st.builds(
    Remote,
    remote_id=ids,
    status=st.none() | st.sampled_from(AuditStatus),
    values=values,
    ours=st.booleans(),
    key=st.none() | texts,
)
observations = st.builds(
    Observation,
    remotes=st.lists(remotes, max_size=4).map(lambda each: {remote.remote_id: remote for remote in each}),
    absent=st.frozensets(ids, max_size=3),
    unread=st.just(value=False),
    short=st.just(value=False),
    stable=st.just(value=True),
    reason=st.none() | texts,
    taken_at=st.just(0.0),
)
many = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


@many
@given(binding=bindings)
def test_a_binding(store: SqlStore, lease: Lease, binding: Binding) -> None:
    store.amend(Amendment(put=(binding,)), lease.epoch)
    assert store.snapshot().bindings == {binding.address: binding}


@many
@given(entry=entries)
def test_an_entry(store: SqlStore, lease: Lease, entry: Entry) -> None:
    begun = store.begin(entry, lease.epoch)
    (read,) = store.snapshot().open_entries
    assert read == begun == replace(entry, number=begun.number)
    assert list(read.fields) == list(entry.fields)
    store.finish(begun.number, EntryState.LANDED, NOBODY, lease.epoch, answer=entry.fields)


@many
@given(observation=observations)
def test_an_observation(store: SqlStore, lease: Lease, observation: Observation) -> None:
    assert without_numbers(store.record_observation("goods", observation)) == observation
    assert without_numbers(store.last_observation("goods")) == observation


@many
@given(note=texts)
def test_a_note_but_for_what_no_database_takes(store: SqlStore, note: str) -> None:
    store.note(Address("goods.cup"), note)
    assert store.snapshot().notes == {"goods.cup": plain(note)}


def test_a_plain_text() -> None:
    assert plain("图片\0 \udcff ok") == "图片� ? ok"
