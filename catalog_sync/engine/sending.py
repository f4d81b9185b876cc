"""Sending: one step of a change: journalled, sent, and its end understood. The only place that calls `perform`.

Every send is written down before it leaves and charged when it is written down (rules section 8). What may follow a
refusal once (a new token, a new upload, the full set of fields, the next minute) is a new entry and a new charge.
"""

from __future__ import annotations

import json
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from threading import Lock

from catalog_sync.core.errors import CallError, Effect, Failure, InDoubt, NotSent, Refused, StateUnreadable
from catalog_sync.core.journal import Amendment, Entry, EntryState
from catalog_sync.core.landing import landed
from catalog_sync.core.model import FieldKind, PictureRef, QuotaSettings, Step, Value, Verb
from catalog_sync.core.ports import LeaseLost, PictureUnreadable, Provider, Receipt, Request
from catalog_sync.core.quota import quota_day
from catalog_sync.core.refused import rested
from catalog_sync.core.result import Outcome
from catalog_sync.core.sentence import Sentence
from catalog_sync.core.settle import shows
from catalog_sync.engine.halt import Halt
from catalog_sync.engine.keeper import LEASE_LOST, Keeper
from catalog_sync.engine.lifeboat import Lifeboat
from catalog_sync.engine.purse import Purse
from catalog_sync.engine.recovering import to_save
from catalog_sync.engine.refusing import Aftermath, refusal
from catalog_sync.engine.settling import upload_key
from catalog_sync.engine.tools import Tools
from catalog_sync.engine.work import Work

NOT_SENT_TRIES = 4
"""How often a call that surely did not leave is tried before its item is given up for this run."""

MINUTE_TRIES = 3
"""How many minutes a call waits for the platform's per-minute limit."""

PICTURE_MARGIN = 300.0
"""Seconds before its end from which an upload is not relied on any more."""


NO_QUOTA = "quota_exhausted"
"""The code of a step that was skipped for want of quota."""

RATE_LIMITED = "rate_limited"
"""The code of a step that was skipped because an hour's limit is reached, or the platform asks for a pause."""

_COMES_LATER = {Effect.HOUR: RATE_LIMITED, Effect.WAIT: "under_review"}
"""Refusals that are no word on the item, and the codes of the steps that they skip."""


class StepEnded(Exception):
    """A step did not land, and so its change ends here."""

    def __init__(self, outcome: Outcome, failure: Failure) -> None:
        super().__init__(failure.message)
        self.outcome = outcome
        self.failure = failure


@dataclass(slots=True)
class _Tries:
    """What was tried for one step already; `step` is the step in another form (the full set of fields). `paid`: the
    next send is paid for; that is the first send of a planned step, with its route."""

    paid: bool = True
    sends: int = 0
    step: Step | None = None
    used: Counter[Effect] = field(default_factory=Counter)

    def again(self, effect: Effect, most: int = 1) -> bool:
        """Whether one more send may follow an answer with this effect."""
        self.used[effect] += 1
        return self.used[effect] <= most


class Sender:
    """Makes the steps of one system's changes. Safe for several threads."""

    def __init__(
        self,
        tools: Tools,
        provider: Provider,
        keeper: Keeper,
        purse: Purse,
        halt: Halt,
        quota: QuotaSettings,
        lifeboat: Lifeboat,
        lineage: str,
    ) -> None:
        self._tools = tools
        self._provider = provider
        self._keeper = keeper
        self._purse = purse
        self._halt = halt
        self._quota = quota
        self._lifeboat = lifeboat
        self._lineage = lineage
        self._aftermath = Aftermath(tools, provider, keeper, halt)
        self._picture_locks: dict[str, Lock] = defaultdict(Lock)

    @property
    def today(self) -> date:
        """The quota day, by the platform's clock."""
        return quota_day(self._provider.platform_now(), self._quota)

    def pay(self, cost: Mapping[str, int]) -> None:
        """Reserve calls for now. Raises `StepEnded` where a pool has no room for them."""
        short = self._purse.pay(cost, self.today, self._provider.platform_now())
        if short is not None:
            raise StepEnded(Outcome.SKIPPED, _no_hour(short.pool) if short.hourly else _no_quota(short.pool))

    def make(self, work: Work, step: Step) -> None:
        """Make one step land. Raises `StepEnded` when it does not."""
        self._refuse_when_halted(step)
        if step.verb is Verb.UPLOAD:
            self._upload(work, step)
        else:
            self._drive(work, step, lambda tried: self._request(work, tried))
        work.done.append(step)

    def _upload(self, work: Work, step: Step, *, paid: bool = True) -> None:
        """Upload a picture unless the platform still has it. A picture that several items share goes up once."""
        identity = str(self._desired(work)[step.fields[0]])
        with self._picture_locks[identity]:
            if self._fresh(identity) is None:
                self._drive(work, step, lambda tried: self._picture_request(work, tried, identity), paid=paid)

    def _fresh(self, identity: str) -> PictureRef | None:
        ref = self._tools.store.picture(upload_key(self._provider.schema, identity))
        usable = ref is not None and ref.expires_at - PICTURE_MARGIN > self._provider.platform_now()
        return ref if usable else None

    def _picture_request(self, work: Work, step: Step, identity: str) -> Request:
        try:
            picture = self._tools.pictures[self._provider.schema.kind].read(identity, work.item.picture_path)
        except PictureUnreadable as error:
            failure = Failure("picture_unreadable", error.reason, error.hint)
            raise StepEnded(Outcome.FAILED, failure) from None
        return Request(step.call, step.verb, picture=picture.content, picture_type=picture.type)

    def _request(self, work: Work, step: Step) -> Request:
        copy = work.target(step)
        return Request(
            step.call,
            step.verb,
            remote_id=None if copy is None else copy.remote_id,
            audit_id=None if copy is None else copy.audit_id,
            fields=self._wire_fields(work, step),
            key=work.change.key,
            parent_id=work.change.parent_id,
        )

    def _wire_fields(self, work: Work, step: Step) -> dict[str, Value]:
        """What a call sends: the desired values, a picture by its upload, and what it carries along as it is."""
        fields = self._fields(work, step)
        for each in self._provider.schema.fields:
            if each.name in fields and each.uploaded(fields[each.name]):
                fields[each.name] = self._ref(work, each.name, str(fields[each.name])).ref
        return self._carried(work, step) | fields

    def _carried(self, work: Work, step: Step) -> dict[str, Value]:
        observed = work.change.observed.get(step.role)
        if observed is None or not step.carries:
            return {}
        shown = self._provider.schema.named(observed.values)
        return {name: shown[name] for name in step.carries}

    def _ref(self, work: Work, name: str, identity: str) -> PictureRef:
        ref = self._fresh(identity)
        if ref is None:  # it ended, or the platform lost it, since the upload step
            self._upload(work, self._upload_step(work, name), paid=False)
            ref = self._fresh(identity)
        if ref is None:
            failure = Failure("picture_unreadable", "The upload of its picture ends too soon to be used.")
            raise StepEnded(Outcome.FAILED, failure)
        return ref

    def _upload_step(self, work: Work, name: str) -> Step:
        planned = (step for step in work.change.steps if step.verb is Verb.UPLOAD)
        return next(planned, Step("upload", Verb.UPLOAD, "upload", (name,)))

    def _desired(self, work: Work) -> dict[str, Value]:
        return self._provider.schema.named(work.item.values)

    def _fields(self, work: Work, step: Step) -> dict[str, Value]:
        desired = self._desired(work) if step.fields else {}
        return {name: desired[name] for name in step.fields}

    def _drive(self, work: Work, step: Step, compose: Callable[[Step], Request], *, paid: bool = True) -> None:
        """Send until it landed; each end says whether another send may follow."""
        tries = _Tries(paid)
        while not self._send(work, step, compose(step), tries):
            step = tries.step or step

    def _send(self, work: Work, step: Step, request: Request, tries: _Tries) -> bool:
        """One send. True when it landed, False when it may be sent again; raises `StepEnded` otherwise."""
        self._may_send(work, step, tries)
        entry = self._begin(work, step)
        try:
            receipt = self._provider.perform(request)
        except NotSent as error:
            self._finish(entry, EntryState.NOT_SENT)
            tries.paid = True  # nothing was spent
            return self._not_sent(error, tries)
        except Refused as error:
            work.calls.append(step.call)
            return self._refused(work, step, entry, error, tries)
        except InDoubt as error:
            work.calls.append(step.call)
            work.open_entries.append(entry.number)
            with suppress(StateUnreadable, LeaseLost):  # then its age counts from its beginning
                self._tools.store.note_end(entry.number, self._tools.clock.now(), self._keeper.epoch)
            raise StepEnded(Outcome.IN_DOUBT, _in_doubt(error)) from None
        work.calls.append(step.call)
        self._landed(work, step, entry, receipt)
        return True

    def _refuse_when_halted(self, step: Step) -> None:
        reason = self._halt.reason(step.verb)
        if reason is not None:
            raise StepEnded(Outcome.SKIPPED, reason)

    def _may_send(self, work: Work, step: Step, tries: _Tries) -> None:
        """Ask everything that may forbid a send, and pay for it. A route that was paid for yesterday pays again."""
        self._refuse_when_halted(step)
        if self._purse.rests(rested(work.change.address, step), self._provider.platform_now()):
            raise StepEnded(Outcome.SKIPPED, _no_hour(step.pool or step.call))
        paid = tries.paid and work.paid_on == self.today
        if not paid and step.pool is not None:
            self.pay({step.pool: 1})
        tries.paid = False
        tries.sends += 1

    def _begin(self, work: Work, step: Step) -> Entry:
        copy = work.target(step)
        entry = Entry(
            address=work.change.address,
            call=step.call,
            verb=step.verb,
            pool=step.pool,
            day=self.today,
            digest=work.change.digest,
            parent=work.change.whole if step.drafts else None,
            charged_at=self._counted_by_the_hour(step),
            role=step.role,
            remote_id=None if copy is None else copy.remote_id,
            audit_id=None if copy is None else copy.audit_id,
            fields=self._fields(work, step),
            before=self._before(work, step),
            values=self._values(work, step),
            protect=work.item.protect if step.verb is Verb.CREATE else False,
            began_at=self._tools.clock.now(),
        )
        try:
            self._keeper.check()
            return self._check_again(self._tools.store.begin(entry, self._keeper.epoch))
        except LeaseLost:
            self._halt.order(LEASE_LOST)
            raise StepEnded(Outcome.SKIPPED, LEASE_LOST) from None

    def _counted_by_the_hour(self, step: Step) -> float | None:
        pool = None if step.pool is None else self._provider.pools[step.pool]
        return None if pool is None or pool.hourly is None else self._provider.platform_now()

    def _check_again(self, entry: Entry) -> Entry:
        """What is left of the lease, right before the send: to write the entry down may have taken long."""
        try:
            self._keeper.check()
        except LeaseLost:
            with suppress(StateUnreadable, LeaseLost):  # an open entry of what was never sent is judged by looking
                self._tools.store.finish(entry.number, EntryState.NOT_SENT, Amendment(), self._keeper.epoch, answer={})
            raise
        return entry

    def _before(self, work: Work, step: Step) -> dict[str, Value]:
        observed = work.change.observed.get(step.role)
        if step.verb is not Verb.UPDATE or observed is None:
            return {}
        return self._provider.schema.named(observed.values)

    def _values(self, work: Work, step: Step) -> tuple[Value, ...] | None:
        """The item as it will be: what an add makes, and what a submission puts before the reviewer."""
        if step.verb is Verb.CREATE:
            return work.item.values
        copy = work.copy(step.role)
        return copy.sent if step.verb is Verb.SUBMIT and copy is not None else None

    def _finish(
        self,
        entry: Entry,
        state: EntryState,
        amendment: Amendment | None = None,
        answer: Receipt | Refused | None = None,
    ) -> None:
        told = {} if answer is None else _answer(answer)
        try:
            self._tools.store.finish(entry.number, state, amendment or Amendment(), self._keeper.epoch, answer=told)
        except LeaseLost:
            self._halt.order(LEASE_LOST)
            self._rescue(entry, state, answer)
            raise StepEnded(Outcome.IN_DOUBT, LEASE_LOST) from None
        except StateUnreadable as error:
            self._halt.order(Failure(error.code, error.message, error.hint))
            self._rescue(entry, state, answer)
            raise StepEnded(Outcome.IN_DOUBT, self._not_stored(error)) from None

    def _rescue(self, entry: Entry, state: EntryState, answer: Receipt | Refused | None) -> None:
        """Save beside the state what the state would not take: it may be the only copy of an id."""
        receipt = answer if isinstance(answer, Receipt) else Receipt(answer={} if answer is None else _answer(answer))
        if self._halt.overdue(self._tools.clock.monotonic()):
            return  # the run has ended and let its lock go; the row is open, and the next run looks
        saved = to_save(self._lineage, entry, state, receipt, self._tools.clock.now())
        if not self._lifeboat.save(saved):
            told = "Not even {path} could be written. Keep this line: {line}"
            self._tools.say(Sentence(told, path=str(self._lifeboat.path), line=json.dumps(saved)))

    def _not_stored(self, error: StateUnreadable) -> Failure:
        hint = Sentence("mend the state, then `catalog-sync state recover {path}`", path=str(self._lifeboat.path))
        told = Sentence("It was answered, and the answer could not be stored: {reason}", reason=error.message)
        return Failure(error.code, told, hint)

    def _landed(self, work: Work, step: Step, entry: Entry, receipt: Receipt | Refused) -> None:
        if isinstance(receipt, Receipt) and step.verb is Verb.UPLOAD:
            identity = str(entry.fields[step.fields[0]])
            key = upload_key(self._provider.schema, identity)
            pictures = () if receipt.picture is None else ((key, receipt.picture),)
            self._finish(entry, EntryState.LANDED, Amendment(pictures=pictures), receipt)
            return
        made = receipt if isinstance(receipt, Receipt) else Receipt()
        amendment = landed(
            self._provider.schema,
            work.binding,
            entry,
            remote_id=made.remote_id,
            audit_id=made.audit_id,
            at=self._tools.clock.now(),
            submitted_at=self._provider.platform_now() if step.submits else None,
        )
        amendment = replace(amendment, forgiven=self._aftermath.forgiven(work, step, amendment.forgiven))
        self._finish(entry, EntryState.LANDED, amendment, receipt)
        work.follow(amendment)

    def _not_sent(self, error: NotSent, tries: _Tries) -> bool:
        if tries.sends >= NOT_SENT_TRIES:
            raise StepEnded(Outcome.FAILED, Failure("remote_unavailable", error.reason, error.hint))
        self._tools.clock.sleep(random_backoff(tries.sends))
        return False

    def _refused(self, work: Work, step: Step, entry: Entry, error: Refused, tries: _Tries) -> bool:
        """What a refusal means for the item, the run and the next send."""
        if error.effect is Effect.GONE and step.verb is Verb.DELETE:
            self._landed(work, step, entry, error)
            return True
        if error.effect is Effect.EXISTS:
            exists = self._exists(work, step, entry, error)
            if exists is None:
                return True
            error = exists
        again = self._mend(step, error, tries)
        self._finish(
            entry, EntryState.REFUSED, Amendment() if again else self._aftermath.remember(work, step, error), error
        )
        if again:
            self._before_again(work, error)
            return False
        self._aftermath.forgive(work, step, error)
        if error.effect is Effect.POOL and step.pool is not None:
            self._pool_is_empty(step.pool)
            raise StepEnded(Outcome.SKIPPED, _no_quota(step.pool))
        if error.effect is Effect.HOUR:
            self._purse.rest(rested(work.change.address, step), self._provider.platform_now())
        if error.effect in _COMES_LATER:
            raise StepEnded(Outcome.SKIPPED, replace(refusal(error), code=_COMES_LATER[error.effect]))
        self._aftermath.stop_others(error)
        if error.effect is Effect.LOOK:
            self._aftermath.look(work, step, error, self.today)
        raise StepEnded(Outcome.FAILED, refusal(error))

    def _exists(self, work: Work, step: Step, entry: Entry, error: Refused) -> Refused | None:
        """What an add comes to whose key exists: None where it is there and equal, so that it has landed."""
        try:
            found = self._provider.find(work.change.key)
        except CallError:
            return error  # its word stands; the next plan looks
        if found is None:
            return _taken(error, "its key is still held by one that the draft does not show any more", _HELD)
        if found.parent != work.change.parent_id:
            told = Sentence(
                "its key stands under another {kind} ({id}), and a key never moves",
                kind=self._provider.schema.parent or "",
                id=found.parent or 0,
            )
            return _taken(error, told, "take a new key")
        if not shows(self._provider.schema, entry.fields, found):
            return error
        self._landed(work, step, entry, Receipt(remote_id=found.remote_id, answer=_answer(error)))
        return None

    def _mend(self, step: Step, error: Refused, tries: _Tries) -> bool:
        """Whether the same step may be sent once more, mended."""
        match error.effect:
            case Effect.TOKEN | Effect.PICTURE | Effect.UPLOAD:
                return tries.again(error.effect)
            case Effect.MINUTE:
                return tries.again(error.effect, MINUTE_TRIES)
            case Effect.ALL_FIELDS if step.all_fields and step.fields != step.all_fields:
                tries.step = replace(step, fields=step.all_fields)
                return tries.again(error.effect)
            case _:
                return False

    def _before_again(self, work: Work, error: Refused) -> None:
        match error.effect:
            case Effect.TOKEN:
                self._provider.renew()
            case Effect.MINUTE:
                self._tools.clock.sleep(60.0 - self._provider.platform_now() % 60.0 + 1.0 + random_backoff(0))
            case Effect.PICTURE | Effect.UPLOAD:
                self._forget_picture(work)
            case _:
                pass

    def _forget_picture(self, work: Work) -> None:
        desired = self._desired(work)
        schema = self._provider.schema
        lost = tuple(upload_key(schema, str(desired[name])) for name in schema.of_kind(FieldKind.PICTURE))
        self._tools.store.amend(Amendment(lost_pictures=lost), self._keeper.epoch)

    def _pool_is_empty(self, pool: str) -> None:
        """Another tool spends, too: the platform's word counts for the rest of the day."""
        self._tools.store.record_counts({pool: self._purse.empty(pool, self.today)}, self.today)


def random_backoff(attempt: int) -> float:
    """Seconds before a call that did not leave is tried again: doubling from half a second, half of it by chance."""
    return 0.25 * float(2**attempt) * (1.0 + random.random())  # noqa: S311 - spreads retries, protects nothing


def _no_quota(pool: str) -> Failure:
    """Why a step was skipped for want of quota."""
    return Failure(
        NO_QUOTA, Sentence("Nothing is left of {pool} today.", pool=pool), "the next quota day's run goes on"
    )


def _no_hour(name: str) -> Failure:
    """Why a step of a pool, or of a call of none, was skipped in this hour."""
    return Failure(
        RATE_LIMITED, Sentence("Nothing is left of {pool} in this hour.", pool=name), "apply again in an hour"
    )


_HELD = "submit the draft, and when it has passed its review --resubmit ADDRESS; or take a new key"


def _taken(error: Refused, reason: str, hint: str) -> Refused:
    """The refusal of an add whose key is not to be had: remembered, for another add would end no better."""
    return Refused(error.call, reason, errcode=error.errcode, errmsg=error.errmsg, effect=Effect.CONTENT, hint=hint)


def _in_doubt(error: InDoubt) -> Failure:
    hint = error.hint or "the next run looks whether it was done; nothing is sent twice"
    return Failure("in_doubt", error.reason, hint, error.errcode, error.errmsg)


def _answer(answer: Receipt | Refused) -> dict[str, object]:
    if isinstance(answer, Receipt):
        return dict(answer.answer)
    return {"errcode": answer.errcode, "errmsg": answer.errmsg}
