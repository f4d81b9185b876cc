"""What came of a run of the history, in a few words."""

from __future__ import annotations

from catalog_sync.core.ports import Run

_APPLIES = frozenset({"apply", "fleet apply"})
"""Commands that carry a plan out: whoever comes to its end has counts, if only zeros. Edits of the state have none."""


def broke_off(run: Run) -> bool:
    """Whether an apply ended before its plan was carried out: refused, declined, or by an error."""
    return run.command in _APPLIES and run.ended_at is not None and not run.summary


def came_of(run: Run, between: str) -> str:
    """The counts of a run that are not zero; empty where it has no end, or edited the state by hand."""
    if broke_off(run):
        return "did not come to its end"
    counts = [f"{count} {name.replace('_', ' ')}" for name, count in run.summary.items() if count]
    return between.join(counts) or ("nothing to do" if run.summary else "")
