"""A catalogue written from nothing: items as YAML, with comments, every text quoted as it must be."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ruamel.yaml import YAML

from catalog_sync.core.entry import escaped
from catalog_sync.core.writing import Told, Written


@dataclass(frozen=True, slots=True)
class Aside:
    """Items that are told in comments, under a heading, and why."""

    heading: str
    items: Sequence[Written]


def catalogue_lines(
    intro: Sequence[str],
    app: str,
    items: Sequence[Written],
    adopt: Mapping[str, int],
    removed: Sequence[str],
    asides: Sequence[Aside],
    *,
    prune: bool,
) -> list[str]:
    """The lines of a catalogue. The texts of `items` hold no line ends: a system's reader took them. `prune` is false
    where something bound could not be listed, and must not be deleted for that."""
    harmless = [(aside.heading, [_escaped(each) for each in aside.items]) for aside in asides if aside.items]
    spell = _spelling({*adopt, *removed, *_texts(items), *(text for _, group in harmless for text in _texts(group))})
    lines = [f"# {escaped(line)}" for line in intro]
    lines += ["version: 1", f"app: {app}", *([] if prune else ["policy: {prune: false}"]), ""]
    lines += _section(items, spell) if items else ["goods: {}"]
    if adopt:
        lines += ["", "adopt:", *(f"  {spell(key)}: {remote_id}" for key, remote_id in adopt.items())]
    if removed:
        lines += ["", "removed:", *(f"  - {spell(key)}" for key in removed)]
    for heading, group in harmless:
        lines += ["", f"# {heading}", *(f"# {line}" for line in _section(group, spell))]
    return lines


def _section(items: Sequence[Written], spell: Callable[[Told], str]) -> Iterator[str]:
    """Items under the parts of their paths; parts that the one before has, too, are not repeated."""
    before: tuple[str, ...] = ()
    for item in items:
        for depth, part in enumerate(item.path):
            blank = "  " * depth
            if depth == len(item.path) - 1:
                yield from (f"{blank}# {escaped(remark)}" for remark in item.remarks)
            if item.path[: depth + 1] != before[: depth + 1]:
                yield f"{blank}{spell(part)}:"
        blank = "  " * len(item.path)
        yield from (f"{blank}{name}: {spell(value)}" for name, value in item.fields.items())
        before = item.path


def _texts(items: Iterable[Written]) -> Iterator[str]:
    for item in items:
        yield from item.path
        yield from (value for value in item.fields.values() if isinstance(value, str))


def _escaped(item: Written) -> Written:
    """An item that no reader took: nothing in it may end the comment's line."""
    fields = {name: escaped(value) if isinstance(value, str) else value for name, value in item.fields.items()}
    return replace(item, path=tuple(map(escaped, item.path)), fields=fields)


def _spelling(texts: Iterable[str]) -> Callable[[Told], str]:
    """How values are spelt in YAML. All texts are written at once: one by one takes many times as long."""
    listed = sorted(texts)
    yaml = YAML()
    yaml.width = 2**31  # a text stays on its line
    out = io.StringIO()
    yaml.dump(listed, out)
    spelt = {text: line.removeprefix("- ") for text, line in zip(listed, out.getvalue().split("\n"), strict=False)}

    def spell(value: Told) -> str:
        if isinstance(value, str):
            return spelt[value]
        if isinstance(value, Mapping):
            return json.dumps(dict(value), ensure_ascii=False)  # which is YAML, too
        return str(value).lower() if isinstance(value, bool) else str(value)

    return spell
