"""Tokens that another program keeps in a file, as service providers do for the shops that trust them."""

from __future__ import annotations

from pathlib import Path
from threading import Lock

from catalog_sync.core.errors import AuthFailed
from catalog_sync.core.sentence import Sentence
from catalog_sync.wechat.token import TOKEN, TokenRefused


class TokenFile:
    """The token that a file holds now: it is read for each call, for whoever keeps it writes a new one in time."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = Lock()
        self._refused: str | None = None

    def get(self) -> str:
        """The first line of the file. AuthFailed when it holds none; see `TokenSource`."""
        try:
            line = self._path.read_text(encoding="utf-8").partition("\n")[0].strip()
        except (OSError, UnicodeDecodeError):
            raise AuthFailed(f"the token's file cannot be read: {self._path}", hint="check its path and mode") from None
        if not TOKEN.fullmatch(line):
            raise AuthFailed(f"there is no token in {self._path}", hint="its first line has to be the token alone")
        with self._lock:
            if line == self._refused:
                told = Sentence("the token in {path} is refused", path=str(self._path))
                raise TokenRefused(told, errcode=40001, hint="who keeps it has to write a new one")
        return line

    def renew(self, refused_token: str) -> None:
        """See `TokenSource`."""
        with self._lock:
            self._refused = refused_token
