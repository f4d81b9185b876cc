"""The words of the Markdown and HTML reports, in one place: another language is another table of the same names.

Braces are filled by `str.format`, or by the page's script where it is the one who counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Table = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Words:
    """All visible words of one language, by what they name. What a table lacks is shown by its own name."""

    language: str
    actions: Table
    dispositions: Table
    explained: Table
    statuses: Table
    outcomes: Table
    systems: Table
    fields: Table
    pools: Table
    advice: Table
    texts: Table

    def __getitem__(self, name: str) -> str:
        """A text by its name; KeyError names one that the language lacks."""
        return self.texts[name]

    def count(self, noun: str, number: int) -> str:
        """A number with its noun, such as `1 change`, `2 changes`."""
        return self.texts[f"{noun}_1" if number == 1 else noun].format(number=f"{number:,}")


ENGLISH = Words(
    language="en",
    actions={
        "add": "Add",
        "update": "Update",
        "resubmit": "Resubmit",
        "replace": "Replace",
        "delete": "Delete",
        "adopt": "Adopt",
        "move": "Move",
        "forget": "Forget",
        "unchanged": "Unchanged",
    },
    dispositions={"ready": "Ready", "deferred": "Deferred", "waiting": "Waiting", "blocked": "Blocked"},
    explained={
        "ready": "apply does this now",
        "deferred": "the day’s quota is spent",
        "waiting": "for the platform’s review",
        "blocked": "a rule or a person must act",
    },
    statuses={
        "unaudited": "not reviewed",
        "in_audit": "under review",
        "approved": "approved",
        "rejected": "rejected",
    },
    outcomes={"applied": "Applied", "failed": "Failed", "in_doubt": "In doubt", "skipped": "Skipped"},
    systems={"goods": "Live goods", "skus": "Mini Store SKUs", "products": "Mini Store products"},
    fields={},
    pools={
        "submit": "submissions",
        "withdraw": "withdrawals",
        "update": "updates",
        "delete": "deletes",
        "upload": "uploads",
        "status": "status reads",
        "list": "list reads",
        "sku_write": "SKU writes",
    },
    advice={
        "locked_when_approved": "Put the old content back, or set locked_change: replace.",
        "rejected": "Edit it, or --resubmit ADDRESS to submit it as it is.",
        "refused": "Change it, or --resubmit ADDRESS.",
        "drifted": "Take it over into the catalogue, or --resubmit ADDRESS to put yours back.",
        "not_taken": "Change the value, or --resubmit ADDRESS.",
        "price_jump": "Correct the price, or --allow-price-change ADDRESS if it is meant.",
        "twin_exists": "Bind it: adopt KEY ID, or adopt --match. Or --allow-twin ADDRESS for a second one.",
        "cover_needed": "Name a file or an https link as its cover.",
        "protected": "Set protect: false and apply, or forget it: removed:.",
        "just_adopted": "Apply again.",
        "cannot_adopt": "Correct the id under adopt:, or take the line out.",
        "already_bound": "Take the line out of moved:, or forget one of the two: removed:.",
        "not_ours": "Take it out of the catalogue and forget it: removed:.",
        "unknown_status": "Look at the item in the console.",
        "observation_incomplete": "Run again later.",
        "in_doubt": "Look at the item in the console; state show ADDRESS tells the call.",
        "no_quota": "Raise the limit under quota:, or lower the reserve.",
        "product_missing": "Make the product in the console, or correct its out_product_id or product_id.",
        "product_closed": "See the product in the console, or take it out of products:.",
        "under_another": "Give the SKU a new out_sku_id, or put it under the product that has it.",
        "last_sku": "Take the product down in the console.",
        "listing_off": "Submit the draft in the console, or set listing: true.",
        "draft_not_submitted": "Submit the draft in the console, or --resubmit ADDRESS.",
    },
    texts={
        # verdict
        "plan": (
            "Plan: {add} to add, {update} to update, {resubmit} to resubmit, {replace} to replace, {delete} to delete."
        ),
        "no_changes": "No changes. The platform matches the catalogue.",
        "unsafe": "Unsafe: apply refuses this plan.",
        "left_deferred": "Deferred: {number}",
        "left_waiting": "Waiting for review: {number}",
        "left_blocked": "Blocked: {number}",
        "result": "Applied: {applied} · Failed: {failed} · In doubt: {in_doubt} · Skipped: {skipped} · "
        "Remaining: {remaining}",
        # counted nouns
        "changes": "{number} changes",
        "changes_1": "{number} change",
        "equal_under_review": "{number} items are under review, equal to the catalogue.",
        "equal_under_review_1": "{number} item is under review, equal to the catalogue.",
        "unmanaged": "Not managed here: {number} on the platform, {console_made} of them made in the console.",
        "and_more": "and {number} more",
        "more_rows": "and {number} more rows, to {day}",
        "more_characters": "… ({number} more characters)",
        # headings and labels
        "title": "Plan for",
        "quota": "Quota",
        "quota_day": "{used} used · {planned} planned · {left} left of {limit}",
        "reserve": "{number} in reserve",
        "forecast": "Forecast",
        "submitted_by": "Last submission on {day}.",
        "approved": "Half reviewed by {p50}, nine in ten by {p90}.",
        "basis": "Rests on: {basis}.",
        "holds": "Held back: a person must act",
        "waiting": "Waiting for the platform’s review",
        "warnings_heading": "Warnings",
        "not_whole": "The platform was not read whole: {reason}",
        "what_to_do": "What to do: {advice}",
        "because": "Why",
        "item": "Item",
        "change": "Change",
        "when": "When",
        "today": "today",
        "day": "Day",
        "pool": "Calls",
        "used": "used",
        "planned": "planned",
        "left": "left",
        "reserved": "reserve",
        "field": "Field",
        "before": "Now",
        "after": "After",
        "none": "(none)",
        "empty": "(empty)",
        "picture": "picture {identity}",
        "was": "was {address}",
        "held": "Held back: {fields}",
        "late": "Late: it will miss its needed_by.",
        "note": "Note: {note}",
        "id": "id {id}",
        # provenance
        "provenance": "Where this plan comes from",
        "app": "App",
        "plan_id": "Plan",
        "digest": "Digest",
        "catalogue": "Catalogue",
        "catalogue_digest": "Catalogue digest",
        "state": "State",
        "state_version": "{lineage}, version {serial}",
        "actor": "Made by",
        "commit": "Commit",
        "run": "Run",
        "created_at": "Made at",
        "selection": "Selection",
        "whole": "everything",
        # result
        "action": "Action",
        "reason": "Reason",
        "hint": "What to do",
        "errmsg": "The platform said: {errmsg}",
        "remains": "What remains is under review, deferred or held: catalog-sync status says which.",
        # page
        "generator": "catalog-sync {version}",
        "skip": "Skip to the changes",
        "sections": "Sections",
        "changes_heading": "Changes",
        "search": "Search",
        "search_hint": "Name, key, id, value or reason",
        "filter_action": "Action",
        "filter_disposition": "State",
        "filter_kind": "System",
        "clear": "Clear search and filters",
        "some_of_all": "{shown} of {all} changes shown.",
        "some_matching": "{matching} of {all} changes match, {shown} shown.",
        "all": "Changes: {all}.",
        "matching": "{matching} of {all} changes match.",
        "nothing": "No change matches. {all} in all.",
        "show_more": "Show {number} more",
        "show_held": "Show {number}",
        "no_script": "The list of changes needs JavaScript, which is switched off or not allowed here. The summary on "
        "this page is complete without it.",
        "timeline": "Deferred work by day",
        "further_days": "{number} further days",
        "further_days_1": "{number} further day",
        "beside": "Days, quota, warnings and where this plan comes from",
        "platform_picture": "Picture on the platform",
        "cover": "Cover of {name}",
        "fitted": "Cover of {name}, as it is uploaded",
        "as_file": "file",
        "as_uploaded": "as uploaded",
        "pictures_left_out": "Covers of {number} changes are left out to keep the page small.",
        "quota_bar": "{pool}, {day}: {used} used, {planned} planned, {reserve} in reserve, {left} left of {limit}",
        "unchanged": "Unchanged",
        "matches": "as the catalogue says",
    },
)
"""What people read by default."""
