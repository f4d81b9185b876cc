"""What an apply did, as Markdown for the summary of a job."""

from __future__ import annotations

from collections.abc import Iterator

from catalog_sync.core.result import ChangeResult, Outcome, Result
from catalog_sync.report.gfm import fitted, folded, literal, prose, table
from catalog_sync.report.words import ENGLISH, Words

_TOLD = (Outcome.FAILED, Outcome.IN_DOUBT, Outcome.SKIPPED)


def result_markdown(result: Result, words: Words = ENGLISH) -> str:
    """The counts, and what did not go well, item by item; of each outcome the first rows."""
    return fitted(lambda top: _lines(result, words, top))


def _lines(result: Result, words: Words, top: int) -> Iterator[str]:
    yield f"**{words['result'].format_map(result.summary)}**"
    yield ""
    for outcome in _TOLD:
        yield from _section(outcome, [each for each in result.results if each.outcome is outcome], words, top)
    if result.remaining:
        yield prose(words["remains"])


def _section(outcome: Outcome, results: list[ChangeResult], words: Words, top: int) -> Iterator[str]:
    if not results:
        return
    rows = [_row(each, words) for each in results[:top]]
    lines = table([words[name] for name in ("item", "action", "reason", "hint")], rows) if rows else []
    left = len(results) - len(rows)
    lines += ["", words["and_more"].format(number=f"{left:,}")] if left else []
    summary = f"<b>{words.outcomes[outcome]}</b> · {len(results):,}"
    yield from folded(summary, lines, open_=outcome is not Outcome.SKIPPED)


def _row(each: ChangeResult, words: Words) -> tuple[str, str, str, str]:
    reason, advice = [], ""
    if each.error is not None:
        reason = [prose(words.say(each.error.message))]
        reason += [prose(words["errmsg"].format(errmsg=each.error.errmsg))] if each.error.errmsg else []
        advice = prose(words.say(each.error.hint))
    return literal(each.address), words.actions[each.action], "<br>".join(reason), advice
