"""The platform's side of Mini Program live goods: seven calls, a library an app, a reviewer.

Written from the vendor's words alone (see `catalog_sync.emulator` for the tags); checked on 2026-11-21. DOC: the seven
goods pages of the platform's server documentation (addgoods, resubmitaudit, getgoodsauditinfo, resetaudit,
updategoodsinfo, getgoodsinfo, deletegoodsinfo) and the older page "live product management interface".

A goods' life (DOC): add -> 1 in review -> 2 approved or 3 rejected; 1 -> resetaudit -> 0 -> audit -> 1; delete from any
but 1. What the pages leave open is a switch in `SWITCHES`. Open, but not a switch, and why: the status path of one SDK
(every other source says otherwise); the page-size word `count` of another (the pages say `limit`); prices in fen (the
text says yuan, only the samples look like fen); numeric strings as prices (seen accepted); that 300021 leaves the item
in status 0 (its meaning, "submission failed"); deleting in status 0, 2, 3 (the pages exclude 1 alone); two items of
the same name or url (nothing anywhere speaks of such a rule); the moment of the quota day, and whether refused calls
are charged (shared switches).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from html import escape
from typing import Any

from catalog_sync.emulator.errors import BadOrder, Refusal
from catalog_sync.emulator.faults import Kind
from catalog_sync.emulator.lists import as_seen, list_faults, read_rows
from catalog_sync.emulator.reading import Json, read_amount, read_whole, width_of
from catalog_sync.emulator.review import ReviewQueue
from catalog_sync.emulator.settings import COUNT, NUMBER, TEXTS, Setting, Settings, of_kind, one_of
from catalog_sync.emulator.shelf import Shelf
from catalog_sync.emulator.system import Call, ControlRoute, Route
from catalog_sync.emulator.world import Note, World

UNAUDITED, IN_AUDIT, APPROVED, REJECTED = 0, 1, 2, 3
CONTENT = {"coverImgUrl", "name", "url", "thirdPartyAppid"}
SIDE = 300
FIRST_GOODS_ID = 51
FIRST_AUDIT_ID = 3_211_456_789
"""Over 2^31 (OBS, since 2021-11: auditIds exceed int32)."""


@dataclass(frozen=True, slots=True)
class Goods:
    """One item. Prices are yuan; times are unix seconds; `cover_sha256` is of the uploaded bytes."""

    id: int
    name: str
    url: str
    price_type: int
    price: Decimal
    price2: Decimal | None
    status: int
    audit_id: int
    third_party_appid: str = ""
    tag: int = 2
    made_by: str = "api"
    media_id: str = ""
    cover_sha256: str = ""
    cover_url: str = ""
    """Where a read says that the cover is; empty: at the emulator, by its sha256."""
    created_at: float = 0.0
    submitted_at: float = 0.0

    def as_json(self) -> Json:
        """Write it for `GET /_emulator/world`."""
        return {
            "goods_id": self.id,
            "name": self.name,
            "url": self.url,
            "price": f"{self.price:.2f}",
            "price2": None if self.price2 is None else f"{self.price2:.2f}",
            "priceType": self.price_type,
            "cover_sha256": self.cover_sha256,
            "media_id": self.media_id,
            "audit_status": self.status,
            "audit_id": self.audit_id,
            "third_party_tag": self.tag,
            "thirdPartyAppid": self.third_party_appid,
            "made_by": self.made_by,
            "created_at": self.created_at,
            "submitted_at": self.submitted_at,
        }


@dataclass(frozen=True, slots=True)
class NextIds:
    """The ids that come next; none is ever given twice."""

    goods: int = FIRST_GOODS_ID
    audit: int = FIRST_AUDIT_ID


class Library:
    """The goods of one app, and its reviewer."""

    def __init__(self, note: Note, settings: Settings) -> None:
        self._note = note
        self._settings = settings
        self._next = NextIds()
        self._reviewer = ReviewQueue(settings)
        self.shelf: Shelf[Goods] = Shelf()
        self.deleted: dict[int, Goods] = {}

    def pass_time(self, now: float) -> None:
        """Let the automatic reviewer decide what is due."""
        for id_, moment in self._reviewer.due(now):
            goods = self.shelf.get(id_)
            if goods is not None and goods.status == IN_AUDIT and goods.submitted_at == moment:
                self._decide(goods, self._settings["verdict"], now)

    def judge(self, whom: Json, verdict: str, now: float) -> list[int]:
        """Decide what `whom` names by goods_id, name or all, where it is in review."""
        meant = [goods for goods in self._in_audit(whom) if goods.status == IN_AUDIT]
        for goods in meant:
            self._decide(goods, verdict, now)
        return [goods.id for goods in meant]

    def put(self, goods: Goods, now: float) -> Goods:
        """Put an item in the library, or in place of the one with its id."""
        self.shelf.put(goods, now)
        self._note("item", str(goods.id), goods)
        return goods

    def delete(self, goods: Goods, now: float) -> None:
        """Take an item out for good."""
        self.shelf.remove(goods.id, now)
        self.deleted[goods.id] = goods
        self._note("item", str(goods.id), None)
        self._note("deleted", str(goods.id), goods)

    def submit(self, goods: Goods, now: float) -> Goods:
        """Put an item into review under a new auditId."""
        submitted = replace(goods, status=IN_AUDIT, audit_id=self.next_audit_id(), submitted_at=now)
        self._reviewer.submit(submitted.id, now)
        return self.put(submitted, now)

    def next_goods_id(self) -> int:
        """Take the next goodsId."""
        self._count(replace(self._next, goods=self._next.goods + 1))
        return self._next.goods - 1

    def next_audit_id(self) -> int:
        """Take the next auditId. They do not stand beside one another: no client may count them up."""
        self._count(replace(self._next, audit=self._next.audit + 13))
        return self._next.audit - 13

    def as_json(self) -> Json:
        """Give the goods and what was deleted."""
        deleted = [goods.as_json() for _, goods in sorted(self.deleted.items())]
        return {"goods": [goods.as_json() for goods in self.shelf.all()], "deleted": deleted}

    def restore(self, kind: str, key: str, value: Json) -> None:
        """Take back a row of an earlier run."""
        if kind == "next":
            self._next = NextIds(**value)
            return
        price2 = None if value["price2"] is None else Decimal(value["price2"])
        goods = Goods(**{**value, "price": Decimal(value["price"]), "price2": price2})
        if kind == "deleted":
            self.deleted[int(key)] = goods
            return
        self.shelf.restore(goods.id, goods)
        if goods.status == IN_AUDIT:
            self._reviewer.restore(goods.id, goods.submitted_at)

    def _count(self, ids: NextIds) -> None:
        self._next = ids
        self._note("next", "ids", ids)

    def _decide(self, goods: Goods, verdict: str, now: float) -> None:
        self.put(replace(goods, status=APPROVED if verdict == "approve" else REJECTED), now)

    def _in_audit(self, whom: Json) -> list[Goods]:
        if "goods_id" in whom:
            goods = self.shelf.get(whom["goods_id"]) if read_whole(whom["goods_id"]) is not None else None
            return [] if goods is None else [goods]
        waiting = self.shelf.page(IN_AUDIT, 0, self.shelf.count(IN_AUDIT), newest_first=False)
        return [goods for goods in waiting if "all" in whom or goods.name == whom.get("name")]


# ---- reading what was sent


def _sent(call: Call) -> Json:
    """Read a body. OBS: the calls do not see a form, and say that what they need is missing."""
    if "json" in call.request.content_type.lower():
        return call.body()
    if call.settings["form_body_code"] == 200001:
        raise Refusal(200001, "system error")
    return {}


def _goods_info(call: Call) -> Json:
    info = _sent(call).get("goodsInfo")
    if info is None:
        raise Refusal(200002, "goodsInfo must not be empty")
    if not isinstance(info, dict):
        raise Refusal(200002, "url must not be empty")  # OBS: so for the object written as a JSON string
    return info


def _require(info: Json, names: Iterable[str]) -> None:
    for name in names:
        if info.get(name) in (None, ""):
            raise Refusal(200002, f"{name} must not be empty")


def _read_name(call: Call, name: object) -> Json:
    if not isinstance(name, str):
        raise Refusal(47001, "data format error")
    least, most = call.settings["name_min_units"], call.settings["name_max_units"]
    if not least <= width_of(name, call.settings["name_width"]) <= most:
        raise Refusal(300002, "name length invalid")
    only_digits = name.strip().isdecimal() and call.settings["digits_only_name"] == "refuse"
    if only_digits or any(word in name for word in call.settings["illegal_words"]):
        raise Refusal(300004, "name content illegal")
    return {"name": name}


def _read_url(call: Call, url: object) -> Json:
    if not isinstance(url, str):
        raise Refusal(47001, "data format error")
    if not _page_is_online(url.partition("?")[0], call.settings):
        raise Refusal(300007, "goods url invalid")
    return {"url": url}


def _page_is_online(page: str, settings: Settings) -> bool:
    """Tell whether the mini program has this page online; by default every well-formed path is one."""
    if page.startswith("/") and settings["leading_slash"] == "refuse":
        return False
    known = page.removeprefix("/").removesuffix(".html")
    if settings["known_pages"]:
        return known in settings["known_pages"]
    formed = bool(known) and "%" not in known and "://" not in known and not any(one.isspace() for one in known)
    return formed and known not in settings["unknown_pages"]


def _read_cover(call: Call, cover: object) -> Json:
    if not isinstance(cover, str):
        raise Refusal(47001, "data format error")
    if cover.startswith(("http://", "https://")) and call.settings["cover_url_accepted"]:
        return {"media_id": "", "cover_sha256": "", "cover_url": cover}
    media = call.world.media.take(cover, call.now)
    if media.width > SIDE or media.height > SIDE:
        raise Refusal(300018, "product image width or height more than 300px")
    if media.sha256 in call.settings["illegal_pictures"]:
        raise Refusal(300005, "goods img content illegal")
    return {"media_id": media.media_id, "cover_sha256": media.sha256, "cover_url": ""}


def _read_other_appid(_call: Call, appid: object) -> Json:
    if not isinstance(appid, str | None):
        raise Refusal(47001, "data format error")
    return {"third_party_appid": appid or ""}


READERS: Mapping[str, Callable[[Call, object], Json]] = {
    "url": _read_url,
    "name": _read_name,
    "coverImgUrl": _read_cover,
    "thirdPartyAppid": _read_other_appid,
}


def _read_content(call: Call, info: Json) -> Json:
    read: Json = {}
    for field, reader in READERS.items():
        if field in info:
            read |= reader(call, info[field])
    return read


def _read_prices(call: Call, info: Json, old: Goods | None) -> Json:
    """Read priceType, price and price2; what an update leaves out stays as it is."""
    if not {"priceType", "price", "price2"} & info.keys():
        return {}
    kind = _read_price_type(info["priceType"]) if "priceType" in info or old is None else old.price_type
    price = _read_price(call, info["price"]) if "price" in info or old is None else old.price
    price2 = info.get("price2") if "price2" in info or old is None else old.price2
    if kind == 1:
        _judge_needless_price2(call, price2 if "price2" in info else None)
        return {"price_type": kind, "price": price, "price2": None}
    second = _read_price(call, price2)
    if (kind == 2 and price > second) or (kind == 3 and second > price):
        raise Refusal(300003, "price input invalid")
    return {"price_type": kind, "price": price, "price2": second}


def _read_price_type(value: object) -> int:
    number = read_amount(value)
    if number not in (1, 2, 3):
        raise Refusal(300003, "price input invalid")
    return int(number)


def _read_price(call: Call, value: object) -> Decimal:
    """Read yuan: over 0 (OBS), at most two decimals (DOC)."""
    price = read_amount(value)
    most = call.settings["price_max"]
    if price is None or price <= 0 or price != round(price, 2) or (most and price > most):
        raise Refusal(300003, "price input invalid")
    return price


def _judge_needless_price2(call: Call, value: object) -> None:
    tolerated = value in (None, "") or read_amount(value) == 0
    if not tolerated and call.settings["price2_with_one_price"] == "refuse":
        raise Refusal(300003, "price input invalid")


def _library(world: World) -> Library:
    part = world.parts["live_goods"]
    if not isinstance(part, Library):
        raise TypeError(type(part).__name__)
    return part


def _find(call: Call, goods_id: object, missing_code: int) -> Goods:
    if goods_id is None:
        raise Refusal(200002, "goodsId must not be empty")
    number = read_whole(goods_id)
    if number is None:
        raise Refusal(47001, "data format error")
    goods = _library(call.world).shelf.get(number)
    if goods is None:
        raise Refusal(missing_code, "goodsId is not exist")
    return goods


def _find_api_made(call: Call, goods_id: object, missing_code: int) -> Goods:
    """Find an item that may be changed: not one of the console (DOC 300011)."""
    goods = _find(call, goods_id, missing_code)
    if goods.tag not in (1, 2):
        raise Refusal(300011, "goods is not created by api")
    return goods


# ---- the seven calls


def answer_add(call: Call) -> Json:
    """POST add: make an item and put it into review. 300021: made, but the submission failed (DOC)."""
    info = _goods_info(call)
    _require(info, ("url", "name", "coverImgUrl", "priceType", "price"))
    fields = {**_read_content(call, info), **_read_prices(call, info, None)}
    library = _library(call.world)
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
    body = _sent(call)
    goods_id, audit_id = read_whole(body.get("goodsId")), read_whole(body.get("auditId"))
    failed = Refusal(300009, "goods audit rest fail")  # the platform's own spelling (OBS)
    if goods_id is None or audit_id is None:
        raise failed
    library = _library(call.world)
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
    goods = _find_api_made(call, _sent(call).get("goodsId"), call.settings["audit_missing_code"])
    again = goods.status == REJECTED and call.settings["rejected_audit"] == "allow"
    if goods.status != UNAUDITED and not again:
        code = call.settings["audit_wrong_status_code"]
        raise Refusal(code, "goods auditStatus can not submit audit")
    return {"errcode": 0, "auditId": _library(call.world).submit(goods, call.now).audit_id}


def answer_delete(call: Call) -> Json:
    """POST delete: for good; not while in review (DOC 300014)."""
    goods = _find_api_made(call, _sent(call).get("goodsId"), call.settings["delete_missing_code"])
    if goods.status == IN_AUDIT:
        raise Refusal(300014, "goods is auditing, can't delete")
    _library(call.world).delete(goods, call.now)
    return {"errcode": 0}


def answer_update(call: Call) -> Json:
    """POST update: 0 everything, 1 nothing, 2 prices alone (DOC); 3 is a switch. It never submits (INF)."""
    info = _goods_info(call)
    goods = _find_api_made(call, info.get("goodsId"), call.settings["update_missing_code"])
    info = _allowed_to_update(call, goods, info)
    _require_for_update(call, goods, info)
    fields = {**_read_content(call, info), **_read_prices(call, info, goods)}
    library = _library(call.world)
    changed = library.put(replace(goods, **fields, status=_status_after_update(call, goods)), call.now)
    if goods.status == APPROVED and call.settings["approved_price_update"] == "reviewed_again":
        library.submit(changed, call.now)
    return {"errcode": 0}


def _allowed_to_update(call: Call, goods: Goods, info: Json) -> Json:
    refusal = Refusal(300010, "goods auditStatus can not update")
    if goods.status == IN_AUDIT or (goods.status == REJECTED and call.settings["rejected_update"] == "refuse"):
        raise refusal
    if goods.status != APPROVED:
        return info
    if call.settings["approved_unchanged_content"] == "allow":
        info = {name: value for name, value in info.items() if not _says_the_same(goods, name, value)}
    if CONTENT & info.keys() and call.settings["approved_content_update"] == "refuse":
        raise refusal
    return {name: value for name, value in info.items() if name not in CONTENT}


def _says_the_same(goods: Goods, name: str, value: object) -> bool:
    now = {
        "name": goods.name,
        "url": goods.url,
        "thirdPartyAppid": goods.third_party_appid,
        "coverImgUrl": goods.media_id,
    }
    return name in now and now[name] == value


def _require_for_update(call: Call, goods: Goods, info: Json) -> None:
    """Approved goods may send no content, so the switches ask it of the others alone."""
    needed: list[str] = [name for name in ("url", "name", "coverImgUrl") if name in info]
    if call.settings["update_requires"] == "all_fields":
        needed += ["priceType", "price"] if goods.status == APPROVED else ["url", "name", "priceType", "price"]
    if goods.status != APPROVED and call.settings["update_cover_required"]:
        needed.append("coverImgUrl")
    _require(info, needed)
    if goods.status != APPROVED and call.settings["update_appid_required"] and "thirdPartyAppid" not in info:
        raise Refusal(200002, "thirdPartyAppid must not be empty")


def _status_after_update(call: Call, goods: Goods) -> int:
    if goods.status == REJECTED and call.settings["rejected_update_makes"] == "unaudited":
        return UNAUDITED
    return goods.status


def answer_status(call: Call) -> Json:
    """POST getgoodswarehouse: up to 20 ids; ids that are not there are no error, just absent (OBS)."""
    sent = _sent(call).get("goods_ids")
    ids = sent if isinstance(sent, list) else []  # OBS: a string is answered with nothing
    if len(ids) > 20 and call.settings["status_over_20"] == "refuse":
        raise Refusal(call.settings["bad_parameter_code"], "goods_ids is invalid")
    shelf = as_seen(call, _library(call.world).shelf, call.settings["status_lag_seconds"])
    known = [read_whole(one) for one in ids[:20]]
    found = [goods for id_ in known if id_ is not None and (goods := shelf.get(id_)) is not None]
    if fault := call.bent_by("status_omits"):
        omitted = fault.takes["goods_id"]
        found = [goods for goods in found if omitted not in (0, goods.id)]
    total = len(found) if call.settings["status_total"] == "count" else 0
    return {"errcode": 0, "errmsg": "ok", "goods": [_in_status(call, goods) for goods in found], "total": total}


def answer_list(call: Call) -> Json:
    """GET getapproved: the items of one status, whatever the path says."""
    status, offset, limit = _read_page(call)
    shelf = as_seen(call, _library(call.world).shelf, call.settings["list_lag_seconds"])
    page, total = read_rows(call, shelf, status, offset, limit, call.settings["list_order"])
    return {"errcode": 0, "total": total, "goods": [_in_list(call, goods) for goods in page]}


def _read_page(call: Call) -> tuple[int, int, int]:
    query, code = call.request.query, call.settings["bad_parameter_code"]
    status, offset = _read_digits(query.get("status")), _read_digits(query.get("offset"))
    limit = _read_digits(query.get("limit", "30"))
    if status is None or status > 3:
        raise Refusal(200002 if "status" not in query else code, "status is invalid")
    if offset is None:
        raise Refusal(code, "offset is invalid")
    over = limit is not None and limit > 100 and call.settings["list_over_100"] == "refuse"
    if not limit or over:
        raise Refusal(code, "limit is invalid")
    return status, offset, min(limit, 100)


def _read_digits(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else None


# ---- how reads show an item


def _in_list(call: Call, goods: Goods) -> Json:
    tags = {"thirdPartyTag": ("thirdPartyTag",), "third_party_tag": ("third_party_tag",)}
    names = tags.get(call.settings["list_tag_name"], ("thirdPartyTag", "third_party_tag"))
    shown = {
        "goodsId": _number(call, goods.id),
        "coverImgUrl": _cover_url(call, goods),
        **_text_and_prices(call, goods),
        "priceType": _price_type(call, goods),
    }
    return shown | dict.fromkeys(names, goods.tag) | _other_appid(call, goods)


def _in_status(call: Call, goods: Goods) -> Json:
    kinds = {"price_type": ("price_type",), "priceType": ("priceType",)}
    names = kinds.get(call.settings["status_price_type_name"], ("price_type", "priceType"))
    shown = {
        "goods_id": _number(call, goods.id),
        "cover_img_url": _cover_url(call, goods),
        **_text_and_prices(call, goods),
        "audit_status": _number(call, goods.status),
        "third_party_tag": goods.tag,
    }
    return shown | dict.fromkeys(names, _price_type(call, goods)) | _other_appid(call, goods)


def _text_and_prices(call: Call, goods: Goods) -> Json:
    shown: Json = {"name": goods.name, "price": goods.price, "url": goods.url}
    if call.settings["text_on_read"] == "normalised":
        shown |= {"name": escape(goods.name.strip(), quote=False), "url": _normalised_url(goods.url)}
    if goods.price2 is not None:
        shown["price2"] = goods.price2
    elif call.settings["price2_of_one_price"] != "absent":
        shown["price2"] = {"zero": 0, "empty": "", "null": None}[call.settings["price2_of_one_price"]]
    return shown


def _normalised_url(url: str) -> str:
    page, mark, query = url.strip().removeprefix("/").partition("?")
    page = page if page.endswith(".html") else f"{page}.html"
    return escape(f"{page}{mark}{query}", quote=False)


def _cover_url(call: Call, goods: Goods) -> str:
    return goods.cover_url or f"{call.request.origin}/mmbiz/{goods.cover_sha256 or 'none'}/0?wx_fmt=png"


def _number(call: Call, number: int) -> int | str:
    return str(number) if call.settings["ids_on_read"] == "string" else number


def _price_type(call: Call, goods: Goods) -> int | str:
    return str(goods.price_type) if call.settings["price_type_on_read"] == "string" else goods.price_type


def _other_appid(call: Call, goods: Goods) -> Json:
    if call.settings["third_party_appid_on_read"] == "when_set" and not goods.third_party_appid:
        return {}
    return {"thirdPartyAppid": goods.third_party_appid}


# ---- the control plane


def make_console_goods(world: World, order: Json, now: float) -> Json:
    """POST console_goods: an item as if made by hand in the console, approved unless told otherwise."""
    library = _library(world)
    made = _goods_of_order(library, {"audit_status": APPROVED, **order}, now)
    return library.put(replace(made, tag=order.get("third_party_tag", 0), made_by="console"), now).as_json()


MOST_AT_ONCE = 1_000_000


def make_goods(world: World, order: Json, now: float) -> Json:
    """POST goods: `goods` as a list, or `count` of them (at most a million), made by the API without costing a call."""
    library = _library(world)
    count = min(read_whole(order.get("count", 0)) or 0, MOST_AT_ONCE)
    wanted = order.get("goods", [{"name": f"批量商品 {at:06d}"} for at in range(count)])
    if not isinstance(wanted, list) or not wanted or not all(isinstance(one, dict) for one in wanted):
        raise BadOrder('say "goods": [{"name": ..., "price": ...}] or "count": 1000')
    common = {"audit_status": order.get("audit_status", APPROVED)}
    made = [_goods_of_order(library, {**common, **one}, now) for one in wanted]
    for goods in made:
        library.put(goods, now) if goods.status != IN_AUDIT else library.submit(goods, now)
    return {"goods_ids": [goods.id for goods in made]}


def change_goods(world: World, order: Json, now: float) -> Json:
    """PATCH goods: an item changes without a call of ours, as by hand or by the platform."""
    library = _library(world)
    goods = _goods_of_id(library, order)
    return library.put(_fields_of_order(goods, order), now).as_json()


def lose_goods(world: World, order: Json, now: float) -> Json:
    """DELETE goods: an item vanishes, whatever its state."""
    library = _library(world)
    goods = _goods_of_id(library, order)
    library.delete(goods, now)
    return goods.as_json()


def _goods_of_id(library: Library, order: Json) -> Goods:
    number = read_whole(order.get("goods_id"))
    goods = None if number is None else library.shelf.get(number)
    if goods is None:
        raise BadOrder(f"no goods with goods_id {order.get('goods_id')!r}")
    return goods


def _goods_of_order(library: Library, order: Json, now: float) -> Goods:
    id_ = library.next_goods_id()
    audit_id = library.next_audit_id()
    url = f"pages/item/item?id={id_}"
    new = Goods(id_, f"商品{id_}", url, 1, Decimal(1), None, APPROVED, audit_id, created_at=now, submitted_at=now)
    return _fields_of_order(new, order)


FIELDS: Mapping[str, tuple[str, type]] = {
    "name": ("name", str),
    "url": ("url", str),
    "priceType": ("price_type", int),
    "audit_status": ("status", int),
    "third_party_tag": ("tag", int),
    "thirdPartyAppid": ("third_party_appid", str),
    "cover_sha256": ("cover_sha256", str),
    "coverImgUrl": ("cover_url", str),
}


def _fields_of_order(goods: Goods, order: Json) -> Goods:
    fields: dict[str, Any] = {}
    for name, (field, type_) in FIELDS.items():
        if name in order:
            if type(order[name]) is not type_:
                raise BadOrder(f"{name} cannot be {order[name]!r}")
            fields[field] = order[name]
    for name in ("price", "price2"):
        if name in order:
            fields[name] = read_amount(order[name])
    if fields.get("price", goods.price) is None:
        raise BadOrder(f"price cannot be {order['price']!r}")
    return replace(goods, **fields)


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
ALLOW = ("allow", "refuse")
MISSING = (300015, 1003, 300010)
SWITCHES: Sequence[Setting] = (
    # what an update, an audit, a delete may do
    one_of("rejected_update", "whether rejected goods can be updated, or 300010. Applications disagree", *ALLOW),
    one_of("rejected_update_makes", "the status of rejected goods after an update. Unknown", "rejected", "unaudited"),
    one_of("rejected_audit", "whether audit takes rejected goods. The page speaks of withdrawn ones alone", *ALLOW),
    one_of("approved_content_update", "new content for approved goods: 300010, or nothing", "refuse", "ignore"),
    one_of("approved_unchanged_content", "whether such an update may carry content as it was", "refuse", "allow"),
    one_of("approved_price_update", "whether new prices go on sale unreviewed (inferred)", "stays", "reviewed_again"),
    one_of("update_requires", "what an update must carry: the page's text, or its table", "what_changes", "all_fields"),
    one_of("update_cover_required", "whether an update must carry the cover. Unknown", False, True),
    one_of("update_appid_required", "whether it must carry thirdPartyAppid: old page yes, new no", False, True),
    one_of("cover_url_accepted", "whether a cover may be an address. Unknown; one SDK's test does it", False, True),
    # codes
    one_of("audit_missing_code", "audit of an id that does not exist. Unknown", *MISSING),
    one_of("update_missing_code", "update of an id that does not exist. Unknown", *MISSING),
    one_of("delete_missing_code", "delete of an id that does not exist: seen 300015, documented 1003", 300015, 1003),
    one_of("audit_wrong_status_code", "'goods auditStatus can not submit audit'. Unknown", 300010, 300013),
    one_of("withdraw_not_in_audit_code", "withdrawal of what is not in review: seen 300017", 300017, 300009),
    one_of(
        "add_300021_carries_ids", "whether 300021 comes with goodsId and auditId. Unknown", "no", "goods_id", "both"
    ),
    one_of("bad_parameter_code", "over 20 ids, limit over 100, bad offset or status. Unknown", 200002, 47001),
    one_of("list_post_code", "a list by POST: -1 (an employee), 43001 (a sister call's page)", -1, 43001),
    one_of("form_body_code", "a body sent as a form: nothing seen, or a system error", 200002, 200001),
    # lists
    one_of("status_over_20", "what over 20 ids get. Unknown", "refuse", "first_20"),
    one_of("list_over_100", "what a limit over 100 gets. Unknown", "refuse", "clamp"),
    one_of("list_order", "in which order of ids a list is. Unknown", "newest_first", "oldest_first"),
    of_kind("list_lag_seconds", "lists show the library so long ago (lists were seen stale)", NUMBER, 0),
    of_kind("status_lag_seconds", "status shows the library so long ago", NUMBER, 0),
    # what fields may be
    of_kind("name_max_units", "a name's most half-width units: 28; 34 in the first version of 2020", COUNT, 28),
    of_kind("name_min_units", "a name's least units. Not documented; 4 was seen refused", COUNT, 6),
    one_of(
        "name_width", "two units: East Asian W and F; A too; beyond U+00FF", "wide", "ambiguous_wide", "beyond_latin1"
    ),
    one_of("digits_only_name", "whether a name may be digits alone, or 300004 (reported once)", *ALLOW),
    of_kind("illegal_words", "a name with one of these: 300004", TEXTS, []),
    of_kind("illegal_pictures", "pictures with these sha256: 300005", TEXTS, []),
    of_kind("price_max", "the highest price in yuan, over it 300003; 0: no limit is documented", NUMBER, 0),
    one_of("price2_with_one_price", "price2 beside priceType 1. Documented: do not send it", "ignore", "refuse"),
    of_kind("known_pages", "pages that are online; empty: each path without leading /, %, blank, ://", TEXTS, []),
    of_kind("unknown_pages", "pages that are not online, where known_pages is empty", TEXTS, []),
    one_of("leading_slash", "whether a url may begin with a slash, or 300007 (community advice)", "refuse", "allow"),
    of_kind("max_goods", "how many goods an app can have, over it 300008; 0: no limit is documented", COUNT, 0),
    # how reads are written
    one_of("api_made_tag", "the tag of goods made by the API: 1 and 2 both mean it", 2, 1),
    one_of(
        "text_on_read", "normalised: trimmed, & as &amp;, urls with .html and no leading /", "as_sent", "normalised"
    ),
    one_of("price2_of_one_price", "price2 of priceType 1: 0 in the samples", "zero", "empty", "null", "absent"),
    one_of("price_type_on_read", "how the price type is written", "number", "string"),
    one_of("ids_on_read", "goodsId, goods_id, audit_status: samples, or the new pages", "number", "string"),
    one_of("status_price_type_name", "status: its sample, or its table", "price_type", "priceType", "both"),
    one_of("list_tag_name", "lists: the old page, or the new", "thirdPartyTag", "third_party_tag", "both"),
    one_of("third_party_appid_on_read", "whether an empty one is written", "always", "when_set"),
    one_of("status_total", "status: the number of items, or 0 as in the page's sample", "count", "zero"),
)


class LiveGoods:
    """Mini Program live goods, as a system of the emulator."""

    name = "live_goods"
    routes = ROUTES
    pools: Mapping[str, int] = POOLS
    settings = SWITCHES
    faults = FAULTS
    control: Sequence[ControlRoute] = (
        ControlRoute("POST", "console_goods", make_console_goods),
        ControlRoute("POST", "goods", make_goods),
        ControlRoute("PATCH", "goods", change_goods),
        ControlRoute("DELETE", "goods", lose_goods),
    )

    def new_part(self, note: Note, settings: Settings) -> Library:
        """Make the library of an app."""
        return Library(note, settings)


SYSTEM = LiveGoods()
"""Give it to `catalog_sync.emulator.app.create_app`."""
