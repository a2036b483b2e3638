"""Draws by key for whole arrays of names, for statistics: a run draws its numbers one by one (`draws`)."""

import numpy as np
from numpy.typing import NDArray

from wargame.numbers.draws import GOLDEN, M1, M2


def output(z: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return the output function of SplitMix64 for each state of an array."""
    z = (z ^ (z >> np.uint64(30))) * np.uint64(M1)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(M2)
    return z ^ (z >> np.uint64(31))


def mix_array(z: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Apply `mix` to each number of an array."""
    return output(z + np.uint64(GOLDEN))


def uniforms(names: NDArray[np.uint64], key: int) -> NDArray[np.float64]:
    """Return draws in (0, 1) under a key, one for each 64-bit name, in the shape of `names`."""
    z = mix_array(names ^ np.uint64(key))
    drawn: NDArray[np.float64] = ((z >> np.uint64(12)).astype(np.float64) + 0.5) * 2.0**-52
    return drawn
