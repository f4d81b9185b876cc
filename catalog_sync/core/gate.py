"""The rules that hold for every system, before and after a system's own: what wins over its route, what stops it.

Order (rules section 3): an undecided journal row first, then a contradiction in the catalogue, an item that is not
ours, a twin, a remembered refusal, a look at the platform that cannot be trusted, a price that jumps.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from catalog_sync.core.change import Change, Side
from catalog_sync.core.model import Action, Address, Disposition, Held, Observation, Schema, Value, Verb
from catalog_sync.core.money import yuan
from catalog_sync.core.policy import Hold, Policy, Route, Settled, Steps, Terms, blocked
from catalog_sync.core.refused import holds, reach_now, refused
from catalog_sync.core.sentence import Sentence


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What stands around the changes of one system.

    `undecided` holds the addresses whose journal rows could not be judged, with the hold that they impose.
    """

    schema: Schema
    seen: Observation
    nothing_bound: bool
    max_price_change: Decimal
    allow_price_change: frozenset[Address] = frozenset()
    undecided: Mapping[Address, Hold] = field(default_factory=dict)


def decide(change: Change, policy: Policy, terms: Terms, around: Circumstances) -> Route:
    """The one route of a change, all rules counted."""
    route = policy.route(change, terms)
    wanted = Action.UNCHANGED if isinstance(route, Settled) else route.action
    hold = _undecided(change, around) or (None if change.forgets else _first(change))
    if hold is not None:
        return hold.of(wanted)
    return _with_bookkeeping(change, _stop(change, route, terms, around) or route)


def _undecided(change: Change, around: Circumstances) -> Hold | None:
    """The hold of a journal row, under the name that the item has or had."""
    return around.undecided.get(change.previous or change.address) or around.undecided.get(change.address)


def _first(change: Change) -> Hold | None:
    """What wins over every route, but for `removed:`, which touches nothing on the platform."""
    if change.trouble is not None:
        return blocked(Action.UNCHANGED, *change.trouble)
    for side in (change.current, change.successor):
        hold = _not_ours(side)
        if hold is not None:
            return hold
    return None


def _not_ours(side: Side | None) -> Hold | None:
    if side is None or side.remote is None:
        return None
    if side.copy.locked_out or not side.remote.ours:
        return blocked(
            Action.UNCHANGED,
            "not_ours",
            Sentence(
                "The item {id} was not made through the API, which may not touch it. Forget it with removed:, or bind "
                "another.",
                id=side.copy.remote_id,
            ),
        )
    if side.remote.status is None:
        return blocked(
            Action.UNCHANGED, "unknown_status", "The platform shows a review status that this version does not know."
        )
    return None


def _stop(change: Change, route: Route, terms: Terms, around: Circumstances) -> Hold | None:
    """What stops a route that would otherwise go; of an add that is held anyway, a twin is the better reason."""
    if isinstance(route, Settled):
        return None
    twin = _twin(change, route)
    if twin is not None or isinstance(route, Hold):
        return twin
    return _refused(change, route, terms, around) or _blind(change, route, around) or _price_jump(change, route, around)


def _twin(change: Change, route: Steps | Hold) -> Hold | None:
    if route.action is not Action.ADD or not change.twins or change.twins_allowed:
        return None
    return blocked(
        route.action,
        "twin_exists",
        Sentence(
            "The platform has it already, by name and url, bound to no key: {ids}. Bind it with `adopt {key} {id}` or "
            "`adopt --match`, or add another with --allow-twin {address}.",
            ids=tuple(map(str, change.twins)),
            key=change.key,
            id=change.twins[0],
            address=change.address,
        ),
    )


def _refused(change: Change, route: Steps, terms: Terms, around: Circumstances) -> Hold | None:
    reach = reach_now(around.schema, change)
    if reach is None or any(part.drafts for part in terms.parts):
        return None
    held = any(holds(around.schema, step, reach) for step in route.steps)
    return refused(change, route.action) if held else None


def _blind(change: Change, route: Steps, around: Circumstances) -> Hold | None:
    """A look that missed items must not make a second one of what it missed."""
    if Verb.CREATE not in route.verbs:
        return None
    seen = around.seen
    untrusted = seen.short or not seen.stable
    if seen.unread or (untrusted and around.nothing_bound and not change.twins_allowed):
        return blocked(
            route.action,
            "observation_incomplete",
            Sentence(
                "The platform's list could not be trusted ({reason}); an add now could make a second item.",
                reason=seen.reason or "",
            ),
        )
    return None


def _price_jump(change: Change, route: Steps, around: Circumstances) -> Hold | None:
    if change.item is None or change.address in around.allow_price_change:
        return None
    for side in (change.current, change.successor):
        jump = _jump(change, side, route, around)
        if jump is not None:
            before, after = map(yuan, jump)
            return blocked(
                route.action,
                "price_jump",
                Sentence(
                    "The price goes from {before} to {after} yuan, {factor} times or more: yuan or fen? If it is "
                    "meant: --allow-price-change {address}.",
                    before=before,
                    after=after,
                    factor=str(around.max_price_change),
                    address=change.address,
                ),
            )
    return None


def _jump(change: Change, side: Side | None, route: Steps, around: Circumstances) -> tuple[int, int] | None:
    money = {each.name for each in around.schema.fields if each.money}
    if side is None or side.remote is None or not any(money & set(step.fields) for step in route.steps):
        return None
    named = around.schema.named
    observed, desired = named(side.remote.values), named(change.desired.values)
    for each in around.schema.fields:
        before, after = observed[each.name], desired[each.name]
        if each.money and _leaps(before, after, around.max_price_change):
            assert isinstance(before, int)  # noqa: S101 - _leaps saw two numbers
            assert isinstance(after, int)  # noqa: S101
            return before, after
    return None


def _leaps(before: Value, after: Value, factor: Decimal) -> bool:
    if not isinstance(before, int) or not isinstance(after, int) or min(before, after) <= 0:
        return False
    return Decimal(max(before, after)) / min(before, after) >= factor


def _with_bookkeeping(change: Change, route: Route) -> Route:
    """A move or an adoption happens whatever becomes of the difference beside it."""
    if change.previous is None and not change.adopting:
        return route
    action = Action.ADOPT if change.adopting else Action.MOVE
    reason, message = (
        ("adopted", "It is on the platform already; it is bound to this key.")
        if change.adopting
        else ("moved", Sentence("It was {address}; the key changes, the item stays.", address=str(change.previous)))
    )
    match route:
        case Settled():
            return Steps(action, reason, message)
        case Hold(disposition=Disposition.WAITING, action=Action.UNCHANGED):
            return Steps(action, reason, message)
        case Hold():
            fields = _differing(change)
            return Steps(action, reason, message, held=(Held(fields, route.reason, route.message),))
        case Steps():
            return route


def _differing(change: Change) -> tuple[str, ...]:
    sides = [side for side in (change.current, change.successor) if side is not None]
    return tuple(sorted({name for side in sides for name in side.difference.fields | side.against}))
