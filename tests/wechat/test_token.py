"""Where tokens come from, and what happens when they are refused. No token and no secret is ever told."""

from __future__ import annotations

import json
import logging
import os
import stat
import threading
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from catalog_sync.core.errors import AuthFailed, CatalogSyncError, NotSent, UsageError
from catalog_sync.wechat.http import Door, Message
from catalog_sync.wechat.token import ReadyToken, SecretToken, TokenRefused, TokenSource
from catalog_sync.wechat.token_command import TokenCommand

from .scripted import Act, ScriptedServer, SkippingClock, hang_up, http, told, unused_port

APP = "wx0123456789abcdef"
SECRET = "s3cret-0123456789abcdef"


def token(text: str, seconds: int = 7200) -> bytes:
    return told({"access_token": text, "expires_in": seconds})


def source(server: ScriptedServer, clock: SkippingClock) -> SecretToken:
    return SecretToken(Door(server.url, clock), APP, SECRET, clock)


def sent(server: ScriptedServer) -> list[Mapping[str, object]]:
    return [json.loads(each.body) for each in server.seen]


ASKED = {"grant_type": "client_credential", "appid": APP, "secret": SECRET}
FORCED = {**ASKED, "force_refresh": True}


def test_a_token_is_fetched_once_and_kept(clock: SkippingClock) -> None:
    with ScriptedServer(token("A"), token("B")) as server:
        tokens = source(server, clock)
        assert [tokens.get() for _ in range(3)] == ["A", "A", "A"]
    assert (server.seen[0].method, server.seen[0].target) == ("POST", "/cgi-bin/stable_token")
    assert sent(server) == [ASKED]


def test_a_token_is_fetched_anew_before_its_end(clock: SkippingClock) -> None:
    with ScriptedServer(token("A"), token("B")) as server:
        tokens = source(server, clock)
        tokens.get()
        clock.sleep(7200 - 300 - 10)
        assert tokens.get() == "A"
        clock.sleep(20)
        assert tokens.get() == "B"
    assert sent(server) == [ASKED, ASKED]


def test_its_end_is_told_by_the_platforms_clock(clock: SkippingClock) -> None:
    later = told({"errcode": 0}, Date="Sat, 21 Nov 2099 12:00:00 GMT")
    with ScriptedServer(token("A"), later, token("B")) as server:
        door = Door(server.url, clock)
        tokens = SecretToken(door, APP, SECRET, clock)
        tokens.get()
        door.send(Message("list", "GET", "/list"))
        assert tokens.get() == "B"


@pytest.mark.parametrize("seconds", [60, 299, 0, -1])
def test_a_token_near_its_end_is_used_for_half_of_what_is_left(seconds: int, clock: SkippingClock) -> None:
    with ScriptedServer(token("A", seconds), token("B")) as server:
        tokens = source(server, clock)
        assert [tokens.get(), tokens.get()] == ["A", "A"]
        clock.sleep(200)
        assert tokens.get() == "B"


def test_many_threads_fetch_one_token(clock: SkippingClock) -> None:
    with ScriptedServer(token("A"), token("B")) as server, ThreadPoolExecutor(8) as workers:
        tokens = source(server, clock)
        assert set(workers.map(lambda _: tokens.get(), range(16))) == {"A"}
    assert len(server.seen) == 1


def test_a_refused_token_is_asked_for_in_the_normal_way_first(clock: SkippingClock) -> None:
    with ScriptedServer(token("A"), token("B")) as server:
        tokens = source(server, clock)
        tokens.renew(tokens.get())
        assert tokens.get() == "B"
    assert sent(server) == [ASKED, ASKED]


def test_only_when_it_comes_back_a_new_one_is_forced(clock: SkippingClock) -> None:
    with ScriptedServer(token("A"), token("A"), token("B")) as server:
        tokens = source(server, clock)
        tokens.renew(tokens.get())
        assert tokens.get() == "B"
    assert sent(server) == [ASKED, ASKED, FORCED]


def test_forcing_waits_for_half_a_minute(clock: SkippingClock) -> None:
    with ScriptedServer(*map(token, "AABBC")) as server:
        tokens = source(server, clock)
        tokens.renew(tokens.get())
        assert (tokens.get(), clock.slept) == ("B", [])
        tokens.renew("B")
        assert tokens.get() == "C"
        assert clock.slept == pytest.approx([30.0], abs=1)


def test_a_forced_token_that_is_the_refused_one_is_the_end(clock: SkippingClock) -> None:
    with ScriptedServer(token("A")) as server:
        tokens = source(server, clock)
        tokens.renew(tokens.get())
        with pytest.raises(TokenRefused, match="the platform gives the refused token again"):
            tokens.get()
    assert sent(server) == [ASKED, ASKED, FORCED]


def test_a_token_that_was_renewed_by_another_thread_stays(clock: SkippingClock) -> None:
    with ScriptedServer(token("A"), token("B")) as server:
        tokens = source(server, clock)
        tokens.renew(tokens.get())
        tokens.get()
        tokens.renew("A")
        assert tokens.get() == "B"
    assert len(server.seen) == 2


@pytest.mark.parametrize(
    ("errcode", "message", "hint"),
    [
        (40013, "the appid is not valid", "check CATALOG_SYNC_APPID and the catalogue's app:"),
        (40125, "the secret is not valid", "check CATALOG_SYNC_APPID and CATALOG_SYNC_SECRET"),
        (40243, "the secret is frozen", "unfreeze the secret in the mini program console"),
        (41002, "the call carried no appid", "check CATALOG_SYNC_APPID and CATALOG_SYNC_SECRET"),
        (41004, "the call carried no secret", "check CATALOG_SYNC_APPID and CATALOG_SYNC_SECRET"),
        (50004, "the account may not call this interface", "see the mini program console"),
        (50007, "the account is frozen", "see the mini program console"),
        (
            89503,
            "the call waits for an administrator's confirmation",
            "an administrator of the app has to confirm this caller in WeChat",
        ),
        (45009, "today's calls are used up", "wait for the next quota day"),
        (99999, "a code that we do not know", "look the code up in the platform's documentation"),
    ],
)
def test_a_refused_account_says_what_to_do(errcode: int, message: str, hint: str, clock: SkippingClock) -> None:
    answer = told({"errcode": errcode, "errmsg": "no rid: 1"})
    with ScriptedServer(answer) as server, pytest.raises(TokenRefused) as caught:
        source(server, clock).get()
    error = caught.value
    assert (error.message, error.hint) == (f"no token: {message} (errcode {errcode})", hint)
    assert (error.errcode, error.errmsg, error.code) == (errcode, "no rid: 1", "auth_failed")


@pytest.mark.parametrize(
    ("errmsg", "address"),
    [
        (
            "invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7, not in whitelist rid: 66b0c1d2-0a1b2c3d-4e5f6071",
            ": 203.0.113.7",
        ),
        ("invalid ip 2001:db8::17, not in whitelist", ": 2001:db8::17"),
        ("not in whitelist hint: [abcd]", ""),
    ],
)
def test_an_address_to_be_allow_listed_is_named(errmsg: str, address: str, clock: SkippingClock) -> None:
    answer = told({"errcode": 40164, "errmsg": errmsg})
    with ScriptedServer(answer) as server, pytest.raises(TokenRefused) as caught:
        source(server, clock).get()
    assert caught.value.hint == f"allow-list this address{address}, in the mini program console"


@pytest.mark.parametrize(
    ("act", "reason"),
    [
        (hang_up, "the connection was lost before the whole answer came"),
        (http(b"", "503 Busy"), "the answer was HTTP 503"),
        (told({"errcode": -1}), "the platform is busy (errcode -1)"),
        (told({"errcode": 45011}), "too many calls in this minute (errcode 45011)"),
        (told({"expires_in": 7200}), "the platform's answer holds no token"),
        (told({"access_token": "two words"}), "the platform's answer holds no token"),
    ],
)
def test_no_token_for_now_means_that_nothing_is_sent(act: Act, reason: str, clock: SkippingClock) -> None:
    with ScriptedServer(act) as server, pytest.raises(NotSent) as caught:
        source(server, clock).get()
    assert (caught.value.call, caught.value.reason, caught.value.__context__) == ("token", reason, None)


def test_a_platform_out_of_reach_gives_no_token(clock: SkippingClock) -> None:
    with pytest.raises(NotSent, match="accepts no connection"):
        SecretToken(Door(f"http://127.0.0.1:{unused_port()}", clock), APP, SECRET, clock).get()


def test_a_ready_token_is_used_until_it_is_refused() -> None:
    tokens = ReadyToken("ready-t0ken")
    tokens.renew("another")
    assert tokens.get() == "ready-t0ken"
    tokens.renew("ready-t0ken")
    with pytest.raises(TokenRefused) as caught:
        tokens.get()
    assert caught.value.message == "the platform refuses the token of CATALOG_SYNC_ACCESS_TOKEN"
    assert caught.value.hint == "put a new token there, or use CATALOG_SYNC_SECRET or CATALOG_SYNC_TOKEN_COMMAND"


@pytest.mark.parametrize("text", ["", "two words", "line\nbreak", "t\x00ken", "茶", "x" * 4097])
def test_what_is_no_token_is_refused_unshown(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        ReadyToken(text)
    assert caught.value.message == "CATALOG_SYNC_ACCESS_TOKEN is no token"


def script(tmp_path: Path, text: str) -> str:
    path = tmp_path / "give token.sh"
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return f"'{path}'"


def command(words: str, seconds: float = 30.0, **environment: str) -> TokenCommand:
    return TokenCommand(words, APP, {"PATH": os.environ["PATH"], **environment}, seconds=seconds)


def test_a_command_prints_a_token(tmp_path: Path) -> None:
    assert command(script(tmp_path, "echo '  t0ken-1\t'; echo more; echo noise >&2")).get() == "t0ken-1"


def test_a_command_runs_again_when_its_token_is_refused(tmp_path: Path) -> None:
    tokens = command(script(tmp_path, f'echo x >> "{tmp_path}/runs"; echo t0ken-$(wc -l < "{tmp_path}/runs")'))
    assert [tokens.get(), tokens.get()] == ["t0ken-1", "t0ken-1"]
    tokens.renew("t0ken-1")
    assert [tokens.get(), tokens.get()] == ["t0ken-2", "t0ken-2"]
    tokens.renew("t0ken-1")
    assert tokens.get() == "t0ken-2"


def test_a_command_that_prints_the_refused_token_again_is_the_end() -> None:
    tokens = command("echo t0ken")
    tokens.renew(tokens.get())
    with pytest.raises(TokenRefused, match="the token command prints the refused token again"):
        tokens.get()


def test_a_command_gets_the_appid_and_no_secret(tmp_path: Path) -> None:
    secret = ("CATALOG_SYNC_SECRET", "CATALOG_SYNC_SECRET_FILE", "CATALOG_SYNC_ACCESS_TOKEN", "CATALOG_SYNC_STATE")
    words = script(tmp_path, f'env > "{tmp_path}/env"; echo $CATALOG_SYNC_APPID')
    environment = {**os.environ, "CATALOG_SYNC_LANG": "en", **dict.fromkeys(secret, "s3cret")}
    assert TokenCommand(words, APP, environment).get() == APP
    written = (tmp_path / "env").read_text()
    assert "s3cret" not in written
    assert "CATALOG_SYNC_LANG=en" in written


def test_no_shell_is_between() -> None:
    assert command("printf %s\\\\n $HOME;echo").get() == "$HOME;echo"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("false", "the token command ended with exit status 1"),
        ("sh -c 'echo t0ken; exit 3'", "the token command ended with exit status 3"),
        ("sh -c 'kill -9 $$'", "the token command ended with exit status -9"),
        ("true", "the token command printed no token"),
        ("echo two words", "the token command printed no token"),
        ("printf '\\n t0ken'", "the token command printed no token"),
        ("/no/such/program", "the token command cannot be run"),
        ("/", "the token command cannot be run"),
    ],
)
def test_a_command_that_gives_no_token(words: str, message: str) -> None:
    with pytest.raises(AuthFailed) as caught:
        command(words).get()
    assert (caught.value.message, caught.value.__context__) == (message, None)


@pytest.mark.parametrize("words", ["", "  ", "'open", "\\"])
def test_what_is_no_command_is_refused(words: str) -> None:
    with pytest.raises(UsageError, match="CATALOG_SYNC_TOKEN_COMMAND is no command"):
        command(words)


def test_a_command_that_hangs_is_killed_with_its_children() -> None:
    started = time.monotonic()
    with pytest.raises(AuthFailed, match="the token command did not end in time"):
        command("sh -c 'sleep 60 & sleep 60'", seconds=0.3).get()
    assert time.monotonic() - started < 30


@pytest.mark.parametrize("failing", ["secret", "ready", "command"])
def test_no_source_tells_a_token_or_a_secret(
    failing: str, clock: SkippingClock, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    caplog.set_level(logging.DEBUG)
    echoed = told({"errcode": 40125, "errmsg": f"invalid appsecret {SECRET}"})
    with ScriptedServer(token("t0ken-old"), echoed) as server:
        sources: dict[str, TokenSource] = {
            "secret": source(server, clock),
            "ready": ReadyToken("t0ken-old"),
            "command": command(script(tmp_path, "echo t0ken-old; echo s3cret >&2"), CATALOG_SYNC_SECRET=SECRET),
        }
        tokens = sources[failing]
        tokens.renew(tokens.get())
        with pytest.raises(CatalogSyncError) as caught:
            tokens.get()
    error = caught.value
    shown = f"{tokens!r} {error!r} {error.message} {error.hint} {vars(error)} {error.__context__} {caplog.text}"
    assert "t0ken" not in shown
    assert "s3cret" not in shown


def test_threads_run_a_command_once(tmp_path: Path) -> None:
    tokens = command(script(tmp_path, f'echo x >> "{tmp_path}/runs"; echo t0ken-$(wc -l < "{tmp_path}/runs")'))
    together = threading.Barrier(6)

    def get(_: int) -> str:
        together.wait(20)
        return tokens.get()

    with ThreadPoolExecutor(6) as workers:
        assert set(workers.map(get, range(6))) == {"t0ken-1"}
