"""Plan documents that are hard to show: many changes, names that want to be markup."""

from __future__ import annotations

from dataclasses import replace
from itertools import cycle

from catalog_sync.core.model import Action, Address, AuditStatus, Disposition
from catalog_sync.core.plandoc import ChangeDocument, HeldDocument, PlanDocument, SourceDocument, StepDocument
from catalog_sync.planfile import Provenance, document
from catalog_sync.report.face import Face, Faces
from tests.core.market import plan
from tests.core.shop import NOW

MADE = Provenance("0.1.0", "p-1", NOW, "wx0123456789abcdef", "l-1", 41, "ops@shop")

HOSTILE = (
    "茶|杯 | a | b |",
    "@everyone and #1, GH-2, !3",
    "```\ncode\n```",
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "</script><script>alert(2)</script>",
    "a\nb\r\n# heading\n- list",
    "\u202egnp.exe\u2066 mirrored",
    "**bold** _under_ [link](https://evil.example/) ~~gone~~ $x$ :tada:",
    "https://evil.example/?a=1&b=2 www.evil.example mail@evil.example",
    "<!-- --> </code></td> &lt;b&gt; \\| \\",
    "##[error]no ::error::no",
    "龙" * 3000,
)

_KINDS = (
    (Action.UPDATE, Disposition.READY, "price_changed"),
    (Action.ADD, Disposition.READY, "new"),
    (Action.DELETE, Disposition.READY, "not_in_catalogue"),
    (Action.RESUBMIT, Disposition.DEFERRED, "content_changed"),
    (Action.REPLACE, Disposition.BLOCKED, "locked_when_approved"),
    (Action.RESUBMIT, Disposition.WAITING, "under_review"),
)


def market() -> PlanDocument:
    """The small plan with one of everything."""
    return document(plan(), MADE)


def hostile(count: int) -> PlanDocument:
    """A plan of so many changes whose names, notes and messages are all hostile."""
    names, kinds = cycle(HOSTILE), cycle(_KINDS)
    changes = tuple(_change(at, next(names), *next(kinds)) for at in range(count))
    return replace(market(), changes=changes)


def faces(shown: PlanDocument) -> Faces:
    """Their names."""
    return {change.address: Face(HOSTILE[at % len(HOSTILE)]) for at, change in enumerate(shown.changes)}


def _change(at: int, name: str, action: Action, disposition: Disposition, reason: str) -> ChangeDocument:
    before, after = {"name": name, "price": "99.50"}, {"name": f"{name}!", "price": "89.00", "url": f"pages/a?id={at}"}
    return ChangeDocument(
        address=Address(f"goods.item-{at}"),
        kind="sku" if at % 7 == 0 else "goods",
        key=f"item-{at}",
        source=SourceDocument("catalog.yaml", at),
        action=action,
        disposition=disposition,
        scheduled_for={Disposition.READY: "2026-11-21", Disposition.DEFERRED: "2026-11-22"}.get(disposition),
        not_before=None,
        reason=reason,
        message=f"Of {name}.",
        remote_id=None if action is Action.ADD else 100_000 + at,
        audit_status=None if action is Action.ADD else AuditStatus.APPROVED,
        previous_address=None,
        digest="sha256:" + "0" * 64,
        late=at % 5 == 0,
        note=name if at % 3 == 0 else None,
        before=None if action is Action.ADD else before,
        after=None if action is Action.DELETE else after,
        held=(HeldDocument(("name",), "drifted", f"Held: {name}"),) if at % 11 == 0 else (),
        steps=(StepDocument("update", "update", ("price",)),),
    )
