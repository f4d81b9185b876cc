"""What `plan` and `apply` share: warnings shown, named addresses checked, a plan printed."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from catalog_sync.cli.console import Console
from catalog_sync.core.errors import Diagnostic, UsageError
from catalog_sync.core.model import Address
from catalog_sync.core.plan import Plan, Selection
from catalog_sync.engine.situation import Situation
from catalog_sync.planfile import Provenance, document, summary
from catalog_sync.report.diagnostics import diagnostic_lines
from catalog_sync.report.text import plan_text


def show_warnings(console: Console, diagnostics: tuple[Diagnostic, ...]) -> None:
    """The catalogue's warnings, on stderr."""
    for line in diagnostic_lines(diagnostics):
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


def print_plan(console: Console, plan: Plan, made: Provenance) -> None:
    """The plan, in the format that was asked for."""
    if console.json:
        console.document(document(plan, made))
    else:
        console.result(plan_text(plan, summary(plan), console.colour))
