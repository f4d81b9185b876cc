"""Laws of the plan, tried on whole shops that are drawn (rules sections 3, 5 and 6)."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from hypothesis import given
from hypothesis import strategies as st

from catalog_sync.core.bindings import bound_ids, surviving
from catalog_sync.core.model import Action, AuditStatus, Disposition, LockedChange, Remote, Role, Verb
from catalog_sync.core.plan import Plan, PlannedChange
from catalog_sync.planfile import Provenance, document, summary
from catalog_sync.providers.live_goods.policy import LiveGoodsPolicy
from catalog_sync.providers.live_goods.schema import GoodsValues
from catalog_sync.report.text import last_lines
from tests.core.platform import Platform
from tests.core.settings import WORLD_LAW
from tests.core.shop import NOW, TODAY, Shop, catalogue, seen
from tests.core.worlds import shops

K = TypeVar("K")
V = TypeVar("V")

READY, DEFERRED = Disposition.READY, Disposition.DEFERRED
WAITING, BLOCKED = Disposition.WAITING, Disposition.BLOCKED


def going(plan: Plan) -> list[PlannedChange]:
    return [change for change in plan.changes if change.disposition in (READY, DEFERRED)]


def by_address(plan: Plan) -> dict[str, PlannedChange]:
    return {change.address: change for change in plan.changes}


@WORLD_LAW
@given(shops(seeing=True, young=False), st.booleans())
def test_after_its_own_apply_a_plan_is_empty(shop: Shop, normalises: bool) -> None:
    """Nothing is ready that the first plan had not held back or deferred, and what is left was left before, or is under
    review. A replacement takes several runs: after each of them its item stands by another row of the table."""
    platform = Platform(shop, normalises)
    first = shop.plan()
    platform.carry_out(first)
    before = by_address(first)
    for change in platform.later().plan().changes:
        was = before[change.address]
        if was.disposition is DEFERRED:
            assert (change.disposition, change.reason) == (was.disposition, was.reason)
        elif was.disposition is not READY:
            assert change.disposition is was.disposition or was.reason == "cannot_adopt"  # its id became free
        elif not _replaces(was):
            assert change.disposition in (WAITING, BLOCKED) or any(h.reason == "just_adopted" for h in was.held)
            assert was.held or change.reason in {"under_review", "price_under_review"}


def _replaces(change: PlannedChange) -> bool:
    return change.action is Action.REPLACE or change.reason in {"superseded", "replacement_dropped"}


class Restless(LiveGoodsPolicy):
    """The same table, asked about every item."""

    def rests(self, _remote: Remote, /) -> bool:
        return False


@WORLD_LAW
@given(shops())
def test_what_rests_makes_no_difference_to_a_plan(shop: Shop) -> None:
    assert shop.plan() == shop.plan(Restless())


@WORLD_LAW
@given(shops(tame=True), st.booleans())
def test_plan_apply_and_approve_come_to_rest_at_the_catalogue(shop: Shop, normalises: bool) -> None:
    platform = Platform(shop, normalises)
    for _round in range(8):
        plan = shop.plan()
        platform.carry_out(plan)
        platform.judge(AuditStatus.APPROVED)
        shop = platform.later(spending=False)
        platform.shop = shop
    plan = shop.plan()
    whole = document(plan, Provenance("0.1.0", "p-1", NOW, "wx0123456789abcdef", "l-1", 41, "ops@shop"))
    assert list(last_lines(whole)) == ["No changes. The platform matches the catalogue."]
    assert plan.changes == ()
    assert plan.settled == len(shop.catalogue.items)
    bound = {address: binding.current.remote_id for address, binding in shop.bindings.items()}
    assert bound.keys() == {item.address for item in shop.catalogue.items}
    for item in shop.catalogue.items:
        shown = GoodsValues._make(platform.remotes[bound[item.address]].values)
        assert shown[4:] == tuple(item.values[4:])
    assert all(binding.successor is None for binding in shop.bindings.values())


@WORLD_LAW
@given(shops(), st.randoms(use_true_random=False))
def test_the_order_of_the_input_does_not_matter(shop: Shop, chance: random.Random) -> None:
    def shuffled(mapping: Mapping[K, V]) -> dict[K, V]:
        pairs = list(mapping.items())
        chance.shuffle(pairs)
        return dict(pairs)

    items = list(shop.catalogue.items)
    chance.shuffle(items)
    listed = replace(shop.catalogue, items=tuple(items))
    other = replace(
        shop,
        catalogue=replace(listed, adopt=shuffled(shop.catalogue.adopt), moved=shuffled(shop.catalogue.moved)),
        seen=replace(shop.seen, remotes=shuffled(shop.seen.remotes)),
        bindings=shuffled(shop.bindings),
        refusals=shuffled(shop.refusals),
        undecided=shuffled(shop.undecided),
        selection=replace(
            shop.selection,
            target=tuple(reversed(shop.selection.target)),
            resubmit=tuple(reversed(shop.selection.resubmit)),
        ),
    )
    one, two = shop.plan(), other.plan()
    assert two.digest == one.digest
    assert replace(two, catalogue=one.catalogue, selection=one.selection) == one


@WORLD_LAW
@given(shops())
def test_no_pool_is_overspent_and_no_route_is_cut(shop: Shop) -> None:
    plan = shop.plan()
    budget = shop.budget()
    planned: Counter[tuple[str, object]] = Counter()
    for change in going(plan):
        assert change.scheduled_for is not None
        assert (change.scheduled_for == TODAY) is (change.disposition is READY)
        for pool, count in change.cost.items():
            planned[pool, change.scheduled_for] += count
    for (pool, day), count in planned.items():
        gone = shop.used.get((pool, day), 0)  # type: ignore[arg-type]
        assert gone + count <= budget.limit(pool) - budget.reserve(pool)
    for row in plan.quota:
        assert row.planned == planned[row.pool, row.day]
        assert row.left == max(0, row.limit - row.reserve - row.used - row.planned)


@WORLD_LAW
@given(shops())
def test_what_is_deferred_had_no_room_before(shop: Shop) -> None:
    """Taken in their order, changes go on the first day that has room for all their calls."""
    plan = shop.plan()
    planned: Counter[tuple[str, object]] = Counter()
    budget = shop.budget()
    for change in going(plan):
        for pool, count in change.cost.items():
            planned[pool, change.scheduled_for] += count
    for change in plan.of(DEFERRED):
        room = [
            budget.limit(pool) - budget.reserve(pool) - shop.used.get((pool, TODAY), 0) - planned[pool, TODAY] >= count
            for pool, count in change.cost.items()
        ]
        assert not all(room)


@WORLD_LAW
@given(shops())
def test_no_address_is_lost_and_none_stands_twice(shop: Shop) -> None:
    shop = replace(shop, selection=replace(shop.selection, target=(), exclude=()))
    plan = shop.plan()
    changes = by_address(plan)
    assert len(changes) == len(plan.changes)
    moved = {change.previous for change in plan.changes}
    listed = {item.address: item for item in shop.catalogue.items}
    for where in sorted(listed.keys() | shop.bindings.keys()):
        if where in changes or where in moved:
            continue
        if where in listed:  # it stands equal
            remote = shop.seen.remotes[surviving(shop.bindings[where], shop.seen).current.remote_id]
            assert remote.status is AuditStatus.APPROVED
            assert remote.values[4:] == listed[where].values[4:]
        else:
            assert not (shop.catalogue.rules.prune and shop.selection.prune)
    for change in plan.changes:
        if change.disposition in (READY, DEFERRED):
            assert change.scheduled_for is not None
        else:
            assert (change.scheduled_for, change.steps, change.held) == (None, (), ())
        assert change.reason
        assert change.message


@WORLD_LAW
@given(shops())
def test_a_selection_takes_nothing_else_along(shop: Shop) -> None:
    taken = Selected(shop)
    everything = by_address(taken.all)
    for change in taken.chosen.changes:
        names = {change.address, change.previous}
        assert not names & set(shop.selection.exclude)
        assert not shop.selection.target or names & set(shop.selection.target)
        assert everything[change.address].digest == change.digest


class Selected:
    """The plan of a shop with its selection, and without one."""

    def __init__(self, shop: Shop) -> None:
        self.chosen = shop.plan()
        self.all = replace(shop, selection=replace(shop.selection, target=(), exclude=())).plan()


@WORLD_LAW
@given(shops())
def test_what_is_protected_is_never_deleted_or_replaced(shop: Shop) -> None:
    for change in shop.plan().changes:
        listed = change.item is not None and change.item.protect
        remembered = change.item is None and change.binding is not None and change.binding.protect
        if listed or remembered:
            assert all(step.verb is not Verb.DELETE or step.role is Role.SUCCESSOR for step in change.steps)
            assert change.binding is None or all(step.role is not Role.SUCCESSOR or step.verb is not Verb.CREATE
                                                 for step in change.steps)  # fmt: skip


@WORLD_LAW
@given(shops())
def test_nothing_but_our_own_items_is_touched(shop: Shop) -> None:
    """Every step is about an item that was bound, or that `adopt:` names, and that the API made."""
    known = bound_ids(shop.bindings.values()) | set(shop.catalogue.adopt.values())
    for change in shop.plan().changes:
        for step in change.steps:
            if step.verb in (Verb.CREATE, Verb.UPLOAD):
                continue
            binding = change.binding
            assert binding is not None
            copy = binding.current if step.role is Role.CURRENT else binding.successor
            if copy is None:  # the step before it makes the successor
                assert step.verb is Verb.DELETE
                continue
            assert copy.remote_id in known - shop.tombstones
            assert not copy.locked_out
            assert shop.seen.remotes[copy.remote_id].ours


@WORLD_LAW
@given(shops())
def test_what_was_not_seen_is_neither_added_nor_forgotten(shop: Shop) -> None:
    """A status that could not be read forbids every add; a listing that is short or unstable forbids to call anything
    lost, and to add while nothing is bound."""
    trusted = shop.seen.complete and shop.seen.stable
    for change in shop.plan().changes:
        adds = any(step.verb is Verb.CREATE for step in change.steps)
        if shop.seen.unread:
            assert not adds
        if not trusted:
            assert change.disposition is BLOCKED or change.reason not in {"lost_remotely", "gone"}
            if adds and not shop.bindings:
                assert change.address in shop.selection.allow_twin
        lost = change.reason in {"lost_remotely", "gone"}
        if lost and change.binding is not None:
            assert change.binding.current.remote_id in shop.seen.absent


@WORLD_LAW
@given(shops())
def test_approved_goods_keep_their_content_unless_replacing_is_allowed(shop: Shop) -> None:
    for change in shop.plan().changes:
        if change.audit_status is not AuditStatus.APPROVED or change.item is None:
            continue
        rule = change.item.locked_change or shop.catalogue.rules.locked_change
        verbs = {(step.verb, step.role) for step in change.steps}
        if (Verb.DELETE, Role.CURRENT) in verbs and change.action is Action.REPLACE:
            assert rule is LockedChange.REPLACE
        if change.action is Action.UPDATE:
            assert all(set(step.fields) <= {"priceType", "price", "price2"} for step in change.steps)


@WORLD_LAW
@given(shops())
def test_an_undecided_row_stops_its_item_and_nothing_else(shop: Shop) -> None:
    plan = shop.plan()
    for change in plan.changes:
        if change.address in shop.undecided or change.previous in shop.undecided:
            assert (change.disposition, change.reason, change.steps) == (BLOCKED, "in_doubt", ())
        else:
            assert change.reason != "in_doubt"


@WORLD_LAW
@given(shops())
def test_the_summary_counts_every_change_once(shop: Shop) -> None:
    plan = shop.plan()
    counts = summary(plan)
    actions = ("add", "update", "resubmit", "replace", "delete", "adopt", "move", "forget")
    assert sum(counts[action] for action in actions) == counts["ready"]
    held = sum(bool(change.held) for change in plan.changes)
    listed = counts["ready"] + counts["deferred"] + counts["waiting"] + counts["blocked"]
    assert listed == len(plan.changes) + held
    if plan.complete:
        assert counts["deferred"] == counts["blocked"] == 0


def test_an_empty_shop_has_an_empty_plan() -> None:
    plan = Shop(catalogue(), seen()).plan()
    assert (plan.changes, plan.settled, plan.complete, plan.applyable) == ((), 0, True, True)
