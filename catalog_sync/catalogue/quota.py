"""The catalogue's `quota:`: what is spent of the platform's daily calls, and when a day begins."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from catalog_sync.catalogue.fields import Fields, WrongValue, whole_number
from catalog_sync.core.entry import Code, Scalar
from catalog_sync.core.model import PoolSetting, QuotaSettings

ZONE = "Asia/Shanghai"
"""Where the platform's days begin at midnight."""

_TIME = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")


def parse_day_start(value: Scalar) -> int:
    """`HH:MM` as seconds after midnight."""
    parts = _TIME.fullmatch(value.text)
    if parts is None:
        raise WrongValue('must be a time of day like "08:30"')
    return int(parts[1]) * 3600 + int(parts[2]) * 60


def parse_zone(value: Scalar) -> tzinfo:
    """A timezone by its IANA name."""
    try:
        return ZoneInfo(value.text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise WrongValue(f"must be the name of a timezone like {ZONE}") from None


def read_quota(fields: Fields | None, platform: Mapping[str, int]) -> QuotaSettings:
    """`quota:`. `platform` has the pools that may be named, with the platform's own limits."""
    if fields is None:
        return QuotaSettings({}, ZoneInfo(ZONE))
    pools = {name: setting for name in platform if (setting := _pool(fields, name, platform[name]))}
    quota = QuotaSettings(
        pools,
        zone=fields.take("timezone", parse_zone, parse_zone(Scalar(ZONE, 1, 1, plain=True))),
        day_starts=fields.take("day_starts", parse_day_start, 0),
    )
    fields.close()
    return quota


def _pool(fields: Fields, name: str, platform: int) -> PoolSetting | None:
    pool = fields.mapping(name)
    if pool is None:
        return None
    limit = pool.take("limit", whole_number(1), None)
    reserve_node = pool.node("reserve")
    reserve = pool.parsed("reserve", reserve_node, whole_number(0), 0)
    pool.close()
    allowed = platform if limit is None else limit
    if reserve_node is not None and reserve >= allowed:
        pool.wrong("reserve", reserve_node, WrongValue(f"must be under the limit of {allowed}", Code.RESERVE))
    return PoolSetting(limit, reserve)
