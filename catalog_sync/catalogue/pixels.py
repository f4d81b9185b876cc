"""What is in a picture's bytes, by Pillow: its format, its size, whether it is whole, and made to fit a square.

Bytes come from outside: only three decoders are ever tried, and none for more pixels than `MAX_PIXELS`.
"""

from __future__ import annotations

import io
import struct
import threading
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from catalog_sync.core.entry import Code
from catalog_sync.core.sentence import Sentence

if TYPE_CHECKING:  # at run time it is imported where a picture is opened: most commands open none
    from PIL import Image

MAX_PIXELS = 50_000_000
"""A picture with more is not decoded: 200 MB in memory, far over every camera that makes covers."""

FORMATS = {"PNG": "png", "JPEG": "jpeg", "MPO": "jpeg", "GIF": "gif"}
"""Pillow's names, and ours. MPO is a JPEG file with more pictures behind the first, as phones write it."""

_BROKEN = (OSError, SyntaxError, ValueError, EOFError, KeyError, IndexError, struct.error, zlib.error, MemoryError)
"""What Pillow's three decoders raise for broken files (observed, Pillow 11 to 13)."""

_BACKGROUND = (255, 255, 255)  # the ground of the live room's cards

# Pillow's limit on pixels is a warning, and the warnings filter belongs to the whole process.
_LOCK = threading.Lock()

_OURS = (b"\x89PNG", b"\xff\xd8", b"GIF8")

_OTHERS = (
    (b"RIFF", "WebP"),
    (b"BM", "BMP"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"%PDF", "PDF"),
    (b"<svg", "SVG"),
    (b"<?xml", "XML"),
)


class BadPicture(Exception):
    """A picture that cannot be used, and why."""

    def __init__(self, code: Code, summary: str) -> None:
        super().__init__(summary)
        self.code = code
        self.summary = summary


class Header(NamedTuple):
    """What a picture says of itself: `png`, `jpeg` or `gif`, and its size."""

    type: str
    width: int
    height: int
    animated: bool

    @property
    def pixels(self) -> int:
        """Width times height."""
        return self.width * self.height


def header(data: bytes) -> Header:
    """The format by content, whatever the file's name ends in, and the size; nothing is decoded."""
    with _opened(data) as image:
        animated = bool(getattr(image, "is_animated", False)) and image.format != "MPO"
        return Header(FORMATS[image.format or ""], image.width, image.height, animated)


def check_whole(data: bytes) -> None:
    """Decode the first frame to its end; raises `BadPicture` where that is not possible."""
    with _opened(data) as image:
        image.load()


def fitted(data: bytes, side: int, *, crop: bool) -> tuple[bytes, str]:
    """The picture as a square of `side` pixels, and its format: turned as its EXIF says, then shrunk and either padded
    with white or cropped in the middle. Of a moving picture the first frame is taken."""
    from PIL import ImageOps  # noqa: PLC0415 - see above

    with _opened(data) as image:
        upright = ImageOps.exif_transpose(image)
        picture = _on_white(upright)
        square = (side, side)
        made = ImageOps.fit(picture, square) if crop else ImageOps.pad(picture, square, color=_BACKGROUND)
        return _encoded(made, "JPEG" if image.format in {"JPEG", "MPO"} else "PNG")


def thumbnail(data: bytes, side: int) -> bytes:
    """The picture as a JPEG of at most `side` pixels a side, its shape kept."""
    from PIL import ImageOps  # noqa: PLC0415 - see above

    with _opened(data) as image:
        image.draft("RGB", (2 * side, 2 * side))
        picture = _on_white(ImageOps.exif_transpose(image))
        picture.thumbnail((side, side))
        out = io.BytesIO()
        picture.save(out, "JPEG", optimize=True, quality=72)
        return out.getvalue()


def _on_white(image: Image.Image) -> Image.Image:
    """RGB: what shines through becomes white, as on the cards."""
    from PIL import Image  # noqa: PLC0415 - see above

    if image.mode.startswith("I"):  # 16 bits of grey, which Pillow would cut off at 255 instead of scaling
        image = image.convert("I").point(lambda grey: grey / 256).convert("L")
    rgba = image.convert("RGBA")
    ground = Image.new("RGBA", rgba.size, (*_BACKGROUND, 255))
    return Image.alpha_composite(ground, rgba).convert("RGB")


def _encoded(image: Image.Image, kind: str) -> tuple[bytes, str]:
    out = io.BytesIO()
    image.save(out, kind, optimize=True, **({"quality": 90} if kind == "JPEG" else {}))
    return out.getvalue(), FORMATS[kind]


@contextmanager
def _opened(data: bytes) -> Iterator[Image.Image]:
    """The picture, ready to be decoded; Pillow's errors become `BadPicture`, here and in the body."""
    from PIL import Image, UnidentifiedImageError  # noqa: PLC0415 - see above

    try:
        with _LOCK, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "GIF")) as image:
                _check_pixels(image)
                yield image
    except UnidentifiedImageError:
        if data.startswith(_OURS):
            raise BadPicture(Code.PICTURE_UNREADABLE, "is broken or truncated") from None
        raise BadPicture(
            Code.PICTURE_FORMAT, Sentence("must be PNG, JPEG or GIF, found {type}", type=_other(data))
        ) from None
    except Image.DecompressionBombError:
        raise BadPicture(Code.PICTURE_PIXELS, "has too many pixels to be decoded") from None
    except _BROKEN:
        raise BadPicture(Code.PICTURE_UNREADABLE, "is broken or truncated") from None


def _check_pixels(image: Image.Image) -> None:
    if image.width * image.height > MAX_PIXELS:
        raise BadPicture(Code.PICTURE_PIXELS, "has too many pixels to be decoded")


def _other(data: bytes) -> str:
    return next((name for start, name in _OTHERS if data.startswith(start)), "something else")
