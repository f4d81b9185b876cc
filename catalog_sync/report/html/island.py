"""The changes of a plan as the data that the page's script searches and shows."""

from __future__ import annotations

import json
from collections.abc import Iterable

from catalog_sync.core.plandoc import ChangeDocument, PlanDocument
from catalog_sync.report import said
from catalog_sync.report.face import NOBODY, Face, Faces
from catalog_sync.report.text import SYMBOLS
from catalog_sync.report.width import safe
from catalog_sync.report.words import Words

_FIELDS = (
    "address", "kind", "name", "action", "disposition", "day", "status", "id", "reason", "message", "was", "late",
    "note", "place", "calls", "values", "held", "pictures", "link",
)  # fmt: skip

_A_CHANGE = 450
"""Bytes that a change may take on the average, so that 10,000 of them and their covers stay under 8 MB."""

_AT_LEAST = 1_000_000

_CHARACTERS = (1000, 120, 60, 24)
"""How much of one foreign text is shown: the most with which the whole keeps to its bytes."""

_TOLD = (
    "some_of_all", "some_matching", "all", "matching", "nothing", "show_more", "field", "before", "after", "was",
    "held", "listed", "late", "note", "id", "picture", "platform_picture", "cover", "fitted", "as_file", "as_uploaded",
)  # fmt: skip


class _Pool:
    """Texts that many changes share, each told once."""

    def __init__(self) -> None:
        self._places: dict[str, int] = {}

    def place(self, text: str) -> int:
        """Where the text stands in `all`."""
        return self._places.setdefault(text, len(self._places))

    @property
    def all(self) -> list[str]:
        """The texts in their order."""
        return list(self._places)


def island(plan: PlanDocument, faces: Faces, words: Words) -> str:
    """The data as JSON that can stand in an HTML script element, whatever the names hold."""
    bound = max(_AT_LEAST, _A_CHANGE * len(plan.changes))
    text = ""
    for characters in _CHARACTERS:
        texts, pictures = _Pool(), _Pool()
        cut = _Cut(characters, words)
        rows = [_row(each, faces.get(each.address, NOBODY), (cut, texts, pictures), words) for each in plan.changes]
        text = _json({"words": _words(words), "fields": _FIELDS, "texts": texts.all, "rows": rows})
        if len(text.encode()) <= bound:
            break
    return f'{text[:-1]},"pictures":{_json(pictures.all)}}}'


class _Cut:
    """Foreign text, made harmless and not longer than it may be."""

    def __init__(self, characters: int, words: Words) -> None:
        self._characters = characters
        self._more = words["more_characters"]

    def side(self, text: str | None) -> str | None:
        """One side of a field, None where there is no item."""
        return None if text is None else self(text)

    def __call__(self, text: str) -> str:
        left = len(text) - self._characters
        if left <= len(self._more):
            return safe(text)
        return safe(text[: self._characters]) + self._more.format(number=f"{left:,}")


def _row(change: ChangeDocument, face: Face, means: tuple[_Cut, _Pool, _Pool], words: Words) -> list[object]:
    """One change in the order of `_FIELDS`."""
    cut, texts, pictures = means
    return [
        cut(change.address),
        change.kind,
        cut(face.name),
        change.action.value,
        change.disposition.value,
        change.not_before or change.scheduled_for or "",
        "" if change.audit_status is None else change.audit_status.value,
        change.remote_id,
        change.reason,
        texts.place(cut(said.why(change, words))),
        cut(change.previous_address or ""),
        int(change.late),
        cut(change.note or ""),
        "" if change.source is None else cut(f"{change.source.file}:{change.source.line}"),
        texts.place(" → ".join(words.call(step.call) for step in change.steps)),
        [[name, cut.side(before), cut.side(after)] for name, before, after in said.values(change, words)],
        [
            [held.reason, list(held.fields), texts.place(cut(words.say(held.message, held.reason)))]
            for held in change.held
        ],
        [pictures.place(each) for each in face.pictures],
        face.link,
    ]


def _words(words: Words) -> dict[str, object]:
    return {
        **{name: words[name] for name in _TOLD},
        "language": words.language,
        "symbols": {action.value: symbol for action, symbol in SYMBOLS.items()},
        "actions": dict(words.actions),
        "dispositions": dict(words.dispositions),
        "statuses": dict(words.statuses),
        "fields": dict(words.fields),
    }


_UNQUOTED: tuple[tuple[str, str], ...] = (("<", "\\u003c"), (">", "\\u003e"), ("&", "\\u0026"), ("##[", "\\u0023#["))
"""What ends a script element, and what a CI's runner takes for a command."""


def _json(value: Iterable[object]) -> str:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for plain, escaped in _UNQUOTED:
        text = text.replace(plain, escaped)
    return text
