"""To act or to wait, in continuous time; and what to do when acting.

At a meeting Δt after the last one the hazard Λ grows by p·Δt/τ, with p = σ(λ·(S* − S_wait − threshold));
the government acts when Λ reaches an exponential draw, one for each ordinal. How often it meets does not
change how often it acts. News in between closes the interval at the wish and haste of the last meeting,
so that a shock counts from when it came. If it acts it takes the largest λ·S + Gumbel noise (McFadden 1974).
"""

from __future__ import annotations

from math import exp
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from wargame.statistics.draws import Draws


def logistic(z: float) -> float:
    """1/(1 + exp(−z)) without overflow."""
    return 1.0 / (1.0 + exp(-z)) if z >= 0 else exp(z) / (1.0 + exp(z))


class ActionHazard:
    """The accumulated hazard of acting on one dossier, and the draw that it must reach."""

    def __init__(self, draws: Draws, who: str, now: int) -> None:
        self._draws, self._who = draws, who
        self.ordinal = 0
        self.last = now
        self._pace = 0.0
        self._begin()

    def _begin(self) -> None:
        self.hazard = self._tested = 0.0
        self.draw = self._draws.exponential("act", self._who, self.ordinal)

    def meet(self, p: float, tempo: float, now: int) -> bool:
        """Lets the hazard grow since the last meeting or news; True when the government acts. `tempo` in seconds."""
        self._pace = p / tempo
        self.news(now)
        self._tested = self.hazard
        return self.hazard >= self.draw

    def news(self, now: int) -> None:
        """Closes the present interval at the pace of the last meeting."""
        self.hazard += self._pace * (now - self.last)
        self.last = now

    def acted(self) -> None:
        """The next wait begins, with a draw of its own."""
        self.ordinal += 1
        self._begin()

    def redraw(self) -> None:
        """A fork: what was undecided is drawn anew.

        Waiting has no memory, so the hazard that has been tested begins again; what has grown since then has not been.
        """
        untested = self.hazard - self._tested
        self._begin()
        self.hazard = untested


def choose(
    scores: Sequence[float] | Mapping[int, float], feasible: list[int], rationality: float, noise: Sequence[float]
) -> tuple[int, dict[int, float]]:
    """The chosen candidate among `feasible` (indexes into `scores`), and the chance that each had."""
    best = max(feasible, key=lambda i: (rationality * scores[i] + noise[i], -i))
    top = max(scores[i] for i in feasible)
    weights = {i: exp(rationality * (scores[i] - top)) for i in feasible}
    total = sum(weights.values())
    return best, {i: weight / total for i, weight in weights.items()}
