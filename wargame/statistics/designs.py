"""Designs of experiments: at which points of the unit cube a model is run.

Latin hypercubes: McKay, Beckman and Conover 1979.
"""

from __future__ import annotations

from collections.abc import Iterable

from wargame.statistics.draws import Draws


def latin_hypercube(names: Iterable[str], count: int, draws: Draws, purpose: str) -> dict[str, list[float]]:
    """Coordinates in (0, 1) of `count` points, by the name of the dimension.

    In each dimension every one of `count` equal strata has one point. The order of strata and the place within each
    are draws keyed by `purpose` and the dimension, so that a further dimension leaves the others alone.
    """
    return {name: _dimension(name, count, draws, purpose) for name in names}


def _dimension(name: str, count: int, draws: Draws, purpose: str) -> list[float]:
    order = sorted(range(count), key=lambda i: draws.key(purpose, name, i))
    return [(stratum + draws.uniform("stratum", name, i)) / count for i, stratum in enumerate(order)]
