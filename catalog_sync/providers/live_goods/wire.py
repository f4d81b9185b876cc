"""Live goods between our fields and the platform's JSON: written strictly, read leniently. Pure.

The platform spells a field in two ways: the status call says `goods_id`, `cover_img_url`, `price_type`,
`third_party_tag`, the list `goodsId`, `coverImgUrl`, `priceType`, `thirdPartyTag`, and the pages disagree with their
own samples (S0a, D-old, D-new; checked 2026-11-21). Both are read everywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from catalog_sync.core.model import AuditStatus, Remote, Value
from catalog_sync.core.ports import Request
from catalog_sync.core.sentence import Sentence, Sentences
from catalog_sync.providers.live_goods.schema import GoodsValues
from catalog_sync.wechat.json_text import Json
from catalog_sync.wechat.reading import Unreadable, read_id, read_number, read_text, read_whole
from catalog_sync.wechat.writing import given, write_count, write_text

STATUSES: Mapping[int, AuditStatus] = {
    0: AuditStatus.UNAUDITED,
    1: AuditStatus.IN_AUDIT,
    2: AuditStatus.APPROVED,
    3: AuditStatus.REJECTED,
}
PAGE = 100
"""Items a page: D-new, `limit` is 30 unless told, 100 at most."""
LARGEST_TOTAL = 1_000_000
"""Goods of one status: the list pool is 10000 calls a day, so more could not be read anyway."""
OURS = frozenset({1, 2})
"""third_party_tag of goods made through the API; any other is made in the console (S0a)."""
LARGEST_YUAN = 10**13
"""Far above any price; more is no price but nonsense."""
NOISE = Decimal("0.0001")
"""In fen: what a platform that computes in binary may add to a price. Anything more is no price of two decimals."""

_FIELDS = {"cover": "coverImgUrl"}


@dataclass(frozen=True, slots=True)
class Reading:
    """One item of an answer. With a `flaw` some of it could not be read: its status counts as unknown then, so that
    nothing is done to it."""

    remote: Remote
    flaw: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the list of a status: how many goods the platform counts, and those it shows from `offset` on. `rows`
    counts the items that could not be read, too; `flaw` says what was wrong with them."""

    total: int
    offset: int
    rows: int
    readings: tuple[Reading, ...]
    flaw: str | None = None

    @property
    def missing(self) -> int:
        """How many items it has too few; negative when it has more than it counts."""
        return min(PAGE, max(0, self.total - self.offset)) - self.rows


def goods_info(fields: Mapping[str, Value], goods_id: int | None = None) -> dict[str, Json]:
    """The platform's `goodsInfo` object: the fields that were given, and the id for an update.

    TypeError for a value of the wrong type, KeyError for a field that is not one.
    """
    written: dict[str, Json] = {} if goods_id is None else {"goodsId": goods_id}
    for name, value in fields.items():
        if name == "price2" and value is None:
            continue  # S0a: priceType 1 "only needs price, do not send price2"
        written[_FIELDS.get(name, name)] = _WRITERS[name](value)
    return written


def body_of(request: Request) -> dict[str, Json]:
    """The body of a write call (all but `upload`). ValueError when the request lacks an id that the call needs."""
    match request.call:
        case "add":
            return {"goodsInfo": goods_info(request.fields)}
        case "update":
            return {"goodsInfo": goods_info(request.fields, given(request.remote_id))}
        case "withdraw":
            return {"auditId": given(request.audit_id), "goodsId": given(request.remote_id)}
        case "audit" | "delete":
            return {"goodsId": given(request.remote_id)}
        case _:
            raise ValueError(f"no call of live goods: {request.call}")


def yuan(fen: int) -> Decimal:
    """Fen as yuan with exactly two decimals."""
    return Decimal(fen).scaleb(-2)


def _write_price(value: Value) -> Decimal:
    return yuan(write_count(value))


_WRITERS: Mapping[str, Callable[[Value], Json]] = {
    "name": write_text,
    "cover": write_text,
    "url": write_text,
    "thirdPartyAppid": write_text,
    "priceType": write_count,
    "price": _write_price,
    "price2": _write_price,
}


def read_item(raw: object, listed_as: AuditStatus | None = None) -> Reading:
    """One item of a status answer, or of the list of one status. Unreadable when it has no id."""
    if not isinstance(raw, dict):
        raise Unreadable("an item is not an object")
    remote_id = read_id(_first(raw, "goodsId", "goods_id"))
    if remote_id is None:
        raise Unreadable("an item has no goods id")
    flaws: list[str] = []
    values = _values(raw, flaws)
    status = listed_as or _status(raw)
    remote = Remote(
        remote_id=remote_id,
        status=None if flaws else status,
        values=values,
        ours=read_whole(_first(raw, "thirdPartyTag", "third_party_tag")) in OURS,
    )
    flaw = Sentence("goods {id} have no readable {fields}", id=remote_id, fields=tuple(flaws)) if flaws else None
    return Reading(remote, flaw)


def read_items(body: Mapping[str, object]) -> list[Reading]:
    """The items of a status answer. Unreadable when one has no id: it might be any of those that were asked for."""
    return [read_item(raw) for raw in _goods(body)]


def read_page(body: Mapping[str, object], status: AuditStatus, offset: int) -> Page:
    """One page of the list. Unreadable when it does not count or list goods at all."""
    total = read_whole(body.get("total"))
    if total is None or not 0 <= total <= LARGEST_TOTAL:
        raise Unreadable("it does not say how many goods there are")
    goods = _goods(body)
    readings, flaws = [], []
    for raw in goods:
        try:
            reading = read_item(raw, status)
        except Unreadable as error:
            flaws.append(str(error))
            continue
        readings.append(reading)
        flaws.extend([reading.flaw] if reading.flaw else [])
    return Page(total, offset, len(goods), tuple(readings), Sentences(flaws) or None)


def _goods(body: Mapping[str, object]) -> list[object]:
    goods = body.get("goods")
    if not isinstance(goods, list):
        raise Unreadable("it has no list of goods")
    return goods


def _values(raw: Mapping[str, object], flaws: list[str]) -> GoodsValues:
    name, url = read_text(raw.get("name")), read_text(raw.get("url"))
    price_type = read_whole(_first(raw, "priceType", "price_type"))
    price = _fen(raw.get("price"))
    # S0a, SKIT: price2 of priceType 1 is 0 in the samples; it says nothing there, whatever it is.
    price2 = None if price_type == 1 else _fen(raw.get("price2"))
    if None in (name, url, price) or price_type not in (1, 2, 3) or (price2 is None and price_type != 1):
        needed = {"name": name, "url": url, "price": price, "price2": 0 if price_type == 1 else price2}
        flaws.extend(each for each, value in needed.items() if value is None)
        flaws.extend([] if price_type in (1, 2, 3) else ["priceType"])
    return GoodsValues(
        name=name or "",
        cover=read_text(_first(raw, "coverImgUrl", "cover_img_url")) or "",
        url=url or "",
        thirdPartyAppid=read_text(_first(raw, "thirdPartyAppid", "third_party_appid")) or "",
        priceType=price_type or 0,
        price=price or 0,
        price2=price2,
    )


def _status(raw: Mapping[str, object]) -> AuditStatus | None:
    number = read_whole(_first(raw, "audit_status", "auditStatus"))
    return None if number is None else STATUSES.get(number)


def _first(raw: Mapping[str, object], *names: str) -> object:
    for name in names:
        value = raw.get(name)
        if value is not None:
            return value
    return None


def _fen(value: object) -> int | None:
    if type(value) is int:
        return value * 100 if 0 <= value <= LARGEST_YUAN else None
    number = read_number(value)
    if number is None or not 0 <= number <= LARGEST_YUAN:
        return None
    fen = number.scaleb(2)
    nearest = fen.to_integral_value()
    return int(nearest) if fen == nearest or abs(fen - nearest) <= NOISE else None
