"""Where a command prints: the result to stdout, everything else to stderr; progress only where a person looks."""

from __future__ import annotations

import os
import sys
import time
from threading import Lock
from typing import TextIO

import click

from catalog_sync.cli.language import words
from catalog_sync.cli.messages import harmless, log, log_level, speaks_json, tell, write
from catalog_sync.cli.pace import Pace
from catalog_sync.core.json_text import json_text
from catalog_sync.core.sentence import Sentence
from catalog_sync.report.colour import Colour, wanted

PROGRESS_AFTER = 1.0
"""Seconds of work before progress is shown at all: short work shows none."""

PROGRESS_EVERY = 0.2
"""Seconds between two updates of a progress line."""


def is_terminal(stream: TextIO | None) -> bool:
    """Whether a person is at this stream. One that was closed before the program began is None."""
    return stream is not None and not stream.closed and stream.isatty()


class Console:
    """A command's output. `quiet` leaves out messages and progress; `verbose` shows the calls."""

    def __init__(self, format_: str, *, verbose: int = 0, quiet: bool = False) -> None:
        level = log_level(verbose, quiet=quiet)
        self.format = format_
        self.quiet = quiet or level == "error"
        self.colour = Colour(wanted(os.environ, terminal=is_terminal(sys.stdout)))
        person = is_terminal(sys.stderr) and os.environ.get("TERM") != "dumb"
        self._live = person and not self.quiet and not speaks_json()
        self.words = words()
        self._lock = Lock()
        self._shown_at = self._began = time.monotonic()
        self._line_open = False
        self._paces: dict[str, Pace] = {}
        log(level)

    @property
    def json(self) -> bool:
        """Whether stdout is one JSON document."""
        return self.format == "json"

    def result(self, text: str) -> None:
        """The result, as text."""
        self._end_line()
        click.echo("\n".join(map(harmless, text.split("\n"))))

    def exact(self, text: str) -> None:
        """The result, as a document whose every byte counts, in UTF-8 whatever the terminal speaks; its last line is
        ended."""
        self._end_line()
        click.echo(text.encode("utf-8", "backslashreplace"), nl=bool(text) and not text.endswith("\n"))

    def annotation(self, line: str) -> None:
        """A line that is meant for the CI's runner."""
        self._end_line()
        click.echo(line)

    def document(self, value: object) -> None:
        """The result, as the one JSON document."""
        self._end_line()
        click.echo(json_text(value))

    def say(self, sentence: str, level: str = "info") -> None:
        """A message for a person; as a JSON line it stays English."""
        if not self.quiet:
            self._end_line()
            tell(sentence if speaks_json() else self.words.say(sentence), level)

    def warn(self, sentence: str) -> None:
        """A message on what may be wrong."""
        self.say(sentence if speaks_json() else Sentence("Warning: {message}", message=sentence), "warning")

    def progress(self, what: str, done: int, total: int) -> None:
        """How far long work has come, how fast it goes and how long it will take: a live line on a terminal, nothing
        elsewhere."""
        self._show(what, "{what}: {done} of {total}", done, total)

    def ended(self, done: int, total: int) -> None:
        """The same, of changes whose ends are told line by line."""
        if done < total:
            self._show("", "[{done}/{total}]", done, total)

    def _show(self, what: str, template: str, done: int, total: int) -> None:
        now = time.monotonic()
        if not self._live or not total:
            return
        with self._lock:
            pace = self._paces.get(what)
            if pace is None or done <= pace.first:  # new work, or another round of it
                pace = self._paces[what] = Pace(done, now)
            if now - self._began < PROGRESS_AFTER or (what and now - self._shown_at < PROGRESS_EVERY):
                return
            self._shown_at = now
            self._line_open = True
            write(f"\r\x1b[2K{self._progress(what, template, (done, total), pace.told(done, total, now))}")

    def _progress(self, what: str, template: str, counts: tuple[int, int], pace: Sentence | None) -> str:
        done, total = (f"{count:,}" if what else str(count) for count in counts)
        if pace is None:
            return self.words.tell(template, what=what, done=done, total=total)
        template += " ({pace})" if what else " {pace}"
        return self.words.tell(template, what=what, done=done, total=total, pace=pace)

    def _end_line(self) -> None:
        if self._line_open:
            self._line_open = False
            write("\r\x1b[2K")
