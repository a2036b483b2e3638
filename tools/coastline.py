"""Print the coastline of an area, for `coastline` in the map of a scenario.

`python tools/coastline.py LAND.json WEST SOUTH EAST NORTH [--tolerance DEGREES]`, with `land-50m.json` or
`land-110m.json` of npm's package `world-atlas` (`npm pack world-atlas`): Natural Earth's land without borders or names,
in the public domain.
"""

from __future__ import annotations

import argparse
import json
import textwrap
from collections.abc import Callable, Iterator
from itertools import accumulate, pairwise
from math import asinh, degrees, hypot, radians, tan
from pathlib import Path
from typing import Any

Point = tuple[float, float]
UNITS = 100
"""Units of the map in one degree of longitude."""
MARGIN = 0.5
"""Degrees around the area in which the land goes on, so that the frame of the map cuts no coast."""
SMALLEST = 3.0
"""Islands of fewer square units of tolerance are left out."""


def rings(topology: dict[str, Any]) -> Iterator[list[Point]]:
    """Yield each ring of the land as longitudes and latitudes in degrees."""
    scale, origin = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = [
        [(x * scale[0] + origin[0], y * scale[1] + origin[1]) for x, y in accumulate(map(tuple, arc), _moved)]
        for arc in topology["arcs"]
    ]
    for polygon in (p for each in topology["objects"]["land"]["geometries"] for p in each["arcs"]):
        for ring in polygon:
            yield [point for arc in ring for point in (arcs[arc] if arc >= 0 else arcs[~arc][::-1])[:-1]]


def _moved(at: tuple[int, int], by: tuple[int, int]) -> tuple[int, int]:
    return at[0] + by[0], at[1] + by[1]


def clipped(ring: list[Point], west: float, south: float, east: float, north: float) -> list[Point]:
    """Return the part of a ring within a box, by the method of Sutherland and Hodgman."""
    for axis, bound, sign in ((0, west, 1), (0, east, -1), (1, south, 1), (1, north, -1)):
        ring = list(_half(ring, lambda p, a=axis, b=bound, s=sign: s * (p[a] - b)))  # type: ignore[misc]
    return ring


def _half(ring: list[Point], inside: Callable[[Point], float]) -> Iterator[Point]:
    for before, here in zip(ring[-1:] + ring[:-1], ring, strict=True):
        a, b = inside(before), inside(here)
        if (a < 0) != (b < 0):
            share = a / (a - b)
            yield before[0] + share * (here[0] - before[0]), before[1] + share * (here[1] - before[1])
        if b >= 0:
            yield here


def simplified(line: list[Point], tolerance: float) -> list[Point]:
    """Return the line without points that are nearer than `tolerance` to it, by the method of Douglas and Peucker."""
    kept, parts = {0, len(line) - 1}, [(0, len(line) - 1)]
    while parts:
        first, last = parts.pop()
        far, most = 0, tolerance
        for place in range(first + 1, last):
            distance = _distance(line[place], line[first], line[last])
            if distance > most:
                far, most = place, distance
        if far:
            kept.add(far)
            parts += [(first, far), (far, last)]
    return [line[place] for place in sorted(kept)]


def _distance(point: Point, first: Point, last: Point) -> float:
    (x, y), (dx, dy) = (point[0] - first[0], point[1] - first[1]), (last[0] - first[0], last[1] - first[1])
    length = hypot(dx, dy)
    return abs(x * dy - y * dx) / length if length else hypot(x, y)


def path(topology: dict[str, Any], box: tuple[float, float, float, float], tolerance: float) -> str:
    """Return the land in the box as the data of an SVG path."""
    west, south, east, north = box
    top, parts = degrees(asinh(tan(radians(north)))), []
    for shift in (0, 360):
        for ring in rings(topology):
            moved = [(x + shift, y) for x, y in ring]
            cut = clipped(moved, west - MARGIN, south - MARGIN, east + MARGIN, north + MARGIN)
            if len(cut) < 3:
                continue
            drawn = [((x - west) * UNITS, (top - degrees(asinh(tan(radians(y))))) * UNITS) for x, y in cut]
            middle = max(range(len(drawn)), key=lambda n, d=drawn: hypot(d[n][0] - d[0][0], d[n][1] - d[0][1]))  # type: ignore[misc]
            slack = tolerance * UNITS
            whole = simplified(drawn[: middle + 1], slack) + simplified([*drawn[middle:], drawn[0]], slack)[1:-1]
            if abs(_area(whole)) > SMALLEST * slack**2:
                parts.append(_relative(whole))
    return "".join(parts)


def _area(ring: list[Point]) -> float:
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, ring[1:] + ring[:1], strict=True)) / 2


def _relative(ring: list[Point]) -> str:
    points = [(round(x), round(y)) for x, y in ring]
    steps = [(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(points)]
    drawn = "".join(f" {x}{'' if y < 0 else ' '}{y}" for x, y in steps if (x, y) != (0, 0))
    return f"M{points[0][0]} {points[0][1]}l{drawn.strip().replace(' -', '-')}z"


def main() -> None:
    """Print the coastline as lines for a YAML file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("land", type=Path)
    for side in ("west", "south", "east", "north"):
        parser.add_argument(side, type=float)
    parser.add_argument("--tolerance", type=float, default=0.03)
    args = parser.parse_args()
    box = args.west, args.south, args.east, args.north
    found = path(json.loads(args.land.read_text()), box, args.tolerance)
    print("\n".join(textwrap.wrap(found.replace("z", "z "), 116, break_on_hyphens=False)))


if __name__ == "__main__":
    main()
