"""What the platform said: the answer to one call, or why it is none."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from catalog_sync.core.errors import InDoubt
from catalog_sync.core.sentence import Sentence
from catalog_sync.wechat import json_text

SHOWN = 200
HIDDEN = "***"
SHORTEST_SECRET = 6
"""A shorter secret is a test's; to blank it out would blank out half of any sentence."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What came back over HTTP, before anybody made sense of it."""

    status: int
    content: bytes = field(repr=False)
    date: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer in the platform's own form. `errmsg` is cut and escaped; `body` is the whole object."""

    errcode: int
    errmsg: str
    body: Mapping[str, Any] = field(repr=False)


def understand(call: str, heard: Heard, secrets: Iterable[str]) -> Answer | InDoubt:
    """Make sense of what came back, or say (as the error, not raised) that it is not the platform's answer.

    Business errors come with HTTP 200 and a JSON object; a 404 and a 503 in plain text were seen in 2020 (the
    platform's documentation: OBS; checked 2026-11-21). An absent errcode is success.
    """
    if heard.status != 200:
        return InDoubt(call, Sentence("the answer was HTTP {status}", status=heard.status))
    try:
        body = json_text.read(heard.content)
    except ValueError:
        return InDoubt(call, "the answer was not JSON")
    if not isinstance(body, dict):
        return InDoubt(call, "the answer was not a JSON object")
    errcode = _errcode(body.get("errcode", 0))
    if errcode is None:
        return InDoubt(call, "the answer's errcode was not a number")
    return _answer(errcode, body, tuple(secrets))


def _answer(errcode: int, body: dict[str, object], secrets: tuple[str, ...]) -> Answer:
    if "errmsg" not in body:
        return Answer(errcode, "", body)
    said = _without(str(body["errmsg"]), secrets)
    return Answer(errcode, shown(said), {**body, "errmsg": said})


def _errcode(value: object) -> int | None:
    # OBS: errcode was at times a string ("300002"). Checked 2026-11-21, D-new and 2020-2022 threads.
    match value:
        case bool():
            return None
        case int():
            return value
        case Decimal() if value == value.to_integral_value() and abs(value) < 10**12:
            return int(value)
        case str() if value.strip().removeprefix("-").isdecimal() and len(value) < 20:
            return int(value)
        case _:
            return None


def _without(text: str, secrets: tuple[str, ...]) -> str:
    for each in secrets:
        if len(each) >= SHORTEST_SECRET:
            text = text.replace(each, HIDDEN)
    return text


def shown(text: str) -> str:
    """Text of the platform, fit for a message: at most 200 characters, control and direction marks escaped."""
    cut = text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"
    return "".join(_visible(each) for each in cut)


def _visible(char: str) -> str:
    harmless = char == " " or unicodedata.category(char)[0] not in "CZ"
    return char if harmless or char == "\u3000" else char.encode("unicode_escape").decode("ascii")
