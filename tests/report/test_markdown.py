"""A plan and a result as Markdown: what a reader of a pull request sees, whatever the names are."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from markdown_it import MarkdownIt

from catalog_sync.core.errors import Failure
from catalog_sync.core.guard import Hazard
from catalog_sync.core.model import Action, Address
from catalog_sync.core.plandoc import SafetyDocument
from catalog_sync.core.result import ChangeResult, Outcome, Result
from catalog_sync.report.face import Face
from catalog_sync.report.markdown import plan_markdown
from catalog_sync.report.markdown_result import result_markdown
from catalog_sync.report.width import cut, safe
from tests.report.plans import HOSTILE, faces, hostile, market

GITHUB_LIMIT = 65_536


class Seen(HTMLParser):
    """What a browser makes of the rendered Markdown: the tags, the texts of `code`, the text around them."""

    def __init__(self, markdown: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.codes: list[str] = []
        self.around = ""
        self.columns: set[int] = set()
        self._in_code = False
        self._cells = 0
        self.feed(MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(markdown))
        self.close()

    def handle_starttag(self, tag: str, _attributes: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        if tag == "code":
            self._in_code = True
            self.codes.append("")
        self._cells += tag == "td"

    def handle_endtag(self, tag: str) -> None:
        if tag == "code":
            self._in_code = False
        if tag == "tr":
            self.columns.add(self._cells)
            self._cells = 0

    def handle_data(self, data: str) -> None:
        if self._in_code:
            self.codes[-1] += data
        else:
            self.around += data


def test_a_small_plan_reads_well() -> None:
    shown = market()
    lines = plan_markdown(shown, {"goods.tit-cup": Face("TIT茶杯")}).splitlines()
    assert lines[:11] == [
        "**Plan: 1 to add, 1 to update, 0 to resubmit, 0 to replace, 1 to delete.**",
        "",
        "Deferred: 2 · Waiting for review: 1 · Blocked: 2",
        "",
        "- Quota 2026-11-21, submissions: 1 used · 1 planned · 0 left of 3, 1 in reserve",
        "- Quota 2026-11-21, updates: 0 used · 1 planned · 999 left of 1000",
        "- Quota 2026-11-21, deletes: 0 used · 1 planned · 999 left of 1000",
        "- Quota 2026-11-21, uploads: 0 used · 1 planned · 4999 left of 5000",
        "- Forecast: Last submission on 2026-11-22. Rests on: no reviews seen yet.",
        "",
        "<details open><summary>+ <b>Add</b> · 2</summary>",
    ]
    assert (
        "| <code>goods.tit-cup</code><br><code>TIT茶杯</code> | price <code>99.50</code> → <code>89.00</code> | "
        "today | Approved goods may change price at once.<br>Note: the reviewer dislikes blanks |"
    ) in lines
    assert (
        "<details open><summary><b>Held back: a person must act</b> <code>locked_when_approved</code> · 2</summary>"
        in lines
    )
    assert "What to do: Put the old content back, or set locked_change: replace." in lines
    assert "1 item is under review, equal to the catalogue." in lines
    assert plan_markdown(shown) == plan_markdown(market())


def test_a_plan_without_a_change_is_its_verdict() -> None:
    nothing = dict.fromkeys(market().summary, 0)
    idle = replace(market(), complete=True, changes=(), summary=nothing, warnings=(), quota=())
    assert plan_markdown(idle).splitlines()[0] == "**No changes. The platform matches the catalogue.**"
    assert "<details" not in plan_markdown(idle)


def test_an_unsafe_plan_says_so_first() -> None:
    hazard = Hazard("too_many_deletes", "5 of 6 would be deleted.", 5, 3, "if it is meant: --max-deletes 5")
    lines = plan_markdown(replace(market(), applyable=False, safety=SafetyDocument(False, (hazard,)))).splitlines()
    assert lines[0].startswith("**Unsafe: apply refuses this plan. Plan: 1 to add, ")
    assert "> [!CAUTION]" in lines
    assert "> <code>too_many_deletes</code> 5 of 6 would be deleted. If it is meant: --max-deletes 5." in lines


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_text(name: str) -> None:
    shown = hostile(1)
    change = replace(shown.changes[0], before={"name": name}, after={"name": "杯"}, note=name, message=name)
    markdown = plan_markdown(replace(shown, changes=(change,)), {change.address: Face(name)})
    seen = Seen(markdown)
    assert seen.codes.count(cut(safe(name), 60)) == 3  # the name, what it was, and the name of what is held
    assert not re.search(r"://|www\.|```", markdown)
    assert seen.tags <= {
        "p", "strong", "ul", "li", "details", "summary", "b", "table", "thead", "tbody", "tr", "th", "td", "br",
        "code", "sub",
    }  # fmt: skip
    assert seen.columns <= {0, 2, 3, 4}
    assert not re.search(r"[@#][0-9A-Za-z\[]|[\u202e\u2066]", seen.around)


def test_ten_thousand_hostile_changes_fit_into_a_comment() -> None:
    shown = hostile(10_000)
    markdown = plan_markdown(shown, faces(shown))
    assert 30_000 < len(markdown) < GITHUB_LIMIT
    assert Seen(markdown).columns <= {0, 2, 3, 4}
    assert markdown.count("<details") == markdown.count("</details>")
    assert "~ <b>Update</b> · 1,667" in markdown
    assert re.search(r"^and 1,[0-9]{3} more$", markdown, re.MULTILINE)
    assert markdown.splitlines()[-1].endswith("</sub>")


def test_a_result_tells_what_did_not_go_well() -> None:
    refused = Failure("refused", "The name is illegal", "change the name", 300004, "illegal @everyone | name")
    results = (
        ChangeResult(Address("goods.a"), Action.UPDATE, Outcome.APPLIED),
        ChangeResult(Address("goods.b"), Action.ADD, Outcome.FAILED, error=refused),
        ChangeResult(Address("goods.c"), Action.DELETE, Outcome.SKIPPED, error=Failure("fail_fast", "Not begun")),
    )
    said = "The platform said: illegal &#64;&#8203;everyone &#124; name"
    assert result_markdown(Result(results, 2)).splitlines() == [
        "**Applied: 1 · Failed: 1 · In doubt: 0 · Skipped: 1 · Remaining: 2**",
        "",
        "<details open><summary><b>Failed</b> · 1</summary>",
        "",
        "| Item | Action | Reason | What to do |",
        "| --- | --- | --- | --- |",
        f"| <code>goods.b</code> | Add | The name is illegal<br>{said} | change the name |",
        "",
        "</details>",
        "",
        "<details><summary><b>Skipped</b> · 1</summary>",
        "",
        "| Item | Action | Reason | What to do |",
        "| --- | --- | --- | --- |",
        "| <code>goods.c</code> | Delete | Not begun |  |",
        "",
        "</details>",
        "",
        "What remains is under review, deferred or held: catalog-sync status says which.",
    ]


def test_a_result_of_many_failures_fits_into_a_comment() -> None:
    failure = Failure("refused", HOSTILE[3] * 20, HOSTILE[1] * 20, -1, HOSTILE[7] * 20)
    results = (ChangeResult(Address("goods.b"), Action.ADD, Outcome.FAILED, error=failure),) * 10_000
    markdown = result_markdown(Result(results, 10_000))
    assert len(markdown) < GITHUB_LIMIT
    assert re.search(r"^and 9,[0-9]{3} more$", markdown, re.MULTILINE)
