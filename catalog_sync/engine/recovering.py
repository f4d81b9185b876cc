"""Recovering: answers that were saved beside the state are brought back into it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from catalog_sync.core.errors import UsageError
from catalog_sync.core.journal import Amendment, Entry, EntryState
from catalog_sync.core.landing import landed, with_copy
from catalog_sync.core.model import Binding, PictureRef, Schema, Verb
from catalog_sync.core.ports import Receipt, Snapshot, StateStore
from catalog_sync.engine.settling import belongs


@dataclass(frozen=True, slots=True)
class Saved:
    """One answer as it was saved: the journal row it belongs to, how the call ended, and the ids that it told."""

    lineage: str
    number: int
    digest: str
    state: EntryState
    remote_id: int | None
    audit_id: int | None
    picture: PictureRef | None
    at: float
    answer: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Recovered:
    """What came of the answers: rows that were closed, audit ids that were filled in, and those that were known."""

    closed: int = 0
    filled: int = 0
    known: int = 0


def to_save(lineage: str, entry: Entry, state: EntryState, receipt: Receipt, at: float) -> dict[str, object]:
    """One answer as the file has it."""
    picture = receipt.picture
    return {
        "format_version": "1.0",
        "lineage": lineage,
        "number": entry.number,
        "address": entry.address,
        "call": entry.call,
        "digest": entry.digest,
        "state": state.value,
        "remote_id": receipt.remote_id,
        "audit_id": receipt.audit_id,
        "picture": None if picture is None else {"ref": picture.ref, "expires_at": picture.expires_at},
        "at": at,
        "answer": dict(receipt.answer),
    }


def read_saved(path: Path) -> list[Saved]:
    """The answers of a file. Raises `UsageError` when it is not such a file; a last line that was cut off, by a disk
    that was full, is left out."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        raise UsageError(f"{path} cannot be read", hint="name the errored-….jsonl file that the run told of") from None
    found = []
    for number, line in enumerate(lines, start=1):
        try:
            found.append(_saved(json.loads(line)))
        except (ValueError, KeyError, TypeError):
            if number < len(lines):
                raise UsageError(f"{path}:{number}: this is no answer that catalog-sync saved") from None
    return found


def _saved(told: Mapping[str, object]) -> Saved:
    picture = told["picture"]
    return Saved(
        str(told["lineage"]),
        int(str(told["number"])),
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
    counts = {"closed": 0, "filled": 0, "known": 0}
    for each in saved:
        snapshot = store.snapshot()
        if each.lineage != snapshot.lineage:
            raise UsageError("these answers belong to another state", hint="check --state, --api-base and the app")
        counts[_recover_one(store, epoch, schemas, snapshot, each)] += 1
    return Recovered(**counts)


def _recover_one(store: StateStore, epoch: int, schemas: Sequence[Schema], snapshot: Snapshot, saved: Saved) -> str:
    for entry in snapshot.open_entries:
        if entry.number == saved.number and entry.digest == saved.digest:
            schema = next(each for each in schemas if belongs(each, entry.address))
            amendment = _amendment(schema, snapshot, entry, saved)
            store.finish(entry.number, saved.state, amendment, epoch, answer=saved.answer)
            return "closed"
    return _fill_audit_id(store, epoch, snapshot, saved)


def _amendment(schema: Schema, snapshot: Snapshot, entry: Entry, saved: Saved) -> Amendment:
    if saved.state is not EntryState.LANDED:
        return Amendment()
    if entry.verb is Verb.UPLOAD:
        identity = str(next(iter(entry.fields.values())))
        return Amendment(pictures=() if saved.picture is None else ((identity, saved.picture),))
    binding = snapshot.bindings.get(entry.address)
    return landed(schema, binding, entry, remote_id=saved.remote_id, audit_id=saved.audit_id, at=saved.at)


def _fill_audit_id(store: StateStore, epoch: int, snapshot: Snapshot, saved: Saved) -> str:
    """A row that was settled by looking has its id, but not the audit id: no list shows that."""
    if saved.state is EntryState.LANDED and saved.audit_id is not None:
        for binding in snapshot.bindings.values():
            filled = _filled(binding, saved)
            if filled is not None:
                store.amend(Amendment(put=(filled,)), epoch)
                return "filled"
    return "known"


def _filled(binding: Binding, saved: Saved) -> Binding | None:
    for copy in (binding.current, binding.successor):
        if copy is not None and copy.remote_id == saved.remote_id and copy.audit_id is None:
            return with_copy(binding, replace(copy, audit_id=saved.audit_id))
    return None
