"""A server on a real socket that does what a test says, byte by byte, and a clock that does not make tests wait."""

from __future__ import annotations

import json
import socket
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

Act = bytes | Callable[[socket.socket], None]
"""What to do with a request: bytes to send, or something with the connection (which is closed afterwards)."""


_HELD: list[socket.socket] = []


@dataclass(frozen=True)
class Seen:
    """One request as it came over the wire."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes


class ScriptedServer:
    """Serves the acts in their order, whatever is asked, and the last one again and again."""

    def __init__(self, *acts: Act, tls: ssl.SSLContext | None = None) -> None:
        self._acts = list(acts)
        self._tls = tls
        self._lock = threading.Lock()
        self.seen: list[Seen] = []
        self.connections = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._open: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for each in self._open:
            each.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, plain: socket.socket) -> None:
        try:
            connection = plain if self._tls is None else self._tls.wrap_socket(plain, server_side=True)
        except OSError:
            plain.close()
            return
        self._open.append(connection)
        with connection:
            try:
                while (seen := read_request(connection)) is not None:
                    if not self._act(connection, seen):
                        return
            except OSError:
                return

    def _act(self, connection: socket.socket, seen: Seen) -> bool:
        with self._lock:
            self.seen.append(seen)
            act = self._acts.pop(0) if len(self._acts) > 1 else self._acts[0]
        if isinstance(act, bytes):
            connection.sendall(act)
            return True
        act(connection)
        return False


def read_request(connection: socket.socket) -> Seen | None:
    """Read one request; None when the connection ends."""
    head = b""
    while b"\r\n\r\n" not in head:
        piece = connection.recv(65536)
        if not piece:
            return None
        head += piece
    head, _, body = head.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    while len(body) < int(headers.get("content-length", "0")):
        body += connection.recv(65536)
    method, target, _ = first.split(" ", 2)
    return Seen(method, target, headers, body)


def http(body: bytes, status: str = "200 OK", **headers: str) -> bytes:
    """An HTTP answer."""
    lines = {"Content-Type": "application/json", "Content-Length": str(len(body)), **headers}
    head = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in lines.items())
    return f"HTTP/1.1 {status}\r\n{head}\r\n".encode() + body


def told(value: object, **headers: str) -> bytes:
    """An HTTP answer with JSON in it."""
    return http(json.dumps(value, ensure_ascii=False).encode(), **headers)


def hang_up(_connection: socket.socket) -> None:
    """Close without an answer."""


def reset(connection: socket.socket) -> None:
    """Close with a reset, in place of an end."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
    connection.close()


def half(answer: bytes) -> Act:
    """Send an answer but for its last bytes."""

    def act(connection: socket.socket) -> None:
        connection.sendall(answer[:-5])

    return act


def slowly(answer: bytes, pause: float, piece: int = 1) -> Act:
    """Send an answer's body piece by piece."""

    def act(connection: socket.socket) -> None:
        head, _, body = answer.partition(b"\r\n\r\n")
        connection.sendall(head + b"\r\n\r\n")
        for start in range(0, len(body), piece):
            connection.sendall(body[start : start + piece])
            time.sleep(pause)

    return act


class Babbler:
    """A server that speaks before it is asked, and nothing like TLS."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        threading.Thread(target=self._speak, daemon=True).start()

    def _speak(self) -> None:
        with self._listener, self._listener.accept()[0] as connection:
            connection.sendall(b"220 mail.example.org ESMTP\r\n")
            connection.recv(65536)


def silence(seconds: float) -> Act:
    """Say nothing for some time."""

    def act(_connection: socket.socket) -> None:
        time.sleep(seconds)

    return act


class SkippingClock:
    """Our own clock, but a sleep only moves it on. `stopped`: every sleep ends at once, as when the run is stopped."""

    def __init__(self) -> None:
        self.skipped = 0.0
        self.slept: list[float] = []
        self.stopped = False

    def now(self) -> float:
        return time.time() + self.skipped

    def monotonic(self) -> float:
        return time.monotonic() + self.skipped

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        if not self.stopped:
            self.skipped += seconds


def unused_port() -> int:
    """A port of this machine that refuses connections: bound for as long as the tests run, for else another process
    may get it, and listened to by nobody."""
    held = socket.socket()
    held.bind(("127.0.0.1", 0))
    _HELD.append(held)
    return int(held.getsockname()[1])
