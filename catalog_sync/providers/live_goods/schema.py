"""What a live-room item is: its fields, in the order in which every `Values` of this system stands."""

from __future__ import annotations

from typing import NamedTuple

from catalog_sync.core.model import Field, FieldKind, Fold, Schema


class GoodsValues(NamedTuple):
    """The fields of one item, named as on the platform's wire.

    `cover` is a picture identity (desired) or the platform's picture URL (observed); `price` and `price2` are fen;
    `price2` is None for priceType 1; `thirdPartyAppid` is "" for the own Mini Program.
    """

    name: str
    cover: str
    url: str
    thirdPartyAppid: str  # noqa: N815 - the wire's name, as the catalogue has it
    priceType: int  # noqa: N815
    price: int
    price2: int | None


SCHEMA = Schema(
    kind="goods",
    prefix="goods",
    fields=(
        Field("name", FieldKind.TEXT, identifying=True),
        Field("cover", FieldKind.PICTURE),
        Field("url", FieldKind.TEXT, fold=Fold.URL, identifying=True),
        Field("thirdPartyAppid", FieldKind.TEXT),
        Field("priceType", FieldKind.PRICE),
        Field("price", FieldKind.PRICE, money=True),
        Field("price2", FieldKind.PRICE, money=True),
    ),
)
