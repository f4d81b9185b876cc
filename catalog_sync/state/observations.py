"""What was seen of the platform: the newest look, and every id that was ever shown."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from sqlalchemy import Connection, Text, bindparam, null, select, update

from catalog_sync.core.model import Observation, Remote
from catalog_sync.state.codec import decode_about, decode_remote, encode_about, encode_remote
from catalog_sync.state.statements import SCOPE, Prepared, upserting
from catalog_sync.state.tables import observations, remotes, scopes

_COUNTER = select(scopes.c.observation).where(scopes.c.id == SCOPE)
_COUNT = update(scopes).where(scopes.c.id == SCOPE).values(observation=bindparam("n"))
_SYSTEM = bindparam("y", type_=Text)
_NEWEST = select(observations.c.number, observations.c.taken_at, observations.c.about).where(
    observations.c.scope == SCOPE, observations.c.system == _SYSTEM
)
_ROWS = select(remotes.c.remote_id, remotes.c.first_seen, remotes.c.body).where(
    remotes.c.scope == SCOPE, remotes.c.system == _SYSTEM
)
_ALL = Prepared(_ROWS)
_SHOWN = Prepared(_ROWS.where(remotes.c.body.is_not(None)).order_by(remotes.c.remote_id))
_HIDE = Prepared(
    update(remotes)
    .where(remotes.c.scope == SCOPE, remotes.c.system == _SYSTEM, remotes.c.remote_id == bindparam("i"))
    .values(body=null())
)
_SHOW = upserting(remotes, "body")
_REMEMBER = upserting(remotes)
_SET_NEWEST = upserting(observations, "number", "taken_at", "about")


class _Difference(NamedTuple):
    """What an observation shows otherwise than the store; `kept` has every remote with its first number."""

    kept: dict[int, Remote]
    written: list[dict[str, object]]
    gone: list[dict[str, object]]


def load_observation(connection: Connection, scope: int, system: str) -> Observation | None:
    """What was seen last of a system, with the items that an incomplete look since did not show."""
    key = {"s": scope, "y": system}
    newest = connection.execute(_NEWEST, key).one_or_none()
    if newest is None:
        return None
    number, taken_at, about = newest
    shown = {
        remote_id: decode_remote(remote_id, body, first_seen)
        for remote_id, first_seen, body in _SHOWN.stream(connection, key)
    }
    return decode_about(about, shown, number=number, taken_at=taken_at)


def record_observation(connection: Connection, scope: int, system: str, seen: Observation) -> Observation:
    """Keep what was seen of a system: rows that are new or other are written, and those that a whole and stable look
    does not show are emptied. A look that began before the stored one changes no row; only its new ids are
    remembered."""
    number: int = connection.execute(_COUNTER, {"s": scope}).scalar_one() + 1
    newest = connection.execute(_NEWEST, {"s": scope, "y": system}).one_or_none()
    outdated = newest is not None and seen.taken_at < newest.taken_at
    found = _compare(connection, {"s": scope, "y": system}, seen, number)
    if outdated:
        _REMEMBER.run_all(connection, [{**row, "body": None} for row in found.written])
    else:
        _SHOW.run_all(connection, found.written)
        _HIDE.run_all(connection, found.gone)
        about = {
            "scope": scope,
            "system": system,
            "number": number,
            "taken_at": seen.taken_at,
            "about": encode_about(seen),
        }
        _SET_NEWEST.run(connection, about)
    connection.execute(_COUNT, {"s": scope, "n": number})
    in_order = {remote_id: found.kept[remote_id] for remote_id in seen.remotes}
    return replace(seen, remotes=in_order, number=number)


def _compare(connection: Connection, key: dict[str, object], seen: Observation, number: int) -> _Difference:
    """One pass over the stored rows. An item that is not among them is seen for the first time."""
    whole = seen.complete and seen.stable
    found = _Difference({}, [], [])
    for remote_id, first_seen, body in _ALL.stream(connection, key):
        remote = seen.remotes.get(remote_id)
        if remote is None:
            if whole and body is not None:
                found.gone.append({**key, "i": remote_id})
            continue
        found.kept[remote_id] = _numbered(remote, first_seen)
        text = encode_remote(remote)
        if text != body:
            found.written.append(_row(key, remote_id, first_seen, text))
    for remote_id, remote in seen.remotes.items():
        if remote_id not in found.kept:
            found.kept[remote_id] = _numbered(remote, number)
            found.written.append(_row(key, remote_id, number, encode_remote(remote)))
    return found


def _row(key: dict[str, object], remote_id: int, first_seen: int, body: str) -> dict[str, object]:
    return {"scope": key["s"], "system": key["y"], "remote_id": remote_id, "first_seen": first_seen, "body": body}


def _numbered(remote: Remote, first_seen: int) -> Remote:
    if remote.first_seen == first_seen:
        return remote
    return replace(remote, first_seen=first_seen)
