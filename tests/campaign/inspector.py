"""The independent check of the Mini Store: what the platform has and was asked, against what the state knows.

Like the witness of the goods it shares nothing with the code that it judges. A SKU is told by its out_sku_id.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from tests.faults.harness import STORE_PATHS, Json, Shop

from .witness import AT_ONCE, CUT_OFF, WEATHER_CODES, Known, surely_of

NAMES = {path: name for name, path in STORE_PATHS.items()}
COUNTED = ("sku_add", "sku_update")
POOL = "sku_write"

THERE_ALREADY = 9401005
"""An add of what is there: it is found by its key, and nothing is there twice."""
HOUR_IS_FULL = 300000
HOUR, SLACK = 3600.0, 60.0
"""Seconds; and how far the clock of a call may be from that of its row."""

ON_SALE, PASSED = (5, 12), 4


@dataclass
class Inspector:
    """Looks after each round."""

    shop: Shop
    known: Known
    last_call: int = 0

    def look(self) -> list[str]:
        """What is wrong, in sentences; nothing where all is well."""
        calls = [call for call in self.shop.calls() if call["path"] in NAMES]
        wrong = [
            *self._twice(),
            *self._lost(),
            *self._illegal(call for call in calls if call["seq"] > self.last_call),
            *self._ledger([call for call in calls if call["seq"] > self.known.since]),
        ]
        self.last_call = max([self.last_call, *(call["seq"] for call in calls)])
        return wrong

    @property
    def products(self) -> list[Json]:
        """The products of the platform, with their SKUs."""
        found: list[Json] = self.shop.control(f"world?appid={self.shop.app}", "GET").get("products", [])
        return found

    @property
    def drafted(self) -> dict[int, str]:
        """The SKUs that are in a draft: id and key."""
        return {sku["sku_id"]: sku["out_sku_id"] for each in self.products for sku in each["skus"] if sku["draft"]}

    def _twice(self) -> Iterator[str]:
        drafted = Counter(self.drafted.values())
        yield from (f"twice: SKU {key} is in the drafts {count} times" for key, count in drafted.items() if count > 1)

    def _lost(self) -> Iterator[str]:
        """Ids that our calls made and that the state does not know, or takes for deleted."""
        bound = self._bound()
        open_ = set(self.shop.rows("SELECT call, address FROM entries WHERE state = 'open'"))
        gone = {id_ for (id_,) in self.shop.rows("SELECT remote_id FROM tombstones WHERE system = 'skus'")}
        for id_, key in self.drafted.items():
            if id_ in gone and ("sku_delete", f"skus.{key}") not in open_:
                yield f"lost: SKU {key} ({id_}) is in the draft, and buried by the state"
            known = bound.get(id_) == key or ("sku_add", f"skus.{key}") in open_
            if not known and id_ not in self.known.unbound_skus:
                yield f"lost: SKU {key} ({id_}) is in the draft, and the state does not know it"

    def _bound(self) -> dict[int, str]:
        found = self.shop.rows("SELECT remote_id, address FROM copies WHERE system = 'skus'")
        return {id_: address.removeprefix("skus.") for id_, address in found}

    def _illegal(self, calls: Iterable[Json]) -> Iterator[str]:
        """Calls that the platform had to refuse: a listing or an edit while the draft is under review among them."""
        for call in calls:
            code = call["errcode"]
            if not code or call["fault"] is not None or code in WEATHER_CODES | {THERE_ALREADY, HOUR_IS_FULL}:
                continue
            if code not in CUT_OFF or call["body"] not in (None, {"bytes": 0}):
                yield f"illegal: {call}"

    def _ledger(self, calls: list[Json]) -> Iterator[str]:
        """No call is missing from the day's count nor from the hour's."""
        sent = sorted(call["time"] for call in calls if NAMES[call["path"]] in COUNTED)
        spent = dict(self.shop.rows(f"SELECT day, spent FROM ledger WHERE pool = '{POOL}'"))  # noqa: S608 - our own
        for day, count in Counter(map(surely_of, sent)).items():
            if day is not None and spent.get(day, 0) + (AT_ONCE if day in self.known.jumped else 0) < count:
                yield f"the ledger has {spent.get(day, 0)} calls of {POOL} on {day}, sent were {count}"
        if sum(spent.values()) < len(sent):
            yield f"the ledger has {spent} calls of {POOL} on all days, sent were {len(sent)}"
        yield from () if self.known.jumped else self._hours(sent)

    def _hours(self, sent: list[float]) -> Iterator[str]:
        found = self.shop.rows("SELECT charged_at FROM entries WHERE charged_at IS NOT NULL ORDER BY charged_at")
        charged = [at for (at,) in found]
        for number, at in enumerate(sent, 1):
            count = number - bisect_left(sent, at - HOUR)
            known = bisect_right(charged, at + SLACK) - bisect_left(charged, at - HOUR - SLACK)
            if known < count:
                yield f"the journal has {known} calls of {POOL} in the hour before {at}, sent were {count}"

    def converged(self) -> Iterator[str]:
        """In the end: every SKU of the catalogue in both copies, as it is written there, and nothing else of ours."""
        pictures = self.shop.control(f"world?appid={self.shop.app}", "GET").get("store_pictures", {})
        bound = self._bound()
        for product in self.products:
            skus = self.shop.products[product["out_product_id"]]["skus"]
            if product["status"] not in ON_SALE or product["edit_status"] != PASSED:
                yield f"not on sale as its draft is: {product}"
            ours = {sku["out_sku_id"]: sku for sku in product["skus"] if self._ours(sku, bound)}
            yield from (f"too many: SKU {key}" for key in ours.keys() - skus.keys())
            yield from (f"missing: SKU {key}" for key in skus.keys() - ours.keys())
            for key in skus.keys() & ours.keys():
                wanted = dict(skus[key])
                if ours[key]["sku_id"] in self.known.unbound_skus:
                    wanted.pop("thumb", None)  # which picture a SKU has whose state was lost, nobody can tell
                yield from self._differs(key, wanted, ours[key], pictures)
                if bound.get(ours[key]["sku_id"]) != key:
                    yield f"not bound: SKU {key}"

    def _ours(self, sku: Json, bound: dict[int, str]) -> bool:
        return sku["sku_id"] in bound or sku["sku_id"] not in self.known.unbound_skus

    def _differs(self, key: str, wanted: Json, shown: Json, pictures: Json) -> Iterator[str]:
        for name in ("draft", "online"):
            copy = shown[name]
            found = None if copy is None else _content(copy, wanted, pictures)
            if found != self._content(wanted):
                yield f"SKU {key} is {found} in the copy {name}, not {self._content(wanted)}"
        online = shown["online"]
        numbers = [online and online[name] for name in ("sale_price", "market_price", "stock_num")]
        prices = [int(Decimal(wanted[name]) * 100) for name in ("sale_price", "market_price")]
        if numbers != [*prices, wanted["stock"]]:
            yield f"SKU {key} sells at {numbers}, not at {[*prices, wanted['stock']]}"

    def _content(self, sku: Json) -> Json:
        named: Json = {name: sku[name].lstrip("0") for name in ("sku_code", "barcode") if name in sku}
        if "thumb" in sku:
            named["thumb"] = hashlib.sha256((self.shop.folder / sku["thumb"]).read_bytes()).hexdigest()
        return {**named, "attrs": sku["attrs"]}


def _content(copy: Json, wanted: Json, pictures: Json) -> Json:
    """What a copy says of the fields that the catalogue names."""
    shown = {"sku_code": copy["sku_code"], "barcode": copy["barcode"].lstrip("0")}
    shown["thumb"] = pictures.get(copy["thumb_img"], copy["thumb_img"])
    attrs = {each["attr_key"]: each["attr_value"] for each in copy["sku_attrs"]}
    return {**{name: value for name, value in shown.items() if name in wanted}, "attrs": attrs}
