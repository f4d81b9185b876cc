"""One emulator of both systems for all tests of this folder, made anew before each; a store is a folder of its own."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from catalog_sync.cli import catalog_sync
from catalog_sync.cli.border import run
from catalog_sync.emulator.app import create_app
from catalog_sync.emulator.server import EmulatorServer
from catalog_sync.providers.live_goods.emulator import SYSTEM as LIVE_GOODS
from catalog_sync.providers.mini_store.emulator import SYSTEM as MINI_STORE

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


class Ended(NamedTuple):
    """How a command ended."""

    code: int
    out: str
    err: str


Command = Callable[..., Ended]


@pytest.fixture
def command(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Command:
    """Runs `catalog-sync` with these arguments on the store, in this process."""
    monkeypatch.chdir(tmp_path / "store")
    for name, value in {**store.environment, "NO_COLOR": "1"}.items():
        monkeypatch.setenv(name, value)
    for name in ("GITHUB_ACTIONS", "CATALOG_SYNC_FORMAT"):
        monkeypatch.delenv(name, raising=False)

    def call(*arguments: str) -> Ended:
        store.save()
        capsys.readouterr()
        code = run(catalog_sync, arguments)
        told = capsys.readouterr()
        return Ended(code, told.out, told.err)

    return call
