"""Why a file cannot be read any further: encodings and YAML syntax, in our words.

The parsers' own texts never reach a message: they differ between the C and the pure one, and name their internals.
"""

from __future__ import annotations

import re
from typing import BinaryIO

from ruamel.yaml.error import MarkedYAMLError, YAMLError

from catalog_sync.core.entry import Code, shown

UTF_16 = (b"\xff\xfe", b"\xfe\xff")
"""The byte order marks of UTF-16 (and, for the first, UTF-32)."""

# What YAML 1.2 calls printable (section 5.1), as both parsers check it.
_CONTROL = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")

# The first part of a parser's problem (lower case) that is found names it for us.
_PROBLEMS = (
    ("mapping values are not allowed", "a second `: ` on this line; quote a text that holds one"),
    ("tab", "a tab; indent with spaces"),
    ("',' or ']'", "a list in [ ] is not closed here"),
    ("',' or '}'", "a mapping in { } is not closed here"),
    ("unexpected end of stream", "a quote is not closed"),
    ("unexpected document indicator", "a quote is not closed"),
    ("could not find expected ':'", "a field has no `:` after its name"),
    ("unicode character escape", "a \\u escape that is no character"),
    ("unexpected ':'", "a text that holds a `:` must be quoted here"),
    ("unknown escape", "an unknown escape after \\; quote with ' to keep it as it is"),
    ("hexdec", "an escape that lacks its digits"),
    ("expected key", "the indentation fits nothing above"),
    ("expected <block end>", "the indentation fits nothing above"),
    ("'-' indicator", "the indentation fits nothing above"),
    ("block sequence entries", "a list cannot begin here"),
    ("node content", "a list or mapping is not closed, or a value is missing"),
    ("undefined tag handle", "tags are not used here"),
    ("duplicate anchor", "anchors are not used here"),
    ("cannot start any token", "a text cannot begin with this character; quote it"),
)


class BadFile(Exception):
    """A file that cannot be read from this place on; lines and columns count from 1."""

    def __init__(self, code: Code, line: int, column: int, summary: str) -> None:
        super().__init__(summary)
        self.code = code
        self.line = line
        self.column = column
        self.summary = summary


def decoded(data: bytes) -> str:
    """UTF-8 text without its byte order mark; raises `BadFile` at the first byte that is none."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line, column = _position(data[: problem.start].decode("utf-8-sig"))
        wrong = f"0x{data[problem.start]:02x}"
    raise BadFile(Code.ENCODING, line, column, f"the file is not UTF-8; save it as UTF-8 (byte {wrong})")


def refuse_utf_16(file: BinaryIO) -> None:
    """Raise `BadFile` for UTF-16, which a YAML parser would read without a word and other tools would not."""
    start = file.read(2)
    file.seek(0)
    if start in UTF_16:
        raise BadFile(Code.ENCODING, 1, 1, "the file is not UTF-8; save it as UTF-8 (UTF-16)")


def refuse_control_characters(text: str) -> None:
    """Raise `BadFile` at the first character that is neither text nor a line end."""
    if wrong := _CONTROL.search(text):
        line, column = _position(text[: wrong.start()])
        summary = f"a control character in the file ({shown(wrong.group())})"
        raise BadFile(Code.CONTROL_CHARACTER, line, column, summary)


def explained(problem: YAMLError, file: BinaryIO) -> BadFile:
    """What a YAML parser stumbled over, at its place."""
    file.seek(0)
    data = file.read()
    if not isinstance(problem, MarkedYAMLError) or problem.problem_mark is None:
        return _unreadable_characters(data)
    mark = problem.problem_mark
    line, column = mark.line + 1, mark.column + 1
    rest = _rest_of_line(data, line, column)
    return BadFile(Code.SYNTAX, line, column, f"{_in_our_words(problem.problem or '', rest)} ({_quoted(rest)})")


def _unreadable_characters(data: bytes) -> BadFile:
    """The reader below the parser gave up: not UTF-8, or a control character."""
    try:
        refuse_control_characters(decoded(data))
    except BadFile as problem:
        return problem
    return BadFile(Code.SYNTAX, 1, 1, "the file cannot be read as YAML")


def _in_our_words(problem: str, rest: str) -> str:
    if rest.startswith("\t"):
        return "a tab; indent with spaces"
    lower = problem.lower()
    return next((ours for theirs, ours in _PROBLEMS if theirs in lower), "not YAML from here on")


def _rest_of_line(data: bytes, line: int, column: int) -> str:
    lines = data.decode("utf-8-sig", "replace").splitlines()
    return lines[line - 1][column - 1 :] if line <= len(lines) else ""


def _quoted(rest: str) -> str:
    return shown(rest) or "end of line"


def _position(before: str) -> tuple[int, int]:
    """Line and column, from 1, of what follows this text."""
    lines = before.replace("\r\n", "\n").split("\n")
    return len(lines), len(lines[-1]) + 1
