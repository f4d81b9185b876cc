"""Who looks after a shop between runs: decides what the program cannot, and begins anew when the state is gone."""

from __future__ import annotations

import re
import signal
import sqlite3
from collections import Counter
from contextlib import suppress

import psycopg

from tests.faults.harness import Ended, Json, Shop

from .editor import Editor
from .inspector import Inspector
from .witness import Known, Witness, held, looks_of, number_of

APPLY = ("apply", "--yes", "--format", "json", "--max-deletes", "none")
ORDERLY = {"steps_failed", "lock_held", "quota_exhausted", "remote_unavailable", "auth_failed"}
"""The errors with which an apply may end."""
EDITING = 1
"""The edit_status of a product whose draft was changed and not submitted."""
IGNORED = re.compile(r"Exception ignored in.*?(Terminated|KeyboardInterrupt)\b", re.DOTALL)
"""A signal that falls into a callback of the interpreter itself: Python drops what its handler raises, and goes on."""
HELD_UP = ("rejected", "refused", "drifted", "not_taken", "draft_not_submitted")


class Broken(AssertionError):
    """Something that was promised did not hold."""


class Person:
    """Runs commands, and sees what the console of the platform shows."""

    def __init__(
        self,
        shop: Shop,
        known: Known,
        editor: Editor,
        witness: Witness,
        inspector: Inspector,
        figures: Counter[str],
    ) -> None:
        self._shop = shop
        self._known = known
        self._editor = editor
        self._witness = witness
        self._inspector = inspector
        self._figures = figures

    def broken(self, why: str) -> Broken:
        """What went wrong, with the calls before it."""
        return Broken("\n".join([why, *self._witness.story()]))

    def passes(self) -> None:
        """Time passes for the state: leases end, calls of earlier runs are surely over."""
        if self._shop.server or self._shop.state_file.exists():
            with suppress(sqlite3.OperationalError, psycopg.errors.UndefinedTable):  # killed before they were there
                self._shop.passes()

    def orderly(self, ended: Ended) -> None:
        """How a run may end: killed, or with a word about it."""
        self._figures["applies"] += 1
        self._figures["kills"] += ended.code == -signal.SIGKILL
        self._figures["SIGINT, SIGTERM"] += ended.code in (130, 143, -signal.SIGINT, -signal.SIGTERM)
        told = IGNORED.sub("", ended.err)
        if "Traceback" in told or ended.code not in (0, 1, 2, 130, 143, -9, -15, -2):
            raise self.broken(f"a run ended with {ended.code}: {ended.err[-3000:]}")
        error = ended.document.get("error") or {} if ended.code == 1 else {}
        orderly = {*ORDERLY, "state_unreadable"} if self._shop.server else ORDERLY  # somebody ends its sessions
        if error and error["code"] not in orderly:
            raise self.broken(f"a run ended with {error}")

    def applies(self) -> None:
        """An apply after which nothing is left that a person can do."""
        self.passes()
        self.recovers()
        self.decides()
        insisting: list[str] = []
        for change in self._changes():
            if change["reason"] in HELD_UP or any(part["reason"] in HELD_UP for part in change["held"]):
                insisting += ["--resubmit", change["address"]]
            if change["reason"] == "twin_exists":  # of a stranger, or it would have been bound
                insisting += ["--allow-twin", change["address"]]
        self.orderly(self._shop.command(*APPLY, *insisting, *self._drafts_left()))

    def _drafts_left(self) -> list[str]:
        """After a lost state: drafts that the console shows as not submitted. Nobody else remembers that we changed
        them; the plan says so only where the platform tells the copies apart (`unlisted_on_read`)."""
        left = [each for each in self._inspector.products if each["edit_status"] == EDITING]
        lost = left if self._known.unbound_skus else []
        return [word for each in lost for word in ("--resubmit", f"products.{each['out_product_id']}")]

    def _changes(self) -> list[Json]:
        changes: list[Json] = self.must("plan", "--format", "json", "--max-deletes", "none").document["changes"]
        return changes

    def must(self, *words: str) -> Ended:
        """A command that has to succeed."""
        ended = self._shop.command(*words)
        if ended.code != 0:
            raise self.broken(f"{words} ended with {ended.code}: {ended.out} {ended.err}")
        return ended

    def left(self) -> list[Json]:
        """What the plan still has."""
        return self._changes()

    def recovers(self) -> None:
        """Bring back what a run saved beside the state."""
        for path in sorted(self._shop.state_file.parent.glob("errored-*.jsonl")):
            self._figures["answers recovered"] += 1
            self.must("state", "recover", str(path))

    def decides(self) -> None:
        """`adopt` or `state rm` for what the program cannot decide."""
        for change in self._changes():
            if change["reason"] in ("in_doubt", "twin_exists"):
                self._figures["decided by a person"] += 1
                if change["address"].startswith("goods."):
                    self._decide(change["key"], change["reason"])
                else:
                    self.must("state", "rm", change["address"])

    def _decide(self, key: str, reason: str) -> None:
        state = held(self._shop)
        row = next((row for row in state.open if row.address == f"goods.{key}"), None)
        goods = self._shop.goods.get(key) or self._editor.dropped.get(key)
        number = row.item if row is not None and row.item is not None else number_of(goods["url"]) if goods else None
        loose = [
            each["goods_id"]
            for each in self._shop.world
            if each["goods_id"] not in state.bound
            and each["goods_id"] not in self._known.strangers
            and number_of(each["url"]) == number
        ]
        if not loose:
            if reason == "in_doubt":
                self.must("state", "rm", f"goods.{key}")
            return
        if key not in self._shop.goods:  # it is listed once more, so that it can be bound
            self._shop.goods[key] = self._editor.dropped.pop(key)
        self.must("adopt", key, str(loose[0]))

    def loses_the_state(self) -> None:
        """The disk is gone, with all backups: nothing is added beside what is there, and `adopt --match` brings back
        what content can tell; the rest is bound by hand."""
        self._figures["states lost"] += 1
        self._shop.loses_the_state()
        self._shop.sections.clear()
        self._known.since = max((call["seq"] for call in self._shop.calls()), default=0)
        drafted = self._inspector.drafted
        self._known.unbound_skus |= drafted.keys()
        there = {looks_of(goods)[:2] for goods in self._shop.world}
        for change in self._changes():
            goods = self._shop.goods.get(change["key"]) if change["address"].startswith("goods.") else None
            is_there = change["key"] in drafted.values() if goods is None else (goods["name"], goods["url"]) in there
            if is_there and change["action"] == "add" and change["disposition"] == "ready":
                raise self.broken(f"the state is lost, and this would be added again: {change}")
        self.must("adopt", "--match")
        self._binds_the_rest()

    def _binds_the_rest(self) -> None:
        numbers = self._editor.numbers
        bound = held(self._shop).bound
        taken = set(bound.values())
        for goods in sorted(self._shop.world, key=lambda goods: -int(goods["audit_status"])):
            key = numbers.get(number_of(goods["url"]))
            if goods["goods_id"] in bound:
                continue
            if key is None or f"goods.{key}" in taken:
                self._known.strangers.add(goods["goods_id"])
            else:
                self.must("adopt", key, str(goods["goods_id"]))
                taken.add(f"goods.{key}")
        self._editor.adopted |= set(numbers)  # which picture an adopted item has, nobody can tell
        deleted = self._shop.control(f"world?appid={self._shop.app}", "GET")["deleted"]
        self._known.strangers |= {goods["goods_id"] for goods in deleted}
