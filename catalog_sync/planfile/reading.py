"""Reading: a saved plan as the plan document, or `PlanInvalid` with what is wrong with it."""

from __future__ import annotations

import json
import re
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from catalog_sync.core.errors import PlanInvalid
from catalog_sync.core.model import MaxDeletes
from catalog_sync.core.plan import Selection
from catalog_sync.core.plandoc import PlanDocument, SelectionDocument
from catalog_sync.planfile.seal import is_whole
from catalog_sync.planfile.writing import FORMAT_VERSION

_AGAIN = "`catalog-sync plan --out FILE` writes one"


def load(path: Path) -> PlanDocument:
    """The plan that was saved in a file. Raises `PlanInvalid`."""
    try:
        content = path.read_bytes()
    except OSError:
        raise PlanInvalid(f"{path}: there is no plan that this user can read", hint=_AGAIN) from None
    try:
        return read(content)
    except PlanInvalid as problem:
        raise PlanInvalid(f"{path}: {problem.message}", hint=problem.hint) from None


def read(content: bytes | str) -> PlanDocument:
    """The plan of a saved document. Fields that a newer minor format has added are left out. Raises `PlanInvalid` for
    what is no plan, is of a newer major format, or was edited."""
    try:
        told = json.loads(content)
    except (ValueError, RecursionError):
        raise PlanInvalid("this is not JSON", hint=_AGAIN) from None
    if not isinstance(told, dict) or not isinstance(told.get("format_version"), str) or "plan_id" not in told:
        raise PlanInvalid("this is JSON, and no plan", hint=_AGAIN)
    version = told["format_version"]
    if version.partition(".")[0] != FORMAT_VERSION.partition(".")[0]:
        raise PlanInvalid(
            f"the plan has format {version[:80]}, this catalog-sync knows {FORMAT_VERSION}",
            hint="use the catalog-sync that made it, or plan again",
        )
    if not is_whole(told):
        raise PlanInvalid("the plan was edited since it was made", hint="change the catalogue and plan again")
    return _typed(told)


def _typed(told: dict[str, object]) -> PlanDocument:
    try:
        return TypeAdapter(PlanDocument).validate_python(told)
    except ValidationError as problem:
        place = ".".join(str(part) for part in problem.errors(include_url=False, include_input=False)[0]["loc"])
        raise PlanInvalid(f"the plan makes no sense at {place[:80]}", hint=_AGAIN) from None


def selection_of(told: SelectionDocument) -> Selection:
    """The selection that a saved plan was made with. Raises `PlanInvalid`."""
    limit = told.max_deletes
    return Selection(
        target=told.target,
        exclude=told.exclude,
        prune=told.prune,
        resubmit=told.resubmit,
        allow_twin=told.allow_twin,
        allow_price_change=told.allow_price_change,
        max_deletes=None if limit is None or limit == "none" else _max_deletes(limit),
        no_limit=limit == "none",
        accept_losses=told.accept_losses,
        refresh=told.refresh,
    )


def _max_deletes(limit: str | int) -> MaxDeletes:
    if isinstance(limit, int):
        return MaxDeletes(number=limit, percent=None)
    found = re.fullmatch(r"([0-9]{1,3})%", limit)
    if found is None:
        raise PlanInvalid(f"the plan's max_deletes makes no sense ({limit[:80]!r})", hint=_AGAIN)
    return MaxDeletes(number=None, percent=int(found[1]))
