"""`fmt`: one layout for all YAML files of a catalogue, without a change of what they say.

What is made one: the indentation (2, lists 2 below their key), the blanks in `{ }` and `[ ]` and after `:` and `-`, a
text over several lines, and quotes around a text that needs none (but in `{ }` and `[ ]`). The order of keys and fields
stays, for a comment belongs to its place. The result is parsed again: values and comments must be the same, else the
file is refused.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from pathlib import PurePath

from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import YAMLError
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, PlainScalarString, SingleQuotedScalarString

from catalog_sync.catalogue.document import HAS_C_PARSER, members
from catalog_sync.catalogue.fields import unique
from catalog_sync.catalogue.includes import Includes
from catalog_sync.catalogue.layout import Layout, aligned, layout
from catalog_sync.catalogue.loader import YAML_ENDINGS
from catalog_sync.catalogue.sources import Folder, read_file
from catalog_sync.catalogue.syntax import BadFile, decoded, refuse_utf_16
from catalog_sync.catalogue.writer import dump, load, needs_quotes
from catalog_sync.core.entry import Code, Findings, ListNode, MapNode, Node, Scalar, Source
from catalog_sync.core.errors import CatalogueInvalid

_BOM = "\ufeff"

_ROUNDS = 4
"""How often a text is laid out until it stays as it is; a second time is the most that was ever needed."""


def is_yaml(path: str) -> bool:
    """Whether a file is one that `fmt` lays out."""
    return PurePath(path).suffix.lower() in YAML_ENDINGS


def yaml_files(path: str) -> list[str]:
    """The catalogue and the YAML files that it includes, as messages name them. Raises `CatalogueInvalid`."""
    folder, findings = Folder(path), Findings()
    source = folder.source(os.path.basename(path))  # noqa: PTH119 - as the user wrote it
    data = _read(source, findings)
    nodes = dict(_top(data, source, findings))
    included = Includes(folder, source, findings).files(nodes.get("include"), os.path.realpath(path))
    found = [source.file, *(each.file for each, _real in included if is_yaml(each.file))]
    if findings.errors:
        raise CatalogueInvalid(tuple(findings.diagnostics), hint="nothing was written")
    return found


def formatted(path: str) -> tuple[bytes, bytes]:
    """A file as it is, and as it should be. Raises `CatalogueInvalid` for one that cannot be laid out."""
    findings, source = Findings(), Source(path, str(PurePath(path).parent))
    data = _read(source, findings)
    content = list(_top(data, source, findings))
    if findings.errors:
        raise CatalogueInvalid(tuple(findings.diagnostics), hint="nothing was written")
    try:
        return data, _laid_out(data, [(name, _told(node)) for name, node in content])
    except BadFile as problem:
        findings.error(problem.code, source.place(problem), problem.summary)
        raise CatalogueInvalid(tuple(findings.diagnostics), hint="nothing was written") from None


def _read(source: Source, findings: Findings) -> bytes:
    try:
        return read_file(source.file, missing=Code.FILE_MISSING)
    except BadFile as problem:
        findings.error(problem.code, source.place(problem), problem.summary)
        raise CatalogueInvalid(tuple(findings.diagnostics), hint="nothing was written") from None


def _top(data: bytes, source: Source, findings: Findings) -> Iterator[tuple[str, Node | None]]:
    """What stands at the top of a file. What keeps it from being read goes to the findings."""
    file = io.BytesIO(data)
    try:
        refuse_utf_16(file)
        for member in members(file, source, findings, streamed=(), c_parser=HAS_C_PARSER):
            if member.node is not None:
                _find_repeated(member.node, source, findings, member.section.text)
            yield member.section.text, member.node
    except BadFile as problem:
        findings.error(problem.code, source.place(problem), problem.summary)


def _find_repeated(node: Node, source: Source, findings: Findings, path: str) -> None:
    match node:
        case MapNode():
            for key, value in unique(node, source, findings, path).values():
                _find_repeated(value, source, findings, f"{path}.{key.text}")
        case ListNode():
            for member in node.members:
                _find_repeated(member, source, findings, path)
        case Scalar():
            return


def _told(node: Node | None) -> object:
    """What a value says, without its place and its quotes."""
    match node:
        case None:
            return None
        case Scalar():
            return node.text, node.empty
        case MapNode():
            return [(key.text, _told(value)) for key, value in node.pairs]
        case ListNode():
            return "list", [_told(member) for member in node.members]


def _laid_out(data: bytes, content: list[tuple[str, object]]) -> bytes:
    """The file in its one layout. Its byte order mark and its line ends stay. Raises `BadFile`."""
    text = decoded(data)
    bom = _BOM if data.decode().startswith(_BOM) else ""
    ends = "\r\n" if "\r\n" in text else "\n"
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    before = layout(text)
    for _round in range(_ROUNDS):
        once = _once(text, before, content)
        if once == text:
            return (bom + text.replace("\n", ends)).encode()
        text, before = once, layout(once)
    raise BadFile(Code.NOT_FORMATTED, 1, 1, "this file cannot be laid out; it was left as it is")


def _once(text: str, before: Layout, content: list[tuple[str, object]]) -> str:
    document = load(text)
    _drop_quotes(document)
    after = dump(document)
    try:
        made = layout(after)
        _check_comments(before, made)
        after = aligned(before, made, after)
        _check_comments(before, layout(after))
    except YAMLError:
        raise _changed() from None
    if not _says(after, content):
        raise _changed()
    return after


def _drop_quotes(node: object) -> None:
    """Make plain what is quoted and needs no quotes; in { } and [ ] it may be JSON, and stays."""
    if isinstance(node, CommentedMap | CommentedSeq) and not node.fa.flow_style():
        places = list(node) if isinstance(node, CommentedMap) else range(len(node))
        for place in places:
            value = node[place]
            if isinstance(value, SingleQuotedScalarString | DoubleQuotedScalarString) and not needs_quotes(value):
                node[place] = PlainScalarString(value)
            else:
                _drop_quotes(value)


def _check_comments(before: Layout, after: Layout) -> None:
    """Raise `BadFile` at the first comment that did not come through."""
    kept = [comment.text for comment in after.comments]
    for at, comment in enumerate(before.comments):
        if at >= len(kept) or kept[at] != comment.text:
            summary = "this comment cannot be kept in its place (inside of { } or [ ]?); the file was left as it is"
            raise BadFile(Code.NOT_FORMATTED, comment.line + 1, comment.column + 1, summary)
    if len(kept) > len(before.comments):
        raise _changed()


def _says(text: str, content: list[tuple[str, object]]) -> bool:
    findings, source = Findings(), Source("", "")
    found = [(name, _told(node)) for name, node in _top(text.encode(), source, findings)]
    return not findings.errors and found == content


def _changed() -> BadFile:
    return BadFile(Code.NOT_FORMATTED, 1, 1, "what this file says would change; it was left as it is")
