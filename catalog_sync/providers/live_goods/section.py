"""The catalogue's `goods:`: entries become items, and every rule that can be checked without the platform is."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import PurePath
from typing import Final, NamedTuple

from catalog_sync.core.entry import Code, Desk, Entry, Node, PictureFacts, PictureProblem, Scalar, shown
from catalog_sync.core.errors import Severity
from catalog_sync.core.json_schema import JsonSchema
from catalog_sync.core.model import KEEP, Address, CoverFit, Item, LockedChange, Place, Rules
from catalog_sync.core.reading import Notes, where
from catalog_sync.core.sentence import Sentence, with_found
from catalog_sync.providers.live_goods.fields import FIELDS, Given, instant, price_group
from catalog_sync.providers.live_goods.pools import POOLS
from catalog_sync.providers.live_goods.schema import SCHEMA, GoodsValues
from catalog_sync.providers.live_goods.wording import (
    MAX_UNITS,
    MIN_UNITS,
    GoodsCode,
    name_units,
    url_oddities,
)

MAX_COVER_BYTES = 2 * 1024 * 1024
"""Vendor: one page says 2 MB and another 10 MB for temporary images (media upload); the stricter one counts. Checked
2026-11-21."""

MAX_COVER_SIDE = 300
"""Vendor: a cover has at most 300 x 300 pixels (goods page, add; the text of error 300018). Checked 2026-11-21."""

MANY = 10
"""From one item more on, a shared cover is probably a placeholder."""

_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_ODD_URL = re.compile(r"://|\s|[^\x00-\x7f]|%2[fF]")

_HEADINGS = {
    "key": ("商品编号", "商品编码", "编号"),
    "name": ("商品名称", "商品名", "名称"),
    "cover": ("商品封面", "封面", "封面图", "商品图片"),
    "price": ("价格", "商品价格"),
    "priceType": ("价格类型", "价格形式"),
    "price2": ("价格2", "第二价格"),
    "url": ("商品路径", "小程序路径", "路径", "链接"),
    "thirdPartyAppid": ("小程序appid", "小程序AppID"),
    "priority": ("优先级",),
    "needed_by": ("截止时间",),
    "protect": ("保护",),
    "locked_change": ("锁定后修改",),
}
"""What shops call the fields in their tables."""


class GoodsSection:
    """`goods:` (see `core.entry.Section`)."""

    name: Final = "goods"
    columns: Final[Mapping[str, str]] = {name: name for name in ("key", *FIELDS)} | {
        heading: name for name, headings in _HEADINGS.items() for heading in headings
    }
    row_columns: Final = frozenset({"key"})
    row_key: Final = "key"
    pools: Final[Mapping[str, int]] = {pool.name: pool.limit for pool in POOLS.values()}
    adoptable: Final = True

    def reader(self, desk: Desk) -> GoodsReader:
        """A reader for one load."""
        return GoodsReader(desk)

    def json_schema(self) -> JsonSchema:
        """Its fields, for editors."""
        from catalog_sync.providers.live_goods.json_schema import goods_schema  # noqa: PLC0415 - only `schema` asks

        return goods_schema()


class _Oversize(NamedTuple):
    """A cover with too many pixels: the policy says what that means, and may stand after the goods."""

    notes: Notes
    node: Node
    text: str
    facts: PictureFacts


class GoodsReader:
    """Reads the entries of `goods:` during one load (see `core.entry.EntryReader`)."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._keys: dict[str, Place] = {}
        self._items: list[Item] = []
        self._oversize: list[_Oversize] = []

    @property
    def keys(self) -> Mapping[str, Place]:
        """Every key, usable or not, and where it stands first."""
        return self._keys

    def take(self, entry: Entry) -> Sequence[Item]:
        """The item of this entry; nothing when it has errors."""
        notes = Notes(entry.source, entry.key, SCHEMA.prefix, self._desk.findings)
        place = entry.source.place(entry.key)
        self._check_key(entry.key, place, notes)
        if entry.node is None:
            return ()
        given = Given(entry.node, notes)
        _check_texts(given)
        self._check_words(given, entry)
        values, picture = self._values(given, entry)
        needed_by = instant(given)
        if not notes.usable or values is None or picture is None:
            return ()
        item = _item(
            notes.address, entry.key.text, place, values, picture, given.texts, needed_by, next(self._desk.positions)
        )
        self._items.append(item)
        return (item,)

    def finish(self, rules: Rules) -> Sequence[Item]:
        """What needs all items, or the policy: covers with too many pixels, shared covers, twins."""
        for oversize in self._oversize:
            self._judge(oversize, rules.cover_fit)
        self._warn_of_shared_covers()
        self._warn_of_twins()
        return ()

    def _check_key(self, key: Scalar, place: Place, notes: Notes) -> None:
        if not key.text:
            notes.error(Code.MISSING_FIELD, key, "an item needs a key (empty)")
            return
        first = self._keys.setdefault(key.text, place)
        if first is not place:
            notes.twice(key, first)
        if not _KEY.fullmatch(key.text):
            summary = "must be letters, digits and . _ - and begin with a letter or digit"
            notes.error(Code.WRONG_KEY, key, with_found(summary, shown(key.text)))

    def _check_words(self, given: Given, entry: Entry) -> None:
        node, wording = given.nodes.get("name"), self._desk.wording
        if wording is None or not isinstance(node, Scalar):
            return
        note = given.notes.error if wording.severity is Severity.ERROR else given.notes.warning
        for objection in wording.objections(entry, node):
            note(Code.WORD, node, objection, "name")

    def _values(self, given: Given, entry: Entry) -> tuple[GoodsValues | None, PictureFacts | None]:
        texts = given.texts
        prices = price_group(given)
        picture = self._picture(given, entry)
        if not given.notes.usable or prices is None or picture is None:
            return None, None
        url, app = texts["url"].lstrip("/"), texts.get("thirdPartyAppid", "")
        return GoodsValues(texts["name"], picture.identity, url, app, *prices), picture

    def _picture(self, given: Given, entry: Entry) -> PictureFacts | None:
        text = given.texts.get("cover")
        if text is None:
            return None
        node = given.nodes["cover"]
        facts = self._desk.pictures.look(entry.source, text, MAX_COVER_BYTES)
        if isinstance(facts, PictureProblem):
            given.notes.error(facts.code, node, facts.summary, "cover")
            return None
        if facts.width > MAX_COVER_SIDE or facts.height > MAX_COVER_SIDE:
            self._oversize.append(_Oversize(given.notes, node, text, facts))
        return facts

    def _judge(self, oversize: _Oversize, fit: CoverFit) -> None:
        notes, node, text, facts = oversize
        if fit is CoverFit.ERROR:
            limit = f"{MAX_COVER_SIDE} x {MAX_COVER_SIDE}"
            summary = with_found(
                Sentence(
                    "has {width} x {height} pixels, at most {limit}",
                    width=facts.width,
                    height=facts.height,
                    limit=limit,
                ),
                shown(text),
            )
            notes.error(Code.PICTURE_PIXELS, node, summary, "cover")
        elif problem := self._desk.pictures.decode(facts, text):
            notes.error(problem.code, node, problem.summary, "cover")
        elif facts.animated:
            summary = with_found("only the first frame is kept when it is made to fit", shown(text))
            notes.warning(Code.PICTURE_ANIMATED, node, summary, "cover")

    def _warn_of_shared_covers(self) -> None:
        uses = Counter(item.values[_COVER] for item in self._items)
        uses.pop(KEEP, None)
        for item in self._items:
            if (count := uses.pop(item.values[_COVER], 0)) > MANY:
                name = PurePath(item.picture_path or str(item.values[_COVER])).name
                summary = with_found(
                    Sentence("{count} items have this cover; is it a placeholder?", count=count), shown(name)
                )
                self._warning(GoodsCode.COVER_SHARED, item, summary, "cover")

    def _warn_of_twins(self) -> None:
        urls = Counter(item.values[_URL] for item in self._items)
        seen: dict[object, Item] = {}
        for item in self._items:
            if urls[item.values[_URL]] == 1:
                continue
            twin = (item.values[_NAME], item.values[_URL], item.values[_APP])
            if (first := seen.setdefault(twin, item)) is not item:
                summary = with_found(
                    Sentence(
                        "the same name and url as {address}, at {place}",
                        address=first.address,
                        place=where(first.place),
                    ),
                    shown(str(twin[0])),
                )
                self._warning(GoodsCode.TWINS, item, summary, "name")

    def _warning(self, code: str, item: Item, summary: str, name: str) -> None:
        self._desk.findings.warning(code, item.place, summary, address=item.address, name=name)


_WISHES = frozenset({"priority", "needed_by", "protect", "locked_change"})
"""The fields that say how an item is to be treated. Few items have any."""

_NAME, _COVER, _URL, _APP = map(SCHEMA.index, ("name", "cover", "url", "thirdPartyAppid"))


def _item(
    address: str,
    key: str,
    place: Place,
    values: GoodsValues,
    picture: PictureFacts,
    texts: Mapping[str, str],
    needed_by: float | None,
    position: int,
) -> Item:
    item = Item(Address(address), SCHEMA.kind, key, values, place, position, picture.path)
    if texts.keys().isdisjoint(_WISHES):
        return item
    return replace(
        item,
        priority=int(texts.get("priority", "0")),
        needed_by=needed_by,
        protect=texts.get("protect", "false").lower() == "true",
        locked_change=LockedChange(texts["locked_change"]) if "locked_change" in texts else None,
    )


def _check_texts(given: Given) -> None:
    """The length of the name and what is odd about the url."""
    texts, notes = given.texts, given.notes
    name = texts.get("name")
    # Each character is 1 or 2 units, so most names need no count.
    if name is not None and not MIN_UNITS <= len(name) <= MAX_UNITS // 2:
        _check_length(name, given)
    url = texts.get("url")
    if url is not None and _ODD_URL.search(url):
        for oddity in url_oddities(url):
            notes.warning(GoodsCode.URL_ODD, given.nodes["url"], with_found(oddity, shown(url)), "url")


def _counted(template: str, most: int, units: int, name: str) -> str:
    return with_found(Sentence(template, most=most, units=units), shown(name))


def _check_length(name: str, given: Given) -> None:
    units, most = name_units(name), name_units(name, ambiguous=2)
    node, notes = given.nodes["name"], given.notes
    if units > MAX_UNITS:
        summary = _counted("at most {most} units, a wide character counts 2; this has {units}", MAX_UNITS, units, name)
        notes.error(GoodsCode.NAME_TOO_LONG, node, summary, "name")
    elif most > MAX_UNITS:
        summary = _counted("{units} units if characters like “ count 2, at most {most}", MAX_UNITS, most, name)
        notes.warning(GoodsCode.NAME_MAY_BE_LONG, node, summary, "name")
    elif units < MIN_UNITS:
        summary = _counted(
            "the platform was seen to refuse names under {most} units; this has {units}", MIN_UNITS, units, name
        )
        notes.warning(GoodsCode.NAME_SHORT, node, summary, "name")
