"""A small plan with one of everything, as the plan document and the text show it."""

from __future__ import annotations

from dataclasses import replace

from catalog_sync.core.model import AuditStatus, LockedChange, PoolSetting
from catalog_sync.core.plan import Plan
from tests.core.shop import (
    CUP,
    NOW,
    TODAY,
    Shop,
    address,
    binding,
    catalogue,
    copy,
    item,
    remote,
    seen,
    shown,
    values,
)

TEA_SET = values("龙井茶具套装", url="pages/item/item?id=52", prices=(3, 19900, 15050))
TRAY = values("竹茶盘", url="pages/item/item?id=53", cover="https://cdn.example/tray.png", prices=(2, 100, 200))
POT = values("紫砂壶", url="pages/item/item?id=54")


def market() -> Shop:
    """One item is dearer and has a text held back, one is new, one more waits for tomorrow's quota, one is renamed, one
    is under review, one is approved with other content, and one left the catalogue."""
    items = (
        item("tit-cup", CUP._replace(price=8900, name="TIT 茶杯"), position=0),
        item("tea-set", TEA_SET, position=1, priority=10),
        item("tray", TRAY, position=2, needed_by=NOW + 3600),
        item("bowl", values("茶碗"), position=3),
        item("pot", POT._replace(name="紫砂茶壶"), position=4),
        item("equal", CUP, position=5),
        item("jar-2", POT, position=6),
        item("replaced", POT._replace(name="大茶壶"), position=7, locked_change=LockedChange.REPLACE),
    )
    held = {
        "tit-cup": (51, CUP, AuditStatus.APPROVED),
        "bowl": (52, values("茶碗"), AuditStatus.IN_AUDIT),
        "pot": (53, POT, AuditStatus.APPROVED),
        "equal": (54, CUP, AuditStatus.APPROVED),
        "jar": (55, POT, AuditStatus.APPROVED),
        "leaving": (56, TRAY, AuditStatus.REJECTED),
        "replaced": (57, POT, AuditStatus.APPROVED),
    }
    others = (remote(60, shown(CUP), ours=False), remote(61, values("别的"), AuditStatus.REJECTED))
    listed = catalogue(*items, moved={"jar": "jar-2"}, pools={"submit": PoolSetting(3, reserve=1)})
    return Shop(
        replace(listed, digest="sha256:" + "ca" * 32),
        seen(*(remote(number, shown(sent), status) for number, sent, status in held.values()), *others),
        {address(key): binding(key, copy(number, sent)) for key, (number, sent, _status) in held.items()},
        used={("submit", TODAY): 1},
        notes={address("tit-cup"): "the reviewer dislikes blanks"},
    )


def plan() -> Plan:
    return market().plan()
