"""Planning: the plan for a situation, what may be spent on it, and what the state follows of a look."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from catalog_sync.core.bindings import recognised, surviving
from catalog_sync.core.change import Holdings
from catalog_sync.core.diff import Comparison, settled
from catalog_sync.core.journal import Amendment, Entry
from catalog_sync.core.model import (
    Action,
    Address,
    AuditStatus,
    Binding,
    Copy,
    Item,
    Observation,
    Remote,
    Schema,
    Verb,
    key_of,
)
from catalog_sync.core.plan import Occasion, Plan, Selection, System, make_plan
from catalog_sync.core.policy import Hold, blocked, waiting
from catalog_sync.core.ports import Provider, Snapshot
from catalog_sync.core.quota import Budget
from catalog_sync.core.refused import pauses
from catalog_sync.core.sentence import Sentence
from catalog_sync.core.settle import Landed, NotLanded, TooYoung, Undecided, Verdict
from catalog_sync.engine.settling import belongs, closed, owned, ruling
from catalog_sync.engine.situation import Situation


def after_settling(situation: Situation, schemas: Sequence[Schema]) -> Situation:
    """The situation as it is once the judged entries are closed: what `plan` sees without writing anything."""
    snapshot = situation.snapshot
    still_open: list[Entry] = []
    for verdict in situation.verdicts:
        schema = next(each for each in schemas if belongs(each, verdict.entry.address))
        judged = ruling(schema, verdict, snapshot.bindings.get(verdict.entry.address))
        if judged is None:
            still_open.append(verdict.entry)
        else:
            snapshot = closed(snapshot, verdict.entry, *judged)
    return replace(situation, snapshot=replace(snapshot, open_entries=tuple(still_open)))


def holds(situation: Situation) -> dict[Address, Hold]:
    """The holds of entries that are not decided, by address; under its new name, too, where the catalogue moves one."""
    moved = situation.catalogue.moved
    if situation.busy:
        busy = waiting(Action.UNCHANGED, "in_flight", "Another run is writing it now.")
        return {name: busy for entry in situation.snapshot.open_entries for name in _names(entry.address, moved)}
    return {
        name: hold
        for verdict in situation.verdicts
        if (hold := _hold(verdict, moved)) is not None
        for name in _names(verdict.entry.address, moved)
    }


def _names(address: Address, moved: Mapping[str, str]) -> tuple[Address, ...]:
    """The address, and the one that it becomes: an item that is not bound yet has no binding to move, and would be
    added under its new name beside what its undecided add may have made."""
    prefix, _, key = address.partition(".")
    return (address,) if key not in moved else (address, Address(f"{prefix}.{moved[key]}"))


def _hold(verdict: Verdict, moved: Mapping[str, str]) -> Hold | None:
    match verdict:
        case Undecided(entry, why):
            return _in_doubt(entry, why, moved)
        case TooYoung():
            return waiting(Action.UNCHANGED, "in_flight", "A call may still be under way.")
        case Landed() | NotLanded():
            return None


def _in_doubt(entry: Entry, why: str, moved: Mapping[str, str]) -> Hold:
    key = key_of(entry.address)
    told = (
        Sentence(
            "The answer to its {call} was lost, and looking does not tell: {reason}. If one of them is it: "
            "`catalog-sync adopt {key} ID`; if none is: `catalog-sync state rm {address}`.",
            call=entry.call,
            reason=why,
            key=moved.get(key, key),
            address=entry.address,
        )
        if entry.verb is Verb.CREATE
        else Sentence(
            "The answer to its {call} was lost, and looking does not tell: {reason}. Apply again later; `catalog-sync "
            "state rm {address}` drops the call unjudged.",
            call=entry.call,
            reason=why,
            address=entry.address,
        )
    )
    return blocked(Action.UNCHANGED, "in_doubt", told)


@dataclass(frozen=True, slots=True)
class Means:
    """What a plan may spend, beside the situation that it is made for."""

    providers: tuple[Provider, ...]
    settle_after: float


def plan(situation: Situation, means: Means, selection: Selection) -> Plan:
    """The plan for a situation, as if its journal were settled."""
    settled_now = after_settling(situation, [provider.schema for provider in means.providers])
    undecided = holds(situation)
    systems = [_system(settled_now, provider, undecided) for provider in means.providers]
    occasion = Occasion(
        settled_now.now,
        settled_now.own_now,
        settled_now.today,
        means.settle_after,
        settled_now.snapshot.facts,
        settled_now.snapshot.not_landed,
        settled_now.snapshot.notes,
        settled_now.snapshot.review_times,
    )
    return make_plan(situation.catalogue, systems, budget(situation, means.providers), selection, occasion)


def _system(situation: Situation, provider: Provider, undecided: Mapping[Address, Hold]) -> System:
    snapshot = situation.snapshot
    mine = holdings(provider.schema, snapshot)
    return System(provider.schema, provider.policy, situation.seen[provider.schema.kind], mine, undecided)


def holdings(schema: Schema, snapshot: Snapshot) -> Holdings:
    """What the state knows of one system."""
    return Holdings(owned(schema, snapshot.bindings), snapshot.deleted(schema), snapshot.refusals, snapshot.drafts)


def budget(situation: Situation, providers: Sequence[Provider]) -> Budget:
    """What may be spent from today on: the larger of our ledger and the platform's own count is gone."""
    snapshot = situation.snapshot
    used = dict(snapshot.spent)
    for key, count in snapshot.seen_spent.items():
        used[key] = max(used.get(key, 0), count)
    pools = {name: pool for provider in providers for name, pool in provider.pools.items()}
    rests = pauses(snapshot.refusals.values())
    return Budget(pools, situation.catalogue.quota, situation.today, used, situation.now, snapshot.recent, rests)


def following(situation: Situation, schema: Schema, settle_after: float) -> Amendment:
    """What the state takes over from a look (rules section 2): echoes, values that the platform shows as the catalogue
    has them, the catalogue's word on `protect`, what is recognised by its key without a plan, whose draft is under
    review, and how long a review took that has ended."""
    how = Comparison(schema, situation.own_now, settle_after, situation.catalogue.rules.stock)
    items = {item.address: item for item in situation.catalogue.items if item.kind == schema.kind}
    seen = situation.seen[schema.kind]
    known = _known(schema, situation, seen)
    put = list(known.values())
    reviews: list[float] = []
    bound = owned(schema, situation.snapshot.bindings)
    for address, binding in bound.items():
        followed = _follow(how, binding, items.get(address), seen)
        reviews += [situation.now - begun for begun in _reviewed(binding, seen)]
        if followed != binding and address not in known:
            put.append(followed)
    return Amendment(
        put=tuple(put), reviews=tuple(reviews), submitted=_under_review(situation.snapshot.drafts, bound, seen)
    )


def _known(schema: Schema, situation: Situation, seen: Observation) -> dict[Address, Binding]:
    """Items that have parts are bound as soon as they are seen: a plan has nothing to say of that."""
    if not schema.keyed or schema.parent is not None:
        return {}
    return recognised(schema, situation.catalogue, seen, holdings(schema, situation.snapshot))


def _under_review(
    drafts: Iterable[Address], bound: Mapping[Address, Binding], seen: Observation
) -> tuple[Address, ...]:
    """Drafts that we changed and that are under review, whoever submitted them: a draft is locked then, so ours is what
    is reviewed."""
    return tuple(
        address
        for address in sorted(drafts)
        if address in bound
        and (remote := seen.remotes.get(bound[address].current.remote_id)) is not None
        and remote.status is AuditStatus.IN_AUDIT
    )


def _reviewed(binding: Binding, seen: Observation) -> Iterator[float]:
    """When the reviews began that have a verdict now."""
    for copy in (binding.current, binding.successor):
        if copy is not None and copy.submitted_at is not None and _has_verdict(seen.remotes.get(copy.remote_id)):
            yield copy.submitted_at


def _has_verdict(remote: Remote | None) -> bool:
    return remote is not None and remote.status in (AuditStatus.APPROVED, AuditStatus.REJECTED)


def _follow(how: Comparison, bound: Binding, item: Item | None, seen: Observation) -> Binding:
    binding = surviving(bound, seen)
    successor = binding.successor
    return replace(
        binding,
        current=_follow_copy(how, binding.current, item, seen),
        successor=None if successor is None else _follow_copy(how, successor, item, seen),
        protect=binding.protect if item is None else item.protect,
    )


def _follow_copy(how: Comparison, copy: Copy, item: Item | None, seen: Observation) -> Copy:
    remote = seen.remotes.get(copy.remote_id)
    if remote is None:
        return copy
    followed = settled(how, copy, item, remote.values)
    return replace(followed, submitted_at=None) if _has_verdict(remote) else followed
