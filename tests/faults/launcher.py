"""Starts the real program in processes of its own, and kills it at an exact place.

`python -m tests.faults.launcher` forks one for each line of its input, a JSON object, and prints its process id; so
that imports are paid once. Its exit status is written beside what it prints.

With `kill`, `{"at", "call", "passage"}`, the program sends itself SIGKILL when it comes to a boundary of a call for the
n-th time; with `hold`, of the same form, it makes a file `held` beside what it prints and stays there until a file `go`
is made. `limit` is the size that no file may pass. The boundaries:

    before_begin   the journal has no row of the call yet
    begun          the row is there, nothing was sent
    answered       the answer is there, the row is open
    finished       the row is closed
"""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from catalog_sync import cli
from catalog_sync.cli import apply, plan  # noqa: F401 - imported before the first fork
from catalog_sync.core.journal import Amendment, Entry, EntryState
from catalog_sync.core.ports import Receipt, Request
from catalog_sync.providers.live_goods.client import LiveGoodsClient
from catalog_sync.providers.mini_store.client import StoreProducts, StoreSkus
from catalog_sync.state.postgres import ServerDatabase  # noqa: F401 - likewise
from catalog_sync.state.store import SqlStore

Client = LiveGoodsClient | StoreProducts | StoreSkus
CLIENTS: tuple[type[Client], ...] = (LiveGoodsClient, StoreProducts, StoreSkus)


class Death:
    """Ends this process at one boundary, or does something else to it there."""

    def __init__(self, end: Callable[[], None], at: str, call: str, passage: int = 1) -> None:
        self._end = end
        self._at = at
        self._call = call
        self._left = passage
        self._lock = threading.Lock()

    def comes(self, at: str, call: str) -> None:
        """The program comes to a boundary."""
        if (at, call) != (self._at, self._call):
            return
        with self._lock:
            self._left -= 1
            comes_now = self._left == 0
        if comes_now:
            self._end()


def die() -> None:
    """As the power goes."""
    os.kill(os.getpid(), signal.SIGKILL)


def stay(told: Path) -> None:
    """Until the test says so."""
    (told / "held").touch()
    while not (told / "go").exists():
        time.sleep(0.005)


def set_up(death: Death) -> None:
    """Lay the boundaries around the program's own journal and calls."""
    begin, finish = SqlStore.begin, SqlStore.finish
    names: dict[int, str] = {}

    def begin_and_tell(store: SqlStore, entry: Entry, epoch: int) -> Entry:
        death.comes("before_begin", entry.call)
        opened = begin(store, entry, epoch)
        names[opened.number] = entry.call
        death.comes("begun", entry.call)
        return opened

    def finish_and_tell(
        store: SqlStore,
        number: int,
        state: EntryState,
        amendment: Amendment,
        epoch: int,
        *,
        answer: Mapping[str, object],
    ) -> None:
        finish(store, number, state, amendment, epoch, answer=answer)
        death.comes("finished", names.get(number, ""))

    SqlStore.begin = begin_and_tell  # type: ignore[method-assign, assignment]
    SqlStore.finish = finish_and_tell  # type: ignore[method-assign, assignment]
    for client in CLIENTS:
        client.perform = telling(client.perform, death)  # type: ignore[method-assign, assignment]


def telling(perform: Callable[[Any, Request], Receipt], death: Death) -> Callable[[Any, Request], Receipt]:
    """The sending of a call, with the boundaries around it."""

    def perform_and_tell(client: Any, request: Request) -> Receipt:
        receipt = perform(client, request)
        death.comes("answered", request.call)
        return receipt

    return perform_and_tell


def main() -> None:
    """Fork a process for each line."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        order = json.loads(line)
        read, write = os.pipe()
        if os.fork() == 0:
            watch(order, write)
        os.close(write)
        with os.fdopen(read) as pipe:
            print(pipe.read(), flush=True)


def watch(order: dict[str, Any], pipe: int) -> None:
    """Start the program, wait for its end, and write its exit status."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    child = os.fork()
    if child == 0:
        os.close(pipe)
        become(order)
    os.write(pipe, str(child).encode())
    os.close(pipe)
    _, status = os.waitpid(child, 0)
    told = Path(order["told"])
    (told / "status.new").write_text(str(os.waitstatus_to_exitcode(status)))
    (told / "status.new").rename(told / "status")
    os._exit(0)


def become(order: dict[str, Any]) -> None:
    """The program itself: its folder, its environment, its words and where it prints."""
    os.chdir(order["folder"])
    os.environ.clear()
    os.environ.update(order["environment"])
    sys.argv = ["catalog-sync", *order["words"]]
    for number, name in ((0, os.devnull), (1, f"{order['told']}/out"), (2, f"{order['told']}/err")):
        opened = os.open(name, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
        os.dup2(opened, number)
        os.close(opened)
    if order["limit"]:
        resource.setrlimit(resource.RLIMIT_FSIZE, (order["limit"], order["limit"]))
    if order["kill"]:
        set_up(Death(die, **order["kill"]))
    elif order["hold"]:
        set_up(Death(lambda: stay(Path(order["told"])), **order["hold"]))
    code = 70  # for what no border caught
    try:
        cli.main()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 71
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    main()
