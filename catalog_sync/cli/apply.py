"""`apply`: plan, show, ask, and carry the plan out."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

import click

from catalog_sync.cli.border import SIGINT_CODE, SIGTERM_CODE, SOMETHING_LEFT, Exit, leave_now
from catalog_sync.cli.console import Console, is_terminal
from catalog_sync.cli.examples import examples
from catalog_sync.cli.options import Given, common, selecting, selection
from catalog_sync.cli.planning import show_warnings
from catalog_sync.cli.rounds import Job, Manner, run_rounds
from catalog_sync.cli.signals import Signals
from catalog_sync.core.errors import AuthFailed, StateUnreadable, UsageError
from catalog_sync.core.plan import Selection
from catalog_sync.core.result import Outcome, Result
from catalog_sync.engine.execute import ABANDONED
from catalog_sync.engine.halt import Halt
from catalog_sync.engine.keeper import LEASE_LOST
from catalog_sync.engine.lifeboat import refuse_while_unrecovered
from catalog_sync.engine.reviewed import Reviewed
from catalog_sync.report.result import result_document, result_text
from catalog_sync.wiring import app_of, duration, load_whole, tools_of

_BREAKS_OFF = frozenset({LEASE_LOST.code, StateUnreadable.code, AuthFailed.code})
"""What ends a run before its end, although no item failed of it."""


@click.command(
    "apply",
    epilog=examples(
        "catalog-sync apply --yes --detailed-exitcode",
        "catalog-sync apply --yes --target goods.tit-cup --events events.jsonl",
    ),
)
@click.argument("plan_file", metavar="[FILE]", required=False, type=click.Path())
@click.option("-y", "--yes", "--auto-approve", "yes", is_flag=True, help="Do not ask. Switches no safety limit off.")
@click.option("--detailed-exitcode", is_flag=True, help="Exit 2 when something is left (reviews, quota, holds).")
@click.option("--events", metavar="FILE", type=click.Path(dir_okay=False), help="Write each event as a JSON line.")
@click.option("--fail-fast", is_flag=True, help="Start nothing more after the first failure.")
@click.option("--exact", is_flag=True, help="With FILE: refuse it when anything at all would be planned otherwise.")
@click.option("--until-done", is_flag=True, help="Keep going over days: wait for quota and reviews, then go on.")
@click.option("--timeout", metavar="DURATION", help="With --until-done: stop after this long.")
@click.option("--allow-cover-host", metavar="HOST", multiple=True, help="Fetch covers from this host of your network.")
@selecting
@common("text", "json", "markdown")
def command(plan_file: str | None, detailed_exitcode: bool, events: str | None, exact: bool, **options: object) -> None:
    """Make the platform match the catalogue: plan, show, ask, and carry it out.

    With FILE, a plan that `plan --out FILE` saved and somebody reviewed: nobody is asked. It is planned again, and of
    the changes in FILE those are carried out that are still the same; no others. A plan can be applied once.

    Every call is written down before it is sent. What fails or is interrupted is looked at by the next run; nothing is
    sent twice blindly. What the review or the quota does not allow today remains for a later run.
    """
    given = Given(options)
    saved = _saved(plan_file, exact=exact)
    wanted = _selection(given.rest, saved)
    manner = _manner(given.rest, asks=saved is None)
    catalogue, warnings = load_whole(given.settings)
    show_warnings(given.console, warnings)
    app = app_of(given.settings, catalogue)
    if saved is not None:
        saved.check_origin(app, catalogue)
    halt = Halt()
    with (
        Signals(halt) as signals,
        _event_file(events) as event_file,
        tools_of(
            given.settings,
            catalogue,
            given.voice,
            write=True,
            stopped=halt.stopped,
            cover_hosts=manner.cover_hosts,
        ) as tools,
    ):
        refuse_while_unrecovered(tools.folder)
        plan_id, result = run_rounds(given, tools, signals, Job(catalogue, wanted, manner, event_file, saved))
    _print_result(given.console, result, plan_id, app)
    _exit(result, signals.caught, detailed=detailed_exitcode)


def _print_result(console: Console, result: Result, plan_id: str, app: str) -> None:
    match console.format:
        case "json":
            console.document(result_document(result, plan_id, app))
        case "markdown":
            from catalog_sync.report.markdown_result import result_markdown  # noqa: PLC0415 - only this format needs it

            console.exact(result_markdown(result, console.words))
        case _:
            console.result(result_text(result, console.colour, console.words))


def _saved(plan_file: str | None, *, exact: bool) -> Reviewed | None:
    """The plan that was saved in a file. Raises `PlanInvalid`."""
    if plan_file is None:
        if exact:
            raise UsageError("--exact goes with a saved plan", hint="catalog-sync apply FILE --exact")
        return None
    from catalog_sync.planfile.reading import load  # noqa: PLC0415 - only a saved plan is read

    return Reviewed.of(load(Path(plan_file)), exact=exact)


def _selection(options: dict[str, object], saved: Reviewed | None) -> Selection:
    """What this run takes up: as the flags say, or as the saved plan was made."""
    wanted = selection(options)
    if saved is None:
        return wanted
    if wanted != Selection():
        raise UsageError("a saved plan has its selection in it", hint="give --target and the like to `plan --out FILE`")
    from catalog_sync.planfile.reading import selection_of  # noqa: PLC0415 - only a saved plan is read

    return selection_of(saved.plan.selection)


def _manner(options: dict[str, object], *, asks: bool) -> Manner:
    """How the user wants it carried out. Raises `UsageError` where a question could not be answered."""
    yes, timeout = bool(options.pop("yes")), options.pop("timeout")
    if asks and not yes and not is_terminal(sys.stdin):
        raise UsageError("apply asks before it changes anything, and nobody can answer here", hint="give --yes")
    until_done = bool(options.pop("until_done"))
    if timeout is not None and not until_done:
        raise UsageError("--timeout goes with --until-done")
    hosts = options.pop("allow_cover_host")
    return Manner(
        yes=yes,
        fail_fast=bool(options.pop("fail_fast")),
        until_done=until_done,
        timeout=None if timeout is None else duration("--timeout", str(timeout)),
        cover_hosts=frozenset(hosts) if isinstance(hosts, tuple) else frozenset(),
    )


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


def _exit(result: Result, caught: list[int], *, detailed: bool) -> None:
    """Print first, then exit (contract section 3)."""
    errors = [each.error for each in result.results if each.error is not None]
    if caught:
        code = SIGINT_CODE if caught[0] == signal.SIGINT else SIGTERM_CODE
        if ABANDONED in errors:
            leave_now(code)
        raise Exit(code)
    broken_off = any(error.code in _BREAKS_OFF for error in errors)
    if broken_off or result.count(Outcome.FAILED) or result.count(Outcome.IN_DOUBT):
        raise Exit(1)
    if detailed and result.remaining:
        raise Exit(SOMETHING_LEFT)
