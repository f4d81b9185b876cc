"""What the suite asks of the author of a system: how its world is made, what an item is, and what each edit costs."""

from __future__ import annotations

import shutil
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar, NamedTuple

from tests.faults.harness import Json, Shop

ITEM, BYSTANDER = "item", "bystander"
"""The item that is edited, and one beside it that no edit may touch."""

NOTHING, IN_AUDIT, APPROVED, REJECTED = "nothing", "in audit", "approved", "rejected"
NEW, PRICE, STOCK, CONTENT, DROPPED = "new", "price", "stock", "content", "dropped"

REVIEWS = 4
"""Verdicts and runs after which everything has come true."""


class Row(NamedTuple):
    """An item that stands so, an edit, and the write calls of the next run, in their order."""

    state: str
    edit: str
    calls: tuple[str, ...]


class System(ABC):
    """One system on the emulator. What is not abstract is the same for all."""

    name: ClassVar[str]
    prefix: ClassVar[str]
    """Of the addresses of its items."""
    rows: ClassVar[tuple[Row, ...]]
    """Every way that an item of this system can go."""
    paths: ClassVar[Mapping[str, str]]
    """The path of each write call, by the name that steps and journal have for it."""
    pool: ClassVar[str]
    """The pool that an add is counted in."""
    list_call: ClassVar[str]
    """The call that lists items, as faults name it."""
    refusal: ClassVar[tuple[str, int]]
    """A call of an add, and a code by which the platform refuses what the item says."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self._last_call = 0
        shop.policy = {"locked_change": "replace"}
        shop.paints(ITEM, BYSTANDER)
        self.prepare()

    # ---- what a system says

    @abstractmethod
    def prepare(self) -> None:
        """Make what must be on the platform before an item can be added."""

    @abstractmethod
    def lists(self, key: str) -> None:
        """List a new item; its picture is the file `covers/KEY.png`."""

    @abstractmethod
    def edits(self, edit: str) -> None:
        """Edit `ITEM` in the catalogue: PRICE, CONTENT, and STOCK where items have one."""

    @abstractmethod
    def drops(self, key: str) -> None:
        """Take an item out of the catalogue."""

    @abstractmethod
    def rejects(self) -> None:
        """The reviewer refuses `ITEM`, or what it is a part of."""

    @abstractmethod
    def there(self) -> list[tuple[str, int, Json]]:
        """What the platform has, with whatever it shows to customers: key, id, and how it looks."""

    @abstractmethod
    def wanted(self) -> dict[str, Json]:
        """How the items of the catalogue are to look, by key."""

    @abstractmethod
    def stranger(self) -> int:
        """Somebody else makes an item; gives its id."""

    @abstractmethod
    def loses(self, remote_id: int) -> None:
        """An item vanishes behind our back."""

    @abstractmethod
    def hides(self, remote_id: int) -> None:
        """The list omits an item from now on."""

    def rebuilds(self) -> None:  # noqa: B027 - nothing to do where the platform carries our keys
        """Bind again what the platform has, once the state is lost."""

    # ---- what is the same for all

    def address(self, key: str = ITEM) -> str:
        """The address of an item."""
        return f"{self.prefix}.{key}"

    def stands(self, state: str) -> None:
        """Let `ITEM` and `BYSTANDER` stand so; from nothing, `ITEM` is listed and no more."""
        self.lists(BYSTANDER)
        if state != NOTHING:
            self.lists(ITEM)
        self.shop.apply()
        if state == REJECTED:
            self.rejects()
        if state != IN_AUDIT:
            self.shop.verdict()
        self.shop.apply()
        self.shop.passes()
        self.called()

    def does(self, edit: str) -> None:
        """Edit `ITEM` in the catalogue."""
        match edit:
            case "new":
                self.lists(ITEM)
            case "dropped":
                self.drops(ITEM)
            case _:
                self.edits(edit)

    def called(self) -> list[str]:
        """The names of the write calls since the last look."""
        names = {path: name for name, path in self.paths.items()}
        seen = self.shop.calls(since=self._last_call)
        self._last_call = max([self._last_call, *(call["seq"] for call in seen)])
        return [names[call["path"]] for call in seen if call["path"] in names]

    def fails(self, call: str, kind: str, **takes: Any) -> None:
        """Let the next call of this name go wrong."""
        self.shop.fault(self.paths[call], kind, **takes)

    def changes(self, *words: str) -> dict[str, tuple[str, str, str]]:
        """The plan: action, disposition and reason, by address."""
        return {
            each["address"]: (each["action"], each["disposition"], each["reason"])
            for each in self.shop.plan(*words)["changes"]
        }

    def bound(self) -> dict[str, int]:
        """What the state binds: key and id."""
        return {
            each["address"].removeprefix(f"{self.prefix}."): each["current"]["remote_id"]
            for each in self.shop.state["bindings"]
            if each["address"].startswith(f"{self.prefix}.")
        }

    def forgets(self) -> None:
        """The state is lost, with its backups."""
        shutil.rmtree(self.shop.state_file.parent)

    def comes_true(self) -> None:
        """Nothing goes wrong any more: after some runs and verdicts everything is as the catalogue has it."""
        self.shop.heal()
        for _ in range(REVIEWS):
            self.shop.passes()
            self.shop.apply()
            self.shop.verdict()
            if self.changes() == {}:
                break
        self.check()

    def check(self, *strangers: int) -> None:
        """Each item is there once, as it is written, and bound; the plan is empty; no call was refused on its own."""
        there = [(key, id_, looks) for key, id_, looks in self.there() if id_ not in strangers]
        assert {key: looks for key, _, looks in there} == self.wanted()
        assert sorted((key, id_) for key, id_, _ in there) == sorted(self.bound().items())
        assert self.changes() == {}
        assert self.shop.state["open"] == []
        mine = set(self.paths.values())
        assert [
            call for call in self.shop.calls() if call["path"] in mine and call["errcode"] and not call["fault"]
        ] == []
