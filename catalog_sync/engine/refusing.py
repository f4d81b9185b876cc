"""Refusing: what follows a refusal, beside the end of its own change: what is remembered, who else stops."""

from __future__ import annotations

from collections import defaultdict
from contextlib import suppress
from dataclasses import replace
from datetime import date
from threading import Lock

from catalog_sync.core.errors import CallError, Effect, Failure, Refused, StateUnreadable
from catalog_sync.core.journal import Amendment
from catalog_sync.core.landing import with_copy
from catalog_sync.core.model import SENDS_CONTENT, Address, Refusal, Step, Verb
from catalog_sync.core.ports import LeaseLost, Provider
from catalog_sync.core.refused import is_stock, pause, print_of, reach_of, rested
from catalog_sync.engine.halt import Halt
from catalog_sync.engine.keeper import Keeper
from catalog_sync.engine.tools import Tools
from catalog_sync.engine.work import Work

_SAID = (Effect.CONTENT, Effect.ALL_FIELDS, Effect.PICTURE)
"""Refusals of what an item says."""


def refusal(error: Refused) -> Failure:
    """The platform's no, as the result document tells it."""
    return Failure("refused", error.reason, error.hint, error.errcode, error.errmsg)


class Aftermath:
    """What the refusals of one system's calls lead to. Safe for several threads."""

    def __init__(self, tools: Tools, provider: Provider, keeper: Keeper, halt: Halt) -> None:
        self._tools = tools
        self._provider = provider
        self._keeper = keeper
        self._halt = halt
        self._thinned: set[Address] = set()
        self._refused: defaultdict[Address, set[Address]] = defaultdict(set)
        self._lock = Lock()

    def remember(self, work: Work, step: Step, error: Refused) -> Amendment:
        """What a refusal teaches for the runs to come."""
        copy = work.target(step)
        match error.effect:
            case Effect.HOUR:
                name = rested(work.change.address, step)
                return Amendment(refusals=(pause(name, error, self._provider.platform_now()),))
            case effect if effect in _SAID:
                return self._remembered(work, step, error)
            case Effect.FOREIGN if copy is not None and work.binding is not None:
                return Amendment(put=(with_copy(work.binding, replace(copy, locked_out=True)),))
            case Effect.AUDIT_ID if copy is not None and work.binding is not None:
                return Amendment(put=(with_copy(work.binding, replace(copy, audit_id=None)),))
            case _:
                return Amendment()

    def forgiven(self, work: Work, step: Step, by_landing: tuple[Address, ...]) -> tuple[Address, ...]:
        """Whose refusals end with a step that landed: those that end `by_landing`, unless it is not what was refused
        that landed, and those of the parts that it may have been in the way of."""
        passed = any(part.reason == "refused" for part in work.change.held) or is_stock(self._provider.schema, step)
        ended = (each for each in by_landing if not passed or each != work.change.address)
        return (*ended, *self._unblocked(work, step))

    def _unblocked(self, work: Work, step: Step) -> tuple[Address, ...]:
        """The parts that this run was refused of the draft from which it took this one: it may have been in their way
        (the same attributes, one value too many), and the next run tries them once more."""
        if step.verb is not Verb.DELETE or not step.drafts or work.change.whole is None:
            return ()
        with self._lock:
            self._thinned.add(work.change.whole)
            return tuple(sorted(self._refused[work.change.whole]))

    def forgive(self, work: Work, step: Step, error: Refused) -> None:
        """The same, for a part whose refusal was remembered after the other one went."""
        if error.effect not in _SAID or not step.drafts or work.change.whole is None:
            return
        with self._lock:
            self._refused[work.change.whole].add(work.change.address)
            thinned = work.change.whole in self._thinned
        if not thinned:
            return
        with suppress(LeaseLost, StateUnreadable):  # nothing but this one more try is lost
            self._tools.store.amend(Amendment(forgiven=(work.change.address,)), self._keeper.epoch)

    def _remembered(self, work: Work, step: Step, error: Refused) -> Amendment:
        if work.change.item is None:
            return Amendment()
        schema = self._provider.schema
        told = print_of(schema, work.change.item.values, reach_of(schema, step))
        at = self._tools.clock.now()
        return Amendment(refusals=(Refusal(work.change.address, told, error.errcode, error.reason, at),))

    def stop_others(self, error: Refused) -> None:
        """Keep the other changes from what would be refused, too."""
        match error.effect:
            case Effect.ACCOUNT | Effect.OFFLINE | Effect.TOKEN:
                self._halt.order(refusal(error))
            case Effect.SUBMISSIONS:
                self._halt.order(refusal(error), SENDS_CONTENT)
            case _:
                pass

    def look(self, work: Work, step: Step, error: Refused, day: date) -> None:
        """Refused by status: when the item still has the status that should have allowed it, that is remembered."""
        copy = work.target(step)
        if copy is None:
            return
        try:
            answers = self._provider.look_up([copy.remote_id], parallelism=1)
        except CallError as failed:
            self._tools.store.record_reads(failed.reads, day)
            return  # the next plan looks again
        self._tools.store.record_reads(answers.reads, day)
        remote = answers.remotes.get(copy.remote_id)
        if remote is None or remote.status is None or remote.status is not work.expected_status(step):
            return
        fact = self._provider.policy.lesson(step.verb, remote.status)
        amendment = Amendment(facts=(fact,)) if fact is not None else self._remembered(work, step, error)
        self._tools.store.amend(amendment, self._keeper.epoch)
