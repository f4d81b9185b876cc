"""The reviewer, by hand and by itself."""

from collections.abc import Iterator

import pytest
import requests

from catalog_sync.emulator.app import create_app
from catalog_sync.emulator.server import EmulatorServer
from catalog_sync.providers.live_goods.emulator import SYSTEM

from .wire import Wire


def statuses(wire: Wire) -> list[int]:
    return [goods["audit_status"] for goods in wire.world()["goods"]]


def test_by_id_by_name_and_all(wire: Wire) -> None:
    ids = [wire.add(name=f"商品第{number}号")["goodsId"] for number in (1, 2, 3, 4)]
    assert wire.verdict("approve", goods_id=ids[0]) == {"judged": [ids[0]]}
    assert wire.verdict("reject", name="商品第2号") == {"judged": [ids[1]]}
    assert wire.verdict("approve", all=True) == {"judged": ids[2:]}
    assert wire.verdict("approve", all=True) == {"judged": []}
    assert statuses(wire) == [2, 3, 2, 2]


@pytest.mark.parametrize(
    "order",
    [
        {"verdict": "approve"},
        {"verdict": "perhaps", "all": True},
        {"verdict": "approve", "goods_id": 51, "name": "a"},
        {"verdict": "approve", "goods_id": 99},
        {"verdict": "approve", "out_product_id": "P-1"},
    ],
)
def test_an_order_that_means_nothing(wire: Wire, order: dict[str, object]) -> None:
    answer = requests.post(f"{wire.url}/_emulator/verdict", json={"appid": wire.appid, **order}, timeout=20)
    assert answer.status_code == 400
    assert answer.json()["error"]


@pytest.fixture
def quick() -> Iterator[Wire]:
    app = create_app([SYSTEM], verdict="approve", verdict_after=60)
    with EmulatorServer(app) as server, Wire(server.url).session as session:
        client = Wire(server.url)
        client.session = session
        client.fetch_token()
        yield client


def test_by_itself_after_a_while_of_the_emulator_s_clock(quick: Wire) -> None:
    made = quick.add()
    assert statuses(quick) == [1]
    quick.control("clock", advance="30s")
    assert statuses(quick) == [1]
    quick.control("clock", advance="30s")
    assert quick.withdraw(made["goodsId"], made["auditId"])["errcode"] == 300017, "decided before the withdraw"
    assert statuses(quick) == [2]


def test_a_new_submission_waits_anew(quick: Wire) -> None:
    made = quick.add()
    quick.control("clock", advance="30s")
    quick.withdraw(made["goodsId"], made["auditId"])
    quick.audit(made["goodsId"])
    quick.control("clock", advance="31s")
    assert statuses(quick) == [1]
    quick.control("clock", advance="30s")
    assert statuses(quick) == [2]


def test_a_reset_brings_the_start_back(quick: Wire) -> None:
    quick.settings(verdict="reject", verdict_after=0)
    quick.add()
    assert statuses(quick) == [3]
    quick.control("reset")
    quick.fetch_token()
    quick.add()
    assert statuses(quick) == [1]
    quick.control("clock", advance="60s")
    assert statuses(quick) == [2]
