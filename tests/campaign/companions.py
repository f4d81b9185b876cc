"""Who else is at work while a run writes: a reviewer, another tool that spends the same quota, a clock that jumps."""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import requests

from tests.faults.harness import ADD, DELETE, PATHS, UPDATE, UPLOAD, Json, Shop

from .witness import STRANGE, Known, day_of

Work = Callable[[requests.Session], None]


@contextmanager
def beside(*companions: Work) -> Iterator[None]:
    """Let companions work until the end of the block, each again and again. What they raise is raised at the end."""
    stop = threading.Event()
    failed: list[BaseException] = []

    def keep(work: Work) -> None:
        with requests.Session() as http:
            http.trust_env = False
            try:
                while not stop.is_set():
                    work(http)
            except BaseException as error:  # noqa: BLE001 - it is raised again where somebody looks
                failed.append(error)

    threads = [threading.Thread(target=keep, args=(work,)) for work in companions]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    if failed:
        raise failed[0]


class Reviewer:
    """Approves and rejects at random moments."""

    def __init__(self, url: str, app: str, known: Known, chance: random.Random, figures: Counter[str]) -> None:
        self._url, self._app, self._known, self._chance = url, app, known, chance
        self._figures = figures

    def __call__(self, http: requests.Session) -> None:
        """One look, and one verdict where something is under review."""
        threading.Event().wait(self._chance.uniform(0.005, 0.08))
        world = http.get(f"{self._url}/_emulator/world", params={"appid": self._app}, timeout=20).json()
        under_review = [("goods_id", goods["goods_id"]) for goods in world["goods"] if goods["audit_status"] == 1]
        under_review += [("product_id", each["product_id"]) for each in world["products"] if each["edit_status"] == 2]
        if not under_review:
            return
        name, id_ = self._chance.choice(under_review)
        self._known.judged.add(id_)
        verdict = self._chance.choice(["approve", "approve", "reject"])
        order = {"appid": self._app, name: id_, "verdict": verdict}
        answer = http.post(f"{self._url}/_emulator/verdict", json=order, timeout=20)
        self._figures["verdicts during runs"] += answer.status_code == 200


class OtherTool:
    """Makes, changes and deletes goods of its own, with a token of its own, and so spends the same quota."""

    def __init__(self, url: str, app: str, cover: Path, chance: random.Random, figures: Counter[str]) -> None:
        self._url, self._app, self._cover, self._chance = url, app, cover, chance
        self._figures = figures
        self._mine: list[int] = []
        self._token = ""
        self._media = ""

    def __call__(self, http: requests.Session) -> None:
        """One call."""
        threading.Event().wait(self._chance.uniform(0.005, 0.06))
        self._figures["calls of another tool"] += 1
        if not self._token or not self._media:
            self._begin(http)
        elif not self._mine or self._chance.random() < 0.5:
            number, price = self._chance.randrange(1000), self._chance.randrange(50, 150)
            new: Json = {
                "name": f"{STRANGE}商品 {number}",
                "coverImgUrl": self._media,
                "url": f"pages/other?id=9{number}",
            }
            made = self._call(http, ADD, {"goodsInfo": {**new, "priceType": 1, "price": price}})
            self._mine += [made["goodsId"]] if made.get("goodsId") else []
        elif self._chance.random() < 0.6:
            info = {
                "goodsId": self._chance.choice(self._mine),
                "priceType": 1,
                "price": self._chance.randrange(50, 150),
            }
            self._call(http, UPDATE, {"goodsInfo": info})
        else:
            self._call(http, DELETE, {"goodsId": self._chance.choice(self._mine)})

    def _begin(self, http: requests.Session) -> None:
        told = http.post(f"{self._url}/_emulator/token", json={"appid": self._app}, timeout=20).json()
        self._token = told["access_token"]
        files = {"media": ("cover.png", self._cover.read_bytes(), "image/png")}
        answer = self._post(http, UPLOAD, files=files)
        self._media = answer.get("media_id", "")

    def _call(self, http: requests.Session, name: str, body: Json) -> Json:
        answer = self._post(http, name, json=body)
        if answer.get("errcode") in (40001, 40014, 42001, 300006):
            self._token = ""
        return answer

    def _post(self, http: requests.Session, name: str, **sent: object) -> Json:
        query = {"access_token": self._token, "tool": "other", "type": "image"}
        try:
            response = http.post(f"{self._url}{PATHS[name]}", params=query, timeout=20, **sent)  # type: ignore[arg-type]
            told: Json = response.json()
        except (requests.RequestException, ValueError):  # a fault hit it instead of a run
            return {}
        return told


class Administrator:
    """Ends sessions of the database's, in the middle of whatever they do."""

    def __init__(self, shop: Shop, chance: random.Random, figures: Counter[str]) -> None:
        self._shop, self._chance, self._figures = shop, chance, figures

    def __call__(self, _http: requests.Session) -> None:
        """End one."""
        threading.Event().wait(self._chance.uniform(0.02, 0.3))
        ended = self._shop.rows(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE application_name = current_setting('application_name') AND pid <> pg_backend_pid() LIMIT 1"
        )
        self._figures["sessions ended"] += len(ended)


class Calendar:
    """Lets a quota day end in the middle, once."""

    def __init__(self, url: str, known: Known, chance: random.Random, figures: Counter[str]) -> None:
        self._url, self._known, self._figures = url, known, figures
        self._left: float | None = chance.uniform(0.05, 0.5)

    def __call__(self, http: requests.Session) -> None:
        """Wait, and jump."""
        threading.Event().wait(0.01)
        if self._left is not None:
            self._left -= 0.01
        if self._left is not None and self._left < 0:
            self._left = None
            self._figures["quota days that ended during runs"] += 1
            told = http.post(f"{self._url}/_emulator/clock", json={"advance": "25h"}, timeout=20).json()
            self._known.jumped.add(day_of(told["now"]))
