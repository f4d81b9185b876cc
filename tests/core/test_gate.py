"""What wins over a system's routes (rules section 3): each row takes one reason away, and shows the next."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from catalog_sync.core.digest import fingerprint
from catalog_sync.core.model import (
    KEEP,
    Action,
    AuditStatus,
    Binding,
    Item,
    LockedChange,
    Refusal,
    Remote,
    Rules,
)
from catalog_sync.core.policy import blocked, waiting
from tests.core.shop import (
    CUP,
    NOW,
    SHOWN_CUP,
    Shop,
    address,
    binding,
    calls,
    catalogue,
    copy,
    item,
    remote,
    seen,
    shop,
    shown,
    values,
    verdict,
)

CUP_ADDRESS = address("cup")
IN_DOUBT = blocked(Action.UNCHANGED, "in_doubt", "The answer was lost.")
IN_FLIGHT = waiting(Action.UNCHANGED, "in_flight", "A call may still be under way.")
DEAR = CUP._replace(price=9950 * 5)


def refused(desired: tuple[object, ...]) -> dict[str, Refusal]:
    print_of = fingerprint(desired)  # type: ignore[arg-type]
    return {CUP_ADDRESS: Refusal(CUP_ADDRESS, print_of, 300002, "the name is not accepted", NOW)}


def everything() -> Shop:
    """An add against which everything speaks."""
    keep = CUP._replace(cover=KEEP)
    return Shop(
        replace(catalogue(item(desired=keep)), adopt={"cup": 99}),
        seen(remote(52, shown(CUP)), unread=True, reason="status 2 could not be read"),
        refusals=refused(keep),  # type: ignore[arg-type]
        undecided={CUP_ADDRESS: IN_DOUBT},
    )


def test_the_order_of_an_add() -> None:
    each = everything()
    assert verdict(each.only()) == "add blocked in_doubt"
    each = replace(each, undecided={})
    assert verdict(each.only()) == "add blocked cannot_adopt"
    each = replace(each, catalogue=replace(each.catalogue, adopt={}))
    assert verdict(each.only()) == "add blocked twin_exists"
    each = each.choosing(allow_twin=(CUP_ADDRESS,))
    assert verdict(each.only()) == "add blocked cover_needed"
    each = replace(each, catalogue=catalogue(item()), refusals=refused(CUP))  # type: ignore[arg-type]
    assert verdict(each.only()) == "add blocked refused"
    each = each.choosing(allow_twin=(CUP_ADDRESS,), resubmit=(CUP_ADDRESS,))
    assert verdict(each.only()) == "add blocked observation_incomplete"
    each = replace(each, seen=seen(remote(52, shown(CUP))))
    assert verdict(each.only()) == "add ready new"


def test_the_order_of_an_edit() -> None:
    """A bound item whose price jumps, and that may not be touched for every other reason."""
    locked_out = binding(current=copy(locked_out=True))
    each = Shop(
        catalogue(item(desired=DEAR)),
        seen(remote(status=None)),
        {CUP_ADDRESS: locked_out},
        refusals=refused(DEAR),  # type: ignore[arg-type]
        undecided={CUP_ADDRESS: IN_DOUBT},
    )
    assert verdict(each.only()) == "unchanged blocked in_doubt"
    each = replace(each, undecided={})
    assert verdict(each.only()) == "unchanged blocked not_ours"
    each = replace(each, bindings={CUP_ADDRESS: binding()})
    assert verdict(each.only()) == "unchanged blocked unknown_status"
    each = replace(each, seen=seen(remote()))
    assert verdict(each.only()) == "update blocked refused"
    each = each.choosing(resubmit=(CUP_ADDRESS,))
    assert verdict(each.only()) == "update blocked price_jump"
    each = each.choosing(resubmit=(CUP_ADDRESS,), allow_price_change=(CUP_ADDRESS,))
    assert verdict(each.only()) == "update ready price_changed"


def test_a_held_change_keeps_the_action_that_it_wants() -> None:
    rejected = shop(item(desired=CUP._replace(name="新茶杯")), binding(), remote(status=AuditStatus.REJECTED))
    assert verdict(replace(rejected, undecided={CUP_ADDRESS: IN_FLIGHT}).only()) == "resubmit waiting in_flight"
    unlisted = shop((), binding(), remote(ours=False))
    assert verdict(unlisted.only()) == "delete blocked not_ours"


@pytest.mark.parametrize(
    ("bound", "there"),
    [
        (binding(), remote(ours=False)),
        (binding(current=copy(locked_out=True)), remote()),
        (binding(successor=copy(52)), [remote(), remote(52, ours=False)]),
        (binding(), remote(status=None)),
    ],
)
def test_removed_forgets_what_may_not_be_touched(bound: Binding, there: Remote | list[Remote]) -> None:
    each = shop((), bound, there)
    forgetting = replace(each, catalogue=replace(each.catalogue, removed=("cup",)))
    change = forgetting.only()
    assert (verdict(change), calls(change)) == ("forget ready removed", "")
    assert verdict(replace(forgetting, undecided={CUP_ADDRESS: IN_DOUBT}).only()) == "forget blocked in_doubt"


def test_a_row_in_doubt_shows_though_its_key_is_neither_listed_nor_bound() -> None:
    plan = shop(undecided={CUP_ADDRESS: IN_DOUBT}).plan()
    (change,) = plan.changes
    assert (change.address, verdict(change)) == (CUP_ADDRESS, "unchanged blocked in_doubt")
    assert (plan.complete, plan.settled) == (False, 0)


def test_a_row_in_doubt_of_a_key_that_is_moved() -> None:
    each = replace(
        shop(item("mug"), binding(), remote(), undecided={CUP_ADDRESS: IN_DOUBT}),
        catalogue=catalogue(item("mug"), moved={"cup": "mug"}),
    )
    change = each.only()
    assert (change.address, change.previous, verdict(change)) == (
        "goods.mug",
        "goods.cup",
        "unchanged blocked in_doubt",
    )


LOST = seen(absent=[51])


@pytest.mark.parametrize(
    ("items", "bound", "flaw", "selected", "expected"),
    [
        (True, False, "unread", (), "add blocked observation_incomplete"),
        (True, False, "unread", (CUP_ADDRESS,), "add blocked observation_incomplete"),
        (True, False, "short", (), "add blocked observation_incomplete"),
        (True, False, "short", (CUP_ADDRESS,), "add ready new"),
        (True, False, "unstable", (), "add blocked observation_incomplete"),
        (True, False, "unstable", (CUP_ADDRESS,), "add ready new"),
        (True, True, "unread", (), "add blocked observation_incomplete"),
        (True, True, "short", (CUP_ADDRESS,), "add blocked observation_incomplete"),
        (True, True, "unstable", (CUP_ADDRESS,), "add blocked observation_incomplete"),
        (True, True, "", (), "add ready lost_remotely"),
        (False, True, "unread", (), "delete blocked observation_incomplete"),
        (False, True, "short", (), "delete blocked observation_incomplete"),
        (False, True, "unstable", (), "delete blocked observation_incomplete"),
        (False, True, "", (), "forget ready gone"),
    ],
)
def test_a_bad_observation(items: bool, bound: bool, flaw: str, selected: tuple[str, ...], expected: str) -> None:
    """`items`: the catalogue lists it; `bound`: it is bound, and no list showed it."""
    look = replace(LOST, unread=flaw == "unread", short=flaw == "short", stable=flaw != "unstable")
    each = replace(shop(item() if items else (), binding() if bound else ()), seen=look)
    assert verdict(each.choosing(allow_twin=selected).only()) == expected


def test_another_key_is_added_while_a_list_is_short_and_something_is_bound() -> None:
    each = shop([item(), item("mug", position=1, desired=values("新茶杯"))], binding(), remote())
    short = replace(each, seen=replace(each.seen, short=True))
    assert verdict(short.only()) == "add ready new"
    assert verdict(replace(each, seen=replace(each.seen, unread=True)).only()) == "add blocked observation_incomplete"


@pytest.mark.parametrize(
    ("before", "after", "factor", "jumps"),
    [
        ((1, 9950, None), (1, 9950 * 5, None), 5, True),
        ((1, 9950, None), (1, 9950 * 5 - 1, None), 5, False),
        ((1, 9950, None), (1, 1990, None), 5, True),
        ((1, 9950, None), (1, 1991, None), 5, False),
        ((3, 9950, 1000), (3, 9950, 5000), 5, True),
        ((1, 9950, None), (3, 9950, 1), 5, False),  # no second price to compare with
        ((1, 9950, None), (1, 9951, None), 1, True),
        ((1, 1, None), (1, 10**10, None), 5, True),
    ],
)
def test_a_price_that_jumps(
    before: tuple[int, int, int | None], after: tuple[int, int, int | None], factor: int, jumps: bool
) -> None:
    sent = values(prices=before)
    rules = Rules(max_price_change=Decimal(factor))
    each = shop(
        item(desired=values(prices=after)), binding(current=copy(sent=sent)), remote(values=shown(sent)), rules=rules
    )
    assert verdict(each.only()) == ("update blocked price_jump" if jumps else "update ready price_changed")  # fmt: skip


def test_the_words_of_a_price_that_jumps() -> None:
    change = shop(item(desired=DEAR), binding(), remote()).only()
    assert change.message == (
        "The price goes from 99.50 to 497.50 yuan, 5 times or more: yuan or fen? "
        "If it is meant: --allow-price-change goods.cup."
    )


def test_a_twin_is_no_reason_against_a_replacement() -> None:
    new = CUP._replace(name="新茶杯")
    wanted = item(desired=new, locked_change=LockedChange.REPLACE)
    change = shop(wanted, binding(), [remote(), remote(60, shown(new))]).only()
    assert (verdict(change), calls(change)) == ("replace ready content_changed", "upload add' delete")


@pytest.mark.parametrize(
    ("there", "twin"),
    [
        (remote(60, SHOWN_CUP._replace(name="TIT茶杯 ", price=1)), True),  # prices ignored
        (remote(60, ours=False), False),
        (remote(60, SHOWN_CUP._replace(url="pages/other")), False),
        (remote(61), False),  # a tombstone
        (remote(62), False),  # bound to another key
    ],
)
def test_what_a_twin_is(there: Remote, twin: bool) -> None:
    other = values("别的", url="pages/other", prices=(1, 1, None))
    others = (binding("other", copy(62, other)), [remote(62, shown(other)), there])
    each = shop([item(), item("other", other, position=1)], *others, tombstones=frozenset({61}))
    change = next(change for change in each.plan().changes if change.address == CUP_ADDRESS)
    assert verdict(change) == ("add blocked twin_exists" if twin else "add ready new")


def moved(target: Item, *remotes: Remote, bound: list[Binding] | None = None) -> Shop:
    each = shop(target, bound or [binding()], remotes)
    return replace(each, catalogue=replace(each.catalogue, moved={"cup": "mug"}))


def test_a_move_goes_alone_or_with_the_difference_beside_it() -> None:
    alone = moved(item("mug"), remote()).only()
    assert (verdict(alone), calls(alone), alone.previous) == ("move ready moved", "", "goods.cup")
    dearer = moved(item("mug", CUP._replace(price=9900)), remote()).only()
    assert (verdict(dearer), calls(dearer), dearer.previous) == ("update ready price_changed", "update", "goods.cup")
    locked = moved(item("mug", CUP._replace(name="新茶杯")), remote()).only()
    assert verdict(locked) == "move ready moved"
    assert [(held.fields, held.reason) for held in locked.held] == [(("name",), "locked_when_approved")]
    reviewed = moved(item("mug"), remote(status=AuditStatus.IN_AUDIT)).only()
    assert (verdict(reviewed), reviewed.held) == ("move ready moved", ())


def test_a_move_onto_a_bound_key_is_blocked_and_deletes_nothing() -> None:
    both = [binding(), binding("mug", copy(52))]
    plan = moved(item("mug"), remote(), remote(52), bound=both).plan()
    assert [(change.address, verdict(change)) for change in plan.changes] == [
        ("goods.mug", "unchanged blocked already_bound"),
        ("goods.cup", "delete blocked already_bound"),
    ]


@pytest.mark.parametrize("name", ["cup", "mug"])
def test_either_name_selects_a_move(name: str) -> None:
    each = moved(item("mug"), remote())
    assert verdict(each.choosing(target=(address(name),)).only()) == "move ready moved"
    assert each.choosing(exclude=(address(name),)).plan().changes == ()


def adopting(target: Item, *remotes: Remote) -> Shop:
    return Shop(catalogue(target, adopt={"cup": 51}), seen(*remotes))


@pytest.mark.parametrize(
    ("target", "there", "expected", "held"),
    [
        (item(), remote(), "adopt ready adopted", []),
        (item(), remote(status=AuditStatus.IN_AUDIT), "adopt ready adopted", []),
        (item(), remote(status=AuditStatus.UNAUDITED), "resubmit ready unaudited", []),
        (item(desired=CUP._replace(price=9900)), remote(), "update ready price_changed", []),
        (
            item(desired=CUP._replace(name="新茶杯"), locked_change=LockedChange.REPLACE),
            remote(),
            "adopt ready adopted",
            ["just_adopted"],
        ),
        (item(desired=DEAR), remote(), "adopt ready adopted", ["price_jump"]),
        (item(), remote(ours=False), "add blocked cannot_adopt", []),
        (item(), remote(52, values("别的")), "add blocked cannot_adopt", []),
    ],
)
def test_an_adoption(target: Item, there: Remote, expected: str, held: list[str]) -> None:
    change = adopting(target, there).only()
    assert (verdict(change), [each.reason for each in change.held]) == (expected, held)


def test_an_adopted_item_is_not_unmanaged() -> None:
    assert adopting(item(), remote()).plan().unmanaged == 0
    assert shop((), (), [remote(), remote(52, ours=False)]).plan().unmanaged == 2
