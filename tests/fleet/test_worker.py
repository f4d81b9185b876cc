"""Workers on many machines: what a killed one left is taken over, and nothing is lost or there twice."""

from __future__ import annotations

from pathlib import Path

from catalog_sync.emulator.app import create_app
from catalog_sync.emulator.server import EmulatorServer
from catalog_sync.providers.live_goods.emulator import SYSTEM
from tests.postgres import run

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
        fleet.time_passes()
        other = fleet.hire()
        until(lambda: sum(len(fleet.world(number)) for number in range(SHOPS)) == SHOPS * GOODS, 50)
        until(lambda: fleet.jobs()["doing"] == 0, 30)
        assert "taken over from a worker that died" in other.said
        fleet.review()
        fleet.queue()
        until(lambda: run(fleet.state, "SELECT count(*) FROM leases")[0][0] == 0 and not fleet.jobs()["doing"], 30)
        assert fleet.check() == {"duplicates": 0, "lost ids": 0, "goods": SHOPS * GOODS, "open journal rows": 0}
        assert other.end() == 143
        assert "made-up" not in other.said + killed.said
        arguments = run(fleet.state, "SELECT DISTINCT jsonb_object_keys(args) FROM procrastinate_jobs")
        assert {name for (name,) in arguments} <= {"target", "fleet", "timestamp"}
