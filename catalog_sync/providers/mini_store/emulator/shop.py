"""The part of a world that is about the Mini Store: the products of one app, their SKUs, its reviewer."""

from dataclasses import dataclass, replace

from catalog_sync.emulator.reading import Json, read_whole
from catalog_sync.emulator.review import ReviewQueue
from catalog_sync.emulator.settings import Settings
from catalog_sync.emulator.shelf import Shelf
from catalog_sync.emulator.world import Note, World
from catalog_sync.providers.mini_store.emulator.product import DELETED, IN_REVIEW, Product, Sku, SkuCopy
from catalog_sync.providers.mini_store.emulator.review import decided
from catalog_sync.providers.mini_store.emulator.writes import Moments, Writes

FIRST_PRODUCT_ID = 10_001_234_567_890_123
FIRST_SKU_ID = 23_004_567_890_123_001
"""Over 2^53, and in steps that a double cannot hold (DOC: samples of 2.3e16): who reads ids as doubles loses them."""


@dataclass(frozen=True, slots=True)
class NextIds:
    """The ids that come next; none is ever given twice."""

    product: int = FIRST_PRODUCT_ID
    sku: int = FIRST_SKU_ID


@dataclass(frozen=True, slots=True)
class StoredPicture:
    """A picture behind a link of ours: `sha256` of its bytes, or the `source` that it was to be fetched from."""

    link: str
    sha256: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class View:
    """Products and SKUs as one call sees them, now or a while ago."""

    products: Shelf[Product]
    skus: Shelf[Sku]

    def skus_of(self, product_id: int) -> list[Sku]:
        """Give every SKU that a product ever had, in the order of ids."""
        return self.skus.page(product_id, 0, self.skus.count(product_id), newest_first=False)

    def before(self, moment: float | None) -> "View":
        """Give what was at `moment`; None: before the last change of a product and the last of a SKU."""
        return View(self.products.before(moment), self.skus.before(moment))


class Shop:
    """The products of one app, and their reviewer."""

    def __init__(self, note: Note, settings: Settings) -> None:
        self._note = note
        self._settings = settings
        self._next = NextIds()
        self._reviewer = ReviewQueue(settings)
        self._by_out_product_id: dict[str, int] = {}
        self._by_out_sku_id: dict[str, list[int]] = {}
        self.now: View = View(Shelf(), Shelf())
        self.pictures: dict[str, StoredPicture] = {}
        self.writes = Writes(lambda moments: note("writes", "hour", Moments(moments)))

    def pass_time(self, now: float) -> None:
        """Let the automatic reviewer decide what is due."""
        for id_, moment in self._reviewer.due(now):
            product = self.now.products.get(id_)
            if product is not None and product.edit_status == IN_REVIEW and product.submitted_at == moment:
                self._decide(product, self._settings["verdict"], now)

    def judge(self, whom: Json, verdict: str, now: float) -> list[int]:
        """Decide the listings that `whom` names by product_id, out_product_id or all."""
        meant = [product for product in self._named(whom) if product.edit_status == IN_REVIEW]
        for product in meant:
            self._decide(product, verdict, now)
        return [product.id for product in meant]

    def put_product(self, product: Product, now: float) -> Product:
        """Put a product in the shop, or in place of the one with its id."""
        self.now.products.put(product, now)
        self._by_out_product_id[product.out_product_id] = product.id
        self._note("product", str(product.id), product)
        return product

    def put_sku(self, sku: Sku, now: float) -> Sku:
        """Put a SKU in the shop, or in place of the one with its id."""
        is_new = self.now.skus.get(sku.id) is None
        self.now.skus.put(sku, now)
        self._note("sku", str(sku.id), sku)
        if is_new:
            self._by_out_sku_id.setdefault(sku.out_sku_id, []).append(sku.id)
        return sku

    def drop_sku(self, sku: Sku, now: float) -> None:
        """Take a SKU out as if it had never been added."""
        self.now.skus.remove(sku.id, now)
        self._by_out_sku_id[sku.out_sku_id].remove(sku.id)
        self._note("sku", str(sku.id), None)

    def submit(self, product: Product, now: float) -> None:
        """Put the draft of a product into review."""
        self._reviewer.submit(product.id, now)
        self.put_product(replace(product, edit_status=IN_REVIEW, submitted_at=now), now)

    def keep(self, picture: StoredPicture) -> str:
        """Keep a picture and give its link."""
        self.pictures[picture.link] = picture
        self._note("picture", picture.link, picture)
        return picture.link

    def find_product(self, view: View, out_product_id: str) -> Product | None:
        """Find the newest product with this id of the merchant's."""
        return view.products.get(self._by_out_product_id.get(out_product_id, 0))

    def find_skus(self, view: View, out_sku_id: str) -> list[Sku]:
        """Find the SKUs that have, or had, this id of the merchant's, newest first."""
        ids = reversed(self._by_out_sku_id.get(out_sku_id, []))
        return [sku for id_ in ids if (sku := view.skus.get(id_)) is not None]

    def next_product_id(self) -> int:
        """Take the next product_id."""
        self._count(replace(self._next, product=self._next.product + 14))
        return self._next.product - 14

    def next_sku_id(self) -> int:
        """Take the next sku_id."""
        self._count(replace(self._next, sku=self._next.sku + 12))
        return self._next.sku - 12

    def as_json(self) -> Json:
        """Give the products with their SKUs, the pictures, and when SKUs were written in the last hour."""
        products = [{**product.as_json(), "skus": self._skus_as_json(product)} for product in self.now.products.all()]
        pictures = {link: picture.sha256 or picture.source for link, picture in self.pictures.items()}
        return {"products": products, "store_pictures": pictures, "sku_writes": list(self.writes.moments)}

    def restore(self, kind: str, key: str, value: Json) -> None:
        """Take back a row of an earlier run."""
        if kind == "next":
            self._next = NextIds(**value)
        elif kind == "picture":
            self.pictures[key] = StoredPicture(**value)
        elif kind == "writes":
            self.writes.moments = tuple(value["moments"])
        elif kind == "sku":
            self._restore_sku(value)
        else:
            self._restore_product(Product(**value))

    def _restore_product(self, product: Product) -> None:
        self.now.products.restore(product.id, product)
        known = self._by_out_product_id.get(product.out_product_id, 0)
        self._by_out_product_id[product.out_product_id] = max(known, product.id)
        if product.edit_status == IN_REVIEW:
            self._reviewer.restore(product.id, product.submitted_at)

    def _restore_sku(self, value: Json) -> None:
        online = None if value["online"] is None else _copy_of_row(value["online"])
        sku = Sku(**{**value, "draft": _copy_of_row(value["draft"]), "online": online})
        self.now.skus.restore(sku.id, sku)
        self._by_out_sku_id.setdefault(sku.out_sku_id, []).append(sku.id)

    def _skus_as_json(self, product: Product) -> list[Json]:
        skus = self.now.skus_of(product.id)
        return [sku.as_json() for sku in skus if sku.in_draft is not None or sku.on_sale is not None]

    def _decide(self, product: Product, verdict: str, now: float) -> None:
        skus = self.now.skus_of(product.id)
        judged, changed = decided(product, skus, verdict, self._settings)
        self.put_product(judged, now)
        for sku in changed:
            self.put_sku(sku, now)

    def _named(self, whom: Json) -> list[Product]:
        if "all" in whom:
            return list(self.now.products.all())
        if isinstance(out_id := whom.get("out_product_id"), str):
            found = self.find_product(self.now, out_id)
        else:
            found = self.now.products.get(read_whole(whom.get("product_id")) or 0)
        return [] if found is None or found.status == DELETED else [found]

    def _count(self, ids: NextIds) -> None:
        self._next = ids
        self._note("next", "ids", ids)


def _copy_of_row(row: list[object]) -> SkuCopy:
    copy = SkuCopy(*row)  # type: ignore[arg-type]
    return copy._replace(sku_attrs=tuple((key, value) for key, value in copy.sku_attrs))


def shop_of(world: World) -> Shop:
    """Give an app's shop."""
    part = world.parts["mini_store"]
    if not isinstance(part, Shop):
        raise TypeError(type(part).__name__)
    return part
