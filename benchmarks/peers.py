"""The others, each in an environment of its own, with the same goods in its own form."""

from __future__ import annotations

import copy
import json
import shutil
import subprocess
import sys
import venv
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from benchmarks import goods
from benchmarks.goods import Goods
from benchmarks.measuring import Failed, Side, clean_environment

PEERS = Path(".venv-peers")
"""Beside our own environment; `make clean` removes it."""

PACKAGES = ("octodns==1.22.0", "PyYAML==6.0.3")

TERRAFORM_APPLIES = 1000
"""A real apply of so many makes the state; larger states repeat what it wrote."""

BARE_EVENTS = """
import sys
from _ruamel_yaml import CParser
from ruamel.yaml.events import StreamEndEvent
parser = CParser(open(sys.argv[1], "rb"))
while type(parser.get_event()) is not StreamEndEvent:
    pass
"""

CSAFELOADER = """
import sys, yaml
yaml.load(open(sys.argv[1], "rb"), yaml.CSafeLoader)
"""


def bare_events(catalogue: Path) -> Side:
    """The C parser's events over the same file, and nothing made of them: no reader of this format can be faster."""
    return Side("events", [sys.executable, "-c", BARE_EVENTS, str(catalogue)], catalogue.parent)


def csafeloader(catalogue: Path) -> Side:
    """PyYAML with its C parser, over the same file. Raises Failed where it cannot be installed."""
    return Side("CSafeLoader", [str(_peer("python")), "-c", CSAFELOADER, str(catalogue)], catalogue.parent)


@cache
def _peer(program: str) -> Path:
    """A program of the peers' environment, which is made when it is first asked for."""
    home = PEERS.absolute()
    if not (home / ".installed").exists():
        print("Installing octoDNS and PyYAML into an environment of their own (once)", flush=True)
        venv.create(home, with_pip=True, clear=True)
        pip = [str(home / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        if subprocess.run([*pip, *PACKAGES], check=False).returncode:
            raise Failed("octoDNS and PyYAML could not be installed")
        (home / ".installed").touch()
    return home / "bin" / program


def peer_versions() -> dict[str, str]:
    """What is measured beside us."""
    return {"packages": ", ".join(PACKAGES), "terraform": _terraform_version() or "not there"}


@cache
def _terraform_version() -> str:
    if shutil.which("terraform") is None:
        return ""
    told = subprocess.run(["terraform", "version", "-json"], capture_output=True, text=True, check=False).stdout
    return str(json.loads(told)["terraform_version"]) if told.startswith("{") else "unknown"


def octodns(folder: Path, count: int, seed: int) -> Side:
    """One zone, a record for each item, from YAML to YAML; the target has what was sent. Raises Failed."""
    for name, changed in (("source", True), ("target", False)):
        (folder / name).mkdir(parents=True)
        _write_zone(folder / name / "example.com.yaml", goods.many(count, seed, changed=changed))
    provider = "class: octodns.provider.yaml.YamlProvider\n    enforce_order: false\n    directory: ./"
    (folder / "config.yaml").write_text(
        f"providers:\n  source:\n    {provider}source\n  target:\n    {provider}target\n"
        "zones:\n  example.com.:\n    sources: [source]\n    targets: [target]\n",
        "utf-8",
    )
    return Side("octoDNS", [str(_peer("octodns-sync")), "--config-file", "config.yaml", "--force"], folder)


def _write_zone(path: Path, records: Iterable[Goods]) -> None:
    """As much text as the catalogue has; names are ASCII, which is all that a TXT record takes."""
    with path.open("w", encoding="utf-8") as file:
        for each in records:
            values = [text for name, text in each.fields if name != "name"]
            file.write(f"{each.key}:\n  ttl: 3600\n  type: TXT\n  values:\n")
            file.writelines(f"  - {name}\n" for name in (each.key.upper(), *values[:2]))
            file.write(f"  - prices {' '.join(values[2:])}\n")


def terraform(folder: Path, count: int, seed: int, command: str) -> Side:
    """`plan` or `validate` of one terraform_data block an item. Raises Failed where there is no terraform."""
    if not _terraform_version():
        raise Failed("there is no terraform on the PATH")
    folder.mkdir(parents=True)
    if command == "plan":
        _write_state(folder, count, seed)
    _write_blocks(folder / "main.tf", count, seed, changed=True)
    _terraform(folder, "init")
    options = ["-input=false", "-no-color"] if command == "plan" else ["-no-color"]
    return Side(f"terraform {command}", ["terraform", command, *options], folder)


def _terraform(folder: Path, *command: str) -> None:
    done = subprocess.run(
        ["terraform", *command], cwd=folder, capture_output=True, text=True, check=False, env=clean_environment()
    )
    if done.returncode:
        raise Failed(f"terraform {command[0]} ended with {done.returncode}: {done.stderr[-500:]}")


def _write_blocks(path: Path, count: int, seed: int, *, changed: bool) -> None:
    with path.open("w", encoding="utf-8") as file:
        for each in goods.many(count, seed, changed=changed):
            fields = "".join(f"    {name} = {json.dumps(text, ensure_ascii=False)}\n" for name, text in each.fields)
            file.write(f'resource "terraform_data" "{each.key}" {{\n  input = {{\n{fields}  }}\n}}\n\n')


def _write_state(folder: Path, count: int, seed: int) -> None:
    """A real apply of the first thousand; what more there is repeats the form of what that wrote."""
    applied = min(count, TERRAFORM_APPLIES)
    _write_blocks(folder / "main.tf", applied, seed, changed=False)
    _terraform(folder, "init")
    _terraform(folder, "apply", "-auto-approve", "-input=false")
    path = folder / "terraform.tfstate"
    state: dict[str, Any] = json.loads(path.read_text("utf-8"))
    like = {len(each["instances"][0]["attributes"]["input"]["value"]): each for each in state["resources"]}
    state["resources"] += [
        _resource(like, goods.make(number, seed, changed=False), number) for number in range(applied, count)
    ]
    path.write_text(json.dumps(state), "utf-8")


def _resource(like: dict[int, dict[str, Any]], each: Goods, number: int) -> dict[str, Any]:
    fields = dict(each.fields)
    resource = copy.deepcopy(like[len(fields)])
    attributes = resource["instances"][0]["attributes"]
    attributes["id"] = f"00000000-0000-4000-8000-{number:012d}"
    attributes["input"]["value"] = attributes["output"]["value"] = fields
    return {**resource, "name": each.key}
