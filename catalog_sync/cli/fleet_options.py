"""What the commands over many shops share: their options, and how they go through a fleet and tell of it."""

from __future__ import annotations

import signal
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

import click

from catalog_sync.cli.border import SIGINT_CODE, SIGTERM_CODE, SOMETHING_LEFT, Exit, leave_now
from catalog_sync.cli.options import Given, common
from catalog_sync.cli.signals import Signals
from catalog_sync.report.width import safe

if TYPE_CHECKING:
    from catalog_sync.fleet.file import Fleet
    from catalog_sync.fleet.running import Round
    from catalog_sync.fleet.target import Target
    from catalog_sync.fleet.told import FleetTold
    from catalog_sync.fleet.work import Work

F = TypeVar("F", bound=Callable[..., object])


def fleet_file(command: F) -> F:
    """The option that names the fleet's file."""
    return click.option(
        "--fleet", "path", metavar="PATH", envvar="CATALOG_SYNC_FLEET", default="fleet.yaml", show_default=True,
        type=click.Path(), help="The fleet's file.",
    )(command)  # fmt: skip


def over_shops(command: F) -> F:
    """The options of every command over a fleet."""
    for option in reversed(
        [
            fleet_file,
            click.option("--select", metavar="LABEL=VALUE", multiple=True, help="Only shops with this label."),
            click.option("--canary", metavar="NAME", help="This shop first and alone; when it fails, no other."),
            click.option("--max-parallel", metavar="N", type=click.IntRange(1, 64), default=4, show_default=True,
                         help="Shops side by side."),
            click.option("--max-failures", metavar="N", type=click.IntRange(1), help="Start no more after N failures."),
            common("text", "json", "markdown", "html", left_out=("file", "state", "lock_timeout")),
        ]
    ):  # fmt: skip
        command = option(command)
    return command


class Rounds:
    """One command over the shops that are meant."""

    def __init__(self, name: str, options: dict[str, object]) -> None:
        from catalog_sync.fleet.file import read_fleet  # noqa: PLC0415 - `--help` needs none of it
        from catalog_sync.fleet.halt import FleetHalt  # noqa: PLC0415
        from catalog_sync.fleet.running import Manner, selected  # noqa: PLC0415

        self.given = Given(options)
        self.name = name
        rest = self.given.rest
        canary = rest.pop("canary")
        most = rest.pop("max_failures")
        self.manner = Manner(
            None if canary is None else str(canary),
            int(str(rest.pop("max_parallel"))),
            None if most is None else int(str(most)),
        )
        self.fleet: Fleet = read_fleet(str(rest.pop("path")), self.given.settings.given_api_base)
        labels = rest.pop("select")
        self.targets = selected(self.fleet, labels if isinstance(labels, tuple) else (), self.manner.canary)
        self.halt = FleetHalt()

    def run(self, work: Callable[[Target], Work]) -> FleetTold:
        """Go through the shops; a signal ends it in order: what is under way ends, and is told."""
        from catalog_sync.fleet.running import Round  # noqa: PLC0415 - see above
        from catalog_sync.fleet.told import FleetTold  # noqa: PLC0415

        with Signals(self.halt) as signals:
            signals.gently = True
            round_ = Round(self.fleet, self.given.settings, self.manner, self.halt, self._speak)
            told = FleetTold(self.name, self.fleet.path, self.fleet.digest, round_.run(work, self.targets))
        if signals.caught:
            self._leave(told, signals.caught[0], round_)
        return told

    def _leave(self, told: FleetTold, caught: int, round_: Round) -> None:
        self.show(told)
        code = SIGINT_CODE if caught == signal.SIGINT else SIGTERM_CODE
        if round_.abandoned:
            leave_now(code)
        raise Exit(code)

    def _speak(self, name: str, sentence: str) -> None:
        self.given.console.say(f"{safe(name)}: {sentence}")

    def show(self, told: FleetTold) -> None:
        """The one report, in the format that was asked for."""
        from catalog_sync.fleet import report  # noqa: PLC0415 - see above

        console = self.given.console
        match console.format:
            case "json":
                console.document(report.fleet_document(told))
            case "markdown":
                console.exact(report.fleet_markdown(told))
            case "html":
                from catalog_sync.fleet.page import fleet_html  # noqa: PLC0415 - Jinja2 is slow to load

                console.exact(fleet_html(told))
            case _:
                console.result(report.fleet_text(told, console.colour))


def leave(told: FleetTold, *, detailed: bool) -> None:
    """Choose the exit code: 1 when a person must look at any shop."""
    counts = told.counts
    if counts["failed"] or counts["skipped"]:
        raise Exit(1)
    if detailed and counts["left"]:
        raise Exit(SOMETHING_LEFT)
