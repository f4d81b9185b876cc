"""The demo runs to its end, ends what it started, and shows a catalogue without a fault."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 300
"""Seconds for a whole demo on a machine that has better things to do."""


def environment() -> dict[str, str]:
    """This checkout's program, and no wish for or against colour."""
    kept = {name: value for name, value in os.environ.items() if name not in {"FORCE_COLOR", "NO_COLOR"}}
    path = os.pathsep.join(filter(None, (str(ROOT), kept.get("PYTHONPATH"))))
    return kept | {"PYTHONPATH": path}


def command(folder: Path, root: Path = ROOT) -> list[str]:
    """The demo, played in this folder."""
    return [sys.executable, str(root / "scripts" / "demo.py"), "--folder", str(folder)]


def played(folder: Path, root: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """The demo from its start to its end."""
    return subprocess.run(
        command(folder, root),
        cwd=root,
        env=environment(),
        capture_output=True,
        encoding="utf-8",
        timeout=PATIENCE,
        check=False,
    )


def check_nothing_runs(folder: Path) -> None:
    """Nobody listens at the emulator's port, and (where the system tells) no process stands in the folder."""
    log = (folder / "emulator.log").read_text(encoding="utf-8")
    port = re.search(r"listening on http://127\.0\.0\.1:(\d+)", log)
    assert port is not None
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", int(port[1]))) != 0
    assert processes_in(folder) == []


def processes_in(folder: Path) -> list[str]:
    """The processes whose working folder this is; none where the system has no /proc."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            place = (process / "cwd").readlink()
        except OSError:
            continue
        if place == folder:
            found.append(process.name)
    return found


def test_the_demo_shows_the_life_of_a_catalogue(tmp_path: Path) -> None:
    folder = tmp_path / "shop"
    demo = played(folder)
    assert demo.stderr == ""
    assert demo.returncode == 0
    assert "Plan: 14 to add" in demo.stdout
    assert "No changes. The platform matches the catalogue." in demo.stdout
    assert "\x1b" not in demo.stdout
    assert demo.stdout.splitlines()[-1].strip().startswith("catalog-sync init")
    assert "price: 238 " in (folder / "catalog.yaml").read_text(encoding="utf-8")
    assert (folder / ".catalog-sync" / "state.db").is_file()
    check_nothing_runs(folder)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_demo_and_all_that_it_started(tmp_path: Path, number: signal.Signals) -> None:
    folder = tmp_path / "shop"
    with subprocess.Popen(
        command(folder), env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8"
    ) as demo:
        assert demo.stdout is not None
        while "== 3. Plan ==" not in demo.stdout.readline():
            assert demo.poll() is None
        demo.send_signal(number)
        _rest, errors = demo.communicate(timeout=PATIENCE)
    assert demo.returncode == 128 + number
    assert "Stopped." in errors
    check_nothing_runs(folder)


def test_the_demo_says_what_went_wrong(tmp_path: Path) -> None:
    root = tmp_path / "checkout"
    for part in ("scripts", "examples", "covers"):
        shutil.copytree(ROOT / part, root / part)
    text = (ROOT / "catalog.example.yaml").read_text(encoding="utf-8")
    (root / "catalog.example.yaml").write_text(text.replace("price: 68 ", "price: -68 "), encoding="utf-8")
    demo = played(tmp_path / "shop", root)
    assert demo.returncode == 1
    assert "The demo failed in step 1: `catalog-sync validate` ended with exit code 1, not 0" in demo.stderr
    assert "goods.gaiwan-white.price" in demo.stdout
    check_nothing_runs(tmp_path / "shop")


def test_the_demo_leaves_a_folder_alone_that_is_not_its_own(tmp_path: Path) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text("Dear reader", encoding="utf-8")
    demo = played(tmp_path)
    assert demo.returncode == 1
    assert "files that are not the demo's" in demo.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_the_example_catalogue_has_no_errors_and_no_warnings() -> None:
    checked = subprocess.run(
        [sys.executable, "-m", "catalog_sync", "validate", "-f", "catalog.example.yaml", "--format", "json"],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        encoding="utf-8",
        timeout=PATIENCE,
        check=False,
    )
    assert checked.returncode == 0
    assert json.loads(checked.stdout)["diagnostics"] == []
    assert checked.stderr == ""


def test_each_example_picture_is_small_and_used() -> None:
    texts = [
        (ROOT / name).read_text(encoding="utf-8")
        for name in ("catalog.example.yaml", "examples/gifts.yaml", "examples/autumn.csv")
    ]
    pictures = sorted((ROOT / "covers").iterdir())
    assert len(pictures) == 12
    for picture in pictures:
        assert picture.stat().st_size < 6000
        assert any(f"covers/{picture.name}" in text for text in texts)
