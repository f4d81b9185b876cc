"""The life of one shop, drawn from a seed: rounds of edits, weather and runs, a person between them, a calm end."""

from __future__ import annotations

import random
import signal
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tests.faults.harness import STORE_PATHS, WRITES, Json, Nursery, Running, Shop, shop_on, until

from .companions import Administrator, Calendar, OtherTool, Reviewer, Work, beside
from .editor import Editor
from .inspector import Inspector
from .person import APPLY, Broken, Person
from .storekeeper import Storekeeper
from .witness import SENT, Known, Witness

ROUNDS = 10
"""How many rounds a life has."""
DAYS = 12
"""How many calm days it may take until everything is as the catalogue wants it."""

SPOILERS = ("drop", "half_body", "busy", "http_503", "http_404", "garbage")
DOUBTFUL = (300008, 300013, 300021, 987654)
REFUSALS = (300002, 300004, 300001)
STORE_REFUSALS = (9401048, 9401045, 9401021)

GOODS_CALLS = (*WRITES, *WRITES, "add", "add", "audit", "list", "status")
STORE_WRITES = ("img_upload", "sku_add", "sku_update", "sku_update_price", "stock_update", "sku_delete", "listing")
STORE_CALLS = (*STORE_WRITES, "sku_add", "listing", "sku_list", "spu_get")
"""The calls that faults hit, by the names that faults have for them."""

SWITCHES: dict[str, list[object]] = {
    "sku_list_status": ["present"],  # without it nobody could tell a deleted SKU from a living one, if both are shown
    "update_price_writes_draft": ["too", "too", "online_only"],
    "stock_update_writes_draft": ["online_only", "too"],
    "barcode_on_read": ["number", "string"],
    "deleted_sku_on_read": ["absent", "status_21"],
    "unlisted_on_read": ["missing", "draft"],
    "sku_write_per_hour": [200, 200, 25],
}
"""What the platform's pages leave open, drawn for a whole life."""
IN_REVIEW = 2
"""The edit_status of a product whose draft is under review."""


@dataclass
class Fate:
    """What becomes of a process: a signal `after` so many seconds, or so long after the journal has `rows` more."""

    number: signal.Signals
    after: float
    rows: int | None = None


class Life:
    """One shop, and all that happens to it. `figures` counts it."""

    def __init__(self, shop: Shop, chance: random.Random, figures: Counter[str]) -> None:
        self.shop = shop
        self.chance = chance
        self.figures = figures
        self.known = Known()
        self.witness = Witness(shop, self.known)
        self.editor = Editor(shop, self.known, chance)
        self.storekeeper = Storekeeper(shop, chance)
        self.inspector = Inspector(shop, self.known)
        self.person = Person(shop, self.known, self.editor, self.witness, self.inspector, figures)
        self._seen = 0
        self._latency = 0

    # ---- a life

    def live(self, rounds: int) -> None:
        """All rounds, and the end."""
        self._settings()
        for _ in range(self.chance.randrange(5, 15)):
            self.editor.add()
        self.storekeeper.opens()
        for _ in range(rounds):
            self._round()
        self.ends()

    def _round(self) -> None:
        """Edits, runs in some weather, the check, the person."""
        self.figures["rounds"] += 1
        for _ in range(self.chance.choice([1, 3, 5, 8, 12])):
            self.editor.edit()
        for _ in range(self.chance.choice([0, 1, 3, 6])):
            self.storekeeper.edit()
        self._latency = self.chance.choice([0, 0, 5, 15])
        self.shop.control("settings", latency_ms=self._latency)
        self._weather()
        with beside(*self._companions()):
            for _ in range(self.chance.choice([1, 1, 2, 3])):
                self.person.passes()
                self._runs()
                self._come_to_rest()
        self.shop.control("settings", latency_ms=0)
        self.check()
        self._look_after()
        if self.chance.random() < 0.06:
            self.person.loses_the_state()

    def check(self) -> None:
        """Nothing goes wrong any more, nothing is under way: what does the witness say?"""
        self.shop.heal()
        self._come_to_rest()
        wrong = [*self.witness.look(set(self.editor.numbers)), *self.inspector.look()]
        if wrong:
            raise self.person.broken("\n".join(wrong))

    def ends(self) -> None:
        """No faults, quota enough, everything approved: in a few days everything is as the catalogue wants it."""
        self.shop.control("settings", limits={})
        self.editor.calm()
        self.storekeeper.calm()
        left: list[Json] = []
        for _ in range(DAYS):
            self.shop.control("clock", advance="25h")
            self.person.applies()
            self.shop.verdict()
            self.person.passes()
            left = self.person.left()
            if not left:
                break
        self.check()
        wrong = [*self.witness.converged(self.editor.adopted), *self.inspector.converged()]
        wrong += [f"left to do: {each['key']} {each['action']} {each['disposition']} {each['reason']}" for each in left]
        if wrong:
            raise self.person.broken("\n".join(["in the end:", *wrong]))

    def _look_after(self) -> None:
        """Between two rounds: verdicts, and decisions where the program wants one."""
        self.person.passes()
        self.person.recovers()
        for goods in self.shop.world:
            if goods["audit_status"] == 1 and self.chance.random() < 0.6:
                verdict = self.chance.choices(["approve", "reject"], [4, 1])[0]
                self.shop.verdict(verdict, goods_id=goods["goods_id"])
                self.figures["verdicts"] += 1
        for product in self.inspector.products:
            if product["edit_status"] == IN_REVIEW and self.chance.random() < 0.6:
                verdict = self.chance.choices(["approve", "reject"], [4, 1])[0]
                self.shop.verdict(verdict, product_id=product["product_id"])
                self.figures["verdicts"] += 1
        if self.chance.random() < 0.5:
            self.person.decides()

    def _come_to_rest(self) -> None:
        """Wait until the platform is at nothing any more: each call that came in has been recorded."""
        for _ in range(2):  # what a killed process sent last may still be on its way in
            time.sleep(0.05 + self._latency / 500)
            until(self._nothing_under_way, 30)

    def _nothing_under_way(self) -> bool:
        seen = self.shop.control(f"calls?since={self._seen}", "GET")["calls"]
        numbers = [call["seq"] for call in seen]
        if numbers != list(range(self._seen + 1, self._seen + 1 + len(numbers))):
            return False
        self._seen += len(numbers)
        return True

    # ---- the weather

    def _settings(self) -> None:
        """What holds for the whole life: how much quota there is, and whether rejected goods take changes."""
        self.known.refuses_rejected = self.chance.random() < 0.3
        limits = {"submit": self.chance.randrange(8, 40), "update": 30, "delete": 30, "resetaudit": 30}
        answer = "refuse" if self.known.refuses_rejected else "allow"
        self.shop.control(
            "settings",
            limits=limits if self.chance.random() < 0.4 else {},
            rejected_update=answer,
            rejected_audit=answer,
            **{name: self.chance.choice(values) for name, values in SWITCHES.items()},
        )

    def _weather(self) -> None:
        """Faults at random places of the coming runs."""
        for _ in range(self.chance.choice([0, 2, 3, 5, 8])):
            call = self.chance.choice([*GOODS_CALLS, *STORE_CALLS])
            kind, takes = self._fault(call)
            self.shop.fault(call, kind, after=self.chance.choice([0, 0, 0, 0, 1, 2]), **takes)

    def _fault(self, call: str) -> tuple[str, Json]:
        spoiled = self.chance.choice(SPOILERS) + self.chance.choice(["", "_after"])
        seconds = {"seconds": self.chance.uniform(0.05, 0.3)}
        kinds: list[tuple[str, Json]] = [
            *([(spoiled, {})] * 4),
            ("late", seconds),
            ("slow_after", seconds),
            ("stale_token", {}),
        ]
        if call in WRITES or call in STORE_WRITES:
            refusals = REFUSALS if call in WRITES else STORE_REFUSALS
            kinds.append(("errcode", {"code": self.chance.choice([*DOUBTFUL, *DOUBTFUL, *refusals])}))
            kinds.append(("errcode_after", {"code": self.chance.choice(DOUBTFUL)}))
            kinds.append(("quota", {}))
        if call == "add":
            kinds.append(("add_300021", {}))
        if call == "list":
            at = self.chance.randrange(4)
            kinds += [("lost_row", {"row": at}), ("short_page", {"rows": at}), ("list_3001", {})]
        if call == "sku_list":
            kinds.append(("lost_sku", {"row": self.chance.randrange(3)}))
        if call == "status":
            kinds.append(("status_omits", {}))
        return self.chance.choice(kinds)

    def _companions(self) -> Sequence[Work]:
        app, url, seed = self.shop.app, self.shop.url, self.chance.randrange(2**32)
        company: list[Work] = []
        if self.chance.random() < 0.4:
            company.append(Reviewer(url, app, self.known, random.Random(seed), self.figures))
        if self.chance.random() < 0.25:
            cover = self.shop.folder / "covers/white.png"
            company.append(OtherTool(url, app, cover, random.Random(seed), self.figures))
        if self.chance.random() < 0.12:
            company.append(Calendar(url, self.known, random.Random(seed), self.figures))
        if self.shop.server and self.chance.random() < 0.4:
            company.append(Administrator(self.shop, random.Random(seed), self.figures))
        return company

    # ---- the runs

    def _runs(self) -> None:
        """One apply, or several at once; each with a fate."""
        count = self.chance.choices([1, 2, 4], [7, 3, 1])[0]
        self.figures["applies side by side"] += count if count > 1 else 0
        before = self._journal()
        running: list[tuple[Running, Fate | None, float]] = []
        for _ in range(count):
            kill = self._boundary() if self.chance.random() < 0.15 else None
            fate = None if kill is not None else self._fate()
            running.append((self.shop.begin(*self._words(count), kill=kill), fate, time.monotonic()))
        self._let_fate(running, before)
        for each, _, _ in running:
            self.person.orderly(each.wait(60))

    def _words(self, count: int) -> Sequence[str]:
        words = [*APPLY, "--parallelism", self.chance.choice(["1", "4", "8", "8", "8"])]
        if count > 1 and self.chance.random() < 0.6:
            words += ["--lock-timeout", "2s"]
        if self.chance.random() < 0.08:
            words += ["--until-done", "--timeout", "1s"]
        return words

    def _boundary(self) -> Json:
        at = self.chance.choice(["before_begin", "begun", "answered", "finished"])
        call = self.chance.choice([*WRITES, *STORE_PATHS])
        return {"at": at, "call": call, "passage": self.chance.choice([1, 1, 2, 3])}

    def _fate(self) -> Fate | None:
        dice = self.chance.random()
        if dice < 0.25:
            return None
        number = signal.SIGKILL if dice < 0.9 else self.chance.choice([signal.SIGTERM, signal.SIGINT])
        if self.chance.random() < 0.5:
            return Fate(number, self.chance.uniform(0.05, 0.4))
        return Fate(number, self.chance.uniform(0.0, 0.03), rows=self.chance.randrange(1, 8))

    def _let_fate(self, running: list[tuple[Running, Fate | None, float]], before: int) -> None:
        due = [(each, fate, began) for each, fate, began in running if fate is not None]
        while due:
            due = [one for one in due if not one[0].ended]
            written = self._journal() - before
            for one in list(due):
                each, fate, began = one
                if fate.rows is None and time.monotonic() - began < fate.after:
                    continue
                if fate.rows is not None and written < fate.rows:
                    continue
                time.sleep(fate.after if fate.rows is not None else 0)
                with suppress(ProcessLookupError):  # it has ended this moment
                    each.signal(fate.number)
                due.remove(one)
            time.sleep(0.004)

    def _journal(self) -> int:
        """The number of the last row of the journal."""
        found = self.shop.rows("SELECT max(number) FROM entries")
        return int(found[0][0] or 0) if found else 0


def live(
    url: str,
    folder: Path,
    nursery: Nursery,
    seed: int,
    rounds: int,
    figures: Counter[str],
    *,
    server: str | None = None,
) -> None:
    """One life in a shop of its own, its state in a file or at `server`. Raises `Broken` with the seed, so that it can
    be lived again."""
    with shop_on(url, folder, f"wx{seed:016x}", nursery, server) as shop:
        began = figures["rounds"]
        try:
            Life(shop, random.Random(seed), figures).live(rounds)
        except AssertionError as error:
            again = f"python -m tests.campaign --seed {seed} --rounds {rounds}{' --state postgres' if server else ''}"
            told = f"seed {seed}, round {figures['rounds'] - began}: {error}"
            raise Broken(f"{told}\nTo repeat it: {again}") from error
        finally:
            shop.heal()
        for call in shop.calls():
            if call["fault"] is not None:
                figures["faults injected"] += 1
                figures[f"  {call['fault'].removesuffix('_after')}"] += 1
            figures["write calls"] += call["path"] in SENT and "tool" not in call["query"]
            figures["write calls of the Mini Store"] += call["path"] in STORE_PATHS.values()
