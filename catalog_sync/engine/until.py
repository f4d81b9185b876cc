"""Until done: what a run that keeps going waits for between its rounds, and what it must not do in a later one."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from catalog_sync.core.model import Action, Address, Disposition, Role, Verb
from catalog_sync.core.plan import Plan, PlannedChange, Selection
from catalog_sync.core.quota import HOUR, day_begins
from catalog_sync.core.result import ChangeResult, Outcome, Result
from catalog_sync.core.sentence import Sentence
from catalog_sync.engine.reviewed import Reviewed
from catalog_sync.engine.sending import NO_QUOTA, RATE_LIMITED
from catalog_sync.engine.session import Wishes

FIRST_LOOK = 5.0
"""Seconds until the first look for a verdict; twice as long each time, up to `REVIEW_INTERVAL`."""

REVIEW_INTERVAL = 300.0
"""The most seconds between two looks while something is under review."""


@dataclass(frozen=True, slots=True)
class Pause:
    """How long to wait, and for what, in words."""

    seconds: float
    why: str


@dataclass(slots=True)
class Rounds:
    """What the rounds of one run have come to. `removals` are the addresses that the shown plan deletes or replaces: a
    later round brings no others (rules section 6). `given_up` failed or are in doubt on `day`: not taken up on it.
    `idle` counts the rounds in a row that had nothing to do. With a `saved` plan, its changes alone are taken up and
    waited for."""

    removals: frozenset[Address]
    given_up: set[Address] = field(default_factory=set)
    results: list[Result] = field(default_factory=list)
    idle: int = 0
    day: date | None = None
    saved: Reviewed | None = None

    def note(self, result: Result, day: date) -> None:
        """Take over what a round did on a quota day. What failed on another day may be tried again."""
        if day != self.day:
            self.given_up, self.day = set(), day
        self.results.append(result)
        self.idle = 0 if result.results else self.idle + 1
        self.given_up |= {each.address for each in result.results if each.outcome in (Outcome.FAILED, Outcome.IN_DOUBT)}

    def takes(self, change: PlannedChange) -> bool:
        """Whether a later round may carry a change out."""
        return self._open(change) and (self.saved is None or self.saved.takes(change))

    def waits_for(self, change: PlannedChange) -> bool:
        """Whether a later round may have something to do or to see for a change."""
        return self._open(change) and (self.saved is None or self.saved.awaits(change))

    def wishes(self, made: Plan, *, fail_fast: bool) -> Wishes:
        """How a round carries out its plan. The first one of a run has shown it, or has it reviewed."""
        told = {each.address for result in self.results for each in result.results}
        forgone = () if self.saved is None else tuple(self.saved.overtaken(made, told))
        return Wishes(fail_fast, self.takes, forgone, None if self.saved is None else self.saved.plan.plan_id)

    def _open(self, change: PlannedChange) -> bool:
        if change.address in self.given_up:
            return False
        return not _removes(change) or change.reason == "superseded" or change.address in self.removals

    @property
    def total(self) -> Result:
        """All rounds as one: the last outcome of each address, and what remains after the last round."""
        last = {each.address: each for result in self.results for each in result.results}
        return Result(tuple(last.values()), self.results[-1].remaining)


def removals(plan: Plan) -> frozenset[Address]:
    """The addresses whose item on sale a plan deletes or replaces, today or later."""
    going = plan.of(Disposition.READY) + plan.of(Disposition.DEFERRED)
    return frozenset(change.address for change in going if _removes(change))


def _removes(change: PlannedChange) -> bool:
    if change.action not in (Action.DELETE, Action.REPLACE):
        return False
    return any(step.verb is Verb.DELETE and step.role is Role.CURRENT for step in change.steps)


def later(selection: Selection) -> Selection:
    """The selection of a later round: what the user asked to submit again was submitted."""
    return replace(selection, resubmit=())


def pause(made: Plan, result: Result, rounds: Rounds, now: float, pace: float) -> Pause | None:
    """What to wait for after a round, by the platform's clock; None when nothing more can come of waiting. `pace` is
    the seconds between two looks that the quota of reads allows."""
    open_changes = [change for change in made.changes if rounds.waits_for(change)]
    skipped = {each.address for each in result.results if _waits_for_quota(each)}
    deferred = sum(change.disposition is Disposition.DEFERRED or change.address in skipped for change in open_changes)
    applied = {each.address for each in result.results if each.outcome is Outcome.APPLIED}
    reviewed = sum(_is_reviewed(change, applied) for change in open_changes)
    if not deferred and not reviewed:
        return None
    until_day = day_begins(made.today + timedelta(days=1), made.catalogue.quota) - now
    hour = _next_hour(made, open_changes, result, now)
    until_quota = until_day if hour is None else min(hour, until_day)
    seconds = min(_patience(rounds, pace), until_quota) if reviewed else until_quota
    return Pause(max(1.0, seconds), _awaited(reviewed, deferred, tomorrow=hour is None))


def _awaited(reviewed: int, deferred: int, *, tomorrow: bool) -> str:
    quota = "{deferred} for tomorrow's quota" if tomorrow else "{deferred} for the next hour's quota"
    if not reviewed:
        return Sentence(quota, deferred=deferred)
    if not deferred:
        return Sentence("{reviewed} under review", reviewed=reviewed)
    both = "{reviewed} under review and {quota}"
    return Sentence(both, reviewed=reviewed, quota=Sentence(quota, deferred=deferred))


def _next_hour(made: Plan, changes: Iterable[PlannedChange], result: Result, now: float) -> float | None:
    """Seconds until an hour's limit lets the first of today's changes go; None where no hour holds any."""
    instants = [
        change.not_before for change in changes if change.not_before is not None and change.scheduled_for == made.today
    ]
    waits = [max(0.0, instant - now) for instant in instants]
    waits += [_rest(each) for each in result.results if _skipped_with(each, RATE_LIMITED)]
    return min(waits, default=None)


def _rest(each: ChangeResult) -> float:
    """Seconds until what an hour's limit skipped is taken up: an hour where the platform asked for that, a moment where
    our own count did, for the next plan knows when there is room."""
    asked = each.error is not None and each.error.errcode is not None
    return HOUR if asked else FIRST_LOOK


def _waits_for_quota(each: ChangeResult) -> bool:
    return _skipped_with(each, NO_QUOTA) or _skipped_with(each, RATE_LIMITED)


def _skipped_with(each: ChangeResult, code: str) -> bool:
    return each.outcome is Outcome.SKIPPED and each.error is not None and each.error.code == code


def _patience(rounds: Rounds, pace: float) -> float:
    """Seconds until the next look. One at a small shop is cheap: growing pauses keep within the day's reads by
    themselves; a large shop is looked at no oftener than its reads allow."""
    if pace > REVIEW_INTERVAL:
        return pace
    return min(REVIEW_INTERVAL, FIRST_LOOK * 2.0**rounds.idle)


def _is_reviewed(change: PlannedChange, applied: Collection[Address]) -> bool:
    """Whether the platform's review has yet to say something about it."""
    return change.disposition is Disposition.WAITING or (change.submits and change.address in applied)
