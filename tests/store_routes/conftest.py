"""One emulator of both systems for all tests of this folder, made anew before each; a store is a folder of its own."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from catalog_sync.emulator.app import create_app
from catalog_sync.emulator.server import EmulatorServer
from catalog_sync.providers.live_goods.emulator import SYSTEM as LIVE_GOODS
from catalog_sync.providers.mini_store.emulator import SYSTEM as MINI_STORE
from tests.cli.conftest import Command, Ended, in_this_process

from .store import Store


@pytest.fixture(scope="session")
def store_emulator() -> Iterator[EmulatorServer]:
    """Serve an emulator for the whole session."""
    with EmulatorServer(create_app([LIVE_GOODS, MINI_STORE])) as server:
        yield server


@pytest.fixture(scope="session")
def furnished_store(store_emulator: EmulatorServer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a folder with pictures and an empty state."""
    folder = tmp_path_factory.mktemp("furnished")
    Store.furnish(store_emulator.url, folder)
    return folder


@pytest.fixture
def store(store_emulator: EmulatorServer, furnished_store: Path, tmp_path: Path) -> Iterator[Store]:
    """Give a store with an empty catalogue, and on its platform the product P-1 without a SKU."""
    shutil.copytree(furnished_store, tmp_path / "store")
    made = Store(store_emulator.url, tmp_path / "store")
    made.has_product()
    yield made
    made.close()


@pytest.fixture
def command(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Command:
    """Runs `catalog-sync` with these arguments on the store, in this process."""
    monkeypatch.chdir(tmp_path / "store")
    call = in_this_process(store.environment, monkeypatch, capsys)

    def saved(*arguments: str) -> Ended:
        store.save()
        return call(*arguments)

    return saved
