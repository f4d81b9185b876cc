"""What came of a run of the history, in a few words."""

from __future__ import annotations

from catalog_sync.core.ports import Run

_APPLIES = frozenset({"apply", "fleet apply"})
"""Commands that carry a plan out: whoever comes to its end has counts, if only zeros. Edits of the state have none."""


def broke_off(run: Run) -> bool:
    """Whether a run ended before it had done what it was for: refused, declined, told to stop, or by an error. That it
    wrote no counts tells it of those that did not keep why."""
    return run.broken_off is not None or (run.command in _APPLIES and run.ended_at is not None and not run.summary)


def came_of(run: Run, between: str) -> str:
    """The counts of a run that are not zero, and why it broke off; empty where it has no end, or edited the state by
    hand."""
    counts = [f"{count} {name.replace('_', ' ')}" for name, count in run.summary.items() if count]
    if broke_off(run):
        why = "" if run.broken_off is None else f" ({run.broken_off})"
        return between.join([f"did not come to its end{why}", *counts])
    return between.join(counts) or ("nothing to do" if run.summary else "")
