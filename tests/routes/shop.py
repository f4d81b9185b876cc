"""A shop on an emulated platform: a catalogue in files, a state, and the calls that the platform saw.

`plan` and `apply` go the way of the commands of the same name, without their process: the catalogue is read from its
file, the tools are put together by the composition root, and a session holds the lock. What a test lists with `lists`
is in the catalogue file; what is `bound` went through an apply and then through the platform's review.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import requests
from PIL import Image

from catalog_sync import wiring
from catalog_sync.cli.options import selection
from catalog_sync.core.model import Catalogue
from catalog_sync.core.plan import Plan, PlannedChange, is_difference
from catalog_sync.core.ports import Snapshot
from catalog_sync.core.result import ChangeResult, Result
from catalog_sync.engine.adopting import adopt
from catalog_sync.engine.halt import Halt
from catalog_sync.engine.planning import Means, plan
from catalog_sync.engine.session import Session, Wishes
from catalog_sync.engine.situation import look
from catalog_sync.engine.tools import Tools
from catalog_sync.planfile import Provenance, document, summary, to_json
from catalog_sync.state.opening import open_state
from catalog_sync.wechat.http import origin_of

Json = dict[str, Any]
Entry = dict[str, Any]
"""One entry of the catalogue's `goods:`, by the names of its fields."""

APP = "wx0123456789abcdef"
FIRST_ID = 51
"""The goodsId that the emulator gives first; the next are 52, 53, ..."""
FIRST_AUDIT_ID, AUDIT_STEP = 3_211_456_789, 13
"""The auditId that it gives first, and how far the next ones are from one another."""

UNAUDITED, IN_AUDIT, APPROVED, REJECTED = "unaudited", "in_audit", "approved", "rejected"
STATUS_NUMBER = {UNAUDITED: 0, IN_AUDIT: 1, APPROVED: 2, REJECTED: 3}

MUG: Entry = {"name": "茶杯 & 茶托", "cover": "covers/white.png", "price": "99.50"}
"""The platform may write `&` otherwise on read; the url that every item gets has one, too."""

COLOURS = {"white": 0xFFFFFF, "blue": 0x3060C0, "red": 0xC03030}

PATHS = {
    "/cgi-bin/media/upload": "upload",
    "/wxaapi/broadcast/goods/add": "add",
    "/wxaapi/broadcast/goods/resetaudit": "withdraw",
    "/wxaapi/broadcast/goods/audit": "audit",
    "/wxaapi/broadcast/goods/update": "update",
    "/wxaapi/broadcast/goods/delete": "delete",
}

Call = tuple[str, Json]
"""A write call that the platform saw: its name, and its body without the `goodsInfo` around it; a cover by its file."""


def audit_id(number: int = 1) -> int:
    """The auditId of the platform's first, second, ... submission."""
    return FIRST_AUDIT_ID + AUDIT_STEP * (number - 1)


def address_of(key: str) -> str:
    """The address that a key of goods stands for; an address stands for itself."""
    return key if key.startswith(("skus.", "products.")) else f"goods.{key}"


def _printed(made: Plan, header: Provenance) -> Json:
    read: Json = json.loads(to_json(document(made, header)))
    return read


@dataclass(frozen=True)
class Planned:
    """A plan as a test reads it."""

    plan: Plan
    document: Json

    def change(self, key: str = "mug") -> PlannedChange:
        """The one change of a key."""
        (found,) = [change for change in self.plan.changes if change.address == address_of(key)]
        return found

    def of(self, key: str = "mug") -> str:
        """How the change of a key goes: action, disposition and reason; "nothing" where there is no change."""
        if not any(change.address == address_of(key) for change in self.plan.changes):
            return "nothing"
        change = self.change(key)
        return f"{change.action} {change.disposition} {change.reason}"

    def steps(self, key: str = "mug") -> list[str]:
        """The calls that the change of a key plans."""
        return [step.call for step in self.change(key).steps]

    def held(self, key: str = "mug") -> list[tuple[tuple[str, ...], str]]:
        """What a rule holds back of the change of a key: fields and reason."""
        return [(held.fields, held.reason) for held in self.change(key).held]

    @property
    def notices(self) -> list[tuple[str, str | None]]:
        """The warnings: code and address."""
        return [(notice.code, notice.address) for notice in self.plan.notices]

    @property
    def hazards(self) -> list[tuple[str, int, int]]:
        """What makes it unfit to be applied: code, count and limit."""
        return [(hazard.code, hazard.count, hazard.limit) for hazard in self.plan.hazards]

    @property
    def summary(self) -> dict[str, int]:
        """The counts that are not 0."""
        return {name: count for name, count in summary(self.plan).items() if count}

    @property
    def has_difference(self) -> bool:
        """Whether `plan --detailed-exitcode` would exit 2."""
        return any(map(is_difference, self.plan.changes))


@dataclass(frozen=True)
class Applied(Planned):
    """An apply that went to its end."""

    result: Result

    def outcome(self, key: str = "mug") -> ChangeResult:
        """How the change of a key ended."""
        (found,) = [each for each in self.result.results if each.address == address_of(key)]
        return found

    def ended(self, key: str = "mug") -> tuple[str, int | None]:
        """How the change of a key ended, and the platform's code where it refused."""
        found = self.outcome(key)
        return found.outcome.value, None if found.error is None else found.error.errcode


class Shop:
    """One shop: its catalogue, its state, and the platform that it talks to. `paths` are the calls that it tells of."""

    paths = PATHS

    def __init__(self, url: str, folder: Path) -> None:
        """Stand in a folder that `furnish` made. `rewrites`: the platform shows text otherwise than it was sent."""
        self._url = url
        self._folder = folder
        self._http = requests.Session()
        self._http.trust_env = False
        self._stack = ExitStack()
        self._stack.enter_context(self._http)
        self._opened: Tools | None = None
        self._last_call = 0
        self._covers: dict[str, str] = {}
        self.entries: dict[str, Entry] = {}
        self.top: dict[str, Any] = {}
        self.rewrites = False
        self.settle_after = "0s"
        self.control("reset")
        self._tells_no_counts()

    def close(self) -> None:
        """Hang up."""
        self._stack.close()

    @staticmethod
    def furnish(url: str, folder: Path) -> None:
        """Put covers and an empty state into a folder, to be copied: both take longer to make than to copy."""
        (folder / "covers").mkdir(parents=True)
        for name, colour in COLOURS.items():
            Image.new("RGB", (8, 8), colour).save(folder / f"covers/{name}.png")
        with open_state(wiring.DEFAULT_STATE, origin=origin_of(url), app=APP, base=folder):
            pass

    # ---- the catalogue

    def lists(self, key: str = "mug", /, **fields: Any) -> None:
        """List an item, or change it: fields that are not given stay; None takes one out."""
        entry = {**self.entries.get(key, {**MUG, "url": f"pages/item/item?id={key}&from=a"}), **fields}
        self.entries[key] = {name: value for name, value in entry.items() if value is not None}

    def lists_many(self, count: int, **fields: Any) -> list[str]:
        """List so many items, `item-1` and on, that differ in name and url."""
        keys = [f"item-{number}" for number in range(1, count + 1)]
        for key in keys:
            self.lists(key, name=f"茶具 {key}", **fields)
        return keys

    def drops(self, *keys: str) -> None:
        """Take items out of the catalogue."""
        for key in keys:
            del self.entries[key]

    def says(self, **sections: Any) -> None:
        """Set top-level sections of the catalogue: `policy`, `quota`, `adopt`, `moved`, `removed`."""
        self.top.update(sections)

    def copies_cover(self, source: str, target: str) -> None:
        """Put one cover's file in the place of another."""
        shutil.copyfile(self._folder / f"covers/{source}.png", self._folder / f"covers/{target}.png")

    def _write(self) -> Path:
        lines = ["version: 1", f"app: {APP}"]
        lines += [f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in self.top.items()]
        lines.append("goods:")
        lines += [f"  {key}: {json.dumps(entry, ensure_ascii=False)}" for key, entry in self.entries.items()]
        path = self._folder / "catalog.yaml"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    # ---- the commands

    def plan(self, **flags: Any) -> Planned:
        """`plan`, with the flags of a selection: addresses as keys (`target=["mug"]`), `no_prune=True`, ..."""
        settings, catalogue, tools = self._tools()
        wanted = _selection(flags)
        situation = look(tools, catalogue, alone=False, refresh=wanted.refresh)
        made = plan(situation, Means(tools.providers, tools.settle_after), wanted)
        return Planned(made, _printed(made, wiring.provenance(settings, APP, situation.snapshot)))

    def apply(self, **flags: Any) -> Applied:
        """`apply --yes` of a plan that no guard refuses."""
        settings, catalogue, tools = self._tools()
        with _open(settings, tools) as session:
            made = session.plan(catalogue, _selection(flags))
            assert made.applyable, made.hazards
            header = wiring.provenance(settings, APP, session.situation.snapshot)
            for _event in session.apply(made, Wishes()):
                pass
            assert session.result is not None
            return Applied(made, _printed(made, header), session.result)

    def adopt(self, key: str, remote_id: int) -> None:
        """`adopt KEY ID`."""
        settings, catalogue, tools = self._tools()
        with _open(settings, tools) as session:
            adopt(tools, session, catalogue, key, remote_id)

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """A command in a process of its own."""
        self._write()
        return subprocess.run(
            [sys.executable, "-m", "catalog_sync", *arguments],
            cwd=self._folder,
            env={**os.environ, **self._environment(), "PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    @property
    def state(self) -> Snapshot:
        """What the state knows."""
        return self._tools()[2].store.snapshot()

    def _environment(self) -> dict[str, str]:
        return {
            "CATALOG_SYNC_API_BASE": self._url,
            "CATALOG_SYNC_SECRET": "not-a-secret",
            "CATALOG_SYNC_SETTLE_AFTER": self.settle_after,
            "CATALOG_SYNC_PARALLELISM": "1",
            "CATALOG_SYNC_ACTOR": "tests",
        }

    def _tools(self) -> tuple[wiring.Settings, Catalogue, Tools]:
        """The catalogue as it is now, and tools that stay open from one command to the next: half the time."""
        settings = wiring.settings(self._environment(), {"file": str(self._write())})
        catalogue = wiring.load_whole(settings)[0]
        if self._opened is None:
            self._opened = self._stack.enter_context(wiring.tools_of(settings, catalogue, _SILENT, write=True))
        return settings, catalogue, replace(self._opened, settle_after=settings.settle_after)

    def _learn_covers(self) -> None:
        """Which upload is which file, so that a call can be read."""
        store = self._tools()[2].store
        for path in sorted((self._folder / "covers").iterdir()):
            upload = store.picture(f"goods:sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}")
            if upload is not None:
                self._covers[upload.ref] = f"covers/{path.name}"

    # ---- the platform

    def control(self, name: str, method: str = "POST", /, **order: Any) -> Json:
        """An order to the emulator that must succeed."""
        response = self._http.request(method, f"{self._url}/_emulator/{name}", json=order, timeout=20)
        assert response.status_code == 200, response.text
        told: Json = response.json()
        return told

    def calls(self) -> list[Call]:
        """The write calls that the platform saw since the last look, in their order."""
        query = f"calls?appid={APP}&since={self._last_call}"
        seen = self.control(query, "GET")["calls"]
        if any("coverImgUrl" in str(call["body"]) for call in seen):
            self._learn_covers()
        self._last_call = max([self._last_call, *(call["seq"] for call in seen)])
        return [(self.paths[call["path"]], self._body(call)) for call in seen if call["path"] in self.paths]

    def called(self) -> list[str]:
        """The names of these calls."""
        return [name for name, _body in self.calls()]

    def _body(self, call: Json) -> Json:
        if call["path"] == "/cgi-bin/media/upload":
            return {}
        body: Json = call["body"].get("goodsInfo", call["body"])
        if "coverImgUrl" in body:
            body["coverImgUrl"] = self._covers.get(body["coverImgUrl"], body["coverImgUrl"])
        return body

    def settings(self, **switches: Any) -> None:
        """Turn switches of the emulator."""
        self.control("settings", **switches)

    def fault(self, path: str, kind: str, **takes: Any) -> None:
        """Let the next call of this name (the emulator's: `resetaudit`, `list`, ...) go wrong."""
        self.control("faults", faults=[{"path": path, "kind": kind, **takes}])

    def clear_faults(self) -> None:
        """Let no further call go wrong."""
        self.control("faults", "DELETE")
        self._tells_no_counts()

    def _tells_no_counts(self) -> None:
        """The app is authorised for the goods, not for `quota/get`: eight calls less for every look."""
        self.fault("quota_get", "errcode", code=48001, times=1_000_000)

    def tells_counts(self) -> None:
        """The platform tells its own counts of today's calls, too."""
        self.control("faults", "DELETE")

    def verdict(self, verdict: str, **whom: Any) -> None:
        """The reviewer decides: `approve` or `reject`; everything unless told."""
        self.control("verdict", appid=APP, verdict=verdict, **(whom or {"all": True}))

    def clock(self, advance: str) -> None:
        """Let time pass at the platform."""
        self.control("clock", advance=advance)

    def now(self) -> datetime:
        """The platform's clock."""
        return datetime.fromtimestamp(self.control("clock", "GET")["now"], UTC)

    def somebody_spends(self, name: str, count: int) -> None:
        """Another program makes calls that are refused, and counted."""
        path = next(path for path, ours in self.paths.items() if ours == name)
        token = self.control("token", appid=APP)["access_token"]
        for _ in range(count):
            self._http.post(f"{self._url}{path}", params={"access_token": token}, json={}, timeout=20)
        self.calls()

    def console_goods(self, **fields: Any) -> int:
        """Make an item by hand in the console, as if it were the mug unless told; gives its id."""
        told = self.control("console_goods", appid=APP, **_as_made(fields))
        made: int = told["goods_id"]
        return made

    def api_goods(self, status: str = APPROVED, **fields: Any) -> int:
        """Make an item through the API, not by us, as if it were the mug unless told; gives its id."""
        goods = {**_as_made(fields), "audit_status": STATUS_NUMBER[status]}
        (made,) = self.control("goods", appid=APP, goods=[goods])["goods_ids"]
        found: int = made
        return found

    def somebody_edits(self, goods_id: int = FIRST_ID, /, **fields: Any) -> None:
        """Somebody else, or the platform itself, changes an item."""
        self.control("goods", "PATCH", appid=APP, goods_id=goods_id, **fields)

    def somebody_deletes(self, *goods_ids: int) -> None:
        """Items vanish behind our back."""
        for goods_id in goods_ids:
            self.control("goods", "DELETE", appid=APP, goods_id=goods_id)

    def goods(self, goods_id: int = FIRST_ID) -> Json | None:
        """An item as the platform has it; None when it is not there."""
        found: Json | None = next((one for one in self._world()["goods"] if one["goods_id"] == goods_id), None)
        return found

    def goods_ids(self) -> list[int]:
        """The ids of everything on the platform."""
        return [one["goods_id"] for one in self._world()["goods"]]

    def _world(self) -> Json:
        return self.control(f"world?appid={APP}", "GET")

    # ---- ways to begin

    def bound(self, status: str, *, looked_at: bool = False) -> None:
        """Let the catalogue's new items be on the platform, bound, and in this state.

        `looked_at`: after they were added, a run saw what the platform made of our text (always, where it `rewrites`).
        """
        made = self.apply()
        if looked_at or self.rewrites:
            self.apply()
        for result in made.result.results:
            assert result.action == "add"
            assert result.remote_id is not None
            self.becomes(status, result.remote_id)
        self.calls()

    def becomes(self, status: str, goods_id: int = FIRST_ID) -> None:
        """Let an item that is under review come to this state."""
        if status == APPROVED:
            self.verdict("approve", goods_id=goods_id)
        elif status == REJECTED:
            self.verdict("reject", goods_id=goods_id)
        elif status == UNAUDITED:
            self.somebody_edits(goods_id, audit_status=0)

    def bound_to(self) -> dict[str, int]:
        """Every key that is bound, and its id."""
        bindings = self.state.bindings
        return {address.removeprefix("goods."): binding.current.remote_id for address, binding in bindings.items()}

    def rests(self) -> None:
        """A further run sends nothing; two, where the platform `rewrites`: one sees what it made, one knows it."""
        for _ in range(2 if self.rewrites else 1):
            self.apply()
            assert self.calls() == []


@contextmanager
def _open(settings: wiring.Settings, tools: Tools) -> Iterator[Session]:
    who, run = wiring.holder(settings, ["catalog-sync", "apply"]), wiring.new_run(settings, "apply")
    with Session(tools, who, run, Halt()) as session:
        yield session


def _selection(flags: Json) -> Any:
    """The selection that flags mean; keys stand for their addresses."""
    named = {"target", "exclude", "resubmit", "allow_twin", "allow_price_change"}
    refresh = flags.pop("refresh", True)
    options = {name: tuple(map(address_of, value)) if name in named else value for name, value in flags.items()}
    return selection(options, refresh=refresh)


def _as_made(fields: Json) -> Json:
    """An item as the emulator's control plane takes it: prices as numbers."""
    return {"name": MUG["name"], "url": "pages/item/item?id=mug&from=a", "price": 99.5, "priceType": 1, **fields}


def _nothing(*_told: object) -> None:
    return None


_SILENT = wiring.Voice(say=_nothing, progress=_nothing)
