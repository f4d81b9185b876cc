"""Plans and results as Markdown and HTML, and the formats that a command does not have."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import CATALOGUE, Command, Platform


def test_plan_as_markdown_and_html(command: Command) -> None:
    markdown = command("plan", "--format", "markdown", "--detailed-exitcode")
    assert markdown.code == 2
    lines = markdown.out.splitlines()
    assert lines[0] == "**Plan: 2 to add, 0 to update, 0 to resubmit, 0 to replace, 0 to delete.**"
    assert [line for line in lines if "<code>goods.tit-cup</code><br><code>TIT茶杯一号</code>" in line]
    html = command("plan", "--format", "html")
    assert html.code == 0
    assert html.out.startswith("<!doctype html>\n")
    assert html.out.count("data:image/jpeg;base64,") == 1  # one file for both items
    assert "TIT茶杯一号" in html.out


def test_a_price_alone_is_shown_with_the_items_name_and_link(
    command: Command, folder: Path, platform: Platform
) -> None:
    command("apply", "--yes")
    platform.approve()
    (folder / "catalog.yaml").write_text(CATALOGUE.replace("99.50", "89"), encoding="utf-8")
    row = "<code>TIT茶杯一号</code> | price <code>99.50</code> → <code>89.00</code> |"
    assert row in command("plan", "--format", "markdown").out
    html = command("plan", "--format", "html").out
    assert '"TIT茶杯一号"' in html


def test_a_saved_plan_is_shown_in_every_format(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    command("plan", "--out", "plan.json")
    assert command("show", "plan.json", "--format", "markdown").out.startswith("**Plan: 2 to add, ")
    monkeypatch.setenv("CATALOG_SYNC_FORMAT", "html")
    assert command("show", "plan.json").out.startswith("<!doctype html>\n")


def test_apply_as_markdown_has_the_result_alone_on_stdout(command: Command) -> None:
    ended = command("apply", "--yes", "--format", "markdown")
    assert ended.code == 0
    assert ended.out.splitlines() == [
        "**Applied: 2 · Failed: 0 · In doubt: 0 · Skipped: 0 · Remaining: 2**",
        "",
        "What remains is under review, deferred or held: catalog-sync status says which.",
    ]


@pytest.mark.parametrize(
    ("arguments", "found", "others"),
    [
        (("apply", "--yes", "--format", "html"), "html", "'text', 'json', 'markdown'"),
        (("status", "--format", "markdown"), "markdown", "'text', 'json', 'csv'"),
        (("quota", "--format", "html"), "html", "'text', 'json'"),
    ],
)
def test_a_format_that_a_command_does_not_have(
    command: Command, arguments: tuple[str, ...], found: str, others: str
) -> None:
    ended = command(*arguments)
    assert (ended.code, ended.out) == (1, "")
    assert f"Invalid value for '--format': '{found}' is not one of {others}." in ended.err
