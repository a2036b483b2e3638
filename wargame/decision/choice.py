"""Whether to act or wait, in continuous time, and which candidate to choose.

At a meeting Δt after the last one the hazard Λ grows by p·Δt/τ, with p = σ(λ·(S* − S_wait − threshold));
the government acts when Λ reaches an exponential draw, one for each ordinal. The frequency of meetings does not
change the frequency of actions. News between meetings closes the interval at the rate of the last meeting, so that
a shock counts from its arrival. An acting government takes the largest λ·S + Gumbel noise (McFadden 1974).
"""

from __future__ import annotations

from math import exp
from typing import TYPE_CHECKING

from wargame.numbers.timing import Hazard
from wargame.numbers.totals import total

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wargame.statistics.draws import Draws


class ActionHazard(Hazard):
    """The accumulated hazard of acting on one dossier; `ordinal` counts the draws at which the government acts."""

    def __init__(self, draws: Draws, who: str, now: int) -> None:
        super().__init__(now)
        self._draws, self.who = draws, who
        self.ordinal = 0
        self.begin(self._drawn())

    def _drawn(self) -> float:
        return self._draws.exponential("act", self.who, self.ordinal)

    def acted(self) -> None:
        """Begin the next wait, with a new draw."""
        self.ordinal += 1
        self.begin(self._drawn())

    def redraw(self) -> None:
        """Draw again for a fork."""
        self.again(self._drawn())


def chances(scores: Sequence[float], feasible: list[int], rationality: float) -> dict[int, float]:
    """Return the probability of each feasible candidate."""
    top = max(scores[i] for i in feasible)
    weights = {i: exp(rationality * (scores[i] - top)) for i in feasible}
    whole = total(weights.values())
    return {i: weight / whole for i, weight in weights.items()}
