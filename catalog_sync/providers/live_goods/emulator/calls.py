"""The seven calls: what each does to the library, and what it answers."""

from dataclasses import replace

from catalog_sync.emulator.errors import Refusal
from catalog_sync.emulator.lists import as_seen, read_rows
from catalog_sync.emulator.reading import Json, read_whole
from catalog_sync.emulator.system import Call
from catalog_sync.providers.live_goods.emulator.goods import APPROVED, IN_AUDIT, REJECTED, UNAUDITED, Goods
from catalog_sync.providers.live_goods.emulator.library import library_of
from catalog_sync.providers.live_goods.emulator.prices import read_prices
from catalog_sync.providers.live_goods.emulator.reading import (
    read_content,
    read_goods_info,
    read_page,
    read_sent,
    require,
)
from catalog_sync.providers.live_goods.emulator.showing import show_in_list, show_in_status
from catalog_sync.providers.live_goods.emulator.updating import (
    allowed_to_update,
    require_for_update,
    status_after_update,
)


def answer_add(call: Call) -> Json:
    """POST add: make an item and put it into review. 300021: made, but the submission failed (DOC)."""
    info = read_goods_info(call)
    require(info, ("url", "name", "coverImgUrl", "priceType", "price"))
    fields = {**read_content(call, info), **read_prices(call, info, None)}
    library = library_of(call.world)
    most = call.settings["max_goods"]
    if most and sum(library.shelf.count(status) for status in range(4)) >= most:
        raise Refusal(300008, "add goods fail")
    new = Goods(library.next_goods_id(), **fields, status=0, audit_id=0, tag=call.settings["api_made_tag"])
    new = replace(new, created_at=call.now)
    if call.bent_by("add_300021"):
        raise _made_not_submitted(call, library.put(new, call.now))
    submitted = library.submit(new, call.now)
    return {"goodsId": submitted.id, "auditId": submitted.audit_id, "errcode": 0}


def _made_not_submitted(call: Call, made: Goods) -> Refusal:
    told = {"no": {}, "goods_id": {"goodsId": made.id}, "both": {"goodsId": made.id, "auditId": 0}}
    return Refusal(300021, "submit audit fail", **told[call.settings["add_300021_carries_ids"]])


def answer_resetaudit(call: Call) -> Json:
    """POST resetaudit: withdraw from review; the submission is not given back (DOC)."""
    body = read_sent(call)
    goods_id, audit_id = read_whole(body.get("goodsId")), read_whole(body.get("auditId"))
    failed = Refusal(300009, "goods audit rest fail")  # the platform's own spelling (OBS)
    if goods_id is None or audit_id is None:
        raise failed
    library = library_of(call.world)
    goods = library.shelf.get(goods_id)
    if goods is None or goods.tag not in (1, 2):
        raise failed
    if goods.status != IN_AUDIT:
        raise Refusal(call.settings["withdraw_not_in_audit_code"], "goods is not auditing, can't reset review")
    if goods.audit_id != audit_id:
        raise failed
    library.put(replace(goods, status=UNAUDITED), call.now)
    return {"errcode": 0}


def answer_audit(call: Call) -> Json:
    """POST audit: submit a withdrawn item again, under a new auditId."""
    goods = _find_api_made(call, read_sent(call).get("goodsId"), call.settings["audit_missing_code"])
    again = goods.status == REJECTED and call.settings["rejected_audit"] == "allow"
    if goods.status != UNAUDITED and not again:
        code = call.settings["audit_wrong_status_code"]
        raise Refusal(code, "goods auditStatus can not submit audit")
    return {"errcode": 0, "auditId": library_of(call.world).submit(goods, call.now).audit_id}


def answer_delete(call: Call) -> Json:
    """POST delete: for good; not while in review (DOC 300014)."""
    goods = _find_api_made(call, read_sent(call).get("goodsId"), call.settings["delete_missing_code"])
    if goods.status == IN_AUDIT:
        raise Refusal(300014, "goods is auditing, can't delete")
    library_of(call.world).delete(goods, call.now)
    return {"errcode": 0}


def answer_update(call: Call) -> Json:
    """POST update: 0 everything, 1 nothing, 2 prices alone (DOC); 3 is a switch. It never submits (INF)."""
    info = read_goods_info(call)
    goods = _find_api_made(call, info.get("goodsId"), call.settings["update_missing_code"])
    info = allowed_to_update(call, goods, info)
    require_for_update(call, goods, info)
    fields = {**read_content(call, info), **read_prices(call, info, goods)}
    library = library_of(call.world)
    changed = library.put(replace(goods, **fields, status=status_after_update(call, goods)), call.now)
    if goods.status == APPROVED and call.settings["approved_price_update"] == "reviewed_again":
        library.submit(changed, call.now)
    return {"errcode": 0}


def answer_status(call: Call) -> Json:
    """POST getgoodswarehouse: up to 20 ids; ids that are not there are no error, just absent (OBS)."""
    sent = read_sent(call).get("goods_ids")
    ids = sent if isinstance(sent, list) else []  # OBS: a string is answered with nothing
    if len(ids) > 20 and call.settings["status_over_20"] == "refuse":
        raise Refusal(call.settings["bad_parameter_code"], "goods_ids is invalid")
    shelf = as_seen(call, library_of(call.world).shelf, call.settings["status_lag_seconds"])
    known = [read_whole(one) for one in ids[:20]]
    found = [goods for id_ in known if id_ is not None and (goods := shelf.get(id_)) is not None]
    if fault := call.bent_by("status_omits"):
        omitted = fault.takes["goods_id"]
        found = [goods for goods in found if omitted not in (0, goods.id)]
    total = len(found) if call.settings["status_total"] == "count" else 0
    return {"errcode": 0, "errmsg": "ok", "goods": [show_in_status(call, goods) for goods in found], "total": total}


def answer_list(call: Call) -> Json:
    """GET getapproved: the items of one status, whatever the path says."""
    status, offset, limit = read_page(call)
    shelf = as_seen(call, library_of(call.world).shelf, call.settings["list_lag_seconds"])
    page, total = read_rows(call, shelf, status, offset, limit, call.settings["list_order"])
    return {"errcode": 0, "total": total, "goods": [show_in_list(call, goods) for goods in page]}


def _find(call: Call, goods_id: object, missing_code: int) -> Goods:
    if goods_id is None:
        raise Refusal(200002, "goodsId must not be empty")
    number = read_whole(goods_id)
    if number is None:
        raise Refusal(47001, "data format error")
    goods = library_of(call.world).shelf.get(number)
    if goods is None:
        raise Refusal(missing_code, "goodsId is not exist")
    return goods


def _find_api_made(call: Call, goods_id: object, missing_code: int) -> Goods:
    """Find an item that may be changed: not one of the console (DOC 300011)."""
    goods = _find(call, goods_id, missing_code)
    if goods.tag not in (1, 2):
        raise Refusal(300011, "goods is not created by api")
    return goods
