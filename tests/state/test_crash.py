"""Processes that are killed, and processes that write side by side."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from .crashing import Nursery, Place, crash, kill_after, new_nursery, opened
from .samples import DAY

KILLS = 40
KILLS_ON_A_SERVER = 8
"""`make campaign` kills a thousand."""


@pytest.fixture
def nursery() -> Iterator[Nursery]:
    with new_nursery() as made:
        yield made


def test_a_killed_process_loses_nothing(tmp_path: Path, nursery: Nursery) -> None:
    assert crash(Place(tmp_path), nursery, KILLS, seed=8) >= KILLS


def test_a_killed_process_loses_nothing_on_a_server(timeless: str, tmp_path: Path, nursery: Nursery) -> None:
    assert crash(Place(tmp_path, timeless), nursery, KILLS_ON_A_SERVER, seed=8) >= KILLS_ON_A_SERVER


@pytest.mark.parametrize("kind", ["file", "postgres"])
def test_two_processes_begin_at_once(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path, nursery: Nursery
) -> None:
    """Each in its own shop of one store, which neither had made before."""
    place = Place(tmp_path) if kind == "file" else Place(tmp_path, request.getfixturevalue("postgres"))
    logs = {app: tmp_path / app for app in ("wx-a", "wx-b", "wx-c")}
    children = {app: nursery.spawn(app, place, log, 4) for app, log in logs.items()}
    said = {app: kill_after(nursery, children[app], log, 100) for app, log in logs.items()}
    for app, told in said.items():
        with opened(place, app) as store:
            snapshot = store.snapshot()
            bound = {each.current.remote_id for each in snapshot.bindings.values()}
            assert {int(number) for word, number in told if word == "landed"} <= bound
            assert snapshot.spent["submit", DAY] == len(snapshot.bindings) + len(snapshot.open_entries)
