"""Waiting: until the platform's review has said something about every item."""

from __future__ import annotations

from catalog_sync.core.errors import TimedOut
from catalog_sync.core.model import Address, AuditStatus, Catalogue
from catalog_sync.core.sentence import Sentence
from catalog_sync.engine.planning import after_settling
from catalog_sync.engine.situation import Situation, look
from catalog_sync.engine.tools import Tools


def under_review(situation: Situation) -> list[Address]:
    """The items of the catalogue that are under review now, current or successor."""
    listed = {item.address: item.kind for item in situation.catalogue.items}
    found = []
    for address, binding in situation.snapshot.bindings.items():
        kind = listed.get(address)
        copies = (binding.current, binding.successor) if kind is not None else ()
        for copy in copies:
            remote = None if copy is None or kind is None else situation.seen[kind].remotes.get(copy.remote_id)
            if remote is not None and remote.status is AuditStatus.IN_AUDIT:
                found.append(address)
                break
    return sorted(found)


def wait_for_reviews(tools: Tools, catalogue: Catalogue, *, timeout: float | None, interval: float) -> float:
    """Look every `interval` seconds until nothing is under review. Returns the seconds that it took.

    Raises `TimedOut` after `timeout` seconds, with what is still under review.
    """
    began = tools.clock.monotonic()
    while True:
        situation = look(tools, catalogue, alone=False)
        waiting = under_review(after_settling(situation, [provider.schema for provider in tools.providers]))
        waited = tools.clock.monotonic() - began
        if not waiting:
            return waited
        left = interval if timeout is None else min(interval, timeout - waited)
        if left <= 0:
            told = (
                "1 item is still under review after {seconds} s, {address} among them"
                if len(waiting) == 1
                else "{count} items are still under review after {seconds} s, {address} among them"
            )
            raise TimedOut(
                Sentence(told, count=len(waiting), seconds=f"{waited:.0f}", address=waiting[0]),
                hint="a review can take hours; wait again, or see `catalog-sync status`",
            )
        told = "{count} under review; looking again in {seconds} s."
        tools.say(Sentence(told, count=len(waiting), seconds=f"{left:.0f}"))
        tools.clock.sleep(left)
