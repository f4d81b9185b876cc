"""Fetching covers: from public addresses only, however a URL tries to lead elsewhere."""

from __future__ import annotations

import logging
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import trustme

from catalog_sync.catalogue.fetch import CoverFetcher, is_public, resolve
from catalog_sync.core.ports import PictureUnreadable

HOST = "covers.example"
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 300


PUBLIC = """
8.8.8.8 1.1.1.1 172.15.255.255 172.32.0.0 100.128.0.1 192.0.1.1 223.255.255.255
2606:4700:4700::1111 2001:4860:4860::8888 2400:3200::1 2a00:1450::1
"""
NOT_PUBLIC = """
0.0.0.0 10.0.0.1 100.64.0.1 100.127.255.255 127.0.0.1 169.254.169.254 172.16.0.1 172.31.255.255 192.0.0.8 192.0.2.1
192.88.99.1 192.168.1.1 198.18.0.1 198.51.100.1 203.0.113.1 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255
:: ::1 ::10.0.0.1 ::8.8.8.8 ::ffff:10.0.0.1 ::ffff:8.8.8.8 ::ffff:0:8.8.8.8 64:ff9b::a00:1 64:ff9b::808:808
64:ff9b:1::a00:1 100::1 2001::1 2001:0:808:808::1 2001:2::1 2001:20::1 2001:db8::1 2002:a00:1::1 2002:808:808::1
3fff::1 5f00::1 fc00::1 fd12::1 fe80::1 fe80::1%eth0 2606:4700::1%eth0 fec0::1 ff02::1 ff0e::1 localhost 1.2.3 0x7f.1
"""


@pytest.mark.parametrize("address", PUBLIC.split())
def test_a_public_address(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("address", [*NOT_PUBLIC.split(), ""])
def test_an_address_that_is_not_public(address: str) -> None:
    assert not is_public(address)


class Site:
    """A TLS server on a real socket that answers by path, and notes what it was asked."""

    def __init__(self, authority: trustme.CA, *names: str) -> None:
        self.asked: list[tuple[str, str]] = []
        self.names: list[str | None] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                site.asked.append((self.headers["Host"], self.path))
                site.answer(self)

            def log_message(self, *_: object) -> None:
                """Stay quiet."""

        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert(*names).configure_cert(tls)
        tls.sni_callback = lambda _socket, name, _context: self.names.append(name)
        self._server = _QuietServer(("127.0.0.1", 0), Handler)
        self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self.port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        path = handler.path.partition("?")[0]
        if path.startswith("/to/"):
            handler.send_response(302)
            handler.send_header("Location", path.removeprefix("/to/"))
            handler.send_header("Content-Length", "0")
            handler.end_headers()
        elif path == "/trickle":
            self._trickle(handler)
        else:
            body, status = {
                "/cover.png": (PICTURE, 200),
                "/large": (bytes(5 * 1024 * 1024 + 1), 200),
                "/most": (bytes(5 * 1024 * 1024), 200),
            }.get(path, (b"no", 404))
            handler.send_response(status)
            handler.send_header("Content-Length", str(len(body)))
            handler.end_headers()
            handler.wfile.write(body)

    def _trickle(self, handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        for _ in range(1000):
            time.sleep(0.05)
            handler.wfile.write(b"x")

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class _QuietServer(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is what some tests are about."""


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def trusting(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


@pytest.fixture
def site(authority: trustme.CA) -> Iterator[Site]:
    made = Site(authority, HOST, "other.example", "xn--fiq228c.example", "127.0.0.1")
    yield made
    made.close()


class Names:
    """A resolver that knows some names, and counts how often it is asked."""

    def __init__(self, **known: Sequence[str]) -> None:
        self.known = {name.replace("_", "."): addresses for name, addresses in known.items()}
        self.asked: list[str] = []

    def __call__(self, host: str, _port: int) -> Sequence[str]:
        self.asked.append(host)
        if host not in self.known:
            raise socket.gaierror(socket.EAI_NONAME, "not known")
        return self.known[host]


def fetcher(site: Site, tls: ssl.SSLContext, names: Names, *allowed: str, seconds: float = 5.0) -> CoverFetcher:
    return CoverFetcher(frozenset(allowed), tls=tls, resolver=names, port=site.port, seconds=seconds)


def refusal(fetch: CoverFetcher, url: str) -> PictureUnreadable:
    with pytest.raises(PictureUnreadable) as caught:
        fetch(url)
    return caught.value


HERE = ("127.0.0.1",)


def test_a_cover_of_an_allowed_host_is_fetched(site: Site, trusting: ssl.SSLContext) -> None:
    names = Names(covers_example=HERE)
    assert fetcher(site, trusting, names, "Covers.Example.")(f"https://{HOST}/cover.png?sign=a%2Fb&c=茶") == PICTURE
    assert site.asked == [(HOST, "/cover.png?sign=a%2Fb&c=%E8%8C%B6")]
    assert (site.names, names.asked) == ([HOST], [HOST])


@pytest.mark.parametrize("url", ["https://COVERS.example:443/cover.png", "https://covers.example./cover.png#top"])
def test_a_host_is_known_however_it_is_written(url: str, site: Site, trusting: ssl.SSLContext) -> None:
    assert fetcher(site, trusting, Names(covers_example=HERE), HOST)(url) == PICTURE


def test_a_host_may_have_a_chinese_name(site: Site, trusting: ssl.SSLContext) -> None:
    names = Names(**{"xn--fiq228c.example": HERE})
    assert fetcher(site, trusting, names, "xn--fiq228c.example")("https://中文.example/cover.png") == PICTURE


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "64:ff9b::a00:1", "100.64.0.1"])
def test_a_host_in_ones_own_network_is_refused(address: str, site: Site, trusting: ssl.SSLContext) -> None:
    error = refusal(fetcher(site, trusting, Names(covers_example=(address,))), f"https://{HOST}/cover.png")
    assert error.reason == f"{HOST} has the address {address}, which is not a public one"
    assert error.hint == f"a host of your own network: --allow-cover-host {HOST}"
    assert site.asked == []


def test_every_address_of_a_host_is_checked(site: Site, trusting: ssl.SSLContext) -> None:
    names = Names(covers_example=("8.8.8.8", "2606:4700::1", "192.168.0.1"))
    error = refusal(fetcher(site, trusting, names), f"https://{HOST}/cover.png")
    assert error.reason == f"{HOST} has the address 192.168.0.1, which is not a public one"


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "169.254.169.254", "2130706433", "0x7f.1"]
)
def test_an_address_in_the_url_is_refused_too(address: str, site: Site, trusting: ssl.SSLContext) -> None:
    fetch = CoverFetcher(tls=trusting, resolver=resolve, port=site.port)
    assert "which is not a public one" in refusal(fetch, f"https://{address}/cover.png").reason
    assert site.asked == []


def test_an_allowed_address_is_fetched(site: Site, trusting: ssl.SSLContext) -> None:
    fetch = CoverFetcher(frozenset({"127.0.0.1"}), tls=trusting, resolver=resolve, port=site.port)
    assert fetch("https://127.0.0.1/cover.png") == PICTURE


def test_a_name_is_looked_up_once(site: Site, trusting: ssl.SSLContext) -> None:
    """The connection goes to the address that was checked: a second look-up could say another."""

    class Rebinding(Names):
        def __call__(self, host: str, port: int) -> Sequence[str]:
            found = super().__call__(host, port)
            self.known[host] = ("127.0.0.9",)
            return found

    names = Rebinding(covers_example=HERE)
    assert fetcher(site, trusting, names, HOST)(f"https://{HOST}/cover.png") == PICTURE
    assert names.asked == [HOST]


def test_the_next_address_is_tried_when_one_accepts_no_connection(site: Site, trusting: ssl.SSLContext) -> None:
    names = Names(covers_example=("127.0.0.77", "127.0.0.1"))
    assert fetcher(site, trusting, names, HOST)(f"https://{HOST}/cover.png") == PICTURE


def test_a_redirect_is_followed_and_checked_anew(site: Site, trusting: ssl.SSLContext) -> None:
    names = Names(covers_example=HERE, other_example=HERE)
    fetch = fetcher(site, trusting, names, HOST, "other.example")
    assert fetch(f"https://{HOST}/to//cover.png") == PICTURE
    assert fetch(f"https://{HOST}/to/https://other.example/cover.png") == PICTURE
    assert site.asked[-2:] == [(HOST, "/to/https://other.example/cover.png"), ("other.example", "/cover.png")]


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        ("https://other.example/cover.png", "other.example has the address 127.0.0.1, which is not a public one"),
        ("https://169.254.169.254/x", "the name of 169.254.169.254 cannot be resolved"),
        ("http://covers.example/cover.png", "covers.example: covers are fetched by https on port 443 only"),
        ("https://covers.example:8443/x", "covers.example: covers are fetched by https on port 443 only"),
        ("file:///etc/passwd", "the cover's host: covers are fetched by https on port 443 only"),
        ("/nothing", "covers.example answered HTTP 404"),
    ],
)
def test_a_redirect_does_not_lead_astray(location: str, reason: str, site: Site, trusting: ssl.SSLContext) -> None:
    names = Names(covers_example=HERE, other_example=HERE)
    assert refusal(fetcher(site, trusting, names, HOST), f"https://{HOST}/to/{location}").reason == reason


def test_redirects_come_to_an_end(site: Site, trusting: ssl.SSLContext) -> None:
    names = Names(covers_example=HERE)
    five = f"https://{HOST}" + "/to/" * 5 + "/cover.png"
    assert fetcher(site, trusting, names, HOST)(five) == PICTURE
    error = refusal(fetcher(site, trusting, names, HOST), f"https://{HOST}" + "/to/" * 6 + "/cover.png")
    assert error.reason == "covers.example redirects more than 5 times"
    assert len(names.asked) == 6 + 6


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://covers.example/x", "covers.example: covers are fetched by https on port 443 only"),
        ("https://covers.example:444/x", "covers.example: covers are fetched by https on port 443 only"),
        ("ftp://covers.example/x", "covers.example: covers are fetched by https on port 443 only"),
        ("//covers.example/x", "the cover's host: covers are fetched by https on port 443 only"),
        ("https:///x", "the cover's address is not a valid URL"),
        ("https://", "the cover's address is not a valid URL"),
        ("https://covers.example:x/", "the cover's address is not a valid URL"),
        ("https://[::1/x", "the cover's address is not a valid URL"),
        ("https://user:pa55word@covers.example/x", "the cover's address is not a valid URL"),
        ("https://covers.example\\@other.example/x", "the cover's address is not a valid URL"),
        ("https://covers.example/a b", "the cover's address is not a valid URL"),
        ("https://covers.example/x\r\nHost: other.example", "the cover's address is not a valid URL"),
        ("https://" + "a" * 64 + ".example/x", "the cover's address is not a valid URL"),
        ("https://nowhere.example/x", "the name of nowhere.example cannot be resolved"),
    ],
)
def test_a_url_that_cannot_be_is_refused(url: str, reason: str, site: Site, trusting: ssl.SSLContext) -> None:
    error = refusal(fetcher(site, trusting, Names(covers_example=HERE), HOST), url)
    assert (error.reason, error.__context__, site.asked) == (reason, None, [])


def test_certificates_are_checked(site: Site) -> None:
    fetch = CoverFetcher(frozenset({HOST}), resolver=Names(covers_example=HERE), port=site.port)
    assert refusal(fetch, f"https://{HOST}/cover.png").reason == "no trusted TLS connection to covers.example"


def test_a_certificate_of_another_host_is_not_trusted(site: Site, trusting: ssl.SSLContext) -> None:
    fetch = fetcher(site, trusting, Names(third_example=HERE), "third.example")
    assert refusal(fetch, "https://third.example/x").reason == "no trusted TLS connection to third.example"
    assert site.asked == []


def test_a_picture_has_five_megabytes_at_most(site: Site, trusting: ssl.SSLContext) -> None:
    fetch = fetcher(site, trusting, Names(covers_example=HERE), HOST)
    assert len(fetch(f"https://{HOST}/most")) == 5 * 1024 * 1024
    assert refusal(fetch, f"https://{HOST}/large").reason == "the picture at covers.example is larger than 5 MB"


def test_a_picture_that_trickles_is_given_up(site: Site, trusting: ssl.SSLContext) -> None:
    started = time.monotonic()
    fetch = fetcher(site, trusting, Names(covers_example=HERE), HOST, seconds=0.4)
    assert "did not answer" in refusal(fetch, f"https://{HOST}/trickle").reason
    assert time.monotonic() - started < 20


def test_a_look_up_that_hangs_is_given_up(site: Site, trusting: ssl.SSLContext) -> None:
    hanging = threading.Event()

    class Hanging(Names):
        def __call__(self, host: str, port: int) -> Sequence[str]:
            hanging.wait(20)
            return super().__call__(host, port)

    error = refusal(
        fetcher(site, trusting, Hanging(covers_example=HERE), HOST, seconds=0.2), f"https://{HOST}/cover.png"
    )
    hanging.set()
    assert error.reason == "covers.example did not answer within 0.2 s"


def test_no_connection_is_told(site: Site, trusting: ssl.SSLContext) -> None:
    with socket.socket() as held:  # bound, so that nobody else gets it, and listened to by nobody
        held.bind(("127.0.0.1", 0))
        port = int(held.getsockname()[1])
        fetch = CoverFetcher(frozenset({HOST}), tls=trusting, resolver=Names(covers_example=HERE), port=port)
        assert refusal(fetch, f"https://{HOST}/x").reason == "covers.example accepts no connection"


def test_no_proxy_is_used_and_no_signature_told(
    site: Site, trusting: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    fetch = fetcher(site, trusting, Names(covers_example=HERE), HOST)
    assert fetch(f"https://{HOST}/cover.png?sign=s1gned") == PICTURE
    error = refusal(fetch, f"https://{HOST}/missing?sign=s1gned")
    assert error.reason == "covers.example answered HTTP 404"
    assert "s1gned" not in f"{error!r} {error.hint} {error.__cause__} {error.__context__} {caplog.text}"
