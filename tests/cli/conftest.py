"""The command line in this process: the real program, its real border, a real emulator over a socket."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import requests
from PIL import Image

from catalog_sync.cli import catalog_sync
from catalog_sync.cli.border import run
from catalog_sync.emulator.app import create_app
from catalog_sync.emulator.server import EmulatorServer
from catalog_sync.providers.live_goods.emulator import SYSTEM

APP = "wx0123456789abcdef"
WRITES = ("upload", "add", "resetaudit", "audit", "update", "delete")

CATALOGUE = f"""\
version: 1
app: {APP}
goods:
  tit-cup:
    name: TIT茶杯一号
    cover: covers/cup.png
    price: 99.50
    url: pages/index/index?id=51
  tea-set:
    name: 龙井茶具套装
    cover: covers/cup.png
    priceType: 3
    price: 199
    price2: 150.50
    url: pages/item/item?id=52
"""


class Ended(NamedTuple):
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """stdout as the one JSON document that it is."""
        return json.loads(self.out)


class Platform:
    """The emulator, as a test commands it."""

    def __init__(self, url: str) -> None:
        self.url = url

    def order(self, path: str, **body: object) -> Any:
        answer = requests.post(f"{self.url}/_emulator/{path}", json=body, timeout=10)
        answer.raise_for_status()
        return answer.json()

    def change(self, goods_id: object, **fields: object) -> None:
        """Somebody else changes an item."""
        body = {"appid": APP, "goods_id": goods_id, **fields}
        requests.patch(f"{self.url}/_emulator/goods", json=body, timeout=10).raise_for_status()

    def world(self) -> Any:
        """The goods that are there."""
        return requests.get(f"{self.url}/_emulator/world?appid={APP}", timeout=10).json()["goods"]

    def writes(self) -> int:
        """How many calls came that were no reads."""
        calls = requests.get(f"{self.url}/_emulator/calls?appid={APP}", timeout=10).json()["calls"]
        return sum(call["path"].rsplit("/", 1)[-1] in WRITES for call in calls)

    def clear_faults(self) -> None:
        requests.delete(f"{self.url}/_emulator/faults", timeout=10).raise_for_status()

    def approve(self) -> None:
        self.order("verdict", appid=APP, all=True, verdict="approve")


@pytest.fixture
def platform() -> Iterator[Platform]:
    with EmulatorServer(create_app([SYSTEM])) as server:
        yield Platform(server.url)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a catalogue of two items, as the working folder."""
    (tmp_path / "covers").mkdir()
    Image.new("RGB", (100, 100), (90, 120, 60)).save(tmp_path / "covers" / "cup.png")
    (tmp_path / "catalog.yaml").write_text(CATALOGUE, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


Command = Callable[..., Ended]


def in_this_process(
    environment: Mapping[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Command:
    """Runs `catalog-sync` with these arguments and this environment."""
    for name, value in {**environment, "NO_COLOR": "1"}.items():
        monkeypatch.setenv(name, value)
    for name in ("GITHUB_ACTIONS", "CATALOG_SYNC_FORMAT"):
        monkeypatch.delenv(name, raising=False)

    def call(*arguments: str) -> Ended:
        capsys.readouterr()
        code = run(catalog_sync, arguments)
        told = capsys.readouterr()
        return Ended(code, told.out, told.err)

    return call


@pytest.fixture
def command(
    folder: Path, platform: Platform, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Command:
    """Runs `catalog-sync` with these arguments against the emulator."""
    environment = {
        "CATALOG_SYNC_API_BASE": platform.url,
        "CATALOG_SYNC_SECRET": "made-up",
        "CATALOG_SYNC_SETTLE_AFTER": "0s",
    }
    return in_this_process(environment, monkeypatch, capsys)
