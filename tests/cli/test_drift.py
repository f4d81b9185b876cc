"""`drift`: each class, what is none, and the exit code; from the real commands against the emulator."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import requests

from tests.cli.conftest import APP, Command, Platform


def _edit(platform: Platform, goods_id: int, **fields: object) -> None:
    body = {"appid": APP, "goods_id": goods_id, **fields}
    requests.patch(f"{platform.url}/_emulator/goods", json=body, timeout=10).raise_for_status()


def _lose(platform: Platform, goods_id: int) -> None:
    body = {"appid": APP, "goods_id": goods_id}
    requests.delete(f"{platform.url}/_emulator/goods", json=body, timeout=10).raise_for_status()


@pytest.fixture
def ids(command: Command, platform: Platform, monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """The items are there, approved, and were looked at by a second apply; the ids by key."""
    monkeypatch.setenv("CATALOG_SYNC_SETTLE_AFTER", "0s")
    platform.order("settings", text_on_read="normalised")
    command("apply", "--yes")
    platform.approve()
    command("apply", "--yes")
    bindings = command("state", "list", "--format", "json").document["bindings"]
    return {each["address"].removeprefix("goods."): each["current"]["remote_id"] for each in bindings}


def test_what_we_left_is_no_drift(command: Command, platform: Platform, ids: dict[str, int]) -> None:
    calm = command("drift", "--detailed-exitcode")
    assert calm == (0, "No drift. Nobody else changed what we bound.\n", "")
    for verdict in (3, 1, 0):
        _edit(platform, ids["tit-cup"], audit_status=verdict)
        assert command("drift", "--detailed-exitcode").code == 0
    document = command("drift", "--format", "json").document
    assert document == {
        "format_version": "1.0", "app": APP, "complete": True, "drift": [],
        "summary": {"edited": 0, "cover_replaced": 0, "lost": 0, "foreign": 0},
    }  # fmt: skip


def _console(platform: Platform, _ids: dict[str, int]) -> int:
    made: int = platform.order(
        "console_goods", appid=APP, name="手工\x1b[31m商品", price=5, priceType=1, url="pages/a", coverImgUrl="x"
    )["goods_id"]
    return made


Case = tuple[Callable[[Platform, dict[str, int]], object], str, str | None, list[dict[str, Any]]]

CASES: dict[str, Case] = {
    "a name": (
        lambda platform, ids: _edit(platform, ids["tit-cup"], name="别的茶杯 & 茶托"),
        "edited",
        "goods.tit-cup",
        [{"field": "name", "before": "TIT茶杯一号", "after": "别的茶杯 &amp; 茶托"}],
    ),
    "a url": (
        lambda platform, ids: _edit(platform, ids["tit-cup"], url="pages/other/index?id=51"),
        "edited",
        "goods.tit-cup",
        [{"field": "url", "before": "pages/index/index.html?id=51", "after": "pages/other/index.html?id=51"}],
    ),
    "prices": (
        lambda platform, ids: _edit(platform, ids["tea-set"], price2=120.5),
        "edited",
        "goods.tea-set",
        [{"field": "price2", "before": "150.50", "after": "120.50"}],
    ),
    "a cover": (
        lambda platform, ids: _edit(platform, ids["tit-cup"], coverImgUrl="https://mmbiz.example/other"),
        "cover_replaced",
        "goods.tit-cup",
        [{"field": "cover", "before": "(the old)", "after": "https://mmbiz.example/other"}],
    ),
    "a loss": (lambda platform, ids: _lose(platform, ids["tit-cup"]), "lost", "goods.tit-cup", []),
    "an item from the console": (_console, "foreign", None, []),
}


@pytest.mark.parametrize(("happens", "kind", "address", "fields"), CASES.values(), ids=CASES.keys())
def test_drift(
    command: Command,
    platform: Platform,
    ids: dict[str, int],
    happens: Callable[[Platform, dict[str, int]], object],
    kind: str,
    address: str | None,
    fields: list[dict[str, Any]],
) -> None:
    happens(platform, ids)
    assert command("drift").code == 0
    ended = command("drift", "--format", "json", "--detailed-exitcode")
    assert ended.code == 2
    (found,) = ended.document["drift"]
    for field in found["fields"]:
        if field["field"] == "cover":
            assert field["before"].startswith(platform.url)
            field["before"] = "(the old)"
    assert (found["class"], found["address"], found["fields"]) == (kind, address, fields)
    assert address is None or found["remote_id"] == ids[address.removeprefix("goods.")]
    assert ended.document["summary"] == {
        name: int(name == kind) for name in ("edited", "cover_replaced", "lost", "foreign")
    }


def test_the_text(command: Command, platform: Platform, ids: dict[str, int]) -> None:
    _edit(platform, ids["tea-set"], price2=120.5, name="龙井茶具")
    made = _console(platform, ids)
    assert command("drift").out == (
        "Edited by others (1)\n"
        f"  goods.tea-set  {ids['tea-set']}  龙井茶具\n"
        "      name    龙井茶具套装  ->  龙井茶具\n"
        "      price2  150.50        ->  120.50\n"
        "\n"
        "On the platform, bound to no key (1)\n"
        f"  {made}  手工\\x1b[31m商品\n"
        "\n"
        "Drift: edited: 1 · cover_replaced: 0 · lost: 0 · foreign: 1\n"
    )


def test_before_the_first_look_after_a_write(command: Command, platform: Platform) -> None:
    platform.order("settings", text_on_read="normalised")
    command("apply", "--yes")
    assert command("drift", "--detailed-exitcode").code == 0
    (first, *_) = command("state", "list", "--format", "json").document["bindings"]
    _edit(platform, first["current"]["remote_id"], name="别的名称")
    (found,) = command("drift", "--format", "json").document["drift"]
    assert (found["class"], found["fields"][0]["after"]) == ("edited", "别的名称")


def test_a_list_that_cannot_be_read_whole(command: Command, platform: Platform, ids: dict[str, int]) -> None:
    _lose(platform, ids["tit-cup"])
    platform.order("faults", faults=[{"path": "list", "kind": "lost_row", "row": 0, "counted": True, "times": 99}])
    ended = command("drift", "--format", "json")
    assert (ended.code, ended.document["complete"], ended.document["drift"]) == (0, False, [])
    assert ended.err.startswith("Warning: the platform was not read whole: ")
