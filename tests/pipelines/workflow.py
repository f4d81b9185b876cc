"""A GitHub workflow, played: its jobs' steps run in order, in a real shell, with GitHub's variables."""

from __future__ import annotations

import json
import re
import shutil
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from tests.pipelines.bench import APP, Ran, bash, tools

REPOSITORY = "shop/catalogue"
_NAME = re.compile(r"'[^']*'|[A-Za-z_][\w-]*(?:\.[\w-]+)*(?:\(\))?|!=|!|==|&&|\|\|")
_WORDS = {"&&": " and ", "||": " or ", "!": " not ", "true": "True", "false": "False", "always()": "True"}


def evaluate(expression: str, contexts: Mapping[str, Any]) -> Any:
    """The value of an expression without its braces; what is not there is empty, as in GitHub's."""

    def word(found: re.Match[str]) -> str:
        text = found[0]
        if text[0] == "'" or text in {"!=", "=="}:
            return text
        if text in _WORDS:
            return _WORDS[text]
        value: Any = contexts
        for name in text.split("."):
            value = value.get(name) if isinstance(value, Mapping) else None
        return repr(value)

    return eval(_NAME.sub(word, " ".join(expression.split())), {"__builtins__": {}})  # noqa: S307 - our own workflow


def filled(text: object, contexts: Mapping[str, Any]) -> str:
    """A text with its expressions replaced by their values."""

    def value(found: re.Match[str]) -> str:
        told = evaluate(found[1], contexts)
        return "" if told is None else str(told).lower() if isinstance(told, bool) else str(told)

    return re.sub(r"\$\{\{(.*?)\}\}", value, str(text))


@dataclass
class Hub:
    """A repository on GitHub: artefacts, pull requests, comments, secrets, and the runs of its workflow."""

    folder: Path
    clone: Path
    secrets: dict[str, str]
    runner: dict[str, str]
    program: Path
    runs: int = 0
    summary: str = ""
    meanwhile: Callable[[], object] | None = None  # what happens before a run keeps its state

    def __post_init__(self) -> None:
        self.folder.mkdir()
        for name in ("artifacts", "pulls", "comments"):
            self._write(name, [])
        self.path = tools(self.folder / "bin", self.program, "gh")

    def read(self, name: str) -> Any:
        return json.loads((self.folder / f"{name}.json").read_text(encoding="utf-8"))

    def _write(self, name: str, value: object) -> None:
        (self.folder / f"{name}.json").write_text(json.dumps(value), encoding="utf-8")

    def merge(self, number: int, head: str, commit: str, *, fork: bool = False) -> None:
        repo = {"id": 2 if fork else 1}
        merged = {"number": number, "merge_commit_sha": commit, "commits": [commit]}
        merged |= {"head": {"sha": head, "repo": repo}, "base": {"repo": {"id": 1}}}
        self._write("pulls", [*self.read("pulls"), merged])

    def upload(self, name: str, path: Path, contexts: Mapping[str, Any], repository_id: int = 1) -> None:
        """What actions/upload-artifact does."""
        artifacts = self.read("artifacts")
        event = contexts["github"]["event"].get("pull_request")
        run = {
            "head_branch": event["head"]["ref"] if event else contexts["github"]["ref_name"],
            "head_sha": event["head"]["sha"] if event else contexts["github"]["sha"],
            "repository_id": 1,
            "head_repository_id": repository_id,
        }
        number = len(artifacts) + 1
        made = {"id": number, "name": name, "expired": False, "created_at": f"2026-11-22T00:{number:02}:00Z"}
        self._write("artifacts", [{**made, "workflow_run": run}, *artifacts])
        with zipfile.ZipFile(self.folder / f"{number}.zip", "w") as file:
            for each in [path] if path.is_file() else path.rglob("*"):
                file.write(each, each.name)

    def run(self, workflow: Path, github: Mapping[str, Any], **inputs: object) -> dict[str, Ran]:
        """A run of the workflow: how each job that its event starts has ended."""
        document = YAML(typ="safe").load(workflow.read_text(encoding="utf-8"))
        ended: dict[str, Ran] = {}
        for name, job in document["jobs"].items():
            told = {"github": {**github, "repository": REPOSITORY, "token": "made-up-token"}, "inputs": inputs}
            before = ended.get(job["needs"]) if "needs" in job else Ran(0, "")
            if before is not None and before.code == 0 and evaluate(job["if"], told):
                ended[name] = self._job(document, job, told)
        return ended

    def _job(self, document: Mapping[str, Any], job: Mapping[str, Any], told: dict[str, Any]) -> Ran:
        self.runs += 1
        temp = self.folder / f"temp-{self.runs}"
        temp.mkdir()
        github, event = told["github"], told["github"]["event"]
        fork = "pull_request" in event and event["pull_request"]["head"]["repo"]["full_name"] != REPOSITORY
        contexts = {
            **told,
            "secrets": self.secrets if "environment" in job and not fork else {},
            "runner": {"temp": str(temp)},
            "steps": {},
            "vars": {},
        }
        contexts["env"] = {name: filled(value, contexts) for name, value in document["env"].items()}
        variables = {
            **self.runner,
            "GH_WORLD": str(self.folder),
            "CI": "true",
            "GITHUB_ACTIONS": "true",
            "GITHUB_ACTOR": "mia",
            "GITHUB_REPOSITORY": REPOSITORY,
            "GITHUB_RUN_ID": str(self.runs),
            "GITHUB_SHA": github["sha"],
            "GITHUB_WORKSPACE": str(self.clone),
            "RUNNER_TEMP": str(temp),
            "GITHUB_STEP_SUMMARY": str(temp / "summary.md"),
            "GITHUB_OUTPUT": str(temp / "output"),
        }
        code, said = 0, ""
        for step in job["steps"]:
            condition = step.get("if", "true")
            if (code and "always()" not in condition) or not evaluate(condition, contexts):
                continue
            if step.get("id") == "keep" and self.meanwhile:
                self.meanwhile()
            ran = self._step(step, contexts, variables)
            code, said = code or ran.code, said + ran.said
            if "id" in step:
                outputs = dict(line.split("=", 1) for line in _text(temp / "output").splitlines())
                contexts["steps"][step["id"]] = {"outputs": outputs, "outcome": "failure" if ran.code else "success"}
                (temp / "output").unlink(missing_ok=True)
        self.summary = _text(temp / "summary.md")
        shutil.rmtree(self.clone / ".catalog-sync", ignore_errors=True)  # a runner's disk is thrown away
        return Ran(code, said)

    def _step(self, step: Mapping[str, Any], contexts: Mapping[str, Any], variables: Mapping[str, str]) -> Ran:
        if "upload-artifact" in step.get("uses", ""):
            given = step["with"]
            self.upload(filled(given["name"], contexts), Path(filled(given["path"], contexts)), contexts)
        if "run" not in step:
            return Ran(0, "")
        own = {name: filled(value, contexts) for name, value in step.get("env", {}).items()}
        return bash(step["run"], self.clone, self.path, {**variables, **contexts["env"], **own})


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


def pull_request(number: int, head: str, *, repository: str = REPOSITORY, title: str = "") -> dict[str, Any]:
    """The event of a pull request."""
    from_ = {"sha": head, "ref": f"branch-{number}", "repo": {"full_name": repository}}
    made = {"number": number, "title": title, "user": {"type": "User"}, "head": from_}
    return {
        "event_name": "pull_request", "event": {"pull_request": made}, "sha": f"merge-of-{head}", "base_ref": "main",
        "ref": f"refs/pull/{number}/merge", "ref_name": f"{number}/merge",
    }  # fmt: skip


def on_main(event: str, commit: str) -> dict[str, Any]:
    """A push to the default branch, a schedule, or a run by hand."""
    return {
        "event_name": event,
        "event": {},
        "sha": commit,
        "base_ref": "",
        "ref": "refs/heads/main",
        "ref_name": "main",
    }


def comment_of(hub: Hub) -> str:
    """The one comment of ours."""
    (comment,) = [each for each in hub.read("comments") if each["body"].startswith(f"<!-- catalog-sync {APP} ")]
    body: str = comment["body"]
    return body
