"""Where a benchmark happens: a catalogue, its state, a platform in a process of its own, and the program on them."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from benchmarks import goods, lean_platform
from benchmarks.measuring import Failed, Side, clean_environment

WRITES = (lean_platform.UPLOAD, lean_platform.ADD, lean_platform.UPDATE)
READS = (lean_platform.LIST,)


@dataclass(frozen=True, slots=True)
class Order:
    """How the program is called: its arguments, the platform's latency in milliseconds, and the calls to be timed.
    `plans`: it prints a plan, which has to have every change of the world."""

    name: str
    arguments: Sequence[str]
    latency: float = 0.0
    timed: Sequence[str] = ()
    codes: frozenset[int] = frozenset({0})
    plans: bool = False


class World:
    """N goods that were applied and approved, one hundredth of them changed since; `drafts` more goods instead, that
    are nowhere yet. The platform listens while this is entered."""

    def __init__(self, folder: Path, count: int, seed: int, form: str = "yaml", drafts: int = 0) -> None:
        folder.mkdir(parents=True)
        self._folder = folder
        self._count = count
        self._seed = seed
        self._port = _free_port()
        self._origin = f"http://127.0.0.1:{self._port}"
        self._platform: subprocess.Popen[bytes] | None = None
        self.catalogue = goods.write_drafts(folder, drafts) if drafts else goods.FORMS[form](folder, count, seed)
        goods.write_state(folder / "applied.db", self._origin, count, seed)

    def __enter__(self) -> Self:
        command = [sys.executable, "-m", "benchmarks.lean_platform", "--port", str(self._port)]
        command += ["--goods", str(self._count), "--seed", str(self._seed)]
        self._platform = subprocess.Popen(command, stdout=subprocess.PIPE, env=clean_environment())
        if self._platform.stdout is None or not self._platform.stdout.readline():
            raise RuntimeError("the platform did not start")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._platform is not None:
            self._platform.kill()
            self._platform.communicate()
        shutil.rmtree(self._folder)

    def side(self, order: Order) -> Side:
        """The program, on a fresh copy of the state each time."""
        state = self._folder / "state.db"
        program = Path(sys.executable).with_name("catalog-sync")
        return Side(
            order.name,
            [str(program), *order.arguments, "-f", str(self.catalogue)],
            self._folder,
            {
                "CATALOG_SYNC_ACCESS_TOKEN": "none-is-needed",
                "CATALOG_SYNC_API_BASE": self._origin,
                "CATALOG_SYNC_STATE": f"sqlite:///{state}",
                "PYTHONPYCACHEPREFIX": str(self._folder.parent / "compiled"),
            },
            before=lambda: self._reset(state, order.latency),
            after=lambda: self._after(order),
            codes=order.codes,
        )

    def journal(self, actions: int, workers: int, *, state: bool) -> Side:
        """`state_cost`: actions whose calls take 50 ms, with the journal around them or without."""
        path = self._folder / "state.db"
        command = [sys.executable, "-m", "benchmarks.state_cost", str(path) if state else "-", self._origin]
        return Side(
            "journal" if state else "calls alone",
            [*command, str(actions), str(workers), "50"],
            Path.cwd(),
            before=lambda: self._reset(path, 0.0),
            said=self._folder / "said.txt",
            after=lambda: {"span": float((self._folder / "said.txt").read_text())},
        )

    def _reset(self, state: Path, latency: float) -> None:
        for leftover in self._folder.glob("state.db*"):
            leftover.unlink()
        shutil.copyfile(self._folder / "applied.db", state)
        if self._platform is not None:
            self._ask("forget", str(latency).encode())

    def _after(self, order: Order) -> Mapping[str, float]:
        if order.plans:
            updates = json.loads((self._folder / "said.txt").read_text("utf-8"))["summary"]["update"]
            if updates != -(-self._count // 100):
                raise Failed(f"{order.name} of {self._count:,} has {updates} updates")
        return self._span(order.timed)

    def _span(self, timed: Sequence[str]) -> Mapping[str, float]:
        """The calls of these paths, and the seconds from the first one's arrival to the last one's answer."""
        calls = self._ask("calls") if timed else {}
        some = [calls[path] for path in timed if path in calls]
        if not some:
            return {}
        span = max(last for _, _, last in some) - min(first for _, first, _ in some)
        return {"calls": sum(count for count, _, _ in some), "span": span}

    def _ask(self, what: str, body: bytes | None = None) -> dict[str, tuple[int, float, float]]:
        with urllib.request.urlopen(f"{self._origin}/benchmark/{what}", body) as answer:  # noqa: S310 - our own child
            told: dict[str, tuple[int, float, float]] = json.loads(answer.read())
            return told


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as one:
        return int(one.getsockname()[1])
