"""What differs: desired, observed and what we last sent, compared three ways (rules section 2). No platform rule here.

A field differs only when the catalogue or the platform moved away from what was settled between them: text that
the platform rewrote on its own (`&amp;`, an added `.html`) is no difference.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import assert_never

from catalog_sync.core.fold import fold, same
from catalog_sync.core.model import KEEP, Copy, Field, FieldKind, Item, Schema, StockRule, Value, Values


class Standing(StrEnum):
    """How one field stands between the catalogue, us and the platform."""

    EQUAL = "equal"
    NORMALISED = "normalised"  # the platform made something of our text, and that is what it still shows
    EDITED = "edited"  # the catalogue's value is not what we last sent
    DRIFTED = "drifted"  # somebody else changed it
    NOT_TAKEN = "not_taken"  # our write was accepted, and the old value still shows
    SETTLING = "settling"  # the same, but our write is younger than `settle_after`


@dataclass(frozen=True, slots=True)
class Difference:
    """The fields of one remote item that are not settled, by how they stand. The price group counts as one: all
    its fields are named, or none."""

    edited: frozenset[str] = frozenset()
    drifted: frozenset[str] = frozenset()
    not_taken: frozenset[str] = frozenset()
    settling: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        """Whether anything is not settled."""
        return bool(self.edited or self.drifted or self.not_taken or self.settling)

    @property
    def fields(self) -> frozenset[str]:
        """Every field that is not settled."""
        return self.edited | self.drifted | self.not_taken | self.settling


_NONE = Difference()


@dataclass(frozen=True, slots=True)
class Comparison:
    """How a comparison is made: `now` is our clock, `settle_after` seconds, `insist` takes drifted and not taken
    fields up again (`--resubmit`)."""

    schema: Schema
    now: float
    settle_after: float
    stock: StockRule = StockRule.ON_CHANGE
    insist: bool = False


def compare(how: Comparison, item: Item, copy: Copy, observed: Values) -> Difference:
    """Every field of one item that is not settled with the remote item `copy`, which shows `observed`."""
    if stands_still(how, item.values, copy, observed):
        return _NONE
    standings = {name: standing for name, standing in _standings(how, item.values, copy, observed) if standing}
    return Difference(
        edited=_named(standings, Standing.EDITED),
        drifted=_named(standings, Standing.DRIFTED),
        not_taken=_named(standings, Standing.NOT_TAKEN),
        settling=_named(standings, Standing.SETTLING),
    )


def stands_still(how: Comparison, desired: Values, copy: Copy, observed: Values) -> bool:
    """Whether nothing moved on any side, as with nearly every item of nearly every plan: told without naming fields."""
    if desired != copy.sent or observed != copy.echo or how.stock is StockRule.ENFORCE:
        return False
    return how.schema.of_prices(desired) == how.schema.of_prices(observed)


def _named(standings: dict[str, Standing], wanted: Standing) -> frozenset[str]:
    return frozenset(name for name, standing in standings.items() if standing is wanted)


def _standings(how: Comparison, desired: Values, copy: Copy, observed: Values) -> list[tuple[str, Standing]]:
    price = _price_standing(how, desired, copy, observed)
    return [
        (field.name, price if field.kind is FieldKind.PRICE else _standing(how, index, desired[index], copy, observed))
        for index, field in enumerate(how.schema.fields)
    ]


def _standing(how: Comparison, index: int, desired: Value, copy: Copy, observed: Values) -> Standing:
    field = how.schema.fields[index]
    match field.kind:
        case FieldKind.TEXT:
            return _text_standing(how, index, desired, copy, observed[index])
        case FieldKind.PICTURE:
            return Standing.EQUAL if desired in (KEEP, copy.sent[index]) else Standing.EDITED
        case FieldKind.STOCK:
            reference = observed[index] if how.stock is StockRule.ENFORCE else copy.sent[index]
            return Standing.EQUAL if desired in (None, reference) else Standing.EDITED
        case FieldKind.SHOWN:
            return Standing.EQUAL
        case FieldKind.PRICE:
            raise AssertionError("prices are compared as a group")
        case _:
            assert_never(field.kind)


def _text_standing(how: Comparison, index: int, desired: Value, copy: Copy, observed: Value) -> Standing:
    field = how.schema.fields[index]
    if desired is None or same(field.fold, desired, observed):  # what the catalogue does not name is not managed
        return Standing.EQUAL
    if not same(field.fold, desired, copy.sent[index]):
        return Standing.EDITED
    if copy.echo[index] is None:
        if not shows_replaced(field, index, copy, observed):
            return Standing.NORMALISED
        return _insist(how, _untaken(how, copy))
    if same(field.fold, observed, copy.echo[index]):
        return Standing.NORMALISED
    return _insist(how, Standing.DRIFTED)


def shows_replaced(field: Field, index: int, copy: Copy, observed: Value) -> bool:
    """Whether the platform still shows what our write was to replace; a value that only folds to ours is ours."""
    before = copy.replaced[index]
    if before is None or fold(field.fold, before) == fold(field.fold, copy.sent[index]):
        return False
    return fold(field.fold, observed) == fold(field.fold, before)


def _untaken(how: Comparison, copy: Copy) -> Standing:
    young = copy.written_at is not None and how.now - copy.written_at < how.settle_after
    return Standing.SETTLING if young else Standing.NOT_TAKEN


def _insist(how: Comparison, standing: Standing) -> Standing:
    return Standing.EDITED if how.insist and standing is not Standing.SETTLING else standing


def _price_standing(how: Comparison, desired: Values, copy: Copy, observed: Values) -> Standing:
    """Prices are numbers: the platform does not rewrite them, so what is not equal is to be written."""
    of = how.schema.of_prices
    if of(desired) == of(observed):
        return Standing.EQUAL
    if of(desired) == of(copy.sent) and _prices_unanswered(how.schema, copy, observed):
        return _insist(how, _untaken(how, copy))
    return Standing.EDITED


def _prices_unanswered(schema: Schema, copy: Copy, observed: Values) -> bool:
    """Whether the platform still shows the prices that our write was to replace. They are one: none of them is answered
    while the group is not."""
    echo, replaced = schema.of_prices(copy.echo), schema.of_prices(copy.replaced)
    written = all(value is None for value in echo) and any(value is not None for value in replaced)
    return written and schema.of_prices(observed) == replaced != schema.of_prices(copy.sent)


def against(schema: Schema, desired: Values, submitted: Values) -> frozenset[str]:
    """The fields in which the catalogue is not what was last submitted: what may take rejected goods up again."""
    changed = frozenset(
        field.name
        for field, ours, theirs in zip(schema.fields, desired, submitted, strict=True)
        if not same(field.fold, ours, theirs) and not _unmanaged(field, ours)
    )
    group = schema.of_kind(FieldKind.PRICE)
    return changed | group if changed & group else changed


def _unmanaged(field: Field, desired: Value) -> bool:
    """Whether the catalogue leaves a field to the platform. (An absent price2 is a price that is not there.)"""
    return (desired is None and field.kind is not FieldKind.PRICE) or (
        field.kind is FieldKind.PICTURE and desired == KEEP
    )


def settled(how: Comparison, copy: Copy, item: Item | None, observed: Values) -> Copy:
    """The copy after a look at it: `echo` where there was none, `sent` where the platform shows the catalogue's value
    (rules section 2). What still shows the value that our write was to replace stays unanswered."""
    sent, echo, replaced = list(copy.sent), list(copy.echo), list(copy.replaced)
    prices_follow = item is not None and how.schema.of_prices(item.values) == how.schema.of_prices(observed)
    unanswered = _prices_unanswered(how.schema, copy, observed) and not prices_follow
    for index, field in enumerate(how.schema.fields):
        shown = observed[index]
        if field.kind is FieldKind.PRICE and unanswered:
            continue
        if item is not None and _follows(field, item.values[index], shown, prices_follow=prices_follow):
            sent[index], echo[index], replaced[index] = item.values[index], shown, None
        elif echo[index] is None and not shows_replaced(field, index, copy, shown):
            echo[index], replaced[index] = shown, None
    return replace(copy, sent=tuple(sent), echo=tuple(echo), replaced=tuple(replaced))


def _follows(field: Field, desired: Value, observed: Value, *, prices_follow: bool) -> bool:
    if field.kind is FieldKind.PRICE:
        return prices_follow
    return field.kind is FieldKind.TEXT and desired is not None and same(field.fold, desired, observed)


def adopted(schema: Schema, item: Item, observed: Values) -> Values:
    """What counts as sent when an item is adopted: the catalogue's picture where there is any, its stock, and every
    text that is equal when folded; what is observed for the rest."""
    return tuple(
        ours if _taken_over(field, ours, shown) else shown
        for field, ours, shown in zip(schema.fields, item.values, observed, strict=True)
    )


def _taken_over(field: Field, ours: Value, shown: Value) -> bool:
    match field.kind:
        case FieldKind.PICTURE:
            return ours == KEEP or bool(shown)  # which picture that is cannot be told; that there is none can
        case FieldKind.STOCK:
            return True
        case FieldKind.TEXT | FieldKind.PRICE | FieldKind.SHOWN:
            return fold(field.fold, ours) == fold(field.fold, shown)
        case _:
            assert_never(field.kind)
