"""The workflow that `init --ci github` writes, played against the emulator from its first run to a fork's change."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from catalog_sync.cli import catalog_sync
from catalog_sync.cli.border import run
from tests.cli.conftest import Platform
from tests.pipelines.bench import APP, MISSING
from tests.pipelines.conftest import HOSTILE
from tests.pipelines.workflow import Hub, comment_of, on_main, pull_request

NEEDED = [name for name in MISSING if name.startswith("state")]

pytestmark = [
    pytest.mark.skipif(shutil.which("jq") is None, reason="jq stands for gh's own, and is not installed"),
    pytest.mark.skipif(bool(NEEDED), reason=f"this version has no {', '.join(NEEDED)} yet"),
]


@pytest.fixture
def hub(tmp_path: Path, clone: Path, runner: dict[str, str], program: Path) -> Hub:
    return Hub(tmp_path / "hub", clone, {"CATALOG_SYNC_SECRET": "made-up"}, runner, program)


@pytest.fixture
def workflow(clone: Path) -> Path:
    assert run(catalog_sync, ["init", "--ci", "github"]) == 0
    return clone / ".github/workflows/catalog-sync.yml"


def _cheaper(clone: Path) -> None:
    (clone / "catalog.yaml").write_text(HOSTILE.replace("99.50", "89.00"), encoding="utf-8")


def test_the_life_of_a_change(hub: Hub, workflow: Path, clone: Path, platform: Platform) -> None:
    """The first run, a change reviewed and merged, and a stranger's; the state is kept by artefacts."""
    unkept = hub.run(workflow, on_main("schedule", "a"), new_state=None)["apply"]
    assert unkept.code == 1
    assert "::error::No state was kept." in unkept.said
    assert hub.run(workflow, on_main("workflow_dispatch", "a"), new_state=True)["apply"].code == 0
    assert platform.writes() == 0

    hub.run(workflow, pull_request(1, "head1", title='"; touch pwned #'))
    ended = hub.run(workflow, pull_request(1, "head2"))  # a second push: the comment is written anew
    assert {name: each.code for name, each in ended.items()} == {"check": 0, "plan": 0}, ended
    comment = comment_of(hub)
    assert "2 to add" in comment
    assert comment.endswith("of head2.\n")
    assert len(comment) < 65_536
    assert "2 to add" in hub.summary
    assert platform.writes() == 0

    hub.merge(1, "head2", "merge1")
    merged = hub.run(workflow, on_main("push", "merge1"))["apply"]
    assert merged.code == 0, merged.said
    assert len(platform.world()) == 2
    assert "**Applied: 2 · " in hub.summary
    again = hub.run(workflow, on_main("push", "merge1"))["apply"]
    assert again.code == 1
    assert "was applied before" in again.said

    platform.approve()
    writes = platform.writes()
    hub.secrets.clear()
    _cheaper(clone)
    fork = hub.run(workflow, pull_request(2, "head3", repository="stranger/catalogue"))
    assert {name: each.code for name, each in fork.items()} == {"check": 0}, fork
    assert "89.00" in hub.summary  # it waits: the snapshot is of before the approval
    assert (platform.writes(), len(hub.read("comments"))) == (writes, 1)
    assert not (clone / "pwned").exists()


@pytest.mark.skipif("drift" in MISSING, reason="this version has no drift yet")
def test_the_schedule_goes_on_with_what_was_left(hub: Hub, workflow: Path, clone: Path, platform: Platform) -> None:
    """On a runner of one's own, where the state is a file: first all is new, then a price waited for the verdict."""
    hub.secrets["CATALOG_SYNC_STATE"] = f"sqlite:///{hub.folder}/state.db"
    assert hub.run(workflow, on_main("schedule", "a"))["apply"].code == 0
    _cheaper(clone)
    platform.approve()
    scheduled = hub.run(workflow, on_main("schedule", "b"))["apply"]
    assert scheduled.code == 0, scheduled.said
    assert sorted(goods["price"] for goods in platform.world()) == ["199.00", "89.00"]
    assert "### What is left" in hub.summary


def test_only_what_was_reviewed_is_applied(hub: Hub, workflow: Path, clone: Path, platform: Platform) -> None:
    """On a runner of one's own: the state is a file there, and the artefact its snapshot."""
    hub.secrets["CATALOG_SYNC_STATE"] = f"sqlite:///{hub.folder}/state.db"
    assert hub.run(workflow, pull_request(1, "head1"))["plan"].code == 0
    hub.merge(1, "head1", "merge1")

    hub.merge(3, "of-a-fork", "merge3", fork=True)
    unreviewed = hub.run(workflow, on_main("push", "merge3"))["apply"]
    assert (unreviewed.code, "no plan was reviewed" in unreviewed.said) == (0, True)

    shown = hub.read("comments")
    (hub.folder / "comments.json").write_text(json.dumps(shown).replace("sha256:", "sha256:0"), encoding="utf-8")
    swapped = hub.run(workflow, on_main("push", "merge1"))["apply"]
    assert swapped.code == 1
    assert "is not the one that pull request #1 shows" in swapped.said
    (hub.folder / "comments.json").write_text(json.dumps(shown), encoding="utf-8")

    forged = pull_request(9, "head1", repository="stranger/catalogue")
    contexts = {"github": {**forged, "event": forged["event"]}}
    hub.upload(f"catalog-sync-plan-{APP}-head1", clone / "covers", contexts, repository_id=2)

    _cheaper(clone)
    stale = hub.run(workflow, on_main("push", "merge1"))["apply"]
    assert stale.code == 1
    assert "catalog.yaml is not the catalogue that the plan was made from" in stale.said
    assert platform.writes() == 0


def test_a_state_that_is_older_than_the_kept_one_is_kept_aside(hub: Hub, workflow: Path, platform: Platform) -> None:
    """Two runs side by side, which the concurrency group forbids: the slower one knows nothing of the other's ids."""
    artifacts = hub.folder / "artifacts.json"
    assert hub.run(workflow, on_main("workflow_dispatch", "a"), new_state=True)["apply"].code == 0
    assert hub.run(workflow, pull_request(1, "head1"))["plan"].code == 0
    before = artifacts.read_text(encoding="utf-8")
    hub.merge(1, "head1", "merge1")
    assert hub.run(workflow, on_main("push", "merge1"))["apply"].code == 0
    after = artifacts.read_text(encoding="utf-8")
    artifacts.write_text(before, encoding="utf-8")
    hub.meanwhile = lambda: artifacts.write_text(after, encoding="utf-8")
    slower = hub.run(workflow, on_main("push", "merge1"))["apply"]
    assert slower.code == 1
    assert hub.read("artifacts")[0]["name"] == f"catalog-sync-rescued-{APP}"
    assert "state push --force" in slower.said
    assert len(platform.world()) == 2
