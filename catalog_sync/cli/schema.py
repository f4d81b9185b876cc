"""`schema`: the catalogue's JSON Schema, for editors."""

from __future__ import annotations

import click

from catalog_sync.catalogue.schema import catalogue_schema
from catalog_sync.cli.examples import examples
from catalog_sync.core.json_text import json_text
from catalog_sync.providers import PROVIDERS


@click.command("schema", epilog=examples("catalog-sync schema > catalog.schema.json"))
def command() -> None:
    """Print the JSON Schema (draft-07) of the catalogue, for editors that check and complete while you type.

    The line `# yaml-language-server: $schema=./catalog.schema.json` at the top of a catalogue names it to VS Code and
    others; a JetBrains editor maps it to the file under JSON Schema Mappings. `catalog-sync validate` finds more.
    """
    click.echo(json_text(catalogue_schema([each.section for each in PROVIDERS.values()])))
