"""The errors of catalog-sync. Each says what is wrong, carries a stable `code`, and a `hint`: what to do next.

    CatalogSyncError
    |-- UsageError            usage               a flag, an address or a combination that cannot be
    |-- CatalogueInvalid      catalogue_invalid   the desired state cannot be read; has the diagnostics
    |-- UnsafePlan            unsafe_plan         a guard says no
    |-- PlanStale             plan_stale          the world went on since the plan was made
    |-- PlanSpent             plan_spent          the saved plan sent its first call before
    |-- PlanInvalid           plan_invalid        unreadable, edited or of a newer format
    |-- LockHeld              lock_held           another run is writing
    |-- AuthFailed            auth_failed         the platform does not let us in
    |-- QuotaExhausted        quota_exhausted     nothing can even be read today
    |-- RemoteUnavailable     remote_unavailable  the platform cannot be reached or does not make sense
    |-- StateUnreadable       state_unreadable    the state cannot be opened, read or written
    |-- StepsFailed           steps_failed        apply ran; some items failed or are in doubt
    |-- TimedOut              timed_out           `wait` ran out of time
    `-- CheckFailed           check_failed        `doctor`, `fmt --check`, `status --fail-on` found something

    CallError                 how one platform call ended, when it did not end well (rules section 7)
    |-- NotSent               surely nothing arrived: may be repeated
    |-- Refused               the platform said no: `effect` says what that concerns
    `-- InDoubt               it may have been done: never repeated blindly

The text of a foreign exception never enters a message: requests prints the token in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from catalog_sync.core.model import Place
from catalog_sync.core.sentence import Sentence


class CatalogSyncError(Exception):
    """The base of everything that ends a command: a message, a stable code and what to do next."""

    code: ClassVar[str] = "error"

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(CatalogSyncError):
    """A flag, an address or a combination that cannot be; no `--yes` where nobody can answer."""

    code = "usage"


class Severity(StrEnum):
    """How much a diagnostic matters: an error forbids planning, a warning is read."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One thing that is wrong with the catalogue, at its place.

    `summary` is one line, with the value that was found (cut at 80 characters); `detail` says what is right.
    `field` is the field's path below the address (`price`, `attrs.颜色`), empty for the item as a whole.
    """

    severity: Severity
    code: str
    summary: str
    place: Place
    address: str = ""
    field: str = ""
    detail: str = ""


class CatalogueInvalid(CatalogSyncError):
    """The catalogue cannot be used, or is missing: `diagnostics` has every problem, in the files' order."""

    code = "catalogue_invalid"

    def __init__(self, diagnostics: tuple[Diagnostic, ...], *, hint: str = "") -> None:
        errors = sum(each.severity is Severity.ERROR for each in diagnostics)
        told = "the catalogue has 1 error" if errors == 1 else "the catalogue has {count} errors"
        super().__init__(Sentence(told, count=errors), hint=hint)
        self.diagnostics = diagnostics


class UnsafePlan(CatalogSyncError):
    """A guard refuses the plan as a whole."""

    code = "unsafe_plan"


class PlanStale(CatalogSyncError):
    """The saved plan is of another app, state or catalogue, or nothing of it holds; `--exact`: something differs."""

    code = "plan_stale"


class PlanSpent(CatalogSyncError):
    """The saved plan was applied before."""

    code = "plan_spent"


class PlanInvalid(CatalogSyncError):
    """The saved plan cannot be read, was edited, or is of a newer format."""

    code = "plan_invalid"


class LockHeld(CatalogSyncError):
    """Another run is writing to the same shop."""

    code = "lock_held"


class AuthFailed(CatalogSyncError):
    """No secret, or the platform does not let this account in."""

    code = "auth_failed"


class QuotaExhausted(CatalogSyncError):
    """Nothing can even be read any more today."""

    code = "quota_exhausted"


class RemoteUnavailable(CatalogSyncError):
    """The platform cannot be reached, or answers what cannot be understood."""

    code = "remote_unavailable"


class StateUnreadable(CatalogSyncError):
    """The state cannot be opened, read or written, or answers wait to be recovered."""

    code = "state_unreadable"


class StepsFailed(CatalogSyncError):
    """`apply` went to its end; some items failed or are in doubt; beside its `results`."""

    code = "steps_failed"


class TimedOut(CatalogSyncError):
    """`wait` ran out of time."""

    code = "timed_out"


class CheckFailed(CatalogSyncError):
    """`doctor`, `fmt --check` or `status --fail-on` found something; beside its result."""

    code = "check_failed"


class Effect(StrEnum):
    """What a refusal concerns, and so what may follow it."""

    ITEM = "item"  # the item is done for this run
    CONTENT = "content"  # the content is remembered as refused
    ALL_FIELDS = "all_fields"  # an update that lacked fields: once more with all of them, else as CONTENT
    LOOK = "look"  # look at the item again; the next plan handles what it then is
    GONE = "gone"  # the item does not exist: a delete has landed
    PICTURE = "picture"  # upload the picture again, once, else as CONTENT
    UPLOAD = "upload"  # the upload is not known any more: upload the picture again, once
    TOKEN = "token"  # noqa: S105 - the effect's name: fetch a new token, once
    MINUTE = "minute"  # wait for the next minute
    POOL = "pool"  # the pool is empty for today
    SUBMISSIONS = "submissions"  # adds, updates and audits are over for this run; deletes and withdrawals go on
    FOREIGN = "foreign"  # the item was not made through the API: never again
    AUDIT_ID = "audit_id"  # the audit id that we hold is not the one: it counts as unknown from now on
    ACCOUNT = "account"  # the account is refused: the run ends
    OFFLINE = "offline"  # the interface was taken offline: the run ends
    EXISTS = "exists"  # an item of this key is there: an add has landed, if that is equal
    WAIT = "wait"  # the item may not be edited now: its change waits for the review
    HOUR = "hour"  # too many for now: the pool rests for an hour
    BUSY = "busy"  # back off, then again (reads; on a write it is in doubt)


class CallError(Exception):
    """How one call ended when it did not end well. `call` is the call's name, `reason` a sentence of ours. `reads` are
    the calls that a look sent before it failed, by pool: they are spent."""

    def __init__(self, call: str, reason: str, *, hint: str = "") -> None:
        super().__init__(f"{call}: {reason}")
        self.call = call
        self.reason = reason
        self.hint = hint
        self.reads: Mapping[str, int] = {}


class NotSent(CallError):
    """Surely nothing arrived (DNS failure, connection refused, connect time-out, no token): may be repeated."""


class InDoubt(CallError):
    """It may have been done. `errcode` is set when the platform answered with a code that does not tell."""

    def __init__(self, call: str, reason: str, *, errcode: int | None = None, errmsg: str = "", hint: str = "") -> None:
        super().__init__(call, reason, hint=hint)
        self.errcode = errcode
        self.errmsg = errmsg


class Refused(CallError):
    """The platform said no: `errcode` and `errmsg` are its words (cut, control characters escaped), `reason` is the
    code's meaning, `effect` what it concerns."""

    def __init__(self, call: str, reason: str, *, errcode: int, errmsg: str, effect: Effect, hint: str = "") -> None:
        super().__init__(call, reason, hint=hint)
        self.errcode = errcode
        self.errmsg = errmsg
        self.effect = effect


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a change did not land, as the result document tells it."""

    code: str
    message: str
    hint: str = ""
    errcode: int | None = None
    errmsg: str = ""
