"""The systems of the platform, one folder each. A further system is its folder and one line in `PROVIDERS`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from catalog_sync.core.entry import Section
from catalog_sync.core.model import Address, Schema, system_of
from catalog_sync.core.ports import Clock, Provider
from catalog_sync.core.writing import Writer
from catalog_sync.providers.live_goods import schema as live_goods
from catalog_sync.providers.live_goods.section import MAX_COVER_BYTES, MAX_COVER_SIDE, GoodsSection
from catalog_sync.providers.live_goods.writer import GoodsWriter
from catalog_sync.providers.mini_store import schema as mini_store
from catalog_sync.providers.mini_store.section import ProductsSection
from catalog_sync.providers.mini_store.wording import MAX_THUMB_BYTES
from catalog_sync.providers.mini_store.writer import SkuWriter

if TYPE_CHECKING:
    from catalog_sync.wechat.http import Door
    from catalog_sync.wechat.token import TokenSource


@dataclass(frozen=True, slots=True)
class Registration:
    """What the composition root needs of a folder: its reader of the catalogue, a writer for each kind of items that
    has rows, the fields of its kinds of items (those that have parts before their parts), a client for each of them,
    and what its pictures may be: bytes, and pixels a side (None: any). `retired` says that the platform took interfaces
    of this kind offline: a shop that does not use them loses nothing."""

    section: Section
    writers: Mapping[str, Writer]
    schemas: tuple[Schema, ...]
    clients: Callable[[Door, TokenSource, Clock], tuple[Provider, ...]]
    max_picture_bytes: int
    max_picture_side: int | None
    retired: bool = False


def _live_goods(door: Door, tokens: TokenSource, clock: Clock) -> tuple[Provider, ...]:
    from catalog_sync.providers.live_goods.client import LiveGoodsClient  # noqa: PLC0415 - reading needs no HTTP

    return (LiveGoodsClient(door, tokens, clock),)


def _mini_store(door: Door, tokens: TokenSource, clock: Clock) -> tuple[Provider, ...]:
    from catalog_sync.providers.mini_store.client import store_clients  # noqa: PLC0415 - reading needs no HTTP

    return store_clients(door, tokens, clock)


PROVIDERS: dict[str, Registration] = {
    "live_goods": Registration(
        GoodsSection(), {"goods": GoodsWriter()}, (live_goods.SCHEMA,), _live_goods, MAX_COVER_BYTES, MAX_COVER_SIDE
    ),
    "mini_store": Registration(
        ProductsSection(),
        {"sku": SkuWriter()},
        (mini_store.PRODUCT, mini_store.SKU),
        _mini_store,
        MAX_THUMB_BYTES,
        None,
        retired=True,
    ),
}

SCHEMAS: tuple[Schema, ...] = tuple(schema for each in PROVIDERS.values() for schema in each.schemas)
"""Every kind of item."""


def registration_of(kind: str) -> Registration:
    """The folder that a kind of item belongs to; StopIteration for an unknown kind."""
    return next(each for each in PROVIDERS.values() if kind in {schema.kind for schema in each.schemas})


WRITERS: dict[str, Writer] = {kind: writer for each in PROVIDERS.values() for kind, writer in each.writers.items()}
"""How items are written as a catalogue, by kind."""


def schema_for(kind: str) -> Schema:
    """The fields of a kind of item; StopIteration for an unknown one."""
    return next(schema for schema in SCHEMAS if schema.kind == kind)


def schema_of(address: Address) -> Schema:
    """The fields of the item that stands at an address; StopIteration for an address of no system."""
    return next(schema for schema in SCHEMAS if schema.prefix == system_of(address))
