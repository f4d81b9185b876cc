"""Fetching a cover from a URL that a catalogue names, without being led into one's own network.

The catalogue may come from people who are trusted with goods, not with the machine that runs us: an address like
`https://169.254.169.254/` or a name that points there must not be fetched. Every address of the host is checked, the
connection goes to an address that was checked (no second look-up that could say something else), and each redirect is
checked anew.
"""

from __future__ import annotations

import ipaddress
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotInTime
from dataclasses import dataclass
from functools import cache
from typing import TypeAlias
from urllib.parse import urljoin, urlsplit

import requests.utils
import urllib3

from catalog_sync.core.ports import PictureUnreadable
from catalog_sync.core.sentence import Sentence
from catalog_sync.wechat.quiet import hide_queries

HTTPS_PORT = 443
MAX_BYTES = 5 * 1024 * 1024
MAX_REDIRECTS = 5
SECONDS = 10.0
"""For everything: looking the host up, connecting, redirects, reading."""

Resolver: TypeAlias = Callable[[str, int], Sequence[str]]
"""The addresses of a host, for a port. OSError or UnicodeError when it has none."""

_NOT_PUBLIC = tuple(
    # IANA special-purpose registries, checked 2026-11-21. Written out: what `ipaddress` calls global depends on the
    # Python version.
    ipaddress.ip_network(each)
    for each in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"),
        *("192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24"),
        *("203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"),
        # Within 2000::/3, the only range of public IPv6: protocol assignments with Teredo, documentation, 6to4.
        *("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"),
    )
)
_PUBLIC_V6 = ipaddress.ip_network("2000::/3")
_INVALID = "the cover's address is not a valid URL"
_UNFIT_IN_URL = re.compile(r"[\x00-\x20\x7f\\]")
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


def is_public(address: str) -> bool:
    """Whether an address is one of the public internet.

    IPv6 outside 2000::/3 is not: that leaves out NAT64 (64:ff9b::/96, 64:ff9b:1::/48), IPv4-mapped and -compatible
    addresses, unique local, link-local and multicast ones.
    """
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address) and (found.scope_id or found not in _PUBLIC_V6):
        return False
    return found.is_global and not any(found in each for each in _NOT_PUBLIC)


def resolve(host: str, port: int) -> Sequence[str]:
    """The addresses of a host, as the system's resolver gives them."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(where[4][0]) for where in found))


@dataclass(frozen=True, slots=True)
class _Target:
    host: str
    path: str
    url: str


class CoverFetcher:
    """Fetches covers over https, port 443, without a proxy. `allowed_hosts` may have addresses of one's own network.

    `tls`, `resolver`, `port` and `seconds` are for tests and for machines with their own certificates.
    """

    def __init__(
        self,
        allowed_hosts: frozenset[str] = frozenset(),
        *,
        tls: ssl.SSLContext | None = None,
        resolver: Resolver = resolve,
        port: int = HTTPS_PORT,
        seconds: float = SECONDS,
    ) -> None:
        self._allowed = frozenset(each.lower().rstrip(".") for each in allowed_hosts)
        self._tls = tls
        self._resolver = resolver
        self._port = port
        self._seconds = seconds
        hide_queries()

    def __call__(self, url: str) -> bytes:
        """The bytes at the URL. Raises PictureUnreadable; no query of a URL gets into its text."""
        # In a thread of its own, so that a look-up or an answer that hangs cannot hold us; its own time-outs end it.
        future: Future[bytes] = Future()
        threading.Thread(target=self._into, args=(future, url), name="cover", daemon=True).start()
        try:
            return future.result(self._seconds)
        except NotInTime:
            late = PictureUnreadable(
                Sentence(
                    "{host} did not answer within {seconds} s", host=_shown_host(url), seconds=f"{self._seconds:g}"
                )
            )
        raise late

    def _into(self, future: Future[bytes], url: str) -> None:
        try:
            future.set_result(self._fetch(url, time.monotonic() + self._seconds))
        except BaseException as error:  # noqa: BLE001 - it is raised again in the thread that waits
            future.set_exception(error)

    def _fetch(self, url: str, deadline: float) -> bytes:
        target = _target(url)
        for _ in range(1 + MAX_REDIRECTS):
            answer = self._get(target, deadline)
            if isinstance(answer, bytes):
                return answer
            target = _target(urljoin(target.url, answer))
        raise PictureUnreadable(
            Sentence("{host} redirects more than {count} times", host=target.host, count=MAX_REDIRECTS)
        )

    def _get(self, target: _Target, deadline: float) -> bytes | str:
        """The bytes, or where a redirect leads."""
        addresses = self._addresses(target.host)
        for address in addresses:
            answer = self._ask(target, address, deadline)
            if answer is not None:
                return answer
        raise PictureUnreadable(Sentence("{host} accepts no connection", host=target.host))

    def _addresses(self, host: str) -> Sequence[str]:
        try:
            found = self._resolver(host, self._port)
        except (OSError, UnicodeError):
            found = ()
        if not found:
            raise PictureUnreadable(Sentence("the name of {host} cannot be resolved", host=host))
        hidden = [each for each in found if not is_public(each)]
        if hidden and host not in self._allowed:
            raise PictureUnreadable(
                f"{host} has the address {hidden[0]}, which is not a public one",
                hint=f"a host of your own network: --allow-cover-host {host}",
            )
        return found

    def _ask(self, target: _Target, address: str, deadline: float) -> bytes | str | None:
        """As `_get`, from one address; None when it accepts no connection."""
        left = max(0.1, deadline - time.monotonic())
        with urllib3.HTTPSConnectionPool(
            address,
            self._port,
            timeout=urllib3.Timeout(connect=min(5.0, left), read=left),
            retries=False,
            ssl_context=self._tls or _default_tls(),
            server_hostname=target.host,
        ) as pool:
            try:
                return _read(pool, target, deadline)
            except urllib3.exceptions.ConnectTimeoutError:
                return None
            except urllib3.exceptions.SSLError:
                failed = f"no trusted TLS connection to {target.host}"
            except (urllib3.exceptions.HTTPError, OSError, ValueError):
                failed = f"{target.host} did not send the picture"
        raise PictureUnreadable(failed)


def _target(url: str) -> _Target:
    if _UNFIT_IN_URL.search(url):
        raise PictureUnreadable(_INVALID)
    host, path = _host_and_path(url)
    if not host:
        raise PictureUnreadable(_INVALID)
    return _Target(host, path, url)


def _host_and_path(url: str) -> tuple[str, str]:
    """The host in its ASCII form ("" where there is none) and the path with its query."""
    try:
        parts = urlsplit(url)
        port = parts.port
        host = (parts.hostname or "").rstrip(".").encode("idna").decode("ascii").lower()
    except ValueError:
        return "", ""
    if parts.scheme != "https" or port not in (None, HTTPS_PORT):
        raise PictureUnreadable(Sentence("{host}: covers are fetched by https on port 443 only", host=_shown_host(url)))
    if parts.username is not None or parts.password is not None:
        return "", ""
    path = parts.path or "/"
    return host, f"{path}?{parts.query}" if parts.query else path


def _shown_host(url: str) -> str:
    """The host for a message: nothing else of the URL, which may be signed."""
    found = re.match(r"[A-Za-z][A-Za-z0-9+.-]*://(?:[^/?#@]*@)?([A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]+\])", url)
    return found[1] if found else "the cover's host"


def _read(pool: urllib3.HTTPSConnectionPool, target: _Target, deadline: float) -> bytes | str:
    headers = {"Host": target.host, "Accept": "image/png, image/jpeg, image/gif", "Accept-Encoding": "identity"}
    answer = pool.urlopen(
        "GET", target.path, headers=headers, redirect=False, assert_same_host=False, preload_content=False
    )
    try:
        location = answer.headers.get("Location")
        if answer.status in _REDIRECTS and location:
            return location
        if answer.status != 200:
            raise PictureUnreadable(Sentence("{host} answered HTTP {status}", host=target.host, status=answer.status))
        return _content(answer, target.host, deadline)
    finally:
        answer.close()


def _content(answer: urllib3.BaseHTTPResponse, host: str, deadline: float) -> bytes:
    content = bytearray()
    while piece := answer.read1(65536, decode_content=False):
        content += piece
        if len(content) > MAX_BYTES:
            raise PictureUnreadable(
                Sentence("the picture at {host} is larger than {count} MB", host=host, count=MAX_BYTES // 1024 // 1024)
            )
        if time.monotonic() > deadline:
            raise PictureUnreadable(Sentence("{host} did not answer in time", host=host))
    return bytes(content)


@cache
def _default_tls() -> ssl.SSLContext:
    """The system's certificates and those that come with requests: a small container has none of its own."""
    context = ssl.create_default_context()
    context.load_verify_locations(requests.utils.DEFAULT_CA_BUNDLE_PATH)
    return context
