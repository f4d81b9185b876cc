"""`validate`: check the catalogue; needs no secret and no network."""

from __future__ import annotations

import json
import os

import click

from catalog_sync.cli.border import Exit
from catalog_sync.cli.options import Given, common
from catalog_sync.core.errors import Severity
from catalog_sync.report.diagnostics import diagnostic_lines, diagnostics_document, github_lines
from catalog_sync.wiring import load


@click.command("validate", epilog="Example: catalog-sync validate -f catalog.yaml --format json")
@common("text", "json")
def command(**options: object) -> None:
    """Check the catalogue, its included files and its covers; report every problem at once.

    Needs no secret and no network. Errors end with exit code 1; warnings do not.
    """
    given = Given(options)
    loaded = load(given.settings)
    errors = sum(each.severity is Severity.ERROR for each in loaded.diagnostics)
    if given.console.json:
        click.echo(json.dumps(diagnostics_document(loaded.diagnostics), ensure_ascii=False, indent=2))
    else:
        for line in diagnostic_lines(loaded.diagnostics):
            given.console.result(line)
        if os.environ.get("GITHUB_ACTIONS") == "true":
            for line in github_lines(loaded.diagnostics):
                given.console.result(line)
        given.console.result(_closing(given.settings.file, errors, len(loaded.diagnostics) - errors))
    if errors:
        raise Exit(1)


def _closing(path: str, errors: int, warnings: int) -> str:
    told = [_count(errors, "error")] if errors else []
    told += [_count(warnings, "warning")] if warnings else []
    return f"{path}: {', '.join(told)}" if told else f"{path}: valid"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
