"""Scenes: a shop in which the next apply makes certain calls, and what may be seen afterwards."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .harness import ADD, AUDIT, DELETE, UPDATE, UPLOAD, WITHDRAW, Expected, Shop


@dataclass(frozen=True)
class Scene:
    """`set` prepares the shop and tells what to expect; `calls` are those of the next apply, in order."""

    name: str
    calls: tuple[str, ...]
    set: Callable[[Shop], Expected]


def _new(shop: Shop) -> Expected:
    shop.stocked("bystander")
    shop.lists("mug", cover="covers/blue.png")
    return Expected()


def _edited(shop: Shop) -> Expected:
    shop.stocked("bystander", "mug", verdict="")
    shop.lists("mug", name="茶杯 新", cover="covers/blue.png")
    return Expected()


def _priced(shop: Shop) -> Expected:
    shop.stocked("bystander", "mug")
    shop.lists("mug", price="89.00")
    return Expected()


def _replaced(shop: Shop) -> Expected:
    shop.policy = {"locked_change": "replace"}
    shop.stocked("bystander", "mug")
    shop.lists("mug", name="茶杯 新")
    return Expected(deleted=frozenset({shop.bound()}))


def _dropped(shop: Shop) -> Expected:
    shop.stocked("bystander", "mug")
    going = shop.bound()
    shop.drops("mug")
    return Expected(deleted=frozenset({going}))


def _dropped_in_audit(shop: Shop) -> Expected:
    shop.stocked("bystander", "mug", verdict="")
    going = shop.bound()
    shop.drops("mug")
    return Expected(deleted=frozenset({going}))


NEW = Scene("new", (UPLOAD, ADD), _new)
EDITED = Scene("edited", (UPLOAD, WITHDRAW, UPDATE, AUDIT), _edited)
PRICED = Scene("priced", (UPDATE,), _priced)
REPLACED = Scene("replaced", (ADD, DELETE), _replaced)
DROPPED = Scene("dropped", (DELETE,), _dropped)
DROPPED_IN_AUDIT = Scene("dropped_in_audit", (WITHDRAW, DELETE), _dropped_in_audit)

SCENES = (NEW, EDITED, PRICED, REPLACED, DROPPED, DROPPED_IN_AUDIT)
PLACES = [(scene, call) for scene in SCENES for call in scene.calls]
"""Every write call in every scene that makes it."""


def place_name(place: object) -> str:
    """The name of a test's parameter."""
    return place.name if isinstance(place, Scene) else str(place)
