"""How looks at the platform are made: side by side, each answer understood or in doubt, and which end ends them all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

from catalog_sync.core.errors import CallError, Effect, InDoubt, NotSent, Refused
from catalog_sync.core.sentence import Sentence
from catalog_sync.topic import inherited
from catalog_sync.wechat.calls import Tally
from catalog_sync.wechat.reading import Unreadable

T = TypeVar("T")
_ENDS_THE_RUN = frozenset({Effect.ACCOUNT, Effect.OFFLINE, Effect.POOL})


@contextmanager
def counting(tally: Tally) -> Iterator[None]:
    """A look that fails tells what it has sent: those calls are spent, too."""
    try:
        yield
    except CallError as error:
        error.reads = tally.sent()
        raise


@contextmanager
def workers(parallelism: int, name: str) -> Iterator[ThreadPoolExecutor]:
    """Threads that read side by side. When the body ends, what was not begun is not begun any more."""
    pool = ThreadPoolExecutor(max(1, parallelism), thread_name_prefix=name, initializer=inherited())
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


def understood(call: str, read: Callable[[], T]) -> T:
    """What the answer to a call says; InDoubt when it cannot be read."""
    try:
        return read()
    except Unreadable as error:
        failed = InDoubt(call, Sentence("the platform's answer cannot be read: {reason}", reason=str(error)))
    raise failed


def ended(read: Callable[[], object]) -> CallError | None:
    """How a read ended when it did not end well."""
    try:
        read()
    except CallError as error:
        return error
    return None


def ends_the_look(error: CallError, *, answered: bool) -> bool:
    """Whether nothing more can be read after this failure: it concerns every call, or the platform never `answered`."""
    if isinstance(error, Refused) and error.effect in _ENDS_THE_RUN:
        return True
    return not answered and not was_answered(error)


def was_answered(error: CallError) -> bool:
    """Whether the platform itself said what was wrong, so that other reads may still succeed."""
    match error:
        case NotSent():
            return False
        case InDoubt():
            return error.errcode is not None
        case _:
            return True
