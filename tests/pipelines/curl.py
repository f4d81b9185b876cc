"""A stand-in for `curl`, asking a GitLab that is a folder: GITLAB_WORLD has `notes.json`, `merged.json`, `plan.json`
(the artefact of the last plan job) and `packages/`. A request without its token, or to another path, is a 404."""

import json
import os
import sys
from pathlib import Path
from urllib.parse import urlsplit

WORLD = Path(os.environ["GITLAB_WORLD"])
OPTIONS = ("--header", "--output", "--write-out", "--upload-file", "--request", "--form")


def notes() -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads((WORLD / "notes.json").read_text(encoding="utf-8"))
    return found


def keep(found: list[dict[str, object]]) -> str:
    (WORLD / "notes.json").write_text(json.dumps(found), encoding="utf-8")
    return "{}"


def package(given: dict[str, str], name: str) -> str | None:
    path = WORLD / "packages" / name
    if "--upload-file" in given:
        path.write_bytes(Path(given["--upload-file"]).read_bytes())
        return "{}"
    return path.read_bytes().decode("latin-1") if path.exists() else None


READS = {
    "user": lambda: json.dumps({"id": 7}),
    "merge_requests/4/notes": lambda: (WORLD / "notes.json").read_text(encoding="utf-8"),
    "repository/commits/abc/merge_requests": lambda: (WORLD / "merged.json").read_text(encoding="utf-8"),
    "merge_requests/4/pipelines": lambda: json.dumps([{"id": 30}, {"id": 31}]),
    "pipelines/31/jobs": lambda: json.dumps(
        [{"id": 5, "name": f"catalog-sync-plan-{os.environ['CATALOG_SYNC_APPID']}"}]
    ),
    "jobs/5/artifacts/catalog-sync-plan.json": lambda: (WORLD / "plan.json").read_text(encoding="utf-8"),
}


def answer(given: dict[str, str], path: str) -> str | None:
    token = Path(given["--header"].removeprefix("@")).read_text(encoding="utf-8").strip()
    if path.startswith("packages/generic/"):
        return package(given, path.rpartition("/")[2]) if token == "JOB-TOKEN: job" else None
    if token != "PRIVATE-TOKEN: made-up":
        return None
    if "--form" not in given:
        return READS[path]() if path in READS else None
    return write_note(
        given["--request"], path, Path(given["--form"].removeprefix("body=<")).read_text(encoding="utf-8")
    )


def write_note(method: str, path: str, body: str) -> str | None:
    number = path.rpartition("/")[2]
    if method == "POST" and number == "notes":
        return keep([*notes(), {"id": len(notes()) + 1, "author": {"id": 7}, "body": body}])
    if method == "PUT" and path == f"merge_requests/4/notes/{number}":
        return keep([each | ({"body": body} if each["id"] == int(number) else {}) for each in notes()])
    return None


def main() -> None:
    words, given = sys.argv[1:], {}
    for name in OPTIONS:
        if name in words:
            at = words.index(name)
            given[name] = words[at + 1]
            del words[at : at + 2]
    (url,) = [word for word in words if not word.startswith("--")]
    path = urlsplit(url).path.removeprefix("/api/v4/").removeprefix("projects/1/")
    told = answer(given, path)
    if told is not None and "--output" in given:
        Path(given["--output"]).write_bytes(told.encode("latin-1" if "packages" in path else "utf-8"))
    elif told is not None:
        sys.stdout.write(told)
    if "--write-out" in given:
        sys.stdout.write("404" if told is None else "200")
    elif told is None:
        sys.exit(22)


main()
