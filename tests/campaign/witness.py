"""The independent check: what the platform has and what it was asked, against what the state knows.

It shares nothing with the code that it judges: it reads the emulator's world, its record of calls, and rows of the
state's file. An item is told by the number in its url, which no edit of a campaign touches.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

from tests.faults.harness import DELETE, NAMES, ON_ITS_WAY, PATHS, POOLS, STORE_PATHS, WRITES, Json, Shop

NUMBER = re.compile(r"id=(\d+)")
SENT = {**{PATHS[name]: name for name in WRITES}, **{path: name for name, path in STORE_PATHS.items()}}
"""The write calls of all systems, by their paths."""
STRANGE = "外来"
"""How the names begin of what the other tool makes."""

ILLEGAL = {
    300009: "withdrawn, but not so",
    300010: "not in this status",
    300011: "made in the console",
    300014: "deleted under review",
    300015: "of an item that is not there",
    300017: "withdrawn, but not under review",
    1003: "of an item that is not there",
}
VERDICT_CODES = {300009, 300010, 300014, 300017}
"""What a verdict that came between plan and call makes of a call that was right when it was planned."""
WEATHER_CODES = {300012, 45009, 40001, 40014, 42001, 300006, 40007}
"""The day's number is used up, the token or the upload has ended: no fault of the caller's."""
CUT_OFF = {44002, 41005, 101000}
"""What a call without a body gets: its process was killed between head and body."""

AT_ONCE = 32
"""The most calls that may be under way when the platform's day ends: they are charged to the day that they began on."""


def number_of(text: str) -> int:
    """The number of an item, from its url or from anything that holds it."""
    found = NUMBER.search(text)
    assert found is not None, text
    return int(found.group(1))


def day_of(moment: float) -> str:
    """The quota day of a moment of the platform's clock."""
    return datetime.fromtimestamp(moment, timezone(timedelta(hours=8))).date().isoformat()


def surely_of(moment: float) -> str | None:
    """The quota day on which a call that came in then was counted; None where it may have been the day before."""
    day = day_of(moment)
    return day if day_of(moment - ON_ITS_WAY) == day else None


_OPEN_GOODS = "state = 'open' AND address LIKE 'goods.%'"


@dataclass
class Known:
    """What the campaign itself did, without which the platform's record cannot be read.

    `strangers`: goods that are nobody's. `external`: goods that somebody else made and the catalogue adopts.
    `unbound_skus`: SKUs that were there when the state was lost. `forgotten`: numbers whose goods `removed:` let go.
    `judged`: what got a verdict while a run was at work. `jumped`: days that began while a run was at work. `since`:
    the last call before the present state began. `refuses_rejected`: the platform takes no change of rejected goods.
    """

    strangers: set[int] = field(default_factory=set)
    external: set[int] = field(default_factory=set)
    unbound_skus: set[int] = field(default_factory=set)
    forgotten: set[int] = field(default_factory=set)
    judged: set[int] = field(default_factory=set)
    jumped: set[str] = field(default_factory=set)
    since: int = 0
    refuses_rejected: bool = False


@dataclass(frozen=True)
class Row:
    """An open row of the journal."""

    address: str
    call: str
    remote_id: int | None
    item: int | None


@dataclass(frozen=True)
class Held:
    """What the state holds: who is bound to which key, what is deleted, what is open, what is spent."""

    bound: dict[int, str]
    tombstones: set[int]
    open: list[Row]
    spent: dict[tuple[str, str], int]


def held(shop: Shop) -> Held:
    """Read the state's tables; nothing where there are none."""
    copies = shop.rows("SELECT remote_id, address FROM copies WHERE system = 'goods'")
    gone = shop.rows("SELECT remote_id FROM tombstones WHERE system = 'goods'")
    open_ = shop.rows(f"SELECT address, call, remote_id, item FROM entries WHERE {_OPEN_GOODS}")  # noqa: S608 - our own
    spent = shop.rows("SELECT pool, day, spent FROM ledger")
    waiting = [Row(who, call, id_, None if item is None else number_of(item)) for who, call, id_, item in open_]
    return Held(dict(copies), {id_ for (id_,) in gone}, waiting, {(pool, day): n for pool, day, n in spent})


@dataclass
class Witness:
    """Looks after each round. `wanted` are the numbers that the catalogue lists."""

    shop: Shop
    known: Known
    deleted: set[int] = field(default_factory=set)
    last_call: int = 0

    def look(self, wanted: set[int]) -> list[str]:
        """What is wrong, in sentences; nothing where all is well."""
        world = self.shop.control(f"world?appid={self.shop.app}", "GET")
        calls = [call for call in self.shop.calls() if call["path"] in NAMES and "tool" not in call["query"]]
        state = held(self.shop)
        self.known.strangers -= state.bound.keys()  # adopted by their looks: a key that was listed again means them
        living = [goods for goods in world["goods"] if self._ours(goods)]
        gone = [goods for goods in world["deleted"] if self._ours(goods)]
        new = [goods for goods in world["deleted"] if goods["goods_id"] not in self.deleted]
        wrong = [
            *self._lost(living, gone, state),
            *self._duplicates(living, state),
            *self._deleted([goods for goods in new if self._ours(goods)], living, wanted),
            *(f"a stranger was deleted: {goods}" for goods in new if goods["goods_id"] in self.known.strangers),
            *self._illegal(call for call in calls if call["seq"] > self.last_call),
            *self._ledger([call for call in calls if call["seq"] > self.known.since], state),
        ]
        self.deleted |= {goods["goods_id"] for goods in new}
        self.last_call = max([self.last_call, *(call["seq"] for call in calls)])
        self.known.judged.clear()
        return wrong

    def _ours(self, goods: Json) -> bool:
        return goods["goods_id"] not in self.known.strangers and not goods["name"].startswith(STRANGE)

    def _lost(self, living: list[Json], gone: list[Json], state: Held) -> Iterator[str]:
        """Ids that our calls made and that the state does not know."""
        adding = {row.item for row in state.open if row.call == "add"}
        deleting = {row.remote_id for row in state.open if row.call == DELETE}
        for goods in living:
            id_, number = goods["goods_id"], number_of(goods["url"])
            if id_ in state.tombstones and id_ not in deleting:
                yield f"lost: {id_} is alive, and buried by the state"
            known = id_ in state.bound or number in adding or number in self.known.forgotten
            if not known and id_ not in self.known.external:
                yield f"lost: {id_} (number {number}) is on the platform, and the state does not know it"
        for goods in gone:
            id_, number = goods["goods_id"], number_of(goods["url"])
            if id_ not in state.tombstones and id_ not in deleting and number not in self.known.forgotten:
                yield f"lost: {id_} (number {number}) was deleted, and the state does not know it"

    def _duplicates(self, living: list[Json], state: Held) -> Iterator[str]:
        """An item is there once; twice only while one of the two takes the other's place."""
        by_number: dict[int, list[Json]] = defaultdict(list)
        for goods in living:
            if number_of(goods["url"]) not in self.known.forgotten:
                by_number[number_of(goods["url"])].append(goods)
        adding = Counter(row.item for row in state.open if row.call == "add")
        for number, there in by_number.items():
            looks = Counter((*looks_of(goods), goods["cover_sha256"]) for goods in there)
            yield from (f"duplicate: number {number} is there {n} times: {one}" for one, n in looks.items() if n > 1)
            keys = {state.bound[goods["goods_id"]] for goods in there if goods["goods_id"] in state.bound}
            unknown = sum(goods["goods_id"] not in state.bound for goods in there)
            if len(there) > 2 or len(keys) > 1 or (len(there) == 2 and unknown > adding[number]):
                yield f"duplicate: number {number}: {[goods['goods_id'] for goods in there]} under {sorted(keys)}"

    def _deleted(self, new: list[Json], living: list[Json], wanted: set[int]) -> Iterator[str]:
        """What is listed is deleted only when another one took its place; what is forgotten never."""
        there = {number_of(goods["url"]) for goods in living}
        for goods in new:
            number = number_of(goods["url"])
            if number in wanted and number not in there:
                yield f"deleted although it is listed, and nothing took its place: {goods}"
            if number in self.known.forgotten:
                yield f"deleted although it was to be forgotten: {goods}"

    def _illegal(self, calls: Iterable[Json]) -> Iterator[str]:
        for call in calls:
            code = call["errcode"]
            if not code or call["fault"] is not None or code in WEATHER_CODES or NAMES[call["path"]] not in WRITES:
                continue
            if code in CUT_OFF and call["body"] in (None, {"bytes": 0}):
                continue
            if code in VERDICT_CODES and _target(call) in self.known.judged:
                continue
            if code == 300010 and self.known.refuses_rejected and NAMES[call["path"]] in ("update", "audit"):
                continue
            yield f"illegal ({ILLEGAL.get(code, 'refused')}): {call}"

    def _ledger(self, calls: list[Json], state: Held) -> Iterator[str]:
        seen = Counter(
            (POOLS.get(name, name), surely_of(call["time"]))
            for call in calls
            if (name := NAMES[call["path"]]) in WRITES
        )
        for (pool, day), count in seen.items():
            if day is None:
                continue
            allowance = AT_ONCE if day in self.known.jumped else 0
            if state.spent.get((pool, day), 0) + allowance < count:
                yield f"the ledger has {state.spent.get((pool, day), 0)} calls of {pool} on {day}, sent were {count}"
        for pool in {pool for pool, _ in seen}:
            sent = sum(count for (whose, _), count in seen.items() if whose == pool)
            spent = sum(count for (whose, _), count in state.spent.items() if whose == pool)
            if spent < sent:
                yield f"the ledger has {spent} calls of {pool} on all days, sent were {sent}"

    def converged(self, adopted: set[int]) -> Iterator[str]:
        """In the end: every item of the catalogue once, as it is written there, and nothing else of ours."""
        living = [goods for goods in self.shop.world if self._ours(goods)]
        living = [goods for goods in living if number_of(goods["url"]) not in self.known.forgotten]
        there = Counter(map(looks_of, living))
        wanted = Counter(map(looks_wanted, self.shop.goods.values()))
        yield from (f"too many: {one} x {n}" for one, n in (there - wanted).items())
        yield from (f"missing: {one} x {n}" for one, n in (wanted - there).items())
        yield from (f"not approved: {goods}" for goods in living if goods["audit_status"] != 2)
        covers = {number_of(goods["url"]): cover_of(self.shop, goods["cover"]) for goods in self.shop.goods.values()}
        for goods in living:
            number = number_of(goods["url"])
            if number not in adopted and goods["cover_sha256"] != covers.get(number):
                yield f"another cover: {goods}"
        state = held(self.shop)
        yield from (f"still open: {row}" for row in state.open)
        urls = {goods["goods_id"]: goods["url"] for goods in living}
        bound = {address.removeprefix("goods."): urls.get(id_) for id_, address in state.bound.items()}
        listed = {key: goods["url"] for key, goods in self.shop.goods.items()}
        if bound != listed or len(state.bound) != len(bound):
            yield f"bound to {bound}, not to {listed}"

    def story(self, most: int = 60) -> list[str]:
        """The last write calls, for a person who looks at a failure."""
        calls = [
            call
            for call in self.shop.calls()
            if call["path"] in SENT and not ("tool" in call["query"] and call["errcode"])
        ]
        return [
            f"{call['seq']:6} {'other tool ' if 'tool' in call['query'] else ''}{SENT[call['path']]:16} "
            f"status {call['status']} errcode {call['errcode']} fault {call['fault']} "
            f"{_body_of(call)}"
            for call in calls[-most:]
        ]


def _body_of(call: Json) -> str:
    """What was sent, short: without the long names of uploads."""
    body: Json = call["body"] or {}
    info: Json = body.get("goodsInfo", body)
    told = {name: value for name, value in info.items() if name != "coverImgUrl" and value != ""}
    return json.dumps(told, ensure_ascii=False)


def _target(call: Json) -> int | None:
    body = call["body"] or {}
    found: int | None = body.get("goodsId") or body.get("goodsInfo", {}).get("goodsId")
    return found


def looks_of(goods: Json) -> tuple[Any, ...]:
    """How an item of the platform looks, but for its picture."""
    other = None if goods["priceType"] == 1 else goods["price2"]
    return goods["name"], goods["url"], goods["priceType"], goods["price"], other


def looks_wanted(goods: Json) -> tuple[Any, ...]:
    """How an item of the catalogue is to look."""
    other = f"{Decimal(goods['price2']):.2f}" if "price2" in goods else None
    return goods["name"], goods["url"], goods.get("priceType", 1), f"{Decimal(goods['price']):.2f}", other


def cover_of(shop: Shop, cover: str) -> str:
    """The identity of a picture, as the platform has it."""
    return hashlib.sha256((shop.folder / cover).read_bytes()).hexdigest()
