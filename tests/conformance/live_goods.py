"""Mini Program live goods: nothing to prepare; an item is known by its content alone."""

from __future__ import annotations

import hashlib
from decimal import Decimal
from typing import ClassVar

from tests.faults.harness import PATHS, WRITES, Json

from .system import APPROVED, CONTENT, DROPPED, IN_AUDIT, ITEM, NEW, NOTHING, PRICE, REJECTED, Row, System


class LiveGoods(System):
    """`goods:` of the catalogue. The key stands in the url, so that the suite can tell items; the product cannot."""

    name = "live_goods"
    prefix = "goods"
    rows = (
        Row(NOTHING, NEW, ("upload", "add")),
        Row(IN_AUDIT, PRICE, ()),  # free once it is approved: it waits
        Row(IN_AUDIT, CONTENT, ("withdraw", "update", "audit")),
        Row(IN_AUDIT, DROPPED, ("withdraw", "delete")),
        Row(APPROVED, PRICE, ("update",)),
        Row(APPROVED, CONTENT, ("add", "delete")),
        Row(APPROVED, DROPPED, ("delete",)),
        Row(REJECTED, CONTENT, ("update", "audit")),
        Row(REJECTED, DROPPED, ("delete",)),
    )
    paths: ClassVar = {name: PATHS[name] for name in WRITES}
    pool = "submit"
    list_call = "list"
    refusal = ("add", 300002)

    def prepare(self) -> None:
        """Nothing."""

    def lists(self, key: str) -> None:
        """List an item in a picture of its own."""
        price = "12.50" if key == ITEM else "99.50"
        self.shop.lists(key, url=f"pages/item?id={key}", cover=f"covers/{key}.png", price=price)

    def edits(self, edit: str) -> None:
        """Another price, or another name."""
        self.shop.lists(ITEM, **({"price": "13.30"} if edit == PRICE else {"name": "茶杯 新"}))

    def drops(self, key: str) -> None:
        """Take it out."""
        self.shop.drops(key)

    def rejects(self) -> None:
        """Each item has a review of its own."""
        self.shop.verdict("reject", goods_id=self.bound()[ITEM])

    def there(self) -> list[tuple[str, int, Json]]:
        """The goods of the platform."""
        names = ("name", "price", "cover_sha256", "audit_status")
        return [
            (goods["url"].rpartition("=")[2], goods["goods_id"], {name: goods[name] for name in names})
            for goods in self.shop.world
        ]

    def wanted(self) -> dict[str, Json]:
        """Approved, and as they are written."""
        return {
            key: {
                "name": goods["name"],
                "price": f"{Decimal(goods['price']):.2f}",
                "cover_sha256": hashlib.sha256((self.shop.folder / goods["cover"]).read_bytes()).hexdigest(),
                "audit_status": 2,
            }
            for key, goods in self.shop.goods.items()
        }

    def stranger(self) -> int:
        """Goods of another tool."""
        return self.shop.makes(name="水壶水壶", url="pages/item?id=stranger")

    def loses(self, remote_id: int) -> None:
        """Somebody deletes it."""
        self.shop.control("goods", "DELETE", appid=self.shop.app, goods_id=remote_id)

    def hides(self, remote_id: int) -> None:
        """A row is left out, and the total still counts it."""
        self.shop.fault(self.list_call, "lost_row", goods_id=remote_id, times=1000)

    def rebuilds(self) -> None:
        """By name, url and price: the platform carries no key of ours."""
        assert self.shop.command("adopt", "--match").code == 0
