"""What deploys it: its commands parse, its forms are right, and what one file names another has."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest
from ruamel.yaml import YAML

from catalog_sync.cli import catalog_sync

TOP = Path(__file__).parents[2]
DEPLOY = TOP / "deploy"


def compose() -> dict[str, dict[str, dict[str, list[str]]]]:
    told: dict[str, dict[str, dict[str, list[str]]]] = YAML(typ="safe").load(DEPLOY / "compose.yaml")
    return told


def commands() -> list[list[str]]:
    """Every command line of ours."""
    unit = (DEPLOY / "catalog-sync.service").read_text(encoding="utf-8")
    lines = re.findall(r"^Exec\w+=-?/opt/catalog-sync/bin/catalog-sync (.+)$", unit, re.MULTILINE)
    services = compose()["services"].values()
    return [*map(shlex.split, lines), *(each["command"] for each in services if "command" in each)]


def test_the_commands_are_commands() -> None:
    found = commands()
    assert [words[0] for words in found] == ["apply", "metrics", "worker", "worker", "serve"]
    context = click.Context(catalog_sync)
    for name, *words in found:
        command = catalog_sync.get_command(context, name)
        assert command is not None
        assert command.make_context(name, words).args == []


def test_one_worker_measures() -> None:
    """Each that has the port looks at all shops, again and again."""
    assert [words.count("--metrics-port") for words in commands() if words[0] == "worker"] == [0, 1]


def test_compose_is_compose() -> None:
    words = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec"]
    done = subprocess.run([*words, str(DEPLOY / "compose.yaml")], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "ok -- validation done\n")


def test_the_unit_names_what_is_installed() -> None:
    unit = (DEPLOY / "catalog-sync.service").read_text(encoding="utf-8")
    assert {*re.findall(r"/opt/\S+", unit)} == {"/opt/catalog-sync/bin/catalog-sync"}


def test_the_units_are_units(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("no systemd-analyze here")
    for unit in ("catalog-sync.service", "catalog-sync.timer"):
        text = (DEPLOY / unit).read_text(encoding="utf-8")
        (tmp_path / unit).write_text(re.sub(r"/opt/catalog-sync/bin/catalog-sync", "/bin/true", text), encoding="utf-8")
    words = ["systemd-analyze", "verify", "--man=no", "--recursive-errors=no"]
    done = subprocess.run([*words, *map(str, tmp_path.iterdir())], capture_output=True, text=True, check=False)
    assert (done.returncode, [line for line in done.stderr.splitlines() if "catalog-sync" in line]) == (0, [])


def test_the_image_has_what_it_copies() -> None:
    text = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    copied = {name for line in re.findall(r"^COPY (?!--from)(.+) \S+$", text, re.MULTILINE) for name in line.split()}
    ignored = (DEPLOY / "Dockerfile.dockerignore").read_text(encoding="utf-8")
    assert copied == set(re.findall(r"^!(.+)$", ignored, re.MULTILINE))
    assert all((TOP / name).exists() for name in copied)
    assert "\nUSER 10001:10001\n" in text
