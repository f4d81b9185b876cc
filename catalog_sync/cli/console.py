"""Where a command prints: the result to stdout, everything else to stderr; progress only where a person looks."""

from __future__ import annotations

import json
import logging
import os
import re
import sys
import time
from threading import Lock
from typing import TextIO

import click

from catalog_sync.report.colour import Colour, wanted
from catalog_sync.report.width import safe

PROGRESS_AFTER = 1.0
"""Seconds of work before progress is shown at all: short work shows none."""

PROGRESS_EVERY = 0.2
"""Seconds between two updates of a progress line."""


_SURROGATE = re.compile("[\ud800-\udfff]")


def is_terminal(stream: TextIO | None) -> bool:
    """Whether a person is at this stream. One that was closed before the program began is None."""
    return stream is not None and not stream.closed and stream.isatty()


def harmless(line: str) -> str:
    """A line that a CI's runner takes for text. GitHub's obeys a line that begins with `::`, blanks before it or not,
    and `##[` anywhere in it; what others wrote must not command it."""
    if os.environ.get("GITHUB_ACTIONS") != "true":
        return line
    told = line.replace("##[", "\\x23#[")
    blanks = len(told) - len(told.lstrip())
    return f"{told[:blanks]}\\x3a{told[blanks + 1 :]}" if told.startswith("::", blanks) else told


def json_text(value: object) -> str:
    """One JSON document. Bytes of a command line that are no UTF-8 cannot be printed: they are escaped."""
    text = json.dumps(value, ensure_ascii=False, indent=2)
    return _SURROGATE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def tell(text: str) -> None:
    """Say something on stderr, foreign text in it made harmless line by line."""
    _say("\n".join(harmless(safe(line)) for line in text.split("\n")) + "\n")


def _say(text: str) -> None:
    """Write to stderr. A log without room ends nothing; a reader who has gone ends the command, as in any pipe."""
    try:
        click.echo(text, err=True, nl=False)
    except BrokenPipeError:
        raise
    except OSError:
        return


class Console:
    """A command's output. `quiet` leaves out messages and progress; `verbose` shows the calls."""

    def __init__(self, format_: str, *, verbose: int = 0, quiet: bool = False, log_format: str = "text") -> None:
        self.format = format_
        self.quiet = quiet
        self.colour = Colour(wanted(os.environ, terminal=is_terminal(sys.stdout)))
        self._live = is_terminal(sys.stderr) and os.environ.get("TERM") != "dumb" and not quiet
        self._lock = Lock()
        self._shown_at = self._began = time.monotonic()
        self._line_open = False
        _log(verbose, log_format)

    @property
    def json(self) -> bool:
        """Whether stdout is one JSON document."""
        return self.format == "json"

    def result(self, text: str) -> None:
        """The result, as text."""
        self._end_line()
        click.echo("\n".join(map(harmless, text.split("\n"))))

    def annotation(self, line: str) -> None:
        """A line that is meant for the CI's runner."""
        self._end_line()
        click.echo(line)

    def document(self, value: object) -> None:
        """The result, as the one JSON document."""
        self._end_line()
        click.echo(json_text(value))

    def file(self, content: str) -> None:
        """The result, as a file: byte for byte, in UTF-8 whatever the terminal speaks."""
        self._end_line()
        click.echo(content.encode(), nl=False)

    def say(self, sentence: str) -> None:
        """A message for a person."""
        if not self.quiet:
            self._end_line()
            tell(sentence)

    def progress(self, what: str, done: int, total: int) -> None:
        """How far long work has come: a live line on a terminal, nothing elsewhere."""
        now = time.monotonic()
        if not self._live or not total or now - self._began < PROGRESS_AFTER or now - self._shown_at < PROGRESS_EVERY:
            return
        with self._lock:
            self._shown_at = now
            self._line_open = True
            _say(f"\r\x1b[2K{what}: {done} of {total}")

    def _end_line(self) -> None:
        if self._line_open:
            self._line_open = False
            _say("\r\x1b[2K")


class _JsonLines(logging.Formatter):
    """Log records as one JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """One record."""
        told = {
            "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(record.created)),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        return json.dumps(told, ensure_ascii=False)


def _log(verbose: int, log_format: str) -> None:
    level = os.environ.get("CATALOG_SYNC_LOG", "").upper()
    handler = logging.StreamHandler()
    handler.setFormatter(
        _JsonLines() if log_format == "json" else logging.Formatter("%(levelname)s %(name)s: %(message)s")
    )
    logger = logging.getLogger("catalog_sync")
    logger.handlers[:] = [handler]
    logger.propagate = False
    named = logging.getLevelNamesMapping().get(level, logging.WARNING)
    logger.setLevel(min(named, (logging.WARNING, logging.INFO, logging.DEBUG)[min(verbose, 2)]))
