"""Temporary pictures: uploaded, good for three days, then the bytes stay only where goods took them.

DOC (media upload page): PNG, JPEG, JPG, GIF; three days; may be used again within them. The page says 2 MB in one place
and 10 MB in another: a setting.
"""

import hashlib
import secrets
from dataclasses import dataclass

from catalog_sync.emulator.errors import Refusal
from catalog_sync.emulator.pictures import Picture, read_picture

LIFE = 3 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Media:
    """One upload: its id, when, and which picture (`sha256` of the bytes)."""

    media_id: str
    born: float
    sha256: str
    kind: str
    width: int
    height: int


class MediaShelf:
    """The uploads of one app."""

    def __init__(self) -> None:
        self._media: dict[str, Media] = {}

    def __len__(self) -> int:
        return len(self._media)

    def take(self, media_id: str, now: float) -> Media:
        """Give the picture of this app with this id; 300006 where it is expired, foreign or unknown (OBS)."""
        media = self._media.get(media_id)
        if media is None or now - media.born >= LIFE:
            raise Refusal(300006, "goods img upload fail")
        return media

    def keep(self, media: Media) -> Media:
        """Put an upload on the shelf."""
        self._media[media.media_id] = media
        return media


def make_media(content: bytes, picture: Picture, now: float) -> Media:
    """Give an upload its id."""
    sha256 = hashlib.sha256(content).hexdigest()
    return Media(secrets.token_urlsafe(48), now, sha256, picture.kind, picture.width, picture.height)


def judge_upload(content: bytes, most_bytes: int, oversize_code: int) -> Picture:
    """Read an uploaded picture, or raise the platform's refusal."""
    if not content:
        raise Refusal(41005, "media data missing")
    picture = read_picture(content)
    if picture is None:
        raise Refusal(40005, "invalid file type")
    if len(content) > most_bytes:
        raise Refusal(oversize_code, "invalid image size" if oversize_code == 40009 else "invalid meida size")
    return picture
