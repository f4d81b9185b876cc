"""Hazards at their edges (rules section 6): the numbers, and what lifts them."""

from __future__ import annotations

import pytest

from catalog_sync.core.guard import Hazard, Toll, allowed_deletes, hazards
from catalog_sync.core.model import MaxDeletes


@pytest.mark.parametrize(
    ("setting", "bound", "allowed"),
    [
        (MaxDeletes(), 0, 3),
        (MaxDeletes(), 15, 3),
        (MaxDeletes(), 19, 3),
        (MaxDeletes(), 20, 4),
        (MaxDeletes(), 1000, 200),
        (MaxDeletes(percent=0), 1000, 3),
        (MaxDeletes(percent=100), 5, 5),
        (MaxDeletes(number=0, percent=None), 1000, 0),
        (MaxDeletes(number=2, percent=None), 1000, 2),
    ],
)
def test_how_many_deletes_are_allowed(setting: MaxDeletes, bound: int, allowed: int) -> None:
    assert allowed_deletes(setting, bound) == allowed


def codes(
    *tolls: Toll, max_deletes: MaxDeletes | None = None, accept_losses: bool = False, refreshed: bool = True
) -> list[tuple[str, int, int]]:
    found = hazards(list(tolls), max_deletes=max_deletes, accept_losses=accept_losses, refreshed=refreshed)
    return [(each.code, each.count, each.limit) for each in found]


@pytest.mark.parametrize(
    ("bound", "deletes", "expected"),
    [
        (10, 3, []),
        (10, 4, [("too_many_deletes", 4, 3)]),
        (100, 20, []),
        (100, 21, [("too_many_deletes", 21, 20)]),
        (104, 20, []),
        (104, 21, [("too_many_deletes", 21, 20)]),
    ],
)
def test_too_many_deletes(bound: int, deletes: int, expected: list[tuple[str, int, int]]) -> None:
    assert codes(Toll("goods", bound, deletes, 0), max_deletes=MaxDeletes()) == expected


def test_no_limit() -> None:
    assert codes(Toll("goods", 10, 10, 0)) == []


@pytest.mark.parametrize(
    ("bound", "lost", "expected"),
    [
        (5, 3, []),
        (5, 4, [("too_many_lost", 4, 3)]),
        (79, 3, []),
        (79, 4, [("too_many_lost", 4, 3)]),  # 4 is more than 5% of 79
        (80, 4, []),
        (1000, 50, []),
        (1000, 51, [("too_many_lost", 51, 50)]),
    ],
)
def test_too_many_lost(bound: int, lost: int, expected: list[tuple[str, int, int]]) -> None:
    toll = Toll("goods", bound, 0, lost)
    assert codes(toll) == expected
    assert codes(toll, accept_losses=True) == []


def test_systems_are_counted_apart() -> None:
    found = codes(Toll("goods", 10, 3, 3), Toll("skus", 10, 4, 4), max_deletes=MaxDeletes())
    assert found == [("too_many_deletes", 4, 3), ("too_many_lost", 4, 3)]


def test_not_refreshed() -> None:
    assert codes(Toll("goods", 10, 0, 0), refreshed=False) == [("not_refreshed", 0, 0)]


def test_the_words() -> None:
    deletes, lost = hazards(
        [Toll("goods", 100, 21, 6)], max_deletes=MaxDeletes(), accept_losses=False, refreshed=True
    )  # fmt: skip
    assert deletes == Hazard(
        "too_many_deletes",
        "21 of 100 bound goods would be deleted or replaced; 20 are allowed.",
        21,
        20,
        "if it is meant: --max-deletes 21",
    )
    assert lost == Hazard(
        "too_many_lost",
        "6 of 100 bound goods are gone from the platform; over 5 at once looks like the wrong app or a broken list.",
        6,
        5,
        "if they are really gone: --accept-losses",
    )
