"""`fleet`: the commands of one shop, over many."""

from __future__ import annotations

import sys
from functools import partial
from typing import TYPE_CHECKING

import click

from catalog_sync.cli.border import Exit
from catalog_sync.cli.console import is_terminal
from catalog_sync.cli.examples import examples
from catalog_sync.cli.failing import error_document, tell_error
from catalog_sync.cli.fleet_options import Rounds, leave, over_shops
from catalog_sync.core.errors import UsageError
from catalog_sync.core.sentence import Sentence

if TYPE_CHECKING:
    from catalog_sync.fleet.told import FleetTold

_detailed = click.option("--detailed-exitcode", is_flag=True, help="Exit 2 when something is left in any shop.")


@click.group("fleet", epilog=examples("catalog-sync fleet validate", "catalog-sync fleet plan --select region=south"))
def command() -> None:
    """Many shops, listed in fleet.yaml: each is done as if it were the only one, and one that fails stops no other."""


@command.command("validate", epilog=examples("catalog-sync fleet validate"))
@over_shops
def validate(**options: object) -> None:
    """Check the fleet's file and the catalogue of every shop; needs no secret and no network."""
    from catalog_sync.fleet import work  # noqa: PLC0415 - `--help` needs none of it

    rounds = Rounds("validate", options)
    told = rounds.run(lambda _target: work.validate)
    rounds.show(told)
    leave(told, detailed=False)


@command.command("plan", epilog=examples("catalog-sync fleet plan --select region=south --format json"))
@_detailed
@over_shops
def plan(detailed_exitcode: bool, **options: object) -> None:
    """Show for every shop what would change; changes nothing."""
    from catalog_sync.fleet import work  # noqa: PLC0415 - see above

    rounds = Rounds("plan", options)
    told = rounds.run(lambda _target: work.plan_shop)
    rounds.show(told)
    leave(told, detailed=detailed_exitcode)


@command.command("status", epilog=examples("catalog-sync fleet status"))
@over_shops
def status(**options: object) -> None:
    """How every shop stands: what is approved, under review, rejected or held, and who wrote last."""
    from catalog_sync.fleet import work  # noqa: PLC0415 - see above

    rounds = Rounds("status", options)
    told = rounds.run(lambda _target: work.status)
    rounds.show(told)
    leave(told, detailed=False)


@command.command(
    "apply",
    epilog=examples("catalog-sync fleet apply --yes --canary north --max-failures 3"),
)
@click.option("-y", "--yes", "--auto-approve", "yes", is_flag=True, help="Do not ask. Switches no safety limit off.")
@click.option("--queue", is_flag=True, help="Let workers do it: queue one job a shop, and end.")
@_detailed
@over_shops
def apply(yes: bool, queue: bool, detailed_exitcode: bool, **options: object) -> None:
    """Make the platform match the catalogue of every shop: plan, show, ask, carry out.

    Nothing goes beyond the limits of a shop's policy: a plan that a guard refuses is told, and left for a person. With
    --canary one shop is done first, and the others only when that went well.
    """
    from catalog_sync.fleet import work  # noqa: PLC0415 - see above

    if not (yes or queue or is_terminal(sys.stdin)):
        raise UsageError("apply asks before it changes anything, and nobody can answer here", hint="give --yes")
    if queue and not (options["canary"] is None and options["max_failures"] is None):
        raise UsageError(
            "--queue goes with neither --canary nor --max-failures: workers do each shop by itself",
            hint="do the canary first: `catalog-sync fleet apply --canary NAME` without --queue",
        )
    rounds = Rounds("apply", options)
    if queue:
        _queue(rounds)
        return
    agreed = None if yes else _agreed(rounds)
    told = rounds.run(lambda target: partial(work.apply, agreed=None if agreed is None else agreed[target.position]))
    rounds.show(told)
    leave(told, detailed=detailed_exitcode)


def _agreed(rounds: Rounds) -> dict[int, frozenset[str]]:
    """What a person who saw the plans of all shops agreed to, by shop: nothing else is done."""
    from catalog_sync.fleet import work  # noqa: PLC0415 - see above
    from catalog_sync.fleet.report import fleet_text  # noqa: PLC0415
    from catalog_sync.report.colour import Colour  # noqa: PLC0415

    shown: FleetTold = rounds.run(lambda _target: work.plan_shop)
    rounds.given.console.say(fleet_text(shown, Colour()))
    ready = sum(each.ready for each in shown.targets)
    if ready and not click.confirm(f"Apply changes: {ready}?", err=True):
        rounds.given.console.say("Nothing was sent.")
        raise Exit(1)
    return {target.position: each.digests for target, each in zip(rounds.targets, shown.targets, strict=True)}


def _queue(rounds: Rounds) -> None:
    """Queue what can be queued; a shop that the fleet's file is wrong about is told, and stops no other."""
    from catalog_sync.fleet.queue import queue_shops  # noqa: PLC0415 - an extra, and slow
    from catalog_sync.fleet.target import FleetInvalid  # noqa: PLC0415

    console = rounds.given.console
    wrong = [diagnostic for target in rounds.targets for diagnostic in target.diagnostics]
    good = [target for target in rounds.targets if not target.diagnostics]
    queued, before, refused = queue_shops(rounds.fleet, rounds.given.settings, good)
    error = FleetInvalid(tuple(wrong)) if wrong else None
    if console.json:
        document = {"format_version": "1.0", "command": "apply", "queued": queued, "queued_before": before}
        document["refused"] = [str(each.message) for each in refused]
        console.document(document | (error_document(error) if error else {}))
    else:
        told = Sentence("Queued: {queued} · Queued before: {before}", queued=len(queued), before=len(before))
        console.result(console.words.say(told))
    for each in [*refused, *([error] if error else [])]:
        if not console.json:
            tell_error(each)
    if error or refused:
        raise Exit(1)
