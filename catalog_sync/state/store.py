"""The store of one shop: each method is one transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from types import TracebackType
from typing import Any, Self, TypeVar

from sqlalchemy import Connection

from catalog_sync.core.errors import UsageError
from catalog_sync.core.journal import Amendment, Entry, EntryState
from catalog_sync.core.model import Address, Observation, PictureRef
from catalog_sync.core.ports import Held, Holder, Lease, Run, Snapshot
from catalog_sync.state import journal, knowledge, ledger, observations, runs, scope, transfer
from catalog_sync.state import lease as lock
from catalog_sync.state.bindings import load_bindings, load_bound
from catalog_sync.state.database import Database, Health
from catalog_sync.state.errors import StateReadOnly

T = TypeVar("T")


class SqlStore:
    """A `StateStore` over a database.

    One that is not `writable` works on a copy in memory: what is observed or counted is numbered as usual and forgotten
    at the end, and the lock cannot be had.
    """

    def __init__(self, database: Database, shop: int, *, writable: bool = True) -> None:
        self._database = database
        self._shop = shop
        self.writable = writable

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Let the database go; nothing can be asked any more."""
        self._database.close()

    def snapshot(self) -> Snapshot:
        """Everything that a plan needs: one consistent read."""
        return self._database.read(lambda connection: _snapshot(connection, self._shop))

    def held(self) -> Held:
        """What a look at the platform has to answer for."""
        return self._database.read(lambda connection: _held(connection, self._shop))

    def last_observation(self, system: str) -> Observation | None:
        """What was last seen of a system; None when it was never looked at."""
        return self._database.read(lambda connection: observations.load_observation(connection, self._shop, system))

    def record_observation(self, system: str, seen: Observation) -> Observation:
        """Keep what was seen; returns it with its number, each remote with the number that showed its id first."""
        return self._write(lambda connection: observations.record_observation(connection, self._shop, system, seen))

    def record_reads(self, reads: Mapping[str, int], day: date) -> None:
        """Charge reads to the ledger."""
        self._write(lambda connection: ledger.charge_all(connection, self._shop, reads, day))

    def record_counts(self, counts: Mapping[str, int], day: date) -> None:
        """Keep the platform's own count of a day, the highest that was seen."""
        self._write(lambda connection: ledger.tell(connection, self._shop, counts, day))

    def begin(self, entry: Entry, epoch: int) -> Entry:
        """Open an entry and charge its pool; raises `LeaseLost`."""
        return self._write(lambda connection: journal.begin(connection, self._shop, entry, epoch))

    def note_end(self, number: int, at: float, epoch: int) -> None:
        """Note when the call of an open entry ended; raises `LeaseLost`, `EntryNotOpen`."""
        self._write(lambda connection: journal.note_end(connection, self._shop, number, at, epoch))

    def finish(
        self, number: int, state: EntryState, amendment: Amendment, epoch: int, *, answer: Mapping[str, object]
    ) -> None:
        """Close an entry with what it changes; raises `LeaseLost`, `EntryNotOpen`, `AlreadyBound`."""
        closing = journal.Closing(number, state, amendment, answer)
        self._write(lambda connection: journal.finish(connection, self._shop, closing, epoch))

    def amend(self, amendment: Amendment, epoch: int) -> None:
        """Change the state without a call; raises `LeaseLost`, `AlreadyBound`."""
        self._write(lambda connection: _amend(connection, self._shop, amendment, epoch))

    def dismiss(self, address: Address, epoch: int) -> int:
        """Close the open entries of an address, because a person decided what became of them; returns their number."""
        return self._write(lambda connection: journal.dismiss(connection, self._shop, address, epoch))

    def picture(self, identity: str) -> PictureRef | None:
        """The upload of a picture that is still remembered, expired or not."""
        return self._database.read(lambda connection: knowledge.find_picture(connection, self._shop, identity))

    def note(self, address: Address, text: str | None) -> None:
        """Keep what a person knows of an item; None drops it. Needs no lock."""
        self._check_writable()
        self._write(lambda connection: knowledge.write_note(connection, self._shop, address, text))

    def acquire(self, who: Holder, now: float) -> Lease:
        """Take the lock; raises `LockHeld` while another lease lives."""
        self._check_writable()
        at = self._database.now(now)
        return self._write(lambda connection: lock.acquire(connection, self._shop, who, at))

    def renew(self, lease: Lease, now: float) -> Lease:
        """Prolong the lease; raises `LeaseLost`."""
        at = self._database.now(now)
        return self._write(lambda connection: lock.renew(connection, self._shop, lease, at))

    def release(self, lease: Lease) -> None:
        """Let the lock go; nothing happens when it is not ours any more."""
        self._write(lambda connection: lock.release(connection, self._shop, lease.id))

    def force_unlock(self, lease_id: str) -> None:
        """Take the lock away from a run that is dead; `UsageError` when no such lease stands."""
        self._check_writable()
        if not self._write(lambda connection: lock.release(connection, self._shop, lease_id)):
            raise UsageError(f"no lock {lease_id[:80]!r} is held", hint="`catalog-sync lock list` shows the lock's ID")

    def leases(self) -> tuple[Lease, ...]:
        """The lease of this shop, if there is one: it has expired when `expires_at` is past."""
        lease = self._database.read(lambda connection: lock.find_lease(connection, self._shop))
        return () if lease is None else (lease,)

    def start_run(self, run: Run, epoch: int) -> None:
        """Write down that a run began; raises `LeaseLost`."""
        self._write(lambda connection: _start_run(connection, self._shop, run, epoch))

    def spend_plan(self, plan_id: str, run: str, epoch: int) -> None:
        """Write down that a run begins to send the calls of a saved plan; raises `LeaseLost`."""
        self._write(lambda connection: _spend_plan(connection, self._shop, plan_id, run, epoch))

    def is_spent(self, plan_id: str) -> bool:
        """Whether any run has begun to send the calls of this saved plan."""
        return self._database.read(lambda connection: runs.is_spent(connection, self._shop, plan_id))

    def end_run(self, run: Run, epoch: int) -> None:
        """Write down how a run ended, raise `serial` when anything was written, forget what is old; raises
        `LeaseLost`."""
        self._write(lambda connection: _end_run(connection, self._shop, run, epoch))

    def history(self, limit: int = 50) -> tuple[Run, ...]:
        """The newest runs, newest first."""
        return self._database.read(lambda connection: runs.load_runs(connection, self._shop, limit))

    def last_success(self) -> Run | None:
        """The newest run that carried a plan out to its end without a failure or a lost answer, however old it is."""
        return self._database.read(lambda connection: runs.load_last_success(connection, self._shop))

    def systems(self) -> frozenset[str]:
        """The systems (prefixes of addresses) of which anything is bound or undecided."""
        return self._database.read(lambda connection: journal.load_systems(connection, self._shop))

    def version(self) -> scope.Version:
        """Lineage and serial, without the rest of a snapshot."""
        return self._database.read(lambda connection: scope.read_version(connection, self._shop))

    def export(self) -> dict[str, Any]:
        """The shop as one JSON document."""
        return self._database.read(lambda connection: transfer.export(connection, self._shop))

    def import_(self, document: Mapping[str, Any], epoch: int, *, force: bool = False) -> None:
        """Replace what is known of the shop by a document of `export`. Raises `LeaseLost`, and, unless it is forced,
        `UsageError` for another lineage, an older serial or the same serial with other content."""
        self._write(lambda connection: transfer.import_document(connection, self._shop, document, epoch, force=force))

    def health(self) -> Health:
        """Who keeps the state, and what is wrong with that."""
        return self._database.health()

    def checkpoint_and_backup(self) -> None:
        """Make the state's file whole by itself and copy it beside itself; the last ten copies stay. A server makes its
        own backups."""
        version = self.version()
        self._database.back_up(f"{version.serial:06d}-{version.lineage[:8]}")

    def _write(self, work: Callable[[Connection], T]) -> T:
        return self._database.write(work)

    def _check_writable(self) -> None:
        if not self.writable:
            raise StateReadOnly("the state is read-only", hint="`catalog-sync doctor` says what is missing")


def _held(connection: Connection, shop: int) -> Held:
    return Held(load_bound(connection, shop), journal.load_open(connection, shop))


def _snapshot(connection: Connection, shop: int) -> Snapshot:
    version = scope.read_version(connection, shop)
    known = knowledge.load_knowledge(connection, shop)
    spent, seen_spent = ledger.load_ledger(connection, shop)
    return Snapshot(
        lineage=version.lineage,
        serial=version.serial,
        bindings=load_bindings(connection, shop),
        tombstones=known.tombstones,
        refusals=known.refusals,
        drafts=known.drafts,
        facts=known.facts,
        open_entries=journal.load_open(connection, shop),
        spent=spent,
        seen_spent=seen_spent,
        recent=journal.load_recent(connection, shop),
        not_landed=journal.count_not_landed(connection, shop),
        notes=known.notes,
        review_times=known.review_times,
    )


def _amend(connection: Connection, shop: int, amendment: Amendment, epoch: int) -> None:
    scope.fence(connection, shop, epoch)
    knowledge.apply_amendment(connection, shop, amendment)


def _start_run(connection: Connection, shop: int, run: Run, epoch: int) -> None:
    scope.check_lease(connection, shop, epoch)
    runs.write_start(connection, shop, run)


def _spend_plan(connection: Connection, shop: int, plan_id: str, run: str, epoch: int) -> None:
    scope.fence(connection, shop, epoch)
    runs.write_plan(connection, shop, plan_id, run)


def _end_run(connection: Connection, shop: int, run: Run, epoch: int) -> None:
    scope.check_lease(connection, shop, epoch)
    runs.write_end(connection, shop, run)
    scope.raise_serial(connection, shop)
    journal.prune_entries(connection, shop)
    ledger.prune_ledger(connection, shop)
    runs.prune_runs(connection, shop)
    if run.ended_at is not None:
        knowledge.prune_pictures(connection, shop, run.ended_at)
