"""Tokens that a command prints."""

from __future__ import annotations

import logging
import os
import shlex
import signal
import subprocess
import threading
from collections.abc import Mapping
from contextlib import suppress

from catalog_sync.core.errors import AuthFailed, UsageError
from catalog_sync.core.sentence import Sentence
from catalog_sync.wechat.token import TOKEN, TokenRefused

logger = logging.getLogger("catalog_sync.wechat")

COMMAND_SECONDS = 30.0
KEPT_FROM_COMMAND = ("CATALOG_SYNC_SECRET", "CATALOG_SYNC_ACCESS_TOKEN", "CATALOG_SYNC_STATE")
"""Variables (by their beginning) that a token command does not get: secrets, and the store's URL with its password."""


class TokenCommand:
    """Tokens that a command prints (CATALOG_SYNC_TOKEN_COMMAND): its first line, stripped.

    It runs without a shell, at most 30 s, and gets CATALOG_SYNC_APPID but never a secret. Its output is shown nowhere,
    its stderr goes nowhere. It runs again when the token was refused.
    """

    def __init__(
        self, command: str, appid: str, environment: Mapping[str, str], *, seconds: float = COMMAND_SECONDS
    ) -> None:
        """UsageError for a command that cannot be split into words."""
        self._words = _words(command)
        self._environment = _for_command(environment, appid)
        self._seconds = seconds
        self._lock = threading.Lock()
        self._token: str | None = None
        self._refused: str | None = None

    def get(self) -> str:
        """The token that the command printed. AuthFailed when it prints none; see `TokenSource`."""
        with self._lock:
            if self._token is None:
                self._token = self._run()
            return self._token

    def renew(self, refused_token: str) -> None:
        """See `TokenSource`."""
        with self._lock:
            if self._token in (refused_token, None):
                self._token, self._refused = None, refused_token

    def _run(self) -> str:
        status, output = _first_line(self._words, self._environment, self._seconds)
        logger.debug("token command: exit status %s", status)
        if status != 0:
            ended = Sentence("the token command ended with exit status {status}", status=status or 0)
            why = "the token command did not end in time" if status is None else ended
            raise AuthFailed(why, hint="run CATALOG_SYNC_TOKEN_COMMAND by hand")
        if not TOKEN.fullmatch(output):
            raise AuthFailed("the token command printed no token", hint="its first line has to be the token alone")
        if output == self._refused:
            raise TokenRefused(
                "the token command prints the refused token again",
                errcode=40001,
                hint="it must print a new token when the old one is dead",
            )
        return output


def _words(command: str) -> list[str]:
    try:
        words = shlex.split(command)
    except ValueError:
        words = []
    if not words:
        raise UsageError("CATALOG_SYNC_TOKEN_COMMAND is no command", hint="check its quotes; it runs without a shell")
    return words


def _for_command(environment: Mapping[str, str], appid: str) -> dict[str, str]:
    kept = {name: value for name, value in environment.items() if not name.startswith(KEPT_FROM_COMMAND)}
    return {**kept, "CATALOG_SYNC_APPID": appid}


def _first_line(words: list[str], environment: Mapping[str, str], seconds: float) -> tuple[int | None, str]:
    """The exit status (None: it took too long) and the first line of what it printed."""
    try:
        running = subprocess.Popen(
            words,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except (OSError, ValueError):
        running = None
    if running is None:
        raise AuthFailed("the token command cannot be run", hint="check CATALOG_SYNC_TOKEN_COMMAND")
    with running:
        try:
            output, _ = running.communicate(timeout=seconds)
        except BaseException as error:
            _kill(running)
            if not isinstance(error, subprocess.TimeoutExpired):
                raise
            return None, ""
    return running.returncode, output.partition(b"\n")[0].decode("utf-8", "replace").strip()


def _kill(running: subprocess.Popen[bytes]) -> None:
    """Kill the command and its children: a child that holds the pipe open would hold us too."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(running.pid, signal.SIGKILL)
