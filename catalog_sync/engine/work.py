"""Work: one change while it is carried out: its binding as it is by now, and what was done for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from catalog_sync.core.journal import Amendment
from catalog_sync.core.model import AuditStatus, Binding, Copy, Item, Role, Step, Verb
from catalog_sync.core.plan import PlannedChange


@dataclass(slots=True)
class Work:
    """One change under way. `calls` are the calls that left, `done` the steps that landed, `open_entries` the journal
    rows whose answer was lost; `paid_on` is the quota day that its route was paid from."""

    change: PlannedChange
    binding: Binding | None
    calls: list[str] = field(default_factory=list)
    done: list[Step] = field(default_factory=list)
    open_entries: list[int] = field(default_factory=list)
    last: Copy | None = None
    paid_on: date | None = None

    @property
    def item(self) -> Item:
        """The desired item of a change that sends fields."""
        if self.change.item is None:
            raise ValueError(f"{self.change.address} is not in the catalogue")
        return self.change.item

    def copy(self, role: Role) -> Copy | None:
        """The remote item that a step is about."""
        if self.binding is None:
            return None
        return self.binding.current if role is Role.CURRENT else self.binding.successor

    def target(self, step: Step) -> Copy | None:
        """The remote item that a step needs to exist; None for what makes one or touches none."""
        return None if step.verb in (Verb.CREATE, Verb.UPLOAD) else self.copy(step.role)

    def expected_status(self, step: Step) -> AuditStatus | None:
        """The status in which a step finds its item: unaudited behind our own withdrawal, else the planned one."""
        withdrawn = any(done.verb is Verb.WITHDRAW and done.role is step.role for done in self.done)
        seen = self.change.observed.get(step.role)
        return AuditStatus.UNAUDITED if withdrawn else None if seen is None else seen.status

    def follow(self, amendment: Amendment) -> None:
        """Take over what a transaction changed in the binding."""
        for binding in amendment.put:
            if binding.address == self.change.address:
                self.binding = binding
                self.last = binding.successor or binding.current
        if self.change.address in amendment.drop:
            self.binding = None
