"""`include:`: more files of the catalogue, by path or glob.

The files of a glob are taken in the order of their names. A file that several lines name is read once, where it is
named first: `goods/autumn.csv` before `goods/*` puts the autumn goods first.
"""

from __future__ import annotations

import glob
import os
from collections.abc import Iterator
from pathlib import Path

from catalog_sync.catalogue.sources import Folder
from catalog_sync.core.entry import Code, Findings, ListNode, Node, Scalar, Source, found, shown


class Includes:
    """The files that one catalogue includes. `whole` is false when a line could not be followed."""

    def __init__(self, folder: Folder, source: Source, findings: Findings) -> None:
        self.whole = True
        self._folder = folder
        self._source = source
        self._findings = findings
        self._taken: set[str] = set()

    def files(self, node: Node | None, catalogue: str) -> Iterator[tuple[Source, str]]:
        """Each file once, with its real path. `catalogue` is the including file's real path."""
        for pattern in self._patterns(node):
            for relative, real in self._matches(pattern):
                if real == catalogue:
                    self._wrong(Code.INCLUDE_ITSELF, pattern, "takes in the catalogue itself")
                elif real not in self._taken:
                    self._taken.add(real)
                    yield self._folder.source(relative), real

    def _patterns(self, node: Node | None) -> Iterator[Scalar]:
        match node:
            case ListNode():
                yield from self._texts(node)
            case None:
                return
            case Scalar() if node.empty:
                return
            case _:
                self._wrong(Code.WRONG_TYPE, node, "must be a list of files")

    def _texts(self, node: ListNode) -> Iterator[Scalar]:
        for member in node.members:
            if isinstance(member, Scalar) and member.text and not member.empty and "\0" not in member.text:
                yield member
            else:
                self._wrong(Code.WRONG_TYPE, member, "must be the name of a file")

    def _matches(self, pattern: Scalar) -> Iterator[tuple[str, str]]:
        """The files of one line: the path below the folder, and the real one."""
        if os.path.isabs(pattern.text):  # noqa: PTH117 - a pattern, not a path
            self._wrong(Code.INCLUDE_OUTSIDE, pattern, "must be relative to this file")
            return
        if os.path.normpath(pattern.text).startswith(os.pardir):
            self._wrong(Code.INCLUDE_OUTSIDE, pattern, "leaves the catalogue's folder")
            return
        names = self._names(pattern.text)
        if not names:
            self._wrong(Code.INCLUDE_NOTHING, pattern, "matches no file")
        for name in names:
            if real := self._folder.resolve(self._folder.root, name):
                yield name, real
            else:
                self._wrong(Code.INCLUDE_OUTSIDE, pattern, "leaves the catalogue's folder", name)

    def _names(self, pattern: str) -> list[str]:
        """What a path or glob names, sorted; a folder only where it is meant itself."""
        root = self._folder.root
        names = sorted(glob.glob(pattern, root_dir=root, recursive=True))  # noqa: PTH207 - `..` as written
        return [name for name in names if name == pattern or not Path(root, name).is_dir()]

    def _wrong(self, code: Code, node: Node, summary: str, name: str | None = None) -> None:
        self.whole = False
        what = found(node) if name is None else shown(name)
        self._findings.error(code, self._source.place(node), f"{summary} ({what})", name="include")
