"""Metrics, read as Prometheus reads them; and the alert rules, which name no metric that there is not."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import stat
import threading
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
import requests
from prometheus_client import generate_latest
from prometheus_client.parser import text_string_to_metric_families
from ruamel.yaml import YAML

from catalog_sync.core.errors import UsageError
from catalog_sync.core.model import Rules
from catalog_sync.core.ports import Holder
from catalog_sync.engine.halt import Halt
from catalog_sync.fleet.figures import SIDE_BY_SIDE, figures_of, figures_of_all
from catalog_sync.fleet.file import FleetFile, read_fleet
from catalog_sync.fleet.metrics import Meter, rest_after
from catalog_sync.fleet.work import Shop, apply
from catalog_sync.fleet.worker import INTERRUPTED, Crew, work
from catalog_sync.state import open_state, runs
from catalog_sync.state.errors import StateUnreachable
from catalog_sync.wiring import Voice, settings
from tests.cli.conftest import Command, Platform
from tests.postgres import run

from .conftest import DEFAULTS, NAMES, app_of, fleet_of, target, write_shop
from .working import NEVER, until

Samples = dict[tuple[str, ...], float]

ALERTS = Path(__file__).parents[2] / "docs" / "alerts.yml"


def samples(text: str) -> Samples:
    """Each sample by its name, its shop and the values of its other labels, without the app's."""
    return {
        (each.name.removeprefix("catalog_sync_"), *_values(each.labels)): each.value
        for family in text_string_to_metric_families(text)
        for each in family.samples
    }


def _values(labels: dict[str, str]) -> list[str]:
    return [labels[name] for name in sorted(labels, key=lambda name: (name != "shop", name)) if name != "app"]


def test_a_shop_from_never_seen_to_approved(command: Command, folder: Path, platform: Platform) -> None:
    told = samples(command("metrics", "--fleet", "fleet.yaml").out)
    assert told["shop_readable", "north"] == 1
    assert told["items", "north", "absent"] == 2
    assert not {("hazards", "north"), ("changes", "north", "blocked")} & told.keys()
    assert ("last_look_timestamp_seconds", "north") not in told
    assert ("last_success_timestamp_seconds", "north") not in told
    began = time.time()
    assert command("fleet", "apply", "--yes").code == 0
    platform.order("verdict", appid=app_of(1), all=True, verdict="approve")
    platform.order("verdict", appid=app_of(2), all=True, verdict="reject")
    assert command("fleet", "status").code == 0
    goods = requests.get(f"{platform.url}/_emulator/world?appid={app_of(1)}", timeout=10).json()["goods"]
    body = {"appid": app_of(1), "goods_id": goods[0]["goods_id"], "name": "别人改的名字"}
    requests.patch(f"{platform.url}/_emulator/goods", json=body, timeout=10).raise_for_status()
    assert command("fleet", "status").code == 0
    before = [each.read_bytes() for each in sorted(folder.rglob("*.db"))]
    ended = command("metrics", "--fleet", "fleet.yaml", "--out", "shops.prom")
    assert (ended.code, ended.out, ended.err) == (0, "", "")
    assert [each.read_bytes() for each in sorted(folder.rglob("*.db"))] == before
    told = samples((folder / "shops.prom").read_text(encoding="utf-8"))
    assert stat.S_IMODE((folder / "shops.prom").stat().st_mode) & 0o444 == 0o444
    assert [told["items", name, "in_audit"] for name in NAMES] == [2, 0, 0]
    assert [told["items", name, "approved"] for name in NAMES] == [0, 2, 0]
    assert [told["items", name, "rejected"] for name in NAMES] == [0, 0, 2]
    assert [told["hazards", name] for name in NAMES] == [0, 0, 0]
    assert [told["drift", name, "edited"] for name in NAMES] == [0, 1, 0]
    assert told["quota_used", "north", "submit"] == 2
    assert told["quota_limit", "north", "submit"] == 500
    assert told["oldest_review_seconds", "north"] > 0 == told["oldest_review_seconds", "south"]
    assert all(told["last_success_timestamp_seconds", name] >= began for name in NAMES)
    assert all(told["last_look_timestamp_seconds", name] >= began for name in NAMES)


@pytest.mark.parametrize("where", ["file", "server"])
def test_a_run_that_came_to_nothing_is_no_success(
    command: Command, folder: Path, platform: Platform, where: str, request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """The platform or a guard refuses, and that more often than runs are kept: the success stays the old."""
    monkeypatch.setattr(runs, "_OLDEST_KEPT", runs._OLDEST_KEPT.offset(3))
    state = request.getfixturevalue("postgres") if where == "server" else "sqlite:///north/state.db"
    head = DEFAULTS + f"  state: {state}\n  policy: {{max_deletes: 0}}\n"
    (folder / "fleet.yaml").write_text(fleet_of(target("north", 0), head=head), encoding="utf-8")

    def succeeded() -> float | None:
        told = samples(command("metrics", "--fleet", "fleet.yaml").out)
        return told.get(("last_success_timestamp_seconds", "north"))

    platform.order("faults", faults=[{"path": "*", "kind": "errcode", "code": 48001, "times": 1}])
    assert command("fleet", "apply", "--yes").code == 1
    assert succeeded() is None
    assert command("fleet", "apply", "--yes").code == 0
    platform.order("verdict", appid=app_of(0), all=True, verdict="approve")
    assert command("fleet", "apply", "--yes").code == 0
    at = succeeded()
    write_shop(folder / "north", 0, goods=1)
    ended = command("fleet", "apply", "--yes", "--format", "json")
    assert ended.document["targets"][0]["error"]["code"] == "unsafe_plan"
    assert succeeded() == at
    with open_state(state, origin=platform.url, app=app_of(0), base=folder) as store:
        lease = store.acquire(Holder("li", "host", 1, "worker"), time.time())
        (refused,) = store.history(1)
        for number in range(4):
            store.end_run(replace(refused, id=f"refused-{number}"), lease.epoch)
        store.release(lease)
    assert at is not None
    assert succeeded() == at
    words = ("history", "-f", "north/catalog.yaml", "--state", state.replace("north/", ""), "--limit", "1000")
    told = command(*words).out.splitlines()
    assert [re.split("  +", line.strip())[4] for line in told[1:]] == [
        *["did not come to its end (unsafe_plan)"] * 3, "nothing to do",
    ]  # fmt: skip


@pytest.mark.parametrize("code", ["auth_failed", "interrupted"])
def test_a_run_that_broke_off_midway_is_no_success(
    command: Command, folder: Path, platform: Platform, code: str
) -> None:
    """After its first item the token is gone, or it is told to stop: no item failed, and its counts look like one."""
    token = requests.post(f"{platform.url}/_emulator/token", json={"appid": app_of(0)}, timeout=10).json()
    (folder / "token").write_text(token["access_token"], encoding="utf-8")
    shop = target("north", 0, token_file="token", state="sqlite:///north/state.db")
    (folder / "fleet.yaml").write_text(fleet_of(shop), encoding="utf-8")
    assert command("fleet", "apply", "--yes").code == 0
    at = samples(command("metrics", "--fleet", "fleet.yaml").out)["last_success_timestamp_seconds", "north"]
    platform.order("verdict", appid=app_of(0), all=True, verdict="reject")
    write_shop(folder / "north", 0, anew=(0, 1))
    platform.order("faults", faults=[{"path": "update", "kind": "errcode", "code": 300010, "after": 1, "times": 1}])
    halt = Halt()

    def ended(call: str, outcome: str, _seconds: float) -> None:
        if (call, code) == ("audit", "interrupted"):
            halt.order(INTERRUPTED)
        if (call, outcome) == ("update", "refused"):  # it is to be looked at, and nobody lets us in
            (folder / "token").unlink()

    common = replace(settings(os.environ, {"parallelism": "1"}), call_ended=ended)
    voice = Voice(lambda _what: None, lambda _what, _done, _total: None)
    told = apply(Shop(read_fleet("fleet.yaml").targets[0], common, frozenset(), halt, voice))
    assert told.counts == {"applied": 1, "failed": 0, "in_doubt": 0, "skipped": 1, "remaining": 2}
    assert samples(command("metrics", "--fleet", "fleet.yaml").out)["last_success_timestamp_seconds", "north"] == at
    words = ("history", "-f", "north/catalog.yaml", "--state", "sqlite:///state.db")
    assert f"did not come to its end ({code}), 1 applied, 1 skipped, 2 remaining" in command(*words).out
    newest, oldest = command(*words, "--format", "json").document["runs"]
    assert (newest["broken_off"], newest["summary"], oldest["broken_off"]) == (code, told.counts, None)


def test_one_shop_needs_no_secret(command: Command, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SHOP_SECRET")
    ended = command("metrics", "-f", "north/catalog.yaml")
    assert (ended.code, ended.err) == (0, "")
    assert samples(ended.out)["shop_readable", app_of(0)] == 1
    assert not (folder / "north" / ".catalog-sync").exists()


def test_a_shop_that_cannot_be_read_hides_no_other(command: Command, folder: Path) -> None:
    shops = [target("north", 0), target("south", 1, state="env:NOT_SET")]
    (folder / "fleet.yaml").write_text(fleet_of(*shops), encoding="utf-8")
    ended = command("metrics", "--fleet", "fleet.yaml")
    told = samples(ended.out)
    assert (ended.code, told["shop_readable", "north"], told["shop_readable", "south"]) == (1, 1, 0)
    assert ended.err == "south: the state's URL is to be in the variable NOT_SET, which is not set\n"
    assert ("oldest_review_seconds", "south") not in told
    ended = command("metrics", "--fleet", "fleet.yaml", "--out", "no/where.prom")
    assert ended.err.splitlines()[0] == "Error: --out cannot be written: no/where.prom"
    line = json.loads(command("metrics", "--fleet", "fleet.yaml", "--log-format", "json").err)
    assert (line["shop"], line["level"]) == ("south", "error")


def test_a_mistake_of_ours_in_one_shop_hides_no_other(command: Command, folder: Path) -> None:
    def mistaken(rules: Rules) -> Rules:
        raise ZeroDivisionError(rules)

    first, second, _ = read_fleet("fleet.yaml").targets
    common = settings(os.environ, {})
    told = [figures_of(each, common) for each in (replace(first, overrule=mistaken), second)]
    assert [(each.shop, each.readable) for each, _ in told] == [("north", False), ("south", True)]
    assert [str(error) for _, error in told] == ["an unexpected error (ZeroDivisionError)", "None"]


def test_a_shop_that_is_listed_twice_has_each_series_once(command: Command, folder: Path) -> None:
    (folder / "fleet.yaml").write_text(fleet_of(*[target("north", 0)] * 2, target("south", 1)), encoding="utf-8")
    told = command("metrics", "--fleet", "fleet.yaml")
    assert [line for line in told.out.splitlines() if line.startswith("catalog_sync_shop_readable")] == [
        f'catalog_sync_shop_readable{{app="{app_of(0)}",shop="north"}} 0.0',
        f'catalog_sync_shop_readable{{app="{app_of(1)}",shop="south"}} 1.0',
    ]


def test_a_worker_measures_its_calls_and_every_shop(
    command: Command, folder: Path, platform: Platform, postgres: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FLEET_STATE", postgres)
    text = (folder / "fleet.yaml").read_text(encoding="utf-8")
    (folder / "fleet.yaml").write_text(text.replace("defaults:", "defaults:\n  state: env:FLEET_STATE"), "utf-8")
    fleet = read_fleet("fleet.yaml")
    common = settings(os.environ, {})
    meter = Meter(lambda: fleet.targets, common)
    crew = Crew(
        FleetFile("fleet.yaml"), replace(common, call_ended=meter.call_ended), lambda _what, _level: None, meter=meter
    )
    platform.order("faults", faults=[{"path": "add", "kind": "errcode", "code": 300002, "times": 1}])
    assert crew.do("north", fleet.digest).counts["failed"] == 1
    url = f"http://127.0.0.1:{meter.serve('127.0.0.1', 0)}/metrics"
    until(lambda: ("shop_readable", "west") in samples(requests.get(url, timeout=10).text), 30)
    told = samples(requests.get(url, timeout=10).text)
    meter.stop()
    assert told["calls_total", "add", "done"] == 1
    assert told["calls_total", "add", "refused"] == 1
    assert told["call_seconds_count", "add"] == 2
    assert told["call_seconds_bucket", "add", "+Inf"] == 2
    assert told["items", "north", "in_audit"] == 1
    assert told["items", "west", "absent"] == 2
    with pytest.raises(UsageError, match=r"^cannot listen on 192\.0\.2\.1:9: cannot assign requested address$"):
        meter.serve("192.0.2.1", 9)


def test_the_alerts_name_what_there_is(command: Command) -> None:
    rules = YAML(typ="safe").load(ALERTS.read_text(encoding="utf-8"))["groups"][0]["rules"]
    told = command("metrics", "--fleet", "fleet.yaml").out
    there = {*re.findall(r"^# HELP (catalog_sync_\w+)", told, re.MULTILINE), "catalog_sync_calls_total"}
    named = [set(re.findall(r"catalog_sync_\w+", each["expr"])) for each in rules]
    assert all(named)
    assert set().union(*named) <= there
    assert all(set(each["annotations"]) == {"summary", "description"} for each in rules)


def test_the_alerts_tell_of_what_is_not_there() -> None:
    """A shop that never got so far, or a fleet's file that nobody can read, has no series that a bound could pass."""
    rules = YAML(typ="safe").load(ALERTS.read_text(encoding="utf-8"))["groups"][0]["rules"]
    told = {each["expr"]: each["for"] for each in rules}
    aged = set(re.findall(r"time\(\) - max by \(shop, app\) \((\w+)\)", " ".join(told)))
    assert len(aged) == 2
    readable = "max by (shop, app) (catalog_sync_shop_readable)"
    assert {expr: held for expr, held in told.items() if "unless" in expr} == {
        f"{readable} unless on (shop, app) {name}": "1d" for name in aged
    }
    assert told["absent(catalog_sync_shop_readable)"] == "15m"


def test_a_state_on_a_server_is_read_and_left(
    command: Command, folder: Path, postgres: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FLEET_STATE", postgres)
    head = DEFAULTS + "  state: env:FLEET_STATE\n"
    (folder / "fleet.yaml").write_text(fleet_of(target("north", 0), target("south", 1), head=head), encoding="utf-8")
    told = samples(command("metrics", "--fleet", "fleet.yaml").out)
    assert (told["shop_readable", "north"], ("last_look_timestamp_seconds", "north") in told) == (1, False)
    assert command("fleet", "apply", "--yes").code == 0
    told = samples(command("metrics", "--fleet", "fleet.yaml").out)
    assert [told["items", name, "in_audit"] for name in ("north", "south")] == [2, 2]
    assert run(postgres, "SELECT count(*) FROM runs")[0][0] == 2


def test_a_server_that_is_gone_is_asked_by_few(folder: Path) -> None:
    """It takes connections, and never says a word: whoever waited for it tells the others; in a worker, too."""
    count = 40
    text = Path("north/catalog.yaml").read_text(encoding="utf-8")
    Path("north/any.yaml").write_text(text.replace(f"app: {app_of(0)}\n", ""), encoding="utf-8")
    with socket.create_server(("127.0.0.1", 0), backlog=count) as mute:
        state = f"postgresql://nobody@127.0.0.1:{mute.getsockname()[1]}/none?connect_timeout=2"
        shops = [target(f"shop-{each}", each, catalogue="north/any.yaml", state=state) for each in range(1, count + 1)]
        Path("fleet.yaml").write_text(fleet_of(target("north", 0), *shops), encoding="utf-8")
        targets, common = read_fleet("fleet.yaml").targets, settings({}, {})
        told = list(figures_of_all(targets, common))
        assert 1 <= _asked(mute) <= SIDE_BY_SIDE
        meter = Meter(lambda: targets, common)
        meter.look()
        assert 1 <= _asked(mute) <= SIDE_BY_SIDE
    measured = samples(generate_latest(meter.registry).decode())
    assert [measured["shop_readable", each.name] for each in targets] == [1, *[0] * count]
    assert [each.readable for each, _ in told] == [True, *[False] * count]
    assert all(isinstance(error, StateUnreachable) for _, error in told[1:])


def test_a_worker_that_is_to_end_looks_at_no_more_shops(folder: Path) -> None:
    """A round over very many shops takes longer than a service manager waits."""
    text = Path("north/catalog.yaml").read_text(encoding="utf-8")
    Path("north/any.yaml").write_text(text.replace(f"app: {app_of(0)}\n", ""), encoding="utf-8")
    shops = [target(f"shop-{each}", each, catalogue="north/any.yaml") for each in range(400)]
    Path("fleet.yaml").write_text(fleet_of(*shops), encoding="utf-8")
    fleet = read_fleet("fleet.yaml")
    meter = Meter(lambda: fleet.targets, settings({}, {}))
    url = f"http://127.0.0.1:{meter.serve('127.0.0.1', 0)}/metrics"
    until(lambda: "shop_readable{" in requests.get(url, timeout=10).text, 30)
    meter.stop()
    until(lambda: not _at_it(), 30)
    assert 1 <= len(meter._known) < len(shops)


def test_a_worker_that_ends_measures_no_more(
    command: Command, folder: Path, postgres: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FLEET_STATE", postgres)
    head = DEFAULTS + "  state: env:FLEET_STATE\n"
    Path("fleet.yaml").write_text(NEVER + fleet_of(target("north", 0), head=head), encoding="utf-8")
    told: list[str] = []

    def end_it() -> None:
        until(lambda: "Ready." in told, 30)
        os.kill(os.getpid(), signal.SIGTERM)

    ending = threading.Thread(target=end_it)
    ending.start()
    at = ("127.0.0.1", 0)
    try:
        assert work("fleet.yaml", settings(os.environ, {}), 1, lambda what, _: told.append(what), metrics_at=at) == 15
    finally:
        ending.join()
        signal.signal(signal.SIGINT, signal.default_int_handler)
    assert told[0].startswith("Metrics: http://127.0.0.1:")
    until(lambda: not _at_it(), 30)


def _at_it() -> list[str]:
    """Threads that look at shops."""
    return [each.name for each in threading.enumerate() if each.name.startswith(("metrics", "figures"))]


def _asked(server: socket.socket) -> int:
    """How many have connected since the last time."""
    server.settimeout(0)
    asked = 0
    with suppress(BlockingIOError):
        while True:
            server.accept()[0].close()
            asked += 1
    return asked


def test_a_long_round_is_followed_by_a_long_rest() -> None:
    """At most a fifth of a worker's time goes into looking at how shops stand."""
    assert [rest_after(seconds) for seconds in (0.0, 15.0, 540.0)] == [60.0, 60.0, 2160.0]
