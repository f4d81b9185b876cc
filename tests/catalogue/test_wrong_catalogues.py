"""Wrong catalogue files, each with the exact lines that it gets: the format, the head, includes and bindings."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from .conftest import Shop

GOODS = "goods:\n  cup:\n    name: 龙井茶具套装\n    cover: covers/a.png\n    price: 99.50\n    url: pages/item?id=1\n"

DOCUMENTS: dict[str, tuple[str | bytes, list[str]]] = {
    "an empty file": ("", ["catalog.yaml:1:1: the file is empty"]),
    "only a comment": ("# nothing\n", ["catalog.yaml:1:1: the file is empty"]),
    "an empty document": ("---\n", ["catalog.yaml:1:1: the file is empty"]),
    "a list": ("- a\n", ["catalog.yaml:1:1: must be a mapping of fields (a list)"]),
    "a text": ("hello\n", ["catalog.yaml:1:1: must be a mapping of fields (hello)"]),
    "an empty mapping": (
        "{}\n",
        ["catalog.yaml:1:1: the catalogue lists no items; an empty one is taken for a mistake"],
    ),
    "no goods": (
        "goods: {}\n",
        ["catalog.yaml:1:1: the catalogue lists no items; an empty one is taken for a mistake"],
    ),
    "goods without a value": (
        "version: 1\ngoods:\n",
        ["catalog.yaml:1:1: the catalogue lists no items; an empty one is taken for a mistake"],
    ),
    "no goods at all": (
        "version: 1\n",
        ["catalog.yaml:1:1: the catalogue lists no items; an empty one is taken for a mistake"],
    ),
    "goods as a list": ("goods: [a]\n", ["catalog.yaml:1:8: goods: must be a mapping of keys (a list)"]),
    "goods as a text": ("goods: x\n", ["catalog.yaml:1:8: goods: must be a mapping of keys (x)"]),
    "an item as a text": ("goods:\n  cup: x\n", ["catalog.yaml:2:8: goods.cup: must be a mapping of fields (x)"]),
    "an item without a value": (
        "goods:\n  cup:\n",
        ["catalog.yaml:2:7: goods.cup: must be a mapping of fields (empty)"],
    ),
    "an item as a list": (
        "goods:\n  cup: [a]\n",
        ["catalog.yaml:2:8: goods.cup: must be a mapping of fields (a list)"],
    ),
    "another version": ("version: 2\n" + GOODS, ["catalog.yaml:1:10: version: this program reads version 1 (2)"]),
    "a list as version": ("version: [1]\n" + GOODS, ["catalog.yaml:1:10: version: must be a single value (a list)"]),
    "a short app": ("app: wx1\n" + GOODS, ["catalog.yaml:1:6: app: must be wx and 16 digits or letters a to f (wx1)"]),
    "an original id as app": (
        "app: gh_0123456789ab\n" + GOODS,
        ["catalog.yaml:1:6: app: must be wx and 16 digits or letters a to f (gh_0123456789ab)"],
    ),
    "a mapping as app": ("app: {a: b}\n" + GOODS, ["catalog.yaml:1:6: app: must be a single value (a mapping)"]),
    "a misspelt section": ("good: 1\n" + GOODS, ["catalog.yaml:1:1: good: unknown field; did you mean goods? (good)"]),
    "an unknown section": ("zzz: 1\n" + GOODS, ["catalog.yaml:1:1: zzz: unknown field (zzz)"]),
    "no products": (
        "products: {}\n",
        ["catalog.yaml:1:1: the catalogue lists no items; an empty one is taken for a mistake"],
    ),
    "a misspelt section of products": (
        "product: {}\n",
        ["catalog.yaml:1:1: product: unknown field; did you mean products? (product)"],
    ),
    "a key twice": (
        GOODS + "  cup:\n    name: 龙井茶具套装二\n    cover: keep\n    price: 1\n    url: pages/a\n",
        ["catalog.yaml:7:3: goods.cup: stands twice; first at catalog.yaml:2:3 (cup)"],
    ),
    "a field twice": (
        GOODS + "    price: 3\n",
        ["catalog.yaml:7:5: goods.cup.price: stands twice; first at catalog.yaml:5:5 (price)"],
    ),
    "a top field twice": (
        "app: wx0123456789abcdef\n" + GOODS + "app: wx0123456789abcdef\n",
        ["catalog.yaml:8:1: app: stands twice; first at catalog.yaml:1:1 (app)"],
    ),
    "goods twice": (
        GOODS + "goods:\n  mug:\n    name: 龙井茶具套装三\n    cover: keep\n    price: 1\n    url: pages/b\n",
        ["catalog.yaml:7:1: goods: stands twice; first at catalog.yaml:1:1 (goods)"],
    ),
    "a key that begins with a dash": (
        GOODS.replace("cup", "-cup"),
        ["catalog.yaml:2:3: goods.-cup: must be letters, digits and . _ - and begin with a letter or digit (-cup)"],
    ),
    "a key with a space": (
        GOODS.replace("cup", "茶 杯"),
        ["catalog.yaml:2:3: goods.茶 杯: must be letters, digits and . _ - and begin with a letter or digit (茶 杯)"],
    ),
    "an empty key": (GOODS.replace("cup", '""'), ["catalog.yaml:2:3: goods: an item needs a key (empty)"]),
    "a list as key": ("goods:\n  ? [a]\n  : b\n", ["catalog.yaml:2:5: a key must be a text (a list)"]),
    "a mapping as top key": ("? {a: b}\n: c\n" + GOODS, ["catalog.yaml:1:3: a key must be a text (a mapping)"]),
    "an anchor": (GOODS.replace("99.50", "&p 99.50"), ["catalog.yaml:5:12: anchors are not used here (&p)"]),
    "an anchor on an item": (
        GOODS.replace("cup:", "cup: &base"),
        ["catalog.yaml:2:8: anchors are not used here (&base)"],
    ),
    "an anchor on goods": (GOODS.replace("goods:", "goods: &g"), ["catalog.yaml:1:8: anchors are not used here (&g)"]),
    "an alias": (GOODS.replace("99.50", "*p"), ["catalog.yaml:5:12: aliases are not used here (*p)"]),
    "an alias at the top": ("policy: *x\n" + GOODS, ["catalog.yaml:1:9: aliases are not used here (*x)"]),
    "a merge key": (
        GOODS + "    <<: *base\n",
        ["catalog.yaml:7:5: merge keys are not used here (<<)", "catalog.yaml:7:9: aliases are not used here (*base)"],
    ),
    "a merge key with a mapping": (GOODS + "    <<: {a: b}\n", ["catalog.yaml:7:5: merge keys are not used here (<<)"]),
    "a merge key at the top": (
        "<<: *x\n" + GOODS,
        ["catalog.yaml:1:1: merge keys are not used here (<<)", "catalog.yaml:1:5: aliases are not used here (*x)"],
    ),
    "a standard tag": (
        GOODS.replace("99.50", "!!float 99.50"),
        ["catalog.yaml:5:12: tags are not used here (!!float)"],
    ),
    "a tag of its own": (GOODS.replace("cup:", "cup: !x"), ["catalog.yaml:2:8: tags are not used here (!x)"]),
    "a tag that runs code elsewhere": (
        GOODS.replace("99.50", "!!python/object/apply:os.system [ls]"),
        [
            "catalog.yaml:5:12: tags are not used here (!!python/object/apply:os.system)",
            "catalog.yaml:5:12: goods.cup.price: must be a number (a list)",
        ],
    ),
    "a bomb of aliases": (
        "a: &a [x, x]\nb: &b [*a, *a]\n" + GOODS,
        [
            "catalog.yaml:1:1: a: unknown field (a)",
            "catalog.yaml:1:4: anchors are not used here (&a)",
            "catalog.yaml:2:1: b: unknown field (b)",
            "catalog.yaml:2:4: anchors are not used here (&b)",
            "catalog.yaml:2:8: aliases are not used here (*a)",
            "catalog.yaml:2:12: aliases are not used here (*a)",
        ],
    ),
    "two documents": (GOODS + "---\n" + GOODS, ["catalog.yaml:7:1: only one document a file (---)"]),
    "a tab before a key": ("goods:\n\tcup: x\n", ["catalog.yaml:2:1: a tab; indent with spaces (\\tcup: x)"]),
    "a tab before a field": (
        GOODS.replace("    price", "\tprice"),
        ["catalog.yaml:5:1: a tab; indent with spaces (\\tprice: 99.50)"],
    ),
    "a colon in a name": (
        GOODS.replace("套装", "套装: x"),
        ["catalog.yaml:3:17: a second `: ` on this line; quote a text that holds one (: x)"],
    ),
    "a list that is not closed": (
        GOODS.replace("99.50", "[99"),
        ["catalog.yaml:6:8: a list in [ ] is not closed here (: pages/item?id=1)"],
    ),
    "a quote that is not closed": (
        GOODS.replace("99.50", '"99'),
        ["catalog.yaml:7:1: a quote is not closed (end of line)"],
    ),
    "a mapping that is not closed": (
        GOODS.replace("99.50", "{99"),
        ["catalog.yaml:6:8: a mapping in { } is not closed here (: pages/item?id=1)"],
    ),
    "a field too far left": (
        GOODS.replace("    price", " price"),
        ["catalog.yaml:5:2: the indentation fits nothing above (price: 99.50)"],
    ),
    "a name that begins with @": (
        GOODS.replace("龙井", "@龙井"),
        ["catalog.yaml:3:11: a text cannot begin with this character; quote it (@龙井茶具套装)"],
    ),
    "a field without colon": (
        GOODS + "    priority\n    protect: true\n",
        ["catalog.yaml:8:5: a field has no `:` after its name (protect: true)"],
    ),
    "an unknown escape": (
        GOODS.replace("龙井茶具套装", '"\\q"'),
        ["catalog.yaml:3:12: an unknown escape after \\; quote with ' to keep it as it is (\\q\")"],
    ),
    "half a character": (
        GOODS.replace("龙井茶具套装", '"\\ud800"'),
        ['catalog.yaml:3:14: a \\u escape that is no character (d800")'],
    ),
    "a percent sign": (
        GOODS.replace("99.50", "%5"),
        ["catalog.yaml:5:12: a text cannot begin with this character; quote it (%5)"],
    ),
    "a time in braces": (
        "quota: {day_starts: 24:00}\n" + GOODS,
        ["catalog.yaml:1:23: a text that holds a `:` must be quoted here (:00})"],
    ),
    "deep lists": (GOODS.replace("99.50", "[" * 40 + "]" * 40), ["catalog.yaml:5:25: nested deeper than 16 levels"]),
    "very deep lists": ("policy: " + "[" * 100_000 + "\n", ["catalog.yaml:1:24: nested deeper than 16 levels"]),
    "Latin-1": (
        GOODS.replace("龙井茶具套装", "Café bleu").encode("latin-1"),
        ["catalog.yaml:3:14: the file is not UTF-8; save it as UTF-8 (byte 0xe9)"],
    ),
    "GB18030": (GOODS.encode("gb18030"), ["catalog.yaml:3:11: the file is not UTF-8; save it as UTF-8 (byte 0xc1)"]),
    "UTF-16": (GOODS.encode("utf-16"), ["catalog.yaml:1:1: the file is not UTF-8; save it as UTF-8 (UTF-16)"]),
    "big-endian UTF-16": (
        b"\xfe\xff" + GOODS.encode("utf-16-be"),
        ["catalog.yaml:1:1: the file is not UTF-8; save it as UTF-8 (UTF-16)"],
    ),
    "a NUL": (GOODS.replace("龙井", "龙\0井"), ["catalog.yaml:3:12: a control character in the file (\\x00)"]),
    "a bell": (GOODS.replace("龙井", "龙\x07井"), ["catalog.yaml:3:12: a control character in the file (\\x07)"]),
    "a control character of Latin-1": (
        GOODS.replace("龙井", "龙\x81井"),
        ["catalog.yaml:3:12: a control character in the file (\\x81)"],
    ),
    "a picture": (b"\x89PNG\r\n\x1a\n\0\0", ["catalog.yaml:1:1: the file is not UTF-8; save it as UTF-8 (byte 0x89)"]),
}

HEADS: dict[str, tuple[str | bytes, list[str]]] = {
    "every rule wrong": (
        "policy: {prune: yes, max_deletes: 20 %, max_price_change: 1, in_audit: no, locked_change: x}\n",
        [
            "catalog.yaml:1:17: policy.prune: must be true or false (yes)",
            "catalog.yaml:1:35: policy.max_deletes: must be a number, a share from 0% to 100%, or none (20 %)",
            "catalog.yaml:1:59: policy.max_price_change: must be a number over 1 (1)",
            "catalog.yaml:1:72: policy.in_audit: must be cheapest, withdraw or wait (no)",
            "catalog.yaml:1:91: policy.locked_change: must be block, replace or replace_after_approval (x)",
        ],
    ),
    "more rules wrong": (
        "policy: {cover_fit: pads, stock: on-change, prunes: 1}\n",
        [
            "catalog.yaml:1:21: policy.cover_fit: must be error, pad or crop; did you mean pad? (pads)",
            "catalog.yaml:1:34: policy.stock: must be on_change or enforce; did you mean on_change? (on-change)",
            "catalog.yaml:1:45: policy.prunes: unknown field; did you mean prune? (prunes)",
        ],
    ),
    "rules in quotes": (
        'policy:\n  max_deletes: -1\n  max_price_change: "5"\n  prune: "true"\n',
        [
            "catalog.yaml:2:16: policy.max_deletes: must be a number, a share from 0% to 100%, or none (-1)",
            "catalog.yaml:3:21: policy.max_price_change: must be a number over 1, without quotes (5)",
            "catalog.yaml:4:10: policy.prune: must be true or false, without quotes (true)",
        ],
    ),
    "rules too large": (
        "policy: {max_deletes: 101%, max_price_change: 1e9}\n",
        [
            "catalog.yaml:1:23: policy.max_deletes: must be a number, a share from 0% to 100%, or none (101%)",
            "catalog.yaml:1:47: policy.max_price_change: must be a number over 1 (1e9)",
        ],
    ),
    "a policy as a list": ("policy: [a]\n", ["catalog.yaml:1:9: policy: must be a mapping (a list)"]),
    "a policy as a text": ("policy: x\n", ["catalog.yaml:1:9: policy: must be a mapping (x)"]),
    "a rule twice": (
        "policy: {max_deletes: [1], prune: {a: b}, prune: true}\n",
        [
            "catalog.yaml:1:23: policy.max_deletes: must be a single value (a list)",
            "catalog.yaml:1:35: policy.prune: must be a single value (a mapping)",
            "catalog.yaml:1:43: policy.prune: stands twice; first at catalog.yaml:1:28 (prune)",
        ],
    ),
    "wrong pools": (
        "quota: {submits: {limit: 1}, update: 5, delete: {limit: 0}, upload: {limit: x, max: 2}}\n",
        [
            "catalog.yaml:1:9: quota.submits: unknown field; did you mean submit? (submits)",
            "catalog.yaml:1:38: quota.update: must be a mapping (5)",
            "catalog.yaml:1:57: quota.delete.limit: must be a whole number, 1 or more (0)",
            "catalog.yaml:1:77: quota.upload.limit: must be a whole number, 1 or more (x)",
            "catalog.yaml:1:80: quota.upload.max: unknown field (max)",
        ],
    ),
    "reserves at the limit": (
        "quota: {submit: {limit: 5, reserve: 5}, withdraw: {reserve: 500}}\n",
        [
            "catalog.yaml:1:37: quota.submit.reserve: must be under the limit of 5 (5)",
            "catalog.yaml:1:61: quota.withdraw.reserve: must be under the limit of 500 (500)",
        ],
    ),
    "wrong days": (
        'quota: {day_starts: "24:00", timezone: Mars/Base}\n',
        [
            'catalog.yaml:1:21: quota.day_starts: must be a time of day like "08:30" (24:00)',
            "catalog.yaml:1:40: quota.timezone: must be the name of a timezone like Asia/Shanghai (Mars/Base)",
        ],
    ),
    "a zone outside of the zones": (
        'quota: {day_starts: "8:30", timezone: ../etc/passwd}\n',
        [
            'catalog.yaml:1:21: quota.day_starts: must be a time of day like "08:30" (8:30)',
            "catalog.yaml:1:39: quota.timezone: must be the name of a timezone like Asia/Shanghai (../etc/passwd)",
        ],
    ),
    "a misspelt pool": (
        "quota: {sku_writes: {limit: 1}}\n",
        ["catalog.yaml:1:9: quota.sku_writes: unknown field; did you mean sku_write? (sku_writes)"],
    ),
    "a reserve at the limit of SKUs": (
        "quota: {sku_write: {reserve: 1000}}\n",
        ["catalog.yaml:1:30: quota.sku_write.reserve: must be under the limit of 1000 (1000)"],
    ),
    "a quota as a list": ("quota: [1]\n", ["catalog.yaml:1:8: quota: must be a mapping (a list)"]),
    "empty quota values": (
        'quota: {timezone: "", day_starts: [1]}\n',
        [
            "catalog.yaml:1:19: quota.timezone: must be the name of a timezone like Asia/Shanghai (empty)",
            "catalog.yaml:1:35: quota.day_starts: must be a single value (a list)",
        ],
    ),
    "an include as a text": (
        "include: goods.yaml\n",
        ["catalog.yaml:1:10: include: must be a list of files (goods.yaml)"],
    ),
    "an include as a mapping": (
        "include: {a: b}\n",
        ["catalog.yaml:1:10: include: must be a list of files (a mapping)"],
    ),
    "includes that match nothing": (
        'include: [none.yaml, "x/*.csv", [a], "", "a\\0b"]\n',
        [
            "catalog.yaml:1:11: include: matches no file (none.yaml)",
            "catalog.yaml:1:22: include: matches no file (x/*.csv)",
            "catalog.yaml:1:33: include: must be the name of a file (a list)",
            "catalog.yaml:1:38: include: must be the name of a file (empty)",
            "catalog.yaml:1:42: include: must be the name of a file (a\\x00b)",
        ],
    ),
    "includes that leave the folder": (
        'include: [../a.yaml, /etc/passwd, "../*/*.yaml"]\n',
        [
            "catalog.yaml:1:11: include: leaves the catalogue's folder (../a.yaml)",
            "catalog.yaml:1:22: include: must be relative to this file (/etc/passwd)",
            "catalog.yaml:1:35: include: leaves the catalogue's folder (../*/*.yaml)",
        ],
    ),
    "a circle of includes": (
        'include: [catalog.yaml, "*.yaml", ./covers/../catalog.yaml]\n',
        [
            "catalog.yaml:1:11: include: takes in the catalogue itself (catalog.yaml)",
            "catalog.yaml:1:25: include: takes in the catalogue itself (*.yaml)",
            "catalog.yaml:1:35: include: takes in the catalogue itself (./covers/../catalog.yaml)",
        ],
    ),
    "includes of another kind": (
        "include: [covers, covers/a.png]\n",
        [
            "covers:1:1: must be a file (a folder)",
            "covers/a.png:1:1: must be .yaml, .yml, .csv, .jsonl, .ndjson or .xlsx (.png)",
        ],
    ),
    "adopt": (
        "adopt: {mug: 5, cup: x}\n",
        [
            "catalog.yaml:1:14: adopt.mug: is not in goods (mug)",
            "catalog.yaml:1:22: adopt.cup: must be the id of existing goods, a whole number (x)",
        ],
    ),
    "an id adopted twice": (
        "adopt: {cup: 5, cupp: 5}\n",
        [
            "catalog.yaml:1:23: adopt.cupp: is not in goods; did you mean cup? (cupp)",
            "catalog.yaml:1:23: adopt.cupp: this id is adopted by cup as well (5)",
        ],
    ),
    "adopt as a list": ("adopt: [cup]\n", ["catalog.yaml:1:8: adopt: must be a mapping (a list)"]),
    "an id of 0": (
        "adopt: {cup: 0}\n",
        ["catalog.yaml:1:14: adopt.cup: must be the id of existing goods, a whole number (0)"],
    ),
    "an adopted key twice": (
        "adopt: {cup: [1], cup: 2}\n",
        [
            "catalog.yaml:1:14: adopt.cup: must be a single value (a list)",
            "catalog.yaml:1:19: adopt.cup: stands twice; first at catalog.yaml:1:9 (cup)",
        ],
    ),
    "an id in quotes": (
        'adopt: {cup: "51"}\n',
        ["catalog.yaml:1:14: adopt.cup: must be the id of existing goods, a whole number, without quotes (51)"],
    ),
    "moved to nowhere from what is there": (
        "moved: {cup: mug}\n",
        [
            "catalog.yaml:1:14: moved.cup: is still in goods, at catalog.yaml:3:3 (cup)",
            "catalog.yaml:1:14: moved.cup: its target is not in goods (mug)",
        ],
    ),
    "moved twice": ("moved: {a: cup, b: cup}\n", ["catalog.yaml:1:20: moved.b: a moves to the same key (cup)"]),
    "moved in a circle": ("moved: {a: b, b: a}\n", ["catalog.yaml:1:12: moved.a: moves in a circle (a -> b -> a)"]),
    "moved onto itself": ("moved: {cup: cup}\n", ["catalog.yaml:1:14: moved.cup: moves in a circle (cup -> cup)"]),
    "moved and removed": (
        "moved: {a: cup}\nremoved: [a]\n",
        ["catalog.yaml:1:12: moved.a: is removed as well, at catalog.yaml:2:11 (a)"],
    ),
    "moved in steps": ("moved: {a: b, b: cup}\n", ["catalog.yaml:1:12: moved.a: its target is not in goods (b)"]),
    "moved into a circle": (
        "moved: {x: a, a: b, b: a}\n",
        [
            "catalog.yaml:1:12: moved.x: its target is not in goods (a)",
            "catalog.yaml:1:18: moved.a: moves in a circle (a -> b -> a)",
        ],
    ),
    "moved to a list": ("moved: {a: [cup]}\n", ["catalog.yaml:1:12: moved.a: must be a single value (a list)"]),
    "removed but there": (
        "removed: [cup]\n",
        ["catalog.yaml:1:11: removed: is still in goods, at catalog.yaml:3:3 (cup)"],
    ),
    "removed as a text": ("removed: cup\n", ["catalog.yaml:1:10: removed: must be a list of keys (cup)"]),
    "removed twice": (
        'removed: [a, a, [b], ""]\n',
        [
            "catalog.yaml:1:14: removed: stands twice; first at catalog.yaml:1:11 (a)",
            "catalog.yaml:1:17: removed: must be a key (a list)",
            "catalog.yaml:1:22: removed: must be a key (empty)",
        ],
    ),
    "removed as a mapping": ("removed: {a: b}\n", ["catalog.yaml:1:10: removed: must be a list of keys (a mapping)"]),
}


@pytest.mark.parametrize(("content", "lines"), DOCUMENTS.values(), ids=DOCUMENTS.keys())
def test_wrong_document(shop: Shop, content: str | bytes, lines: list[str]) -> None:
    assert shop.lines(content) == lines


@pytest.mark.parametrize(("head", "lines"), HEADS.values(), ids=HEADS.keys())
def test_wrong_head(shop: Shop, head: str, lines: list[str]) -> None:
    assert shop.lines(head + GOODS) == lines


def test_a_missing_catalogue(shop: Shop) -> None:
    assert shop.lines({}, "none.yaml") == ["none.yaml:1:1: the file does not exist"]
    assert shop.lines({}, "none/catalog.yaml") == ["none/catalog.yaml:1:1: the file does not exist"]


def test_a_folder_as_catalogue(shop: Shop) -> None:
    assert shop.lines({}, "covers") == ["covers:1:1: must be a file (a folder)"]
    assert shop.lines({}, "covers/a.png/catalog.yaml") == [
        "covers/a.png/catalog.yaml:1:1: the file cannot be read (not a directory)"
    ]


def test_a_catalogue_that_is_a_pipe_is_not_waited_for(shop: Shop) -> None:
    os.mkfifo("catalog.yaml")
    assert shop.lines({}) == ["catalog.yaml:1:1: must be a file (a device or pipe)"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_catalogue_that_may_not_be_read(shop: Shop) -> None:
    shop.write({"catalog.yaml": GOODS})
    Path("catalog.yaml").chmod(0)
    assert shop.lines({}) == ["catalog.yaml:1:1: the file may not be read (permission denied)"]


def test_a_catalogue_of_100_mb_is_refused_unread(shop: Shop) -> None:
    with Path("catalog.yaml").open("wb") as file:
        file.truncate(100 * 1024 * 1024)
    assert shop.lines({}) == ["catalog.yaml:1:1: is larger than 64 MB (104857600 bytes)"]


def test_rows_of_a_gigabyte_are_refused_unread(shop: Shop) -> None:
    with Path("g.jsonl").open("wb") as file:
        file.truncate(1024**3)
    lines = shop.lines({"catalog.yaml": "include: [g.jsonl]\n"})
    assert lines == ["g.jsonl:1:1: is larger than 512 MB (1073741824 bytes)"]


@pytest.mark.parametrize("name", ["g.jsonl", "g.csv"])
def test_a_line_without_end_is_not_taken_into_memory(shop: Shop, name: str) -> None:
    rows = {"g.jsonl": '{"key": "a"}\n', "g.csv": "key,name,price,url,cover\n"}
    endless = rows[name] + "x" * (80 * 1024 * 1024)
    lines = shop.lines({"catalog.yaml": f"include: [{name}]\n", name: endless})
    assert lines[-1] == f"{name}:2:1: a line is longer than 1 MB"


def test_a_link_out_of_the_folder_is_no_include_and_no_cover(shop: Shop) -> None:
    outside = shop.root.parent / "outside"
    outside.mkdir()
    (outside / "goods.yaml").write_text(GOODS)
    (outside / "a.png").write_bytes(Path("covers/a.png").read_bytes())
    Path("linked").symlink_to(outside)
    Path("covers/linked.png").symlink_to(outside / "a.png")
    text = "include: [linked/goods.yaml, linked/*.yaml]\n" + GOODS.replace("a.png", "linked.png")
    assert shop.lines(text) == [
        "catalog.yaml:1:11: include: leaves the catalogue's folder (linked/goods.yaml)",
        "catalog.yaml:1:30: include: leaves the catalogue's folder (linked/goods.yaml)",
        "catalog.yaml:5:12: goods.cup.cover: leaves the catalogue's folder (covers/linked.png)",
    ]


def test_links_inside_of_the_folder_are_followed(shop: Shop) -> None:
    Path("covers/linked.png").symlink_to("a.png")
    shop.write({"more/b.yaml": GOODS.replace("covers/a.png", "../covers/linked.png")})
    Path("linked.yaml").symlink_to("more/b.yaml")
    Path("kept").symlink_to("more")
    assert shop.lines("include: [kept/b.yaml]\n") == []
    # The link's own folder counts for what the file names.
    assert shop.lines("include: [linked.yaml]\n") == [
        "linked.yaml:4:12: goods.cup.cover: leaves the catalogue's folder (../covers/linked.png)"
    ]


def test_an_included_file_has_only_sections(shop: Shop) -> None:
    text = "include: [b.yaml]\npolicy: {}\nproducts:\nversion: 1\ngoods: {}\n"
    assert shop.lines({"catalog.yaml": "include: [b.yaml]\n" + GOODS, "b.yaml": text}) == [
        "b.yaml:1:1: include: an included file has only goods and products (include)",
        "b.yaml:2:1: policy: an included file has only goods and products (policy)",
        "b.yaml:4:1: version: an included file has only goods and products (version)",
    ]


def test_an_included_file_that_is_broken_hides_no_other_problem(shop: Shop) -> None:
    files = {
        "catalog.yaml": "include: [b.yaml, c.yaml, d.yaml]\nadopt: {mug: 5}\n" + GOODS.replace("99.50", "0"),
        "b.yaml": GOODS.replace("cup", "mug").replace("99.50", "[1"),
        "c.yaml": "",
        "d.yaml": GOODS,
    }
    assert shop.lines(files) == [
        "catalog.yaml:7:12: goods.cup.price: must be more than 0 (0)",
        "b.yaml:6:8: a list in [ ] is not closed here (: pages/item?id=1)",
        "c.yaml:1:1: the file is empty",
        "d.yaml:2:3: goods.cup: stands twice; first at catalog.yaml:4:3 (cup)",
    ]


def test_messages_name_files_as_the_user_did(shop: Shop) -> None:
    shop.write({"covers/catalog.yaml": "include: [sub/b.yaml]\n", "covers/sub/b.yaml": "- a\n"})
    told = ["covers/sub/b.yaml:1:1: must be a mapping of fields (a list)"]
    assert shop.lines({}, "covers/catalog.yaml") == told
    assert shop.lines({}, "./covers/catalog.yaml") == told
    absolute = str(shop.root / "covers")
    assert shop.lines({}, f"{absolute}/catalog.yaml") == [f"{absolute}/{told[0].removeprefix('covers/')}"]
