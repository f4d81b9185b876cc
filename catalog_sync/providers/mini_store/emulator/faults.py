"""The faults that only the calls of the Mini Store know. Those of any call work by the short names of `routes`."""

from collections.abc import Sequence

from catalog_sync.emulator.faults import Kind

READS = frozenset({"sku_get", "sku_list", "stock_get", "spu_get", "spu_list", "spu_search"})
FAULTS: Sequence[Kind] = (
    Kind(
        "lost_sku",
        "the list omits the SKU `sku_id`, or that of its row `row`",
        {"row": 0, "sku_id": 0},
        only=frozenset({"sku_list"}),
        bends=True,
    ),
    Kind(
        "lagging_store",
        "shows the shop `seconds` ago; 0: before the last change of a product and of a SKU",
        {"seconds": 0},
        only=READS,
        bends=True,
    ),
)
