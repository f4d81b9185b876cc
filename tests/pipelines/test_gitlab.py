"""The pipeline that `init --ci gitlab` writes, played against the emulator."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from catalog_sync.cli import catalog_sync
from catalog_sync.cli.border import run
from tests.cli.conftest import Platform
from tests.pipelines.bench import APP, MISSING, Ran, bash, tools
from tests.pipelines.conftest import HOSTILE

NEEDED = [name for name in MISSING if name.startswith("state")]

pytestmark = pytest.mark.skipif(bool(NEEDED), reason=f"this version has no {', '.join(NEEDED)} yet")

CHANGE = {"CI_PIPELINE_SOURCE": "merge_request_event", "CI_MERGE_REQUEST_IID": "4", "CI_MERGE_REQUEST_PROJECT_ID": "1"}


@dataclass
class Lab:
    """A project on GitLab, and the jobs of its pipeline."""

    folder: Path
    clone: Path
    path: Path
    runner: dict[str, str]
    secret: str = "made-up"
    token: str = "made-up"

    def job(self, name: str, **variables: str) -> Ran:
        """Run a job of the pipeline."""
        text = (self.clone / ".gitlab/catalog-sync.yml").read_text(encoding="utf-8")
        document: dict[str, Any] = YAML(typ="safe").load(text)
        base, job = document[f".catalog-sync-{APP}"], document[f"catalog-sync-{name}-{APP}"]
        environment = {
            **self.runner,
            "GITLAB_WORLD": str(self.folder),
            "CI_API_V4_URL": "https://gitlab.example/api/v4",
            "CI_PROJECT_ID": "1",
            "CI_JOB_TOKEN": "job",
            "CI_COMMIT_SHA": "abc",
            "GITLAB_USER_LOGIN": "mia",
            **({"CATALOG_SYNC_SECRET": self.secret} if self.secret else {}),
            **({"CATALOG_SYNC_GITLAB_TOKEN": self.token} if self.token else {}),
            **base["variables"],
            **variables,
        }
        ended = bash("\n".join([*base["before_script"], *job["script"]]), self.clone, self.path, environment)
        plan = self.clone / "catalog-sync-plan.json"
        if plan.exists():
            plan.replace(self.folder / "plan.json")
        shutil.rmtree(self.clone / "catalog-sync-kept", ignore_errors=True)
        return ended

    def merged(self, **fields: object) -> None:
        """The merge request that the commit comes from."""
        told = {"iid": 4, "state": "merged", "merge_commit_sha": "abc", "squash_commit_sha": None, "sha": "head"}
        told |= {"source_project_id": 1, "target_project_id": 1, **fields}
        (self.folder / "merged.json").write_text(json.dumps([told]), encoding="utf-8")


@pytest.fixture
def lab(tmp_path: Path, clone: Path, runner: dict[str, str], program: Path) -> Lab:
    folder = tmp_path / "lab"
    (folder / "packages").mkdir(parents=True)
    impostor = {"id": 1, "author": {"id": 666}, "body": f"<!-- catalog-sync {APP} sha256:0 -->"}
    (folder / "notes.json").write_text(json.dumps([impostor]), encoding="utf-8")
    (folder / "merged.json").write_text("[]", encoding="utf-8")
    assert run(catalog_sync, ["init", "--ci", "gitlab"]) == 0
    return Lab(folder, clone, tools(folder / "bin", program, "curl"), runner)


def test_the_life_of_a_change(lab: Lab, clone: Path, platform: Platform) -> None:
    unkept = lab.job("apply", CI_PIPELINE_SOURCE="schedule")
    assert (unkept.code, "No state was kept." in unkept.said) == (1, True)
    begun = lab.job("apply", CI_PIPELINE_SOURCE="web", NEW_STATE="true")
    assert begun.code == 0, begun.said

    for _ in ("opened", "pushed again"):
        planned = lab.job("plan", **CHANGE)
        assert planned.code == 0, planned.said
    _impostor, note = json.loads((lab.folder / "notes.json").read_text(encoding="utf-8"))
    assert "2 to add" in note["body"]
    assert len(note["body"]) < 65_536
    assert platform.writes() == 0

    unreviewed = lab.job("apply", CI_PIPELINE_SOURCE="push")
    assert (unreviewed.code, "no plan was reviewed" in unreviewed.said, platform.writes()) == (0, True, 0)
    lab.merged()
    applied = lab.job("apply", CI_PIPELINE_SOURCE="push")
    assert applied.code == 0, applied.said
    assert len(platform.world()) == 2

    platform.approve()
    (clone / "catalog.yaml").write_text(HOSTILE.replace("99.50", "89.00"), encoding="utf-8")
    stale = lab.job("apply", CI_PIPELINE_SOURCE="push")
    assert (stale.code, "is not the catalogue that the plan was made from" in stale.said) == (1, True)
    lab.secret = lab.token = ""
    fork = lab.job("check", **CHANGE)
    assert fork.code == 0, fork.said
    assert "1 to update" in fork.said
    assert not (clone / "pwned").exists()


@pytest.mark.skipif("drift" in MISSING, reason="this version has no drift yet")
def test_the_schedule_goes_on_with_what_was_left(lab: Lab, clone: Path, platform: Platform) -> None:
    """On a runner of one's own, where the state is a file: first all is new, then a price waited for the verdict."""
    state = {"CATALOG_SYNC_STATE": f"sqlite:///{lab.folder}/state.db"}
    assert lab.job("apply", CI_PIPELINE_SOURCE="schedule", **state).code == 0
    platform.approve()
    (clone / "catalog.yaml").write_text(HOSTILE.replace("99.50", "89.00"), encoding="utf-8")
    scheduled = lab.job("apply", CI_PIPELINE_SOURCE="schedule", **state)
    assert scheduled.code == 0, scheduled.said
    assert sorted(goods["price"] for goods in platform.world()) == ["199.00", "89.00"]


def test_a_plan_that_the_note_does_not_show_is_refused(lab: Lab, platform: Platform) -> None:
    state = {"CATALOG_SYNC_STATE": f"sqlite:///{lab.folder}/state.db"}
    assert lab.job("plan", **CHANGE, **state).code == 0
    lab.merged()
    notes = (lab.folder / "notes.json").read_text(encoding="utf-8")
    (lab.folder / "notes.json").write_text(notes.replace("sha256:", "sha256:f"), encoding="utf-8")
    refused = lab.job("apply", CI_PIPELINE_SOURCE="push", **state)
    assert refused.code == 1
    assert "is not the one that merge request !4 shows" in refused.said
    assert platform.writes() == 0
