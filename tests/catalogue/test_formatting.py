"""`fmt`: the layout changes; comments, values, their order and the file's ways do not."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog_sync.catalogue.formatting import formatted, yaml_files
from catalog_sync.catalogue.layout import layout
from catalog_sync.catalogue.writer import dump, load, needs_quotes, quoted
from catalog_sync.core.errors import CatalogueInvalid
from catalog_sync.report.diagnostics import diagnostic_lines

from .conftest import Shop

ROOT = Path(__file__).parents[2]

LOOSE = """\
# The head.
version:   1
quota:   # on the key
    submit:   {limit: 500,  reserve: 20}   # on the value
    # of day_starts
    day_starts:   "00:00"
goods:

    # the first
    cup:
          name:   "龙井茶具套装"   # name
          url: 'pages/item?id=1'
          # of the price
          price: 099.50e
          cover:
              covers/a.png
          # the end of cup


    tea: &
removed:
- x   # why
# of z
-   'z'
# the end
"""
LOOSE = LOOSE.replace("099.50e", "99.50").replace("    tea: &\n", "")

TIGHT = """\
# The head.
version: 1
quota:   # on the key
  submit: {limit: 500, reserve: 20}        # on the value
  # of day_starts
  day_starts: "00:00"
goods:

  # the first
  cup:
    name: 龙井茶具套装             # name
    url: pages/item?id=1
    # of the price
    price: 99.50
    cover: covers/a.png
    # the end of cup


removed:
  - x # why
  # of z
  - z
# the end
"""


def fmt(path: Path, text: str | bytes) -> str:
    """The text as it is laid out; the second time nothing changes."""
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    once = formatted(str(path))[1]
    path.write_bytes(once)
    assert formatted(str(path)) == (once, once)
    return once.decode()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "a.yaml"


def test_one_layout(shop: Shop, file: Path) -> None:
    assert fmt(file, LOOSE) == TIGHT
    assert shop.right(LOOSE).digest == shop.right(TIGHT).digest


@pytest.mark.parametrize("name", ["catalog.example.yaml", "examples/gifts.yaml"])
def test_our_examples_are_formatted(name: str) -> None:
    before, after = formatted(str(ROOT / name))
    assert before == after


def test_the_example_survives_an_edit_byte_for_byte() -> None:
    text = (ROOT / "catalog.example.yaml").read_text(encoding="utf-8")
    document = load(text)
    document["goods"]["cup-pair"]["price"] = "90.00"
    document["goods"]["cup-pair"]["name"] = quoted("yes")
    changed = text.replace("price: 88.50", "price: 90.00").replace("name: 龙泉青瓷品茗杯对装", 'name: "yes"')
    assert dump(document) == changed


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a:   0123\nb: no\nc: ~\nd: 1e3\ne: +5\nf: 0x1F\ng: 2026-12-01T20:00:00+08:00\n", None),
        ('a: "no"\nb: "5"\nc: "a b"\nd: "a: b"\ne: "a # b"\nf: ""\ng: \'- x\'\nh: "茶"\n', ('a: "no"\nb: "5"\nc: a b\n'
         'd: "a: b"\ne: "a # b"\nf: ""\ng: \'- x\'\nh: 茶\n')),
        ('{"a": {"b": "c"}}', '{"a": {"b": "c"}}\n'),
        ("a: [b,c,\n  d]\n", "a: [b, c, d]\n"),
        ("a: one\n   two\n", "a: one two\n"),
        ("a: |  # c\n     # text\n     b\n     # c too?\n# c\n", "a: |  # c\n  # text\n  b\n  # c too?\n# c\n"),
        ("a: >-\n    one\n\n    two\nb: c\n", "a: >-\n  one\n\n  two\nb: c\n"),
        ("a:\nb:    \nc: # nothing\n", "a:\nb:\nc: # nothing\n"),
        ("a:\n -   b:  1\n     c: 2\n", "a:\n  - b: 1\n    c: 2\n"),
        ("'a b': {c: 'd'}\n? e\n: f\n", "'a b': {c: 'd'}\ne: f\n"),
        ("\ufeffa:  1\r\nb:   # c\r\n    c:  2\r\n", "\ufeffa: 1\r\nb:   # c\r\n  c: 2\r\n"),
        ("a:  1\rb: 2", "a: 1\nb: 2\n"),
        ("%YAML 1.2\n---\n# c\na:  1\n...\n", "# c\na: 1\n"),
        (f"{'k' * 300}:  1\n", f"{'k' * 300}: 1\n"),
    ],
)  # fmt: skip
def test_spellings(file: Path, text: str, expected: str | None) -> None:
    if expected is None:
        expected = text.replace("a:   ", "a: ")
    assert fmt(file, text) == expected


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a: {b: 1, # c\n  d: 2}\n", ("a.yaml:1:11: this comment cannot be kept in its place (inside of { } or [ ]?); "
         "the file was left as it is")),
        ("a: {b: , c: 1}\n", "a.yaml:1:1: what this file says would change; it was left as it is"),
        ("a: &x 1\n", "a.yaml:1:4: anchors are not used here (&x)"),
        ("a:\n  b: 1\n  b: 2\n", "a.yaml:3:3: a.b: stands twice; first at a.yaml:2:3 (b)"),
        ("a: [\n", "a.yaml:2:1: a list or mapping is not closed, or a value is missing (end of line)"),
        (b"a: \xff\n", "a.yaml:1:4: the file is not UTF-8; save it as UTF-8 (byte 0xff)"),
        ("", "a.yaml:1:1: the file is empty"),
        ("a: 1\n--- \nb: 2\n", "a.yaml:2:1: only one document a file (---)"),
    ],
)  # fmt: skip
def test_what_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str | bytes, line: str) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CatalogueInvalid) as caught:
        fmt(Path("a.yaml"), text)
    assert diagnostic_lines(caught.value.diagnostics) == [line]


def test_the_yaml_files_of_a_catalogue(shop: Shop) -> None:
    shop.write({"catalog.yaml": "include: [goods/*]\n", "goods/a.yml": "goods:\n", "goods/b.csv": "key\n"})
    assert yaml_files("catalog.yaml") == ["catalog.yaml", "goods/a.yml"]
    shop.write({"catalog.yaml": "include: [nope/*]\n"})
    with pytest.raises(CatalogueInvalid) as caught:
        yaml_files("catalog.yaml")
    assert [each.code for each in caught.value.diagnostics] == ["include_nothing"]


COMMENTS = st.sampled_from(["# c", "#", "## ä 茶  x", "#  'q\" # {"])
TEXTS = st.sampled_from(
    [
        "a",
        "99.50",
        "0123",
        "no",
        "~",
        "",
        "'x y'",
        '"x"',
        '"a # b"',
        "'it''s'",
        "x#y",
        "{a: 1}",
        "[ a,b ]",
        "茶 杯",
        '"\\u8336"',
    ]
)


@st.composite
def blocks(draw: st.DrawFn, depth: int = 0) -> list[str]:
    """A mapping or a list of texts, of its own indentation, comments strewn in."""
    mapping, step = depth == 0 or draw(st.booleans()), draw(st.integers(1, 5))
    lines: list[str] = []
    for number in range(draw(st.integers(1, 3))):
        lines += draw(st.lists(st.one_of(COMMENTS, st.just("")), max_size=2))
        end = draw(st.one_of(st.just(""), COMMENTS.map(lambda comment: f"   {comment}")))
        if not mapping:
            lines.append(
                f"-{' ' * draw(st.integers(1, 3))}{draw(TEXTS.filter(lambda text: text[:1] not in '{['))}{end}"
            )
        elif depth < 3 and draw(st.booleans()):
            lines.append(f"k{number}:{end}")
            lines += [" " * step + line if line else "" for line in draw(blocks(depth + 1))]
        else:
            lines.append(f"k{number}:{' ' * draw(st.integers(1, 3))}{draw(TEXTS)}{end}")
    return lines + draw(st.lists(COMMENTS, max_size=1))


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(lines=blocks())
def test_no_comment_is_ever_lost(file: Path, lines: list[str]) -> None:
    text = "\n".join(lines) + "\n"
    after = fmt(file, text)
    assert [each.text for each in layout(after).comments] == [each.text for each in layout(text).comments]


@pytest.mark.parametrize(
    ("text", "quotes"),
    [("tea", False), ("茶 a/b?c=1", False), ("a-b_c.d", False), ("Yes", True), ("n", True), ("5", True), ("a: b", True),
     ("a #b", True), ("", True), (" a", True), ("a ", True), ("~", True), ("a\n", True), ("-a", True), ("a,b", True)],
)  # fmt: skip
def test_what_needs_quotes(text: str, quotes: bool) -> None:
    assert needs_quotes(text) is quotes
    document = load("a: 1\n")
    document["a"] = quoted(text)
    assert load(dump(document))["a"] == text
