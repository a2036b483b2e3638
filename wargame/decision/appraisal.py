"""The score of each candidate that a government could take.

    S = Σ_y p_y · v(gain_y − reference) − cost + reciprocity + regard + strategy + ask + commitment + value

gain_y is Σ price·change over the effects of the action and of answer y, with every change linear in the
level x of its indicator (effects saturate: A − K·x). v(z) = z/(1 + |z|/κ), times the loss aversion where
z < 0: concave in gains, convex and steeper in losses, bounded by κ. A candidate touches few indicators and
few candidates are open at a meeting: plain numbers are faster here than arrays over all of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import tanh
from typing import TYPE_CHECKING

from wargame.decision.responses import PerResponse, ResponseBook, chances, shaded

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from wargame.decision.menu import Change, Menu, Push
    from wargame.decision.view import Observability, View
    from wargame.scenario.model import Leader, Stage

Extras = dict[str, dict[int, float]]
"""Terms that few candidates have: name -> index of the candidate -> score."""
Slopes = list[tuple[int, float]]
"""(slot, price · K) of priced changes."""
Priced = tuple[Slopes, tuple[float, Slopes], tuple[float, Slopes], tuple[float, Slopes]]
"""Of the action itself, and of each answer, before which stands the sum of all that does not depend on levels."""
RECIPROCITY_SCALE = 8.0
"""Surprises beyond about this sum pull no harder. MODEL, section 3."""


class Attitude:
    """What a leader, at a stage of a strategy, brings to a menu whatever happens. The same in all runs.

    Lists over candidates: `pull` times the reciprocity of the target, `surprises` the slot of its surprise, `regard`,
    `leaning`, `strategy`, and `fixed`, the sum of all that is certain.
    """

    def __init__(self, sight: Observability, menu: Menu, leader: Leader, stage: Stage | None) -> None:
        targets, me = menu.targets, menu.government
        favours = stage.favours if stage else {}
        pulls = leader.reciprocity * RECIPROCITY_SCALE
        self.pull = [pulls * w / 10.0 if t else 0.0 for t, w in zip(targets, menu.weights, strict=True)]
        self.regard = [leader.regard.get(t or "", 0.0) * w / 10.0 for t, w in zip(targets, menu.weights, strict=True)]
        self.leaning = [leader.leanings.get(c.option, 0.0) for c in menu.candidates]
        self.strategy = [favours.get(str(c), favours.get(c.option, 0.0)) for c in menu.candidates]
        certain = zip(self.regard, self.leaning, self.strategy, menu.worths, menu.costs, strict=True)
        self.fixed = [regard + leaning + strategy + worth - cost for regard, leaning, strategy, worth, cost in certain]
        anyone = min(menu.rung_slots)
        self.surprises = [sight.layout.slot("surprise", (me, t or anyone)) for t in targets]


@dataclass(slots=True)
class Appraisal:
    """The scores of candidates at one meeting, on the grid, by index, and the terms they are the sum of."""

    scores: dict[int, float]
    interests: dict[int, float]
    reciprocity: dict[int, float]
    answers: dict[int, PerResponse]
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
        return {name: round(value, 4) for name, value in told.items() if abs(value) >= 5e-5}


class Appraiser:
    """Scores candidates of one menu for one leader. `refresh` takes new prices; `appraise` is the work of a meeting."""

    def __init__(self, view: View, menu: Menu, leader: Leader, grid: float, trusting: float = 0.0) -> None:
        self._view, self._menu = view, menu
        self._curvature, self._loss_aversion = leader.curvature, leader.loss_aversion
        self._grid, self._trusting = grid, trusting
        self._priors = menu.priors
        self._learned: dict[int, PerResponse] = {}
        self._answers: dict[int, PerResponse] = {}

    def refresh(self, prices: Mapping[int, float], shortfall: float) -> None:
        """Takes new prices (per slot) and the distance of the status quo from the reference."""
        self._prices, self._shortfall = prices, shortfall
        self._uncertain = self._menu.as_seen(self._view)
        self._priced: dict[int, Priced] = {}
        if self._trusting:
            self._priors = self._shaded()
            self._learned.clear()

    def _shaded(self) -> list[PerResponse]:
        """The priors as its trust in the target of each candidate has them; without a target they stand."""
        view, menu, by = self._view, self._menu, self._trusting
        targets = sorted({target for target in menu.targets if target})
        trust = {target: view.value(view.slot("trust", (menu.government, target))) for target in targets}
        pairs = zip(menu.priors, menu.targets, strict=True)
        return [shaded(prior, trust[target], by) if target else prior for prior, target in pairs]

    def appraise(self, book: ResponseBook, attitude: Attitude, wanted: Iterable[int], extras: Extras) -> Appraisal:
        """Scores the candidates `wanted` as seen now."""
        grid, fixed, pull = self._grid, attitude.fixed, attitude.pull
        self._learn(book, wanted)
        seen, _ = self._view.reader()
        interests, reciprocity, scores = {}, {}, {}
        for i in wanted:
            interests[i] = worth = self._interests(i, seen)
            reciprocity[i] = back = pull[i] * tanh(seen[attitude.surprises[i]] / RECIPROCITY_SCALE) if pull[i] else 0.0
            scores[i] = worth + back + fixed[i]
        for added in extras.values():
            for i, value in added.items():
                if i in scores:
                    scores[i] += value
        scores = {i: round(score / grid) * grid for i, score in scores.items()}
        return Appraisal(scores, interests, reciprocity, self._answers, attitude, self._menu, extras)

    def _learn(self, book: ResponseBook, wanted: Iterable[int]) -> None:
        """Works out the chances of answers again where something was learned about them."""
        table, columns, before = book.table, self._menu.answer_columns, self._learned
        for i in wanted:
            learned = table[columns[i]]
            if before.get(i) is not learned:
                before[i] = learned
                self._answers[i] = chances(self._priors[i], learned)

    def _interests(self, i: int, seen: Mapping[int, float]) -> float:
        """Expected prospect value of candidate i, over the answers to it. A loss weighs more than a gain."""
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
        """The outlook of candidate i at these prices."""
        comply, ignore, retaliate = self._menu.outlooks[i] or self._uncertain[i]
        constant, itself = self._worth(ignore)
        constant += self._shortfall
        complied, by_complying = self._worth(comply)
        retaliated, by_retaliating = self._worth(retaliate)
        priced = self._priced[i] = (
            itself,
            (constant + complied, by_complying),
            (constant, []),
            (constant + retaliated + self._menu.blows[i], by_retaliating),
        )
        return priced

    def _worth(self, changes: Iterable[Change]) -> tuple[float, Slopes]:
        """Changes times the prices of their slots: the sum of the constants, and what goes with each slot's level."""
        total, slopes, prices = 0.0, [], self._prices
        for slot, constant, slope in changes:
            if slot in prices:
                total += prices[slot] * constant
                slopes.append((slot, prices[slot] * slope))
        return total, slopes


def worth_of(pushes: Iterable[Push], prices: Mapping[int, float], view: View) -> float:
    """What some effects, by whomever, are worth at these prices now."""
    total = 0.0
    for push in pushes:
        if push.slot in prices:
            a, k = push.line(view.ask)
            total += prices[push.slot] * (a - k * view.value(push.slot))
    return total
