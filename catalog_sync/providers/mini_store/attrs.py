"""The attributes of a SKU, from a mapping, or in a row from one cell."""

from __future__ import annotations

import re
from collections.abc import Iterator

from catalog_sync.core.entry import Code, MapNode, Node, Scalar, shown
from catalog_sync.providers.mini_store.fields import Given, Wrong, text
from catalog_sync.providers.mini_store.wording import MAX_ATTR

_BETWEEN = re.compile("[;；]")
_EQUALS = re.compile("[=＝]")


def read_attrs(given: Given, *, row: bool) -> dict[str, str] | None:
    """The attributes in their order; None when there are none or some are (noted) wrong. In a row they may stand in one
    cell, as `颜色=蓝; 尺码=L`."""
    if not given.has("attrs"):
        return None
    pairs = given.parsed("attrs", given.nodes["attrs"], _cell_pairs if row else _pairs)
    read: dict[str, str | None] = {}
    for name, value in pairs or ():
        path = f"attrs.{shown(name.text)}"
        if name.text in read:
            given.notes.error(Code.DUPLICATE_KEY, name, f"stands twice ({shown(name.text)})", path)
        elif given.parsed(path, name, _attr) is not None:
            read[name.text] = given.parsed(path, value, _attr)
    right = {name: value for name, value in read.items() if value is not None}
    return right if pairs and len(right) == len(pairs) else None


def _attr(node: Node) -> str:
    return text(node, MAX_ATTR)


def _pairs(node: Node) -> list[tuple[Scalar, Node]]:
    if not isinstance(node, MapNode):
        raise Wrong("must be a mapping like {颜色: 蓝, 尺码: L}", Code.WRONG_TYPE)
    if not node.pairs:
        raise Wrong("must name an attribute; leave it out where there is none")
    return node.pairs


def _cell_pairs(node: Node) -> list[tuple[Scalar, Node]]:
    if not isinstance(node, Scalar):
        return _pairs(node)
    pairs = list(_split(node))
    if not all(name.text for name, _value in pairs) or not pairs:
        raise Wrong("must be like 颜色=蓝; 尺码=L")
    return pairs


def _split(cell: Scalar) -> Iterator[tuple[Scalar, Node]]:
    for part in filter(str.strip, _BETWEEN.split(cell.text)):
        name, value = (*_EQUALS.split(part, maxsplit=1), "")[:2]
        yield cell._replace(text=name.strip(), plain=False), cell._replace(text=value.strip(), plain=False)
