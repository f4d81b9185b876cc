"""The plan document (contract section 6): every field with its values, and the counts."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from catalog_sync.core.model import Action, AuditStatus, Held, MaxDeletes
from catalog_sync.core.plan import Plan, is_difference
from catalog_sync.core.policy import waiting
from catalog_sync.planfile import Provenance, document, fields, summary, timestamp, to_json
from tests.core.market import market, plan
from tests.core.shop import CUP, NOW, TODAY, address, binding, copy, item, remote, seen, shop

MADE = Provenance(
    "0.1.0", "p-1", NOW + 0.9, "wx0123456789abcdef", "l-1", 41, "ops@shop", "c0ffee", "https://ci.example/7"
)


def printed(made: Plan) -> dict[str, Any]:
    """The document as a reader of the JSON has it."""
    read: dict[str, Any] = json.loads(to_json(document(made, MADE)))
    return read


def test_the_whole_document_of_a_small_plan() -> None:
    each = shop(item(desired=CUP._replace(price=8900)), binding(), remote(), notes={address("cup"): "a note"})
    made = each.plan()
    (change,) = made.changes
    whole = printed(made)
    quota = whole.pop("quota")
    assert whole == {
        "format_version": "1.0",
        "tool_version": "0.1.0",
        "plan_id": document(made, MADE).plan_id,
        "created_at": "2026-11-21T04:00:00Z",
        "app": "wx0123456789abcdef",
        "catalogue": {"path": "catalog.yaml", "digest": "sha256:" + "0" * 64},
        "state": {"lineage": "l-1", "serial": 41},
        "digest": made.digest,
        "actor": "ops@shop",
        "commit": "c0ffee",
        "run_url": "https://ci.example/7",
        "selection": {
            "target": [],
            "exclude": [],
            "prune": True,
            "resubmit": [],
            "allow_twin": [],
            "allow_price_change": [],
            "max_deletes": None,
            "accept_losses": False,
            "refresh": True,
        },
        "complete": True,
        "applyable": True,
        "summary": {
            "add": 0,
            "update": 1,
            "resubmit": 0,
            "replace": 0,
            "delete": 0,
            "adopt": 0,
            "move": 0,
            "forget": 0,
            "unchanged": 0,
            "ready": 1,
            "deferred": 0,
            "waiting": 0,
            "blocked": 0,
        },
        "observation": {"complete": True, "stable": True, "reason": None},
        "changes": [
            {
                "address": "goods.cup",
                "kind": "goods",
                "key": "cup",
                "source": {"file": "catalog.yaml", "line": 10},
                "action": "update",
                "disposition": "ready",
                "scheduled_for": "2026-11-21",
                "not_before": None,
                "reason": "price_changed",
                "message": "Approved goods may change price at once.",
                "remote_id": 51,
                "audit_status": "approved",
                "previous_address": None,
                "digest": change.digest,
                "late": False,
                "note": "a note",
                "before": {"priceType": 1, "price": "99.50"},
                "after": {"priceType": 1, "price": "89.00"},
                "held": [],
                "steps": [{"call": "update", "pool": "update", "fields": ["priceType", "price"]}],
            }
        ],
        "unmanaged": {"count": 0, "console_made": 0},
        "forecast": {
            "submitted_by": None,
            "approved_p50": None,
            "approved_p90": None,
            "basis": "no reviews seen yet",
        },
        "safety": {"ok": True, "hazards": []},
        "warnings": [],
    }
    pools = {
        "submit": 500,
        "withdraw": 500,
        "update": 1000,
        "delete": 1000,
        "upload": 5000,
        "status": 1000,
        "list": 10000,
    }
    assert quota == [
        {
            "pool": pool,
            "day": "2026-11-21",
            "limit": limit,
            "used": 0,
            "reserve": 0,
            "planned": int(pool == "update"),
            "left": limit - int(pool == "update"),
        }
        for pool, limit in pools.items()
    ]  # fmt: skip


def test_the_changes_of_a_market() -> None:
    rows = [
        (change["address"], change["action"], change["disposition"], change["scheduled_for"])
        for change in printed(plan())["changes"]
    ]
    assert rows == [
        ("goods.tray", "add", "ready", "2026-11-21"),
        ("goods.tit-cup", "update", "ready", "2026-11-21"),
        ("goods.jar-2", "move", "ready", "2026-11-21"),
        ("goods.leaving", "delete", "ready", "2026-11-21"),
        ("goods.tea-set", "add", "deferred", "2026-11-22"),
        ("goods.replaced", "replace", "deferred", "2026-11-22"),
        ("goods.bowl", "unchanged", "waiting", None),
        ("goods.pot", "replace", "blocked", None),
    ]


def test_the_counts_of_a_market() -> None:
    made = plan()
    assert summary(made) == {
        "add": 1,
        "update": 1,
        "resubmit": 0,
        "replace": 0,  # what is deferred is not counted under its action
        "delete": 1,
        "adopt": 0,
        "move": 1,
        "forget": 0,
        "unchanged": 2,
        "ready": 4,
        "deferred": 2,
        "waiting": 1,
        "blocked": 2,  # one change, and one part of a change
    }
    assert (made.complete, made.applyable) == (False, True)


def test_what_the_market_shows_beside_its_changes() -> None:
    shown = printed(plan())
    assert shown["unmanaged"] == {"count": 2, "console_made": 1}
    assert shown["forecast"] == {
        "submitted_by": "2026-11-22",
        "approved_p50": None,
        "approved_p90": None,
        "basis": "no reviews seen yet",
    }
    assert shown["warnings"] == [
        {
            "code": "looks_like_a_rename",
            "address": "goods.tray",
            "message": "It looks like goods.leaving under a new key; moved: {leaving: tray} keeps its item.",
        }
    ]
    submit = [row for row in shown["quota"] if row["pool"] == "submit"]
    assert submit == [
        {"pool": "submit", "day": "2026-11-21", "limit": 3, "used": 1, "reserve": 1, "planned": 1, "left": 0},
        {"pool": "submit", "day": "2026-11-22", "limit": 3, "used": 0, "reserve": 1, "planned": 2, "left": 0},
    ]


def test_a_plan_that_must_not_be_applied() -> None:
    bound = [binding(f"item-{at}", copy(100 + at)) for at in range(5)]
    remotes = [remote(100 + at) for at in range(5)]
    each = shop((), bound, remotes).choosing(max_deletes=MaxDeletes(2, None), refresh=False)
    shown = printed(each.plan())
    assert shown["applyable"] is False
    assert shown["safety"] == {
        "ok": False,
        "hazards": [
            {
                "code": "too_many_deletes",
                "message": "5 of 5 bound goods would be deleted or replaced; 2 are allowed.",
                "count": 5,
                "limit": 2,
                "hint": "if it is meant: --max-deletes 5",
            },
            {
                "code": "not_refreshed",
                "message": "Planned on what was last seen (--no-refresh).",
                "count": 0,
                "limit": 0,
                "hint": "plan again without --no-refresh",
            },
        ],
    }


def test_an_observation_that_is_not_whole() -> None:
    each = replace(shop(), seen=seen(short=True, stable=False, reason="2 of 3 goods were shown"))
    assert printed(each.plan())["observation"] == {
        "complete": False,
        "stable": False,
        "reason": "2 of 3 goods were shown",
    }


@pytest.mark.parametrize(
    ("status", "desired", "complete", "difference"),
    [
        (AuditStatus.APPROVED, CUP._replace(price=9900), True, True),  # ready
        (AuditStatus.IN_AUDIT, CUP, True, False),  # merely under review
        (AuditStatus.IN_AUDIT, CUP._replace(price=9900), False, True),  # waiting with a difference
        (AuditStatus.APPROVED, CUP._replace(name="新茶杯"), False, True),  # blocked
        (AuditStatus.APPROVED, CUP._replace(name="新茶杯", price=9900), False, True),  # ready, with a part held
        (None, CUP, False, True),  # blocked although equal
    ],
)
def test_what_is_complete_and_what_is_a_difference(
    status: AuditStatus | None, desired: tuple[object, ...], complete: bool, difference: bool
) -> None:
    made = shop(item(desired=desired), binding(), remote(status=status)).plan()  # type: ignore[arg-type]
    assert (made.complete, any(map(is_difference, made.changes))) == (complete, difference)


def test_what_is_deferred_is_not_complete() -> None:
    made = replace(shop(item()), used={("submit", TODAY): 500}).plan()
    assert (made.complete, [is_difference(change) for change in made.changes]) == (False, [True])


def test_an_item_with_a_call_under_way_is_not_merely_under_review() -> None:
    hold = waiting(Action.UNCHANGED, "in_flight", "A call may still be under way.")
    made = shop(item(), binding(), remote(), undecided={address("cup"): hold}).plan()
    assert (made.complete, [is_difference(change) for change in made.changes]) == (False, [True])


def test_a_held_part_of_a_deferred_change_counts_as_blocked() -> None:
    each = market()
    first, *others = plan().changes
    held = (Held(("name",), "drifted", "Somebody else changed it."),)
    made = replace(each.plan(), changes=(replace(first, held=held), *others))
    assert summary(made)["blocked"] == summary(plan())["blocked"] + 1


def test_money_is_yuan_and_what_is_absent_is_left_out() -> None:
    shown = fields({"name": "茶", "priceType": 1, "price": 5, "price2": None}, frozenset({"price", "price2"}))
    assert shown == {"name": "茶", "priceType": 1, "price": "0.05"}
    assert fields(None, frozenset()) is None


def test_an_instant_is_utc_to_the_second() -> None:
    assert timestamp(NOW + 0.999) == "2026-11-21T04:00:00Z"


def test_equal_input_gives_an_equal_document() -> None:
    assert to_json(document(plan(), MADE)) == to_json(document(plan(), MADE))
