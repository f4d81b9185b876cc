"""Every exception of requests and urllib3 is mapped to an end of a call: surely not sent, or in doubt."""

from __future__ import annotations

import inspect
import socket
import ssl
from collections.abc import Iterator

import pytest
import requests
import urllib3
from urllib3.util.ssl_match_hostname import CertificateError

from catalog_sync.core.errors import InDoubt, NotSent
from catalog_sync.wechat.ending import FOREIGN, ending

SENT = {
    "urllib3.exceptions.NameResolutionError",
    "urllib3.exceptions.NewConnectionError",
    "urllib3.exceptions.ConnectTimeoutError",
    "urllib3.exceptions.LocationValueError",
    "urllib3.exceptions.LocationParseError",
    "urllib3.exceptions.URLSchemeUnknown",
    "urllib3.exceptions.ProxySchemeUnknown",
    "urllib3.exceptions.ProxySchemeUnsupported",
    "requests.exceptions.ConnectTimeout",
    "requests.exceptions.InvalidURL",
    "requests.exceptions.InvalidProxyURL",
    "requests.exceptions.InvalidSchema",
    "requests.exceptions.MissingSchema",
    "requests.exceptions.URLRequired",
}
"""The classes that alone prove that nothing arrived."""

CLASSES = sorted(
    {
        each
        for module in (requests.exceptions, urllib3.exceptions)
        for _, each in inspect.getmembers(module, inspect.isclass)
        if issubclass(each, Exception)
        and not issubclass(each, Warning)
        and each.__module__.startswith(("requests", "urllib3"))
    },
    key=lambda each: f"{each.__module__}.{each.__name__}",
)


def bare(kind: type[Exception]) -> Exception:
    """An instance without its constructor: only the class is asked here."""
    made = kind.__new__(kind)
    made.args = ("https://api.weixin.qq.com/add?access_token=t0ken",)
    return made


@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: f"{kind.__module__}.{kind.__name__}")
def test_every_class_is_caught_and_mapped(kind: type[Exception]) -> None:
    error = bare(kind)
    if isinstance(error, urllib3.exceptions.MaxRetryError):
        error.reason = None
    if isinstance(error, urllib3.exceptions.ProxyError):
        error.original_error = Exception()
    assert isinstance(error, FOREIGN)
    mapped = ending("add", error, "api.weixin.qq.com")
    assert type(mapped) is (NotSent if f"{kind.__module__}.{kind.__name__}" in SENT else InDoubt)
    assert "t0ken" not in f"{mapped!r}{mapped}{mapped.hint}"


def wrappings(error: Exception) -> Iterator[Exception]:
    """The ways in which requests and urllib3 wrap one another's errors."""
    pool = urllib3.HTTPConnectionPool("h")
    yield error
    yield requests.ConnectionError(error)
    yield requests.ConnectionError(urllib3.exceptions.MaxRetryError(pool, "/?access_token=t0ken", error))
    yield requests.exceptions.SSLError(urllib3.exceptions.MaxRetryError(pool, "/", urllib3.exceptions.SSLError(error)))
    proxied = urllib3.exceptions.ProxyError("Unable to connect to proxy", error)
    yield requests.exceptions.ProxyError(urllib3.exceptions.MaxRetryError(pool, "/", proxied))


CONNECTION = urllib3.connection.HTTPConnection("h")


@pytest.mark.parametrize(
    ("inner", "end"),
    [
        (urllib3.exceptions.NewConnectionError(CONNECTION, "refused"), NotSent),
        (urllib3.exceptions.NameResolutionError("h", CONNECTION, socket.gaierror()), NotSent),
        (urllib3.exceptions.ConnectTimeoutError(), NotSent),
        (ssl.SSLCertVerificationError("self-signed"), NotSent),
        (CertificateError("hostname mismatch"), NotSent),
        (ssl.SSLEOFError(), InDoubt),
        (ssl.SSLError("bad record mac"), InDoubt),
        (urllib3.exceptions.ProtocolError("Connection aborted.", ConnectionResetError()), InDoubt),
        (urllib3.exceptions.ReadTimeoutError(urllib3.HTTPConnectionPool("h"), "/", "late"), InDoubt),
        (urllib3.exceptions.IncompleteRead(1, 2), InDoubt),
        (ConnectionRefusedError(), InDoubt),
        (TimeoutError(), InDoubt),
        (BrokenPipeError(), InDoubt),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else value.__name__,
)
def test_the_innermost_error_decides_however_it_is_wrapped(inner: Exception, end: type[Exception]) -> None:
    assert {type(ending("add", each, "h")) for each in wrappings(inner)} == {end}


def test_a_circle_of_errors_comes_to_an_end() -> None:
    error = requests.ConnectionError()
    error.args = (error,)
    assert isinstance(ending("add", error, "h"), InDoubt)
