"""The short form of the campaign: a few lives, over real processes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from catalog_sync.emulator.app import create_app
from catalog_sync.emulator.server import EmulatorServer
from catalog_sync.providers.live_goods.emulator import SYSTEM
from catalog_sync.providers.mini_store.emulator import SYSTEM as MINI_STORE
from tests.faults.harness import Nursery

from .life import live


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    """Start processes from one that has everything imported."""
    made = Nursery()
    yield made
    made.close()


@pytest.mark.parametrize("seed", range(1, 4))
def test_a_life(nursery: Nursery, tmp_path: Path, seed: int) -> None:
    """Whatever happens, nothing is lost and nothing is there twice. The long form is `make campaign`."""
    figures: Counter[str] = Counter()
    with EmulatorServer(create_app([SYSTEM, MINI_STORE])) as platform:
        live(platform.url, tmp_path / "shop", nursery, seed, 10, figures)
    assert figures["rounds"] == 10


def test_a_life_on_a_server(nursery: Nursery, tmp_path: Path, postgres: str) -> None:
    """The same where the state is in PostgreSQL, and somebody ends its sessions."""
    figures: Counter[str] = Counter()
    state = f"{postgres}&application_name={postgres.rpartition('%3D')[2]}"
    with EmulatorServer(create_app([SYSTEM, MINI_STORE])) as platform:
        live(platform.url, tmp_path / "shop", nursery, 1, 5, figures, server=state)
    assert figures["rounds"] == 5
