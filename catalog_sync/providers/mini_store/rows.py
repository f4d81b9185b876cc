"""Products and SKUs as the platform shows them, read leniently. Pure.

Ids are 64-bit numbers and stay exact; prices are whole fen. The fixtures of public SDKs and the pages disagree on
barcode (a number, a text) and on status in lists; checked 2026-11-21.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from catalog_sync.core.model import AuditStatus, Remote
from catalog_sync.core.sentence import Sentence
from catalog_sync.providers.mini_store.schema import ProductValues, SkuValues, Standing
from catalog_sync.wechat import json_text
from catalog_sync.wechat.reading import LARGEST_ID, Unreadable, read_id, read_text, read_whole

EDIT_STATUSES: Mapping[int, AuditStatus] = {
    0: AuditStatus.UNAUDITED,
    1: AuditStatus.UNAUDITED,
    2: AuditStatus.IN_AUDIT,
    3: AuditStatus.REJECTED,
    4: AuditStatus.APPROVED,
}
STANDINGS: Mapping[int, Standing] = {
    0: Standing.INITIAL,
    5: Standing.ON_SALE,
    6: Standing.RECYCLE_BIN,
    9: Standing.DELETED,
    11: Standing.DELISTED,
    12: Standing.SOLD_OUT,
    13: Standing.VIOLATION,
}
PSEUDO_DELETED = 21
"""status of a SKU that was deleted in the copy that is shown (SDK)."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One product or SKU of an answer. With a `flaw` some of it could not be read: its status counts as unknown then,
    so that nothing is done to it."""

    remote: Remote
    flaw: str | None = None


@dataclass(frozen=True, slots=True)
class SkuRow:
    """One copy of a SKU, as a read of that copy shows it. `flaw` names the fields that could not be read."""

    sku_id: int
    product_id: int | None  # a list of one product need not say it
    key: str
    values: SkuValues
    deleted: bool = False
    flaw: str | None = None


@dataclass(frozen=True, slots=True)
class SkuRows:
    """One copy of all SKUs of a product, by id. `flaw`: some had no id and are not among them."""

    rows: Mapping[int, SkuRow]
    flaw: str | None = None


NO_ROWS = SkuRows({})


def read_product(raw: object) -> Reading:
    """One product. Unreadable when it has no id."""
    if not isinstance(raw, dict):
        raise Unreadable("a product is not an object")
    product_id = read_id(raw.get("product_id"))
    if product_id is None:
        raise Unreadable("a product has no product_id")
    key, standing, edit_status = (
        read_text(raw.get("out_product_id")),
        read_whole(raw.get("status")),
        read_whole(raw.get("edit_status")),
    )
    needed = {"out_product_id": key, "status": standing, "edit_status": edit_status}
    flaw = ", ".join(name for name, value in needed.items() if value is None)
    shown = Standing.UNKNOWN if standing is None else STANDINGS.get(standing, Standing.UNKNOWN)
    remote = Remote(
        remote_id=product_id,
        status=None if flaw or edit_status is None else EDIT_STATUSES.get(edit_status),
        values=ProductValues(product_id, "", shown.value),
        ours=True,
        key=key,
    )
    told = Sentence("product {id} has no readable {name}", id=product_id, name=flaw) if flaw else None
    return Reading(remote, told)


def read_spu(body: Mapping[str, object]) -> Reading:
    """The product of a spu/get answer. Unreadable when there is none."""
    return read_product(_data(body).get("spu"))


def read_spus(body: Mapping[str, object]) -> tuple[int, list[Reading]]:
    """How many products a page of spu/get_list has, and those that could be read whole. Unreadable when it has no list.

    `total_num` is not looked at: one SDK has it, another has not.
    """
    spus = body.get("spus")
    if not isinstance(spus, list):
        raise Unreadable("it has no list of products")
    return len(spus), [reading for reading in _each_readable(spus) if reading.flaw is None]


def _each_readable(spus: Iterable[object]) -> Iterable[Reading]:
    for raw in spus:
        try:
            yield read_product(raw)
        except Unreadable:
            continue  # who is looked for and not found in the list is asked for alone


def read_sku(raw: object) -> SkuRow:
    """One copy of a SKU. Unreadable when it has no id."""
    if not isinstance(raw, dict):
        raise Unreadable("a SKU is not an object")
    sku_id = read_id(raw.get("sku_id"))
    if sku_id is None:
        raise Unreadable("a SKU has no sku_id")
    key = read_text(raw.get("out_sku_id"))
    flaws = [] if key else ["out_sku_id"]
    values = _sku_values(raw, flaws)
    deleted = read_whole(raw.get("status")) == PSEUDO_DELETED
    return SkuRow(sku_id, read_id(raw.get("product_id")), key or "", values, deleted, ", ".join(flaws) or None)


def read_sku_answer(body: Mapping[str, object]) -> SkuRow:
    """The SKU of a sku/get answer. Unreadable when there is none, or it does not say of which product it is."""
    row = read_sku(_data(body))
    if row.product_id is None:
        raise Unreadable("a SKU has no product_id")
    return row


def read_skus(body: Mapping[str, object]) -> SkuRows:
    """The SKUs of a sku/get_list answer, without those deleted in this copy. Unreadable when it has no list."""
    skus = body.get("skus")
    if not isinstance(skus, list):
        raise Unreadable("it has no list of SKUs")
    rows, flaws = {}, []
    for raw in skus:
        try:
            row = read_sku(raw)
        except Unreadable as error:
            flaws.append(str(error))
        else:
            rows.update({} if row.deleted else {row.sku_id: row})
    return SkuRows(rows, "; ".join(flaws) or None)


def sku_of(product: Remote, draft: SkuRow, online: SkuRow | None) -> Reading:
    """A SKU from its two copies. Prices and stock are those that it sells at (rules section 4): of the online copy
    where there is one."""
    selling = draft.values if online is None else online.values
    values = draft.values._replace(
        sale_price=selling.sale_price, market_price=selling.market_price, stock=selling.stock
    )
    flaw = draft.flaw or (None if online is None else online.flaw)
    remote = Remote(
        remote_id=draft.sku_id,
        status=None if flaw else product.status,
        values=values,
        ours=True,
        key=draft.key,
        parent=product.remote_id,
        draft=draft.values,
        online=None if online is None else online.values,
    )
    told = Sentence("SKU {id} has no readable {name}", id=draft.sku_id, name=flaw) if flaw else None
    return Reading(remote, told)


def read_new_sku_id(body: Mapping[str, object]) -> int | None:
    """The id of a SKU that was just added; None where the answer holds none."""
    data = body.get("data")
    return read_id(data.get("sku_id")) if isinstance(data, dict) else None


def read_stock(body: Mapping[str, object]) -> int:
    """The stock of a stock/get answer."""
    stock = _count(_data(body).get("stock_num"))
    if stock is None:
        raise Unreadable("it does not say how much stock there is")
    return stock


def _data(body: Mapping[str, object]) -> Mapping[str, object]:
    data = body.get("data")
    if not isinstance(data, dict):
        raise Unreadable("it has no data")
    return data


def _sku_values(raw: Mapping[str, object], flaws: list[str]) -> SkuValues:
    sale_price, market_price = _fen(raw.get("sale_price")), _fen(raw.get("market_price"))
    stock, attrs = _count(raw.get("stock_num")), _attrs(raw.get("sku_attrs"))
    thumb, sku_code, barcode = (_text_or_none(raw.get(name)) for name in ("thumb_img", "sku_code", "barcode"))
    needed = {
        "thumb_img": thumb,
        "sale_price": sale_price,
        "market_price": market_price,
        "stock_num": stock,
        "sku_code": sku_code,
        "barcode": barcode,
        "sku_attrs": attrs,
    }
    flaws.extend(name for name, value in needed.items() if value is None)
    return SkuValues(
        thumb=thumb or "",
        sale_price=sale_price or 0,
        market_price=market_price or 0,
        stock=stock or 0,
        sku_code=sku_code or "",
        barcode=barcode or "",
        attrs=attrs or "{}",
    )


def _text_or_none(value: object) -> str | None:
    """A text that may be left out; None for what is no text at all."""
    return "" if value is None else read_text(value)


def _count(value: object) -> int | None:
    number = read_whole(value)
    return number if number is not None and abs(number) <= LARGEST_ID else None


def _fen(value: object) -> int | None:
    number = _count(value)
    return number if number is not None and number >= 0 else None


def _attrs(value: object) -> str | None:
    """The attributes as JSON text of an object; None when they are no attributes, or one key has two values."""
    attrs = [] if value is None else value
    if not isinstance(attrs, list):
        return None
    members: dict[str, str] = {}
    for each in attrs:
        pair = (each.get("attr_key"), each.get("attr_value")) if isinstance(each, dict) else (None, None)
        key, text = read_text(pair[0]), read_text(pair[1])
        if key is None or text is None or key in members:
            return None
        members[key] = text
    return json_text.write(members).decode()
