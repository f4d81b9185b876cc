"""What goes back to a client: the body as the platform writes it, and how it is sent."""

import json
import secrets
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from catalog_sync.emulator.errors import Refusal
from catalog_sync.emulator.reading import Json
from catalog_sync.emulator.settings import Settings

JSON_TYPE = "application/json; charset=UTF-8"
Cut = Literal["no", "before", "halfway"]


@dataclass(frozen=True, slots=True)
class Answer:
    """A body and how it is sent: `wait` seconds later, and cut `before` it, `halfway` or not."""

    status: str
    content_type: str
    body: bytes
    errcode: int | None = None
    wait: float = 0.0
    cut: Cut = "no"


def success(told: Json, settings: Settings) -> Answer:
    """Write a success. The documented samples differ in having errcode and errmsg; two settings say otherwise."""
    if settings["errmsg_on_success"] == "always":
        told = {**told, "errmsg": "ok"}
    if settings["errmsg_on_success"] == "never":
        told = {name: value for name, value in told.items() if name != "errmsg"}
    if settings["errcode_on_success"] == "absent":
        told = {name: value for name, value in told.items() if name != "errcode"}
    elif "errcode" in told and settings["errcode_type"] == "string":
        told = {**told, "errcode": "0"}
    return Answer("200 OK", JSON_TYPE, write_json(told), errcode=0)


def refused(refusal: Refusal, now: float, settings: Settings) -> Answer:
    """Write a refusal: HTTP 200, errcode, and a text that ends in a rid (OBS)."""
    told: Json = {**refusal.beside}
    if settings["errmsg_on_refusal"] == "present":
        told["errmsg"] = f"{refusal.text} {_mark(now, settings)}"
    told["errcode"] = str(refusal.code) if settings["errcode_type"] == "string" else refusal.code
    return Answer("200 OK", JSON_TYPE, write_json(told), errcode=refusal.code)


def plain(status: str, text: str, content_type: str = "text/plain") -> Answer:
    """Write what is not the platform's JSON."""
    return Answer(status, content_type, text.encode())


def write_json(value: object) -> bytes:
    """Write JSON as the platform does: UTF-8, nothing escaped."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=as_number).encode("utf-8", "replace")


def as_number(value: object) -> int | float:
    """Write a Decimal as the shortest JSON number: 129, 99.9."""
    if not isinstance(value, Decimal):
        raise TypeError(type(value).__name__)
    return int(value) if value == value.to_integral_value() else float(value)


def _mark(now: float, settings: Settings) -> str:
    """Name the request. OBS: three groups of eight hex digits, the first the unix time; older calls have a hint."""
    if settings["errmsg_mark"] == "hint":
        return f"hints: [ req_id: {secrets.token_urlsafe(10)} ]"
    return f"rid: {int(now):08x}-{secrets.token_hex(4)}-{secrets.token_hex(4)}"
