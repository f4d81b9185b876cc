"""The part of a world that is about live goods: the library of one app, its ids, its reviewer."""

from dataclasses import dataclass, replace
from decimal import Decimal

from catalog_sync.emulator.reading import Json, read_whole
from catalog_sync.emulator.review import ReviewQueue
from catalog_sync.emulator.settings import Settings
from catalog_sync.emulator.shelf import Shelf
from catalog_sync.emulator.world import Note, World
from catalog_sync.providers.live_goods.emulator.goods import APPROVED, IN_AUDIT, REJECTED, Goods

FIRST_GOODS_ID = 51
FIRST_AUDIT_ID = 3_211_456_789
"""Over 2^31 (OBS, since 2021-11: auditIds exceed int32)."""


@dataclass(frozen=True, slots=True)
class NextIds:
    """The ids that come next; none is ever given twice."""

    goods: int = FIRST_GOODS_ID
    audit: int = FIRST_AUDIT_ID


class Library:
    """The goods of one app, and its reviewer."""

    def __init__(self, note: Note, settings: Settings) -> None:
        self._note = note
        self._settings = settings
        self._next = NextIds()
        self._reviewer = ReviewQueue(settings)
        self.shelf: Shelf[Goods] = Shelf()
        self.deleted: dict[int, Goods] = {}

    def pass_time(self, now: float) -> None:
        """Let the automatic reviewer decide what is due."""
        for id_, moment in self._reviewer.due(now):
            goods = self.shelf.get(id_)
            if goods is not None and goods.status == IN_AUDIT and goods.submitted_at == moment:
                self._decide(goods, self._settings["verdict"], now)

    def judge(self, whom: Json, verdict: str, now: float) -> list[int]:
        """Decide what `whom` names by goods_id, name or all, where it is in review."""
        meant = [goods for goods in self._in_audit(whom) if goods.status == IN_AUDIT]
        for goods in meant:
            self._decide(goods, verdict, now)
        return [goods.id for goods in meant]

    def put(self, goods: Goods, now: float) -> Goods:
        """Put an item in the library, or in place of the one with its id."""
        self.shelf.put(goods, now)
        self._note("item", str(goods.id), goods)
        return goods

    def delete(self, goods: Goods, now: float) -> None:
        """Take an item out for good."""
        self.shelf.remove(goods.id, now)
        self.deleted[goods.id] = goods
        self._note("item", str(goods.id), None)
        self._note("deleted", str(goods.id), goods)

    def submit(self, goods: Goods, now: float) -> Goods:
        """Put an item into review under a new auditId."""
        submitted = replace(goods, status=IN_AUDIT, audit_id=self.next_audit_id(), submitted_at=now)
        self._reviewer.submit(submitted.id, now)
        return self.put(submitted, now)

    def next_goods_id(self) -> int:
        """Take the next goodsId."""
        self._count(replace(self._next, goods=self._next.goods + 1))
        return self._next.goods - 1

    def next_audit_id(self) -> int:
        """Take the next auditId. They do not stand beside one another: no client may count them up."""
        self._count(replace(self._next, audit=self._next.audit + 13))
        return self._next.audit - 13

    def as_json(self) -> Json:
        """Give the goods and what was deleted."""
        deleted = [goods.as_json() for _, goods in sorted(self.deleted.items())]
        return {"goods": [goods.as_json() for goods in self.shelf.all()], "deleted": deleted}

    def restore(self, kind: str, key: str, value: Json) -> None:
        """Take back a row of an earlier run."""
        if kind == "next":
            self._next = NextIds(**value)
            return
        price2 = None if value["price2"] is None else Decimal(value["price2"])
        goods = Goods(**{**value, "price": Decimal(value["price"]), "price2": price2})
        if kind == "deleted":
            self.deleted[int(key)] = goods
            return
        self.shelf.restore(goods.id, goods)
        if goods.status == IN_AUDIT:
            self._reviewer.restore(goods.id, goods.submitted_at)

    def _count(self, ids: NextIds) -> None:
        self._next = ids
        self._note("next", "ids", ids)

    def _decide(self, goods: Goods, verdict: str, now: float) -> None:
        self.put(replace(goods, status=APPROVED if verdict == "approve" else REJECTED), now)

    def _in_audit(self, whom: Json) -> list[Goods]:
        if "goods_id" in whom:
            goods = self.shelf.get(whom["goods_id"]) if read_whole(whom["goods_id"]) is not None else None
            return [] if goods is None else [goods]
        waiting = self.shelf.page(IN_AUDIT, 0, self.shelf.count(IN_AUDIT), newest_first=False)
        return [goods for goods in waiting if "all" in whom or goods.name == whom.get("name")]


def library_of(world: World) -> Library:
    """Give an app's library."""
    part = world.parts["live_goods"]
    if not isinstance(part, Library):
        raise TypeError(type(part).__name__)
    return part
