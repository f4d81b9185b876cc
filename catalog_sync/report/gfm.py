"""Markdown as GitHub and GitLab read it: foreign text made text, tables, folded sections, and a bound on the whole.

Both turn `@name`, `#1`, commit hashes and links into references after Markdown has been read, so that escapes alone do
not hold them off; within `<code>` they do not look. Sentences of ours get an invisible blank after such a sign instead.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from catalog_sync.report.width import cut, safe

LIMIT = 60_000
"""Characters of a whole text. GitHub refuses a comment of more than 65,536; the rest is for what a caller adds."""

COLUMNS = 60
"""How much of one foreign value is shown."""

SENTENCE = 400
"""How much of one sentence is shown."""

_SPECIAL = re.compile(r"[\\`*\[\]<>#|@~$&]|:(?=\S)|_(?![^\W_])|(?<![^\W_])_|(?i:(?<=www))\.")
"""What may be markup: not a colon before a blank, nor an underline or a dot within a word."""

_REFERENCE = re.compile(r"&#(35|64);")
_TOPS = (500, 200, 100, 50, 25, 10, 5, 2, 1, 0)


def literal(text: str, columns: int = COLUMNS) -> str:
    """A foreign text as just that: no reference, no link, no markup, one line."""
    most = 4 * columns  # what is measured below is worth no more, however many marks a character carries
    told = text if len(text) <= most else f"{text[:most]}…"
    return f"<code>{_escaped(cut(safe(told), columns))}</code>"


def prose(text: str) -> str:
    """A sentence that may hold foreign words."""
    told = safe(text[: SENTENCE + 1])
    return _REFERENCE.sub("\\g<0>&#8203;", _escaped(told if len(told) <= SENTENCE else f"{told[: SENTENCE - 1]}…"))


def _escaped(text: str) -> str:
    return _SPECIAL.sub(lambda found: f"&#{ord(found[0])};", text)


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """A table; the cells are Markdown already."""
    lines = [heads, ["---"] * len(heads), *rows]
    return [f"| {' | '.join(cells)} |" for cells in lines]


def folded(summary: str, lines: Iterable[str], *, open_: bool) -> list[str]:
    """A section that a reader opens and closes."""
    return [f"<details{' open' if open_ else ''}><summary>{summary}</summary>", "", *lines, "", "</details>", ""]


def fitted(render: Callable[[int], Iterable[str]]) -> str:
    """The text with the most rows a table that keep the whole within `LIMIT`: rows are left out and counted, none is
    ever cut. Without any row the text is short by the bounds of its parts."""
    text = ""
    for top in _TOPS:
        text = "\n".join(render(top)).rstrip("\n")
        if len(text) <= LIMIT:
            break
    return text
