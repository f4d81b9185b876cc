"""`products:`, right and wrong. In the tables the product stands at line 2, its SKU at line 4, its fields from 5 on."""

from __future__ import annotations

import pytest

from catalog_sync.core.model import KEEP, Item, Place, PoolSetting, StockRule
from catalog_sync.providers.mini_store.schema import ProductValues, SkuValues

from .conftest import Content, Shop, picture
from .test_rows import COLUMNS

FIELDS = {"sale_price": "129.00", "market_price": "159.00", "stock": "40"}
HEADING = "out_product_id,out_sku_id,sale_price,market_price,stock,attrs\n"
LINKS = "store.mp.video.tencent-cloud.com/, mmbizurl.cn/p/ or mmecimage.cn/p/"
LINK = f"a link must begin with https:// and {LINKS}; other pictures are files"
COUNT = "must be a whole number from 0 to 999999999"
PRODUCT = "must be the id of an existing product, a whole number"
AMOUNT = "must be an amount in yuan like 99.50, in plain digits"
KEY = "must have no control characters, and no blanks at its ends"
OTHERS = "names other attributes than skus.S-1, at catalog.yaml:8:16"
CELL = "must be like 颜色=蓝; 尺码=L"


def sku(key: str, **fields: str | None) -> str:
    """One SKU as YAML; None leaves a field out."""
    lines = [f"        {name}: {text}\n" for name, text in (FIELDS | fields).items() if text is not None]
    return f"      {key}:\n" + "".join(lines)


def product(*skus: str, key: str = "P-1", head: str = "") -> str:
    return f"  {key}:\n" + head + "    skus:\n" + "".join(skus)


def catalogue(**fields: str | None) -> str:
    """A catalogue with one product and one SKU."""
    return "products:\n" + product(sku("S-1", **fields))


WRONG_FIELDS = [
    # field, what stands there, where, the message; fields stand at 5 (sale_price), 6, 7 (stock) and 8 (any other)
    ("sale_price", "0", "5:21", "must be more than 0 (0)"),
    ("sale_price", "0.00", "5:21", "must be more than 0 (0.00)"),
    ("sale_price", "-1", "5:21", "must be more than 0 (-1)"),
    ("sale_price", "1.005", "5:21", "at most 2 decimals (1.005)"),
    ("sale_price", "129.000", "5:21", "at most 2 decimals (129.000)"),
    ("sale_price", "1e3", "5:21", f"{AMOUNT} (1e3)"),
    ("sale_price", "１２", "5:21", f"{AMOUNT} (１２)"),
    ("sale_price", '"1,000"', "5:21", f"{AMOUNT} (1,000)"),
    ("sale_price", "099", "5:21", f"{AMOUNT} (099)"),
    ("sale_price", "10000000.01", "5:21", "at most 10000000 (10000000.01)"),
    ("sale_price", "100000000", "5:21", "at most 10000000 (100000000)"),
    ("sale_price", "[1]", "5:21", "must be a number (a list)"),
    ("sale_price", "", "5:20", "is required (empty)"),
    ("sale_price", "~", "5:21", "is required (~)"),
    ("sale_price", '""', "5:21", "is required (empty)"),
    ("market_price", "-5", "6:23", "must be more than 0 (-5)"),
    ("market_price", "abc", "6:23", f"{AMOUNT} (abc)"),
    ("market_price", "10000000.01", "6:23", "at most 10000000 (10000000.01)"),
    ("market_price", "{a: 1}", "6:23", "must be a number (a mapping)"),
    ("market_price", "", "6:22", "is required (empty)"),
    ("stock", "-1", "7:16", f"{COUNT} (-1)"),
    ("stock", "1.0", "7:16", f"{COUNT} (1.0)"),
    ("stock", "007", "7:16", f"{COUNT} (007)"),
    ("stock", "1000000000", "7:16", f"{COUNT} (1000000000)"),
    ("stock", "many", "7:16", f"{COUNT} (many)"),
    ("stock", '"40"', "7:16", f"{COUNT}, without quotes (40)"),
    ("stock", "[]", "7:16", "must be a whole number (a list)"),
    ("stock", "", "7:15", "is required (empty)"),
    ("thumb", "keep", "8:16", "a SKU without a thumb keeps its own; leave it out (keep)"),
    ("thumb", "covers/none.png", "8:16", "the file does not exist (covers/none.png)"),
    ("thumb", "../a.png", "8:16", "leaves the catalogue's folder (../a.png)"),
    ("thumb", "/etc/a.png", "8:16", "must be relative to the file that names it (/etc/a.png)"),
    ("thumb", "covers", "8:16", "must be a file (a folder) (covers)"),
    ("thumb", "catalog.yaml", "8:16", "must be PNG, JPEG or GIF, found something else (catalog.yaml)"),
    ("thumb", "https://cdn.example.com/a.png", "8:16", f"{LINK} (https://cdn.example.com/a.png)"),
    ("thumb", "https://mmecimage.cn/q/a", "8:16", f"{LINK} (https://mmecimage.cn/q/a)"),
    ("thumb", "https://mmecimage.cn/p/", "8:16", f"{LINK} (https://mmecimage.cn/p/)"),
    ("thumb", "https://mmecimage.cn.example.com/p/a", "8:16", f"{LINK} (https://mmecimage.cn.example.com/p/a)"),
    ("thumb", "https://u:pass@mmecimage.cn/p/a", "8:16", f"{LINK} (https://***@mmecimage.cn/p/a)"),
    ("thumb", "ftp://mmecimage.cn/p/a", "8:16", f"{LINK} (ftp://mmecimage.cn/p/a)"),
    ("thumb", "mmbizurl.cn/p/a", "8:16", f"{LINK} (mmbizurl.cn/p/a)"),
    ("thumb", "'https://mmecimage.cn/p/a b'", "8:16", f"{LINK} (https://mmecimage.cn/p/a b)"),
    ("thumb", '"a\\nb"', "8:16", "must not hold control characters (a\\nb)"),
    ("thumb", "' '", "8:16", "must be a file or a link; leave it out where there is none ( )"),
    ("thumb", "[a]", "8:16", "must be a file or a link (a list)"),
    ("sku_code", "a" * 21, "8:19", f"at most 20 characters; this has 21 ({'a' * 21})"),
    ("sku_code", "货" * 21, "8:19", f"at most 20 characters; this has 21 ({'货' * 21})"),
    ("sku_code", '""', "8:19", "must have 1 to 20 characters (empty)"),
    ("sku_code", "' '", "8:19", "must have 1 to 20 characters ( )"),
    ("sku_code", '"a\\tb"', "8:19", "must not hold control characters (a\\tb)"),
    ("sku_code", "{a: b}", "8:19", "must be a text (a mapping)"),
    ("barcode", "69000-17", "8:18", "must be 1 to 18 digits (69000-17)"),
    ("barcode", "6.9e12", "8:18", "must be 1 to 18 digits (6.9e12)"),
    ("barcode", "６９", "8:18", "must be 1 to 18 digits (６９)"),
    ("barcode", "1" * 19, "8:18", f"must be 1 to 18 digits ({'1' * 19})"),
    ("barcode", '""', "8:18", "must be 1 to 18 digits (empty)"),
    ("barcode", "[1]", "8:18", "must be digits (a list)"),
    ("attrs", "颜色=蓝", "8:16", "must be a mapping like {颜色: 蓝, 尺码: L} (颜色=蓝)"),
    ("attrs", "[蓝]", "8:16", "must be a mapping like {颜色: 蓝, 尺码: L} (a list)"),
    ("attrs", "{}", "8:16", "must name an attribute; leave it out where there is none (a mapping)"),
    ("priority", "high", "8:19", "must be a whole number of at most 9 digits (high)"),
    ("priority", "'1'", "8:19", "must be a whole number of at most 9 digits, without quotes (1)"),
    ("needed_by", "2026-12-01", "8:20", "must be a time with its offset like 2026-12-01T20:00:00+08:00 (2026-12-01)"),
    (
        "needed_by",
        "2026-02-30T00:00:00Z",
        "8:20",
        "must be a time with its offset like 2026-12-01T20:00:00+08:00 (2026-02-30T00:00:00Z)",
    ),
    ("protect", "yes", "8:18", "must be true or false (yes)"),
    ("protect", "'true'", "8:18", "must be true or false, without quotes (true)"),
]


@pytest.mark.parametrize(("name", "text", "where", "message"), WRONG_FIELDS)
def test_a_wrong_field(shop: Shop, name: str, text: str, where: str, message: str) -> None:
    assert shop.lines(catalogue(**{name: text})) == [f"catalog.yaml:{where}: skus.S-1.{name}: {message}"]


WRONG_ATTRS = [
    ("{颜色: }", "8:21", "attrs.颜色", "must have 1 to 40 characters (empty)"),
    ("{颜色: [蓝]}", "8:21", "attrs.颜色", "must be a text (a list)"),
    ("{'': 蓝}", "8:17", "attrs.", "must have 1 to 40 characters (empty)"),
    (f"{{颜色: {'蓝' * 41}}}", "8:21", "attrs.颜色", f"at most 40 characters; this has 41 ({'蓝' * 41})"),
    (f"{{{'色' * 41}: 蓝}}", "8:17", f"attrs.{'色' * 41}", f"at most 40 characters; this has 41 ({'色' * 41})"),
    ('{颜色: "a\\nb"}', "8:21", "attrs.颜色", "must not hold control characters (a\\nb)"),
    ("{颜色: 蓝, 颜色: 红}", "8:24", "attrs.颜色", "stands twice (颜色)"),
]


@pytest.mark.parametrize(("text", "where", "name", "message"), WRONG_ATTRS)
def test_wrong_attributes(shop: Shop, text: str, where: str, name: str, message: str) -> None:
    assert shop.lines(catalogue(attrs=text)) == [f"catalog.yaml:{where}: skus.S-1.{name}: {message}"]


BLUE, RED = "{颜色: 蓝, 尺码: L}", "{颜色: 红, 尺码: L}"
ONE = sku("S-1")
WANTS = "warning: the platform wants market_price over sale_price"

WRONG: dict[str, tuple[str, list[str]]] = {
    "nothing of what a SKU needs": (
        product("      S-1: {}\n"),
        [
            "catalog.yaml:4:7: skus.S-1.sale_price: is required (missing)",
            "catalog.yaml:4:7: skus.S-1.market_price: is required (missing)",
            "catalog.yaml:4:7: skus.S-1.stock: is required (missing)",
        ],
    ),
    "no skus": ("  P-1: {listing: true}\n", ["catalog.yaml:2:3: products.P-1.skus: is required (missing)"]),
    "skus without a value": ("  P-1:\n    skus:\n", ["catalog.yaml:3:10: products.P-1.skus: is required (empty)"]),
    "empty skus": (
        "  P-1: {skus: {}}\n",
        ["catalog.yaml:2:15: products.P-1.skus: a product needs at least one SKU (none)"],
    ),
    "skus as a list": (
        "  P-1: {skus: [S-1]}\n",
        ["catalog.yaml:2:15: products.P-1.skus: must be a mapping of SKUs (a list)"],
    ),
    "a SKU as a text": (product("      S-1: x\n"), ["catalog.yaml:4:12: skus.S-1: must be a mapping of fields (x)"]),
    "a product as a text": ("  P-1: x\n", ["catalog.yaml:2:8: products.P-1: must be a mapping of fields (x)"]),
    "a product without a value": (
        "  P-1:\n",
        ["catalog.yaml:2:7: products.P-1: must be a mapping of fields (empty)"],
    ),
    "misspelt fields": (
        product(sku("S-1", sale_prise="5", zz="5"), head="    listning: true\n"),
        [
            "catalog.yaml:3:5: products.P-1.listning: unknown field; did you mean listing? (listning)",
            "catalog.yaml:9:9: skus.S-1.sale_prise: unknown field; did you mean sale_price? (sale_prise)",
            "catalog.yaml:10:9: skus.S-1.zz: unknown field (zz)",
        ],
    ),
    "fields of goods": (
        product(sku("S-1", locked_change="block", name="a")),
        [
            "catalog.yaml:8:9: skus.S-1.locked_change: unknown field (locked_change)",
            "catalog.yaml:9:9: skus.S-1.name: unknown field (name)",
        ],
    ),
    "a field twice": (
        product(ONE + "        stock: 41\n"),
        ["catalog.yaml:8:9: skus.S-1.stock: stands twice; first at catalog.yaml:7:9 (stock)"],
    ),
    "a SKU twice": (
        product(ONE, ONE),
        [
            "catalog.yaml:4:7: skus.S-1.attrs: is required where a product has several SKUs (missing)",
            "catalog.yaml:8:7: skus.S-1: stands twice; first at catalog.yaml:4:7 (S-1)",
            "catalog.yaml:8:7: skus.S-1.attrs: is required where a product has several SKUs (missing)",
        ],
    ),
    "a SKU in two products": (
        product(ONE) + product(ONE, key="P-2"),
        ["catalog.yaml:10:7: skus.S-1: stands twice; first at catalog.yaml:4:7 (S-1)"],
    ),
    "a product twice": (
        product(ONE) + product(sku("S-2"), key="P-1").replace("    skus", "    skus", 1),
        [
            "catalog.yaml:4:7: skus.S-1.attrs: is required where a product has several SKUs (missing)",
            "catalog.yaml:8:3: products.P-1: stands twice; first at catalog.yaml:2:3 (P-1)",
            "catalog.yaml:10:7: skus.S-2.attrs: is required where a product has several SKUs (missing)",
        ],
    ),
    "a long out_sku_id": (
        product(sku("货" * 33)),
        [f"catalog.yaml:4:7: skus.{'货' * 33}: at most 32 characters; this has 33 ({'货' * 33})"],
    ),
    "a long out_product_id": (
        product(ONE, key="P" * 129),
        [f"catalog.yaml:2:3: products.{'P' * 129}: at most 128 characters; this has 129 ({'P' * 79}…)"],
    ),
    "an out_sku_id with a blank at its end": (product(sku("'S-1 '")), [f"catalog.yaml:4:7: skus.S-1 : {KEY} (S-1 )"]),
    "an out_sku_id with a control character": (
        product(sku('"S\\t1"')),
        [f"catalog.yaml:4:7: skus.S\\t1: {KEY} (S\\t1)"],
    ),
    "an empty out_sku_id": (product(sku("''")), ["catalog.yaml:4:7: skus: an item needs a key (empty)"]),
    "an empty out_product_id": (product(ONE, key="''"), ["catalog.yaml:2:3: products: an item needs a key (empty)"]),
    "a market price that is not over the sale price": (
        product(sku("S-1", market_price="129")),
        [f"catalog.yaml:5:21: skus.S-1.sale_price: {WANTS} (129.00, 129)"],
    ),
    "a market price of 0 that stands first": (
        "  P-1: {skus: {S-1: {market_price: 0, sale_price: 160, stock: 1}}}\n",
        [f"catalog.yaml:2:36: skus.S-1.market_price: {WANTS} (160, 0)"],
    ),
    "SKUs with the same attributes": (
        product(sku("S-1", attrs=BLUE), sku("S-2", attrs=RED), sku("S-3", attrs="{尺码: L, 颜色: 蓝}")),
        ["catalog.yaml:18:16: skus.S-3.attrs: the same attributes as skus.S-1, at catalog.yaml:8:16 (尺码=L, 颜色=蓝)"],
    ),
    "a SKU without attributes among others": (
        product(sku("S-1", attrs=BLUE), sku("S-2", attrs=""), sku("S-3", stock="x", attrs="[]")),
        [
            "catalog.yaml:13:15: skus.S-2.attrs: is required where a product has several SKUs (empty)",
            "catalog.yaml:17:16: skus.S-3.stock: must be a whole number from 0 to 999999999 (x)",
            "catalog.yaml:18:16: skus.S-3.attrs: must be a mapping like {颜色: 蓝, 尺码: L} (a list)",
        ],
    ),
    "SKUs with other attributes": (
        product(sku("S-1", attrs=BLUE), sku("S-2", attrs="{颜色: 红}")),
        [
            f"catalog.yaml:13:16: skus.S-2.attrs: warning: {OTHERS} (颜色)",
        ],
    ),
    "too many values of an attribute": (
        product(*(sku(f"S-{n}", attrs=f"{{颜色: {n}, 尺码: L}}") for n in range(102))),
        [
            f"catalog.yaml:{8 + 5 * n}:16: skus.S-{n}.attrs.颜色: "
            f"at most 100 different values in a product; this is one more ({n})"
            for n in (100,)
        ],
    ),
}
WRONG_PRODUCTS = [
    ("product_id: 0", "3:17", "product_id", f"{PRODUCT} (0)"),
    ("product_id: -5", "3:17", "product_id", f"{PRODUCT} (-5)"),
    ("product_id: 1.0", "3:17", "product_id", f"{PRODUCT} (1.0)"),
    ("product_id: '5'", "3:17", "product_id", f"{PRODUCT}, without quotes (5)"),
    ("product_id: 9223372036854775808", "3:17", "product_id", f"{PRODUCT} (9223372036854775808)"),
    ("product_id: [5]", "3:17", "product_id", "must be a whole number (a list)"),
    ("listing: no", "3:14", "listing", "must be true or false (no)"),
    ("listing: 'false'", "3:14", "listing", "must be true or false, without quotes (false)"),
    ("listing: {}", "3:14", "listing", "must be true or false (a mapping)"),
]


@pytest.mark.parametrize(("text", "lines"), WRONG.values(), ids=WRONG.keys())
def test_wrong_products(shop: Shop, text: str, lines: list[str]) -> None:
    assert shop.lines("products:\n" + text) == lines


@pytest.mark.parametrize(("head", "where", "name", "message"), WRONG_PRODUCTS)
def test_a_wrong_field_of_a_product(shop: Shop, head: str, where: str, name: str, message: str) -> None:
    text = "products:\n" + product(ONE, head=f"    {head}\n")
    assert shop.lines(text) == [f"catalog.yaml:{where}: products.P-1.{name}: {message}"]


def test_a_product_id_stands_for_one_product(shop: Shop) -> None:
    head = "    product_id: 10001234567890\n"
    text = "products:\n" + product(ONE, head=head) + product(sku("S-2"), key="P-2", head=head)
    told = "is the id of products.P-1, at catalog.yaml:2:3, as well (10001234567890)"
    assert shop.lines(text) == [f"catalog.yaml:10:17: products.P-2.product_id: {told}"]


def test_broken_and_large_thumbs(shop: Shop) -> None:
    large = picture(1200, 1000, "JPEG")
    files: dict[str, Content] = {
        "covers/cut.png": picture()[:60],
        "covers/cut.jpg": large[: len(large) // 2],
        "covers/many.png": b"\x89PNG\r\n\x1a\n" + b"\0" * (10 * 1024 * 1024),
        "covers/large.jpg": large,
    }
    names = ["cut.png", "cut.jpg", "cut.jpg", "many.png", "large.jpg"]
    skus = [product(sku(f"S-{n}", thumb=f"covers/{name}"), key=f"P-{n}") for n, name in enumerate(names)]
    assert shop.lines({**files, "catalog.yaml": "products:\n" + "".join(skus)}) == [
        "catalog.yaml:8:16: skus.S-0.thumb: is broken or truncated (covers/cut.png)",
        "catalog.yaml:15:16: skus.S-1.thumb: is broken or truncated (covers/cut.jpg)",
        "catalog.yaml:22:16: skus.S-2.thumb: is broken or truncated (covers/cut.jpg)",
        "catalog.yaml:29:16: skus.S-3.thumb: is larger than 10 MB (10485768 bytes) (covers/many.png)",
    ]


def test_a_picture_may_be_too_large_for_goods_and_right_for_a_sku(shop: Shop) -> None:
    padded = picture() + b"\0" * (3 * 1024 * 1024)
    goods = "goods:\n  cup: {name: 龙井茶具套装, cover: covers/b.png, price: 5, url: pages/a}\n"
    files: dict[str, Content] = {"covers/b.png": padded}
    for text, line in ((catalogue(thumb="covers/b.png") + goods, 10), (goods + catalogue(thumb="covers/b.png"), 2)):
        told = f"catalog.yaml:{line}:30: goods.cup.cover: is larger than 2 MB ({len(padded)} bytes) (covers/b.png)"
        assert shop.lines({**files, "catalog.yaml": text}) == [told]


def test_a_broken_mapping_of_a_product_hides_no_other_problem(shop: Shop) -> None:
    text = "products:\n" + product(sku("S-1", stock="*x")) + product(sku("S-2", stock="x"), key="P-2")
    assert shop.lines(text) == [
        "catalog.yaml:7:16: aliases are not used here (*x)",
        f"catalog.yaml:13:16: skus.S-2.stock: {COUNT} (x)",
    ]


EXAMPLE = """\
version: 1
quota: {sku_write: {limit: 800, reserve: 100}}
policy: {stock: enforce}
include: [goods/*.csv]
products:
  P-7001:
    product_id: 9223372036854775807
    listing: false
    skus:
      P-7001-BLUE-L:
        sale_price: 129.00
        market_price: 159.00
        stock: 40
        thumb: covers/a.png
        sku_code: BL-L
        barcode: "6900000000017"
        attrs: {颜色: 蓝, 尺码: L}
      P-7001 红/M:
        sale_price: 0.01
        market_price: "10000000.00"
        stock: 0
        thumb: http://mmecimage.cn/p/wx0/Key?a=1
        sku_code: 007
        barcode: 0017
        attrs: {颜色: 红, 尺码: 38}
        priority: -3
        needed_by: 2026-12-01T20:00:00+08:00
        protect: true
  杯:
    skus: {杯: {sale_price: 5, market_price: 6, stock: 1}}
goods:
  cup: {name: 龙井茶具套装, cover: keep, price: 5, url: pages/a}
"""


def test_products_and_skus_have_all_that_is_said_of_them(shop: Shop) -> None:
    rows = HEADING + "P-7001,P-7001-ROW,7,8,9,颜色=白；尺码＝M=1 ;\nP-2,P-2-A,7,8,9,\n"
    items = shop.right({"catalog.yaml": EXAMPLE, "goods/b.csv": rows}).items
    identity = items[1].values[0]
    assert isinstance(identity, str)
    assert identity.startswith("sha256:")

    def one(address: str, kind: str, values: tuple[str | int | None, ...], place: Place, **more: object) -> Item:
        key = address.partition(".")[2]
        return Item(address, kind, key, values, place, **more)  # type: ignore[arg-type] # of a table, checked by value

    link = "http://mmecimage.cn/p/wx0/Key?a=1"
    blue = SkuValues(identity, 12900, 15900, 40, "BL-L", "6900000000017", '{"颜色":"蓝","尺码":"L"}')
    red = SkuValues(link, 1, 1_000_000_000, 0, "007", "0017", '{"颜色":"红","尺码":"38"}')
    cell = SkuValues(KEEP, 700, 800, 9, None, None, '{"颜色":"白","尺码":"M=1"}')
    path = str(shop.root / "covers/a.png")
    yaml, row = "catalog.yaml", "goods/b.csv"
    ours, cups = "products.P-7001", "products.杯"
    assert [item for item in items if item.kind != "goods"] == [
        one(ours, "product", ProductValues(2**63 - 1, "false", ""), Place(yaml, 6, 3), position=0),
        one("skus.P-7001-BLUE-L", "sku", blue, Place(yaml, 10, 7), position=1, picture_path=path, parent=ours),
        one(
            "skus.P-7001 红/M",
            "sku",
            red,
            Place(yaml, 18, 7),
            position=2,
            priority=-3,
            needed_by=1796126400.0,
            protect=True,
            parent=ours,
        ),
        one(cups, "product", ProductValues(None, "true", ""), Place(yaml, 29, 3), position=3),
        one(
            "skus.杯",
            "sku",
            SkuValues(KEEP, 500, 600, 1, None, None, None),
            Place(yaml, 30, 12),
            position=4,
            parent=cups,
        ),
        one("skus.P-7001-ROW", "sku", cell, Place(row, 2, 8), position=6, parent=ours),
        one("products.P-2", "product", ProductValues(None, "true", ""), Place(row, 3, 1), position=7),
        one(
            "skus.P-2-A",
            "sku",
            SkuValues(KEEP, 700, 800, 9, None, None, None),
            Place(row, 3, 5),
            position=8,
            parent="products.P-2",
        ),
    ]


def test_limits_and_policy_may_be_set(shop: Shop) -> None:
    catalogue = shop.right({"catalog.yaml": EXAMPLE, "goods/b.csv": HEADING + "P-2,P-2-A,7,8,9,\n"})
    assert dict(catalogue.quota.pools) == {"sku_write": PoolSetting(800, 100)}
    assert catalogue.rules.stock is StockRule.ENFORCE


def test_values_at_their_limits(shop: Shop) -> None:
    fields = {
        "sku_code": "货" * 20,
        "barcode": "0" * 18,
        "attrs": f"{{{'色' * 40}: {'蓝' * 40}}}",
        "stock": "999999999",
    }
    text = "products:\n" + product(sku("货" * 32, **fields), key="P" * 128)
    assert list(shop.items(text)) == ["P" * 128, "货" * 32]
    hundred = product(*(sku(f"S-{n}", attrs=f"{{颜色: {n}}}") for n in range(100)))
    assert len(shop.items("products:\n" + hundred)) == 101


LINE = "P-1,S-1,129,159.00,40,颜色=蓝; 尺码=L\n"
CHINESE = "商品编号,SKU编号,售价,市场价,库存,规格\n"
JSON = '{"out_product_id":"P-1","out_sku_id":"S-1","sale_price":129.0,"market_price":"159","stock":40,"attrs":%s}\n'
OBJECT = '{"颜色":"蓝","尺码":"L"}'
RIGHT = {
    "CSV": ("s.csv", (HEADING + LINE).encode()),
    "CSV with a byte order mark": ("s.csv", (HEADING + LINE).encode("utf-8-sig")),
    "Chinese headings": ("s.csv", (CHINESE + LINE).encode()),
    "Chinese headings in GB18030": ("s.csv", (CHINESE + LINE).encode("gb18030")),
    "Chinese marks in a cell": ("s.csv", (CHINESE + LINE.replace("=", "＝").replace(";", "；")).encode()),
    "empty cells": ("s.csv", (HEADING.replace("\n", ",thumb,sku_code,\n") + LINE.replace("\n", ",,,\n")).encode()),
    "JSON Lines": ("s.jsonl", (JSON % OBJECT).encode()),
    "JSON Lines in GB18030": ("s.jsonl", (JSON % OBJECT).encode("gb18030")),
    "JSON Lines with a text": ("s.jsonl", (JSON % '"颜色=蓝;尺码=L"').encode()),
    "JSON Lines with Chinese fields": (
        "s.jsonl",
        '{"商品编号":"P-1","SKU编号":"S-1","价格":129,"原价":159,"库存":40,"属性":{"颜色":"蓝","尺码":"L"}}\n'.encode(),
    ),
}


@pytest.mark.parametrize(("name", "content"), RIGHT.values(), ids=RIGHT.keys())
def test_right_rows(shop: Shop, name: str, content: bytes) -> None:
    items = shop.items({"catalog.yaml": f"include: [{name}]\n", name: content})
    values = SkuValues(KEEP, 12900, 15900, 40, None, None, '{"颜色":"蓝","尺码":"L"}')
    assert {key: (item.values, item.parent) for key, item in items.items()} == {
        "P-1": (ProductValues(None, "true", ""), None),
        "S-1": (values, "products.P-1"),
    }


def test_every_column_of_a_row(shop: Shop) -> None:
    heading = "商品编码,规格编号,售卖价格,划线价,库存数量,规格图,商家编码,条码,销售属性,优先级,截止时间,保护\n"
    row = "P-1,S-1,5,6,7,../covers/a.png,BL-L,0017,颜色=蓝,9,2026-12-01T00:00:00Z,true\n"
    item = shop.items({"catalog.yaml": "include: [s/a.csv]\n", "s/a.csv": heading + row})["S-1"]
    assert item.values[1:] == (500, 600, 7, "BL-L", "0017", '{"颜色":"蓝"}')
    assert item.picture_path == str(shop.root / "covers/a.png")
    assert (item.priority, item.needed_by, item.protect) == (9, 1796083200.0, True)


def test_goods_and_skus_may_be_rows_of_one_file(shop: Shop) -> None:
    goods = '{"商品编号":"mug","name":"龙井茶具套装","cover":"keep","price":"9.9","url":"pages/a"}\n'
    files = {"catalog.yaml": "include: [a.jsonl]\n", "a.jsonl": goods + JSON % OBJECT}
    assert [item.address for item in shop.right(files).items] == ["goods.mug", "products.P-1", "skus.S-1"]


def test_a_product_may_leave_its_skus_to_rows(shop: Shop) -> None:
    mapping = "products:\n  P-1: {product_id: 7, listing: false}\n"
    first = {"catalog.yaml": mapping + "include: [s.csv]\n", "s.csv": HEADING + LINE}
    then = {"catalog.yaml": "include: [s.csv, p.yaml]\n", "s.csv": HEADING + LINE, "p.yaml": mapping}
    for files in (first, then):
        items = shop.right(files).items
        assert [item.address for item in items] == ["products.P-1", "skus.S-1"]
        assert items[0].values == ProductValues(7, "false", "")
    assert items[0].place == Place("p.yaml", 2, 3)


WRONG_ROWS: dict[str, tuple[str, str, list[str]]] = {
    "no sku column": (
        "s.csv",
        "out_product_id,stock\nP-1,4\n",
        [
            f"s.csv:1:1: the heading needs the column {COLUMNS} (out_product_id,stock)",
        ],
    ),
    "fields of the product": (
        "s.csv",
        HEADING.replace("\n", ",product_id,listing\n") + LINE.replace("\n", ",5,true\n"),
        [
            "s.csv:1:63: unknown column; did you mean out_product_id? (product_id)",
            "s.csv:1:74: unknown column (listing)",
        ],
    ),
    "no product and no SKU": (
        "s.csv",
        HEADING + ",S-1,5,6,7,\nP-1,,5,6,7,\n",
        [
            "s.csv:2:2: skus.S-1.out_product_id: is required (missing)",
            "s.csv:3:1: skus: an item needs a key (empty)",
        ],
    ),
    "a wrong product": (
        "s.csv",
        HEADING + f"{'P' * 129},S-1,5,6,7,\n",
        [f"s.csv:2:1: skus.S-1.out_product_id: at most 128 characters; this has 129 ({'P' * 79}…)"],
    ),
    "wrong attributes": (
        "s.csv",
        HEADING + "P-1,S-1,5,6,7,蓝\nP-2,S-2,5,6,7,;\nP-3,S-3,5,6,7,=蓝\nP-4,S-4,5,6,7,颜色=\nP-5,S-5,5,6,7,a=1;a=2\n",
        [
            "s.csv:2:15: skus.S-1.attrs.蓝: must have 1 to 40 characters (empty)",
            f"s.csv:3:15: skus.S-2.attrs: {CELL} (;)",
            f"s.csv:4:15: skus.S-3.attrs: {CELL} (=蓝)",
            "s.csv:5:15: skus.S-4.attrs.颜色: must have 1 to 40 characters (empty)",
            "s.csv:6:15: skus.S-5.attrs.a: stands twice (a)",
        ],
    ),
    "wrong values": (
        "s.csv",
        HEADING.replace("\n", ",thumb\n") + "P-1,S-1,x,6,1.5,,keep\n",
        [
            f"s.csv:2:9: skus.S-1.sale_price: {AMOUNT} (x)",
            f"s.csv:2:13: skus.S-1.stock: {COUNT} (1.5)",
            "s.csv:2:18: skus.S-1.thumb: a SKU without a thumb keeps its own; leave it out (keep)",
        ],
    ),
    "the same in YAML and in a row": (
        "s.csv",
        HEADING + "P-0,S-0,5,6,7,颜色=蓝\n",
        [
            "catalog.yaml:5:7: skus.S-0.attrs: is required where a product has several SKUs (missing)",
            "s.csv:2:5: skus.S-0: stands twice; first at catalog.yaml:5:7 (S-0)",
        ],
    ),
    "wrong JSON": (
        "s.jsonl",
        '{"out_product_id":["P"],"out_sku_id":5,"sale_price":1e2,"market_price":6,"stock":"7","attrs":{"a":[]},"zz":1}\n',
        [
            "s.jsonl:1:19: skus.5.out_product_id: must be a text (a list)",
            f"s.jsonl:1:53: skus.5.sale_price: {AMOUNT} (1e2)",
            f"s.jsonl:1:82: skus.5.stock: {COUNT}, without quotes (7)",
            "s.jsonl:1:94: skus.5.attrs.a: must be a text (a list)",
            "s.jsonl:1:103: skus.5.zz: unknown field (zz)",
        ],
    ),
}


@pytest.mark.parametrize(("name", "content", "lines"), WRONG_ROWS.values(), ids=WRONG_ROWS.keys())
def test_wrong_rows(shop: Shop, name: str, content: str, lines: list[str]) -> None:
    text = f"include: [{name}]\nproducts:\n" + product(sku("S-0"), key="P-0")
    assert shop.lines({"catalog.yaml": text, name: content}) == lines


def test_the_head_speaks_of_goods_alone(shop: Shop) -> None:
    goods = "goods:\n  cup: {name: 龙井茶具套装, cover: keep, price: 5, url: pages/a}\n"
    assert shop.lines("adopt: {S-1: 5}\n" + goods + catalogue()) == [
        "catalog.yaml:1:14: adopt.S-1: is not in goods (S-1)"
    ]
