"""Fresh processes, in turn: their wall seconds and peak memory, and what a row of the results is."""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

LAUNCHER = Path(__file__).with_name("launcher.py")
MEGABYTE = 1024
"""In the kilobytes of `ru_maxrss`."""


class Failed(Exception):
    """A measured process ended otherwise than it should, or a peer cannot be had."""


@dataclass(frozen=True, slots=True)
class Run:
    """One run: seconds, megabytes, the machine's load when it began, and what else was counted."""

    wall: float
    peak: float
    load: float
    counted: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Side:
    """One of the things that are compared. `before` is done before each run and not measured; `after` counts.
    Its output goes to `said`, a file in its folder unless told."""

    name: str
    command: Sequence[str]
    folder: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    before: Callable[[], None] = lambda: None
    after: Callable[[], Mapping[str, float]] = dict
    codes: frozenset[int] = frozenset({0})
    said: Path | None = None

    def run(self) -> Run:
        """One fresh process. Raises Failed when it does not end as it should."""
        self.before()
        load_before = os.getloadavg()[0]
        said = self.said or self.folder / "said.txt"
        launch = [sys.executable, "-I", "-S", str(LAUNCHER), str(said), *self.command]
        environment = {**clean_environment(), **self.environment}
        done = subprocess.run(launch, cwd=self.folder, env=environment, stdout=subprocess.PIPE, check=True)
        elapsed, kilobytes, code = json.loads(done.stdout)
        if code not in self.codes:
            raise Failed(f"{self.name} ended with {code}:\n{said.read_text('utf-8', 'replace')[-2000:]}")
        return Run(elapsed, kilobytes / MEGABYTE, load_before, self.after())


def clean_environment() -> dict[str, str]:
    """This process's environment, without what would make the measured ones compile their modules each time."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def in_turn(sides: Sequence[Side], rounds: int) -> list[list[Run]]:
    """Run the sides in turn, A B A B, after a warm-up of each. The runs by side."""
    for side in sides:
        side.run()
    runs: list[list[Run]] = [[] for _ in sides]
    for _ in range(rounds):
        for mine, side in zip(runs, sides, strict=True):
            mine.append(side.run())
    return runs


@dataclass(frozen=True, slots=True)
class Goal:
    """What a row is to reach: a ratio, or another figure, at most or at least."""

    id: str
    most: float | None = None
    least: float | None = None

    def reached(self, figure: float) -> bool:
        """Whether this figure reaches it."""
        return (self.most is None or figure <= self.most) and (self.least is None or figure >= self.least)

    def __str__(self) -> str:
        bound = f"at most {self.most:g}" if self.most is not None else f"at least {self.least:g}"
        return f"{self.id}: {bound}"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the results. `figures` are the goal's figure of each round; their median counts."""

    title: str
    count: int
    sides: Mapping[str, Sequence[Run]]
    figures: Sequence[float]
    unit: str
    goal: Goal | None = None

    @property
    def figure(self) -> float:
        """The median."""
        return statistics.median(self.figures)

    def line(self) -> str:
        """For people."""
        sides = "   ".join(
            f"{name} {wall(runs):.3g} s {peak(runs):.0f} MB load {load(runs):.1f}" for name, runs in self.sides.items()
        )
        verdict = (
            "" if self.goal is None else f" ({self.goal}{'' if self.goal.reached(self.figure) else ', NOT reached'})"
        )
        return f"{self.title}, {self.count:,}: {self.figure:.3g} {self.unit}{verdict}   [{sides}]"

    def document(self) -> dict[str, Any]:
        """For the result file."""
        return {
            "title": self.title,
            "count": self.count,
            "figure": round(self.figure, 4),
            "unit": self.unit,
            "figures": [round(each, 4) for each in self.figures],
            "goal": None if self.goal is None else str(self.goal),
            "reached": None if self.goal is None else self.goal.reached(self.figure),
            "sides": {name: [_run_document(run) for run in runs] for name, runs in self.sides.items()},
        }


def _run_document(run: Run) -> dict[str, Any]:
    counted = {name: round(value, 4) for name, value in run.counted.items()}
    return {"wall": round(run.wall, 4), "peak_mb": round(run.peak, 1), "load": round(run.load, 2), **counted}


def wall(runs: Sequence[Run]) -> float:
    """The median of their seconds."""
    return statistics.median(run.wall for run in runs)


def peak(runs: Sequence[Run]) -> float:
    """The median of their megabytes."""
    return statistics.median(run.peak for run in runs)


def load(runs: Sequence[Run]) -> float:
    """The median of the machine's load."""
    return statistics.median(run.load for run in runs)


def machine() -> dict[str, Any]:
    """What was measured on."""
    about = Path("/proc/cpuinfo").read_text("utf-8") if Path("/proc/cpuinfo").exists() else ""
    model = next((line.partition(":")[2].strip() for line in about.splitlines() if line.startswith("model name")), "")
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return {
        "processor": model or platform.processor(),
        "cores": os.cpu_count(),
        "memory_gb": round(pages / 1024**3, 1),
        "system": f"{platform.system()} {platform.release()}",
        "python": sys.version.split()[0],
    }
