"""Simplified Chinese, as the people of a shop say it and as WeChat's own console names things.

A sentence that is missing here is shown in English; a test sees to it that none of the core, the systems and the
engine is.
"""

from __future__ import annotations

from catalog_sync.report.chinese.codes import CODES
from catalog_sync.report.chinese.commands import COMMANDS
from catalog_sync.report.chinese.diagnostics import DIAGNOSTICS
from catalog_sync.report.chinese.labels import (
    ACTIONS,
    ADVICE,
    CALLS,
    DISPOSITIONS,
    EXPLAINED,
    FIELDS,
    OUTCOMES,
    PLAIN,
    POOLS,
    STATUSES,
    SYSTEMS,
)
from catalog_sync.report.chinese.plans import PLANS
from catalog_sync.report.chinese.reasons import REASONS
from catalog_sync.report.chinese.runs import RUNS
from catalog_sync.report.chinese.texts import TEXTS
from catalog_sync.report.language import Words

CHINESE = Words(
    language="zh-Hans",
    actions=ACTIONS,
    dispositions=DISPOSITIONS,
    explained=EXPLAINED,
    statuses=STATUSES,
    outcomes=OUTCOMES,
    systems=SYSTEMS,
    fields=FIELDS,
    pools=POOLS,
    advice=ADVICE,
    texts=TEXTS,
    calls=CALLS,
    plain=PLAIN,
    reasons=REASONS,
    sentences={**PLANS, **RUNS, **CODES, **COMMANDS, **DIAGNOSTICS},
)
