"""Drifting: what others changed on the platform since we last wrote, for `drift`."""

from __future__ import annotations

from catalog_sync.core.drift import Drift, find_drift
from catalog_sync.core.ports import Provider
from catalog_sync.engine.planning import after_settling
from catalog_sync.engine.settling import belongs, owned
from catalog_sync.engine.situation import Situation


def drift(situation: Situation, providers: tuple[Provider, ...]) -> tuple[Drift, ...]:
    """The drift of all systems, as if the journal were settled."""
    schemas = [provider.schema for provider in providers]
    now = after_settling(situation, schemas).snapshot
    return tuple(
        each
        for schema in schemas
        for each in find_drift(
            schema,
            owned(schema, now.bindings).values(),
            situation.seen[schema.kind],
            now.deleted(schema),
            [entry for entry in now.open_entries if belongs(schema, entry.address)],
        )
    )
