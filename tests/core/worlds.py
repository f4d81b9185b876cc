"""Whole shops, drawn: catalogue, bindings, observation, journal, selection. Small pools of values make keys meet.

A shop is grown from a number, so that a law sees hundreds of them a second; Hypothesis picks the number and how many
keys there are, and shrinks both.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from random import Random
from typing import Any, TypeVar

from hypothesis import strategies as st

from catalog_sync.core.digest import fingerprint
from catalog_sync.core.model import (
    KEEP,
    Action,
    Address,
    AuditStatus,
    Binding,
    Copy,
    InAudit,
    Item,
    LockedChange,
    PoolSetting,
    Refusal,
    Remote,
    Rules,
    Values,
)
from catalog_sync.core.plan import Selection
from catalog_sync.core.policy import blocked
from catalog_sync.providers.live_goods.policy import REJECTED_LOCKED
from catalog_sync.providers.live_goods.pools import POOLS
from catalog_sync.providers.live_goods.schema import GoodsValues
from tests.core.shop import NOTHING, NOW, OTHER_PICTURE, PICTURE, TODAY, Shop, address, catalogue, item, seen, shown

T = TypeVar("T")

KEYS = ("a", "b", "c", "d", "e", "f")
DAY = 86400.0
NAMES = ("TIT茶杯", "茶杯 & 茶壶", "龙井茶具套装", " 新茶杯 ")
PICTURES = (PICTURE, OTHER_PICTURE, "https://cdn.example/cup.png")
URLS = ("pages/a?id=1&timestamp=2", "/pages/a?id=1", "pages/b.html")
APPIDS = ("", "", "wxfedcba9876543210")
PRICES = ((1, 9950, None), (1, 8900, None), (1, 995, None), (2, 8900, 9950), (3, 9950, 8900))


def shops(*, tame: bool = False, seeing: bool = False, young: bool = True) -> st.SearchStrategy[Shop]:
    """Any shop. A `tame` one has nothing that only a person can decide; `seeing` ones were read whole; without `young`
    the last write to everything is long over."""
    seeds = st.integers(0, 2**32 - 1)
    return st.builds(
        lambda seed, size: Grower(Random(seed), tame=tame, seeing=seeing or tame, young=young).shop(KEYS[:size]),
        seeds,
        st.integers(1, len(KEYS)),
    )


class Grower:
    """Grows one shop from a source of chance."""

    def __init__(self, chance: Random, *, tame: bool, seeing: bool, young: bool) -> None:
        self._chance = chance
        self._tame = tame
        self._seeing = seeing
        self._young = young

    def pick(self, choices: Sequence[T]) -> T:
        return self._chance.choice(choices)

    def one_in(self, number: int) -> bool:
        return self._chance.randrange(number) == 0

    def wild(self, number: int) -> bool:
        """One in so many, and never in a tame shop."""
        return not self._tame and self.one_in(number)

    def some(self, keys: Sequence[str]) -> tuple[Address, ...]:
        return tuple(address(key) for key in keys if self.one_in(3))

    def shop(self, keys: Sequence[str]) -> Shop:
        known = {key: self.item(key, number) for number, key in enumerate(keys)}
        listed = {key: each for key, each in known.items() if not self.one_in(4)}
        bindings: dict[Address, Binding] = {}
        remotes: dict[int, Remote] = {}
        absent: set[int] = set()
        for number, each in enumerate(known.values()):
            if not self.one_in(4):
                bindings[each.address] = self.binding(each, number, remotes, absent)
        for remote_id in range(300, 300 + self._chance.randrange(4)):
            remotes[remote_id] = Remote(
                remote_id, self.pick(list(AuditStatus)), shown(self.content()), not self.one_in(3), first_seen=1
            )
        renamings = {} if self._tame else self.renamings(listed)
        catalogued = catalogue(*listed.values(), rules=self.rules(), pools=self.pools())
        return Shop(
            replace(catalogued, **renamings),
            seen(*remotes.values(), absent=absent, **self.flaws()),
            bindings,
            tombstones=frozenset({300}) if self.wild(3) else frozenset(),
            facts=frozenset({REJECTED_LOCKED}) if self.one_in(2) else frozenset(),
            selection=self.selection(keys),
            refusals={each.address: self.refusal(each) for each in listed.values() if self.wild(8)},
            undecided={address(key): IN_DOUBT for key in keys if self.wild(12)},
            used={("submit", TODAY): self._chance.randrange(4)},
        )

    def content(self, *, keeping: bool = False) -> GoodsValues:
        picture = KEEP if keeping and self.one_in(4) else self.pick(PICTURES)
        return GoodsValues(self.pick(NAMES), picture, self.pick(URLS), self.pick(APPIDS), *self.pick(PRICES))

    def edit(self, base: Values, other: Values) -> GoodsValues:
        """One content with some fields of another: nothing, a text, the prices, or all."""
        ours, theirs = GoodsValues._make(base), GoodsValues._make(other)
        prices = {"priceType": theirs.priceType, "price": theirs.price, "price2": theirs.price2}
        changes: list[dict[str, Any]] = [{}, {}, {"name": theirs.name}, prices, theirs._asdict()]
        return ours._replace(**self.pick(changes))

    def item(self, key: str, number: int) -> Item:
        deadline = self.pick([None, None, NOW - DAY, NOW + 3 * DAY, NOW + DAY / 4])
        return item(
            key,
            self.content(keeping=not self._tame),
            position=number,
            priority=self.pick([-1, 0, 0, 1]),
            needed_by=deadline,
            protect=self.wild(5),
            locked_change=None if self._tame or self.one_in(2) else self.pick(list(LockedChange)),
        )

    def binding(self, each: Item, number: int, remotes: dict[int, Remote], absent: set[int]) -> Binding:
        current = self.copy(100 + number, each.values, remotes, absent)
        successor = self.copy(200 + number, each.values, remotes, absent) if self.one_in(5) else None
        return Binding(each.address, current, successor, protect=self.wild(5))

    def copy(self, remote_id: int, desired: Values, remotes: dict[int, Remote], absent: set[int]) -> Copy:
        """A remote item and what we hold of it, in every relation to the catalogue and to one another."""
        sent = self.edit(desired, self.content())
        if sent.cover == KEEP and self.one_in(2):
            sent = sent._replace(cover=PICTURE)
        other = self.edit(sent, self.content())
        looked = self._tame or self.one_in(2)
        held = Copy(
            remote_id,
            None if self.wild(3) else 7000 + remote_id,
            sent,
            self.pick([None, sent, GoodsValues._make(desired), other]),
            shown(sent) if looked else NOTHING,
            NOTHING if looked or self.one_in(2) else shown(other),
            NOW - (2.0 if self._young and self.one_in(2) else DAY),
            locked_out=self.wild(20),
        )
        status = None if self.wild(12) else self.pick(list(AuditStatus))
        observed = shown(sent) if (looked and self.one_in(2)) or self._tame else shown(self.edit(sent, other))
        if not self.one_in(4):
            remotes[remote_id] = Remote(remote_id, status, observed, not self.wild(10), first_seen=1)
        elif self._tame or self.one_in(2):
            absent.add(remote_id)
        return held

    def rules(self) -> Rules:
        locked = [each for each in LockedChange if not self._tame or each is not LockedChange.BLOCK]
        return Rules(
            prune=self._tame or not self.one_in(4),
            max_price_change=Decimal(self.pick([2, 5])),
            in_audit=self.pick(list(InAudit)),
            locked_change=self.pick(locked),
        )

    def pools(self) -> Mapping[str, PoolSetting]:
        """Narrow pools, some of them with nothing but their reserve."""
        if self._tame:
            return {}
        narrow = [pool for pool in POOLS if self.one_in(2)]
        return {pool: PoolSetting(self._chance.randrange(1, 5), self.pick([0, 0, 1])) for pool in narrow}

    def renamings(self, listed: Mapping[str, Item]) -> dict[str, Any]:
        """A `moved:`, an `adopt:` and a `removed:` as the catalogue's reader lets them through."""
        absent = [key for key in KEYS if key not in listed]
        there = sorted(listed)
        moved = {self.pick(absent): self.pick(there)} if absent and there and self.one_in(2) else {}
        adopt = {self.pick(there): self.pick([300, 301, 302, 100])} if there and self.one_in(2) else {}
        free = [key for key in absent if key not in moved]
        return {"moved": moved, "adopt": adopt, "removed": (self.pick(free),) if free and self.one_in(4) else ()}

    def flaws(self) -> dict[str, Any]:
        if self._seeing:
            return {}
        return self.pick([{}, {"unread": True}, {"short": True}, {"stable": False}])

    def selection(self, keys: Sequence[str]) -> Selection:
        if self._tame:
            all_of_them = tuple(map(address, keys))
            return Selection(
                resubmit=all_of_them, allow_twin=all_of_them, allow_price_change=all_of_them, no_limit=True
            )
        return Selection(
            target=(address("a"), address("b")) if self.one_in(3) else (),
            exclude=(address("c"),) if self.one_in(3) else (),
            prune=not self.one_in(5),
            resubmit=self.some(keys),
            allow_twin=self.some(keys),
            allow_price_change=self.some(keys),
        )

    def refusal(self, each: Item) -> Refusal:
        return Refusal(each.address, fingerprint(each.values), 300002, "the name is not accepted", NOW - DAY)


IN_DOUBT = blocked(Action.UNCHANGED, "in_doubt", "The answer was lost.")
