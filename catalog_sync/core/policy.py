"""What a system's rules say of one change: steps to take, or a hold with its reason."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import Protocol, TypeAlias

from catalog_sync.core.change import Change
from catalog_sync.core.model import Action, AuditStatus, Disposition, Held, Remote, Rules, Step, Verb


@dataclass(frozen=True, slots=True)
class Steps:
    """The platform's way to bring a change about. `held` is the part that a rule keeps back while the rest goes.
    No step at all: only our own state changes (adopt, move, forget)."""

    action: Action
    reason: str
    message: str
    steps: tuple[Step, ...] = ()
    held: tuple[Held, ...] = ()

    @property
    def cost(self) -> Counter[str]:
        """How many calls of each pool the route needs."""
        return Counter(step.pool for step in self.steps if step.pool is not None)

    @property
    def verbs(self) -> frozenset[Verb]:
        """What the route does to the item."""
        return frozenset(step.verb for step in self.steps)


@dataclass(frozen=True, slots=True)
class Hold:
    """Why a change does not go now: it waits for the platform's review, or a rule or a person must act."""

    action: Action
    disposition: Disposition
    reason: str
    message: str

    def of(self, action: Action) -> Hold:
        """The same hold on another action: a held change keeps the action it wants."""
        return replace(self, action=action)


@dataclass(frozen=True, slots=True)
class Settled:
    """Nothing is to be done."""


Route: TypeAlias = Steps | Hold | Settled


def blocked(action: Action, reason: str, message: str) -> Hold:
    """A rule or a person must act."""
    return Hold(action, Disposition.BLOCKED, reason, message)


def waiting(action: Action, reason: str, message: str) -> Hold:
    """The platform's review, or a young write, must come to its end."""
    return Hold(action, Disposition.WAITING, reason, message)


@dataclass(frozen=True, slots=True)
class Part:
    """How a part of an item stands, and what is planned of it: nothing where it was not selected."""

    change: Change
    route: Route

    @property
    def drafts(self) -> bool:
        """Whether its route changes the draft of the whole item."""
        return isinstance(self.route, Steps) and any(step.drafts for step in self.route.steps)


@dataclass(frozen=True, slots=True)
class Terms:
    """What a policy is told beside the change: the catalogue's rules, what this app taught us, and, of an item that has
    parts, how each of them stands. `unread`: of the items that have parts some could not be read, so that one that is
    not seen may be there."""

    rules: Rules
    facts: frozenset[str] = frozenset()
    parts: tuple[Part, ...] = ()
    unread: bool = False


class Policy(Protocol):
    """One system's table of routes: pure, and total over every change."""

    def route(self, change: Change, terms: Terms) -> Route:
        """The way to bring a change about, or why it does not go."""
        ...

    def rests(self, remote: Remote, /) -> bool:
        """Whether there is nothing to be done about an item that is shown so, and of which nothing moved: `route` would
        say `Settled`. Of an item that has or is a part, never: its kin asks how it stands."""
        ...

    def lesson(self, verb: Verb, status: AuditStatus) -> str | None:
        """The fact to remember of this app when it refused a call by the status of an item that should have allowed
        it; None where the refusal is about the item alone."""
        ...
