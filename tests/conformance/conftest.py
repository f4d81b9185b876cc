"""Both systems, each test once for each, on one emulator that serves them all."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from catalog_sync.emulator.app import create_app
from catalog_sync.emulator.server import EmulatorServer
from catalog_sync.providers.live_goods.emulator import SYSTEM as LIVE_GOODS
from catalog_sync.providers.mini_store.emulator import SYSTEM as MINI_STORE
from tests.faults.harness import Nursery, shop_on

from .live_goods import LiveGoods
from .mini_store import MiniStoreSkus
from .system import System

SYSTEMS: tuple[type[System], ...] = (LiveGoods, MiniStoreSkus)
"""A further system stands here."""

_NUMBERS = count(1)


@pytest.fixture(scope="session")
def emulator() -> Iterator[EmulatorServer]:
    """Serve an emulator of all systems for the whole session."""
    with EmulatorServer(create_app([LIVE_GOODS, MINI_STORE])) as server:
        yield server


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    """Start processes from one that has everything imported."""
    made = Nursery()
    yield made
    made.close()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test of a `kind` runs over each system; with a `row` over each of its rows, with a `call` over each call."""
    if "row" in metafunc.fixturenames:
        asked = [(kind, row, f"{kind.name}: {row.state}, {row.edit}") for kind in SYSTEMS for row in kind.rows]
        metafunc.parametrize(("kind", "row"), [each[:2] for each in asked], ids=[each[2] for each in asked])
    elif "call" in metafunc.fixturenames:
        calls = [(kind, call) for kind in SYSTEMS for call in kind.paths]
        metafunc.parametrize(("kind", "call"), calls, ids=[f"{kind.name}: {call}" for kind, call in calls])
    else:
        metafunc.parametrize("kind", SYSTEMS, ids=[kind.name for kind in SYSTEMS])


@pytest.fixture
def system(kind: type[System], emulator: EmulatorServer, nursery: Nursery, tmp_path: Path) -> Iterator[System]:
    """Give a system in a shop with an empty catalogue."""
    with shop_on(emulator.url, tmp_path / "shop", f"wx{next(_NUMBERS):016x}", nursery) as shop:
        yield kind(shop)
        shop.heal()
