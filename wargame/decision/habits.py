"""What a government gives up with an agreement: its own recent rate of the options that are ruled out.

Accepting is worth benefits − Σ ρ·H·gain over the options ruled out, with ρ the rate of one's own actions
(decayed tally) and gain what the option was last worth above waiting. Breaking is worth the reverse, at
the rate remembered from before. Otherwise freezing would be free, and would last a fortnight.
"""

from __future__ import annotations

from math import exp2, log
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class Habits:
    """One government's decayed tally of its own actions, and what each option was last worth to it."""

    def __init__(self, half_life: int) -> None:
        self._half_life = half_life
        self._tally: dict[str, tuple[float, int]] = {}
        self._gain: dict[str, float] = {}

    def did(self, option: str, now: int) -> None:
        """The government has done this."""
        self._tally[option] = (self._decayed(option, now) + 1.0, now)

    def valued(self, option: str, gain: float) -> None:
        """What the option was worth above waiting when last appraised."""
        self._gain[option] = gain

    def _decayed(self, option: str, now: int) -> float:
        count, at = self._tally.get(option, (0.0, now))
        return count * exp2((at - now) / self._half_life)

    def rate(self, option: str, now: int) -> float:
        """Own actions of this option a second, over about the last half-life."""
        return self._decayed(option, now) * log(2.0) / self._half_life

    def given_up(self, options: Iterable[str], horizon: int, now: int) -> float:
        """Σ ρ·H·gain over these options, in units of score, never negative."""
        return sum(self.rate(o, now) * horizon * max(self._gain.get(o, 0.0), 0.0) for o in options)
