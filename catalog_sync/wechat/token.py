"""Where access tokens come from: the app's secret, or a ready token (a command: `token_command`). None is ever written
to disk."""

from __future__ import annotations

import re
import threading
from typing import Protocol

from catalog_sync.core.errors import AuthFailed, Effect, InDoubt, NotSent, UsageError
from catalog_sync.core.ports import Clock
from catalog_sync.wechat import json_text
from catalog_sync.wechat.answer import Answer
from catalog_sync.wechat.codes import BUSY, COMMON, UNKNOWN
from catalog_sync.wechat.http import Door, Message

TOKEN_CALL = "token"  # noqa: S105 - the call's name in messages
LAST_MINUTES = 300.0
"""C-doc stable_token: the same token is answered until some 5 minutes before its end, from then on a new one."""
FORCE_GAP = 30.0
"""C-doc stable_token: force_refresh at most 20 times a day, at least 30 s apart."""
TOKEN = re.compile(r"[\x21-\x7e]{1,4096}")
"""What a token can be: it goes into a query string, and is otherwise none of our business."""
_ADDRESS = re.compile(r"(?<![\w.:])((?:[0-9]{1,3}\.){3}[0-9]{1,3}|(?:[0-9A-Fa-f]*:){2,}[0-9A-Fa-f:.]*)")


class TokenRefused(AuthFailed):
    """The platform gives no token, or refuses the one that there is: asking again will not help."""

    def __init__(self, message: str, *, errcode: int, errmsg: str = "", hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.errcode = errcode
        self.errmsg = errmsg


class TokenSource(Protocol):
    """Gives access tokens. Safe for many threads: one of them fetches, the others wait for it."""

    def get(self) -> str:
        """The token to use now.

        AuthFailed (TokenRefused where the platform said so) when there will be none; NotSent when there is none now.
        """
        ...

    def renew(self, refused_token: str) -> None:
        """Take note that the platform refused this token, so that the next `get` gives another. Nothing happens when
        there is another one already."""
        ...


class SecretToken:
    """Tokens by the app's secret through POST /cgi-bin/stable_token, in memory only.

    stable_token and not /cgi-bin/token: fetching it does not end the tokens of the app's other programs (C-doc, checked
    2026-11-21). It is fetched anew shortly before its end on the platform's clock.
    """

    def __init__(self, door: Door, appid: str, secret: str, clock: Clock) -> None:
        self._door = door
        self._appid = appid
        self._secret = secret
        self._clock = clock
        self._lock = threading.Lock()
        self._token: str | None = None
        self._good_until = 0.0
        self._refused: str | None = None
        self._forced_at: float | None = None

    def get(self) -> str:
        """The token to use now; one call when there is none. See `TokenSource`."""
        with self._lock:
            if self._token is None or self._door.clock.now() >= self._good_until:
                self._fetch()
            return self._token or ""

    def renew(self, refused_token: str) -> None:
        """See `TokenSource`."""
        with self._lock:
            if self._token in (refused_token, None):
                self._token, self._refused = None, refused_token

    def _fetch(self) -> None:
        """Ask in the normal way first: another program may have renewed the token already. Only when the refused token
        comes back, force a new one: that ends the old one for everybody, and is limited."""
        token = self._ask(force=False)
        if token == self._refused:
            self._wait_to_force()
            token = self._ask(force=True)
        if token == self._refused:
            raise TokenRefused("the platform gives the refused token again", errcode=40001, hint=COMMON[40001].hint)
        self._token = token

    def _ask(self, *, force: bool) -> str:
        asked = {"grant_type": "client_credential", "appid": self._appid, "secret": self._secret}
        body = json_text.write({**asked, "force_refresh": True} if force else asked)
        message = Message(
            TOKEN_CALL, "POST", "/cgi-bin/stable_token", body=body, secrets=(self._secret, self._refused or "")
        )
        answer = self._answered(message)
        token, seconds = answer.body.get("access_token"), answer.body.get("expires_in")
        if not isinstance(token, str) or not TOKEN.fullmatch(token):
            raise NotSent(TOKEN_CALL, "the platform's answer holds no token")
        life = float(seconds) if isinstance(seconds, int) and 0 < seconds <= 7 * 86400 else LAST_MINUTES
        self._good_until = self._door.clock.now() + max(life - LAST_MINUTES, life / 2)
        return token

    def _answered(self, message: Message) -> Answer:
        try:
            answer = self._door.send(message)
        except InDoubt as error:
            failed = NotSent(TOKEN_CALL, error.reason, hint=error.hint)
        else:
            _raise_unless_given(answer)
            return answer
        raise failed

    def _wait_to_force(self) -> None:
        now = self._clock.monotonic()
        if self._forced_at is not None and now - self._forced_at < FORCE_GAP:
            self._clock.sleep(FORCE_GAP - (now - self._forced_at))
        self._forced_at = self._clock.monotonic()


def _raise_unless_given(answer: Answer) -> None:
    if answer.errcode == 0:
        return
    code = COMMON.get(answer.errcode, UNKNOWN)
    reason = f"{code.meaning} (errcode {answer.errcode})"
    if code is BUSY or code.effect is Effect.MINUTE:
        raise NotSent(TOKEN_CALL, reason, hint=code.hint)
    hint = _allow_list_hint(answer.errmsg) if answer.errcode == 40164 else code.hint
    raise TokenRefused(f"no token: {reason}", errcode=answer.errcode, errmsg=answer.errmsg, hint=hint)


def _allow_list_hint(errmsg: str) -> str:
    """Name the address that the platform saw: `invalid ip 1.2.3.4 ipv6 ::ffff:1.2.3.4, not in whitelist` (OBS)."""
    found = _ADDRESS.search(errmsg)
    return f"allow-list this address{': ' + found[1] if found else ''}, in the mini program console"


class ReadyToken:
    """A token from the environment: a central token server's, or a service provider's authorizer token. No token call
    is made, and once it is refused there is no other."""

    def __init__(self, token: str) -> None:
        """UsageError for text that no token can be."""
        if not TOKEN.fullmatch(token):
            raise UsageError("CATALOG_SYNC_ACCESS_TOKEN is no token", hint="it has blanks or characters outside ASCII")
        self._token = token
        self._refused = False

    def get(self) -> str:
        """The token. TokenRefused once it was refused."""
        if self._refused:
            raise TokenRefused(
                "the platform refuses the token of CATALOG_SYNC_ACCESS_TOKEN",
                errcode=40001,
                hint="put a new token there, or use CATALOG_SYNC_SECRET or CATALOG_SYNC_TOKEN_COMMAND",
            )
        return self._token

    def renew(self, refused_token: str) -> None:
        """See `TokenSource`."""
        self._refused = self._refused or refused_token == self._token


class NoToken:
    """For a run that sends nothing: it works without a secret, and with one it does not ask for a token."""

    def get(self) -> str:
        """AuthFailed: nothing may be sent."""
        raise AuthFailed("this run sends nothing, and has no token")

    def renew(self, refused_token: str) -> None:
        """See `TokenSource`."""
