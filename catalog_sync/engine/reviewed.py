"""Reviewed: a saved plan that a run carries out, and what of it still holds in the plan made anew (contract 6a).

A saved plan is a permission, not a recipe: what is done is always planned on the platform as it is now. A change goes
when the new plan has the very same one, digest for digest.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Self

from catalog_sync.core.errors import Failure, PlanSpent, PlanStale
from catalog_sync.core.model import Address, Catalogue, Disposition
from catalog_sync.core.plan import Plan, PlannedChange
from catalog_sync.core.plandoc import ChangeDocument, PlanDocument
from catalog_sync.core.ports import StateStore
from catalog_sync.core.result import ChangeResult, Outcome

_AGAIN = "plan again, and have that reviewed"

OVERTAKEN = Failure("plan_stale", "The item is not as it was when the plan was made; nothing was sent.", _AGAIN)


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A saved plan under way. `going` are its changes that were ready or deferred; `exact` lets nothing differ."""

    plan: PlanDocument
    going: dict[Address, ChangeDocument]
    exact: bool

    @classmethod
    def of(cls, plan: PlanDocument, *, exact: bool) -> Self:
        """The saved plan, to be carried out."""
        return cls(plan, {change.address: change for change in plan.changes if change.going}, exact)

    def check_origin(self, app: str, catalogue: Catalogue) -> None:
        """Raise `PlanStale` for a plan of another app, or of a catalogue with other values."""
        if self.plan.app != app:
            raise PlanStale(f"the plan is of {self.plan.app[:80]}, this is {app}", hint="apply it where it was made")
        if self.plan.catalogue.digest != catalogue.digest:
            made_from = self.plan.catalogue.path
            raise PlanStale(
                f"{catalogue.path} is not the catalogue that the plan was made from ({made_from[:80]})", hint=_AGAIN
            )

    def check_unspent(self, store: StateStore) -> None:
        """Raise `PlanSpent` once a run has begun to send its calls."""
        if store.is_spent(self.plan.plan_id):
            raise PlanSpent(
                f"the plan {self.plan.plan_id} was applied before", hint="plan again: it shows what is left"
            )

    def check_holds(self, made: Plan, lineage: str) -> None:
        """Raise `PlanStale` where the new plan says that the saved one cannot be carried out."""
        if self.plan.state.lineage != lineage:
            raise PlanStale("the plan was made from another state", hint="apply it where it was made")
        if self.exact:
            self._check_equal(made)
        if self.going and not any(self.takes(change) for change in made.changes if _is_going(change)):
            raise PlanStale("nothing of the plan holds any more: every item of it has changed since", hint=_AGAIN)

    def _check_equal(self, made: Plan) -> None:
        then = {change.address: (change.disposition, change.digest) for change in self.plan.changes}
        now = {change.address: (change.disposition, change.digest) for change in made.changes}
        differing = sorted(address for address in then | now if then.get(address) != now.get(address))
        if differing:
            named = ", ".join(differing[:3]) + (f" and {len(differing) - 3} more" if len(differing) > 3 else "")
            raise PlanStale(f"the plan is not exactly what would be planned now: {named}", hint=_AGAIN)

    def takes(self, change: PlannedChange) -> bool:
        """Whether a change of a new plan is one of the saved plan."""
        asked = self.going.get(change.address)
        return asked is not None and asked.digest == change.digest

    def awaits(self, change: PlannedChange) -> bool:
        """Whether the saved plan has to do with what a change waits for: its own work, or the review of its items."""
        return self.takes(change) or (change.disposition is Disposition.WAITING and change.address in self.going)

    def overtaken(self, made: Plan, told: Collection[Address]) -> Iterator[ChangeResult]:
        """The changes of the saved plan that the new one does not have, but for those whose end was told before."""
        held = {change.address for change in made.changes if self.takes(change)}
        for address, change in self.going.items():
            if address not in held and address not in told:
                yield ChangeResult(address, change.action, Outcome.SKIPPED, change.remote_id, error=OVERTAKEN)


def _is_going(change: PlannedChange) -> bool:
    return change.disposition in (Disposition.READY, Disposition.DEFERRED)
