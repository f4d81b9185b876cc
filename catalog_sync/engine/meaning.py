"""Meaning: what ended a whole run, as what that means for the user, and as the history keeps it."""

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
from catalog_sync.core.result import Result
from catalog_sync.core.sentence import Sentence
from catalog_sync.engine.halt import Halt

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


def broken_off(error: BaseException | None, halt: Halt, result: Result | None) -> str | None:
    """The code of what ended a run before its end; None where it came there, even if it was told to stop by then. What
    has no code (a question that was declined, a mistake of ours) is `stopped`."""
    if isinstance(error, CatalogSyncError | CallError):
        return meaning(error).code
    stop = "stopped" if halt.stop is None else halt.stop.code
    left = () if result is None else (each.error.code for each in result.results if each.error is not None)
    return stop if error is not None or stop in left else None


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
