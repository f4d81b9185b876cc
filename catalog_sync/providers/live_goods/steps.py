"""The steps that the routes of live goods are made of: each a call, with its pool and what it sends."""

from __future__ import annotations

from collections.abc import Iterable

from catalog_sync.core.change import Change, Side
from catalog_sync.core.model import KEEP, Role, Step, Verb
from catalog_sync.providers.live_goods.schema import SCHEMA

ALL_FIELDS = tuple(field.name for field in SCHEMA.fields)
PRICE_FIELDS = ("priceType", "price", "price2")
COVER = SCHEMA.index("cover")
PRICE_TYPE = SCHEMA.index("priceType")


def fields_of(change: Change, names: Iterable[str]) -> tuple[str, ...]:
    """Field names in the wire's order; price2 only where the price type has one."""
    wanted = set(names)
    one_price = change.desired.values[PRICE_TYPE] == 1
    return tuple(name for name in ALL_FIELDS if name in wanted and not (one_price and name == "price2"))


def every_field(change: Change) -> tuple[str, ...]:
    """All that an update can carry. One page marks each field as required, against its text (checked 2026-11-21)."""
    keeps = change.desired.values[COVER] == KEEP
    return fields_of(change, (name for name in ALL_FIELDS if name != "cover" or not keeps))


def upload(fields: tuple[str, ...]) -> tuple[Step, ...]:
    return (Step("upload", Verb.UPLOAD, "upload", ("cover",)),) if "cover" in fields else ()


def adding(change: Change, role: Role) -> tuple[Step, ...]:
    fields = fields_of(change, ALL_FIELDS)
    return (*upload(fields), Step("add", Verb.CREATE, "submit", fields, role, submits=True))


def delete(role: Role = Role.CURRENT) -> Step:
    return Step("delete", Verb.DELETE, "delete", (), role)


def withdraw(role: Role = Role.CURRENT) -> Step:
    return Step("withdraw", Verb.WITHDRAW, "withdraw", (), role)


def submit(role: Role) -> Step:
    return Step("audit", Verb.SUBMIT, "submit", (), role, submits=True)


def in_order(fields: Iterable[str]) -> tuple[str, ...]:
    wanted = set(fields)
    return tuple(name for name in ALL_FIELDS if name in wanted)


def price_step(change: Change, side: Side) -> Step:
    return Step("update", Verb.UPDATE, "update", fields_of(change, PRICE_FIELDS), side.role)
