"""`drift` and `dump` of a shop that has goods and a Mini Store."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from catalog_sync.catalogue.loader import load
from catalog_sync.emulator.app import create_app
from catalog_sync.emulator.server import EmulatorServer
from catalog_sync.providers import PROVIDERS
from catalog_sync.providers.live_goods.emulator import SYSTEM as GOODS
from catalog_sync.providers.mini_store.emulator import SYSTEM as STORE
from tests.cli.conftest import APP, CATALOGUE, Command, Platform

PRODUCTS = """\
products:
  P-1:
    skus:
      P-1-BLUE:
        sale_price: 129.00
        market_price: 159.00
        stock: 40
        attrs: {颜色: 蓝, "尺码, 码": "L: 1"}
      P-1-RED:
        sale_price: 99.50
        market_price: 159.00
        stock: 0
        sku_code: R-1
        barcode: "0690000001"
        attrs: {颜色: 红, "尺码, 码": M}
        protect: true
"""


@pytest.fixture
def platform() -> Iterator[Platform]:
    with EmulatorServer(create_app([GOODS, STORE])) as server:
        yield Platform(server.url)


@pytest.fixture
def store(command: Command, folder: Path, platform: Platform, monkeypatch: pytest.MonkeyPatch) -> Command:
    """Goods and SKUs are there, approved, and were looked at."""
    monkeypatch.setenv("CATALOG_SYNC_SETTLE_AFTER", "0s")
    platform.order("spu", appid=APP, out_product_id="P-1", title="短袖")
    (folder / "catalog.yaml").write_text(CATALOGUE + PRODUCTS, encoding="utf-8")
    assert command("apply", "--yes").code == 0
    platform.approve()
    assert command("apply", "--yes").code == 0
    return command


def _edit_sku(platform: Platform, **fields: Any) -> None:
    body = {"appid": APP, "out_product_id": "P-1", "out_sku_id": "P-1-BLUE", **fields}
    requests.patch(f"{platform.url}/_emulator/skus", json=body, timeout=10).raise_for_status()


def test_drift_of_skus(store: Command, platform: Platform) -> None:
    assert store("drift", "--detailed-exitcode").code == 0
    _edit_sku(platform, stock_num=3, sku_code="ANY")  # sales, and a field that the catalogue does not name
    assert store("drift", "--detailed-exitcode").code == 0
    _edit_sku(platform, sale_price=11900)
    (found,) = store("drift", "--format", "json").document["drift"]
    assert (found["address"], found["class"]) == ("skus.P-1-BLUE", "edited")
    assert found["fields"] == [{"field": "sale_price", "before": "129.00", "after": "119.00"}]


def test_a_dump_keeps_what_is_bound(store: Command, folder: Path) -> None:
    ended = store("dump")
    assert (ended.code, ended.err) == (0, "")
    assert '        attrs: {"颜色": "蓝", "尺码, 码": "L: 1"}\n' in ended.out
    (folder / "catalog.yaml").write_text(ended.out, encoding="utf-8")
    assert store("plan").out == "No changes. The platform matches the catalogue.\n"


def test_rows_of_both_systems_read_back_equal(store: Command, folder: Path) -> None:
    sections = [each.section for each in PROVIDERS.values()]
    before = load("catalog.yaml", sections)
    assert store("dump", "--catalogue", "--format", "csv").err == (
        "Error: goods and SKUs have other columns: they do not fit into one table\nHint: --format jsonl\n"
    )
    rows = store("dump", "--catalogue", "--format", "jsonl").out
    (folder / "rows.jsonl").write_text(rows, encoding="utf-8")
    (folder / "catalog.yaml").write_text(f"version: 1\napp: {APP}\ninclude: [rows.jsonl]\n", encoding="utf-8")
    assert load("catalog.yaml", sections).digest == before.digest


def test_skus_alone_as_a_table(command: Command, folder: Path) -> None:
    text = f"version: 1\napp: {APP}\n" + PRODUCTS
    (folder / "catalog.yaml").write_text(text, encoding="utf-8")
    sections = [each.section for each in PROVIDERS.values()]
    before = load("catalog.yaml", sections)
    table = command("dump", "--catalogue", "--format", "csv", "--headings", "zh").out
    assert table.startswith(
        "\ufeff商品编号,SKU编号,售价,市场价,库存,SKU小图,SKU编码,条形码,规格,优先级,截止时间,保护\r\n"
    )
    (folder / "skus.csv").write_bytes(table.encode())
    (folder / "catalog.yaml").write_text(f"version: 1\napp: {APP}\ninclude: [skus.csv]\n", encoding="utf-8")
    assert load("catalog.yaml", sections).digest == before.digest
