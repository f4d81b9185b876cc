"""What each code of the platform means for the Mini Store, call by call."""

from __future__ import annotations

import pytest

from catalog_sync.core.errors import Effect
from catalog_sync.providers.mini_store.client import WRITE_PATHS
from catalog_sync.providers.mini_store.codes import BY_CALL, NOT_THERE, STORE, explain
from catalog_sync.wechat.codes import COMMON

READS = ("spu_list", "spu_get", "sku_list", "sku_get", "stock_get", "quota")
CALLS = ("upload", *WRITE_PATHS, *READS)
SKU_WRITES = ("sku_add", "sku_update", "sku_update_price")
OTHER_WRITES = ("upload", "stock_update", "sku_delete")
FIELD_CODES = (9401043, 9401044, 9401045, 9401046, 9401047, 9401048, 9401052)
CONTENT_CODES = (*FIELD_CODES, 9401007, 9401008, 9401020, 9401021, 100020)


@pytest.mark.parametrize(
    ("call", "errcode", "effect"),
    [
        ("sku_add", 9401005, Effect.EXISTS),
        *((call, 9401005, Effect.LOOK) for call in ("sku_update", "sku_update_price", "sku_delete")),
        ("sku_delete", 9401006, Effect.GONE),
        *((call, 9401006, Effect.LOOK) for call in (*SKU_WRITES, "stock_update", "sku_get")),
        *((call, code, Effect.LOOK) for call in CALLS for code in (9401001, 9401002, 100002)),
        *((call, 100004, Effect.LOOK) for call in ("stock_update", "stock_get")),
        *((call, 100004, Effect.ITEM) for call in ("sku_add", "sku_get")),
        *((call, code, Effect.CONTENT) for call in (*SKU_WRITES, "listing") for code in CONTENT_CODES),
        *((call, code, Effect.ITEM) for call in (*OTHER_WRITES, *READS) for code in CONTENT_CODES),
        *((call, 9401050, Effect.PICTURE) for call in ("sku_add", "sku_update")),
        *((call, code, Effect.WAIT) for call in CALLS for code in (9401022, 9401023, 9401024, 9401025)),
        *((call, 300000, Effect.HOUR) for call in CALLS),
        *(("listing", code, Effect.CONTENT) for code in (100003, 100004, 100010, 9401003, 9401004, 9401036, 9401037)),
        *(("upload", code, Effect.ITEM) for code in range(101000, 101005)),
        *((call, -2, Effect.ACCOUNT) for call in CALLS),
        *(("sku_add", code, Effect.ACCOUNT) for code in (48001, 61007, 200000, 200001, 200002)),
        *((call, code, Effect.TOKEN) for call in CALLS for code in (40001, 40014, 42001)),
        *((call, 45009, Effect.POOL) for call in CALLS),
        *((call, 45011, Effect.MINUTE) for call in CALLS),
        *((call, 1400007, Effect.OFFLINE) for call in CALLS),
    ],
)
def test_a_refusal_has_an_effect(call: str, errcode: int, effect: Effect) -> None:
    code = explain(call, errcode)
    assert (code.effect, code.in_doubt) == (effect, False)


@pytest.mark.parametrize(
    "errcode", [-1, -30000, 100005, 100009, 108001, 209001, 209004, 209005, 9401009, 9401051, 4711, -5]
)
@pytest.mark.parametrize("call", CALLS)
def test_what_may_have_been_done_is_in_doubt(call: str, errcode: int) -> None:
    assert explain(call, errcode).in_doubt


def test_every_code_has_a_meaning_and_a_hint_where_a_person_can_act() -> None:
    codes = [*STORE.values(), *BY_CALL.values()]
    assert all(code.meaning for code in codes)
    assert {code.effect for code in codes if not code.hint} == {Effect.GONE}


def test_every_code_of_the_platforms_pages_is_known() -> None:
    add_sku = {-1, -2, 9401020, 9401006, 9401005, 9401025, *range(9401043, 9401049), 9401050, 9401052}
    listing = {-1, -2, 9401020, 9401021, 9401002, 9401001, 9401023, 100002, 100003, 100005, 100020, 108001}
    listing |= {209001, 209004, 209005, 300000}
    common = {*range(9401001, 9401009), *range(9401020, 9401026), 9401036, 9401037, 9401060, 100002, 100003, 100004}
    common |= {100009, 100010, 100020, *range(101000, 101005), 200000, 200001, 200002, 300000, -30000, 1400007}
    assert add_sku | listing | common <= {*COMMON, *STORE}
    assert {*STORE} - (add_sku | listing | common) == {61007}


def test_what_does_not_exist_is_said_by_four_codes() -> None:
    assert {9401002, 9401006, 100002, 100004} == NOT_THERE


def test_what_is_said_depends_on_the_call() -> None:
    assert explain("stock_update", 100004).meaning == "the SKU does not exist"
    assert explain("listing", 100004).meaning == "the category does not exist"
    assert explain("listing", 300000).hint == "list the product later"
    assert explain("sku_add", 300000).hint == "wait an hour"
    assert explain("sku_add", 61007).hint == "these calls need permission set 70"
