"""What failed, as text or as a JSON document (contract section 3)."""

from __future__ import annotations

import os
from collections.abc import Sequence

import click

from catalog_sync.cli.border import chosen
from catalog_sync.cli.language import words
from catalog_sync.cli.messages import speaks_json, tell, tell_fields
from catalog_sync.core.errors import (
    CallError,
    CatalogSyncError,
    CatalogueInvalid,
    UsageError,
)
from catalog_sync.core.json_text import json_text
from catalog_sync.core.ports import LeaseLost
from catalog_sync.engine.meaning import meaning
from catalog_sync.report.width import safe


def report(error: Exception, arguments: Sequence[str]) -> int:
    """Print an error and give the exit code. What is none of ours is raised again."""
    match error:
        case click.MissingParameter():  # click puts its choices on lines of their own
            return _print(UsageError(" ".join(error.format_message().split()), hint=_help_hint(error)), arguments)
        case click.ClickException():
            return _print(UsageError(error.format_message(), hint=_help_hint(error)), arguments)
        case CatalogSyncError() | CallError() | LeaseLost():
            return _print(meaning(error), arguments)
        case _:
            raise error


def tell_unwritten(error: OSError) -> None:
    """Say that stdout takes no more."""
    reason = os.strerror(error.errno or 0).lower()
    tell_error(UsageError(f"the output cannot be written ({reason})"))


def _help_hint(error: click.ClickException) -> str:
    context = getattr(error, "ctx", None)
    return f"`{context.command_path} --help` has an example" if isinstance(context, click.Context) else ""


def _print(error: CatalogSyncError, arguments: Sequence[str]) -> int:
    """To a person on stderr; in a JSON format as the one document on stdout."""
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
    return chosen(arguments, "--format", "CATALOG_SYNC_FORMAT") == "json"


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
    lines, told = [], words()
    if isinstance(error, CatalogueInvalid):
        from catalog_sync.report.diagnostics import diagnostic_lines  # noqa: PLC0415 - only this error needs it

        lines += diagnostic_lines(error.diagnostics, told)
    lines.append(safe(told.tell("Error: {message}", message=error.message)))
    if error.hint:
        lines.append(safe(told.tell("Hint: {hint}", hint=error.hint)))
    return "\n".join(lines)
