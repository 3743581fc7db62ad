"""Where the marks of a plot go. Templates draw them as SVG."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from claimbench.report import Score
from claimbench.stats.intervals import Interval

WIDTH, HEIGHT, PAD = 320, 240, 36
"""Of a curve's drawing, in its own units; ``PAD`` is the room for axes."""


class Bar(msgspec.Struct, frozen=True):
    """One dot with its interval on a shared scale, as percentages of the width; None where there is none."""

    value: float | None
    low: float | None
    high: float | None


def percent(value: float) -> str:
    """Return a percentage as SVG takes it."""
    return f"{value:.2f}%"


def domain(scores: Iterable[Score]) -> tuple[float, float]:
    """Return the scale that scores share: 0 to 1 unless a value or a bound lies outside."""
    found = [0.0, 1.0]
    for score in scores:
        bounds = score.intervals.this_benchmark, score.intervals.new_sources
        found += [x for b in bounds if b is not None for x in (b.low, b.high)]
        found += [score.value] if score.value is not None else []
    return min(found), max(found)


def bar(value: float | None, interval: Interval | None, scale: tuple[float, float] = (0.0, 1.0)) -> Bar:
    """Return where a score and its interval lie on a scale."""
    low, high = scale

    def place(x: float) -> float:
        return 100.0 * (x - low) / (high - low)

    return Bar(
        None if value is None else place(value),
        None if interval is None else place(interval.low),
        None if interval is None else place(interval.high),
    )


def point(x: float, y: float) -> tuple[float, float]:
    """Return where a point of the unit square lies in a drawing, y upwards."""
    inner_x, inner_y = WIDTH - 1.5 * PAD, HEIGHT - 1.5 * PAD
    return round(PAD + x * inner_x, 2), round(HEIGHT - PAD - y * inner_y, 2)


def path(points: Sequence[tuple[float, float]]) -> str:
    """Return the d attribute of a line through points of the unit square."""
    return " ".join(f"{'L' if i else 'M'}{px} {py}" for i, (px, py) in enumerate(point(*p) for p in points))
