"""The seal: a plan's id ends in a checksum of the whole document, so that an edit of any of its values shows.

The plan's `digest` tells what will be done; it says nothing of the holds, the warnings and the counts that a reviewer
reads, too. The seal stands in the id, since that may differ between two documents of equal input.
It finds an edit, not a forger: whoever can write the file can seal it, and apply does only what it plans again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace

from catalog_sync.core.json_text import members
from catalog_sync.core.plandoc import PlanDocument

_LENGTH = 32


def sealed(shown: PlanDocument) -> PlanDocument:
    """The document with the seal behind its id."""
    return replace(shown, plan_id=f"{shown.plan_id}-{_checksum(members(shown))}")


def is_whole(read: Mapping[str, object]) -> bool:
    """Whether the values of a document are those that were sealed; how it is laid out does not matter."""
    name, _, seal = str(read.get("plan_id")).rpartition("-")
    return seal == _checksum({**read, "plan_id": name})


def _checksum(content: Mapping[str, object]) -> str:
    # ASCII, for a file name may hold bytes that are no UTF-8.
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), default=members)
    return hashlib.sha256(text.encode("ascii")).hexdigest()[:_LENGTH]
