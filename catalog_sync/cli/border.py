"""The one border at which every ending becomes an exit code (contract section 3); what failed is told by `failing`."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from types import FrameType
from typing import NoReturn

import click

from catalog_sync.cli.language import choose, words
from catalog_sync.cli.messages import speak, tell

SIGINT_CODE = 130
SIGTERM_CODE = 143

SOMETHING_LEFT = 2
"""With `--detailed-exitcode`: it went well, and something is left to do."""


class Exit(Exception):
    """The command has printed its result and ends with this code."""

    def __init__(self, code: int) -> None:
        super().__init__(str(code))
        self.code = code


class Terminated(BaseException):
    """SIGTERM: the process is told to end."""


def run(program: click.Command, arguments: Sequence[str]) -> int:
    """Run the program; every ending becomes an exit code."""
    signal.signal(signal.SIGTERM, _on_sigterm)
    speak(as_json=chosen(arguments, "--log-format", "CATALOG_SYNC_LOG_FORMAT") == "json")
    choose(chosen(arguments, "--lang", "CATALOG_SYNC_LANG"))
    try:
        code = _ended(program, arguments)
        if sys.stdout is not None:
            sys.stdout.flush()
    except BrokenPipeError:
        _silence_stdout()
        return 1
    except OSError as error:
        if error.filename is not None:
            raise  # a file that we opened: where that may fail, it is told as what it is
        _silence_stdout()
        with suppress(BrokenPipeError):
            from catalog_sync.cli.failing import tell_unwritten  # noqa: PLC0415 - see below

            tell_unwritten(error)
        return 1
    return code


def _ended(program: click.Command, arguments: Sequence[str]) -> int:
    try:
        program.main(list(arguments), prog_name="catalog-sync", standalone_mode=False)
    except Exit as end:
        return end.code
    except (KeyboardInterrupt, click.Abort):
        tell("\n" + words().tell("Interrupted."), "warning")
        return SIGINT_CODE
    except Terminated:
        tell(words().tell("Terminated."), "warning")
        return SIGTERM_CODE
    except Exception as error:  # noqa: BLE001 - what is none of ours is raised again
        from catalog_sync.cli.failing import report  # noqa: PLC0415 - `--help` waits for nothing that can fail

        return report(error, arguments)
    return 0


def leave_now(code: int) -> NoReturn:
    """End without waiting for calls that the platform does not answer; what was printed is out."""
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.flush()
    os._exit(code)


def _on_sigterm(_number: int, _frame: FrameType | None) -> NoReturn:
    raise Terminated


def _silence_stdout() -> None:
    """Nobody reads our output, or it has no room: nothing more is written, not at exit either."""
    sys.stdout = None


def chosen(arguments: Sequence[str], flag: str, variable: str) -> str | None:
    """The value of a flag, or of its variable, before anything is parsed."""
    words = list(arguments)
    for at, word in enumerate(words):
        if word == flag and at + 1 < len(words):
            return words[at + 1]
        if word.startswith(f"{flag}="):
            return word.removeprefix(f"{flag}=")
    return os.environ.get(variable)
