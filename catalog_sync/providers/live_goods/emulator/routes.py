"""Where each of the seven calls is, and how many of them a day the platform allows."""

from collections.abc import Sequence

from catalog_sync.emulator.settings import Settings
from catalog_sync.emulator.system import Route
from catalog_sync.providers.live_goods.emulator.calls import (
    answer_add,
    answer_audit,
    answer_delete,
    answer_list,
    answer_resetaudit,
    answer_status,
    answer_update,
)


def _list_method(settings: Settings) -> tuple[int, str]:
    """Say what a POST to the list answers: -1 (STAFF 2020-08-07), or 43001 as a sister call documents."""
    return (-1, "system error") if settings["list_post_code"] == -1 else (43001, "require GET method")


GOODS = "/wxaapi/broadcast/goods"
ROUTES: Sequence[Route] = (
    Route("add", "POST", f"{GOODS}/add", answer_add, "submit"),
    Route("resetaudit", "POST", f"{GOODS}/resetaudit", answer_resetaudit, "resetaudit"),
    Route("audit", "POST", f"{GOODS}/audit", answer_audit, "submit"),
    Route("delete", "POST", f"{GOODS}/delete", answer_delete, "delete"),
    Route("update", "POST", f"{GOODS}/update", answer_update, "update"),
    Route("status", "POST", "/wxa/business/getgoodswarehouse", answer_status, "status"),
    Route("list", "GET", f"{GOODS}/getapproved", answer_list, "list", refuse_method=_list_method),
)
POOLS = {"submit": 500, "resetaudit": 500, "delete": 1000, "update": 1000, "status": 1000, "list": 10_000}
"""Calls a day (DOC); `submit` is shared by add and audit. The newer update page leaves its number out."""
