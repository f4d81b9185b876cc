"""Pages over a fleet, served over a real socket, and a real Chromium to open them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from catalog_sync.web.app import create_app
from catalog_sync.web.serving import served
from catalog_sync.web.shops import Shops
from catalog_sync.wiring import settings
from tests.fleet.conftest import command, folder, platform
from tests.report.conftest import browser

__all__ = ["browser", "command", "folder", "platform"]

Serve = Callable[..., str]


@pytest.fixture
def serve(folder: Path) -> Iterator[Serve]:
    """Serves the fleet of the working folder; its URL."""
    with ExitStack() as stack:

        def start(auth_header: str | None = None) -> str:
            app = create_app(Shops("fleet.yaml", settings(os.environ, {})), auth_header)
            return stack.enter_context(served(app, "127.0.0.1", 0))

        yield start
