"""What to do next, in a fleet: hints speak to whoever runs a command for one shop, and a fleet lacks its flags."""

from __future__ import annotations

import re
import shlex

from catalog_sync.core.errors import UnsafePlan
from catalog_sync.core.guard import Hazard

FLAGS = frozenset({"--actor", "--api-base", "--parallelism", "--settle-after"})
"""Flags that hints name and a fleet takes, too."""


def in_a_fleet(hint: str, catalogue: str) -> str:
    """The hint, with what works for the shop of this catalogue."""
    told = re.sub(r"--state\b", "`state:` in the fleet's file", hint)
    if not {*re.findall(r"--[a-z-]+", told)} - FLAGS:
        return told
    alone = f"`catalog-sync apply -f {shlex.quote(catalogue)}`, with its state"
    return f"{told} (a fleet has no such flag; the commands for one shop have: {alone})"


def refusal(hazard: Hazard) -> UnsafePlan:
    """A guard's no. The one that a shop's policy can lift says so."""
    hint = hazard.hint
    if hazard.code == "too_many_deletes":
        policy = f"`policy: {{max_deletes: {hazard.count}}}`"
        hint = f"if it is meant: {policy} of this shop in the fleet's file, until that is done"
    return UnsafePlan(f"{hazard.code}: {hazard.message}", hint=hint)
