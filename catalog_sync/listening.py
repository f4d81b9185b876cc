"""Listening on an address: what the servers of this program share, the emulator and the pages."""

from __future__ import annotations

import ipaddress
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach that address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def bind_or_close(socket_: socket.socket, address: tuple[str, int]) -> socket.socket:
    """Bind, or close what could not be bound: cheroot's own `bind_socket` leaves it open. Raises OSError."""
    try:
        socket_.bind(address)
    except OSError:
        socket_.close()
        raise
    return socket_


def url_of(host: str, port: int) -> str:
    """The URL of a server that listens there, as `http://127.0.0.1:8700`."""
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


class Signalled:
    """Whether a signal came, and which."""

    def __init__(self) -> None:
        self.number = 0
        self._came = threading.Event()

    def wait(self) -> int:
        """Wait for it; its number."""
        self._came.wait()
        return self.number

    def note(self, number: int, _frame: FrameType | None) -> None:
        """The signal is here; of two the first counts."""
        self.number = self.number or number
        self._came.set()


@contextmanager
def until_signalled() -> Iterator[Signalled]:
    """Catch SIGINT and SIGTERM as long as the block lasts. From the main thread only."""
    signalled = Signalled()
    before = {number: signal.signal(number, signalled.note) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield signalled
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
