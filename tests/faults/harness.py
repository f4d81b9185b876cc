"""A shop on an emulated platform whose runs are killed and whose calls go wrong, and the independent check of it.

`Shop.command` goes the whole way of the command line, from the arguments to the exit code, in this process;
`Shop.begin` does so in a process of its own, which may be told to kill itself at a boundary of a call (`launcher`). The
check asks the platform and the documents of the commands; it shares nothing with the code that it judges.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, redirect_stderr, redirect_stdout, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any
from unittest.mock import patch

import psycopg
import requests
from PIL import Image

import catalog_sync
from catalog_sync.cli import catalog_sync as program
from catalog_sync.cli.border import run

Json = dict[str, Any]
ROOT = Path(catalog_sync.__file__).parents[1]

UPLOAD, ADD, WITHDRAW, AUDIT, UPDATE, DELETE = WRITES = ("upload", "add", "withdraw", "audit", "update", "delete")
PATHS = {
    UPLOAD: "/cgi-bin/media/upload",
    ADD: "/wxaapi/broadcast/goods/add",
    WITHDRAW: "/wxaapi/broadcast/goods/resetaudit",
    AUDIT: "/wxaapi/broadcast/goods/audit",
    UPDATE: "/wxaapi/broadcast/goods/update",
    DELETE: "/wxaapi/broadcast/goods/delete",
    "list": "/wxaapi/broadcast/goods/getapproved",
    "status": "/wxa/business/getgoodswarehouse",
}
NAMES = {path: name for name, path in PATHS.items()}
POOLS = {ADD: "submit", AUDIT: "submit"}
"""The pool of a call, where it is not called as the call is."""

STORE_PATHS = {
    UPLOAD: "/product/img/upload",
    "sku_add": "/product/sku/add",
    "sku_update": "/product/sku/update",
    "sku_update_price": "/product/sku/update_price",
    "stock_update": "/product/stock/update",
    "sku_delete": "/product/sku/del",
    "listing": "/product/spu/listing",
}
"""The write calls of the Mini Store, as its steps call them."""

INSTANTS = {
    "leases": ("acquired_at", "heartbeat_at", "expires_at"),
    "entries": ("began_at", "ended_at"),
    "copies": ("written_at",),
}
"""Where the state keeps instants of our clock."""

ON_ITS_WAY = 10.0
"""Seconds into a day after which no call comes in any more that was begun, and counted, on the day before."""

COLOURS = {"white": 0xFFFFFF, "blue": 0x3060C0, "red": 0xC03030}


@dataclass(frozen=True)
class Ended:
    """A command that has ended."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Json:
        """The one JSON document of stdout."""
        told: Json = json.loads(self.out)
        return told

    @property
    def outcomes(self) -> dict[str, str]:
        """What became of each change of an apply, by key."""
        return {each["address"].removeprefix("goods."): each["outcome"] for each in self.document["results"]}

    def error(self, key: str = "mug") -> Json:
        """Why the change of a key did not land."""
        (found,) = [each["error"] for each in self.document["results"] if each["address"] == f"goods.{key}"]
        told: Json = found or {}
        return told

    @property
    def error_code(self) -> str:
        """The code of an error that ended the command."""
        code: str = self.document["error"]["code"]
        return code


class Running:
    """A command in a process of its own."""

    def __init__(self, pid: int, folder: Path) -> None:
        self.pid = pid
        self._folder = folder
        self._status = folder / "status"
        self._over = False

    @property
    def ended(self) -> bool:
        """Whether the process is over; remembered, for its folder may be gone later."""
        self._over = self._over or self._status.exists()
        return self._over

    def signal(self, number: int) -> None:
        """Send it a signal."""
        os.kill(self.pid, number)

    def is_told(self, number: int) -> None:
        """Send it a signal, and wait until it has taken it: a further one then ends it."""
        self.signal(number)
        until(lambda: not self._catches(signal.SIGINT, signal.SIGTERM), why=f"process {self.pid} took no signal")

    def _catches(self, *numbers: int) -> bool:
        try:
            told = Path(f"/proc/{self.pid}/status").read_text(encoding="utf-8")
        except FileNotFoundError:  # it has ended, or the system does not tell
            return False
        (caught,) = (int(line.split()[1], 16) for line in told.splitlines() if line.startswith("SigCgt:"))
        return any(caught >> (number - 1) & 1 for number in numbers)

    @property
    def said(self) -> str:
        """What it has said so far, beside its result."""
        path = self._folder / "err"
        return path.read_text(encoding="utf-8") if path.exists() else ""

    def comes_there(self) -> None:
        """Wait until it stays where it was told to."""
        until((self._folder / "held").exists, why=f"process {self.pid} did not come there")

    def goes_on(self) -> None:
        """Let it go on from there."""
        (self._folder / "go").touch()

    def says(self, text: str) -> None:
        """Wait until it has said so."""
        until(lambda: text in self.said, why=f"process {self.pid} did not say {text!r}")

    def wait(self, seconds: float = 60.0) -> Ended:
        """What it printed, and its exit code: negative where a signal ended it."""
        until(lambda: self.ended, seconds, f"process {self.pid} did not end")
        out, err = ((self._folder / name).read_text(encoding="utf-8") for name in ("out", "err"))
        return Ended(int(self._status.read_text()), out, err)


class Nursery:
    """Starts commands as processes; imports are paid once (see `launcher`)."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.launcher"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._started: list[Running] = []

    def begin(self, folder: Path, told: Path, order: Json) -> Running:
        """Start `catalog-sync` as the order says (see `launcher`)."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        told.mkdir()
        whole = {"folder": str(folder), "told": str(told), "kill": None, "hold": None, "limit": None, **order}
        print(json.dumps(whole), file=self._process.stdin, flush=True)
        started = Running(int(self._process.stdout.readline()), told)
        self._started.append(started)
        return started

    def close(self) -> None:
        """End what still runs, and itself."""
        for each in self._started:
            if not each.ended:
                with suppress(ProcessLookupError):  # it has ended this moment
                    each.signal(signal.SIGKILL)
                each.wait()
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(timeout=60)
        self._process.stdout.close()


@dataclass
class Expected:
    """What the check lets pass. `strangers`: goods on the platform that are nobody's; `deleted`: goods that were to be
    deleted; `provoked`: refusals that the scenario provokes; `reads`: whether the ledger counts reads, too (a run that
    is killed while it reads does not write down how far it came)."""

    strangers: frozenset[int] = frozenset()
    deleted: frozenset[int] = frozenset()
    provoked: frozenset[int] = frozenset()
    reads: bool = True


@dataclass
class Shop:
    """One shop: its catalogue, its state and its app on the platform. `server` is the URL of a state in PostgreSQL
    that is this shop's alone; without it the state is a file."""

    url: str
    folder: Path
    app: str
    nursery: Nursery | None = None
    goods: dict[str, Json] = field(default_factory=dict)
    products: dict[str, Json] = field(default_factory=dict)
    policy: Json = field(default_factory=dict)
    sections: dict[str, Any] = field(default_factory=dict)
    environment: dict[str, str] = field(default_factory=dict)
    server: str | None = None
    _processes: int = 0
    _last_call: int = 0

    def __post_init__(self) -> None:
        (self.folder / "covers").mkdir(parents=True)
        for name, colour in COLOURS.items():
            Image.new("RGB", (8, 8), colour).save(self.folder / f"covers/{name}.png")
        self._http = requests.Session()
        self._http.trust_env = False
        self._session = None if self.server is None else psycopg.connect(self.server, autocommit=True)

    def close(self) -> None:
        """Hang up."""
        self._http.close()
        if self._session is not None:
            self._session.close()

    # ---- the catalogue

    def lists(self, key: str = "mug", /, **fields: Any) -> None:
        """List an item, or change it; fields that are not given stay."""
        number = len(self.goods) + 1
        new = {"name": f"茶杯 {key}", "cover": "covers/white.png", "price": "99.50", "url": f"pages/item?id={number}"}
        self.goods[key] = {**self.goods.get(key, new), **fields}

    def paints(self, *names: str) -> None:
        """Make a cover of its own for each of these names."""
        for number, name in enumerate(names, 1):
            Image.new("RGB", (8, 8), 0x010203 * number).save(self.folder / f"covers/{name}.png")

    def drops(self, *keys: str) -> None:
        """Take items out of the catalogue."""
        for key in keys:
            del self.goods[key]

    def write(self) -> None:
        """Write the catalogue as it is now."""
        lines = ["version: 1", f"app: {self.app}"]
        lines += [f"policy: {json.dumps(self.policy)}"] if self.policy else []
        lines += [f"{name}: {json.dumps(held)}" for name, held in self.sections.items() if held]
        for section, held in (("goods", self.goods), ("products", self.products)):
            rows = [f"  {key}: {json.dumps(each)}" for key, each in held.items()]
            lines += [f"{section}:", *rows] if rows else []
        written = self.folder / "catalog.new"
        written.write_text("\n".join(lines) + "\n", encoding="utf-8")
        written.replace(self.folder / "catalog.yaml")  # a process may be reading it

    # ---- the commands

    @property
    def surroundings(self) -> dict[str, str]:
        """The environment of a command."""
        return {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "CATALOG_SYNC_FILE": str(self.folder / "catalog.yaml"),
            "CATALOG_SYNC_API_BASE": self.url,
            "CATALOG_SYNC_SECRET": "not-a-secret",
            "CATALOG_SYNC_SETTLE_AFTER": "0s",
            "CATALOG_SYNC_PARALLELISM": "1",
            "CATALOG_SYNC_ACTOR": "tests",
            **({"CATALOG_SYNC_STATE": self.server} if self.server else {}),
            **self.environment,
        }

    def command(self, *words: str, **environment: str) -> Ended:
        """A command in this process."""
        self.write()
        out, err = io.StringIO(), io.StringIO()
        handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
        with (
            patch.dict(os.environ, {**self.surroundings, **environment}, clear=True),
            patch.object(sys, "argv", ["catalog-sync", *words]),
            redirect_stdout(out),
            redirect_stderr(err),
        ):
            try:
                code = run(program, words)
            finally:
                for number, handler in handlers.items():
                    signal.signal(number, handler)
        return Ended(code, out.getvalue(), err.getvalue())

    def apply(self, *words: str, code: int | None = 0, **environment: str) -> Ended:
        """`apply --yes`; its exit code is checked, unless it is None."""
        ended = self.command("apply", "--yes", "--format", "json", *words, **environment)
        assert code in (None, ended.code), ended
        return ended

    def plan(self, *words: str, code: int = 0) -> Json:
        """The plan document."""
        ended = self.command("plan", "--format", "json", *words)
        assert ended.code == code, ended
        return ended.document

    def reasons(self) -> dict[str, tuple[str, str, str]]:
        """The plan's changes, by key: action, disposition and reason."""
        return {each["key"]: (each["action"], each["disposition"], each["reason"]) for each in self.plan()["changes"]}

    def begin(self, *words: str, kill: Json | None = None, limit: int | None = None, **environment: str) -> Running:
        """A command in a process of its own; it may kill itself, and write only files up to a size."""
        assert self.nursery is not None
        self.write()
        self._processes += 1
        told = self.folder / f"process-{self._processes}"
        order = {"environment": {**self.surroundings, **environment}, "words": words, "kill": kill, "limit": limit}
        return self.nursery.begin(self.folder, told, order)

    def held(self, at: str, call: str, *words: str, passage: int = 1) -> Running:
        """An apply in a process of its own that has come to a boundary of a call, and stays there."""
        assert self.nursery is not None
        self.write()
        self._processes += 1
        hold = {"at": at, "call": call, "passage": passage}
        words = ("apply", "--yes", "--format", "json", *words)
        order = {"environment": self.surroundings, "words": words, "hold": hold}
        running = self.nursery.begin(self.folder, self.folder / f"process-{self._processes}", order)
        running.comes_there()
        return running

    def killed(self, at: str, call: str, passage: int = 1) -> None:
        """An apply that kills itself at a boundary of a call, when it comes there for the n-th time."""
        kill = {"at": at, "call": call, "passage": passage}
        ended = self.begin("apply", "--yes", "--format", "json", kill=kill).wait()
        assert ended.code == -signal.SIGKILL, ended

    def killed_under_way(self, call: str, kind: str, seconds: float) -> None:
        """An apply that is killed when a call has reached the platform, which is slow (`late`, `slow`) to answer it."""
        self.fault(call, kind, seconds=seconds)
        running = self.begin("apply", "--yes", "--format", "json")
        until(lambda: self.faults_left == 0, why="the call did not come")
        running.signal(signal.SIGKILL)
        ended = running.wait()
        assert ended.code == -signal.SIGKILL, ended

    # ---- the state

    @property
    def state_file(self) -> Path:
        """Where the state is."""
        return self.folder / ".catalog-sync/state.db"

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Rows of the state; none while it is being made."""
        if self._session is not None:
            with suppress(psycopg.errors.UndefinedTable):
                return self._session.execute(query.encode()).fetchall()
            return []
        if not self.state_file.exists():
            return []
        with closing(sqlite3.connect(self.state_file)) as database, suppress(sqlite3.OperationalError):
            return database.execute(query).fetchall()
        return []

    def passes(self, seconds: float = 100.0, *tables: str) -> None:
        """Let time pass for what the state remembers: leases end, calls of earlier runs are surely over."""
        changes = []
        for table in tables or INSTANTS:
            earlier = ", ".join(f"{column} = {column} - {seconds}" for column in INSTANTS[table])
            changes.append(f"UPDATE {table} SET {earlier}")  # noqa: S608 - our own names
        if self._session is not None:
            self._session.execute("; ".join(changes).encode())
            return
        with closing(sqlite3.connect(self.state_file)) as database, database:
            for change in changes:
                database.execute(change)

    def loses_the_state(self) -> None:
        """The state is gone, with all that lies beside it."""
        shutil.rmtree(self.state_file.parent, ignore_errors=True)
        if self._session is not None:
            ((schema,),) = self._session.execute("SELECT current_schema()").fetchall()
            self._session.execute(f"DROP SCHEMA {schema} CASCADE; CREATE SCHEMA {schema}".encode())

    def holds(self) -> dict[str, list[tuple[Any, ...]]]:
        """What the state holds but for what was seen of the platform: what a plan must leave as it is."""
        tables = ("copies", "entries", "facts", "leases", "pictures", "refusals", "runs", "tombstones")
        held = {table: self.rows(f"SELECT * FROM {table}") for table in tables}  # noqa: S608 - our own names
        return {**held, "scopes": self.rows("SELECT lineage, serial, epoch, dirty FROM scopes")}

    @property
    def open_calls(self) -> list[str]:
        """The calls that were begun and not finished, read while a run may be at it."""
        return [call for (call,) in self.rows("SELECT call FROM entries WHERE state = 'open' ORDER BY number")]

    @property
    def state(self) -> Json:
        """`state list`."""
        ended = self.command("state", "list", "--format", "json")
        assert ended.code == 0, ended
        return ended.document

    def bound(self, key: str = "mug") -> int:
        """The goodsId that a key is bound to."""
        (found,) = [each for each in self.state["bindings"] if each["address"] == f"goods.{key}"]
        remote_id: int = found["current"]["remote_id"]
        return remote_id

    # ---- the platform

    def control(self, name: str, method: str = "POST", /, **order: Any) -> Json:
        """An order to the emulator that must succeed."""
        response = self._http.request(method, f"{self.url}/_emulator/{name}", json=order, timeout=20)
        assert response.status_code == 200, response.text
        told: Json = response.json()
        return told

    def fault(self, call: str, kind: str, **takes: Any) -> None:
        """Let the next call of this name go wrong."""
        path = PATHS.get(call, call)
        self.control("faults", faults=[{"path": path, "kind": kind, "appid": self.app, **takes}])

    @property
    def faults_left(self) -> int:
        """How many calls are still to go wrong: a fault is taken when its call arrives, before its seconds pass."""
        ordered = self.control("faults", "GET")["faults"]
        return sum(each["times"] for each in ordered if each.get("appid") == self.app)

    def heal(self) -> None:
        """Let no further call go wrong."""
        self.control("faults", "DELETE")

    def verdict(self, verdict: str = "approve", **whom: Any) -> None:
        """The reviewer decides; everything unless told."""
        self.control("verdict", appid=self.app, verdict=verdict, **(whom or {"all": True}))

    def somebody_edits(self, goods_id: int, **fields: Any) -> None:
        """Somebody else, or the platform itself, changes an item."""
        self.control("goods", "PATCH", appid=self.app, goods_id=goods_id, **fields)

    @property
    def world(self) -> list[Json]:
        """The goods of the platform."""
        found: list[Json] = self.control(f"world?appid={self.app}", "GET")["goods"]
        return found

    def makes(self, **fields: Any) -> int:
        """Somebody else makes an item through the API, approved, as the mug unless told; gives its id."""
        looks = {
            "name": "茶杯 mug",
            "url": "pages/item?id=1",
            "price": 99.5,
            "priceType": 1,
            "audit_status": 2,
            **fields,
        }
        made: list[int] = self.control("goods", appid=self.app, goods=[looks])["goods_ids"]
        return made[0]

    def calls(self, *, since: int = 0) -> list[Json]:
        """The calls that the platform saw of this app."""
        found: list[Json] = self.control(f"calls?appid={self.app}&since={since}", "GET")["calls"]
        return found

    def called(self) -> list[str]:
        """The names of the write calls since the last look."""
        seen = self.calls(since=self._last_call)
        self._last_call = max([self._last_call, *(call["seq"] for call in seen)])
        return [NAMES[call["path"]] for call in seen if NAMES.get(call["path"]) in WRITES]

    # ---- ways to begin and to end

    def stocked(self, *keys: str, verdict: str = "approve") -> None:
        """Let these items be on the platform, bound, judged (`approve`, `reject`, or `` for under review), looked at by
        a run."""
        for key in keys:
            self.lists(key)
        self.apply()
        if verdict:
            self.verdict(verdict)
        self.apply()
        self.passes()
        self.called()

    def converges(self, expected: Expected | None = None) -> Ended:
        """Nothing goes wrong any more and time has passed: one apply mends everything, a second has nothing to do."""
        self.heal()
        self.passes()
        ended = self.apply()
        self.check(expected)
        self.called()
        self.apply()
        assert self.called() == []
        return ended

    def check(self, expected: Expected | None = None) -> None:
        """The platform has every item of the catalogue once, as it should be; the state knows its id; nothing else was
        deleted, nothing was sent that the platform had to refuse, and the ledger counts it all."""
        allowed = expected or Expected()
        faults = [*self._wrong_goods(allowed), *self._wrong_state(), *self._wrong_calls(allowed)]
        assert faults == [], "\n".join([*faults, *map(str, self._story())])

    def _wrong_goods(self, allowed: Expected) -> Iterator[str]:
        there = [goods for goods in self.world if goods["goods_id"] not in allowed.strangers]
        shown = Counter(map(_looks_there, there))
        wanted = Counter(_looks_wanted(goods, self.folder) for goods in self.goods.values())
        yield from (f"too many: {looks} x {count}" for looks, count in (shown - wanted).items())
        yield from (f"missing: {looks} x {count}" for looks, count in (wanted - shown).items())
        yield from (f"not submitted: {goods['goods_id']}" for goods in there if goods["audit_status"] not in (1, 2))

    def _wrong_state(self) -> Iterator[str]:
        state = self.state
        bound = {each["address"].removeprefix("goods."): each["current"]["remote_id"] for each in state["bindings"]}
        urls = {goods["goods_id"]: goods["url"] for goods in self.world}
        wanted = {key: goods["url"] for key, goods in self.goods.items()}
        found = {key: urls.get(goods_id) for key, goods_id in bound.items()}
        if found != wanted:
            yield f"bound to {found}, not to {wanted}"
        if state["open"]:
            yield f"still open: {state['open']}"
        yield from (f"a successor stays: {each}" for each in state["bindings"] if each["successor"] is not None)

    def _wrong_calls(self, allowed: Expected) -> Iterator[str]:
        calls = [call for call in self.calls() if call["path"] in NAMES]
        for call in calls:
            if call["errcode"] and call["fault"] is None and call["errcode"] not in allowed.provoked:
                yield f"refused by the platform: {call}"
        deleted = {call["body"]["goodsId"] for call in calls if NAMES[call["path"]] == DELETE}
        yield from (f"deleted: {goods_id}" for goods_id in sorted(deleted - allowed.deleted))
        there = {goods["goods_id"] for goods in self.world}
        yield from (f"not deleted: {goods_id}" for goods_id in sorted(allowed.deleted & there))
        yield from self._wrong_ledger(calls, reads=allowed.reads)

    def _wrong_ledger(self, calls: list[Json], *, reads: bool) -> Iterator[str]:
        ended = self.command("quota", "--format", "json")
        assert ended.code == 0, ended
        ledger = {pool["pool"]: pool["used_by_us"] for pool in ended.document["pools"]}
        today = [NAMES[call["path"]] for call in calls if _day(call["time"] - ON_ITS_WAY) == ended.document["day"]]
        seen = Counter(POOLS.get(name, name) for name in today if reads or name in WRITES)
        for pool, count in seen.items():
            if ledger[pool] < count:
                yield f"the ledger has {ledger[pool]} calls of {pool}, the platform saw {count}"

    def _story(self) -> list[tuple[Any, ...]]:
        """What happened, for a person who looks at a failure."""
        return [
            (call["seq"], NAMES.get(call["path"], call["path"]), call["status"], call["errcode"], call["fault"])
            for call in self.calls()
            if NAMES.get(call["path"]) in WRITES
        ]


def _day(moment: float) -> str:
    """The quota day of a call, by the platform's clock."""
    return datetime.fromtimestamp(moment, timezone(timedelta(hours=8))).date().isoformat()


def _looks_there(goods: Json) -> tuple[Any, ...]:
    other = None if goods["priceType"] == 1 else goods["price2"]
    return goods["name"], goods["url"], goods["priceType"], goods["price"], other, goods["cover_sha256"]


def _looks_wanted(goods: Json, folder: Path) -> tuple[Any, ...]:
    cover = hashlib.sha256((folder / goods["cover"]).read_bytes()).hexdigest()
    price2 = goods.get("price2")
    other = None if price2 is None else f"{Decimal(price2):.2f}"
    return goods["name"], goods["url"], goods.get("priceType", 1), f"{Decimal(goods['price']):.2f}", other, cover


def until(true: Callable[[], bool], seconds: float = 30.0, why: str = "it did not come true") -> None:
    """Wait until something is true."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, why
        time.sleep(0.005)


@contextmanager
def shop_on(
    url: str, folder: Path, app: str, nursery: Nursery | None = None, server: str | None = None
) -> Iterator[Shop]:
    """A shop with an empty catalogue, as a new app of the platform at `url`."""
    made = Shop(url, folder, app, nursery, server=server)
    try:
        yield made
    finally:
        made.close()
