"""Picture upload of the Mini Store."""

import hashlib
from typing import Any

import pytest

from .shop import LINK, Shop
from .wire import Json, picture

UPLOAD = "/product/img/upload"
FORM = {"upload_type": "0", "resp_type": "1", "width": "300", "height": "200"}
BY_LINK = {"upload_type": "1", "resp_type": "1"}
CONTENT = picture(300, 200)


def upload(shop: Shop, content: bytes = CONTENT, field: str = "media", **params: str) -> Json:
    told: Json = shop.raw("POST", UPLOAD, params={**FORM, **params}, files={field: ("a.png", content)}).json()
    return told


def by_link(shop: Shop, url: Any, **params: str) -> Json:
    told: Json = shop.raw("POST", UPLOAD, params={**BY_LINK, **params}, json={"img_url": url}).json()
    return told


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF"])
def test_a_file_becomes_a_link(shop: Shop, kind: str) -> None:
    content = picture(300, 200, kind)
    told = upload(shop, content)
    link = told["pic_file"]["temp_img_url"]
    assert told == {"errcode": 0, "errmsg": "ok", "pic_file": {"temp_img_url": link}}
    assert link.startswith(f"https://mmecimage.cn/p/{shop.appid}/")
    assert shop.world()["store_pictures"] == {link: hashlib.sha256(content).hexdigest()}
    shop.settings(picture_links="uploaded_ones")
    shop.product()
    shop.control("clock", advance="240h")
    shop.fetch_token()
    assert shop.add_sku(thumb_img=link)["errcode"] == 0, "for good, despite its name"
    assert shop.add_sku("S-2", thumb_img=LINK)["errcode"] == 9401050


def test_a_file_becomes_two_ids(shop: Shop) -> None:
    assert sorted(upload(shop, resp_type="0")["pic_file"]) == ["media_id", "pay_media_id"]
    older = shop.raw("POST", UPLOAD, params={"width": "300", "height": "200"}, files={"media": ("a.png", CONTENT)})
    assert sorted(older.json()["pic_file"]) == ["media_id", "pay_media_id"], "the older page has no other parameter"
    assert shop.world()["store_pictures"] == {}


@pytest.mark.parametrize(
    ("content", "params", "code"),
    [
        (b"", {}, 101000),
        (b"BM not one of the three", {}, 101001),
        (CONTENT + bytes(10 * 1024 * 1024), {}, 101002),
        (CONTENT + bytes(2 * 1024 * 1024), {"resp_type": "0"}, 101002),
        (CONTENT + bytes(3 * 1024 * 1024), {}, 0),
        (CONTENT, {"width": "200", "height": "300"}, 101003),
        (CONTENT, {"width": ""}, 101003),
        (CONTENT, {"height": "0"}, 101003),
        (CONTENT, {"height": "tall"}, 101003),
        (CONTENT, {"upload_type": "2"}, 9401020),
        (CONTENT, {"resp_type": "yes"}, 9401020),
    ],
)
def test_what_is_not_taken(shop: Shop, content: bytes, params: dict[str, str], code: int) -> None:
    assert upload(shop, content, "media", **params)["errcode"] == code


def test_the_field_and_the_sides(shop: Shop) -> None:
    assert upload(shop, field="file")["errcode"] == 101000
    shop.settings(picture_sides="any")
    assert upload(shop, width="1", height="1")["errcode"] == 0
    assert upload(shop, width="")["errcode"] == 101003


def test_a_link_is_kept_and_not_fetched(shop: Shop) -> None:
    told = by_link(shop, "https://nowhere.invalid/a.png")
    assert shop.world()["store_pictures"] == {told["pic_file"]["temp_img_url"]: "https://nowhere.invalid/a.png"}
    assert "media_id" in by_link(shop, "https://nowhere.invalid/a.png", resp_type="0")["pic_file"]


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("", 101000),
        (None, 101000),
        (5, 101000),
        ("ftp://example.com/a.png", 101001),
        (LINK, 101001),
        ("https://mmbizurl.cn/p/wx0/Key", 101001),
        ("http://example.com/a.png", 101004),
        ("https:///a.png", 101004),
        ("https://example.com/gone.png", 101004),
    ],
)
def test_a_link_that_is_not_taken(shop: Shop, url: Any, code: int) -> None:
    shop.settings(unfetchable_links=["/gone."])
    assert by_link(shop, url)["errcode"] == code


def test_bytes_are_not_kept_in_the_record_of_calls(shop: Shop) -> None:
    upload(shop)
    last = shop.control("calls", "GET", appid=shop.appid, path=UPLOAD)["calls"][-1]
    assert last["body"]["bytes"] > len(CONTENT)
    assert last["query"] == FORM
