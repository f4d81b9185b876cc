"""The systems of the platform, one folder each. A further system is its folder and one line in `PROVIDERS`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from catalog_sync.core.entry import Section
from catalog_sync.core.model import Schema
from catalog_sync.core.ports import Clock, Provider
from catalog_sync.core.writing import Writer
from catalog_sync.providers.live_goods.schema import SCHEMA
from catalog_sync.providers.live_goods.section import MAX_COVER_BYTES, MAX_COVER_SIDE, GoodsSection
from catalog_sync.providers.live_goods.writer import GoodsWriter

if TYPE_CHECKING:
    from catalog_sync.wechat.http import Door
    from catalog_sync.wechat.token import TokenSource


@dataclass(frozen=True, slots=True)
class Registration:
    """What the composition root needs of a system: its fields, its reader and its writer of the catalogue, its client,
    and what its pictures may be: bytes, and pixels a side (None: any)."""

    schema: Schema
    section: Section
    writer: Writer
    client: Callable[[Door, TokenSource, Clock], Provider]
    max_picture_bytes: int
    max_picture_side: int | None


def _live_goods(door: Door, tokens: TokenSource, clock: Clock) -> Provider:
    from catalog_sync.providers.live_goods.client import LiveGoodsClient  # noqa: PLC0415 - reading needs no HTTP

    return LiveGoodsClient(door, tokens, clock)


PROVIDERS: dict[str, Registration] = {
    "goods": Registration(SCHEMA, GoodsSection(), GoodsWriter(), _live_goods, MAX_COVER_BYTES, MAX_COVER_SIDE),
}
