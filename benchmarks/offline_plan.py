"""Time and memory of `plan --no-refresh` against the bare libyaml event pass over the same file.

    python benchmarks/offline_plan.py 1000 10000 100000

Makes a catalogue of N goods (Chinese names, all price types, 1% changed since the last apply) with the state and the
last observation that an apply of all of them leaves, and runs both as fresh processes in turn: one warm-up, then five
pairs (three from 100,000 on). Prints medians of wall seconds and peak memory, and the ratio pair by pair.
"""

from __future__ import annotations

import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from catalog_sync.core.journal import Amendment
from catalog_sync.core.model import Address, AuditStatus, Binding, Copy, Observation, Remote
from catalog_sync.core.ports import Holder
from catalog_sync.state.opening import open_state

APP = "wx0123456789abcdef"
ORIGIN = "http://127.0.0.1:1"
COVER = "https://example.com/covers/{}.png"

BARE_EVENTS = """
import sys
from _ruamel_yaml import CParser
from ruamel.yaml.events import StreamEndEvent
parser = CParser(open(sys.argv[1], "rb"))
while type(parser.get_event()) is not StreamEndEvent:
    pass
"""


def goods(number: int, *, changed: bool) -> tuple[str, str, str, str, int, int, int | None]:
    """The values of one item; every hundredth has another price when `changed`."""
    dice = random.Random(number)
    price = dice.randrange(100, 2_000_00)
    kind = 1 + number % 3
    second = None if kind == 1 else price + 500 if kind == 2 else max(1, price - 50)
    if changed and number % 100 == 0:
        price, second = price + 1, None if second is None else second + 1
    name = f"{dice.choice('青白紫龙金')}{dice.choice('瓷陶木竹')}茶具{number}"
    return name, COVER.format(number), f"pages/goods/detail?id={number}", "", kind, price, second


def write_catalogue(path: Path, count: int) -> None:
    """The catalogue with 1% changed."""
    with path.open("w", encoding="utf-8") as file:
        file.write(f"version: 1\napp: {APP}\ngoods:\n")
        for number in range(count):
            name, cover, url, _, kind, price, second = goods(number, changed=True)
            file.write(f"  item-{number}:\n    name: {name}\n    cover: {cover}\n    url: {url}\n")
            file.write(f"    priceType: {kind}\n    price: {price / 100:.2f}\n")
            if second is not None:
                file.write(f"    price2: {second / 100:.2f}\n")


def write_state(url: str, count: int) -> None:
    """What an apply and an approval of all goods leave behind."""
    bindings, remotes = [], {}
    for number in range(count):
        sent = goods(number, changed=False)
        shown = (sent[0], f"http://mmbiz.example/{number}/0", *sent[2:])
        copy = Copy(number + 1, 3_000_000_000 + number, sent, sent, shown, (None,) * 7, 1.0)
        bindings.append(Binding(Address(f"goods.item-{number}"), copy))
        remotes[number + 1] = Remote(number + 1, AuditStatus.APPROVED, shown, ours=True)
    with open_state(url, origin=ORIGIN, app=APP) as store:
        lease = store.acquire(Holder("benchmark", "here", os.getpid(), "benchmark"), time.time())
        store.amend(Amendment(put=tuple(bindings)), lease.epoch)
        store.record_observation("goods", Observation(remotes, taken_at=time.time()))
        store.record_reads({"list": 1}, date(2026, 1, 1))
        store.release(lease)


def timed(command: list[str], environment: dict[str, str]) -> tuple[float, float]:
    """Wall seconds and peak megabytes of one fresh process."""
    started = time.perf_counter()
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    elapsed = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{command[:4]} ended with {process.returncode}")
    return elapsed, usage.ru_maxrss / 1024


def measure(count: int) -> None:
    """One row of the table."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "catalog.yaml"
        write_catalogue(path, count)
        write_state(f"sqlite:///{folder}/state.db", count)
        environment = os.environ | {
            "CATALOG_SYNC_ACCESS_TOKEN": "none-is-sent",
            "CATALOG_SYNC_API_BASE": ORIGIN,
            "CATALOG_SYNC_STATE": f"sqlite:///{folder}/state.db",
        }
        ours = [sys.executable, "-m", "catalog_sync", "plan", "--no-refresh", "--format", "json", "-f", str(path)]
        bare = [sys.executable, "-c", BARE_EVENTS, str(path)]
        pairs = [(timed(ours, environment), timed(bare, environment)) for _ in range(4 if count >= 100_000 else 6)][1:]
    wall = statistics.median(mine[0] for mine, _ in pairs)
    peak = statistics.median(mine[1] for mine, _ in pairs)
    floor = statistics.median(other[0] for _, other in pairs)
    ratio = statistics.median(mine[0] / other[0] for mine, other in pairs)
    print(f"{count:>9,}  plan {wall:6.2f} s {peak:6.0f} MB   events {floor:6.2f} s   ratio {ratio:5.2f}", flush=True)


if __name__ == "__main__":
    for each in sys.argv[1:] or ["1000", "10000", "100000"]:
        measure(int(each))
