"""The JSON Schema for editors: it is one, it explains every field, and it says what `validate` says."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator
from ruamel.yaml import YAML
from ruamel.yaml.constructor import SafeConstructor

from catalog_sync.catalogue.loader import HEAD
from catalog_sync.catalogue.schema import catalogue_schema
from catalog_sync.core.json_schema import JsonSchema
from catalog_sync.providers.live_goods.section import GoodsSection
from catalog_sync.providers.mini_store.json_schema import products_schema
from catalog_sync.providers.mini_store.section import ProductsSection

from .conftest import Shop
from .test_right import EXAMPLE, FILES, goods

SCHEMA: Any = catalogue_schema([GoodsSection(), ProductsSection()])
CHECK = Draft7Validator(SCHEMA)
ROOT = Path(__file__).parents[2]

PRODUCTS = """\
P-7001:
  product_id: 10001234567890
  listing: true
  skus:
    P-7001-BLUE-L:
      sale_price: 129.00
      market_price: "159.00"
      stock: 40
      thumb: covers/blue-l.png
      sku_code: BL-L
      barcode: "6900000000017"
      attrs: {颜色: 蓝, 尺码: L}
"""


class Texts(SafeConstructor):
    """YAML 1.2 as editors read it: a time is a text."""


Texts.add_constructor("tag:yaml.org,2002:timestamp", lambda _self, node: node.value)


def parsed(text: str) -> Any:
    yaml = YAML(typ="safe", pure=True)
    yaml.Constructor = Texts
    return yaml.load(text)


def takes(text: str) -> bool:
    return CHECK.is_valid(parsed(text))


def described(schema: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Each field of a schema with its own schema, at any depth."""
    for part in ("properties", "patternProperties"):
        for name, inner in schema.get(part, {}).items():
            yield f"{path}.{name}", inner
            yield from described(inner, f"{path}.{name}")


@pytest.mark.parametrize("schema", [SCHEMA, products_schema()], ids=["catalogue", "products"])
def test_it_is_a_schema_and_explains_every_field(schema: JsonSchema) -> None:
    Draft7Validator.check_schema(schema)
    found = dict(described(schema))
    assert [path for path, inner in found.items() if len(inner.get("description", "")) < 10] == []
    loose = [path for path, inner in found.items() if "properties" in inner and inner["additionalProperties"]]
    assert loose == []
    for path, inner in found.items():
        for example in inner.get("examples", ()):
            assert Draft7Validator(inner).is_valid(example), path


def test_it_has_every_field_of_the_head() -> None:
    assert set(SCHEMA["properties"]) == {*HEAD, "goods", "products"}
    assert set(SCHEMA["properties"]["quota"]["properties"]) == {
        *GoodsSection.pools,
        *ProductsSection.pools,
        "day_starts",
        "timezone",
    }
    assert SCHEMA["additionalProperties"] is False


def test_its_defaults_are_the_defaults(shop: Shop) -> None:
    policy = {name: inner["default"] for name, inner in SCHEMA["properties"]["policy"]["properties"].items()}
    quota = {name: SCHEMA["properties"]["quota"]["properties"][name]["default"] for name in ("day_starts", "timezone")}
    item = SCHEMA["properties"]["goods"]["patternProperties"]["^[A-Za-z0-9][A-Za-z0-9._-]*$"]["properties"]
    given = {name: json.dumps(inner["default"]) for name, inner in item.items() if "default" in inner}
    spelt = f"policy: {json.dumps(policy)}\nquota: {json.dumps(quota)}\n{goods(**given)}"
    assert set(given) == {"priceType", "priority", "protect"}
    assert shop.right(spelt).digest == shop.right(goods()).digest


def test_our_examples_and_the_contracts(shop: Shop) -> None:
    for text in (EXAMPLE, FILES["goods/a.yaml"], *(
        (ROOT / name).read_text(encoding="utf-8") for name in ("catalog.example.yaml", "examples/gifts.yaml")
    )):  # fmt: skip
        assert [error.message for error in CHECK.iter_errors(parsed(text))] == []
    assert Draft7Validator(products_schema()).is_valid(parsed(PRODUCTS))


def test_another_program_takes_the_schema_and_the_example(tmp_path: Path) -> None:
    (tmp_path / "catalog.schema.json").write_text(json.dumps(SCHEMA), encoding="utf-8")
    done = subprocess.run(
        [Path(sys.executable).parent / "check-jsonschema", "--schemafile", tmp_path / "catalog.schema.json",
         ROOT / "catalog.example.yaml", ROOT / "examples/gifts.yaml"],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (0, "ok -- validation done\n")


FIELDS = [
    {"price": "99.5"}, {"price": "'99.50'"}, {"price": "0"}, {"price": "-1"}, {"price": "'1.005'"}, {"price": "free"},
    {"price": "100000000"}, {"price": "100000000.01"}, {"price": "[1]"}, {"price": "0.01"},
    {"price2": "5"}, {"priceType": "2", "price2": "100"}, {"priceType": "3", "price2": "5"}, {"priceType": "2"},
    {"priceType": "1", "price2": "0"}, {"priceType": "4"}, {"priceType": "'1'"},
    {"name": "'12345678'"}, {"name": "12345678"}, {"name": "no longer"}, {"name": "{a: b}"}, {"name": "' '"},
    {"name": '"a\\nbcdef"'}, {"name": "abcdefghijklmnopqrstuvwxyz123"}, {"nmae": "x"},
    {"url": "/pages/a"}, {"url": "/"}, {"url": '""'}, {"cover": "keep"}, {"cover": '" "'},
    {"thirdPartyAppid": "wxfedcba9876543210"}, {"thirdPartyAppid": '""'}, {"thirdPartyAppid": "gh_1"},
    {"priority": "-5"}, {"priority": "'5'"}, {"priority": "1.5"}, {"priority": "1234567890"},
    {"needed_by": "2026-12-01T20:00:00+08:00"}, {"needed_by": "2026-12-01 20:00:00Z"}, {"needed_by": "2026-12-01"},
    {"protect": "true"}, {"protect": "yes"}, {"protect": "'true'"},
    {"locked_change": "replace"}, {"locked_change": "never"},
]  # fmt: skip

HEADS = [
    "version: 1", "version: '1'", "version: 2", "app: wx0123456789abcdef", "app: 5", "app: wx01", "polcy: {}",
    "policy: {prune: false}", "policy: {prune: no}", "policy: {max_deletes: 3}", "policy: {max_deletes: 30%}",
    "policy: {max_deletes: 101%}", "policy: {max_deletes: none}", "policy: {max_deletes: -1}",
    "policy: {max_price_change: 1.5}", "policy: {max_price_change: 1}", "policy: {max_price_change: '5'}",
    "policy: {in_audit: wait}", "policy: {in_audit: waiting}", "policy: {bogus: 1}", "policy:", "policy: []",
    "quota: {submit: {limit: 5, reserve: 1}}", "quota: {submit: {limit: 0}}", "quota: {submit: {reserve: -1}}",
    "quota: {sumbit: {}}", "quota:\n  day_starts: 08:30", "quota: {day_starts: '8:30'}", "quota: {timezone: UTC}",
    "include: []", "include: a.yaml", "include: {}", "include: [{a: b}]", "include:",
    "adopt: {cup: 51}", "adopt: {cup: '51'}", "adopt: {cup: 0}", "adopt: [cup]",
    "moved: {tea: cup}", "moved: {tea: [cup]}", "removed: [old]", "removed: old", "removed: [[old]]", "removed:",
]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        *(goods(**fields) for fields in FIELDS),
        *(f"{head}\n{goods()}" for head in HEADS),
        "goods: []",
        "goods: {a b: {}}",
    ],
)
def test_it_says_what_validate_says(shop: Shop, text: str) -> None:
    assert takes(text) is (shop.read(text).catalogue is not None)


@pytest.mark.parametrize(
    "change",
    [
        ("sale_price: 129.00", "sale_price: 0"), ('"159.00"', '"159.005"'), ("stock: 40", "stock: '40'"),
        ("stock: 40", "stock: -1"), ("stock: 40", "price: 4"), ("BL-L", "B" * 21), ("listing: true", "listing: 1"),
        ("6900000000017", "69-1"), ("{颜色: 蓝, 尺码: L}", "[L]"), ("P-7001-BLUE-L", "P" * 33), ("  skus:", "  sku:"),
    ],
)  # fmt: skip
def test_products_that_cannot_be(change: tuple[str, str]) -> None:
    assert change[0] in PRODUCTS
    assert not Draft7Validator(products_schema()).is_valid(parsed(PRODUCTS.replace(*change)))
