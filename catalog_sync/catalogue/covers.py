"""Pictures on disk: what the catalogue may name, and the bytes that are uploaded at apply.

Vendor: a cover is PNG, JPEG or GIF, at most 300 x 300 pixels (goods page, add) and, by the stricter of two pages, at
most 2 MB (media upload). Checked 2026-11-21.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable
from urllib.parse import SplitResult, urlsplit

from catalog_sync.catalogue.pixels import BadPicture, Header, check_whole, fitted, header
from catalog_sync.catalogue.sources import Folder, read_file
from catalog_sync.catalogue.syntax import BadFile
from catalog_sync.core.entry import Code, PictureFacts, PictureProblem, Source, shown
from catalog_sync.core.model import KEEP, CoverFit
from catalog_sync.core.ports import Picture, PictureUnreadable
from catalog_sync.core.sentence import with_found

SMALL = 1000 * 1000
"""Pixels of a picture that is decoded when it is first looked at: some 10 ms at most."""

_PICTURE_CODES = {
    Code.FILE_UNREADABLE: Code.PICTURE_UNREADABLE,
    Code.FILE_TOO_LARGE: Code.PICTURE_BYTES,
}


class LocalPictures:
    """The pictures that a catalogue names (see `core.entry.Pictures`). In a load a file is read once for each limit."""

    def __init__(self, folder: Folder) -> None:
        self._folder = folder
        self._by_name: dict[tuple[str, str, int], PictureFacts | PictureProblem] = {}
        self._by_path: dict[tuple[str, int], PictureFacts | PictureProblem] = {}

    def look(self, source: Source, text: str, max_bytes: int) -> PictureFacts | PictureProblem:
        """What the picture is; a URL is judged by its text and fetched only at apply."""
        if text == KEEP or _PLAIN_LINK.fullmatch(text):
            return PictureFacts(text)
        if "://" in text:
            return _url(text)
        name = (source.folder, text, max_bytes)
        known = self._by_name.get(name)
        if known is None:
            known = self._by_name[name] = self._first_look(source.folder, text, max_bytes)
        return known

    def _first_look(self, folder: str, text: str, max_bytes: int) -> PictureFacts | PictureProblem:
        path = self._folder.resolve(folder, text)
        if path is None:
            return _outside(text)
        file = (path, max_bytes)
        if file not in self._by_path:
            self._by_path[file] = _file(path, text, max_bytes)
        return self._by_path[file]

    def decode(self, facts: PictureFacts, text: str) -> PictureProblem | None:
        """Decode a large picture to its end."""
        if facts.path is None:
            return None
        try:
            check_whole(read_file(facts.path))
        except (BadFile, BadPicture) as problem:
            return PictureProblem(problem.code, with_found(problem.summary, shown(text)))
        return None


_PLAIN_LINK = re.compile(r"https://[a-z0-9-]+(?:\.[a-z0-9-]+)+/[A-Za-z0-9._~/?=&%+,-]*")
"""A link of the common form, with which nothing is wrong: there may be one for each item, and `_url` takes long."""


def _url(text: str) -> PictureFacts | PictureProblem:
    """Only what would be fetched at apply: https on 443, a host, no secret in it."""
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return PictureProblem(Code.PICTURE_URL, with_found("is no link", shown(text)))
    wrong = next((words for words, is_wrong in _LINK_RULES if is_wrong(text, parts)), "")
    if port not in {None, 443}:
        wrong = wrong or "a link's port must be 443"
    return PictureProblem(Code.PICTURE_URL, with_found(wrong, _link(text, parts))) if wrong else PictureFacts(text)


def _link(text: str, parts: SplitResult) -> str:
    """The link for a message, without a password that it may hold."""
    user, at, _host = parts.netloc.rpartition("@")
    return shown(text.replace(user + at, "***@", 1) if at else text)


_LINK_RULES: tuple[tuple[str, Callable[[str, SplitResult], bool]], ...] = (
    ("a link must begin with https://", lambda _text, parts: parts.scheme != "https"),
    ("a link has no spaces", lambda text, _parts: not text.isprintable() or " " in text),
    ("a link must not hold a user name or password", lambda _text, parts: "@" in parts.netloc),
    ("a link needs a host", lambda _text, parts: not parts.hostname),
    ("a link to a picture has no fragment (#)", lambda text, _parts: "#" in text),
)


def _outside(text: str) -> PictureProblem:
    if os.path.isabs(text):  # noqa: PTH117 - a text of the catalogue, not a path yet
        summary = with_found("must be relative to the file that names it", shown(text))
    else:
        summary = with_found("leaves the catalogue's folder", shown(text))
    return PictureProblem(Code.PICTURE_OUTSIDE, summary)


def _file(path: str, text: str, max_bytes: int) -> PictureFacts | PictureProblem:
    try:
        data = read_file(path, missing=Code.PICTURE_MISSING, max_bytes=max_bytes)
        head = header(data)
        if head.pixels <= SMALL:
            check_whole(data)
    except (BadFile, BadPicture) as problem:
        code = _PICTURE_CODES.get(problem.code, problem.code)
        return PictureProblem(code, with_found(problem.summary, shown(text)))
    whole = head.pixels <= SMALL
    return PictureFacts(_identity(data), path, head.type, head.width, head.height, head.animated, whole)


def _identity(data: bytes) -> str:
    return "sha256:" + hashlib.sha256(data).hexdigest()


class PictureFiles:
    """Where an upload's bytes come from (see `core.ports.PictureSource`): files, and `fetch` for links.

    `max_side` is the most pixels that a side may have (None: any), `fit` what is done with more. A file must still have
    the bytes that its identity names: the plan was made and shown with those.
    """

    def __init__(
        self,
        fetch: Callable[[str], bytes],
        *,
        fit: CoverFit,
        max_bytes: int,
        max_side: int | None,
    ) -> None:
        self._fetch = fetch
        self._fit = fit
        self._max_bytes = max_bytes
        self._max_side = max_side

    def read(self, identity: str, path: str | None) -> Picture:
        """The picture, made to fit where that is asked for; raises `PictureUnreadable`."""
        data = self._fetch(identity) if path is None else same_bytes(identity, path, self._max_bytes)
        try:
            return self._ready(data)
        except BadPicture as problem:
            raise PictureUnreadable(problem.summary, hint=_hint(problem.code)) from None

    def _ready(self, data: bytes) -> Picture:
        head = header(data)
        if self._max_side is None or max(head.width, head.height) <= self._max_side:
            ready = Picture(data, head.type)
        elif self._fit is CoverFit.ERROR:
            raise _too_many_pixels(head, self._max_side)
        else:
            ready = Picture(*fitted(data, self._max_side, crop=self._fit is CoverFit.CROP))
        if len(ready.content) > self._max_bytes:
            raise BadPicture(Code.PICTURE_BYTES, f"has more than {self._max_bytes} bytes")
        return ready


def _too_many_pixels(head: Header, side: int) -> BadPicture:
    summary = f"has {head.width} x {head.height} pixels, more than {side} x {side}"
    return BadPicture(Code.PICTURE_PIXELS, summary)


def same_bytes(identity: str, path: str, max_bytes: int) -> bytes:
    """The bytes that the identity names; raises `PictureUnreadable` where the file has others by now."""
    try:
        data = read_file(path, max_bytes=max_bytes)
    except BadFile as problem:
        raise PictureUnreadable(problem.summary, hint="put the picture back and plan again") from None
    if _identity(data) != identity:
        raise PictureUnreadable("the picture was changed since the plan", hint="plan again")
    return data


def _hint(code: Code) -> str:
    return "set policy.cover_fit to pad or crop" if code is Code.PICTURE_PIXELS else "use another picture"
