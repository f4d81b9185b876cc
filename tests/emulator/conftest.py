"""One emulator for all tests of this folder, made anew before each."""

from collections.abc import Iterator

import pytest

from catalog_sync.emulator.app import create_app
from catalog_sync.emulator.server import EmulatorServer
from catalog_sync.providers.live_goods.emulator import SYSTEM

from .shop import Shop, both_systems, opened
from .wire import Wire


@pytest.fixture(scope="session")
def emulator() -> Iterator[EmulatorServer]:
    """Serve an emulator for the whole session."""
    with EmulatorServer(create_app([SYSTEM])) as server:
        yield server


@pytest.fixture
def wire(emulator: EmulatorServer) -> Iterator[Wire]:
    """Give a client with a token, and an empty world."""
    client = Wire(emulator.url)
    with client.session:
        client.control("reset")
        client.fetch_token()
        yield client


@pytest.fixture(scope="module")
def served() -> Iterator[EmulatorServer]:
    """Serve an emulator of both systems."""
    with both_systems() as server:
        yield server


@pytest.fixture
def shop(served: EmulatorServer) -> Iterator[Shop]:
    """Give a client of the Mini Store with a token, and an empty world."""
    with opened(served.url) as client:
        yield client
