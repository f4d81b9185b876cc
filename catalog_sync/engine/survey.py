"""Survey: how each item stands, for `status`: what is bound, what the review says, and whether it is as desired."""

from __future__ import annotations

from dataclasses import dataclass

from catalog_sync.core.bindings import bound_ids
from catalog_sync.core.model import Action, Address, AuditStatus, Binding, FieldKind, Item, Remote, Schema, system_of
from catalog_sync.core.plan import Plan, PlannedChange
from catalog_sync.core.ports import Provider
from catalog_sync.engine.planning import after_settling
from catalog_sync.engine.settling import owned
from catalog_sync.engine.situation import Situation


@dataclass(frozen=True, slots=True)
class ItemStatus:
    """One item of the catalogue, or one that is bound. `in_sync`: approved, and equal to the catalogue. `left` is the
    change that is still to come, `normalised` the fields that the platform shows in its own spelling; `name` as the
    catalogue has it, else as the platform shows it."""

    address: Address
    remote_id: int | None
    audit_id: int | None
    audit_status: AuditStatus | None
    in_sync: bool
    left: PlannedChange | None
    note: str | None = None
    normalised: tuple[str, ...] = ()
    name: str = ""


@dataclass(frozen=True, slots=True)
class Stranger:
    """A remote item that is bound to nothing."""

    remote_id: int
    name: str
    audit_status: AuditStatus | None
    console_made: bool


@dataclass(frozen=True, slots=True)
class Survey:
    """All items, in the catalogue's order and then by address, and the strangers, by id."""

    items: tuple[ItemStatus, ...]
    unmanaged: tuple[Stranger, ...]


def survey(situation: Situation, providers: tuple[Provider, ...], made: Plan) -> Survey:
    """How everything stands, by the plan that was made for this situation."""
    now = after_settling(situation, [provider.schema for provider in providers])
    left = {change.address: change for change in made.changes}
    listed = {item.address: item for item in sorted(situation.catalogue.items, key=lambda item: item.position)}
    addresses = [*listed, *sorted(set(now.snapshot.bindings) - listed.keys())]
    schemas = {provider.schema.prefix: provider.schema for provider in providers}
    items = tuple(
        _status(now, schemas[system_of(address)], address, left.get(address), listed.get(address))
        for address in addresses
    )
    strangers = tuple(each for provider in providers for each in _strangers(now, provider.schema))
    return Survey(items, strangers)


def _status(
    situation: Situation, schema: Schema, address: Address, left: PlannedChange | None, item: Item | None
) -> ItemStatus:
    binding = situation.snapshot.bindings.get(address)
    remote = None if binding is None else situation.seen[schema.kind].remotes.get(binding.current.remote_id)
    status = None if remote is None else remote.status
    return ItemStatus(
        address,
        None if binding is None else binding.current.remote_id,
        None if binding is None else binding.current.audit_id,
        status,
        in_sync=item is not None and left is None and status is AuditStatus.APPROVED,
        left=None if left is not None and left.action is Action.UNCHANGED and left.reason == "under_review" else left,
        note=situation.snapshot.notes.get(address),
        normalised=_normalised(schema, binding, remote),
        name=_name(schema, item or remote),
    )


def _name(schema: Schema, whose: Item | Remote | None) -> str:
    return "" if whose is None else str(schema.named(whose.values).get("name") or "")


def _normalised(schema: Schema, binding: Binding | None, remote: Remote | None) -> tuple[str, ...]:
    """Text that the platform shows otherwise than we sent it, and that it settled on."""
    if binding is None or remote is None:
        return ()
    copy = binding.current
    return tuple(
        field.name
        for field, sent, shown in zip(schema.fields, copy.sent, remote.values, strict=True)
        if field.kind is FieldKind.TEXT and sent != shown
    )


def _strangers(situation: Situation, schema: Schema) -> list[Stranger]:
    taken = bound_ids(owned(schema, situation.snapshot.bindings).values()) | situation.snapshot.deleted(schema)
    remotes = situation.seen[schema.kind].remotes.values()
    return [
        Stranger(remote.remote_id, _name(schema, remote), remote.status, not remote.ours)
        for remote in sorted(remotes, key=lambda remote: remote.remote_id)
        if remote.remote_id not in taken
    ]
