"""What was sent: ids, flags, texts, whole numbers, links to pictures, and the code that refuses each."""

from collections.abc import Collection
from typing import Any
from urllib.parse import urlsplit

from catalog_sync.emulator.errors import Refusal
from catalog_sync.emulator.reading import Json, read_whole
from catalog_sync.emulator.settings import Settings
from catalog_sync.emulator.system import Call

WRONG_PARAMETER = 9401020
PICTURE_HOST = "store.mp.video.tencent-cloud.com"
PICTURE_PREFIXES = ("mmbizurl.cn", "mmecimage.cn")


def wrong(name: str) -> Refusal:
    """Say that a parameter is wrong (DOC 9401020)."""
    return Refusal(WRONG_PARAMETER, f"invalid param: {name}")


def read_sent(call: Call) -> Json:
    """Read a body; only one that is said to be JSON is seen (OBS of the sister calls)."""
    return call.body() if "json" in call.request.content_type.lower() else {}


def read_id(sent: Json, name: str) -> int:
    """Read an id of the platform's; 0 where there is none (SDK: clients send 0 for none)."""
    value = sent.get(name)
    number = 0 if value is None else read_whole(value)
    if number is None or number < 0:
        raise wrong(name)
    return number


def read_text(sent: Json, name: str) -> str:
    """Read a text; empty where there is none."""
    value = sent.get(name)
    if not isinstance(value, str | None):
        raise wrong(name)
    return value or ""


def read_number(sent: Json, name: str) -> int:
    """Read a whole number of 0 or more that must be there."""
    number = read_whole(sent.get(name))
    if number is None or number < 0:
        raise wrong(name)
    return number


def read_flag(sent: Json, name: str) -> bool:
    """Read 0 or 1; 0 where there is none."""
    value = sent.get(name, 0)
    if type(value) is not int or value not in (0, 1):
        raise wrong(name)
    return value == 1


def read_objects(sent: Json, name: str) -> list[Json]:
    """Read a list of objects that must be there."""
    value = sent.get(name)
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise wrong(name)
    found: list[Json] = value
    return found


def read_attrs(sent: Json, name: str) -> tuple[tuple[str, str], ...]:
    """Read a list of attributes, each with key and value."""
    pairs = [(one.get("attr_key"), one.get("attr_value")) for one in read_objects(sent, name)]
    return tuple((_filled(key, name), _filled(value, name)) for key, value in pairs)


def _filled(value: Any, name: str) -> str:
    if not isinstance(value, str) or not value:
        raise wrong(name)
    return value


def length_of(text: str, settings: Settings) -> int:
    """Count characters. DOC: a Chinese character and a letter are one each; what an emoji is, is a switch."""
    if settings["character_is"] == "utf16_unit":
        return len(text.encode("utf-16-le", "surrogatepass")) // 2
    return len(text)


def read_link(call: Call, value: object, uploaded: Collection[str]) -> str:
    """Read the link of a picture; DOC 9401050 unless it is of one of the platform's three hosts."""
    link = value if isinstance(value, str) else ""
    if not _is_of_the_platform(link):
        raise Refusal(9401050, "img url illegal")
    if call.settings["picture_links"] == "uploaded_ones" and link not in uploaded:
        raise Refusal(9401050, "img url illegal")
    return link


def _is_of_the_platform(link: str) -> bool:
    try:
        parts = urlsplit(link)
    except ValueError:
        return False
    if parts.scheme not in ("http", "https") or any(one.isspace() for one in link):
        return False
    in_folder = parts.path.startswith("/p/") and len(parts.path) > 3
    return parts.netloc == PICTURE_HOST or (parts.netloc in PICTURE_PREFIXES and in_folder)
