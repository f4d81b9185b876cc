"""Time, memory and calls of a catalogue with goods and Mini Store SKUs, planned and applied against the emulator.

    python benchmarks/mixed_shop.py 5000 1000 5

So many goods, so many products, so many SKUs each: 10,000 items. The day's limit of submissions is lifted, in the
catalogue and in the emulator. The limits of SKUs are the platform's, 200 an hour and 1000 a day, and no catalogue
changes the first: what does not fit is deferred, and applied again each hour of the emulator's clock, which is moved
on. The emulator is a process of its own; seconds and peak memory are those of fresh processes of ours.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from http.client import HTTPConnection
from pathlib import Path
from typing import NamedTuple

from PIL import Image

APP = "wx0123456789abcdef"
COVERS = 50


class Ended(NamedTuple):
    """One fresh process: seconds by the clock and of the processor, peak megabytes, what it printed."""

    seconds: float
    processor: float
    megabytes: float
    document: dict[str, dict[str, int]]


class Shop:
    """The catalogue in a folder, and the platform as an emulator."""

    def __init__(self, folder: Path, port: int) -> None:
        self._folder, self._port = folder, port
        self._environment = os.environ | {
            "CATALOG_SYNC_API_BASE": f"http://127.0.0.1:{port}",
            "CATALOG_SYNC_SECRET": "made-up",
            "CATALOG_SYNC_SETTLE_AFTER": "0s",
        }

    def order(self, method: str, name: str, **order: object) -> dict[str, dict[str, int]]:
        """One order to the emulator."""
        connection = HTTPConnection("127.0.0.1", self._port, timeout=600)
        connection.request(method, f"/_emulator/{name}", json.dumps(order).encode())
        answer = connection.getresponse()
        text = answer.read()
        connection.close()
        if answer.status != 200:
            sys.exit(f"the emulator refused {name}: {text.decode()}")
        told: dict[str, dict[str, int]] = json.loads(text)
        return told

    def calls(self) -> int:
        """Calls of the platform so far."""
        return sum(self.order("GET", f"calls?appid={APP}")["counts"].values())

    def run(self, *arguments: str) -> Ended:
        """Run `catalog-sync`."""
        out = self._folder / "out.json"
        command = [sys.executable, "-m", "catalog_sync", *arguments, "--format", "json", "-q"]
        started = time.perf_counter()
        with out.open("wb") as file:
            process = subprocess.Popen(command, cwd=self._folder, env=self._environment, stdout=file)
            _, status, usage = os.wait4(process.pid, 0)
        elapsed = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            sys.exit(f"{arguments} ended with {process.returncode}: {out.read_text('utf-8')[:2000]}")
        return Ended(elapsed, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, json.loads(out.read_bytes()))

    def write(self, goods: int, products: int, each: int, *, changed: bool) -> None:
        """The catalogue; when `changed`, every hundredth item has another price."""
        with (self._folder / "catalog.yaml").open("w", encoding="utf-8") as file:
            file.write(f"version: 1\napp: {APP}\nquota:\n  submit: {{limit: {goods + 1}}}\n")
            file.write("goods:\n" if goods else "")
            for number in range(goods):
                price = f"{number % 900 + 10}.{50 if changed and number % 100 == 0 else 00:02}"
                file.write(f"  item-{number}:\n    name: 青瓷茶具{number}\n    cover: covers/{number % COVERS}.png\n")
                file.write(f"    price: {price}\n    url: pages/goods/detail?id={number}\n")
            file.write("products:\n" if products else "")
            for number in range(products):
                file.write(f"  P-{number}:\n    skus:\n")
                for part in range(each):
                    price = f"{number % 900 + 10}.{50 if changed and (number * each + part) % 100 == 0 else 00:02}"
                    file.write(
                        f"      P-{number}-{part}:\n        sale_price: {price}\n        market_price: 1000.00\n"
                    )
                    file.write(f"        stock: {part + 1}\n        attrs: {{款式: 第{part}款}}\n")


def prepare(shop: Shop, folder: Path, goods: int, products: int, each: int) -> None:
    """The catalogue with its covers, and the products in the emulator."""
    (folder / "covers").mkdir()
    for number in range(COVERS):
        Image.new("RGB", (60, 60), (number * 5, 120, 90)).save(folder / "covers" / f"{number}.png")
    shop.write(goods, products, each, changed=False)
    shop.order("POST", "settings", limits={"submit": goods + 1, "upload": 100_000, "list": 100_000})
    for number in range(products):
        shop.order("POST", "spu", appid=APP, out_product_id=f"P-{number}", title=f"茶具{number}")


def told(what: str, ended: Ended, calls: int) -> None:
    """One line of the result."""
    counts = " ".join(f"{name} {count}" for name, count in ended.document["summary"].items() if count)
    spent = f"{ended.seconds:7.1f} s {ended.processor:6.1f} s CPU {ended.megabytes:5.0f} MB {calls:>7,} calls"
    print(f"{what:<22} {spent}   {counts}", flush=True)


def step(shop: Shop, what: str, *arguments: str) -> Ended:
    """One command, told."""
    before = shop.calls()
    ended = shop.run(*arguments)
    told(what, ended, shop.calls() - before)
    return ended


def measure(shop: Shop, goods: int, products: int, each: int) -> None:
    """All steps, from nothing to an empty plan, and to another one."""
    step(shop, "plan, all new", "plan")
    hours = 0
    while step(shop, f"apply, hour {hours}", "apply", "--yes").document["summary"].get("applied"):
        hours += 1
        day_is_full = hours % 5 == 0
        shop.order("POST", "verdict", all=True, verdict="approve")
        shop.order("POST", "clock", advance="20h" if day_is_full else "1h")
    step(shop, "plan, nothing changed", "plan")
    shop.write(goods, products, each, changed=True)
    step(shop, "plan, 1% changed", "plan")
    step(shop, "apply, 1% changed", "apply", "--yes")
    step(shop, "plan, nothing left", "plan")


def main() -> None:
    """Start the emulator, measure, end it."""
    goods, products, each = map(int, sys.argv[1:4] or ("5000", "1000", "5"))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        command = [sys.executable, "-m", "catalog_sync", "emulator", "--port", "0"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=folder, encoding="utf-8") as emulator:
            try:
                found = re.search(r":(\d+)$", emulator.stdout.readline().strip() if emulator.stdout else "")
                shop = Shop(folder, int(found[1]) if found else sys.exit("the emulator did not start"))
                prepare(shop, folder, goods, products, each)
                measure(shop, goods, products, each)
            finally:
                emulator.terminate()


if __name__ == "__main__":
    main()
