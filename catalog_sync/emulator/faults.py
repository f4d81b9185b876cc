"""Faults: what the wild does to calls, on order.

A fault has a `path` (a full path, a short name such as `add`, or `*`), a `kind`, `times` (how many matching calls it
hits, 1 unless told), `after` (how many matching calls pass first, 0 unless told) and, where wanted, an `appid`. A call
is hit by at most one fault, the first that is due. What else a fault takes (`seconds`, `code`, ...) its kind says.

Kinds that spoil an answer exist twice: `drop` does nothing and then spoils, `drop_after` does the thing first.
"""

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from catalog_sync.emulator.errors import BadOrder
from catalog_sync.emulator.reading import Json

COMMON = {"path", "kind", "times", "after", "appid"}


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of fault. `takes`: its own parameters and what they are unless told; those of `needs` must be told."""

    name: str
    meaning: str
    takes: Mapping[str, Any] = field(default_factory=dict)
    needs: frozenset[str] = frozenset()
    only: frozenset[str] = frozenset()
    """The short names of the calls that it can hit; empty: all."""
    bends: bool = False
    """The system's own call does it, the door does not."""


SPOILERS = (
    Kind("drop", "the connection is closed without an answer"),
    Kind("half_body", "the connection is closed in the middle of the answer's body"),
    Kind("busy", 'the answer is errcode -1 "system error"'),
    Kind("http_503", "the answer is HTTP 503 with a plain text (seen in July 2020)"),
    Kind("http_404", 'the answer is HTTP 404, text/plain "Not Found" (seen in April 2020)'),
    Kind("garbage", "the answer is HTTP 200 with a page of HTML"),
    Kind("slow", "the answer comes `seconds` later, in real time", {"seconds": 30.0}),
    Kind(
        "errcode", "the answer is errcode `code` with `errmsg`", {"code": None, "errmsg": "fault"}, frozenset({"code"})
    ),
)
OTHERS = (
    Kind("late", "the thing is done `seconds` later, in real time, then answered", {"seconds": 30.0}),
    Kind("stale_token", "this token is dead (40001) until a new one is fetched"),
    Kind("quota", "the day's number is used up: 300012 for submissions, else the setting quota_exhausted_code"),
    Kind("minute_limit", "the minute's number is used up: 45011"),
)


def _both_ways(kind: Kind) -> tuple[Kind, Kind]:
    done = Kind(f"{kind.name}_after", f"the thing is done, then {kind.meaning}", kind.takes, kind.needs)
    instead = "nothing is done; in the end -1" if kind.name == "slow" else "nothing is done"
    return Kind(kind.name, f"{kind.meaning}; {instead}", kind.takes, kind.needs), done


GENERAL = (*(one for kind in SPOILERS for one in _both_ways(kind)), *OTHERS)
"""The kinds that hit any call."""


@dataclass(slots=True)
class Fault:
    """An ordered fault and what is left of it."""

    path: str
    kind: str
    times: int
    after: int
    appid: str | None
    takes: Json
    bends: bool

    def fits(self, names: Iterable[str], appid: str) -> bool:
        """Tell whether a call of this app, known under `names`, is meant."""
        return self.path in names and self.appid in (None, appid)

    def as_json(self) -> Json:
        """Write it as it would be ordered now."""
        whose = {} if self.appid is None else {"appid": self.appid}
        return {"path": self.path, "kind": self.kind, "times": self.times, "after": self.after, **whose, **self.takes}


class Faults:
    """The faults that are left, in their order."""

    def __init__(self, kinds: Iterable[Kind], calls: Mapping[str, str]) -> None:
        """Know the kinds, and the calls: short name to path."""
        self._kinds = {kind.name: kind for kind in kinds}
        self._calls = calls
        self._names = {"*", *calls, *calls.values()}
        self._left: list[Fault] = []
        self._lock = threading.Lock()

    def order(self, wanted: object) -> None:
        """Append the faults of an order, all or none (BadOrder)."""
        if not isinstance(wanted, list):
            raise BadOrder('write {"faults": [{"path": ..., "kind": ...}]}')
        ordered = [self._read(one) for one in wanted]
        with self._lock:
            self._left.extend(ordered)

    def take(self, name: str, appid: str) -> Fault | None:
        """Give the fault that hits this call, and count it."""
        if not self._left:
            return None
        with self._lock:
            meant = [one for one in self._left if self._hits(one, name, appid)]
            hit = next((one for one in meant if one.after == 0), None)
            for one in meant:
                one.after -= 1 if one.after else 0
            if hit is not None:
                hit.times -= 1
                self._left = [one for one in self._left if one.times > 0]
            return hit

    def clear(self) -> None:
        """Drop what is left."""
        with self._lock:
            self._left = []

    def as_json(self) -> Json:
        """Give what is left, and the kinds that there are."""
        kinds = {
            kind.name: {"meaning": kind.meaning, "takes": dict(kind.takes), "only": sorted(kind.only)}
            for kind in self._kinds.values()
        }
        return {"faults": [one.as_json() for one in self._left], "kinds": kinds}

    def _hits(self, fault: Fault, name: str, appid: str) -> bool:
        only = self._kinds[fault.kind].only
        return fault.fits(("*", name, self._calls[name]), appid) and (not only or name in only)

    def _read(self, wanted: object) -> Fault:
        if not isinstance(wanted, dict):
            raise BadOrder(f"a fault is an object, not {wanted!r}")
        kind = self._kinds.get(wanted.get("kind", ""))
        if kind is None:
            raise BadOrder(f"no fault of kind {wanted.get('kind')!r}; there are {', '.join(sorted(self._kinds))}")
        path = wanted.get("path", "*")
        self._check_path(kind, path)
        takes = _read_takes(kind, wanted)
        times, after = (_read_count(wanted, name, least) for name, least in (("times", 1), ("after", 0)))
        return Fault(path, kind.name, times, after, wanted.get("appid"), takes, kind.bends)

    def _check_path(self, kind: Kind, path: object) -> None:
        if path not in self._names:
            raise BadOrder(f"no call {path!r}; there are {', '.join(sorted(self._names))}")
        name = next((short for short, full in self._calls.items() if path in (short, full)), "*")
        if kind.only and name not in (*kind.only, "*"):
            raise BadOrder(f"{kind.name} can hit only {', '.join(sorted(kind.only))}, not {path}")


def _read_takes(kind: Kind, wanted: Json) -> Json:
    own = {name: value for name, value in wanted.items() if name not in COMMON}
    unknown, missing = set(own) - set(kind.takes), kind.needs - set(own)
    if unknown:
        raise BadOrder(f"{kind.name} takes {sorted(kind.takes) or 'nothing'}, not {sorted(unknown)}")
    if missing:
        raise BadOrder(f"{kind.name} needs {sorted(missing)}")
    for name, value in own.items():
        _check_like(kind, name, value)
    return {**kind.takes, **own}


def _check_like(kind: Kind, name: str, value: object) -> None:
    example = kind.takes[name]
    wanted: type | tuple[type, ...] = str if isinstance(example, str) else (int, float)
    fits = isinstance(value, bool) if isinstance(example, bool) else isinstance(value, wanted)
    if not fits or (isinstance(value, bool) and not isinstance(example, bool)):
        raise BadOrder(f"{kind.name}: {name} cannot be {value!r}")


def _read_count(wanted: Json, name: str, least: int) -> int:
    value = wanted.get(name, least)
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        raise BadOrder(f"{name} is a whole number from {least}, not {value!r}")
    return value
