"""The catalogue's digest: equal when the parsed values are equal.

It does not depend on which file holds an item, on the order of items and fields, on comments, spelling of numbers or
quotes, nor on where a picture file lies (its bytes count). A default that is written out counts as the default.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import NamedTuple

from catalog_sync.core.digest import canonical
from catalog_sync.core.model import Item, QuotaSettings, Rules

_AT_ONCE = 1000  # items that are spelt out together: one by one takes three times as long


class Parts(NamedTuple):
    """What the catalogue says beside its items, named as in `Catalogue`."""

    app: str | None
    rules: Rules
    quota: QuotaSettings
    adopt: Mapping[str, int]
    moved: Mapping[str, str]
    removed: tuple[str, ...]


def catalogue_digest(items: Sequence[Item], parts: Parts) -> str:
    """`sha256:` and the hex digest over everything that the catalogue says."""
    sha = hashlib.sha256(canonical(_head(parts)))
    ordered = sorted(items, key=lambda item: item.address)
    for start in range(0, len(ordered), _AT_ONCE):
        sha.update(canonical([_spelt(item) for item in ordered[start : start + _AT_ONCE]]))
    return "sha256:" + sha.hexdigest()


def _spelt(item: Item) -> list[object]:
    spelt = [item.address, item.values, item.priority, item.needed_by, item.protect, item.locked_change]
    return spelt if item.parent is None else [*spelt, item.parent]


def _head(parts: Parts) -> list[object]:
    bindings = [dict(parts.adopt), dict(parts.moved), sorted(parts.removed)]
    return [parts.app, _rules(parts.rules), _quota(parts.quota), bindings]


def _rules(rules: Rules) -> dict[str, object]:
    return {**asdict(rules), "max_price_change": str(rules.max_price_change.normalize())}


def _quota(quota: QuotaSettings) -> list[object]:
    pools = {name: [setting.limit, setting.reserve] for name, setting in quota.pools.items()}
    return [pools, quota.day_starts, str(quota.zone)]
