"""Saving: the plan document as a file, whole or not at all."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from tempfile import mkstemp

from catalog_sync.core.errors import UsageError
from catalog_sync.core.plandoc import PlanDocument
from catalog_sync.planfile.writing import to_json


def check_place(path: Path) -> None:
    """Raise `UsageError` where no plan can be written, before any work is done for it."""
    if not path.parent.is_dir():
        raise UsageError(f"--out: there is no folder {path.parent}", hint="make it first")
    if path.exists() and not path.is_file():
        raise UsageError(f"--out: {path} is no file", hint="name a file; the plan also goes to stdout")


def save(path: Path, shown: PlanDocument) -> None:
    """Write the document for its owner's eyes only: product names and prices are not everybody's. Raises
    `UsageError`."""
    try:
        handle, part = mkstemp(prefix=f".{path.name[:100]}.", dir=path.parent)  # made with mode 0600
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(to_json(shown) + "\n")
                file.flush()
                os.fsync(file.fileno())
            Path(part).replace(path)
        except BaseException:
            with suppress(OSError):
                Path(part).unlink()
            raise
    except OSError:
        raise UsageError(f"--out cannot be written: {path}", hint="check the folder, its mode and its disk") from None
