"""The composition root: settings and environment become the parts of a run. The only reader of the clock.

A part is imported where a command needs it: `validate` waits for no database and no HTTP library.
"""

from __future__ import annotations

import getpass
import os
import re
import secrets
import shlex
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from catalog_sync import __version__
from catalog_sync.core.entry import Wording
from catalog_sync.core.errors import AuthFailed, CatalogueInvalid, Diagnostic, Severity, UsageError
from catalog_sync.core.model import Catalogue, Item, Rules
from catalog_sync.core.ports import Clock, Holder, PictureUnreadable, Run, Snapshot
from catalog_sync.providers import PROVIDERS, SCHEMAS, Registration, registration_of, schema_of

if TYPE_CHECKING:
    from catalog_sync.catalogue.covers import PictureFiles
    from catalog_sync.catalogue.fetch import CoverFetcher
    from catalog_sync.catalogue.loader import Loaded
    from catalog_sync.emulator.app import EmulatorApp
    from catalog_sync.engine.tools import Tools
    from catalog_sync.planfile import Provenance
    from catalog_sync.state.store import SqlStore
    from catalog_sync.wechat.http import CallEnded, Door
    from catalog_sync.wechat.token import TokenSource

LOCAL_FOLDER = ".catalog-sync"
DEFAULT_STATE = f"sqlite:///{LOCAL_FOLDER}/state.db"
DEFAULT_API_BASE = "https://api.weixin.qq.com"


class SystemClock:
    """This machine's clock. `sleep` ends early once `stopped` is set."""

    def __init__(self, stopped: Event | None = None) -> None:
        self._stopped = stopped or Event()

    def now(self) -> float:
        """Seconds since the epoch."""
        return time.time()

    def monotonic(self) -> float:
        """Seconds that never go back."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait, unless the run is told to stop."""
        self._stopped.wait(max(0.0, seconds))


@dataclass(frozen=True, slots=True)
class Settings:
    """What the user set, by flag, environment or default (contract section 2). Durations are seconds.

    A shop of a fleet has more: `overrule` makes of the catalogue's rules those that hold, `token_file` holds its token,
    and what its state cannot take is saved in `own_folder`, so that it stops no other shop. `call_ended` hears of each
    call to the platform. Where the state is to stay `untouched`, a copy of it is looked at. `given_api_base` is the
    platform that the user named: it wins over a shop's own, also where it is the default.
    """

    file: str
    state: str
    api_base: str
    parallelism: int
    settle_after: float
    lock_timeout: float
    actor: str
    commit: str | None
    run_url: str | None
    environment: Mapping[str, str]
    overrule: Callable[[Rules], Rules] | None = None
    token_file: Path | None = None
    own_folder: Path | None = None
    call_ended: CallEnded | None = None
    untouched: bool = False
    given_api_base: str | None = None

    @property
    def origin(self) -> str:
        """The platform's origin, by which the state is scoped."""
        from catalog_sync.wechat.http import origin_of

        return origin_of(self.api_base)

    @property
    def folder(self) -> Path:
        """The folder of the catalogue file: relative state lies there."""
        return Path(self.file).parent


@dataclass(frozen=True, slots=True)
class Voice:
    """How a run speaks while it works: sentences, and what is read with counts done and expected."""

    say: Callable[[str], None]
    progress: Callable[[str, int, int], None]


def settings(environment: Mapping[str, str], flags: Mapping[str, str | None]) -> Settings:
    """Settings from flags (by name, None where not given) and the environment. Raises `UsageError`."""

    for name, value in flags.items():
        if value == "":
            # A variable that was not set: the default would be another shop's state, or the real platform.
            raise UsageError(f"--{name.replace('_', '-')} is empty", hint="leave it out for the default")

    def pick(name: str, default: str) -> str:
        return flags.get(name) or environment.get(f"CATALOG_SYNC_{name.upper()}") or default

    if environment.get("CATALOG_SYNC_API_BASE") == "":
        raise UsageError(
            "CATALOG_SYNC_API_BASE is set and empty", hint=f"unset it for the platform ({DEFAULT_API_BASE})"
        )
    api_base = pick("api_base", "")
    return Settings(
        file=pick("file", "catalog.yaml"),
        state=_state_url(environment, flags.get("state")),
        api_base=api_base or DEFAULT_API_BASE,
        given_api_base=api_base or None,
        parallelism=_count("--parallelism", pick("parallelism", "4"), most=64),
        settle_after=duration("--settle-after", pick("settle_after", "10s")),
        lock_timeout=duration("--lock-timeout", pick("lock_timeout", "0s")),
        actor=_actor(environment, flags.get("actor")),
        commit=environment.get("GITHUB_SHA") or environment.get("CI_COMMIT_SHA") or None,
        run_url=_run_url(environment),
        environment=environment,
    )


def _state_url(environment: Mapping[str, str], flag: str | None) -> str:
    if flag:
        if holds_password(flag):
            raise UsageError(
                "--state must not hold a password: it shows in the process list",
                hint="put the URL into CATALOG_SYNC_STATE, or into a file that CATALOG_SYNC_STATE_FILE names",
            )
        return flag
    named = environment.get("CATALOG_SYNC_STATE_FILE")
    return environment.get("CATALOG_SYNC_STATE") or (
        _file_of(named, "CATALOG_SYNC_STATE_FILE") if named else DEFAULT_STATE
    )


def holds_password(url: str) -> bool:
    """Whether a state's URL has a password in it."""
    return bool(re.match(r"[^:/]+://[^/@]*:[^/@]*@", url) or re.search(r"[?&](ssl)?password=", url))


def _file_of(path: str, variable: str) -> str:
    """The one line of a file that holds a secret."""
    try:
        text = Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise UsageError(
            f"{variable} names a file that cannot be read: {path}", hint="check its path and mode"
        ) from None
    if not text:
        raise UsageError(f"{variable} names an empty file: {path}")
    return text


def _count(flag: str, text: str, *, most: int) -> int:
    if not re.fullmatch(r"[0-9]{1,4}", text) or not 1 <= int(text) <= most:
        raise UsageError(f"{flag} takes a whole number from 1 to {most} (found {text[:80]!r})")
    return int(text)


def duration(flag: str, text: str) -> float:
    """Seconds of a duration such as `500ms`, `30s`, `5m`, `25h`. Raises `UsageError`."""
    found = re.fullmatch(r"([0-9]{1,9}(?:\.[0-9]{1,3})?)(ms|s|m|h)", text)
    if found is None:
        raise UsageError(f"{flag} takes a duration such as 500ms, 30s, 5m or 2h (found {text[:80]!r})")
    return float(found[1]) * {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}[found[2]]


def _actor(environment: Mapping[str, str], flag: str | None) -> str:
    names = ("CATALOG_SYNC_ACTOR", "GITHUB_ACTOR", "GITLAB_USER_LOGIN")
    found = flag or next((environment[name] for name in names if environment.get(name)), None)
    if found:
        return found
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "unknown"


def _run_url(environment: Mapping[str, str]) -> str | None:
    if environment.get("GITHUB_RUN_ID"):
        server = environment.get("GITHUB_SERVER_URL", "https://github.com")
        return f"{server}/{environment.get('GITHUB_REPOSITORY', '')}/actions/runs/{environment['GITHUB_RUN_ID']}"
    return environment.get("CI_JOB_URL") or None


def load(chosen: Settings, wording: Wording | None = None) -> Loaded:
    """The catalogue, or None with what is wrong; warnings come either way."""
    from catalog_sync.catalogue.loader import read

    sections = [each.section for each in PROVIDERS.values()]
    return read(chosen.file, sections, wording=wording, overrule=chosen.overrule)


def wording_of(words: str | None, severity: str) -> Wording | None:
    """The words to look for: the list at this path, or our own; None for severity `off`. Raises `UsageError`."""
    from catalog_sync.catalogue.words import read_words

    return None if severity == "off" else read_words(words, Severity(severity))


def load_whole(chosen: Settings) -> tuple[Catalogue, tuple[Diagnostic, ...]]:
    """The catalogue and its warnings. Raises `CatalogueInvalid`."""
    loaded = load(chosen)
    if loaded.catalogue is None:
        raise CatalogueInvalid(loaded.diagnostics)
    return loaded.catalogue, loaded.diagnostics


def load_or_bare(chosen: Settings) -> Catalogue:
    """The catalogue; where there is none that can be used, one of nothing but its app. Raises `UsageError`."""
    loaded = load(chosen)
    if loaded.catalogue is not None:
        return loaded.catalogue
    from catalog_sync.catalogue.quota import read_quota

    app, quota = app_alone(chosen), read_quota(None, {})
    return Catalogue(chosen.file, app, Rules(), quota, (), adopt={}, moved={}, removed=(), digest="")


def cover_fetcher() -> CoverFetcher:
    """What fetches covers from the public internet."""
    from catalog_sync.catalogue.fetch import CoverFetcher

    return CoverFetcher()


def links(catalogue: Catalogue) -> dict[str, list[Item]]:
    """The pictures of a catalogue that are fetched when they are uploaded, and the items that have them."""
    found: dict[str, list[Item]] = {}
    for item in catalogue.items:
        if item.picture_path is None:
            for field, value in zip(schema_of(item.address).fields, item.values, strict=True):
                if field.uploaded(value):
                    found.setdefault(str(value), []).append(item)
    return found


def fetch_picture(catalogue: Catalogue, kind: str, url: str, hosts: frozenset[str]) -> PictureUnreadable | None:
    """Fetch a picture behind a link and check it as an upload would; what is wrong with it, or None."""
    from catalog_sync.catalogue.fetch import CoverFetcher

    try:
        pictures_of(catalogue, kind, CoverFetcher(hosts)).read(url, None)
    except PictureUnreadable as problem:
        return problem
    return None


def pictures_of(catalogue: Catalogue, kind: str, fetch: CoverFetcher) -> PictureFiles:
    """Where the pictures of one system's uploads come from."""
    from catalog_sync.catalogue.covers import PictureFiles

    limits = registration_of(kind)
    return PictureFiles(
        fetch, fit=catalogue.rules.cover_fit, max_bytes=limits.max_picture_bytes, max_side=limits.max_picture_side
    )


def app_of(chosen: Settings, catalogue: Catalogue) -> str:
    """The appid: the environment's or the catalogue's; both and different is an error. Raises `UsageError`."""
    return _app(chosen.environment, catalogue.app)


def app_alone(chosen: Settings) -> str:
    """The appid for what needs nothing else of the catalogue, whatever is wrong with that. Raises `UsageError`."""
    from catalog_sync.catalogue.head import read_app

    return _app(chosen.environment, read_app(chosen.file, [each.section.name for each in PROVIDERS.values()]))


def _app(environment: Mapping[str, str], written: str | None) -> str:
    named = _text_of(environment, "CATALOG_SYNC_APPID")
    if named and written and named != written:
        raise UsageError(
            f"CATALOG_SYNC_APPID ({named[:80]}) is not the catalogue's app ({written})",
            hint="a catalogue belongs to one app: unset the variable, or correct app:",
        )
    app = named or written
    if app is None:
        raise UsageError(
            "which app? The catalogue has no app:, and CATALOG_SYNC_APPID is not set",
            hint="set CATALOG_SYNC_APPID, or put app: at the top of the catalogue",
        )
    return app


def _text_of(environment: Mapping[str, str], variable: str) -> str | None:
    """A variable that goes to the platform; None where it is empty. Raises `UsageError` for bytes that are no text,
    without showing them: it may be a secret."""
    found = environment.get(variable)
    try:
        (found or "").encode("utf-8")
    except UnicodeEncodeError:
        raise UsageError(f"{variable} holds bytes that are no UTF-8", hint="set it again, without them") from None
    return found or None


def tokens(chosen: Settings, app: str, door: Door, clock: Clock) -> TokenSource:
    """Where access tokens come from: a file, a ready one, a command, or the app's secret, in this order."""
    from catalog_sync.wechat.token import ReadyToken, SecretToken
    from catalog_sync.wechat.token_command import TokenCommand
    from catalog_sync.wechat.token_file import TokenFile

    environment = chosen.environment
    if chosen.token_file is not None:
        return TokenFile(chosen.token_file)
    if environment.get("CATALOG_SYNC_ACCESS_TOKEN"):
        return ReadyToken(environment["CATALOG_SYNC_ACCESS_TOKEN"])
    if environment.get("CATALOG_SYNC_TOKEN_COMMAND"):
        return TokenCommand(environment["CATALOG_SYNC_TOKEN_COMMAND"], app, environment)
    named = environment.get("CATALOG_SYNC_SECRET_FILE")
    secret = _text_of(environment, "CATALOG_SYNC_SECRET") or (
        _file_of(named, "CATALOG_SYNC_SECRET_FILE") if named else None
    )
    if not secret:
        raise AuthFailed(
            "no secret and no token",
            hint="set CATALOG_SYNC_SECRET, CATALOG_SYNC_SECRET_FILE, CATALOG_SYNC_ACCESS_TOKEN or "
            "CATALOG_SYNC_TOKEN_COMMAND",
        )
    return SecretToken(door, app, secret, clock)


def door_of(chosen: Settings, clock: Clock) -> Door:
    """The way out to the platform."""
    from catalog_sync.wechat.http import Door, network_from

    network = network_from(chosen.environment, chosen.api_base)
    return Door(chosen.api_base, clock, network, call_ended=chosen.call_ended)


@contextmanager
def store_of(chosen: Settings, app: str, *, write: bool, must_exist: bool = False) -> Iterator[SqlStore]:
    """The state of this shop; a copy in memory where it may not be written and need not be, and always where it is to
    stay untouched. One that does not exist is made, unless it `must_exist`."""
    from catalog_sync.state.location import Server, parse_location
    from catalog_sync.state.opening import open_state, open_to_plan

    location = parse_location(chosen.state, chosen.folder)
    if write and location is None:
        raise UsageError(
            "a state in memory ends with the command, and all ids with it",
            hint=f"name a file, such as {DEFAULT_STATE}",
        )
    if write and (isinstance(location, Server) or chosen.own_folder is not None):
        with suppress(OSError):  # it is needed only where the state fails
            state_folder(chosen).mkdir(mode=0o700, parents=True, exist_ok=True)
    opener = partial(open_state, read_only=True) if chosen.untouched else open_state if write else open_to_plan
    with opener(chosen.state, origin=chosen.origin, app=app, base=chosen.folder, must_exist=must_exist) as store:
        yield store


@contextmanager
def tools_of(
    chosen: Settings,
    catalogue: Catalogue,
    voice: Voice,
    *,
    write: bool,
    online: bool = True,
    stopped: Event | None = None,
    cover_hosts: frozenset[str] = frozenset(),
    kinds: frozenset[str] = frozenset(),
) -> Iterator[Tools]:
    """All parts of a run, put together and taken apart again: those of the systems that it has to do with, and of
    `kinds`. One that is not `online` needs no secret."""
    from catalog_sync.catalogue.fetch import CoverFetcher
    from catalog_sync.engine.tools import Tools
    from catalog_sync.wechat.token import NoToken

    app = app_of(chosen, catalogue)
    clock = SystemClock(stopped)
    door = door_of(chosen, clock)
    source = tokens(chosen, app, door, clock) if online else NoToken()
    fetch = CoverFetcher(cover_hosts)
    with store_of(chosen, app, write=write) as store:
        try:
            yield Tools(
                providers=tuple(
                    client
                    for each in PROVIDERS.values()
                    if _concerned(each, catalogue, store, kinds)
                    for client in each.clients(door, source, clock)
                ),
                store=store,
                clock=clock,
                pictures={schema.kind: pictures_of(catalogue, schema.kind, fetch) for schema in SCHEMAS},
                parallelism=chosen.parallelism,
                settle_after=chosen.settle_after,
                say=voice.say,
                progress=voice.progress,
                folder=state_folder(chosen),
                read_only=not store.writable,
            )
        finally:
            door.close()


def _concerned(registration: Registration, catalogue: Catalogue, store: SqlStore, asked: frozenset[str]) -> bool:
    """Whether a system has anything to do with a run: a shop that has no items there does not depend on its answers.
    `asked` are kinds of items that a command is about, whether there are any or not."""
    kinds = {schema.kind for schema in registration.schemas}
    prefixes = {schema.prefix for schema in registration.schemas}
    return bool(kinds & asked | prefixes & store.systems()) or any(item.kind in kinds for item in catalogue.items)


def state_folder(chosen: Settings) -> Path:
    """Where answers are saved that the state cannot take: the folder of its file; for a state on a server the one in
    which the default state would be."""
    from catalog_sync.state.location import parse_location

    if chosen.own_folder is not None:
        return chosen.own_folder
    match parse_location(chosen.state, chosen.folder):
        case Path() as path:
            return path.parent
        case None:
            return chosen.folder
        case _:
            return chosen.folder / LOCAL_FOLDER


def holder(chosen: Settings, arguments: list[str]) -> Holder:
    """Who asks for the lock: this process; its command without a state URL's password."""
    command = shlex.join(arguments)[:200]
    return Holder(
        chosen.actor, socket.gethostname(), os.getpid(), re.sub(r"://[^/@\s]*@", "://***@", command), chosen.run_url
    )


def new_run(chosen: Settings, command: str) -> Run:
    """The record of a run that begins now."""
    return Run(secrets.token_hex(8), command, chosen.actor, chosen.commit, chosen.run_url, SystemClock().now())


def provenance(chosen: Settings, app: str, version: Snapshot) -> Provenance:
    """Who makes a plan now, from which state."""
    from catalog_sync.planfile import Provenance

    return Provenance(
        tool_version=__version__,
        plan_id=secrets.token_hex(8),
        created_at=SystemClock().now(),
        app=app,
        lineage=version.lineage,
        serial=version.serial,
        actor=chosen.actor,
        commit=chosen.commit,
        run_url=chosen.run_url,
    )


def emulator_app(*, db: Path | None, verdict: str, verdict_after: float, latency: float) -> EmulatorApp:
    """The emulator of every system. Raises `UsageError` for a file that cannot hold its world."""
    from catalog_sync.emulator.app import create_app
    from catalog_sync.emulator.errors import EmulatorError
    from catalog_sync.providers.live_goods.emulator import SYSTEM as LIVE_GOODS
    from catalog_sync.providers.mini_store.emulator import SYSTEM as MINI_STORE

    try:
        return create_app(
            [LIVE_GOODS, MINI_STORE], db=db, verdict=verdict, verdict_after=verdict_after, latency=latency
        )
    except EmulatorError as error:
        raise UsageError(str(error)) from None


def serve_emulator(app: EmulatorApp, host: str, port: int, announce: Callable[[str], None]) -> int:
    """Serve until a signal, and give its number. Raises `UsageError` where it cannot listen."""
    from catalog_sync.emulator.errors import EmulatorError
    from catalog_sync.emulator.server import run

    try:
        return run(app, host, port, announce)
    except EmulatorError as error:
        raise UsageError(str(error), hint="--port 0 picks a free one") from None
