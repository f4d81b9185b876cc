"""A plan as one HTML file that fetches nothing: for a merchandiser's browser, a phone, paper, a screen reader."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from catalog_sync.core.plandoc import PlanDocument
from catalog_sync.report.face import Faces
from catalog_sync.report.html.island import island
from catalog_sync.report.html.page import Page
from catalog_sync.report.width import safe
from catalog_sync.report.words import ENGLISH, Words

_HERE = Path(__file__).parent


def plan_html(plan: PlanDocument, faces: Faces | None = None, words: Words = ENGLISH) -> str:
    """The whole page. The list of changes is data, which its script shows in parts; all else stands in the HTML."""
    style, script = _part("plan.css"), _part("plan.js")
    text = (
        _environment()
        .get_template("plan.html")
        .render(
            page=Page(plan, faces or {}, words),
            words=words,
            data=Markup(island(plan, faces or {}, words)),  # noqa: S704 - JSON in which no < is left
            style=Markup(style),  # noqa: S704 - ours
            script=Markup(script),  # noqa: S704 - ours
            policy=_policy(style, script),
        )
    )
    # A CI's runner that sees the page go by must not take a name in it for a command; the island has none left.
    return text.replace("##[", "#&#35;[")


def page_policy() -> str:
    """What a browser may do with the page, for who serves it: the page says the same of itself."""
    return _policy(_part("plan.css"), _part("plan.js"))


def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(_HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    made.filters["safe_text"] = safe
    return made


def _part(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")


def _policy(style: str, script: str) -> str:
    """Nothing runs but our script, nothing styles but our style, nothing is fetched: pictures are in the file."""
    return (
        f"default-src 'none'; script-src {_hash(script)}; style-src {_hash(style)}; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
