"""Refused: what a refusal that is remembered still holds back (rules section 3), what goes all the same, and the pauses
that the platform asked for."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from catalog_sync.core.change import Change
from catalog_sync.core.digest import fingerprint
from catalog_sync.core.errors import Refused
from catalog_sync.core.model import SENDS_CONTENT, Action, Address, FieldKind, Refusal, Schema, Step, Values, system_of
from catalog_sync.core.policy import Hold, blocked
from catalog_sync.core.quota import HOUR
from catalog_sync.core.sentence import Sentence, coded

_PAUSE = "pause:"


class Reach(StrEnum):
    """How much of an item a refusal holds back; each holds what those before it do."""

    DRAFT = "draft"  # what goes into its parent's draft; what acts at once, by calls of its own, is not concerned
    PRICE = "price"  # all content and price
    STOCK = "stock"  # stock as well


def reach_of(schema: Schema, step: Step) -> Reach:
    """What the refusal of this step holds back."""
    if schema.of_kind(FieldKind.STOCK) & set(step.fields):
        return Reach.STOCK
    return Reach.DRAFT if step.drafts else Reach.PRICE


def print_of(schema: Schema, values: Values, reach: Reach) -> str:
    """What is remembered of refused values: a refusal ends when any of those changes that it is about."""
    if reach is Reach.STOCK:
        return fingerprint(values)
    pairs = zip(schema.fields, values, strict=True)
    told = tuple(None if field.kind is FieldKind.STOCK else value for field, value in pairs)
    return fingerprint(told if reach is Reach.PRICE else (reach.value, *told))


def reach_now(schema: Schema, change: Change) -> Reach | None:
    """How much the remembered refusal of a change holds back; None where it has none, or has changed since."""
    if change.refusal is None or change.insist or change.item is None:
        return None
    values, remembered = change.item.values, change.refusal.fingerprint
    return next((reach for reach in Reach if remembered == print_of(schema, values, reach)), None)


def holds(schema: Schema, step: Step, reach: Reach) -> bool:
    """Whether a refusal that reaches so far keeps this step from being sent."""
    if step.verb not in SENDS_CONTENT or reach is Reach.STOCK:
        return step.verb in SENDS_CONTENT
    return not is_stock(schema, step) and (step.drafts or reach is Reach.PRICE)


def is_stock(schema: Schema, step: Step) -> bool:
    """Whether a step sends stock and nothing else."""
    return bool(step.fields) and set(step.fields) <= schema.of_kind(FieldKind.STOCK)


def refused(change: Change, action: Action) -> Hold:
    """The hold of a change whose refusal is remembered."""
    if change.refusal is None:
        raise ValueError(f"nothing of {change.address} was refused")
    errcode = change.refusal.errcode
    return blocked(
        action,
        "refused",
        Sentence(
            "The platform refused this very content before: {meaning}. Change it, or --resubmit {address}.",
            meaning=coded(change.refusal.meaning.removesuffix(f" (errcode {errcode})"), errcode),
            address=change.address,
        ),
    )


def rested(address: Address, step: Step) -> str:
    """What rests when the platform asks for a pause of this step: its pool, or the call alone, of its own system."""
    return step.pool or f"{system_of(address)}:{step.call}"


def pause(name: str, error: Refused, at: float) -> Refusal:
    """What is remembered of a pause that the platform asked for at this instant of its clock. It is of no item: what an
    item comes to ends no pause, and a pause ends no refusal."""
    return Refusal(Address(_PAUSE + name), "", error.errcode, error.reason, at)


def pauses(refusals: Iterable[Refusal]) -> dict[str, float]:
    """The pools, and the calls of none, that the platform wanted to rest, each with the instant until which."""
    asked = [each for each in refusals if each.address.startswith(_PAUSE)]
    return {each.address.removeprefix(_PAUSE): each.at + HOUR for each in asked}
