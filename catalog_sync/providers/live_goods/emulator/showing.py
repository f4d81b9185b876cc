"""How the two reads, list and status, show an item: each has its own names for the same fields."""

from html import escape

from catalog_sync.emulator.reading import Json
from catalog_sync.emulator.system import Call
from catalog_sync.providers.live_goods.emulator.goods import Goods


def show_in_list(call: Call, goods: Goods) -> Json:
    """Write an item as the list has it."""
    tags = {"thirdPartyTag": ("thirdPartyTag",), "third_party_tag": ("third_party_tag",)}
    names = tags.get(call.settings["list_tag_name"], ("thirdPartyTag", "third_party_tag"))
    shown = {
        "goodsId": _number(call, goods.id),
        "coverImgUrl": _cover_url(call, goods),
        **_text_and_prices(call, goods),
        "priceType": _price_type(call, goods),
    }
    return shown | dict.fromkeys(names, goods.tag) | _other_appid(call, goods)


def show_in_status(call: Call, goods: Goods) -> Json:
    """Write an item as status has it."""
    kinds = {"price_type": ("price_type",), "priceType": ("priceType",)}
    names = kinds.get(call.settings["status_price_type_name"], ("price_type", "priceType"))
    shown = {
        "goods_id": _number(call, goods.id),
        "cover_img_url": _cover_url(call, goods),
        **_text_and_prices(call, goods),
        "audit_status": _number(call, goods.status),
        "third_party_tag": goods.tag,
    }
    return shown | dict.fromkeys(names, _price_type(call, goods)) | _other_appid(call, goods)


def _text_and_prices(call: Call, goods: Goods) -> Json:
    shown: Json = {"name": goods.name, "price": goods.price, "url": goods.url}
    if call.settings["text_on_read"] == "normalised":
        shown |= {"name": escape(goods.name.strip(), quote=False), "url": _normalised_url(goods.url)}
    if goods.price2 is not None:
        shown["price2"] = goods.price2
    elif call.settings["price2_of_one_price"] != "absent":
        shown["price2"] = {"zero": 0, "empty": "", "null": None}[call.settings["price2_of_one_price"]]
    return shown


def _normalised_url(url: str) -> str:
    page, mark, query = url.strip().removeprefix("/").partition("?")
    page = page if page.endswith(".html") else f"{page}.html"
    return escape(f"{page}{mark}{query}", quote=False)


def _cover_url(call: Call, goods: Goods) -> str:
    return goods.cover_url or f"{call.request.origin}/mmbiz/{goods.cover_sha256 or 'none'}/0?wx_fmt=png"


def _number(call: Call, number: int) -> int | str:
    return str(number) if call.settings["ids_on_read"] == "string" else number


def _price_type(call: Call, goods: Goods) -> int | str:
    return str(goods.price_type) if call.settings["price_type_on_read"] == "string" else goods.price_type


def _other_appid(call: Call, goods: Goods) -> Json:
    if call.settings["third_party_appid_on_read"] == "when_set" and not goods.third_party_appid:
        return {}
    return {"thirdPartyAppid": goods.third_party_appid}
