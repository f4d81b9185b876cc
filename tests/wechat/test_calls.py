"""Calls with a token: writes once, reads as often as it helps, pictures and counts."""

from __future__ import annotations

import json
import logging
import os
from decimal import Decimal
from functools import partial

import pytest

from catalog_sync.core.errors import AuthFailed, CallError, Effect, InDoubt, NotSent, Refused
from catalog_sync.core.ports import PoolCount
from catalog_sync.wechat import json_text, media, quota
from catalog_sync.wechat.answer import Answer
from catalog_sync.wechat.calls import Calls, Tally
from catalog_sync.wechat.codes import COMMON, UNKNOWN, Code, raise_unless_done
from catalog_sync.wechat.http import Door
from catalog_sync.wechat.token import ReadyToken, SecretToken, TokenSource
from catalog_sync.wechat.token_command import TokenCommand

from .scripted import Act, ScriptedServer, SkippingClock, hang_up, http, told, unused_port

SECRET = "s3cret-0123456789"


def explain(_call: str, errcode: int) -> Code:
    return COMMON.get(errcode, UNKNOWN)


def calls_to(server: ScriptedServer, clock: SkippingClock, tokens: TokenSource | None = None) -> Calls:
    return Calls(Door(server.url, clock), tokens or ReadyToken("t0ken-A"), clock, explain)


def with_secret(server: ScriptedServer, clock: SkippingClock) -> Calls:
    door = Door(server.url, clock)
    return Calls(door, SecretToken(door, "wx0", SECRET, clock), clock, explain)


def targets(server: ScriptedServer) -> list[str]:
    return [each.target for each in server.seen]


@pytest.mark.parametrize(
    ("act", "end", "errcode"),
    [
        (told({"errcode": -1, "errmsg": "system error"}), InDoubt, -1),
        (told({"errcode": "-1"}), InDoubt, -1),
        (told({"errcode": 12345}), InDoubt, 12345),
        (http(b"", "503 Busy"), InDoubt, None),
        (hang_up, InDoubt, None),
        (told({"errcode": 40001}), Refused, 40001),
        (told({"errcode": 45011}), Refused, 45011),
        (told({"errcode": 48001}), Refused, 48001),
    ],
)
def test_a_write_is_sent_once_whatever_comes(
    act: Act, end: type[CallError], errcode: int | None, clock: SkippingClock
) -> None:
    with ScriptedServer(act) as server, pytest.raises(end) as caught:
        calls_to(server, clock).write("add", "/add", {"goodsInfo": {}})
    assert (len(server.seen), clock.slept, getattr(caught.value, "errcode", None)) == (1, [], errcode)


def test_a_refused_token_is_renewed_when_that_is_asked_for(clock: SkippingClock) -> None:
    token = told({"access_token": "t0ken-A", "expires_in": 7200}), told({"access_token": "t0ken-B", "expires_in": 7200})
    with ScriptedServer(token[0], told({"errcode": 42001}), token[1], told({"errcode": 0})) as server:
        calls = with_secret(server, clock)
        with pytest.raises(Refused) as caught:
            calls.write("add", "/add", {})
        assert caught.value.effect is Effect.TOKEN
        calls.renew()
        calls.renew()
        assert calls.write("add", "/add", {}).errcode == 0
    assert targets(server)[1::2] == ["/add?access_token=t0ken-A", "/add?access_token=t0ken-B"]


def test_a_write_without_a_token_is_not_sent(clock: SkippingClock) -> None:
    with ScriptedServer(told({"errcode": -1})) as server, pytest.raises(NotSent) as caught:
        with_secret(server, clock).write("add", "/add", {})
    assert str(caught.value) == "add: no token: the platform is busy (errcode -1)"
    assert targets(server) == ["/cgi-bin/stable_token"]


def test_a_write_whose_token_the_platform_refuses_to_give_is_refused(clock: SkippingClock) -> None:
    answer = told({"errcode": 40125, "errmsg": "invalid appsecret"})
    with ScriptedServer(answer) as server, pytest.raises(Refused) as caught:
        with_secret(server, clock).write("add", "/add", {})
    assert str(caught.value) == "add: no token: the secret is not valid (errcode 40125)"
    assert (caught.value.effect, caught.value.errcode, caught.value.errmsg) == (
        *(Effect.ACCOUNT, 40125, "invalid appsecret"),
    )


def test_a_failing_token_command_stops_a_write_unsent_and_a_read_for_good(clock: SkippingClock) -> None:
    with ScriptedServer(told({})) as server:
        calls = calls_to(server, clock, TokenCommand("false", "wx0", os.environ))
        with pytest.raises(NotSent, match="add: the token command ended with exit status 1"):
            calls.write("add", "/add", {})
        with pytest.raises(AuthFailed):
            calls.get("list", "/list", {})
    assert server.seen == []


def test_a_read_is_repeated_and_every_sending_counted(clock: SkippingClock) -> None:
    tally = Tally()
    acts = (told({"errcode": -1}), hang_up, http(b"", "404 Not Found"), told({"errcode": 45011}), told({"total": 1}))
    with ScriptedServer(*acts) as server:
        answer = calls_to(server, clock).get("list", "/list", {"offset": "0"}, tally.of("list"))
    assert (answer.body, tally.sent(), len(clock.slept)) == ({"total": 1}, {"list": 5}, 4)
    assert clock.slept[3] <= 61.5


def test_a_read_that_was_never_sent_is_not_counted(clock: SkippingClock) -> None:
    tally = Tally()
    calls = Calls(Door(f"http://127.0.0.1:{unused_port()}", clock), ReadyToken("t0ken-A"), clock, explain)
    with pytest.raises(NotSent):
        calls.get("list", "/list", {}, tally.of("list"))
    assert (tally.sent(), len(clock.slept)) == ({}, 4)


def test_a_read_with_a_ready_token_that_is_refused_ends_with_the_account(clock: SkippingClock) -> None:
    with ScriptedServer(told({"errcode": 40001})) as server, pytest.raises(Refused) as caught:
        calls_to(server, clock).get("list", "/list", {})
    assert (caught.value.effect, len(server.seen)) == (Effect.ACCOUNT, 1)
    assert str(caught.value) == "list: the platform refuses the token of CATALOG_SYNC_ACCESS_TOKEN"


def test_a_read_takes_one_new_token_and_no_second(clock: SkippingClock) -> None:
    first, second = (told({"access_token": f"t0ken-{each}", "expires_in": 7200}) for each in "AB")
    refused = told({"errcode": 40014})
    with ScriptedServer(first, refused, second, refused) as server, pytest.raises(Refused) as caught:
        with_secret(server, clock).get("list", "/list", {})
    assert (caught.value.effect, len(server.seen)) == (Effect.ACCOUNT, 4)
    assert caught.value.reason == "the access token is malformed (errcode 40014), a new token too"


@pytest.mark.parametrize("act", [told({"errcode": 40001, "errmsg": "t0ken-A"}), hang_up, http(b"", "503 Busy")])
def test_no_call_tells_the_token(act: Act, clock: SkippingClock, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with ScriptedServer(act) as server:
        calls = calls_to(server, clock)
        for call in (partial(calls.get, "list", "/list", {}), partial(calls.write, "add", "/add", {})):
            with pytest.raises(CallError) as caught:
                call()
            error = caught.value
            assert "t0ken" not in f"{error!r}{vars(error)}{error.__context__}{error.__cause__}{caplog.text}{calls!r}"


def test_a_picture_is_uploaded_with_a_filename_and_lives_three_days(clock: SkippingClock) -> None:
    answer = told({"type": "image", "media_id": "m1", "created_at": 1795262000}, Date="Sat, 21 Nov 2026 12:00:00 GMT")
    with ScriptedServer(answer) as server:
        receipt = media.upload(calls_to(server, clock), b"\x89PNG\r\n\x00bytes", "png")
    (seen,) = server.seen
    assert (seen.method, seen.target) == ("POST", "/cgi-bin/media/upload?access_token=t0ken-A&type=image")
    assert seen.headers["content-type"].startswith("multipart/form-data; boundary=")
    head, _, content = seen.body.partition(b"\r\n\r\n")
    assert b'Content-Disposition: form-data; name="media"; filename="picture.png"' in head
    assert b"Content-Type: image/png" in head
    assert content.startswith(b"\x89PNG\r\n\x00bytes\r\n--")
    assert receipt.picture is not None
    assert (receipt.picture.ref, receipt.picture.expires_at) == ("m1", 1795262000 + 3 * 86400 - 3600)
    assert receipt.answer == {"type": "image", "media_id": "m1", "created_at": 1795262000}


@pytest.mark.parametrize("created", [None, "1795262000", 1999999999, 0, -5, 1795262000.5])
def test_a_picture_of_unknown_age_lives_from_now(created: object, clock: SkippingClock) -> None:
    answer = told({"media_id": "m1", "created_at": created}, Date="Sat, 21 Nov 2026 12:00:00 GMT")
    with ScriptedServer(answer) as server:
        receipt = media.upload(calls_to(server, clock), b"GIF", "gif")
    assert receipt.picture is not None
    assert receipt.picture.expires_at == pytest.approx(1795262400 + 3 * 86400 - 3600, abs=5)


@pytest.mark.parametrize("body", [{}, {"media_id": ""}, {"media_id": 5}, {"errcode": 0, "errmsg": "ok"}])
def test_an_upload_without_a_media_id_is_in_doubt(body: object, clock: SkippingClock) -> None:
    with ScriptedServer(told(body)) as server, pytest.raises(InDoubt, match="answer holds no media_id"):
        media.upload(calls_to(server, clock), b"GIF", "gif")
    assert len(server.seen) == 1


def count(used: object, limit: object) -> bytes:
    return told({"errcode": 0, "quota": {"daily_limit": limit, "used": used, "remain": 0}})


@pytest.mark.parametrize(
    ("acts", "counts", "asked"),
    [
        ([count(37, 500), count(40, 500), count(7, 1000)], {"submit": (40, 500), "delete": (7, 1000)}, 3),
        ([count(40, 500), count(40, 400), count(7, 1000)], {"submit": (40, 400), "delete": (7, 1000)}, 3),
        ([told({"errcode": 76021}), count(4, 500), told({"errcode": 76021})], {"submit": (4, 500)}, 3),
        ([told({"errcode": 48001})], {}, 1),
        ([told({"errcode": 61007})], {}, 1),
        ([told({"errcode": 45009})], {}, 1),
        ([told({"errcode": 76022})], {}, 1),
        ([count(3, 500), http(b"", "503 Busy")], {}, 3),
        ([count(3, 500), count(3, 500), told({"errcode": 45011})], {"submit": (3, 500)}, 3),
        ([told({"errcode": 0})], {}, 3),
        ([count("3", 500), count(3, 0), count(-1, 5)], {}, 3),
        ([count(True, 500), count(3, None), count(1.5, 5)], {}, 3),
    ],
)
def test_the_platforms_own_count(
    acts: list[Act], counts: dict[str, tuple[int, int]], asked: int, clock: SkippingClock
) -> None:
    with ScriptedServer(*acts) as server:
        told_ = quota.pool_counts(calls_to(server, clock), {"submit": ("/add", "/audit"), "delete": ("/delete",)})
    assert told_ == {pool: PoolCount(*each) for pool, each in counts.items()}
    assert len(server.seen) == asked
    assert (server.seen[0].target, json.loads(server.seen[0].body)) == (
        *("/cgi-bin/openapi/quota/get?access_token=t0ken-A", {"cgi_path": "/add"}),
    )


@pytest.mark.parametrize("errcode", [40013, 48004, 50002, 61003])
def test_a_refused_account_is_told_by_counting_too(errcode: int, clock: SkippingClock) -> None:
    with ScriptedServer(told({"errcode": errcode})) as server, pytest.raises(Refused) as caught:
        quota.pool_counts(calls_to(server, clock), {"submit": ("/add",)})
    assert caught.value.effect is Effect.ACCOUNT


def test_a_refusal_is_told_with_meaning_and_hint() -> None:
    answer = Answer(40164, "invalid ip 203.0.113.7", {})
    with pytest.raises(Refused) as caught:
        raise_unless_done("list", answer, COMMON[40164])
    error = caught.value
    assert str(error) == "list: this machine's address is not on the allow-list (errcode 40164)"
    assert (error.errcode, error.errmsg, error.hint) == (40164, "invalid ip 203.0.113.7", "allow-list this address")


def test_json_is_written_without_escapes_and_exact() -> None:
    value: json_text.Json = {"name": '茶"\n', "price": Decimal("99.50"), "ids": [1, 2**40], "on": True, "off": None}
    assert (
        json_text.write(value).decode()
        == '{"name":"茶\\"\\n","price":99.50,"ids":[1,1099511627776],"on":true,"off":null}'
    )
    assert json_text.write(Decimal("1E+2")) == b"100"


@pytest.mark.parametrize("value", [1.5, Decimal("NaN"), Decimal("Infinity"), {1}, b"x"])
def test_a_float_is_never_written(value: json_text.Json) -> None:
    with pytest.raises(TypeError):
        json_text.write(value)


def test_an_answer_is_kept_as_any_writer_can_write_it() -> None:
    read = json_text.read(b'\xef\xbb\xbf{"price": 99.90, "goods": [{"id": 1.5}], "n": null}')
    assert json_text.plain(read) == {"price": "99.90", "goods": [{"id": "1.5"}], "n": None}
