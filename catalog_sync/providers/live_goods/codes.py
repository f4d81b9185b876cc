"""What the platform's codes mean for live goods, call by call.

Source: the appendix of the live goods page (S0a, D-old, D-new), checked 2026-11-21; what developers saw is marked OBS.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from catalog_sync.core.errors import Effect
from catalog_sync.wechat.codes import BUSY, COMMON, UNKNOWN, Code

_LOOK = "the next plan handles what the item then is"
_EDIT = "edit the item, or send it again with --resubmit ADDRESS"
_GONE = Code("the goods do not exist", Effect.LOOK, _LOOK)
_ROOM = Code("a code of the live rooms, not of the goods", Effect.LOOK, in_doubt=True)

GOODS: Mapping[int, Code] = {
    1003: _GONE,  # S0a
    3001: BUSY,  # OBS 2020-10 on the list, beside total 0 and no goods: a failure that looks like an empty library
    # OBS 2020: "system error", at times for a missing wrapper object. We always send that, so it does not say no.
    200001: replace(BUSY, meaning="the platform had an error"),
    200002: Code("a parameter is wrong", Effect.CONTENT, _EDIT),  # errmsg names the field
    300001: Code("the account may not create or change goods", Effect.SUBMISSIONS, "see the mini program console"),
    300002: Code("the name is too long or too short", Effect.CONTENT, "at most 14 Chinese characters, 3 at least"),
    300003: Code("the price is not valid", Effect.CONTENT, "over 0; the price now is not above the original price"),
    300004: Code("the name has forbidden content", Effect.CONTENT, _EDIT),
    300005: Code("the picture has forbidden content", Effect.CONTENT, "use another cover"),
    300006: Code("the platform could not fetch the picture", Effect.PICTURE, "the picture has to be uploaded again"),
    300007: Code(
        "the page is not in the published version of the mini program",
        Effect.CONTENT,
        "publish the page, or correct url (no leading /, the path not percent-encoded)",
    ),
    300008: Code("adding failed", Effect.LOOK, _LOOK, in_doubt=True),
    300009: Code("the withdrawal failed", Effect.AUDIT_ID, "the review may be over, or the audit id is an old one"),
    300010: Code("the review status does not allow it", Effect.LOOK, _LOOK),
    300011: Code("the goods were not made through the API", Effect.FOREIGN, "change them in the mini program console"),
    300012: Code("today's submissions for review are used up", Effect.POOL, "wait for the next quota day"),
    300013: Code("the submission for review failed", Effect.LOOK, _LOOK, in_doubt=True),
    300014: Code("goods under review cannot be deleted", Effect.LOOK, _LOOK),
    300015: _GONE,  # OBS 2020 and 2022 on delete, in place of 1003
    # S0a says "not submitted"; OBS 2022: also for goods whose review is over.
    300017: Code("the goods are not under review", Effect.LOOK, _LOOK),
    300018: Code("the picture is over 300 x 300 pixels", Effect.CONTENT, "make it smaller, or set cover_fit"),
    300021: Code("the goods were added, but not submitted for review", Effect.LOOK, _LOOK, in_doubt=True),
    # D-new, room interfaces: none of our calls is documented to answer one, so they prove nothing.
    **dict.fromkeys(range(300022, 300049), _ROOM),
    300022: replace(_ROOM, meaning="the live room does not exist"),
    300023: replace(_ROOM, meaning="the live room's state does not allow it"),
    300024: replace(_ROOM, meaning="the goods are not in the live room"),
    300025: replace(_ROOM, meaning="the goods are not approved"),
    300027: replace(_ROOM, meaning="the import into the live room failed"),
    300033: replace(_ROOM, meaning="the live room is full"),
    300044: replace(_ROOM, meaning="the explanation video is not there"),
    300045: replace(_ROOM, meaning="the explanation video is not ready"),
}

_REMEMBERED = frozenset({"add", "update", "audit"})
"""The calls whose refused content is remembered; a refused delete or withdrawal is no word on the content."""

BY_CALL: Mapping[tuple[str, int], Code] = {
    # S0a, D-old, D-new mark all fields of an update as required, against their own text (checked 2026-11-21).
    ("update", 200002): replace(GOODS[200002], effect=Effect.ALL_FIELDS),
    # What does not exist need not be deleted (OBS: a list can still show it).
    ("delete", 1003): replace(_GONE, effect=Effect.GONE, hint=""),
    ("delete", 300015): replace(_GONE, effect=Effect.GONE, hint=""),
    # Our authorisation may be for set 52 alone, the goods; the upload is in others (D-mid, C-doc; INF).
    ("upload", 48001): replace(COMMON[48001], hint="grant the permission for uploading temporary media"),
    ("upload", 61007): replace(
        COMMON[61007], hint="the upload needs permission set 1, 3, 8, 9, 11, 19, 30, 31 or 100 beside 52"
    ),
}


def explain(call: str, errcode: int) -> Code:
    """What this code means as the answer to this call; a code that we do not know is in doubt."""
    found = BY_CALL.get((call, errcode)) or GOODS.get(errcode) or COMMON.get(errcode) or UNKNOWN
    if found.effect is Effect.CONTENT and call not in _REMEMBERED:
        return replace(found, effect=Effect.ITEM)
    return found
