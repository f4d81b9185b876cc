"""Who edits the products of the catalogue, at random: a SKU keeps its out_sku_id, whatever else becomes of it."""

from __future__ import annotations

import random
from collections.abc import Callable

from tests.faults.harness import COLOURS, Json, Shop

PRODUCTS = ("P-1", "P-2")
FEWEST = 2
"""SKUs that a product keeps: its last one cannot be deleted."""


class Storekeeper:
    """Edits SKUs. `dropped` is what was taken out, by product."""

    def __init__(self, shop: Shop, chance: random.Random) -> None:
        self.shop = shop
        self.chance = chance
        self.dropped: dict[str, tuple[str, Json]] = {}
        self._next = 1

    def opens(self) -> None:
        """The products are made in the console; the catalogue lists SKUs of them."""
        for product in PRODUCTS:
            self.shop.control("spu", appid=self.shop.app, out_product_id=product)
            self.shop.products[product] = {"skus": {}}
            for _ in range(FEWEST):
                self._adds(product)

    @property
    def keys(self) -> set[str]:
        """The SKUs that the catalogue lists."""
        return {key for product in self.shop.products.values() for key in product["skus"]}

    def edit(self) -> None:
        """One edit of any kind."""
        edits: dict[Callable[[], None], int] = {
            self.add: 3,
            self.price: 4,
            self.stock: 3,
            self.content: 4,
            self.drop: 2,
            self.bring_back: 1,
            self.listing: 1,
        }
        (edit,) = self.chance.choices(list(edits), list(edits.values()))
        edit()

    def add(self) -> None:
        """List a new SKU."""
        self._adds(self._some_product())

    def price(self) -> None:
        """Other prices."""
        self._some_sku().update(self._prices())

    def stock(self) -> None:
        """Another stock, sometimes none."""
        self._some_sku()["stock"] = self.chance.choice([0, 1, 7, 40])

    def content(self) -> None:
        """What only the draft holds."""
        sku = self._some_sku()
        match self.chance.randrange(3):
            case 0:
                sku["sku_code"] = f"C{self.chance.randrange(9)}"
            case 1:
                sku["barcode"] = f"0690{self.chance.randrange(9)}"
            case _:
                sku["thumb"] = f"covers/{self.chance.choice(sorted(COLOURS))}.png"

    def drop(self) -> None:
        """Take a SKU out."""
        product = self._some_product()
        skus = self.shop.products[product]["skus"]
        if len(skus) > FEWEST:
            key = self.chance.choice(sorted(skus))
            self.dropped[key] = (product, skus.pop(key))

    def bring_back(self) -> None:
        """List a SKU again that was taken out, whether or not that has come true."""
        if self.dropped:
            key = self.chance.choice(sorted(self.dropped))
            product, sku = self.dropped.pop(key)
            self.shop.products[product]["skus"][key] = sku

    def listing(self) -> None:
        """Whether a changed draft is submitted."""
        self.shop.products[self._some_product()]["listing"] = self.chance.random() < 0.6

    def calm(self) -> None:
        """Every draft is submitted."""
        for product in self.shop.products.values():
            product.pop("listing", None)

    def _adds(self, product: str) -> None:
        key = f"K-{self._next}"
        self._next += 1
        looks = {"stock": self.chance.choice([1, 5, 40]), "attrs": {"款式": key}, "sku_code": "C1"}
        if self.chance.random() < 0.5:
            looks["thumb"] = f"covers/{self.chance.choice(sorted(COLOURS))}.png"
        self.shop.products[product]["skus"][key] = {**looks, **self._prices()}

    def _prices(self) -> Json:
        sale, market = sorted(self.chance.sample(range(5000, 15000), 2))
        return {"sale_price": f"{sale / 100:.2f}", "market_price": f"{market / 100:.2f}"}

    def _some_product(self) -> str:
        return self.chance.choice(sorted(self.shop.products))

    def _some_sku(self) -> Json:
        skus = self.shop.products[self._some_product()]["skus"]
        found: Json = skus[self.chance.choice(sorted(skus))]
        return found
