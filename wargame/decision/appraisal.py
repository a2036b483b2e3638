"""The score of each candidate, over arrays.

    S = Σ_y p_y · v(gain_y − reference) − cost + reciprocity + regard + strategy + ask + commitment + value

gain_y is Σ price·change over the effects of the deed and of answer y, with every change linear in the
level x of its indicator (effects saturate: A − K·x), so that a whole menu is one multiply-add and a sum
down the rows. v(z) = z/(1 + |z|/κ), times the loss aversion where z < 0: concave in gains, convex and
steeper in losses, bounded by κ. Sums run down rows one by one: their bits do not depend on the machine.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from wargame.decision.answers import AnswerBook, chances

if TYPE_CHECKING:
    from wargame.decision.menu import Menu, Push
    from wargame.decision.view import View
    from wargame.scenario.model import Leader, Rules, Stage
    from wargame.world.state import World

Floats = NDArray[np.float64]
RECIPROCITY_SCALE = 8.0
"""Surprises beyond about this sum pull no harder. MODEL, section 3."""


@dataclass(slots=True)
class Appraisal:
    """The scores of a menu at one meeting: `scores` (C,), on the grid, and the terms they are the sum of."""

    scores: Floats
    terms: dict[str, Floats]
    answers: Floats
    extra: dict[str, dict[int, float]] = field(default_factory=dict)

    def explain(self, i: int) -> dict[str, float]:
        """The terms of candidate i that are not zero, rounded for the journal."""
        told = {name: float(values[i]) for name, values in self.terms.items()}
        for name, added in self.extra.items():
            told[name] = added.get(i, 0.0)
        return {name: round(value, 4) for name, value in told.items() if abs(value) >= 5e-5}


class Appraiser:
    """Scores one menu for one leader. `refresh` takes new prices; `appraise` is the work of a meeting."""

    def __init__(self, world: World, view: View, menu: Menu, leader: Leader, rules: Rules) -> None:
        self._world, self._view, self._menu, self._rules = world, view, menu, rules
        self._leader = leader
        self._kappa = leader.curvature
        self._answers_version = -1
        self._p = menu.priors
        self._targeted = np.array([t is not None for t in menu.targets])
        self._pull, self._pull_slots = self._reciprocity_pull()
        self._regard = np.array([leader.regard.get(t or "", 0.0) for t in menu.targets]) * menu.weights / 10.0
        self._leaning = np.array([leader.leanings.get(c.option, 0.0) for c in menu.candidates])
        self._strategy = np.zeros(len(menu.candidates))
        self.take_stage(None)

    def _reciprocity_pull(self) -> tuple[Floats, NDArray[np.int64]]:
        me, menu = self._menu.government, self._menu
        pull = np.where(self._targeted, self._leader.reciprocity * RECIPROCITY_SCALE * menu.weights / 10.0, 0.0)
        anyone = self._world.slot("surprise", (me, next(g for g in self._world.governments if g != me)))
        slots = [self._world.slot("surprise", (me, t)) if t else anyone for t in menu.targets]
        return pull, np.array(slots)

    def take_stage(self, stage: Stage | None) -> None:
        """Takes over what the stage of the strategy favours."""
        favours = stage.favours if stage else {}
        self._strategy = np.array(
            [favours.get(str(c), favours.get(c.option, 0.0)) for c in self._menu.candidates], dtype=np.float64
        )
        self._fixed = self._regard + self._leaning + self._strategy + self._menu.worths - self._menu.costs

    def refresh(self, prices: Mapping[int, float], shortfall: float) -> None:
        """Takes new prices (per slot) and the distance of the status quo from the reference."""
        menu, n = self._menu, len(self._menu.candidates)
        worth = np.array([prices.get(slot, 0.0) for slot in menu.touched])[:, None, None]
        chance = menu.chance_array(self._view)
        lines = menu.lines(self._view)
        self._constant = worth * (lines[0] * chance + lines[1] * (1.0 - chance) + lines[2])
        self._slope = worth * (lines[3] * chance + lines[4] * (1.0 - chance) + lines[5])
        self._shift = np.full((3, n), shortfall)
        self._shift[2] -= menu.losses

    def appraise(self, book: AnswerBook, extra: dict[str, dict[int, float]]) -> Appraisal:
        """Scores every candidate as seen now. `extra` holds the terms that few candidates have (asks, commitments)."""
        seen = self._view.values()
        x = seen[self._menu.touched_slots][:, None, None]
        gains = np.add.reduce(self._constant - self._slope * x, axis=0) + self._shift
        worth = gains / (1.0 + np.abs(gains) / self._kappa)
        worth = np.where(gains < 0.0, worth * self._leader.loss_aversion, worth)
        p = self._chances(book)
        interests = p[0] * worth[0] + p[1] * worth[1] + p[2] * worth[2]
        reciprocity = self._pull * np.tanh(seen[self._pull_slots] / RECIPROCITY_SCALE)
        scores = interests + reciprocity + self._fixed
        for added in extra.values():
            for i, value in added.items():
                scores[i] += value
        grid = self._rules.grid
        scores = np.rint(scores / grid) * grid
        terms = {
            "interests": interests,
            "reciprocity": reciprocity,
            "regard": self._regard,
            "leaning": self._leaning,
            "strategy": self._strategy,
            "worth": self._menu.worths,
            "cost": -self._menu.costs,
        }
        return Appraisal(scores, terms, p, extra)

    def _chances(self, book: AnswerBook) -> Floats:
        """Chances of the answers (3, C), taken anew when something was learned."""
        if book.version != self._answers_version:
            learned = book.learned(self._menu.others)[:, self._menu.answer_column]
            self._p = chances(self._menu.priors, learned)
            self._answers_version = book.version
        return self._p

    def worth(self, option_effects: list[Push], prices: Mapping[int, float]) -> float:
        """What some effects, by whomever, are worth to this leader now."""
        total = 0.0
        for push in option_effects:
            if push.slot in prices:
                a, k = push.line(self._view)
                total += prices[push.slot] * (a - k * self._view.value(push.slot))
        return total
