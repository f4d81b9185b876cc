"""The way in: a catalogue file and all that it includes, read into one `Catalogue` or into its diagnostics."""

from __future__ import annotations

import gc
import itertools
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import PurePath
from typing import BinaryIO, NamedTuple

from catalog_sync.catalogue.bindings import BINDINGS, Bindings, check_bindings, read_bindings
from catalog_sync.catalogue.covers import LocalPictures
from catalog_sync.catalogue.digest import Parts, catalogue_digest
from catalog_sync.catalogue.document import HAS_C_PARSER, Member, members
from catalog_sync.catalogue.fields import Fields
from catalog_sync.catalogue.includes import Includes
from catalog_sync.catalogue.policy import VERSION, parse_app, parse_version, read_rules
from catalog_sync.catalogue.quota import read_quota
from catalog_sync.catalogue.rows import ROW_FORMATS, Row, RowFile
from catalog_sync.catalogue.sources import MAX_BYTES, MAX_ROWS_BYTES, Folder, open_file
from catalog_sync.catalogue.syntax import BadFile, refuse_utf_16
from catalog_sync.core.entry import (
    Code,
    Desk,
    Entry,
    EntryReader,
    Findings,
    ListNode,
    MapNode,
    Node,
    Scalar,
    Section,
    Source,
    Wording,
    did_you_mean,
    found,
    shown,
    unknown_field,
)
from catalog_sync.core.errors import CatalogueInvalid, Diagnostic
from catalog_sync.core.model import Catalogue, Item, Place, Rules
from catalog_sync.core.sentence import Sentence, with_found

YAML_ENDINGS = (".yaml", ".yml")

HEAD = ("version", "app", "policy", "quota", "include", *BINDINGS)
"""The fields at the top of a catalogue, beside the sections."""


class Loaded(NamedTuple):
    """What a catalogue came to: None when there are errors; the diagnostics hold the warnings as well."""

    catalogue: Catalogue | None
    diagnostics: tuple[Diagnostic, ...]


def load(path: str, sections: Sequence[Section], *, c_parser: bool = True) -> Catalogue:
    """The catalogue at `path`; raises `CatalogueInvalid` with every problem of all its files."""
    catalogue, diagnostics = read(path, sections, c_parser=c_parser)
    if catalogue is None:
        raise CatalogueInvalid(diagnostics, hint="`catalog-sync validate` lists them")
    return catalogue


def read(
    path: str,
    sections: Sequence[Section],
    *,
    c_parser: bool = True,
    wording: Wording | None = None,
    overrule: Callable[[Rules], Rules] | None = None,
) -> Loaded:
    """The catalogue at `path`, with errors and warnings in the files' order; `wording` looks for words, `overrule`
    makes of the catalogue's rules those that hold.

    Messages name files from `path` as it is given. `c_parser=False` reads with the pure parser, as where the C one
    is not installed: equal results, some twenty times slower.
    """
    with _without_cyclic_collector():
        return _Load(path, sections, wording, overrule, c_parser=c_parser and HAS_C_PARSER).run()


@contextmanager
def _without_cyclic_collector() -> Iterator[None]:
    """Hundreds of thousands of live values make each collection slow, and reading leaves no cycles to collect:
    with the collector on, 100,000 items take about twice as long."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


class _Load:
    """One load. `whole` is false once something was not read: then nothing can be said of what is not there."""

    def __init__(
        self,
        path: str,
        sections: Sequence[Section],
        wording: Wording | None,
        overrule: Callable[[Rules], Rules] | None,
        *,
        c_parser: bool,
    ) -> None:
        self.path = path
        self.overrule = overrule
        self.c_parser = c_parser
        self.whole = True
        self.findings = Findings()
        self.folder = Folder(path)
        self.source = self.folder.source(os.path.basename(path))  # noqa: PTH119 - as the user wrote it
        self.sections = tuple(sections)
        desk = Desk(self.findings, LocalPictures(self.folder), itertools.count(), wording)
        self.readers: dict[str, EntryReader] = {each.name: each.reader(desk) for each in sections}
        self.head: list[tuple[Scalar, Node]] = []
        self.files: list[str] = []
        self.items: list[Item] = []

    def run(self) -> Loaded:
        """Read everything, then check what concerns all files."""
        self._read(self.source, self.path, self._read_catalogue)
        head = Fields(MapNode(self.head, 1, 1), self.source, self.findings, "")
        self._read_includes(head.node("include"))
        self._check_empty()
        rules = read_rules(head.mapping("policy"), Rules())
        if self.overrule is not None:
            rules = self.overrule(rules)
        for reader in self.readers.values():
            self.items.extend(reader.finish(rules))
        catalogue = self._assemble(head, rules)
        return Loaded(None if self.findings.errors else catalogue, self._in_order())

    def _read(self, source: Source, path: str, how: Callable[[Source, BinaryIO], None]) -> None:
        self.files.append(source.file)
        try:
            missing = Code.FILE_MISSING if source is self.source else Code.FILE_UNREADABLE
            ending = PurePath(source.file).suffix.lower()
            limit = MAX_ROWS_BYTES if ending in ROW_FORMATS else MAX_BYTES
            with open_file(path, missing=missing, max_bytes=limit) as file:
                how(source, file)
        except BadFile as problem:
            self.whole = False
            self.findings.error(problem.code, source.place(problem), problem.summary)

    def _read_catalogue(self, source: Source, file: BinaryIO) -> None:
        if not self.c_parser:
            summary = "the fast YAML parser (ruamel.yaml.clib) is missing; reading takes some twenty times longer"
            self.findings.warning(Code.SLOW_PARSER, Place(source.file, 1, 1), summary)
        for member in self._yaml(source, file):
            self._top(source, member, HEAD)

    def _read_includes(self, node: Node | None) -> None:
        includes = Includes(self.folder, self.source, self.findings)
        for source, real in includes.files(node, os.path.realpath(self.path)):
            self._read(source, real, self._reader_of(source))
        self.whole = self.whole and includes.whole

    def _reader_of(self, source: Source) -> Callable[[Source, BinaryIO], None]:
        """How an included file is read, by the ending of its name."""
        ending = PurePath(source.file).suffix.lower()
        if ending in ROW_FORMATS:
            return lambda source, file: self._read_rows(ROW_FORMATS[ending], source, file)
        if ending in YAML_ENDINGS:
            return self._read_included_yaml
        return _refuse_format

    def _read_included_yaml(self, source: Source, file: BinaryIO) -> None:
        for member in self._yaml(source, file):
            self._top(source, member, ())

    def _read_rows(self, rows: Callable[[RowFile], Iterator[Row]], source: Source, file: BinaryIO) -> None:
        for section, entry in rows(RowFile(file, source, self.sections, self.findings)):
            self.items.extend(self.readers[section].take(entry))

    def _yaml(self, source: Source, file: BinaryIO) -> Iterator[Member]:
        """What stands at the top of a YAML file; the members of the sections go to their readers on the way."""
        refuse_utf_16(file)
        readers = self.readers
        for member in members(file, source, self.findings, streamed=readers, c_parser=self.c_parser):
            if member.key is None:
                yield member
            else:
                self.items.extend(readers[member.section.text].take(Entry(source, member.key, member.node)))

    def _top(self, source: Source, member: Member, head: Sequence[str]) -> None:
        """One field at the top of a file; `head` has those that may stand there beside the sections."""
        name, node = member.section.text, member.node
        if name in head:
            if node is not None:
                self.head.append((member.section, node))
        elif name not in self.readers:
            self._unknown_top(source, member.section, head)
        elif isinstance(node, ListNode) or (isinstance(node, Scalar) and not node.empty):
            self.whole = False
            summary = with_found("must be a mapping of keys", found(node))
            self.findings.error(Code.WRONG_TYPE, source.place(node), summary, name=name)

    def _unknown_top(self, source: Source, key: Scalar, head: Sequence[str]) -> None:
        if did_you_mean(key.text, self.readers):
            self.whole = False  # what stands under it may be what other parts speak of
        summary = unknown_field(key.text, [*head, *self.readers])
        if not head:
            summary = Sentence("an included file has only {sections}", sections=" and ".join(self.readers))
        self.findings.error(
            Code.UNKNOWN_FIELD, source.place(key), with_found(summary, shown(key.text)), name=shown(key.text)
        )

    def _assemble(self, head: Fields, rules: Rules) -> Catalogue:
        head.take("version", parse_version, VERSION)
        app = head.take("app", parse_app, None)
        pools = {name: limit for section in self.sections for name, limit in section.pools.items()}
        quota = read_quota(head.mapping("quota"), pools)
        bindings = read_bindings({name: head.node(name) for name in BINDINGS}, self.source, self.findings)
        self._check_across(bindings)
        parts = Parts(app, rules, quota, bindings.adopt, bindings.moved, tuple(bindings.removed))
        digest = catalogue_digest(self.items, parts)
        items = tuple(sorted(self.items, key=lambda item: item.position))
        return Catalogue(path=self.path, items=items, digest=digest, **parts._asdict())

    def _check_across(self, bindings: Bindings) -> None:
        if not self.whole:
            return
        for section in self.sections:
            if section.adoptable:
                check_bindings(bindings, self.readers[section.name].keys, section.name, self.findings)

    def _check_empty(self) -> None:
        """Only where all that was read is right: else an item may be missing for another reason."""
        if not self.findings.errors and not any(reader.keys for reader in self.readers.values()):
            summary = "the catalogue lists no items; an empty one is taken for a mistake"
            self.findings.error(Code.EMPTY_CATALOGUE, Place(self.source.file, 1, 1), summary)

    def _in_order(self) -> tuple[Diagnostic, ...]:
        rank = {file: number for number, file in enumerate(self.files)}

        def position(each: Diagnostic) -> tuple[int, int, int]:
            file = each.place.file
            if file not in rank:  # goods.xlsx[Sheet2]
                rank[file] = max(rank[whole] for whole in self.files if file.startswith(f"{whole}["))
            return rank[file], each.place.line, each.place.column

        return tuple(sorted(self.findings.diagnostics, key=position))


def _refuse_format(source: Source, _file: BinaryIO) -> None:
    ending = PurePath(source.file).suffix
    summary = "must be .yaml, .yml, .csv, .jsonl, .ndjson or .xlsx"
    raise BadFile(Code.UNSUPPORTED, 1, 1, f"{summary} ({shown(ending) or 'no ending'})")
