"""A whole plan in Chinese, in each format: what a merchandiser reads, word for word."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

from catalog_sync.core.errors import Failure
from catalog_sync.core.guard import Hazard
from catalog_sync.core.json_text import json_text
from catalog_sync.core.model import Action, Address
from catalog_sync.core.plandoc import SafetyDocument
from catalog_sync.core.result import ChangeResult, Event, EventType, Outcome, Result
from catalog_sync.core.sentence import Sentence, coded
from catalog_sync.planfile.reading import read
from catalog_sync.report.chinese import CHINESE
from catalog_sync.report.colour import Colour
from catalog_sync.report.html import plan_html
from catalog_sync.report.markdown import plan_markdown
from catalog_sync.report.markdown_result import result_markdown
from catalog_sync.report.result import event_line, result_text
from catalog_sync.report.text import plan_text
from catalog_sync.report.width import width
from tests.report.plans import market

HERE = Path(__file__).parent

SAID = {
    "text": lambda plan: plan_text(plan, Colour(), CHINESE),
    "markdown": lambda plan: plan_markdown(plan, None, CHINESE),
    "html": lambda plan: plan_html(plan, None, CHINESE),
}


def test_a_plan_as_text() -> None:
    assert plan_text(market(), Colour(), CHINESE) + "\n" == (HERE / "plan.zh.txt").read_text(encoding="utf-8")


def test_a_plan_as_markdown() -> None:
    told, provenance = plan_markdown(market(), None, CHINESE).rsplit("\n", 1)
    assert told + "\n" == (HERE / "plan.zh.md").read_text(encoding="utf-8")
    assert re.sub(r"<code>.*?</code>", "…", provenance) == (
        "<sub>AppID … · 制作人 … · 制作时间 … · 计划编号 … · 摘要 …</sub>"
    )


PAGE = """\
计划：新增 1，更新 1，重新提审 0，替换 0，删除 1。
可执行|4|apply 现在就会执行
顺延|2|当天额度已用完
等待中|1|等平台审核
已拦下|2|受规则限制或需人工处理
不变|2|与清单一致
预计|最后一次提审在 2026-11-22。依据：还没有见过审核结果。
已拦下，需人工处理|2|locked_when_approved|改回原来的内容，或设置 locked_change: replace。|查看 2 项
搜索
顺延的工作（按日期）
提审|已用 1 · 计划 1 · 剩余 0，上限 3，预留 1
提醒|goods.tray|像是 goods.leaving 换了新键；写上 moved: {leaving: tray} 即可保留原商品。
不由本清单管理：平台上 2 个，其中 1 个是在后台创建的。
1 个商品正在审核，内容与清单一致。
这份计划的来历
制作人|ops@shop
"""


def test_a_plan_as_a_page() -> None:
    page = plan_html(market(), None, CHINESE)
    assert '<html lang="zh-Hans">' in page
    body = re.sub(r"<(style|script)[^>]*>.*?</\1>", "", page, flags=re.DOTALL)
    words = "|".join(filter(None, map(str.strip, re.split(r"<[^>]+>", body))))
    for line in PAGE.splitlines():
        assert line in words
    found = re.search(r"<script[^>]*application/json[^>]*>(.*?)</script>", page, re.DOTALL)
    assert found is not None
    data = json.loads(found[1])
    assert "审核通过的商品可以直接改价。" in data["texts"]
    assert "上传图片 → 新增并提审 → 删除" in data["texts"]
    assert data["words"]["held"] == "暂不改动：{fields}。{message}"


def test_columns_hold_in_chinese() -> None:
    lines = plan_text(market(), Colour(), CHINESE).splitlines()
    rows = lines[lines.index("额度") + 1 :][:7]
    assert len({width(row[: row.index("已用")]) for row in rows}) == 1
    assert len({width(row[: row.index("剩余")]) for row in rows}) == 1
    heads = [line for line in lines if re.match(r"  [+~>-] \S+ +goods\.", line)]
    assert {width(line[: line.index("goods.")]) for line in heads} == {14}


def test_a_plan_that_no_one_may_apply() -> None:
    message = Sentence(
        "{count} of {bound} bound {kind} would be deleted or replaced; {limit} are allowed.",
        count=9, bound=10, kind="goods", limit=3,
    )  # fmt: skip
    hint = Sentence("if it is meant: --max-deletes {count}", count=9)
    hazard = Hazard("too_many_deletes", message, 9, 3, hint)
    plan = replace(market(), applyable=False, safety=SafetyDocument(False, (hazard,)))
    told = "已绑定的 10 个直播商品中有 9 个将被删除或替换，最多允许 3 个。"
    assert f"不安全（too_many_deletes）：{told}确实如此，就加 --max-deletes 9。" in SAID["text"](plan)
    markdown = SAID["markdown"](plan)
    assert markdown.startswith("**不安全：apply 不会执行此计划。计划：")
    assert f"<code>too_many_deletes</code> {told}确实如此，就加 --max-deletes 9。" in markdown
    assert told in SAID["html"](plan)


def test_a_saved_plan() -> None:
    """A file holds English alone: what has no values is told, of the rest what its reason means, and the text."""
    plan = read(json_text(market()))
    text = SAID["text"](plan)
    assert "审核通过的商品可以直接改价。" in text
    assert "键改名，商品不变（原文：It was goods.jar; the key changes, the item stays.）" in text


RESULT = Result(
    (
        ChangeResult(Address("goods.a"), Action.ADD, Outcome.APPLIED),
        ChangeResult(
            Address("goods.b"),
            Action.RESUBMIT,
            Outcome.FAILED,
            error=Failure(
                "refused", coded("the price is not valid", 300003),
                "over 0; the price now is not above the original price",
                300003, "invalid price",
            ),
        ),
        ChangeResult(
            Address("goods.c"),
            Action.UPDATE,
            Outcome.SKIPPED,
            error=Failure(
                "no_quota", Sentence("Nothing is left of {pool} today.", pool="update"),
                "the next quota day's run goes on"
            ),
        ),
    ),
    2,
)  # fmt: skip


def test_a_result() -> None:
    assert result_text(RESULT, Colour(), CHINESE) == (
        "失败：goods.b（重新提审）\n"
        "    价格不符合要求（错误码 300003）\n"
        "    平台返回：invalid price\n"
        "    须大于 0；现价不能高于原价\n"
        "跳过：goods.c（更新）\n"
        "    今天的更新额度已用完。\n"
        "    下一个额度日再执行时接着做\n"
        "剩余的在审核中、已顺延或已拦下：详见 `catalog-sync status`。\n"
        "已完成：1 · 失败：1 · 结果未知：0 · 已跳过：1 · 剩余：2"
    )
    assert (
        "| <code>goods.b</code> | 重新提审 | 价格不符合要求（错误码 300003）<br>平台返回：invalid price | "
        "须大于 0；现价不能高于原价 |"
    ) in result_markdown(RESULT, CHINESE)


def test_an_event() -> None:
    details = {"last": True, "outcome": "applied", "action": "add", "call": "add", "done": 1, "total": 2}
    event = Event(0.0, EventType.STEP_FINISHED, Address("goods.a"), details)
    assert event_line(event, CHINESE) == "[1/2] goods.a: 新增"
    failed = replace(event, details=details | {"outcome": "failed", "error": "refused", "call": "update"})
    assert event_line(failed, CHINESE) == "[1/2] goods.a: 更新 失败 (refused)"
