"""Situation: everything that a plan is made from, in one value: the state, what is seen, and the judged journal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from catalog_sync.core.errors import CallError, Effect, Refused
from catalog_sync.core.journal import Entry
from catalog_sync.core.model import Address, Catalogue, Observation, Remote
from catalog_sync.core.ports import Held, Provider, Snapshot, Sought
from catalog_sync.core.quota import quota_day
from catalog_sync.core.sentence import Sentence
from catalog_sync.core.settle import TooYoung, Verdict
from catalog_sync.engine.observe import Eye, Look, observe, slept
from catalog_sync.engine.settling import belongs, judge
from catalog_sync.engine.tools import Tools

_DAY = 86400.0


@dataclass(frozen=True, slots=True)
class Situation:
    """What is known at one moment. `seen` has an observation for each system, by kind; `verdicts` the journal's open
    entries, judged; `busy` is true while another run writes: then no entry is judged. `pace` is the seconds from one
    such look to the next that the day's quota of reads allows."""

    catalogue: Catalogue
    snapshot: Snapshot
    seen: Mapping[str, Observation]
    verdicts: tuple[Verdict, ...]
    now: float
    own_now: float
    busy: bool = False
    pace: float = 0.0

    @property
    def today(self) -> date:
        """The quota day."""
        return quota_day(self.now, self.catalogue.quota)

    @property
    def wait(self) -> float:
        """Seconds until every open entry is old enough to be judged; 0 when they are."""
        return max((each.seconds for each in self.verdicts if isinstance(each, TooYoung)), default=0.0)


def look(tools: Tools, catalogue: Catalogue, *, alone: bool, refresh: bool = True) -> Situation:
    """Read the platform and the state. Open entries that are too young to be judged are waited for; not so while
    another run writes (`alone` is true for the run that holds the lock)."""
    while True:
        situation = _look_once(tools, catalogue, alone=alone, refresh=refresh, search=refresh)
        if situation.wait <= 0 or not refresh:
            return situation
        told = "A call of an earlier run may still be under way; looking again in {seconds} s."
        tools.say(Sentence(told, seconds=f"{situation.wait:.0f}"))
        if not slept(tools.clock, situation.wait):
            return situation  # the run is told to stop: what is too young stays open


def glance(tools: Tools, catalogue: Catalogue) -> Situation:
    """The same for the run that holds the lock, by the lists alone and without waiting for anything."""
    return _look_once(tools, catalogue, alone=True, refresh=True, search=False)


def _look_once(tools: Tools, catalogue: Catalogue, *, alone: bool, refresh: bool, search: bool) -> Situation:
    held = tools.store.held() if refresh else Held({})
    # Ages count from here: a list that was read right after a call proves nothing, however long the reading took.
    own_now = tools.clock.now()
    looks: dict[str, Look] = {}
    for provider in tools.providers:
        earlier = {kind: look.observation.remotes for kind, look in looks.items()}
        kind = provider.schema.kind
        if refresh:
            looks[kind] = _see(tools, catalogue, provider, held, earlier, search=search)
        else:
            looks[kind] = _remembered(tools, provider)
    seen = {kind: look.observation for kind, look in looks.items()}
    if refresh:
        _read_counts(tools, catalogue)
    del held  # a large state is not held twice
    snapshot = tools.store.snapshot()
    busy = not alone and any(lease.expires_at > own_now for lease in tools.store.leases())
    now = tools.platform_now()
    verdicts = () if busy else _judge_all(tools, snapshot, seen, own_now)
    pace = max((_pace(provider, looks[provider.schema.kind]) for provider in tools.providers), default=0.0)
    return Situation(catalogue, snapshot, seen, verdicts, now, own_now, busy, pace)


def _pace(provider: Provider, seen: Look) -> float:
    """A look at a large shop takes hundreds of reads: so many a day are all there are."""
    return max((_DAY * count / provider.pools[pool].limit for pool, count in seen.reads.items()), default=0.0)


def _judge_all(
    tools: Tools, snapshot: Snapshot, seen: Mapping[str, Observation], own_now: float
) -> tuple[Verdict, ...]:
    return tuple(
        verdict
        for provider in tools.providers
        for verdict in judge(provider.schema, snapshot, seen[provider.schema.kind], own_now, tools.settle_after)
    )


def _remembered(tools: Tools, provider: Provider) -> Look:
    never = Observation({}, unread=True, reason="the platform was never looked at")
    return Look(tools.store.last_observation(provider.schema.prefix) or never, {})


def _known(
    provider: Provider, bound: Mapping[Address, Mapping[int, float]], open_entries: Iterable[Entry]
) -> dict[int, float]:
    """The ids of a system that a look must answer for, with our last write to each."""
    known = {remote_id: at for ids in bound.values() for remote_id, at in ids.items()}
    for entry in open_entries:
        if entry.remote_id is not None and belongs(provider.schema, entry.address):
            known[entry.remote_id] = max(known.get(entry.remote_id, 0.0), entry.began_at)
    return known


def _see(
    tools: Tools,
    catalogue: Catalogue,
    provider: Provider,
    held: Held,
    earlier: Mapping[str, Mapping[int, Remote]],
    *,
    search: bool,
) -> Look:
    kind = provider.schema.kind
    items = tuple(item for item in catalogue.items if item.kind == kind)
    bound = {address: ids for address, ids in held.bound.items() if belongs(provider.schema, address)}
    eye = Eye(
        provider,
        tools.clock,
        tools.parallelism,
        tools.settle_after,
        tools.say,
        lambda done, total: tools.progress(Sentence("reading {kind}", kind=kind), done, total),
    )
    try:
        seen = observe(eye, Sought(items, bound, earlier), _known(provider, bound, held.open_entries) if search else {})
    except CallError as error:
        _charge(tools, catalogue, provider, error.reads)
        if items or not _is_offline(error):
            raise
        # The catalogue has left this system: what is still bound there is held, and keeps no other system waiting.
        told = Sentence("{reason}; `state rm ADDRESS` forgets what is bound there", reason=error.reason)
        return Look(Observation({}, unread=True, reason=told, taken_at=tools.clock.now()), error.reads)
    if tools.read_only:
        return seen
    _charge(tools, catalogue, provider, seen.reads)
    return Look(tools.store.record_observation(provider.schema.prefix, seen.observation), seen.reads)


def _is_offline(error: CallError) -> bool:
    return isinstance(error, Refused) and error.effect is Effect.OFFLINE


def _charge(tools: Tools, catalogue: Catalogue, provider: Provider, reads: Mapping[str, int]) -> None:
    if reads and not tools.read_only:
        tools.store.record_reads(reads, quota_day(provider.platform_now(), catalogue.quota))


def _read_counts(tools: Tools, catalogue: Catalogue) -> None:
    """Keep the platform's own count of today's calls, where it tells."""
    for provider in tools.providers:
        counts = {pool: count.used for pool, count in provider.counts().items()}
        if counts and not tools.read_only:
            tools.store.record_counts(counts, quota_day(provider.platform_now(), catalogue.quota))
