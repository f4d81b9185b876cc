"""One catalogue with goods and Mini Store SKUs: what commands show of both, and what a retired system takes along."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from catalog_sync.emulator.app import create_app
from catalog_sync.emulator.server import EmulatorServer
from catalog_sync.providers.live_goods.emulator import SYSTEM as LIVE_GOODS
from catalog_sync.providers.mini_store.emulator import SYSTEM as MINI_STORE

from .conftest import APP, CATALOGUE, Command, Platform

PRODUCTS = """\
products:
  T-100:
    skus:
      T-100-BLUE:
        sale_price: 59
        market_price: 79
        stock: 40
        thumb: covers/cup.png
        attrs: {颜色: 青}
      T-100-WHITE:
        sale_price: 49
        market_price: 69
        stock: 60
        attrs: {颜色: 白}
"""
GONE = "this interface was taken offline (errcode 1400007)"
LEAVE = "take products: out of the catalogue; goods do not need these calls"
MISSING = "The store has no such product: make it in the console, or name it by its product_id; its SKUs follow then."
UNUSED = "this catalogue does not use it"


@pytest.fixture
def platform() -> Iterator[Platform]:
    with EmulatorServer(create_app([LIVE_GOODS, MINI_STORE])) as server:
        made = Platform(server.url)
        made.order("spu", appid=APP, out_product_id="T-100", title="手绘茶杯")
        yield made


@pytest.fixture
def both(folder: Path) -> Path:
    """The catalogue with a product beside its goods."""
    catalogue = folder / "catalog.yaml"
    catalogue.write_text(CATALOGUE + PRODUCTS, encoding="utf-8")
    return catalogue


@pytest.mark.parametrize("uses_products", [False, True])
@pytest.mark.parametrize("offline", [False, True])
def test_doctor_tells_whether_the_mini_store_answers(
    command: Command, platform: Platform, folder: Path, *, offline: bool, uses_products: bool
) -> None:
    (folder / "catalog.yaml").write_text(CATALOGUE + PRODUCTS * uses_products, encoding="utf-8")
    platform.order("settings", interface_offline=offline)
    found = (
        ["ok       {} answers"]
        if not offline
        else [f"FAILED   {{}} {GONE}", f"{' ' * 26}{LEAVE}"]
        if uses_products
        else [f"skipped  {{}} {GONE}; {UNUSED}"]
    )
    ended = command("doctor")
    assert ended.code == (1 if offline and uses_products else 0)
    goods = ["ok       goods list       answers", "ok       goods status     answers"]
    store = [line.format(name) for name in ("product spu_list", "sku sku_get     ") for line in found]
    assert ended.out.splitlines()[4:-1] == [*goods, *store]


def test_both_systems_in_one_plan_and_one_status(command: Command, platform: Platform, both: Path) -> None:
    planned = command("plan", "--format", "json").document
    changes = planned["changes"]
    assert [(each["address"], each["action"], [step["call"] for step in each["steps"]]) for each in changes] == [
        ("goods.tit-cup", "add", ["upload", "add"]),
        ("goods.tea-set", "add", ["upload", "add"]),
        ("skus.T-100-BLUE", "add", ["upload", "sku_add"]),
        ("skus.T-100-WHITE", "add", ["sku_add"]),
        ("products.T-100", "resubmit", ["listing"]),
    ]  # fmt: skip
    assert [(each["pool"], each["planned"]) for each in planned["quota"]] == [
        ("submit", 2), ("withdraw", 0), ("update", 0), ("delete", 0), ("upload", 2), ("status", 0), ("list", 0),
        ("sku_write", 2),
    ]  # fmt: skip
    assert command("apply", "--yes").out.splitlines()[-1] == (
        "Applied: 5 · Failed: 0 · In doubt: 0 · Skipped: 0 · Remaining: 3"
    )
    platform.approve()
    told = [line.split()[:2] for line in command("status").out.splitlines()[1:6]]
    assert told == [
        ["goods.tit-cup", "approved"],
        ["goods.tea-set", "approved"],
        ["products.T-100", "approved"],
        ["skus.T-100-BLUE", "approved"],
        ["skus.T-100-WHITE", "approved"],
    ]
    both.write_text(both.read_text(encoding="utf-8").replace("{颜色: 青}", "{颜色: 蓝}"), encoding="utf-8")
    changed = command("plan", "--detailed-exitcode")
    assert changed.code == 2
    assert changed.out.splitlines()[2:7] == [
        "  ^ resubmit  skus.T-100-BLUE  [approved]  sku_update",
        '      attrs  {"颜色":"青"}  ->  {"颜色":"蓝"}',
        "      Its draft is changed.",
        "  ^ resubmit  products.T-100   [approved]  listing",
        "      Its changed draft is submitted, after the steps of its SKUs.",
    ]


def test_goods_go_on_without_a_retired_mini_store(command: Command, platform: Platform, both: Path) -> None:
    """The catalogue that has products is refused with the way out, and the way out is to take them out."""
    command("apply", "--yes")
    platform.approve()
    platform.order("settings", interface_offline=True)
    refused = command("plan")
    assert refused.code == 1
    assert GONE in refused.err.splitlines()[0]
    assert refused.err.splitlines()[1] == f"Hint: {LEAVE}"

    both.write_text(CATALOGUE.replace("price: 99.50", "price: 89.50"), encoding="utf-8")
    ended = command("apply", "--yes", "--format", "json")
    assert ended.code == 0
    assert [(each["address"], each["outcome"]) for each in ended.document["results"]] == [("goods.tit-cup", "applied")]
    left = command("plan", "--format", "json").document
    assert [(each["address"], each["disposition"], each["reason"]) for each in left["changes"]] == [
        (address, "blocked", "observation_incomplete")
        for address in ("products.T-100", "skus.T-100-BLUE", "skus.T-100-WHITE")
    ]
    assert left["observation"] == {
        "complete": False,
        "stable": True,
        "reason": f"{GONE}; `state rm ADDRESS` forgets what is bound there",
    }
    for address in ("skus.T-100-BLUE", "skus.T-100-WHITE", "products.T-100"):
        assert command("state", "rm", address).code == 0
    assert command("plan").out.splitlines()[-1] == "No changes. The platform matches the catalogue."


def test_a_pause_of_one_system_is_none_of_the_other(command: Command, platform: Platform, both: Path) -> None:
    """Both have a call of the name `upload`."""
    platform.order("faults", faults=[{"path": "/product/img/upload", "kind": "errcode", "code": 300000, "times": 9}])
    command("apply", "--yes", "--target", "products.T-100", "--target", "skus.T-100-BLUE")
    plan = command("plan", "--format", "json").document
    assert {each["address"]: each["disposition"] for each in plan["changes"] if each["action"] == "add"} == {
        "goods.tit-cup": "ready",
        "goods.tea-set": "ready",
        "skus.T-100-BLUE": "deferred",
        "skus.T-100-WHITE": "ready",
    }


def test_a_product_that_is_not_there_holds_its_skus(command: Command, platform: Platform, both: Path) -> None:
    both.write_text(both.read_text(encoding="utf-8").replace("  T-100:", "  T-200:"), encoding="utf-8")
    told = command("plan", "--target", "products.T-200", "--target", "skus.T-100-WHITE").out.splitlines()
    assert told[:8] == [
        "Blocked: a rule or a person must act (2)",
        "",
        "  ^ resubmit  products.T-200",
        f"      {MISSING}",
        "  + add       skus.T-100-WHITE",
        '      sale_price 49.00 · market_price 69.00 · stock 60 · attrs {"颜色":"白"}',
        "      The store has no such product. Make it in the console first.",
        "",
    ]


def test_some_hundred_items_go_over_two_hours(command: Command, platform: Platform, folder: Path) -> None:
    """100 goods, and 260 SKUs of 65 products: the platform takes 200 SKUs an hour, and the product that is cut in two
    is listed when its last SKU is there."""
    lines = ["version: 1", f"app: {APP}", "goods:"]
    for number in range(100):
        lines += [
            f"  g-{number}: {{name: 青瓷茶具{number:03}, cover: covers/cup.png, price: {number + 1},",
            f"    url: 'pages/goods/detail?id={number}'}}",
        ]
    lines.append("products:")
    for number in range(65):
        platform.order("spu", appid=APP, out_product_id=f"P-{number}", title=f"茶具{number}")
        lines += [f"  P-{number}:", "    skus:"]
        for part in range(4):
            lines += [
                f"      P-{number}-{part}: {{sale_price: {part + 1}, market_price: 99, stock: 5,",
                f"        attrs: {{款式: 第{part}款}}}}",
            ]
    (folder / "catalog.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")

    planned = command("plan", "--format", "json").document
    assert (planned["summary"]["ready"], planned["summary"]["deferred"]) == (100 + 200 + 50, 60 + 15)
    assert re.search(r"\n  \+ add +skus\.P-50-0 +from [0-9-]{10}T[0-9:]{8}Z  sku_add\n", command("plan").out)
    for applied, advance in ((350, "61m"), (75, "1s")):
        ended = command("apply", "--yes", "--format", "json")
        assert {name: count for name, count in ended.document["summary"].items() if name != "remaining" and count} == {
            "applied": applied
        }
        platform.approve()
        platform.order("clock", advance=advance)
    assert command("plan", "--detailed-exitcode").out.splitlines()[-1] == (
        "No changes. The platform matches the catalogue."
    )
    counts = requests.get(f"{platform.url}/_emulator/calls?appid={APP}", timeout=10).json()["counts"]
    assert [counts[f"/product/{call}"] for call in ("sku/add", "spu/listing")] == [260, 65]
