"""No sentence that a person reads lacks its Chinese: the sources are walked, so that a new one is not forgotten."""

from __future__ import annotations

import ast
import copy
import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from string import Formatter

import pytest

import catalog_sync
from catalog_sync.core.sentence import Sentence, Sentences, coded
from catalog_sync.report.chinese import CHINESE
from catalog_sync.report.words import ENGLISH

PACKAGE = Path(catalog_sync.__file__).parent

RULES = (
    "core/change", "core/forecast", "core/gate", "core/guard", "core/notices", "core/schedule", "core/settle",
    "engine/execute", "engine/halt", "engine/keeper", "engine/observe", "engine/planning", "engine/refusing",
    "engine/session", "engine/situation", "engine/until", "engine/waiting",
    "providers/live_goods/codes", "providers/live_goods/leaving", "providers/live_goods/policy",
    "providers/live_goods/steps", "providers/mini_store/codes", "providers/mini_store/draft",
    "providers/mini_store/listing", "providers/mini_store/looking", "providers/mini_store/policy", "wechat/codes",
    "wechat/ending", "cli/signals",
)  # fmt: skip
"""Modules in which every text with a blank in it is a sentence of ours."""

MAKERS = frozenset({
    "Code", "Failure", "Hazard", "Held", "Hold", "InDoubt", "NotSent", "Notice", "Refused", "Sentence", "Steps",
    "TokenRefused", "Undecided", "_add", "_doubt", "_drop", "_resubmit", "_unclear", "blocked", "tell", "waiting",
})  # fmt: skip
"""What takes a sentence, wherever it is called."""

REASONED = frozenset({"Hazard", "Held", "Hold", "Notice", "Steps", "_add", "_drop", "blocked", "waiting"})
"""What takes a reason or a code, too."""

REASON = re.compile(r"[a-z]+(_[a-z0-9]+)*")

NOT_TOLD = frozenset({"logger", "ValueError", "TypeError", "AssertionError"})
"""Calls whose texts are for whoever mends the program."""


def modules() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        name = path.relative_to(PACKAGE).with_suffix("").as_posix()
        if "emulator" not in name and "/chinese/" not in name:
            yield name, ast.parse(path.read_text(encoding="utf-8"))


def called(node: ast.AST) -> str:
    """The name of what is called; of a method its own, of a logger's `logger`."""
    match node:
        case ast.Call(func=ast.Name(id=name)):
            return name
        case ast.Call(func=ast.Attribute(value=ast.Name(id="logger"))):
            return "logger"
        case ast.Call(func=ast.Attribute(attr=name)):
            return name
        case _:
            return ""


def texts(node: ast.AST) -> Iterator[tuple[int, str]]:
    """Every text below a node; an f-string with a blank in it as `f"..."`. Not docstrings, not what nobody is told."""
    if called(node) in NOT_TOLD or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
        return
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.lineno, node.value
    elif isinstance(node, ast.JoinedStr):
        fixed = "".join(str(each.value) for each in node.values if isinstance(each, ast.Constant))
        yield node.lineno, f'f"{fixed}"'
    else:
        for child in ast.iter_child_nodes(node):
            yield from texts(child)


def sentences() -> Iterator[tuple[str, str]]:
    """Every sentence, with where it stands: all of the rules' modules, and what is given to a maker elsewhere."""
    for name, tree in modules():
        whole = [tree] if name in RULES else [node for node in ast.walk(tree) if called(node) in MAKERS]
        for node in whole:
            for line, text in texts(node):
                if " " in text.strip() and not text.startswith('f" (errcode'):
                    yield f"{name}.py:{line}", text


def reasons() -> Iterator[tuple[str, str]]:
    """Every reason and every code of a hazard or a warning, with where it stands."""
    for name, tree in modules():
        if not name.startswith(("core/", "providers/", "engine/")):
            continue
        for node in ast.walk(tree):
            given: list[ast.AST] = []
            if isinstance(node, ast.Call) and called(node) in REASONED:
                given = [*node.args]
            elif isinstance(node, ast.FunctionDef) and node.name == "_reason":
                given = [each for each in ast.walk(node) if isinstance(each, ast.Return)]
            for line, text in chain.from_iterable(map(texts, given)):
                if REASON.fullmatch(text):
                    yield f"{name}.py:{line}", text


def names(template: str) -> set[str]:
    return {name for _text, name, _format, _conversion in Formatter().parse(template) if name is not None}


def test_every_sentence_has_its_chinese() -> None:
    found = list(sentences())
    assert len(found) > 400
    assert [(where, text) for where, text in found if text not in CHINESE.sentences] == []


NO_REASONS = frozenset({"skip", "goods", "is", "name", "url"}) | set(CHINESE.fields)


def test_every_reason_has_its_chinese() -> None:
    found = [(where, text) for where, text in reasons() if text not in NO_REASONS]
    assert len({text for _where, text in found}) > 40
    assert [(where, text) for where, text in found if text not in CHINESE.reasons] == []
    assert {text for _where, text in found} | {"already_bound", "cannot_adopt", "under_another", "adopted", "moved",
        "late", "unaudited", "draft_changed"} >= set(CHINESE.reasons)  # fmt: skip


def test_the_tables_are_about_the_same() -> None:
    assert CHINESE.texts.keys() == ENGLISH.texts.keys()
    for table in ("actions", "dispositions", "explained", "statuses", "outcomes", "systems", "pools", "advice"):
        assert getattr(CHINESE, table).keys() == getattr(ENGLISH, table).keys(), table


@pytest.mark.parametrize(
    "pairs",
    [CHINESE.sentences.items(), [(ENGLISH.texts[name], told) for name, told in CHINESE.texts.items()]],
    ids=["sentences", "texts"],
)
def test_a_translation_has_the_values_of_its_template(pairs: list[tuple[str, str]]) -> None:
    assert [(english, told) for english, told in pairs if names(english) != names(told)] == []


FULL_WIDTH = re.compile(r"[\u4e00-\u9fff][,;:!?()]|[,;!?][\u4e00-\u9fff]")


def test_punctuation_is_full_width() -> None:
    told = [*CHINESE.sentences.values(), *CHINESE.texts.values(), *CHINESE.advice.values(), *CHINESE.reasons.values()]
    assert [text for text in told if FULL_WIDTH.search(text)] == []


def test_a_sentence_is_its_english_text() -> None:
    made = Sentence("It looks like {address}; moved: {{{before}: {after}}}.", address="goods.a", before="a", after="b")
    assert made == "It looks like goods.a; moved: {a: b}."
    assert Sentence("The platform took {fields}.", fields=("price", "url")) == "The platform took price, url."
    assert Sentences(["one", "two"]) == "one; two"
    for each in (made, Sentences([made, "two"])):
        twin = copy.deepcopy(each)
        assert (twin, type(twin)) == (each, type(each))
        assert CHINESE.say(twin) == CHINESE.say(each)
        assert ENGLISH.say(each) == each


def test_sentences_within_sentences() -> None:
    meaning = coded("the price is not valid", 300003)
    told = Sentence(
        "The platform refused this very content before: {meaning}. Change it, or --resubmit {address}.",
        meaning=meaning,
        address="goods.a",
    )
    assert CHINESE.say(told) == (
        "平台曾拒绝过同样的内容：价格不符合要求（错误码 300003）。请修改，或用 --resubmit goods.a 再试一次。"
    )
    late = "no answer came in time"
    several = Sentences(
        [
            Sentence("goods in status {status} could not be read: {reason}", status="in_audit", reason=late),
            Sentence("goods {id} have no readable {fields}", id=7, fields=("name", "price")),
        ]
    )
    assert CHINESE.say(several) == "读不到“审核中”的商品：等待应答超时；商品 7 的名称、价格无法读取"


def test_what_is_stored_has_lost_its_values() -> None:
    """A text of a saved plan: word for word where it held none, else what its reason means, and the text behind it."""
    assert CHINESE.say("The catalogue no longer lists it.", "not_in_catalogue") == "清单中已没有。"
    assert CHINESE.say("It was goods.a; the key changes, the item stays.", "moved") == (
        "键改名，商品不变（原文：It was goods.a; the key changes, the item stays.）"
    )
    assert CHINESE.say("Something of a later version.", "of_a_later_version") == "Something of a later version."
