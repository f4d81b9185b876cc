"""Looks at the Mini Store: at the products that are sought, and at the SKUs of those that were seen."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TypeVar

from catalog_sync.core.errors import CallError
from catalog_sync.core.model import Remote, key_of
from catalog_sync.core.ports import Listing, Sought
from catalog_sync.core.sentence import Sentence, Sentences
from catalog_sync.providers.mini_store.reads import Reads
from catalog_sync.providers.mini_store.rows import Reading, SkuRows, sku_of
from catalog_sync.providers.mini_store.schema import PRODUCT
from catalog_sync.wechat.json_text import Json
from catalog_sync.wechat.looks import ends_the_look, was_answered

FEW = 20
"""So many products are asked for one by one. More are looked for in the list first, which shows a page of them a call,
with no more calls than asking for each would take."""
MOST_LOST = 3
"""Reads in a row that brought no answer: then the platform is out of reach, and the rest would only wait for it."""
TOLD = 3
"""Reasons that a listing tells."""

T = TypeVar("T")


@dataclass(slots=True)
class Doubts:
    """What could not be read in a look, and whether the platform answers at all."""

    answered: bool = False
    lost: int = 0
    reasons: list[str] = field(default_factory=list)

    def attempt(self, what: str, read: Callable[[], T]) -> T | None:
        """The result of a read; None, and a doubt, when it failed. Raises what ends the look."""
        try:
            result = read()
        except CallError as error:
            failed = error
        else:
            self.answered, self.lost = True, 0
            return result
        self.lost = 0 if was_answered(failed) else self.lost + 1
        if ends_the_look(failed, answered=self.answered) or self.lost == MOST_LOST:
            raise failed
        self.answered = self.answered or was_answered(failed)
        self.note(Sentence("{what} could not be read: {reason}", what=what, reason=failed.reason))
        return None

    def note(self, reason: str | None) -> None:
        """Add a doubt, where there is one."""
        self.reasons.extend([] if reason is None else [reason])

    def listing(self, remotes: Mapping[int, Remote]) -> Listing:
        """The listing, with these doubts. The reads are in no pool."""
        told = self.reasons[:TOLD]
        more = len(self.reasons) - len(told)
        reason = Sentences([*told, *([Sentence("and {count} more", count=more)] if more else [])])
        return Listing(remotes, unread=bool(self.reasons), reason=reason or None)


@dataclass(slots=True)
class ProductLook:
    """One look for products: those with these ids, and those with these keys (out_product_id)."""

    reads: Reads
    side_by_side: ThreadPoolExecutor
    progress: Callable[[int, int], None]
    ids: set[int]
    keys: set[str]
    expected: int
    doubts: Doubts = field(default_factory=Doubts)
    remotes: dict[int, Remote] = field(default_factory=dict)

    def run(self) -> Listing:
        """Look in the list when there are many, and ask for those that it did not show."""
        if self.expected > FEW:
            self._leaf_through()
        self._ask("product_id", sorted(self._ids_left()))
        self._ask("out_product_id", sorted(self._keys_left()))
        return self.doubts.listing(self.remotes)

    def _leaf_through(self) -> None:
        """The list may be refused, short, or shift between its pages: whom it did not show is asked for anyway."""
        listed = Doubts()
        for number in range(1, self.expected + 1):
            page = listed.attempt("the list of products", partial(self.reads.page, number))
            rows, readings = page or (0, [])
            self._take(each for each in readings if self._is_sought(each.remote))
            if not rows or not (self._ids_left() or self._keys_left()):
                break
        self.doubts.answered = listed.answered

    def _ask(self, name: str, wanted: Iterable[Json]) -> None:
        asked = [(each, self.side_by_side.submit(self.reads.product, **{name: each})) for each in wanted]
        for each, future in asked:
            reading = self.doubts.attempt(
                Sentence("the product with {name} {id}", name=name, id=str(each)), future.result
            )
            self._take([] if reading is None else [reading])

    def _take(self, readings: Iterable[Reading]) -> None:
        for reading in readings:
            self.doubts.note(reading.flaw)
            self.remotes[reading.remote.remote_id] = reading.remote
        self.progress(len(self.remotes), max(self.expected, len(self.remotes)))

    def _is_sought(self, remote: Remote) -> bool:
        return remote.remote_id in self.ids or remote.key in self.keys

    def _ids_left(self) -> set[int]:
        return self.ids - self.remotes.keys()

    def _keys_left(self) -> set[str]:
        return self.keys - {each.key or "" for each in self.remotes.values()}


def look_for_products(
    sought: Sought, reads: Reads, side_by_side: ThreadPoolExecutor, progress: Callable[[int, int], None]
) -> Listing:
    """The products that are desired, by the id that the catalogue names or else by their key, and those that are bound.

    A product that does not exist is not in the listing. Raises as `Provider` says.
    """
    ids, keys = set[int](), set[str]()
    for item in sought.items:
        number = PRODUCT.named(item.values)["product_id"]
        if isinstance(number, int):
            ids.add(number)
        else:
            keys.add(item.key)
    ids.update(*sought.bound.values())
    expected = len({item.address for item in sought.items} | sought.bound.keys())
    listing = ProductLook(reads, side_by_side, progress, ids, keys, expected).run()
    return replace(listing, remotes=_under_our_keys(sought, listing.remotes))


def _under_our_keys(sought: Sought, remotes: Mapping[int, Remote]) -> dict[int, Remote]:
    """The products under the keys by which we hold them: one that was made in the console may have another
    out_product_id, or none. A key for which the catalogue names another product stands for that one alone."""
    named = {
        item.key: number for item in sought.items if isinstance(number := PRODUCT.named(item.values)["product_id"], int)
    }
    held = {next(iter(bound)): key_of(address) for address, bound in sought.bound.items()}
    keys = {id_: held.get(id_, remote.key) for id_, remote in remotes.items()}
    keys = {id_: key if named.get(key or "", id_) == id_ else None for id_, key in keys.items()}
    keys |= {number: key for key, number in named.items() if number in remotes}
    return {id_: replace(remote, key=keys[id_]) for id_, remote in remotes.items()}


def look_for_skus(
    sought: Sought, reads: Reads, side_by_side: ThreadPoolExecutor, progress: Callable[[int, int], None]
) -> Listing:
    """The SKUs in the drafts of the products that were seen. One that only the online copy has is not listed: it was
    deleted, and goes from sale with the next listing. Raises as `Provider` says."""
    doubts, remotes = Doubts(), dict[int, Remote]()
    products = sought.seen.get(PRODUCT.kind, {}).values()
    asked = [(each, side_by_side.submit(reads.skus, each)) for each in products]
    for product, future in asked:
        copies = doubts.attempt(Sentence("the SKUs of product {id}", id=product.remote_id), future.result)
        if copies is not None:
            remotes.update(_composed(product, *copies, doubts))
        progress(len(remotes), max(len(sought.items), len(remotes)))
    return doubts.listing(remotes)


def _composed(product: Remote, draft: SkuRows, online: SkuRows, doubts: Doubts) -> dict[int, Remote]:
    readings = [sku_of(product, row, online.rows.get(sku_id)) for sku_id, row in draft.rows.items()]
    doubts.note(draft.flaw or online.flaw)
    for reading in readings:
        doubts.note(reading.flaw)
    return {reading.remote.remote_id: reading.remote for reading in readings}
