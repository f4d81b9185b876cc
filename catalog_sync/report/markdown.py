"""A plan as Markdown, for a comment on a pull request and for the summary of a job."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from catalog_sync.core.model import Action, Disposition
from catalog_sync.core.plandoc import ChangeDocument, PlanDocument
from catalog_sync.report import said
from catalog_sync.report.face import NOBODY, Faces
from catalog_sync.report.gfm import fitted, folded, literal, prose, table
from catalog_sync.report.text import SYMBOLS
from catalog_sync.report.words import ENGLISH, Words

_OPEN_UP_TO = 20
"""A section with more rows is folded at first."""

_QUOTA_ROWS = 12
_FIELDS = 12

_ARROW = "→"


def plan_markdown(plan: PlanDocument, faces: Faces | None = None, words: Words = ENGLISH) -> str:
    """The whole plan; of each table the first rows, and how many more there are."""
    return fitted(lambda top: _Page(plan, faces or {}, words, top).lines())


@dataclass(frozen=True, slots=True)
class _Page:
    """A plan with at most `top` rows in a table."""

    plan: PlanDocument
    faces: Faces
    words: Words
    top: int

    def lines(self) -> Iterator[str]:
        unsafe = "" if self.plan.applyable else self.words["unsafe"] + self.words["after_sentence"]
        yield f"**{unsafe}{said.verdict(self.plan, self.words)}**"
        yield ""
        yield from self._counts()
        yield from self._alarms()
        yield from self._cost()
        for action in Action:
            yield from self._action(action)
        for held in said.holds(self.plan, self.words):
            yield from self._held(held)
        yield from self._waiting()
        yield from self._warnings()
        yield from self._quota()
        yield from self._provenance()

    def _counts(self) -> Iterator[str]:
        counts = self.plan.summary
        kinds = [kind for kind in ("deferred", "waiting", "blocked") if counts[kind]]
        if kinds:
            yield " · ".join(self.words[f"left_{kind}"].format(number=counts[kind]) for kind in kinds)
            yield ""

    def _alarms(self) -> Iterator[str]:
        """What keeps the plan from being applied, and what it may have missed."""
        for hazard, hint in said.hazards(self.plan, self.words):
            told = self.words["after_sentence"].join(prose(each) for each in (hazard.message, hint))
            yield f"> [!CAUTION]\n> {literal(hazard.code)} {told}\n"
        if self.plan.observation.reason:
            yield f"> [!WARNING]\n> {prose(said.not_whole(self.plan, self.words))}\n"

    def _cost(self) -> Iterator[str]:
        """What the plan takes of today, and when its last review may have ended."""
        words = self.words
        days = [row.day for row in self.plan.quota[:1]]
        spent = [row for row in self.plan.quota if row.planned and row.day in days]
        for row in spent:
            pool = words.pools.get(row.pool, row.pool)
            told = prose(said.spending(row, words))
            line = words["quota_line"].format(quota=words["quota"], day=prose(row.day), pool=prose(pool), told=told)
            yield f"- {line}"
        expected = prose(words["after_sentence"].join(said.forecast(self.plan, words)))
        if expected:
            yield f"- {words['forecast_line'].format(forecast=words['forecast'], told=expected)}"
        if spent or expected:
            yield ""

    def _action(self, action: Action) -> Iterator[str]:
        changes = [each for each in self.plan.changes if each.going and each.action is action]
        words = self.words
        heads = [words[name] for name in ("item", "change", "when", "because")]
        rows = [
            (self._item(each), self._values(each), self._when(each), self._why(each)) for each in changes[: self.top]
        ]
        summary = f"{SYMBOLS[action]} <b>{words.actions[action]}</b> · {len(changes):,}"
        yield from self._section(summary, heads, rows, len(changes))

    def _held(self, held: said.Held) -> Iterator[str]:
        words = self.words
        rows = [
            (self._item(each.change), self._held_values(each), prose(each.message)) for each in held.holds[: self.top]
        ]
        heads = [words[name] for name in ("item", "change", "because")]
        summary = f"<b>{words['holds']}</b> {literal(held.reason)} · {len(held.holds):,}"
        advice = prose(words["what_to_do"].format(advice=held.advice)) if held.advice else ""
        yield from self._section(summary, heads, rows, len(held.holds), remark=advice)

    def _waiting(self) -> Iterator[str]:
        words = self.words
        waiting = self.plan.of(Disposition.WAITING)
        changes = [each for each in waiting if each.is_difference]
        rows = [
            (self._item(each), self._values(each), prose(words.say(each.message, each.reason)))
            for each in changes[: self.top]
        ]
        heads = [words[name] for name in ("item", "change", "because")]
        yield from self._section(f"<b>{words['waiting']}</b> · {len(changes):,}", heads, rows, len(changes))
        equal = len(waiting) - len(changes)
        if equal:
            yield words.count("equal_under_review", equal)
            yield ""

    def _warnings(self) -> Iterator[str]:
        listed = said.warnings(self.plan, self.words)
        rows = [(literal(each.address) if each.address else "", prose(each.message)) for each in listed[: self.top]]
        heads = [self.words["item"], self.words["because"]]
        summary = f"<b>{self.words['warnings_heading']}</b> · {len(listed):,}"
        yield from self._section(summary, heads, rows, len(listed))

    def _quota(self) -> Iterator[str]:
        """Every pool that the plan takes from, where that is more than today's."""
        words = self.words
        spent = [row for row in self.plan.quota if row.planned]
        if len({row.day for row in spent}) < 2:
            return
        rows = [
            (prose(row.day), prose(words.pools.get(row.pool, row.pool)), prose(said.spending(row, words)))
            for row in spent[:_QUOTA_ROWS]
        ]
        more = len(spent) - len(rows)
        lines = table([words["day"], words["pool"], words["quota"]], rows)
        lines += ["", prose(words["more_rows"].format(number=more, day=spent[-1].day))] if more else []
        yield from folded(f"<b>{words['quota']}</b>", lines, open_=False)

    def _provenance(self) -> Iterator[str]:
        plan, words = self.plan, self.words
        facts = [(words["app"], plan.app), (words["actor"], plan.actor), (words["created_at"], plan.created_at)]
        facts += [(words["commit"], plan.commit)] if plan.commit else []
        facts += [(words["run"], plan.run_url)] if plan.run_url else []
        facts += [(words["plan_id"], plan.plan_id), (words["digest"], plan.digest)]
        yield f"<sub>{' · '.join(f'{name} {literal(fact, 100)}' for name, fact in facts)}</sub>"

    def _section(
        self, summary: str, heads: Sequence[str], rows: Sequence[Sequence[str]], count: int, *, remark: str = ""
    ) -> Iterator[str]:
        """A folded table, and how many rows it leaves out; nothing where there is nothing to tell."""
        if not count:
            return
        lines = [remark, ""] if remark else []
        lines += table(heads, rows) if rows else []
        left = count - len(rows)
        lines += ["", self.words["and_more"].format(number=f"{left:,}")] if left else []
        yield from folded(summary, lines, open_=count <= _OPEN_UP_TO)

    def _item(self, change: ChangeDocument) -> str:
        name = self.faces.get(change.address, NOBODY).name
        return f"{literal(change.address)}<br>{literal(name)}" if name else literal(change.address)

    def _values(self, change: ChangeDocument) -> str:
        rows = said.values(change, self.words)
        told = [self._was(change.previous_address)] if change.previous_address is not None else []
        told += [self._value(*row) for row in rows[:_FIELDS]]
        return "<br>".join(told)

    def _was(self, address: str) -> str:
        return prose(self.words["was"].format(address=address))

    def _value(self, name: str, before: str | None, after: str | None) -> str:
        sides = [literal(side) for side in (before, after) if side is not None]
        return f"{prose(self.words.field(name))} {f' {_ARROW} '.join(sides)}"

    def _held_values(self, hold: said.Hold) -> str:
        if hold.fields:
            names = self.words["listed"].join(map(self.words.field, hold.fields))
            return prose(names)
        return self._values(hold.change)

    def _when(self, change: ChangeDocument) -> str:
        if change.disposition is Disposition.DEFERRED:
            return prose(change.not_before or change.scheduled_for or "")
        return self.words["today"]

    def _why(self, change: ChangeDocument) -> str:
        told = [said.why(change, self.words)]
        told += [self.words["late"]] if change.late else []
        told += [self.words["note"].format(note=change.note)] if change.note else []
        return "<br>".join(prose(each) for each in told if each)
