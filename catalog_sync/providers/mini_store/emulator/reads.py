"""The calls that read SKUs and products, in the copy that they are asked for."""

from catalog_sync.emulator.errors import Refusal
from catalog_sync.emulator.reading import Json, read_whole
from catalog_sync.emulator.system import Call
from catalog_sync.providers.mini_store.emulator.finding import NO_PRODUCT, NO_SKU, as_seen, find_product
from catalog_sync.providers.mini_store.emulator.product import DELETED, ON_SALE, Product, Sku, SkuCopy
from catalog_sync.providers.mini_store.emulator.reading import read_flag, read_id, read_sent, read_text, wrong
from catalog_sync.providers.mini_store.emulator.shop import View, shop_of
from catalog_sync.providers.mini_store.emulator.showing import (
    copy_to_show,
    show_in_list,
    show_product,
    show_sku,
    status_to_show,
)
from catalog_sync.providers.mini_store.emulator.sku_calls import DONE

BAD_INPUT = 100020


def answer_sku_get(call: Call) -> Json:
    """POST sku/get: by sku_id or out_sku_id; need_edit_sku 1: the draft (DOC)."""
    sent = read_sent(call)
    edit, real = read_flag(sent, "need_edit_sku"), read_flag(sent, "need_real_stock")
    product, sku, copy = _find(call, sent, as_seen(call), edit=edit)
    return {**DONE, "data": show_sku(call, product, sku, copy, real=real)}


def _find(call: Call, sent: Json, view: View, *, edit: bool) -> tuple[Product, Sku, SkuCopy]:
    id_, out_id = read_id(sent, "sku_id"), read_text(sent, "out_sku_id")
    if not id_ and not out_id:
        raise wrong("sku_id")
    by_id = view.skus.get(id_) if id_ else None
    found = ([] if by_id is None else [by_id]) if id_ else shop_of(call.world).find_skus(view, out_id)
    for sku in found:
        product, copy = view.products.get(sku.product_id), copy_to_show(call, sku, edit=edit)
        if product is not None and product.status != DELETED and copy is not None and out_id in ("", sku.out_sku_id):
            return product, sku, copy
    raise Refusal(NO_SKU, "sku not exist")


def answer_sku_list(call: Call) -> Json:
    """POST sku/get_list: every SKU of a product, which must be named by product_id (DOC)."""
    sent = read_sent(call)
    edit, real = read_flag(sent, "need_edit_sku"), read_flag(sent, "need_real_stock")
    view = as_seen(call)
    product = find_product(call, {"product_id": sent.get("product_id")}, view=view)
    pairs = [(sku, copy_to_show(call, sku, edit=edit)) for sku in view.skus_of(product.id)]
    rows = [show_sku(call, product, sku, copy, real=real) for sku, copy in pairs if copy is not None]
    if fault := call.bent_by("lost_sku"):
        wanted, at = fault.takes["sku_id"], int(fault.takes["row"])
        rows = [row for number, row in enumerate(rows) if (row["sku_id"] != wanted if wanted else number != at)]
    if call.settings["sku_list_status"] == "absent":
        rows = [{name: value for name, value in row.items() if name != "status"} for row in rows]
    return {**DONE, "skus": rows}


def answer_spu_get(call: Call) -> Json:
    """POST spu/get: need_edit_spu 1: the draft (DOC)."""
    sent = read_sent(call)
    edit, view = read_flag(sent, "need_edit_spu"), as_seen(call)
    product = find_product(call, sent, view=view)
    shown = show_product(call, product, view, edit=edit)
    if shown is None:
        raise Refusal(NO_PRODUCT, "product not exist")
    return {**DONE, "data": {"spu": shown}}


def answer_spu_list(call: Call) -> Json:
    """POST spu/get_list: pages of products, newest first, of one status where one is named."""
    sent = read_sent(call)
    edit, view = read_flag(sent, "need_edit_spu"), as_seen(call)
    status = sent.get("status")
    if status is not None and read_whole(status) is None:
        raise wrong("status")
    meant = [one for one in _newest_first(view) if status is None or _status(call, one, view) == status]
    rows, total = _page(call, sent, meant, view, edit=edit)
    counted = {"total_num": total} if call.settings["total_num_in_spu_list"] else {}
    return {**DONE, **counted, "spus": rows}


def answer_spu_search(call: Call) -> Json:
    """POST spu/search: products on sale (SDK) with a word in their titles; OBS 100020 without a keyword."""
    sent = read_sent(call)
    keyword = sent.get("keyword")
    if not isinstance(keyword, str) or not keyword:
        raise Refusal(BAD_INPUT, "Invalid input param")
    view = as_seen(call)
    meant = [one for one in _newest_first(view) if one.status == ON_SALE and keyword in (one.online or {})["title"]]
    rows, _ = _page(call, sent, meant, view, edit=False)
    return {**DONE, "spus": rows}


def _newest_first(view: View) -> list[Product]:
    return [product for product in reversed(list(view.products.all())) if product.status != DELETED]


def _status(call: Call, product: Product, view: View) -> int:
    return status_to_show(call, product, view.skus_of(product.id))


def _page(call: Call, sent: Json, meant: list[Product], view: View, *, edit: bool) -> tuple[list[Json], int]:
    page, size = read_whole(sent.get("page")), read_whole(sent.get("page_size"))
    if page is None or size is None or page < 1 or not 1 <= size <= call.settings["spu_page_size_max"]:
        raise Refusal(BAD_INPUT, "Invalid input param")
    has_copy = [one for one in meant if edit or one.online is not None or call.settings["unlisted_on_read"] == "draft"]
    shown = [show_product(call, one, view, edit=edit) for one in has_copy[(page - 1) * size : page * size]]
    return [show_in_list(one) for one in shown if one is not None], len(has_copy)
