"""Editing: what a person changes in the state by hand, under the lock and without the platform."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import replace

from catalog_sync.core.errors import UsageError
from catalog_sync.core.journal import Amendment
from catalog_sync.core.model import Address, Schema, key_of, system_of
from catalog_sync.core.ports import StateStore

MAX_NOTE = 500
"""Characters of a note: it stands in one line of a plan."""


def note_text(text: str) -> str | None:
    """A note as it is kept; None for one that is empty. Raises `UsageError` for control characters, line ends among
    them, and for a text that is too long."""
    kept = text.strip(" ")
    wrong = next((each for each in kept if unicodedata.category(each) in ("Cc", "Cs", "Zl", "Zp")), None)
    if wrong is not None:
        raise UsageError(f"a note is one line of text; it holds the character U+{ord(wrong):04X}")
    if len(kept) > MAX_NOTE:
        raise UsageError(f"a note has at most {MAX_NOTE} characters; this has {len(kept)}")
    return kept or None


def rename(store: StateStore, epoch: int, schemas: Sequence[Schema], source: Address, target: Address) -> None:
    """Give a binding another key. Raises `UsageError` when the source is not bound, the target is, a call of either is
    undecided, the two are not of one system, or the platform itself carries the key."""
    snapshot = store.snapshot()
    binding = snapshot.bindings.get(source)
    if binding is None:
        raise UsageError(f"{source[:80]} is bound to nothing")
    if target in snapshot.bindings:
        raise UsageError(
            f"{target[:80]} is bound already", hint=f"`catalog-sync state rm {target[:80]}` forgets that first"
        )
    if system_of(source) != system_of(target) or not key_of(target):
        raise UsageError(f"{target[:80]} is no address of the same system", hint=f"such as {source[:80]}-2")
    if any(schema.keyed and schema.prefix == system_of(source) for schema in schemas):
        raise UsageError(f"the platform itself carries the key of {source[:80]}, for good", hint="leave it as it is")
    if any(entry.address in (source, target) for entry in snapshot.open_entries):
        raise UsageError(f"a call of {source[:80]} is not decided yet", hint="`catalog-sync apply` looks at it first")
    store.amend(Amendment(drop=(source,), put=(replace(binding, address=target),)), epoch)


def forget(store: StateStore, epoch: int, address: Address) -> str:
    """Forget a binding without deleting the item. An address with an undecided call loses only that call's row (rules
    section 8). Returns what was forgotten. Raises `UsageError` when nothing is known of the address."""
    rows = store.dismiss(address, epoch)
    if rows:
        return f"the undecided call of {address}"
    if address not in store.snapshot().bindings:
        raise UsageError(f"nothing is known of {address[:80]}", hint="`catalog-sync state list` shows what is")
    store.amend(Amendment(drop=(address,)), epoch)
    return str(address)
