"""The supporting calls: tokens, picture upload, what is left of the daily numbers.

DOC: the pages of token, stable_token, media upload, quota/get and clear_quota.
"""

from collections.abc import Mapping, Sequence

from catalog_sync.emulator.errors import Refusal
from catalog_sync.emulator.faults import Kind
from catalog_sync.emulator.media import judge_upload, make_media
from catalog_sync.emulator.reading import Json, read_files
from catalog_sync.emulator.settings import Setting, Settings
from catalog_sync.emulator.system import Call, ControlRoute, Route
from catalog_sync.emulator.tokens import Token
from catalog_sync.emulator.world import Note

MEDIA_TYPES = ("image", "voice", "video", "thumb")


def answer_token(call: Call) -> Json:
    """GET /cgi-bin/token: a new token; the one before works for five minutes more."""
    _check_sign_in(call.request.query)
    return _token_body(call.world.tokens.fetch(call.now), call.now)


def answer_stable_token(call: Call) -> Json:
    """POST /cgi-bin/stable_token: the same token until near its end, or a forced new one (20 a day, 30 s apart)."""
    body = call.body()
    _check_sign_in(body)
    if body.get("force_refresh") is not True:
        return _token_body(call.world.tokens.stable(call.now), call.now)
    call.world.quota.refuse_unless_room("force_refresh", call.now)
    token = call.world.tokens.force(call.now)
    call.world.quota.charge("force_refresh", "force_refresh", call.now)
    return _token_body(token, call.now)


def _check_sign_in(sent: Mapping[str, object]) -> None:
    if not sent.get("secret"):
        raise Refusal(41004, "appsecret missing")
    if sent.get("grant_type") != "client_credential":
        raise Refusal(40002, "invalid grant_type")


def _token_body(token: Token, now: float) -> Json:
    return {"access_token": token.text, "expires_in": int(token.ends - now)}


def answer_upload(call: Call) -> Json:
    """POST /cgi-bin/media/upload?type=image: field `media`, with a filename."""
    if call.request.query.get("type") not in MEDIA_TYPES:
        raise Refusal(40004, "invalid media type")
    files = read_files(call.request.content_type, call.request.body)
    content = next((file.content for file in files if file.field == "media"), b"")
    picture = judge_upload(content, call.settings["media_max_bytes"], call.settings["media_oversize_code"])
    media = make_media(content, picture, call.now)
    call.world.upload(content, media)
    told = {"type": "image", "media_id": media.media_id, "created_at": int(call.now)}
    return told if call.settings["media_errcode"] == "absent" else {**told, "errcode": 0, "errmsg": "ok"}


def answer_quota(call: Call) -> Json:
    """POST /cgi-bin/openapi/quota/get: what a path may be called and was called today."""
    path = call.body().get("cgi_path")
    quota = call.world.quota
    pool = quota.pool_of_path.get(path, "") if isinstance(path, str) else ""
    if not pool or call.settings["quota_get"] == "refused":
        raise Refusal(76021, "cgi_path not found")
    counter = {"per_path": str(path), "per_pool": pool, "always_zero": ""}[call.settings["quota_get"]]
    limit, used = quota.limit(pool), quota.used_on(quota.day(call.now), counter)
    told = {"daily_limit": limit, "used": used, "remain": max(limit - used, 0)}
    return {"errcode": 0, "errmsg": "ok", "quota": told}


def answer_clear_quota(call: Call) -> Json:
    """POST /cgi-bin/clear_quota: today's numbers begin anew, ten times a month."""
    if call.body().get("appid") != call.world.appid:
        raise Refusal(40013, "invalid appid")
    call.world.quota.clear(call.now)
    return {"errcode": 0, "errmsg": "ok"}


class Supporting:
    """The calls that every system needs. It keeps nothing of its own: tokens and uploads are the world's."""

    name = "supporting"
    pools: Mapping[str, int] = {
        "token": 2_000,
        "stable_token": 500_000,
        "force_refresh": 20,
        "upload": 5_000,
    }
    faults: Sequence[Kind] = ()
    control: Sequence[ControlRoute] = ()
    settings: Sequence[Setting] = ()
    routes: Sequence[Route] = (
        Route("token", "GET", "/cgi-bin/token", answer_token, "token", opened_by_token=False),
        Route(
            "stable_token", "POST", "/cgi-bin/stable_token", answer_stable_token, "stable_token", opened_by_token=False
        ),
        Route("upload", "POST", "/cgi-bin/media/upload", answer_upload, "upload"),
        Route("quota_get", "POST", "/cgi-bin/openapi/quota/get", answer_quota, ""),
        Route("clear_quota", "POST", "/cgi-bin/clear_quota", answer_clear_quota, ""),
    )

    def new_part(self, note: Note, settings: Settings) -> None:
        """Keep nothing."""
