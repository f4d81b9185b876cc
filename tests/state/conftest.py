"""A store of each kind for the conformance tests: what they say holds for every store of the protocol."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from catalog_sync.core.ports import Lease
from catalog_sync.state import SqlStore, open_state
from catalog_sync.state.tables import index_parts
from tests.postgres import run, with_schema

from .samples import APP, FILE, ORIGIN, WHO, DurableShop, MemoryShop, Shop

index_parts()  # once: each file of tests may compare the tables with what the migrations make


@pytest.fixture(params=["file", "memory", "postgres"])
def shop(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Shop]:
    """Any kind of store."""
    if request.param == "memory":
        memory = MemoryShop()
        yield memory
        memory.close()
        return
    yield from _durable(request, tmp_path)


@pytest.fixture(params=["file", "postgres"])
def durable(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Shop]:
    """A store that several handles can open at once."""
    yield from _durable(request, tmp_path)


def _durable(request: pytest.FixtureRequest, folder: Path) -> Iterator[Shop]:
    made = DurableShop(folder, FILE if request.param == "file" else request.getfixturevalue("timeless"))
    yield made
    made.close()


@pytest.fixture(scope="session")
def standing(postgres_server: str) -> Iterator[str]:
    """Tables on a server, made once: that takes longer than most tests."""
    with with_schema(postgres_server, "standing") as url:
        open_state(url, origin=ORIGIN, app=APP).close()
        yield url


@pytest.fixture
def timeless(standing: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """An empty state on a server where the tests tell the time; that the server's clock counts is a test of its own."""
    run(standing, "TRUNCATE scopes RESTART IDENTITY CASCADE")
    monkeypatch.setattr("catalog_sync.state.postgres.ServerDatabase.now", lambda _, ours: ours)
    return standing


@pytest.fixture
def store(shop: Shop) -> SqlStore:
    return shop.open()


@pytest.fixture
def lease(store: SqlStore) -> Lease:
    return store.acquire(WHO, 1000.0)
