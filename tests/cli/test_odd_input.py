"""Odd input and output: empty flags, foreign files, streams that are closed or full, bytes that are no text."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from catalog_sync.core.ports import Holder
from catalog_sync.state.opening import open_state
from tests.cli.conftest import APP, CATALOGUE, Command, Platform

IN_MEMORY = (
    "Error: a state in memory ends with the command, and all ids with it\n"
    "Hint: name a file, such as sqlite:///.catalog-sync/state.db\n"
)


def shell(line: str) -> subprocess.CompletedProcess[bytes]:
    """A command line in a shell of its own, `catalog-sync` standing for the program."""
    python = f'"{sys.executable}" -m catalog_sync'
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.run(
        ["sh", "-c", line.replace("catalog-sync", python)],
        env=environment,
        capture_output=True,
        timeout=60,
        check=False,
    )


def state_of(folder: Path) -> str:
    return f"sqlite:///{folder}/.catalog-sync/state.db"


@pytest.mark.parametrize("words", [("apply", "--yes"), ("adopt", "--match"), ("state", "rm", "goods.a")], ids=" ".join)
def test_a_state_that_would_end_with_the_command_is_written_nothing(
    command: Command, platform: Platform, words: tuple[str, ...]
) -> None:
    for url in ("sqlite://", "sqlite:///:memory:"):
        assert command(*words, "--state", url) == (1, "", IN_MEMORY)
    no_file = command(*words, "--state", "sqlite:///")
    assert (no_file.code, no_file.err.splitlines()[0]) == (1, "Error: the state's URL names no file")


@pytest.mark.parametrize("flag", ["--file", "--state", "--api-base", "--parallelism", "--actor"])
def test_an_empty_flag(command: Command, flag: str) -> None:
    assert command("plan", flag, "") == (1, "", f"Error: {flag} is empty\nHint: leave it out for the default\n")


def test_a_foreign_file_keeps_its_mode_and_its_bytes(command: Command, folder: Path) -> None:
    text, other = folder / "notes.txt", folder / "other.db"
    text.write_text("not a database, but long enough to be looked at " * 50, encoding="utf-8")
    with sqlite3.connect(other) as database:
        database.execute("CREATE TABLE mine (a)")
    database.close()
    for path, words in ((text, "this is not a state file"), (other, "this database belongs to another program")):
        path.chmod(0o644)
        before = path.read_bytes()
        ended = command("apply", "--yes", "--state", f"sqlite:///{path}")
        assert (ended.code, ended.err.splitlines()[0]) == (1, f"Error: {path}: {words}")
        assert (path.stat().st_mode & 0o777, path.read_bytes()) == (0o644, before)
    os.mkfifo(folder / "pipe")
    ended = command("plan", "--state", f"sqlite:///{folder}/pipe")
    assert ended.err.splitlines()[0] == f"Error: {folder}/pipe: this is a device or a pipe, not a state file"


@pytest.mark.parametrize("words", ["plan", "plan --format json", "validate", "state list", "--help", "apply --yes"])
def test_an_output_without_room(command: Command, words: str) -> None:
    done = shell(f"catalog-sync {words} > /dev/full 2> err; code=$?; tail -n 1 err; exit $code")
    assert (done.returncode, done.stdout) == (1, b"Error: the output cannot be written (no space left on device)\n")
    assert b"Traceback" not in Path("err").read_bytes()


def test_messages_that_nobody_can_hear_end_nothing(command: Command) -> None:
    assert shell("catalog-sync apply --yes 2> /dev/full").returncode == 0
    assert shell("catalog-sync plan --bogus 2> /dev/full").returncode == 1


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("plan >&-", 0), ("plan 2>&-", 0), ("plan <&- >&- 2>&-", 0), ("apply <&-", 1), ("apply --yes <&- 2>&-", 0),
        ("plan --bogus 2>&-", 1), ("plan -vv 2>&-", 0),
    ],
)  # fmt: skip
def test_streams_that_are_closed(command: Command, line: str, code: int) -> None:
    done = shell(f"catalog-sync {line}")
    assert (done.returncode, b"Traceback" in done.stdout + done.stderr) == (code, False)


def test_bytes_that_are_no_text(command: Command, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CATALOG_SYNC_SECRET", "CATALOG_SYNC_APPID"):
        with monkeypatch.context() as patch:
            patch.setenv(name, os.fsdecode(b"hidden\xff"))
            assert command("apply", "--yes") == (
                1, "", f"Error: {name} holds bytes that are no UTF-8\nHint: set it again, without them\n",
            )  # fmt: skip
    done = shell("catalog-sync plan --format json --target \"$(printf 'goods.\\377')\"")
    assert (done.returncode, done.stderr) == (1, b"")
    assert b'"message": "there is no goods.\\udcff in the catalogue or the state"' in done.stdout


WRONG = {
    "a wrong value": CATALOGUE.replace("99.50", "0"),
    "a syntax error behind it": f"{CATALOGUE}\n]: [",
    "a section that is not read": f"app: {APP}\nnothing: here\n",
}


@pytest.mark.parametrize("text", WRONG.values(), ids=WRONG.keys())
def test_what_needs_the_appid_alone_works_with_a_wrong_catalogue(command: Command, folder: Path, text: str) -> None:
    command("apply", "--yes")
    (folder / "catalog.yaml").write_text(text, encoding="utf-8")
    assert command("plan").code == 1
    assert command("lock", "list") == (0, "Nobody holds the lock.\n", "")
    assert command("force-unlock", "x").err.splitlines()[0] == "Error: no lock 'x' is held"
    assert command("state", "mv", "goods.tit-cup", "goods.cup") == (0, "goods.tit-cup is goods.cup now.\n", "")
    assert command("state", "show", "goods.cup").code == 0
    assert command("state", "rm", "goods.cup").code == 0
    assert [each["address"] for each in command("state", "list", "--format", "json").document["bindings"]] == [
        "goods.tea-set"
    ]


def test_what_needs_the_appid_alone_without_a_catalogue(
    command: Command, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for text in (None, "goods: {}\n", "app: nonsense\n", "]: ["):
        if text is None:
            (folder / "catalog.yaml").unlink()
        else:
            (folder / "catalog.yaml").write_text(text, encoding="utf-8")
        assert command("lock", "list") == (
            1,
            "",
            (
                "Error: which app? The catalogue has no app:, and CATALOG_SYNC_APPID is not set\n"
                "Hint: set CATALOG_SYNC_APPID, or put app: at the top of the catalogue\n"
            ),
        )
    monkeypatch.setenv("CATALOG_SYNC_APPID", APP)
    assert command("lock", "list").code == 0
    (folder / "catalog.yaml").write_text("app: wxffffffffffffffff\ngoods: {}\n]: [", encoding="utf-8")
    assert command("lock", "list").err.splitlines()[0] == (
        f"Error: CATALOG_SYNC_APPID ({APP}) is not the catalogue's app (wxffffffffffffffff)"
    )


def test_what_others_wrote_commands_neither_the_terminal_nor_the_ci(
    command: Command, folder: Path, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    command("plan")
    with open_state(state_of(folder), origin=platform.url, app=APP) as store:
        who = Holder("ops\x1b[2J\n ::error::gone ##[add-mask]a", "build-7", 4711, "catalog-sync apply")
        lease = store.acquire(who, time.time())
        monkeypatch.setenv("GITHUB_ACTIONS", "true")
        ended = command("state", "rm", "goods.a", "--lock-timeout", "1s")
        listed = command("lock", "list")
        store.release(lease)
    waiting, error, _hint = ended.err.splitlines()
    name = r"wx0123456789abcdef is locked by ops\x1b[2J\x0a ::error::gone \x23#[add-mask]a on build-7 (pid 4711) since "
    assert waiting.startswith(f"Waiting for the lock: {name}")
    assert error.startswith(f"Error: {name}")
    assert r"ops\x1b[2J\x0a ::error::gone \x23#[add-mask]a on build-7" in listed.out
    assert command("state", "rm", "x\n::error::y").err.splitlines()[0] == r"Error: nothing is known of x\x0a::error::y"
    assert command("plan", "--lock-timeout", "::warning::a").err.startswith("Error: --lock-timeout takes a duration")


def test_a_line_that_begins_like_a_command_of_the_ci(
    command: Command, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = CATALOGUE.replace("TIT茶杯一号", '"::error::x"')
    (folder / "catalog.yaml").write_text(text, encoding="utf-8")
    assert "      ::error::x · url " in command("plan").out
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    assert "      \\x3a:error::x · url " in command("plan").out


def test_a_command_that_fails_ends_its_run_in_the_history(command: Command, folder: Path, platform: Platform) -> None:
    command("apply", "--yes")
    assert command("state", "rm", "goods.nope").code == 1
    assert command("state", "mv", "goods.tit-cup", "goods.cup").code == 0
    with open_state(state_of(folder), origin=platform.url, app=APP) as store:
        runs = store.history()
    assert [(run.command, run.ended_at is not None) for run in runs] == [
        ("state mv", True), ("state rm", True), ("apply", True),
    ]  # fmt: skip


def test_a_world_in_a_folder_that_is_not_there(command: Command, folder: Path) -> None:
    assert command("emulator", "--port", "0", "--db", str(folder / "nope" / "x.db")) == (
        1, "", f"Error: --db: there is no folder {folder}/nope\nHint: make it first, or correct the path\n",
    )  # fmt: skip
    assert not (folder / "nope").exists()
