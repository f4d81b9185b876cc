"""How a call ended that brought no answer: surely not sent, or in doubt."""

from __future__ import annotations

import ssl
from collections.abc import Iterator

import requests
import urllib3
from urllib3.util.ssl_match_hostname import CertificateError

from catalog_sync.core.errors import InDoubt, NotSent
from catalog_sync.core.sentence import Sentence

FOREIGN = (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError)
"""Everything that requests and urllib3 raise. ssl and socket errors are OSErrors; URL errors may be ValueErrors."""

NETWORK_HINT = "check the network, the proxy and --api-base"

UNSENT: tuple[tuple[tuple[type[BaseException], ...], str, str], ...] = (
    ((urllib3.exceptions.NameResolutionError,), "the name of {host} cannot be resolved", NETWORK_HINT),
    ((urllib3.exceptions.NewConnectionError,), "{host} accepts no connection", NETWORK_HINT),
    (
        (urllib3.exceptions.ConnectTimeoutError, requests.ConnectTimeout),
        "{host} did not accept a connection in time",
        NETWORK_HINT,
    ),
    (
        (ssl.SSLCertVerificationError, CertificateError),
        "the certificate of {host} is not trusted",
        "behind a proxy that opens TLS, name its certificates in REQUESTS_CA_BUNDLE",
    ),
    (
        (
            requests.exceptions.InvalidURL,
            requests.exceptions.InvalidSchema,
            requests.exceptions.MissingSchema,
            requests.exceptions.URLRequired,
            urllib3.exceptions.LocationValueError,
            urllib3.exceptions.ProxySchemeUnsupported,
        ),
        "the address of the platform or of the proxy is not valid",
        NETWORK_HINT,
    ),
)
"""The only failures after which nothing can have arrived, each with a sentence and a hint. What is not here is in
doubt, `InvalidHeader` too: urllib3 raises it for a header of the answer."""


def ending(call: str, error: BaseException, host: str) -> NotSent | InDoubt:
    """The error that tells how the call ended. It is returned, to be raised outside of the `except` block: the text of
    a foreign exception holds the token, and must not even hang on ours as its context."""
    found = list(_within(error))
    for kinds, sentence, hint in UNSENT:
        if isinstance(found[-1], kinds):
            where = Sentence("the proxy before {host}", host=host) if _at_proxy(found) else host
            return NotSent(call, Sentence(sentence, host=where), hint=hint)
    if any(isinstance(each, (requests.Timeout, urllib3.exceptions.TimeoutError)) for each in found):
        return InDoubt(call, "no answer came in time")
    return InDoubt(call, "the connection was lost before the whole answer came")


def _within(error: BaseException) -> Iterator[BaseException]:
    """The error and what it wraps, from the outside in.

    requests.ConnectionError mixes "refused" with "answer lost", and urllib3 calls an answer that was lost behind a
    proxy "Unable to connect to proxy" (http.client closes the connection first): only the innermost error tells.
    """
    inner: BaseException | None = error
    for _ in range(10):
        if inner is None:
            return
        yield inner
        inner = _wrapped(inner)


def _wrapped(error: BaseException) -> BaseException | None:
    match error:
        case urllib3.exceptions.MaxRetryError():
            return error.reason
        case urllib3.exceptions.ProxyError():
            return error.original_error
        case requests.RequestException() | urllib3.exceptions.SSLError():
            first = error.args[0] if error.args else None
            return first if isinstance(first, BaseException) else None
        case _:
            return None


def _at_proxy(found: list[BaseException]) -> bool:
    return any(isinstance(each, urllib3.exceptions.ProxyError) for each in found)
