"""The score of each candidate of a government.

    S = Σ_y p_y · v(gain_y − reference) − cost + reciprocity + regard + strategy + demand + commitment + value

gain_y is Σ price·change over the effects of the action and of response y. Every change is linear in the level x of its
indicator (effects saturate: A − K·x). v(z) = z/(1 + |z|/κ), times the loss aversion where z < 0: concave in gains,
convex and steeper in losses, bounded by κ. A candidate affects few indicators and few candidates are feasible at a
meeting, so plain numbers are faster here than arrays over all of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import tanh
from typing import TYPE_CHECKING

from wargame.decision.responses import PerResponse, ResponseBook, chances, shaded

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from wargame.decision.menu import Change, EffectTerm, Menu
    from wargame.decision.view import Observability, View
    from wargame.scenario.model import Leader, Stage

Extras = dict[str, dict[int, float]]
"""Terms of only some candidates: name -> index of the candidate -> score."""
Slopes = list[tuple[int, float]]
"""(slot, price · K) of priced changes."""
Priced = tuple[Slopes, tuple[float, Slopes], tuple[float, Slopes], tuple[float, Slopes]]
"""Slopes of the action itself, and for each response the constant sum with its slopes."""
RECIPROCITY_SCALE = 8.0
"""Sum of surprises at which reciprocity saturates (docs/explanation/model.md)."""


class Attitude:
    """The score terms of a leader at a stage of a strategy that do not depend on the state. The same in all runs.

    Lists over candidates: `pull` is the factor on reciprocity, `surprises` the slot of the surprise at the target,
    then `regard`, `leaning`, `strategy`, and `fixed`, the sum of the constant terms.
    """

    def __init__(self, observability: Observability, menu: Menu, leader: Leader, stage: Stage | None) -> None:
        targets, me = menu.targets, menu.government
        favours = stage.favours if stage else {}
        pulls = leader.reciprocity * RECIPROCITY_SCALE
        self.pull = [pulls * w / 10.0 if t else 0.0 for t, w in zip(targets, menu.weights, strict=True)]
        self.regard = [leader.regard.get(t or "", 0.0) * w / 10.0 for t, w in zip(targets, menu.weights, strict=True)]
        self.leaning = [leader.leanings.get(c.option, 0.0) for c in menu.candidates]
        self.strategy = [favours.get(str(c), favours.get(c.option, 0.0)) for c in menu.candidates]
        constants = zip(self.regard, self.leaning, self.strategy, menu.worths, menu.costs, strict=True)
        self.fixed = [
            regard + leaning + strategy + worth - cost for regard, leaning, strategy, worth, cost in constants
        ]
        anyone = min(menu.rung_slots)
        self.surprises = [observability.layout.slot("surprise", (me, t or anyone)) for t in targets]


@dataclass(slots=True)
class Appraisal:
    """Scores of candidates at one meeting, rounded to the grid, by index, and their terms."""

    scores: dict[int, float]
    interests: dict[int, float]
    reciprocity: dict[int, float]
    answers: dict[int, PerResponse]
    attitude: Attitude
    menu: Menu
    extras: Extras

    def explain(self, i: int) -> dict[str, float]:
        """The terms of candidate i that are not zero, rounded for the journal."""
        terms = {
            "interests": self.interests[i],
            "reciprocity": self.reciprocity[i],
            "regard": self.attitude.regard[i],
            "leaning": self.attitude.leaning[i],
            "strategy": self.attitude.strategy[i],
            "worth": self.menu.worths[i],
            "cost": -self.menu.costs[i],
        }
        terms |= {name: added.get(i, 0.0) for name, added in self.extras.items()}
        return {name: round(value, 4) for name, value in terms.items() if abs(value) >= 5e-5}


class Appraiser:
    """Scores candidates of one menu for one leader. `refresh` sets new prices; `appraise` scores at a meeting."""

    def __init__(self, view: View, menu: Menu, leader: Leader, grid: float, trusting: float = 0.0) -> None:
        self._view, self._menu = view, menu
        self._curvature, self._loss_aversion = leader.curvature, leader.loss_aversion
        self._grid, self._trusting = grid, trusting
        self._priors = menu.priors
        self._learned: dict[int, PerResponse] = {}
        self._answers: dict[int, PerResponse] = {}

    def refresh(self, prices: Mapping[int, float], shortfall: float) -> None:
        """Sets new prices (by slot) and the distance of the status quo from the reference point."""
        self._prices, self._shortfall = prices, shortfall
        self._uncertain = self._menu.changes_seen_by(self._view)
        self._priced: dict[int, Priced] = {}
        if self._trusting:
            self._priors = self._shaded()
            self._learned.clear()

    def _shaded(self) -> list[PerResponse]:
        """The priors shifted by trust in the target of each candidate; unchanged without a target."""
        view, menu, by = self._view, self._menu, self._trusting
        targets = sorted({target for target in menu.targets if target})
        trust = {target: view.value(view.slot("trust", (menu.government, target))) for target in targets}
        pairs = zip(menu.priors, menu.targets, strict=True)
        return [shaded(prior, trust[target], by) if target else prior for prior, target in pairs]

    def appraise(self, book: ResponseBook, attitude: Attitude, indexes: Iterable[int], extras: Extras) -> Appraisal:
        """Scores these candidates with the present view."""
        grid, fixed, pull = self._grid, attitude.fixed, attitude.pull
        self._learn(book, indexes)
        seen, _ = self._view.reader()
        interests, reciprocity, scores = {}, {}, {}
        for i in indexes:
            interests[i] = worth = self._interests(i, seen)
            reciprocity[i] = back = pull[i] * tanh(seen[attitude.surprises[i]] / RECIPROCITY_SCALE) if pull[i] else 0.0
            scores[i] = worth + back + fixed[i]
        for added in extras.values():
            for i, value in added.items():
                if i in scores:
                    scores[i] += value
        scores = {i: round(score / grid) * grid for i, score in scores.items()}
        return Appraisal(scores, interests, reciprocity, self._answers, attitude, self._menu, extras)

    def _learn(self, book: ResponseBook, indexes: Iterable[int]) -> None:
        """Updates the probabilities of responses that the government has learned about since."""
        table, columns, before = book.table, self._menu.answer_columns, self._learned
        for i in indexes:
            learned = table[columns[i]]
            if before.get(i) is not learned:
                before[i] = learned
                self._answers[i] = chances(self._priors[i], learned)

    def _interests(self, i: int, seen: Mapping[int, float]) -> float:
        """Expected prospect value of candidate i over the responses to it."""
        itself, *answers = self._priced.get(i) or self._price(i)
        pull = 0.0
        for slot, slope in itself:
            pull += slope * seen[slot]
        total, curvature = 0.0, self._curvature
        for chance, (constant, changes) in zip(self._answers[i], answers, strict=True):
            if chance:
                gain = constant - pull
                for slot, slope in changes:
                    gain -= slope * seen[slot]
                if gain >= 0.0:
                    total += chance * gain / (1.0 + gain / curvature)
                else:
                    total += chance * self._loss_aversion * gain / (1.0 - gain / curvature)
        return total

    def _price(self, i: int) -> Priced:
        """The expected changes of candidate i at the present prices."""
        comply, ignore, retaliate = self._menu.changes[i] or self._uncertain[i]
        constant, itself = self._worth(ignore)
        constant += self._shortfall
        complied, by_complying = self._worth(comply)
        retaliated, by_retaliating = self._worth(retaliate)
        priced = self._priced[i] = (
            itself,
            (constant + complied, by_complying),
            (constant, []),
            (constant + retaliated + self._menu.retaliation_losses[i], by_retaliating),
        )
        return priced

    def _worth(self, changes: Iterable[Change]) -> tuple[float, Slopes]:
        """Changes times the prices of their slots: the sum of the constants, and the slope for each slot."""
        total, slopes, prices = 0.0, [], self._prices
        for slot, constant, slope in changes:
            if slot in prices:
                total += prices[slot] * constant
                slopes.append((slot, prices[slot] * slope))
        return total, slopes


def worth_of(effects: Iterable[EffectTerm], prices: Mapping[int, float], view: View) -> float:
    """The present value of some effects at these prices, in units of score."""
    total = 0.0
    for effect in effects:
        if effect.slot in prices:
            a, k = effect.line(view.ask)
            total += prices[effect.slot] * (a - k * view.value(effect.slot))
    return total
