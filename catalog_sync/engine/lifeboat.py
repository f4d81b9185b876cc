"""Lifeboat: a file beside the state for answers that the state could not take.

The answer of an add holds the only copy of its ids. When the disk is full, or the lock is lost, at the very moment at
which it is to be stored, it is written here, one JSON object a line, and `state recover FILE` brings it back.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from threading import Lock

from catalog_sync.core.errors import StateUnreadable

PATTERN = "errored-*.jsonl"
"""The names of files that were not recovered yet."""


class Lifeboat:
    """Where one run saves what the state would not take. Safe for threads."""

    def __init__(self, folder: Path, run: str) -> None:
        self.path = folder / f"errored-{run}.jsonl"
        self._lock = Lock()

    def save(self, told: Mapping[str, object]) -> bool:
        """Append one answer, durably, for its owner's eyes only. False when even that cannot be written."""
        line = json.dumps(told, ensure_ascii=False, sort_keys=True) + "\n"
        try:
            with self._lock:
                handle = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
                with os.fdopen(handle, "w", encoding="utf-8") as file:
                    file.write(line)
                    file.flush()
                    os.fsync(file.fileno())
        except OSError:
            return False
        return True


def unrecovered(folder: Path) -> list[Path]:
    """The files of earlier runs that were not recovered."""
    return sorted(folder.glob(PATTERN))


def refuse_while_unrecovered(folder: Path) -> None:
    """Raise `StateUnreadable` while such a file lies there: what is in it may be the only copy of an id."""
    for path in unrecovered(folder):
        raise StateUnreadable(
            f"{path} holds answers that an earlier run could not store", hint=f"`catalog-sync state recover {path}`"
        )
