"""Recovering: answers that were saved beside the state are brought back into it."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from catalog_sync.core.bindings import bound_ids
from catalog_sync.core.errors import UsageError
from catalog_sync.core.journal import Amendment, Entry, EntryState
from catalog_sync.core.landing import landed, with_copy
from catalog_sync.core.model import Address, Binding, PictureRef, Schema, Verb
from catalog_sync.core.ports import Receipt, Snapshot, StateStore
from catalog_sync.engine.lifeboat import PATTERN
from catalog_sync.engine.settling import belongs, owned, upload_key

# What must not be lost of a line that was cut off. A number is told only where it ends: a part of one is another id.
_TOLD = re.compile(
    r'"(?P<name>address|remote_id|audit_id|goodsId|auditId)": ?'
    r'(?:"(?P<text>[^"\\]{1,80})"|(?P<number>[0-9]{1,18}))(?=[,}])'
)


@dataclass(frozen=True, slots=True)
class Saved:
    """One answer as it was saved: the journal row it belongs to, how the call ended, and the ids that it told."""

    lineage: str
    number: int
    address: Address
    verb: str
    digest: str
    state: EntryState
    remote_id: int | None
    audit_id: int | None
    picture: PictureRef | None
    at: float
    answer: Mapping[str, object]

    @property
    def made(self) -> int | None:
        """The id of the item that the call made, None where it made none."""
        return self.remote_id if self.state is EntryState.LANDED and self.verb == Verb.CREATE.value else None


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A line that cannot be read, and what can still be made out of it: the address and ids, by name."""

    line: int
    told: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Reading:
    """A file of saved answers."""

    answers: tuple[Saved, ...]
    unreadable: tuple[Unreadable, ...]


@dataclass(frozen=True, slots=True)
class Recovered:
    """What came of the answers: how many rows were closed, audit ids filled in, and answers known before; and those
    that made an item that is bound to nothing."""

    closed: int
    filled: int
    known: int
    unbound: tuple[Saved, ...]


def to_save(lineage: str, entry: Entry, state: EntryState, receipt: Receipt, at: float) -> dict[str, object]:
    """One answer as the file has it."""
    picture = receipt.picture
    return {
        "format_version": "1.0",
        "lineage": lineage,
        "number": entry.number,
        "address": entry.address,
        "call": entry.call,
        "verb": entry.verb.value,
        "digest": entry.digest,
        "state": state.value,
        "remote_id": receipt.remote_id,
        "audit_id": receipt.audit_id,
        "picture": None if picture is None else {"ref": picture.ref, "expires_at": picture.expires_at},
        "at": at,
        "answer": dict(receipt.answer),
    }


def read_saved(path: Path) -> Reading:
    """The answers of a file. Raises `UsageError` when it is not such a file. A line that cannot be read, such as a last
    one that a full disk cut off, takes no other with it."""
    hint = "name the errored-….jsonl file that the run told of"
    try:
        if not (path.match(PATTERN) and path.is_file()):
            raise UsageError(f"{path} is no file of answers that a run saved", hint=hint)
        lines = path.read_bytes().split(b"\n")
    except OSError:
        raise UsageError(f"{path} cannot be read", hint=hint) from None
    answers: list[Saved] = []
    unreadable: list[Unreadable] = []
    for number, line in enumerate(lines, start=1):
        try:
            if line:
                answers.append(_saved(json.loads(line)))
        except (ValueError, KeyError, TypeError, RecursionError):
            unreadable.append(Unreadable(number, _made_out(line.decode(errors="replace"))))
    return Reading(tuple(answers), tuple(unreadable))


def _made_out(line: str) -> dict[str, str]:
    return {found["name"]: found["text"] or found["number"] for found in _TOLD.finditer(line)}


def _saved(told: Mapping[str, object]) -> Saved:
    picture = told["picture"]
    verb = str(told["verb"])
    if verb == Verb.CREATE.value and told["state"] == EntryState.LANDED.value and _whole(told["remote_id"]) is None:
        raise ValueError("an item that was made has an id")
    return Saved(
        str(told["lineage"]),
        int(str(told["number"])),
        Address(str(told["address"])),
        verb,
        str(told["digest"]),
        EntryState(str(told["state"])),
        _whole(told["remote_id"]),
        _whole(told["audit_id"]),
        PictureRef(str(picture["ref"]), float(picture["expires_at"])) if isinstance(picture, dict) else None,
        float(str(told["at"])),
        dict(told["answer"]) if isinstance(told["answer"], dict) else {},
    )


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) else None


def recover(store: StateStore, epoch: int, schemas: Sequence[Schema], saved: Sequence[Saved]) -> Recovered:
    """Bring saved answers back. Raises `UsageError` for answers of another state."""
    lineage = store.snapshot().lineage
    if any(each.lineage != lineage for each in saved):
        raise UsageError("these answers belong to another state", hint="check --state, --api-base and the app")
    outcomes = [_recover_one(store, epoch, schemas, store.snapshot(), each) for each in saved]
    count = Counter(outcomes)
    unbound = tuple(each for each, outcome in zip(saved, outcomes, strict=True) if outcome == "unbound")
    return Recovered(count["closed"], count["filled"], count["known"], unbound)


def _recover_one(store: StateStore, epoch: int, schemas: Sequence[Schema], snapshot: Snapshot, saved: Saved) -> str:
    for entry in snapshot.open_entries:
        if entry.number == saved.number and entry.digest == saved.digest:
            schema = next(each for each in schemas if belongs(each, entry.address))
            if entry.verb is Verb.CREATE and saved.remote_id in _bound(schema, snapshot):
                # A person bound the item that it made, to this key or another, before its answer came back.
                store.finish(entry.number, EntryState.DISMISSED, Amendment(), epoch, answer=saved.answer)
                return "known"
            amendment = _amendment(schema, snapshot, entry, saved)
            store.finish(entry.number, saved.state, amendment, epoch, answer=saved.answer)
            return "closed"
    schema = next(each for each in schemas if belongs(each, saved.address))
    return _fill_audit_id(store, epoch, schema, snapshot, saved)


def _bound(schema: Schema, snapshot: Snapshot) -> set[int]:
    return bound_ids(owned(schema, snapshot.bindings).values())


def _amendment(schema: Schema, snapshot: Snapshot, entry: Entry, saved: Saved) -> Amendment:
    if saved.state is not EntryState.LANDED:
        return Amendment()
    if entry.verb is Verb.UPLOAD:
        identity = upload_key(schema, str(next(iter(entry.fields.values()))))
        return Amendment(pictures=() if saved.picture is None else ((identity, saved.picture),))
    binding = snapshot.bindings.get(entry.address)
    return landed(schema, binding, entry, remote_id=saved.remote_id, audit_id=saved.audit_id, at=saved.at)


def _fill_audit_id(store: StateStore, epoch: int, schema: Schema, snapshot: Snapshot, saved: Saved) -> str:
    """A row that was settled by looking has its id, but not the audit id: no list shows that."""
    if saved.state is EntryState.LANDED and saved.audit_id is not None:
        for binding in owned(schema, snapshot.bindings).values():
            filled = _filled(binding, saved)
            if filled is not None:
                store.amend(Amendment(put=(filled,)), epoch)
                return "filled"
    taken = _bound(schema, snapshot) | snapshot.deleted(schema)
    return "known" if saved.made is None or saved.made in taken else "unbound"


def _filled(binding: Binding, saved: Saved) -> Binding | None:
    for copy in (binding.current, binding.successor):
        if copy is not None and copy.remote_id == saved.remote_id and copy.audit_id is None:
            return with_copy(binding, replace(copy, audit_id=saved.audit_id))
    return None
