"""Right catalogues: what each feature of the file comes to."""

from __future__ import annotations

import gc
from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from catalog_sync.catalogue.loader import load
from catalog_sync.core.errors import CatalogueInvalid
from catalog_sync.core.model import (
    Catalogue,
    CoverFit,
    InAudit,
    LockedChange,
    MaxDeletes,
    Place,
    PoolSetting,
    Rules,
    StockRule,
)
from catalog_sync.providers.live_goods.schema import GoodsValues
from catalog_sync.providers.live_goods.section import GoodsSection

from .conftest import Shop

EXAMPLE = """\
# yaml-language-server: $schema=./catalog.schema.json
version: 1
app: wx0123456789abcdef

policy:
  prune: true
  max_deletes: 20%
  max_price_change: 5
  in_audit: cheapest
  locked_change: block
  cover_fit: error
  stock: on_change
quota:
  submit: {limit: 500, reserve: 0}
  day_starts: "00:00"
  timezone: Asia/Shanghai

include:
  - goods/*.yaml
  - goods/autumn.csv

goods:
  tit-cup:
    name: TIT茶杯
    cover: covers/a.png
    price: 99.50
    url: pages/index/index?id=51
  tea-set:
    name: 龙井茶具套装
    cover: https://cdn.example.com/tea-set.jpg
    priceType: 3
    price: 199
    price2: 150.50
    url: /pages/item/item?id=52
    thirdPartyAppid: wxfedcba9876543210
    priority: 10
    needed_by: 2026-12-01T20:00:00+08:00
    protect: true
    locked_change: replace

adopt: {tit-cup: 51}
moved: {tea: tea-set}
removed: [last-years-cup]
"""

FILES = {
    "catalog.yaml": EXAMPLE,
    "goods/b.yaml": "goods:\n  b:\n    name: 白瓷马克杯\n    cover: keep\n    price: 5\n    url: pages/b\n",
    "goods/a.yaml": "goods:\n  a:\n    name: 青瓷马克杯\n    cover: ../covers/a.png\n    price: 5\n    url: pages/a\n",
    "goods/autumn.csv": "key,name,cover,price,url\nautumn,秋天的茶杯,../covers/a.png,5,pages/autumn\n",
}

ITEM = {"name": "龙井茶具套装", "cover": "covers/a.png", "price": "99.50", "url": "pages/item?id=1"}


def goods(**fields: str) -> str:
    return "goods:\n  cup:\n" + "".join(f"    {name}: {text}\n" for name, text in (ITEM | fields).items())


def test_the_example_of_the_contract(shop: Shop) -> None:
    catalogue = shop.right(FILES)
    assert (catalogue.path, catalogue.app) == ("catalog.yaml", "wx0123456789abcdef")
    assert catalogue.rules == Rules()
    assert dict(catalogue.quota.pools) == {"submit": PoolSetting(500, 0)}
    assert (catalogue.quota.zone, catalogue.quota.day_starts) == (ZoneInfo("Asia/Shanghai"), 0)
    assert catalogue.adopt == {"tit-cup": 51}
    assert catalogue.moved == {"tea": "tea-set"}
    assert catalogue.removed == ("last-years-cup",)
    assert [item.key for item in catalogue.items] == ["tit-cup", "tea-set", "a", "b", "autumn"]
    assert [item.position for item in catalogue.items] == [0, 1, 2, 3, 4]


def test_items_have_all_that_their_entries_say(shop: Shop) -> None:
    items = shop.items(FILES)
    identity = items["tit-cup"].values[1]
    assert isinstance(identity, str)
    assert identity.startswith("sha256:")
    cup = items["tit-cup"]
    assert cup.values == GoodsValues("TIT茶杯", identity, "pages/index/index?id=51", "", 1, 9950, None)
    assert (cup.address, cup.kind, cup.place) == ("goods.tit-cup", "goods", Place("catalog.yaml", 23, 3))
    assert cup.picture_path == str(shop.root / "covers/a.png")
    assert (cup.priority, cup.needed_by, cup.protect, cup.locked_change) == (0, None, False, None)
    tea = items["tea-set"]
    link = "https://cdn.example.com/tea-set.jpg"
    third = "wxfedcba9876543210"
    assert tea.values == GoodsValues("龙井茶具套装", link, "pages/item/item?id=52", third, 3, 19900, 15050)
    assert tea.picture_path is None
    assert tea.needed_by == datetime(2026, 12, 1, 12, tzinfo=UTC).timestamp()
    assert (tea.priority, tea.protect, tea.locked_change) == (10, True, LockedChange.REPLACE)
    assert items["b"].values[1] == "keep"
    assert items["autumn"].place == Place("goods/autumn.csv", 2, 1)
    assert items["autumn"].values[1] == items["a"].values[1] == identity


def test_every_rule(shop: Shop) -> None:
    policy = (
        "policy: {prune: false, max_deletes: none, max_price_change: 2.50, in_audit: wait, "
        "locked_change: replace_after_approval, cover_fit: crop, stock: enforce}\n"
    )
    assert shop.right(policy + goods()).rules == Rules(
        prune=False,
        max_deletes=None,
        max_price_change=Decimal("2.5"),
        in_audit=InAudit.WAIT,
        locked_change=LockedChange.REPLACE_AFTER_APPROVAL,
        cover_fit=CoverFit.CROP,
        stock=StockRule.ENFORCE,
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0", MaxDeletes(0, None)),
        ("12", MaxDeletes(12, None)),
        ("0%", MaxDeletes(None, 0)),
        ("100%", MaxDeletes(None, 100)),
        ('"35%"', MaxDeletes(None, 35)),
        ("none", None),
    ],
)
def test_max_deletes(shop: Shop, text: str, expected: MaxDeletes | None) -> None:
    assert shop.right(f"policy: {{max_deletes: {text}}}\n{goods()}").rules.max_deletes == expected


def test_quota(shop: Shop) -> None:
    text = 'quota: {submit: {reserve: 50}, delete: {limit: 2000}, update: {}, day_starts: "08:30", timezone: UTC}\n'
    quota = shop.right(text + goods()).quota
    assert dict(quota.pools) == {
        "submit": PoolSetting(None, 50),
        "delete": PoolSetting(2000, 0),
        "update": PoolSetting(),
    }
    assert (quota.day_starts, quota.zone) == (8 * 3600 + 30 * 60, ZoneInfo("UTC"))


def test_what_may_be_left_out(shop: Shop) -> None:
    catalogue = shop.right("policy:\nquota: ~\ninclude:\nadopt:\nmoved: null\nremoved:\napp:\n" + goods())
    assert (catalogue.app, catalogue.rules, dict(catalogue.quota.pools)) == (None, Rules(), {})


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("99.5", 9950),
        ("99.50", 9950),
        ('"99.50"', 9950),
        ("99", 9900),
        ("0.01", 1),
        ("0.29", 29),
        ("1.15", 115),
        ("4.35", 435),
        ("8.2", 820),
        ("100000000", 10_000_000_000),
        ("100000000.00", 10_000_000_000),
    ],
)
def test_prices_are_fen(shop: Shop, text: str, fen: int) -> None:
    assert shop.items(goods(price=text))["cup"].values[5] == fen


def test_every_amount_of_fen_survives(shop: Shop) -> None:
    amounts = [*range(1, 10_000, 7), *range(9_999_999_000, 10_000_000_001)]
    lines = [f"k{fen},一二三四五,keep,{fen // 100}.{fen % 100:02d},pages/{fen}" for fen in amounts]
    files = {"catalog.yaml": "include: [a.csv]\n", "a.csv": "key,name,cover,price,url\n" + "\n".join(lines)}
    assert [item.values[5] for item in shop.right(files).items] == amounts


PRICE_GROUPS = [
    ({}, (1, 9950, None)),
    ({"priceType": "1"}, (1, 9950, None)),
    ({"priceType": "1", "price2": "0"}, (1, 9950, None)),
    ({"priceType": "1", "price2": '"0.00"'}, (1, 9950, None)),
    ({"price2": ""}, (1, 9950, None)),
    ({"priceType": "", "price2": "~"}, (1, 9950, None)),
    ({"priceType": "2", "price2": "99.51"}, (2, 9950, 9951)),
    ({"priceType": "3", "price2": "99.50"}, (3, 9950, 9950)),
    ({"priceType": "3", "price2": "0.01"}, (3, 9950, 1)),
]


@pytest.mark.parametrize(("fields", "group"), PRICE_GROUPS)
def test_price_groups(shop: Shop, fields: dict[str, str], group: tuple[int, int, int | None]) -> None:
    assert shop.items(goods(**fields))["cup"].values[4:] == group


TEXTS = [
    ("no", "no"),
    ("0123456", "0123456"),
    ("1e3456", "1e3456"),
    ("2026-12-01", "2026-12-01"),
    ("'a  b  c d'", "a  b  c d"),
    ('"\\u9f99\\u4e95 tea"', "龙井 tea"),
    ("一二三四五六七八九十一二三四", "一二三四五六七八九十一二三四"),
    ("abcdefghijklmnopqrstuvwxyz12", "abcdefghijklmnopqrstuvwxyz12"),
    ("全角ＡＢＣ（）", "全角ＡＢＣ（）"),
    ("👨‍👩‍👧 family", "👨‍👩‍👧 family"),
]


@pytest.mark.parametrize(("text", "name"), [pair for pair in TEXTS if len(pair[1]) >= 6])
def test_texts_stay_as_they_are_written(shop: Shop, text: str, name: str) -> None:
    assert shop.items(goods(name=text))["cup"].values[0] == name


def test_keys_stay_as_they_are_written(shop: Shop) -> None:
    text = "goods:\n" + "".join(
        goods(url=f"pages/{n}").removeprefix("goods:\n").replace("cup", key)
        for n, key in enumerate(("0123", "no", "A.b-c_d", "1e3", "null", "true"))
    )
    assert list(shop.items(text)) == ["0123", "no", "A.b-c_d", "1e3", "null", "true"]


def test_long_keys_stay_apart(shop: Shop) -> None:
    keys = ["k" * 300 + "a", "k" * 300 + "b"]
    rows = "".join(f"{key},龙井茶具套装,keep,5,pages/{key[-1]}\n" for key in keys)
    items = shop.items({"catalog.yaml": "include: [a.csv]\n", "a.csv": "key,name,cover,price,url\n" + rows})
    assert [item.address for item in items.values()] == [f"goods.{key}" for key in keys]


@pytest.mark.parametrize("url", ["/pages/a", "pages/a"])
def test_a_url_has_no_leading_slash(shop: Shop, url: str) -> None:
    assert shop.items(goods(url=url))["cup"].values[2] == "pages/a"


@pytest.mark.parametrize(
    "text",
    [
        "2026-12-01T20:00:00+08:00",
        '"2026-12-01T20:00:00+08:00"',
        "2026-12-01 20:00:00+08:00",
        "2026-12-01T12:00:00Z",
        "2026-12-01t12:00:00z",
        "2026-12-01T12:00:00.000Z",
        "2026-12-01T07:00:00-05:00",
    ],
)
def test_deadlines_are_instants(shop: Shop, text: str) -> None:
    assert shop.items(goods(needed_by=text))["cup"].needed_by == datetime(2026, 12, 1, 12, tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    ("how", "content"),
    [
        ("a byte order mark", "\ufeff" + goods()),
        ("CRLF", goods().replace("\n", "\r\n")),
        ("CR", goods().replace("\n", "\r")),
        ("no last line end", goods().rstrip("\n")),
        ("a document start and end", "%YAML 1.2\n---\n" + goods() + "...\n"),
        ("braces, as JSON", '{"goods":{"cup":{"name":"龙井茶具套装","cover":"keep","price":99.50,"url":"a\\/b"}}}'),
    ],
)
def test_spellings_of_a_file(shop: Shop, how: str, content: str) -> None:
    assert list(shop.items(content)) == ["cup"], how


def test_a_file_that_two_lines_include_is_read_once_where_it_stands_first(shop: Shop) -> None:
    item = goods().removeprefix("goods:\n")
    files = {
        "catalog.yaml": "include: [z.yaml, '*[!g].yaml', ./covers/../z.yaml]\n",
        "z.yaml": "goods:\n" + item.replace("cup", "z"),
        "a.yaml": "goods:\n" + item.replace("cup", "a").replace("id=1", "id=2"),
    }
    assert [item.key for item in shop.right(files).items] == ["z", "a"]


def test_includes_in_all_folders_below(shop: Shop) -> None:
    item = goods(cover="keep").removeprefix("goods:\n")
    names = ("deep/er/c.yaml", "deep/b.yml", "a.yaml")
    files = {name: "goods:\n" + item.replace("cup", f"k{n}").replace("id=1", name) for n, name in enumerate(names)}
    head = "include: ['**/c.yaml', 'deep/**', a.yaml]\n"
    assert [item.key for item in shop.right({"catalog.yaml": head, **files}).items] == ["k0", "k1", "k2"]


def test_load_raises_with_all_diagnostics(shop: Shop) -> None:
    shop.write({"catalog.yaml": goods(price="0", url="", name="茶杯")})
    with pytest.raises(CatalogueInvalid, match=r"^the catalogue has 2 errors$") as caught:
        load("catalog.yaml", [GoodsSection()])
    assert [each.code for each in caught.value.diagnostics] == ["name_short", "price", "missing_field"]


def test_load_returns_what_read_returns(shop: Shop) -> None:
    catalogue = shop.right(goods())
    assert isinstance(catalogue, Catalogue)
    assert load("catalog.yaml", [GoodsSection()]) == catalogue


@pytest.mark.parametrize("was_on", [True, False])
def test_the_cyclic_collector_is_as_it_was_before(shop: Shop, was_on: bool) -> None:
    try:
        (gc.enable if was_on else gc.disable)()
        shop.right(goods())
        assert gc.isenabled() is was_on
    finally:
        gc.enable()
