"""The score of each candidate of a government, and when it acts.

    S = Σ_y p_y · v(gain_y − reference) − cost + reciprocity + regard + strategy + demand + commitment + value

gain_y is Σ price·change over the effects of the action and of response y. Every change is linear in the level x of its
indicator (effects saturate: A − K·x). v(z) = z/(1 + |z|/κ), times the loss aversion where z < 0: concave in gains,
convex and steeper in losses, bounded by κ. A candidate affects few indicators and few candidates are feasible at a
meeting, so plain numbers are faster here than arrays over all of them.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from math import inf, log

from wargame.decision.menu import EffectTerm, Menu
from wargame.decision.view import Observability, View
from wargame.numbers.arrays import doubles, longs
from wargame.numbers.meetings import RECIPROCITY_SCALE, FixedTerms, Scorer, SpecialTerms
from wargame.numbers.prospects import Learned, Prospects, Temper
from wargame.numbers.timing import AccumulatedHazard
from wargame.numbers.totals import total
from wargame.scenario.model import Leader, Rules, Stage
from wargame.statistics.draws import Draws, name_key

Extras = dict[str, dict[int, float]]
"""Terms of only some candidates: name -> index of the candidate -> score."""


class Attitude:
    """The score terms of a leader at a stage of a strategy that do not depend on the state. The same in all runs.

    `constant` has lists over candidates by the name of the term. `terms` has the numbers for the engine: the factor on
    reciprocity, the slot of the surprise at the target, and the sum of the constant terms.
    """

    def __init__(self, observability: Observability, menu: Menu, leader: Leader, stage: Stage | None) -> None:
        targets, me = menu.targets, menu.government
        favours = stage.favours if stage else {}
        pulls = leader.reciprocity * RECIPROCITY_SCALE
        pull = [pulls * w / 10.0 if t else 0.0 for t, w in zip(targets, menu.weights, strict=True)]
        self.constant = {
            "regard": [leader.regard.get(t or "", 0.0) * w / 10.0 for t, w in zip(targets, menu.weights, strict=True)],
            "leaning": [leader.leanings.get(c.option, 0.0) for c in menu.candidates],
            "strategy": [favours.get(str(c), favours.get(c.option, 0.0)) for c in menu.candidates],
            "worth": menu.worths,
            "cost": [-cost for cost in menu.costs],
        }
        fixed = list(map(total, zip(*self.constant.values(), strict=True)))
        anyone = min(menu.rung_slots)
        surprises = [observability.layout.slot("surprise", (me, t or anyone)) for t in targets]
        self.terms = FixedTerms(doubles(pull), longs(surprises), doubles(fixed))


class Appraiser(Scorer):
    """Scores candidates of one menu for one leader; `scores`, as of the last appraisal, are rounded to the grid.

    `special` returns the terms that only some candidates have, and `gains` takes the scores of what agreements would
    give up.
    """

    scores: array[float]

    def __init__(
        self,
        menu: Menu,
        leader: Leader,
        rules: Rules,
        learned: Learned,
        gains: dict[str, float],
        special: SpecialTerms,
    ) -> None:
        self.menu, self.candidates = menu, menu.candidates
        temper = Temper(
            curvature=leader.curvature,
            aversion=leader.loss_aversion,
            grid=rules.grid,
            trusting=rules.trust_responses,
            rationality=leader.rationality,
            threshold=leader.threshold,
            tempo=leader.tempo,
            urgency=rules.urgency,
            # A random policy does not compare anything with waiting.
            reluctance=inf if rules.reluctance is None or not leader.rationality else rules.reluctance,
        )
        super().__init__(Prospects(menu.table, temper, learned), special, menu.given_up, gains)

    def adopt(self, attitude: Attitude) -> None:
        """Take the leader's attitude at the present stage."""
        self.attitude, self.terms = attitude, attitude.terms


def worth_of(effects: Iterable[EffectTerm], prices: array[float], view: View) -> float:
    """Return the present value of some effects at these prices, in units of score."""
    total = 0.0
    levels, _ = view.reader()
    for effect in effects:
        if prices[effect.slot]:
            a, k = effect.line(levels)
            total += prices[effect.slot] * (a - k * levels[effect.slot])
    return total


class ActionHazard(AccumulatedHazard):
    """The accumulated hazard of acting on one dossier; `ordinal` counts the draws at which the government acts.

    At a meeting Δt after the last one the hazard Λ grows by p·Δt/τ, with p = σ(λ·(S* − S_wait − threshold));
    the government acts when Λ reaches an exponential draw, one for each ordinal. The frequency of meetings does not
    change the frequency of actions. News between meetings closes the interval at the rate of the last meeting, so that
    a shock counts from its arrival. An acting government takes the largest λ·S + Gumbel noise (McFadden 1974).
    `choice` and `lead` are the name keys of the draws of that noise, and of the lead time of what is chosen.
    """

    __slots__ = ("_act", "_draws", "choice", "lead", "ordinal")

    def __init__(self, draws: Draws, who: str, now: int) -> None:
        super().__init__(now)
        self._draws = draws
        self.call(who)
        self.begin(self._drawn())

    def call(self, who: str) -> None:
        """Key its draws by this name, and count them from 0."""
        self._act, self.choice, self.lead = (name_key(purpose, who) for purpose in ("act", "choice", "lead"))
        self.ordinal = 0

    def _drawn(self) -> float:
        return -log(self._draws.keyed(self._act, self.ordinal))

    def acted(self) -> None:
        """Begin the next wait, with a new draw."""
        self.ordinal += 1
        self.begin(self._drawn())

    def redraw(self) -> None:
        """Draw again for a fork."""
        self.again(self._drawn())
