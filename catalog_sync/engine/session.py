"""Session: one run that writes: the lock is held, the journal settled, the plan made, carried out and accounted for."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from types import TracebackType
from typing import Self

from catalog_sync.core.errors import AuthFailed, CallError, Failure, StateUnreadable
from catalog_sync.core.journal import Amendment
from catalog_sync.core.model import Action, Address, AuditStatus, Binding, Catalogue, Verb
from catalog_sync.core.plan import Plan, PlannedChange, Selection
from catalog_sync.core.ports import Holder, LeaseLost, Run
from catalog_sync.core.result import ChangeResult, Event, EventType, Outcome, Result
from catalog_sync.core.settle import Landed, Verdict
from catalog_sync.engine.execute import Crew, ready
from catalog_sync.engine.halt import Halt
from catalog_sync.engine.keeper import Keeper
from catalog_sync.engine.lifeboat import Lifeboat
from catalog_sync.engine.meaning import broken_off
from catalog_sync.engine.planning import Means, budget, following, plan
from catalog_sync.engine.purse import Purse
from catalog_sync.engine.sending import Sender
from catalog_sync.engine.settling import amended, belongs, closed, ruling
from catalog_sync.engine.situation import Situation, glance, look
from catalog_sync.engine.tools import Tools
from catalog_sync.engine.work import Work


@dataclass(frozen=True, slots=True)
class Wishes:
    """How an apply goes: `fail_fast` starts nothing more after the first failure; `takes` says which ready changes it
    carries out, all where it is None; `forgone` is told beside them: what was asked for and is not done. `plan_id` is
    the saved plan that is spent by the first call."""

    fail_fast: bool = False
    takes: Callable[[PlannedChange], bool] | None = None
    forgone: tuple[ChangeResult, ...] = ()
    plan_id: str | None = None


class Session:
    """A context in which this run alone writes. Use: enter, `plan`, then consume `apply`, then read `result`."""

    def __init__(self, tools: Tools, who: Holder, run: Run, halt: Halt) -> None:
        self._tools = tools
        self._run = run
        self.halt = halt
        self._keeper = Keeper(tools.store, tools.clock, who, halt)
        self._stack = ExitStack()
        self._situation: Situation | None = None
        self.result: Result | None = None

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            stack.enter_context(self._keeper)
            self._tools.store.start_run(self._run, self._keeper.epoch)
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._end_run(error)
        except LeaseLost:
            pass  # the history of the shop is for the run to write that holds the lock now
        except StateUnreadable:
            if kind is None and self.result is None:
                raise
        finally:
            self._stack.close()

    def _end_run(self, error: BaseException | None) -> None:
        summary = {} if self.result is None else self.result.summary
        why = broken_off(error, self.halt, self.result)
        ended = replace(self._run, ended_at=self._tools.clock.now(), summary=summary, broken_off=why)
        self._tools.store.end_run(ended, self._keeper.epoch)

    @property
    def situation(self) -> Situation:
        """What was last looked at."""
        if self._situation is None:
            raise ValueError("a session looks before it knows")
        return self._situation

    @property
    def epoch(self) -> int:
        """The epoch under which this run writes."""
        return self._keeper.epoch

    def plan(self, catalogue: Catalogue, selection: Selection) -> Plan:
        """Look at the platform, settle the journal, and plan."""
        situation = self.look(catalogue)
        return plan(situation, Means(self._tools.providers, self._tools.settle_after), selection)

    def look(self, catalogue: Catalogue) -> Situation:
        """Look at the platform, close what the look decides in the journal, and let the state follow it."""
        situation = self._settle(look(self._tools, catalogue, alone=True), only_landed=False)
        for provider in self._tools.providers:
            amendment = following(situation, provider.schema, self._tools.settle_after)
            if amendment:
                self._tools.store.amend(amendment, self._keeper.epoch)
                situation = replace(situation, snapshot=amended(situation.snapshot, amendment))
        self._situation = situation
        return situation

    def _settle(self, situation: Situation, *, only_landed: bool) -> Situation:
        """Close the entries that the look decides. The situation comes back with what is still open."""
        snapshot = situation.snapshot
        still_open = list(situation.verdicts)
        for verdict in situation.verdicts:
            if only_landed and not _surely_landed(verdict):
                continue
            schema = next(p.schema for p in self._tools.providers if belongs(p.schema, verdict.entry.address))
            judged = ruling(schema, verdict, snapshot.bindings.get(verdict.entry.address))
            if judged is None:
                continue
            state, amendment = judged
            self._tools.store.finish(verdict.entry.number, state, amendment, self._keeper.epoch, answer={})
            snapshot = closed(snapshot, verdict.entry, state, amendment)
            still_open.remove(verdict)
        entries = tuple(verdict.entry for verdict in still_open)
        return replace(situation, snapshot=replace(snapshot, open_entries=entries), verdicts=tuple(still_open))

    def bind(self, bindings: tuple[Binding, ...]) -> None:
        """Bind by a person's word; open journal rows of these addresses are decided by it."""
        self._tools.store.amend(Amendment(put=bindings), self._keeper.epoch)
        for binding in bindings:
            self._tools.store.dismiss(binding.address, self._keeper.epoch)

    def apply(self, made: Plan, wishes: Wishes) -> Generator[Event, None, None]:
        """Carry a plan out. Yields events as they happen; `result` is there when it has ended. To close it early lets
        the calls under way end, and starts nothing more."""
        if self._situation is None:
            raise ValueError("a session plans before it applies")
        purse = Purse(budget(self._situation, self._tools.providers))
        crew = self._crew(made.catalogue, purse, wishes)
        chosen = [change for change in ready(made) if wishes.takes is None or wishes.takes(change)]
        yield Event(self._tools.clock.now(), EventType.PLAN, None, {"digest": made.digest, "ready": len(chosen)})
        yield from crew.run(chosen, self._tools.parallelism)
        finished = self._look_once_more(made, crew)
        results = (*(finished[change.address] for change in chosen), *wishes.forgone)
        self.result = Result(results, _remaining(made, results))
        for (pool, day), left in purse.left().items():
            told = {"pool": pool, "day": day.isoformat(), "left": left}
            yield Event(self._tools.clock.now(), EventType.QUOTA, None, told)
        yield Event(self._tools.clock.now(), EventType.SUMMARY, None, dict(self.result.summary))

    def _crew(self, catalogue: Catalogue, purse: Purse, wishes: Wishes) -> Crew:
        tools = self._tools
        lifeboat = Lifeboat(tools.folder, self._run.id)
        lineage = self.situation.snapshot.lineage
        senders = {
            each.schema.kind: Sender(tools, each, self._keeper, purse, self.halt, catalogue.quota, lifeboat, lineage)
            for each in tools.providers
        }
        crew = Crew(senders, tools.store, self._keeper, purse, self.halt, tools.clock, fail_fast=wishes.fail_fast)
        if wishes.plan_id is not None:
            crew.before_first_call = partial(tools.store.spend_plan, wishes.plan_id, self._run.id, self._keeper.epoch)
        return crew

    def _look_once_more(self, made: Plan, crew: Crew) -> dict[Address, ChangeResult]:
        """Calls whose answer was lost are looked for once before the run ends (rules section 8)."""
        results = {address: result for address, (_, result) in crew.finished.items()}
        doubtful = [work for work, result in crew.finished.values() if result.outcome is Outcome.IN_DOUBT]
        if not doubtful or self.halt.stopped.is_set():
            return results
        situation = self._glance(made.catalogue)
        if situation is None:
            return results
        still_open = {verdict.entry.number for verdict in situation.verdicts}
        for work in doubtful:
            if not still_open & set(work.open_entries):
                binding = situation.snapshot.bindings.get(work.change.address)
                results[work.change.address] = _resolved(work, results[work.change.address], binding)
        return results

    def _glance(self, catalogue: Catalogue) -> Situation | None:
        try:
            return self._settle(glance(self._tools, catalogue), only_landed=True)
        except (CallError, AuthFailed, StateUnreadable, LeaseLost):
            return None  # the rows stay open: the next run looks


def _surely_landed(verdict: Verdict) -> bool:
    """Whether a look right after the call can tell. An item that was rejected before, and still is, tells nothing of a
    submission: the next run holds it as rejected."""
    if not isinstance(verdict, Landed):
        return False
    rejected = verdict.remote is not None and verdict.remote.status is AuditStatus.REJECTED
    return not (verdict.entry.verb is Verb.SUBMIT and rejected)


def _resolved(work: Work, result: ChangeResult, binding: Binding | None) -> ChangeResult:
    """A change whose lost call turned out to have landed: applied if it was the last one, else the rest remains."""
    remote_id = result.remote_id if binding is None else (binding.successor or binding.current).remote_id
    if len(work.done) + 1 == len(work.change.steps):
        return replace(result, outcome=Outcome.APPLIED, remote_id=remote_id, error=None)
    rest = Failure(
        "interrupted", "The call whose answer was lost has landed; the next step was not sent.", "apply again"
    )
    return replace(result, outcome=Outcome.SKIPPED, remote_id=remote_id, error=rest)


def _remaining(made: Plan, results: tuple[ChangeResult, ...]) -> int:
    """Items that are not yet approved and equal to the catalogue: held, failed, and those just submitted."""
    ended = {result.address: result.outcome for result in results}
    return sum(_remains(change, ended.get(change.address)) for change in made.changes)


def _remains(change: PlannedChange, outcome: Outcome | None) -> bool:
    if outcome is not Outcome.APPLIED or change.held:
        return True
    if change.submits:
        return True
    bookkeeping = change.action in (Action.ADOPT, Action.MOVE)
    return bookkeeping and change.audit_status is not AuditStatus.APPROVED
