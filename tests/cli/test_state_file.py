"""`state pull` and `state push`: a state that moves as a file, and what a push refuses."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import APP, Command


def test_a_state_moves_as_a_file(command: Command, folder: Path) -> None:
    command("apply", "--yes")
    bindings = command("state", "list", "--format", "json").document["bindings"]
    pulled = command("state", "pull").document
    told = f"lineage {pulled['lineage'][:8]}, serial 1, 2 items bound.\n"
    assert command("state", "pull", "state.json") == (0, f"Written: state.json: {told}", "")
    assert json.loads((folder / "state.json").read_text(encoding="ascii")) == pulled
    assert oct((folder / "state.json").stat().st_mode & 0o777) == "0o600"
    elsewhere = ("--state", "sqlite:///elsewhere/state.db")
    assert command("state", "push", "state.json", *elsewhere) == (0, f"Pushed: {told}", "")
    assert command("state", "list", "--format", "json", *elsewhere).document["bindings"] == bindings
    assert command("state", "push", "state.json", "--format", "json", *elsewhere).document == {
        "format_version": "1.0", "lineage": pulled["lineage"], "serial": 1, "bound": 2,
    }  # fmt: skip
    assert command("plan", *elsewhere).out.splitlines()[-2] == "No changes. The platform matches the catalogue."


def test_what_a_push_refuses(command: Command, folder: Path) -> None:
    command("apply", "--yes")
    command("state", "pull", "old.json")
    command("state", "rm", "goods.tea-set")
    old = json.loads((folder / "old.json").read_text(encoding="ascii"))
    changed = [
        ({}, "the document is older: it has serial 1, this state has 2; nothing was changed"),
        (
            {"serial": 2},
            (
                "the document has serial 2 like this state, and other content: two runs wrote side by side; "
                "nothing was changed"
            ),
        ),
        (
            {"lineage": "0" * 32},
            (
                f"the document is of another lineage (00000000, serial 1): it was not made from this state "
                f"({old['lineage'][:8]}, serial 2); nothing was changed"
            ),
        ),
        ({"app": "wxffffffffffffffff"}, f"the document is of app wxffffffffffffffff, this state of {APP}"),
    ]
    for change, message in changed:
        (folder / "new.json").write_text(json.dumps(old | change), encoding="ascii")
        ended = command("state", "push", "new.json")
        assert (ended.code, ended.out, ended.err.splitlines()[0]) == (1, "", f"Error: {message}")
    assert command("state", "push", "old.json", "--force").out.endswith("serial 3, 2 items bound.\n")
    backups = sorted(each.name[:22] for each in (folder / ".catalog-sync").glob("*.backup-*"))
    assert backups == ["state.db.backup-000001", "state.db.backup-000002", "state.db.backup-000003"]


def test_files_that_are_no_state(command: Command, folder: Path) -> None:
    for text, message in (
        ('{"format_version": "1.0", "lin', "x.json is not JSON, or not all of it is there (30 bytes)"),
        ("[]", "x.json is not a state"),
        ("[" * 100_000, "x.json is not JSON, or not all of it is there (100000 bytes)"),
    ):
        (folder / "x.json").write_text(text, encoding="ascii")
        ended = command("state", "push", "x.json")
        assert (ended.code, ended.err.splitlines()[0]) == (1, f"Error: {message}; nothing was changed")
    assert not (folder / ".catalog-sync").exists()
    assert command("state", "push", "{}").err.splitlines()[0] == "Error: {} cannot be read"
    (folder / "x.json").write_text("{}", encoding="ascii")
    ended = command("state", "push", "x.json", "--format", "json")
    assert ended.document["error"]["message"] == "the document is not a state: it has no format_version"


def test_a_pull_of_nothing(command: Command, folder: Path) -> None:
    ended = command("state", "pull", "--format", "json")
    assert ended.document["error"]["code"] == "state_unreadable"
    assert not (folder / ".catalog-sync").exists()
    command("plan")
    ended = command("state", "pull", "nowhere/state.json")
    warning, error, _hint = ended.err.splitlines()
    assert warning.startswith(f"Warning: this state is empty: nothing was ever written for {APP} on http://127.0.0.1:")
    assert error == "Error: nowhere/state.json cannot be written (no such file or directory)"
