"""A pure model of the platform and of an apply: each step is done by the vendor's rules, written here a second time,
and our side follows through `core.landing.landed`. A step that the platform would refuse is an error of the plan."""

from __future__ import annotations

import html
from dataclasses import dataclass, replace

from catalog_sync.core.bindings import bound_ids, surviving
from catalog_sync.core.diff import Comparison, settled
from catalog_sync.core.journal import Amendment, Entry
from catalog_sync.core.landing import landed
from catalog_sync.core.model import (
    Action,
    AuditStatus,
    Binding,
    Copy,
    Disposition,
    Remote,
    Role,
    Step,
    Values,
    Verb,
)
from catalog_sync.core.plan import Plan, PlannedChange
from catalog_sync.providers.live_goods.schema import SCHEMA, GoodsValues
from tests.core.shop import SETTLE_AFTER, Shop

PRICES = {"priceType", "price", "price2"}


@dataclass
class Platform:
    """The shop's remote side and ours while a plan is carried out. `normalises`: texts are rewritten when read."""

    shop: Shop
    normalises: bool = False
    ids: int = 1000

    def __post_init__(self) -> None:
        self.remotes = dict(self.shop.seen.remotes)
        self.bindings = dict(self.shop.bindings)
        self.tombstones = set(self.shop.tombstones)
        self.refusals = dict(self.shop.refusals)
        self.used = dict(self.shop.used)
        self.audits = {
            copy.remote_id: copy.audit_id
            for binding in self.bindings.values()
            for copy in (binding.current, binding.successor)
            if copy is not None
        }

    def carry_out(self, plan: Plan) -> None:
        """Do what is ready, in order."""
        for change in plan.of(Disposition.READY):
            binding = self._keep_books(change)
            for step in change.steps:
                binding = self._make(change, step, binding)

    def _keep_books(self, change: PlannedChange) -> Binding | None:
        if change.action is Action.FORGET:
            self._amend(Amendment(drop=(change.address,)))
        elif change.previous is not None or change.adopting:
            drop = () if change.previous is None else (change.previous,)
            self._amend(Amendment(drop=drop, put=() if change.binding is None else (change.binding,)))
        return change.binding

    def _make(self, change: PlannedChange, step: Step, binding: Binding | None) -> Binding | None:
        assert change.scheduled_for is not None
        if step.pool is not None:
            spent = (step.pool, change.scheduled_for)
            self.used[spent] = self.used.get(spent, 0) + 1
        copy = _target(binding, step)
        remote_id, audit_id = self._do(change, step, copy)
        entry = Entry(
            change.address,
            step.call,
            step.verb,
            step.pool,
            change.scheduled_for,
            change.digest,
            step.role,
            None if copy is None else copy.remote_id,
            fields={name: SCHEMA.named(_desired(change))[name] for name in step.fields},
            before=SCHEMA.named(change.observed[step.role].values) if step.verb is Verb.UPDATE else {},
            values=_desired(change) if step.verb is Verb.CREATE else copy.sent if copy else None,
            protect=change.item is not None and change.item.protect,
        )
        done = landed(SCHEMA, binding, entry, remote_id=remote_id, audit_id=audit_id, at=self.shop.now)
        self._amend(done)
        for each in done.put:
            binding = each
        return None if change.address in done.drop else binding

    def _amend(self, amendment: Amendment) -> None:
        for address in amendment.drop:
            self.bindings.pop(address)
        self.bindings |= {binding.address: binding for binding in amendment.put}
        self.tombstones |= {remote_id for _, remote_id in amendment.tombstones}
        for address in amendment.forgiven:
            self.refusals.pop(address, None)

    def _do(self, change: PlannedChange, step: Step, copy: Copy | None) -> tuple[int | None, int | None]:
        """The platform's side of one call: what it allows, by status, and what it then shows."""
        if step.verb is Verb.UPLOAD:
            assert str(_desired(change)[1]) != "keep", "there is no picture to upload"
            return None, None
        if step.verb is Verb.CREATE:
            self.ids += 1
            assert set(step.fields) >= {"name", "cover", "url", "priceType", "price"}
            self.remotes[self.ids] = Remote(self.ids, AuditStatus.IN_AUDIT, self._read(_desired(change)), ours=True)
            self.audits[self.ids] = self.ids + 7000
            return self.ids, self.ids + 7000
        assert copy is not None, "the step has no item"
        remote = self.remotes[copy.remote_id]
        assert remote.ours, "300011: made in the console"
        match step.verb:
            case Verb.UPDATE:
                allowed = remote.status in (AuditStatus.UNAUDITED, AuditStatus.REJECTED)
                assert allowed or (remote.status is AuditStatus.APPROVED and set(step.fields) <= PRICES), "300010"
                shown = self._updated(remote.values, step, _desired(change))
                self.remotes[remote.remote_id] = replace(remote, values=shown)
            case Verb.SUBMIT:
                assert remote.status in (AuditStatus.UNAUDITED, AuditStatus.REJECTED), "300013"
                self.remotes[remote.remote_id] = replace(remote, status=AuditStatus.IN_AUDIT)
                self.audits[remote.remote_id] = remote.remote_id + 8000
                return None, remote.remote_id + 8000
            case Verb.WITHDRAW:
                assert remote.status is AuditStatus.IN_AUDIT, "300017"
                assert copy.audit_id == self.audits[copy.remote_id] is not None, "300009"
                self.remotes[remote.remote_id] = replace(remote, status=AuditStatus.UNAUDITED)
            case Verb.DELETE:
                assert remote.status is not AuditStatus.IN_AUDIT, "300014"
                del self.remotes[remote.remote_id]
        return None, None

    def _updated(self, shown: Values, step: Step, desired: Values) -> Values:
        ours = SCHEMA.named(self._read(desired))
        merged = {name: ours[name] if name in step.fields else old for name, old in SCHEMA.named(shown).items()}
        if merged["priceType"] == 1:
            merged["price2"] = None
        return GoodsValues(**merged)  # type: ignore[arg-type]

    def _read(self, sent: Values) -> GoodsValues:
        """What a read shows of what was sent."""
        values = GoodsValues._make(sent)
        picture = f"https://mmbiz.qpic.cn/{values.cover[-8:]}"
        if not self.normalises:
            return values._replace(cover=picture)
        path, mark, query = values.url.partition("?")
        return values._replace(
            cover=picture,
            name=html.escape(values.name.strip()),
            url=path.removeprefix("/").removesuffix(".html") + ".html" + mark + html.escape(query),
        )

    def judge(self, verdict: AuditStatus) -> None:
        """The reviewer decides on everything under review."""
        for remote_id, remote in self.remotes.items():
            if remote.status is AuditStatus.IN_AUDIT and remote.ours:
                self.remotes[remote_id] = replace(remote, status=verdict)

    def later(self, *, spending: bool = True) -> Shop:
        """The shop at the next look, once every write has settled, with what the state follows of that look."""
        now = self.shop.now + SETTLE_AFTER + 1
        missing = bound_ids(self.bindings.values()) - self.remotes.keys()
        look = replace(self.shop.seen, remotes=self.remotes, absent=frozenset(missing) & self.shop.seen.absent)
        how = Comparison(SCHEMA, now, SETTLE_AFTER)
        items = {item.address: item for item in self.shop.catalogue.items}
        follow = {}
        for address, bound in self.bindings.items():
            binding = surviving(bound, look)
            copies = [binding.current, binding.successor]
            for index, copy in enumerate(copies):
                if copy is not None and copy.remote_id in self.remotes:
                    copies[index] = settled(how, copy, items.get(address), self.remotes[copy.remote_id].values)
            assert copies[0] is not None
            follow[address] = replace(binding, current=copies[0], successor=copies[1])
        return replace(
            self.shop,
            seen=look,
            bindings=follow,
            tombstones=frozenset(self.tombstones),
            refusals=self.refusals,
            used=self.used if spending else self.shop.used,
            now=now,
        )


def _target(binding: Binding | None, step: Step) -> Copy | None:
    if step.verb in (Verb.CREATE, Verb.UPLOAD) or binding is None:
        return None
    return binding.current if step.role is Role.CURRENT else binding.successor


def _desired(change: PlannedChange) -> Values:
    if change.item is None:
        return (None,) * len(SCHEMA.fields)
    return change.item.values
