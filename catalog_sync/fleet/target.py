"""One shop of a fleet: what `fleet.yaml` says of it, and the settings that a run of it has."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path

from catalog_sync.catalogue.sources import read_file
from catalog_sync.catalogue.syntax import BadFile
from catalog_sync.core.errors import AuthFailed, CatalogueInvalid, Diagnostic, Severity, StateUnreadable
from catalog_sync.core.model import Rules
from catalog_sync.wiring import DEFAULT_STATE, LOCAL_FOLDER, Settings

OF_ONE_SHOP = (
    "CATALOG_SYNC_APPID",
    "CATALOG_SYNC_SECRET",
    "CATALOG_SYNC_SECRET_FILE",
    "CATALOG_SYNC_ACCESS_TOKEN",
    "CATALOG_SYNC_TOKEN_COMMAND",
)
"""Variables that speak of one shop. In a fleet they would speak of all, so they are not looked at."""


_MOST_SECRET = 64 * 1024
"""Bytes of a file that holds a secret or an URL."""


class FleetInvalid(CatalogueInvalid):
    """`fleet.yaml`, or what it says of one shop, cannot be used; has the diagnostics."""

    def __init__(self, diagnostics: tuple[Diagnostic, ...], *, subject: str = "the fleet") -> None:
        super().__init__(diagnostics, hint="`catalog-sync fleet validate` lists them all")
        errors = sum(each.severity is Severity.ERROR for each in diagnostics)
        self.message = f"{subject} has {errors} {'error' if errors == 1 else 'errors'}"


class Way(StrEnum):
    """How a value that may be secret is got."""

    ENV = "env"
    FILE = "file"
    TOKEN_FILE = "token_file"  # noqa: S105 - the field's name
    TOKEN_COMMAND = "token_command"  # noqa: S105 - the field's name
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class Reference:
    """Where a value is: the name of a variable, a path, a command; with `PLAIN` the value itself: no secret."""

    way: Way
    text: str


@dataclass(frozen=True, slots=True)
class Target:
    """One shop. Paths are as messages name them; `position` counts from 0. Without `state` it has one of its own beside
    its catalogue. One that has `diagnostics` cannot be used."""

    name: str
    position: int
    app: str = ""
    catalogue: str = ""
    folder: str = ""
    state: Reference | None = None
    access: Reference | None = None
    api_base: str | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    overrule: Callable[[Rules], Rules] | None = None
    diagnostics: tuple[Diagnostic, ...] = ()

    def check(self) -> None:
        """Raise `FleetInvalid` when `fleet.yaml` is wrong about this shop."""
        if self.diagnostics:
            raise FleetInvalid(self.diagnostics, subject=f"{self.name} in the fleet's file")


def offline(target: Target, common: Settings) -> Settings:
    """The settings to read the shop's catalogue with; nothing secret is looked at."""
    target.check()
    return replace(
        common,
        file=target.catalogue,
        state=DEFAULT_STATE,
        api_base=common.given_api_base or target.api_base or common.api_base,
        environment={"CATALOG_SYNC_APPID": target.app},
        overrule=target.overrule,
        own_folder=Path(target.folder, LOCAL_FOLDER, target.name),
    )


def online(target: Target, common: Settings, secret_names: frozenset[str]) -> Settings:
    """The settings of a run: state and secret are looked up now. `secret_names` are the variables that the fleet's
    secrets stand in: a token command gets none of them. Raises `AuthFailed`, `StateUnreadable`."""
    bare = offline(target, common)
    hidden = {*OF_ONE_SHOP, *secret_names}
    environment = {name: value for name, value in common.environment.items() if name not in hidden}
    environment["CATALOG_SYNC_APPID"] = target.app
    return _with_access(replace(bare, state=state_of(target, common), environment=environment), target, common)


def state_of(target: Target, common: Settings) -> str:
    """The URL of the shop's state. Raises `StateUnreadable` where its reference leads nowhere."""
    return (
        DEFAULT_STATE if target.state is None else looked_up(target.state, common, StateUnreadable, "the state's URL")
    )


def _with_access(bare: Settings, target: Target, common: Settings) -> Settings:
    access = target.access
    if access is None:
        raise AuthFailed(
            f"{target.name} has no secret and no token",
            hint="give it secret:, token_file: or token_command: in the fleet's file, or in its defaults:",
        )
    match access.way:
        case Way.TOKEN_FILE:
            return replace(bare, token_file=Path(access.text))
        case Way.TOKEN_COMMAND:
            return replace(bare, environment={**bare.environment, "CATALOG_SYNC_TOKEN_COMMAND": access.text})
        case _:
            secret = looked_up(access, common, AuthFailed, "the secret")
            return replace(bare, environment={**bare.environment, "CATALOG_SYNC_SECRET": secret})


def looked_up(reference: Reference, common: Settings, error: type[AuthFailed | StateUnreadable], what: str) -> str:
    """The value behind a reference; the error names the reference, never the value."""
    if reference.way is Way.PLAIN:
        return reference.text
    if reference.way is Way.ENV:
        found = common.environment.get(reference.text, "").strip()
        problem = f"{what} is to be in the variable {reference.text}, which is not set"
    else:
        found, problem = _file_text(reference.text), f"{what} is to be in {reference.text}, which holds none"
    if not found:
        raise error(problem, hint="set it where this runs; it never stands in the fleet's file")
    return found


def _file_text(path: str) -> str:
    """What a small file holds; nothing where it is none, or where reading it would never end."""
    try:
        return read_file(path, max_bytes=_MOST_SECRET).decode().strip()
    except (BadFile, UnicodeDecodeError):
        return ""
