"""Uploading a picture to the Mini Store: POST /product/img/upload, which gives a link for good."""

from __future__ import annotations

from io import BytesIO
from urllib.parse import urlsplit

from catalog_sync.core.errors import InDoubt
from catalog_sync.core.model import PictureRef
from catalog_sync.core.ports import Receipt
from catalog_sync.wechat import json_text
from catalog_sync.wechat.answer import Answer
from catalog_sync.wechat.calls import Calls
from catalog_sync.wechat.http import Message
from catalog_sync.wechat.json_text import plain
from catalog_sync.wechat.media import form

PATH = "/product/img/upload"
NEVER = 4_102_444_800.0
"""2100-01-01. The link is permanent, despite its name temp_img_url (img/upload page, checked 2026-11-21)."""

_FILE = {"upload_type": "0", "resp_type": "1"}
_LINK = {"upload_type": "1", "resp_type": "1"}


def upload(calls: Calls, content: bytes, picture_type: str) -> Receipt:
    """Upload the bytes of a checked picture (`png`, `jpeg` or `gif`) once. NotSent, Refused or InDoubt unless it was
    done; an upload that is in doubt may simply be repeated."""
    width, height = _sides(content)
    body, content_type = form(content, picture_type)
    query = {**_FILE, "height": str(height), "width": str(width)}
    return _receipt(calls.write_message(Message("upload", "POST", PATH, query, body, content_type)))


def upload_link(calls: Calls, link: str) -> Receipt:
    """Have the platform fetch a picture once, as `upload`. A picture that it has already gets 101001 (OBS)."""
    return _receipt(calls.write_message(Message("upload", "POST", PATH, _LINK, json_text.write({"img_url": link}))))


def _sides(content: bytes) -> tuple[int, int]:
    from PIL import Image  # noqa: PLC0415 - only an upload needs it

    with Image.open(BytesIO(content), formats=("PNG", "JPEG", "GIF")) as image:
        return image.size


def _receipt(answer: Answer) -> Receipt:
    file = answer.body.get("pic_file")
    link = file.get("temp_img_url") if isinstance(file, dict) else None
    if not isinstance(link, str) or not _is_link(link):
        raise InDoubt("upload", "the platform's answer holds no link")
    return Receipt(picture=PictureRef(link, NEVER), answer={name: plain(value) for name, value in answer.body.items()})


def _is_link(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc) and text.isprintable() and " " not in text
