"""Every write call with every way to lose or spoil its answer: what the result says, and that the next run mends it."""

from __future__ import annotations

import pytest

from .harness import ADD, AUDIT, DELETE, UPDATE, UPLOAD, WITHDRAW, WRITES, Expected, Shop

SPOILERS = ("drop", "half_body", "busy", "http_503", "http_404", "garbage")
"""The answer is lost; nothing was done."""
CODES = (300008, 300013, 300021, 200001, 3001, 300022, 987654)
"""Codes after which a write may have been done all the same: each of these, and one that nobody documents."""

WHEN_DONE = {
    UPLOAD: "in_doubt",  # nothing to look at: it is uploaded again
    ADD: "applied",
    WITHDRAW: "skipped",  # it landed, and what comes after it was not sent
    UPDATE: "applied",
    AUDIT: "applied",
    DELETE: "in_doubt",  # its absence is confirmed by the next run
}
"""What became of the change when its call was done and the answer lost: the end of the run looks once."""


def prepare(shop: Shop, call: str, keys: list[str]) -> Expected:
    """Let the next apply make this call once for each key, in their order."""
    match call:
        case "upload":
            shop.paints(*keys)
            for key in keys:
                shop.lists(key, cover=f"covers/{key}.png")
        case "add":
            for key in keys:
                shop.lists(key)
        case "update":
            shop.stocked(*keys)
            for key in keys:
                shop.lists(key, price="89.00")
        case "withdraw" | "audit":
            shop.stocked(*keys, verdict="")
            for key in keys:
                shop.lists(key, name=f"新茶杯 {key}")
        case "delete":
            shop.stocked("bystander", *keys)
            going = frozenset(shop.bound(key) for key in keys)
            shop.drops(*keys)
            return Expected(deleted=going)
        case _:
            raise ValueError(call)
    return Expected()


@pytest.mark.parametrize("call", WRITES)
def test_an_answer_that_is_lost(shop: Shop, call: str) -> None:
    kinds = [kind for spoiler in SPOILERS for kind in (spoiler, f"{spoiler}_after")]
    keys = [f"{number:02}-{kind.replace('_', '-')}" for number, kind in enumerate(kinds)]
    expected = prepare(shop, call, keys)
    for number, kind in enumerate(kinds):
        shop.fault(call, kind, after=number)

    ended = shop.apply("--max-deletes", "none", code=1)
    outcomes = {key: WHEN_DONE[call] if key.endswith("-after") else "in_doubt" for key in keys}
    assert ended.outcomes == outcomes
    assert {ended.error(key).get("code") for key in keys} <= {None, "in_doubt", "interrupted"}
    shop.heal()
    shop.passes()
    shop.apply("--max-deletes", "none")
    shop.converges(expected)


@pytest.mark.parametrize("call", WRITES)
def test_a_code_that_does_not_tell(shop: Shop, call: str) -> None:
    keys = [f"{number}-code-{code}" for number, code in enumerate(CODES)]
    expected = prepare(shop, call, keys)
    for number, code in enumerate(CODES):
        shop.fault(call, "errcode", code=code, after=number)

    ended = shop.apply("--max-deletes", "none", code=1)
    assert ended.outcomes == dict.fromkeys(keys, "in_doubt")
    assert [ended.error(key)["errcode"] for key in keys] == list(CODES)
    shop.heal()
    shop.passes()
    shop.apply("--max-deletes", "none")
    shop.converges(expected)


@pytest.mark.parametrize("call", WRITES)
def test_a_token_that_dies(shop: Shop, call: str) -> None:
    expected = prepare(shop, call, ["mug"])
    shop.fault(call, "stale_token")
    (result,) = shop.apply().document["results"]
    assert result["calls"].count(call) == 2
    shop.check(expected)
