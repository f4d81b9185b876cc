"""Each command and each outcome in one table: the exit code, and that stdout is one JSON document that says the same
(contract section 3); and the examples of each command's help, run."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import click
import pytest
from PIL import Image

from catalog_sync.cli import COMMANDS, catalog_sync
from catalog_sync.cli.border import run
from catalog_sync.core.ports import Holder
from catalog_sync.emulator.app import create_app
from catalog_sync.emulator.server import EmulatorServer
from catalog_sync.providers.live_goods.emulator import SYSTEM
from catalog_sync.state.opening import open_state
from tests.cli.conftest import APP, CATALOGUE, Command, Platform

LAST = "  last-years-cup:\n    name: 去年的茶杯\n    cover: covers/cup.png\n    price: 5\n    url: pages/old\n"

FLEET = f"""\
version: 1
defaults:
  secret: env:CATALOG_SYNC_SECRET
  state: sqlite:///.catalog-sync/state.db
targets:
  - {{name: north, appid: {APP}, catalogue: catalog.yaml, labels: {{region: south}}}}
"""


@pytest.fixture(scope="module")
def platform() -> Iterator[Platform]:
    with EmulatorServer(create_app([SYSTEM])) as server:
        yield Platform(server.url)


@pytest.fixture(scope="module")
def shop(platform: Platform, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose three items are approved, with its state, and a copy of that."""
    folder = tmp_path_factory.mktemp("shop")
    (folder / "covers").mkdir()
    Image.new("RGB", (100, 100), (90, 120, 60)).save(folder / "covers" / "cup.png")
    (folder / "catalog.yaml").write_text(CATALOGUE + LAST, encoding="utf-8")
    (folder / "errored-3f2a9c.jsonl").touch()
    (folder / "fleet.yaml").write_text(FLEET, encoding="utf-8")
    settings = ("--api-base", platform.url, "--settle-after", "0s", "-q", "-f", f"{folder}/catalog.yaml")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CATALOG_SYNC_SECRET", "made-up")
        assert run(catalog_sync, ("apply", "--yes", *settings)) == 0
        platform.approve()
        assert run(catalog_sync, ("plan", "--detailed-exitcode", *settings)) == 0
        assert run(catalog_sync, ("state", "pull", f"{folder}/state.json", *settings)) == 0
        assert run(catalog_sync, ("plan", "--out", f"{folder}/plan.json", *settings)) == 0
    return folder


@pytest.fixture
def folder(shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the shop's folder, as the working folder."""
    shutil.copytree(shop, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


OFFLINE = ("validate", "fmt --check")
READS_STATE = ("history", "state list", "state show goods.tit-cup", "state pull", "lock list", "note goods.tit-cup x")
EDITS_STATE = (
    "state mv goods.tit-cup goods.cup", "state rm goods.tit-cup", "state push state.json",
    "state recover errored-3f2a9c.jsonl",
)  # fmt: skip
ONLINE = ("plan", "status", "drift", "wait", "quota")
WRITES = ("apply --yes", "adopt --match")
STATE = READS_STATE + EDITS_STATE
READS_A_PLAN = ("show plan.json",)
ALL = (*OFFLINE, *READS_A_PLAN, *STATE, *ONLINE, *WRITES, "doctor")


class Scene(NamedTuple):
    """What an outcome is arranged with."""

    folder: Path
    platform: Platform
    patch: pytest.MonkeyPatch

    def write(self, text: str) -> None:
        (self.folder / "catalog.yaml").write_text(text, encoding="utf-8")


def expected(**codes: tuple[str, ...]) -> dict[str, str]:
    """The error code of each command that fails; the others go well."""
    return {command: code for code, commands in codes.items() for command in commands}


def _refuse_the_account(scene: Scene) -> None:
    scene.platform.order("faults", faults=[{"path": "*", "kind": "errcode", "code": 48001, "times": 99}])


def _spoil_the_state(scene: Scene) -> None:
    (scene.folder / ".catalog-sync" / "state.db").write_text("this is not a state" * 50, encoding="utf-8")


ARRANGED: dict[str, Callable[[Scene], object]] = {
    "all is well": lambda _scene: None,
    "a wrong catalogue": lambda scene: scene.write(CATALOGUE.replace("99.50", "0")),
    "broken YAML": lambda scene: scene.write(f"{CATALOGUE}]: [\n"),
    "no catalogue": lambda scene: (scene.folder / "catalog.yaml").unlink(),
    "another app": lambda scene: scene.patch.setenv("CATALOG_SYNC_APPID", "wxffffffffffffffff"),
    "no secret": lambda scene: scene.patch.delenv("CATALOG_SYNC_SECRET"),
    "a refused account": _refuse_the_account,
    "no state": _spoil_the_state,
    "another run": lambda scene: _hold_the_lock(scene.folder, scene.platform),
    "an unknown level": lambda scene: scene.patch.setenv("CATALOG_SYNC_LOG", "loud"),
    "an unknown format": lambda scene: scene.patch.setenv("CATALOG_SYNC_LOG_FORMAT", "yaml"),
}

TABLE: dict[str, dict[str, str]] = {
    "all is well": {},
    "a wrong catalogue": expected(catalogue_invalid=("validate", *ONLINE, *WRITES), check_failed=("doctor",)),
    "broken YAML": expected(catalogue_invalid=(*OFFLINE, *ONLINE, *WRITES), check_failed=("doctor",)),
    "no catalogue": expected(catalogue_invalid=(*OFFLINE, *ONLINE, *WRITES), usage=STATE, check_failed=("doctor",)),
    "another app": expected(usage=(*STATE, *ONLINE, *WRITES), check_failed=("doctor",)),
    "no secret": expected(auth_failed=(*ONLINE, *WRITES), check_failed=("doctor",)),
    "a refused account": expected(auth_failed=("plan", "status", "drift", "wait", *WRITES), check_failed=("doctor",)),
    "no state": expected(state_unreadable=(*STATE, *ONLINE, *WRITES), check_failed=("doctor",)),
    "another run": expected(lock_held=(*EDITS_STATE, *WRITES)),
    "an unknown level": expected(usage=ALL),
    "an unknown format": expected(usage=ALL),
}


@pytest.mark.parametrize("words", ALL)
@pytest.mark.parametrize("outcome", TABLE)
def test_each_command_and_each_outcome(
    command: Command, folder: Path, platform: Platform, monkeypatch: pytest.MonkeyPatch, outcome: str, words: str
) -> None:
    ARRANGED[outcome](Scene(folder, platform, monkeypatch))
    ended = command(*words.split(), "--format", "json")
    platform.clear_faults()
    told = ended.document.get("error", {}).get("code")
    if words == "validate" and "valid" in ended.document:  # for it the diagnostics are the result
        told = None if ended.document["valid"] else "catalogue_invalid"
    assert (ended.code, told) == ((1, TABLE[outcome][words]) if words in TABLE[outcome] else (0, None))
    assert ended.err == "" or not ended.code  # an error is in the document, and nowhere else


@pytest.mark.parametrize("words", ALL)
def test_wrong_words_are_told_as_text_or_json(command: Command, words: str) -> None:
    for wrong in (["--bogus"], ["--lock-timeout", "soon"], ["--actor", ""]):
        text = command(*words.split(), *wrong)
        assert (text.code, text.out, text.err[:7]) == (1, "", "Error: ")
        ended = command(*words.split(), *wrong, "--format", "json")
        assert (ended.code, ended.document["error"]["code"], ended.err) == (1, "usage", "")


def _hold_the_lock(folder: Path, platform: Platform) -> str:
    with open_state(f"sqlite:///{folder}/.catalog-sync/state.db", origin=platform.url, app=APP) as store:
        return store.acquire(Holder("ops", "build-7", 4711, "catalog-sync apply", None), time.time()).id


def commands() -> Iterator[tuple[str, click.Command]]:
    """Every command, those of groups too."""
    context = click.Context(catalog_sync)
    for name in COMMANDS:
        found = catalog_sync.get_command(context, name)
        assert found is not None
        yield name, found
        if isinstance(found, click.Group):
            yield from ((f"{name} {inner}", each) for inner, each in found.commands.items())


def shown(command: click.Command) -> list[str]:
    """The examples of a command's help."""
    return re.findall(r"^ +(catalog-sync .*)$", command.epilog or "", re.MULTILINE)


EXAMPLES = [(name, line) for name, command in commands() for line in shown(command)]


def test_each_command_has_an_example_of_its_own() -> None:
    for name, command in commands():
        assert "\nExamples:\n" in (command.epilog or ""), name
        assert shown(command), name
        assert all(line.startswith(f"catalog-sync {name}") for line in shown(command)), name


def _without(command: Command, address: str) -> None:
    assert command("state", "rm", address).code == 0


def _adoptable(command: Command, line: str) -> str:
    told = command("state", "show", "goods.tit-cup", "--format", "json").document
    _without(command, "goods.tit-cup")
    return line.replace("51", str(told["current"]["remote_id"]))


PREPARED: dict[str, Callable[[Command, Path, Platform, str], Any]] = {
    "init": lambda _command, folder, _platform, _line: (folder / "catalog.yaml").unlink(),
    "adopt": lambda command, _folder, _platform, line: _adoptable(command, line),
    "state mv": lambda command, _folder, _platform, _line: command("state", "mv", "goods.tea-set", "goods.tea"),
    "state recover": lambda _command, folder, _platform, _line: (folder / "errored-3f2a9c.jsonl").rename(
        folder / ".catalog-sync" / "errored-3f2a9c.jsonl"
    ),
    "force-unlock": lambda _command, folder, platform, line: line.replace(
        "3f2a9c4be81d", _hold_the_lock(folder, platform)
    ),
}
"""What an example takes for granted: made true here, and its ids put in the place of the made-up ones."""

TOLD = ("Saved: ", "The cover of ")
"""How the messages of an example that went well begin. The emulator's covers are not fetched: it is on loopback."""

ENDLESS = {"emulator": ("verdict", "approve"), "worker": ("concurrency", 8), "serve": ("port", 8080)}
"""Commands that serve until they are told to end: their examples are parsed, not run."""


@pytest.mark.parametrize(("name", "line"), EXAMPLES, ids=[line for _name, line in EXAMPLES])
def test_the_examples_run(command: Command, folder: Path, platform: Platform, name: str, line: str) -> None:
    prepared = PREPARED[name](command, folder, platform, line) if name in PREPARED else None
    words = shlex.split(re.split(" >>? ", prepared if isinstance(prepared, str) else line)[0])[1:]
    if name in ENDLESS:
        found = dict(commands())[name]
        parameter, value = ENDLESS[name]
        assert found.make_context(name, words[1:]).params[parameter] == value
        return
    ended = command(*words)
    assert ended.code == 0
    assert all(sentence.startswith(TOLD) for sentence in ended.err.splitlines())
    if "json" in words:
        json.loads(ended.out)
