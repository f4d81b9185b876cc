"""What each code of the platform means, call by call."""

from __future__ import annotations

import pytest

from catalog_sync.core.errors import Effect
from catalog_sync.providers.live_goods.codes import GOODS, explain
from catalog_sync.wechat.codes import COMMON

CALLS = ("upload", "add", "withdraw", "audit", "update", "delete", "list", "status", "quota")


@pytest.mark.parametrize(
    ("call", "errcode", "effect"),
    [
        ("add", 200002, Effect.CONTENT),
        ("update", 200002, Effect.ALL_FIELDS),
        ("audit", 200002, Effect.CONTENT),
        ("list", 200002, Effect.ITEM),
        ("add", 47001, Effect.CONTENT),
        ("delete", 47001, Effect.ITEM),
        *(("add", code, Effect.CONTENT) for code in (300002, 300003, 300004, 300005, 300007, 300018)),
        *(("update", code, Effect.CONTENT) for code in (300002, 300003, 300004, 300005, 300007, 300018)),
        ("add", 300006, Effect.PICTURE),
        ("update", 40007, Effect.UPLOAD),
        ("add", 300001, Effect.SUBMISSIONS),
        ("withdraw", 300009, Effect.AUDIT_ID),
        *((call, 300010, Effect.LOOK) for call in ("update", "audit")),
        *((call, 300011, Effect.FOREIGN) for call in ("update", "audit", "delete")),
        *((call, 300012, Effect.POOL) for call in ("add", "audit")),
        ("delete", 300014, Effect.LOOK),
        ("withdraw", 300017, Effect.LOOK),
        ("delete", 300015, Effect.GONE),
        ("delete", 1003, Effect.GONE),
        *((call, code, Effect.LOOK) for call in ("update", "audit", "withdraw") for code in (300015, 1003)),
        *((call, code, Effect.TOKEN) for call in CALLS for code in (40001, 40014, 42001)),
        *((call, 45009, Effect.POOL) for call in CALLS),
        *((call, 45011, Effect.MINUTE) for call in CALLS),
        *(("add", code, Effect.ACCOUNT) for code in (40013, 40125, 40164, 48001, 48004, 50002)),
        *(("add", code, Effect.ACCOUNT) for code in (61003, 61004, 61005, 61006, 61007, 61009, 61010, 61011)),
        *(("add", code, Effect.ACCOUNT) for code in (61014, 61015, 61023, 61024, 61028, 61029)),
        *(("upload", code, Effect.ITEM) for code in (40004, 40005, 40006, 40009, 41005)),
        ("add", 1400007, Effect.OFFLINE),
    ],
)
def test_a_refusal_has_an_effect(call: str, errcode: int, effect: Effect) -> None:
    code = explain(call, errcode)
    assert (code.effect, code.in_doubt) == (effect, False)


@pytest.mark.parametrize("errcode", [-1, 3001, 200001, 300008, 300013, 300021, 300022, 300048, 300016, 4711, -5])
@pytest.mark.parametrize("call", CALLS)
def test_what_may_have_been_done_is_in_doubt(call: str, errcode: int) -> None:
    assert explain(call, errcode).in_doubt


def test_every_code_has_a_meaning_and_a_hint_where_a_person_can_act() -> None:
    for errcode, code in {**COMMON, **GOODS}.items():
        assert code.meaning, errcode
        if code.effect in (Effect.ACCOUNT, Effect.CONTENT, Effect.SUBMISSIONS, Effect.FOREIGN, Effect.OFFLINE):
            assert code.hint, errcode


def test_every_code_of_the_platforms_pages_is_known() -> None:
    goods = {-1, 1003, 3001, 40001, 47001, 48001, 200001, 200002, *range(300001, 300016), 300017, 300018, 300021}
    rooms = set(range(300022, 300049))
    common = {40001, 40014, 42001, 40004, 40005, 40006, 40009, 40007, 41001, 41005, 43001, 43002, 44002, 45009, 45011}
    common |= {47001, 48001, 48004, 48006, 50002, 61003, 61004, 61005, 61006, 61007, 61009, 61010, 61011, 61014, 61015}
    common |= {61024, 61023, 61028, 61029, 76021, 76022, 40013, 40125, 40164, 40243, 41002, 41004, 50004, 50007}
    common |= {89503, 89506, 89507}
    assert goods | rooms | common <= {*COMMON, *GOODS} | {300016}


def test_what_the_upload_needs_is_said() -> None:
    assert explain("upload", 61007).hint.startswith("the upload needs permission set 1,")
    assert (
        explain("add", 61007).hint
        == "grant the permission: mini program console, or the service provider's permission set"
    )
