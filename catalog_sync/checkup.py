"""Checkup: what `doctor` examines, from the file to the platform, each with what to do when it is not well."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from catalog_sync.core.errors import CallError, CatalogSyncError, NotSent, Severity
from catalog_sync.core.model import Catalogue
from catalog_sync.core.ports import Provider
from catalog_sync.providers import PROVIDERS
from catalog_sync.state.location import Server, parse_location
from catalog_sync.wiring import Settings, SystemClock, app_of, door_of, load, store_of, tokens

CLOCK_SECONDS = 60.0
"""A clock that is further off than this counts ages and deadlines wrong."""


class Check(StrEnum):
    """How one check ended."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Finding:
    """One check: its name, how it ended, what was found, and what to do."""

    name: str
    check: Check
    message: str
    hint: str = ""


def examine(chosen: Settings) -> Iterator[Finding]:
    """Every check in order; what rests on a failed one is skipped."""
    loaded = load(chosen)
    errors = [each for each in loaded.diagnostics if each.severity is Severity.ERROR]
    if loaded.catalogue is None:
        yield Finding(
            "catalogue", Check.FAILED, f"{chosen.file}: {len(errors)} errors; the first: {errors[0].summary}",
            "`catalog-sync validate` lists them all",
        )  # fmt: skip
        yield Finding("everything else", Check.SKIPPED, "it rests on a catalogue that can be read")
        return
    warnings = len(loaded.diagnostics)
    yield Finding("catalogue", Check.OK, f"{chosen.file}: items: {len(loaded.catalogue.items)}, warnings: {warnings}")
    yield from _app(chosen, loaded.catalogue)


def _app(chosen: Settings, catalogue: Catalogue) -> Iterator[Finding]:
    try:
        app = app_of(chosen, catalogue)
    except CatalogSyncError as error:
        yield _failed("app", error)
        return
    yield Finding("app", Check.OK, app)
    yield _state(chosen, app)
    yield from _platform(chosen, app, catalogue)


def _failed(name: str, error: CatalogSyncError) -> Finding:
    return Finding(name, Check.FAILED, error.message, error.hint)


def _state(chosen: Settings, app: str) -> Finding:
    try:
        with store_of(chosen, app, write=False) as store:
            snapshot, writable, health = store.snapshot(), store.writable, store.health()
    except CatalogSyncError as error:
        return _failed("state", error)
    known = f"{len(snapshot.bindings)} ids, {len(snapshot.open_entries)} undecided calls"
    if not writable:
        return Finding("state", Check.WARNING, f"read-only: {known}", f"plan works; apply needs {_rights(chosen)}")
    message = f"{health.keeper}: {known}" if health.keeper else known
    if health.weakness:
        return Finding("state", Check.WARNING, f"{message}; {health.weakness}", "turn it on in the server's settings")
    return Finding("state", Check.OK, message)


def _rights(chosen: Settings) -> str:
    if isinstance(parse_location(chosen.state, chosen.folder), Server):
        return "a role that may write the tables of the state, on a server that is no standby"
    return "to write the file and its folder"


def _platform(chosen: Settings, app: str, catalogue: Catalogue) -> Iterator[Finding]:
    clock = SystemClock()
    try:
        door = door_of(chosen, clock)
        source = tokens(chosen, app, door, clock)
        source.get()
    except NotSent as error:
        emulated = chosen.origin.startswith("http://")
        hint = "is the emulator running? `catalog-sync emulator` starts it" if emulated else error.hint
        yield Finding("token", Check.FAILED, error.reason, hint or "is the platform reachable from here?")
        return
    except CatalogSyncError as error:
        yield _failed("token", error)
        return
    yield Finding("token", Check.OK, "the platform gives one, or one is set")
    kinds = {item.kind for item in catalogue.items}
    for registration in PROVIDERS.values():
        used = any(schema.kind in kinds for schema in registration.schemas)
        for provider in registration.clients(door, source, clock):
            yield from _interfaces(provider, needed=used or not registration.retired)
    yield _clock(provider, clock)
    door.close()


def _interfaces(provider: Provider, *, needed: bool) -> Iterator[Finding]:
    """Whether each interface still answers. One that the platform retires fails nobody who does not use it."""
    kind = provider.schema.kind
    for name, error in provider.probe().items():
        if error is None:
            yield Finding(f"{kind} {name}", Check.OK, "answers")
        elif needed:
            yield Finding(f"{kind} {name}", Check.FAILED, error.reason, error.hint or _hint(error))
        else:
            yield Finding(f"{kind} {name}", Check.SKIPPED, f"{error.reason}; this catalogue does not use it")


def _hint(error: CallError) -> str:
    return "is the platform reachable from here?" if isinstance(error, NotSent) else "try again in a while"


def _clock(provider: Provider, clock: SystemClock) -> Finding:
    off = provider.platform_now() - clock.now()
    if abs(off) <= CLOCK_SECONDS:
        return Finding("clock", Check.OK, "agrees with the platform's")
    return Finding(
        "clock", Check.WARNING, f"ours is {abs(off):.0f} s {'behind' if off > 0 else 'ahead of'} the platform's",
        "set this machine's clock; quota days follow the platform's all the same",
    )  # fmt: skip
