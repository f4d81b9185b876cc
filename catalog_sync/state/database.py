"""One connection, many threads: writes that wait at the same time are committed together."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Event, Lock
from typing import Generic, NamedTuple, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from catalog_sync.core.errors import StateUnreadable
from catalog_sync.state.errors import StateBusy, StateLost

T = TypeVar("T")

# Who waits is called. Should the one that was called to lead be gone (a Ctrl-C), the others notice after this long.
_PATIENCE = 0.05


class Health(NamedTuple):
    """`keeper`: the program that keeps the state, where it is not this one; `weakness`: why "written" may not last."""

    keeper: str
    weakness: str


class _Job(Generic[T]):
    """One piece of work that waits for its commit."""

    def __init__(self, work: Callable[[Connection], T]) -> None:
        self.work = work
        self.done = False
        self.called = Event()
        self._result: T
        self._error: Exception | None = None

    def land(self, result: T) -> None:
        self._result = result
        self.done = True
        self.called.set()

    def fail(self, error: Exception) -> None:
        self._error = error
        self.done = True
        self.called.set()

    def outcome(self) -> T:
        if self._error is not None:
            raise self._error
        return self._result


class Database:
    """A store's transactions. Those that write a shop come one after the other, in whatever process: each sees all that
    the one before it did.

    An fsync costs more than the statements of a journal entry, so threads share it: who gets the turn does what all the
    waiting ones want, in one transaction, and commits once. `write` returns after that commit, so that "written" means
    durable for each of them. When one piece of a group fails, the group is rolled back and done again one by one: no
    piece suffers another's failure.

    `explain` turns the database's errors into ours.
    """

    def __init__(self, engine: Engine, explain: Callable[[Exception], StateUnreadable]) -> None:
        self._engine = engine
        self._explain = explain
        self._turn = Lock()
        self._waiting: deque[_Job[object]] = deque()
        self._foreign: type[Exception] = engine.dialect.loaded_dbapi.Error
        with self._explained():
            self._connection = engine.connect()

    def write(self, work: Callable[[Connection], T]) -> T:
        """Do `work` in one transaction and return what it returns once it is durable. It may be called again after a
        rollback, so it must do nothing but talk to the connection."""
        job = _Job(work)
        self._waiting.append(job)  # type: ignore[arg-type] # the queue does not look at results
        while not job.done:
            if self._turn.acquire(blocking=False):
                with self._holding_turn():
                    self._lead(job)  # type: ignore[arg-type]
            else:
                job.called.wait(_PATIENCE)
                job.called.clear()
        return job.outcome()

    def read(self, work: Callable[[Connection], T]) -> T:
        """Do `work` on one consistent state of the store."""
        with self._taking_turn(), self._explained(), self._transaction(write=False):
            return work(self._connection)

    def belongs_to(self, shop: int) -> None:
        """From now on this is the store of that shop; raises `StateReadOnly` where it cannot be written."""

    def close(self) -> None:
        """Let the store go. Nothing can be read or written any more."""
        with self._taking_turn(), self._explained():
            self._connection.close()
            self._engine.dispose()

    def now(self, ours: float) -> float:
        """The clock by which leases expire: our own, where the state is used from one machine."""
        return ours

    def health(self) -> Health:
        """Who keeps the state, and what is wrong with that."""
        return Health("", "")

    def back_up(self, label: str) -> None:
        """Copy the store beside itself, under a name that ends in `label`; one that has no file has nothing to copy."""

    @contextmanager
    def _taking_turn(self) -> Iterator[None]:
        self._turn.acquire()
        with self._holding_turn():
            yield

    @contextmanager
    def _holding_turn(self) -> Iterator[None]:
        """Gives the turn back, and calls one of those who came meanwhile: it leads the next group."""
        try:
            yield
        finally:
            self._turn.release()
            with suppress(IndexError):
                self._waiting[0].called.set()

    def _lead(self, own: _Job[object]) -> None:
        group = [self._waiting.popleft() for _ in range(len(self._waiting))]
        try:
            self._commit(group)
        finally:
            # A KeyboardInterrupt is the leader's alone: the others' work was rolled back, and waits again.
            self._waiting.extend(job for job in group if not job.done and job is not own)

    def _commit(self, group: list[_Job[object]]) -> None:
        try:
            results = self._together(group)
        except (StateBusy, StateLost) as error:
            # One by one they would wait as long again, each of them; or be done a second time, where the first was
            # stored and only its confirmation was lost.
            for job in group:
                job.fail(error)
        except Exception as error:  # noqa: BLE001 - it belongs to the thread whose work failed, which raises it
            if len(group) == 1:
                group[0].fail(error)
                return
            for job in group:
                self._commit([job])
        else:
            for job, result in zip(group, results, strict=True):
                job.land(result)

    def _together(self, group: list[_Job[object]]) -> list[object]:
        with self._explained(), self._transaction(write=True):
            return [job.work(self._connection) for job in group]

    @contextmanager
    def _transaction(self, *, write: bool) -> Iterator[None]:
        with self._connection.begin():
            self._begin(write=write)
            yield

    def _begin(self, *, write: bool) -> None:
        """Begin the driver's transaction: one that sees one state throughout, or one that is alone to write."""
        raise NotImplementedError

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except (SQLAlchemyError, self._foreign) as error:
            raise self._explain(error) from None
