"""The commands of a fleet for one shop: each goes the way that the command for one shop goes."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass, replace

from catalog_sync.core.errors import (
    AuthFailed,
    CallError,
    CatalogSyncError,
    CatalogueInvalid,
    LockHeld,
    StateUnreadable,
    StepsFailed,
)
from catalog_sync.core.plan import Plan, Selection
from catalog_sync.core.plandoc import PlanDocument
from catalog_sync.core.ports import LeaseLost, Run
from catalog_sync.core.result import ChangeResult, Outcome, Result
from catalog_sync.engine.execute import ready
from catalog_sync.engine.halt import Halt
from catalog_sync.engine.keeper import LEASE_LOST
from catalog_sync.engine.lifeboat import refuse_while_unrecovered
from catalog_sync.engine.meaning import meaning
from catalog_sync.engine.planning import Means, plan
from catalog_sync.engine.session import Session, Wishes
from catalog_sync.engine.situation import look
from catalog_sync.engine.survey import survey
from catalog_sync.engine.until import Rounds, removals
from catalog_sync.fleet.hints import in_a_fleet, refusal
from catalog_sync.fleet.pausing import pause_after, quiet_for
from catalog_sync.fleet.target import Target, offline, online, state_of
from catalog_sync.fleet.told import Ended, Told
from catalog_sync.planfile import document
from catalog_sync.report.diagnostics import diagnostic_lines
from catalog_sync.report.said import verdict
from catalog_sync.report.words import ENGLISH
from catalog_sync.topic import name_run
from catalog_sync.wiring import (
    Settings,
    Voice,
    app_of,
    holder,
    load,
    load_whole,
    new_run,
    provenance,
    store_of,
    tools_of,
)

_LOOKED_BACK = 50
"""The newest runs among which the last one is looked for that sent anything."""

_HELD = ("deferred", "waiting", "blocked")

_KINDS: dict[str, type[CatalogSyncError]] = {
    LEASE_LOST.code: LockHeld,
    StateUnreadable.code: StateUnreadable,
    AuthFailed.code: AuthFailed,
}
"""What ends a run before its end, although no item failed of it."""


@dataclass(frozen=True, slots=True)
class Shop:
    """One shop at work: its target, the settings that all have, the variables of the fleet's secrets, its halt, and how
    it speaks."""

    target: Target
    common: Settings
    secret_names: frozenset[str]
    halt: Halt
    voice: Voice

    @property
    def settings(self) -> Settings:
        """The settings of a run. Raises what its references raise."""
        return online(self.target, self.common, self.secret_names)

    def told(self, ended: Ended, verdict: str) -> Told:
        """What came of it, in short."""
        return Told(self.target.name, self.target.app, self.target.labels, ended, verdict)


Work = Callable[[Shop], Told]


def guarded(work: Work, shop: Shop) -> Told:
    """What came of a shop, whatever ends it: it ends no other."""
    try:
        return work(shop)
    except (CatalogSyncError, CallError, LeaseLost) as error:
        return failed(shop, meaning(error))
    except Exception as error:  # noqa: BLE001 - a mistake of ours in one shop must not stop a thousand others
        what = f"an unexpected error ({type(error).__name__})"
        return failed(shop, CatalogSyncError(what, hint="run `catalog-sync plan` for this shop alone, and report it"))


def failed(shop: Shop, error: CatalogSyncError) -> Told:
    """A shop that an error ended."""
    error.hint = in_a_fleet(error.hint, shop.target.catalogue)
    return replace(shop.told(Ended.FAILED, f"Error: {error.message}"), error=error)


def validate(shop: Shop) -> Told:
    """Check the shop's catalogue; nothing secret is looked at."""
    loaded = load(offline(shop.target, shop.common))
    if loaded.catalogue is None:
        raise CatalogueInvalid(loaded.diagnostics)
    app_of(offline(shop.target, shop.common), loaded.catalogue)
    for line in diagnostic_lines(loaded.diagnostics):
        shop.voice.say(line)
    counts = {"items": len(loaded.catalogue.items), "warnings": len(loaded.diagnostics)}
    verdict = f"Valid: items: {counts['items']}, warnings: {counts['warnings']}."
    return replace(shop.told(Ended.DONE, verdict), counts=counts)


def plan_shop(shop: Shop) -> Told:
    """Show what would change."""
    settings = shop.settings
    catalogue = load_whole(settings)[0]
    with tools_of(settings, catalogue, shop.voice, write=False, stopped=shop.halt.stopped) as tools:
        situation = look(tools, catalogue, alone=False)
        made = plan(situation, Means(tools.providers, tools.settle_after), Selection())
        shown = document(made, provenance(settings, app_of(settings, catalogue), situation.snapshot))
    if made.hazards:
        return _unsafe(shop, made, shown)
    ended = Ended.LEFT if shown.has_differences else Ended.DONE
    return replace(
        shop.told(ended, _line(shown)),
        counts=shown.summary,
        quota=shown.quota,
        ready=shown.summary["ready"],
        digests=frozenset(change.digest for change in ready(made)),
    )


def _line(shown: PlanDocument) -> str:
    held = [f"{word.capitalize()}: {shown.summary[word]}" for word in _HELD if shown.summary[word]]
    return " · ".join([verdict(shown, ENGLISH), *held])


def _unsafe(shop: Shop, made: Plan, shown: PlanDocument) -> Told:
    """A plan that a guard refuses is still a plan: it is shown, and a person decides."""
    return replace(failed(shop, refusal(made.hazards[0])), counts=shown.summary, quota=shown.quota)


def apply(shop: Shop, agreed: frozenset[str] | None = None) -> Told:
    """Make the platform match: nothing beyond the guards, and where somebody `agreed` to changes (by digest) no others.
    Raises what the command for one shop raises."""
    settings = shop.settings
    catalogue = load_whole(settings)[0]
    with tools_of(settings, catalogue, shop.voice, write=True, stopped=shop.halt.stopped) as tools:
        refuse_while_unrecovered(tools.folder)
        quiet = quiet_for(tools.store.history(_LOOKED_BACK), tools.clock.now())
        run = new_run(settings, "fleet apply")
        name_run(run.id)
        with Session(tools, holder(settings, sys.argv), run, shop.halt) as session:
            made = session.plan(catalogue, Selection())
            for hazard in made.hazards:
                raise refusal(hazard)
            rounds = Rounds(removals(made))
            rounds.note(_carried_out(session, made, agreed), made.today)
            told = _applied(shop, made, rounds.total)
            pace = session.situation.pace
        shown = document(made, provenance(settings, app_of(settings, catalogue), session.situation.snapshot))
        wait = pause_after(made, rounds.total, rounds, tools.platform_now(), pace, 0.0 if ready(made) else quiet)
        with suppress(StateUnreadable):  # the copy alone is missing: what was done is stored
            tools.store.checkpoint_and_backup()
    return replace(told, quota=shown.quota, pause=wait)


def _carried_out(session: Session, made: Plan, agreed: frozenset[str] | None) -> Result:
    takes = None if agreed is None else lambda change: change.digest in agreed
    with closing(session.apply(made, Wishes(takes=takes))) as events:
        for _event in events:
            pass  # what became of each change is in the result
    if session.result is None:
        raise ValueError("an apply that went to its end has a result")
    return session.result


def _applied(shop: Shop, made: Plan, result: Result) -> Told:
    troubles = tuple(each for each in result.results if each.outcome in (Outcome.FAILED, Outcome.IN_DOUBT))
    broken = next((each.error for each in result.results if each.error and each.error.code in _KINDS), None)
    counts = result.summary
    line = " · ".join(f"{name.replace('_', ' ').capitalize()}: {count}" for name, count in counts.items())
    ended = Ended.LEFT if result.remaining else Ended.DONE
    told = replace(shop.told(ended, line), counts=counts, troubles=troubles, ready=len(ready(made)))
    if broken is not None:
        return replace(told, ended=Ended.FAILED, error=_KINDS[broken.code](broken.message, hint=broken.hint))
    if troubles:
        what = f"changes that failed: {counts['failed']}, in doubt: {counts['in_doubt']}"
        return replace(told, ended=Ended.FAILED, error=StepsFailed(what, hint=_first(troubles)))
    return told


def _first(troubles: tuple[ChangeResult, ...]) -> str:
    first = troubles[0]
    return f"the first is {first.address}" + (f": {first.error.message}" if first.error else "")


def status(shop: Shop) -> Told:
    """How the shop stands, and who wrote last."""
    settings = shop.settings
    catalogue = load_whole(settings)[0]
    with tools_of(settings, catalogue, shop.voice, write=False, stopped=shop.halt.stopped) as tools:
        situation = look(tools, catalogue, alone=False)
        made = plan(situation, Means(tools.providers, tools.settle_after), Selection())
        found = survey(situation, tools.providers, made)
        runs = tools.store.history(1)
        shown = document(made, provenance(settings, app_of(settings, catalogue), situation.snapshot))
    reviews = Counter("absent" if item.audit_status is None else item.audit_status.value for item in found.items)
    counts = {
        "items": len(found.items),
        "in_sync": sum(item.in_sync for item in found.items),
        **{word: reviews[word] for word in ("in_audit", "approved", "rejected", "unaudited", "absent")},
        **{word: shown.summary[word] for word in ("deferred", "blocked")},
    }
    line = f"{counts['in_sync']} of {counts['items']} items are approved and as the catalogue says."
    ended = Ended.DONE if counts["in_sync"] == counts["items"] else Ended.LEFT
    return replace(shop.told(ended, line), counts=counts, quota=shown.quota, last_run=next(iter(runs), None))


def history(shop: Shop, limit: int = 50) -> tuple[Run, ...]:
    """The newest runs that wrote to the shop, newest first; the state alone is asked. Raises `StateUnreadable`."""
    offline_settings = replace(offline(shop.target, shop.common), state=state_of(shop.target, shop.common))
    with store_of(offline_settings, shop.target.app, write=False) as store:
        return store.history(limit)
