"""Settle: judge the journal's open entries by looking at the platform (rules section 8), never by trying again.

An entry ends as `Landed`, `NotLanded`, or stays open: `TooYoung` (wait and look again) or `Undecided` (a person
decides). Adds are judged together, for equal rows share their candidates.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from catalog_sync.core.fold import fold, likeness
from catalog_sync.core.journal import Entry
from catalog_sync.core.landing import copy_of
from catalog_sync.core.model import (
    Address,
    AuditStatus,
    Binding,
    FieldKind,
    Observation,
    Remote,
    Schema,
    Value,
    Values,
    Verb,
    key_of,
)
from catalog_sync.core.sentence import Sentence


@dataclass(frozen=True, slots=True)
class Landed:
    """The call was done; `remote` is the item that it made or changed, None where it is gone (a delete)."""

    entry: Entry
    remote: Remote | None


@dataclass(frozen=True, slots=True)
class NotLanded:
    """The call was not done, and will not be any more."""

    entry: Entry


@dataclass(frozen=True, slots=True)
class TooYoung:
    """The platform may still be at it: look again in so many seconds."""

    entry: Entry
    seconds: float


@dataclass(frozen=True, slots=True)
class Undecided:
    """What is seen does not tell; `why` is a sentence."""

    entry: Entry
    why: str


Verdict: TypeAlias = Landed | NotLanded | TooYoung | Undecided


@dataclass(frozen=True, slots=True)
class Witness:
    """What entries are judged by. `now` is our clock; `settle_after` and `read_timeout` are seconds: an entry whose
    end was not noted ended at the latest `read_timeout` after it began."""

    schema: Schema
    seen: Observation
    bindings: Mapping[Address, Binding]
    tombstones: frozenset[int]
    taken: frozenset[int]
    now: float
    settle_after: float
    read_timeout: float


def settle(entries: Sequence[Entry], witness: Witness) -> tuple[Verdict, ...]:
    """A verdict for each entry, in their order."""
    creates = [entry for entry in entries if entry.verb is Verb.CREATE]
    if witness.schema.keyed:
        adds = {entry.number: _settle_keyed_add(entry, witness) for entry in creates}
    else:
        adds = _settle_adds(creates, witness)
    return tuple(adds[entry.number] if entry.verb is Verb.CREATE else _settle(entry, witness) for entry in entries)


def _age_left(entry: Entry, witness: Witness) -> float:
    """Seconds until "not landed" may be said of an entry."""
    ended = entry.ended_at if entry.ended_at is not None else entry.began_at + witness.read_timeout
    return ended + witness.settle_after - witness.now


def _not_landed(entry: Entry, witness: Witness) -> Verdict:
    left = _age_left(entry, witness)
    return NotLanded(entry) if left <= 0 else TooYoung(entry, left)


def _unclear(entry: Entry, witness: Witness, why: str) -> Verdict:
    """What a later look may still tell is for a person only once the call is surely over."""
    left = _age_left(entry, witness)
    return Undecided(entry, why) if left <= 0 else TooYoung(entry, left)


def _settle(entry: Entry, witness: Witness) -> Verdict:
    """A call on an item that we know by its id."""
    if entry.verb is Verb.UPLOAD:
        return NotLanded(entry)  # uploads are repeated freely
    if entry.remote_id in witness.seen.gone:
        return Landed(entry, None) if entry.verb is Verb.DELETE else NotLanded(entry)
    remote = witness.seen.remotes.get(entry.remote_id) if entry.remote_id is not None else None
    if remote is None:
        return _unclear(entry, witness, "the platform does not show the item, nor confirm that it is gone")
    if remote.status is None and entry.verb in (Verb.SUBMIT, Verb.WITHDRAW):
        return Undecided(entry, "the platform shows a review status that is not known")
    return Landed(entry, remote) if _shows(entry, remote, witness) else _not_landed(entry, witness)


def _shows(entry: Entry, remote: Remote, witness: Witness) -> bool:
    """Whether the item looks as if the call was done."""
    match entry.verb:
        case Verb.UPDATE:
            return _shows_update(entry, remote, witness)
        case Verb.SUBMIT:
            # A rejected item may have been rejected again: it counts as submitted, and is held until it is edited.
            return remote.status is not AuditStatus.UNAUDITED
        case Verb.WITHDRAW:
            return remote.status is AuditStatus.UNAUDITED
        case Verb.DELETE | Verb.CREATE | Verb.UPLOAD:
            return False


def shows(schema: Schema, fields: Mapping[str, Value], remote: Remote) -> bool:
    """Whether an item is what a call sent, as far as that can be told: a picture shows as a link of the platform's."""
    shown = schema.named(remote.values)
    return all(
        fields[field.name] is None or fold(field.fold, shown[field.name]) == fold(field.fold, fields[field.name])
        for field in schema.fields
        if field.name in fields and field.kind is not FieldKind.PICTURE
    )


def _shows_update(entry: Entry, remote: Remote, witness: Witness) -> bool:
    """Whether every field that was sent shows, in the draft where that is what the call changes. A picture shows as a
    URL of the platform's that is not the one before; where that cannot be told, the update counts as not landed: it may
    be repeated."""
    written = remote.values if entry.parent is None else remote.draft
    shown = witness.schema.named(remote.values if written is None else written)
    copy = copy_of(witness.bindings.get(entry.address), entry)
    for field in witness.schema.fields:
        if field.name not in entry.fields:
            continue
        if field.kind is FieldKind.PICTURE:
            before = entry.before.get(field.name) or (copy.echo[witness.schema.index(field.name)] if copy else None)
            if before is None or shown[field.name] == before:
                return False
        elif fold(field.fold, shown[field.name]) != fold(field.fold, entry.fields[field.name]):
            return False
    return True


def _settle_keyed_add(entry: Entry, witness: Witness) -> Verdict:
    """An add of an item that carries our key: it is there, or it is not."""
    key = key_of(entry.address)
    for remote in witness.seen.remotes.values():
        if remote.key == key and remote.remote_id not in witness.taken | witness.tombstones:
            return Landed(entry, remote)
    if not witness.seen.complete or not witness.seen.stable:
        return _unclear(entry, witness, _untrusted(witness.seen))
    return _not_landed(entry, witness)


def _settle_adds(entries: Sequence[Entry], witness: Witness) -> dict[int, Verdict]:
    """Adds, judged together: those that found their one item first, then the others against what is left over."""
    verdicts: dict[int, Verdict] = {}
    for equal in _equal_rows(entries, witness.schema):
        candidates = [
            remote for remote in _new_items(equal, witness) if _is_candidate(equal[0], remote, witness.schema)
        ]
        if len(equal) == 1 and len(candidates) == 1:
            verdicts[equal[0].number] = Landed(equal[0], candidates[0])
        elif candidates:
            verdicts |= {entry.number: Undecided(entry, _many(equal, candidates)) for entry in equal}
    landed = {
        verdict.remote.remote_id for verdict in verdicts.values() if isinstance(verdict, Landed) and verdict.remote
    }
    for entry in entries:
        if entry.number not in verdicts:
            verdicts[entry.number] = _settle_missing_add(entry, landed, witness)
    return verdicts


def _many(equal: Sequence[Entry], candidates: Sequence[Remote]) -> str:
    return Sentence(
        "{count} adds of this content lost their answer, and these new items look like it: {ids}",
        count=len(equal),
        ids=tuple(str(each) for each in sorted(remote.remote_id for remote in candidates)),
    )


def _untrusted(seen: Observation) -> str:
    return Sentence("the platform's list could not be trusted ({reason})", reason=seen.reason or "")


def _equal_rows(entries: Sequence[Entry], schema: Schema) -> Iterator[list[Entry]]:
    groups: dict[tuple[Values, Values], list[Entry]] = {}
    for entry in entries:
        groups.setdefault(_looks(schema, _values(entry)), []).append(entry)
    yield from groups.values()


def _values(entry: Entry) -> Values:
    if entry.values is None:
        raise ValueError("an add is opened with its values")
    return entry.values


def _looks(schema: Schema, values: Values) -> tuple[Values, Values]:
    return likeness(schema, values), schema.of_prices(values)


def _new_items(equal: Sequence[Entry], witness: Witness) -> Iterator[Remote]:
    """Items made through the API, bound to nothing, deleted by nobody, that no observation showed before the call."""
    oldest = min(entry.observation for entry in equal)
    for remote in witness.seen.remotes.values():
        unknown = remote.remote_id not in witness.taken and remote.remote_id not in witness.tombstones
        if remote.ours and unknown and (remote.first_seen > oldest or remote.first_seen == 0):
            yield remote


def _is_candidate(entry: Entry, remote: Remote, schema: Schema) -> bool:
    return _looks(schema, _values(entry)) == _looks(schema, remote.values)


def _settle_missing_add(entry: Entry, landed: set[int], witness: Witness) -> Verdict:
    """An add without a candidate: not landed, if the look can be trusted and nothing new resembles it."""
    seen = witness.seen
    if not seen.complete or not seen.stable:
        return _unclear(entry, witness, _untrusted(seen))
    left_over = [
        remote.remote_id
        for remote in _new_items([entry], witness)
        if remote.remote_id not in landed and _resembles(entry, remote, witness.schema)
    ]
    if left_over:
        return _unclear(
            entry, witness, Sentence("a new item resembles it: {ids}", ids=tuple(map(str, sorted(left_over))))
        )
    return _not_landed(entry, witness)


def _resembles(entry: Entry, remote: Remote, schema: Schema) -> bool:
    """Whether any of folded name, folded url or prices is the same."""
    values = _values(entry)
    texts = zip(likeness(schema, values), likeness(schema, remote.values), strict=True)
    return schema.of_prices(values) == schema.of_prices(remote.values) or any(ours == theirs for ours, theirs in texts)
