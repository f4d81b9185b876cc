"""Calls with a token: what a system's client makes its reads and writes with."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import TypeAlias

from catalog_sync.core.errors import AuthFailed, Effect, InDoubt, NotSent, Refused
from catalog_sync.core.ports import Clock
from catalog_sync.core.sentence import Sentence
from catalog_sync.wechat import json_text
from catalog_sync.wechat.answer import Answer
from catalog_sync.wechat.codes import Explain, raise_unless_done
from catalog_sync.wechat.http import Door, Message
from catalog_sync.wechat.json_text import Json
from catalog_sync.wechat.retry import Repeats, Schedule
from catalog_sync.wechat.token import TokenRefused, TokenSource

Counted: TypeAlias = Callable[[], None]
"""Called once for each call that was sent."""


def uncounted() -> None:
    """For calls that nobody counts."""


class Tally:
    """How many calls were sent, by pool. Safe for many threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sent: dict[str, int] = {}

    def of(self, pool: str) -> Counted:
        """What counts one call of this pool."""
        return partial(self._add, pool)

    def sent(self) -> dict[str, int]:
        """The counts so far."""
        with self._lock:
            return dict(self._sent)

    def _add(self, pool: str) -> None:
        with self._lock:
            self._sent[pool] = self._sent.get(pool, 0) + 1


class Calls:
    """Sends a system's calls with the token, judges the answers by the system's table, and repeats reads (only reads).

    Reads raise NotSent, Refused (the account, where there is no token because the platform says so), InDoubt, or
    AuthFailed when a token command fails.
    """

    def __init__(
        self, door: Door, tokens: TokenSource, clock: Clock, explain: Explain, schedule: Schedule | None = None
    ) -> None:
        self._door = door
        self._tokens = tokens
        self._clock = clock
        self._explain = explain
        self._schedule = schedule or Schedule()
        self._lock = threading.Lock()
        self._refused: str | None = None

    def platform_now(self) -> float:
        """The platform's clock (see `PlatformClock`)."""
        return self._door.clock.now()

    def pause(self, seconds: float) -> None:
        """Wait on our own clock; ends early when the run is told to stop."""
        self._clock.sleep(seconds)

    def renew(self) -> None:
        """Drop the token that was refused last; the next call fetches a new one."""
        with self._lock:
            refused, self._refused = self._refused, None
        if refused is not None:
            self._tokens.renew(refused)

    def get(self, call: str, path: str, query: Mapping[str, str], counted: Counted = uncounted) -> Answer:
        """A read by GET, repeated as `Repeats` does."""
        return self._read(Message(call, "GET", path, query), counted, self._schedule)

    def ask(
        self,
        call: str,
        path: str,
        body: Json,
        counted: Counted = uncounted,
        schedule: Schedule | None = None,
    ) -> Answer:
        """A read by POST, repeated as `Repeats` does."""
        message = Message(call, "POST", path, body=json_text.write(body))
        return self._read(message, counted, schedule or self._schedule)

    def write(self, call: str, path: str, body: Json) -> Answer:
        """A write: sent once, whatever comes. NotSent, Refused or InDoubt unless it was done."""
        return self.write_message(Message(call, "POST", path, body=json_text.write(body)))

    def write_message(self, message: Message) -> Answer:
        """As `write`, for a body of another kind."""
        try:
            return self._send(message, uncounted)
        except AuthFailed as error:
            failed = NotSent(message.call, error.message, hint=error.hint)
        raise failed

    def _read(self, message: Message, counted: Counted, schedule: Schedule) -> Answer:
        repeats = Repeats(schedule, self._clock, self.platform_now)
        return repeats.run(lambda: self._send(message, counted), self.renew)

    def _send(self, message: Message, counted: Counted) -> Answer:
        token = self._token_for(message.call)
        try:
            answer = self._door.send(_with_token(message, token))
        except InDoubt:
            counted()
            raise
        counted()
        code = self._explain(message.call, answer.errcode)
        if answer.errcode and code.effect is Effect.TOKEN:
            with self._lock:
                self._refused = token
        raise_unless_done(message.call, answer, code)
        return answer

    def _token_for(self, call: str) -> str:
        try:
            return self._tokens.get()
        except TokenRefused as error:
            failed: Refused | NotSent = _account_refused(call, error)
        except NotSent as error:
            failed = NotSent(call, Sentence("no token: {reason}", reason=error.reason), hint=error.hint)
        raise failed


def _account_refused(call: str, error: TokenRefused) -> Refused:
    return Refused(
        call, error.message, errcode=error.errcode, errmsg=error.errmsg, effect=Effect.ACCOUNT, hint=error.hint
    )


def _with_token(message: Message, token: str) -> Message:
    return replace(message, query={"access_token": token, **message.query}, secrets=(*message.secrets, token))
