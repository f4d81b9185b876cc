"""Pictures that were fetched, saved beside a catalogue: named by their key and what they hold, nothing overwritten."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from catalog_sync.catalogue.pixels import BadPicture, check_whole, header
from catalog_sync.catalogue.sources import read_file
from catalog_sync.catalogue.syntax import BadFile
from catalog_sync.core.ports import PictureUnreadable

_ENDINGS = {"png": ".png", "jpeg": ".jpg", "gif": ".gif"}
_UNFIT = re.compile(r"[^A-Za-z0-9._-]|^[^A-Za-z0-9]")
_TRIES = 100


def identity_of(data: bytes) -> str:
    """A picture file's identity (see `core.model.Field`)."""
    return "sha256:" + hashlib.sha256(data).hexdigest()


def save_picture(data: bytes, folder: Path, key: str, *, max_bytes: int, max_side: int | None) -> Path:
    """Save a picture that a catalogue can name; a file that holds it already is taken as it is. Raises
    `PictureUnreadable` for what a catalogue could not name, and where it cannot be written."""
    try:
        head = header(data)
        check_whole(data)
    except BadPicture as problem:
        raise PictureUnreadable(f"it {problem.summary}") from None
    if len(data) > max_bytes or (max_side is not None and max(head.width, head.height) > max_side):
        raise PictureUnreadable(f"it is too large for a cover ({head.width} x {head.height}, {len(data)} bytes)")
    try:
        return _written(data, folder, _UNFIT.sub("_", key)[:100], _ENDINGS[head.type])
    except OSError as problem:
        raise PictureUnreadable(f"it cannot be saved ({(problem.strerror or 'no reason given').lower()})") from None


def _written(data: bytes, folder: Path, stem: str, ending: str) -> Path:
    for number in range(1, _TRIES):
        path = folder / (f"{stem}{ending}" if number == 1 else f"{stem}-{number}{ending}")
        try:
            with path.open("xb") as file:  # follows no link, and overwrites nothing
                file.write(data)
        except FileExistsError:
            if _holds(path, data):
                return path
        else:
            return path
    raise PictureUnreadable(f"it cannot be saved (too many files called {stem})")


def _holds(path: Path, data: bytes) -> bool:
    try:
        return not path.is_symlink() and read_file(str(path), max_bytes=len(data)) == data
    except BadFile:
        return False
