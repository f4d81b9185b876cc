"""The nouns of catalog-sync: frozen values that flow from the catalogue and the platform to the plan.

Money is an integer of fen (1 yuan = 100 fen) everywhere inside; yuan exist only in files and on the wire.
Instants are seconds since the Unix epoch as float; quota days are `datetime.date`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import tzinfo
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple, NewType, TypeAlias

Address = NewType("Address", str)
"""Where an item stands: the section's prefix, a dot and the item's key, as in `goods.tit-cup`."""


Value: TypeAlias = str | int | None
"""One field: text as it is, money in fen, a picture by its identity (see `Field`), None when absent."""

Values: TypeAlias = tuple[Value, ...]
"""The fields of one item in the order of its system's `Schema.fields`."""

KEEP = "keep"
"""Picture identity of "the item's own picture": not managed by the catalogue."""


def system_of(address: Address) -> str:
    """The prefix of an address: the system whose ids its items have."""
    return address.partition(".")[0]


def key_of(address: Address) -> str:
    """What stands behind the prefix of an address: the item's own key."""
    return address.partition(".")[2]


class AuditStatus(StrEnum):
    """Where an item stands in the platform's review."""

    UNAUDITED = "unaudited"
    IN_AUDIT = "in_audit"
    APPROVED = "approved"
    REJECTED = "rejected"


class Action(StrEnum):
    """What a change does to an item, as the plan document names it."""

    ADD = "add"
    UPDATE = "update"
    RESUBMIT = "resubmit"
    REPLACE = "replace"
    DELETE = "delete"
    ADOPT = "adopt"
    MOVE = "move"
    FORGET = "forget"
    UNCHANGED = "unchanged"


class Disposition(StrEnum):
    """Whether a change goes today (ready), on a later day (deferred), after the review, or not by itself."""

    READY = "ready"
    DEFERRED = "deferred"
    WAITING = "waiting"
    BLOCKED = "blocked"


class Verb(StrEnum):
    """What a platform call does to an item, whatever the system calls it."""

    UPLOAD = "upload"
    CREATE = "create"
    UPDATE = "update"
    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    DELETE = "delete"


SENDS_CONTENT = frozenset({Verb.CREATE, Verb.UPDATE, Verb.SUBMIT})
"""The verbs that the platform may refuse for what the item says."""


class Role(StrEnum):
    """Which of a binding's two remote items: the one on sale, or the one that is to replace it."""

    CURRENT = "current"
    SUCCESSOR = "successor"


class FieldKind(StrEnum):
    """How a field is compared (rules section 2): three-way, by identity, as one group, when ours changed, or never."""

    TEXT = "text"
    PICTURE = "picture"
    PRICE = "price"
    STOCK = "stock"
    SHOWN = "shown"


class InAudit(StrEnum):
    """What an edit does to goods under review."""

    CHEAPEST = "cheapest"
    WITHDRAW = "withdraw"
    WAIT = "wait"


class LockedChange(StrEnum):
    """What an edit of content does to approved goods, whose content the platform has locked."""

    BLOCK = "block"
    REPLACE = "replace"
    REPLACE_AFTER_APPROVAL = "replace_after_approval"


class CoverFit(StrEnum):
    """What to do with a cover over 300 x 300 pixels."""

    ERROR = "error"
    PAD = "pad"
    CROP = "crop"


class StockRule(StrEnum):
    """When stock is written: when the catalogue's value changed, or whenever the platform's differs."""

    ON_CHANGE = "on_change"
    ENFORCE = "enforce"


class Fold(StrEnum):
    """How a text field is folded before twins and candidates are compared. DIGITS: leading zeros say nothing.
    MEMBERS: a JSON object, whose members have no order."""

    TEXT = "text"
    URL = "url"
    DIGITS = "digits"
    MEMBERS = "members"


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a system.

    A picture's value is its identity: `sha256:` and the hex digest of a file's bytes, the text of an https
    URL, or `KEEP`. `identifying` fields tell twins apart from strangers when their folded texts are equal. `money`
    fields are fen inside and yuan in every document. Of a `linkable` picture an URL is sent as it is, not uploaded.
    """

    name: str
    kind: FieldKind
    fold: Fold = Fold.TEXT
    identifying: bool = False
    money: bool = False
    linkable: bool = False

    def uploaded(self, value: Value) -> bool:
        """Whether a call sends the upload of this value in its stead."""
        if self.kind is not FieldKind.PICTURE or value == KEEP:
            return False
        return not (self.linkable and str(value).startswith(("https://", "http://")))


@dataclass(frozen=True, slots=True)
class Schema:
    """The fields of one system's items, in the order of `Values`.

    `keyed` says that the platform carries our key (Mini Store's out_sku_id), so that a remote item is
    recognised without the state. `parent` is the kind of the items that these are parts of, and that are put before
    the reviewer in their stead (None: they stand alone).
    """

    kind: str
    prefix: str
    fields: tuple[Field, ...]
    keyed: bool = False
    parent: str | None = None
    prices_at: tuple[int, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Note where the prices stand: every comparison of every item asks."""
        places = tuple(at for at, each in enumerate(self.fields) if each.kind is FieldKind.PRICE)
        object.__setattr__(self, "prices_at", places)

    def index(self, name: str) -> int:
        """The position of a field in `Values`; KeyError names one that is not of this system."""
        for position, each in enumerate(self.fields):
            if each.name == name:
                return position
        raise KeyError(name)

    def named(self, values: Values) -> dict[str, Value]:
        """The values by field name, in the schema's order."""
        return {each.name: value for each, value in zip(self.fields, values, strict=True)}

    def of_prices(self, values: Values) -> Values:
        """The price group: all its fields, compared as one."""
        return tuple([values[at] for at in self.prices_at])

    def of_kind(self, kind: FieldKind) -> frozenset[str]:
        """The names of the fields that are compared in this way."""
        return frozenset(each.name for each in self.fields if each.kind is kind)


class Place(NamedTuple):
    """Where something stands: a file as the user wrote it, line and column from 1 (0: the file as a whole)."""

    file: str
    line: int
    column: int = 0


@dataclass(frozen=True, slots=True)
class Item:
    """One desired item. `position` is its rank in the catalogue (all files in their order), from 0.

    `picture_path` is the absolute path of a local picture, None for a URL or `KEEP`. `needed_by` is an
    instant. `locked_change` overrides the catalogue's policy. `parent` is the item that it is a part of.
    """

    address: Address
    kind: str
    key: str
    values: Values
    place: Place
    position: int
    picture_path: str | None = None
    priority: int = 0
    needed_by: float | None = None
    protect: bool = False
    locked_change: LockedChange | None = None
    parent: Address | None = None


@dataclass(frozen=True, slots=True)
class MaxDeletes:
    """The guard against a catalogue that lost its items: a number, or a share in percent of what is bound."""

    number: int | None = None
    percent: int | None = 20


@dataclass(frozen=True, slots=True)
class Rules:
    """The catalogue's `policy:`. `max_deletes` None means no limit."""

    prune: bool = True
    max_deletes: MaxDeletes | None = field(default_factory=MaxDeletes)
    max_price_change: Decimal = Decimal(5)
    in_audit: InAudit = InAudit.CHEAPEST
    locked_change: LockedChange = LockedChange.BLOCK
    cover_fit: CoverFit = CoverFit.ERROR
    stock: StockRule = StockRule.ON_CHANGE


@dataclass(frozen=True, slots=True)
class PoolSetting:
    """The catalogue's word on one pool of calls: its limit a day (None: the platform's) and what is never spent."""

    limit: int | None = None
    reserve: int = 0


@dataclass(frozen=True, slots=True)
class QuotaSettings:
    """The catalogue's `quota:`. `day_starts` is seconds after midnight in `zone`."""

    pools: Mapping[str, PoolSetting]
    zone: tzinfo
    day_starts: int = 0


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Everything that the catalogue's files say.

    `adopt`, `moved` and `removed` are keyed by item key as written. `digest` covers parsed values of all
    files, rules, quota, URL texts and picture hashes; not bytes, comments or places.
    """

    path: str
    app: str | None
    rules: Rules
    quota: QuotaSettings
    items: tuple[Item, ...]
    adopt: Mapping[str, int]
    moved: Mapping[str, str]
    removed: tuple[str, ...]
    digest: str

    def of(self, schema: Schema) -> Iterator[Item]:
        """The items of one system, in order."""
        return (item for item in self.items if item.kind == schema.kind)


@dataclass(frozen=True, slots=True)
class Remote:
    """One item as the platform shows it.

    `values` holds the platform's picture URL in the picture field. `status` is None when the platform says one
    that we do not know. `ours` is true for items made through the API: only those may be written.
    `first_seen` is the number of the observation that showed the id first (0: this one, not stored yet).
    Of an item that is a part of another, `parent` is the id of that one. Where a system keeps two copies of an item,
    `values` are those that a plan compares with, `draft` and `online` the copies (None: there is no such copy).
    """

    remote_id: int
    status: AuditStatus | None
    values: Values
    ours: bool
    key: str | None = None
    first_seen: int = 0
    parent: int | None = None
    draft: Values | None = None
    online: Values | None = None


@dataclass(frozen=True, slots=True)
class Observation:
    """What one look at the platform showed.

    `complete` is false when a status could not be read (`unread`) or showed fewer items than it counts
    (`short`); `stable` is false when the listing changed between its pages. `absent` are bound ids whose absence is
    confirmed. `reason` says what was wrong, in words. `number` is the number under which it is stored.
    """

    remotes: Mapping[int, Remote]
    absent: frozenset[int] = frozenset()
    unread: bool = False
    short: bool = False
    stable: bool = True
    reason: str | None = None
    number: int = 0
    taken_at: float = 0.0

    @property
    def complete(self) -> bool:
        """Whether every status was read, and read whole."""
        return not (self.unread or self.short)

    @property
    def gone(self) -> frozenset[int]:
        """The ids whose absence counts: none where the listing cannot be trusted."""
        return self.absent if self.complete and self.stable else frozenset()


@dataclass(frozen=True, slots=True)
class Copy:
    """One remote item that we hold.

    `sent` is what the platform last took from us, `submitted` the same at the last accepted add or audit (None:
    unknown), `echo` what the first look after our write showed, per field (None: not looked at since), and
    `replaced` what the platform showed before that write, until the echo is there (None: nothing).
    `written_at` is the end of the last accepted write (our clock). An item that the API refused to touch because it
    was not made through it (300011) is `locked_out`. `submitted_at` is when it was last put before the reviewer
    (platform's clock), until a verdict was seen.
    """

    remote_id: int
    audit_id: int | None
    sent: Values
    submitted: Values | None
    echo: Values
    replaced: Values
    written_at: float | None = None
    locked_out: bool = False
    submitted_at: float | None = None


@dataclass(frozen=True, slots=True)
class Binding:
    """Our key and the remote items that it stands for. `protect` is the catalogue's last word on it."""

    address: Address
    current: Copy
    successor: Copy | None = None
    protect: bool = False


@dataclass(frozen=True, slots=True)
class Refusal:
    """A refusal that is remembered until the content changes: `fingerprint` is of the values that were refused,
    `meaning` the code's in words. One that asked for a pause is of no item (`core.refused.pause`), and its `at` is the
    platform's clock."""

    address: Address
    fingerprint: str
    errcode: int
    meaning: str
    at: float


@dataclass(frozen=True, slots=True)
class Step:
    """One call of a change. `pool` is None where the platform does not count it; `fields` is what it sends.

    `all_fields` is what it sends once more when the platform asks for the fields that did not change, too; `carries`
    is what it sends beside them as the platform shows it. `submits`: it puts the item before the reviewer. `drafts`: it
    changes the draft of the item's parent, which is to be submitted then.
    """

    call: str
    verb: Verb
    pool: str | None
    fields: tuple[str, ...] = ()
    role: Role = Role.CURRENT
    all_fields: tuple[str, ...] = ()
    carries: tuple[str, ...] = ()
    submits: bool = False
    drafts: bool = False


@dataclass(frozen=True, slots=True)
class Held:
    """A part of a change that a rule holds back while the rest goes."""

    fields: tuple[str, ...]
    reason: str
    message: str


@dataclass(frozen=True, slots=True)
class PictureRef:
    """A picture at the platform: the text that a write call carries, and the instant (platform's clock) it ends."""

    ref: str
    expires_at: float
