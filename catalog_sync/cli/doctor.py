"""`doctor`: check file, state, secret, token, clock, and whether the platform answers; say what to do."""

from __future__ import annotations

import click

from catalog_sync.checkup import Check, Finding, examine
from catalog_sync.cli.border import Exit
from catalog_sync.cli.examples import examples
from catalog_sync.cli.options import Given, common
from catalog_sync.core.errors import CheckFailed
from catalog_sync.report.width import pad, safe

_WORDS = {Check.OK: "ok", Check.WARNING: "warning", Check.FAILED: "FAILED", Check.SKIPPED: "skipped"}
_COLOURS = {Check.OK: "green", Check.WARNING: "yellow", Check.FAILED: "red", Check.SKIPPED: ""}

_NAME = 16
"""Columns of the longest name of a check, `product spu_list`."""


@click.command("doctor", epilog=examples("catalog-sync doctor"))
@common("text", "json")
def command(**options: object) -> None:
    """Check the catalogue file, the state, the secret, the token, the clock and the platform; say what to do.

    Sends only reads. Ends with exit code 1 when something has to be mended.
    """
    given = Given(options)
    findings = []
    for finding in examine(given.settings):
        findings.append(finding)
        if not given.console.json:
            _print(given, finding)
    failed = [each for each in findings if each.check is Check.FAILED]
    if given.console.json:
        given.console.document(_document(findings, failed))
    if failed:
        raise Exit(1)


def _print(given: Given, finding: Finding) -> None:
    word = given.console.colour.paint(_COLOURS[finding.check], pad(_WORDS[finding.check], 8))
    given.console.result(f"{word} {pad(finding.name, _NAME)} {safe(finding.message)}")
    if finding.hint:
        given.console.result(f"{' ' * (_NAME + 10)}{safe(finding.hint)}")


def _document(findings: list[Finding], failed: list[Finding]) -> dict[str, object]:
    checks = [
        {"name": each.name, "check": each.check.value, "message": each.message, "hint": each.hint} for each in findings
    ]
    told: dict[str, object] = {"format_version": "1.0", "checks": checks}
    if failed:
        told["error"] = {
            "code": CheckFailed.code,
            "message": f"{len(failed)} of {len(findings)} checks failed",
            "hint": failed[0].hint,
        }
    return told
