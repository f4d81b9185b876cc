"""One emulator and one nursery for all tests of this folder; each test has an app of its own."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from catalog_sync.emulator.app import create_app
from catalog_sync.emulator.server import EmulatorServer
from catalog_sync.providers.live_goods.emulator import SYSTEM

from .harness import Nursery, Shop, shop_on

_NUMBERS = count(1)


@pytest.fixture(scope="session")
def emulator() -> Iterator[EmulatorServer]:
    """Serve an emulator for the whole session."""
    with EmulatorServer(create_app([SYSTEM])) as server:
        yield server


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    """Start processes from one that has everything imported."""
    made = Nursery()
    yield made
    made.close()


@pytest.fixture
def shop(emulator: EmulatorServer, nursery: Nursery, tmp_path: Path) -> Iterator[Shop]:
    """Give a shop with an empty catalogue."""
    with shop_on(emulator.url, tmp_path / "shop", f"wx{next(_NUMBERS):016x}", nursery) as made:
        yield made
        made.heal()
