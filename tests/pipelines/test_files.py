"""The pipelines' files: what each must have, whatever it does; and that `init --ci` writes them where they belong."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from catalog_sync.cli import COMMANDS
from catalog_sync.cli.pipelines import pipeline_text
from tests.cli.conftest import Command, Platform, command, folder
from tests.pipelines.bench import APP, ROOT, bash, tools

__all__ = ["command", "folder"]

GITHUB = pipeline_text("github", Path("catalog.yaml"), APP)
GITLAB = pipeline_text("gitlab", Path("catalog.yaml"), APP)
OURS = (ROOT / ".github/workflows/ci.yml").read_text(encoding="utf-8")
ACTION = (ROOT / "action.yml").read_text(encoding="utf-8")
WORKFLOWS = {"github": GITHUB, "ours": OURS}
SCOPES = {"check": {"actions": "read", "contents": "read"}}
SCOPES["plan"] = SCOPES["check"] | {"pull-requests": "write"}
SCOPES["apply"] = SCOPES["check"] | {"pull-requests": "read"}


def _load(text: str) -> Any:
    return YAML(typ="safe").load(text)


def _steps(text: str) -> Iterator[Mapping[str, Any]]:
    document = _load(text)
    for job in document.get("jobs", {}).values():
        yield from job["steps"]
    yield from document.get("runs", {}).get("steps", ())


@pytest.mark.parametrize("text", [*WORKFLOWS.values(), ACTION], ids=[*WORKFLOWS, "action"])
def test_every_action_is_pinned_and_no_shell_has_an_expression_in_it(text: str) -> None:
    used = [step["uses"] for step in _steps(text) if "uses" in step]
    assert used
    assert [name for name in used if not re.fullmatch(r"actions/[\w-]+@[0-9a-f]{40}", name)] == []
    assert text.count("# v") >= len(used)  # the version stands beside each
    scripts = [step["run"] for step in _steps(text) if "run" in step]
    assert [script for script in scripts if "${{" in script] == []


@pytest.mark.parametrize("text", WORKFLOWS.values(), ids=WORKFLOWS)
def test_every_job_has_a_time_limit_and_no_more_rights_than_it_needs(text: str) -> None:
    document = _load(text)
    assert document["permissions"] in ({}, {"contents": "read"})
    for name, job in document["jobs"].items():
        assert 0 < job["timeout-minutes"] <= 240
        assert "concurrency" in job or "concurrency" in document
        if text == GITHUB:
            assert job["permissions"] == SCOPES[name]
    for step in _steps(text):
        if "checkout" in step.get("uses", ""):
            assert step["with"]["persist-credentials"] is False


def test_an_apply_is_alone_never_cancelled_and_what_runs_for_forks_has_no_secret() -> None:
    jobs = _load(GITHUB)["jobs"]
    assert jobs["apply"]["concurrency"] == {"group": f"catalog-sync-{APP}", "cancel-in-progress": False}
    assert jobs["plan"]["concurrency"]["group"] != jobs["apply"]["concurrency"]["group"]
    assert "secrets." not in json.dumps(jobs["check"])
    assert "head.repo.full_name == github.repository" in jobs["plan"]["if"]
    assert (jobs["plan"]["environment"], jobs["apply"]["environment"]) == ("catalog-sync-plan", "catalog-sync")
    secret_in = [step["name"] for job in jobs.values() for step in job["steps"] if "secrets." in json.dumps(step)]
    assert "Install catalog-sync" not in secret_in
    lab = _load(GITLAB)
    assert lab[f"catalog-sync-apply-{APP}"]["resource_group"] == f"catalog-sync-{APP}"
    assert lab[f"catalog-sync-apply-{APP}"]["interruptible"] is False
    assert "SOURCE_PROJECT_ID == $CI_PROJECT_ID" in lab[f"catalog-sync-plan-{APP}"]["rules"][0]["if"]
    assert "SECRET" not in json.dumps(lab[f"catalog-sync-check-{APP}"])


def test_text_of_strangers_is_in_no_pipeline() -> None:
    for text in (GITHUB, OURS, ACTION, GITLAB):
        assert (
            re.findall(r"event\S*\.(?:title|body|ref|label|name)\b|head_ref|_TITLE|_DESCRIPTION|_SOURCE_BRANCH", text)
            == []
        )
        assert "eval " not in text


@pytest.mark.parametrize("text", WORKFLOWS.values(), ids=WORKFLOWS)
def test_actionlint_finds_nothing(text: str, tmp_path: Path) -> None:
    linter = os.environ.get("CATALOG_SYNC_TEST_ACTIONLINT") or shutil.which("actionlint")
    if linter is None:
        pytest.skip("actionlint is not installed; CATALOG_SYNC_TEST_ACTIONLINT names it")
    workflow = tmp_path / ".github/workflows/workflow.yml"
    workflow.parent.mkdir(parents=True)
    workflow.write_text(text, encoding="utf-8")
    ended = subprocess.run([linter, workflow], capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout + ended.stderr) == (0, "")


def test_the_hooks_run_commands_that_there_are() -> None:
    hooks = _load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    assert [hook["entry"] for hook in hooks] == ["catalog-sync validate", "catalog-sync fmt"]
    assert all(hook["language"] == "python" and hook["pass_filenames"] is False for hook in hooks)
    assert "validate" in COMMANDS


def test_the_docs_show_what_init_writes() -> None:
    blocks = re.findall(r"```yaml\n(.*?)```", (ROOT / "docs/ci.md").read_text(encoding="utf-8"), re.DOTALL)
    assert GITHUB in blocks
    assert GITLAB in blocks


# ---- init --ci


def test_init_keeps_a_catalogue_and_writes_the_pipeline_of_each(command: Command, folder: Path) -> None:
    (folder / ".git").mkdir()
    before = (folder / "catalog.yaml").read_bytes()
    written = command("init", "--ci", "github", "--format", "json").document
    assert written == {
        "format_version": "1.0",
        "catalogue": "catalog.yaml",
        "gitignore": ["/.catalog-sync/"],
        "pipeline": str(folder / ".github/workflows/catalog-sync.yml"),
    }
    assert (folder / ".github/workflows/catalog-sync.yml").read_text(encoding="utf-8") == GITHUB
    again = command("init", "--ci", "github", "--format", "json")
    assert (again.code, again.document["error"]["code"]) == (1, "usage")
    assert (folder / "catalog.yaml").read_bytes() == before
    shop = folder / 'sho"ps' / "b.yaml"
    shop.parent.mkdir()
    shop.write_bytes(before)
    second = command("init", "--ci", "github", "-f", str(shop), "--format", "json").document["pipeline"]
    assert Path(second).name == "catalog-sync-sho-ps-b.yml"
    assert _load(Path(second).read_text(encoding="utf-8"))["env"]["CATALOG_SYNC_FILE"] == 'sho"ps/b.yaml'


def test_init_for_gitlab_leaves_a_pipeline_of_somebody_else_alone(command: Command, folder: Path) -> None:
    (folder / ".git").mkdir()
    assert command("init", "--ci", "gitlab").code == 0
    include = (folder / ".gitlab-ci.yml").read_text(encoding="utf-8")
    assert include == "include:\n  - local: .gitlab/catalog-sync.yml\n"
    assert (folder / ".gitlab/catalog-sync.yml").read_text(encoding="utf-8") == GITLAB
    (folder / ".gitlab/catalog-sync.yml").unlink()
    (folder / ".gitlab-ci.yml").write_text("stages: [test]\n", encoding="utf-8")
    told = command("init", "--ci", "gitlab")
    assert told.code == 0
    assert f"Next: add this to .gitlab-ci.yml, then the variables of docs/ci.md:\n{include}" in told.out
    assert (folder / ".gitlab-ci.yml").read_text(encoding="utf-8") == "stages: [test]\n"


def test_init_writes_catalogue_and_pipeline_together(command: Command, folder: Path) -> None:
    (folder / "catalog.yaml").unlink()
    told = command("init", "--ci", "github")
    assert told.code == 0
    assert "Next: put your appid and a first product into it and into the pipeline" in told.out
    assert APP in (folder / "catalog.yaml").read_text(encoding="utf-8")


# ---- action.yml


def test_the_action_tells_what_a_plan_has(folder: Path, platform: Platform, program: Path, tmp_path: Path) -> None:
    """Its last step: outputs and summary of a plan with two items to add, of one with errors, and of validate."""
    (script,) = [step["run"] for step in _steps(ACTION) if step.get("id") == "run"]
    path = tools(tmp_path / "bin", program)

    def ran(**inputs: str) -> tuple[int, dict[str, str]]:
        files = {"GITHUB_OUTPUT": str(tmp_path / "output"), "GITHUB_STEP_SUMMARY": str(tmp_path / "summary")}
        Path(files["GITHUB_OUTPUT"]).write_text("", encoding="utf-8")
        world = {"CATALOG_SYNC_API_BASE": platform.url, "CATALOG_SYNC_SECRET": "made-up", "RUNNER_TEMP": str(tmp_path)}
        ended = bash(script, folder, path, {"FILE": "catalog.yaml", "ARGS": "", **world, **files, **inputs})
        lines = Path(files["GITHUB_OUTPUT"]).read_text(encoding="utf-8").splitlines()
        return ended.code, dict(line.split("=", 1) for line in lines)

    code, outputs = ran(COMMAND="plan")
    assert code == 0
    assert outputs == {
        "exitcode": "2", "changes": "true", "plan_path": f"{tmp_path}/catalog-sync-plan.json", "add": "2",
        "update": "0", "resubmit": "0", "replace": "0", "delete": "0", "deferred": "0", "waiting": "0", "blocked": "0",
    }  # fmt: skip
    assert set(outputs) == set(_load(ACTION)["outputs"])
    assert "2 to add" in (tmp_path / "summary").read_text(encoding="utf-8")
    assert ran(COMMAND="plan", ARGS="--target goods.none") == (1, {"exitcode": "1", "changes": "false"})
    assert ran(COMMAND="validate", ARGS="--format json -q") == (0, {"exitcode": "0", "changes": "false"})
