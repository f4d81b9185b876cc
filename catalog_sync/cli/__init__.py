"""The command line: one module a command; each parses, calls one function, prints and chooses the exit code."""

from __future__ import annotations

import gc
import importlib
import sys

import click
from click.shell_completion import CompletionItem

from catalog_sync import __version__

COMMANDS = {
    "init": "write a commented catalogue to start from",
    "validate": "check the catalogue; needs no secret and no network",
    "fmt": "format the catalogue; comments stay",
    "schema": "the catalogue's JSON Schema, for editors",
    "plan": "show what would change; changes nothing",
    "show": "print a saved plan",
    "apply": "make the platform match the catalogue",
    "status": "each item: review state, ids, what is left",
    "note": "keep what a person knows of an item",
    "drift": "what others changed on the platform since we last wrote",
    "dump": "the platform's library as a catalogue",
    "wait": "until no item is under review",
    "adopt": "bind goods that are on the platform already",
    "quota": "what may still be sent today",
    "history": "who wrote when, and what came of it",
    "state": "look at, repair and move what is known of the platform's ids",
    "lock": "who is writing to this shop now",
    "force-unlock": "take the lock away from a run that is dead",
    "doctor": "check file, state, secret, token, clock; say what to do",
    "fleet": "many shops: validate, plan, apply and status over all of them",
    "worker": "keep the shops of a fleet as their catalogues say, on any number of machines",
    "serve": "pages over the shops of a fleet, to look at",
    "metrics": "how shops stand, as numbers for Prometheus",
    "emulator": "the platform on 127.0.0.1, for trying and testing",
    "completion": "make the shell complete commands and options",
}


COLLECT_AFTER = 500_000
"""New objects after which Python looks for cycles."""


class Commands(click.Group):
    """Commands whose modules are imported when they are called: help and completion stay quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """The commands in the order in which a user meets them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command of a name; `import` is another name of `adopt`."""
        name = "adopt" if cmd_name == "import" else cmd_name
        if name not in COMMANDS:
            return None
        module = importlib.import_module(f"catalog_sync.cli.{name.replace('-', '_')}")
        command: click.Command = module.command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Name a near miss."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            raise click.UsageError(error.message + _near(args[0]), ctx) from None

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """What the shell may complete, without importing any command."""
        found = [CompletionItem(name, help=told) for name, told in COMMANDS.items() if name.startswith(incomplete)]
        return found or super().shell_complete(ctx, incomplete)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """One line a command, without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


def _near(name: str) -> str:
    from difflib import get_close_matches  # noqa: PLC0415 - only a mistake needs it

    near = get_close_matches(name, COMMANDS, n=1)
    return f" Did you mean '{near[0]}'?" if near else ""


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Start with `catalog-sync init`, then `catalog-sync plan`. `catalog-sync COMMAND --help` has an example.",
)
@click.version_option(__version__, prog_name="catalog-sync")
def catalog_sync() -> None:
    """GitOps for WeChat live-room goods: a YAML catalogue says what should be, `plan` shows what would change within
    the platform's review rules and quotas, `apply` does it and loses nothing."""


def main() -> None:
    """Run the command line; ends the process with the exit code of contract section 3."""
    from catalog_sync.cli.border import run  # noqa: PLC0415 - `--help` needs none of it

    # A plan holds millions of values and makes next to no cycles: at Python's own threshold of 700 the collector walks
    # them again and again, for nothing.
    gc.set_threshold(COLLECT_AFTER)
    sys.exit(run(catalog_sync, sys.argv[1:]))
