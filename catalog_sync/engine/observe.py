"""Observe: one look at the platform that answers for every id that we hold: seen, confirmed absent, or neither.

Missing from a list is not gone (rules section 5): a listing that is complete and stable and two answers by id,
`settle_after` apart, must all be without it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from catalog_sync.core.errors import CallError, Effect, Refused
from catalog_sync.core.model import Observation, Remote
from catalog_sync.core.ports import Clock, Listing, Provider, Sought
from catalog_sync.core.sentence import Sentence

_ENDS_THE_RUN = (Effect.ACCOUNT, Effect.OFFLINE)


@dataclass(frozen=True, slots=True)
class Eye:
    """How a look is made. `say` gets a sentence when it takes long; `progress` items seen and expected."""

    provider: Provider
    clock: Clock
    parallelism: int
    settle_after: float
    say: Callable[[str], None]
    progress: Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Look:
    """What was seen, and the reads that it took, by pool."""

    observation: Observation
    reads: Mapping[str, int]


def observe(eye: Eye, sought: Sought, known: Mapping[int, float]) -> Look:
    """Look at everything that is sought, and then for the known ids that no list showed; `known` maps ids to our last
    write."""
    began = eye.clock.now()
    listing = eye.provider.fetch(sought, parallelism=eye.parallelism, progress=eye.progress)
    reads = Counter(listing.reads)
    remotes = dict(listing.remotes)
    missing = {remote_id: at for remote_id, at in known.items() if remote_id not in remotes}
    absent, reason = _search(eye, missing, listing, remotes, reads) if missing else (frozenset(), None)
    observation = Observation(
        remotes,
        absent,
        unread=listing.unread,
        short=listing.short,
        stable=listing.stable,
        reason=listing.reason or reason,
        taken_at=began,
    )
    return Look(observation, reads)


def _search(
    eye: Eye, missing: Mapping[int, float], listing: Listing, remotes: dict[int, Remote], reads: Counter[str]
) -> tuple[frozenset[int], str | None]:
    """Ask for ids by name, and again; what is found joins `remotes`. Returns the ids that are confirmed absent."""
    trusted = not listing.unread and not listing.short and listing.stable
    try:
        waited = not trusted or _wait(eye, max(missing.values()) + eye.settle_after - eye.clock.now(), len(missing))
        still = _ask(eye, missing, remotes, reads)
        if not still or not trusted or not waited or not _wait(eye, eye.settle_after, len(still)):
            return frozenset(), None
        return frozenset(_ask(eye, still, remotes, reads)), None
    except CallError as error:
        if isinstance(error, Refused) and error.effect in _ENDS_THE_RUN:
            error.reads = dict(reads)
            raise
        return frozenset(), _unasked(error)


def _unasked(error: CallError) -> str:
    return Sentence("single items could not be asked for: {reason}", reason=error.reason)


def slept(clock: Clock, seconds: float) -> bool:
    """Sleep. False when that was cut short, because the run is told to stop."""
    began = clock.monotonic()
    clock.sleep(seconds)
    return clock.monotonic() - began > seconds * 0.9


def _wait(eye: Eye, seconds: float, count: int) -> bool:
    """Whether the whole time went by: what is asked sooner proves no absence."""
    if seconds <= 0:
        return True
    told = (
        "1 bound item was not in the lists; asking again in {seconds} s before calling that gone."
        if count == 1
        else "{count} bound items were not in the lists; asking again in {seconds} s before calling that gone."
    )
    eye.say(Sentence(told, count=count, seconds=f"{seconds:.0f}"))
    return slept(eye.clock, seconds)


def _ask(eye: Eye, ids: Collection[int], remotes: dict[int, Remote], reads: Counter[str]) -> list[int]:
    try:
        answers = eye.provider.look_up(sorted(ids), parallelism=eye.parallelism)
    except CallError as error:
        reads.update(error.reads)
        raise
    reads.update(answers.reads)
    remotes.update(answers.remotes)
    return [remote_id for remote_id in ids if remote_id not in answers.remotes]
