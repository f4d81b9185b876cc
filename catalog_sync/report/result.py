"""What an apply did: the result document of contract section 7, and the same for a person."""

from __future__ import annotations

from catalog_sync.core.errors import Failure, StepsFailed
from catalog_sync.core.result import ChangeResult, Event, EventType, Outcome, Result
from catalog_sync.report.colour import Colour
from catalog_sync.report.width import safe
from catalog_sync.report.words import ENGLISH, Words

_SIGNS = {Outcome.APPLIED: "ok", Outcome.FAILED: "FAILED", Outcome.IN_DOUBT: "IN DOUBT", Outcome.SKIPPED: "skipped"}


def result_document(result: Result, plan_id: str, app: str) -> dict[str, object]:
    """The result document; with an error where an item failed or is in doubt."""
    return _document(result, plan_id, app) | _error(result)


def _error(result: Result) -> dict[str, object]:
    failed, doubtful = result.count(Outcome.FAILED), result.count(Outcome.IN_DOUBT)
    if not failed and not doubtful:
        return {}
    message = f"failed: {failed}, in doubt: {doubtful}"
    hint = "results has each with its reason; the next apply looks at what is in doubt"
    return {"error": {"code": StepsFailed.code, "message": message, "hint": hint}}


def _document(result: Result, plan_id: str, app: str) -> dict[str, object]:
    return {
        "format_version": "1.0",
        "plan_id": plan_id,
        "app": app,
        "results": [
            {
                "address": each.address,
                "action": each.action.value,
                "outcome": each.outcome.value,
                "remote_id": each.remote_id,
                "audit_id": each.audit_id,
                "calls": list(each.calls),
                "error": None if each.error is None else failure_document(each.error),
            }
            for each in result.results
        ],
        "summary": result.summary,
    }


def failure_document(failure: Failure) -> dict[str, object]:
    """Why a change did not land."""
    return {
        "code": failure.code,
        "errcode": failure.errcode,
        "errmsg": failure.errmsg,
        "meaning": failure.message,
        "hint": failure.hint,
    }


def result_text(result: Result, colour: Colour, words: Words = ENGLISH) -> str:
    """What did not go well, item by item, and the counts."""
    trouble = [each for each in result.results if each.outcome is not Outcome.APPLIED]
    lines = [line for each in trouble for line in _trouble(each, colour, words)]
    counts = result.summary
    if counts["remaining"]:
        lines.append(words.tell("What remains is under review, deferred or held: `catalog-sync status` says which."))
    lines.append(colour.bold(words["result"].format_map(counts)))
    return "\n".join(lines)


def _trouble(each: ChangeResult, colour: Colour, words: Words) -> list[str]:
    lines = [colour.paint("red", safe(_end(each, words)))]
    if each.error is not None:
        lines.append(f"    {safe(words.say(each.error.message))}")
        if each.error.errmsg:
            lines.append(f"    {safe(words.tell('the platform said: {errmsg}', errmsg=each.error.errmsg))}")
        if each.error.hint:
            lines.append(f"    {safe(words.say(each.error.hint))}")
    return lines


def _end(each: ChangeResult, words: Words) -> str:
    sign = words.word(_SIGNS[each.outcome])
    return words.tell("{sign}: {address} ({action})", sign=sign, address=each.address, action=words.word(each.action))


def event_line(event: Event, words: Words = ENGLISH) -> str | None:
    """An event for a person: one line when an item ends; None for those that say nothing new."""
    if event.type is not EventType.STEP_FINISHED or not event.details["last"]:
        return None
    outcome = Outcome(str(event.details["outcome"]))
    error = event.details.get("error")
    what = words.word(str(event.details["action"]))
    if outcome is not Outcome.APPLIED:
        what = f"{words.call(str(event.details['call']))} {words.word(_SIGNS[outcome])}"
    why = f" ({error})" if error and outcome is not Outcome.IN_DOUBT else ""
    return f"[{event.details['done']}/{event.details['total']}] {safe(event.address or '')}: {what}{why}"
