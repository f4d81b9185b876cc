"""Messages on stderr: lines for a person, or with `--log-format json` one JSON object a line."""

from __future__ import annotations

import json
import logging
import os
import re
import time
from collections.abc import Mapping
from difflib import get_close_matches

import click

from catalog_sync.report.width import safe
from catalog_sync.topic import forget, topic

LEVELS = ("debug", "info", "warning", "error")
"""What `CATALOG_SYNC_LOG` can name; `error` is `-q`, `info` is `-v`, `debug` is `-vv`."""

_UNSAFE = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]|##\\[")
"""What a terminal (see `report.width.safe`) or a CI's runner (see `harmless`) would obey, beside what JSON escapes."""


class _Speech:
    """How this process speaks: set once at its beginning."""

    def __init__(self) -> None:
        self.json = False


_SPEECH = _Speech()


def speak(*, as_json: bool) -> None:
    """From now on messages are JSON lines, or text; no run is known yet."""
    _SPEECH.json = as_json
    forget()


def speaks_json() -> bool:
    """Whether messages are JSON lines."""
    return _SPEECH.json


def tell(text: str, level: str = "info") -> None:
    """Say something on stderr, foreign text in it made harmless line by line."""
    if _SPEECH.json:
        tell_fields(level, text.strip("\n"), {})
    else:
        write("\n".join(harmless(safe(line)) for line in text.split("\n")) + "\n")


def tell_fields(level: str, message: str, more: Mapping[str, object]) -> None:
    """One JSON line, with fields of its own."""
    write(_json_line(time.time(), level, message, more) + "\n")


def harmless(line: str) -> str:
    """A line that a CI's runner takes for text. GitHub's obeys a line that begins with `::`, blanks before it or not,
    and `##[` anywhere in it; what others wrote must not command it."""
    if os.environ.get("GITHUB_ACTIONS") != "true":
        return line
    told = line.replace("##[", "\\x23#[")
    blanks = len(told) - len(told.lstrip())
    return f"{told[:blanks]}\\x3a{told[blanks + 1 :]}" if told.startswith("::", blanks) else told


def write(text: str) -> None:
    """Write to stderr. A log without room ends nothing; a reader who has gone ends the command, as in any pipe."""
    try:
        click.echo(text, err=True, nl=False)
    except BrokenPipeError:
        raise
    except OSError:
        return


def _json_line(at: float, level: str, message: str, more: Mapping[str, object]) -> str:
    told = {
        "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at)),
        "level": level,
        "message": message,
        **topic(),
        **more,
    }
    line = json.dumps(told, ensure_ascii=False)
    return _UNSAFE.sub(lambda found: f"\\u{ord(found[0][0]):04x}{found[0][1:]}", line)


class _JsonLines(logging.Formatter):
    """Log records as one JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """One record."""
        return _json_line(record.created, record.levelname.lower(), record.getMessage(), {"logger": record.name})


def log_level(verbose: int, *, quiet: bool) -> str:
    """The level that the flags name, or the environment. Raises `UsageError`."""
    if verbose:
        return "info" if verbose == 1 else "debug"
    if quiet:
        return "error"
    named = os.environ.get("CATALOG_SYNC_LOG") or "warning"
    if named.lower() in LEVELS:
        return named.lower()
    near = get_close_matches(named.lower(), LEVELS, n=1)
    from catalog_sync.core.errors import UsageError  # noqa: PLC0415 - messages alone need no more than click

    raise UsageError(
        f"CATALOG_SYNC_LOG takes {', '.join(LEVELS)} (found {named[:80]!r})",
        hint=f"did you mean {near[0]}?" if near else "unset it for the default",
    )


def log(level: str) -> None:
    """Let the calls be logged from this level on."""
    handler = logging.StreamHandler()
    handler.setFormatter(_JsonLines() if _SPEECH.json else logging.Formatter("%(levelname)s %(name)s: %(message)s"))
    logger = logging.getLogger("catalog_sync")
    logger.handlers[:] = [handler]
    logger.propagate = False
    logger.setLevel(level.upper())
