"""`completion`: commands and options at the press of a key."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from catalog_sync.cli.examples import examples

PROGRAM = "catalog-sync"

VARIABLE = "_CATALOG_SYNC_COMPLETE"
"""Where click looks for what the shell asks; it is made of the program's name."""


@click.command(
    "completion",
    epilog=examples(
        "catalog-sync completion bash >> ~/.bashrc",
        "catalog-sync completion fish > ~/.config/fish/completions/catalog-sync.fish",
    ),
)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def command(context: click.Context, shell: str) -> None:
    """Print the lines that make SHELL complete commands and options.

    bash and zsh: append them to ~/.bashrc or ~/.zshrc; fish: write them to
    ~/.config/fish/completions/catalog-sync.fish. They hold for the next shell.
    """
    completion = get_completion_class(shell)
    if completion is None:
        raise ValueError(f"click knows no {shell}")
    click.echo(completion(context.find_root().command, {}, PROGRAM, VARIABLE).source())
