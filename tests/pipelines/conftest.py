"""A clone with a catalogue, and the platform that its pipeline talks to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from tests.cli.conftest import CATALOGUE, Platform, platform
from tests.pipelines.bench import started

__all__ = ["platform"]

HOSTILE = CATALOGUE.replace("TIT茶杯一号", "茶杯$(touch pwned)`id`")
"""A name that a shell would obey, were it ever put into one."""


@pytest.fixture(scope="session")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where our program is called."""
    with started(tmp_path_factory.mktemp("program") / "socket") as socket:
        yield socket


@pytest.fixture
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder, a clone of a repository with a catalogue of two items."""
    folder = tmp_path / "clone"
    (folder / "covers").mkdir(parents=True)
    (folder / ".git").mkdir()
    Image.new("RGB", (100, 100), (90, 120, 60)).save(folder / "covers" / "cup.png")
    (folder / "catalog.yaml").write_text(HOSTILE, encoding="utf-8")
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def runner(platform: Platform) -> dict[str, str]:
    """What a runner's environment has because this is a test."""
    return {"CATALOG_SYNC_API_BASE": platform.url, "CATALOG_SYNC_SETTLE_AFTER": "0s"}
