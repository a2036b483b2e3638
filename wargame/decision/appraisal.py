"""The score of each candidate, over arrays.

    S = Σ_y p_y · v(gain_y − reference) − cost + reciprocity + regard + strategy + ask + commitment + value

gain_y is Σ price·change over the effects of the deed and of answer y, with every change linear in the
level x of its indicator (effects saturate: A − K·x), so that a whole menu is one multiply-add and a sum
down the rows. v(z) = z/(1 + |z|/κ), times the loss aversion where z < 0: concave in gains, convex and
steeper in losses, bounded by κ. Sums run down rows one by one: their bits do not depend on the machine.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from wargame.decision.answers import AnswerBook, chances, shaded

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from wargame.decision.menu import Menu, Push
    from wargame.decision.view import Sight, View
    from wargame.scenario.model import Leader, Stage

Floats = NDArray[np.float64]
Extras = dict[str, dict[int, float]]
"""Terms that few candidates have: name -> index of the candidate -> score."""
RECIPROCITY_SCALE = 8.0
"""Surprises beyond about this sum pull no harder. MODEL, section 3."""


class Attitude:
    """What a leader, at a stage of a strategy, brings to a menu whatever happens. The same in all runs.

    Arrays (C,): `pull` times the reciprocity of the target, `regard`, `leaning`, `strategy`, and `fixed`, the sum of
    all that is certain. `where` are the places in `World.values` of the touched slots, then of each one's surprise.
    """

    def __init__(self, sight: Sight, menu: Menu, leader: Leader, stage: Stage | None) -> None:
        targets, me = menu.targets, menu.government
        favours = stage.favours if stage else {}
        targeted = np.array([t is not None for t in targets])
        self.pull = np.where(targeted, leader.reciprocity * RECIPROCITY_SCALE * menu.weights / 10.0, 0.0)
        self.regard = np.array([leader.regard.get(t or "", 0.0) for t in targets]) * menu.weights / 10.0
        self.leaning = np.array([leader.leanings.get(c.option, 0.0) for c in menu.candidates])
        self.strategy = np.array([favours.get(str(c), favours.get(c.option, 0.0)) for c in menu.candidates])
        self.fixed = self.regard + self.leaning + self.strategy + menu.worths - menu.costs
        anyone = min(menu.rung_slots)
        surprises = [sight.layout.slot("surprise", (me, t or anyone)) for t in targets]
        self.where = sight.gather[np.array([*menu.touched, *surprises])]


@dataclass(slots=True)
class Appraisal:
    """The scores of a menu at one meeting: `scores` (C,), on the grid, and the terms they are the sum of."""

    scores: list[float]
    interests: Floats
    reciprocity: Floats
    answers: Floats
    attitude: Attitude
    menu: Menu
    extras: Extras

    def explain(self, i: int) -> dict[str, float]:
        """The terms of candidate i that are not zero, rounded for the journal."""
        told = {
            "interests": self.interests[i],
            "reciprocity": self.reciprocity[i],
            "regard": self.attitude.regard[i],
            "leaning": self.attitude.leaning[i],
            "strategy": self.attitude.strategy[i],
            "worth": self.menu.worths[i],
            "cost": -self.menu.costs[i],
        }
        told |= {name: added.get(i, 0.0) for name, added in self.extras.items()}
        return {name: round(float(value), 4) for name, value in told.items() if abs(value) >= 5e-5}


class Appraiser:
    """Scores one menu for one leader. `refresh` takes new prices; `appraise` is the work of a meeting."""

    def __init__(self, view: View, menu: Menu, leader: Leader, grid: float, trusting: float = 0.0) -> None:
        self._view, self._menu, self._leader = view, menu, leader
        self._grid, self._trusting = grid, trusting
        self._learned = -1
        self._priors = self._chances = menu.priors

    def refresh(self, prices: Mapping[int, float], shortfall: float) -> None:
        """Takes new prices (per slot) and the distance of the status quo from the reference."""
        menu = self._menu
        worth = np.array([prices.get(slot, 0.0) for slot in menu.touched])[:, None, None]
        constant, slope = menu.changes(self._view)
        self._constant, self._slope = worth * constant, worth * slope
        self._shift = menu.blows + shortfall
        if self._trusting:
            self._priors = shaded(menu.priors, self._trust(), self._trusting)
            self._learned = -1

    def _trust(self) -> Floats:
        """Its trust in the target of each candidate (C,), 0 without a target."""
        view, me = self._view, self._menu.government
        found: dict[str | None, float] = {None: 0.0}
        for target in sorted({t for t in self._menu.targets if t}):
            found[target] = view.value(view.slot("trust", (me, target)))
        return np.array([found[t] for t in self._menu.targets])

    def appraise(self, book: AnswerBook, attitude: Attitude, extras: Extras) -> Appraisal:
        """Scores every candidate as seen now."""
        menu = self._menu
        seen = self._view.values(attitude.where)
        touched = len(menu.touched)
        if book.version != self._learned:
            self._chances = chances(self._priors, book.table[:, menu.answer_columns])
            self._learned = book.version
        interests = self._interests(seen[:touched, None, None])
        reciprocity = attitude.pull * np.tanh(seen[touched:] / RECIPROCITY_SCALE)
        scores = interests + reciprocity
        scores += attitude.fixed
        for added in extras.values():
            for i, value in added.items():
                scores[i] += value
        scores /= self._grid
        np.rint(scores, out=scores)
        scores *= self._grid
        return Appraisal(scores.tolist(), interests, reciprocity, self._chances, attitude, menu, extras)

    def _interests(self, x: Floats) -> Floats:
        """Expected prospect value of each candidate (C,), with the touched slots at `x`, shape (touched, 1, 1).

        A loss weighs more than a gain: the prospect value is the lesser of the two weights.
        """
        change = self._slope * x
        np.subtract(self._constant, change, out=change)
        gains = np.add.reduce(change, axis=0)
        gains += self._shift
        damping = np.abs(gains)
        damping /= self._leader.curvature
        damping += 1.0
        gains /= damping
        worth = np.minimum(gains, gains * self._leader.loss_aversion)
        worth *= self._chances
        interests: Floats = np.add.reduce(worth, axis=0)
        return interests


def worth_of(pushes: Iterable[Push], prices: Mapping[int, float], view: View) -> float:
    """What some effects, by whomever, are worth at these prices now."""
    total = 0.0
    for push in pushes:
        if push.slot in prices:
            a, k = push.line(view)
            total += prices[push.slot] * (a - k * view.value(push.slot))
    return total
