"""A stand-in for `gh api`: the paths that our workflow asks, out of a folder's files; `--jq` by jq, as gh itself would.

GH_WORLD is the folder: `artifacts.json` with a zip for each beside it, `pulls.json` by commit, `comments.json`.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

WORLD = Path(os.environ["GH_WORLD"])
BOT = "github-actions[bot]"


def read(name: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads((WORLD / name).read_text(encoding="utf-8"))
    return found


def answer(method: str, path: str, body: str) -> object:
    parts = urlsplit(path)
    words = parts.path.removeprefix(f"repos/{os.environ['GITHUB_REPOSITORY']}/").split("/")
    match method, words:
        case "GET", ["actions", "artifacts"]:
            name = parse_qs(parts.query)["name"][0]
            return {"artifacts": [each for each in read("artifacts.json") if each["name"] == name]}
        case "GET", ["commits", commit, "pulls"]:
            return [each for each in read("pulls.json") if commit in str(each["commits"])]
        case "GET", ["issues", number, "comments"]:
            return [each for each in read("comments.json") if each["number"] == int(number)]
        case "POST", ["issues", number, "comments"]:
            comments = read("comments.json")
            made = {"id": len(comments) + 1, "number": int(number), "user": {"login": BOT}, "body": body}
            (WORLD / "comments.json").write_text(json.dumps([*comments, made]), encoding="utf-8")
            return made
        case "PATCH", ["issues", "comments", number]:
            comments = read("comments.json")
            comments[int(number) - 1]["body"] = body
            (WORLD / "comments.json").write_text(json.dumps(comments), encoding="utf-8")
            return comments[int(number) - 1]
        case _:
            sys.exit(f"gh: HTTP 404 ({method} {path})")


def main() -> None:
    assert os.environ["GH_TOKEN"]
    words = [word for word in sys.argv[1:] if word != "--paginate"]
    assert words.pop(0) == "api"
    options = {"-X": "GET", "-F": "", "--jq": ""}
    for name in options:
        if name in words:
            at = words.index(name)
            options[name] = words[at + 1]
            del words[at : at + 2]
    (path,) = words
    if path.endswith("/zip"):
        sys.stdout.buffer.write((WORLD / f"{path.split('/')[-2]}.zip").read_bytes())
        return
    body = Path(options["-F"].removeprefix("body=@")).read_text(encoding="utf-8") if options["-F"] else ""
    told = json.dumps(answer(options["-X"], path, body))
    if options["--jq"]:
        told = subprocess.run(
            ["jq", "-r", options["--jq"]], input=told, text=True, capture_output=True, check=True
        ).stdout
    sys.stdout.write(told)


main()
