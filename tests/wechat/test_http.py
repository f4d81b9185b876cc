"""The door: what it lets through, how each call ends, and what it never tells."""

from __future__ import annotations

import logging
import socket
import ssl
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from catalog_sync.core.errors import CallError, InDoubt, NotSent, UsageError
from catalog_sync.wechat.http import Door, Message, Network, network_from, origin_of

from .scripted import (
    Act,
    Babbler,
    ScriptedServer,
    SkippingClock,
    half,
    hang_up,
    http,
    read_request,
    reset,
    silence,
    slowly,
    told,
    unused_port,
)

READ = Message("list", "GET", "/list", {"access_token": "t0ken-t0ken", "offset": "0"}, secrets=("t0ken-t0ken",))
WRITE = Message(
    "add", "POST", "/add", {"access_token": "t0ken-t0ken"}, b'{"name":"TIT\xe8\x8c\xb6"}', secrets=("t0ken-t0ken",)
)


def ended(door: Door, message: Message = WRITE) -> CallError:
    with pytest.raises(CallError) as caught:
        door.send(message)
    return caught.value


@pytest.mark.parametrize(
    ("base", "origin"),
    [
        ("https://api.weixin.qq.com", "https://api.weixin.qq.com"),
        ("HTTPS://API.weixin.qq.com/", "https://api.weixin.qq.com"),
        ("https://api.weixin.qq.com:443", "https://api.weixin.qq.com"),
        ("https://api2.weixin.qq.com:8443/", "https://api2.weixin.qq.com:8443"),
        ("http://127.0.0.1:8700", "http://127.0.0.1:8700"),
        ("http://127.9.9.9:08700", "http://127.9.9.9:8700"),
        ("http://localhost", "http://localhost"),
        ("http://[::1]:80", "http://[::1]"),
    ],
)
def test_an_api_base_has_one_spelling(base: str, origin: str) -> None:
    assert origin_of(base) == origin


@pytest.mark.parametrize(
    "base",
    [
        "",
        "api.weixin.qq.com",
        "ftp://api.weixin.qq.com",
        "https://",
        "https://user:password@api.weixin.qq.com",
        "https://api.weixin.qq.com/cgi-bin",
        "https://api.weixin.qq.com?x=1",
        "https://api.weixin.qq.com#x",
        "https://api.weixin.qq.com:0",
        "https://api.weixin.qq.com:65536",
        "https://api.weixin.qq.com\n",
        "https://api weixin",
    ],
)
def test_an_api_base_with_more_in_it_is_refused_and_not_repeated(base: str) -> None:
    with pytest.raises(UsageError) as caught:
        origin_of(base)
    assert caught.value.message == "the API base is not of the form https://host[:port]"


@pytest.mark.parametrize(
    "host", ["api.weixin.qq.com", "128.0.0.1", "127.0.0.1.example.org", "[::2]", "[::ffff:127.0.0.1]", "localhost.org"]
)
def test_plain_http_goes_to_this_machine_only(host: str) -> None:
    with pytest.raises(UsageError) as caught:
        origin_of(f"http://{host}")
    assert caught.value.message == f"plain http is only for this machine, not for {host}"


@pytest.mark.parametrize(
    ("environment", "proxy"),
    [
        ({}, None),
        ({"HTTPS_PROXY": "http://proxy:3128"}, "http://proxy:3128"),
        ({"https_proxy": "proxy:3128", "HTTPS_PROXY": "http://other:1"}, "http://proxy:3128"),
        ({"ALL_PROXY": "http://proxy:3128"}, "http://proxy:3128"),
        ({"HTTP_PROXY": "http://proxy:3128"}, None),
        ({"HTTPS_PROXY": "http://proxy:3128", "NO_PROXY": "qq.com"}, None),
        ({"HTTPS_PROXY": "http://proxy:3128", "NO_PROXY": "a.org, .weixin.qq.com"}, None),
        ({"HTTPS_PROXY": "http://proxy:3128", "NO_PROXY": "*"}, None),
        ({"HTTPS_PROXY": "http://proxy:3128", "NO_PROXY": "q.com,in.qq.com"}, "http://proxy:3128"),
    ],
)
def test_the_environment_names_a_proxy(environment: dict[str, str], proxy: str | None) -> None:
    assert network_from(environment, "https://api.weixin.qq.com").proxy == proxy


def test_a_proxys_password_is_in_no_repr() -> None:
    network = network_from({"HTTPS_PROXY": "http://user:pa55word@proxy:1"}, "https://api.weixin.qq.com")
    assert "pa55word" not in repr(network)


def test_certificates_that_are_not_there_are_told_at_once(clock: SkippingClock) -> None:
    with pytest.raises(UsageError, match="there are no CA certificates at /nowhere"):
        Door("https://api.weixin.qq.com", clock, network_from({"REQUESTS_CA_BUNDLE": "/nowhere/ca.pem"}, "https://x"))


def test_a_call_is_what_the_platform_expects(clock: SkippingClock) -> None:
    with ScriptedServer(told({"errcode": 0, "goodsId": 51})) as server, Door(server.url, clock) as door:
        answer = door.send(WRITE)
    (seen,) = server.seen
    assert (answer.errcode, answer.errmsg, answer.body["goodsId"]) == (0, "", 51)
    assert (seen.method, seen.target) == ("POST", "/add?access_token=t0ken-t0ken")
    assert seen.headers["content-type"] == "application/json"
    assert seen.body.decode() == '{"name":"TIT茶"}'
    assert sorted(seen.headers) == [
        *("accept", "accept-encoding", "content-length", "content-type", "host", "user-agent")
    ]


def test_a_query_is_encoded(clock: SkippingClock) -> None:
    with ScriptedServer(told({})) as server, Door(server.url, clock) as door:
        door.send(Message("list", "GET", "/list", {"access_token": "a&b=c/%茶"}))
    assert server.seen[0].target == "/list?access_token=a%26b%3Dc%2F%25%E8%8C%B6"


def test_a_connection_is_used_again(clock: SkippingClock) -> None:
    with ScriptedServer(told({"errcode": 0})) as server, Door(server.url, clock) as door:
        for _ in range(5):
            door.send(WRITE)
        assert (len(server.seen), server.connections) == (5, 1)


def test_threads_never_share_a_connection(clock: SkippingClock) -> None:
    all_here = threading.Barrier(8)

    def answer_together(connection: socket.socket) -> None:
        all_here.wait(20)
        connection.sendall(told({"errcode": 0}))

    with ScriptedServer(answer_together) as server, Door(server.url, clock) as door, ThreadPoolExecutor(8) as workers:
        answers = list(workers.map(door.send, [READ] * 8))
    assert ({each.errcode for each in answers}, server.connections) == ({0}, 8)


NOT_JSON = "the answer was not JSON"


@pytest.mark.parametrize(
    ("act", "reason"),
    [
        (http(b"Not Found", "404 Not Found", Content_Type="text/plain"), "the answer was HTTP 404"),
        (http(b"", "503 Service Unavailable"), "the answer was HTTP 503"),
        (http(b'{"errcode":0}', "500 Internal Server Error"), "the answer was HTTP 500"),
        (http(b'{"errcode":0}', "201 Created"), "the answer was HTTP 201"),
        (http(b"", "302 Found", Location="http://127.0.0.1:1/"), "the answer was HTTP 302"),
        (http(b"<html>"), NOT_JSON),
        (http(b""), NOT_JSON),
        (http(b'{"errcode":NaN}'), NOT_JSON),
        (http(b'{"errcode":0'), NOT_JSON),
        (http(b'{"errcode":"\xff"}'), NOT_JSON),
        (http(b"[" * 100_000), NOT_JSON),
        (http(b'{"errcode":' + b"9" * 5000 + b"}"), NOT_JSON),
        (http(b"[]"), "the answer was not a JSON object"),
        (http(b"null"), "the answer was not a JSON object"),
        (http(b'{"errcode":null}'), "the answer's errcode was not a number"),
        (http(b'{"errcode":"none"}'), "the answer's errcode was not a number"),
        (http(b'{"errcode":true}'), "the answer's errcode was not a number"),
        (http(b'{"errcode":1.5}'), "the answer's errcode was not a number"),
        (http(b'{"errcode":1e999999}'), "the answer's errcode was not a number"),
        (http(b'{"errcode":[]}'), "the answer's errcode was not a number"),
        (hang_up, "the connection was lost before the whole answer came"),
        (reset, "the connection was lost before the whole answer came"),
        (half(told({"errcode": 0})), "the connection was lost before the whole answer came"),
        (b"SSH-2.0-OpenSSH_9.6\r\n", "the connection was lost before the whole answer came"),
        (http(b"abcdefgh", Content_Encoding="gzip"), "the connection was lost before the whole answer came"),
        (http(b" " * (8 * 1024 * 1024 + 1)), "the answer was larger than 8388608 bytes"),
    ],
)
def test_what_is_not_the_platforms_answer_is_in_doubt(act: Act, reason: str, clock: SkippingClock) -> None:
    with ScriptedServer(act) as server, Door(server.url, clock) as door:
        in_doubt_for(reason, server, door)


@pytest.mark.parametrize(
    ("act", "seconds", "reason"),
    [
        (silence(5), 0.3, "no answer came in time"),
        (slowly(http(b" " * 500), 0.02), 1.0, "the whole answer did not come in time"),
    ],
)
def test_an_answer_that_does_not_come_is_in_doubt(act: Act, seconds: float, reason: str, clock: SkippingClock) -> None:
    with ScriptedServer(act) as server, Door(server.url, clock, connect_seconds=0.3, read_seconds=seconds) as door:
        in_doubt_for(reason, server, door)


def in_doubt_for(reason: str, server: ScriptedServer, door: Door) -> None:
    for message in (READ, WRITE):
        error = ended(door, message)
        assert (type(error), error.reason, str(error)) == (InDoubt, reason, f"{message.call}: {reason}")
    assert len(server.seen) == 2, "nothing is sent twice"


@pytest.mark.parametrize(
    ("body", "errcode", "errmsg"),
    [
        ({}, 0, ""),
        ({"errcode": "300002", "errmsg": "name length invalid"}, 300002, "name length invalid"),
        ({"errcode": " -1 "}, -1, ""),
        ({"errcode": 300003, "errmsg": None}, 300003, "None"),
        ({"errcode": 1, "errmsg": "a\x1b[31m\r\nb\u202e\x00"}, 1, r"a\x1b[31m\r\nb\u202e\x00"),
        ({"errcode": 1, "errmsg": "长" * 201}, 1, "长" * 199 + "…"),
        ({"errcode": 1, "errmsg": "token t0ken-t0ken is dead"}, 1, "token *** is dead"),
    ],
)
def test_an_answer_is_understood(body: object, errcode: int, errmsg: str, clock: SkippingClock) -> None:
    with ScriptedServer(told(body)) as server, Door(server.url, clock) as door:
        answer = door.send(WRITE)
    assert (answer.errcode, answer.errmsg) == (errcode, errmsg)
    assert "t0ken" not in str(answer.body)


def test_a_refused_connection_is_surely_not_sent(clock: SkippingClock) -> None:
    port = unused_port()
    with Door(f"http://127.0.0.1:{port}", clock) as door:
        error = ended(door)
    assert (type(error), str(error)) == (NotSent, f"add: 127.0.0.1:{port} accepts no connection")
    assert error.hint == "check the network, the proxy and --api-base"


def test_a_name_that_does_not_resolve_is_surely_not_sent(clock: SkippingClock) -> None:
    with Door("https://no-such-host.invalid", clock) as door:
        error = ended(door)
    assert (type(error), str(error)) == (NotSent, "add: the name of no-such-host.invalid cannot be resolved")


def test_a_connection_that_is_not_accepted_in_time_is_surely_not_sent(clock: SkippingClock) -> None:
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        waiting = [socket.socket() for _ in range(4)]
        for each in waiting:  # a full backlog: the next connection hangs
            each.setblocking(False)
            each.connect_ex(full.getsockname())
        try:
            with Door(f"http://127.0.0.1:{full.getsockname()[1]}", clock, connect_seconds=0.3) as door:
                error = ended(door)
        finally:
            for each in waiting:
                each.close()
    assert isinstance(error, NotSent)
    assert error.reason.endswith("did not accept a connection in time")


def test_a_kept_connection_that_the_server_closed_leaves_a_write_in_doubt_or_done(clock: SkippingClock) -> None:
    """The server closes while the request is on its way: nobody can tell, and nothing is repeated."""
    with ScriptedServer(told({"errcode": 0}), reset) as server, Door(server.url, clock) as door:
        door.send(WRITE)
        assert isinstance(ended(door), InDoubt)
    assert len(server.seen) == 2


def test_certificates_are_checked(clock: SkippingClock, server_tls: ssl.SSLContext) -> None:
    with ScriptedServer(told({}), tls=server_tls) as server, Door(f"https://127.0.0.1:{server.port}", clock) as door:
        error = ended(door)
    assert (type(error), error.reason) == (NotSent, f"the certificate of 127.0.0.1:{server.port} is not trusted")
    assert server.seen == []


def test_a_certificate_for_another_name_is_not_trusted(
    clock: SkippingClock, server_tls: ssl.SSLContext, ca_bundle: Path
) -> None:
    with (
        ScriptedServer(told({}), tls=server_tls) as server,
        Door(f"https://localhost:{server.port}", clock, Network(ca_bundle=str(ca_bundle))) as door,
    ):
        assert ended(door).reason == f"the certificate of localhost:{server.port} is not trusted"


def test_named_certificates_are_trusted(clock: SkippingClock, server_tls: ssl.SSLContext, ca_bundle: Path) -> None:
    with (
        ScriptedServer(told({"errcode": 7}), tls=server_tls) as server,
        Door(f"https://127.0.0.1:{server.port}", clock, Network(ca_bundle=str(ca_bundle))) as door,
    ):
        assert door.send(WRITE).errcode == 7


def test_https_to_a_server_without_tls_is_in_doubt(clock: SkippingClock) -> None:
    """Only a certificate that is not trusted proves that nothing was sent; any other TLS failure may come later."""
    with Door(f"https://127.0.0.1:{Babbler().port}", clock) as door:
        assert isinstance(ended(door), InDoubt)


def tunnel(tls: ssl.SSLContext, then: Act) -> Callable[[socket.socket], None]:
    """A proxy that is its own target: grants the tunnel, speaks TLS as the platform and does something."""

    def act(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        with tls.wrap_socket(connection, server_side=True) as inner:
            assert read_request(inner) is not None
            if isinstance(then, bytes):
                inner.sendall(then)
            else:
                then(inner)

    return act


def through(proxy: str, clock: SkippingClock, ca_bundle: Path) -> Door:
    return Door("https://api.weixin.qq.com", clock, Network(proxy, str(ca_bundle)))


def test_a_proxy_is_used_for_https(clock: SkippingClock, server_tls: ssl.SSLContext, ca_bundle: Path) -> None:
    act = tunnel(server_tls, told({"errcode": 5}))
    with ScriptedServer(act) as proxy, through(proxy.url, clock, ca_bundle) as door:
        assert door.send(WRITE).errcode == 5
    assert (proxy.seen[0].method, proxy.seen[0].target) == ("CONNECT", "api.weixin.qq.com:443")
    assert "t0ken" not in str(proxy.seen[0])


def test_a_proxy_that_cannot_be_reached_is_surely_not_sent(clock: SkippingClock, ca_bundle: Path) -> None:
    with through(f"http://127.0.0.1:{unused_port()}", clock, ca_bundle) as door:
        error = ended(door)
    assert (type(error), error.reason) == (NotSent, "the proxy before api.weixin.qq.com accepts no connection")


def test_an_answer_lost_behind_a_proxy_is_in_doubt(
    clock: SkippingClock, server_tls: ssl.SSLContext, ca_bundle: Path
) -> None:
    """urllib3 calls it "Unable to connect to proxy"."""
    with ScriptedServer(tunnel(server_tls, hang_up)) as proxy, through(proxy.url, clock, ca_bundle) as door:
        assert isinstance(ended(door), InDoubt)


@pytest.mark.parametrize("proxy", ["http://[", "socks5://127.0.0.1:1", "nonsense://127.0.0.1:1"])
def test_a_proxy_that_cannot_be_is_surely_not_sent(proxy: str, clock: SkippingClock, ca_bundle: Path) -> None:
    with through(proxy, clock, ca_bundle) as door:
        error = ended(door)
    assert (type(error), error.reason) == (NotSent, "the address of the platform or of the proxy is not valid")


def test_loopback_goes_past_any_proxy(clock: SkippingClock, server_tls: ssl.SSLContext, ca_bundle: Path) -> None:
    network = Network(f"http://127.0.0.1:{unused_port()}", str(ca_bundle))
    secure = ScriptedServer(told({}), tls=server_tls)
    with secure, Door(f"https://127.0.0.1:{secure.port}", clock, network) as door:
        assert door.send(WRITE).errcode == 0
    with ScriptedServer(told({})) as server, Door(server.url, clock, network) as door:
        assert door.send(WRITE).errcode == 0


def test_no_environment_is_read_and_no_netrc(
    clock: SkippingClock, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password pa55word\n")
    monkeypatch.setenv("NETRC", str(netrc))
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{unused_port()}")
    with ScriptedServer(told({})) as server, Door(server.url, clock) as door:
        door.send(WRITE)
    assert "authorization" not in server.seen[0].headers


def test_no_cookie_is_kept(clock: SkippingClock) -> None:
    with ScriptedServer(told({}, Set_Cookie="a=b")) as server, Door(server.url, clock) as door:
        door.send(READ)
        door.send(READ)
    assert "cookie" not in server.seen[1].headers


def test_the_platforms_clock_is_that_of_its_answers(clock: SkippingClock) -> None:
    dated = told({}, Date="Sat, 21 Nov 2026 12:00:00 GMT")
    with ScriptedServer(dated) as server, Door(server.url, clock) as door:
        assert door.clock.now() == pytest.approx(time.time(), abs=5)
        door.send(READ)
        assert door.clock.now() == pytest.approx(1795262400.0, abs=5)
        clock.sleep(3600)
        assert door.clock.now() == pytest.approx(1795266000.0, abs=5)


@pytest.mark.parametrize("date", ["", "yesterday", "Sat, 99 Nov 2026 12:00:00 GMT", "Sat, 21 Nov 99999 12:00:00 GMT"])
def test_a_date_that_makes_no_sense_is_passed_over(date: str, clock: SkippingClock) -> None:
    first = told({}, Date="Sat, 21 Nov 2026 12:00:00 -0000")
    with ScriptedServer(first, told({}, Date=date), told({})) as server, Door(server.url, clock) as door:
        for _ in range(3):
            door.send(READ)
        assert door.clock.now() == pytest.approx(1795262400.0, abs=5)


def test_the_date_of_somebody_elses_answer_is_not_taken(clock: SkippingClock) -> None:
    strange = http(b"<html>", "503 Service Unavailable", Date="Sat, 21 Nov 2020 12:00:00 GMT")
    with ScriptedServer(strange) as server, Door(server.url, clock) as door:
        ended(door)
        assert door.clock.now() == pytest.approx(time.time(), abs=5)


SILENT = silence(5)
BROKEN_HEADERS = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nno colon here\r\n\r\n{}"


@pytest.mark.parametrize(
    "act",
    [told({"errcode": 1}), hang_up, reset, half(told({})), http(b"", "503 Busy"), SILENT, BROKEN_HEADERS],
)
def test_no_token_is_told_whatever_happens(act: Act, clock: SkippingClock, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    seconds = 0.3 if act is SILENT else 20.0
    with ScriptedServer(act) as server, Door(server.url, clock, read_seconds=seconds) as door:
        try:
            shown = repr(door.send(WRITE))
        except CallError as error:
            shown = f"{error!r} {error.hint} {vars(error)} {error.__cause__!r} {error.__context__!r}"
            hangs_on = (error.__cause__, error.__context__)
        else:
            hangs_on = (None, None)
    assert hangs_on == (None, None)
    assert "/add?…" in caplog.text or not isinstance(act, bytes)
    assert "t0ken" not in shown + caplog.text + repr(WRITE) + repr(door) + repr(vars(door))


def test_a_call_is_logged_by_name_outcome_and_time(clock: SkippingClock, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "catalog_sync")
    with ScriptedServer(told({"errcode": 300002}), hang_up) as server, Door(server.url, clock) as door:
        door.send(WRITE)
        ended(door)
    with Door(f"http://127.0.0.1:{unused_port()}", clock) as door:
        ended(door)
    ours = [each.getMessage().rpartition(",")[0] for each in caplog.records if each.name.startswith("catalog_sync")]
    assert ours == ["add: errcode 300002", "add: in doubt", "add: not sent"]


def test_the_library_repeats_nothing(clock: SkippingClock) -> None:
    with Door("https://api.weixin.qq.com", clock)._adapter() as adapter:
        assert (adapter.max_retries.total, adapter.max_retries.read) == (0, False)
