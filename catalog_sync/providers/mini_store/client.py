"""The clients of the Mini Store, one for products and one for SKUs: looks, and one write call at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from catalog_sync.core.errors import CallError, InDoubt, Refused
from catalog_sync.core.model import Remote, Schema
from catalog_sync.core.policy import Policy
from catalog_sync.core.ports import Answers, Clock, Listing, PoolCount, Receipt, Request, Sought
from catalog_sync.core.quota import Pool
from catalog_sync.providers.mini_store import images
from catalog_sync.providers.mini_store.codes import NOT_THERE, explain
from catalog_sync.providers.mini_store.listing import ProductPolicy
from catalog_sync.providers.mini_store.looking import look_for_products, look_for_skus
from catalog_sync.providers.mini_store.policy import SkuPolicy
from catalog_sync.providers.mini_store.pools import POOLS
from catalog_sync.providers.mini_store.reads import DRAFT, SKU_GET, Reads
from catalog_sync.providers.mini_store.rows import Reading, read_new_sku_id
from catalog_sync.providers.mini_store.schema import PRODUCT, SKU
from catalog_sync.providers.mini_store.wire import body_of, sku_ids, stock_body
from catalog_sync.wechat import quota
from catalog_sync.wechat.answer import Answer
from catalog_sync.wechat.calls import Calls
from catalog_sync.wechat.http import Door
from catalog_sync.wechat.json_text import plain
from catalog_sync.wechat.looks import ended, workers
from catalog_sync.wechat.retry import Schedule
from catalog_sync.wechat.token import TokenSource

# Every page and SDK agrees on these; all are POST (checked 2026-11-21). sku/batch_add is not called: it counts each of
# its SKUs for all that is known, and no page says what one bad SKU does to the others (100009: "only a part").
WRITE_PATHS: Mapping[str, str] = {
    "sku_add": "/product/sku/add",
    "sku_update": "/product/sku/update",
    "sku_update_price": "/product/sku/update_price",
    "stock_update": "/product/stock/update",
    "sku_delete": "/product/sku/del",
    "listing": "/product/spu/listing",
    "delisting": "/product/spu/delisting",  # no route takes a product down: that is a person's to decide
}
POOL_PATHS: Mapping[str, tuple[str, ...]] = {"sku_write": (WRITE_PATHS["sku_add"], WRITE_PATHS["sku_update"])}


class _Store:
    """What both clients have in common."""

    def __init__(self, calls: Calls, policy: Policy) -> None:
        self._calls = calls
        self._reads = Reads(calls)
        self._policy = policy

    @property
    def policy(self) -> Policy:
        """The routes of this system."""
        return self._policy

    def renew(self) -> None:
        """Drop the token that was refused last; the next call fetches a new one."""
        self._calls.renew()

    def platform_now(self) -> float:
        """The platform's clock."""
        return self._calls.platform_now()

    def _write(self, request: Request) -> Receipt:
        answer = self._calls.write(request.call, WRITE_PATHS[request.call], body_of(request))
        return _receipt(answer, request.remote_id)


class StoreProducts(_Store):
    """`core.ports.Provider` for the products of the Mini Store. They are read, and their drafts are submitted; nothing
    of a product itself is ever written."""

    @property
    def schema(self) -> Schema:
        """The fields of a product."""
        return PRODUCT

    @property
    def pools(self) -> Mapping[str, Pool]:
        """None: the platform counts none of these calls."""
        return {}

    def fetch(self, sought: Sought, *, parallelism: int, progress: Callable[[int, int], None]) -> Listing:
        """Read the products that are desired or bound, and no others (see `look_for_products`)."""
        with workers(parallelism, "mini-store") as side_by_side:
            return look_for_products(sought, self._reads, side_by_side, progress)

    def look_up(self, ids: Sequence[int], *, parallelism: int) -> Answers:
        """Ask for products by id. Raises when any of the calls fails for good."""
        return _answers(lambda each: self._reads.product(product_id=each), ids, parallelism)

    def find(self, key: str) -> Remote | None:
        """The product with this out_product_id. Raises as reads do."""
        return _remote(self._reads.product(out_product_id=key))

    def perform(self, request: Request) -> Receipt:
        """Submit a draft (`listing`), or take a product down (`delisting`): sent once, whatever comes."""
        return self._write(request)

    def probe(self) -> Mapping[str, CallError | None]:
        """Ask for a list of one product."""
        return {"spu_list": ended(lambda: self._reads.page(1, 1))}

    def counts(self) -> Mapping[str, PoolCount]:
        """None."""
        return {}


class StoreSkus(_Store):
    """`core.ports.Provider` for the SKUs of the Mini Store."""

    @property
    def schema(self) -> Schema:
        """The fields of a SKU."""
        return SKU

    @property
    def pools(self) -> Mapping[str, Pool]:
        """The pool of SKU writes and the platform's limits."""
        return POOLS

    def fetch(self, sought: Sought, *, parallelism: int, progress: Callable[[int, int], None]) -> Listing:
        """Read the SKUs of the products that were seen, both copies (see `look_for_skus`)."""
        with workers(parallelism, "mini-store") as side_by_side:
            return look_for_skus(sought, self._reads, side_by_side, progress)

    def look_up(self, ids: Sequence[int], *, parallelism: int) -> Answers:
        """Ask for SKUs by id: up to three calls each. Raises when any of the calls fails for good."""
        return _answers(lambda each: self._reads.sku(sku_id=each), ids, parallelism)

    def find(self, key: str) -> Remote | None:
        """The SKU with this out_sku_id, whatever product it is of. Raises as reads do."""
        return _remote(self._reads.sku(out_sku_id=key))

    def perform(self, request: Request) -> Receipt:
        """Make one write call (`upload`, `sku_add`, `sku_update`, `sku_update_price`, `stock_update`, `sku_delete`),
        sent once, whatever comes.

        An upload without bytes has the platform fetch the link in `fields["thumb"]`. A stock of 0 is written as a
        difference to the real stock, which is read first; a sale in between makes the platform refuse it.
        """
        match request.call:
            case "upload":
                return self._upload(request)
            case "stock_update":
                return self._stock(request)
            case "sku_add":
                return self._add(request)
            case _:
                return self._write(request)

    def probe(self) -> Mapping[str, CallError | None]:
        """Ask for a SKU that is nobody's: that there is none is a good answer."""
        return {"sku_get": ended(self._ask_for_nobody)}

    def counts(self) -> Mapping[str, PoolCount]:
        """The platform's own count by pool; what it does not tell is left out. Raises Refused for the account only."""
        return quota.pool_counts(self._calls, POOL_PATHS)

    def _upload(self, request: Request) -> Receipt:
        if request.picture:
            return images.upload(self._calls, request.picture, request.picture_type)
        return images.upload_link(self._calls, str(request.fields["thumb"]))

    def _add(self, request: Request) -> Receipt:
        answer = self._calls.write(request.call, WRITE_PATHS[request.call], body_of(request))
        sku_id = read_new_sku_id(answer.body)
        if sku_id is None:
            raise InDoubt("sku_add", "the platform's answer holds no sku_id", hint="the SKU may exist all the same")
        return _receipt(answer, sku_id)

    def _stock(self, request: Request) -> Receipt:
        real = self._reads.real_stock(sku_ids(request)) if request.fields["stock"] == 0 else None
        if real == 0:
            return Receipt(remote_id=request.remote_id)
        body = stock_body(request, real or 0)
        return _receipt(self._calls.write(request.call, WRITE_PATHS[request.call], body), request.remote_id)

    def _ask_for_nobody(self) -> None:
        try:
            self._calls.ask("sku_get", SKU_GET, {"sku_id": 1, **DRAFT})
        except Refused as refused:
            if refused.errcode not in NOT_THERE:
                raise


def store_calls(door: Door, tokens: TokenSource, clock: Clock, schedule: Schedule | None = None) -> Calls:
    """The calls of the Mini Store, for both of its clients."""
    return Calls(door, tokens, clock, explain, schedule)


def store_clients(door: Door, tokens: TokenSource, clock: Clock) -> tuple[StoreProducts, StoreSkus]:
    """Both clients, the one of the products first: the SKUs are read by them."""
    calls = store_calls(door, tokens, clock)
    return StoreProducts(calls, ProductPolicy()), StoreSkus(calls, SkuPolicy())


def _answers(ask: Callable[[int], Reading | None], ids: Sequence[int], parallelism: int) -> Answers:
    with workers(parallelism, "mini-store") as side_by_side:
        asked = [side_by_side.submit(partial(ask, each)) for each in sorted(set(ids))]
        found = [remote for each in asked if (remote := _remote(each.result())) is not None]
    return Answers({remote.remote_id: remote for remote in found})


def _remote(reading: Reading | None) -> Remote | None:
    return None if reading is None else reading.remote


def _receipt(answer: Answer, remote_id: int | None) -> Receipt:
    return Receipt(remote_id=remote_id, answer={name: plain(value) for name, value in answer.body.items()})
