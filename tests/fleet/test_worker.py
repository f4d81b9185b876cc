"""Workers on many machines: what a killed one left is taken over, and nothing is lost or there twice."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from procrastinate import App
from procrastinate.jobs import Job
from procrastinate.periodic import PeriodicDeferrer
from procrastinate.testing import InMemoryConnector

from catalog_sync.core.errors import UsageError
from catalog_sync.emulator.app import create_app
from catalog_sync.emulator.server import EmulatorServer
from catalog_sync.fleet.file import LOOK_AGAIN, FleetFile, read_fleet
from catalog_sync.fleet.queue import LATER, NOW, open_queue, queue_shop, server_of, sessions
from catalog_sync.fleet.worker import Again, Crew, Refused, back_off
from catalog_sync.providers.live_goods.emulator import SYSTEM
from catalog_sync.wiring import settings
from tests.cli.conftest import Command
from tests.postgres import run

from .conftest import DEFAULTS, fleet_of, target
from .working import at_work, until

SHOPS, GOODS = 6, 5


def test_what_a_killed_worker_left_is_taken_over(tmp_path: Path, postgres: str) -> None:
    """The long form, with its figures, is `python -m tests.fleet` (docs/fleet.md)."""
    with (
        EmulatorServer(create_app([SYSTEM], latency=0.05)) as platform,
        at_work(tmp_path, platform, postgres, SHOPS, GOODS) as fleet,
    ):
        fleet.environment["CATALOG_SYNC_LOG_FORMAT"] = "json"
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
        taken = [each for each in other.lines if re.match(r"shop\d: taken over from a worker that", each["message"])]
        assert taken
        assert all(each["message"].startswith(f"{each.get('shop')}: ") for each in taken)
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
        words = [sys.executable, "-m", "catalog_sync", "fleet", "apply", "--yes"]
        words += ["--max-parallel", "2", "--parallelism", "1"]
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
        said = worker.lines
        ends = [
            each for each in said if each["message"].startswith(("shop0: Error: the platform", "shop0: Applied: 2"))
        ]
        runs = run(postgres, "SELECT id FROM runs ORDER BY started_at")
        assert len(runs) > 1
        assert [(each["shop"], each["run_id"]) for each in ends] == [("shop0", run_id) for (run_id,) in runs]
        assert "run_id" not in said[0]


@pytest.mark.parametrize(("attempts", "seconds"), [(0, 5), (1, 10), (5, 160), (8, 900), (11, 900), (12, None)])
def test_each_try_waits_longer_and_some_time_is_the_last(attempts: int, seconds: int | None) -> None:
    said: list[tuple[str, str, str]] = []
    tries = back_off(lambda *told: said.append(told))
    before = datetime.now(UTC)
    job = Job(queue="", lock=None, queueing_lock=None, task_name="", task_kwargs={"target": "north"}, attempts=attempts)
    decision = tries.get_retry_decision(exception=Again("busy"), job=job)
    if decision is None:
        assert (seconds, said) == (None, [("north", "tried 12 times; left to the next reconciling.", "error")])
    else:
        assert decision.retry_at is not None
        assert seconds is not None
        assert before <= decision.retry_at - timedelta(seconds=seconds) <= datetime.now(UTC)
        assert said == []
    assert tries.get_retry_decision(exception=Refused(), job=job) is None
    assert tries.get_retry_decision(exception=Again("told to stop", at_once=True), job=job) is not None


def test_the_sooner_wish_counts(folder: Path, postgres: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A shop waits in the queue once as wanted now and once for later; who wants it sooner is not put off."""
    monkeypatch.setenv("FLEET_STATE", postgres)
    text = (folder / "fleet.yaml").read_text(encoding="utf-8")
    (folder / "fleet.yaml").write_text(text.replace("defaults:", "defaults:\n  state: env:FLEET_STATE"), "utf-8")
    fleet, common = read_fleet("fleet.yaml"), settings(os.environ, {})
    server = server_of(fleet, common)
    app = open_queue(server)

    async def queued(*wishes: tuple[int, float]) -> list[bool]:
        async with sessions(app, server):
            return [
                await queue_shop(app, fleet, common, fleet.targets[0], priority=priority, wait=wait)
                for priority, wait in wishes
            ]

    def waiting() -> list[tuple[object, ...]]:
        return run(
            postgres,
            "SELECT priority, coalesce(round(extract(epoch FROM scheduled_at - now()) / 60), 0)::int"
            " FROM procrastinate_jobs WHERE status = 'todo' ORDER BY 1 DESC",
        )

    day, hour = 86400.0, 3600.0
    assert asyncio.run(queued((LATER, day))) == [True]
    assert waiting() == [(LATER, 1440)]
    assert asyncio.run(queued((LATER, hour), (LATER, day), (LATER, 2 * hour))) == [True, False, False]
    assert waiting() == [(LATER, 60)]
    assert asyncio.run(queued((NOW, 0), (NOW, 0), (LATER, 0), (LATER, hour))) == [True, False, True, False]
    assert waiting() == [(NOW, 0), (LATER, 0)]
    run(postgres, "UPDATE procrastinate_jobs SET scheduled_at = now() + interval '15 minutes'")  # its next try
    assert asyncio.run(queued((NOW, 0))) == [True]
    assert waiting() == [(NOW, 0), (LATER, 15)]


def test_what_a_worker_does_by_itself(tmp_path: Path, postgres: str) -> None:
    """Reconciling queues every shop that can be, a shop under review is looked at later, and what failed long ago is
    forgotten."""
    with (
        EmulatorServer(create_app([SYSTEM])) as platform,
        at_work(tmp_path, platform, postgres, 2, 2) as fleet,
    ):
        (tmp_path / "shop1" / "catalog.yaml").rename(tmp_path / "away.yaml")
        fleet.environment["CATALOG_SYNC_LOG_FORMAT"] = "json"
        worker = fleet.hire()
        fleet.wake("reconcile")
        later = "SELECT args->>'target' FROM procrastinate_jobs WHERE status = 'todo' AND scheduled_at > now()"
        until(lambda: run(postgres, later) == [("shop0",)], 40)
        assert (len(fleet.world(0)), len(fleet.world(1))) == (2, 0)
        (told,) = [each for each in worker.lines if ": not reconciled: " in each["message"]]
        assert told["message"].startswith("shop1: not reconciled: shop1 in the fleet's file has 1 error.")
        assert (told.get("shop"), told["level"]) == ("shop1", "error")
        (tmp_path / "away.yaml").rename(tmp_path / "shop1" / "catalog.yaml")
        time.sleep(LOOK_AGAIN)
        fleet.wake("reconcile")
        until(lambda: sorted(run(postgres, later)) == [("shop0",), ("shop1",)], 40)
        assert len(fleet.world(1)) == 2
        run(
            postgres,
            "UPDATE procrastinate_jobs SET status = 'failed' WHERE args->>'target' = 'shop0'",
            "UPDATE procrastinate_events SET at = at - interval '8 days'",
        )
        fleet.wake("clean")
        until(lambda: run(postgres, "SELECT DISTINCT args->>'target' FROM procrastinate_jobs") == [("shop1",)], 20)
        assert worker.end() == 143


def test_a_worker_whose_database_goes_away(tmp_path: Path, postgres_server: str) -> None:
    """For a moment only: the worker ends with a word of what to do, and a service manager starts it again."""
    run(postgres_server, "DROP DATABASE IF EXISTS moody", "CREATE DATABASE moody")
    state = re.sub(r"/\w+\?", "/moody?", postgres_server)
    try:
        with (
            EmulatorServer(create_app([SYSTEM])) as platform,
            at_work(tmp_path, platform, state, 1, 2) as fleet,
        ):
            worker = fleet.hire()
            run(
                postgres_server,
                "ALTER DATABASE moody ALLOW_CONNECTIONS false",
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'moody'",
            )
            time.sleep(2)
            run(postgres_server, "ALTER DATABASE moody ALLOW_CONNECTIONS true")
            assert worker.process.wait(timeout=60) == 1
            assert worker.said.splitlines() == [
                "Ready.",
                f"Error: the queue on PostgreSQL {worker.said.partition('PostgreSQL ')[2].partition(' ')[0]} is lost",
                "Hint: what was under way is in the journals; start it again when the server is back",
            ]
    finally:
        run(postgres_server, "DROP DATABASE moody WITH (FORCE)")


def test_a_shop_whose_state_is_a_file_is_no_work_for_many(
    command: Command, folder: Path, postgres: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FLEET_STATE", postgres)
    monkeypatch.setenv("NORTH_STATE", "sqlite:////nowhere/state.db")
    shops = [
        target("north", 0, state="env:NORTH_STATE"),
        target("south", 1, state="sqlite:///south.db"),
        target("west", 2),
    ]
    head = DEFAULTS + "  state: env:FLEET_STATE\n"
    (folder / "fleet.yaml").write_text(fleet_of(*shops, head=head), encoding="utf-8")
    ended = command("fleet", "apply", "--queue")
    assert (ended.code, ended.out) == (1, "Queued: 2 · Queued before: 0\n")
    told = "the state of {} is a file, which other machines do not have"
    assert ended.err.splitlines()[0] == f"Error: {told.format('south')}"
    crew = Crew(FleetFile("fleet.yaml"), settings(os.environ, {}), lambda _what, _level: None)
    with pytest.raises(UsageError, match=told.format("north")):  # what its variable says, only who does it knows
        crew.do("north", crew.file.fleet.digest)


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
    assert re.match(r"Error: this machine's clock is 3[56]\d\d s behind that of PostgreSQL ", error())
