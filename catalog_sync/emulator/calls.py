"""The record of calls: what came in, what went out, without secrets and tokens."""

import itertools
import json
import threading
from collections import Counter, deque
from typing import NamedTuple

from catalog_sync.emulator.reading import Json
from catalog_sync.emulator.settings import Settings

SECRETS = frozenset({"secret", "appsecret", "access_token", "component_access_token"})


class Seen(NamedTuple):
    """One call. `body` is kept as it came, and read only when somebody looks."""

    seq: int
    time: float
    appid: str
    method: str
    path: str
    query: Json
    body: bytes
    status: int | None
    errcode: int | None
    fault: str | None

    def as_json(self) -> Json:
        """Write it for `GET /_emulator/calls`; `status` null: the connection was cut before an answer."""
        return {**self._asdict(), "body": _shown(self.body)}


class Calls:
    """The last calls, and how many there were on each path."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._numbers = itertools.count(1)
        self._seen: deque[Seen] = deque()
        self._counts: Counter[tuple[str, str]] = Counter()

    def number(self) -> int:
        """Give the next call its number, in the order of arrival."""
        return next(self._numbers)

    def add(self, call: Seen) -> None:
        """Record a call before its answer is sent."""
        if not self._settings["record_bodies"]:
            call = call._replace(body=b"")
        with self._lock:
            self._counts[call.appid, call.path] += 1
            self._seen.append(call)
            while len(self._seen) > self._settings["record_calls"]:
                self._seen.popleft()

    def clear(self) -> None:
        """Forget all of them; the numbers go on."""
        with self._lock:
            self._seen.clear()
            self._counts.clear()

    def as_json(self, appid: str | None, path: str | None, since: int) -> Json:
        """Give the calls after number `since`, of one app or path where asked, and the counts by path."""
        with self._lock:
            seen = [one for one in self._seen if one.seq > since]
            counted = list(self._counts.items())
        meant = [one for one in seen if appid in (None, one.appid) and path in (None, one.path)]
        counts: Counter[str] = Counter()
        for (whose, where), count in counted:
            counts[where] += count if appid in (None, whose) else 0
        return {
            "calls": [one.as_json() for one in sorted(meant)],
            "counts": {where: count for where, count in sorted(counts.items()) if count},
        }


def without_secrets(value: Json) -> Json:
    """Give an object without what nobody may read."""
    return {name: one for name, one in value.items() if name not in SECRETS}


def body_to_keep(body: bytes, content_type: str) -> bytes:
    """Give the body as it may be kept: of a file only its length, of JSON no secret."""
    if "multipart/" in content_type:
        return b'{"bytes":%d}' % len(body)
    if b"secret" not in body:
        return body
    try:
        return json.dumps(without_secrets(json.loads(body)), ensure_ascii=False).encode()
    except (ValueError, AttributeError):
        return b""


def _shown(body: bytes) -> object:
    if not body:
        return None
    try:
        value: object = json.loads(body)
    except ValueError:
        return body.decode("utf-8", "replace")
    return value
