"""What a plan asks of the platform, counted there: no call more than the lists need, however many goods there are."""

from __future__ import annotations

from collections import Counter
from math import ceil

import pytest
import requests

from catalog_sync.providers.live_goods.client import LIST_PATH, POOL_PATHS
from catalog_sync.wechat import quota
from tests.cli.conftest import APP, Command, Platform

TOKEN_PATH = "/cgi-bin/stable_token"
QUOTA_CALLS = sum(map(len, POOL_PATHS.values()))


def sent(platform: Platform) -> Counter[str]:
    told = requests.get(f"{platform.url}/_emulator/calls", params={"appid": APP}, timeout=10).json()
    return Counter(each["path"] for each in told["calls"])


@pytest.mark.parametrize("counts", [(0, 0, 0, 0), (0, 101, 250, 1), (99, 100, 1_001, 200)])
@pytest.mark.parametrize("parallelism", ["1", "16"])
def test_a_plan_asks_for_each_page_once(
    command: Command, platform: Platform, counts: tuple[int, ...], parallelism: str
) -> None:
    assert command("apply", "--yes").code == 0  # two goods, under review
    for status, count in enumerate(counts):
        if count:
            platform.order("goods", appid=APP, count=count, audit_status=status)
    requests.delete(f"{platform.url}/_emulator/calls", timeout=10)
    planned = command("plan", "--format", "json", "--parallelism", parallelism)
    assert planned.document["unmanaged"]["count"] == sum(counts)
    held = (counts[0], counts[1] + 2, *counts[2:])
    pages = sum(max(1, ceil(each / 100)) for each in held)
    assert sent(platform) == {TOKEN_PATH: 1, LIST_PATH: pages, quota.PATH: QUOTA_CALLS}


def test_a_plan_without_a_refresh_asks_nothing(command: Command, platform: Platform) -> None:
    assert command("apply", "--yes").code == 0
    requests.delete(f"{platform.url}/_emulator/calls", timeout=10)
    assert command("plan", "--no-refresh", "--format", "json").code == 0
    assert sent(platform) == {}
