"""Settling: the journal's open entries judged by what is seen, and what each judgement changes in the state."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from catalog_sync.core.bindings import bound_ids
from catalog_sync.core.journal import Amendment, Entry, EntryState
from catalog_sync.core.landing import landed
from catalog_sync.core.model import Address, Binding, Observation, Schema, system_of
from catalog_sync.core.ports import Snapshot
from catalog_sync.core.settle import Landed, NotLanded, TooYoung, Undecided, Verdict, Witness, settle
from catalog_sync.engine.tools import READ_TIMEOUT


def belongs(schema: Schema, address: Address) -> bool:
    """Whether an address is one of this system's."""
    return system_of(address) == schema.prefix


def owned(schema: Schema, bindings: Mapping[Address, Binding]) -> dict[Address, Binding]:
    """The bindings of one system."""
    return {address: binding for address, binding in bindings.items() if belongs(schema, address)}


def judge(
    schema: Schema, snapshot: Snapshot, seen: Observation, own_now: float, settle_after: float
) -> tuple[Verdict, ...]:
    """A verdict for each open entry of one system."""
    entries = [entry for entry in snapshot.open_entries if belongs(schema, entry.address)]
    witness = Witness(
        schema,
        seen,
        snapshot.bindings,
        snapshot.deleted(schema),
        frozenset(bound_ids(owned(schema, snapshot.bindings).values())),
        own_now,
        settle_after,
        READ_TIMEOUT,
    )
    return settle(entries, witness) if entries else ()


def ruling(schema: Schema, verdict: Verdict, binding: Binding | None) -> tuple[EntryState, Amendment] | None:
    """How a judged entry is closed and what that changes; None while it stays open."""
    match verdict:
        case Landed(entry, remote):
            found = None if remote is None else remote.remote_id
            amendment = landed(schema, binding, entry, remote_id=found, at=entry.ended_at or entry.began_at)
            return EntryState.LANDED, amendment
        case NotLanded():
            return EntryState.NOT_LANDED, Amendment()
        case TooYoung() | Undecided():
            return None


def closed(snapshot: Snapshot, entry: Entry, state: EntryState, amendment: Amendment) -> Snapshot:
    """The snapshot as the state will be once an entry is closed so."""
    after = amended(snapshot, amendment)
    if state is not EntryState.NOT_LANDED:
        return after
    counted = Counter(after.not_landed)
    counted[entry.address, entry.day] += 1
    return replace(after, not_landed=counted)


def amended(snapshot: Snapshot, amendment: Amendment) -> Snapshot:
    """The snapshot as the state will be after an amendment."""
    bindings = {address: each for address, each in snapshot.bindings.items() if address not in amendment.drop}
    bindings |= {binding.address: binding for binding in amendment.put}
    tombstones = dict(snapshot.tombstones)
    for system, remote_id in amendment.tombstones:
        tombstones[system] = tombstones.get(system, frozenset()) | {remote_id}
    return replace(
        snapshot,
        bindings=bindings,
        tombstones=tombstones,
        drafts=snapshot.drafts.difference(amendment.submitted).union(amendment.drafted),
        refusals={
            address: refusal for address, refusal in snapshot.refusals.items() if address not in amendment.forgiven
        },
    )


def upload_key(schema: Schema, identity: str) -> str:
    """Under which the upload of a picture is remembered: what one system took means nothing to another."""
    return f"{schema.prefix}:{identity}"
