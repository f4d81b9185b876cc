"""The file of `state pull` and `state push`: a shop's document as JSON text."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from catalog_sync.core.errors import StateUnreadable, UsageError


def document_text(document: Mapping[str, object]) -> str:
    """The document as text. JSON escapes all that is not ASCII: a name that is no UTF-8 survives, too."""
    return json.dumps(document, indent=1) + "\n"


def read_document(data: bytes, name: str) -> dict[str, object]:
    """The document in a file; whether it is a state is for the store to say. Raises `StateUnreadable`."""
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):
        raise StateUnreadable(
            f"{name} is not JSON, or not all of it is there ({len(data)} bytes); nothing was changed",
            hint="`catalog-sync state pull FILE` writes a whole file, or none",
        ) from None
    if not isinstance(document, dict):
        raise StateUnreadable(
            f"{name} is not a state; nothing was changed", hint="`catalog-sync state pull FILE` writes one"
        )
    return document


def write_document(path: Path, document: Mapping[str, object]) -> None:
    """Write the file as a whole or not at all, for its owner alone, in the place of one that is there. Raises
    `UsageError`."""
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with open(part, "x", encoding="ascii", opener=_for_the_owner) as file:
            file.write(document_text(document))
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        with suppress(OSError):
            part.unlink()
        reason = os.strerror(error.errno or 0).lower()
        raise UsageError(
            f"{path} cannot be written ({reason})", hint="check the folder, its mode and its room"
        ) from None


def _for_the_owner(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
