"""What stands between a system and the files that are written: an item as an entry or a row, and the systems' writers.

The way back of `core.entry`: a system's `Writer` turns values into named fields, the catalogue room turns those into
YAML, CSV or JSON Lines.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Protocol, TypeAlias

from catalog_sync.core.model import Item, Values, key_of

Told: TypeAlias = str | int | Decimal | Mapping[str, str]
"""One field of a file: a text, or what stands unquoted: a number, an amount in yuan, a truth value; or named texts."""


@dataclass(frozen=True, slots=True)
class Written:
    """One item as a file has it.

    `path` is where it stands in a YAML catalogue, from the section's name to its key; `row` are the columns that say
    the same in a row. `remarks` are said in comments before it.
    """

    path: tuple[str, ...]
    row: Mapping[str, str]
    fields: Mapping[str, Told]
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Wishes:
    """What only the catalogue says of an item, beside its values; `parent` is the key of what it is a part of."""

    priority: int = 0
    needed_by: float | None = None
    protect: bool = False
    locked_change: str | None = None
    parent: str = ""

    @classmethod
    def of(cls, item: Item) -> Wishes:
        """Those of an item of the catalogue."""
        parent = "" if item.parent is None else key_of(item.parent)
        return cls(item.priority, item.needed_by, item.protect, item.locked_change, parent)

    def fields(self) -> Iterator[tuple[str, Told]]:
        """Those that are not the default, as the files of every system name them."""
        if self.priority:
            yield "priority", self.priority
        if self.needed_by is not None:
            yield "needed_by", datetime.fromtimestamp(self.needed_by, UTC).isoformat().replace("+00:00", "Z")
        if self.protect:
            yield "protect", True
        if self.locked_change is not None:
            yield "locked_change", str(self.locked_change)


class Writer(Protocol):
    """One system's way back to the catalogue's fields.

    `columns` are those of its rows, in their order, each with the Chinese heading that its `Section` reads.
    """

    @property
    def columns(self) -> Mapping[str, str]: ...

    def written(self, key: str, values: Values, picture: str, wishes: Wishes) -> Written:
        """The item with these values. `picture` is what stands for its picture: a file, a link or `keep`. What is
        absent, or the default, is left out."""
        ...
