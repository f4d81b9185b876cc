"""A real shop: 120 goods with real names and prices, from the first check to an equal platform and an empty plan.

The data is half of the goods of the MIT-licensed litemall sample shop. It is not part of this repository: the test runs
where it lies beside the checkout, or where CATALOG_SYNC_TEST_SHOP_DATA names its folder.
"""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
import requests
from PIL import Image, ImageDraw

from catalog_sync.emulator.app import create_app
from catalog_sync.emulator.server import EmulatorServer
from catalog_sync.providers.live_goods.emulator import SYSTEM

APP = "wx0123456789abcdef"
ROOT = Path(__file__).parents[2]
DATA = Path(os.environ.get("CATALOG_SYNC_TEST_SHOP_DATA") or ROOT.parent / "shared" / "data")
GOODS = DATA / "litemall-goods.csv"

pytestmark = pytest.mark.skipif(not GOODS.exists(), reason=f"the real shop's goods are not there: {GOODS}")


class Shop:
    """The catalogue of the real shop in a folder of its own, and the platform that it is applied to."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder = folder
        self.url = url
        with GOODS.open(encoding="utf-8", newline="") as file:
            self.rows = {row["goods_id"]: row for row in csv.DictReader(file)}
        (folder / "covers").mkdir()
        for goods_id in self.rows:
            draw_cover(folder / "covers" / f"{goods_id}.png", int(goods_id))

    def write(self) -> None:
        lines = ["version: 1", f"app: {APP}", "policy:", "  locked_change: replace", "goods:"]
        for goods_id, row in self.rows.items():
            lines += [
                f"  g-{goods_id}:",
                f"    name: {json.dumps(row['name'], ensure_ascii=False)}",
                f"    cover: covers/{goods_id}.png",
                "    priceType: 3",
                f"    price: {row['counter_price']}",
                f"    price2: {row['retail_price']}",
                f"    url: pages/goods/detail?id={goods_id}",
            ]
        (self.folder / "catalog.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")

    def run(self, *arguments: str, code: int = 0) -> str:
        return run(self.folder, self.url, *arguments, code=code)

    def approve(self) -> None:
        order = {"appid": APP, "all": True, "verdict": "approve"}
        requests.post(f"{self.url}/_emulator/verdict", json=order, timeout=10).raise_for_status()

    def platform(self) -> dict[str, tuple[str, str, str, int]]:
        """What the platform has: by url, the name, both prices and the review state."""
        world = requests.get(f"{self.url}/_emulator/world", params={"appid": APP}, timeout=10).json()
        return {
            each["url"]: (each["name"], each["price"], each["price2"], each["audit_status"]) for each in world["goods"]
        }

    def desired(self) -> dict[str, tuple[str, str, str, int]]:
        """What the platform should have once everything is approved."""
        return {
            f"pages/goods/detail?id={goods_id}": (row["name"], row["counter_price"], row["retail_price"], 2)
            for goods_id, row in self.rows.items()
        }


def run(folder: Path, url: str, *arguments: str, code: int = 0) -> str:
    """The program in this folder, against this platform; what it prints."""
    environment = os.environ | {
        "CATALOG_SYNC_API_BASE": url,
        "CATALOG_SYNC_SECRET": "made-up",
        "CATALOG_SYNC_SETTLE_AFTER": "0s",
        "PYTHONPATH": str(ROOT),
    }
    ended = subprocess.run(
        [sys.executable, "-m", "catalog_sync", *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == code, ended.stdout + ended.stderr
    return ended.stdout


def draw_cover(path: Path, seed: int) -> None:
    picture = Image.new("RGB", (120, 120), (seed % 200 + 40, seed // 7 % 200 + 40, seed // 11 % 200 + 40))
    ImageDraw.Draw(picture).ellipse((20, 20, 100, 100), fill=(255, 255, 255))
    picture.save(path)


def units(name: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in name)


def shorten(name: str) -> str:
    while units(name) > 28:
        name = name[:-1]
    return name.strip()


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    with EmulatorServer(create_app([SYSTEM])) as server:
        yield Shop(tmp_path, server.url)


def test_a_real_shop_follows_its_catalogue(shop: Shop) -> None:
    shop.write()
    too_long = {f"goods.g-{goods_id}" for goods_id, row in shop.rows.items() if units(row["name"]) > 28}
    found = json.loads(shop.run("validate", "--format", "json", code=1))
    errors = [each for each in found["diagnostics"] if each["severity"] == "error"]
    assert {each["address"] for each in errors} == too_long
    assert {each["code"] for each in errors} == {"name_too_long"}

    for row in shop.rows.values():
        row["name"] = shorten(row["name"])
    shop.write()
    shop.run("validate")
    first = json.loads(shop.run("apply", "--yes", "--format", "json"))
    assert first["summary"] == {"applied": 120, "failed": 0, "in_doubt": 0, "skipped": 0, "remaining": 120}
    shop.approve()
    assert shop.platform() == shop.desired()
    shop.run("plan", "--detailed-exitcode")

    keys = list(shop.rows)
    for goods_id in keys[0:20]:
        row = shop.rows[goods_id]
        row["retail_price"] = f"{Decimal(row['retail_price']) * 9 / 10:.2f}"
    for goods_id in keys[20:30]:
        shop.rows[goods_id]["name"] = shorten("新" + shop.rows[goods_id]["name"])
    for goods_id in keys[30:40]:
        del shop.rows[goods_id]
    shop.write()
    second = json.loads(shop.run("plan", "--format", "json", "--detailed-exitcode", code=2))
    counts = {name: count for name, count in second["summary"].items() if count}
    assert counts == {"update": 20, "replace": 10, "delete": 10, "unchanged": 80, "ready": 40}
    shop.run("apply", "--yes")
    shop.approve()
    assert shop.platform() == shop.desired()
    assert shop.run("plan", "--detailed-exitcode").splitlines()[-1] == "No changes. The platform matches the catalogue."
