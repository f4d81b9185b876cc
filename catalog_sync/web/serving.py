"""Serving the pages until a signal."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from cheroot import wsgi
from cheroot.server import HeaderReader, HTTPConnection, HTTPRequest
from flask import Flask

from catalog_sync.core.errors import UsageError
from catalog_sync.listening import bind_or_close, until_signalled, url_of

THREADS = 8

_NAME = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
"""The name of a header: a token (RFC 9110, 5.6.2)."""


class _Headers(HeaderReader):
    # X_User and X-User become one name for an application: a proxy removes the one, and a browser sends the other.
    # Cheroot has a reader like this, which fails on every request: it looks for a text in bytes (11.1).
    def _allow_header(self, key_name: bytes) -> bool:
        return b"_" not in key_name

    # RFC 9112, 5.1: a blank before the colon is refused with 400. Cheroot would take it away, and read as the header of
    # a proxy what the proxy let pass as another one.
    def _transform_key(self, key_name: bytes) -> bytes:
        if not _NAME.fullmatch(key_name):
            raise ValueError("Illegal header name.")
        return key_name.title()


class _Request(HTTPRequest):
    header_reader = _Headers()


class _Connection(HTTPConnection):
    RequestHandlerClass = _Request


class _Server(wsgi.Server):
    ConnectionClass = _Connection

    bind_socket = staticmethod(bind_or_close)


@contextmanager
def served(app: Flask, host: str, port: int) -> Iterator[str]:
    """The URL of the pages, as long as the block lasts. Raises `UsageError` where it cannot listen."""
    server = _Server((host, port), app, numthreads=THREADS, server_name="catalog-sync", timeout=10)
    server.max_request_header_size = 16 * 1024
    server.max_request_body_size = 1
    server.shutdown_timeout = 2
    try:
        server.prepare()
    except OSError:
        hint = "is the address this machine's, and the port free? --port 0 picks a free one"
        raise UsageError(f"cannot listen on {host}:{port}", hint=hint) from None
    thread = threading.Thread(target=server.serve, name="pages", daemon=True)
    thread.start()
    try:
        yield url_of(*server.bind_addr[:2])
    finally:
        server.stop()
        thread.join()


def serve(app: Flask, host: str, port: int, announce: Callable[[str], None]) -> int:
    """Serve until SIGINT or SIGTERM; its number. Call it from the main thread. Raises `UsageError`."""
    with until_signalled() as signalled, served(app, host, port) as url:
        announce(url)
        return signalled.wait()
