"""What people leave and look up: notes, the history, and `status --fail-on`."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.cli.conftest import APP, CATALOGUE, Command, Platform


def test_a_note_is_shown_where_people_look(command: Command, folder: Path, platform: Platform) -> None:
    command("apply", "--yes")
    platform.order("verdict", appid=APP, all=True, verdict="reject")
    assert command("note", "goods.tit-cup", " 封面上有价格 ") == (0, "goods.tit-cup: 封面上有价格\n", "")
    assert "      note: 封面上有价格\n" in command("plan").out
    assert "    note on goods.tit-cup: 封面上有价格\n" in command("status").out
    assert command("history").out.endswith("note on goods.tit-cup: 封面上有价格\n")
    assert command("history", "--format", "json").document["notes"] == [
        {"address": "goods.tit-cup", "note": "封面上有价格"}
    ]
    assert command("note", "goods.tit-cup", "", "--format", "json").document == {
        "format_version": "1.0", "address": "goods.tit-cup", "note": None,
    }  # fmt: skip
    assert "note" not in command("status").out


def test_notes_that_are_refused(command: Command, folder: Path) -> None:
    for address, text, message, hint in (
        (
            "goods.tit-cpu",
            "x",
            "there is no goods.tit-cpu in the catalogue or the state",
            "did you mean goods.tit-cup?",
        ),
        ("goods.tit-cup", "a\nb", "a note is one line of text; it holds the character U+000A", ""),
        ("goods.tit-cup", "a\x1b[2J", "a note is one line of text; it holds the character U+001B", ""),
        ("goods.tit-cup", "茶" * 501, "a note has at most 500 characters; this has 501", ""),
    ):
        ended = command("note", address, text, "--format", "json")
        assert (ended.code, ended.document["error"]) == (1, {"code": "usage", "message": message, "hint": hint})
    command("apply", "--yes")
    (folder / "catalog.yaml").write_text(CATALOGUE.replace("99.50", "0"), encoding="utf-8")
    assert command("note", "goods.tea-set", "bound, so known").code == 0
    assert command("note", "goods.tea", "x").err == (
        "Error: there is no goods.tea in the state (the catalogue cannot be read)\nHint: did you mean goods.tea-set?\n"
    )


def test_the_history_names_who_when_and_what(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    assert command("history") == (0, "Nothing was written yet.\n", "")
    monkeypatch.setenv("CATALOG_SYNC_ACTOR", "mia\x1b[2J")
    monkeypatch.setenv("CI_COMMIT_SHA", "0123456789abcdef")
    monkeypatch.setenv("CI_JOB_URL", "https://ci.example.com/7")
    command("apply", "--yes")
    command("state", "rm", "goods.tea-set")
    newest, oldest = command("history", "--format", "json").document["runs"]
    assert (newest["command"], newest["summary"]) == ("state rm", {})
    for name in ("started_at", "ended_at"):
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", oldest.pop(name))
    assert len(oldest.pop("id")) == 16
    assert oldest == {
        "command": "apply", "actor": "mia\x1b[2J", "commit": "0123456789abcdef", "run_url": "https://ci.example.com/7",
        "summary": {"applied": 2, "failed": 0, "in_doubt": 0, "skipped": 0, "remaining": 2}, "broken_off": None,
    }  # fmt: skip
    head, _newest, line = command("history").out.splitlines()
    assert head.split() == ["WHEN", "TOOK", "WHO", "COMMIT", "WHAT", "CAME", "OF", "IT", "RUN"]
    tail = r"mia\\x1b\[2J  0123456789  apply +2 applied, 2 remaining  https://ci.example.com/7"
    assert re.fullmatch(rf"\S+Z  \d+s +{tail}", line)
    assert len(command("history", "--limit", "1", "--format", "json").document["runs"]) == 1
    assert command("history", "--limit", "0").code == 1


def test_status_fails_on_what_it_is_told_to(command: Command, folder: Path, platform: Platform) -> None:
    command("apply", "--yes")
    assert command("status", "--fail-on", "blocked,rejected,late").code == 0
    platform.order("verdict", appid=APP, name="龙井茶具套装", verdict="reject")
    plain = command("status")
    ended = command("status", "--fail-on", "rejected", "--fail-on", "blocked,late")
    assert (plain.code, ended.code, ended.out) == (0, 1, plain.out)
    assert ended.err == (
        "Error: --fail-on: 1 blocked, 1 rejected\n"
        "Hint: goods.tea-set: The review refused it, and nothing was changed since. Edit it, or --resubmit to "
        "submit it as it is.\n"
    )
    told = command("status", "--fail-on", "rejected", "--format", "json")
    assert (told.code, told.document["error"]["code"]) == (1, "check_failed")
    assert told.document["error"]["message"] == "--fail-on: 1 rejected"
    assert len(told.document["items"]) == 2
    assert command("status", "--fail-on", "late").code == 0
    assert command("status", "--fail-on", "blokced") == (
        1, "", "Error: --fail-on takes blocked, rejected, late (found 'blokced')\nHint: did you mean blocked?\n",
    )  # fmt: skip
    assert command("status", "--fail-on", "").err.splitlines()[0] == "Error: --fail-on is empty"


def test_status_fails_on_what_will_be_late(command: Command, folder: Path) -> None:
    text = CATALOGUE.replace("?id=51\n", "?id=51\n    needed_by: 2001-01-01T00:00:00Z\n")
    (folder / "catalog.yaml").write_text(text, encoding="utf-8")
    ended = command("status", "--fail-on", "late")
    assert (ended.code, ended.err.splitlines()[0]) == (1, "Error: --fail-on: 1 late")
