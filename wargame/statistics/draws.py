"""Random draws as functions of a key: the same key gives the same draw, whatever else is drawn.

A key is (seed, replication, epoch, purpose, who, numbers). Names are hashed by blake2b, numbers by SplitMix64 (Steele,
Lea and Flood 2014). There is no stream and no state except the epoch, so a change in one place of a run does not affect
the draws of others, and the arms of a study share theirs.
"""

from collections.abc import Iterable
from functools import lru_cache
from hashlib import blake2b
from math import log, sqrt

from wargame.numbers.draws import draw_key, mix, uniform

__all__ = ["Draws", "mix", "name_key"]

_MASK = (1 << 64) - 1


def hashed(*names: str) -> int:
    """Return 64 bits from a list of names; different lists give different bits, except by chance."""
    return int.from_bytes(blake2b("\x1f".join(names).encode(), digest_size=8).digest(), "little")


name_key = lru_cache(maxsize=65536)(hashed)
"""The same, kept for names that come again."""


class Draws:
    """The draws of one replication. `epoch` counts forks: draws after a fork are new ones.

    `root` is the number that replication and epoch add to the keys of all draws.
    """

    def __init__(self, seed: int, replication: int = 0) -> None:
        self._base = mix(mix(seed & _MASK) ^ (replication & _MASK))
        self.epoch = 0

    @property
    def epoch(self) -> int:
        """The epoch of the draws from now on."""
        return self._epoch

    @epoch.setter
    def epoch(self, number: int) -> None:
        self._epoch = number
        self.root = mix(self._base ^ number)

    def key(self, purpose: str, who: str, *numbers: int) -> int:
        """Return the 64 bits of a draw."""
        return draw_key(self.root, name_key(purpose, who), numbers)

    def uniform(self, purpose: str, who: str, *numbers: int) -> float:
        """Return a draw in the open interval (0, 1)."""
        return uniform(self.root, name_key(purpose, who), numbers)

    def keyed(self, name: int, *numbers: int) -> float:
        """Return a draw in (0, 1) by the name key of its purpose and who."""
        return uniform(self.root, name, numbers)

    def exponential(self, purpose: str, who: str, *numbers: int) -> float:
        """Return a draw with mean 1."""
        return -log(uniform(self.root, name_key(purpose, who), numbers))

    def triangular(self, low: float, mode: float, high: float, purpose: str, who: str, *numbers: int) -> float:
        """Return a draw from the triangular distribution on [low, high] with its peak at `mode`."""
        return triangular(uniform(self.root, name_key(purpose, who), numbers), low, mode, high)


def triangular(u: float, low: float, mode: float, high: float) -> float:
    """Return the quantile at `u` of the triangular distribution on [low, high] with its peak at `mode`."""
    if high <= low:
        return low
    cut = (mode - low) / (high - low)
    if u < cut:
        return low + sqrt(u * (high - low) * (mode - low))
    return high - sqrt((1 - u) * (high - low) * (high - mode))


def latin_hypercube(names: Iterable[str], count: int, draws: Draws, purpose: str) -> dict[str, list[float]]:
    """Return coordinates in (0, 1) of `count` points, by the name of the dimension (McKay, Beckman and Conover 1979).

    In each dimension every one of `count` equal strata has one point. The order of strata and the place within each
    are draws keyed by `purpose` and the dimension, so that a further dimension leaves the others alone.
    """
    return {name: _dimension(name, count, draws, purpose) for name in names}


def _dimension(name: str, count: int, draws: Draws, purpose: str) -> list[float]:
    order = sorted(range(count), key=lambda i: draws.key(purpose, name, i))
    return [(stratum + draws.uniform("stratum", name, i)) / count for i, stratum in enumerate(order)]
