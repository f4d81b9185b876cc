"""One emulator for all tests of this folder, made anew before each; a shop is a folder of its own."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from catalog_sync.emulator.app import create_app
from catalog_sync.emulator.server import EmulatorServer
from catalog_sync.providers.live_goods.emulator import SYSTEM

from .shop import Shop


@pytest.fixture(scope="session")
def emulator() -> Iterator[EmulatorServer]:
    """Serve an emulator for the whole session."""
    with EmulatorServer(create_app([SYSTEM])) as server:
        yield server


@pytest.fixture(scope="session")
def furnished(emulator: EmulatorServer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a folder with covers and an empty state."""
    folder = tmp_path_factory.mktemp("furnished")
    Shop.furnish(emulator.url, folder)
    return folder


@pytest.fixture
def shop(emulator: EmulatorServer, furnished: Path, tmp_path: Path) -> Iterator[Shop]:
    """Give a shop with an empty catalogue on an empty platform."""
    shutil.copytree(furnished, tmp_path / "shop")
    made = Shop(emulator.url, tmp_path / "shop")
    yield made
    made.close()


@pytest.fixture
def rewriting_shop(shop: Shop) -> Shop:
    """Give a shop on a platform that shows text otherwise than it was sent."""
    shop.settings(text_on_read="normalised")
    shop.rewrites = True
    return shop


@pytest.fixture(params=["as_sent", "normalised"])
def any_shop(request: pytest.FixtureRequest, shop: Shop) -> Shop:
    """Give a shop on a platform of either kind."""
    shop.settings(text_on_read=request.param)
    shop.rewrites = request.param == "normalised"
    return shop
