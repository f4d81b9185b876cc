"""Pipelines: the workflow files that `init --ci` writes, for one catalogue of a repository.

They belong to the user from then on. Text from outside (titles, names, branches) reaches their shell as variables only.
"""

from __future__ import annotations

import json
import re
from importlib.resources import files
from pathlib import Path

from catalog_sync import __version__
from catalog_sync.core.errors import UsageError

_GITLAB_ROOT = ".gitlab-ci.yml"


def write_pipeline(system: str, catalogue: Path, app: str) -> tuple[Path, str]:
    """Write the pipeline of `github` or `gitlab` for a catalogue: its path, and what is to be done next. Raises
    `UsageError` where it is there already or cannot be written."""
    root = _root(catalogue)
    name = f"catalog-sync{_suffix(catalogue.absolute().relative_to(root))}.yml"
    path = root / (".github/workflows" if system == "github" else ".gitlab") / name
    _write(path, pipeline_text(system, catalogue.absolute().relative_to(root), app))
    if system == "github":
        return path, "Next: the environments, their secret, and the first run: docs/ci.md."
    return path, _include(root, path.relative_to(root).as_posix())


def pipeline_text(system: str, catalogue: Path, app: str) -> str:
    """The pipeline for a catalogue, which is named from the repository's root."""
    text = files(__package__).joinpath(f"{system}.yml").read_text(encoding="utf-8")
    # A YAML text in double quotes is JSON: any file name is safe in it.
    told = {"@APP@": app, "@FILE@": json.dumps(catalogue.as_posix(), ensure_ascii=False), "@VERSION@": __version__}
    return re.sub("|".join(told), lambda found: told[found[0]], text)


def _root(catalogue: Path) -> Path:
    """The repository that the catalogue is in; the working folder, or else the catalogue's, where it is in none."""
    folders = catalogue.absolute().parents
    here = [Path.cwd()] if Path.cwd() in folders else []
    return next((folder for folder in folders if (folder / ".git").exists()), *here or [folders[0]])


def _suffix(catalogue: Path) -> str:
    """Tells the pipelines of a repository's catalogues from each other; nothing for the one at its root."""
    words = [*catalogue.parent.parts, *([] if catalogue.stem == "catalog" else [catalogue.stem])]
    slug = re.sub(r"[^A-Za-z0-9]+", "-", "-".join(words)).strip("-")
    return f"-{slug}" if slug else ""


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise UsageError(f"{path} is there already; nothing was written", hint="move it away to have it anew") from None
    except OSError:
        raise UsageError(f"{path} cannot be written", hint="check the folder and its mode") from None


def _include(root: Path, local: str) -> str:
    """GitLab reads one file: it includes ours. One that is there already is its owner's to change."""
    lines = f"include:\n  - local: {local}\n"
    if (root / _GITLAB_ROOT).exists():
        return f"Next: add this to {_GITLAB_ROOT}, then the variables of docs/ci.md:\n{lines}"
    _write(root / _GITLAB_ROOT, lines)
    return f"Written: {root / _GITLAB_ROOT}\nNext: the variables, and the first pipeline: docs/ci.md."
