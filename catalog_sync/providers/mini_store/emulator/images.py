"""Picture upload: the link that a product or SKU may carry, for good.

DOC (the page of img/upload, checked 2026-11-21): upload_type 0 is a form with the file in `media` and height and width
in the query, 1 a JSON body with `img_url`; resp_type 0 answers media ids (2 MB), 1 a link (10 MB); 101000 to 101004.
"""

import hashlib
import secrets
from urllib.parse import urlsplit

from catalog_sync.emulator.errors import Refusal
from catalog_sync.emulator.pictures import read_picture
from catalog_sync.emulator.reading import Json, read_files
from catalog_sync.emulator.system import Call
from catalog_sync.providers.mini_store.emulator.reading import PICTURE_HOST, PICTURE_PREFIXES, read_sent, wrong
from catalog_sync.providers.mini_store.emulator.shop import StoredPicture, shop_of
from catalog_sync.providers.mini_store.emulator.sku_calls import DONE

MEGABYTE = 1024 * 1024


def answer_img_upload(call: Call) -> Json:
    """POST img/upload."""
    by_link, wants_link = _read_choice(call, "upload_type"), _read_choice(call, "resp_type")
    link = f"https://mmecimage.cn/p/{call.world.appid}/{secrets.token_urlsafe(24)}"
    stored = _read_source(call, link) if by_link else _read_file(call, link, 10 if wants_link else 2)
    if not wants_link:
        ids = {"media_id": secrets.token_urlsafe(48), "pay_media_id": secrets.token_urlsafe(48)}
        return {**DONE, "pic_file": ids}
    return {**DONE, "pic_file": {"temp_img_url": shop_of(call.world).keep(stored)}}


def _read_choice(call: Call, name: str) -> bool:
    """Read 0 or 1; an older page has neither of the two, so 0 may be left out (INF)."""
    value = call.request.query.get(name, "0")
    if value not in ("0", "1"):
        raise wrong(name)
    return value == "1"


def _read_file(call: Call, link: str, megabytes: int) -> StoredPicture:
    sides = [_read_side(call, name) for name in ("width", "height")]
    files = read_files(call.request.content_type, call.request.body)
    content = next((file.content for file in files if file.field == "media"), b"")
    if not content:
        raise Refusal(101000, "img empty")
    if len(content) > megabytes * MEGABYTE:
        raise Refusal(101002, "img size exceed limit")
    picture = read_picture(content)
    if picture is None:
        raise Refusal(101001, "img format invalid")
    if sides != [picture.width, picture.height] and call.settings["picture_sides"] == "compared":
        raise Refusal(101003, "img height or width invalid")
    return StoredPicture(link, sha256=hashlib.sha256(content).hexdigest())


def _read_side(call: Call, name: str) -> int:
    value = call.request.query.get(name, "")
    if not (value.isascii() and value.isdigit()) or not 0 < int(value[:9]) < 10**8:
        raise Refusal(101003, "img height or width invalid")
    return int(value)


def _read_source(call: Call, link: str) -> StoredPicture:
    """Read a link. It is not fetched; OBS: a picture that is already at the platform gets 101001."""
    source = read_sent(call).get("img_url")
    if not isinstance(source, str) or not source:
        raise Refusal(101000, "img empty")
    parts = urlsplit(source) if source.isascii() and source.isprintable() and "[" not in source else urlsplit("")
    if parts.scheme not in ("http", "https") or parts.netloc in (PICTURE_HOST, *PICTURE_PREFIXES):
        raise Refusal(101001, "img format invalid")
    fails = any(text in source for text in call.settings["unfetchable_links"])
    if parts.scheme != "https" or not parts.netloc or fails:
        raise Refusal(101004, "img upload fail")
    return StoredPicture(link, source=source)
