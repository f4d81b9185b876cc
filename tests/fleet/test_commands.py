"""`fleet validate|plan|apply|status`: one report over all shops, and one that is broken stops no other."""

from __future__ import annotations

import io
import json
import re
import time
from pathlib import Path

import pytest
import requests

from catalog_sync.cli.fleet import apply as fleet_apply
from catalog_sync.core.ports import Holder
from catalog_sync.engine.halt import Halt
from catalog_sync.fleet.file import read_fleet
from catalog_sync.fleet.hints import FLAGS, in_a_fleet
from catalog_sync.fleet.work import Shop, history
from catalog_sync.state.opening import open_state
from catalog_sync.wechat.ending import NETWORK_HINT
from catalog_sync.wiring import Voice, settings
from tests.cli.conftest import Command, Platform

from .conftest import NAMES, app_of, fleet_of, target, write_shop


def goods(platform: Platform, number: int) -> list[dict[str, object]]:
    told = requests.get(f"{platform.url}/_emulator/world?appid={app_of(number)}", timeout=10).json()["goods"]
    assert isinstance(told, list)
    return told


def ends(command: Command, *words: str) -> dict[str, str]:
    """How each shop ended."""
    told = command("fleet", *words, "--format", "json").document
    return {each["name"]: each["error"]["code"] if each["error"] else each["ended"] for each in told["targets"]}


def test_a_fleet_from_nothing_to_all_approved(command: Command, platform: Platform) -> None:
    ended = command("fleet", "plan", "--detailed-exitcode")
    assert (ended.code, ended.err) == (2, "")
    assert ended.out.splitlines()[-1] == "Shops: 3 · Done: 0 · Left: 3 · Failed: 0 · Skipped: 0"
    assert "left    south  Plan: 2 to add, 0 to update, 0 to resubmit, 0 to replace, 0 to delete." in ended.out
    ended = command("fleet", "apply", "--yes", "--canary", "south", "--detailed-exitcode")
    assert (ended.code, ended.err) == (2, "")
    assert [len(goods(platform, number)) for number in range(3)] == [2, 2, 2]
    for number in range(3):
        platform.order("verdict", appid=app_of(number), all=True, verdict="approve")
    assert command("fleet", "plan", "--detailed-exitcode").code == 0
    told = command("fleet", "status", "--format", "json").document
    assert told["summary"] == {"targets": 3, "done": 3, "left": 0, "failed": 0, "skipped": 0}
    assert told["sums"]["in_sync"] == 6
    assert [each["last_run"]["summary"]["applied"] for each in told["targets"]] == [2, 2, 2]
    fleet = read_fleet("fleet.yaml")
    common = settings({"CATALOG_SYNC_API_BASE": platform.url}, {})
    shop = Shop(fleet.targets[0], common, fleet.secret_names, Halt(), Voice(print, print))
    assert [(run.command, run.summary["applied"]) for run in history(shop)] == [("fleet apply", 2)]


def test_each_shop_has_a_run_of_its_own_in_json_lines(command: Command) -> None:
    """Its calls too, which threads of its own make."""
    ended = command("fleet", "apply", "--yes", "-vv", "--log-format", "json", "--parallelism", "2")
    assert ended.code == 0
    found = command("fleet", "status", "--format", "json").document["targets"]
    lines = [json.loads(line) for line in ended.err.splitlines()]
    assert {(each.get("shop"), each.get("run_id")) for each in lines} == {
        (each["name"], each["last_run"]["id"]) for each in found
    }
    for name in NAMES:
        calls = [each["message"].partition(":")[0] for each in lines if each["shop"] == name]
        assert {"list", "upload", "add"} <= {*calls}
    told = [json.loads(line) for line in command("fleet", "plan", "-vv", "--log-format", "json").err.splitlines()]
    assert {(each["shop"], "run_id" in each) for each in told} == {(name, False) for name in NAMES}


def test_one_who_reads_the_plans_of_all_says_yes_or_no(command: Command, platform: Platform) -> None:
    ended = command("fleet", "apply")
    assert (ended.code, ended.err.splitlines()[0]) == (
        1,
        "Error: apply asks before it changes anything, and nobody can answer here",
    )
    assert goods(platform, 0) == []


class _Person(io.StringIO):
    """Somebody at a terminal who has typed this."""

    def isatty(self) -> bool:
        return True


def test_what_was_not_shown_is_not_done(
    command: Command, folder: Path, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", _Person("n\n"))
    ended = command("fleet", "apply")
    assert (ended.code, ended.out) == (1, "")
    assert ended.err.endswith("Apply changes: 6? [y/N]: Nothing was sent.\n")
    assert "left    west   Plan: 2 to add" in ended.err

    class Late(_Person):
        """Somebody edits a catalogue while the plans are read."""

        def readline(self, size: int | None = -1, /) -> str:  # type: ignore[override]  # as TextIOBase has it
            write_shop(folder / "west", 2, goods=4)
            return super().readline(-1 if size is None else size)

    monkeypatch.setattr("sys.stdin", Late("y\n"))
    assert command("fleet", "apply").code == 0
    assert [len(goods(platform, number)) for number in range(3)] == [2, 2, 2]


def test_broken_shops_are_told_and_the_others_are_done(
    command: Command, folder: Path, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3, 8):
        write_shop(folder / f"shop{number}", number)
    (folder / "shop4" / "catalog.yaml").write_text("version: 1\ngoods: [\n", encoding="utf-8")
    (folder / "fleet.yaml").write_text(
        fleet_of(
            target("south", 1),
            target("shop3", 3, secret="env:NOT_SET"),
            target("shop4", 4),
            target("shop5", 5, state="postgresql://nobody@127.0.0.1:1/none"),
            target("shop6", 6, token_command="false"),
            target("shop7", 7, state="env:NO_STATE"),
            target("twin", 7).replace("twin/", "shop7/"),
            target("west", 2),
        ),
        encoding="utf-8",
    )
    told = command("fleet", "apply", "--yes", "--format", "json")
    assert told.code == 1
    found = {each["name"]: each["error"] for each in told.document["targets"]}
    assert {name: error and (error["code"], error["message"]) for name, error in found.items()} == {
        "south": None,
        "shop3": ("auth_failed", "the secret is to be in the variable NOT_SET, which is not set"),
        "shop4": ("catalogue_invalid", "the catalogue has 1 error"),
        "shop5": (
            "state_unreadable",
            "PostgreSQL 127.0.0.1:1/none: the server cannot be reached, or does not let us in",
        ),
        "shop6": ("auth_failed", "the token command ended with exit status 1"),
        "shop7": ("catalogue_invalid", "shop7 in the fleet's file has 1 error"),
        "twin": ("catalogue_invalid", "twin in the fleet's file has 1 error"),
        "west": None,
    }
    assert found["twin"]["diagnostics"][0]["detail"] == (
        "fleet.yaml:27:5: twin.appid: stands twice; the other at fleet.yaml:23:5 (wx0000000000000007)"
    )
    assert [len(goods(platform, number)) for number in (1, 2)] == [2, 2]


def test_the_canary_fails_first_and_alone(command: Command, platform: Platform) -> None:
    platform.order("faults", faults=[{"path": "*", "kind": "errcode", "code": 48001, "times": 99}])
    assert ends(command, "apply", "--yes", "--canary", "west") == {
        "north": "skipped",
        "south": "skipped",
        "west": "auth_failed",
    }


@pytest.mark.parametrize("words", [("--canary", "west"), ("--max-failures", "1")])
def test_a_bound_that_workers_would_not_keep_is_refused(command: Command, words: tuple[str, ...]) -> None:
    told = command("fleet", "apply", "--queue", *words)
    assert told.code == 1
    assert "--queue goes with neither --canary nor --max-failures" in told.err


def test_nothing_more_is_started_after_so_many_failures(command: Command, platform: Platform) -> None:
    platform.order("faults", faults=[{"path": "*", "kind": "errcode", "code": 48001, "times": 99}])
    told = ends(command, "plan", "--max-failures", "1", "--max-parallel", "1")
    assert told == {"north": "auth_failed", "south": "skipped", "west": "skipped"}


def test_shops_are_selected_by_their_labels(command: Command, folder: Path) -> None:
    assert list(ends(command, "validate", "--select", "region=west")) == ["west"]
    assert list(ends(command, "validate", "--select", "region=west", "--select", "region=north")) == ["north", "west"]
    ended = command("fleet", "validate", "--select", "regoin=west")
    assert ended.err.splitlines() == [
        "Error: no shop of the fleet has these labels",
        "Hint: there is no label regoin; did you mean region?",
    ]
    ended = command("fleet", "validate", "--canary", "wset")
    assert ended.err == "Error: --canary names none of the shops that are meant (found 'wset'); did you mean west?\n"


def test_a_guard_refuses_one_shop_alone(command: Command, folder: Path, platform: Platform) -> None:
    write_shop(folder / "north", 0, goods=6)
    assert command("fleet", "apply", "--yes").code == 0
    for number in range(3):
        platform.order("verdict", appid=app_of(number), all=True, verdict="approve")
    write_shop(folder / "north", 0, goods=1)
    meant = "if it is meant: `policy: {max_deletes: 5}` of this shop in the fleet's file, until that is done"
    for words in (["plan"], ["apply", "--yes"]):
        told = command("fleet", *words, "--format", "json").document["targets"]
        assert [each["ended"] for each in told] == ["failed", "done", "done"]
        assert (told[0]["error"]["code"], told[0]["error"]["hint"]) == ("unsafe_plan", meant)
    assert len(goods(platform, 0)) == 6
    text = (folder / "fleet.yaml").read_text(encoding="utf-8")
    (folder / "fleet.yaml").write_text(
        text.replace("catalogue: north/catalog.yaml", "catalogue: north/catalog.yaml\n    policy: {max_deletes: 5}"),
        encoding="utf-8",
    )
    assert ends(command, "apply", "--yes")["north"] == "done"
    assert len(goods(platform, 0)) == 1


def test_a_flag_that_a_fleet_does_not_take_is_told_with_the_command_that_does(
    command: Command, folder: Path, platform: Platform
) -> None:
    write_shop(folder / "north", 0, goods=6)
    assert command("fleet", "apply", "--yes", "--select", "region=north").code == 0
    for each in goods(platform, 0):
        url = f"{platform.url}/_emulator/goods"
        requests.delete(url, json={"appid": app_of(0), "goods_id": each["goods_id"]}, timeout=10).raise_for_status()
    (north,) = command("fleet", "apply", "--yes", "--select", "region=north", "--format", "json").document["targets"]
    assert north["error"]["hint"] == (
        "if they are really gone: --accept-losses (a fleet has no such flag; the commands for one shop have: "
        "`catalog-sync apply -f north/catalog.yaml`, with its state)"
    )
    assert in_a_fleet(NETWORK_HINT, "north/catalog.yaml") == NETWORK_HINT
    taken = {flag for option in fleet_apply.params for flag in option.opts}
    assert taken >= FLAGS >= {"--api-base"}
    assert not taken & {"--max-deletes", "--accept-losses", "--lock-timeout", "--state"}
    (folder / "west" / ".catalog-sync").mkdir()
    (folder / "west" / ".catalog-sync" / "state.db").write_text("no database", encoding="utf-8")
    (west,) = command("fleet", "plan", "--select", "region=west", "--format", "json").document["targets"]
    assert (west["error"]["code"], west["error"]["hint"]) == ("state_unreadable", "check `state:` in the fleet's file")


def test_a_shop_that_another_machine_writes_to_is_left_to_it_whatever_its_clock_says(
    command: Command, folder: Path, platform: Platform, postgres: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lease counts by the server's clock: one taken by a machine two hours behind has not ended."""
    monkeypatch.setenv("FLEET_STATE", postgres)
    text = (folder / "fleet.yaml").read_text(encoding="utf-8")
    (folder / "fleet.yaml").write_text(
        text.replace("defaults:\n", "defaults:\n  state: env:FLEET_STATE\n"), encoding="utf-8"
    )
    with open_state(postgres, origin=platform.url, app=app_of(1)) as store:
        store.acquire(Holder("ops", "slow-clock", 4711, "catalog-sync worker", None), time.time() - 7200)
        told = command("fleet", "apply", "--yes", "--format", "json").document["targets"]
    assert [each["ended"] for each in told] == ["left", "failed", "left"]
    assert told[1]["error"]["code"] == "lock_held"
    assert re.fullmatch(
        r"wait for it with --lock-timeout 5m, or run `catalog-sync force-unlock \S+` when it is dead \(a fleet has no "
        r"such flag; the commands for one shop have: `catalog-sync apply -f south/catalog.yaml`, with its state\)",
        told[1]["error"]["hint"],
    )


def test_two_entries_that_the_named_platform_makes_one_shop_are_not_done(command: Command, folder: Path) -> None:
    twin = target("twin", 0, api_base="http://127.0.0.1:1").replace("twin/", "north/")
    (folder / "fleet.yaml").write_text(fleet_of(target("north", 0), twin, target("south", 1)), encoding="utf-8")
    assert ends(command, "apply", "--yes") == {
        "north": "catalogue_invalid",
        "twin": "catalogue_invalid",
        "south": "left",
    }


def test_no_secret_is_told_or_handed_on(command: Command, folder: Path, platform: Platform) -> None:
    """A token command gets the appid and no secret of the fleet; a token's file is read for each call."""
    token = requests.post(f"{platform.url}/_emulator/token", json={"appid": app_of(1)}, timeout=10).json()
    (folder / "token").write_text(f"{token['access_token']}\n", encoding="utf-8")
    script = folder / "token.sh"
    script.write_text('#!/bin/sh\n[ -z "$SHOP_SECRET" ] && cat token-$CATALOG_SYNC_APPID\n', encoding="utf-8")
    script.chmod(0o700)
    other = requests.post(f"{platform.url}/_emulator/token", json={"appid": app_of(2)}, timeout=10).json()
    (folder / f"token-{app_of(2)}").write_text(other["access_token"], encoding="utf-8")
    (folder / "fleet.yaml").write_text(
        fleet_of(
            target("north", 0),
            target("south", 1, token_file="token"),
            target("west", 2, token_command="./token.sh"),
        ),
        encoding="utf-8",
    )
    ended = command("fleet", "apply", "--yes", "--format", "json", "-vv")
    assert [each["ended"] for each in ended.document["targets"]] == ["left", "left", "left"]
    for secret in ("made-up", token["access_token"], other["access_token"]):
        assert secret not in ended.out + ended.err


def test_a_token_that_is_refused_is_read_again_once(command: Command, folder: Path, platform: Platform) -> None:
    (folder / "token").write_text("dead\n", encoding="utf-8")
    (folder / "fleet.yaml").write_text(fleet_of(target("north", 0, token_file="token")), encoding="utf-8")
    (told,) = command("fleet", "plan", "--format", "json").document["targets"]
    assert (told["error"]["code"], told["error"]["message"]) == (
        "auth_failed",
        "the platform does not let this account in: the token in token is refused",
    )
    (folder / "token").unlink()
    (told,) = command("fleet", "plan", "--format", "json").document["targets"]
    assert told["error"]["message"] == "the token's file cannot be read: token"


def hostile_shops(folder: Path) -> None:
    """Catalogues whose error shows a text that is markup, a mention, a table's cell and a terminal's order at once."""
    for name in NAMES:
        text = 'version: 1\ngoods:\n  a: "<b>@x|\\u001b[31m"\n'
        (folder / name / "catalog.yaml").write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("format_", "told"),
    [
        ("text", r"(<b>@x|\x1b[31m)"),
        ("markdown", "(&#60;b&#62;&#64;&#8203;x&#124;&#92;x1b&#91;31m)"),
        ("html", r"(&lt;b&gt;@x|\x1b[31m)"),
    ],
)
def test_what_catalogues_say_is_told_as_text(command: Command, folder: Path, format_: str, told: str) -> None:
    hostile_shops(folder)
    ended = command("fleet", "validate", "--format", format_)
    assert ended.code == 1
    assert ended.out.count(f"goods.a: must be a mapping of fields {told}") == len(NAMES)
    assert "\x1b" not in ended.out
    assert "<b>" not in ended.out or format_ == "text"


def test_json_tells_every_shop_and_its_error(command: Command, folder: Path) -> None:
    hostile_shops(folder)
    ended = command("fleet", "validate", "--format", "json")
    told = json.loads(ended.out)
    assert (ended.code, "\x1b" in ended.out) == (1, False)
    assert (told["format_version"], told["command"], told["sums"]) == ("1.0", "validate", {})
    assert told["summary"] == {"targets": 3, "done": 0, "left": 0, "failed": 3, "skipped": 0}
    found = [
        (each["name"], each["ended"], each["error"]["code"], each["error"]["diagnostics"]) for each in told["targets"]
    ]
    assert [(*shop, [each["detail"] for each in diagnostics]) for *shop, diagnostics in found] == [
        (
            name,
            "failed",
            "catalogue_invalid",
            [rf"{name}/catalog.yaml:3:6: goods.a: must be a mapping of fields (<b>@x|\x1b[31m)"],
        )
        for name in NAMES
    ]
