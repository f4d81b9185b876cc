"""Covers: what may be named, what the bytes must be, and what is uploaded."""

from __future__ import annotations

import hashlib
import io
import os
import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image

from catalog_sync.catalogue.covers import PictureFiles
from catalog_sync.core.model import CoverFit
from catalog_sync.core.ports import Picture, PictureUnreadable

from .conftest import Shop, picture

MAX = 2 * 1024 * 1024


def goods(cover: str) -> str:
    return f"goods:\n  cup:\n    name: 龙井茶具套装\n    cover: {cover}\n    price: 5\n    url: pages/a\n"


def identity(data: bytes) -> str:
    return "sha256:" + hashlib.sha256(data).hexdigest()


def animated(kind: str, side: int = 300) -> bytes:
    out = io.BytesIO()
    frames = [Image.new("RGB", (side, side), color) for color in ("red", "green", "blue")]
    frames[0].save(out, kind, save_all=True, append_images=frames[1:])
    return out.getvalue()


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few hundred bytes that says it is this large."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"\0" * 100_000)) + chunk(b"IEND", b"")


def padded(size: int) -> bytes:
    """A picture of exactly this many bytes."""
    data = picture(10, 10)
    return data + b"\0" * (size - len(data))


RIGHT = {
    "PNG": ("a.png", picture()),
    "JPEG": ("a.jpg", picture(kind="JPEG")),
    "GIF": ("a.gif", picture(kind="GIF")),
    "a moving GIF": ("a.gif", animated("GIF")),
    "a moving PNG": ("a.png", animated("PNG")),
    "a PNG that says it is a JPEG": ("a.jpg", picture()),
    "a JPEG without an ending": ("a", picture(kind="JPEG")),
    "one pixel": ("a.png", picture(1, 1)),
    "with transparency": ("a.png", picture(mode="RGBA")),
    "a palette": ("a.png", picture(mode="P")),
    "CMYK": ("a.jpg", picture(kind="JPEG", mode="CMYK")),
    "exactly 2 MB": ("a.png", padded(MAX)),
}


@pytest.mark.parametrize(("name", "data"), RIGHT.values(), ids=RIGHT.keys())
def test_right_covers(shop: Shop, name: str, data: bytes) -> None:
    item = shop.items({"catalog.yaml": goods(name), name: data})["cup"]
    assert item.values[1] == identity(data)
    assert item.picture_path == str(shop.root / name)


WRONG = {
    "301 wide": (picture(301, 300), "has 301 x 300 pixels, at most 300 x 300 (a.png)"),
    "301 high": (picture(300, 301), "has 300 x 301 pixels, at most 300 x 300 (a.png)"),
    "a large photo": (picture(4000, 3000, "JPEG"), "has 4000 x 3000 pixels, at most 300 x 300 (a.png)"),
    "2 MB and one byte": (padded(MAX + 1), "is larger than 2 MB (2097153 bytes) (a.png)"),
    "nothing": (b"", "must be PNG, JPEG or GIF, found something else (a.png)"),
    "a text": (b"hello", "must be PNG, JPEG or GIF, found something else (a.png)"),
    "WebP": (picture(kind="WEBP"), "must be PNG, JPEG or GIF, found WebP (a.png)"),
    "BMP": (picture(kind="BMP"), "must be PNG, JPEG or GIF, found BMP (a.png)"),
    "TIFF": (picture(kind="TIFF"), "must be PNG, JPEG or GIF, found TIFF (a.png)"),
    "SVG": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "must be PNG, JPEG or GIF, found SVG (a.png)"),
    "half a PNG": (picture()[:200], "is broken or truncated (a.png)"),
    "half a JPEG": (picture(kind="JPEG")[:1500], "is broken or truncated (a.png)"),
    "half a GIF": (picture(kind="GIF")[:500], "is broken or truncated (a.png)"),
    "only the start of a PNG": (picture()[:20], "is broken or truncated (a.png)"),
    "only the start of a GIF": (b"GIF89a", "is broken or truncated (a.png)"),
    "a PNG with a broken chunk": (picture().replace(b"IDAT", b"IDAX"), "is broken or truncated (a.png)"),
    "a bomb": (bomb(30_000, 30_000), "has too many pixels to be decoded (a.png)"),
    "a smaller bomb": (bomb(10_000, 10_000), "has too many pixels to be decoded (a.png)"),
    "a bomb that would be decoded": (bomb(300, 300), "is broken or truncated (a.png)"),
}


@pytest.mark.parametrize(("data", "message"), WRONG.values(), ids=WRONG.keys())
def test_wrong_covers(shop: Shop, data: bytes, message: str) -> None:
    line = f"catalog.yaml:4:12: goods.cup.cover: {message}"
    assert shop.lines({"catalog.yaml": goods("a.png"), "a.png": data}) == [line]


@pytest.mark.parametrize("fit", ["pad", "crop"])
def test_large_covers_are_right_where_they_are_made_to_fit(shop: Shop, fit: str) -> None:
    files: dict[str, str | bytes] = {"catalog.yaml": f"policy: {{cover_fit: {fit}}}\n" + goods("a.png")}
    assert list(shop.items({**files, "a.png": picture(4000, 3000, "JPEG")})) == ["cup"]
    where = "catalog.yaml:5:12: goods.cup.cover:"
    assert shop.lines({**files, "a.png": picture(4000, 3000, "JPEG")[:20_000]}) == [
        f"{where} is broken or truncated (a.png)"
    ]
    assert shop.lines({**files, "a.png": bomb(10_000, 10_000)}) == [
        f"{where} has too many pixels to be decoded (a.png)"
    ]
    assert shop.lines({**files, "a.png": animated("GIF", 301)}) == [
        f"{where} warning: only the first frame is kept when it is made to fit (a.png)"
    ]


def test_the_policy_may_stand_after_the_goods(shop: Shop) -> None:
    text = goods("a.png") + "policy: {cover_fit: pad}\n"
    assert list(shop.items({"catalog.yaml": text, "a.png": picture(500, 500)})) == ["cup"]


def test_a_cover_is_found_from_the_file_that_names_it(shop: Shop) -> None:
    files: dict[str, str | bytes] = {
        "catalog.yaml": "include: [goods/b.yaml]\n" + goods("a.png").replace("pages/a", "pages/b"),
        "a.png": picture(),
        "goods/b.yaml": goods("a.png").replace("cup", "mug"),
        "goods/a.png": picture(200),
    }
    items = shop.items(files)
    assert items["cup"].picture_path == str(shop.root / "a.png")
    assert items["mug"].picture_path == str(shop.root / "goods/a.png")


def test_a_pipe_as_cover_is_not_waited_for(shop: Shop) -> None:
    os.mkfifo("a.png")
    assert shop.lines(goods("a.png")) == [
        "catalog.yaml:4:12: goods.cup.cover: must be a file (a device or pipe) (a.png)"
    ]


def refuse(url: str) -> bytes:
    raise AssertionError(url)


def source(fit: CoverFit = CoverFit.ERROR, **fetched: bytes) -> PictureFiles:
    """Pictures as live goods want them; `fetched` has the bytes by the last part of a link."""
    fetch = (lambda url: fetched[url.rpartition("/")[2]]) if fetched else refuse
    return PictureFiles(fetch, fit=fit, max_bytes=MAX, max_side=300)


@pytest.mark.parametrize(("kind", "told"), [("PNG", "png"), ("JPEG", "jpeg"), ("GIF", "gif")])
def test_a_file_that_fits_is_uploaded_as_it_is(shop: Shop, kind: str, told: str) -> None:
    data = picture(kind=kind)
    shop.write({"x": data})
    for fit in CoverFit:
        assert source(fit).read(identity(data), "x") == Picture(data, told)


def test_a_file_that_was_changed_is_not_uploaded(shop: Shop) -> None:
    shop.write({"x": picture(299)})
    with pytest.raises(PictureUnreadable, match=r"^the picture was changed since the plan$") as caught:
        source().read(identity(picture()), "x")
    assert caught.value.hint == "plan again"


def test_a_file_that_is_gone_is_not_uploaded(shop: Shop) -> None:
    with pytest.raises(PictureUnreadable, match=r"^the file does not exist$") as caught:
        source().read(identity(picture()), "none.png")
    assert caught.value.hint == "put the picture back and plan again"


def test_links_are_fetched_and_checked_as_files_are() -> None:
    good, large, junk = picture(), picture(301), b"<html>"
    shelf = source(good=good, large=large, junk=junk, heavy=padded(MAX + 1))
    assert shelf.read("https://a.cn/good", None) == Picture(good, "png")
    for name, reason, hint in (
        ("large", "has 301 x 300 pixels, more than 300 x 300", "set policy.cover_fit to pad or crop"),
        ("junk", "must be PNG, JPEG or GIF, found something else", "use another picture"),
        ("heavy", "has more than 2097152 bytes", "use another picture"),
    ):
        with pytest.raises(PictureUnreadable) as caught:
            shelf.read(f"https://a.cn/{name}", None)
        assert (caught.value.reason, caught.value.hint) == (reason, hint)


def opened(made: Picture) -> Image.Image:
    return Image.open(io.BytesIO(made.content)).convert("RGB")


def flag(width: int, height: int, exif_turn: int = 1) -> bytes:
    """Red above blue, as a JPEG with this EXIF orientation."""
    image = Image.new("RGB", (width, height), "red")
    image.paste("blue", (0, height // 2, width, height))
    exif = Image.Exif()
    exif[0x0112] = exif_turn
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif, quality=95)
    return out.getvalue()


def color(image: Image.Image, x: int, y: int) -> str:
    found = image.getpixel((x, y))
    assert isinstance(found, tuple)
    names = {"red": (254, 0, 0), "blue": (0, 0, 254), "white": (255, 255, 255)}
    return min(names, key=lambda name: sum(abs(a - b) for a, b in zip(names[name], found, strict=True)))


def test_pad_keeps_the_whole_picture_on_white() -> None:
    made = source(CoverFit.PAD, x=flag(600, 300)).read("https://a.cn/x", None)
    image = opened(made)
    assert (made.type, image.size) == ("jpeg", (300, 300))
    assert [color(image, 150, y) for y in (20, 100, 200, 280)] == ["white", "red", "blue", "white"]


def test_crop_fills_the_square_from_the_middle() -> None:
    made = source(CoverFit.CROP, x=flag(600, 1200)).read("https://a.cn/x", None)
    image = opened(made)
    assert (made.type, image.size) == ("jpeg", (300, 300))
    assert [color(image, 150, y) for y in (5, 140, 160, 295)] == ["red", "red", "blue", "blue"]


@pytest.mark.parametrize(("turn", "above", "below"), [(1, "red", "blue"), (3, "blue", "red")])
def test_the_turn_that_exif_asks_for_is_applied(turn: int, above: str, below: str) -> None:
    image = opened(source(CoverFit.CROP, x=flag(400, 400, turn)).read("https://a.cn/x", None))
    assert (color(image, 150, 50), color(image, 150, 250)) == (above, below)
    assert not image.getexif()


def test_a_quarter_turn_is_applied_before_it_is_fitted() -> None:
    image = opened(source(CoverFit.PAD, x=flag(600, 300, 6)).read("https://a.cn/x", None))
    assert [color(image, x, 150) for x in (20, 100, 200, 280)] == ["white", "blue", "red", "white"]


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "P", "L", "LA", "1", "I;16"])
def test_every_mode_of_a_large_png_is_made_to_fit(mode: str) -> None:
    made = source(CoverFit.PAD, x=picture(400, 500, mode=mode)).read("https://a.cn/x", None)
    assert (made.type, opened(made).size) == ("png", (300, 300))


def test_16_bits_of_grey_keep_their_shade() -> None:
    out = io.BytesIO()
    Image.new("I;16", (400, 400), 40000).save(out, "PNG")
    image = opened(source(CoverFit.CROP, x=out.getvalue()).read("https://a.cn/x", None))
    assert image.getpixel((150, 150)) == (156, 156, 156)


def test_what_shines_through_becomes_white() -> None:
    image = opened(source(CoverFit.CROP, x=picture(400, 400, mode="RGBA")).read("https://a.cn/x", None))
    assert color(image, 150, 150) == "white"


def test_the_first_frame_of_a_large_moving_picture_is_kept() -> None:
    made = source(CoverFit.CROP, x=animated("GIF", 400)).read("https://a.cn/x", None)
    assert made.type == "png"
    assert color(opened(made), 150, 150) == "red"


def test_each_file_is_read_once(shop: Shop) -> None:
    """A cover that is gone after its first look is still known: it was hashed and checked then."""
    rows = "".join(f"k{n},龙井茶具{n},{'./' * n}a.png,5,pages/{n}\n" for n in range(10))
    Path("a.png").write_bytes(picture())
    files = {"catalog.yaml": "include: [g.csv]\n", "g.csv": "key,name,cover,price,url\n" + rows}
    items = shop.items(files)
    assert len({id(item.values[1]) for item in items.values()}) == 1
