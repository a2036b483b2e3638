"""Small pictures as inline SVG: a value in its range with its uncertainty, and its course over months.

All numbers are attributes, since the page allows no inline style.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 200, 40
MARGIN = 6


@dataclass(frozen=True, slots=True)
class Gauge:
    """Where a value is in its range, in units of the picture; the band is one standard deviation to each side."""

    at: float
    left: float
    right: float

    @property
    def width(self) -> float:
        """Width of the band."""
        return round(self.right - self.left, 1)


def gauge(value: float, deviation: float, low: float, high: float) -> Gauge:
    """Return the gauge of a value; what is beyond the range is at its end."""
    return Gauge(_place(value, low, high), _place(value - deviation, low, high), _place(value + deviation, low, high))


def _place(value: float, low: float, high: float) -> float:
    share = (value - low) / (high - low) if high > low else 0.5
    return round(MARGIN + (WIDTH - 2 * MARGIN) * min(1.0, max(0.0, share)), 1)


@dataclass(frozen=True, slots=True)
class Course:
    """The course of a value: the points of a line, and its last one."""

    points: str
    x: float
    y: float


def course(values: Sequence[tuple[int, float]], low: float, high: float) -> Course | None:
    """The course of (second, value), with at least a fifth of the range as its height; None for fewer than 3 points."""
    if len(values) < 3 or values[-1][0] <= values[0][0]:
        return None
    first, last = values[0][0], values[-1][0]
    least, most = min(value for _, value in values), max(value for _, value in values)
    room = max(0.0, 0.2 * (high - low) - (most - least)) / 2
    low, high = least - room, most + room
    points = []
    for t, value in values:
        x = MARGIN + (WIDTH - 2 * MARGIN) * (t - first) / (last - first)
        share = (value - low) / (high - low) if high > low else 0.5
        points.append((round(x, 1), round(HEIGHT - MARGIN - (HEIGHT - 2 * MARGIN) * share, 1)))
    return Course(" ".join(f"{x:g},{y:g}" for x, y in points), *points[-1])
