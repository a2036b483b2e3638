"""The welfare of a government in the eyes of its seat: the sum of its interests, each as far as the seat knows it."""

from __future__ import annotations

from array import array
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from wargame.decision.pricing import Interests
from wargame.numbers.totals import total

if TYPE_CHECKING:
    from wargame.simulation.exercise import Exercise

Levels: TypeAlias = "array[float]"
"""The levels of the indicators that matter to a leader of one government, by the place that `Welfare` gives them."""


class Welfare:
    """The welfare of one government in any run of a scenario, in units of score.

    Welfare is the sum of weight times level over the interests of the leader in office, with each weight divided by the
    range of its indicator. It is the sum that the model of a government uses (`docs/explanation/model.md`).
    """

    def __init__(self, exercise: Exercise, government: str) -> None:
        self.government = government
        observability = exercise.context.views[government].observability
        of_slots: dict[str, tuple[tuple[int, float], ...]] = {}
        for name, leader in exercise.context.scenario.leaders.items():
            if leader.government == government:
                make = partial(Interests, observability, leader)
                interests = observability.layout.once(("interests", name), make)
                of_slots[name] = (*interests.direct, *interests.derived)
        self._slots = array("q", sorted({slot for weights in of_slots.values() for slot, _ in weights}))
        places = {slot: place for place, slot in enumerate(self._slots)}
        self._weights = {
            name: tuple((places[slot], per_unit) for slot, per_unit in weights) for name, weights in of_slots.items()
        }
        """Leader -> (place, weight per unit) of the interests."""

    def levels(self, exercise: Exercise) -> Levels:
        """Return what the seat knows now of all indicators that matter to a leader of this government."""
        levels = array("d", bytes(8 * len(self._slots)))
        exercise.context.views[self.government].seen.take(self._slots, levels)
        return levels

    def of(self, levels: Levels, exercise: Exercise, leader: str = "") -> float:
        """The welfare at these levels, with the interests of a leader, by default the one who is in office now."""
        weights = self._weights[leader or exercise.context.offices.leader[self.government]]
        return total(per_unit * levels[place] for place, per_unit in weights)

    def now(self, exercise: Exercise, leader: str = "") -> float:
        """Return the present welfare, with the interests of a leader, by default the one in office."""
        return self.of(self.levels(exercise), exercise, leader)
