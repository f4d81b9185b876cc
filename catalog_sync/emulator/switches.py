"""The switches that every system shares. Those of one system stand with it.

Not a switch, though the platform's documentation disagrees, and why: `quota/clear` (its pages speak of other calls).
"""

from collections.abc import Iterable

from catalog_sync.emulator.settings import COUNT, LIMITS, NUMBER, SIGNED, Setting, of_kind, one_of

EXHAUSTED = (45009, 300012, 45011, 48006)
SHARED = (
    of_kind("latency_ms", "every platform call takes so much longer, in real milliseconds", NUMBER, 0),
    one_of("verdict", "what the reviewer does by itself", "manual", "approve", "reject"),
    of_kind("verdict_after", "how long that takes, in seconds of the emulator's clock", NUMBER, 0.0),
    # daily numbers
    of_kind(
        "quota_day_offset_hours", "a quota day ends at midnight at UTC plus this. Unknown; 8: Beijing", SIGNED, 8.0
    ),
    one_of("refused_calls_charged", "whether a refused call uses quota. Unknown", True, False),
    one_of("quota_exhausted_code", "a call over its daily number; submissions: 300012 (documented)", *EXHAUSTED),
    one_of("quota_get", "what it counts; refused: 76021", "per_path", "per_pool", "always_zero", "refused"),
    # how answers are written
    one_of("superseded_token_code", "a token five minutes after a newer one was fetched", 40001, 40014, 42001),
    one_of("errcode_type", "errcode was at times a JSON string (seen in 2020 and 2022)", "number", "string"),
    one_of("errcode_on_success", "absent: no success has one, as token and upload", "documented", "absent"),
    one_of("errmsg_on_success", "most samples have none on success", "documented", "always", "never"),
    one_of("errmsg_on_refusal", "whether a refusal says why", "present", "absent"),
    one_of("errmsg_mark", "how an errmsg ends: rid, or the older hint", "rid", "hint"),
    # uploads
    of_kind("media_max_bytes", "2 MB in one place of the upload page, 10 MB in another", COUNT, 2 * 1024 * 1024),
    one_of("media_oversize_code", "a picture over that", 40009, 40006),
    one_of("media_errcode", "errcode and errmsg on success: 2026 sample yes, older no", "absent", "present"),
    # the record of calls
    of_kind("record_calls", "how many of the last calls GET /_emulator/calls can show", COUNT, 200_000),
    one_of("record_bodies", "whether it shows what was sent", True, False),
)


def shared_switches(pools: Iterable[str]) -> list[Setting]:
    """List them; `pools` may be limited."""
    names = frozenset(pools)
    a_day = "calls a day of a pool, in place of the documented number"
    a_minute = "calls a minute of a pool, more get 45011; only that of stable_token is documented"
    return [
        *SHARED,
        Setting("limits", {}, LIMITS, a_day, names),
        Setting("minute_limits", {"stable_token": 10_000}, LIMITS, a_minute, names),
    ]
