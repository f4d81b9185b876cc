"""What the prices of an item may be: priceType, price and price2, in yuan."""

from decimal import Decimal

from catalog_sync.emulator.errors import Refusal
from catalog_sync.emulator.reading import Json, read_amount
from catalog_sync.emulator.system import Call
from catalog_sync.providers.live_goods.emulator.goods import Goods


def read_prices(call: Call, info: Json, old: Goods | None) -> Json:
    """Read priceType, price and price2; what an update leaves out stays as it is."""
    if not {"priceType", "price", "price2"} & info.keys():
        return {}
    kind = _read_price_type(info["priceType"]) if "priceType" in info or old is None else old.price_type
    price = _read_price(call, info["price"]) if "price" in info or old is None else old.price
    price2 = info.get("price2") if "price2" in info or old is None else old.price2
    if kind == 1:
        _judge_needless_price2(call, price2 if "price2" in info else None)
        return {"price_type": kind, "price": price, "price2": None}
    second = _read_price(call, price2)
    if (kind == 2 and price > second) or (kind == 3 and second > price):
        raise Refusal(300003, "price input invalid")
    return {"price_type": kind, "price": price, "price2": second}


def _read_price_type(value: object) -> int:
    number = read_amount(value)
    if number not in (1, 2, 3):
        raise Refusal(300003, "price input invalid")
    return int(number)


def _read_price(call: Call, value: object) -> Decimal:
    """Read yuan: over 0 (OBS), at most two decimals (DOC)."""
    price = read_amount(value)
    most = call.settings["price_max"]
    if price is None or price <= 0 or price != round(price, 2) or (most and price > most):
        raise Refusal(300003, "price input invalid")
    return price


def _judge_needless_price2(call: Call, value: object) -> None:
    tolerated = value in (None, "") or read_amount(value) == 0
    if not tolerated and call.settings["price2_with_one_price"] == "refuse":
        raise Refusal(300003, "price input invalid")
