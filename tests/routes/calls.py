"""The calls that tests of this folder expect most often: those about the mug, the first item of every shop."""

from __future__ import annotations

from typing import Any

from .shop import FIRST_ID, Call, audit_id

LISTED: dict[str, Any] = {
    "name": "茶杯 & 茶托",
    "coverImgUrl": "covers/white.png",
    "url": "pages/item/item?id=mug&from=a",
    "thirdPartyAppid": "",
    "priceType": 1,
    "price": 99.5,
}

NAME = {"name": "新茶杯 & 新茶托"}
URL = {"url": "pages/item/item?id=2&from=b"}
COVER = {"cover": "covers/blue.png"}
OTHER_APP = {"thirdPartyAppid": "wxfedcba9876543210"}
PRICE = {"price": "89"}
RANGE = {"priceType": 2, "price": "80", "price2": "120.50"}
DISCOUNT = {"priceType": 3, "price": "99.50", "price2": "79"}

NEW_PRICE = {"priceType": 1, "price": 89.0}
NEW_COVER = {"coverImgUrl": "covers/blue.png"}

UPLOAD: Call = ("upload", {})


def add(**changed: Any) -> Call:
    """Add the mug."""
    return ("add", {**LISTED, **changed})


def update(goods_id: int = FIRST_ID, /, **fields: Any) -> Call:
    """Change an item."""
    return ("update", {"goodsId": goods_id, **fields})


def withdraw(goods_id: int = FIRST_ID, submission: int = 1) -> Call:
    """Withdraw the platform's first, second, ... submission."""
    return ("withdraw", {"goodsId": goods_id, "auditId": audit_id(submission)})


def audit(goods_id: int = FIRST_ID) -> Call:
    """Submit an item."""
    return ("audit", {"goodsId": goods_id})


def delete(goods_id: int = FIRST_ID) -> Call:
    """Delete an item."""
    return ("delete", {"goodsId": goods_id})
