"""The rounds of an apply: plan, show, ask, carry out; with `--until-done` again, until nothing more can come of it."""

from __future__ import annotations

import json
import time
from contextlib import closing
from dataclasses import dataclass
from typing import TextIO

import click

from catalog_sync.cli.border import Exit
from catalog_sync.cli.locking import back_up, session_of
from catalog_sync.cli.messages import speaks_json
from catalog_sync.cli.options import Given
from catalog_sync.cli.planning import check_named, print_plan
from catalog_sync.cli.signals import Signals
from catalog_sync.core.errors import (
    CallError,
    CatalogSyncError,
    Effect,
    LockHeld,
    Refused,
    RemoteUnavailable,
    UnsafePlan,
)
from catalog_sync.core.model import Catalogue
from catalog_sync.core.plan import Plan, Selection
from catalog_sync.core.plandoc import PlanDocument
from catalog_sync.core.result import Event, Outcome, Result
from catalog_sync.core.sentence import Sentence
from catalog_sync.engine.execute import ready
from catalog_sync.engine.lifeboat import refuse_while_unrecovered
from catalog_sync.engine.reviewed import Reviewed
from catalog_sync.engine.session import Session, Wishes
from catalog_sync.engine.situation import Situation
from catalog_sync.engine.tools import Tools
from catalog_sync.engine.until import Pause, Rounds, later, pause, removals
from catalog_sync.planfile import document, timestamp
from catalog_sync.report.colour import Colour
from catalog_sync.report.result import event_line
from catalog_sync.report.text import plan_text
from catalog_sync.report.words import ENGLISH
from catalog_sync.wiring import app_of, provenance


@dataclass(frozen=True, slots=True)
class Manner:
    """How the user wants it carried out. `timeout` is seconds, None for no bound."""

    yes: bool
    fail_fast: bool
    until_done: bool
    timeout: float | None
    cover_hosts: frozenset[str]


@dataclass(frozen=True, slots=True)
class Job:
    """What is to be carried out, and where its events go. `saved` is a plan that was reviewed before: then nobody is
    asked."""

    catalogue: Catalogue
    selection: Selection
    manner: Manner
    events: TextIO | None
    saved: Reviewed | None = None


def run_rounds(given: Given, tools: Tools, signals: Signals, job: Job) -> tuple[str, Result]:
    """One round, or with `--until-done` as many as it takes; the lock is let go between them. Returns the id of the
    plan that was agreed to, and what all rounds did."""
    began = time.monotonic()
    made, pace, plan_id, rounds = _first_round(given, tools, signals, job)
    while job.manner.until_done and signals.halt.stop is None:
        now = tools.platform_now()
        wait = pause(made, rounds.results[-1], rounds, now, pace)
        if wait is None or not _sleep(given, tools, job.manner, wait, began) or signals.halt.stop is not None:
            break
        try:
            made = _later_round(given, tools, signals, job, rounds)
        except (CallError, LockHeld, RemoteUnavailable) as error:
            if _ends_the_run(error):
                given.console.say(Sentence("Stopped: {reason}", reason=_reason(error)))
                break
            told = "This round could not be made, and is tried again: {reason}"
            given.console.say(Sentence(told, reason=_reason(error)))
            rounds.idle += 1
        except CatalogSyncError as error:
            given.console.say(Sentence("Stopped: {reason}. {hint}", reason=error.message, hint=error.hint))
            break
    return plan_id, rounds.total


def _reason(error: CallError | LockHeld | RemoteUnavailable) -> str:
    """What kept a round from being made, as `str` has it."""
    if isinstance(error, CatalogSyncError):
        return error.message
    return Sentence("{call}: {reason}", call=error.call, reason=error.reason)


def _ends_the_run(error: Exception) -> bool:
    """Whether what kept a round from being made will keep all others, too."""
    return isinstance(error, Refused) and error.effect in (Effect.ACCOUNT, Effect.OFFLINE, Effect.TOKEN)


def _first_round(given: Given, tools: Tools, signals: Signals, job: Job) -> tuple[Plan, float, str, Rounds]:
    with session_of(given, tools, signals.halt, "apply") as session:
        if job.saved is not None:
            job.saved.check_unspent(tools.store)
        made = session.plan(job.catalogue, job.selection)
        plan_id = _agreed(given, job, made, session.situation)
        rounds = Rounds(removals(made), saved=job.saved)
        signals.gently = True
        wishes = rounds.wishes(made, fail_fast=job.manner.fail_fast)
        rounds.note(_carry_out(given, session, made, wishes, job.events), made.today)
        pace = session.situation.pace
    back_up(given, tools.store)
    return made, pace, plan_id, rounds


def _agreed(given: Given, job: Job, made: Plan, situation: Situation) -> str:
    """The id of the plan that is carried out: the one that was reviewed, or this one, shown and asked for."""
    if job.saved is not None:
        _refuse_hazards(made)
        job.saved.check_holds(made, situation.snapshot.lineage)
        shown = job.saved.plan
        told = "Applying the plan {id}, made by {actor} at {time}."
        given.console.say(Sentence(told, id=shown.plan_id, actor=shown.actor, time=shown.created_at))
        return shown.plan_id
    check_named(job.selection, situation)
    header = provenance(given.settings, app_of(given.settings, job.catalogue), situation.snapshot)
    shown = document(made, header)
    _show_and_ask(given, made, shown, yes=job.manner.yes)
    return shown.plan_id


def _later_round(given: Given, tools: Tools, signals: Signals, job: Job, rounds: Rounds) -> Plan:
    """A round that brings nothing that was not shown. Raises `UnsafePlan` when a guard says no."""
    refuse_while_unrecovered(tools.folder)
    signals.halt.lift()
    with session_of(given, tools, signals.halt, "apply") as session:
        made = session.plan(job.catalogue, later(job.selection))
        _refuse_hazards(made)
        wishes = rounds.wishes(made, fail_fast=job.manner.fail_fast)
        rounds.note(_carry_out(given, session, made, wishes, job.events), made.today)
    back_up(given, tools.store)
    return made


def _sleep(given: Given, tools: Tools, manner: Manner, wait: Pause, began: float) -> bool:
    """Wait, and say for what and until when. False when the time is up."""
    left = None if manner.timeout is None else manner.timeout - (time.monotonic() - began)
    if left is not None and left <= 0:
        given.console.say(Sentence("Stopped by --timeout; still waiting for {reason}.", reason=wait.why))
        return False
    seconds = wait.seconds if left is None else min(wait.seconds, left)
    told = "Waiting for {reason}; looking again at {time}."
    given.console.say(Sentence(told, reason=wait.why, time=timestamp(time.time() + seconds)))
    tools.clock.sleep(seconds)
    return True


def _show_and_ask(given: Given, made: Plan, shown: PlanDocument, *, yes: bool) -> None:
    """The plan is shown before anything is sent; a guard refuses it; a person may."""
    if given.console.format == "text":
        print_plan(given.console, shown)
    _refuse_hazards(made)
    if yes or not ready(made):
        return
    if given.console.format != "text":  # stdout is for the result: who is asked sees the plan on stderr
        given.console.say(plan_text(shown, Colour(), given.console.words))
    count = len(ready(made))
    question = "Apply this change?" if count == 1 else "Apply these {count} changes?"
    if not click.confirm(given.console.words.tell(question, count=count), err=True):
        given.console.say("Nothing was sent.")
        raise Exit(1)


def _refuse_hazards(made: Plan) -> None:
    for hazard in made.hazards:
        message = Sentence("{code}: {message}", code=hazard.code, message=hazard.message)
        raise UnsafePlan(message, hint=hazard.hint)


def _carry_out(given: Given, session: Session, made: Plan, wishes: Wishes, event_file: TextIO | None) -> Result:
    given.console.ended(0, len(ready(made)))
    with closing(session.apply(made, wishes)) as events:
        for event in events:
            event_file = _write_event(given, event_file, event)
            line = event_line(event, ENGLISH if speaks_json() else given.console.words)
            if line:
                applied = event.details["outcome"] == Outcome.APPLIED
                given.console.say(line, "info" if applied else "warning")
                given.console.ended(int(str(event.details["done"])), int(str(event.details["total"])))
    if session.result is None:
        raise ValueError("an apply that went to its end has a result")
    return session.result


def _write_event(given: Given, event_file: TextIO | None, event: Event) -> TextIO | None:
    """Write an event down; None once that cannot be done any more, which is said once and ends nothing."""
    if event_file is None:
        return None
    try:
        event_file.write(_event_json(event) + "\n")
        event_file.flush()
    except OSError:
        given.console.warn("--events cannot be written any more; the run goes on without.")
        return None
    return event_file


def _event_json(event: Event) -> str:
    told = {"time": timestamp(event.time), "type": event.type.value, "address": event.address, **event.details}
    return json.dumps(told, ensure_ascii=False)
