"""SKUs as the platform's JSON takes them: the body of each write call, written strictly. Pure.

Prices are whole fen on both sides. Source: the pages of sku, spu and stock; checked 2026-11-21.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from catalog_sync.core.model import Value
from catalog_sync.core.ports import Request
from catalog_sync.wechat import json_text
from catalog_sync.wechat.json_text import Json
from catalog_sync.wechat.writing import given, write_count, write_text

PRICES = ("sale_price", "market_price")
FULL, DIFFERENCE = 1, 2
"""type of stock/update: the value itself, which must be over 0, or what to add to it (stock page)."""

_NAMES = {"thumb": "thumb_img", "stock": "stock_num", "attrs": "sku_attrs"}


def sku_fields(fields: Mapping[str, Value]) -> dict[str, Json]:
    """The fields that were given, as the platform names them. None is left out, and so is an empty thumb: an empty link
    is refused (9401050).

    TypeError for a value of the wrong type, KeyError for a field that is not one.
    """
    written: dict[str, Json] = {}
    for name, value in fields.items():
        write = _WRITERS[name]
        if value is not None and (name, value) != ("thumb", ""):
            written[_NAMES.get(name, name)] = write(value)
    return written


def body_of(request: Request) -> dict[str, Json]:
    """The body of a write call (all but `upload` and `stock_update`). ValueError when the request lacks what the call
    needs."""
    match request.call:
        case "sku_add":
            if not request.key:
                raise ValueError("the call needs a key that the request does not hold")
            # The page wants sku_attrs always, be it empty.
            return {
                "product_id": given(request.parent_id),
                "out_sku_id": request.key,
                "sku_attrs": [],
                **sku_fields(request.fields),
            }
        case "sku_update":
            # The draft's stock is not ours to change here: stock goes by stock_update alone.
            return {**sku_ids(request), **sku_fields(_without(request.fields, "stock"))}
        case "sku_update_price":
            return {**sku_ids(request), **{name: write_count(request.fields[name]) for name in PRICES}}
        case "sku_delete":
            return sku_ids(request)
        case "listing" | "delisting":
            return {"product_id": given(request.remote_id)}
        case _:
            raise ValueError(f"no call of the Mini Store: {request.call}")


def stock_body(request: Request, real: int = 0) -> dict[str, Json]:
    """The body of `stock_update`: the full value, or for 0 the difference to the `real` stock, for a full value must be
    over 0. TypeError and ValueError for what is no stock."""
    stock = write_count(request.fields["stock"])
    if stock < 0:
        raise ValueError(f"no stock: {stock}")
    change = {"type": FULL, "stock_num": stock} if stock else {"type": DIFFERENCE, "stock_num": -real}
    return {**sku_ids(request), **change}


def sku_ids(request: Request) -> dict[str, Json]:
    """The two ids by which a call names a SKU."""
    return {"product_id": given(request.parent_id), "sku_id": given(request.remote_id)}


def _without(fields: Mapping[str, Value], name: str) -> dict[str, Value]:
    return {each: value for each, value in fields.items() if each != name}


def _write_attrs(value: Value) -> Json:
    members = json_text.read(write_text(value).encode())
    if not isinstance(members, dict):
        raise TypeError("attrs are no JSON object")
    return [{"attr_key": key, "attr_value": write_text(each)} for key, each in members.items()]


_WRITERS: Mapping[str, Callable[[Value], Json]] = {
    "thumb": write_text,
    "sale_price": write_count,
    "market_price": write_count,
    "stock": write_count,
    "sku_code": write_text,
    "barcode": write_text,
    "attrs": _write_attrs,
}
