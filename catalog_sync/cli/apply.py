"""`apply`: plan, show, ask, and carry the plan out."""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TextIO

import click

from catalog_sync.cli.border import SIGINT_CODE, SIGTERM_CODE, Exit
from catalog_sync.cli.locking import session_of
from catalog_sync.cli.options import Given, common, selecting, selection
from catalog_sync.cli.planning import check_named, print_plan, show_warnings
from catalog_sync.core.errors import Failure, UnsafePlan, UsageError
from catalog_sync.core.plan import Plan
from catalog_sync.core.result import Event, Outcome, Result
from catalog_sync.engine.execute import ready
from catalog_sync.engine.halt import Halt
from catalog_sync.engine.session import Session, Wishes
from catalog_sync.planfile import Provenance, timestamp
from catalog_sync.report.result import event_line, result_document, result_text
from catalog_sync.wiring import app_of, load_whole, provenance, tools_of

SOMETHING_LEFT = 2

_INTERRUPTED = Failure("interrupted", "Not started: the run was told to stop.", "run apply again; it goes on from here")


@click.command("apply", epilog="Example: catalog-sync apply --yes --detailed-exitcode")
@click.option("-y", "--yes", "--auto-approve", "yes", is_flag=True, help="Do not ask. Switches no safety limit off.")
@click.option("--detailed-exitcode", is_flag=True, help="Exit 2 when something is left (reviews, quota, holds).")
@click.option("--events", metavar="FILE", type=click.Path(dir_okay=False), help="Write each event as a JSON line.")
@click.option("--fail-fast", is_flag=True, help="Start nothing more after the first failure.")
@click.option("--allow-cover-host", metavar="HOST", multiple=True, help="Fetch covers from this host of your network.")
@selecting
@common("text", "json")
def command(
    yes: bool,
    detailed_exitcode: bool,
    events: str | None,
    fail_fast: bool,
    allow_cover_host: tuple[str, ...],
    **options: object,
) -> None:
    """Make the platform match the catalogue: plan, show, ask, and carry it out.

    Every call is written down before it is sent. What fails or is interrupted is looked at by the next run; nothing is
    sent twice blindly. What the review or the quota does not allow today remains for a later run.
    """
    given = Given(options)
    wanted = selection(given.rest)
    if not yes and not sys.stdin.isatty():
        raise UsageError("apply asks before it changes anything, and nobody can answer here", hint="give --yes")
    loaded = load_whole(given.settings)
    assert loaded.catalogue is not None  # noqa: S101 - load_whole raises instead
    show_warnings(given.console, loaded.diagnostics)
    halt = Halt()
    hosts = frozenset(allow_cover_host)
    with (
        _signals(halt) as caught,
        _event_file(events) as event_file,
        tools_of(
            given.settings, loaded.catalogue, given.voice, write=True, stopped=halt.stopped, cover_hosts=hosts
        ) as tools,
    ):
        with session_of(given, tools, halt, "apply") as session:
            made = session.plan(loaded.catalogue, wanted)
            check_named(wanted, session.situation)
            header = provenance(given.settings, app_of(given.settings, loaded.catalogue), session.situation.snapshot)
            _show_and_ask(given, made, header, yes=yes)
            result = _carry_out(given, session, made, Wishes(fail_fast=fail_fast), event_file)
        tools.store.checkpoint_and_backup()
    _print_result(given, header, result)
    _exit(result, caught, detailed=detailed_exitcode)


@contextmanager
def _signals(halt: Halt) -> Iterator[list[int]]:
    """SIGINT and SIGTERM: nothing more is started; the calls under way end. The second one ends the process."""
    caught: list[int] = []

    def on_signal(number: int, _frame: FrameType | None) -> None:
        caught.append(number)
        halt.order(_INTERRUPTED)
        signal.signal(number, signal.SIG_DFL)

    before = {number: signal.signal(number, on_signal) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield caught
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _event_file(path: str | None) -> Iterator[TextIO | None]:
    if path is None:
        yield None
        return
    try:
        opened = Path(path).open("w", encoding="utf-8")  # noqa: SIM115 - it is closed below; only opening may fail
    except OSError:
        raise UsageError(f"--events cannot be written: {path}", hint="check the folder and its mode") from None
    with opened:
        yield opened


def _show_and_ask(given: Given, made: Plan, header: Provenance, *, yes: bool) -> None:
    """The plan is shown before anything is sent; a guard refuses it; a person may."""
    if not given.console.json:
        print_plan(given.console, made, header)
    if not made.applyable:
        hazard = made.hazards[0]
        raise UnsafePlan(f"{hazard.code}: {hazard.message}", hint=hazard.hint)
    if yes or not ready(made):
        return
    if not click.confirm(f"Apply these {len(ready(made))} changes?", err=True):
        given.console.say("Nothing was sent.")
        raise Exit(1)


def _carry_out(given: Given, session: Session, made: Plan, wishes: Wishes, event_file: TextIO | None) -> Result:
    for event in session.apply(made, wishes):
        if event_file is not None:
            event_file.write(_event_json(event) + "\n")
            event_file.flush()
        line = event_line(event)
        if line:
            given.console.say(line)
    if session.result is None:
        raise ValueError("an apply that went to its end has a result")
    return session.result


def _event_json(event: Event) -> str:
    told = {"time": timestamp(event.time), "type": event.type.value, "address": event.address, **event.details}
    return json.dumps(told, ensure_ascii=False)


def _print_result(given: Given, header: Provenance, result: Result) -> None:
    if given.console.json:
        given.console.document(result_document(result, header.plan_id, header.app))
    else:
        given.console.result(result_text(result, given.console.colour))


def _exit(result: Result, caught: list[int], *, detailed: bool) -> None:
    """Print first, then exit (contract section 3)."""
    if caught:
        raise Exit(SIGINT_CODE if caught[0] == signal.SIGINT else SIGTERM_CODE)
    if result.count(Outcome.FAILED) or result.count(Outcome.IN_DOUBT):
        raise Exit(1)
    if detailed and result.remaining:
        raise Exit(SOMETHING_LEFT)
