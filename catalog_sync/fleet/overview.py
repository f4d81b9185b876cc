"""An overview of one shop by what was last seen of it: no secret is needed, nothing is sent, nothing is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from catalog_sync.core.drift import Drift
from catalog_sync.core.guard import Hazard
from catalog_sync.core.model import Address, AuditStatus, Copy, Disposition, Observation
from catalog_sync.core.plan import Plan, Selection
from catalog_sync.core.plandoc import PlanDocument, QuotaRow
from catalog_sync.core.ports import Run, Snapshot
from catalog_sync.engine.drifting import drift
from catalog_sync.engine.planning import Means, plan
from catalog_sync.engine.situation import Situation, look
from catalog_sync.engine.survey import Survey, survey
from catalog_sync.fleet.target import Target, offline, state_of
from catalog_sync.planfile import document
from catalog_sync.providers import schema_of
from catalog_sync.wiring import Settings, Voice, app_of, load_whole, provenance, tools_of

REVIEWS = ("approved", "in_audit", "rejected", "unaudited", "absent")
"""How an item can stand with the review; `absent` is one that the platform does not have."""

_SILENT = Voice(lambda _sentence: None, lambda _what, _done, _total: None)
_RUNS = 50
"""The newest runs: as many as the page shows."""


@dataclass(frozen=True, slots=True)
class Overview:
    """What is known of a shop at `taken_at` (our clock). `seen_at` is the oldest of the last looks at its systems, None
    where one was never looked at; `submitted` when the reviews under way began, by the clock of `platform_now`; `money`
    names the fields that are fen; `last_success` may be older than all of the newest `runs`. What we wrote after the
    last look is `unseen`: the plan cannot know it is there."""

    app: str
    plan: Plan
    shown: PlanDocument
    survey: Survey
    drift: tuple[Drift, ...]
    runs: tuple[Run, ...]
    last_success: Run | None
    snapshot: Snapshot
    money: frozenset[str]
    taken_at: float
    seen_at: float | None
    submitted: Mapping[Address, float]
    platform_now: float
    unseen: frozenset[Address]

    @property
    def reviews(self) -> dict[str, int]:
        """Items of the catalogue, and bound ones, by review. What was submitted after the last look is under it."""
        found = Counter(
            "in_audit" if each.address in self.submitted else each.audit_status or "absent"
            for each in self.survey.items
        )
        return {word: found[word] for word in REVIEWS}

    @property
    def oldest_review(self) -> float:
        """Seconds that the longest review under way has taken; 0 where there is none."""
        return max(0.0, self.platform_now - min(self.submitted.values(), default=self.platform_now))

    @property
    def left(self) -> dict[str, int]:
        """Differences that are left, by disposition, parts that are held as blocked; what is `unseen` was just done."""
        changes = [each for each in self.shown.changes if each.is_difference and each.address not in self.unseen]
        found = Counter(each.disposition for each in changes)
        found[Disposition.BLOCKED] += sum(bool(each.held) and each.going for each in changes)
        return {each.value: found[each] for each in Disposition}

    @property
    def hazards(self) -> tuple[Hazard, ...]:
        """What guards say to the plan, but that it was made on what was last seen: all of these are."""
        return tuple(each for each in self.shown.safety.hazards if each.code != "not_refreshed")

    @property
    def quota(self) -> tuple[QuotaRow, ...]:
        """The pools of today."""
        today = self.plan.today.isoformat()
        return tuple(row for row in self.shown.quota if row.day == today)


def settings_of(target: Target, common: Settings) -> Settings:
    """The settings to look at a shop of a fleet with: its state is looked up, its secret is not. Raises
    `FleetInvalid`, `StateUnreadable`."""
    return replace(offline(target, common), state=state_of(target, common))


def overview(chosen: Settings) -> Overview:
    """The shop as it was last seen. Raises `CatalogueInvalid`, `StateUnreadable`, `UsageError`."""
    chosen = replace(chosen, untouched=True)
    catalogue = load_whole(chosen)[0]
    app = app_of(chosen, catalogue)
    with tools_of(chosen, catalogue, _SILENT, write=False, online=False) as tools:
        situation = look(tools, catalogue, alone=False, refresh=False)
        made = plan(situation, Means(tools.providers, tools.settle_after), Selection(refresh=False))
        looks = [situation.seen[each.schema.kind].taken_at for each in tools.providers]
        return Overview(
            app=app,
            plan=made,
            shown=document(made, provenance(chosen, app, situation.snapshot)),
            survey=survey(situation, tools.providers, made),
            drift=drift(situation, tools.providers),
            runs=tools.store.history(_RUNS),
            last_success=tools.store.last_success(),
            snapshot=situation.snapshot,
            money=frozenset(each.name for one in tools.providers for each in one.schema.fields if each.money),
            taken_at=tools.clock.now(),
            seen_at=min(looks) if looks and all(looks) else None,
            submitted=_reviews_begun(situation),
            platform_now=situation.now,
            unseen=_unseen(situation),
        )


def _reviews_begun(situation: Situation) -> dict[Address, float]:
    """When the reviews under way began, by item (platform's clock)."""
    begun: dict[Address, float] = {}
    for address, binding in situation.snapshot.bindings.items():
        seen = situation.seen.get(schema_of(address).kind)
        for copy in (binding.successor, binding.current):
            if copy is not None and copy.submitted_at is not None and _under_review(copy, copy.submitted_at, seen):
                begun[address] = copy.submitted_at
    return begun


def _unseen(situation: Situation) -> frozenset[Address]:
    """What was written after the last look, and was not there in it."""
    return frozenset(
        address
        for address, binding in situation.snapshot.bindings.items()
        if (seen := situation.seen.get(schema_of(address).kind)) is not None
        and binding.current.remote_id not in seen.remotes
        and (binding.current.written_at or 0.0) >= seen.taken_at
    )


def _under_review(copy: Copy, since: float, seen: Observation | None) -> bool:
    """Whether the review has not ended, as far as the last look tells: only a run that writes notes its end."""
    remote = None if seen is None else seen.remotes.get(copy.remote_id)
    if seen is None or remote is None or seen.taken_at <= since:
        return True
    return remote.status not in (AuditStatus.APPROVED, AuditStatus.REJECTED)
