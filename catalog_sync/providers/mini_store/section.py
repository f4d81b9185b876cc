"""The catalogue's `products:`: products and their SKUs become items, and every rule that can be checked without the
platform is."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Final

from catalog_sync.core.entry import (
    Code,
    Desk,
    Entry,
    MapNode,
    Node,
    PictureFacts,
    PictureProblem,
    Scalar,
    Source,
    found,
)
from catalog_sync.core.json_schema import JsonSchema
from catalog_sync.core.model import KEEP, Address, Item, Place, Rules
from catalog_sync.core.reading import Notes
from catalog_sync.providers.mini_store import fields
from catalog_sync.providers.mini_store.attrs import read_attrs
from catalog_sync.providers.mini_store.family import Family, Sku, check_family, check_ids
from catalog_sync.providers.mini_store.fields import PRODUCT_FIELDS, SKU_FIELDS, Given
from catalog_sync.providers.mini_store.pools import POOLS
from catalog_sync.providers.mini_store.schema import PRODUCT, SKU, ProductValues, SkuValues
from catalog_sync.providers.mini_store.thumbs import Thumbs
from catalog_sync.providers.mini_store.wording import MAX_PRODUCT_KEY, MAX_SKU_KEY, StoreCode

_HEADINGS = {
    "out_product_id": ("商品编号", "商品编码", "商家自定义商品ID"),
    "out_sku_id": ("SKU编号", "规格编号", "商家自定义SKUID"),
    "sale_price": ("售价", "销售价", "售卖价格", "价格"),
    "market_price": ("市场价", "市场价格", "划线价", "原价"),
    "stock": ("库存", "库存数量"),
    "thumb": ("SKU小图", "规格图", "图片"),
    "sku_code": ("SKU编码", "商家编码"),
    "barcode": ("条形码", "条码"),
    "attrs": ("规格", "销售属性", "属性"),
    "priority": ("优先级",),
    "needed_by": ("截止时间",),
    "protect": ("保护",),
}
"""What shops call the fields in their tables."""

_PARENT = "out_product_id"
_ROW_FIELDS = (_PARENT, *SKU_FIELDS)


class ProductsSection:
    """`products:` (see `core.entry.Section`). A row is one SKU; it names its product."""

    name: Final = "products"
    columns: Final[Mapping[str, str]] = {name: name for name in ("out_sku_id", *_ROW_FIELDS)} | {
        heading: name for name, headings in _HEADINGS.items() for heading in headings
    }
    row_columns: Final = frozenset({_PARENT, "out_sku_id"})
    row_key: Final = "out_sku_id"
    pools: Final[Mapping[str, int]] = {pool.name: pool.limit for pool in POOLS.values()}
    adoptable: Final = False

    def json_schema(self) -> JsonSchema:
        """The JSON Schema of the section."""
        from catalog_sync.providers.mini_store.json_schema import products_schema  # noqa: PLC0415 - only `schema` asks

        return products_schema()

    def reader(self, desk: Desk) -> ProductsReader:
        """A reader for one load."""
        return ProductsReader(desk)


class ProductsReader:
    """Reads the entries of `products:` during one load (see `core.entry.EntryReader`).

    A product may be a mapping, rows, or both: rows of a product that has a mapping bring it more SKUs.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._thumbs = Thumbs(desk)
        self._sku_keys: dict[str, Place] = {}
        self._families: dict[str, Family] = {}

    @property
    def keys(self) -> Mapping[str, Place]:
        """Every out_product_id and out_sku_id, usable or not, and where it stands first."""
        return {key: family.place for key, family in self._families.items()} | self._sku_keys

    def take(self, entry: Entry) -> Sequence[Item]:
        """The SKUs of this product, or of this row."""
        items = self._row(entry) if entry.row else self._product(entry)
        return [item for item in items if item is not None]

    def finish(self, rules: Rules) -> Sequence[Item]:  # noqa: ARG002 - no policy concerns products here
        """The products, once all of their SKUs are known."""
        families = self._families.values()
        for family in families:
            check_family(family)
        check_ids(families)
        return [_product_item(family) for family in families]

    def _product(self, entry: Entry) -> Iterator[Item | None]:
        notes = Notes(entry.source, entry.key, PRODUCT.prefix, self._desk.findings)
        if not _right_key(entry.key, MAX_PRODUCT_KEY, notes):
            return
        family = self._mapped(entry, notes)
        if isinstance(entry.node, MapNode):
            given = Given(entry.node, notes, PRODUCT_FIELDS)
            family.given = family.given or given
            product_id = given.take("product_id", fields.product_id)
            listing = given.take("listing", fields.truth)
            family.product_id = family.product_id or product_id
            family.listing = listing is not False
            yield from self._skus(given, entry.source, family)
            return
        family.whole = False
        if entry.node is not None:
            notes.error(Code.WRONG_TYPE, entry.node, f"must be a mapping of fields ({found(entry.node)})")

    def _mapped(self, entry: Entry, notes: Notes) -> Family:
        """The product of a mapping; a second mapping of it is noted."""
        family = self._family(entry.key, entry.source)
        if family.mapped:
            notes.twice(entry.key, family.place)
        else:
            family.mapped, family.notes, family.place = True, notes, notes.place(entry.key)
        return family

    def _family(self, key: Scalar, source: Source) -> Family:
        family = self._families.get(key.text)
        if family is None:
            notes = Notes(source, key, PRODUCT.prefix, self._desk.findings)
            family = Family(key.text, source.place(key), next(self._desk.positions), notes)
            self._families[key.text] = family
        return family

    def _skus(self, product: Given, source: Source, family: Family) -> Iterator[Item | None]:
        node = product.nodes.get("skus")
        if isinstance(node, MapNode):
            for key, value in node.pairs:
                yield self._sku(key, value, source, family)
        elif node is not None and product.has("skus"):
            family.whole = False
            product.notes.error(Code.WRONG_TYPE, node, f"must be a mapping of SKUs ({found(node)})", "skus")

    def _sku(self, key: Scalar, node: Node, source: Source, family: Family) -> Item | None:
        notes = self._sku_notes(key, source)
        if isinstance(node, MapNode):
            return self._read(key, Given(node, notes, SKU_FIELDS), source, family, row=False)
        notes.error(Code.WRONG_TYPE, node, f"must be a mapping of fields ({found(node)})")
        family.skus.append(Sku(key, notes, None, None))
        return None

    def _row(self, entry: Entry) -> Iterator[Item | None]:
        notes = self._sku_notes(entry.key, entry.source)
        if isinstance(entry.node, MapNode):
            given = Given(entry.node, notes, _ROW_FIELDS)
            parent = given.need(_PARENT, partial(fields.key, most=MAX_PRODUCT_KEY))
            node = given.nodes.get(_PARENT)
            family = self._family(node, entry.source) if parent and isinstance(node, Scalar) else None
            yield self._read(entry.key, given, entry.source, family, row=True)

    def _sku_notes(self, key: Scalar, source: Source) -> Notes:
        """Where the problems of this SKU go, its key the first of them."""
        notes = Notes(source, key, SKU.prefix, self._desk.findings)
        place = source.place(key)
        if key.text and (first := self._sku_keys.setdefault(key.text, place)) is not place:
            notes.twice(key, first)
        _right_key(key, MAX_SKU_KEY, notes)
        return notes

    def _read(self, key: Scalar, given: Given, source: Source, family: Family | None, *, row: bool) -> Item | None:
        attrs = read_attrs(given, row=row)
        if family is not None:
            family.skus.append(Sku(key, given.notes, given, attrs))
        picture = self._picture(given, source)
        values = _values(given, picture, attrs)
        rank, deadline = given.take("priority", fields.rank), given.take("needed_by", fields.deadline)
        protect = given.take("protect", fields.truth)
        if family is None or values is None or not given.notes.usable:
            return None
        return Item(
            address=Address(given.notes.address),
            kind=SKU.kind,
            key=key.text,
            values=values,
            place=source.place(key),
            position=next(self._desk.positions),
            picture_path=picture.path if picture else None,
            priority=rank or 0,
            needed_by=deadline,
            protect=protect is True,
            parent=Address(f"{PRODUCT.prefix}.{family.key}"),
        )

    def _picture(self, given: Given, source: Source) -> PictureFacts | None:
        """The thumb; None when there is none, or a (noted) wrong one."""
        text = given.take("thumb", fields.thumb)
        if text is None:
            return None
        facts = self._thumbs.look(source, text)
        if isinstance(facts, PictureProblem):
            given.notes.error(facts.code, given.nodes["thumb"], facts.summary, "thumb")
            return None
        return facts


def _right_key(key: Scalar, most: int, notes: Notes) -> bool:
    """Whether this is a key; else it is noted why it is none."""
    try:
        fields.key(key, most)
    except fields.Wrong as problem:
        notes.error(problem.code, key, f"{problem.summary} ({found(key)})")
        return False
    return True


def _values(given: Given, picture: PictureFacts | None, attrs: Mapping[str, str] | None) -> SkuValues | None:
    """What the SKU is; None when something required is missing or wrong."""
    sale = given.need("sale_price", fields.sale_price)
    market = given.need("market_price", fields.market_price)
    stock = given.need("stock", fields.stock)
    code, barcode = given.take("sku_code", fields.sku_code), given.take("barcode", fields.barcode)
    if sale is None or market is None or stock is None:
        return None
    if market <= sale:
        _warn_of_prices(given)
    thumb = picture.identity if picture else KEEP
    return SkuValues(
        thumb,
        sale,
        market,
        stock,
        code,
        barcode,
        json.dumps(attrs, ensure_ascii=False, separators=(",", ":")) if attrs else None,
    )


def _warn_of_prices(given: Given) -> None:
    first = given.first("sale_price", "market_price")
    pair = f"{found(given.nodes['sale_price'])}, {found(given.nodes['market_price'])}"
    summary = f"the platform wants market_price over sale_price ({pair})"
    given.notes.warning(StoreCode.MARKET_PRICE, given.nodes[first], summary, first)


def _product_item(family: Family) -> Item:
    return Item(
        address=Address(family.notes.address),
        kind=PRODUCT.kind,
        key=family.key,
        values=ProductValues(family.product_id, "true" if family.listing else "false", ""),
        place=family.place,
        position=family.position,
    )
