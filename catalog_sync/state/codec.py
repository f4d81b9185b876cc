"""Values as JSON text and back: whatever the platform or the catalogue may hold comes back as it was."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace

from catalog_sync.core.model import AuditStatus, Observation, Remote, Value, Values

_COMPACT = (",", ":")
_readable = json.JSONEncoder(ensure_ascii=False, separators=_COMPACT).encode
_escaped = json.JSONEncoder(separators=_COMPACT).encode
# An answer is evidence: an object that JSON does not know is kept as its text rather than lost.
_tolerant = json.JSONEncoder(separators=_COMPACT, default=str).encode
_decode = json.JSONDecoder().raw_decode


def encode(content: object) -> str:
    """JSON text; Chinese stays readable. A lone surrogate, which no database takes, is escaped."""
    text = _readable(content)
    try:
        text.encode()
    except UnicodeEncodeError:
        return _escaped(content)
    return text


def plain(text: str) -> str:
    """A text for people (a note, a name, a command line) without what no database takes: NUL, and the lone surrogates
    that stand for bytes of a command line that are no UTF-8."""
    return text.encode("utf-8", "replace").decode().replace("\0", "\N{REPLACEMENT CHARACTER}")


def plain_optional(text: str | None) -> str | None:
    """`plain`, of a text that may be absent."""
    return None if text is None else plain(text)


def decode_values(text: str) -> Values:
    """Values from their JSON text."""
    return tuple(_decode(text)[0])


def encode_optional(values: Values | None) -> str | None:
    """JSON text, or None for values that are unknown."""
    return None if values is None else encode(values)


def decode_optional(text: str | None) -> Values | None:
    """Values from their JSON text, or None."""
    return None if text is None else decode_values(text)


def decode_fields(text: str) -> dict[str, Value]:
    """The fields of a call, by name."""
    fields: dict[str, Value] = json.loads(text)
    return fields


def encode_answer(answer: Mapping[str, object]) -> str:
    """The platform's raw answer; never fails for what is in it."""
    return _tolerant(dict(answer))


def encode_remote(remote: Remote) -> str:
    """What the platform shows of an item; equal texts are equal items."""
    return encode((remote.status, remote.ours, remote.key, _beside(remote), *remote.values))


def _beside(remote: Remote) -> tuple[object, ...] | None:
    """What only the items of some systems have."""
    beside = (remote.parent, remote.draft, remote.online)
    return None if beside == (None, None, None) else beside


def decode_remote(remote_id: int, text: str, first_seen: int) -> Remote:
    """An item as it was last seen."""
    status, ours, key, beside, *values = _decode(text)[0]
    remote = Remote(remote_id, _STATUS[status], tuple(values), ours, key, first_seen)
    if beside is None:
        return remote
    parent, draft, online = beside
    return replace(remote, parent=parent, draft=_tuple(draft), online=_tuple(online))


def _tuple(values: list[Value] | None) -> Values | None:
    return None if values is None else tuple(values)


_STATUS: dict[str | None, AuditStatus | None] = {None: None, **{each.value: each for each in AuditStatus}}


def encode_about(seen: Observation) -> str:
    """What an observation says of itself, without its items."""
    return encode(
        {
            "absent": sorted(seen.absent),
            "unread": seen.unread,
            "short": seen.short,
            "stable": seen.stable,
            "reason": seen.reason,
        }
    )


def decode_about(text: str, remotes: Mapping[int, Remote], *, number: int, taken_at: float) -> Observation:
    """The observation whose items are `remotes`."""
    about = json.loads(text)
    return Observation(
        remotes,
        absent=frozenset(about["absent"]),
        unread=about["unread"],
        short=about["short"],
        stable=about["stable"],
        reason=about["reason"],
        number=number,
        taken_at=taken_at,
    )
