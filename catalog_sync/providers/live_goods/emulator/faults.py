"""The faults that only the calls of live goods know."""

from collections.abc import Sequence

from catalog_sync.emulator.faults import Kind
from catalog_sync.emulator.lists import list_faults

FAULTS: Sequence[Kind] = (
    *list_faults("list", "status"),
    Kind(
        "status_omits",
        "status answers nothing for the item `goods_id`; 0: for none of the items",
        {"goods_id": 0},
        only=frozenset({"status"}),
        bends=True,
    ),
    Kind("add_300021", "the item is made in status 0, its submission failed", only=frozenset({"add"}), bends=True),
)
