"""The single values of `fleet.yaml`."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

from catalog_sync.catalogue.fields import WrongValue
from catalog_sync.catalogue.sources import Folder
from catalog_sync.core.entry import Code, Explained, Scalar
from catalog_sync.core.errors import UsageError
from catalog_sync.fleet.target import Reference, Way
from catalog_sync.wechat.http import origin_of
from catalog_sync.wiring import holds_password

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_CRON = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))
"""The least and the greatest number of each field of a cron line."""

_CRON_PART = re.compile(r"(?:\*|([0-9]{1,2})(?:-([0-9]{1,2}))?)(?:/[1-9][0-9]?)?")


class FleetCode(Explained):
    """What can be wrong with a fleet's file beside what can be wrong with any."""

    OUTSIDE = "outside", "A file that a fleet names is outside of the fleet's folder."
    APP_TWICE = "app_twice", "Two shops of a fleet have one appid: they would undo each other's work."
    REFERENCE = "reference", "A secret, or an URL with a password, stands where only its place may be named."
    NO_TARGETS = "no_targets", "A fleet lists no shops at all."


def parse_reference(folder: Folder, value: Scalar) -> Reference:
    """Where a secret is: `env:NAME` or `file:PATH`. Raises `WrongValue`, which never shows what was found."""
    way, _, rest = value.text.partition(":")
    if way == Way.ENV and _VARIABLE.fullmatch(rest):
        return Reference(Way.ENV, rest)
    if way == Way.FILE and rest:
        return Reference(Way.FILE, parse_path(folder, value._replace(text=rest)))
    raise WrongValue("must be env:NAME or file:PATH; the value itself never stands in this file", FleetCode.REFERENCE)


def parse_state(folder: Folder, value: Scalar) -> Reference:
    """A state's URL, or where it is. A SQLite file is relative to the fleet's folder, and lies in it."""
    if value.text.startswith(("env:", "file:")):
        return parse_reference(folder, value)
    if holds_password(value.text):
        raise WrongValue("must not hold a password; name where the URL is: env:NAME or file:PATH", FleetCode.REFERENCE)
    if value.text.startswith("sqlite:///"):
        path = parse_path(folder, value._replace(text=value.text.removeprefix("sqlite:///")))
        return Reference(Way.PLAIN, f"sqlite:///{os.path.abspath(path)}")  # noqa: PTH100 - a text, as all paths here
    if value.text.startswith(("postgresql://", "postgres://")):
        return Reference(Way.PLAIN, value.text)
    raise WrongValue("must be sqlite:///PATH, postgresql://..., env:NAME or file:PATH")


def parse_path(folder: Folder, value: Scalar, *, must_exist: bool = False) -> str:
    """A path below the fleet's folder, links followed. Raises `WrongValue`."""
    real = folder.resolve(folder.root, value.text)
    if real is None:
        raise WrongValue("must be a file below the fleet's folder, links followed", FleetCode.OUTSIDE)
    if must_exist and not os.path.isfile(real):  # noqa: PTH113 - a text, as all paths here
        raise WrongValue("the file does not exist", Code.FILE_MISSING)
    return os.path.join(folder.shown, value.text)  # noqa: PTH118 - as the user would name it


def parse_name(value: Scalar) -> str:
    """The name of a shop, or the value of a label. Raises `WrongValue`."""
    if NAME.fullmatch(value.text):
        return value.text
    raise WrongValue("must begin with a letter or digit; then those, and . _ -, at most 64", Code.WRONG_KEY)


def parse_cron(value: Scalar) -> str:
    """When to reconcile. Raises `WrongValue`."""
    fields = value.text.split(" ")
    if len(fields) != len(_CRON) or not all(
        _in_bounds(part, *bounds) for field, bounds in zip(fields, _CRON, strict=True) for part in field.split(",")
    ):
        raise WrongValue("must be a cron line of five fields, such as 17 * * * *")
    _minute, _hour, days, months, weekdays = fields
    if weekdays == "*" and not any(_first(days) <= _LONGEST[month - 1] for month in _numbers(months)):
        raise WrongValue("names a day that no month has, so that it would never come")
    return value.text


_LONGEST = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
"""Days of the months, from January on."""


def _first(days: str) -> int:
    return min(int(re.sub(r"\D.*", "", part) or "1") for part in days.split(","))


def _numbers(months: str) -> Iterator[int]:
    """The months of a field of a cron line; a number with a step stands for those from there on."""
    for part in months.split(","):
        numbers, _, step = part.partition("/")
        least, _, greatest = numbers.replace("*", "1-12").partition("-")
        yield from range(int(least), int(greatest or (12 if step else least)) + 1, int(step or 1))


def _in_bounds(part: str, least: int, greatest: int) -> bool:
    match = _CRON_PART.fullmatch(part)
    return match is not None and all(least <= int(number) <= greatest for number in match.groups() if number)


def parse_api_base(value: Scalar) -> str:
    """Where the platform is. Raises `WrongValue`."""
    try:
        origin_of(value.text)
    except UsageError as problem:
        raise WrongValue(problem.message) from None
    return value.text
