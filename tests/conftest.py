"""What tests of several folders share: one PostgreSQL server for the session, an empty schema on it for each test."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import count

import pytest
from hypothesis import HealthCheck, settings

from .postgres import NoServer, serve, with_schema

_NUMBERS = count(1)

os.environ["CATALOG_SYNC_LANG"] = "en"  # what is said is compared word for word, wherever the tests run

# In CI a change is judged by the same examples as the one before it; elsewhere each run tries new ones.
settings.register_profile(
    "tests",
    derandomize="CI" in os.environ,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("tests")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of a server's database, as a role that may do everything there."""
    with serve() as url:
        if isinstance(url, NoServer):
            pytest.skip(url.reason)
        yield url


@pytest.fixture
def postgres(postgres_server: str) -> Iterator[str]:
    """The URL of a state that does not exist yet."""
    with with_schema(postgres_server, f"t{next(_NUMBERS)}") as url:
        yield url
