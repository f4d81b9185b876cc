"""The world of one app: its tokens, its uploads, its daily numbers, and what each system keeps in it."""

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any, ClassVar, Protocol

from catalog_sync.emulator.clock import in_beijing
from catalog_sync.emulator.media import Media, MediaShelf
from catalog_sync.emulator.quota import Quota
from catalog_sync.emulator.reading import Json
from catalog_sync.emulator.store import Record, Store
from catalog_sync.emulator.tokens import Token, Tokens


class Row(Protocol):
    """A dataclass: what can be written as a row of the store."""

    __dataclass_fields__: ClassVar[dict[str, Any]]


Note = Callable[[str, str, Row | None], None]
"""How a part tells that a record changed: kind, key, and the record or None where it is gone."""


class Part(Protocol):
    """What a system keeps in the world of one app."""

    def pass_time(self, now: float) -> None:
        """Let happen what is due by `now`, such as a verdict."""

    def judge(self, whom: Json, verdict: str, now: float) -> list[int]:
        """Play the reviewer for those that `whom` names; gives their ids. Names of another system are not its own."""

    def as_json(self) -> Json:
        """Give everything as data, for `GET /_emulator/world`."""

    def restore(self, kind: str, key: str, value: Json) -> None:
        """Take back a row that it noted in an earlier run."""


PartMaker = Callable[[Note], Part | None]


class World:
    """One app. Whoever reads or changes it holds `lock`, and calls `commit` before letting go of it."""

    def __init__(self, appid: str, tokens: Tokens, quota: Quota, store: Store) -> None:
        self.appid = appid
        self.lock = threading.Lock()
        self.tokens = tokens
        self.media = MediaShelf()
        self.quota = quota
        self.parts: dict[str, Part] = {}
        self._store = store
        self._changes: list[Record] = []

    def note(self, kind: str, key: str, row: Row | None) -> None:
        """Remember that a record changed, until `commit`."""
        if self._store.durable:
            self._changes.append(Record(self.appid, kind, key, None if row is None else _fields(row)))

    def pass_time(self, now: float) -> None:
        """Let happen what is due by `now`."""
        for part in self.parts.values():
            part.pass_time(now)

    def upload(self, content: bytes, media: Media) -> None:
        """Keep an upload and its bytes."""
        self._store.save_picture(media.sha256, content)
        self.media.keep(media)
        self.note("media", media.media_id, media)

    def commit(self) -> None:
        """Write what changed; only then may the call be answered."""
        for text, token in self.tokens.drain():
            self.note("token", text, token)
        for day, counter, used in self.quota.drain():
            self.note("quota", f"{day} {counter}", used)
        if self._changes:
            changes, self._changes = self._changes, []
            self._store.save(changes)

    def restore(self, kind: str, key: str, value: Json) -> None:
        """Take back a row of an earlier run."""
        if kind == "token":
            self.tokens.keep(Token(**value))
        elif kind == "media":
            self.media.keep(Media(**value))
        elif kind == "quota":
            day, _, counter = key.partition(" ")
            self.quota.restore(day, counter, value["count"])
        else:
            system, _, own = kind.partition(".")
            if system in self.parts:  # not so after a run that had more systems
                self.parts[system].restore(own, key, value)

    def as_json(self, now: float) -> Json:
        """Give everything as data; times are unix seconds of the emulator's clock."""
        shown: Json = {
            "appid": self.appid,
            "now": now,
            "beijing_time": in_beijing(now),
            "quota_day": self.quota.day(now),
            "quota": self.quota.as_json(),
            "media_count": len(self.media),
        }
        for part in self.parts.values():
            shown |= part.as_json()
        return shown


class Worlds:
    """All worlds, made when an app is first seen."""

    def __init__(self, make_quota: Callable[[], Quota], makers: Mapping[str, PartMaker], store: Store) -> None:
        self._make_quota, self._makers, self._store = make_quota, makers, store
        self._worlds: dict[str, World] = {}
        self._lock = threading.Lock()
        self._app_of_token: dict[str, str] = {}

    def of(self, appid: str) -> World:
        """Give the world of an app."""
        with self._lock:
            return self._worlds.get(appid) or self._make(appid)

    def find(self, appid: str) -> World | None:
        """Give the world of an app, if there is one."""
        return self._worlds.get(appid)

    def all(self) -> Iterator[World]:
        """Give every world, by appid."""
        return iter([world for _, world in sorted(self._worlds.items())])

    def app_of(self, token: str) -> str:
        """Name the app that a token was made for; empty for an unknown token."""
        return self._app_of_token.get(token, "")

    def empty(self, appid: str | None) -> None:
        """Forget one world, or all."""
        with self._lock:
            self._store.forget(appid)
            if appid is None:
                self._worlds, self._app_of_token = {}, {}
            else:
                self._worlds.pop(appid, None)

    def restore(self, records: Iterable[Record]) -> None:
        """Take back the worlds of an earlier run."""
        for record in records:
            if record.app and record.value is not None:
                self.of(record.app).restore(record.kind, record.key, record.value)

    def _make(self, appid: str) -> World:
        tokens = Tokens(partial(self._learn_token, appid))
        world = World(appid, tokens, self._make_quota(), self._store)
        for name, make in self._makers.items():
            if (part := make(_prefixed(world.note, name))) is not None:
                world.parts[name] = part
        self._worlds[appid] = world
        return world

    def _learn_token(self, appid: str, text: str) -> None:
        self._app_of_token[text] = appid


def _fields(row: Row) -> Json:
    """Give the fields as they are; `dataclasses.asdict` copies them deeply, ten times slower."""
    return {name: getattr(row, name) for name in row.__dataclass_fields__}


def _prefixed(note: Note, system: str) -> Note:
    return lambda kind, key, row: note(f"{system}.{kind}", key, row)
