"""The catalogue as JSON Schema (draft-07), for editors that check and complete while somebody types."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from enum import StrEnum

from catalog_sync.catalogue.policy import APP, VERSION
from catalog_sync.catalogue.quota import ZONE
from catalog_sync.core.entry import Section
from catalog_sync.core.json_schema import KEY, JsonSchema, fields, keyed, optional
from catalog_sync.core.model import CoverFit, InAudit, LockedChange, Rules, StockRule

DIALECT = "http://json-schema.org/draft-07/schema#"

_DEFAULTS = asdict(Rules())


def catalogue_schema(sections: Sequence[Section]) -> JsonSchema:
    """The schema of a catalogue, and of the YAML files that it includes, with these sections."""
    pools = {name: limit for section in sections for name, limit in section.pools.items()}
    properties = {**_head(pools), **{section.name: section.json_schema() for section in sections}, **_bindings()}
    return {"$schema": DIALECT, "title": "catalog-sync", **fields("A catalogue of catalog-sync.", properties)}


def _head(pools: Mapping[str, int]) -> dict[str, JsonSchema]:
    return {
        "version": {
            "description": "The version of this format.",
            "enum": [int(VERSION), VERSION],
            "default": int(VERSION),
        },
        "app": {
            "description": "The Mini Program's appid; CATALOG_SYNC_APPID may name it instead. Its secret never stands "
            "in a file.",
            "type": ["string", "null"],
            "pattern": f"^{APP}$",
            "examples": ["wx0123456789abcdef"],
        },
        "policy": optional(fields("How edits are carried out, and what a run may not do.", _policy())),
        "quota": optional(fields("How much of the platform's daily calls may be spent.", _quota(pools))),
        "include": {
            "description": "More files (YAML, CSV, JSON Lines) and globs below this file's folder.",
            "type": ["array", "null"],
            "items": {"type": "string", "minLength": 1},
            "examples": [["goods/*.yaml", "goods/autumn.csv"]],
        },
    }


def _policy() -> dict[str, JsonSchema]:
    return {
        "prune": {
            "description": "Delete goods that we bound and the catalogue no longer lists.",
            "type": "boolean",
            "default": _DEFAULTS["prune"],
        },
        "max_deletes": {
            "description": "How many deletes and replacements a run may make: a number, a share of the bound goods "
            "(which always allows 3), or none for no limit.",
            "type": ["integer", "string"],
            "minimum": 0,
            "pattern": "^([0-9]{1,9}|0*(100|[0-9]{1,2})%|none)$",
            "default": "20%",
            "examples": ["20%", 10, "none"],
        },
        "max_price_change": {
            "description": "A price this many times higher or lower is held back: yuan mistaken for fen?",
            "type": "number",
            "exclusiveMinimum": 1,
            "default": int(_DEFAULTS["max_price_change"]),
        },
        "in_audit": _choice(
            "An edit of goods under review: cheapest withdraws for content and lets a price wait for the verdict.",
            InAudit,
        ),
        "locked_change": _choice(
            "An edit of approved content: hold it back, add a new item and delete the old one, or the same once the "
            "new one is approved.",
            LockedChange,
        ),
        "cover_fit": _choice("A cover over 300 x 300 pixels: refuse it, or pad or crop it at upload.", CoverFit),
        "stock": _choice("SKUs: write stock when our value changed, or whenever the platform's differs.", StockRule),
    }


def _choice(description: str, kind: type[StrEnum]) -> JsonSchema:
    default = next(value for value in _DEFAULTS.values() if isinstance(value, kind))
    return {
        "description": description,
        "type": "string",
        "enum": [each.value for each in kind],
        "default": default.value,
    }


def _quota(pools: Mapping[str, int]) -> dict[str, JsonSchema]:
    return {
        **{name: _pool(name, limit) for name, limit in pools.items()},
        "day_starts": {
            "description": "When a quota day begins, in timezone.",
            "type": "string",
            "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$",
            "default": "00:00",
        },
        "timezone": {"description": "The name of a timezone.", "type": "string", "default": ZONE, "examples": [ZONE]},
    }


def _pool(name: str, limit: int) -> JsonSchema:
    amounts: dict[str, JsonSchema] = {
        "limit": {"description": "How many a day.", "type": "integer", "minimum": 1, "default": limit},
        "reserve": {
            "description": "How many a plan leaves to people.",
            "type": "integer",
            "minimum": 0,
            "default": 0,
        },
    }
    return optional(fields(f"The calls of pool {name}: {limit} a day is the platform's limit.", amounts))


def _bindings() -> dict[str, JsonSchema]:
    identity: JsonSchema = {"description": "The goodsId.", "type": "integer", "minimum": 1}
    target: JsonSchema = {"description": "The key's new name.", "type": ["string", "number"]}
    return {
        "adopt": optional(keyed("Bind existing goods to keys of this catalogue.", KEY, identity))
        | {"examples": [{"tit-cup": 51}]},
        "moved": optional(keyed("Keys that were renamed: from -> to.", KEY, target))
        | {"examples": [{"tea": "tea-set"}]},
        "removed": {
            "description": "Keys to forget without deleting their goods.",
            "type": ["array", "null"],
            "items": {"type": ["string", "number"]},
            "examples": [["last-years-cup"]],
        },
    }
