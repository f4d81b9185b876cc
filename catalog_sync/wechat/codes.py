"""What the platform's codes mean, as far as every system shares them.

Source: Part C.3 of the platform's documentation as we compiled it: the global return code page, the pages of the single
calls and the code lists of public SDKs; checked 2026-11-21.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from catalog_sync.core.errors import Effect, InDoubt, Refused
from catalog_sync.core.sentence import coded
from catalog_sync.wechat.answer import Answer


@dataclass(frozen=True, slots=True)
class Code:
    """One code: what it means, what it concerns, what to do next.

    `in_doubt`: after this answer the call may have been done all the same (rules section 7).
    """

    meaning: str
    effect: Effect = Effect.ITEM
    hint: str = ""
    in_doubt: bool = False


Explain: TypeAlias = Callable[[str, int], Code]
"""A system's table: the call's name and the errcode give the code's meaning for that call."""

BUSY = Code("the platform is busy", Effect.BUSY, "try again later", in_doubt=True)
UNKNOWN = Code(
    "a code that we do not know", Effect.LOOK, "look the code up in the platform's documentation", in_doubt=True
)

_RENEW = "check CATALOG_SYNC_APPID; no other program should fetch tokens of this app with /cgi-bin/token"
_CREDENTIALS = "check CATALOG_SYNC_APPID and CATALOG_SYNC_SECRET"
_GRANT = "grant the permission: mini program console, or the service provider's permission set"
_COMPONENT = "ask the service provider that made the token"
_CONFIRM = "an administrator of the app has to confirm this caller in WeChat"
_PICTURE = "use a PNG, JPEG or GIF of at most 2 MB"
_OURS = "this is a fault of this program: please report it"

COMMON: Mapping[int, Code] = {
    # C.3. -1: WxJava backs off 1 s * 2^n. -2 is listed on the page of Add SKU.
    -1: BUSY,
    -2: Code("the access token is too long", Effect.ACCOUNT, "check CATALOG_SYNC_ACCESS_TOKEN"),
    # C.3, C-doc token pages. WxJava and wechatpy treat the three alike.
    40001: Code("the access token is not valid, or not the newest", Effect.TOKEN, _RENEW),
    40014: Code("the access token is malformed", Effect.TOKEN, _RENEW),
    42001: Code("the access token has expired", Effect.TOKEN, _RENEW),
    # C-doc media upload.
    40004: Code("the media type is not accepted", Effect.ITEM, _PICTURE),
    40005: Code("the file format is not accepted", Effect.ITEM, _PICTURE),
    40006: Code("the file is too large", Effect.ITEM, _PICTURE),
    40007: Code("the uploaded picture is not valid any more", Effect.UPLOAD, "upload it again"),
    40009: Code("the picture is too large", Effect.ITEM, _PICTURE),
    # C.1 other token errors, C-doc token and stable_token.
    40013: Code("the appid is not valid", Effect.ACCOUNT, "check CATALOG_SYNC_APPID and the catalogue's app:"),
    40125: Code("the secret is not valid", Effect.ACCOUNT, _CREDENTIALS),
    40164: Code("this machine's address is not on the allow-list", Effect.ACCOUNT, "allow-list this address"),
    40243: Code("the secret is frozen", Effect.ACCOUNT, "unfreeze the secret in the mini program console"),
    41001: Code("the call carried no access token", Effect.ACCOUNT, _OURS),
    41002: Code("the call carried no appid", Effect.ACCOUNT, _CREDENTIALS),
    41004: Code("the call carried no secret", Effect.ACCOUNT, _CREDENTIALS),
    # OBS: 41005 also when the part of the upload has no filename.
    41005: Code("the upload carried no file", Effect.ITEM, _OURS),
    43001: Code("the call has to be a GET", Effect.ITEM, _OURS),
    43002: Code("the call has to be a POST", Effect.ITEM, _OURS),
    44002: Code("the call carried no body", Effect.ITEM, _OURS),
    45009: Code("today's calls are used up", Effect.POOL, "wait for the next quota day"),
    45011: Code("too many calls in this minute", Effect.MINUTE, "wait a minute, or lower --parallelism"),
    47001: Code("the call's body is not what the platform expects", Effect.CONTENT, _OURS),
    48001: Code("the app has no permission for this interface", Effect.ACCOUNT, _GRANT),
    48004: Code("the app is banned from this interface", Effect.ACCOUNT, "see the mini program console"),
    48006: Code("clearing the counts is used up for this month", Effect.ITEM, "wait for the next month"),
    50002: Code("the account is limited", Effect.ACCOUNT, "see the mini program console"),
    50004: Code("the account may not call this interface", Effect.ACCOUNT, "see the mini program console"),
    50007: Code("the account is frozen", Effect.ACCOUNT, "see the mini program console"),
    # C.3, C.2: tokens of a service provider (third-party platform).
    61003: Code("the app has not authorised this service provider", Effect.ACCOUNT, _COMPONENT),
    61004: Code("the service provider's caller address is not registered", Effect.ACCOUNT, _COMPONENT),
    61005: Code("the service provider's ticket has expired", Effect.ACCOUNT, _COMPONENT),
    61006: Code("the service provider's ticket is not valid", Effect.ACCOUNT, _COMPONENT),
    61007: Code("the service provider has no permission for this interface", Effect.ACCOUNT, _GRANT),
    61009: Code("the service provider's authorisation code is not valid", Effect.ACCOUNT, _COMPONENT),
    61010: Code("the service provider's authorisation code has expired", Effect.ACCOUNT, _COMPONENT),
    61011: Code("the service provider is not valid", Effect.ACCOUNT, _COMPONENT),
    61014: Code("this is the wrong kind of token", Effect.ACCOUNT, _COMPONENT),
    61015: Code("this is the wrong kind of token", Effect.ACCOUNT, _COMPONENT),
    61023: Code("the service provider's refresh token is not valid", Effect.ACCOUNT, _COMPONENT),
    61024: Code("this is the wrong kind of token", Effect.ACCOUNT, _COMPONENT),
    61028: Code("the service provider is not published", Effect.ACCOUNT, _COMPONENT),
    61029: Code("the service provider has to be published again", Effect.ACCOUNT, _COMPONENT),
    # C-doc quota/get and rid/get.
    76001: Code("there is no such request id"),
    76002: Code("the request id is malformed"),
    76003: Code("the request id is of another account"),
    76004: Code("the request id is older than 7 days"),
    76021: Code("the platform does not count this path"),
    76022: Code("the access token is of another account"),
    # C-doc stable_token: calls that an administrator has to confirm.
    89503: Code("the call waits for an administrator's confirmation", Effect.ACCOUNT, _CONFIRM),
    89506: Code("an administrator refused this caller's address for a day", Effect.ACCOUNT, _CONFIRM),
    89507: Code("an administrator refused this caller's address for an hour", Effect.ACCOUNT, _CONFIRM),
    # B.7: seen since 2023-03 on sibling interfaces that were switched off.
    1400007: Code("this interface was taken offline", Effect.OFFLINE, "the platform serves it no longer"),
}


def raise_unless_done(call: str, answer: Answer, code: Code) -> None:
    """Nothing for errcode 0; else InDoubt where the call may have been done all the same, Refused where it was not."""
    if answer.errcode == 0:
        return
    reason = coded(code.meaning, answer.errcode)
    if code.in_doubt:
        raise InDoubt(call, reason, errcode=answer.errcode, errmsg=answer.errmsg, hint=code.hint)
    raise Refused(call, reason, errcode=answer.errcode, errmsg=answer.errmsg, effect=code.effect, hint=code.hint)
