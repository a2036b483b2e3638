"""The welfare of a government in the eyes of its seat: the sum of its interests, each as far as the seat knows it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING

from wargame.decision.pricing import Interests
from wargame.numbers.totals import total

if TYPE_CHECKING:
    from wargame.simulation.exercise import Exercise

Levels = Mapping[int, float]
"""The levels of indicators, by slot."""


class Welfare:
    """The welfare of one government in any run of a scenario, in units of score.

    Welfare is the sum of weight times level over the interests of the leader in office, with each weight divided by the
    range of its indicator. It is the sum that the model of a government uses (`docs/explanation/model.md`).
    """

    def __init__(self, exercise: Exercise, government: str) -> None:
        self.government = government
        observability = exercise.context.views[government].observability
        self._weights: dict[str, tuple[tuple[int, float], ...]] = {}
        """Leader -> (slot, weight per unit) of the interests."""
        for name, leader in exercise.context.scenario.leaders.items():
            if leader.government == government:
                make = partial(Interests, observability, leader)
                interests = observability.layout.once(("interests", name), make)
                self._weights[name] = (*interests.direct, *interests.derived)
        self._slots = tuple(sorted({slot for weights in self._weights.values() for slot, _ in weights}))

    def levels(self, exercise: Exercise) -> Levels:
        """What the seat knows now of all indicators that matter to a leader of this government."""
        levels, _ = exercise.context.views[self.government].reader()
        return {slot: levels[slot] for slot in self._slots}

    def of(self, levels: Levels, exercise: Exercise, leader: str = "") -> float:
        """The welfare at these levels, with the interests of a leader, by default the one who is in office now."""
        weights = self._weights[leader or exercise.context.offices.leader[self.government]]
        return total(per_unit * levels[slot] for slot, per_unit in weights)

    def now(self, exercise: Exercise, leader: str = "") -> float:
        """The present welfare, with the interests of a leader, by default the one in office."""
        return self.of(self.levels(exercise), exercise, leader)
