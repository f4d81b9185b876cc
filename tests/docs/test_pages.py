"""What the documentation says is so: links lead somewhere; commands, options, variables and codes are the code's."""

from __future__ import annotations

import ast
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, urlsplit

import click
import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from catalog_sync.cli import COMMANDS, catalog_sync
from catalog_sync.core import reasons
from catalog_sync.report.words import ENGLISH

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.glob("*.md")])
PARSER = MarkdownIt("commonmark").enable("table")


def tokens(page: Path) -> Iterator[Token]:
    """The tokens of a page, those within lines too."""
    for token in PARSER.parse(page.read_text(encoding="utf-8")):
        yield token
        yield from token.children or ()


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them; a second one of a name ends in -1."""
    seen: Counter[str] = Counter()
    found = set()
    parsed = PARSER.parse(page.read_text(encoding="utf-8"))
    for opening, inline in pairwise(parsed):
        if opening.type == "heading_open":
            text = "".join(each.content for each in inline.children or ())
            slug = re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-")
            found.add(f"{slug}-{seen[slug]}" if seen[slug] else slug)
            seen[slug] += 1
    return found


def links(page: Path) -> Iterator[str]:
    for token in tokens(page):
        target = token.attrGet("href") or token.attrGet("src")
        if target is not None:
            yield unquote(str(target))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for link in links(page):
        parts = urlsplit(link)
        if parts.scheme:
            assert parts.scheme == "https", link
            continue
        target = page.parent / parts.path if parts.path else page
        assert target.exists(), link
        assert not parts.fragment or parts.fragment in anchors(target), link
        # the site holds docs/ alone
        assert page.parent != DOCS or target.resolve().is_relative_to(DOCS), link


def test_the_index_and_the_site_have_every_page() -> None:
    names = {page.name for page in DOCS.glob("*.md")} - {"README.md"}
    assert {link for link in links(DOCS / "README.md") if "#" not in link} == names
    site = tomllib.loads((ROOT / "zensical.toml").read_text(encoding="utf-8"))
    assert set(re.findall(r"'([\w-]+\.md)'", str(site["project"]["nav"]))) == names | {"README.md"}


def code(page: Path) -> str:
    """Everything on a page that is code."""
    return "\n".join(each.content for each in tokens(page) if each.type in {"code_inline", "fence", "code_block"})


def options(command: click.Command) -> set[str]:
    inner = command.commands.values() if isinstance(command, click.Group) else ()
    own = {name for each in command.params for name in (*each.opts, *each.secondary_opts)}
    return own.union(*(options(each) for each in inner))


def every_option() -> set[str]:
    context = click.Context(catalog_sync)
    commands = [catalog_sync.get_command(context, name) for name in COMMANDS]
    return {"--help", "--version"}.union(*(options(each) for each in commands if each is not None))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_and_options_exist(page: Path) -> None:
    lines = [re.sub(r"(^| )#.*", "", line) for line in code(page).splitlines()]
    ours = "\n".join(
        found[0] for line in lines for found in [re.search(r"(?<![\w/])catalog-sync [^|;)]*|^-.*", line)] if found
    )
    assert set(re.findall(r"catalog-sync ([a-z][a-z-]*)\b", ours)) <= {*COMMANDS, "import"}
    assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", ours)) <= every_option()


def test_the_variables_of_the_reference_are_those_of_the_code() -> None:
    variable = re.compile(r"CATALOG_SYNC_[A-Z_]+[A-Z]")
    text = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "catalog_sync").rglob("*.py"))
    read = set(variable.findall(text)) | {f"CATALOG_SYNC_{name.upper()}" for name in re.findall(r'pick\("(\w+)"', text)}
    pages = (DOCS / name for name in ("reference.md", "commands.md"))
    shown = set(variable.findall("".join(page.read_text(encoding="utf-8") for page in pages)))
    assert shown == read - {"CATALOG_SYNC_COMPLETE"}  # the shell's own, set by what `completion` prints


DECIDED = {
    "blocked": (1, reasons.Blocked),
    "waiting": (1, reasons.Waiting),
    "Steps": (1, reasons.Going),
    "Hazard": (0, reasons.Guard),
    "Notice": (0, reasons.Warned),
    "Failure": (0, reasons.Ended),
}
"""What decides: the argument that is the word, and the table of its words."""


def test_every_reason_is_explained_and_every_explained_one_is_given() -> None:
    sources = [path for path in (ROOT / "catalog_sync").rglob("*.py") if path.name != "reasons.py"]
    nodes = [node for path in sources for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))]
    written = {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    for node in nodes:
        name = node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""
        if name in DECIDED and isinstance(node, ast.Call):
            place, table = DECIDED[name]
            for each in node.args[place : place + 1]:
                words = {sub.value for sub in ast.walk(each) if isinstance(sub, ast.Constant)}
                assert words <= {*table}, ast.unparse(node)
    for _place, table in DECIDED.values():
        assert {each.value for each in table} <= written, table
    assert set(ENGLISH.advice) == {*reasons.Blocked}
