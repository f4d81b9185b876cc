"""YAML through its events: our own loop over libyaml's, which gives the raw text and the place of every scalar.

Nodes and constructors are what makes YAML slow, and they lose what we need: `no` and `0123` must stay text, and a
price must be read from its own digits. Sections are handed out member by member, so that a large file never stands
in memory as a whole. Anchors, aliases, merge keys and tags are refused where they stand, which also ends bombs of
nested aliases.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import Any, BinaryIO, NamedTuple, TypeAlias, cast

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from catalog_sync.catalogue.syntax import BadFile, decoded, explained
from catalog_sync.core.entry import Code, Findings, ListNode, MapNode, Node, Scalar, Source, shown, twice

try:
    # The C parser of the extra `ruamel.yaml[oldlibyaml]`. `YAML(typ="safe")` of ruamel.yaml 0.19 does not use it
    # even where it is installed, so it is taken directly.
    from _ruamel_yaml import CParser
except ImportError:  # a platform without a wheel of it
    CParser = None

HAS_C_PARSER = CParser is not None
"""Whether the fast parser is installed."""

MAX_DEPTH = 16
"""Lists and mappings in each other; the catalogue needs six."""

_tuple = tuple.__new__

_STANDARD_TAG = "tag:yaml.org,2002:"

Event: TypeAlias = Any
"""An event of either parser; ruamel.yaml declares no types for what they hold."""


class Member(NamedTuple):
    """A value under a key at the top of the document, or one member of a streamed section.

    `key` is None for the value as a whole, and `node` is None when it was refused already.
    """

    section: Scalar
    key: Scalar | None
    node: Node | None


def members(
    file: BinaryIO, source: Source, findings: Findings, *, streamed: Collection[str], c_parser: bool = True
) -> Iterator[Member]:
    """Walk one document: each value at its top, the `streamed` ones member by member.

    What can be skipped is noted in `findings`; raises `BadFile` where the file cannot be read any further.
    """
    try:
        yield from _one_behind(_Walk(events(file, c_parser=c_parser), source, findings).top(streamed))
    except YAMLError as problem:
        raise explained(problem, file) from None


def _one_behind(walk: Iterator[Member]) -> Iterator[Member]:
    """Each member once the next has begun: a slip in the indentation seems to end one early, and shows only then."""
    previous: Member | None = None
    for member in walk:
        if previous is not None:
            yield previous
        previous = member
    if previous is not None:
        yield previous


def events(file: BinaryIO, *, c_parser: bool) -> Callable[[], Event]:
    """The next event of a file, each time it is called."""
    if c_parser and CParser is not None:
        return cast("Callable[[], Event]", CParser(file).get_event)
    return cast("Callable[[], Event]", iter(YAML(typ="safe", pure=True).parse(decoded(file.read()))).__next__)


class _Walk:
    """One pass over the events of one file."""

    __slots__ = ("_findings", "_next", "_refused", "_source")

    def __init__(self, next_event: Callable[[], Event], source: Source, findings: Findings) -> None:
        self._next = next_event
        self._source = source
        self._findings = findings
        self._refused = False

    def top(self, streamed: Collection[str]) -> Iterator[Member]:
        """The members of the mapping at the top of the only document."""
        self._open_document()
        seen: dict[str, Scalar] = {}
        for section, event in self._pairs():
            repeated = self._repeated(section, seen.setdefault(section.text, section))
            if section.text in streamed and event.__class__ is MappingStartEvent:
                self._check_undecorated(event)
                yield Member(section, None, MapNode([], section.line, section.column))
                for key, inner in self._pairs():
                    yield Member(section, key, self._usable(inner, 3))
            else:
                node = self._usable(event, 2)
                if not repeated:
                    yield Member(section, None, node)
        self._close_document()

    def _repeated(self, key: Scalar, first: Scalar) -> bool:
        if key is first:
            return False
        place = self._source.place(first)
        summary = twice(place, key.text)
        self._findings.error(Code.DUPLICATE_KEY, self._source.place(key), summary, name=shown(key.text))
        return True

    def _open_document(self) -> None:
        self._next()
        if self._next().__class__ is StreamEndEvent:
            raise BadFile(Code.FILE_EMPTY, 1, 1, "the file is empty")
        event = self._next()
        if event.__class__ is not MappingStartEvent:
            raise _not_a_mapping(event)
        self._check_undecorated(event)

    def _close_document(self) -> None:
        self._next()
        event = self._next()
        if event.__class__ is DocumentStartEvent:
            mark = event.start_mark
            raise BadFile(Code.SEVERAL_DOCUMENTS, mark.line + 1, mark.column + 1, "only one document a file (---)")

    def _pairs(self) -> Iterator[tuple[Scalar, Event]]:
        """The keys of the mapping that was just opened, each with the first event of its value."""
        while (event := self._next()).__class__ is not MappingEndEvent:
            if event.__class__ is not ScalarEvent or event.value == "<<":
                self._refuse_key(event)
            else:
                yield self._scalar(event), self._next()

    def _refuse_key(self, event: Event) -> None:
        """A list or mapping as key, or a merge key: read over it and its value."""
        if event.__class__ is ScalarEvent:
            self._refuse(Code.MERGE_KEY, event, "merge keys are not used here (<<)")
        else:
            self._refuse(Code.WRONG_TYPE, event, f"a key must be a text ({_kind(event)})")
            self._node(event, 1)
        self._node(self._next(), 1)

    def _usable(self, event: Event, depth: int) -> Node | None:
        """The value that begins with this event, or None when something in it was refused."""
        self._refused = False
        node = self._node(event, depth)
        return None if self._refused else node

    def _node(self, event: Event, depth: int) -> Node:
        kind = event.__class__
        if kind is ScalarEvent:
            return self._scalar(event)
        if kind is AliasEvent:
            return self._alias(event)
        mark = event.start_mark
        line, column = mark.line + 1, mark.column + 1
        if depth > MAX_DEPTH:
            raise BadFile(Code.TOO_DEEP, line, column, f"nested deeper than {MAX_DEPTH} levels")
        self._check_undecorated(event)
        if kind is MappingStartEvent:
            return MapNode(self._map_pairs(depth + 1), line, column)
        return ListNode(self._list_members(depth + 1), line, column)

    def _map_pairs(self, depth: int) -> list[tuple[Scalar, Node]]:
        """`_pairs` with their nodes. Nearly all of a catalogue is texts under texts, so those go the short way."""
        next_event, scalar = self._next, self._scalar
        pairs: list[tuple[Scalar, Node]] = []
        while (event := next_event()).__class__ is not MappingEndEvent:
            if event.__class__ is not ScalarEvent or event.value == "<<":
                self._refuse_key(event)
                continue
            key, value = scalar(event), next_event()
            pairs.append((key, scalar(value) if value.__class__ is ScalarEvent else self._node(value, depth)))
        return pairs

    def _list_members(self, depth: int) -> list[Node]:
        members: list[Node] = []
        while (event := self._next()).__class__ is not SequenceEndEvent:
            members.append(self._node(event, depth))
        return members

    def _scalar(self, event: Event) -> Scalar:
        if event.anchor is not None or event.ctag is not None:
            self._check_undecorated(event)
        mark = event.start_mark
        # As Scalar(...), which would go through one more Python function: this runs 15 times for each item.
        return _tuple(Scalar, (event.value, mark.line + 1, mark.column + 1, event.implicit[0]))

    def _alias(self, event: Event) -> Scalar:
        self._refuse(Code.ALIAS, event, f"aliases are not used here (*{shown(event.anchor)})")
        return Scalar("", event.start_mark.line + 1, event.start_mark.column + 1, plain=True)

    def _check_undecorated(self, event: Event) -> None:
        """Anchors and tags are errors, but what they decorate is read on."""
        if event.anchor is not None:
            self._note(Code.ANCHOR, event, f"anchors are not used here (&{shown(event.anchor)})")
        if event.ctag is not None:
            tag = str(event.tag).replace(_STANDARD_TAG, "!!")
            self._note(Code.TAG, event, f"tags are not used here ({shown(tag)})")

    def _refuse(self, code: Code, event: Event, summary: str) -> None:
        self._refused = True
        self._note(code, event, summary)

    def _note(self, code: Code, event: Event, summary: str) -> None:
        spot = Scalar("", event.start_mark.line + 1, event.start_mark.column + 1, plain=True)
        self._findings.error(code, self._source.place(spot), summary)


def _not_a_mapping(event: Event) -> BadFile:
    mark = event.start_mark
    if event.__class__ is ScalarEvent and not event.value:
        return BadFile(Code.FILE_EMPTY, 1, 1, "the file is empty")
    return BadFile(Code.WRONG_TYPE, mark.line + 1, mark.column + 1, f"must be a mapping of fields ({_kind(event)})")


def _kind(event: Event) -> str:
    if event.__class__ is ScalarEvent:
        return shown(event.value)
    kinds = {MappingStartEvent: "a mapping", SequenceStartEvent: "a list", AliasEvent: "an alias"}
    return kinds[event.__class__]
