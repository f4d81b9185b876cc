"""docs/life-of-an-item.md, lived: its edits are made, its commands run, and what they print is what stands there."""

from __future__ import annotations

import io
import json
import re
import shlex
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest
import requests
from PIL import Image

from catalog_sync.cli import catalog_sync
from catalog_sync.cli.border import run
from catalog_sync.emulator.app import create_app
from catalog_sync.emulator.server import EmulatorServer
from catalog_sync.providers.live_goods.emulator import SYSTEM

PAGE = Path(__file__).parents[2] / "docs" / "life-of-an-item.md"
APP = "wx0123456789abcdef"
OTHER = f"""\
version: 1
app: {APP}
goods:
  tea-set:
    name: 龙井茶具套装
    cover: covers/cup.png
    price: 199
    url: pages/item/item?id=52
"""


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The emulator, and a shop in the working folder that sells another item already."""
    (tmp_path / "covers").mkdir()
    Image.new("RGB", (100, 100), (90, 120, 60)).save(tmp_path / "covers" / "cup.png")
    (tmp_path / "catalog.yaml").write_text(OTHER, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    with EmulatorServer(create_app([SYSTEM])) as server:
        for name, value in {"API_BASE": server.url, "SECRET": "made-up", "SETTLE_AFTER": "0s"}.items():
            monkeypatch.setenv(f"CATALOG_SYNC_{name}", value)
        for name in ("GITHUB_ACTIONS", "CATALOG_SYNC_FORMAT"):
            monkeypatch.delenv(name, raising=False)
        assert printed(["catalog-sync", "apply", "--yes"], server.url).endswith("Remaining: 1\n")
        printed(["curl", "-X", "POST", "/_emulator/verdict", "-d", '{"all": true, "verdict": "approve"}'], server.url)
        yield server.url


def printed(words: list[str], url: str) -> str:
    """What a command line of the page prints, messages and result as they come."""
    if words[0] == "curl":
        path = re.sub(r"^http://127.0.0.1:8700", "", words[3])
        return requests.post(f"{url}{path}", json=json.loads(words[5]), timeout=10).text
    told = io.StringIO()
    with redirect_stdout(told), redirect_stderr(told):
        assert run(catalog_sync, words[1:]) == 0
    return told.getvalue()


def as_told(text: str) -> str:
    """The pattern of an output that is cut with `…`."""
    return r"(?:.*\n)*?".join(re.escape(part) for part in re.split(r"…\n", text))


def edited(catalogue: str, kind: str, block: str) -> str:
    """The catalogue after a block of the page: an item more, or lines changed."""
    if kind == "yaml":
        return catalogue + block
    old, new = ("".join(re.findall(rf"^\{sign}(.*\n)", block, re.MULTILINE)) for sign in "-+")
    assert catalogue.count(old) == 1
    return catalogue.replace(old, new)


def test_the_page_is_true(url: str) -> None:
    catalogue = Path("catalog.yaml")
    page = PAGE.read_text(encoding="utf-8")
    for heading, kind, block in re.findall(r"^## (.*)$|^```(\w*)\n((?:(?!```).*\n)*)```$", page, re.MULTILINE):
        if heading:
            if heading == "Removed":
                catalogue.write_text(OTHER, encoding="utf-8")
            continue
        if kind:
            catalogue.write_text(edited(catalogue.read_text(encoding="utf-8"), kind, block), encoding="utf-8")
            continue
        for line, output in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", block, re.MULTILINE):
            told = printed(shlex.split(line), url)
            told = told if told.endswith("\n") else f"{told}\n"
            assert re.fullmatch(as_told(output), told), f"{line}\n{told}"
