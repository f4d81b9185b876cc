"""`completion`: what a shell really completes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from catalog_sync.cli import COMMANDS
from tests.cli.conftest import Command

ASK = """
eval "$(catalog-sync completion bash)"
ask() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=(); _catalog_sync_completion catalog-sync
        echo "${COMPREPLY[@]}"; }
ask catalog-sync ''
ask catalog-sync sta
ask catalog-sync state pu
ask catalog-sync status --fa
ask catalog-sync status --format j
"""


def test_bash_completes_commands_options_and_choices(tmp_path: Path) -> None:
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    done = subprocess.run(
        ["bash", "-c", ASK], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.splitlines() == [" ".join(COMMANDS), "status state", "pull push", "--fail-on", "json"]
    assert done.stderr == ""


@pytest.mark.parametrize(("shell", "first"), [("bash", "_catalog_sync_completion()"), ("zsh", "#compdef catalog-sync"),
                                              ("fish", "function _catalog_sync_completion;")])  # fmt: skip
def test_each_shell_gets_its_lines(command: Command, shell: str, first: str) -> None:
    ended = command("completion", shell)
    assert (ended.code, ended.err, ended.out.strip().startswith(first)) == (0, "", True)


def test_another_shell(command: Command) -> None:
    ended = command("completion", "tcsh", "--format", "json")
    assert (ended.code, ended.document["error"]["code"]) == (1, "usage")


def test_without_a_shell_the_error_names_them_on_one_line(command: Command) -> None:
    expected = "Error: Missing argument '{bash|zsh|fish}'. Choose from: bash, zsh, fish"
    hint = "Hint: `catalog-sync completion --help` has an example"
    assert command("completion") == (1, "", f"{expected}\n{hint}\n")
