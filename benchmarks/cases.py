"""What is measured: one function a case, each of which gives rows. Goals are those of docs/performance.md."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from benchmarks import peers
from benchmarks.measuring import Failed, Goal, Row, Run, Side, in_turn
from benchmarks.world import READS, WRITES, Order, World

EXAMPLE = Path(__file__).parent.parent / "catalog.example.yaml"
OFFLINE = Order("plan --no-refresh", ["plan", "--no-refresh", "--format", "json"], plans=True)
REFRESHED = Order("plan", ["plan", "--format", "json"], plans=True)
VALIDATE = Order("validate", ["validate"])
APPLY = Order(
    "apply", ["apply", "--yes", "--format", "json", "--max-deletes", "0"], timed=WRITES, codes=frozenset({0, 2})
)
LATENCY = 50.0
LARGE = 100_000


@dataclass(frozen=True, slots=True)
class Bench:
    """What the cases share. `skip` notes what is left out, with the reason."""

    work: Path
    seed: int
    quick: bool
    skip: Callable[[str], None]

    def rounds(self, count: int) -> int:
        """Pairs: five, three for the largest and where everything is to be quick."""
        return 3 if count >= LARGE or self.quick else 5

    def sizes(self, *sizes: int) -> tuple[int, ...]:
        """Those that this run has time for."""
        return tuple(each for each in sizes if not self.quick or each < LARGE)

    def world(self, count: int, form: str = "yaml", drafts: int = 0) -> World:
        """A world of so many goods, in a folder of its own that it removes at its end."""
        return World(self.work / f"{form}-{count}-{drafts}", count, self.seed, form, drafts)


@dataclass(frozen=True, slots=True)
class Contest:
    """We against a peer, over so many goods. `faster`: the figure is how many times as fast as the peer we are; else
    our time in terms of the peer's."""

    title: str
    count: int
    goal: Goal | None = None
    faster: bool = False

    def rows(self, bench: Bench, mine: Side, peer: Callable[[], Side]) -> Iterator[Row]:
        """One row, or none where the peer is not to be had."""
        try:
            other = peer()
        except Failed as reason:
            bench.skip(f"{self.title}, {self.count:,}: {reason}")
            return
        ours, theirs = in_turn([mine, other], bench.rounds(self.count))
        ratios = [our.wall / their.wall for our, their in zip(ours, theirs, strict=True)]
        figures = [1 / each for each in ratios] if self.faster else ratios
        unit = f"times as fast as {other.name}" if self.faster else f"x {other.name}"
        yield Row(self.title, self.count, {mine.name: ours, other.name: theirs}, figures, unit, self.goal)


def offline(bench: Bench) -> Iterator[Row]:
    """P1: a plan without the network against the parser's bare events, its memory, and PyYAML's loader."""
    for count in bench.sizes(1_000, 10_000, LARGE):
        goal = Goal("P1", most=2.5) if count == LARGE else None
        with bench.world(count) as world:
            mine = world.side(OFFLINE)
            for row in Contest("plan --no-refresh", count, goal).rows(
                bench, mine, partial(peers.bare_events, world.catalogue)
            ):
                yield row
                yield _peaks(row, OFFLINE.name, Goal("P1", most=150) if goal else None)
            if not bench.quick:
                contest = Contest("plan --no-refresh", count, faster=True)
                yield from contest.rows(bench, mine, partial(peers.csafeloader, world.catalogue))


def _peaks(row: Row, name: str, goal: Goal | None) -> Row:
    return Row(f"{row.title}, peak", row.count, {}, [run.peak for run in row.sides[name]], "MB", goal)


def refreshed(bench: Bench) -> Iterator[Row]:
    """P3: a plan with a full look at a platform without latency, against octoDNS and Terraform."""
    of_octodns, of_terraform = {1_000: 2.5, 10_000: 10, LARGE: 12}, {1_000: 8, 10_000: 60}
    for count, least in of_octodns.items():
        if bench.quick and count > 1_000:
            bench.skip(f"plan, {count:,} against octoDNS and Terraform: it would take minutes")
            continue
        with bench.world(count) as world:
            mine = world.side(REFRESHED)
            contest = Contest("plan", count, Goal("P3", least=least), faster=True)
            yield from contest.rows(
                bench, mine, partial(peers.octodns, bench.work / f"octodns-{count}", count, bench.seed)
            )
            if count not in of_terraform:
                bench.skip(f"plan, {count:,} against terraform plan: it would take minutes")
                continue
            contest = Contest("plan", count, Goal("P3", least=of_terraform[count]), faster=True)
            yield from contest.rows(
                bench, mine, partial(peers.terraform, bench.work / f"plan-{count}", count, bench.seed, "plan")
            )


def growth(bench: Bench) -> Iterator[Row]:
    """P4: ten times the goods, and a million of them in JSON Lines."""
    if bench.quick:
        bench.skip("growth from 10,000 to 100,000 and 1,000,000: it would take minutes")
        return
    with bench.world(10_000) as small, bench.world(LARGE) as large:
        for order in (OFFLINE, REFRESHED):
            few, many = in_turn([small.side(order), large.side(order)], bench.rounds(LARGE))
            figures = [more.wall / less.wall for less, more in zip(few, many, strict=True)]
            sides = {"10,000": few, "100,000": many}
            yield Row(f"{order.name}, growth", LARGE, sides, figures, "x 10,000", Goal("P4", most=12))
    with bench.world(1_000_000, "jsonl") as huge:
        side = replace(huge.side(OFFLINE), name="plan of JSON Lines")
        runs = [side.run() for _ in range(2)][1:]
        yield Row(
            "plan --no-refresh, JSON Lines", 1_000_000, {side.name: runs}, [runs[0].peak], "MB", Goal("P4", most=700)
        )


def side_by_side(bench: Bench) -> Iterator[Row]:
    """P6: what more workers gain, from the first call's arrival to the last answer."""
    read, written = (2_000, 32) if bench.quick else (50_000, 320)
    crowds = (4, 16) if bench.quick else (4, 8, 16, 32)
    with bench.world(read) as world:
        orders = [replace(REFRESHED, latency=LATENCY, timed=READS)]
        yield from _crowds(world, "look", read, orders[0], crowds, bench)
    with bench.world(written * 100) as world:  # a hundredth is changed
        yield from _crowds(world, "apply updates", written, replace(APPLY, latency=LATENCY), crowds, bench)


def _crowds(world: World, title: str, count: int, order: Order, crowds: Sequence[int], bench: Bench) -> Iterator[Row]:
    sides = [world.side(_with_workers(order, workers)) for workers in (1, *crowds)]
    alone, *together = in_turn(sides, 1 if bench.quick else 5)
    for workers, runs in zip(crowds, together, strict=True):
        figures = [one.counted["span"] / run.counted["span"] / workers for one, run in zip(alone, runs, strict=True)]
        goal = None if bench.quick else Goal("P6", least=0.75 if workers > 16 else 0.85)
        walls = {"1 worker": alone, f"{workers} workers": runs}
        yield Row(f"{title}, {workers} workers at 50 ms", count, walls, figures, "of the workers gained", goal)


def _with_workers(order: Order, workers: int) -> Order:
    return replace(order, arguments=[*order.arguments, "--parallelism", str(workers)])


def adds(bench: Bench) -> Iterator[Row]:
    """A day's adds with their covers at 50 ms and 16 workers, against the calls alone, spread evenly."""
    count, workers = 64 if bench.quick else 500, 16
    with bench.world(0, drafts=count) as world:
        (runs,) = in_turn([world.side(_with_workers(replace(APPLY, latency=LATENCY), workers))], bench.rounds(count))
    figures = [run.counted["span"] / (run.counted["calls"] * LATENCY / 1000 / workers) for run in runs]
    title = "apply adds with covers, 16 workers at 50 ms"
    yield Row(title, count, {"apply": runs}, figures, "x the ideal", Goal("apply", most=1.3))


def journal(bench: Bench) -> Iterator[Row]:
    """P7: what the state adds to an action of 50 ms, and that it does not depend on how much it holds."""
    few, many = (1_000, 10_000) if bench.quick else (1_000, LARGE)
    actions = 320 if bench.quick else 1_600
    with bench.world(few) as small, bench.world(many) as large:
        yield from _cost(small, few, actions // 20, 1, bench)
        sides = [world.journal(actions, 16, state=state) for world in (small, large) for state in (True, False)]
        kept, bare, more_kept, more_bare = in_turn(sides, bench.rounds(0))
    yield _added(few, 16, kept, bare)
    yield _added(many, 16, more_kept, more_bare)
    costs = [_spans(kept, bare), _spans(more_kept, more_bare)]
    figures = [(more[0] - more[1]) / max(less[0] - less[1], 1e-3) for less, more in zip(*costs, strict=True)]
    goal = None if bench.quick else Goal("P7", most=1.5)
    yield Row(f"what a state of {many:,} adds against one of {few:,}", many, {}, figures, "x", goal)


def _cost(world: World, count: int, actions: int, workers: int, bench: Bench) -> Iterator[Row]:
    kept, bare = in_turn([world.journal(actions, workers, state=state) for state in (True, False)], bench.rounds(0))
    yield _added(count, workers, kept, bare)


def _added(count: int, workers: int, kept: Sequence[Run], bare: Sequence[Run]) -> Row:
    figures = [one / other for one, other in _spans(kept, bare)]
    crowd = f"{workers} workers" if workers > 1 else "1 worker"
    sides = {"journal": kept, "calls alone": bare}
    return Row(f"actions of 50 ms, {crowd}", count, sides, figures, "x the calls alone", Goal("P7", most=1.05))


def _spans(kept: Sequence[Run], bare: Sequence[Run]) -> list[tuple[float, float]]:
    return [(one.counted["span"], other.counted["span"]) for one, other in zip(kept, bare, strict=True)]


def start_up(bench: Bench) -> Iterator[Row]:
    """P8: --help and the validation of the example, against a Python that does nothing."""
    python = Side("python -c pass", [sys.executable, "-c", "pass"], bench.work)
    program = str(Path(sys.executable).with_name("catalog-sync"))
    compiled = {"PYTHONPYCACHEPREFIX": str(bench.work / "compiled")}
    example = [program, "validate", "-f", str(EXAMPLE)]
    for title, command, most in (("--help", [program, "--help"], 6.0), ("validate the example", example, 20.0)):
        mine = Side(title, command, bench.work, compiled)
        ours, theirs = in_turn([mine, replace(python, environment=compiled)], 10 if bench.quick else 20)
        figures = [our.wall / their.wall for our, their in zip(ours, theirs, strict=True)]
        yield Row(title, 1, {title: ours, python.name: theirs}, figures, f"x {python.name}", Goal("P8", most=most))


def validation(bench: Bench) -> Iterator[Row]:
    """P9: validate against terraform validate."""
    for count in (1_000,) if bench.quick else (1_000, 10_000, LARGE):
        with bench.world(count) as world:
            contest = Contest("validate", count, Goal("P9", most=0.6) if count == LARGE else None)
            folder = bench.work / f"validate-{count}"
            yield from contest.rows(
                bench, world.side(VALIDATE), partial(peers.terraform, folder, count, bench.seed, "validate")
            )


def forms(bench: Bench) -> Iterator[Row]:
    """P10: JSON Lines, and several files, against one YAML file."""
    count = 10_000 if bench.quick else LARGE
    with bench.world(count) as yaml:
        goals = {"jsonl": None} if bench.quick else {"jsonl": Goal("P10", most=0.5), "files": None}
        for form, goal in goals.items():
            with bench.world(count, form) as other:
                mine = replace(other.side(OFFLINE), name=form)
                contest = Contest(f"plan --no-refresh, {form}", count, goal)
                yield from contest.rows(bench, mine, partial(replace, yaml.side(OFFLINE), name="YAML"))


CASES: dict[str, Callable[[Bench], Iterator[Row]]] = {
    each.__name__: each
    for each in (start_up, offline, refreshed, growth, validation, forms, side_by_side, adds, journal)
}
