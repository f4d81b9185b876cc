"""A state's URL."""

from __future__ import annotations

from pathlib import Path

import pytest

from catalog_sync.core.errors import UsageError
from catalog_sync.state import open_state
from catalog_sync.state.location import Server, parse_location

BASE = Path("/shop")
HINT = "sqlite:///path/state.db is relative to the catalogue's folder, sqlite:////path/state.db is absolute"


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("sqlite:///.catalog-sync/state.db", Path("/shop/.catalog-sync/state.db")),
        ("sqlite:////var/lib/state.db", Path("/var/lib/state.db")),
        ("SQLITE:///a b/茶#%41.db", Path("/shop/a b/茶#%41.db")),
        ("sqlite://", None),
        ("sqlite:///:memory:", None),
    ],
)
def test_where_a_state_is(url: str, path: Path | None) -> None:
    assert parse_location(url, BASE) == path


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("postgresql://ops:hunter2@db.example:5433/shop", "PostgreSQL db.example:5433/shop"),
        ("Postgres://ops:hun:t@er2@db/shop?sslmode=verify-full", "PostgreSQL db/shop"),
        ("postgresql://ops@/shop?host=%2Frun%2Fpostgresql&password=hunter2", "PostgreSQL /run/postgresql/shop"),
        ("postgresql://", "PostgreSQL on this machine/"),
    ],
)
def test_a_server_is_named_without_who_asks(url: str, name: str) -> None:
    found = parse_location(url, BASE)
    assert isinstance(found, Server)
    assert (found.name, found.url) == (name, f"postgresql://{url.partition('://')[2]}")
    assert "er2" not in repr(found)


@pytest.mark.parametrize("rest", ["ops:hun/ter2@db/shop", "ops:hunter2@db/shop#x", "db/shop\nhunter2", "db/%00hunter2"])
def test_a_server_that_cannot_be(rest: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_location(f"postgresql://{rest}", BASE)
    assert (caught.value.message, caught.value.hint) == (
        "the state's URL is not one of a PostgreSQL database",
        "postgresql://USER@HOST/DATABASE; in a name or password @ is %40, / is %2F, : is %3A, # is %23",
    )


@pytest.mark.parametrize(
    ("url", "told"),
    [
        (
            "mysql+pymysql://ops:hunter2@db/shop",
            "a state in mysql+pymysql is not supported, only sqlite and postgresql",
        ),
        ("sqlite://ops:hunter2@db/shop", "the state's URL names a host; a SQLite file has none"),
        ("sqlite:///state.db?key=hunter2", "the state's URL has options after the question mark; there are none"),
        ("sqlite:///hunter2\0.db", "the state's URL holds a NUL character"),
        ("sqlite:///", "the state's URL names no file"),
        ("sqlite:/// ", "the state's URL names no file"),
        ("hunter2.db", "the state's URL is not a URL"),
        ("", "the state's URL is not a URL"),
    ],
)
def test_what_is_no_state_is_said_without_the_url(url: str, told: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        open_state(url, origin="o", app="a", base=tmp_path)
    assert (caught.value.message, caught.value.hint) == (told, HINT)
    assert list(tmp_path.iterdir()) == []
