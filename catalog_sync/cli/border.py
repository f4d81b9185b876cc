"""The one border at which errors become text, a JSON document and an exit code (contract section 3)."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from types import FrameType
from typing import NoReturn

import click

from catalog_sync.cli.messages import speak, speaks_json, tell, tell_fields
from catalog_sync.core.errors import (
    AuthFailed,
    CallError,
    CatalogSyncError,
    CatalogueInvalid,
    Effect,
    LockHeld,
    QuotaExhausted,
    Refused,
    RemoteUnavailable,
    UsageError,
)
from catalog_sync.core.json_text import json_text
from catalog_sync.core.ports import LeaseLost
from catalog_sync.report.width import safe

_AGAIN = "run the command again; `catalog-sync lock list` shows who holds the lock"

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
    speak(as_json=_chosen(arguments, "--log-format", "CATALOG_SYNC_LOG_FORMAT") == "json")
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
            reason = os.strerror(error.errno or 0).lower()
            tell_error(UsageError(f"the output cannot be written ({reason})"))
        return 1
    return code


def _ended(program: click.Command, arguments: Sequence[str]) -> int:  # noqa: PLR0911 - one return an ending
    try:
        program.main(list(arguments), prog_name="catalog-sync", standalone_mode=False)
    except Exit as end:
        return end.code
    except (KeyboardInterrupt, click.Abort):
        tell("\nInterrupted.", "warning")
        return SIGINT_CODE
    except Terminated:
        tell("Terminated.", "warning")
        return SIGTERM_CODE
    except click.ClickException as error:
        return _report(UsageError(error.format_message(), hint=_help_hint(error)), arguments)
    except CallError as error:
        return _report(from_call(error), arguments)
    except CatalogSyncError as error:
        return _report(error, arguments)
    except LeaseLost:
        return _report(LockHeld("another run took the lock over: nothing more was sent", hint=_AGAIN), arguments)
    return 0


def leave_now(code: int) -> NoReturn:
    """End without waiting for calls that the platform does not answer; what was printed is out."""
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.flush()
    os._exit(code)


def _on_sigterm(_number: int, _frame: FrameType | None) -> NoReturn:
    raise Terminated


def _help_hint(error: click.ClickException) -> str:
    context = getattr(error, "ctx", None)
    return f"`{context.command_path} --help` has an example" if isinstance(context, click.Context) else ""


def _silence_stdout() -> None:
    """Nobody reads our output, or it has no room: nothing more is written, not at exit either."""
    sys.stdout = None


def from_call(error: CallError) -> CatalogSyncError:
    """A call that ended a whole command, as what that means for the user."""
    if isinstance(error, Refused) and error.effect is Effect.POOL:
        return QuotaExhausted(f"nothing can be read any more today: {error.reason}", hint=error.hint)
    if isinstance(error, Refused) and error.effect in (Effect.ACCOUNT, Effect.TOKEN):
        return AuthFailed(f"the platform does not let this account in: {_words(error)}", hint=error.hint)
    if isinstance(error, Refused):
        return RemoteUnavailable(f"the platform refused to be read: {_words(error)}", hint=error.hint)
    return RemoteUnavailable(
        f"the platform cannot be read ({error.call}): {error.reason}", hint=error.hint or "try again in a while"
    )


def _words(error: Refused) -> str:
    return f"{error.reason}; it said: {error.errmsg}" if error.errmsg else error.reason


def _report(error: CatalogSyncError, arguments: Sequence[str]) -> int:
    """Print an error: to a person on stderr; in a JSON format as the one document on stdout."""
    if wants_json(arguments):
        click.echo(json_text(error_document(error)))
    else:
        tell_error(error)
    return 1


def tell_error(error: CatalogSyncError) -> None:
    """Say an error on stderr."""
    if speaks_json():
        tell_fields("error", error.message, _told(error))
    else:
        tell(error_text(error))


def wants_json(arguments: Sequence[str]) -> bool:
    """Whether stdout is to hold JSON; asked of the bare arguments, for the command may not have parsed."""
    return _chosen(arguments, "--format", "CATALOG_SYNC_FORMAT") == "json"


def _chosen(arguments: Sequence[str], flag: str, variable: str) -> str | None:
    """The value of a flag, or of its variable, before anything is parsed."""
    words = list(arguments)
    for at, word in enumerate(words):
        if word == flag and at + 1 < len(words):
            return words[at + 1]
        if word.startswith(f"{flag}="):
            return word.removeprefix(f"{flag}=")
    return os.environ.get(variable)


def error_document(error: CatalogSyncError) -> dict[str, object]:
    """The error of a JSON document."""
    return {"format_version": "1.0", "error": {"code": error.code, "message": error.message, **_told(error)}}


def _told(error: CatalogSyncError) -> dict[str, object]:
    """What is told of an error beside its message."""
    told: dict[str, object] = {"code": error.code, "hint": error.hint}
    if isinstance(error, CatalogueInvalid):
        from catalog_sync.report.diagnostics import diagnostic_data  # noqa: PLC0415 - only this error needs it

        told["diagnostics"] = [diagnostic_data(each) for each in error.diagnostics]
    return told


def error_text(error: CatalogSyncError) -> str:
    """An error for a person: the problems one by one, what it means, what to do next."""
    lines = []
    if isinstance(error, CatalogueInvalid):
        from catalog_sync.report.diagnostics import diagnostic_lines  # noqa: PLC0415 - only this error needs it

        lines += diagnostic_lines(error.diagnostics)
    lines.append(f"Error: {safe(error.message)}")
    if error.hint:
        lines.append(f"Hint: {safe(error.hint)}")
    return "\n".join(lines)
