"""What a government gives up with an agreement: its own recent rate of the options that are ruled out.

The value of accepting is benefits − Σ ρ·H·gain over the options ruled out, with ρ the government's own rate of the
option (decayed count) and gain its last score above waiting. Breaking has the opposite value, at the remembered rate.
Without this cost, freezes would be free and short-lived.
"""

from __future__ import annotations

from math import exp2, log
from typing import TYPE_CHECKING

from wargame.numbers.totals import total

if TYPE_CHECKING:
    from collections.abc import Iterable


class Habits:
    """One government's decayed counts of its own actions, and the last score of each option above waiting."""

    def __init__(self, half_life: int) -> None:
        self._half_life = half_life
        self._tally: dict[str, tuple[float, int]] = {}
        self._gain: dict[str, float] = {}

    def did(self, option: str, now: int) -> None:
        """Count an action of the government."""
        self._tally[option] = (self._decayed(option, now) + 1.0, now)

    def valued(self, option: str, gain: float) -> None:
        """Set the score of an option above waiting at its last appraisal."""
        self._gain[option] = gain

    def _decayed(self, option: str, now: int) -> float:
        count, at = self._tally.get(option, (0.0, now))
        return count * exp2((at - now) / self._half_life)

    def rate(self, option: str, now: int) -> float:
        """Own actions with this option per second, over about the last half-life."""
        return self._decayed(option, now) * log(2.0) / self._half_life

    def given_up(self, options: Iterable[str], horizon: int, now: int) -> float:
        """Σ ρ·H·gain over these options, in units of score, at least 0."""
        return total(self.rate(o, now) * horizon * max(self._gain.get(o, 0.0), 0.0) for o in options)
