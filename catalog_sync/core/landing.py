"""What a call that was done changes in a binding: used when its answer came, and when looking showed that it landed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from catalog_sync.core.journal import Amendment, Entry
from catalog_sync.core.model import Binding, Copy, FieldKind, Role, Schema, Value, Values, Verb


def landed(
    schema: Schema,
    binding: Binding | None,
    entry: Entry,
    *,
    remote_id: int | None = None,
    audit_id: int | None = None,
    at: float | None,
    submitted_at: float | None = None,
) -> Amendment:
    """The amendment of a call that landed. `remote_id` and `audit_id` are what its answer told, or what was found;
    `at` is when it ended (our clock), `submitted_at` the same by the platform's clock, where it is known. Content that
    the platform took ends a refusal; an upload changes no binding."""
    amendment = _landed(schema, binding, entry, remote_id, audit_id, at, submitted_at)
    if entry.parent is None:
        return amendment
    # What the whole was refused for may have been this part.
    return replace(amendment, drafted=(entry.parent,), forgiven=(*amendment.forgiven, entry.parent))


def _landed(
    schema: Schema,
    binding: Binding | None,
    entry: Entry,
    remote_id: int | None,
    audit_id: int | None,
    at: float | None,
    submitted_at: float | None,
) -> Amendment:
    match entry.verb:
        case Verb.CREATE:
            if remote_id is None:
                raise ValueError("an item that was made has an id")
            return Amendment(
                put=(
                    _created(binding, entry, Copy(remote_id, audit_id, *_made(entry), at, submitted_at=submitted_at)),
                ),
                forgiven=(entry.address,),
            )
        case Verb.UPDATE:
            return _taken(entry, _on_copy(binding, entry, lambda copy: _updated(schema, copy, entry, at)))
        case Verb.SUBMIT:
            put = _on_copy(binding, entry, lambda copy: _submitted(copy, entry, audit_id, at, submitted_at))
            return replace(_taken(entry, put), submitted=(entry.address,) if schema.keyed else ())
        case Verb.DELETE:
            return _deleted(schema, binding, entry)
        case Verb.WITHDRAW:
            return _on_copy(binding, entry, lambda copy: replace(copy, audit_id=None, written_at=at, submitted_at=None))
        case Verb.UPLOAD:
            return Amendment()


def _taken(entry: Entry, amendment: Amendment) -> Amendment:
    return replace(amendment, forgiven=(entry.address,))


def _made(entry: Entry) -> tuple[Values, Values, Values, Values]:
    """What is known of an item that was just made: sent, submitted, echo and replaced."""
    if entry.values is None:
        raise ValueError("an item is made from values")
    nothing: Values = (None,) * len(entry.values)
    return entry.values, entry.values, nothing, nothing


def _created(binding: Binding | None, entry: Entry, copy: Copy) -> Binding:
    if binding is None or entry.role is Role.CURRENT:
        return Binding(entry.address, copy, protect=entry.protect)
    return replace(binding, successor=copy, protect=entry.protect)


def copy_of(binding: Binding | None, entry: Entry) -> Copy | None:
    """The remote item that an entry is about, while it is still bound."""
    for copy in (binding.current, binding.successor) if binding is not None else ():
        if copy is not None and copy.remote_id == entry.remote_id:
            return copy
    return None


def with_copy(binding: Binding, copy: Copy) -> Binding:
    """The binding with one of its copies replaced, known by its id."""
    if binding.current.remote_id == copy.remote_id:
        return replace(binding, current=copy)
    return replace(binding, successor=copy)


def _on_copy(binding: Binding | None, entry: Entry, change: Callable[[Copy], Copy]) -> Amendment:
    copy = copy_of(binding, entry)
    if binding is None or copy is None:
        return Amendment()  # a person forgot or rebound it in between
    return Amendment(put=(with_copy(binding, change(copy)),))


def _updated(schema: Schema, copy: Copy, entry: Entry, at: float | None) -> Copy:
    """What was sent is ours now; what the platform makes of it is yet to be seen."""
    sent, echo, replaced = list(copy.sent), list(copy.echo), list(copy.replaced)
    for name, value in _written(schema, entry).items():
        index = schema.index(name)
        sent[index], echo[index], replaced[index] = value, None, entry.before.get(name)
    return replace(copy, sent=tuple(sent), echo=tuple(echo), replaced=tuple(replaced), written_at=at)


def _written(schema: Schema, entry: Entry) -> dict[str, Value]:
    """The fields that a write set. Prices go together: one of the group that was not sent is absent from now on."""
    group = schema.of_kind(FieldKind.PRICE)
    cleared = group - entry.fields.keys() if group & entry.fields.keys() else frozenset()
    return {**entry.fields, **dict.fromkeys(cleared)}


def _submitted(copy: Copy, entry: Entry, audit_id: int | None, at: float | None, submitted_at: float | None) -> Copy:
    values = copy.sent if entry.values is None else entry.values
    return replace(copy, submitted=values, audit_id=audit_id, written_at=at, submitted_at=submitted_at)


def _deleted(schema: Schema, binding: Binding | None, entry: Entry) -> Amendment:
    gone = () if entry.remote_id is None else ((schema.prefix, entry.remote_id),)
    copy = copy_of(binding, entry)
    if binding is None or copy is None:
        return Amendment(tombstones=gone)
    if copy is binding.successor:
        return Amendment(put=(replace(binding, successor=None),), tombstones=gone)
    if binding.successor is not None:
        return Amendment(put=(replace(binding, current=binding.successor, successor=None),), tombstones=gone)
    return Amendment(drop=(binding.address,), tombstones=gone)
