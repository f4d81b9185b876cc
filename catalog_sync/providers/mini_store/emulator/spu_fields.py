"""What the fields of a product may be. Little of it is documented: what was seen refused is refused (OBS)."""

from collections.abc import Callable, Mapping

from catalog_sync.emulator.errors import Refusal
from catalog_sync.emulator.reading import Json, read_whole
from catalog_sync.emulator.system import Call
from catalog_sync.providers.mini_store.emulator.reading import (
    length_of,
    read_attrs,
    read_link,
    read_objects,
    read_text,
    wrong,
)
from catalog_sync.providers.mini_store.emulator.shop import shop_of


def read_product_fields(call: Call, sent: Json) -> Json:
    """Read the fields of a product that were sent."""
    return {name: read(call, sent, name) for name, read in FIELDS.items() if name in sent}


def _title(call: Call, sent: Json, name: str) -> str:
    title = read_text(sent, name)
    if not title:
        raise wrong(name)
    if length_of(title, call.settings) > call.settings["title_max"]:
        raise Refusal(9401036, "title too long")
    if title.isascii() and call.settings["ascii_title"] == "refuse":
        raise Refusal(9401060, "title only digits, letters, symbols")
    return title


def _pictures(call: Call, value: object, name: str) -> list[str]:
    if not isinstance(value, list):
        raise wrong(name)
    return [read_link(call, one, shop_of(call.world).pictures) for one in value]


def _head_img(call: Call, sent: Json, name: str) -> list[str]:
    pictures = _pictures(call, sent[name], name)
    if not pictures:
        raise Refusal(9401037, "")  # OBS: nothing stands before the rid
    return pictures


def _desc_info(call: Call, sent: Json, name: str) -> Json:
    if not isinstance(sent[name], dict):
        raise wrong(name)
    return {"imgs": _pictures(call, sent[name].get("imgs", []), name)}


def _cats(_call: Call, sent: Json, name: str) -> list[Json]:
    cats = [{key: read_whole(one.get(key)) for key in ("cat_id", "level")} for one in read_objects(sent, name)]
    if any(None in cat.values() for cat in cats):
        raise wrong(name)
    return cats


def _attrs(_call: Call, sent: Json, name: str) -> list[Json]:
    return [{"attr_key": key, "attr_value": value} for key, value in read_attrs(sent, name)]


def _number(_call: Call, sent: Json, name: str) -> int:
    number = read_whole(sent[name])
    if number is None:
        raise wrong(name)
    return number


def _object(_call: Call, sent: Json, name: str) -> Json:
    value = sent[name]
    if not isinstance(value, dict):
        raise wrong(name)
    return value


def _text(_call: Call, sent: Json, name: str) -> str:
    return read_text(sent, name)


FIELDS: Mapping[str, Callable[[Call, Json, str], object]] = {
    "title": _title,
    "sub_title": _text,
    "head_img": _head_img,
    "desc_info": _desc_info,
    "brand_id": _number,
    "cats": _cats,
    "attrs": _attrs,
    "model": _text,
    "express_info": _object,
    "product_type": _number,
    "couponcode_info": _object,
}
