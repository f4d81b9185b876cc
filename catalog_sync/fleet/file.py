"""`fleet.yaml`: many shops in one file, read as a catalogue is: every problem at once, each at its place.

What is wrong with one shop is kept with it: the others go on. What is wrong with the file as a whole ends everything.
"""

from __future__ import annotations

import hashlib
import math
import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from io import BytesIO
from threading import Lock

from catalog_sync.catalogue.document import HAS_C_PARSER, members
from catalog_sync.catalogue.fields import Fields, WrongValue, joined, mapping, scalar, unique
from catalog_sync.catalogue.policy import parse_app, parse_version, read_rules
from catalog_sync.catalogue.sources import Folder, read_file
from catalog_sync.catalogue.syntax import BadFile, refuse_utf_16
from catalog_sync.core.entry import (
    Code,
    Findings,
    ListNode,
    MapNode,
    Node,
    Scalar,
    Source,
    did_you_mean,
    found,
    shown,
)
from catalog_sync.core.model import Place, Rules
from catalog_sync.fleet.target import FleetInvalid, Reference, Target, Way
from catalog_sync.fleet.values import (
    NAME,
    FleetCode,
    parse_api_base,
    parse_cron,
    parse_name,
    parse_path,
    parse_reference,
    parse_state,
)
from catalog_sync.wechat.http import origin_of
from catalog_sync.wiring import DEFAULT_API_BASE

HEAD = ("version", "reconcile", "defaults", "targets")
"""The fields at the top of the file."""

RECONCILE = "17 * * * *"
"""When workers look at every shop by themselves, unless the file says otherwise: once an hour."""

_MOST_LABELS = 32


@dataclass(frozen=True, slots=True)
class Fleet:
    """The shops of a file, in its order; `state` is the one of `defaults:`, where the queue is, too, and `access` the
    way to a token there. `digest` is that of the file's bytes, `reconcile` a cron line."""

    path: str
    targets: tuple[Target, ...]
    state: Reference | None
    access: Reference | None
    reconcile: str
    digest: str

    @property
    def secret_names(self) -> frozenset[str]:
        """The variables in which secrets of the fleet stand."""
        references = [
            self.state,
            self.access,
            *(each for target in self.targets for each in (target.access, target.state)),
        ]
        return frozenset(each.text for each in references if each is not None and each.way is Way.ENV)


def read_fleet(path: str, api_base: str | None = None) -> Fleet:
    """The fleet at `path`; `api_base` is the platform that the user named, and so that of all shops. Raises
    `FleetInvalid` where the file as a whole cannot be used, `UsageError` for a platform that is none."""
    reading = _Reading(path, api_base)
    try:
        data = read_file(path, missing=Code.FILE_MISSING)
        reading.read(data)
    except BadFile as problem:
        reading.findings.error(problem.code, reading.source.place(problem), problem.summary)
    if reading.findings.errors:
        raise FleetInvalid(tuple(reading.findings.diagnostics))
    return reading.fleet(f"sha256:{hashlib.sha256(data).hexdigest()}")


LOOK_AGAIN = 10.0
"""Seconds after which a file with mistakes is read again: a catalogue may have been away for a moment only."""


class FleetFile:
    """A fleet's file, which is read again when it changed, and when what it names may have come back. Safe for many
    threads."""

    def __init__(self, path: str, api_base: str | None = None) -> None:
        self.path = path
        self._api_base = api_base
        self._lock = Lock()
        self._read: tuple[tuple[int, int], Fleet] | None = None
        self._until = 0.0

    @property
    def fleet(self) -> Fleet:
        """The fleet as its file says now. Raises what `read_fleet` raises."""
        try:
            found = os.stat(self.path)  # noqa: PTH116 - a text, as all paths of a fleet
            seen = (found.st_mtime_ns, found.st_size)
        except OSError:
            seen = (0, 0)
        with self._lock:
            if self._read is None or self._read[0] != seen or time.monotonic() > self._until:
                fleet = read_fleet(self.path, self._api_base)
                self._read = seen, fleet
                mistaken = any(target.diagnostics for target in fleet.targets)
                self._until = time.monotonic() + LOOK_AGAIN if mistaken else math.inf
            return self._read[1]

    def named(self, name: str) -> Target | None:
        """The shop of this name; None where there is none. Raises `FleetInvalid`."""
        return next((each for each in self.fleet.targets if each.name == name), None)


class _Reading:
    """One reading of a file."""

    def __init__(self, path: str, api_base: str | None) -> None:
        self.path = path
        self.api_base = api_base
        self.folder = Folder(path)
        self.source = self.folder.source(os.path.basename(path))  # noqa: PTH119 - as the user wrote it
        self.findings = Findings()
        self.head: dict[str, Node] = {}

    def read(self, data: bytes) -> None:
        """What stands at the top. Raises `BadFile`."""
        file = BytesIO(data)
        refuse_utf_16(file)
        for member in members(file, self.source, self.findings, streamed=(), c_parser=HAS_C_PARSER):
            key = member.section
            if key.text not in HEAD:
                summary = f"unknown field{did_you_mean(key.text, HEAD)} ({shown(key.text)})"
                self.findings.error(Code.UNKNOWN_FIELD, self.source.place(key), summary, name=shown(key.text))
            elif member.node is not None:
                self.head[key.text] = member.node
        listed = self.head.get("targets")
        if not (isinstance(listed, ListNode) and listed.members):
            spot = listed or Scalar("", 1, 1, plain=True)
            summary = "the fleet lists no targets; write one below targets: as `- name: ...`"
            self.findings.error(FleetCode.NO_TARGETS, self.source.place(spot), summary)

    def fleet(self, digest: str) -> Fleet:
        """The whole fleet. Raises `FleetInvalid` for what concerns all shops."""
        head = Fields(MapNode([], 1, 1), self.source, self.findings, "")
        head.parsed("version", self.head.get("version"), parse_version, "")
        reconcile = head.parsed("reconcile", self.head.get("reconcile"), parse_cron, RECONCILE)
        defaults = mapping(self.head.get("defaults"), self.source, self.findings, "defaults")
        common = Target("defaults", -1)
        if defaults is not None:
            common = _shared(defaults, common, self.folder)
            defaults.close()
        if self.findings.errors:
            raise FleetInvalid(tuple(self.findings.diagnostics))
        nodes = self.head["targets"].members if isinstance(self.head["targets"], ListNode) else []
        targets = [self._target(node, position, common) for position, node in enumerate(nodes)]
        return Fleet(self.path, self._once(targets, nodes), common.state, common.access, reconcile, digest)

    def _target(self, node: Node, position: int, common: Target) -> Target:
        findings = Findings()
        unnamed = f"targets[{position + 1}]"
        if not isinstance(node, MapNode):
            summary = f"must be a mapping of fields ({found(node)})"
            findings.error(Code.WRONG_TYPE, self.source.place(node), summary, name=unnamed)
            return Target(unnamed, position, diagnostics=tuple(findings.diagnostics))
        fields = Fields(node, self.source, findings, _named(node) or unnamed)
        target = replace(
            common,
            name=_needed(fields, node, "name", parse_name, "") or unnamed,
            position=position,
            app=_needed(fields, node, "appid", parse_app, ""),
            catalogue=_needed(fields, node, "catalogue", partial(parse_path, self.folder, must_exist=True), ""),
            folder=self.folder.root,
        )
        target = _shared(fields, target, self.folder)
        fields.close()
        return replace(target, diagnostics=tuple(findings.diagnostics))

    def _once(self, targets: Sequence[Target], nodes: Sequence[Node]) -> tuple[Target, ...]:
        """Shops that have the name or the appid of another are wrong, both: which is meant cannot be told."""
        places = [self.source.place(node) for node in nodes]
        kept = list(targets)
        for field, code, told in (("name", Code.DUPLICATE_KEY, _own_name), ("appid", FleetCode.APP_TWICE, self._shop)):
            groups: dict[object, list[Target]] = {}
            for target in targets:
                groups.setdefault(told(target), []).append(target)
            for target in targets:
                group = groups[told(target)]
                if len(group) > 1 and told(target) is not None:
                    other = places[next(each.position for each in group if each is not target)]
                    kept[target.position] = _twin(kept[target.position], places[target.position], field, code, other)
        return tuple(kept)

    def _shop(self, target: Target) -> object:
        base = self.api_base or target.api_base or DEFAULT_API_BASE
        return (origin_of(base), target.app) if target.app else None


def _own_name(target: Target) -> object:
    return target.name


def _twin(target: Target, place: Place, field: str, code: str, other: Place) -> Target:
    findings = Findings(list(target.diagnostics))
    value = target.app if field == "appid" else target.name
    summary = f"stands twice; the other at {other.file}:{other.line}:{other.column} ({value})"
    findings.error(code, place, summary, name=f"{target.name}.{field}")
    return replace(target, diagnostics=tuple(findings.diagnostics))


def _named(node: MapNode) -> str:
    """The name of a shop whose fields are not read yet, for messages."""
    texts = (value.text for key, value in node.pairs if key.text == "name" and isinstance(value, Scalar))
    name = next(texts, "")
    return name if NAME.fullmatch(name) else ""


def _needed(fields: Fields, node: MapNode, name: str, parse: Callable[[Scalar], str], default: str) -> str:
    value = fields.node(name)
    if value is None:
        fields.findings.error(
            Code.MISSING_FIELD, fields.source.place(node), "is missing", name=joined(fields.path, name)
        )
        return default
    return fields.parsed(name, value, parse, default)


def _shared(fields: Fields, before: Target, folder: Folder) -> Target:
    """What a shop has, or the defaults have for all: the shop's own word counts."""
    state = fields.node("state")
    return replace(
        before,
        state=before.state if state is None else _secretly(fields, "state", state, partial(parse_state, folder)),
        access=_access(fields, before.access, folder),
        api_base=fields.take("api_base", parse_api_base, before.api_base),
        labels={**before.labels, **_labels(fields)},
        overrule=_overrule(fields, before.overrule),
    )


def _access(fields: Fields, before: Reference | None, folder: Folder) -> Reference | None:
    """The one way to a token; the shop's own counts, whichever way the defaults have."""
    ways: dict[str, Callable[[Scalar], Reference]] = {
        "secret": partial(parse_reference, folder),
        "token_file": lambda value: Reference(Way.TOKEN_FILE, parse_path(folder, value)),
        "token_command": lambda value: Reference(Way.TOKEN_COMMAND, value.text),
    }
    nodes = {name: node for name in ways if (node := fields.node(name)) is not None}
    for name in list(nodes)[1:]:
        summary = f"one of {', '.join(ways)} is enough"
        fields.findings.error(
            Code.WRONG_VALUE, fields.source.place(nodes[name]), summary, name=joined(fields.path, name)
        )
    given = [_secretly(fields, name, node, ways[name]) for name, node in nodes.items()]
    return given[0] if given else before


def _secretly(fields: Fields, name: str, node: Node, parse: Callable[[Scalar], Reference]) -> Reference | None:
    """A field of which no message shows what was found: it may be the secret itself."""
    try:
        return parse(scalar(node))
    except WrongValue as problem:
        place = fields.source.place(node)
        fields.findings.error(problem.code, place, problem.summary, name=joined(fields.path, name))
        return None


def _labels(fields: Fields) -> Mapping[str, str]:
    node = fields.node("labels")
    inner = mapping(node, fields.source, fields.findings, joined(fields.path, "labels"))
    if inner is None or not isinstance(node, MapNode):
        return {}
    names = list(unique(node, fields.source, Findings(), ""))[:_MOST_LABELS]
    return {name: inner.take(name, parse_name, "") for name in names}


def _overrule(fields: Fields, before: Callable[[Rules], Rules] | None) -> Callable[[Rules], Rules] | None:
    """What `policy:` makes of a catalogue's rules. It is read once for its mistakes, and again over each catalogue."""
    node = fields.node("policy")
    checked = mapping(node, fields.source, fields.findings, joined(fields.path, "policy"))
    if checked is None or not isinstance(node, MapNode):
        return before
    read_rules(checked, Rules())
    return partial(_ruled, before, node, fields.source)


def _ruled(before: Callable[[Rules], Rules] | None, node: MapNode, source: Source, rules: Rules) -> Rules:
    return read_rules(Fields(node, source, Findings(), ""), rules if before is None else before(rules))
