"""The one door: every HTTP call to the platform goes through here.

It knows nothing of tokens, codes or repeats. It sends one message once, tells whether it can have arrived, and learns
the platform's time. A message's query and body never reach a log, an error or a repr: they hold token and secret.
"""

from __future__ import annotations

import ipaddress
import logging
import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlencode

import requests
from requests.adapters import HTTPAdapter

from catalog_sync import __version__
from catalog_sync.core.errors import CallError, InDoubt, UsageError
from catalog_sync.core.ports import Clock
from catalog_sync.core.sentence import Sentence
from catalog_sync.wechat.answer import Answer, Heard, understand
from catalog_sync.wechat.ending import FOREIGN, ending
from catalog_sync.wechat.platform_clock import PlatformClock
from catalog_sync.wechat.quiet import hide_queries

PLATFORM = "https://api.weixin.qq.com"
CONNECT_SECONDS = 5.0
READ_SECONDS = 20.0
LARGEST_ANSWER = 8 * 1024 * 1024
"""A page of 100 items is some 50 KB."""

logger = logging.getLogger("catalog_sync.wechat")

CallEnded = Callable[[str, str, float], None]
"""Hears of each call that ended: its name, `done`, `refused`, `in_doubt` or `not_sent`, and the seconds it took."""

_HEADERS = {"User-Agent": f"catalog-sync/{__version__}", "Accept": "application/json", "Accept-Encoding": "identity"}
_BASE = re.compile(r"(https?)://(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+)(?::([0-9]{1,5}))?/?", re.IGNORECASE)
_DEFAULT_PORTS = {"http": "80", "https": "443"}
_LOOPBACK = (ipaddress.ip_network("127.0.0.0/8"), ipaddress.ip_network("::1/128"))


@dataclass(frozen=True, slots=True)
class Network:
    """How this machine reaches the platform: a proxy's URL (may hold a password) and a file of CA certificates."""

    proxy: str | None = field(default=None, repr=False)
    ca_bundle: str | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """One call on its way. `secrets` are the texts that must never come back out of an answer."""

    call: str
    method: Literal["GET", "POST"]
    path: str
    query: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)
    content_type: str = "application/json"
    secrets: tuple[str, ...] = field(default=(), repr=False)


def origin_of(base: str) -> str:
    """The scheme, host and port of an API base, in one spelling: what the state is scoped by.

    UsageError when there is more in it (user, path, query) or when it is plain http to anything but loopback.
    """
    found = _BASE.fullmatch(base)
    if found is None or int(found[3] or 1) not in range(1, 65536):
        raise UsageError("the API base is not of the form https://host[:port]", hint=f"the platform is {PLATFORM}")
    scheme, host = found[1].lower(), found[2].lower()
    if scheme == "http" and not _is_loopback(host):
        raise UsageError(
            f"plain http is only for this machine, not for {host}", hint="use https, or http://127.0.0.1:PORT"
        )
    port = "" if found[3] is None or found[3] == _DEFAULT_PORTS[scheme] else f":{int(found[3])}"
    return f"{scheme}://{host}{port}"


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        address = ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return any(address in network for network in _LOOPBACK)


class Door:
    """Sends messages to one origin. Safe for many threads: a connection serves one call at a time and is then reused.

    No redirect is followed, no cookie kept, no `.netrc` read, nothing repeated; certificates are always checked. A
    proxy is used for https only, and never for loopback.
    """

    def __init__(
        self,
        base: str,
        clock: Clock,
        network: Network | None = None,
        *,
        connect_seconds: float = CONNECT_SECONDS,
        read_seconds: float = READ_SECONDS,
        call_ended: CallEnded | None = None,
    ) -> None:
        """UsageError for a base that cannot be (see `origin_of`), and for CA certificates that are not there."""
        self.origin = origin_of(base)
        self.clock = PlatformClock(clock)
        self._host = self.origin.partition("://")[2]
        used = _checked(network or Network())
        # requests looks for the bundle on the disk before each call, where there is nothing to verify, too.
        self._verify = (used.ca_bundle or True) if self.origin.startswith("https:") else True
        proxied = self.origin.startswith("https:") and not _is_loopback(_bare(self._host))
        self._proxies = {"https": used.proxy} if used.proxy and proxied else {}
        self._timeout = (connect_seconds, read_seconds)
        self._call_ended = call_ended
        self._idle: list[HTTPAdapter] = []
        hide_queries()

    def send(self, message: Message) -> Answer:
        """Send the message once. NotSent when surely nothing arrived; InDoubt when it may have been done."""
        started = time.monotonic()  # sockets time out in real time, whatever clock the rest runs by
        ended = self._exchange(message, started)
        seconds = time.monotonic() - started
        outcome = f"errcode {ended.errcode}" if isinstance(ended, Answer) else _name(ended)
        if logger.isEnabledFor(logging.DEBUG):
            logger.debug("%s: %s, %d ms", message.call, outcome, seconds * 1000)
        else:
            logger.info("%s: %s", message.call, outcome)
        if self._call_ended is not None:
            self._call_ended(message.call, _outcome(ended), seconds)
        if isinstance(ended, CallError):
            raise ended
        return ended

    def close(self) -> None:
        """Close the connections that are kept open."""
        while self._idle:
            self._idle.pop().close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _exchange(self, message: Message, started: float) -> Answer | CallError:
        try:
            heard = self._hear(message, started)
        except FOREIGN as error:
            return ending(message.call, error, self._host)
        if isinstance(heard, InDoubt):
            return heard
        answer = understand(message.call, heard, message.secrets)
        if isinstance(answer, Answer):
            self.clock.told(heard.date)
        return answer

    def _hear(self, message: Message, started: float) -> Heard | InDoubt:
        # Straight to the adapter: a requests.Session merges its settings into each call anew, which takes longer than
        # all that we do with the answer, and follows redirects and keeps cookies, which is not wanted here.
        with (
            self._adapter() as adapter,
            adapter.send(
                self._prepared(message), stream=True, timeout=self._timeout, verify=self._verify, proxies=self._proxies
            ) as response,
        ):
            content = self._content(message.call, response, started + sum(self._timeout))
            if isinstance(content, InDoubt):
                return content
            return Heard(response.status_code, content, response.headers.get("Date"))

    def _prepared(self, message: Message) -> requests.PreparedRequest:
        request = requests.PreparedRequest()
        url = f"{self.origin}{message.path}"
        request.prepare(
            message.method,
            f"{url}?{urlencode(message.query)}" if message.query else url,
            headers=_HEADERS | ({"Content-Type": message.content_type} if message.method == "POST" else {}),
            data=message.body or None,
        )
        return request

    def _content(self, call: str, response: requests.Response, deadline: float) -> bytes | InDoubt:
        # Piece by piece: the read time-out starts anew with each piece, and an answer that trickles has to end too.
        content = bytearray()
        while piece := response.raw.read1(65536, decode_content=True):
            content += piece
            if len(content) > LARGEST_ANSWER:
                return InDoubt(call, Sentence("the answer was larger than {count} bytes", count=LARGEST_ANSWER))
            if time.monotonic() > deadline:
                return InDoubt(call, "the whole answer did not come in time")
        return bytes(content)

    @contextmanager
    def _adapter(self) -> Iterator[HTTPAdapter]:
        try:
            adapter = self._idle.pop()
        except IndexError:
            adapter = HTTPAdapter(pool_connections=1, pool_maxsize=1, max_retries=0)
        try:
            yield adapter
        except BaseException:
            adapter.close()
            raise
        self._idle.append(adapter)


def network_from(environment: Mapping[str, str], base: str) -> Network:
    """The network as the environment describes it: HTTPS_PROXY or ALL_PROXY unless NO_PROXY names the host, and
    REQUESTS_CA_BUNDLE or CURL_CA_BUNDLE. The lower-case names count first, as with curl. Nothing else is read: no
    `.netrc`, and no proxy for plain http, which goes to this machine only."""
    host = _bare(origin_of(base).partition("://")[2])
    ca_bundle = environment.get("REQUESTS_CA_BUNDLE") or environment.get("CURL_CA_BUNDLE")
    proxy = _either(environment, "https_proxy") or _either(environment, "all_proxy")
    if proxy and "://" not in proxy:
        proxy = f"http://{proxy}"
    exempt = any(_names(each, host) for each in _either(environment, "no_proxy").split(","))
    return Network(proxy=None if exempt else proxy or None, ca_bundle=ca_bundle or None)


def _checked(network: Network) -> Network:
    if network.ca_bundle is not None and not Path(network.ca_bundle).exists():
        raise UsageError(f"there are no CA certificates at {network.ca_bundle}", hint="see REQUESTS_CA_BUNDLE")
    return network


def _either(environment: Mapping[str, str], name: str) -> str:
    return environment.get(name) or environment.get(name.upper()) or ""


def _names(pattern: str, host: str) -> bool:
    wanted = _bare(pattern.strip().lower()).removeprefix("*").lstrip(".")
    if not wanted:
        return pattern.strip() == "*"
    return host == wanted or host.endswith(f".{wanted}")


def _bare(host: str) -> str:
    """The host without its port."""
    return re.sub(r":[0-9]+$", "", host)


def _outcome(ended: Answer | CallError) -> str:
    if isinstance(ended, Answer):
        return "refused" if ended.errcode else "done"
    return _name(ended).replace(" ", "_")


def _name(error: CallError) -> str:
    return "in doubt" if isinstance(error, InDoubt) else "not sent"
