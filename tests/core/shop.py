"""A small shop of live goods in words: what tests lay before the core. Everything not named stands equal and approved.

`NOW` is noon of 21 November 2026 in Beijing; our clock and the platform's are one here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from zoneinfo import ZoneInfo

from catalog_sync.core.change import Holdings
from catalog_sync.core.model import (
    Address,
    AuditStatus,
    Binding,
    Catalogue,
    Copy,
    Item,
    LockedChange,
    Observation,
    Place,
    PoolSetting,
    QuotaSettings,
    Refusal,
    Remote,
    Rules,
    Values,
)
from catalog_sync.core.plan import Occasion, Plan, PlannedChange, Selection, System, make_plan
from catalog_sync.core.policy import Hold, Policy
from catalog_sync.core.quota import Budget
from catalog_sync.providers.live_goods.policy import LiveGoodsPolicy
from catalog_sync.providers.live_goods.pools import POOLS
from catalog_sync.providers.live_goods.schema import SCHEMA, GoodsValues

BEIJING = ZoneInfo("Asia/Shanghai")
NOW = 1_795_233_600.0
TODAY = date(2026, 11, 21)
SETTLE_AFTER = 10.0
NOTHING: Values = (None,) * len(SCHEMA.fields)
PICTURE = "sha256:" + "ab" * 32
OTHER_PICTURE = "sha256:" + "cd" * 32
SHOWN_PICTURE = "https://mmbiz.qpic.cn/cup"
NO_BINDINGS: Mapping[Address, Binding] = {}


def address(key: str) -> Address:
    return Address(f"goods.{key}")


def values(
    name: str = "TIT茶杯",
    *,
    cover: str = PICTURE,
    url: str = "pages/index/index?id=51",
    appid: str = "",
    prices: tuple[int, int, int | None] = (1, 9950, None),
) -> GoodsValues:
    return GoodsValues(name, cover, url, appid, *prices)


CUP = values()
SHOWN_CUP = values(cover=SHOWN_PICTURE)


def shown(desired: Values) -> GoodsValues:
    """What the platform shows of an item, unless it rewrites texts."""
    return GoodsValues._make(desired)._replace(cover=SHOWN_PICTURE)


def item(
    key: str = "cup",
    desired: Values = CUP,
    *,
    position: int = 0,
    priority: int = 0,
    needed_by: float | None = None,
    protect: bool = False,
    locked_change: LockedChange | None = None,
) -> Item:
    return Item(
        address(key),
        "goods",
        key,
        desired,
        Place("catalog.yaml", 10 + position, 3),
        position,
        priority=priority,
        needed_by=needed_by,
        protect=protect,
        locked_change=locked_change,
    )


def copy(
    remote_id: int = 51,
    sent: Values = CUP,
    *,
    audit_id: int | None = 7001,
    submitted: Values | None = None,
    echo: Values | None = None,
    replaced: Values = NOTHING,
    written_at: float | None = NOW - 86400,
    locked_out: bool = False,
) -> Copy:
    """A remote item that we hold; its echo is what it shows without a rewrite."""
    looked = shown(sent) if echo is None else echo
    return Copy(remote_id, audit_id, sent, submitted or sent, looked, replaced, written_at, locked_out)


def binding(key: str = "cup", current: Copy | None = None, successor: Copy | None = None, **more: bool) -> Binding:
    return Binding(address(key), current or copy(), successor, **more)


def remote(
    remote_id: int = 51,
    values: Values = SHOWN_CUP,
    status: AuditStatus | None = AuditStatus.APPROVED,
    *,
    ours: bool = True,
    first_seen: int = 1,
) -> Remote:
    return Remote(remote_id, status, values, ours, first_seen=first_seen)


def seen(
    *remotes: Remote,
    absent: Collection[int] = (),
    unread: bool = False,
    short: bool = False,
    stable: bool = True,
    reason: str | None = None,
) -> Observation:
    listed = {each.remote_id: each for each in remotes}
    return Observation(
        listed, frozenset(absent), unread=unread, short=short, stable=stable, reason=reason, number=2, taken_at=NOW
    )


def quota(**pools: PoolSetting) -> QuotaSettings:
    return QuotaSettings(pools, BEIJING)


def catalogue(
    *items: Item,
    rules: Rules | None = None,
    adopt: Mapping[str, int] | None = None,
    moved: Mapping[str, str] | None = None,
    removed: tuple[str, ...] = (),
    pools: Mapping[str, PoolSetting] | None = None,
) -> Catalogue:
    return Catalogue(
        "catalog.yaml",
        "wx0123456789abcdef",
        rules or Rules(),
        quota(**(pools or {})),
        items,
        adopt or {},
        moved or {},
        removed,
        "sha256:" + "0" * 64,
    )


@dataclass(frozen=True)
class Shop:
    """Everything that one plan is made from."""

    catalogue: Catalogue
    seen: Observation
    bindings: Mapping[Address, Binding] = field(default_factory=dict)
    tombstones: frozenset[int] = frozenset()
    refusals: Mapping[Address, Refusal] = field(default_factory=dict)
    undecided: Mapping[Address, Hold] = field(default_factory=dict)
    facts: frozenset[str] = frozenset()
    selection: Selection = field(default_factory=Selection)
    used: Mapping[tuple[str, date], int] = field(default_factory=dict)
    not_landed: Mapping[tuple[Address, date], int] = field(default_factory=dict)
    notes: Mapping[Address, str] = field(default_factory=dict)
    now: float = NOW

    def plan(self, policy: Policy = LiveGoodsPolicy()) -> Plan:  # noqa: B008 - it has no state
        holdings = Holdings(self.bindings, self.tombstones, self.refusals)
        system = System(SCHEMA, policy, self.seen, holdings, self.undecided)
        occasion = Occasion(self.now, self.now, TODAY, SETTLE_AFTER, self.facts, self.not_landed, self.notes)
        return make_plan(self.catalogue, [system], self.budget(), self.selection, occasion)

    def budget(self) -> Budget:
        return Budget(POOLS, self.catalogue.quota, TODAY, self.used)

    def choosing(self, **selection: object) -> Shop:
        return replace(self, selection=Selection(**selection))  # type: ignore[arg-type]

    def only(self) -> PlannedChange:
        """The one change of its plan."""
        (change,) = self.plan().changes
        return change


def shop(
    items: Item | Iterable[Item] = (),
    bound: Binding | Iterable[Binding] = (),
    remotes: Remote | Iterable[Remote] = (),
    *,
    rules: Rules | None = None,
    **more: object,
) -> Shop:
    """The common shop: some items, bindings and remotes, seen whole."""
    listed = (items,) if isinstance(items, Item) else tuple(items)
    bindings = (bound,) if isinstance(bound, Binding) else tuple(bound)
    shown_now = (remotes,) if isinstance(remotes, Remote) else tuple(remotes)
    return Shop(
        catalogue(*listed, rules=rules),
        seen(*shown_now),
        {each.address: each for each in bindings},
        **more,  # type: ignore[arg-type]
    )


def calls(change: PlannedChange) -> str:
    """The steps of a change in one word each; those on a successor are marked."""
    return " ".join(step.call + ("'" if step.role == "successor" else "") for step in change.steps)


def verdict(change: PlannedChange) -> str:
    """Action, disposition and reason in a line."""
    return f"{change.action} {change.disposition} {change.reason}"
