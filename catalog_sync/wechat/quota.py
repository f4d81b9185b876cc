"""The platform's own count of today's calls: POST /cgi-bin/openapi/quota/get, one path a call."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from catalog_sync.core.errors import Effect, InDoubt, NotSent, Refused
from catalog_sync.core.ports import PoolCount
from catalog_sync.wechat.answer import Answer
from catalog_sync.wechat.calls import Calls
from catalog_sync.wechat.retry import IMPATIENT

CALL = "quota"
PATH = "/cgi-bin/openapi/quota/get"
NOT_FOR_THIS_CALL = frozenset({48001, 61004, 61007})
"""Refusals that concern only the interface asked: an authorisation for set 52 alone has the goods but not this one."""
UNCOUNTED = 76021
"""C-doc: the path is unknown. Whether the live-goods paths are known is not documented (checked 2026-11-21)."""


def pool_counts(calls: Calls, paths: Mapping[str, Iterable[str]]) -> dict[str, PoolCount]:
    """The count of each pool by the paths that draw on it: that of the path used most. A pool that the platform does
    not tell is left out, all of them when it does not answer. Refused only when the account is refused."""
    counts: dict[str, PoolCount] = {}
    try:
        for pool, its_paths in paths.items():
            told = [count for path in its_paths if (count := _count(calls, path)) is not None]
            if told:
                counts[pool] = max(told, key=lambda count: (count.used, -count.limit))
    except (NotSent, InDoubt):
        return counts
    except Refused as refused:
        if refused.effect is Effect.ACCOUNT and refused.errcode not in NOT_FOR_THIS_CALL:
            raise
    return counts


def _count(calls: Calls, path: str) -> PoolCount | None:
    try:
        return _read(calls.ask(CALL, PATH, {"cgi_path": path}, schedule=IMPATIENT))
    except Refused as refused:
        if refused.errcode != UNCOUNTED:
            raise
    return None


def _read(answer: Answer) -> PoolCount | None:
    quota = answer.body.get("quota")
    if not isinstance(quota, dict):
        return None
    used, limit = quota.get("used"), quota.get("daily_limit")
    if type(used) is not int or type(limit) is not int or used < 0 or limit <= 0:
        return None
    return PoolCount(used, limit)
