"""Time and memory over N as one SVG: logarithmic axes, drawn by hand so that nothing has to be installed."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from benchmarks.measuring import Row, Run, peak, wall

Points = Mapping[str, Mapping[int, float]]
"""By series, a value for each N."""

WIDTH, HEIGHT, LEFT, TOP, GAP = 330, 260, 60, 40, 110
COLOURS = ("#1f6feb", "#0a7d33", "#8b5cf6", "#d1242f", "#9a6700", "#57606a", "#bf3989", "#e36209", "#0598bc")
SHOWN = (
    "plan --no-refresh",
    "plan",
    "plan of JSON Lines",
    "validate",
    "octoDNS",
    "terraform plan",
    "terraform validate",
    "CSafeLoader",
    "events",
)


def can_be_drawn(rows: Sequence[Row]) -> bool:
    """Whether anything was measured at several N."""
    return any(len(some) > 1 for some in _points(rows, wall).values())


def draw(rows: Sequence[Row]) -> str:
    """The picture of all rows whose sides are named alike at several N."""
    panels = (("seconds", _points(rows, wall)), ("peak MB", _points(rows, peak)))
    names = [name for name in SHOWN if name in panels[0][1]]
    colours = {name: COLOURS[number % len(COLOURS)] for number, name in enumerate(names)}
    parts = [
        _Panel(title, LEFT + number * (WIDTH + GAP), points).draw(colours)
        for number, (title, points) in enumerate(panels)
    ]
    width = 2 * (LEFT + WIDTH) + GAP
    legend = "".join(_entry(name, colour, number) for number, (name, colour) in enumerate(colours.items()))
    height = TOP + HEIGHT + 50 + 18 * math.ceil(len(names) / 4)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" '
        f'font-size="12">\n<rect width="100%" height="100%" fill="white"/>\n{"".join(parts)}{legend}</svg>\n'
    )


def _points(rows: Iterable[Row], measure: Callable[[Sequence[Run]], float]) -> Points:
    points: dict[str, dict[int, float]] = {}
    for row in rows:
        for name in row.sides.keys() & set(SHOWN):
            points.setdefault(name, {})[row.count] = measure(row.sides[name])
    return points


def _entry(name: str, colour: str, number: int) -> str:
    x, y = LEFT + number % 4 * 190, TOP + HEIGHT + 55 + 18 * (number // 4)
    return f'<text x="{x}" y="{y}" fill="{colour}">● {escape(name)}</text>\n'


@dataclass(frozen=True, slots=True)
class _Panel:
    """One diagram. Both axes are powers of ten."""

    title: str
    left: float
    points: Points

    def draw(self, colours: Mapping[str, str]) -> str:
        lines = [
            f'<text x="{self.left}" y="{TOP - 15}" font-weight="bold">{self.title} over the number of goods</text>\n'
        ]
        lines += [self._vertical(power) for power in range(self._least_n, self._most_n + 1)]
        lines += [self._horizontal(power) for power in range(self._least, self._most + 1)]
        lines += [self._curve(sorted(some.items()), colours[name]) for name, some in self.points.items()]
        return "".join(lines)

    @property
    def _least_n(self) -> int:
        return math.floor(math.log10(min(n for some in self.points.values() for n in some)))

    @property
    def _most_n(self) -> int:
        return math.ceil(math.log10(max(n for some in self.points.values() for n in some)))

    @property
    def _least(self) -> int:
        return math.floor(math.log10(min(value for some in self.points.values() for value in some.values())))

    @property
    def _most(self) -> int:
        return math.ceil(math.log10(max(value for some in self.points.values() for value in some.values())))

    def _x(self, n: float) -> float:
        return self.left + WIDTH * (math.log10(n) - self._least_n) / max(1, self._most_n - self._least_n)

    def _y(self, value: float) -> float:
        return TOP + HEIGHT * (1 - (math.log10(value) - self._least) / max(1, self._most - self._least))

    def _vertical(self, power: int) -> str:
        x = self._x(10**power)
        line = f'<line x1="{x:.1f}" y1="{TOP}" x2="{x:.1f}" y2="{TOP + HEIGHT}" stroke="#ddd"/>'
        return f'{line}<text x="{x:.1f}" y="{TOP + HEIGHT + 18}" text-anchor="middle">{10**power:,}</text>\n'

    def _horizontal(self, power: int) -> str:
        y = self._y(10**power)
        line = f'<line x1="{self.left}" y1="{y:.1f}" x2="{self.left + WIDTH}" y2="{y:.1f}" stroke="#ddd"/>'
        return f'{line}<text x="{self.left - 8}" y="{y + 4:.1f}" text-anchor="end">{10.0**power:g}</text>\n'

    def _curve(self, some: Sequence[tuple[int, float]], colour: str) -> str:
        places = [(self._x(n), self._y(value)) for n, value in some]
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        dots = "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}"/>' for x, y in places)
        return f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>{dots}\n'
