"""Who edits the catalogue, at random: an item keeps its number in its url, whatever else becomes of it."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from tests.faults.harness import COLOURS, Json, Shop

from .witness import Known, held, number_of


class Editor:
    """Edits the catalogue of a shop. `adopted` are the numbers of items that somebody else made; `dropped` is what was
    taken out."""

    def __init__(self, shop: Shop, known: Known, chance: random.Random) -> None:
        self.shop = shop
        self.known = known
        self.chance = chance
        self.adopted: set[int] = set()
        self.dropped: dict[str, Json] = {}
        self._renamed: set[str] = set()
        self._past: dict[str, list[Json]] = {}
        self._next = 1

    @property
    def numbers(self) -> dict[int, str]:
        """The numbers that the catalogue lists, with their keys."""
        return {number_of(goods["url"]): key for key, goods in self.shop.goods.items()}

    def edit(self) -> None:
        """One edit of any kind."""
        self._prune_moves()
        edits: dict[Callable[[], None], int] = {
            self.add: 3,
            self.price: 4,
            self.content: 6,
            self.drop: 2,
            self.bring_back: 1,
            self.as_before: 1,
            self.rename: 1,
            self.forget: 1,
            self.adopt: 1,
            self.policy: 1,
        }
        (edit,) = self.chance.choices(list(edits), list(edits.values()))
        edit()

    def add(self) -> None:
        """List a new item."""
        number = self._new_number()
        self.shop.goods[f"g{number}"] = self._looks(number)

    def _new_number(self) -> int:
        self._next += 1
        return self._next - 1

    def _looks(self, number: int) -> Json:
        looks: Json = {"name": self._name(number), "url": f"pages/item?id={number}", "cover": self._cover()}
        self._set_price(looks)
        rule = self.chance.choice([None, None, "block", "replace", "replace", "replace_after_approval"])
        return looks if rule is None else {**looks, "locked_change": rule}

    def _name(self, number: int) -> str:
        return f"茶杯 {number:03d} {self.chance.choice('甲乙丙丁戊己庚辛')}"

    def _cover(self) -> str:
        return f"covers/{self.chance.choice(sorted(COLOURS))}.png"

    def _set_price(self, goods: Json) -> None:
        low, high = sorted(self.chance.sample(range(5000, 15000), 2))
        kind = self.chance.choice([1, 1, 1, 2, 3])
        goods.pop("priceType", None)
        goods.pop("price2", None)
        goods["price"] = f"{(low if kind == 2 else high) / 100:.2f}"
        if kind != 1:
            goods |= {"priceType": kind, "price2": f"{(high if kind == 2 else low) / 100:.2f}"}

    def _some_key(self) -> str | None:
        return self.chance.choice(sorted(self.shop.goods)) if self.shop.goods else None

    def _change(self, key: str, **fields: Any) -> None:
        goods = self.shop.goods[key]
        self._past.setdefault(key, []).append(goods)
        self.shop.goods[key] = {**goods, **fields}

    def price(self) -> None:
        """Another price, perhaps of another kind."""
        key = self._some_key()
        if key is not None:
            self._change(key)
            self._set_price(self.shop.goods[key])

    def content(self) -> None:
        """Another name, url or picture."""
        key = self._some_key()
        if key is None:
            return
        number = number_of(self.shop.goods[key]["url"])
        match self.chance.randrange(3):
            case 0:
                self._change(key, name=self._name(number))
            case 1:
                self._change(key, url=f"pages/item?id={number}&v={self.chance.randrange(9)}")
            case _:
                self._change(key, cover=self._cover())

    def as_before(self) -> None:
        """An item as it once was."""
        key = self._some_key()
        if key is not None and self._past.get(key):
            self.shop.goods[key] = self.chance.choice(self._past[key])

    def drop(self) -> None:
        """Take an item out."""
        key = self._some_key()
        if key is not None and len(self.shop.goods) > 2:
            self.dropped[key] = self.shop.goods.pop(key)
            self._unsay(key)

    def _unsay(self, key: str) -> None:
        """Take out what the other sections say of a key that is listed no more."""
        moved = self.shop.sections.get("moved", {})
        self.shop.sections["moved"] = {source: target for source, target in moved.items() if target != key}
        goods_id = self.shop.sections.get("adopt", {}).pop(key, None)
        if goods_id is not None and goods_id not in held(self.shop).bound:
            self.known.strangers.add(goods_id)

    def bring_back(self) -> None:
        """List an item again that was taken out, whether or not that has come true."""
        keys = sorted(self.dropped.keys() - self._renamed)
        if keys:
            key = self.chance.choice(keys)
            self.shop.goods[key] = self.dropped.pop(key)

    def _prune_moves(self) -> None:
        """A line of `moved:` is taken out once it has come true."""
        state = held(self.shop)
        there = set(state.bound.values()) | {row.address for row in state.open}
        moved = self.shop.sections.get("moved", {})
        kept = {source: target for source, target in moved.items() if f"goods.{source}" in there}
        self.shop.sections["moved"] = kept

    def rename(self) -> None:
        """Another key for an item, and a line of `moved:` that says so."""
        key = self._some_key()
        moved = self.shop.sections.setdefault("moved", {})
        if key is None or key in moved.values():
            return
        new = f"{key}-r"
        self.shop.goods = {new if each == key else each: goods for each, goods in self.shop.goods.items()}
        moved[key] = new
        self._renamed.add(key)
        adopt = self.shop.sections.get("adopt", {})
        if key in adopt:
            adopt[new] = adopt.pop(key)

    def forget(self) -> None:
        """Take an item out that is to stay on the platform."""
        key = self._some_key()
        pending = self.shop.sections.get("moved", {}).values(), self.shop.sections.get("adopt", {})
        if key is None or len(self.shop.goods) < 3 or any(key in each for each in pending):
            return
        goods = self.shop.goods.pop(key)
        self.shop.sections["removed"] = [*self.shop.sections.get("removed", []), key]
        self.known.forgotten.add(number_of(goods["url"]))
        self._unsay(key)

    def adopt(self) -> None:
        """Somebody made an item through the API; the catalogue adopts it, at another price perhaps."""
        number = self._new_number()
        looks = self._looks(number)
        kind = looks.get("priceType", 1)
        prices = {"price": float(looks["price"]), "priceType": kind}
        prices |= {} if kind == 1 else {"price2": float(looks["price2"])}
        status = self.chance.choice([1, 2, 2, 3])
        goods_id = self.shop.makes(name=looks["name"], url=looks["url"], audit_status=status, **prices)
        self.known.external.add(goods_id)
        self.adopted.add(number)
        self.shop.goods[f"g{number}"] = looks
        self.shop.sections.setdefault("adopt", {})[f"g{number}"] = goods_id
        if self.chance.random() < 0.5:
            self._set_price(looks)

    def policy(self) -> None:
        """Other rules for what is under review and what is approved."""
        self.shop.policy = {
            "in_audit": self.chance.choice(["cheapest", "withdraw", "wait"]),
            "locked_change": self.chance.choice(["block", "replace", "replace_after_approval"]),
        }

    def calm(self) -> None:
        """Rules under which everything can come true."""
        self.shop.policy = {"locked_change": "replace", "in_audit": "cheapest", "stock": "enforce"}
        for goods in self.shop.goods.values():
            goods.pop("locked_change", None)
