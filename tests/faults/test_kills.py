"""A run that is killed at any boundary of any call: the next one finds everything, and sends nothing twice."""

from __future__ import annotations

import signal

import pytest

from .harness import UPLOAD, Shop, until
from .scenes import EDITED, PLACES, SCENES, Scene, place_name

FIRST = {call: (scene, call) for scene, call in reversed(PLACES)}
"""Every write call in the first scene that makes it."""


@pytest.mark.parametrize("scene", SCENES, ids=place_name)
def test_a_run_that_is_not_killed(shop: Shop, scene: Scene) -> None:
    expected = scene.set(shop)
    shop.apply()
    assert shop.called() == list(scene.calls)
    shop.check(expected)


@pytest.mark.parametrize(("scene", "call"), FIRST.values(), ids=place_name)
def test_a_run_that_is_killed_before_it_writes_a_call_down(shop: Shop, scene: Scene, call: str) -> None:
    expected = scene.set(shop)
    shop.killed("before_begin", call)
    assert shop.state["open"] == []
    shop.converges(expected)


@pytest.mark.parametrize("at", ["begun", "answered"])
@pytest.mark.parametrize(("scene", "call"), PLACES, ids=place_name)
def test_a_run_that_is_killed_before_or_after_a_call(shop: Shop, scene: Scene, call: str, at: str) -> None:
    expected = scene.set(shop)
    shop.killed(at, call)
    assert shop.state["open"] == [{"address": "goods.mug", "call": call}]
    shop.converges(expected)


@pytest.mark.parametrize(("scene", "call"), FIRST.values(), ids=place_name)
def test_a_run_that_is_killed_when_it_has_written_an_answer_down(shop: Shop, scene: Scene, call: str) -> None:
    expected = scene.set(shop)
    shop.killed("finished", call)
    assert shop.state["open"] == []
    shop.converges(expected)


@pytest.mark.parametrize(
    ("scene", "call", "kind"),
    [*((*place, "late") for place in FIRST.values()), (*FIRST["add"], "slow")],  # done later; never done
    ids=place_name,
)
def test_a_run_that_is_killed_while_a_call_is_under_way(shop: Shop, scene: Scene, call: str, kind: str) -> None:
    expected = scene.set(shop)
    before = len(shop.calls())
    shop.killed_under_way(call, kind, seconds=1.0)
    until(lambda: any(seen["fault"] for seen in shop.calls()[before:]))
    shop.converges(expected)


@pytest.mark.parametrize("at", ["before_begin", "begun", "answered", "finished"])
def test_a_saved_plan_that_was_killed_is_spent(shop: Shop, at: str) -> None:
    """From before its first call is written down: whoever finds it spent plans again, and that finds everything."""
    expected = EDITED.set(shop)
    plan = str(shop.folder / "plan.json")
    shop.plan("--out", plan)
    kill = {"at": at, "call": UPLOAD, "passage": 1}
    assert shop.begin("apply", plan, kill=kill).wait().code == -signal.SIGKILL
    shop.passes()
    assert shop.command("apply", plan, "--format", "json").error_code == "plan_spent"
    shop.converges(expected)
