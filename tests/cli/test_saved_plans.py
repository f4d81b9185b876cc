"""Saved plans: shown as printed, applied as far as they hold, refused where they must be (contract section 6a)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import APP, CATALOGUE, Command, Ended, Platform

CHEAPER = CATALOGUE.replace("99.50", "89.00").replace("price2: 150.50", "price2: 140")
RENAMED = CATALOGUE.replace("TIT茶杯一号", "TIT茶杯二号")
EXTRA = """\
  bowl:
    name: 青瓷茶碗六件
    cover: covers/cup.png
    price: 12
    url: pages/item/item?id=53
"""


def _write(folder: Path, text: str) -> None:
    (folder / "catalog.yaml").write_text(text, encoding="utf-8")


@pytest.fixture
def reviewed(command: Command, folder: Path, platform: Platform) -> Path:
    """Two approved items, and a saved plan that gives both another price."""
    assert command("apply", "--yes").code == 0
    platform.approve()
    _write(folder, CHEAPER)
    assert command("plan", "--out", "plan.json").code == 0
    return folder / "plan.json"


def _outcomes(ended: Ended) -> dict[str, tuple[str, str | None]]:
    return {
        each["address"]: (each["outcome"], None if each["error"] is None else each["error"]["code"])
        for each in ended.document["results"]
    }


def _price(platform: Platform, price: float) -> None:
    """Somebody gives the cup another price in the console."""
    (cup,) = [goods for goods in _world(platform) if goods["name"] == "TIT茶杯一号"]
    platform.change(cup["goods_id"], price=price)


def _world(platform: Platform) -> list[dict[str, object]]:
    goods: list[dict[str, object]] = platform.world()
    return goods


# ---- plan --out, show


def test_a_saved_plan_is_what_is_printed(command: Command, folder: Path) -> None:
    printed = command("plan", "--format", "json", "--out", "plan.json")
    saved = (folder / "plan.json").read_text(encoding="utf-8")
    assert saved == printed.out
    assert printed.err == "Saved: plan.json; `catalog-sync apply plan.json` carries out what of it holds then.\n"
    assert (folder / "plan.json").stat().st_mode & 0o777 == 0o600
    assert command("show", "plan.json", "--format", "json") == (0, saved, "")
    assert [path.name for path in folder.iterdir() if "plan" in path.name] == ["plan.json"]


def test_a_saved_plan_is_shown_without_catalogue_state_and_platform(
    command: Command, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    printed = command("plan", "--out", "plan.json").out
    monkeypatch.setenv("CATALOG_SYNC_API_BASE", "http://127.0.0.1:1")
    monkeypatch.delenv("CATALOG_SYNC_SECRET")
    (folder / "catalog.yaml").unlink()
    assert command("show", "plan.json") == (0, printed, "")


@pytest.mark.parametrize(
    ("place", "message"),
    [
        ("nowhere/plan.json", "--out: there is no folder nowhere"),
        ("covers", "--out: covers is no file"),
        ("/dev/null", "--out: /dev/null is no file"),
    ],
)
def test_a_plan_that_cannot_be_saved_is_not_made(
    command: Command, monkeypatch: pytest.MonkeyPatch, place: str, message: str
) -> None:
    monkeypatch.setenv("CATALOG_SYNC_API_BASE", "http://127.0.0.1:1")  # it is not even asked
    ended = command("plan", "--out", place, "--format", "json")
    assert (ended.code, ended.document["error"]["code"]) == (1, "usage")
    assert ended.document["error"]["message"] == message


# ---- apply FILE


def test_a_reviewed_plan_is_applied_without_a_question(command: Command, reviewed: Path, platform: Platform) -> None:
    plan = json.loads(reviewed.read_text(encoding="utf-8"))
    applied = command("apply", "plan.json", "--format", "json", "--detailed-exitcode")
    assert (applied.code, applied.document["plan_id"]) == (0, plan["plan_id"])
    assert _outcomes(applied) == {"goods.tit-cup": ("applied", None), "goods.tea-set": ("applied", None)}
    assert re.fullmatch(rf"Applying the plan {plan['plan_id']}, made by .+ at {plan['created_at']}\.", _first(applied))
    assert command("plan", "--detailed-exitcode").code == 0


def _first(ended: Ended) -> str:
    return ended.err.splitlines()[0]


def test_a_plan_is_applied_once(command: Command, reviewed: Path, folder: Path, platform: Platform) -> None:
    assert command("apply", "plan.json").code == 0
    _price(platform, 70)  # what the plan did could be done again
    again = command("apply", "plan.json", "--format", "json")
    assert (again.code, again.document["error"]["code"]) == (1, "plan_spent")
    assert command("plan", "--out", "plan.json").code == 0
    assert command("apply", "plan.json").code == 0


def test_a_plan_of_nothing_is_applied_as_nothing(command: Command, platform: Platform) -> None:
    command("apply", "--yes")
    platform.approve()
    command("plan", "--out", "plan.json")
    for _twice in range(2):
        applied = command("apply", "plan.json", "--format", "json", "--detailed-exitcode")
        assert (applied.code, applied.document["results"]) == (0, [])


def test_what_the_reviewer_overtakes_is_skipped_and_the_rest_goes(
    command: Command, folder: Path, platform: Platform
) -> None:
    """Both items are under review and get another name; the cup is approved before the plan is applied: its name is
    locked now. What is new in the plan made anew is left."""
    command("apply", "--yes")
    _write(folder, RENAMED.replace("龙井茶具套装", "龙井茶具大套装"))
    planned = command("plan", "--out", "plan.json", "--format", "json").document
    assert planned["summary"]["resubmit"] == 2
    (cup,) = [goods for goods in _world(platform) if goods["name"] == "TIT茶杯一号"]
    platform.order("verdict", appid=APP, goods_id=cup["goods_id"], verdict="approve")
    applied = command("apply", "plan.json", "--format", "json", "--detailed-exitcode")
    assert applied.code == 2
    assert _outcomes(applied) == {"goods.tea-set": ("applied", None), "goods.tit-cup": ("skipped", "plan_stale")}
    assert applied.document["summary"] == {
        "applied": 1, "failed": 0, "in_doubt": 0, "skipped": 1, "remaining": 2,
    }  # fmt: skip
    assert command("apply", "plan.json", "--format", "json").document["error"]["code"] == "plan_spent"


def test_what_is_new_since_is_left_and_remains(command: Command, folder: Path, platform: Platform) -> None:
    _write(folder, CATALOGUE + EXTRA)
    command("apply", "--yes")
    platform.approve()
    _write(folder, CHEAPER + EXTRA)
    command("plan", "--out", "plan.json")
    (bowl,) = [goods for goods in _world(platform) if goods["name"] == "青瓷茶碗六件"]
    platform.change(bowl["goods_id"], price=11)
    applied = command("apply", "plan.json", "--format", "json", "--detailed-exitcode")
    assert applied.code == 2
    assert set(_outcomes(applied)) == {"goods.tit-cup", "goods.tea-set"}
    assert applied.document["summary"]["remaining"] == 1


def test_the_selection_of_the_plan_is_the_selection_of_the_apply(
    command: Command, reviewed: Path, platform: Platform
) -> None:
    selection = ("--target", "goods.tit-cup", "--target", "goods.tea-set", "--no-prune", "--max-deletes", "30%")
    planned = command("plan", *selection, "--exclude", "goods.tea-set", "--out", "plan.json", "--format", "json")
    assert planned.document["selection"]["max_deletes"] == "30%"
    applied = command("apply", "plan.json", "--exact", "--format", "json")
    assert _outcomes(applied) == {"goods.tit-cup": ("applied", None)}
    assert applied.document["summary"]["remaining"] == 0  # of what was selected


def test_exactly_as_reviewed_or_not_at_all(command: Command, reviewed: Path, folder: Path, platform: Platform) -> None:
    _price(platform, 70)
    refused = command("apply", "plan.json", "--exact", "--format", "json")
    assert (refused.code, refused.document["error"]) == (
        1,
        {
            "code": "plan_stale",
            "message": "the plan is not exactly what would be planned now: goods.tit-cup",
            "hint": "plan again, and have that reviewed",
        },
    )
    applied = command("apply", "plan.json", "--format", "json")
    assert _outcomes(applied) == {"goods.tea-set": ("applied", None), "goods.tit-cup": ("skipped", "plan_stale")}


def test_until_done_is_about_the_items_of_the_plan_alone(command: Command, folder: Path, platform: Platform) -> None:
    """The cup is under review and nobody judges it; the plan is of the tea set, which is approved at once."""
    _write(folder, CATALOGUE)
    command("apply", "--yes", "--target", "goods.tit-cup")
    command("plan", "--target", "goods.tea-set", "--out", "plan.json")
    platform.order("settings", verdict="approve", verdict_after=0.0)
    applied = command("apply", "plan.json", "--until-done", "--timeout", "20s", "--format", "json")
    assert _outcomes(applied) == {"goods.tea-set": ("applied", None)}
    assert "Stopped by --timeout" not in applied.err


# ---- refused as a whole


def _other_catalogue(folder: Path, platform: Platform) -> None:
    _write(folder, CHEAPER.replace("89.00", "88.00"))


def _other_app(folder: Path, platform: Platform) -> None:
    _write(folder, CHEAPER.replace(APP, "wxffffffffffffffff"))


def _other_state(folder: Path, platform: Platform) -> None:
    (folder / ".catalog-sync").rename(folder / ".lost")


def _everything_moved(folder: Path, platform: Platform) -> None:
    for goods in _world(platform):
        platform.change(goods["goods_id"], price=70)


def _edited(folder: Path, platform: Platform) -> None:
    path = folder / "plan.json"
    path.write_text(path.read_text(encoding="utf-8").replace('"price": "89.00"', '"price": "89.01"'), encoding="utf-8")


def _edited_id(folder: Path, platform: Platform) -> None:
    path = folder / "plan.json"
    path.write_text(path.read_text(encoding="utf-8").replace('"plan_id": "', '"plan_id": "0'), encoding="utf-8")


def _newer(folder: Path, platform: Platform) -> None:
    path = folder / "plan.json"
    path.write_text(
        path.read_text(encoding="utf-8").replace('"format_version": "1.', '"format_version": "2.'), encoding="utf-8"
    )


def _no_json(folder: Path, platform: Platform) -> None:
    (folder / "plan.json").write_bytes(b"\xff{")


def _no_plan(folder: Path, platform: Platform) -> None:
    (folder / "plan.json").write_text('{"format_version": "1.0"}', encoding="utf-8")


def _deep(folder: Path, platform: Platform) -> None:
    (folder / "plan.json").write_text("[" * 100_000, encoding="utf-8")


def _gone(folder: Path, platform: Platform) -> None:
    (folder / "plan.json").unlink()


REFUSED: list[tuple[Callable[[Path, Platform], None], str, str]] = [
    (_other_catalogue, "plan_stale", "catalog.yaml is not the catalogue that the plan was made from (catalog.yaml)"),
    (_other_app, "plan_stale", f"the plan is of {APP}, this is wxffffffffffffffff"),
    (_other_state, "plan_stale", "the plan was made from another state"),
    (_everything_moved, "plan_stale", "nothing of the plan holds any more: every item of it has changed since"),
    (_edited, "plan_invalid", "plan.json: the plan was edited since it was made"),
    (_edited_id, "plan_invalid", "plan.json: the plan was edited since it was made"),
    (_newer, "plan_invalid", "plan.json: the plan has format 2.0, this catalog-sync knows 1.0"),
    (_no_json, "plan_invalid", "plan.json: this is not JSON"),
    (_no_plan, "plan_invalid", "plan.json: this is JSON, and no plan"),
    (_deep, "plan_invalid", "plan.json: this is not JSON"),
    (_gone, "plan_invalid", "plan.json: there is no plan that this user can read"),
]


@pytest.mark.parametrize(("spoil", "code", "message"), REFUSED, ids=[each[0].__name__ for each in REFUSED])
def test_a_plan_that_is_refused_as_a_whole(
    command: Command,
    reviewed: Path,
    folder: Path,
    platform: Platform,
    spoil: Callable[[Path, Platform], None],
    code: str,
    message: str,
) -> None:
    spoil(folder, platform)
    before = platform.writes()
    refused = command("apply", "plan.json", "--format", "json")
    assert (refused.code, refused.document["error"]["code"], refused.document["error"]["message"]) == (1, code, message)
    assert refused.document["error"]["hint"]
    assert platform.writes() == before
    if code == "plan_invalid":
        assert command("show", "plan.json", "--format", "json").document == refused.document


def test_the_layout_of_a_plan_is_no_edit(command: Command, reviewed: Path) -> None:
    plan = json.loads(reviewed.read_text(encoding="utf-8"))
    reviewed.write_text(json.dumps(dict(reversed(plan.items()))), encoding="utf-8")
    assert command("apply", "plan.json").code == 0


def test_a_hazard_of_the_new_plan_refuses_the_whole(command: Command, reviewed: Path) -> None:
    assert command("plan", "--no-refresh", "--out", "plan.json").code == 0
    refused = command("apply", "plan.json", "--format", "json")
    assert (refused.code, refused.document["error"]["code"]) == (1, "unsafe_plan")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("plan.json", "--target", "goods.tit-cup"), "a saved plan has its selection in it"),
        (("plan.json", "--max-deletes", "none"), "a saved plan has its selection in it"),
        (("--yes", "--exact"), "--exact goes with a saved plan"),
    ],
)
def test_flags_that_do_not_go_together(command: Command, reviewed: Path, words: tuple[str, ...], message: str) -> None:
    refused = command("apply", *words, "--format", "json")
    assert (refused.code, refused.document["error"]["code"]) == (1, "usage")
    assert refused.document["error"]["message"] == message
