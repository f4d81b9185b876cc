"""Uploads: what is taken, what it is good for, and how long."""

from typing import Any

import pytest

from .wire import Wire, picture

UPLOAD = "/cgi-bin/media/upload"


def test_an_upload_is_good_for_three_days(wire: Wire) -> None:
    told = wire.upload()
    now = wire.control("clock", "GET")["now"]
    assert sorted(told) == ["created_at", "media_id", "type"]
    assert told["type"] == "image"
    assert abs(told["created_at"] - now) < 5
    wire.control("clock", advance="71h")
    wire.fetch_token()
    assert wire.add(coverImgUrl=told["media_id"])["errcode"] == 0
    assert wire.add(coverImgUrl=told["media_id"])["errcode"] == 0, "it may be used again"
    wire.control("clock", advance="1h")
    assert wire.add(coverImgUrl=told["media_id"])["errcode"] == 300006


@pytest.mark.parametrize(
    ("sent", "params", "code"),
    [
        ({"files": {"media": ("a.png", picture())}}, {}, 40004),
        ({"files": {"media": ("a.png", picture())}}, {"type": "picture"}, 40004),
        ({"files": {"cover": ("a.png", picture())}}, {"type": "image"}, 41005),
        ({"files": {"media": (None, picture())}}, {"type": "image"}, 41005),
        ({"files": {"media": ("a.png", b"")}}, {"type": "image"}, 41005),
        ({"json": {"media": "a"}}, {"type": "image"}, 41005),
        ({"files": {"media": ("a.png", b"BM not one of the three")}}, {"type": "image"}, 40005),
        ({"files": {"media": ("a.png", b"\x89PNG\r\n\x1a\n")}}, {"type": "image"}, 40005),
        ({"files": {"media": ("a.png", picture() + bytes(2 * 1024 * 1024))}}, {"type": "image"}, 40009),
    ],
)
def test_what_is_not_taken(wire: Wire, sent: dict[str, Any], params: dict[str, str], code: int) -> None:
    assert wire.raw("POST", UPLOAD, params=params, **sent).json()["errcode"] == code
    assert wire.world()["media_count"] == 0


def test_the_byte_limit_and_its_code(wire: Wire) -> None:
    content = picture() + bytes(3 * 1024 * 1024)
    wire.settings(media_oversize_code=40006)
    assert wire.upload(content)["errcode"] == 40006
    wire.settings(media_max_bytes=10 * 1024 * 1024)
    assert "media_id" in wire.upload(content)


def test_the_newer_answer(wire: Wire) -> None:
    wire.settings(media_errcode="present")
    told = wire.upload()
    assert (told["errcode"], told["errmsg"]) == (0, "ok")


@pytest.mark.parametrize(("kind", "mime"), [("PNG", "image/png"), ("JPEG", "image/jpeg"), ("GIF", "image/gif")])
def test_the_cover_can_be_fetched_where_reads_say(wire: Wire, kind: str, mime: str) -> None:
    content = picture(40, 30, kind)
    wire.add(coverImgUrl=wire.upload(content, "封面.img")["media_id"])
    answer = wire.session.get(wire.list(1)["goods"][0]["coverImgUrl"], timeout=20)
    assert (answer.content, answer.headers["Content-Type"]) == (content, mime)


def test_a_picture_that_is_not_there(wire: Wire) -> None:
    assert wire.session.get(f"{wire.url}/mmbiz/none/0", timeout=20).status_code == 404
