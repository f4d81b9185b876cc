"""Where a command prints: the result to stdout, everything else to stderr; progress only where a person looks."""

from __future__ import annotations

import json
import logging
import os
import sys
import time
from threading import Lock

import click

from catalog_sync.report.colour import Colour, wanted

PROGRESS_AFTER = 1.0
"""Seconds of work before progress is shown at all: short work shows none."""

PROGRESS_EVERY = 0.2
"""Seconds between two updates of a progress line."""


class Console:
    """A command's output. `quiet` leaves out messages and progress; `verbose` shows the calls."""

    def __init__(self, format_: str, *, verbose: int = 0, quiet: bool = False, log_format: str = "text") -> None:
        self.format = format_
        self.quiet = quiet
        self.colour = Colour(wanted(os.environ, terminal=sys.stdout.isatty()))
        self._live = sys.stderr.isatty() and os.environ.get("TERM") != "dumb" and not quiet
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
        click.echo(text)

    def document(self, value: object) -> None:
        """The result, as the one JSON document."""
        self._end_line()
        click.echo(json.dumps(value, ensure_ascii=False, indent=2))

    def say(self, sentence: str) -> None:
        """A message for a person."""
        if not self.quiet:
            self._end_line()
            click.echo(sentence, err=True)

    def progress(self, what: str, done: int, total: int) -> None:
        """How far long work has come: a live line on a terminal, nothing elsewhere."""
        now = time.monotonic()
        if not self._live or not total or now - self._began < PROGRESS_AFTER or now - self._shown_at < PROGRESS_EVERY:
            return
        with self._lock:
            self._shown_at = now
            self._line_open = True
            click.echo(f"\r\x1b[2K{what}: {done} of {total}", err=True, nl=False)

    def _end_line(self) -> None:
        if self._line_open:
            self._line_open = False
            click.echo("\r\x1b[2K", err=True, nl=False)


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
