"""What a plan's items are known by, for the reports that show it: names, small pictures, links."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from catalog_sync.core.model import CoverFit, Field, FieldKind, Role, Schema, Values
from catalog_sync.core.plan import Plan, PlannedChange
from catalog_sync.providers import registration_of, schema_of
from catalog_sync.report.face import Face, Faces, web_link

if TYPE_CHECKING:
    from catalog_sync.catalogue.thumbnails import Thumbnails


def faces_for(format_: str, plan: Plan, fit: CoverFit) -> Faces:
    """The faces of a plan's changes, as far as this format shows them: names in Markdown, pictures in HTML, too."""
    match format_:
        case "markdown":
            return {change.address: _face(change, None) for change in plan.changes}
        case "html":
            from catalog_sync.catalogue.thumbnails import Thumbnails  # noqa: PLC0415 - only this format needs it

            thumbnails = Thumbnails(fit)
            return {change.address: _face(change, thumbnails) for change in plan.changes}
        case _:
            return {}


def _face(change: PlannedChange, thumbnails: Thumbnails | None) -> Face:
    schema = schema_of(change.address)
    pictures: tuple[str, ...] | None = ()
    if thumbnails is not None and change.item is not None:
        pictures = thumbnails.of(change.item, registration_of(change.kind).max_picture_side)
    name = _first(schema, _values(change), FieldKind.TEXT)
    link = _first(schema, _observed(change), FieldKind.PICTURE)
    return Face(name, pictures or (), web_link(link), left_out=pictures is None)


def _values(change: PlannedChange) -> Iterator[Values]:
    """What the item is, by whom knows best: the catalogue, the platform, our state."""
    if change.item is not None:
        yield change.item.values
    yield from _observed(change)
    if change.binding is not None:
        yield change.binding.current.sent


def _observed(change: PlannedChange) -> Iterator[Values]:
    remote = change.observed.get(Role.CURRENT)
    if remote is not None:
        yield remote.values


def _first(schema: Schema, candidates: Iterator[Values], kind: FieldKind) -> str:
    """The field that an item is known by: the first text that identifies it, or its picture."""
    at = next((at for at, field in enumerate(schema.fields) if _tells(field, kind)), None)
    if at is None:
        return ""
    return next((str(values[at]) for values in candidates if values[at]), "")


def _tells(field: Field, kind: FieldKind) -> bool:
    return field.kind is kind and (field.identifying or kind is FieldKind.PICTURE)
