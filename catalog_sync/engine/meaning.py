"""Meaning: what ended a whole run, as what that means for the user."""

from __future__ import annotations

from catalog_sync.core.errors import (
    AuthFailed,
    CallError,
    CatalogSyncError,
    Effect,
    LockHeld,
    QuotaExhausted,
    Refused,
    RemoteUnavailable,
)
from catalog_sync.core.ports import LeaseLost
from catalog_sync.core.sentence import Sentence

_AGAIN = "run the command again; `catalog-sync lock list` shows who holds the lock"


def meaning(error: CatalogSyncError | CallError | LeaseLost) -> CatalogSyncError:
    """The error that is told: with a code and a hint."""
    match error:
        case CatalogSyncError():
            return error
        case LeaseLost():
            return LockHeld("another run took the lock over: nothing more was sent", hint=_AGAIN)
        case CallError():
            return _of_call(error)


def _of_call(error: CallError) -> CatalogSyncError:
    """A call that ended a whole command, as what that means for the user."""
    if isinstance(error, Refused) and error.effect is Effect.POOL:
        return QuotaExhausted(
            Sentence("nothing can be read any more today: {reason}", reason=error.reason), hint=error.hint
        )
    if isinstance(error, Refused) and error.effect in (Effect.ACCOUNT, Effect.TOKEN):
        return AuthFailed(
            Sentence("the platform does not let this account in: {reason}", reason=_words(error)), hint=error.hint
        )
    if isinstance(error, Refused):
        return RemoteUnavailable(
            Sentence("the platform refused to be read: {reason}", reason=_words(error)), hint=error.hint
        )
    return RemoteUnavailable(
        Sentence("the platform cannot be read ({call}): {reason}", call=error.call, reason=error.reason),
        hint=error.hint or "try again in a while",
    )


def _words(error: Refused) -> str:
    if not error.errmsg:
        return error.reason
    return Sentence("{reason}; it said: {errmsg}", reason=error.reason, errmsg=error.errmsg)
