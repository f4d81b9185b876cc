"""Each command and each outcome: its exit code, its text, and that JSON is one document (contract section 3)."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.cli.conftest import APP, CATALOGUE, Command, Platform
from tests.postgres import run as run_sql


def test_validate(command: Command, folder: Path) -> None:
    assert command("validate") == (0, "catalog.yaml: valid\n", "")
    assert command("validate", "--format", "json").document == {
        "format_version": "1.0",
        "valid": True,
        "error_count": 0,
        "warning_count": 0,
        "diagnostics": [],
    }
    (folder / "catalog.yaml").write_text(CATALOGUE.replace("99.50", "1.005"), encoding="utf-8")
    place = "catalog.yaml:7:12: goods.tit-cup.price: "
    ended = command("validate")
    assert ended.code == 1
    assert ended.out == f"{place}at most 2 decimals (1.005)\ncatalog.yaml: 1 error\n"
    found = command("validate", "--format", "json").document
    assert found["error_count"] == 1
    assert found["diagnostics"][0]["range"] == {"filename": "catalog.yaml", "start": {"line": 7, "column": 12}}


def test_validate_annotates_under_github_actions(
    command: Command, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    (folder / "catalog.yaml").write_text(CATALOGUE.replace("99.50", "0"), encoding="utf-8")
    ended = command("validate")
    assert ended.code == 1
    assert "::error file=catalog.yaml,line=7,col=12::" in ended.out


def test_validate_warns_of_words(command: Command, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "catalog.yaml").write_text(CATALOGUE.replace("TIT茶杯一号", "最好的茶杯"), encoding="utf-8")
    line = (
        "最: a superlative that nothing proves (最好的茶杯); if it is meant: # catalog-sync: allow-word superlative\n"
    )
    warned = f"catalog.yaml:5:11: goods.tit-cup.name: warning: {line}catalog.yaml: 1 warning\n"
    assert command("validate") == (0, warned, "")
    failed = command("validate", "--words-severity", "error", "--format", "json")
    assert failed.code == 1
    assert [(each["severity"], each["code"]) for each in failed.document["diagnostics"]] == [("error", "word")]
    assert command("validate", "--words-severity", "off").out == "catalog.yaml: valid\n"
    assert "最好的" not in command("plan").err  # only validate speaks of words
    (folder / "mine.yaml").write_text("version: 1\nwords: {tea: {any: [茶]}}\n", encoding="utf-8")
    assert command("validate", "--words", "mine.yaml").out.endswith("catalog.yaml: 2 warnings\n")
    monkeypatch.setenv("CATALOG_SYNC_WORDS", "none.yaml")
    missing = command("validate", "--format", "json")
    assert (missing.code, missing.document["error"]["code"]) == (1, "usage")
    monkeypatch.setenv("CATALOG_SYNC_WORDS_SEVERITY", "off")
    assert command("validate").code == 0


def test_plan_apply_and_plan_again(command: Command, platform: Platform) -> None:
    first = command("plan", "--detailed-exitcode")
    assert first.code == 2
    assert first.out.splitlines()[-1] == "Plan: 2 to add, 0 to update, 0 to resubmit, 0 to replace, 0 to delete."
    applied = command("apply", "--yes", "--detailed-exitcode", "--format", "json")
    assert applied.code == 2
    assert applied.document["summary"] == {
        "applied": 2, "failed": 0, "in_doubt": 0, "skipped": 0, "remaining": 2,
    }  # fmt: skip
    assert [each["calls"] for each in applied.document["results"]] in (
        [["upload", "add"], ["add"]],
        [["add"], ["upload", "add"]],
    )
    reviewed = command("plan", "--detailed-exitcode")
    assert reviewed.code == 0
    assert reviewed.out.splitlines()[-2:] == [
        "No changes. The platform matches the catalogue.",
        "Waiting for review: 2",
    ]
    platform.approve()
    assert command("plan", "--detailed-exitcode") == (0, "No changes. The platform matches the catalogue.\n", "")
    assert command("apply", "--yes", "--detailed-exitcode").code == 0


def test_the_plan_document_names_what_the_contract_names(command: Command) -> None:
    plan = command("plan", "--format", "json").document
    assert list(plan) == [
        "format_version", "tool_version", "plan_id", "created_at", "app", "catalogue", "state", "digest", "actor",
        "commit", "run_url", "selection", "complete", "applyable", "summary", "observation", "changes", "unmanaged",
        "quota", "forecast", "safety", "warnings",
    ]  # fmt: skip
    again = command("plan", "--format", "json").document
    for document in (plan, again):
        for moving in ("plan_id", "created_at"):
            del document[moving]
        for row in document["quota"]:  # each look spends reads
            del row["used"], row["left"]
    assert plan == again


def test_apply_asks_where_somebody_can_answer_only(command: Command) -> None:
    assert command("apply") == (
        1,
        "",
        "Error: apply asks before it changes anything, and nobody can answer here\nHint: give --yes\n",
    )
    assert command("apply", "--format", "json").document["error"]["code"] == "usage"


def test_status_names_each_item(command: Command, platform: Platform) -> None:
    command("apply", "--yes")
    platform.order("console_goods", appid=APP, name="手工商品", price=5, priceType=1, url="pages/a", coverImgUrl="x")
    status = command("status", "--format", "json").document
    assert [(each["address"], each["audit_status"], each["in_sync"]) for each in status["items"]] == [
        ("goods.tit-cup", "in_audit", False),
        ("goods.tea-set", "in_audit", False),
    ]
    assert all(each["remote_id"] and each["audit_id"] for each in status["items"])
    assert [(each["name"], each["console_made"]) for each in status["unmanaged"]] == [("手工商品", True)]
    platform.approve()
    text = command("status").out
    assert text.splitlines()[-1] == "2 of 2 items are approved and as the catalogue says."


def test_status_as_csv(command: Command, platform: Platform) -> None:
    command("apply", "--yes")
    platform.order("verdict", appid=APP, name="TIT茶杯一号", verdict="approve")
    platform.order("verdict", appid=APP, name="龙井茶具套装", verdict="reject")
    platform.order("console_goods", appid=APP, name="=手工,商品", price=5, priceType=1, url="pages/a", coverImgUrl="x")
    told = command("status", "--format", "json").document
    cup, tea = told["items"]
    assert command("status", "--format", "csv").out == (
        "\ufeffaddress,name,review,in_sync,remote_id,audit_id,action,disposition,left,note\r\n"
        f"goods.tit-cup,TIT茶杯一号,approved,true,{cup['remote_id']},{cup['audit_id']},,,,\r\n"
        f"goods.tea-set,龙井茶具套装,rejected,false,{tea['remote_id']},{tea['audit_id']},resubmit,blocked,"
        f'"{tea["left"]["message"]}",\r\n'
        f',"\'=手工,商品",approved,,{told["unmanaged"][0]["remote_id"]},,,,not managed here; made in the console,\r\n'
    )


def test_quota_tells_both_counts(command: Command, platform: Platform) -> None:
    command("apply", "--yes")
    pools = {pool["pool"]: pool for pool in command("quota", "--format", "json").document["pools"]}
    assert pools["submit"] == {
        "pool": "submit", "limit": 500, "used": 2, "used_by_us": 2, "used_by_platform": 2, "reserve": 0, "left": 498,
    }  # fmt: skip
    platform.order("settings", quota_get="refused")
    assert "not told" not in command("quota").out  # what was told before still counts


def test_state_list_show_mv_rm(command: Command) -> None:
    command("apply", "--yes")
    bindings = command("state", "list", "--format", "json").document["bindings"]
    assert [each["address"] for each in bindings] == ["goods.tea-set", "goods.tit-cup"]
    shown = command("state", "show", "goods.tit-cup", "--format", "json").document
    assert shown["current"] == bindings[1]["current"]
    assert command("state", "mv", "goods.tit-cup", "goods.cup").code == 0
    assert command("state", "show", "goods.cup", "--format", "json").document["current"] == shown["current"]
    assert command("state", "mv", "goods.tit-cup", "goods.x").err.startswith("Error: goods.tit-cup is bound to nothing")
    assert command("state", "rm", "goods.cup") == (0, "Forgotten: goods.cup.\n", "")
    assert command("state", "rm", "goods.cup").code == 1


def test_history_tells_what_broke_a_run_off(command: Command, platform: Platform) -> None:
    """With its counts, where it has some. To fail at the last item is to come to the end."""
    apply = ("apply", "--yes", "--parallelism", "1", "--fail-fast")
    for code, path in ((48001, "*"), (300002, "add"), (48001, "add"), (300002, "add")):
        platform.order("faults", faults=[{"path": path, "kind": "errcode", "code": code, "times": 1}])
        assert command(*apply).code == 1
    assert command("state", "rm", "goods.none").code == 1
    lines = command("history").out.splitlines()[1:]
    assert [re.split("  +", line.strip())[-2:] for line in lines] == [
        ["state rm", "did not come to its end (usage)"],
        ["apply", "1 failed, 2 remaining"],
        ["apply", "did not come to its end (refused), 1 failed, 2 remaining"],
        ["apply", "did not come to its end (fail_fast), 1 failed, 1 skipped, 2 remaining"],
        ["apply", "did not come to its end (auth_failed)"],
    ]


def test_adopt_by_hand_and_by_looks(command: Command) -> None:
    command("apply", "--yes")
    ids = {
        each["address"]: each["current"]["remote_id"]
        for each in command("state", "list", "--format", "json").document["bindings"]
    }
    for address in ids:
        command("state", "rm", address)
    plan = command("plan", "--format", "json").document
    assert {each["reason"] for each in plan["changes"]} == {"twin_exists"}
    assert command("adopt", "tit-cup", str(ids["goods.tit-cup"])).code == 0
    assert command("import", "--match", "--format", "json").document["adopted"] == [
        {"address": "goods.tea-set", "remote_id": ids["goods.tea-set"]}
    ]
    assert command("plan").out.splitlines()[-2] == "No changes. The platform matches the catalogue."
    for arguments, words in (
        (("adopt",), "adopt takes KEY and ID, or --match"),
        (("adopt", "tit-cup", "x"), "ID is a number, the platform's goodsId (found 'x')"),
        (("adopt", "nope", "1"), "the catalogue has no key nope"),
        (("adopt", "tit-cup", "99999"), "the platform shows no item 99999"),
    ):
        ended = command(*arguments)
        assert (ended.code, ended.err.splitlines()[0]) == (1, f"Error: {words}")


def test_doctor(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    assert command("doctor").code == 0
    monkeypatch.setenv("CATALOG_SYNC_API_BASE", "http://127.0.0.1:1")
    ended = command("doctor", "--format", "json")
    assert ended.code == 1
    assert ended.document["error"]["code"] == "check_failed"


def test_doctor_of_a_state_on_a_server(command: Command, postgres: str, monkeypatch: pytest.MonkeyPatch) -> None:
    ((version, safe),) = run_sql(postgres, "SELECT version(), current_setting('fsync')")
    keeper = f"PostgreSQL {version.split()[1]}, synchronous_commit on: 0 ids, 0 undecided calls"

    def state() -> tuple[str, str]:
        checks = command("doctor", "--format", "json").document["checks"]
        (told,) = [each for each in checks if each["name"] == "state"]
        return told["check"], told["message"]

    monkeypatch.setenv("CATALOG_SYNC_STATE", postgres)
    weakness = "; the server's fsync is off: when its power fails, ids are lost"
    assert state() == (("ok", keeper) if safe == "on" else ("warning", keeper + weakness))
    monkeypatch.setenv("CATALOG_SYNC_STATE", f"{postgres}%20-cdefault_transaction_read_only%3Don")
    assert state() == ("warning", "read-only: 0 ids, 0 undecided calls")
    monkeypatch.setenv("CATALOG_SYNC_STATE", "postgresql://ops:hunter2@127.0.0.1:1/shop")
    assert state() == ("failed", "PostgreSQL 127.0.0.1:1/shop: the server cannot be reached, or does not let us in")


def test_init_writes_a_catalogue_that_it_can_read(command: Command, folder: Path) -> None:
    (folder / "catalog.yaml").unlink()
    (folder / ".gitignore").write_text("dist/", encoding="utf-8")
    assert command("init").code == 0
    assert (folder / ".gitignore").read_text(encoding="utf-8") == "dist/\n/.catalog-sync/\n"
    problems = command("validate", "--format", "json").document["diagnostics"]
    assert [each["code"] for each in problems] == ["picture_missing"]  # the cover is the user's to draw
    again = command("init")
    assert again.code == 1
    assert again.err.startswith("Error: catalog.yaml is there already; nothing was written")


COMMANDS = [("plan",), ("apply", "--yes"), ("status",), ("quota",), ("adopt", "--match"), ("wait",)]


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_a_wrong_catalogue_ends_every_command_with_its_diagnostics(
    command: Command, folder: Path, words: tuple[str, ...]
) -> None:
    (folder / "catalog.yaml").write_text(CATALOGUE.replace("99.50", "0"), encoding="utf-8")
    ended = command(*words, "--format", "json")
    assert ended.code == 1
    assert ended.document["error"]["code"] == "catalogue_invalid"
    assert ended.document["error"]["diagnostics"][0]["address"] == "goods.tit-cup"
    text = command(*words)
    assert (text.code, text.out) == (1, "")
    assert text.err.splitlines()[0].startswith("catalog.yaml:7:12: goods.tit-cup.price: ")


ONLINE = [("plan",), ("apply", "--yes"), ("status",), ("adopt", "--match")]


@pytest.mark.parametrize("words", ONLINE[:2], ids=" ".join)
def test_a_platform_that_cannot_be_reached(
    command: Command, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CATALOG_SYNC_API_BASE", "http://127.0.0.1:1")
    ended = command(*words, "--format", "json")
    assert ended.code == 1
    assert ended.document["error"]["code"] == "remote_unavailable"


@pytest.mark.parametrize("words", ONLINE, ids=" ".join)
def test_no_secret(command: Command, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CATALOG_SYNC_SECRET")
    ended = command(*words, "--format", "json")
    assert ended.code == 1
    assert ended.document["error"]["code"] == "auth_failed"


@pytest.mark.parametrize("words", ONLINE, ids=" ".join)
def test_an_account_that_the_platform_refuses(command: Command, platform: Platform, words: tuple[str, ...]) -> None:
    fault = {"path": "list", "kind": "errcode", "code": 48001, "times": 99}
    platform.order("faults", faults=[fault])
    ended = command(*words, "--format", "json")
    assert ended.code == 1
    assert ended.document["error"]["code"] == "auth_failed"


WRONG = [
    (("plan", "--bogus"), "No such option '--bogus'. (Did you mean one of: '--out', '--verbose'?)"),
    (("plna",), "No such command 'plna'. Did you mean 'plan'?"),
    (("plan", "--target", "goods.tit-cpu"), "there is no goods.tit-cpu in the catalogue or the state"),
    (("plan", "--max-deletes", "lots"), "--max-deletes takes a number, a share such as 30%, or none (found 'lots')"),
    (("plan", "--parallelism", "0"), "--parallelism takes a whole number from 1 to 64 (found '0')"),
    (("plan", "--settle-after", "10"), "--settle-after takes a duration such as 500ms, 30s, 5m or 2h (found '10')"),
    (
        ("plan", "--state", "postgresql://me:hidden@db/x"),
        "--state must not hold a password: it shows in the process list",
    ),
    (("plan", "--api-base", "http://example.com"), "plain http is only for this machine, not for example.com"),
]


@pytest.mark.parametrize(("words", "message"), WRONG, ids=[" ".join(words) for words, _ in WRONG])
def test_wrong_usage(command: Command, words: tuple[str, ...], message: str) -> None:
    ended = command(*words)
    assert (ended.code, ended.out) == (1, "")
    assert ended.err.splitlines()[0] == f"Error: {message}"
    assert "hidden" not in ended.err
    as_json = command(*words, "--format", "json")
    assert as_json.document["error"] == {
        "code": "usage",
        "message": message,
        "hint": as_json.document["error"]["hint"],
    }


def test_another_app_in_the_environment(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CATALOG_SYNC_APPID", "wxffffffffffffffff")
    ended = command("plan", "--format", "json")
    assert (ended.code, ended.document["error"]["code"]) == (1, "usage")


def test_an_unsafe_plan_is_shown_and_not_applied(command: Command, folder: Path, platform: Platform) -> None:
    more = "".join(
        f"  g{n}:\n    name: 商品名称{n}\n    cover: covers/cup.png\n    price: 5\n    url: pages/a?id={n}\n"
        for n in range(8)
    )
    (folder / "catalog.yaml").write_text(CATALOGUE + more, encoding="utf-8")
    command("apply", "--yes")
    platform.approve()
    (folder / "catalog.yaml").write_text(CATALOGUE, encoding="utf-8")
    plan = command("plan", "--format", "json", "--detailed-exitcode")
    assert plan.code == 2
    assert plan.document["applyable"] is False
    assert plan.document["safety"]["hazards"][0] == {
        "code": "too_many_deletes",
        "message": "8 of 10 bound goods would be deleted or replaced; 3 are allowed.",
        "count": 8,
        "limit": 3,
        "hint": "if it is meant: --max-deletes 8",
    }
    refused = command("apply", "--yes", "--format", "json")
    assert (refused.code, refused.document["error"]["code"]) == (1, "unsafe_plan")
    assert command("apply", "--yes", "--max-deletes", "8").code == 0


def test_the_state_is_made_for_its_owner_alone(command: Command, folder: Path) -> None:
    command("plan")
    assert oct((folder / ".catalog-sync" / "state.db").stat().st_mode & 0o777) == "0o600"


def test_events_are_json_lines(command: Command, folder: Path) -> None:
    command("apply", "--yes", "--events", "events.jsonl")
    events = [json.loads(line) for line in (folder / "events.jsonl").read_text(encoding="utf-8").splitlines()]
    assert events[0]["type"] == "plan"
    assert events[-1]["type"] == "summary"
    assert {"step_started", "step_finished"} < {each["type"] for each in events}
    assert events[-1]["remaining"] == 2


def test_help_of_every_command_has_an_example(command: Command) -> None:
    from catalog_sync.cli import COMMANDS as NAMES  # noqa: PLC0415 - the commands of today

    for name in NAMES:
        ended = command(name, "--help")
        assert ended.code == 0, name
        assert "Example" in ended.out, name


def test_validate_online_fetches_covers_that_are_links(command: Command, folder: Path) -> None:
    text = CATALOGUE.replace("covers/cup.png", "https://127.0.0.1/cup.png")
    (folder / "catalog.yaml").write_text(text, encoding="utf-8")
    assert command("validate").code == 0
    found = command("validate", "--online", "--format", "json").document["diagnostics"]
    assert [(each["address"], each["code"]) for each in found] == [
        ("goods.tit-cup", "picture_unreadable"),
        ("goods.tea-set", "picture_unreadable"),
    ]


def test_a_plan_on_what_was_last_seen_needs_neither_secret_nor_platform(
    command: Command, folder: Path, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So it may run where no secret should be: on the change of a stranger."""
    command("apply", "--yes")
    platform.approve()
    looked = command("plan", "--format", "json").document
    (folder / "catalog.yaml").write_text(CATALOGUE.replace("99.50", "89.00"), encoding="utf-8")
    monkeypatch.setenv("CATALOG_SYNC_SECRET", "")
    assert command("plan", "--format", "json").document["error"]["code"] == "auth_failed"
    planned = command("plan", "--no-refresh", "--format", "json").document
    assert (looked["summary"]["update"], planned["summary"]["update"]) == (0, 1)
    assert [hazard["code"] for hazard in planned["safety"]["hazards"]] == ["not_refreshed"]
