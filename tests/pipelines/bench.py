"""What a pipeline finds on its runner: our program, and stand-ins for `gh`, `curl` and `pip`, which are not ours."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from catalog_sync.cli import COMMANDS
from catalog_sync.cli.state import command as state

ROOT = Path(__file__).resolve().parents[2]
APP = "wx0123456789abcdef"

MISSING = [
    *(f"state {name}" for name in ("pull", "push") if name not in getattr(state, "commands", {})),
    *(name for name in ("drift", "fmt") if name not in COMMANDS),
]
"""Commands that pipelines use and that this version does not have."""


class Ran(NamedTuple):
    """How a script ended, and all that it said."""

    code: int
    said: str


@contextmanager
def started(socket: Path) -> Iterator[Path]:
    """The process that our program is forked from (see `warm`); ends with the block."""
    command = [sys.executable, str(Path(__file__).with_name("warm.py")), str(socket)]
    with subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        assert process.stdout.readline() == b"ready\n"
        yield socket
        process.stdin.close()


def tools(folder: Path, program: Path, *stand_ins: str) -> Path:
    """A folder for PATH with our program, Python, and stand-ins that are scripts of this folder."""
    folder.mkdir()
    beside, python = Path(__file__).parent, f'exec "{sys.executable}"'
    lines = {
        "catalog-sync": f'{python} -I "{beside}/call.py" "{program}" "$@"',
        "python3": f'{python} "$@"',
        "pip": ":",
    }
    lines |= {name: f'{python} "{beside}/{name}.py" "$@"' for name in stand_ins}
    for name, line in lines.items():
        (folder / name).write_text(f"#!/bin/sh\n{line}\n", encoding="utf-8")
        (folder / name).chmod(0o755)
    return folder


def bash(script: str, folder: Path, path: Path, environment: Mapping[str, str]) -> Ran:
    """Run a script as a runner does, with nothing of this process's environment but where programs are."""
    base = {"PATH": f"{path}:{os.environ['PATH']}", "HOME": str(folder), "LC_ALL": "C.UTF-8"}
    ended = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
        cwd=folder,
        env={**base, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    return Ran(ended.returncode, ended.stdout)
