"""Wrong goods, each with the exact lines that it gets. The item stands at line 2, its fields from line 3 on."""

from __future__ import annotations

import pytest

from .conftest import Shop

AMOUNT = "must be an amount in yuan like 99.50, in plain digits"
UNITS = "at most 28 units, a wide character counts 2; this has"
CONTROL = "must not hold control characters"
TIME = "must be a time with its offset like 2026-12-01T20:00:00+08:00"
APP_ID = "must be wx and 16 digits or letters a to f"

FIELDS = {"name": "龙井茶具套装", "cover": "covers/a.png", "price": "99.50", "url": "pages/item?id=1"}


def goods(**fields: str | None) -> str:
    """A catalogue with one item; None leaves a field out."""
    lines = [f"    {name}: {text}\n" for name, text in (FIELDS | fields).items() if text is not None]
    return "goods:\n  cup:\n" + "".join(lines)


WRONG_FIELDS = [
    # field, what stands there, where, the message
    ("price", "0", "5:12", "must be more than 0 (0)"),
    ("price", "0.00", "5:12", "must be more than 0 (0.00)"),
    ("price", "-1", "5:12", "must be more than 0 (-1)"),
    ("price", "-0.5", "5:12", "must be more than 0 (-0.5)"),
    ("price", "1.005", "5:12", "at most 2 decimals (1.005)"),
    ("price", "99.500", "5:12", "at most 2 decimals (99.500)"),
    ("price", "1e3", "5:12", f"{AMOUNT} (1e3)"),
    ("price", "９９", "5:12", f"{AMOUNT} (９９)"),
    ("price", '"NaN"', "5:12", f"{AMOUNT} (NaN)"),
    ("price", ".inf", "5:12", f"{AMOUNT} (.inf)"),
    ("price", "1_000", "5:12", f"{AMOUNT} (1_000)"),
    ("price", '"1,000"', "5:12", f"{AMOUNT} (1,000)"),
    ("price", "0x10", "5:12", f"{AMOUNT} (0x10)"),
    ("price", "+5", "5:12", f"{AMOUNT} (+5)"),
    ("price", "099", "5:12", f"{AMOUNT} (099)"),
    ("price", "5.", "5:12", f"{AMOUNT} (5.)"),
    ("price", ".5", "5:12", f"{AMOUNT} (.5)"),
    ("price", "abc", "5:12", f"{AMOUNT} (abc)"),
    ("price", "100000000.01", "5:12", "at most 100000000 (100000000.01)"),
    ("price", "1000000000000", "5:12", "at most 100000000 (1000000000000)"),
    ("price", "[1]", "5:12", "must be a number (a list)"),
    ("price", "{a: 1}", "5:12", "must be a number (a mapping)"),
    ("price", "", "5:11", "is required (empty)"),
    ("price", "~", "5:12", "is required (~)"),
    ("price", '""', "5:12", "is required (empty)"),
    ("price", "true", "5:12", f"{AMOUNT} (true)"),
    ("name", "", "3:10", "is required (empty)"),
    ("name", "null", "3:11", "is required (null)"),
    ("name", "''", "3:11", "is required (empty)"),
    ("name", "'   '", "3:11", "is required (   )"),
    ("name", "[a]", "3:11", "must be a text (a list)"),
    ("name", "{a: b}", "3:11", "must be a text (a mapping)"),
    ("name", '"a\\tb"', "3:11", f"{CONTROL} (a\\tb)"),
    ("name", '"a\\u0085b"', "3:11", f"{CONTROL} (a\\x85b)"),
    ("name", '"line\\nfeed"', "3:11", f"{CONTROL} (line\\nfeed)"),
    ("name", '"a\\u2028b"', "3:11", f"{CONTROL} (a\\u2028b)"),
    ("name", "一二三四五六七八九十一二三四五", "3:11", f"{UNITS} 30 (一二三四五六七八九十一二三四五)"),
    ("name", "a" * 29, "3:11", f"{UNITS} 29 (aaaaaaaaaaaaaaaaaaaaaaaaaaaaa)"),
    (
        "name",
        "一二三四五六七八九十一二三“”",
        "3:11",
        "warning: 30 units if characters like “ count 2, at most 28 (一二三四五六七八九十一二三“”)",
    ),
    ("name", "茶杯", "3:11", "warning: the platform was seen to refuse names under 6 units; this has 4 (茶杯)"),
    ("name", "ab", "3:11", "warning: the platform was seen to refuse names under 6 units; this has 2 (ab)"),
    ("name", "一" * 100, "3:11", f"{UNITS} 200 ({'一' * 79}…)"),
    ("url", "", "6:9", "is required (empty)"),
    ("url", "/", "6:10", "is required (/)"),
    (
        "url",
        "pages/a?u=https://x.cn/b",
        "6:10",
        "warning: holds ://; percent-encode a value that is a link (pages/a?u=https://x.cn/b)",
    ),
    (
        "url",
        "pages/商品?id=1",
        "6:10",
        "warning: holds characters that are not ASCII; percent-encode them (pages/商品?id=1)",
    ),
    ("url", "'pages/a?q=b c'", "6:10", "warning: holds a space (pages/a?q=b c)"),
    (
        "url",
        "pages%2Fitem%2Fitem?id=1",
        "6:10",
        "warning: has %2F in its path; only values after the ? are percent-encoded (pages%2Fitem%2Fitem?id=1)",
    ),
    ("url", '"a\\0b"', "6:10", f"{CONTROL} (a\\x00b)"),
    ("url", "[]", "6:10", "must be a text (a list)"),
    ("cover", "", "4:11", "is required (empty)"),
    ("cover", "[a]", "4:12", "must be a file, a link or keep (a list)"),
    ("cover", "covers/none.png", "4:12", "the file does not exist (covers/none.png)"),
    ("cover", "../a.png", "4:12", "leaves the catalogue's folder (../a.png)"),
    ("cover", "covers/../../a.png", "4:12", "leaves the catalogue's folder (covers/../../a.png)"),
    ("cover", "/etc/passwd", "4:12", "must be relative to the file that names it (/etc/passwd)"),
    ("cover", "covers", "4:12", "must be a file (a folder) (covers)"),
    ("cover", "http://a.cn/b.png", "4:12", "a link must begin with https:// (http://a.cn/b.png)"),
    (
        "cover",
        "https://user:secret@a.cn/b.png",
        "4:12",
        "a link must not hold a user name or password (https://***@a.cn/b.png)",
    ),
    ("cover", "https:///b.png", "4:12", "a link needs a host (https:///b.png)"),
    ("cover", "https://a.cn:8443/b.png", "4:12", "a link's port must be 443 (https://a.cn:8443/b.png)"),
    ("cover", "https://a.cn:x/b.png", "4:12", "is no link (https://a.cn:x/b.png)"),
    ("cover", "https://a.cn/b.png#x", "4:12", "a link to a picture has no fragment (#) (https://a.cn/b.png#x)"),
    ("cover", "ftp://a.cn/b.png", "4:12", "a link must begin with https:// (ftp://a.cn/b.png)"),
    ("cover", '"https://a.cn/b c.png"', "4:12", "a link has no spaces (https://a.cn/b c.png)"),
    ("cover", "https://[1/b.png", "4:12", "is no link (https://[1/b.png)"),
    ("cover", '"a\\0b.png"', "4:12", f"{CONTROL} (a\\x00b.png)"),
    ("cover", "a" * 300, "4:12", f"the file cannot be read (file name too long) ({'a' * 79}…)"),
    ("priceType", "0", "7:16", "must be 1, 2 or 3 (0)"),
    ("priceType", "4", "7:16", "must be 1, 2 or 3 (4)"),
    ("priceType", "x", "7:16", "must be 1, 2 or 3 (x)"),
    ("priceType", "'3'", "7:16", "must be 1, 2 or 3, without quotes (3)"),
    ("priceType", "[1]", "7:16", "must be 1, 2 or 3 (a list)"),
    ("priceType", "1.0", "7:16", "must be 1, 2 or 3 (1.0)"),
    ("thirdPartyAppid", "wx123", "7:22", f"{APP_ID} (wx123)"),
    ("thirdPartyAppid", "WX0123456789abcdef", "7:22", f"{APP_ID} (WX0123456789abcdef)"),
    ("thirdPartyAppid", "gh_0123456789ab", "7:22", f"{APP_ID} (gh_0123456789ab)"),
    ("thirdPartyAppid", "[x]", "7:22", "must be a text (a list)"),
    ("priority", "high", "7:15", "must be a whole number of at most 9 digits (high)"),
    ("priority", "1.5", "7:15", "must be a whole number of at most 9 digits (1.5)"),
    ("priority", "'3'", "7:15", "must be a whole number of at most 9 digits, without quotes (3)"),
    ("priority", "12345678901", "7:15", "must be a whole number of at most 9 digits (12345678901)"),
    ("priority", "{a: b}", "7:15", "must be a whole number (a mapping)"),
    ("needed_by", "2026-12-01", "7:16", f"{TIME} (2026-12-01)"),
    ("needed_by", "2026-12-01T20:00:00", "7:16", f"{TIME} (2026-12-01T20:00:00)"),
    ("needed_by", "2026-02-30T20:00:00+08:00", "7:16", f"{TIME} (2026-02-30T20:00:00+08:00)"),
    ("needed_by", "2026-12-01T25:00:00Z", "7:16", f"{TIME} (2026-12-01T25:00:00Z)"),
    ("needed_by", "tomorrow", "7:16", f"{TIME} (tomorrow)"),
    ("needed_by", "1764590400", "7:16", f"{TIME} (1764590400)"),
    ("needed_by", "[now]", "7:16", "must be a time (a list)"),
    ("protect", "yes", "7:14", "must be true or false (yes)"),
    ("protect", "1", "7:14", "must be true or false (1)"),
    ("protect", "'true'", "7:14", "must be true or false, without quotes (true)"),
    ("protect", "on", "7:14", "must be true or false (on)"),
    ("protect", "[true]", "7:14", "must be true or false (a list)"),
    ("locked_change", "no", "7:20", "must be block, replace or replace_after_approval (no)"),
    (
        "locked_change",
        "replaced",
        "7:20",
        "must be block, replace or replace_after_approval; did you mean replace? (replaced)",
    ),
    ("locked_change", "[replace]", "7:20", "must be a text (a list)"),
    ("prise", "5", "7:5", "unknown field; did you mean price? (prise)"),
    ("goodsId", "7", "7:5", "unknown field (goodsId)"),
]


@pytest.mark.parametrize(("field", "text", "place", "message"), WRONG_FIELDS)
def test_wrong_field(shop: Shop, field: str, text: str, place: str, message: str) -> None:
    assert shop.lines(goods(**{field: text})) == [f"catalog.yaml:{place}: goods.cup.{field}: {message}"]


def test_a_field_name_is_shown_escaped(shop: Shop) -> None:
    field = r"a\u202eb"
    assert shop.lines(goods(**{f'"{field}"': "x"})) == [
        rf"catalog.yaml:7:5: goods.cup.{field}: unknown field ({field})"
    ]


def test_each_oddity_of_a_url_is_a_warning(shop: Shop) -> None:
    where = "catalog.yaml:6:10: goods.cup.url: warning:"
    assert shop.lines(goods(url="'https://x.cn/a%2fb c'")) == [
        f"{where} holds ://; percent-encode a value that is a link (https://x.cn/a%2fb c)",
        f"{where} holds a space (https://x.cn/a%2fb c)",
        f"{where} has %2F in its path; only values after the ? are percent-encoded (https://x.cn/a%2fb c)",
    ]


CONTRADICTIONS_AND_GAPS: list[tuple[dict[str, str | None], list[str]]] = [
    ({"price2": "5"}, ["catalog.yaml:7:13: goods.cup.price2: needs priceType 2 or 3 (5)"]),
    ({"price2": "0"}, ["catalog.yaml:7:13: goods.cup.price2: needs priceType 2 or 3 (0)"]),
    ({"priceType": "1", "price2": "5"}, ["catalog.yaml:7:16: goods.cup.priceType: priceType 1 has no price2 (5)"]),
    ({"price2": "5", "priceType": "1"}, ["catalog.yaml:7:13: goods.cup.price2: priceType 1 has no price2 (5)"]),
    ({"priceType": "2"}, ["catalog.yaml:2:3: goods.cup.price2: is required (missing)"]),
    ({"priceType": "2", "price2": ""}, ["catalog.yaml:8:12: goods.cup.price2: is required (empty)"]),
    (
        {"priceType": "2", "price2": "99.50"},
        ["catalog.yaml:5:12: goods.cup.price: price must be less than price2 in a range (99.50, 99.50)"],
    ),
    (
        {"priceType": "2", "price2": "99.49"},
        ["catalog.yaml:5:12: goods.cup.price: price must be less than price2 in a range (99.50, 99.49)"],
    ),
    (
        {"priceType": "3", "price2": "99.51"},
        ["catalog.yaml:5:12: goods.cup.price: price2 must not be more than price in a discount (99.50, 99.51)"],
    ),
    ({"priceType": "3", "price2": "0"}, ["catalog.yaml:8:13: goods.cup.price2: must be more than 0 (0)"]),
    ({"price": None, "priceType": "3", "price2": "5"}, ["catalog.yaml:2:3: goods.cup.price: is required (missing)"]),
    ({"name": None}, ["catalog.yaml:2:3: goods.cup.name: is required (missing)"]),
    (
        {"name": None, "cover": None, "price": None, "url": None, "priority": "1"},
        [
            "catalog.yaml:2:3: goods.cup.name: is required (missing)",
            "catalog.yaml:2:3: goods.cup.cover: is required (missing)",
            "catalog.yaml:2:3: goods.cup.price: is required (missing)",
            "catalog.yaml:2:3: goods.cup.url: is required (missing)",
        ],
    ),
    (
        {"priceType": "9", "price2": "x", "name": "", "url": None},
        [
            "catalog.yaml:2:3: goods.cup.url: is required (missing)",
            "catalog.yaml:3:10: goods.cup.name: is required (empty)",
            "catalog.yaml:6:16: goods.cup.priceType: must be 1, 2 or 3 (9)",
            "catalog.yaml:7:13: goods.cup.price2: must be an amount in yuan like 99.50, in plain digits (x)",
        ],
    ),
    (
        {"price": "0", "price2": "-1", "priceType": "2"},
        [
            "catalog.yaml:5:12: goods.cup.price: must be more than 0 (0)",
            "catalog.yaml:7:13: goods.cup.price2: must be more than 0 (-1)",
        ],
    ),
]


@pytest.mark.parametrize(("fields", "lines"), CONTRADICTIONS_AND_GAPS)
def test_contradictions_and_gaps(shop: Shop, fields: dict[str, str | None], lines: list[str]) -> None:
    assert shop.lines(goods(**fields)) == lines


def test_every_problem_of_every_item_is_told_at_once(shop: Shop) -> None:
    files = {
        "catalog.yaml": "policy: {prune: 1}\ninclude: [b.csv]\n" + goods(price="0", name="[]") + "  mug: x\n",
        "b.csv": "key,name,cover,price,url\npot,,keep,x,pages/b\n",
    }
    assert shop.lines(files) == [
        "catalog.yaml:1:17: policy.prune: must be true or false (1)",
        "catalog.yaml:5:11: goods.cup.name: must be a text (a list)",
        "catalog.yaml:7:12: goods.cup.price: must be more than 0 (0)",
        "catalog.yaml:9:8: goods.mug: must be a mapping of fields (x)",
        "b.csv:2:1: goods.pot.name: is required (missing)",
        "b.csv:2:11: goods.pot.price: must be an amount in yuan like 99.50, in plain digits (x)",
    ]


def test_twins_are_warned_of(shop: Shop) -> None:
    twins = goods() + goods().removeprefix("goods:\n").replace("cup", "mug").replace("pages", "/pages")
    same = "the same name and url as goods.cup, at catalog.yaml:2:3 (龙井茶具套装)"
    assert shop.lines(twins) == [f"catalog.yaml:7:3: goods.mug.name: warning: {same}"]


def test_a_cover_of_many_items_is_warned_of_once(shop: Shop) -> None:
    def many(count: int) -> str:
        items = (goods(url=f"pages/{n}").replace("cup", f"cup-{n}").removeprefix("goods:\n") for n in range(count))
        return "goods:\n" + "".join(items)

    assert shop.lines(many(10)) == []
    assert shop.lines(many(11)) == [
        "catalog.yaml:2:3: goods.cup-0.cover: warning: 11 items have this cover; is it a placeholder? (a.png)"
    ]
    assert shop.lines(many(11).replace("covers/a.png", "keep")) == []
