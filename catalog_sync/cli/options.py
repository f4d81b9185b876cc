"""Options that commands share, and what they become."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

import click

from catalog_sync.cli.console import Console
from catalog_sync.cli.language import LANGUAGES
from catalog_sync.core.errors import UsageError
from catalog_sync.core.model import Address, MaxDeletes
from catalog_sync.wiring import Settings, Voice, settings

if TYPE_CHECKING:
    from catalog_sync.core.plan import Selection

F = TypeVar("F", bound=Callable[..., object])

_SETTINGS = ("file", "state", "api_base", "parallelism", "settle_after", "lock_timeout", "actor")


def common(*formats: str, left_out: tuple[str, ...] = ()) -> Callable[[F], F]:
    """The settings of contract section 2, but those `left_out`, which the command finds elsewhere; `formats` are those
    that it prints."""

    def decorate(command: F) -> F:
        kept = [each for name, each in zip(_NAMES, _common(formats), strict=True) if name not in left_out]
        for option in reversed(kept):
            command = option(command)
        return command

    return decorate


_NAMES = (*_SETTINGS, "format", "lang", "verbose", "quiet", "log_format")
"""The options of `_common`, in its order."""


def _common(formats: tuple[str, ...]) -> list[Callable[[F], F]]:
    return [
        click.option("-f", "--file", metavar="PATH", help="The catalogue file. [default: catalog.yaml]"),
        click.option("--state", metavar="URL", help="Where ids are kept. [default: sqlite:///.catalog-sync/state.db]"),
        click.option("--api-base", metavar="URL", help="The platform. [default: https://api.weixin.qq.com]"),
        click.option("--parallelism", metavar="N", help="Calls side by side. [default: 4]"),
        click.option("--settle-after", metavar="DURATION", help="How long the platform may lag. [default: 10s]"),
        click.option("--lock-timeout", metavar="DURATION", help="How long to wait for another run. [default: 0s]"),
        click.option("--actor", metavar="NAME", help="Who does this. [default: the CI's or the user's name]"),
        click.option(
            "--format", "format_", type=click.Choice(formats or ("text", "json")), envvar="CATALOG_SYNC_FORMAT",
            default="text", show_default=True, help="What stdout holds.",
        ),
        click.option(
            "--lang", type=click.Choice(LANGUAGES), envvar="CATALOG_SYNC_LANG",
            help="The language of what people read; JSON stays English. [default: the locale's, else en]",
        ),
        click.option("-v", "--verbose", count=True, help="Show each call on stderr (twice: its time, too)."),
        click.option("-q", "--quiet", is_flag=True, help="No messages, only the result."),
        click.option(
            "--log-format", type=click.Choice(["text", "json"]), envvar="CATALOG_SYNC_LOG_FORMAT", default="text",
            help="How messages on stderr are written: lines, or JSON lines.",
        ),
    ]  # fmt: skip


class Given:
    """What the user gave to a command: settings, and where it prints."""

    def __init__(self, options: dict[str, object]) -> None:
        flags = {name: _text(options.pop(name, None)) for name in _SETTINGS}
        self.console = Console(
            str(options.pop("format_")),
            verbose=int(str(options.pop("verbose"))),
            quiet=bool(options.pop("quiet")),
        )
        for name in ("log_format", "lang"):  # the border has looked at them: messages come before options are known
            options.pop(name)
        self.settings: Settings = settings(os.environ, flags)
        self.rest = options

    @property
    def voice(self) -> Voice:
        """How a run speaks to this user."""
        return Voice(self.console.say, self.console.progress)


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def selecting(command: F) -> F:
    """The selection of contract section 4."""
    for option in reversed(_SELECTION):
        command = option(command)
    return command


_SELECTION: list[Callable[[F], F]] = [
    click.option("--target", metavar="ADDRESS", multiple=True, help="Only this item (repeat for more)."),
    click.option("--exclude", metavar="ADDRESS", multiple=True, help="Not this item."),
    click.option("--no-prune", is_flag=True, help="Delete nothing that the catalogue no longer lists."),
    click.option("--resubmit", metavar="ADDRESS", multiple=True, help="Submit it again although nothing changed."),
    click.option("--allow-twin", metavar="ADDRESS", multiple=True, help="Add it beside an item that looks the same."),
    click.option("--allow-price-change", metavar="ADDRESS", multiple=True, help="Its price may jump."),
    click.option("--max-deletes", metavar="N|N%|none", help="How many deletes and replacements this run may make."),
    click.option("--accept-losses", is_flag=True, help="Many bound items are really gone: add them again."),
]


def selection(options: dict[str, object], *, refresh: bool = True) -> Selection:
    """The selection that the options name. Raises `UsageError`."""
    from catalog_sync.core.plan import Selection  # noqa: PLC0415 - `validate` plans nothing

    limit, no_limit = _max_deletes(_text(options.pop("max_deletes", None)))
    return Selection(
        target=_addresses(options.pop("target", ())),
        exclude=_addresses(options.pop("exclude", ())),
        prune=not options.pop("no_prune", False),
        resubmit=_addresses(options.pop("resubmit", ())),
        allow_twin=_addresses(options.pop("allow_twin", ())),
        allow_price_change=_addresses(options.pop("allow_price_change", ())),
        max_deletes=limit,
        no_limit=no_limit,
        accept_losses=bool(options.pop("accept_losses", False)),
        refresh=refresh,
    )


def _addresses(given: object) -> tuple[Address, ...]:
    words = given if isinstance(given, tuple) else ()
    return tuple(sorted({Address(str(word)) for word in words}))


def _max_deletes(text: str | None) -> tuple[MaxDeletes | None, bool]:
    if text is None:
        return None, False
    if text == "none":
        return None, True
    share = text.endswith("%")
    digits = text.removesuffix("%")
    if not (digits.isascii() and digits.isdigit()) or len(digits) > 9 or (share and int(digits) > 100):
        raise UsageError(f"--max-deletes takes a number, a share such as 30%, or none (found {text[:80]!r})")
    number = int(digits)
    return (MaxDeletes(percent=number) if share else MaxDeletes(number=number, percent=None)), False
