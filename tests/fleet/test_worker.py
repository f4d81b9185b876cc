"""Workers on many machines: what a killed one left is taken over, and nothing is lost or there twice."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from procrastinate import App
from procrastinate.jobs import Job
from procrastinate.periodic import PeriodicDeferrer
from procrastinate.testing import InMemoryConnector

from catalog_sync.emulator.app import create_app
from catalog_sync.emulator.server import EmulatorServer
from catalog_sync.fleet.told import Ended, Told
from catalog_sync.fleet.worker import Again, Refused, back_off
from catalog_sync.providers.live_goods.emulator import SYSTEM
from tests.cli.conftest import Command
from tests.postgres import run

from .conftest import app_of
from .working import at_work, until

SHOPS, GOODS = 6, 5


def test_what_a_killed_worker_left_is_taken_over(tmp_path: Path, postgres: str) -> None:
    """The long form, with its figures, is `python -m tests.fleet` (docs/fleet.md)."""
    with (
        EmulatorServer(create_app([SYSTEM], latency=0.05)) as platform,
        at_work(tmp_path, platform, postgres, SHOPS, GOODS) as fleet,
    ):
        killed = fleet.hire()
        assert fleet.queue() == f"Queued: {SHOPS} · Queued before: 0\n"
        until(lambda: any(fleet.world(number) for number in range(SHOPS)), 30)
        killed.kill()
        assert fleet.jobs()["doing"] >= 1
        with (tmp_path / "fleet.yaml").open("a", encoding="utf-8") as file:
            file.write("# edited\n")
        assert not fleet.queue().startswith("Queued: 0")  # what the dead worker does can be queued once more
        fleet.time_passes()
        other = fleet.hire()
        until(lambda: sum(len(fleet.world(number)) for number in range(SHOPS)) == SHOPS * GOODS, 50)
        until(lambda: fleet.jobs()["doing"] == 0, 30)
        assert "taken over from a worker that died" in other.said
        assert "queued from another version of the fleet's file" in other.said
        fleet.review()
        fleet.queue()
        until(lambda: run(fleet.state, "SELECT count(*) FROM leases")[0][0] == 0 and not fleet.jobs()["doing"], 30)
        assert fleet.check() == {"duplicates": 0, "lost ids": 0, "goods": SHOPS * GOODS, "open journal rows": 0}
        assert other.end() == 143
        assert "made-up" not in other.said + killed.said
        arguments = run(fleet.state, "SELECT DISTINCT jsonb_object_keys(args) FROM procrastinate_jobs")
        assert {name for (name,) in arguments} <= {"target", "fleet", "timestamp"}


def test_a_signal_ends_all_shops_in_order(tmp_path: Path, postgres: str) -> None:
    """What is under way ends and is stored, the locks are let go, and what is left is told."""
    with (
        EmulatorServer(create_app([SYSTEM], latency=0.2)) as platform,
        at_work(tmp_path, platform, postgres, 3, 20) as fleet,
    ):
        words = [sys.executable, "-m", "catalog_sync", "fleet", "apply", "--yes", "--max-parallel", "2"]
        running = subprocess.Popen(
            words, cwd=tmp_path, env=fleet.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        until(lambda: all(fleet.world(number) for number in range(2)), 30)
        running.send_signal(signal.SIGTERM)
        out, err = running.communicate(timeout=30)
        assert (running.returncode, err) == (143, "")
        assert "skipped shop2  Not done: the run was told to stop." in out
        assert run(postgres, "SELECT count(*) FROM leases") == [(0,)]
        assert fleet.check()["duplicates"] == fleet.check()["open journal rows"] == 0
        bound = run(postgres, "SELECT count(*) FROM copies")[0][0]
        assert bound == sum(len(fleet.world(number)) for number in range(3)) < 60


def test_a_worker_that_is_told_to_end_hands_its_shops_back(tmp_path: Path, postgres: str) -> None:
    with (
        EmulatorServer(create_app([SYSTEM], latency=0.2)) as platform,
        at_work(tmp_path, platform, postgres, 3, 20) as fleet,
    ):
        worker = fleet.hire(concurrency=2)
        fleet.queue()
        until(lambda: sum(bool(fleet.world(number)) for number in range(3)) == 2, 30)
        assert worker.end() == 143
        assert run(postgres, "SELECT count(*) FROM leases") == [(0,)]
        assert run(postgres, "SELECT count(*) FROM procrastinate_workers") == [(0,)]
        assert fleet.jobs() == {"todo": 3}
        assert fleet.check()["open journal rows"] == 0


def test_a_shop_whose_platform_is_away_is_tried_again(tmp_path: Path, postgres: str) -> None:
    with (
        EmulatorServer(create_app([SYSTEM])) as platform,
        at_work(tmp_path, platform, postgres, 1, 2) as fleet,
    ):
        fleet.order("faults", faults=[{"path": "*", "kind": "http_503", "times": 6}])
        fleet.environment["CATALOG_SYNC_LOG_FORMAT"] = "json"
        worker = fleet.hire()
        fleet.queue()
        until(lambda: "shop0: Applied: 2" in worker.said, 50)
        said = [json.loads(line) for line in worker.said.splitlines()]
        ends = [
            each for each in said if each["message"].startswith(("shop0: Error: the platform", "shop0: Applied: 2"))
        ]
        runs = run(postgres, "SELECT id FROM runs ORDER BY started_at")
        assert len(runs) > 1
        assert [(each["shop"], each["run_id"]) for each in ends] == [("shop0", run_id) for (run_id,) in runs]
        assert "run_id" not in said[0]


@pytest.mark.parametrize(("attempts", "seconds"), [(0, 5), (1, 10), (5, 160), (8, 900), (11, 900), (12, None)])
def test_each_try_waits_longer_and_some_time_is_the_last(attempts: int, seconds: int | None) -> None:
    told = Told("north", app_of(0), {}, Ended.FAILED, "")
    job = Job(queue="", lock=None, queueing_lock=None, task_name="", attempts=attempts)
    decision = back_off().get_retry_decision(exception=Again(told), job=job)
    if decision is None:
        assert seconds is None
    else:
        assert decision.retry_at is not None
        assert round((decision.retry_at - datetime.now(UTC)).total_seconds()) == seconds
    assert back_off().get_retry_decision(exception=Refused(), job=job) is None
    assert back_off().get_retry_decision(exception=Again(told, at_once=True), job=job) is not None


def test_the_workers_reconcile_by_utc(monkeypatch: pytest.MonkeyPatch) -> None:
    """As docs/fleet.md tells; which hour it is where a worker runs is procrastinate's to choose."""
    app = App(connector=InMemoryConnector())
    app.periodic(cron="0 3 * * *")(app.task(print))
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    time.tzset()
    try:
        midnight = datetime(2026, 11, 22, tzinfo=UTC).timestamp()
        assert PeriodicDeferrer(app.periodic_registry).get_next_tick(at=midnight) == 3 * 3600
    finally:
        monkeypatch.undo()
        time.tzset()


def test_a_worker_that_cannot_work_says_why(
    command: Command, folder: Path, postgres: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def error() -> str:
        ended = command("worker")
        assert ended.code == 1
        return ended.err.splitlines()[0]

    assert error() == "Error: the queue needs a state on PostgreSQL that all shops share"
    text = (folder / "fleet.yaml").read_text(encoding="utf-8")
    (folder / "fleet.yaml").write_text(text.replace("defaults:", "defaults:\n  state: env:FLEET_STATE"), "utf-8")
    assert error() == "Error: the state's URL is to be in the variable FLEET_STATE, which is not set"
    monkeypatch.setenv("FLEET_STATE", "postgresql://me:hunter2@127.0.0.1:1/none")
    assert error() == "Error: PostgreSQL 127.0.0.1:1/none: the server cannot be reached, or does not let us in"
    monkeypatch.setenv("FLEET_STATE", postgres)
    right = time.time
    monkeypatch.setattr(time, "time", lambda: right() - 3600)
    assert error().startswith("Error: this machine's clock is 3600 s behind that of PostgreSQL ")
