"""One emulator of the Mini Store for this folder, and both clients of one of its apps."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import requests

from catalog_sync.emulator.app import create_app
from catalog_sync.emulator.server import EmulatorServer
from catalog_sync.providers.mini_store.emulator import SYSTEM

from .platform import Platform


@pytest.fixture(scope="session")
def emulator() -> Iterator[EmulatorServer]:
    with EmulatorServer(create_app([SYSTEM])) as server:
        yield server


@pytest.fixture
def platform(emulator: EmulatorServer) -> Iterator[Platform]:
    assert requests.post(f"{emulator.url}/_emulator/reset", timeout=10).status_code == 200
    made = Platform(emulator.url)
    with made.door:
        yield made
