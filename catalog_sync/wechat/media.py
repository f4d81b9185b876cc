"""Uploading a picture: POST /cgi-bin/media/upload."""

from __future__ import annotations

from urllib3.filepost import encode_multipart_formdata

from catalog_sync.core.errors import InDoubt
from catalog_sync.core.model import PictureRef
from catalog_sync.core.ports import Receipt
from catalog_sync.wechat.answer import Answer
from catalog_sync.wechat.calls import Calls
from catalog_sync.wechat.http import Message
from catalog_sync.wechat.json_text import plain

PATH = "/cgi-bin/media/upload"
LIFE = 3 * 86400.0
MARGIN = 3600.0
"""A media_id lives 3 days (C-doc, checked 2026-11-21). It is not used in its last hour: the call that carries it may
wait for a minute limit or for its turn."""


def upload(calls: Calls, content: bytes, picture_type: str, *, call: str = "upload") -> Receipt:
    """Upload a picture (`png`, `jpeg` or `gif`) once. NotSent, Refused or InDoubt unless it was done; an upload that
    is in doubt may simply be repeated."""
    body, content_type = form(content, picture_type)
    answer = calls.write_message(Message(call, "POST", PATH, {"type": "image"}, body, content_type))
    media_id = answer.body.get("media_id")
    if not isinstance(media_id, str) or not media_id:
        raise InDoubt(call, "the platform's answer holds no media_id")
    return Receipt(picture=PictureRef(media_id, _expiry(answer, calls.platform_now())), answer=_kept(answer))


def form(content: bytes, picture_type: str) -> tuple[bytes, str]:
    """The body of an upload, and its content type."""
    # OBS: without a filename in the part the platform answers 41005, "no media data".
    name = f"picture.{'jpg' if picture_type == 'jpeg' else picture_type}"
    return encode_multipart_formdata({"media": (name, content, f"image/{picture_type}")})


def _expiry(answer: Answer, now: float) -> float:
    created = answer.body.get("created_at")
    born = float(created) if isinstance(created, int) and 0 < created < now else now
    return born + LIFE - MARGIN


def _kept(answer: Answer) -> dict[str, object]:
    return {name: plain(value) for name, value in answer.body.items()}
