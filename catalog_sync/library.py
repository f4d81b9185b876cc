"""Library: what the platform shows, as a catalogue or as rows, with its covers saved beside it when asked."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from catalog_sync.catalogue.covers import LocalPictures
from catalog_sync.catalogue.dumping import Aside, catalogue_lines
from catalog_sync.catalogue.row_writing import csv_text, json_lines_text
from catalog_sync.catalogue.saving import identity_of, save_picture
from catalog_sync.catalogue.sources import Folder
from catalog_sync.core.entry import Desk, Entry, Findings, MapNode, Node, Scalar, Source
from catalog_sync.core.errors import Severity, UsageError
from catalog_sync.core.model import KEEP, AuditStatus, Catalogue, FieldKind, Item, Values
from catalog_sync.core.ports import PictureUnreadable
from catalog_sync.core.writing import Told, Wishes, Written
from catalog_sync.engine.dumping import Kept
from catalog_sync.providers import WRITERS, registration_of, schema_for

Fetch = Callable[[str], bytes]
"""The bytes behind a link; raises `PictureUnreadable`."""

LISTED = frozenset(kind for kind in WRITERS if registration_of(kind).section.adoptable)
"""The kinds that the platform lists to the last one, whether anybody knows them or not."""

_REMARKS = {
    AuditStatus.UNAUDITED: "not under review; apply submits it",
    AuditStatus.REJECTED: "rejected; it stays so until it is edited",
    None: "of a review state that is not known here",
}


@dataclass(frozen=True, slots=True)
class Shelf:
    """The library, sorted out: what a catalogue can list, what it cannot although it is bound or ours, with the
    reason as its remark, and what was made in the console."""

    items: tuple[tuple[Kept, Written], ...]
    unfit: tuple[tuple[Kept, Written], ...]
    console: tuple[tuple[Kept, Written], ...]


@dataclass(frozen=True, slots=True)
class Covers:
    """Where covers are saved, and how they are fetched. `base` is the catalogue's folder; `progress` gets what is
    done, how many and of how many."""

    folder: Path
    base: Path
    fetch: Fetch
    parallelism: int
    say: Callable[[str], None]
    progress: Callable[[str, int, int], None]


def covers_folder(named: str, catalogue: str) -> Path:
    """The folder for covers, made where it is not there. Raises `UsageError`."""
    base = Path(catalogue).parent
    folder = Path(named)
    if not folder.resolve().is_relative_to(base.resolve()):
        raise UsageError(
            "--covers must lie in the catalogue's folder",
            hint=f"a cover outside of it is an error; name a folder below {base.resolve()}",
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise UsageError(f"--covers {named}: {(problem.strerror or 'cannot be made').lower()}") from None
    return folder


def sort_out(found: Sequence[Kept], catalogue: str, covers: Covers | None) -> Shelf:
    """Every item as the catalogue at this path would list it, tried out with the reader that will read it."""
    saved = {} if covers is None else _save_all(found, covers)
    folder = Folder(catalogue)
    source, pictures = Source(catalogue, folder.root), LocalPictures(folder)
    items, unfit, console = [], [], []
    for kept in found:
        written = _written(kept, *saved.get((kept.kind, kept.remote.remote_id), (None, "")))
        if not kept.manageable:
            console.append((kept, written))
        elif reasons := _problems(kept, written, source, pictures):
            unfit.append((kept, replace(written, remarks=(*written.remarks, *reasons))))
        else:
            items.append((kept, written))
    return Shelf(tuple(items), tuple(unfit), tuple(console))


def shelf_lines(shelf: Shelf, app: str, *, console: bool) -> list[str]:
    """The shelf as the lines of a catalogue."""
    intro = [
        f"The library of {app}, as the platform shows it. `catalog-sync plan` shows what is left to do:",
        "goods that are bound to no key yet are adopted.",
    ]
    asides = [Aside("Not listed above, for a catalogue cannot say it:", [written for _, written in shelf.unfit])]
    if console:
        asides.append(Aside("Made in the console: the API may not touch them.", [each for _, each in shelf.console]))
    stuck = [kept for kept, _ in shelf.unfit if kept.bound]
    return catalogue_lines(
        intro,
        app,
        [written for _, written in shelf.items],
        {kept.key: kept.remote.remote_id for kept, _ in shelf.items if kept.kind in LISTED},
        [kept.key for kept in stuck if kept.kind in LISTED],
        asides,
        prune=all(kept.kind in LISTED for kept in stuck),
    )


def _written(kept: Kept, cover: str | None, remark: str) -> Written:
    identity = _picture(kept)
    kept_link = identity if identity.startswith("https://") else KEEP
    wishes = Wishes(protect=kept.protect, parent=kept.parent)
    written = WRITERS[kept.kind].written(kept.key, kept.values, cover or kept_link, wishes)
    status = kept.remote.status
    words = [str(kept.remote.remote_id)]
    words += [_REMARKS[status]] if status in _REMARKS else [str(status)]
    return replace(written, remarks=(", ".join(words), *([remark] if remark else [])))


def _picture(kept: Kept) -> str:
    """The identity of the picture that we sent, or `KEEP`."""
    return _first_picture(kept.kind, kept.values) or KEEP


def _first_picture(kind: str, values: Values) -> str:
    schema = schema_for(kind)
    names = schema.of_kind(FieldKind.PICTURE)
    return next((str(value) for name, value in schema.named(values).items() if name in names and value), "")


def _problems(kept: Kept, written: Written, source: Source, pictures: LocalPictures) -> list[str]:
    """Why the item's own reader refuses it; nothing when it does not."""
    findings = Findings()
    desk = Desk(findings, pictures, itertools.count())
    section = registration_of(kept.kind).section
    told = {name: value for name, value in (*written.row.items(), *written.fields.items()) if name != section.row_key}
    fields = [(_name(name), _node(value)) for name, value in told.items()]
    entry = Entry(source, _name(kept.key), MapNode(fields, 1, 1), row=True)
    for _item in section.reader(desk).take(entry):
        pass
    errors = [each for each in findings.diagnostics if each.severity is Severity.ERROR]
    return [f"{each.field}: {each.summary}" if each.field else each.summary for each in errors]


def _name(text: str) -> Scalar:
    return Scalar(text, 1, 1, plain=True)


def _node(value: Told) -> Node:
    if isinstance(value, Mapping):
        return MapNode([(_name(name), _node(text)) for name, text in value.items()], 1, 1)
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return Scalar(text, 1, 1, plain=not isinstance(value, str))


def _save_all(found: Sequence[Kept], covers: Covers) -> dict[tuple[str, int], tuple[str | None, str]]:
    """By kind and id: the cover's file as the catalogue names it, and a remark where it cannot name one. Links are
    fetched side by side, saved one after the other: names do not depend on who is first."""
    wanted = [(kept, link) for kept in found if kept.manageable and (link := _link(kept)) is not None]
    with ThreadPoolExecutor(covers.parallelism) as pool:
        fetched = pool.map(lambda link: _fetched(covers.fetch, link), [link for _, link in wanted])
        saved = {}
        for done, ((kept, _), data) in enumerate(zip(wanted, fetched, strict=True)):
            covers.progress("saving covers", done, len(wanted))
            saved[kept.kind, kept.remote.remote_id] = _save(kept, data, covers)
        return saved


def _link(kept: Kept) -> str | None:
    """The platform's picture, by https: it tells http links of hosts that serve both."""
    if kept.kind not in LISTED:
        return None  # the platform knows it by our key: it keeps its picture
    told = _first_picture(kept.kind, kept.remote.values)
    return told.replace("http://", "https://", 1) if told.startswith("http") else None


def _fetched(fetch: Fetch, link: str) -> bytes | PictureUnreadable:
    try:
        return fetch(link)
    except PictureUnreadable as problem:
        return problem


def _save(kept: Kept, data: bytes | PictureUnreadable, covers: Covers) -> tuple[str | None, str]:
    limits = registration_of(kept.kind)
    try:
        if isinstance(data, PictureUnreadable):
            raise data
        path = save_picture(
            data, covers.folder, kept.key, max_bytes=limits.max_picture_bytes, max_side=limits.max_picture_side
        )
    except PictureUnreadable as problem:
        covers.say(f"The cover of {kept.key} was not saved, and stays as it is: {problem.reason}.")
        return None, f"its cover was not saved: {problem.reason}"
    name = Path(os.path.relpath(path.resolve(), covers.base.resolve())).as_posix()
    if kept.bound and identity_of(data) != _picture(kept):
        return None, f"the platform's picture: {name}"
    return name, ""


def rows_of(shelf: Shelf) -> list[tuple[str, Written]]:
    """The kind and the row of every item that a catalogue can list."""
    return [(kept.kind, written) for kept, written in shelf.items]


def catalogue_rows(catalogue: Catalogue) -> list[tuple[str, Written]]:
    """The kind and the row of every item of a catalogue; covers relative to its folder."""
    base = Path(catalogue.path).parent.resolve()
    return [(item.kind, _row(item, base)) for item in catalogue.items if item.kind in WRITERS]


def _row(item: Item, base: Path) -> Written:
    link = _first_picture(item.kind, item.values)
    picture = link if item.picture_path is None else Path(os.path.relpath(item.picture_path, base)).as_posix()
    return WRITERS[item.kind].written(item.key, item.values, picture or KEEP, Wishes.of(item))


def rows_text(rows: Sequence[tuple[str, Written]], format_: str, *, chinese: bool) -> str:
    """Rows as `csv` or `jsonl`. Raises `UsageError` for CSV of several systems: they have other columns."""
    kinds = {kind for kind, _ in rows} or {next(iter(WRITERS))}
    if len(kinds) > 1 and format_ == "csv":
        raise UsageError("goods and SKUs have other columns: they do not fit into one table", hint="--format jsonl")
    names = {
        kind: WRITERS[kind].columns if chinese else {name: name for name in WRITERS[kind].columns} for kind in kinds
    }
    told = [{names[kind][name]: value for name, value in (*row.row.items(), *row.fields.items())} for kind, row in rows]
    return csv_text(list(names[kinds.pop()].values()), told) if format_ == "csv" else json_lines_text(told)
