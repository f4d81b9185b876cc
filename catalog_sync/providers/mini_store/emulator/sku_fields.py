"""What the fields of a SKU may be.

DOC (the page "Add SKU", checked 2026-11-21): prices in fen up to 1000000000; out_sku_id 32 characters, sku_code 20,
attr_key and attr_value 40, at most 100 different values under one key.
"""

from collections.abc import Iterable, Mapping

from catalog_sync.emulator.errors import Refusal
from catalog_sync.emulator.reading import Json
from catalog_sync.emulator.system import Call
from catalog_sync.providers.mini_store.emulator.product import Sku, SkuCopy
from catalog_sync.providers.mini_store.emulator.reading import (
    length_of,
    read_attrs,
    read_link,
    read_number,
    read_text,
    wrong,
)
from catalog_sync.providers.mini_store.emulator.shop import shop_of

MOST_VALUES = 100
NEEDED: Mapping[str, tuple[str, ...]] = {
    "what_it_has": ("sale_price", "market_price", "sku_attrs"),
    "table": ("sale_price", "market_price", "sku_attrs", "thumb_img"),
    "what_changes": (),
}


def read_out_sku_id(call: Call, sent: Json) -> str:
    """Read the merchant's id of a new SKU."""
    out_sku_id = read_text(sent, "out_sku_id")
    if not out_sku_id:
        raise wrong("out_sku_id")
    if length_of(out_sku_id, call.settings) > 32:
        raise Refusal(9401052, "out_sku_id too long")
    return out_sku_id


def read_new_copy(call: Call, sent: Json) -> SkuCopy:
    """Read all fields of a new SKU."""
    sale, market = read_prices(call, sent)
    return SkuCopy(
        _read_thumb(call, sent, ""),
        sale,
        market,
        read_number(sent, "stock_num"),
        _read_code(call, sent, ""),
        read_text(sent, "barcode"),
        _read_attrs(call, sent),
    )


def read_changed_copy(call: Call, sent: Json, old: SkuCopy) -> SkuCopy:
    """Read what an update changes. What it must carry, and what becomes of the rest, are switches."""
    needed = set(NEEDED[call.settings["sku_update_requires"]])
    if old.thumb_img and call.settings["sku_update_requires"] == "what_it_has":
        needed.add("thumb_img")
    for name in sorted(needed - sent.keys()):
        raise wrong(name)
    prices = {"sale_price": old.sale_price, "market_price": old.market_price, **sent}
    sale, market = read_prices(call, prices)
    kept = old if call.settings["sku_update_left_out"] == "kept" else old._replace(sku_code="", barcode="")
    takes_stock = "stock_num" in sent and call.settings["sku_update_stock"] == "writes_draft"
    return SkuCopy(
        _read_thumb(call, sent, old.thumb_img),
        sale,
        market,
        read_number(sent, "stock_num") if takes_stock else old.stock_num,
        _read_code(call, sent, kept.sku_code),
        read_text(sent, "barcode") if "barcode" in sent else kept.barcode,
        _read_attrs(call, sent) if "sku_attrs" in sent else old.sku_attrs,
    )


def read_prices(call: Call, sent: Json) -> tuple[int, int]:
    """Read sale_price and market_price; over the cap 9401043."""
    sale, market = read_number(sent, "sale_price"), read_number(sent, "market_price")
    settings = call.settings
    if sale > settings["sale_price_max"] or market > settings["market_price_max"]:
        raise Refusal(9401043, "sku price overflow")
    if sale == 0 and settings["sale_price_of_0"] == "refuse":
        raise wrong("sale_price")
    if market <= sale and settings["market_price_not_above"] == "refuse":
        raise wrong("market_price")
    return sale, market


def refuse_too_many_values(copy: SkuCopy, others: Iterable[Sku]) -> None:
    """Refuse the 101st value under a key within a product (DOC 9401046)."""
    values: dict[str, set[str]] = {}
    for one in (*(sku.in_draft for sku in others), copy):
        for key, value in () if one is None else one.sku_attrs:
            values.setdefault(key, set()).add(value)
    if any(len(values[key]) > MOST_VALUES for key, _ in copy.sku_attrs):
        raise Refusal(9401046, "too many values of one attr_key")


def refuse_twin(call: Call, copy: SkuCopy, others: Iterable[Sku]) -> None:
    """Refuse a SKU with the very attributes of another one of its product, where the switch says so."""
    wanted = sorted(copy.sku_attrs)
    twins = (sku for sku in others if sku.in_draft is not None and sorted(sku.in_draft.sku_attrs) == wanted)
    if call.settings["same_attrs"] == "refuse" and next(twins, None) is not None:
        raise wrong("sku_attrs")


def _read_thumb(call: Call, sent: Json, old: str) -> str:
    """Read the picture; an empty text is no link (DOC 9401050)."""
    if sent.get("thumb_img") is None:
        return old
    return read_link(call, sent["thumb_img"], shop_of(call.world).pictures)


def _read_code(call: Call, sent: Json, old: str) -> str:
    if "sku_code" not in sent:
        return old
    code = read_text(sent, "sku_code")
    if length_of(code, call.settings) > 20:
        raise Refusal(9401044, "sku_code too long")
    return code


def _read_attrs(call: Call, sent: Json) -> tuple[tuple[str, str], ...]:
    attrs = read_attrs(sent, "sku_attrs")
    if any(length_of(key, call.settings) > 40 for key, _ in attrs):
        raise Refusal(9401047, "sku_attrs attr_key too long")
    if any(length_of(value, call.settings) > 40 for _, value in attrs):
        raise Refusal(9401048, "sku_attrs attr_value too long")
    if len({key for key, _ in attrs}) < len(attrs):
        raise wrong("sku_attrs")
    return attrs
