"""Digests: equal meaning, equal text. Canonical JSON (sorted keys, no blanks, UTF-8) through SHA-256."""

from __future__ import annotations

import hashlib
import json

from catalog_sync.core.model import Values


def canonical(value: object) -> bytes:
    """The one spelling of a JSON value."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def digest(value: object) -> str:
    """`sha256:` and the hex digest of a JSON value's canonical bytes."""
    return "sha256:" + hashlib.sha256(canonical(value)).hexdigest()


def fingerprint(values: Values) -> str:
    """What is remembered of content and price that the platform refused."""
    return digest(list(values))
