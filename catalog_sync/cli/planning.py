"""What `plan` and `apply` share: warnings shown, named addresses checked, a plan printed."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from catalog_sync.cli.console import Console
from catalog_sync.cli.messages import speaks_json
from catalog_sync.core.errors import Diagnostic, UsageError
from catalog_sync.core.model import Address
from catalog_sync.core.plan import Selection
from catalog_sync.core.plandoc import PlanDocument
from catalog_sync.engine.situation import Situation
from catalog_sync.report.diagnostics import diagnostic_lines
from catalog_sync.report.face import Faces
from catalog_sync.report.text import plan_text
from catalog_sync.report.words import ENGLISH


def show_warnings(console: Console, diagnostics: tuple[Diagnostic, ...]) -> None:
    """The catalogue's warnings, on stderr."""
    for line in diagnostic_lines(diagnostics, ENGLISH if speaks_json() else console.words):
        console.say(line, "warning")


def check_named(selection: Selection, situation: Situation) -> None:
    """Every address that the user named must be one of the catalogue's or of the state's. Raises `UsageError`."""
    known = {item.address for item in situation.catalogue.items} | set(situation.snapshot.bindings)
    named = (
        *selection.target,
        *selection.exclude,
        *selection.resubmit,
        *selection.allow_twin,
        *selection.allow_price_change,
    )
    for address in named:
        if address not in known:
            raise UsageError(f"there is no {address[:80]} in the catalogue or the state", hint=near(address, known))


def near(address: str, known: Iterable[Address]) -> str:
    """What the user may have meant."""
    matches = get_close_matches(address, [*known], n=1)
    return f"did you mean {matches[0]}?" if matches else "an address is goods.KEY"


def print_plan(console: Console, shown: PlanDocument, faces: Faces | None = None) -> None:
    """The plan, in the format that was asked for. Pages and comments show the items' faces, where there are any."""
    match console.format:
        case "json":
            console.document(shown)
        case "markdown":
            from catalog_sync.report.markdown import plan_markdown  # noqa: PLC0415 - only this format needs it

            console.exact(plan_markdown(shown, faces, console.words))
        case "html":
            from catalog_sync.report.html import plan_html  # noqa: PLC0415 - Jinja2 is slow to load

            console.exact(plan_html(shown, faces, console.words))
        case _:
            console.result(plan_text(shown, console.colour, console.words))
