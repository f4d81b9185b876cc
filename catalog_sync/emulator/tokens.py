"""Access tokens of one app: who may call, and how long.

DOC (access token page of the open platform): a token lives 7200 s; a newer one from `/cgi-bin/token` replaces it, and
both work for about five minutes. `stable_token` lives apart: normal mode gives the same token until about five minutes
before its end; a forced refresh ends the old one at once.
"""

import re
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from catalog_sync.emulator.errors import Refusal

LIFE = 7200
OVERLAP = 300
FORCED_GAP = 30
LONGEST_TOKEN = 512
SHAPE = re.compile(rf"[A-Za-z0-9_-]{{64,{LONGEST_TOKEN}}}")


@dataclass(frozen=True, slots=True)
class Token:
    """A token of one of the kinds `plain`, `stable`, `handed` (given ready by the control plane)."""

    text: str
    kind: str
    born: float
    ends: float
    newest: bool = True


class Tokens:
    """The tokens of one app. `tell` is told the text of each token that is taken in."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell = tell
        self._tokens: dict[str, Token] = {}
        self._newest: dict[str, Token] = {}
        self._last_forced = float("-inf")
        self._changed: set[str] = set()

    def fetch(self, now: float) -> Token:
        """Make the token that `/cgi-bin/token` answers; the one before it works for five minutes more."""
        old = self._newest.get("plain")
        if old is not None and old.text in self._tokens:
            self.keep(replace(old, ends=min(old.ends, now + OVERLAP), newest=False))
        return self._make("plain", now)

    def stable(self, now: float) -> Token:
        """Give the stable token, or a new one when it is about to end."""
        token = self._newest.get("stable")
        if token is not None and token.text in self._tokens and token.ends - now > OVERLAP:
            return token
        return self._make("stable", now)

    def force(self, now: float) -> Token:
        """Make a new stable token and end the old one. 45011 within 30 s of the last time (DOC)."""
        if now - self._last_forced < FORCED_GAP:
            raise Refusal(45011, "api minute-quota reach limit, must slower")
        self._last_forced = now
        old = self._newest.get("stable")
        if old is not None:
            self.kill(old.text)
        return self._make("stable", now)

    def hand(self, now: float) -> Token:
        """Make a token that no client fetched: what a central token server gives out."""
        return self._make("handed", now)

    def kill(self, text: str) -> None:
        """Make a token dead at once; the next fetch gives another one."""
        self._tokens.pop(text, None)
        self._changed.add(text)

    def refuse_unless_valid(self, text: str, now: float, superseded_code: int) -> None:
        """Raise the platform's refusal unless this token opens the app."""
        token = self._tokens.get(text)
        if token is None:
            raise Refusal(40001, "invalid credential, access_token is invalid or not latest")
        if now < token.ends:
            return
        if token.newest:
            raise Refusal(42001, "access_token expired")
        raise Refusal(superseded_code, "invalid credential, access_token is invalid or not latest")

    def keep(self, token: Token) -> Token:
        """Take a token in, a new one or one of an earlier run."""
        self._tokens[token.text] = token
        self._changed.add(token.text)
        self._tell(token.text)
        if token.newest:
            self._newest[token.kind] = token
        return token

    def drain(self) -> Iterator[tuple[str, Token | None]]:
        """Give the tokens that changed since the last time; None: it is gone."""
        changed, self._changed = self._changed, set()
        return ((text, self._tokens.get(text)) for text in changed)

    def _make(self, kind: str, now: float) -> Token:
        token = Token(f"91_{secrets.token_urlsafe(96)}", kind, now, now + LIFE)
        for old in [text for text, one in self._tokens.items() if one.ends + LIFE < now]:
            self.kill(old)
        return self.keep(token)


def refuse_unless_shaped(text: str) -> None:
    """Raise 41001 for no token and 40014 for what cannot be one."""
    if not text:
        raise Refusal(41001, "access_token missing")
    if not SHAPE.fullmatch(text):
        raise Refusal(40014, "invalid access_token")
