"""`fmt`: one layout for the YAML files of a catalogue; comments and values stay."""

from __future__ import annotations

import os
from pathlib import Path

import click

from catalog_sync.catalogue.formatting import formatted, is_yaml, yaml_files
from catalog_sync.catalogue.writer import replace_file
from catalog_sync.cli.border import Exit
from catalog_sync.cli.examples import examples
from catalog_sync.cli.failing import error_document, tell_error
from catalog_sync.cli.options import Given, common
from catalog_sync.core.errors import CatalogueInvalid, CheckFailed, Diagnostic, UsageError
from catalog_sync.report.width import safe


@click.command("fmt", epilog=examples("catalog-sync fmt", "catalog-sync fmt --check"))
@click.option("--check", is_flag=True, help="Write nothing; list what is to be formatted, and end with 1.")
@click.argument("files", metavar="[FILES]...", nargs=-1, type=click.Path(dir_okay=False))
@common("text", "json")
def command(check: bool, files: tuple[str, ...], **options: object) -> None:
    """Format the catalogue and the YAML files that it includes, or FILES: one indentation, no needless quotes.

    Comments stay, byte for byte; values, their order and blank lines stay, too. A file that cannot be read, or that
    would not survive, is refused with its place, and nothing is written. CSV and JSON Lines files are left alone.
    """
    given = Given(options)
    chosen = [file for file in files if is_yaml(file)] if files else yaml_files(given.settings.file)
    changed = _changed(chosen)
    if not check:
        for path, data in changed.items():
            _write(path, data)
    failure = _failure(changed) if check and changed else None
    if given.console.json:
        told = {"format_version": "1.0", "files": chosen, "changed": list(changed)}
        given.console.document(told | (error_document(failure) if failure else {}))
    else:
        _tell(given, chosen, list(changed), check=check)
        if failure:
            tell_error(failure)
    if failure:
        raise Exit(1)


def _changed(files: list[str]) -> dict[str, bytes]:
    """The files that are not formatted yet, as they should be. All problems of all files are told at once."""
    made: dict[str, bytes] = {}
    problems: list[Diagnostic] = []
    for path in files:
        try:
            before, after = formatted(path)
        except CatalogueInvalid as error:
            problems += error.diagnostics
        else:
            made |= {path: after} if after != before else {}
    if problems:
        raise CatalogueInvalid(tuple(problems), hint="nothing was written")
    return made


def _write(path: str, data: bytes) -> None:
    try:
        replace_file(Path(path), data)
    except OSError as error:
        reason = os.strerror(error.errno or 0).lower()
        raise UsageError(f"{path} cannot be written ({reason})", hint="check its folder and its mode") from None


def _failure(changed: dict[str, bytes]) -> CheckFailed:
    noun = "file is" if len(changed) == 1 else "files are"
    return CheckFailed(f"{len(changed)} {noun} not formatted", hint="`catalog-sync fmt` formats them")


def _tell(given: Given, files: list[str], changed: list[str], *, check: bool) -> None:
    for path in changed:
        given.console.result(safe(path) if check else f"Formatted: {safe(path)}")
    if not changed:
        noun = "file is" if len(files) == 1 else "files are"
        given.console.result(f"{len(files)} {noun} formatted.")
