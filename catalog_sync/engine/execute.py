"""Execute: the ready changes of a plan, side by side, the steps of each in order; events as they happen.

One failing item never stops another; what concerns the account stops all (rules section 7).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import count
from queue import Empty, SimpleQueue
from threading import Lock

from catalog_sync.core.errors import AuthFailed, Failure, StateUnreadable
from catalog_sync.core.journal import Amendment
from catalog_sync.core.model import Action, Address, Disposition, Step
from catalog_sync.core.plan import Plan, PlannedChange
from catalog_sync.core.ports import Clock, LeaseLost, StateStore
from catalog_sync.core.result import ChangeResult, Event, EventType, Outcome
from catalog_sync.core.sentence import Sentence
from catalog_sync.engine.halt import Halt
from catalog_sync.engine.keeper import LEASE_LOST, Keeper
from catalog_sync.engine.purse import Purse
from catalog_sync.engine.sending import Sender, StepEnded
from catalog_sync.engine.work import Work
from catalog_sync.topic import inherited

_FAIL_FAST = Failure("fail_fast", "Not started: an earlier item failed and --fail-fast was given.", "run apply again")

_BROKEN_OFF = Failure("stopped", "The run was broken off by an error of its own.", "run apply again")


ABANDONED = Failure(
    "interrupted", "Not answered when the run was told to stop.", "the next run looks whether it was done"
)


class Crew:
    """Carries out changes with up to `parallelism` workers. `finished` is filled while they run. `before_first_call` is
    done once, before any call is written down."""

    def __init__(
        self,
        senders: Mapping[str, Sender],
        store: StateStore,
        keeper: Keeper,
        purse: Purse,
        halt: Halt,
        clock: Clock,
        *,
        fail_fast: bool,
    ) -> None:
        self._senders = senders
        self._store = store
        self._keeper = keeper
        self._purse = purse
        self._halt = halt
        self._clock = clock
        self._fail_fast = fail_fast
        self._events: SimpleQueue[Event] = SimpleQueue()
        self._total = 0
        self._done = count(1)
        self.finished: dict[Address, tuple[Work, ChangeResult]] = {}
        self.before_first_call: Callable[[], None] | None = None
        self._first_call = Lock()

    def run(self, changes: Sequence[PlannedChange], parallelism: int) -> Iterator[Event]:
        """Carry the changes out, in their order as workers get free. Raises what a worker could not handle, after all
        workers have ended."""
        self._total = sum(bool(change.steps) for change in changes)
        pool = ThreadPoolExecutor(parallelism, thread_name_prefix="apply", initializer=inherited())
        following = _Following(changes)
        ended: SimpleQueue[Future[Address]] = SimpleQueue()
        under_way = self._start(pool, following.free(), ended)
        try:
            while under_way and not self._halt.overdue(self._clock.monotonic()):
                yield from self._drain()
                future = _next(ended)
                if future is not None:
                    under_way += self._start(pool, following.after(future.result()), ended) - 1
        except BaseException:  # the consumer's too: whom nobody listens to starts nothing more
            self._halt.order(_BROKEN_OFF)
            pool.shutdown()
            raise
        pool.shutdown(wait=not under_way, cancel_futures=True)
        yield from self._drain()
        self._abandon(changes)

    def _start(
        self, pool: ThreadPoolExecutor, changes: Iterable[PlannedChange], ended: SimpleQueue[Future[Address]]
    ) -> int:
        """Hand changes to the workers; returns how many. Each tells when it has ended: to look through all that are
        under way, at each end of one, takes longer than their calls where they are thousands."""
        futures = [pool.submit(self._carry_out, change) for change in changes]
        for future in futures:
            future.add_done_callback(ended.put)
        return len(futures)

    def _abandon(self, changes: Sequence[PlannedChange]) -> None:
        """What was told to stop does not wait for a platform that does not answer: the rows stay open, and the next run
        looks what became of them."""
        for change in changes:
            if change.address not in self.finished:
                self.finished[change.address] = (Work(change, None), _abandoned(change))

    def _drain(self) -> Iterator[Event]:
        while True:
            try:
                yield self._events.get_nowait()
            except Empty:
                return

    def _carry_out(self, change: PlannedChange) -> Address:
        work = Work(change, change.binding)
        sender = self._senders[change.kind]
        try:
            self._check_before(change)
            self._keep_books(work)
            self._make_steps(work, sender)
            result = self._result(work, Outcome.APPLIED, None)
        except StepEnded as end:
            result = self._result(work, end.outcome, end.failure)
            if self._fail_fast and end.outcome is not Outcome.SKIPPED:
                self._halt.order(_FAIL_FAST)
        except LeaseLost:
            # While a call was under way: what it did is for the run to find that holds the lock now.
            self._halt.order(LEASE_LOST)
            result = self._result(work, Outcome.IN_DOUBT, LEASE_LOST)
        except (StateUnreadable, AuthFailed) as error:
            # The others' results are worth telling all the same: nothing more is started, and the run ends.
            failure = Failure(error.code, error.message, error.hint)
            self._halt.order(failure)
            result = self._result(work, Outcome.SKIPPED, failure)
        self.finished[change.address] = (work, result)
        return change.address

    def _check_before(self, change: PlannedChange) -> None:
        """What follows others goes only when each of them landed: half a draft is not submitted, and the last part of
        an item is not deleted before there is another."""
        missing = [
            address
            for address in change.follows
            if address not in self.finished or self.finished[address][1].outcome is not Outcome.APPLIED
        ]
        if missing:
            raise StepEnded(Outcome.SKIPPED, Failure("draft_incomplete", _not_gone(change, missing), "apply again"))

    def _keep_books(self, work: Work) -> None:
        """What a change does to our own state alone: a new key, a new binding, or none any more."""
        change = work.change
        if not (change.previous or change.adopting or change.action is Action.FORGET):
            return
        reason = next(iter(filter(None, (self._halt.reason(step.verb) for step in change.steps))), None)
        reason = reason or self._halt.stop
        if reason is not None:
            raise StepEnded(Outcome.SKIPPED, reason)
        amendment = _bookkeeping(change)
        try:
            self._store.amend(amendment, self._keeper.epoch)
        except LeaseLost:
            self._halt.order(LEASE_LOST)
            raise StepEnded(Outcome.SKIPPED, LEASE_LOST) from None
        work.follow(amendment)

    def _make_steps(self, work: Work, sender: Sender) -> None:
        day = sender.today
        cost = work.change.cost
        sender.pay(cost)
        work.paid_on = day
        try:
            if work.change.steps:
                self._begin_calling()
            for step in work.change.steps:
                self._make_step(work, sender, step)
        finally:
            self._purse.give_back(cost - _calls_by_pool(work), day)

    def _begin_calling(self) -> None:
        with self._first_call:
            if self.before_first_call is None or self._halt.stop is not None:
                return
            try:
                self.before_first_call()
            except LeaseLost:
                self._halt.order(LEASE_LOST)
                raise StepEnded(Outcome.SKIPPED, LEASE_LOST) from None
            self.before_first_call = None

    def _make_step(self, work: Work, sender: Sender, step: Step) -> None:
        self._tell(EventType.STEP_STARTED, work, step, {})
        try:
            sender.make(work, step)
        except StepEnded as end:
            told = {"outcome": end.outcome.value, "error": end.failure.code}
            self._tell(EventType.STEP_FINISHED, work, step, told | self._ending())
            raise
        last = step is work.change.steps[-1]
        told = {"outcome": Outcome.APPLIED.value}
        self._tell(EventType.STEP_FINISHED, work, step, told | (self._ending() if last else {"last": False}))

    def _ending(self) -> dict[str, object]:
        """What is told with the last step of a change: how many changes have ended by now."""
        return {"last": True, "done": next(self._done), "total": self._total}

    def _tell(self, type_: EventType, work: Work, step: Step, details: dict[str, object]) -> None:
        told = {"action": work.change.action.value, "call": step.call, **details}
        self._events.put(Event(self._clock.now(), type_, work.change.address, told))

    def _result(self, work: Work, outcome: Outcome, failure: Failure | None) -> ChangeResult:
        copy = work.last or (work.binding.current if work.binding is not None else None)
        return ChangeResult(
            work.change.address,
            work.change.action,
            outcome,
            work.change.remote_id if copy is None else copy.remote_id,
            copy.audit_id if copy is not None and _submitted(work) else None,
            tuple(work.calls),
            failure,
        )


class _Following:
    """The changes that follow others: they begin when these have ended. What is followed and not carried out in this
    run keeps nothing waiting."""

    def __init__(self, changes: Sequence[PlannedChange]) -> None:
        self._changes = changes
        carried_out = {change.address for change in changes}
        self._awaited = {change.address: carried_out.intersection(change.follows) for change in changes}
        self._followers: dict[Address, list[PlannedChange]] = {}
        for change in changes:
            for address in self._awaited[change.address]:
                self._followers.setdefault(address, []).append(change)

    def free(self) -> list[PlannedChange]:
        """The changes that follow none of the others."""
        return [change for change in self._changes if not self._awaited[change.address]]

    def after(self, ended: Address) -> Iterator[PlannedChange]:
        """The changes that may begin now that this one has ended, too."""
        for change in self._followers.get(ended, ()):
            self._awaited[change.address].discard(ended)
            if not self._awaited[change.address]:
                yield change


def _not_gone(change: PlannedChange, missing: Sequence[Address]) -> Sentence:
    first = missing[0]
    items = Sentence("{address} and {count} more", address=first, count=len(missing) - 1) if missing[1:] else first
    if change.submits:
        return Sentence("Not submitted: {items} did not land, and half a draft is not submitted.", items=items)
    return Sentence("Not deleted: {items} did not land, and the last one stays until there is another.", items=items)


def _next(ended: SimpleQueue[Future[Address]]) -> Future[Address] | None:
    """What ended next; None when nothing did for a while, in which the run may have been told to stop."""
    try:
        return ended.get(timeout=0.1)
    except Empty:
        return None


def _abandoned(change: PlannedChange) -> ChangeResult:
    return ChangeResult(change.address, change.action, Outcome.IN_DOUBT, change.remote_id, error=ABANDONED)


def _submitted(work: Work) -> bool:
    return any(step.submits for step in work.done)


def _bookkeeping(change: PlannedChange) -> Amendment:
    if change.action is Action.FORGET:
        return Amendment(drop=(change.address,))
    drop = () if change.previous is None else (change.previous,)
    return Amendment(drop=drop, put=() if change.binding is None else (change.binding,))


def _calls_by_pool(work: Work) -> Counter[str]:
    pools = {step.call: step.pool for step in work.change.steps}
    return Counter(pool for call in work.calls if (pool := pools.get(call)) is not None)


def ready(plan: Plan) -> tuple[PlannedChange, ...]:
    """The changes that an apply carries out, in order."""
    return plan.of(Disposition.READY)
