"""A store of each kind for the conformance tests: what they say holds for every store of the protocol."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from catalog_sync.core.ports import Lease
from catalog_sync.state import SqlStore

from .samples import WHO, Shop, file_shop, memory_shop

# A further kind of store joins the suite with one line here.
SHOPS = {"memory": memory_shop, "file": file_shop}


@pytest.fixture(params=sorted(SHOPS))
def shop(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Shop]:
    """Any kind of store."""
    with SHOPS[request.param](tmp_path) as made:
        yield made


@pytest.fixture
def durable(tmp_path: Path) -> Iterator[Shop]:
    """A store that several handles can open at once."""
    with file_shop(tmp_path) as made:
        yield made


@pytest.fixture
def store(shop: Shop) -> SqlStore:
    return shop.open()


@pytest.fixture
def lease(store: SqlStore) -> Lease:
    return store.acquire(WHO, 1000.0)
