"""What was sent: where a call looks for its fields, what each may be, and the code that refuses it."""

from collections.abc import Callable, Iterable, Mapping

from catalog_sync.emulator.errors import Refusal
from catalog_sync.emulator.reading import Json, width_of
from catalog_sync.emulator.settings import Settings
from catalog_sync.emulator.system import Call

SIDE = 300


def read_sent(call: Call) -> Json:
    """Read a body. OBS: the calls do not see a form, and say that what they need is missing."""
    if "json" in call.request.content_type.lower():
        return call.body()
    if call.settings["form_body_code"] == 200001:
        raise Refusal(200001, "system error")
    return {}


def read_goods_info(call: Call) -> Json:
    """Read the `goodsInfo` of a body."""
    info = read_sent(call).get("goodsInfo")
    if info is None:
        raise Refusal(200002, "goodsInfo must not be empty")
    if not isinstance(info, dict):
        raise Refusal(200002, "url must not be empty")  # OBS: so for the object written as a JSON string
    return info


def require(info: Json, names: Iterable[str]) -> None:
    """Refuse where one of these fields is missing or empty."""
    for name in names:
        if info.get(name) in (None, ""):
            raise Refusal(200002, f"{name} must not be empty")


def _read_name(call: Call, name: object) -> Json:
    if not isinstance(name, str):
        raise Refusal(47001, "data format error")
    least, most = call.settings["name_min_units"], call.settings["name_max_units"]
    if not least <= width_of(name, call.settings["name_width"]) <= most:
        raise Refusal(300002, "name length invalid")
    only_digits = name.strip().isdecimal() and call.settings["digits_only_name"] == "refuse"
    if only_digits or any(word in name for word in call.settings["illegal_words"]):
        raise Refusal(300004, "name content illegal")
    return {"name": name}


def _read_url(call: Call, url: object) -> Json:
    if not isinstance(url, str):
        raise Refusal(47001, "data format error")
    if not _page_is_online(url.partition("?")[0], call.settings):
        raise Refusal(300007, "goods url invalid")
    return {"url": url}


def _page_is_online(page: str, settings: Settings) -> bool:
    """Tell whether the mini program has this page online; by default every well-formed path is one."""
    if page.startswith("/") and settings["leading_slash"] == "refuse":
        return False
    known = page.removeprefix("/").removesuffix(".html")
    if settings["known_pages"]:
        return known in settings["known_pages"]
    formed = bool(known) and "%" not in known and "://" not in known and not any(one.isspace() for one in known)
    return formed and known not in settings["unknown_pages"]


def _read_cover(call: Call, cover: object) -> Json:
    if not isinstance(cover, str):
        raise Refusal(47001, "data format error")
    if cover.startswith(("http://", "https://")) and call.settings["cover_url_accepted"]:
        return {"media_id": "", "cover_sha256": "", "cover_url": cover}
    media = call.world.media.take(cover, call.now)
    if media.width > SIDE or media.height > SIDE:
        raise Refusal(300018, "product image width or height more than 300px")
    if media.sha256 in call.settings["illegal_pictures"]:
        raise Refusal(300005, "goods img content illegal")
    return {"media_id": media.media_id, "cover_sha256": media.sha256, "cover_url": ""}


def _read_other_appid(_call: Call, appid: object) -> Json:
    if not isinstance(appid, str | None):
        raise Refusal(47001, "data format error")
    return {"third_party_appid": appid or ""}


READERS: Mapping[str, Callable[[Call, object], Json]] = {
    "url": _read_url,
    "name": _read_name,
    "coverImgUrl": _read_cover,
    "thirdPartyAppid": _read_other_appid,
}


def read_content(call: Call, info: Json) -> Json:
    """Read name, url, cover and the other appid, where they were sent."""
    read: Json = {}
    for field, reader in READERS.items():
        if field in info:
            read |= reader(call, info[field])
    return read


def read_page(call: Call) -> tuple[int, int, int]:
    """Read which status a list is asked for, from where, and how many."""
    query, code = call.request.query, call.settings["bad_parameter_code"]
    status, offset = _read_digits(query.get("status")), _read_digits(query.get("offset"))
    limit = _read_digits(query.get("limit", "30"))
    if status is None or status > 3:
        raise Refusal(200002 if "status" not in query else code, "status is invalid")
    if offset is None:
        raise Refusal(code, "offset is invalid")
    over = limit is not None and limit > 100 and call.settings["list_over_100"] == "refuse"
    if not limit or over:
        raise Refusal(code, "limit is invalid")
    return status, offset, min(limit, 100)


def _read_digits(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else None
