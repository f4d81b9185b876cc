"""What is wrong with a catalogue: as lines, as the document of `validate --format json`, as GitHub annotations.

An error's line is `file:line:column: address.field: what is wrong (what was found)`. A warning's says `warning: `
before what is odd, so that the place and the address stand where scripts look for them.
"""

from __future__ import annotations

from collections.abc import Iterable

from catalog_sync.core.entry import escaped
from catalog_sync.core.errors import Diagnostic, Severity
from catalog_sync.report.words import ENGLISH, Words

FORMAT_VERSION = "1.0"


def diagnostic_line(diagnostic: Diagnostic, words: Words = ENGLISH) -> str:
    """One diagnostic as one line of text."""
    place = diagnostic.place
    subject = _subject(diagnostic)
    parts = [f"{escaped(place.file)}:{place.line}:{place.column}"]
    parts += [subject] if subject else []
    parts += [words.tell("warning")] if diagnostic.severity is Severity.WARNING else []
    return ": ".join([*parts, words.say(diagnostic.summary)])


def diagnostic_lines(diagnostics: Iterable[Diagnostic], words: Words = ENGLISH) -> list[str]:
    """The diagnostics as lines of text, in their order."""
    return [diagnostic_line(each, words) for each in diagnostics]


def diagnostics_document(diagnostics: Iterable[Diagnostic]) -> dict[str, object]:
    """The document of `validate --format json`, which is what other commands' errors take their diagnostics from."""
    listed = tuple(diagnostics)
    errors = sum(each.severity is Severity.ERROR for each in listed)
    return {
        "format_version": FORMAT_VERSION,
        "valid": errors == 0,
        "error_count": errors,
        "warning_count": len(listed) - errors,
        "diagnostics": [diagnostic_data(each) for each in listed],
    }


def diagnostic_data(diagnostic: Diagnostic) -> dict[str, object]:
    """One diagnostic as data. The summary begins with the field; `address` is null for what is no item's."""
    field, summary = diagnostic.field, diagnostic.summary
    place = diagnostic.place
    return {
        "severity": diagnostic.severity.value,
        "code": str(diagnostic.code),
        "summary": f"{field}: {summary}" if field else summary,
        "detail": diagnostic.detail or diagnostic_line(diagnostic),
        "address": diagnostic.address or None,
        "range": {"filename": place.file, "start": {"line": place.line, "column": place.column}},
    }


def github_lines(diagnostics: Iterable[Diagnostic]) -> list[str]:
    """The errors as GitHub workflow commands, which show them at their lines in a pull request."""
    return [_github_line(each) for each in diagnostics if each.severity is Severity.ERROR]


def _github_line(diagnostic: Diagnostic) -> str:
    place = diagnostic.place
    subject = _subject(diagnostic)
    message = f"{subject}: {diagnostic.summary}" if subject else diagnostic.summary
    return f"::error file={_property(place.file)},line={place.line},col={place.column}::{_message(message)}"


def _message(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _message(text).replace(":", "%3A").replace(",", "%2C")


def _subject(diagnostic: Diagnostic) -> str:
    return ".".join(part for part in (diagnostic.address, diagnostic.field) if part)
