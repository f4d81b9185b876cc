"""One emulator for all tests of this folder, made anew before each."""

from collections.abc import Iterator

import pytest

from catalog_sync.emulator.app import create_app
from catalog_sync.emulator.server import EmulatorServer
from catalog_sync.providers.live_goods.emulator import SYSTEM

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
