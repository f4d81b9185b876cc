"""Words that get goods rejected: a list in a file of its own, looked for in what customers read.

A line of YAML that says `# catalog-sync: allow-word ID`, at the item's key or at the text, means it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath

from catalog_sync.catalogue.document import members
from catalog_sync.catalogue.fields import Fields, WrongValue, mapping, scalar
from catalog_sync.catalogue.sources import open_file, read_file
from catalog_sync.catalogue.syntax import BadFile
from catalog_sync.core.entry import Code, Entry, Findings, ListNode, Node, Scalar, Source, shown
from catalog_sync.core.errors import Severity, UsageError

OWN_LIST = Path(__file__).with_name("words.yaml")

_ID = re.compile(r"[a-z0-9][a-z0-9-]*")
_ALLOWED = re.compile(r"#\s*catalog-sync:\s*allow-word((?:[\s,]+[a-z0-9-]+)+)")


@dataclass(frozen=True, slots=True)
class _Group:
    """The words of one id."""

    id: str
    words: tuple[str, ...]
    exceptions: tuple[str, ...]
    why: str


class WordList:
    """A list of words, to be looked for during one load (see `core.entry.Wording`)."""

    def __init__(self, groups: tuple[_Group, ...], severity: Severity) -> None:
        self.severity = severity
        self._of: Mapping[str, _Group] = {word.casefold(): group for group in groups for word in group.words}
        fine = {text.casefold() for group in groups for text in group.exceptions}
        # At one place the longest text counts, so that an exception hides the word that it begins with.
        texts = sorted(fine | set(self._of), key=len, reverse=True)
        self._fine = fine
        self._any = re.compile("|".join(map(_pattern, texts)) or r"(?!)")
        self._lines = _Lines()

    def objections(self, entry: Entry, text: Scalar) -> Iterator[str]:
        """Each word that is found and not allowed, with why it gets goods rejected and what may be done."""
        seen: set[str] = set()
        for match in self._any.finditer(text.text.casefold()):
            word = match[0]
            if word in self._fine or word in seen:
                continue
            seen.add(word)
            group = self._of[word]
            if group.id not in self._lines.allowed(entry, text):
                yield f"{word}: {group.why} ({shown(text.text)}); if it is meant: {_way_out(entry, group.id)}"


def _pattern(text: str) -> str:
    """Chinese words have no ends; Latin ones and numbers do: NO1 is not in PIANO10."""
    before = r"(?<![0-9a-z])" if re.match(r"[0-9a-z]", text) else ""
    behind = r"(?![0-9a-z])" if re.search(r"[0-9a-z]\Z", text) else ""
    return f"{before}{re.escape(text)}{behind}"


def _way_out(entry: Entry, word_id: str) -> str:
    if _has_comments(entry.source):
        return f"# catalog-sync: allow-word {word_id}"
    return f"take {word_id} out of the list (--words)"


def _has_comments(source: Source) -> bool:
    return PurePath(source.file).suffix.lower() in {".yaml", ".yml"}


class _Lines:
    """The lines of files in which a word was found: the parser does not tell comments."""

    def __init__(self) -> None:
        self._by_path: dict[str, list[str]] = {}

    def allowed(self, entry: Entry, text: Scalar) -> set[str]:
        """The ids that the line of the item's key, or of the text, allows."""
        if not _has_comments(entry.source):
            return set()
        lines = self._of(os.path.join(entry.source.folder, PurePath(entry.source.file).name))  # noqa: PTH118
        numbers = {entry.key.line, text.line}
        found = (_ALLOWED.search(lines[number - 1]) for number in numbers if number <= len(lines))
        return {word for match in found if match for word in re.split(r"[\s,]+", match[1])}

    def _of(self, path: str) -> list[str]:
        if path not in self._by_path:
            try:
                content = read_file(path)
            except BadFile:  # it is gone since it was read
                content = b""
            self._by_path[path] = content.decode("utf-8-sig", "replace").splitlines()
        return self._by_path[path]


def read_words(path: str | None, severity: Severity) -> WordList:
    """The list at `path`, or our own; raises `UsageError` for one that is wrong."""
    findings = Findings()
    shown_path, real = ("words.yaml", str(OWN_LIST)) if path is None else (path, path)
    source = Source(shown_path, str(Path(real).parent))
    groups: list[_Group] = []
    head: dict[str, Node | None] = {}
    try:
        with open_file(real, missing=Code.FILE_MISSING) as file:
            for member in members(file, source, findings, streamed=("words",)):
                if member.key is not None:
                    groups += _group(member.key, member.node, source, findings)
                else:
                    head[member.section.text] = member.node
    except BadFile as problem:
        findings.error(problem.code, source.place(problem), problem.summary)
    if not findings.errors:
        _check_head(head, source, findings)
    if findings.errors:
        raise UsageError(
            _first_of(findings), hint=f"begin with a copy of {OWN_LIST.name}, which comes with the program"
        )
    return WordList(tuple(groups), severity)


def _first_of(findings: Findings) -> str:
    first, more = findings.diagnostics[0], len(findings.diagnostics) - 1
    place, field = first.place, f"{first.field}: " if first.field else ""
    rest = f", and {more} more" if more else ""
    return f"the list of words: {place.file}:{place.line}:{place.column}: {field}{first.summary}{rest}"


def _check_head(head: Mapping[str, Node | None], source: Source, findings: Findings) -> None:
    version = head.get("version")
    wrong = [name for name in head if name not in {"version", "words"}]
    if not (isinstance(version, Scalar) and version.text == "1") or wrong or "words" not in head:
        place = source.place(Scalar("", 1, 1, plain=True))
        findings.error(Code.WRONG_VALUE, place, "must hold version: 1 and words: with an id for each entry")


def _group(key: Scalar, node: Node | None, source: Source, findings: Findings) -> list[_Group]:
    if not _ID.fullmatch(key.text):
        summary = f"an id has small letters, digits and - ({shown(key.text)})"
        findings.error(Code.WRONG_KEY, source.place(key), summary)
    fields = mapping(node, source, findings, shown(key.text))
    if fields is None:
        return []
    words, exceptions = _texts(fields, "any"), _texts(fields, "except")
    why = fields.take("why", lambda value: value.text, "")
    fields.close()
    if words is None:
        findings.error(Code.MISSING_FIELD, source.place(key), "is required (missing)", name=f"{shown(key.text)}.any")
    return [_Group(key.text, words or (), exceptions or (), why or "on the list of words")]


def _texts(fields: Fields, name: str) -> tuple[str, ...] | None:
    """The texts of a list; None where there is none, nothing where it is (noted) wrong."""
    node = fields.node(name)
    if node is None:
        return None
    try:
        if not isinstance(node, ListNode):
            raise WrongValue("must be a list of texts")
        texts = [scalar(each).text for each in node.members]
        if not all(text.strip() for text in texts):
            raise WrongValue("must be a list of texts, none of them empty")
    except WrongValue as problem:
        fields.wrong(name, node, problem)
        return ()
    return tuple(texts)
