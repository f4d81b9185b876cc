"""What people leave and look up: notes and the history."""

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
        "summary": {"applied": 2, "failed": 0, "in_doubt": 0, "skipped": 0, "remaining": 2},
    }  # fmt: skip
    head, _newest, line = command("history").out.splitlines()
    assert head.split() == ["WHEN", "TOOK", "WHO", "COMMIT", "WHAT", "CAME", "OF", "IT", "RUN"]
    tail = r"mia\\x1b\[2J  0123456789  apply +2 applied, 2 remaining  https://ci.example.com/7"
    assert re.fullmatch(rf"\S+Z  \d+s +{tail}", line)
    assert len(command("history", "--limit", "1", "--format", "json").document["runs"]) == 1
    assert command("history", "--limit", "0").code == 1
