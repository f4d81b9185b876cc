"""What the core and the engine expect of the world: a platform, a store, pictures and a clock, as protocols."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Protocol

from catalog_sync.core.errors import CallError
from catalog_sync.core.journal import Amendment, Entry, EntryState
from catalog_sync.core.model import (
    Address,
    Binding,
    Item,
    Observation,
    PictureRef,
    Refusal,
    Remote,
    Schema,
    Value,
    Verb,
)
from catalog_sync.core.quota import Pool

if TYPE_CHECKING:  # every command imports the ports, and few of them plan
    from catalog_sync.core.policy import Policy


@dataclass(frozen=True, slots=True)
class Request:
    """One write call, ready to be sent.

    `fields` holds what the call sends, by the schema's names: money in fen, a picture as the `PictureRef.ref` that
    was uploaded for it. `picture` is the bytes of an upload and `picture_type` their format
    (`png`, `jpeg`, `gif`). `key` is the item's own, `parent_id` the id of the item that it is a part of.
    """

    call: str
    verb: Verb
    remote_id: int | None = None
    audit_id: int | None = None
    fields: Mapping[str, Value] = field(default_factory=dict)
    picture: bytes = b""
    picture_type: str = ""
    key: str = ""
    parent_id: int | None = None


@dataclass(frozen=True, slots=True)
class Sought:
    """What a look is for: the items that are desired of a system, the ids that are bound of it (the current one of each
    address first), and what was seen before, in this very look, of the systems that stand before it, by kind."""

    items: tuple[Item, ...] = ()
    bound: Mapping[Address, Collection[int]] = field(default_factory=dict)
    seen: Mapping[str, Mapping[int, Remote]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Receipt:
    """A write call that was done. `answer` is the platform's answer as it came, but for secrets."""

    remote_id: int | None = None
    audit_id: int | None = None
    picture: PictureRef | None = None
    answer: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Listing:
    """All items that the platform lists, and how far that can be trusted (see `Observation`).

    `reads` counts the calls that were sent, by pool.
    """

    remotes: Mapping[int, Remote]
    unread: bool = False
    short: bool = False
    stable: bool = True
    reason: str | None = None
    reads: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answers:
    """What a look at single ids showed: those that exist, and the calls that were sent, by pool."""

    remotes: Mapping[int, Remote]
    reads: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PoolCount:
    """The platform's own count of one pool today."""

    used: int
    limit: int


class Provider(Protocol):
    """One system of the platform.

    Reads repeat themselves (back-off, one new token, the next minute); they raise `Refused` with an account-wide
    effect, or `NotSent` or `InDoubt` when the platform cannot be read. `perform` makes exactly one write
    call and never repeats it; it raises `NotSent`, `Refused` or `InDoubt`.
    """

    @property
    def schema(self) -> Schema: ...

    @property
    def policy(self) -> Policy: ...

    @property
    def pools(self) -> Mapping[str, Pool]: ...

    def fetch(self, sought: Sought, *, parallelism: int, progress: Callable[[int, int], None]) -> Listing:
        """List everything, or what is sought where the system can be asked for that. `progress` gets items seen and
        items expected."""
        ...

    def find(self, key: str) -> Remote | None:
        """The item that carries this key of ours; None where there is none, or where items carry no keys."""
        ...

    def look_up(self, ids: Sequence[int], *, parallelism: int) -> Answers:
        """Ask for single items by id; an id that is not answered is not in the result."""
        ...

    def perform(self, request: Request) -> Receipt:
        """Make one write call."""
        ...

    def probe(self) -> Mapping[str, CallError | None]:
        """Ask each reading interface once, for nothing: its name, and how that ended when it did not end well."""
        ...

    def renew(self) -> None:
        """Drop the token that was refused, so that the next call fetches a new one."""
        ...

    def counts(self) -> Mapping[str, PoolCount]:
        """The platform's own count of today's calls by pool; empty where it does not tell. Never raises `Refused`
        for anything but the account."""
        ...

    def platform_now(self) -> float:
        """The platform's clock, as its last `Date` header told it; our own before the first answer."""
        ...


class Clock(Protocol):
    """Our own clock."""

    def now(self) -> float:
        """Seconds since the epoch."""
        ...

    def monotonic(self) -> float:
        """Seconds that never go back."""
        ...

    def sleep(self, seconds: float) -> None:
        """Wait; ends early when the run is told to stop."""
        ...


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that is ready to be uploaded: checked, and made to fit where the catalogue asks for it."""

    content: bytes
    type: str


class PictureSource(Protocol):
    """Where the bytes of a picture come from at apply."""

    def read(self, identity: str, path: str | None) -> Picture:
        """The picture of this identity (`sha256:...` at `path`, or an https URL).

        Raises `PictureUnreadable`.
        """
        ...


class PictureUnreadable(Exception):
    """A picture cannot be had: it is gone, was changed since the plan, or its host is not allowed."""

    def __init__(self, reason: str, *, hint: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.hint = hint


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What the state knows of one shop, as a plan needs it: one consistent read.

    `tombstones` are ids that we deleted, by system; `drafts` items whose draft we changed through their parts, and did
    not submit since. `recent` are the instants of the newest hour's charges by pool (platform's clock).
    `spent` is the ledger by pool and day (our sends); `seen_spent` the platform's own count at our last look, by pool
    and day. `not_landed` counts the writes of a day that were judged not landed, by address and day.
    `review_times` are the seconds that the newest reviews took, as far as we saw.
    """

    lineage: str
    serial: int
    bindings: Mapping[Address, Binding] = field(default_factory=dict)
    tombstones: Mapping[str, frozenset[int]] = field(default_factory=dict)
    drafts: frozenset[Address] = frozenset()
    refusals: Mapping[Address, Refusal] = field(default_factory=dict)
    facts: frozenset[str] = frozenset()
    open_entries: tuple[Entry, ...] = ()
    spent: Mapping[tuple[str, date], int] = field(default_factory=dict)
    seen_spent: Mapping[tuple[str, date], int] = field(default_factory=dict)
    recent: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    not_landed: Mapping[tuple[Address, date], int] = field(default_factory=dict)
    notes: Mapping[Address, str] = field(default_factory=dict)
    review_times: tuple[float, ...] = ()

    def deleted(self, schema: Schema) -> frozenset[int]:
        """The ids of one system that we deleted."""
        return self.tombstones.get(schema.prefix, frozenset())


@dataclass(frozen=True, slots=True)
class Held:
    """What a look has to answer for: the ids that are bound, by address, the current one first, each with the end of
    our last write (our clock; 0 where none is known); and the calls whose end is not known."""

    bound: Mapping[Address, Mapping[int, float]]
    open_entries: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds or asks for the lock. `command` is redacted; instants are our clock's."""

    holder: str
    host: str
    pid: int
    command: str
    run_url: str | None = None


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to write to one shop, until `expires_at` (the store's clock), under an `epoch` that only grows."""

    id: str
    app: str
    epoch: int
    holder: Holder
    acquired_at: float
    heartbeat_at: float
    expires_at: float


@dataclass(frozen=True, slots=True)
class Run:
    """One run that wrote, as `history` shows it. Instants are our clock's; `summary` is the result's counts; `plan_id`
    the saved plan that it sent calls of; `broken_off` the code of what ended it before its end, None where nothing did,
    or where that was not written down yet."""

    id: str
    command: str
    actor: str
    commit: str | None
    run_url: str | None
    started_at: float
    ended_at: float | None = None
    summary: Mapping[str, int] = field(default_factory=dict)
    plan_id: str | None = None
    broken_off: str | None = None


class LeaseLost(Exception):
    """The lease under which a write was to be made is not ours any more: nothing was written."""


class StateStore(Protocol):
    """The durable state of one shop (API origin and appid). Safe to call from several threads.

    Every method raises `StateUnreadable` when the store cannot be read or written. Methods that take an `epoch` raise
    `LeaseLost` when another run has taken the lock since.
    """

    def snapshot(self) -> Snapshot:
        """Everything that a plan needs."""
        ...

    def held(self) -> Held:
        """The part of it that a look at the platform needs."""
        ...

    def last_observation(self, system: str) -> Observation | None:
        """What was last seen of a system (the prefix of its addresses); None when it was never looked at."""
        ...

    def record_observation(self, system: str, seen: Observation) -> Observation:
        """Keep what was seen of a system. Returns it with its number, each remote with the number of the observation
        that showed its id first. Does not raise `serial`. A remote that an incomplete observation does not show stays
        stored."""
        ...

    def record_reads(self, reads: Mapping[str, int], day: date) -> None:
        """Charge reads to the ledger."""
        ...

    def record_counts(self, counts: Mapping[str, int], day: date) -> None:
        """Keep the platform's own count (the highest that was seen) of a day."""
        ...

    def begin(self, entry: Entry, epoch: int) -> Entry:
        """Open an entry and charge its pool, in one transaction. Returns it with its number and the number of the last
        stored observation."""
        ...

    def note_end(self, number: int, at: float, epoch: int) -> None:
        """Note when the call of an open entry ended."""
        ...

    def finish(
        self, number: int, state: EntryState, amendment: Amendment, epoch: int, *, answer: Mapping[str, object]
    ) -> None:
        """Close an entry with the raw answer and what it changes, in one transaction. `NOT_SENT` gives the charge
        back."""
        ...

    def amend(self, amendment: Amendment, epoch: int) -> None:
        """Change the state without a call."""
        ...

    def dismiss(self, address: Address, epoch: int) -> int:
        """Close the open entries of an address, because a person decided; returns how many there were."""
        ...

    def picture(self, identity: str) -> PictureRef | None:
        """The upload of a picture that is still remembered, expired or not."""
        ...

    def acquire(self, who: Holder, now: float) -> Lease:
        """Take the lock. Raises `LockHeld`, with who holds it since when, while another lease lives."""
        ...

    def renew(self, lease: Lease, now: float) -> Lease:
        """Prolong the lease; raises `LeaseLost`."""
        ...

    def release(self, lease: Lease) -> None:
        """Let the lock go; nothing happens when it is not ours any more."""
        ...

    def leases(self) -> tuple[Lease, ...]:
        """The leases that live, of this shop."""
        ...

    def checkpoint_and_backup(self) -> None:
        """Make what is stored whole by itself, and copy it beside itself; the last ten copies stay."""
        ...

    def start_run(self, run: Run, epoch: int) -> None:
        """Write down that a run began."""
        ...

    def spend_plan(self, plan_id: str, run: str, epoch: int) -> None:
        """Write down that a run begins to send the calls of a saved plan. Never forgotten."""
        ...

    def history(self, limit: int = 50) -> tuple[Run, ...]:
        """The newest runs, newest first."""
        ...

    def last_success(self) -> Run | None:
        """The newest run that carried a plan out to its end without a failure or a lost answer. Forgotten only once
        there is a newer one."""
        ...

    def is_spent(self, plan_id: str) -> bool:
        """Whether any run has begun to send the calls of this saved plan."""
        ...

    def end_run(self, run: Run, epoch: int) -> None:
        """Write down how a run ended; raises `serial` by one when it wrote anything."""
        ...
