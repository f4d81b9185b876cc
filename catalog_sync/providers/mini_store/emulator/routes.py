"""Where each call is. All are POST (DOC, checked 2026-11-21); the first names are those that a fault is ordered by."""

from collections.abc import Callable, Sequence

from catalog_sync.emulator.errors import Refusal
from catalog_sync.emulator.reading import Json
from catalog_sync.emulator.system import Call, Route
from catalog_sync.providers.mini_store.emulator.images import answer_img_upload
from catalog_sync.providers.mini_store.emulator.reads import (
    answer_sku_get,
    answer_sku_list,
    answer_spu_get,
    answer_spu_list,
    answer_spu_search,
)
from catalog_sync.providers.mini_store.emulator.shop import shop_of
from catalog_sync.providers.mini_store.emulator.sku_calls import (
    answer_sku_add,
    answer_sku_batch_add,
    answer_sku_delete,
    answer_sku_update,
    answer_sku_update_price,
    count_of_batch,
)
from catalog_sync.providers.mini_store.emulator.spu_calls import (
    answer_delisting,
    answer_listing,
    answer_spu_add,
    answer_spu_delete,
    answer_spu_update,
)
from catalog_sync.providers.mini_store.emulator.stock_calls import answer_stock_get, answer_stock_update
from catalog_sync.providers.mini_store.emulator.writes import POOL, Answer, Writes, counted

POOLS = {POOL: 1000}
"""Writes a day (DOC)."""


def _writes_of(call: Call) -> Writes:
    return shop_of(call.world).writes


def _sku_write(answer: Answer, count: Callable[[Call], int] = lambda _: 1) -> Answer:
    return counted(answer, _writes_of, count, by_door=True)


def _spu_write(answer: Answer) -> Answer:
    return counted(answer, _writes_of, lambda call: int(call.settings["sku_write_counts"] != "sku"), by_door=False)


def _while_online(answer: Answer) -> Answer:
    """Answer as long as the interface is not taken offline."""

    def answer_while_online(call: Call) -> Json:
        if call.settings["interface_offline"]:
            raise Refusal(1400007, "interface offline")
        return answer(call)

    return answer_while_online


def _route(name: str, path: str, answer: Answer, pool: str = "") -> Route:
    long_token = (-2, "token is too long")
    return Route(name, "POST", f"/product/{path}", _while_online(answer), pool, refuse_long_token=long_token)


ROUTES: Sequence[Route] = (
    _route("sku_add", "sku/add", _sku_write(answer_sku_add), POOL),
    _route("sku_batch_add", "sku/batch_add", _sku_write(answer_sku_batch_add, count_of_batch), POOL),
    _route("sku_delete", "sku/del", answer_sku_delete),
    _route("sku_get", "sku/get", answer_sku_get),
    _route("sku_list", "sku/get_list", answer_sku_list),
    _route("sku_update", "sku/update", _sku_write(answer_sku_update), POOL),
    _route("sku_update_price", "sku/update_price", answer_sku_update_price),
    _route("stock_update", "stock/update", answer_stock_update),
    _route("stock_get", "stock/get", answer_stock_get),
    _route("spu_add", "spu/add", _spu_write(answer_spu_add)),
    _route("spu_update", "spu/update", _spu_write(answer_spu_update)),
    _route("spu_delete", "spu/del", answer_spu_delete),
    _route("spu_get", "spu/get", answer_spu_get),
    _route("spu_list", "spu/get_list", answer_spu_list),
    _route("spu_search", "spu/search", answer_spu_search),
    _route("listing", "spu/listing", answer_listing),
    _route("delisting", "spu/delisting", answer_delisting),
    _route("img_upload", "img/upload", answer_img_upload),
)
