"""How fast long work goes and how long the rest takes, as the live line tells it."""

from __future__ import annotations

import pytest

from catalog_sync.cli.pace import Pace
from catalog_sync.report.chinese import CHINESE

TOLD = [
    # done, total, seconds since the first 100 -> in English and Chinese
    (1200, 10_000, 3.0, "367/s, 24 s left", "每秒 367 个，还需 24 秒"),
    (160, 500, 90.0, "40/min, 8 min left", "每分钟 40 个，还需 8 分钟"),
    (101, 500, 3600.0, "1/h, 399 h left", "每小时 1 个，还需 399 小时"),
    (9_900, 10_000, 4.0, "2,450/s, 0 s left", "每秒 2,450 个，还需 0 秒"),
    (100, 500, 10.0, None, None),
    (200, 500, 0.2, None, None),
]


@pytest.mark.parametrize(("done", "total", "seconds", "english", "chinese"), TOLD)
def test_a_pace(done: int, total: int, seconds: float, english: str | None, chinese: str | None) -> None:
    told = Pace(100, 50.0).told(done, total, 50.0 + seconds)
    assert told == english
    assert (None if told is None else CHINESE.say(told)) == chinese
