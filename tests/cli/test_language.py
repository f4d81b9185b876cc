"""The language of what people read: who chooses it, what is told in it, and what stays English for programs."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import Command, Platform

LOCALE = ("LC_ALL", "LC_MESSAGES", "LANG")

CHOICES = {
    "nothing": ({}, (), "valid"),
    "the flag": ({"CATALOG_SYNC_LANG": "en"}, ("--lang", "zh"), "没有问题"),
    "the flag, joined": ({}, ("--lang=zh",), "没有问题"),
    "the variable": ({"CATALOG_SYNC_LANG": "zh", "LANG": "en_GB.UTF-8"}, (), "没有问题"),
    "English, in a Chinese locale": ({"CATALOG_SYNC_LANG": "en", "LANG": "zh_CN.UTF-8"}, (), "valid"),
    "an empty variable": ({"CATALOG_SYNC_LANG": "", "LANG": "zh_CN.UTF-8"}, (), "没有问题"),
    "LANG": ({"LANG": "zh_CN.UTF-8"}, (), "没有问题"),
    "LC_MESSAGES over LANG": ({"LC_MESSAGES": "zh_CN", "LANG": "C"}, (), "没有问题"),
    "LC_ALL over both": ({"LC_ALL": "C.UTF-8", "LC_MESSAGES": "zh_CN", "LANG": "zh_CN.UTF-8"}, (), "valid"),
    "another language": ({"LANG": "de_DE.UTF-8"}, (), "valid"),
}


@pytest.mark.parametrize(("environment", "flags", "told"), CHOICES.values(), ids=CHOICES.keys())
def test_who_chooses(
    command: Command, monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], flags: tuple[str, ...], told: str
) -> None:
    for name in (*LOCALE, "CATALOG_SYNC_LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    ended = command("validate", *flags)
    assert (ended.code, ended.out) == (0, f"catalog.yaml: {told}\n")


def test_a_language_that_is_not_there(command: Command) -> None:
    ended = command("validate", "--lang", "fr")
    assert (ended.code, ended.out) == (1, "")
    assert "Invalid value for '--lang': 'fr' is not one of 'en', 'zh'." in ended.err


def test_a_day_in_chinese(command: Command, platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CATALOG_SYNC_LANG", "zh")
    planned = command("plan")
    assert planned.out.startswith(
        "可执行：apply 现在就会做（2）\n\n  + 新增      goods.tit-cup  上传图片 -> 新增并提审\n"
    )
    assert planned.out.endswith("计划：新增 2，更新 0，重新提审 0，替换 0，删除 0。\n")
    applied = command("apply", "--yes")
    assert applied.out.endswith("已完成：2 · 失败：0 · 结果未知：0 · 已跳过：0 · 剩余：2\n")
    assert re.findall(r"^\[\d/2\] goods\.\S+ 新增$", applied.err, re.MULTILINE)
    status = command("status").out.splitlines()
    assert re.fullmatch("商品           审核    ID +待处理", status[0])
    assert re.fullmatch(r"goods.tit-cup  审核中  \d+ +审核中", status[1])
    assert status[-1] == "2 个商品中，0 个审核通过且与清单一致。 · 2 个审核中"
    platform.approve()
    assert command("apply", "--yes").out.endswith("已完成：0 · 失败：0 · 结果未知：0 · 已跳过：0 · 剩余：0\n")
    cup = next(each["goods_id"] for each in platform.world() if each["url"].endswith("?id=51"))
    platform.change(cup, name="别的名字一号")
    drift = command("drift").out
    assert drift.startswith("被他人改动（1）\n")
    assert drift.endswith("偏差：被改动: 1，封面被换: 0，平台上已没有: 0，未绑定: 0\n")
    blocked = command("plan").out
    assert "有人在平台上改过名称。请把改动写进清单，或用 --resubmit 改回清单的内容。" in blocked
    failing = command("status", "--fail-on", "blocked")
    assert failing.err.startswith("错误：--fail-on: 1 blocked\n提示：goods.tit-cup：有人在平台上改过名称。")


def test_a_wrong_catalogue(command: Command, folder: Path) -> None:
    text = (folder / "catalog.yaml").read_text(encoding="utf-8")
    text = text.replace("price: 99.50", "price: 99.505").replace("priceType: 3", "pricetype: 3")
    text = text.replace("name: TIT茶杯一号", "name: " + "茶" * 15)
    (folder / "catalog.yaml").write_text(text, encoding="utf-8")
    ended = command("validate", "--lang", "zh")
    assert ended.out.splitlines() == [
        f"catalog.yaml:5:11: goods.tit-cup.name: 最多 28 个单位，汉字等宽字符计 2；现有 30（{'茶' * 15}）",
        "catalog.yaml:7:12: goods.tit-cup.price: 最多两位小数（99.505）",
        "catalog.yaml:12:5: goods.tea-set.pricetype: 没有这个字段，是否想写 priceType？（pricetype）",
        "catalog.yaml:14:13: goods.tea-set.price2: 需要 priceType 为 2 或 3（150.50）",
        "catalog.yaml: 4 个错误",
    ]
    planned = command("plan", "--lang", "zh")
    assert planned.err.endswith("错误：清单有 4 个错误\n")


def test_an_error_and_its_hint(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CATALOG_SYNC_API_BASE", "http://127.0.0.1:9")
    ended = command("plan", "--lang", "zh")
    assert (ended.code, ended.err) == (
        1,
        "错误：读不到平台（拉取列表）：没有令牌：127.0.0.1:9 拒绝连接\n提示：请检查网络、代理和 --api-base\n",
    )


@pytest.mark.parametrize("words", [("plan",), ("status",), ("drift",)])
def test_documents_stay_english(command: Command, words: tuple[str, ...]) -> None:
    changing = ("plan_id", "created_at", "quota", "state")  # the first look is counted in the second
    told = [command(*words, "--format", "json", "--lang", language).document for language in ("en", "zh")]
    english, chinese = ({name: each[name] for name in each if name not in changing} for each in told)
    assert chinese == english


def test_messages_of_programs_stay_english(command: Command) -> None:
    ended = command("plan", "--out", "plan.json", "--lang", "zh", "--log-format", "json")
    assert json.loads(ended.err.splitlines()[-1])["message"] == (
        "Saved: plan.json; `catalog-sync apply plan.json` carries out what of it holds then."
    )
    assert command("show", "plan.json", "--lang", "zh").out.startswith("可执行：apply 现在就会做（2）\n")


def test_a_person_at_a_terminal(folder: Path, platform: Platform) -> None:
    """The question in Chinese, and a live line with the pace while the calls go; both on a real terminal."""
    platform.order("faults", faults=[{"path": "add", "kind": "late", "seconds": 1.5, "times": 2}])
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "catalog_sync", "apply", "--lang", "zh", "--parallelism", "1"],
        cwd=folder,
        env={
            "PATH": os.environ["PATH"], "PYTHONPATH": os.environ.get("PYTHONPATH", ""), "TERM": "xterm",
            "CATALOG_SYNC_API_BASE": platform.url, "CATALOG_SYNC_SECRET": "made-up", "PYTHONUTF8": "1",
        },
        stdin=theirs, stdout=subprocess.DEVNULL, stderr=theirs,
    ) as process:  # fmt: skip
        os.close(theirs)
        said = b""
        while b"[y/N]" not in said:
            said += os.read(ours, 4096)
        os.write(ours, b"y\n")
        while process.poll() is None:
            said += _read(ours)
    told = (said + _read(ours)).decode()
    os.close(ours)
    assert "执行这 2 项变更吗？ [y/N]" in told
    live = r"\r\x1b\[2K\[1/2\] 每\S+ \d+ 个，还需 \d+ 秒\r\x1b\[2K\[2/2\]"
    assert re.search(r"\[1/2\] goods\.tit-cup: 新增\r\n" + live, told)


def _read(terminal: int) -> bytes:
    """What a terminal shows; it is an error to read one that nobody writes to any more."""
    try:
        return os.read(terminal, 4096)
    except OSError:
        return b""
