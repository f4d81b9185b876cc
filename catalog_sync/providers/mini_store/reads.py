"""The calls that read products, SKUs and stock, each in one copy. None is known to be counted.

Paths: every page and SDK agrees; all are POST (checked 2026-11-21).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from catalog_sync.core.errors import AuthFailed, InDoubt, NotSent, Refused
from catalog_sync.core.model import Remote
from catalog_sync.providers.mini_store.codes import NOT_THERE
from catalog_sync.providers.mini_store.rows import (
    NO_ROWS,
    Reading,
    SkuRow,
    SkuRows,
    read_sku_answer,
    read_skus,
    read_spu,
    read_spus,
    read_stock,
    sku_of,
)
from catalog_sync.providers.mini_store.schema import PRODUCT, Standing
from catalog_sync.wechat.calls import Calls
from catalog_sync.wechat.json_text import Json
from catalog_sync.wechat.looks import understood
from catalog_sync.wechat.retry import IMPATIENT

SPU_LIST, SPU_GET = "/product/spu/get_list", "/product/spu/get"
SKU_LIST, SKU_GET = "/product/sku/get_list", "/product/sku/get"
STOCK_GET = "/product/stock/get"
PAGE = 50
"""Products a page. How many it may be is not documented; SDKs ask for 10 to 20."""
DRAFT: Mapping[str, Json] = {"need_edit_sku": 1, "need_real_stock": 0}
ONLINE: Mapping[str, Json] = {"need_edit_sku": 0, "need_real_stock": 1}

T = TypeVar("T")
_STANDING = PRODUCT.index("standing")


class Reads:
    """The reading calls. They repeat themselves and raise as `Calls` says; what is not there is None, or empty."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def product(self, **by: Json) -> Reading | None:
        """A product by product_id or out_product_id. The draft is asked for: every product has one."""
        return self._asked("spu_get", SPU_GET, {**by, "need_edit_spu": 1}, read_spu)

    def page(self, number: int, size: int = PAGE) -> tuple[int, list[Reading]]:
        """One page of all products, newest first: how many it has, and those that could be read whole."""
        sent = {"page": number, "page_size": size, "need_edit_spu": 1}
        answer = self._calls.ask("spu_list", SPU_LIST, sent)
        return understood("spu_list", lambda: read_spus(answer.body))

    def sku(self, **by: Json) -> Reading | None:
        """A SKU of a draft by sku_id or out_sku_id, with its online copy."""
        draft = self._row(by, DRAFT)
        if draft is None:
            return None
        product = self.product(product_id=draft.product_id)
        if product is None:
            return None
        online = None if never_online(product.remote) else self._row({"sku_id": draft.sku_id}, ONLINE)
        return sku_of(product.remote, draft, online)

    def skus(self, product: Remote) -> tuple[SkuRows, SkuRows]:
        """All SKUs of a product: its draft, and its online copy. A product that was never online is not asked for
        that: what the platform shows then is not known.

        Of a SKU that was never online, in a product that is, some would show the draft as its online copy (not
        documented): it counts as online then."""
        draft = self._rows(product, DRAFT)
        return draft, NO_ROWS if never_online(product) else self._rows(product, ONLINE)

    def real_stock(self, ids: Mapping[str, Json]) -> int:
        """The stock that a SKU sells from, read before a write: no end of it is in doubt, for nothing was written."""
        try:
            answer = self._calls.ask("stock_get", STOCK_GET, ids, schedule=IMPATIENT)
            return understood("stock_get", lambda: read_stock(answer.body))
        except InDoubt as error:
            failed = NotSent(error.call, error.reason, hint=error.hint)
        except AuthFailed as error:
            failed = NotSent("stock_get", error.message, hint=error.hint)
        raise failed

    def _rows(self, product: Remote, which: Mapping[str, Json]) -> SkuRows:
        return self._asked("sku_list", SKU_LIST, {"product_id": product.remote_id, **which}, read_skus) or NO_ROWS

    def _row(self, by: Mapping[str, Json], which: Mapping[str, Json]) -> SkuRow | None:
        row = self._asked("sku_get", SKU_GET, {**by, **which}, read_sku_answer)
        return None if row is None or row.deleted else row

    def _asked(self, call: str, path: str, sent: Json, read: Callable[[Mapping[str, object]], T]) -> T | None:
        try:
            answer = self._calls.ask(call, path, sent)
        except Refused as refused:
            if refused.errcode not in NOT_THERE:
                raise
            return None
        return understood(call, lambda: read(answer.body))


def never_online(product: Remote) -> bool:
    """Whether a product has no online copy."""
    return product.values[_STANDING] == Standing.INITIAL.value
