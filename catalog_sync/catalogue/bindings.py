"""`adopt:`, `moved:` and `removed:`: what the catalogue says of keys and the ids that they stand for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from catalog_sync.catalogue.fields import unique, without_quotes
from catalog_sync.core.entry import Code, Findings, ListNode, MapNode, Node, Scalar, Source, found, nearest, shown
from catalog_sync.core.model import Place
from catalog_sync.core.sentence import Sentence, with_found

BINDINGS = ("adopt", "moved", "removed")
"""The parts of the catalogue that are read here."""

_ID = re.compile(r"[1-9][0-9]{0,18}")


@dataclass(slots=True)
class Bindings:
    """The three parts as the catalogue has them. `places` has where each key of a part stands, for messages."""

    adopt: dict[str, int] = field(default_factory=dict)
    moved: dict[str, str] = field(default_factory=dict)
    removed: list[str] = field(default_factory=list)
    adopt_places: dict[str, Place] = field(default_factory=dict)
    moved_places: dict[str, Place] = field(default_factory=dict)
    removed_places: dict[str, Place] = field(default_factory=dict)


def read_bindings(heads: Mapping[str, Node | None], source: Source, findings: Findings) -> Bindings:
    """The three parts, each value checked by itself."""
    bindings = Bindings()
    for key, value in _pairs(heads.get("adopt"), source, findings, "adopt"):
        if _ID.fullmatch(value.text) and value.plain:
            bindings.adopt[key.text] = int(value.text)
            bindings.adopt_places[key.text] = source.place(value)
        else:
            summary = with_found(
                "must be the id of existing goods, a whole number" + without_quotes(value), found(value)
            )
            findings.error(Code.WRONG_VALUE, source.place(value), summary, name=f"adopt.{shown(key.text)}")
    for key, value in _pairs(heads.get("moved"), source, findings, "moved"):
        bindings.moved[key.text] = value.text
        bindings.moved_places[key.text] = source.place(value)
    _read_removed(heads.get("removed"), source, findings, bindings)
    return bindings


def _pairs(node: Node | None, source: Source, findings: Findings, part: str) -> Iterator[tuple[Scalar, Scalar]]:
    """The keys of a part with their single values."""
    if not isinstance(node, MapNode):
        if not (node is None or (isinstance(node, Scalar) and node.empty)):
            findings.error(Code.WRONG_TYPE, source.place(node), with_found("must be a mapping", found(node)), name=part)
        return
    for key, value in unique(node, source, findings, part).values():
        if isinstance(value, Scalar) and not value.empty:
            yield key, value
        else:
            summary = with_found("must be a single value", found(value))
            findings.error(Code.WRONG_TYPE, source.place(value), summary, name=f"{part}.{shown(key.text)}")


def _read_removed(node: Node | None, source: Source, findings: Findings, bindings: Bindings) -> None:
    if not isinstance(node, ListNode):
        if not (node is None or (isinstance(node, Scalar) and node.empty)):
            summary = with_found("must be a list of keys", found(node))
            findings.error(Code.WRONG_TYPE, source.place(node), summary, name="removed")
        return
    for member in node.members:
        place = source.place(member)
        if not isinstance(member, Scalar) or member.empty or not member.text:
            findings.error(Code.WRONG_TYPE, place, with_found("must be a key", found(member)), name="removed")
        elif first := bindings.removed_places.get(member.text):
            summary = with_found(Sentence("stands twice; first at {place}", place=_where(first)), shown(member.text))
            findings.error(Code.DUPLICATE_KEY, place, summary, name="removed")
        else:
            bindings.removed.append(member.text)
            bindings.removed_places[member.text] = place


def check_bindings(bindings: Bindings, keys: Mapping[str, Place], section: str, findings: Findings) -> None:
    """The three parts against the keys of the catalogue and each other."""
    _check_adopt(bindings, keys, section, findings)
    _check_moved(bindings, keys, section, findings)
    for key in bindings.removed:
        if key in keys:
            summary = _in_section("is still in {section}, at {place}", section, key, _where(keys[key]))
            findings.error(Code.REMOVED_PRESENT, bindings.removed_places[key], summary, name="removed")


def _check_adopt(bindings: Bindings, keys: Mapping[str, Place], section: str, findings: Findings) -> None:
    holders: dict[int, str] = {}
    for key, remote_id in bindings.adopt.items():
        place, name = bindings.adopt_places[key], f"adopt.{shown(key)}"
        if key not in keys:
            summary = _unlisted("is not in {section}", section, key, keys)
            findings.error(Code.ADOPT_UNKNOWN, place, summary, name=name)
        if (first := holders.setdefault(remote_id, key)) != key:
            summary = with_found(Sentence("this id is adopted by {key} as well", key=shown(first)), str(remote_id))
            findings.error(Code.ADOPT_TWICE, place, summary, name=name)


def _in_section(template: str, section: str, key: str, place: str) -> str:
    return with_found(Sentence(template, section=section, place=place), shown(key))


def _unlisted(template: str, section: str, key: str, known: Iterable[str]) -> str:
    near = nearest(key, known)
    told = f"{template}; did you mean {{near}}?" if near else template
    return with_found(Sentence(told, section=section, near=near), shown(key))


def _check_moved(bindings: Bindings, keys: Mapping[str, Place], section: str, findings: Findings) -> None:
    """A circle is told once, and as nothing else: its keys break the other rules as well."""
    in_circle: set[str] = set()
    sources: dict[str, str] = {}
    for key, target in bindings.moved.items():
        if key in in_circle:
            continue
        if circle := _circle(bindings.moved, key):
            in_circle.update(circle)
            _moved(findings, Code.MOVED_CIRCLE, bindings, key, with_found("moves in a circle", _path([*circle, key])))
            continue
        if key in keys:
            summary = _in_section("is still in {section}, at {place}", section, key, _where(keys[key]))
            _moved(findings, Code.MOVED_FROM_PRESENT, bindings, key, summary)
        if target not in keys:
            summary = _unlisted("its target is not in {section}", section, target, keys)
            _moved(findings, Code.MOVED_TO_UNKNOWN, bindings, key, summary)
        if (first := sources.setdefault(target, key)) != key:
            summary = with_found(Sentence("{key} moves to the same key", key=shown(first)), shown(target))
            _moved(findings, Code.MOVED_TWICE, bindings, key, summary)
        if key in bindings.removed_places:
            summary = _in_section("is removed as well, at {place}", section, key, _where(bindings.removed_places[key]))
            _moved(findings, Code.MOVED_AND_REMOVED, bindings, key, summary)


def _moved(findings: Findings, code: Code, bindings: Bindings, key: str, summary: str) -> None:
    findings.error(code, bindings.moved_places[key], summary, name=f"moved.{shown(key)}")


def _circle(moved: Mapping[str, str], start: str) -> list[str]:
    """The keys from `start` back to itself; empty when the moves end, or run into a circle without it."""
    steps, seen = [start], {start}
    while (target := moved.get(steps[-1])) is not None:
        if target == start:
            return steps
        if target in seen:
            return []
        steps.append(target)
        seen.add(target)
    return []


def _path(keys: list[str]) -> str:
    return shown(" -> ".join(keys))


def _where(place: Place) -> str:
    return f"{place.file}:{place.line}:{place.column}"
