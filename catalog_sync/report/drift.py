"""Drift as text for a person and as a document."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from catalog_sync.core.drift import Drift, DriftClass, Moved
from catalog_sync.core.model import Value
from catalog_sync.core.money import yuan
from catalog_sync.report.text import shown
from catalog_sync.report.width import safe, table
from catalog_sync.report.words import ENGLISH, Words

_HEADINGS = {
    DriftClass.EDITED: "Edited by others",
    DriftClass.COVER_REPLACED: "Cover replaced by others",
    DriftClass.LOST: "Gone from the platform",
    DriftClass.FOREIGN: "On the platform, bound to no key",
}


def drift_counts(found: Sequence[Drift]) -> dict[str, int]:
    """How many items drifted in each way."""
    counts = Counter(each.kind for each in found)
    return {kind.value: counts[kind] for kind in DriftClass}


def drift_document(found: Sequence[Drift], app: str, money: frozenset[str], *, complete: bool) -> dict[str, object]:
    """The document of `drift --format json`; fields named in `money` are yuan with two decimals. `complete`: the
    platform was read whole, so that nothing is missing here."""
    return {
        "format_version": "1.0",
        "app": app,
        "complete": complete,
        "drift": [
            {
                "address": each.address,
                "class": each.kind.value,
                "remote_id": each.remote_id,
                "fields": [
                    {"field": moved.field, "before": _told(moved, moved.before, money),
                     "after": _told(moved, moved.after, money)}
                    for moved in each.fields
                ],
            }
            for each in found
        ],
        "summary": drift_counts(found),
    }  # fmt: skip


def _told(moved: Moved, value: Value, money: frozenset[str]) -> Value:
    return yuan(value) if moved.field in money and isinstance(value, int) else value


def drift_text(found: Sequence[Drift], money: frozenset[str], words: Words = ENGLISH) -> str:
    """All drift by class; the last line has the counts."""
    lines: list[str] = []
    for kind, heading in _HEADINGS.items():
        those = [each for each in found if each.kind is kind]
        if those:
            told = words.tell("{heading} ({count})", heading=heading, count=len(those))
            lines += [told, *_items(those, money, words), ""]
    if not found:
        return words.tell("No drift. Nobody else changed what we bound.")
    counts = words["counts"].join(f"{words.word(kind)}: {count}" for kind, count in drift_counts(found).items())
    return "\n".join([*lines, words.tell("Drift: {counts}", counts=counts)])


def _items(found: Sequence[Drift], money: frozenset[str], words: Words) -> Iterator[str]:
    for each in found:
        subject = str(each.remote_id) if each.address is None else f"{safe(each.address)}  {each.remote_id}"
        yield f"  {subject}  {safe(each.name)}".rstrip()
        rows = [
            (
                words.field(moved.field),
                _value(moved.field, moved.before, money, words),
                "->",
                _value(moved.field, moved.after, money, words),
            )
            for moved in each.fields
        ]
        yield from table(rows, indent="      ")


def _value(name: str, value: Value, money: frozenset[str], words: Words) -> str:
    return shown(yuan(value) if name in money and isinstance(value, int) else value, words)
