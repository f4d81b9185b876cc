"""Lists as the wild shows them: rows that are lost, pages that are short, rows that move, a world of a while ago.

For any system that keeps its records on a `Shelf`.
"""

from typing import TypeVar

from catalog_sync.emulator.errors import Refusal
from catalog_sync.emulator.faults import Kind
from catalog_sync.emulator.shelf import Kept, Shelf
from catalog_sync.emulator.system import Call

R = TypeVar("R", bound=Kept)


def list_faults(listing: str, look_up: str) -> list[Kind]:
    """Make the kinds of faults of a system whose calls have these short names."""
    lists, both = frozenset({listing}), frozenset({listing, look_up})
    lost = "a page omits its row `row`, or the item `goods_id`; `counted`: total counts it all the same"
    failed = "errcode 3001 with total 0 and no rows: a failure that looks like an empty list (seen 2020-10-13)"
    moved = (
        "the rows moved since the page before: `by` 1, one earlier was taken away, so one is passed over;"
        " -1, one came, so one is seen twice; `total_moves`: total says so"
    )
    return [
        Kind("lost_row", lost, {"row": 0, "goods_id": 0, "counted": True}, only=lists, bends=True),
        Kind("short_page", "a page has only its first `rows` rows; total stays", {"rows": 0}, only=lists, bends=True),
        Kind("list_3001", failed, only=lists, bends=True),
        Kind("shifting_list", moved, {"by": 1, "total_moves": True}, only=lists, bends=True),
        Kind(
            "lagging_list",
            "shows the world `seconds` ago; 0: before its last change",
            {"seconds": 0},
            only=both,
            bends=True,
        ),
    ]


def as_seen(call: Call, shelf: Shelf[R], lag: float) -> Shelf[R]:
    """Give the shelf as this call sees it, `lag` seconds late or as a fault has it."""
    if fault := call.bent_by("lagging_list"):
        seconds = fault.takes["seconds"]
        return shelf.before(call.now - seconds if seconds else None)
    return shelf.before(call.now - lag) if lag else shelf


def read_rows(call: Call, shelf: Shelf[R], status: int, offset: int, limit: int, order: str) -> tuple[list[R], int]:
    """Give a page of one status and the total, as this call sees them."""
    if call.bent_by("list_3001"):
        raise Refusal(3001, "system error", total=0, goods=[])
    total = shelf.count(status)
    if fault := call.bent_by("shifting_list"):
        by = int(fault.takes["by"])
        offset = max(offset + by, 0)
        total = max(total - by, 0) if fault.takes["total_moves"] else total
    return _bend(call, shelf.page(status, offset, limit, newest_first=order == "newest_first"), total)


def _bend(call: Call, rows: list[R], total: int) -> tuple[list[R], int]:
    if fault := call.bent_by("short_page"):
        return rows[: int(fault.takes["rows"])], total
    fault = call.bent_by("lost_row")
    if fault is None:
        return rows, total
    wanted, lost = fault.takes["goods_id"], int(fault.takes["row"])
    kept = [row for at, row in enumerate(rows) if (row.id != wanted if wanted else at != lost)]
    return kept, total if fault.takes["counted"] else total - (len(rows) - len(kept))
