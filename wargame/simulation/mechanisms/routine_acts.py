"""Minor acts below the threshold of decision, and the stance that they express (docs/explanation/model.md).

Each week every government has Poisson(ν) minor acts towards each other one: consular, press, working level. Their
weights follow the stance s of the government, which moves with what it does and with surprises at what the other does.
The other perceives the mean of a week at a discount.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import permutations
from math import exp, pi
from typing import TYPE_CHECKING

import numpy as np

from wargame.decision.perception import rates_of
from wargame.language.times import DAY
from wargame.numbers.perceiving import MinorActs
from wargame.simulation.kernel.clock import SIGNAL
from wargame.statistics.draws import name_key

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from wargame.scenario.model import Routine
    from wargame.simulation.kernel.actor import Actor
    from wargame.simulation.kernel.consequences import Action, Signal
    from wargame.simulation.kernel.context import RunContext

WEEK = 7 * DAY
LOWEST, HIGHEST = -4.0, 3.4
"""Goldstein weights of a minor act: from a sharp statement to a routine meeting."""
MOST = 24
"""Most acts of a pair in a week."""
_PLACES = np.arange(MOST, dtype=np.uint64)


class RoutineActs:
    """The minor acts of all pairs, from STARTEX on, and the stances, from the start of the scenario on."""

    def __init__(self, context: RunContext, governments: Mapping[str, Actor], rules: Routine) -> None:
        self._context, self._governments, self._rules = context, governments, rules
        self._pairs = tuple(permutations(context.world.governments, 2))
        self._slots = {pair: context.world.slot("stance", pair) for pair in self._pairs}
        self._names = np.array([name_key(f"{a}>{b}") for a, b in self._pairs], dtype=np.uint64)
        self._numbers = {pair: i for i, pair in enumerate(self._pairs)}
        regards = [context.world.layout.regard_slots[receiver, actor] for actor, receiver in self._pairs]
        stances = [self._slots[receiver, actor] for actor, receiver in self._pairs]
        self._felt = MinorActs(regards, stances, rates_of(context.rules), rules.surprise)
        self._week = 0

    def begin(self) -> None:
        """STARTEX: the first acts are a week later."""
        self._context.clock.at(self._context.now + WEEK, SIGNAL, self._acts_of_a_week)

    # --- stance --------------------------------------------------------------------------------

    def acted(self, action: Action) -> None:
        """A government's own action moves its stance towards what it has done."""
        if action.target is not None and action.target != action.actor:
            slot, curves = self._slots[action.actor, action.target], self._context.world.curves
            stance = curves.level(slot)
            towards = min(max(action.weight / 10.0, -1.0), 1.0)
            curves.put(slot, stance + self._rules.own * (towards - stance))

    def perceived(self, signal: Signal) -> None:
        """A surprise at another government moves the stance towards it."""
        pair = self._numbers[signal.action.actor, signal.receiver]
        self._felt.surprise(self._context.world.curves, pair, signal.surprise)

    # --- minor acts ----------------------------------------------------------------------------

    def _acts_of_a_week(self) -> None:
        context = self._context
        context.clock.at(context.now + WEEK, SIGNAL, self._acts_of_a_week)
        curves = context.world.curves
        stances = np.array([curves.level(slot) for slot in self._slots.values()])
        counts, totals = self._drawn(stances)
        self._week += 1
        shown: dict[str, dict[str, list[float]]] = {}
        people = {name for name, government in self._governments.items() if government.seat == "human"}
        discount, numbers = self._rules.discount, zip(counts.tolist(), totals.tolist(), strict=True)
        for i, (count, total) in enumerate(numbers):
            actor, receiver = self._pairs[i]
            if count and actor not in people:  # the staff of a person does nothing unasked
                shown.setdefault(actor, {})[receiver] = [count, round(total, 4)]
                self._felt.perceive(curves, i, discount * total / count)
        for actor, acts in shown.items():
            context.log.write("routine", actor, "", (), {"acts": acts})

    def _drawn(self, stances: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """The number of acts of each pair and the sum of their weights."""
        rules, draws, week = self._rules, self._context.draws, self._week
        counts = np.searchsorted(_cumulated(rules.acts), draws.uniforms(self._names, "routine number", "", week))
        happened = _PLACES[None, :] < counts[:, None]
        each = (self._names[:, None] + _PLACES[None, :])[happened]
        one, two = (draws.uniforms(each, "routine weight", part, week) for part in "ab")
        normal = np.sqrt(-2.0 * np.log(one)) * np.cos(2.0 * pi * two)
        weights = np.zeros(happened.shape)
        expected = (10.0 * rules.lean * stances).repeat(counts)
        weights[happened] = np.clip(expected + rules.spread * normal, LOWEST, HIGHEST)
        return counts, weights.sum(axis=1)


@lru_cache(maxsize=64)
def _cumulated(mean: float) -> NDArray[np.float64]:
    """P(n ≤ 0), P(n ≤ 1), … of the Poisson distribution, as far as `MOST`."""
    chances, chance = [], exp(-mean)
    for number in range(MOST):
        chances.append(chance)
        chance *= mean / (number + 1)
    return np.cumsum(np.array(chances))
