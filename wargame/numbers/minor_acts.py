"""Minor acts: how many of them a government has towards another one in a week, their weights, and what they change."""

from __future__ import annotations

import math
from typing import Any

from wargame.numbers import typed as cython
from wargame.numbers.arithmetic import within
from wargame.numbers.c_math import cos, log, sqrt
from wargame.numbers.curves import Curves
from wargame.numbers.draws import open_unit
from wargame.numbers.signals import Signal

MOST_ACTS = 24
"""Most acts of a pair in a week. Judgement."""
LOWEST_ACT, HIGHEST_ACT = -4.0, 3.4
"""Goldstein weights of a minor act: from a sharp statement to a routine meeting."""

_BITS = cython.declare(cython.ulonglong, 0xFFFFFFFFFFFFFFFF)
_MOST_ACTS = cython.declare(cython.longlong, MOST_ACTS)
_LOWEST_ACT = cython.declare(cython.double, LOWEST_ACT)
_HIGHEST_ACT = cython.declare(cython.double, HIGHEST_ACT)
_TWO_PI = cython.declare(cython.double, 2.0 * math.pi)


@cython.final
@cython.cclass
@cython.dataclasses.dataclass(eq=False, frozen=True, repr=False)
class MinorActs:
    """The minor acts of all pairs of governments, in the order of `names`, the 64-bit name keys of the pairs.

    `stances` are the slots of the stance of the actor, `answers` those of the stance of the receiver towards the actor,
    `regards` those of expectation, surprise and trust, three for each pair. `chances` are P(n ≤ 0), P(n ≤ 1), …, at
    most `MOST_ACTS` of them. `lean` is the mean weight of an act at the stance 1, `spread` the spread of weights,
    `discount` the part of a weight that the receiver perceives, `step` the step of the stance for a surprise of 10, and
    `own` its share of the way for an action. `rates` are those of the flow, of trust and of attribution. `stance_of`
    has the slots of the stances by the names of actor and receiver.
    """

    names: list[Any]
    stances: cython.longs
    answers: cython.longs
    regards: list[Any]
    chances: cython.doubles
    lean: cython.double
    spread: cython.double
    discount: cython.double
    step: cython.double
    own: cython.double
    rates: tuple[cython.double, cython.double, cython.double]
    curves: Curves
    stance_of: dict[Any, Any]

    def acted(self, action: Any) -> None:
        """An action moves the stance of its actor towards its weight."""
        if action.target is not None and action.target != action.actor:
            slot: cython.longlong = self.stance_of[action.actor, action.target]
            weight: cython.double = action.weight
            stance = self.curves.level(slot)
            self.curves.put(slot, stance + self.own * (within(weight / 10.0, -1.0, 1.0) - stance))

    def perceived(self, signal: Signal) -> None:
        """A surprise at another government moves the stance towards it."""
        action: Any = signal.action
        slot: cython.longlong = self.stance_of[signal.receiver, action.actor]
        self.curves.put(slot, self.curves.level(slot) + self.step * signal.surprise / 10.0)

    def week(
        self, number: cython.ulonglong, first: cython.ulonglong, second: cython.ulonglong, silent: set[Any]
    ) -> list[tuple[int, int, float]]:
        """Return the acts of a week: (pair, number of acts, sum of their weights) of each pair with any.

        The three numbers are the keys of the draws: of the number of acts, and two of their weights. Pairs in `silent`
        have none. All weights follow the stances before the week; then each receiver perceives the mean of its acts.
        """
        count: cython.longlong = len(self.names)
        curves = self.curves
        before = [curves.level(self.stances[pair]) for pair in range(count)]
        acts = []
        for pair in range(count):
            name: cython.ulonglong = self.names[pair]
            times = self.times(open_unit(name ^ number))
            if times == 0 or (silent and pair in silent):
                continue
            total = 0.0
            for k in range(times):
                each = (name + k) & _BITS
                normal = sqrt(-2.0 * log(open_unit(each ^ first))) * cos(_TWO_PI * open_unit(each ^ second))
                mean: cython.double = before[pair]
                weight = self.lean * mean + self.spread * normal
                total += _LOWEST_ACT if weight < _LOWEST_ACT else _HIGHEST_ACT if weight > _HIGHEST_ACT else weight
            acts.append((pair, times, total))
            surprise: cython.double = curves.perceive(
                self.regards[pair], self.discount * total / times, 1.0, self.rates
            )[0]
            answer = self.answers[pair]
            moved = curves.level(answer) + self.step * surprise / 10.0
            curves.put(answer, min(max(moved, -1.0), 1.0))
        return acts

    @cython.cfunc
    def times(self, u: cython.double) -> cython.longlong:
        """Return the number of acts at a point of the distribution."""
        n: cython.longlong = 0
        while n < len(self.chances) and self.chances[n] < u:
            n += 1
        return n
