"""Live goods as entries of `goods:` and as rows, the way back of `section`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Final

from catalog_sync.core.model import Values
from catalog_sync.core.money import yuan
from catalog_sync.core.writing import Told, Wishes, Written
from catalog_sync.providers.live_goods.schema import SCHEMA, GoodsValues


class GoodsWriter:
    """Writes items of `goods:` (see `core.writing.Writer`)."""

    columns: Final[Mapping[str, str]] = {
        "key": "商品编号",
        "name": "商品名称",
        "cover": "商品封面",
        "priceType": "价格类型",
        "price": "价格",
        "price2": "价格2",
        "url": "商品路径",
        "thirdPartyAppid": "小程序appid",
        "priority": "优先级",
        "needed_by": "截止时间",
        "protect": "保护",
        "locked_change": "锁定后修改",
    }

    def written(self, key: str, values: Values, picture: str, wishes: Wishes) -> Written:
        """The item with these values."""
        fields = dict(_fields(GoodsValues._make(values), picture, wishes))
        return Written((SCHEMA.prefix, key), {"key": key}, fields)


def _fields(goods: GoodsValues, picture: str, wishes: Wishes) -> Iterator[tuple[str, Told]]:
    yield "name", goods.name
    yield "cover", picture
    if goods.priceType != 1:
        yield "priceType", goods.priceType
    yield "price", Decimal(yuan(goods.price))
    if goods.price2 is not None:
        yield "price2", Decimal(yuan(goods.price2))
    yield "url", goods.url
    if goods.thirdPartyAppid:
        yield "thirdPartyAppid", goods.thirdPartyAppid
    yield from wishes.fields()
