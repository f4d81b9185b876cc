"""What was learnt beside the bindings: deleted ids, refusals, facts about the app, uploads, notes of people."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import Connection, bindparam, delete, select, update

from catalog_sync.core.journal import Amendment
from catalog_sync.core.model import Address, Binding, PictureRef, Refusal
from catalog_sync.state.bindings import replace_bindings
from catalog_sync.state.codec import plain
from catalog_sync.state.statements import SCOPE, inserting_new, upserting
from catalog_sync.state.tables import copies, drafts, facts, notes, pictures, refusals, reviews, tombstones

_KEPT_AFTER_EXPIRY = 30 * 86400.0

_REVIEWS_READ = 500
"""The newest reviews, which a forecast rests on."""

_FORGIVE = delete(refusals).where(refusals.c.scope == SCOPE, refusals.c.address == bindparam("a"))
_LOSE = delete(pictures).where(pictures.c.scope == SCOPE, pictures.c.identity == bindparam("i"))
_OUTDATED = delete(pictures).where(pictures.c.scope == SCOPE, pictures.c.expires_at < bindparam("t"))
_PICTURE = select(pictures.c.ref, pictures.c.expires_at).where(
    pictures.c.scope == SCOPE, pictures.c.identity == bindparam("i")
)
_UNNOTE = delete(notes).where(notes.c.scope == SCOPE, notes.c.address == bindparam("a"))
_RENAME_NOTE = (
    update(notes).where(notes.c.scope == SCOPE, notes.c.address == bindparam("a")).values(address=bindparam("b"))
)
_RENAME_REFUSAL = (
    update(refusals)
    .where(refusals.c.scope == SCOPE, refusals.c.address == bindparam("a"))
    .values(address=bindparam("b"))
)
_CURRENT_ID = select(copies.c.remote_id).where(
    copies.c.scope == SCOPE, copies.c.address == bindparam("a"), copies.c.role == "current"
)
_TOMBSTONES = select(tombstones.c.system, tombstones.c.remote_id).where(tombstones.c.scope == SCOPE)
_REFUSALS = select(
    refusals.c.address, refusals.c.fingerprint, refusals.c.errcode, refusals.c.meaning, refusals.c.at
).where(refusals.c.scope == SCOPE)
_REVIEWS = (
    select(reviews.c.seconds).where(reviews.c.scope == SCOPE).order_by(reviews.c.number.desc()).limit(_REVIEWS_READ)
)
_DRAFTS = select(drafts.c.address).where(drafts.c.scope == SCOPE)
_SUBMITTED = delete(drafts).where(drafts.c.scope == SCOPE, drafts.c.address == bindparam("a"))
_FACTS = select(facts.c.word).where(facts.c.scope == SCOPE)
_NOTES = select(notes.c.address, notes.c.text).where(notes.c.scope == SCOPE)


_WRITE_NOTE = upserting(notes, "text")
_WRITE_TOMBSTONE = upserting(tombstones)
_WRITE_DRAFT = upserting(drafts)
_WRITE_FACT = upserting(facts)
_WRITE_REFUSAL = upserting(refusals, "fingerprint", "errcode", "meaning", "at")
_WRITE_REVIEW = inserting_new(reviews, "scope", "seconds")
_WRITE_PICTURE = upserting(pictures, "ref", "expires_at")


class Knowledge(NamedTuple):
    """What a plan reads of it."""

    tombstones: dict[str, frozenset[int]]
    refusals: dict[Address, Refusal]
    drafts: frozenset[Address]
    facts: frozenset[str]
    notes: dict[Address, str]
    review_times: tuple[float, ...]


def load_knowledge(connection: Connection, scope: int) -> Knowledge:
    """All of it but the uploads, which are asked for one by one."""
    key = {"s": scope}
    return Knowledge(
        _load_tombstones(connection, scope),
        {row.address: Refusal(*row) for row in connection.execute(_REFUSALS, key)},
        frozenset(connection.execute(_DRAFTS, key).scalars()),
        frozenset(connection.execute(_FACTS, key).scalars()),
        {address: text for address, text in connection.execute(_NOTES, key)},  # noqa: C416 - rows are no pairs to mypy
        tuple(connection.execute(_REVIEWS, key).scalars()),
    )


def _load_tombstones(connection: Connection, scope: int) -> dict[str, frozenset[int]]:
    found: dict[str, set[int]] = {}
    for system, remote_id in connection.execute(_TOMBSTONES, {"s": scope}):
        found.setdefault(system, set()).add(remote_id)
    return {system: frozenset(ids) for system, ids in found.items()}


def find_picture(connection: Connection, scope: int, identity: str) -> PictureRef | None:
    """The upload of a picture."""
    row = connection.execute(_PICTURE, {"s": scope, "i": identity}).one_or_none()
    return None if row is None else PictureRef(*row)


def write_note(connection: Connection, scope: int, address: Address, text: str | None) -> None:
    """Keep a person's note, or drop it."""
    if text is None:
        connection.execute(_UNNOTE, {"s": scope, "a": address})
    else:
        _WRITE_NOTE.run(connection, {"scope": scope, "address": address, "text": plain(text)})


def apply_amendment(connection: Connection, scope: int, amendment: Amendment) -> None:
    """Make every change of an amendment; raises `AlreadyBound`."""
    if amendment.put or amendment.drop:
        if amendment.drop and amendment.put:
            _follow_items(connection, scope, amendment)
        replace_bindings(connection, scope, amendment.put, amendment.drop)
    dead = [{"scope": scope, "system": system, "remote_id": id_} for system, id_ in amendment.tombstones]
    _WRITE_TOMBSTONE.run_all(connection, dead)
    learnt = [{"scope": scope, "word": word} for word in amendment.facts]
    _WRITE_FACT.run_all(connection, learnt)
    _apply_drafts(connection, scope, amendment)
    _apply_refusals(connection, scope, amendment)
    _apply_pictures(connection, scope, amendment)
    ended = [{"scope": scope, "seconds": seconds} for seconds in amendment.reviews]
    _WRITE_REVIEW.run_all(connection, ended)


def _apply_drafts(connection: Connection, scope: int, amendment: Amendment) -> None:
    if amendment.submitted:
        connection.execute(_SUBMITTED, [{"s": scope, "a": address} for address in amendment.submitted])
    _WRITE_DRAFT.run_all(connection, [{"scope": scope, "address": address} for address in amendment.drafted])


def _apply_refusals(connection: Connection, scope: int, amendment: Amendment) -> None:
    if amendment.forgiven:
        connection.execute(_FORGIVE, [{"s": scope, "a": address} for address in amendment.forgiven])
    rows = [
        {
            "scope": scope,
            "address": each.address,
            "fingerprint": each.fingerprint,
            "errcode": each.errcode,
            "meaning": plain(each.meaning),
            "at": each.at,
        }
        for each in amendment.refusals
    ]
    _WRITE_REFUSAL.run_all(connection, rows)


def _apply_pictures(connection: Connection, scope: int, amendment: Amendment) -> None:
    if amendment.lost_pictures:
        connection.execute(_LOSE, [{"s": scope, "i": identity} for identity in amendment.lost_pictures])
    rows = [
        {"scope": scope, "identity": identity, "ref": plain(upload.ref), "expires_at": upload.expires_at}
        for identity, upload in amendment.pictures
    ]
    _WRITE_PICTURE.run_all(connection, rows)


def _follow_items(connection: Connection, scope: int, amendment: Amendment) -> None:
    """A note and a remembered refusal follow their item to the item's new address."""
    new: dict[int, Binding] = {binding.current.remote_id: binding for binding in amendment.put}
    for address in amendment.drop:
        binding = new.get(connection.execute(_CURRENT_ID, {"s": scope, "a": address}).scalar() or 0)
        if binding is not None:
            for forget, rename in ((_UNNOTE, _RENAME_NOTE), (_FORGIVE, _RENAME_REFUSAL)):
                connection.execute(forget, {"s": scope, "a": binding.address})
                connection.execute(rename, {"s": scope, "a": address, "b": binding.address})


def prune_pictures(connection: Connection, scope: int, now: float) -> None:
    """Forget uploads that ended long ago."""
    connection.execute(_OUTDATED, {"s": scope, "t": now - _KEPT_AFTER_EXPIRY})
