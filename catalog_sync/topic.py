"""What messages are about: a run, and in a fleet its shop. Each thread knows its own: shops work side by side."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextvars import ContextVar
from functools import partial
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

_TOPIC: ContextVar[Mapping[str, str]] = ContextVar("topic")


def topic() -> Mapping[str, str]:
    """`run_id`, as `history` names the run, and `shop`, as the fleet's file does: as far as they are known."""
    return _TOPIC.get({})


def name_run(run_id: str) -> None:
    """The run whose messages follow."""
    _TOPIC.set({**topic(), "run_id": run_id})


def forget() -> None:
    """No run is known yet."""
    _TOPIC.set({})


def of_shop(name: str, work: Callable[P, T], *given: P.args, **named: P.kwargs) -> T:
    """Do a shop's work: what is said meanwhile is about that shop, and about the run that is named in it."""
    before = _TOPIC.set({"shop": name})
    try:
        return work(*given, **named)
    finally:
        _TOPIC.reset(before)


def inherited() -> Callable[[], object]:
    """The `initializer` of an executor whose threads work for what is the topic now: by itself a thread begins with
    none."""
    return partial(_TOPIC.set, topic())
