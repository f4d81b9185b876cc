"""Messages on stderr: as lines, as JSON lines, and how many of them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import CATALOGUE, Command, Ended, Platform


def lines(ended: Ended) -> list[dict[str, Any]]:
    """stderr as JSON lines, each with its time, which is taken out."""
    found = [json.loads(line) for line in ended.err.splitlines()]
    for each in found:
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", each.pop("time"))
    return found


def test_messages_as_json_lines_name_the_run(command: Command) -> None:
    ended = command("apply", "--yes", "--log-format", "json", "--format", "json", "-vv")
    run = command("history", "--format", "json").document["runs"][0]["id"]
    assert ended.document["summary"]["applied"] == 2
    told = lines(ended)
    assert {each.get("run_id") for each in told} == {run}
    ends = {(each["level"], each["message"][6:]) for each in told if each["message"].startswith("[")}
    assert ends == {("info", "goods.tit-cup: add"), ("info", "goods.tea-set: add")}
    calls = {each["message"].partition(":")[0] for each in told if each.get("logger") == "catalog_sync.wechat"}
    assert {"list", "upload", "add"} <= calls


def test_warnings_and_errors_as_json_lines(
    command: Command, folder: Path, monkeypatch: pytest.MonkeyPatch, platform: Platform
) -> None:
    monkeypatch.setenv("CATALOG_SYNC_LOG_FORMAT", "json")
    assert lines(command("status", "--fail-on", "nope")) == [
        {
            "level": "error",
            "message": "--fail-on takes blocked, rejected, late (found 'nope')",
            "code": "usage",
            "hint": "",
        }
    ]
    (unknown,) = lines(command("plan", "--bogus"))
    assert (unknown["level"], unknown["code"]) == ("error", "usage")
    text = CATALOGUE.replace("pages/index/index?id=51", '"pages/a ##[b"')
    (folder / "catalog.yaml").write_text(text, encoding="utf-8")
    ended = command("plan")
    odd = "catalog.yaml:8:10: goods.tit-cup.url: warning: holds a space (pages/a ##[b)"
    assert {"level": "warning", "message": odd} in lines(ended)
    (folder / "catalog.yaml").write_text(text.replace("99.50", "0"), encoding="utf-8")
    ended = command("plan")
    assert r"pages/a \u0023#[b" in ended.err
    assert "##[" not in ended.err
    (wrong,) = lines(ended)
    assert (wrong["code"], wrong["message"]) == ("catalogue_invalid", "the catalogue has 1 error")
    assert wrong["diagnostics"][0]["code"] == "price"


def test_how_much_is_told(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    assert command("apply", "--yes", "-q").err == ""
    monkeypatch.setenv("CATALOG_SYNC_LOG", "error")
    assert command("adopt", "--match").err == ""
    calls = command("plan", "-v").err.splitlines()
    assert set(calls) == {f"INFO catalog_sync.wechat: {call}: errcode 0" for call in ("token", "quota", "list")}
    assert command("plan", "-vv").err.startswith("DEBUG catalog_sync.wechat: ")
    monkeypatch.setenv("CATALOG_SYNC_LOG", "debug")
    assert command("plan").err.startswith("DEBUG catalog_sync.wechat: ")
    assert command("plan", "-q").err == ""
    monkeypatch.setenv("CATALOG_SYNC_LOG", "wraning")
    assert command("plan") == (
        1,
        "",
        "Error: CATALOG_SYNC_LOG takes debug, info, warning, error (found 'wraning')\nHint: did you mean warning?\n",
    )
