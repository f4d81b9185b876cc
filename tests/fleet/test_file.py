"""What can be wrong with `fleet.yaml`: each at its place, all at once, and never with a secret in it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from catalog_sync.core.errors import AuthFailed
from catalog_sync.core.model import MaxDeletes, Rules
from catalog_sync.fleet.file import FleetFile, read_fleet
from catalog_sync.fleet.target import FleetInvalid, offline, online
from catalog_sync.report.diagnostics import diagnostic_lines
from catalog_sync.wiring import DEFAULT_API_BASE, settings

from .conftest import DEFAULTS, app_of, fleet_of, target, write_shop


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "fleet").mkdir()
    (tmp_path / "outside").mkdir()
    write_shop(tmp_path / "fleet" / "north", 0)
    write_shop(tmp_path / "outside", 1)
    (tmp_path / "fleet" / "link").symlink_to(tmp_path / "outside")
    monkeypatch.chdir(tmp_path / "fleet")
    return tmp_path / "fleet"


def told(text: str) -> list[str]:
    """Every diagnostic of a fleet's file."""
    Path("fleet.yaml").write_text(text, encoding="utf-8")
    try:
        fleet = read_fleet("fleet.yaml")
    except FleetInvalid as error:
        return diagnostic_lines(error.diagnostics)
    return diagnostic_lines(each for target in fleet.targets for each in target.diagnostics)


NORTH = target("north", 0)

WHOLE = {
    "version: 2\ntargets:\n" + NORTH: ["fleet.yaml:1:10: version: this program reads version 1 (2)"],
    "version: 1\ntarget:\n" + NORTH: [
        "fleet.yaml:2:1: target: unknown field; did you mean targets? (target)",
        "fleet.yaml:1:1: the fleet lists no targets; write one below targets: as `- name: ...`",
    ],
    "version: 1\ntargets: []\n": [
        "fleet.yaml:2:10: the fleet lists no targets; write one below targets: as `- name: ...`"
    ],
    "version: 1\nreconcile: 99 * * * *\ntargets:\n" + NORTH: [
        "fleet.yaml:2:12: reconcile: must be a cron line of five fields, such as 17 * * * * (99 * * * *)"
    ],
    "version: 1\nreconcile: 0 0 * * 1-5/0\ntargets:\n" + NORTH: [
        "fleet.yaml:2:12: reconcile: must be a cron line of five fields, such as 17 * * * * (0 0 * * 1-5/0)"
    ],
    "version: 1\ntargets:\n" + NORTH + "    api_base: http://ops:hunter2@shop\n": [
        "fleet.yaml:6:15: north.api_base: the API base is not of the form https://host[:port] (http://***@shop)"
    ],
    "version: 1\nreconcile: 0 0 31 2,4 *\ntargets:\n" + NORTH: [
        "fleet.yaml:2:12: reconcile: names a day that no month has, so that it would never come (0 0 31 2,4 *)"
    ],
    "version: 1\nreconcile: 0 0 31 2,4-5/2 *\ntargets:\n" + NORTH: [
        "fleet.yaml:2:12: reconcile: names a day that no month has, so that it would never come (0 0 31 2,4-5/2 *)"
    ],
    "version: 1\nreconcile: 0 0 31 2/3 *\ntargets:\n" + NORTH: [],
    "version: 1\nreconcile: 0 0 30-31 2 1\ntargets:\n" + NORTH: [],
    "version: 1\nreconcile: 0 0 */2 */2 *\ntargets:\n" + NORTH: [],
    "version: 1\nreconcile: hourly\ntargets:\n" + NORTH: [
        "fleet.yaml:2:12: reconcile: must be a cron line of five fields, such as 17 * * * * (hourly)"
    ],
    "version: 1\ndefaults:\n  sceret: env:A\ntargets:\n" + NORTH: [
        "fleet.yaml:3:3: defaults.sceret: unknown field; did you mean secret? (sceret)"
    ],
    "version: 1\ndefaults:\n  secret: hunter2\ntargets:\n" + NORTH: [
        "fleet.yaml:3:11: defaults.secret: must be env:NAME or file:PATH; the value itself never stands in this file"
    ],
    "": ["fleet.yaml:1:1: the file is empty"],
}  # fmt: skip

ONE = {
    "state: postgresql://me:hunter2@db/shops": [
        "north.state: must not hold a password; name where the URL is: env:NAME or file:PATH"
    ],
    "state: mysql://db/shops": ["north.state: must be sqlite:///PATH, postgresql://..., env:NAME or file:PATH"],
    "state: sqlite:////var/lib/state.db": ["north.state: must be a file below the fleet's folder, links followed"],
    "secret: file:../outside/secret": ["north.secret: must be a file below the fleet's folder, links followed"],
    "secret: hunter2": ["north.secret: must be env:NAME or file:PATH; the value itself never stands in this file"],
    "token_file: link/token": ["north.token_file: must be a file below the fleet's folder, links followed"],
    "token_command: a\n    secret: env:A": ["north.token_command: one of secret, token_file, token_command is enough"],
    "policy: {max_deletes: many}": [
        "north.policy.max_deletes: must be a number, a share from 0% to 100%, or none (many)"
    ],
    "policy: {prnue: false}": ["north.policy.prnue: unknown field; did you mean prune? (prnue)"],
    "labels: {region: ''}": [
        "north.labels.region: must begin with a letter or digit; then those, and . _ -, at most 64 (empty)"
    ],
    "api_base: http://a.example": [
        "north.api_base: plain http is only for this machine, not for a.example (http://a.example)"
    ],
}  # fmt: skip


@pytest.mark.parametrize("text", WHOLE)
def test_what_is_wrong_with_all(folder: Path, text: str) -> None:
    assert told(text) == WHOLE[text]


@pytest.mark.parametrize("field", ONE)
def test_what_is_wrong_with_one_shop(folder: Path, field: str) -> None:
    lines = told(fleet_of(f"{NORTH}    {field}\n"))
    assert [line.split(": ", 1)[1] for line in lines] == ONE[field]
    assert "hunter2" not in "".join(lines)


def test_what_is_missing_and_what_is_not_there(folder: Path) -> None:
    assert told(fleet_of("  - name: north\n", "  - north\n", target("south", 1), target("link", 1))) == [
        "fleet.yaml:5:5: north.appid: is missing",
        "fleet.yaml:5:5: north.catalogue: is missing",
        "fleet.yaml:6:5: targets[2]: must be a mapping of fields (north)",
        "fleet.yaml:9:16: south.catalogue: the file does not exist (south/catalog.yaml)",
        f"fleet.yaml:7:5: south.appid: stands twice; the other at fleet.yaml:10:5 ({app_of(1)})",
        "fleet.yaml:12:16: link.catalogue: must be a file below the fleet's folder, links followed (link/catalog.yaml)",
        f"fleet.yaml:10:5: link.appid: stands twice; the other at fleet.yaml:7:5 ({app_of(1)})",
    ]


def test_one_name_for_two_shops_and_one_appid_on_two_platforms(folder: Path) -> None:
    twin = target("north", 1)
    assert told(fleet_of(NORTH, twin)) == [
        "fleet.yaml:5:5: north.name: stands twice; the other at fleet.yaml:8:5 (north)",
        "fleet.yaml:8:5: north.name: stands twice; the other at fleet.yaml:5:5 (north)",
    ]
    other = target("emulated", 0, api_base="http://127.0.0.1:8700").replace("emulated/", "north/")
    assert told(fleet_of(NORTH, other)) == []


def test_a_platform_that_the_user_names_is_that_of_all(folder: Path) -> None:
    """The default, too, wins over the file when it is named."""
    other = target("emulated", 0, api_base="http://127.0.0.1:8700").replace("emulated/", "north/")
    Path("fleet.yaml").write_text(fleet_of(NORTH, other), encoding="utf-8")
    for given in (
        settings({"CATALOG_SYNC_API_BASE": DEFAULT_API_BASE}, {}),
        settings({}, {"api_base": "http://[::1]:1"}),
    ):
        fleet = read_fleet("fleet.yaml", given.given_api_base)
        assert [each.diagnostics[0].code for each in fleet.targets] == ["app_twice", "app_twice"]
        assert FleetFile("fleet.yaml", given.given_api_base).fleet == fleet
        apart = read_fleet("fleet.yaml").targets
        assert [offline(each, given).api_base for each in apart] == [given.api_base, given.api_base]
    nothing = settings({}, {})
    assert [offline(each, nothing).api_base for each in apart] == [DEFAULT_API_BASE, "http://127.0.0.1:8700"]


def test_the_shops_own_word_counts(folder: Path) -> None:
    head = DEFAULTS + "  policy: {max_deletes: 5, prune: false}\n  labels: {region: north, kind: tea}\n"
    own = "    token_command: tokens\n    policy: {prune: true}\n    labels: {region: south}\n"
    Path("fleet.yaml").write_text(fleet_of(NORTH + own, head=head), encoding="utf-8")
    (north,) = read_fleet("fleet.yaml").targets
    assert north.access is not None
    assert (north.access.way.value, north.labels) == ("token_command", {"region": "south", "kind": "tea"})
    assert north.overrule is not None
    assert north.overrule(Rules()) == Rules(max_deletes=MaxDeletes(number=5, percent=None), prune=True)


def test_what_a_token_command_does_not_inherit(folder: Path) -> None:
    """Every variable in which a secret of the fleet stands, the one of the defaults too where no shop uses it."""
    told(fleet_of(target("north", 0, secret="env:NORTH_SECRET"), head=DEFAULTS))
    assert read_fleet("fleet.yaml").secret_names == {"SHOP_SECRET", "NORTH_SECRET"}


def test_a_secret_in_what_is_no_small_file(folder: Path) -> None:
    """A pipe would be waited for without end, and a large file is none of a secret."""
    os.mkfifo("pipe")
    Path("large").write_text("x" * 100_000, encoding="utf-8")
    for name in ("pipe", "large"):
        told(fleet_of(target("north", 0, secret=f"file:{name}"), head="version: 1\n"))
        fleet = read_fleet("fleet.yaml")
        with pytest.raises(AuthFailed) as refused:
            online(fleet.targets[0], settings({}, {}), fleet.secret_names)
        assert refused.value.message == f"the secret is to be in {name}, which holds none"
