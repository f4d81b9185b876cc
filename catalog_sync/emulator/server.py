"""The server: cheroot, from the command line until a signal, or from a thread of a test.

Cheroot as it comes keeps ten idle connections open, drops them after ten seconds, writes head and body apart and takes
half a second to stop; each is set otherwise here.
"""

import contextlib
import socket
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

from cheroot import wsgi

from catalog_sync.emulator.app import CUT, EmulatorApp
from catalog_sync.emulator.errors import EmulatorError
from catalog_sync.listening import bind_or_close, until_signalled, url_of

THREADS = 80
"""Calls that are served side by side: waiting ones (latency, faults) hold a thread each."""
IDLE_SECONDS = 600


class _Held:
    """Stands in for a connection's file while an answer is made."""

    def __init__(self) -> None:
        self.parts: list[bytes] = []

    def write(self, part: bytes) -> None:
        self.parts.append(part)


class _Gateway(wsgi.Gateway_10):
    """Lets the application cut the connection, and sends head and body as one packet."""

    def get_environ(self) -> Any:
        """Add the way to cut the connection."""
        environ: dict[str, Any] = super().get_environ()  # type: ignore[no-untyped-call]
        environ[CUT] = self._cut
        return environ

    def respond(self) -> None:
        """Hold the head back until the body is there: one packet, one system call."""
        connection = self.req.conn
        straight, connection.wfile = connection.wfile, _Held()
        try:
            super().respond()
        finally:
            held, connection.wfile = connection.wfile, straight
        if held.parts:
            straight.write(b"".join(held.parts))

    def _cut(self, sent: bytes) -> None:
        self.req.sent_headers = True
        self.req.close_connection = True
        connection = self.req.conn.socket
        with contextlib.suppress(OSError):
            connection.sendall(sent)
            connection.shutdown(socket.SHUT_RDWR)


class _Server(wsgi.Server):
    keep_alive_conn_limit: Any = None
    expiration_interval = 0.05

    bind_socket = staticmethod(bind_or_close)

    def error_log(self, msg: str = "", level: int = 20, traceback: bool = False) -> None:
        """Stay quiet about clients that hang up: faults make them do so."""
        if level > 20:
            super().error_log(msg, level, traceback)


class EmulatorServer:
    """An emulator that serves from a thread: `with EmulatorServer(app) as server: ... server.url`."""

    def __init__(self, app: EmulatorApp, host: str = "127.0.0.1", port: int = 0) -> None:
        """Bind and start at once. Raises EmulatorError when the address cannot be had."""
        self._app = app
        self._server = _Server((host, port), app, numthreads=THREADS, request_queue_size=128, timeout=IDLE_SECONDS)
        self._server.gateway = _Gateway
        self._server.shutdown_timeout = 1
        try:
            self._server.prepare()
        except OSError as error:
            app.close()
            raise EmulatorError(f"cannot listen on {host}:{port}: {error}; try --port 0") from error
        self._thread = threading.Thread(target=self._server.serve, name="emulator", daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """Where it listens, as `http://127.0.0.1:8700`."""
        return url_of(*self._server.bind_addr)

    def stop(self) -> None:
        """Answer what is being answered, and stop."""
        self._app.closing.set()
        self._server.stop()
        self._thread.join()
        self._app.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def run(app: EmulatorApp, host: str, port: int, announce: Callable[[str], None]) -> int:
    """Serve until SIGINT or SIGTERM, and give that signal's number. Raises EmulatorError when it cannot listen.

    `announce` gets `Emulator listening on http://...` when it is ready. Call it from the main thread.
    """
    with until_signalled() as signalled, EmulatorServer(app, host, port) as server:
        announce(f"Emulator listening on {server.url}")
        return signalled.wait()
