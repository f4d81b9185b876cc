"""What the HTML page shows beside the list of changes, ready for its template."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from catalog_sync.core.guard import Hazard
from catalog_sync.core.model import Action, Disposition
from catalog_sync.core.plandoc import PlanDocument, QuotaRow, WarningDocument
from catalog_sync.report import said
from catalog_sync.report.face import Faces, web_link
from catalog_sync.report.text import SYMBOLS
from catalog_sync.report.words import Words

BAR = 1000
"""The length of a bar, in units of its own."""

_WARNINGS = 50


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a bar: what it stands for, where it begins and how long it is."""

    kind: str
    start: int
    length: int


@dataclass(frozen=True, slots=True)
class PoolBar:
    """One pool on one day."""

    row: QuotaRow
    name: str
    label: str
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Day:
    """The work of one day: changes by action, and a bar against the fullest day."""

    day: str
    count: int
    actions: tuple[tuple[str, str, int], ...]
    length: int


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a filter, and how many changes have it."""

    value: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class Fact:
    """A line of the provenance; `link` is empty where it is text alone."""

    name: str
    text: str
    link: str = ""


class Page:
    """A plan, as the template asks for it."""

    def __init__(self, plan: PlanDocument, faces: Faces, words: Words) -> None:
        self.plan = plan
        self.left_out = sum(face.left_out for face in faces.values())
        self.words = words
        self.verdict = said.verdict(plan, words)
        self.forecast = said.forecast(plan, words)
        self.held = said.holds(plan, words)

    @property
    def mood(self) -> str:
        """How the verdict looks: `unsafe`, `idle` or `going`."""
        if not self.plan.applyable:
            return "unsafe"
        return "going" if self.plan.summary["ready"] else "idle"

    @property
    def hazards(self) -> list[tuple[Hazard, str]]:
        """Each guard's no, with what lifts it as a sentence."""
        return said.hazards(self.plan, self.words)

    @property
    def not_whole(self) -> str:
        """What the look at the platform may have missed."""
        return said.not_whole(self.plan, self.words)

    @property
    def counts(self) -> list[tuple[str, str, str, int]]:
        """The changes by disposition: its name, its word, what it means, how many."""
        words = self.words
        return [
            (each.value, words.dispositions[each], words.explained[each], self.plan.summary[each.value])
            for each in Disposition
        ]

    @property
    def filters(self) -> list[tuple[str, str, list[Choice]]]:
        """The filters: the property of a change, its label, its values that occur."""
        changes, words = self.plan.changes, self.words
        actions = Counter(each.action.value for each in changes)
        kinds = Counter(each.kind for each in changes)
        dispositions = Counter(each.disposition.value for each in changes)
        signs = {action.value: f"{SYMBOLS[action]} {words.actions[action]}" for action in Action}
        return [
            ("action", words["filter_action"], _choices(signs, actions)),
            ("disposition", words["filter_disposition"], _choices(dict(words.dispositions), dispositions)),
            ("kind", words["filter_kind"], _choices({kind: words.systems.get(kind, kind) for kind in kinds}, kinds)),
        ]

    @property
    def equal(self) -> int:
        """How many items are under review and otherwise as the catalogue says."""
        return sum(not each.is_difference for each in self.plan.changes)

    @property
    def warnings(self) -> list[WarningDocument]:
        """The warnings that are shown."""
        return said.warnings(self.plan, self.words)[:_WARNINGS]

    @property
    def more_warnings(self) -> int:
        """How many are not."""
        return max(0, len(said.warnings(self.plan, self.words)) - _WARNINGS)

    @property
    def quota(self) -> list[tuple[str, list[PoolBar]]]:
        """The pools that the plan takes from, by day."""
        spent = [row for row in self.plan.quota if row.planned]
        return [(day, [self._bar(row) for row in rows]) for day, rows in groupby(spent, lambda row: row.day)]

    def _bar(self, row: QuotaRow) -> PoolBar:
        name = self.words.pools.get(row.pool, row.pool)
        return PoolBar(row, name, said.spending(row, self.words), tuple(_segments(row)))

    @property
    def timeline(self) -> list[Day]:
        """The days on which there is work, where that is not today alone."""
        going = [each for each in self.plan.changes if each.going]
        if not any(each.disposition is Disposition.DEFERRED for each in going):
            return []
        days = {day: Counter[str]() for day in sorted({each.scheduled_for or "" for each in going})}
        for each in going:
            days[each.scheduled_for or ""][each.action.value] += 1
        most = max(counts.total() for counts in days.values())
        return [self._day(day, counts, most) for day, counts in days.items()]

    def _day(self, day: str, counts: Counter[str], most: int) -> Day:
        actions = tuple(
            (SYMBOLS[each], self.words.actions[each], counts[each.value]) for each in Action if counts[each.value]
        )
        return Day(day, counts.total(), actions, BAR * counts.total() // most)

    @property
    def facts(self) -> Iterator[Fact]:
        """Who made the plan, when, where and from what."""
        plan, words = self.plan, self.words
        yield Fact(words["app"], plan.app)
        yield Fact(words["actor"], plan.actor)
        yield Fact(words["created_at"], plan.created_at)
        if plan.commit:
            yield Fact(words["commit"], plan.commit)
        if plan.run_url:
            yield Fact(words["run"], plan.run_url, web_link(plan.run_url))
        yield Fact(words["catalogue"], plan.catalogue.path)
        yield Fact(words["catalogue_digest"], plan.catalogue.digest)
        lineage, serial = plan.state.lineage, plan.state.serial
        yield Fact(words["state"], words["state_version"].format(lineage=lineage, serial=serial))
        yield Fact(words["plan_id"], plan.plan_id)
        yield Fact(words["digest"], plan.digest)
        yield Fact(words["selection"], " ".join(_selection(self.plan)) or words["whole"])


def _choices(labels: dict[str, str], counts: Counter[str]) -> list[Choice]:
    return [Choice(value, label, counts[value]) for value, label in labels.items() if counts[value]]


def _segments(row: QuotaRow) -> Iterator[Segment]:
    """What is spent, what this plan takes and what is kept, one behind the other; nothing stands over the end."""
    start = 0
    for kind, count in (("used", row.used), ("planned", row.planned), ("reserve", row.reserve)):
        end = min(BAR, start + -(-BAR * count // max(1, row.limit)))
        if end > start:
            yield Segment(kind, start, end - start)
        start = end


def _selection(plan: PlanDocument) -> Iterator[str]:
    """The flags that this plan was made with."""
    chosen = plan.selection
    lists: Iterable[tuple[str, tuple[str, ...]]] = (
        ("--target", chosen.target),
        ("--exclude", chosen.exclude),
        ("--resubmit", chosen.resubmit),
        ("--allow-twin", chosen.allow_twin),
        ("--allow-price-change", chosen.allow_price_change),
    )
    yield from (f"{flag} {address}" for flag, addresses in lists for address in addresses)
    switches = (
        ("--no-prune", not chosen.prune),
        ("--accept-losses", chosen.accept_losses),
        ("--no-refresh", not chosen.refresh),
    )
    yield from (flag for flag, on in switches if on)
    if chosen.max_deletes is not None:
        yield f"--max-deletes {chosen.max_deletes}"
