"""The catalogue's digest: what changes it, and what does not."""

from __future__ import annotations

import pytest

from .conftest import Shop, picture

HEAD = "app: wx0123456789abcdef\n"
CUP = "  cup:\n    name: 龙井茶具套装\n    cover: covers/a.png\n    price: 99.50\n    url: pages/item?id=1\n"
MUG = "  mug:\n    name: 白瓷马克杯\n    cover: https://a.cn/b.png\n    price: 5\n    url: pages/item?id=2\n"
PLAIN = HEAD + "goods:\n" + CUP + MUG

SAME = {
    "comments": "# hello\n" + PLAIN.replace("99.50", "99.50  # yuan"),
    "another order of items": HEAD + "goods:\n" + MUG + CUP,
    "another order of fields": PLAIN.replace(
        "    price: 5\n    url: pages/item?id=2\n", "    url: pages/item?id=2\n    price: 5\n"
    ),
    "quotes": PLAIN.replace("99.50", '"99.50"').replace("龙井茶具套装", "'龙井茶具套装'"),
    "another spelling of a price": PLAIN.replace("99.50", "99.5"),
    "a written default": PLAIN + "    priceType: 1\n    priority: 0\n    protect: false\npolicy: {prune: true}\n",
    "a slash before the url": PLAIN.replace("pages/item?id=2", "/pages/item?id=2"),
    "the head at the end": "goods:\n" + CUP + MUG + HEAD,
    "the same picture elsewhere": PLAIN.replace("covers/a.png", "covers/same.png"),
}

OTHER = {
    "a name": PLAIN.replace("白瓷", "青瓷"),
    "a price": PLAIN.replace("99.50", "99.51"),
    "a url": PLAIN.replace("id=1", "id=3"),
    "a key": PLAIN.replace("cup:", "pot:"),
    "a link": PLAIN.replace("b.png", "c.png"),
    "a picture": PLAIN.replace("covers/a.png", "covers/other.png"),
    "one item less": HEAD + "goods:\n" + CUP,
    "a priority": PLAIN + "    priority: 1\n",
    "protection": PLAIN + "    protect: true\n",
    "a deadline": PLAIN + "    needed_by: 2026-12-01T12:00:00Z\n",
    "an item's rule": PLAIN + "    locked_change: block\n",
    "a rule": PLAIN + "policy: {prune: false}\n",
    "a limit": PLAIN + "quota: {submit: {limit: 5}}\n",
    "a timezone": PLAIN + "quota: {timezone: UTC}\n",
    "an adoption": PLAIN + "adopt: {cup: 5}\n",
    "a move": PLAIN + "moved: {pot: cup}\n",
    "a removal": PLAIN + "removed: [pot]\n",
}


@pytest.fixture
def plain(shop: Shop) -> str:
    shop.write({"covers/same.png": picture(), "covers/other.png": picture(299)})
    return shop.right(PLAIN).digest


@pytest.mark.parametrize("content", SAME.values(), ids=SAME.keys())
def test_what_does_not_change_the_digest(shop: Shop, plain: str, content: str) -> None:
    assert shop.right(content).digest == plain


@pytest.mark.parametrize("content", OTHER.values(), ids=OTHER.keys())
def test_what_changes_the_digest(shop: Shop, plain: str, content: str) -> None:
    assert shop.right(content).digest != plain


def test_the_files_do_not_matter(shop: Shop, plain: str) -> None:
    files = {
        "catalog.yaml": HEAD + "include: [b.csv]\ngoods:\n" + MUG,
        "b.csv": "key,name,cover,price,url\ncup,龙井茶具套装,covers/a.png,99.5,pages/item?id=1\n",
    }
    assert shop.right(files).digest == plain


def test_the_digest_is_the_same_everywhere(shop: Shop) -> None:
    text = PLAIN.replace("covers/a.png", "keep")
    assert shop.right(text).digest == "sha256:73d5965f254ad31ad18f468a68153535448872bfdff5013235fa60fb51ff66f6"


SKUS = """\
products:
  P-1:
    product_id: 7
    skus:
      S-1: {sale_price: 129.00, market_price: 159, stock: 40, barcode: 0017, attrs: {颜色: 蓝}}
      S-2: {sale_price: 5, market_price: 6, stock: 0, thumb: covers/a.png, attrs: {颜色: 红}}
"""
OTHER_SKUS = {
    "a sale price": SKUS.replace("129.00", "129.01"),
    "a market price": SKUS.replace("159", "160"),
    "stock": SKUS.replace("40", "41"),
    "a barcode": SKUS.replace("0017", "0018"),
    "an attribute": SKUS.replace("蓝", "绿"),
    "a thumb": SKUS.replace("covers/a.png", "covers/other.png"),
    "no thumb": SKUS.replace("thumb: covers/a.png, ", ""),
    "a code": SKUS.replace("barcode: 0017", "barcode: 0017, sku_code: A"),
    "a product's id": SKUS.replace("7\n", "8\n", 1),
    "no product's id": SKUS.replace("    product_id: 7\n", ""),
    "listing": SKUS.replace("product_id: 7", "listing: false"),
    "another product": SKUS.replace("P-1", "P-2"),
    "a SKU less": SKUS[: SKUS.index("      S-2")],
    "a SKU elsewhere": SKUS.replace("      S-2", "  P-2:\n    skus:\n      S-2"),
}


@pytest.mark.parametrize("content", OTHER_SKUS.values(), ids=OTHER_SKUS.keys())
def test_what_of_a_sku_changes_the_digest(shop: Shop, plain: str, content: str) -> None:
    assert shop.right(content).digest != shop.right(SKUS).digest


def test_where_a_product_is_told_of_does_not_matter(shop: Shop, plain: str) -> None:
    heading = "out_product_id,out_sku_id,sale_price,market_price,stock,barcode,attrs,thumb\n"
    rows = "P-1,S-2,5.0,6,0,,颜色=红,covers/same.png\nP-1,S-1,129,159,40,0017,颜色=蓝,\n"
    mapping = "include: [s.csv]\nproducts: {P-1: {product_id: 7, listing: true}}\n"
    expected = shop.right(SKUS).digest
    assert shop.right({"catalog.yaml": mapping, "s.csv": heading + rows}).digest == expected
