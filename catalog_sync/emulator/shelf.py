"""A shelf of records: by id, by status in the order of ids, and as it was a while ago.

A page costs what is on the page, not what is on the shelf, so 100,000 items are listed as fast as a few.
"""

from bisect import bisect_left, insort
from collections import deque
from collections.abc import Iterator, Sequence
from itertools import takewhile
from typing import Generic, NamedTuple, Protocol, TypeVar

REMEMBERED = 10_000
"""How many of the last changes can be looked behind."""


class Kept(Protocol):
    """What a shelf needs to know of a record. Records are never changed, only replaced."""

    @property
    def id(self) -> int: ...
    @property
    def status(self) -> int: ...


R = TypeVar("R", bound=Kept)


class _Before(NamedTuple, Generic[R]):
    moment: float
    id: int
    record: R | None


class Shelf(Generic[R]):
    """Records by id and status."""

    def __init__(self) -> None:
        self._records: dict[int, R] = {}
        self._ids: dict[int, list[int]] = {}
        self._past: deque[_Before[R]] = deque(maxlen=REMEMBERED)

    def get(self, id_: int) -> R | None:
        """Give the record with this id, or None."""
        return self._records.get(id_)

    def all(self) -> Iterator[R]:
        """Give every record, in the order of ids."""
        return (self._records[id_] for id_ in sorted(self._records))

    def count(self, status: int) -> int:
        """Tell how many records have this status."""
        return len(self._ids.get(status, ()))

    def page(self, status: int, offset: int, limit: int, *, newest_first: bool) -> list[R]:
        """Give `limit` records of this status from `offset` on, in the order of ids or against it."""
        ids: Sequence[int] = self._ids.get(status, ())
        if not newest_first:
            return [self._records[id_] for id_ in ids[offset : offset + limit]]
        end = max(len(ids) - offset, 0)
        return [self._records[id_] for id_ in reversed(ids[max(end - limit, 0) : end])]

    def put(self, record: R, moment: float) -> None:
        """Put a record on the shelf at `moment`, in place of the one with its id."""
        self._past.append(_Before(moment, record.id, self._records.get(record.id)))
        self.restore(record.id, record)

    def restore(self, id_: int, record: R | None) -> None:
        """Make this the record with this id, as if it had always been so; None: there never was one."""
        old = self._records.pop(id_, None)
        if record is not None:
            self._records[id_] = record
        if old is not None and (record is None or record.status != old.status):
            ids = self._ids[old.status]
            del ids[bisect_left(ids, id_)]
        if record is not None and (old is None or record.status != old.status):
            insort(self._ids.setdefault(record.status, []), id_)

    def remove(self, id_: int, moment: float) -> None:
        """Take a record off the shelf at `moment`."""
        self._past.append(_Before(moment, id_, self._records.get(id_)))
        self.restore(id_, None)

    def before(self, moment: float | None) -> "Shelf[R]":
        """Give the shelf as it was at `moment`; None: as it was before the last change."""
        undone = self._since(moment)
        if not undone:
            return self
        past: Shelf[R] = Shelf()
        past._records = dict(self._records)
        past._ids = {status: list(ids) for status, ids in self._ids.items()}
        for change in undone:
            past.restore(change.id, change.record)
        return past

    def _since(self, moment: float | None) -> list[_Before[R]]:
        latest_first = reversed(self._past)
        if moment is None:
            return [change for change, _ in zip(latest_first, range(1), strict=False)]
        return list(takewhile(lambda change: change.moment > moment, latest_first))
