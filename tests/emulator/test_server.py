"""The server: the command line's way, a thread's way, the database."""

import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from catalog_sync.emulator.app import create_app
from catalog_sync.emulator.errors import EmulatorError
from catalog_sync.emulator.server import EmulatorServer
from catalog_sync.providers.live_goods.emulator import SYSTEM

from .wire import GOODS, Wire

SCRIPT = """
import sys
from pathlib import Path
from catalog_sync.emulator.app import create_app
from catalog_sync.emulator.server import run
from catalog_sync.providers.live_goods.emulator import SYSTEM
db = Path(sys.argv[1]) if len(sys.argv) > 1 else None
caught = run(create_app([SYSTEM], db=db), "127.0.0.1", 0, lambda line: print(line, flush=True))
print(f"ended by {caught}")
"""


@contextmanager
def process(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run an emulator of its own; gives it and its address."""
    command = [sys.executable, "-c", SCRIPT, *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        line = child.stdout.readline()
        assert line.startswith("Emulator listening on http://127.0.0.1:")
        try:
            yield child, line.split()[-1]
        finally:
            child.kill()


@contextmanager
def on_file(path: Path) -> Iterator[Wire]:
    """Serve a database from a thread."""
    with EmulatorServer(create_app([SYSTEM], db=path)) as server:
        client = Wire(server.url)
        with client.session:
            yield client


@pytest.mark.parametrize("end", [subprocess.Popen.terminate, lambda child: child.send_signal(2)])
def test_a_signal_ends_it_at_once(end: Callable[[subprocess.Popen[str]], None]) -> None:
    with process() as (child, url):
        wire = Wire(url)
        wire.fetch_token()
        wire.fault("list", "slow")
        slow = threading.Thread(target=lambda: wire.list(1))
        slow.start()
        while "slow" not in (call["fault"] for call in Wire(url).control("calls", "GET")["calls"]):
            time.sleep(0.02)
        began = time.monotonic()
        end(child)
        rest, _ = child.communicate(timeout=20)
        assert time.monotonic() - began < 15
        slow.join()
        assert (child.returncode, rest) in [(0, "ended by 15\n"), (0, "ended by 2\n")]


def test_a_killed_emulator_goes_on_where_it_was(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "world.db"
    with process(str(path)) as (child, url):
        wire = Wire(url)
        wire.settings(text_on_read="normalised", limits={"submit": 3})
        wire.control("clock", advance="1h")
        wire.fetch_token()
        kept = wire.upload()["media_id"]
        first, second = wire.add(), wire.add(priceType=3, price=9, price2="5.5")
        wire.withdraw(first["goodsId"], first["auditId"])
        wire.delete(first["goodsId"])
        before = wire.world()
        child.kill()
        child.wait()
    with on_file(path) as again:
        again.token = wire.token
        after = again.world()
        assert {**after, "now": 0, "beijing_time": ""} == {**before, "now": 0, "beijing_time": ""}
        assert after["now"] - before["now"] < 60
        third = again.add(coverImgUrl=kept)
        assert (third["goodsId"], third["auditId"] > second["auditId"]) == (53, True)
        assert again.add(coverImgUrl=kept)["errcode"] == 300012
        goods = again.list(1)["goods"]
        assert goods[0]["url"] == "pages/item/detail.html?id=7001"
        picture = again.session.get(goods[0]["coverImgUrl"], timeout=20)
        assert picture.headers["Content-Type"] == "image/png"
        assert again.verdict("approve", all=True) == {"judged": [52, 53]}


def test_a_restart_is_no_change_that_a_list_could_lag_behind(tmp_path: Path) -> None:
    path = tmp_path / "world.db"
    with on_file(path) as wire:
        wire.control("goods", appid=wire.appid, count=2)
    with on_file(path) as wire:
        wire.fetch_token()
        wire.fault("list", "lagging_list")
        wire.fault("list", "lagging_list", seconds=3600)
        assert [wire.list(2)["total"], wire.list(2)["total"]] == [2, 2]


def test_a_verdict_that_there_is_not() -> None:
    with pytest.raises(EmulatorError, match="setting verdict: 'maybe'"):
        create_app([SYSTEM], verdict="maybe")


def test_a_reset_empties_the_database(tmp_path: Path) -> None:
    path = tmp_path / "world.db"
    with on_file(path) as wire:
        wire.fetch_token()
        wire.add()
        wire.control("reset")
    with on_file(path) as wire:
        assert wire.control("world", "GET") == {"worlds": []}


def test_the_automatic_reviewer_goes_on_after_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "world.db"
    with on_file(path) as wire:
        wire.fetch_token()
        wire.add()
    with EmulatorServer(create_app([SYSTEM], db=path, verdict="reject", verdict_after=60)) as server:
        wire = Wire(server.url)
        assert wire.world()["goods"][0]["audit_status"] == 1
        wire.control("clock", advance="60s")
        assert wire.world()["goods"][0]["audit_status"] == 3


def test_a_file_of_something_else_is_left_alone(tmp_path: Path) -> None:
    text, other = tmp_path / "notes.txt", tmp_path / "other.db"
    text.write_text("not a database, but long enough to be looked at " * 50, encoding="utf-8")
    with sqlite3.connect(other) as db:
        db.execute("CREATE TABLE mine (a)")
    db.close()
    for path in (text, other):
        with pytest.raises(EmulatorError, match=path.name):
            create_app([SYSTEM], db=path)


def test_one_database_one_emulator(tmp_path: Path) -> None:
    with on_file(tmp_path / "world.db"), pytest.raises(EmulatorError, match=r"world\.db"):
        create_app([SYSTEM], db=tmp_path / "world.db")


def test_a_port_in_use_is_said_clearly(emulator: EmulatorServer) -> None:
    port = int(emulator.url.rsplit(":", 1)[1])
    with pytest.raises(EmulatorError, match=f"cannot listen on 127.0.0.1:{port}: .*try --port 0"):
        EmulatorServer(create_app([SYSTEM]), port=port)


def test_32_clients_are_served_side_by_side(wire: Wire) -> None:
    wire.settings(latency_ms=500)

    def two_calls() -> None:
        client = Wire(wire.url)
        client.token = wire.token
        with client.session:
            for _ in range(2):
                assert client.status(1)["errcode"] == 0

    threads = [threading.Thread(target=two_calls) for _ in range(32)]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert time.monotonic() - began < 32 * 2 * 0.5 / 4, "at least four at a time, on any machine"


def test_parallel_adds_lose_no_id(wire: Wire) -> None:
    cover = wire.upload()["media_id"]
    seen: list[int] = []

    def add_some() -> None:
        body = {"goodsInfo": wire.info(coverImgUrl=cover)}
        for _ in range(10):
            answer = requests.post(f"{wire.url}{GOODS}/add?access_token={wire.token}", json=body, timeout=20)
            seen.append(answer.json()["goodsId"])

    threads = [threading.Thread(target=add_some) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(seen) == list(range(51, 131))
    assert wire.list(1)["total"] == 80
