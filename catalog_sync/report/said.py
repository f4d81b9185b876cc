"""What the Markdown and the HTML both tell of a plan, before either marks it up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from catalog_sync.core.guard import Hazard
from catalog_sync.core.model import Disposition
from catalog_sync.core.plandoc import ChangeDocument, PlanDocument, QuotaRow, WarningDocument
from catalog_sync.report.text import SAID_AT_THE_CHANGE, SAID_BY_THE_SYMBOL
from catalog_sync.report.words import Words


@dataclass(frozen=True, slots=True)
class Hold:
    """A change, or the fields of one, that a rule holds back."""

    change: ChangeDocument
    fields: tuple[str, ...]
    message: str


@dataclass(slots=True)
class Held:
    """Everything that one rule holds back, and what a person can do about it."""

    reason: str
    advice: str
    holds: list[Hold] = field(default_factory=list)


def verdict(plan: PlanDocument, words: Words) -> str:
    """What would be done, in the line that scripts may read."""
    told = words["no_changes"] if plan.complete and not plan.summary["ready"] else words["plan"]
    return told.format_map(plan.summary)


def holds(plan: PlanDocument, words: Words) -> list[Held]:
    """What is held back, by reason; the most frequent first."""
    groups: dict[str, Held] = {}
    for reason, hold in _each_hold(plan, words):
        group = groups.setdefault(reason, Held(reason, words.advice.get(reason, "")))
        group.holds.append(hold)
    return sorted(groups.values(), key=lambda group: (-len(group.holds), group.reason))


def _each_hold(plan: PlanDocument, words: Words) -> Iterator[tuple[str, Hold]]:
    for change in plan.changes:
        if change.disposition is Disposition.BLOCKED:
            yield change.reason, Hold(change, (), words.say(change.message, change.reason))
        for part in change.held:
            yield part.reason, Hold(change, part.fields, words.say(part.message, part.reason))


def why(change: ChangeDocument, words: Words) -> str:
    """The sentence that explains a change; nothing where its action says as much."""
    return "" if change.reason in SAID_BY_THE_SYMBOL else words.say(change.message, change.reason)


def values(change: ChangeDocument, words: Words) -> list[tuple[str, str | None, str | None]]:
    """The fields of a change with what they are and what they become; None on the side where there is no item."""
    if change.before is not None and change.after is not None:
        return [(name, value(before, words), value(after, words)) for name, before, after in change.differing]
    one_side = change.after if change.after is not None else change.before
    told = [(name, value(each, words)) for name, each in (one_side or {}).items() if each not in (None, "")]
    return [(name, None, each) if change.after is not None else (name, each, None) for name, each in told]


def value(given: str | int | None, words: Words) -> str:
    """One value for a person; foreign text is left as it is."""
    if given is None:
        return words["none"]
    text = str(given)
    if text.startswith("sha256:"):
        return words["picture"].format(identity=text[7:15])
    return text or words["empty"]


def warnings(plan: PlanDocument, words: Words) -> list[WarningDocument]:
    """Those that no change tells by itself."""
    told = [each for each in plan.warnings if each.code not in SAID_AT_THE_CHANGE]
    return [replace(each, message=words.say(each.message, each.code)) for each in told]


def hazards(plan: PlanDocument, words: Words) -> list[tuple[Hazard, str]]:
    """Each guard's no, with what lifts it as a sentence."""
    return [
        (replace(each, message=words.say(each.message, each.code)), sentence(words.say(each.hint), words))
        for each in plan.safety.hazards
    ]


def not_whole(plan: PlanDocument, words: Words) -> str:
    """What the look at the platform may have missed; nothing where it was whole."""
    reason = plan.observation.reason
    return "" if not reason else words["not_whole"].format(reason=words.say(reason))


def forecast(plan: PlanDocument, words: Words) -> list[str]:
    """What may be expected, in sentences; nothing where nothing is submitted or under review."""
    told = []
    if plan.forecast.submitted_by is not None:
        told.append(words["submitted_by"].format(day=plan.forecast.submitted_by))
    if plan.forecast.approved_p50 is not None:
        told.append(words["approved"].format(p50=plan.forecast.approved_p50, p90=plan.forecast.approved_p90))
    return [*told, words["basis"].format(basis=words.say(plan.forecast.basis))] if told else []


def spending(row: QuotaRow, words: Words) -> str:
    """One pool on one day in words."""
    told = words["quota_day"].format(used=row.used, planned=row.planned, left=row.left, limit=row.limit)
    if not row.reserve:
        return told
    return words["quota_with_reserve"].format(told=told, reserve=words["reserve"].format(number=row.reserve))


def sentence(text: str, words: Words) -> str:
    """A hint as a sentence of its own."""
    return words["hinted"].format(hint=f"{text[:1].upper()}{text[1:]}") if text else ""
