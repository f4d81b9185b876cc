"""A product with its SKUs while a catalogue is read, and the rules between them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from catalog_sync.core.entry import Code, Scalar, found, shown
from catalog_sync.core.model import Place
from catalog_sync.core.reading import Notes, where
from catalog_sync.providers.mini_store.fields import Given
from catalog_sync.providers.mini_store.wording import MAX_ATTR_VALUES, StoreCode


class Sku(NamedTuple):
    """A SKU, usable or not. `given` is None when nothing of it could be read; `attrs` None when there are none, or
    wrong ones."""

    key: Scalar
    notes: Notes
    given: Given | None
    attrs: dict[str, str] | None

    @property
    def place(self) -> Place:
        """Where its attributes stand, else its key."""
        node = self.given.nodes.get("attrs") if self.given else None
        return self.notes.place(node or self.key)


@dataclass(slots=True)
class Family:
    """A product. `place` is where it is named first, or where its mapping stands: `given` is what that holds (None when
    only rows name the product, or the mapping could not be read). `whole` is false when SKUs of it may be unknown."""

    key: str
    place: Place
    position: int
    notes: Notes
    mapped: bool = False
    given: Given | None = None
    product_id: int | None = None
    listing: bool = True
    whole: bool = True
    skus: list[Sku] = field(default_factory=list)


def check_family(family: Family) -> None:
    """That there are SKUs, and that their attributes tell them apart."""
    if not family.skus and family.whole and family.given is not None:
        _none(family.given)
    if len(family.skus) > 1:
        _check_given(family.skus)
    read = [sku for sku in family.skus if sku.attrs is not None]
    _check_apart(read)
    _check_alike(read)
    _check_number(read)


def _none(given: Given) -> None:
    if given.has("skus"):
        given.notes.error(Code.MISSING_FIELD, given.nodes["skus"], "a product needs at least one SKU (none)", "skus")
    else:
        given.missing("skus")


def _check_given(skus: Iterable[Sku]) -> None:
    for sku in skus:
        if sku.given is not None and not sku.given.has("attrs"):
            node = sku.given.nodes.get("attrs")
            summary = f"is required where a product has several SKUs ({found(node) if node else 'missing'})"
            sku.notes.error(Code.MISSING_FIELD, node or sku.key, summary, "attrs")


def _check_apart(skus: Iterable[Sku]) -> None:
    seen: dict[frozenset[tuple[str, str]], Sku] = {}
    for sku in skus:
        attrs = sku.attrs or {}
        first = seen.setdefault(frozenset(attrs.items()), sku)
        if first is not sku:
            pairs = shown(", ".join(f"{name}={value}" for name, value in attrs.items()))
            summary = f"the same attributes as {first.notes.address}, at {where(first.place)} ({pairs})"
            _error(sku, StoreCode.ATTRS_SAME, summary, "attrs")


def _check_alike(skus: Iterable[Sku]) -> None:
    """The vendor does not say that the SKUs of a product must have the same keys; a shop's page needs it."""
    first: Sku | None = None
    for sku in skus:
        first = first or sku
        if (first.attrs or {}).keys() != (sku.attrs or {}).keys():
            names = shown(", ".join(sku.attrs or ()))
            summary = f"names other attributes than {first.notes.address}, at {where(first.place)} ({names})"
            _warning(sku, StoreCode.ATTRS_DIFFER, summary, "attrs")


def _check_number(skus: Iterable[Sku]) -> None:
    """Told once for each key, at the first value too many."""
    values: dict[str, set[str]] = {}
    for sku in skus:
        for name, value in (sku.attrs or {}).items():
            known = values.setdefault(name, set())
            if value not in known and len(known) == MAX_ATTR_VALUES:
                summary = f"at most {MAX_ATTR_VALUES} different values in a product; this is one more"
                _error(sku, StoreCode.ATTR_VALUES, f"{summary} ({shown(value)})", f"attrs.{shown(name)}")
            known.add(value)


def _error(sku: Sku, code: StoreCode, summary: str, name: str) -> None:
    node = sku.given.nodes["attrs"] if sku.given else sku.key
    sku.notes.error(code, node, summary, name)


def _warning(sku: Sku, code: StoreCode, summary: str, name: str) -> None:
    node = sku.given.nodes["attrs"] if sku.given else sku.key
    sku.notes.warning(code, node, summary, name)


def check_ids(families: Iterable[Family]) -> None:
    """That no two products are one on the platform."""
    holders: dict[int, Family] = {}
    for family in families:
        if family.product_id is None or family.given is None:
            continue
        first = holders.setdefault(family.product_id, family)
        if first is not family:
            summary = f"is the id of {first.notes.address}, at {where(first.place)}, as well ({family.product_id})"
            family.notes.error(StoreCode.PRODUCT_ID_TWICE, family.given.nodes["product_id"], summary, "product_id")
