"""Reading what a client sent: JSON, forms with a file, numbers, widths. Strict where the platform is strict."""

import json
import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NoReturn

from catalog_sync.emulator.errors import Refusal

Json = dict[str, Any]
"""A JSON object; its numbers with a point are Decimals when a client sent them."""


def read_json(body: bytes, number: type[float] | type[Decimal] = Decimal) -> Json:
    """Read a body as a JSON object, numbers with a point as `number`.

    Raises the platform's 44002 when it is empty, 47001 when it is not one (DOC).
    """
    if not body:
        raise Refusal(44002, "empty post data")
    try:
        value = json.loads(body, parse_float=number, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise Refusal(47001, "data format error") from None
    if not isinstance(value, dict):
        raise Refusal(47001, "data format error")
    return value


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)


def read_whole(value: object) -> int | None:
    """Read an id: a JSON integer; None for anything else, a string of digits too."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


MOST = 10**15
"""Amounts from here on are no prices: arithmetic with cents would not be exact."""


def read_amount(value: object) -> Decimal | None:
    """Read a price in yuan: a number or a numeric string (OBS, DOC of 2020); None for anything else."""
    if isinstance(value, str) and not re.fullmatch(r"\d{1,15}(\.\d{1,15})?", value, re.ASCII):
        return None
    if not isinstance(value, int | Decimal | str) or isinstance(value, bool):
        return None
    amount = Decimal(value)
    return amount if abs(amount) < MOST else None


WIDE = {"wide": "WF", "ambiguous_wide": "WFA"}


def width_of(text: str, rule: str) -> int:
    """Half-width units of `text`: a Chinese character is two (DOC); how others count is `rule`.

    `wide`: East Asian Width W and F are two. `ambiguous_wide`: A too. `beyond_latin1`: every UTF-16 unit above
    U+00FF is two, so that most emoji are four.
    """
    if rule == "beyond_latin1":
        units = memoryview(text.encode("utf-16-le", "surrogatepass")).cast("H")
        return sum(2 if unit > 0xFF else 1 for unit in units)
    return sum(2 if unicodedata.east_asian_width(one) in WIDE[rule] else 1 for one in text)


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file of a form: its field, its name, its bytes."""

    field: str
    filename: str
    content: bytes


def read_files(content_type: str, body: bytes) -> list[SentFile]:
    """Find the files in a multipart body: the parts that have a filename."""
    boundary = re.search(r'boundary="?([^";,]+)"?', content_type)
    if "multipart/form-data" not in content_type.lower() or boundary is None:
        return []
    parts = (b"\r\n" + body).split(b"\r\n--" + boundary.group(1).encode("latin-1"))
    return [file for part in parts[1:] if (file := _read_part(part)) is not None]


def _read_part(part: bytes) -> SentFile | None:
    head, _, content = part.partition(b"\r\n\r\n")
    disposition = head.decode("utf-8", "replace")
    filename = re.search(r'filename\*?="?([^";\r\n]+)', disposition)
    field = re.search(r'[ ;]name="?([^";\r\n]+)', disposition)
    if filename is None or field is None:
        return None
    return SentFile(field.group(1), filename.group(1), content)
