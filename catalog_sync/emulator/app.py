"""The emulator as a WSGI application."""

import threading
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from catalog_sync.emulator.answers import Answer, plain
from catalog_sync.emulator.calls import Calls
from catalog_sync.emulator.clock import Clock, http_date
from catalog_sync.emulator.control import PREFIX, Control
from catalog_sync.emulator.door import Door
from catalog_sync.emulator.errors import BadOrder, EmulatorError
from catalog_sync.emulator.faults import GENERAL, Faults
from catalog_sync.emulator.quota import Quota
from catalog_sync.emulator.settings import Settings
from catalog_sync.emulator.store import FileStore, MemoryStore, Store
from catalog_sync.emulator.supporting import Supporting
from catalog_sync.emulator.switches import shared_switches
from catalog_sync.emulator.system import Request, System
from catalog_sync.emulator.world import Worlds

PICTURES = "/mmbiz/"
CUT = "catalog_sync.emulator.cut"
"""The environ key under which our server offers to cut the connection after some bytes."""

Environ = dict[str, Any]
StartResponse = Callable[[str, list[tuple[str, str]]], object]


class EmulatorApp:
    """The platform and its control plane. `closing` ends every wait; `close` lets go of the database."""

    def __init__(self, door: Door, control: Control, store: Store) -> None:
        self._door = door
        self._control = control
        self._store = store
        self.closing = door.closing

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        answer = self._answer(_read(environ))
        if answer.wait:
            self.closing.wait(answer.wait)
        headers = [
            ("Content-Type", answer.content_type),
            ("Content-Length", str(len(answer.body))),
            ("Date", http_date(self._door.clock.now())),
        ]
        if answer.cut != "no":
            return _cut(environ, answer, headers)
        start_response(answer.status, headers)
        return [answer.body]

    def close(self) -> None:
        """End every wait and let go of the database."""
        self.closing.set()
        self._store.close()

    def _answer(self, request: Request) -> Answer:
        if request.path.startswith(PREFIX):
            return self._control.answer(request)
        if request.path.startswith(PICTURES):
            return self._show_picture(request.path)
        return self._door.answer(request)

    def _show_picture(self, path: str) -> Answer:
        """Serve the address that reads give for a cover, in place of the platform's picture hosts."""
        content = self._store.picture(path.removeprefix(PICTURES).split("/")[0])
        if content is None:
            return plain("404 Not Found", "Not Found")
        kind = {b"\x89": "image/png", b"G": "image/gif"}.get(content[:1], "image/jpeg")
        return Answer("200 OK", kind, content)


def _read(environ: Environ) -> Request:
    query = dict(parse_qsl(environ.get("QUERY_STRING", ""), keep_blank_values=True))
    length = int(environ.get("CONTENT_LENGTH") or 0)
    body = environ["wsgi.input"].read(*() if environ.get("wsgi.input_terminated") else (length,))
    host = environ.get("HTTP_HOST") or f"{environ['SERVER_NAME']}:{environ['SERVER_PORT']}"
    return Request(
        environ["REQUEST_METHOD"],
        environ["PATH_INFO"],
        query,
        environ.get("CONTENT_TYPE", ""),
        body,
        f"http://{host}",
    )


def _cut(environ: Environ, answer: Answer, headers: list[tuple[str, str]]) -> Iterable[bytes]:
    head = "".join(f"{name}: {value}\r\n" for name, value in headers)
    sent = f"HTTP/1.1 {answer.status}\r\n{head}\r\n".encode("latin-1") + answer.body[: len(answer.body) // 2]
    environ[CUT](b"" if answer.cut == "before" else sent)
    return []


def create_app(
    systems: Sequence[System],
    *,
    db: Path | None = None,
    verdict: str = "manual",
    verdict_after: float = 0.0,
    latency: float = 0.0,
) -> EmulatorApp:
    """Make an emulator of `systems`.

    `db` keeps its worlds between runs. `verdict` is `manual`, `approve` or `reject`, given by itself `verdict_after`
    seconds of the emulator's clock after a submission. `latency` is in real seconds. Raises EmulatorError.
    """
    every: list[System] = [Supporting(), *systems]
    pools = {pool: limit for system in every for pool, limit in system.pools.items()}
    routes = {route.path: route for system in every for route in system.routes}
    switches = [*shared_switches(pools), *(one for system in every for one in system.settings)]
    start = {"verdict": verdict, "verdict_after": verdict_after, "latency_ms": latency * 1000}
    try:
        settings = Settings(switches, start)
    except BadOrder as error:
        raise EmulatorError(str(error)) from error
    store = MemoryStore() if db is None else FileStore(db)
    pool_of_path = {path: route.pool for path, route in routes.items() if route.pool}
    makers = {system.name: partial(system.new_part, settings=settings) for system in every}
    worlds = Worlds(lambda: Quota(pools, pool_of_path, settings), makers, store)
    kinds = [*GENERAL, *(kind for system in every for kind in system.faults)]
    faults = Faults(kinds, {route.name: path for path, route in routes.items()})
    door = Door(Clock(), settings, faults, Calls(settings), worlds, routes, threading.Event())
    own = {(route.method, route.name): route for system in every for route in system.control}
    control = Control(door, store, own)
    records = list(store.load())
    control.restore(records)
    worlds.restore(records)
    return EmulatorApp(door, control, store)
