"""The control plane of live goods: items made, changed and lost without a call of the platform."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from catalog_sync.emulator.errors import BadOrder
from catalog_sync.emulator.reading import Json, read_amount, read_whole
from catalog_sync.emulator.system import ControlRoute
from catalog_sync.emulator.world import World
from catalog_sync.providers.live_goods.emulator.goods import APPROVED, IN_AUDIT, Goods
from catalog_sync.providers.live_goods.emulator.library import Library, library_of

MOST_AT_ONCE = 1_000_000
FIELDS: Mapping[str, tuple[str, type]] = {
    "name": ("name", str),
    "url": ("url", str),
    "priceType": ("price_type", int),
    "audit_status": ("status", int),
    "third_party_tag": ("tag", int),
    "thirdPartyAppid": ("third_party_appid", str),
    "cover_sha256": ("cover_sha256", str),
    "coverImgUrl": ("cover_url", str),
}


def make_console_goods(world: World, order: Json, now: float) -> Json:
    """POST console_goods: an item as if made by hand in the console, approved unless told otherwise."""
    library = library_of(world)
    made = _goods_of_order(library, {"audit_status": APPROVED, **order}, now)
    return library.put(replace(made, tag=order.get("third_party_tag", 0), made_by="console"), now).as_json()


def make_goods(world: World, order: Json, now: float) -> Json:
    """POST goods: `goods` as a list, or `count` of them (at most a million), made by the API without costing a call."""
    library = library_of(world)
    count = min(read_whole(order.get("count", 0)) or 0, MOST_AT_ONCE)
    wanted = order.get("goods", [{"name": f"批量商品 {at:06d}"} for at in range(count)])
    if not isinstance(wanted, list) or not wanted or not all(isinstance(one, dict) for one in wanted):
        raise BadOrder('say "goods": [{"name": ..., "price": ...}] or "count": 1000')
    common = {"audit_status": order.get("audit_status", APPROVED)}
    made = [_goods_of_order(library, {**common, **one}, now) for one in wanted]
    for goods in made:
        library.put(goods, now) if goods.status != IN_AUDIT else library.submit(goods, now)
    return {"goods_ids": [goods.id for goods in made]}


def change_goods(world: World, order: Json, now: float) -> Json:
    """PATCH goods: an item changes without a call of ours, as by hand or by the platform."""
    library = library_of(world)
    goods = _goods_of_id(library, order)
    return library.put(_fields_of_order(goods, order), now).as_json()


def lose_goods(world: World, order: Json, now: float) -> Json:
    """DELETE goods: an item vanishes, whatever its state."""
    library = library_of(world)
    goods = _goods_of_id(library, order)
    library.delete(goods, now)
    return goods.as_json()


def _goods_of_id(library: Library, order: Json) -> Goods:
    number = read_whole(order.get("goods_id"))
    goods = None if number is None else library.shelf.get(number)
    if goods is None:
        raise BadOrder(f"no goods with goods_id {order.get('goods_id')!r}")
    return goods


def _goods_of_order(library: Library, order: Json, now: float) -> Goods:
    id_ = library.next_goods_id()
    audit_id = library.next_audit_id()
    url = f"pages/item/item?id={id_}"
    new = Goods(id_, f"商品{id_}", url, 1, Decimal(1), None, APPROVED, audit_id, created_at=now, submitted_at=now)
    return _fields_of_order(new, order)


def _fields_of_order(goods: Goods, order: Json) -> Goods:
    fields: dict[str, Any] = {}
    for name, (field, type_) in FIELDS.items():
        if name in order:
            if type(order[name]) is not type_:
                raise BadOrder(f"{name} cannot be {order[name]!r}")
            fields[field] = order[name]
    for name in ("price", "price2"):
        if name in order:
            fields[name] = read_amount(order[name])
    if fields.get("price", goods.price) is None:
        raise BadOrder(f"price cannot be {order['price']!r}")
    return replace(goods, **fields)


ORDERS: Sequence[ControlRoute] = (
    ControlRoute("POST", "console_goods", make_console_goods),
    ControlRoute("POST", "goods", make_goods),
    ControlRoute("PATCH", "goods", change_goods),
    ControlRoute("DELETE", "goods", lose_goods),
)
