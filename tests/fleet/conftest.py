"""Fleets of small shops on one emulator, and the command line in this process."""

from __future__ import annotations

from collections.abc import Container, Iterator
from pathlib import Path

import pytest
from PIL import Image

from catalog_sync.emulator.app import create_app
from catalog_sync.emulator.server import EmulatorServer
from catalog_sync.providers.live_goods.emulator import SYSTEM
from tests.cli.conftest import Command, Platform, in_this_process

NAMES = ("north", "south", "west")


def app_of(number: int) -> str:
    """The appid of a made-up shop."""
    return f"wx{number:016x}"


def write_shop(folder: Path, number: int, goods: int = 2, *, a_day: int = 500, anew: Container[int] = ()) -> None:
    """A catalogue of so many goods, of which so many a day may be submitted; those `anew` have another name."""
    folder.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (60, 60), (90, 120, number % 256)).save(folder / "cup.png")
    lines = [f"version: 1\napp: {app_of(number)}\nquota: {{submit: {{limit: {a_day}}}}}\ngoods:\n"]
    for each in range(goods):
        lines.append(f"  cup-{each}:\n    name: {'白瓷' if each in anew else '青瓷'}茶杯{each}号\n    cover: cup.png\n")
        lines.append(f"    price: {each + 1}\n    url: pages/cup?id={each}\n")
    (folder / "catalog.yaml").write_text("".join(lines), encoding="utf-8")


def target(name: str, number: int, **more: str) -> str:
    """A shop in the fleet's file."""
    told = {"name": name, "appid": app_of(number), "catalogue": f"{name}/catalog.yaml", **more}
    return "".join(f"  {'-' if at == 0 else ' '} {key}: {value}\n" for at, (key, value) in enumerate(told.items()))


DEFAULTS = "version: 1\ndefaults:\n  secret: env:SHOP_SECRET\n"


def fleet_of(*targets: str, head: str = DEFAULTS) -> str:
    """The text of a fleet's file."""
    return f"{head}targets:\n{''.join(targets)}"


@pytest.fixture
def platform() -> Iterator[Platform]:
    with EmulatorServer(create_app([SYSTEM])) as server:
        yield Platform(server.url)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three shops with two goods each, as the working folder."""
    for number, name in enumerate(NAMES):
        write_shop(tmp_path / name, number)
    shops = [target(name, number, labels=f"{{region: {name}}}") for number, name in enumerate(NAMES)]
    (tmp_path / "fleet.yaml").write_text(fleet_of(*shops), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def command(
    folder: Path, platform: Platform, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Command:
    """Runs `catalog-sync` with these arguments against the emulator."""
    environment = {
        "CATALOG_SYNC_API_BASE": platform.url,
        "CATALOG_SYNC_SETTLE_AFTER": "0s",
        "SHOP_SECRET": "made-up",
    }
    return in_this_process(environment, monkeypatch, capsys)
