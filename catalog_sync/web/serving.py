"""Serving the pages until a signal."""

from __future__ import annotations

import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from cheroot import wsgi
from cheroot.server import HeaderReader, HTTPConnection, HTTPRequest
from flask import Flask

from catalog_sync.core.errors import UsageError

THREADS = 8


class _Headers(HeaderReader):
    # X_User and X-User become one name for an application: a proxy removes the one, and a browser sends the other.
    # Cheroot has a reader like this, which fails on every request: it looks for a text in bytes (11.1).
    def _allow_header(self, key_name: bytes) -> bool:
        return b"_" not in key_name


class _Request(HTTPRequest):
    header_reader = _Headers()


class _Connection(HTTPConnection):
    RequestHandlerClass = _Request


class _Server(wsgi.Server):
    ConnectionClass = _Connection

    @staticmethod
    def bind_socket(socket_: socket.socket, bind_addr: tuple[str, int]) -> socket.socket:
        """Bind, or close what could not be bound; cheroot leaves it open."""
        try:
            socket_.bind(bind_addr)
        except OSError:
            socket_.close()
            raise
        return socket_


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
        at, number = server.bind_addr[:2]
        yield f"http://[{at}]:{number}" if ":" in at else f"http://{at}:{number}"
    finally:
        server.stop()
        thread.join()


def serve(app: Flask, host: str, port: int, announce: Callable[[str], None]) -> int:
    """Serve until SIGINT or SIGTERM; its number. Call it from the main thread. Raises `UsageError`."""
    caught: list[int] = []
    stop = threading.Event()

    def on_signal(number: int, _frame: FrameType | None) -> None:
        caught.append(number)
        stop.set()

    with served(app, host, port) as url:
        before = {number: signal.signal(number, on_signal) for number in (signal.SIGINT, signal.SIGTERM)}
        announce(url)
        stop.wait()
    for number, handler in before.items():
        signal.signal(number, handler)
    return caught[0]
