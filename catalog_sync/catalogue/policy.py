"""The catalogue's `version:`, `app:` and `policy:`."""

from __future__ import annotations

import re
from decimal import Decimal

from catalog_sync.catalogue.fields import Fields, WrongValue, choice, truth, without_quotes
from catalog_sync.core.entry import Code, Scalar
from catalog_sync.core.model import CoverFit, InAudit, LockedChange, MaxDeletes, Rules, StockRule

VERSION = "1"
"""The only version of the catalogue's format. A catalogue that names none is of this one."""

# Every app id seen in the vendor's pages and SDKs has this form. Another one is a slip of the hand, or the id of
# something that is no app (an original id, gh_...).
APP = "wx[0-9a-f]{16}"
_APP = re.compile(APP)
_RATIO = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?")
_DELETES = re.compile(r"([0-9]{1,9})(%?)")


def parse_version(value: Scalar) -> str:
    """The format's version."""
    if value.text == VERSION:
        return value.text
    raise WrongValue(f"this program reads version {VERSION}", Code.VERSION)


def parse_app(value: Scalar) -> str:
    """An app id."""
    if _APP.fullmatch(value.text):
        return value.text
    raise WrongValue("must be wx and 16 digits or letters a to f", Code.APP)


def parse_max_deletes(text: str) -> MaxDeletes | None:
    """`N`, `N%` or `none` (None: no limit); raises `WrongValue`. The flag of the same name takes the same texts."""
    if text == "none":
        return None
    parts = _DELETES.fullmatch(text)
    if parts is None or (parts[2] and int(parts[1]) > 100):
        raise WrongValue("must be a number, a share from 0% to 100%, or none")
    number = int(parts[1])
    return MaxDeletes(percent=number) if parts[2] else MaxDeletes(number=number, percent=None)


def parse_ratio(value: Scalar) -> Decimal:
    """A number over 1, such as 5 or 1.5."""
    if value.plain and _RATIO.fullmatch(value.text) and (ratio := Decimal(value.text)) > 1:
        return ratio
    raise WrongValue("must be a number over 1" + without_quotes(value))


def read_rules(fields: Fields | None, default: Rules) -> Rules:
    """`policy:`, with the defaults for what it does not name."""
    if fields is None:
        return default
    rules = Rules(
        prune=fields.take("prune", truth, default.prune),
        max_deletes=fields.take("max_deletes", lambda value: parse_max_deletes(value.text), default.max_deletes),
        max_price_change=fields.take("max_price_change", parse_ratio, default.max_price_change),
        in_audit=fields.take("in_audit", choice(InAudit), default.in_audit),
        locked_change=fields.take("locked_change", choice(LockedChange), default.locked_change),
        cover_fit=fields.take("cover_fit", choice(CoverFit), default.cover_fit),
        stock=fields.take("stock", choice(StockRule), default.stock),
    )
    fields.close()
    return rules
