"""A few routes through `python -m catalog_sync` in a process of its own: exit codes, documents, last lines."""

from __future__ import annotations

import json
from typing import Any

from .calls import NEW_PRICE, PRICE, UPLOAD, add, update
from .shop import APPROVED, Shop


def document(shop: Shop, *arguments: str, code: int) -> dict[str, Any]:
    """A command's JSON document; its exit code must be this one."""
    done = shop.run(*arguments, "--format", "json")
    assert done.returncode == code, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def test_from_nothing_to_approved_and_a_new_price(shop: Shop) -> None:
    shop.lists()
    told = document(shop, "plan", "--detailed-exitcode", code=2)
    (change,) = told["changes"]
    assert (change["action"], change["disposition"], change["reason"]) == ("add", "ready", "new")
    assert [step["call"] for step in change["steps"]] == ["upload", "add"]
    assert change["before"] is None
    assert change["after"]["price"] == "99.50"
    told = document(shop, "apply", "--yes", "--detailed-exitcode", code=2)  # it waits for its review
    assert told["summary"] == {"applied": 1, "failed": 0, "in_doubt": 0, "skipped": 0, "remaining": 1}
    assert shop.calls() == [UPLOAD, add()]
    shop.verdict("approve")
    done = shop.run("plan", "--detailed-exitcode")
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "No changes. The platform matches the catalogue.")
    shop.lists(**PRICE)
    done = shop.run("apply", "--yes", "--detailed-exitcode")
    assert done.returncode == 0, done.stderr
    assert "Plan: 0 to add, 1 to update, 0 to resubmit, 0 to replace, 0 to delete." in done.stdout
    assert shop.calls() == [update(**NEW_PRICE)]
    shop.rests()


def test_a_guard_refuses_the_plan_and_a_flag_lets_it_pass(shop: Shop) -> None:
    keys = shop.lists_many(6)
    shop.bound(APPROVED)
    shop.drops(*keys[:4])
    assert document(shop, "plan", code=0)["applyable"] is False
    told = document(shop, "apply", "--yes", code=1)
    assert told["error"]["code"] == "unsafe_plan"
    assert "--max-deletes 4" in told["error"]["hint"]
    assert shop.calls() == []
    told = document(shop, "apply", "--yes", "--max-deletes", "4", code=0)
    assert told["summary"]["applied"] == 4
    assert shop.called() == ["delete"] * 4


def test_a_refused_item_fails_the_run_and_the_others_still_go(shop: Shop) -> None:
    shop.settings(illegal_words=["违禁"])
    shop.lists(name="违禁茶杯")
    shop.lists("other", name="另一个茶杯")
    told = document(shop, "apply", "--yes", code=1)
    assert [(result["outcome"], result["calls"]) for result in told["results"]] == [
        ("failed", ["upload", "add"]),
        ("applied", ["add"]),  # the cover is the same
    ]
    assert told["results"][0]["error"]["errcode"] == 300004
    told = document(shop, "plan", "--detailed-exitcode", code=2)
    assert [(change["disposition"], change["reason"]) for change in told["changes"]] == [
        ("waiting", "under_review"),
        ("blocked", "refused"),
    ]


def test_an_address_that_nobody_knows_is_an_error(shop: Shop) -> None:
    shop.lists()
    assert document(shop, "plan", "--target", "goods.mugg", code=1)["error"]["code"] == "usage"
