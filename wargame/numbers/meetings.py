"""Meetings: how a leader scores the candidates of a menu, and which one is chosen."""

from __future__ import annotations

from array import array
from math import inf
from typing import Any

from wargame.numbers import typed as cython
from wargame.numbers.arithmetic import rounded, sigmoid
from wargame.numbers.arrays import zeros
from wargame.numbers.c_math import exp, fabs, rint, tanh
from wargame.numbers.draws import gumbel
from wargame.numbers.levels import FormulaCode, Levels
from wargame.numbers.menus import Availability, Candidates
from wargame.numbers.prospects import Prospects, Temper
from wargame.numbers.timing import AccumulatedHazard, Attention, Matter, faded

RECIPROCITY_SCALE = 8.0
"""Sum of surprises at which reciprocity saturates (docs/explanation/model.md)."""

TERMS = (
    *("interests", "reciprocity", "regard", "leaning", "strategy", "worth", "cost", "value"),
    *("forum", "commitment", "stance", "talks", "demand", "kept_word"),
)
"""The terms of a score. All of the second line but the stance are `extras`: only some candidates have them."""

_RECIPROCITY_SCALE = cython.declare(cython.double, RECIPROCITY_SCALE)
_TERMS = dict.fromkeys(TERMS, 0.0)
_LEAST = cython.declare(cython.double, 5e-5)


@cython.final
@cython.cclass
@cython.dataclasses.dataclass(eq=False, frozen=True, repr=False)
class FixedTerms:
    """The score terms of a leader at a stage of a strategy that do not depend on the state, by candidate.

    `pull` is the factor on reciprocity, `surprises` the slot of the surprise at the target, `constant` the sum of the
    constant terms.
    """

    pull: cython.doubles
    surprises: cython.longs
    constant: cython.doubles


@cython.ccall
def choose(
    scores: cython.doubles, feasible: list[Any], rationality: cython.double, names: list[Any], key: cython.ulonglong
) -> int:
    """The candidate with the largest λ·score + Gumbel noise; of several the first. `key` is that of the draws."""
    best, largest = 0, 0.0
    i: cython.longlong
    for i in feasible:
        value = rationality * scores[i] + gumbel(key, names[i])
        if best == 0 or value > largest:
            best, largest = i, value
    return best


@cython.ccall
def chances(scores: cython.doubles, feasible: list[Any], rationality: cython.double) -> dict[int, float]:
    """Return the probability that each feasible candidate is chosen."""
    top, whole = scores[feasible[0]], 0.0
    i: cython.longlong
    for i in feasible:
        top = max(top, scores[i])
    weights = {i: exp(rationality * (scores[i] - top)) for i in feasible}
    for weight in weights.values():
        whole += weight
    return {i: weight / whole for i, weight in weights.items()}


@cython.final
@cython.cclass
@cython.dataclasses.dataclass(eq=False, frozen=True, repr=False)
class SpecialTerms:
    """Terms that only some candidates have, for one menu.

    `of` returns them for a list of candidates: name -> candidate -> score. It is called with those that are `special`
    in the table, if there are any, or if there are `demands`, which may concern all. Some are special while talks are
    in session (`sessions`), or while the government, by this `name`, has a guest or is on a visit, which is until its
    time in `together`.
    """

    of: Any
    demands: list[Any]
    sessions: set[Any]
    together: dict[Any, Any]
    name: str

    @cython.cfunc
    def terms(self, found: list[Any], table: Candidates, now: cython.longlong) -> dict[Any, Any]:
        """Return the terms now, if these candidates are special."""
        if found and not (self.sessions or now < self.together.get(self.name, 0)):
            found = [i for i in found if table.special[i] > 1]
        terms: dict[Any, Any] = self.of(found) if found or self.demands else {}
        return terms


@cython.cclass
class Scorer:
    """Scores the candidates of one menu for one leader, at meetings and for reviews. Results stay until the next time.

    By candidate: `scores`, which are `sums` in the engine; its expected `interests`, `reciprocity`, `values` and
    `stances`. `extras` has the terms of only some. `candidates` are options with their targets. `best` is the feasible
    one with the highest score, 0 for none. `wanted` are the feasible ones that the leader prefers to waiting, less the
    reluctance, if the leader acts, and `p` is the probability of the best of them against waiting, 0 without one.
    `attitude` has the terms of the present stage of the strategy, None until they are known; `is_fresh` says whether it
    has the present prices.

    `given_up` lists the candidates that an agreement would give up with their options; `above_waiting` takes the score
    of such an option above waiting. Waiting and the candidates to score are `listed`.
    """

    candidates = cython.declare(object, visibility="public")  # type: Any
    scores = cython.declare(object, visibility="public")  # type: Any
    wanted = cython.declare(list[Any], visibility="public")
    extras = cython.declare(dict[Any, Any], visibility="public")
    best = cython.declare(cython.longlong, visibility="public")
    p = cython.declare(cython.double, visibility="public")
    attitude = cython.declare(object, visibility="public")  # type: Any
    terms = cython.declare(FixedTerms, visibility="public")
    is_fresh = cython.declare(cython.bint, visibility="public")
    prospects = cython.declare(Prospects, visibility="public")
    table: Candidates
    temper: Temper
    special: SpecialTerms
    given_up: list[Any]
    ruled: list[Any]
    above_waiting: dict[Any, float]
    sums: cython.doubles
    interests: cython.doubles
    reciprocity: cython.doubles
    values: cython.doubles
    stances: cython.doubles
    listed: cython.longs

    def __init__(
        self,
        prospects: Prospects,
        special: SpecialTerms,
        given_up: list[tuple[int, str]],
        above_waiting: dict[str, float],
    ) -> None:
        self.prospects, self.table, self.temper = prospects, prospects.table, prospects.temper
        self.special, self.given_up, self.above_waiting = special, given_up, above_waiting
        self.ruled = [i for i, _ in given_up]
        count = self.table.count
        self.scores = self.sums = array("d", bytes(8 * count))
        terms: cython.doubles = zeros("d", 4 * count)  # one array is made faster than four
        self.interests, self.reciprocity, terms = terms[:count], terms[count : 2 * count], terms[2 * count :]
        self.values, self.stances = terms[:count], terms[count:]
        self.listed = zeros("q", count + 1 + len(given_up))
        self.attitude, self.is_fresh = None, False
        self.wanted, self.extras, self.best, self.p = [], {}, 0, 0.0

    @cython.cfunc
    def meet(
        self, available: Availability, levels: Levels, desk: Attention, matter: Matter, hazard: AccumulatedHazard
    ) -> cython.bint:
        """Return whether the leader acts at a meeting now; `choose` decides on which of the `wanted` candidates."""
        deadline: cython.double = inf if matter.deadline is None else cython.cast(cython.double, matter.deadline)
        count = available.find(levels, deadline, self.listed, 1)
        self.weigh(levels, count, available.available(self.ruled, levels, deadline) if self.ruled else [])
        self.p, self.wanted = 0.0, []
        temper, waiting = self.temper, self.sums[0]
        floor = waiting - temper.reluctance
        chosen: cython.bint = self.best != 0 and self.sums[self.best] > floor
        if chosen:
            self.p = sigmoid(temper.rationality * (self.sums[self.best] - waiting - temper.threshold))
        salience = faded(matter, desk.half_life, levels.now)
        ready = hazard.meet(self.p, temper.tempo / (1.0 + temper.urgency * salience), levels.now)
        if ready and chosen:
            for k in range(1, count):
                if self.sums[self.listed[k]] > floor:
                    self.wanted.append(self.listed[k])
        i: cython.longlong
        for i, option in self.given_up:
            self.above_waiting[option] = self.sums[i] - waiting
        return ready and chosen

    @cython.ccall
    def meeting(self, matter: Matter, hazard: AccumulatedHazard) -> dict[str, Any]:
        """Return what the record of the meeting says, as far as it is the same for a leader that acts or waits."""
        return {
            "dossier": matter.dossier,
            "meeting": matter.reason,
            "took": matter.work,
            "choice": "wait",
            "target": None,
            "p": rounded(self.p),
            "hazard": rounded(hazard.hazard),
            "draw": rounded(hazard.draw),
            "threshold": self.temper.threshold,
            "wait": rounded(self.sums[0]),
        }

    def weighed(self, shown: list[Any], key: cython.ulonglong, names: list[Any]) -> list[tuple[Any, ...]]:
        """Return what the record of a decision says of some of the wanted candidates.

        That is the score, the terms, the probabilities of the responses, the noise in units of score, and the
        probability that it is chosen. The largest sum of score and noise is.
        """
        chance, scale = chances(self.sums, self.wanted, self.temper.rationality), self.temper.rationality or 1.0
        found = []
        i: cython.longlong
        for i in shown:
            responses = tuple([rounded(self.prospects.chances[k], 3) for k in range(3 * i, 3 * i + 3)])
            noise = rounded(gumbel(key, names[i]) / scale)
            found.append((rounded(self.sums[i]), self.explain(i), responses, noise, rounded(chance[i])))
        return found

    @cython.ccall
    def explain(self, i: cython.longlong) -> dict[str, float]:
        """Return the terms of a candidate that are not zero, rounded for the journal, in the order of `TERMS`."""
        terms: dict[Any, Any] = _TERMS.copy()
        terms["interests"], terms["reciprocity"] = self.interests[i], self.reciprocity[i]
        terms["value"], terms["stance"] = self.values[i], self.stances[i]
        for name, values in self.attitude.constant.items():
            terms[name] = values[i]
        for name, added in self.extras.items():
            if i in added:
                terms[name] = added[i]
        return {name: rounded(x) for name, x in terms.items() if fabs(x) >= _LEAST}

    def expected(self, i: cython.longlong) -> float:
        """Return the interests term of a candidate, as of the last appraisal."""
        return self.interests[i]

    def appraise(self, levels: Levels, feasible: list[int]) -> None:
        """Score waiting (candidate 0), some candidates, and all `ruled`."""
        count: cython.longlong = 1
        i: cython.longlong
        for i in feasible:
            self.listed[count] = i
            count += 1
        self.weigh(levels, count, [])

    @cython.cfunc
    def weigh(self, levels: Levels, count: cython.longlong, given_up: list[Any]) -> None:
        """Score waiting, the candidates from 1 to `count` of those `listed`, and all `ruled`.

        `given_up` are those of `ruled` that are available now: only their own worth counts.
        """
        i: cython.longlong
        levels.look()
        found = [self.listed[k] for k in range(1, count) if self.table.special[self.listed[k]]]
        found += [i for i in given_up if self.table.special[i]]
        self.extras = self.special.terms(found, self.table, levels.now)
        ruled: list[Any] = []
        if self.ruled:
            feasible = {self.listed[k] for k in range(1, count)}
            ruled = [i for i in self.ruled if i not in feasible]
            for k in range(len(ruled)):
                self.listed[count + k] = ruled[k]
        self.score(count + len(ruled), levels)
        for k in range(1, count if self.table.has_own else 1):
            self.add_own(self.listed[k], levels)
        for i in ruled:
            if i in given_up:
                self.add_own(i, levels)
        for added in self.extras.values():
            for i, value in added.items():
                self.sums[i] += value
        grid, best = self.temper.grid, 0
        self.sums[0] = rint(self.sums[0] / grid) * grid + 0.0
        for k in range(1, count + len(ruled)):
            i = self.listed[k]
            self.sums[i] = rint(self.sums[i] / grid) * grid + 0.0
            if k < count and (best == 0 or self.sums[i] > self.sums[best]):
                best = i
        self.best = best

    @cython.cfunc
    def add_own(self, i: cython.longlong, levels: Levels) -> None:
        """Add a worth that is a formula, and the stance towards the target, which favours friendly acts or others."""
        table, slot = self.table, self.table.stance_slots[i]
        if table.values[i] is not None:
            program: FormulaCode = table.values[i]
            self.values[i] = program.value(levels)
            self.sums[i] += self.values[i]
        if slot >= 0:
            stance = levels.curves.level(slot)
            self.stances[i] = table.in_score * stance / 10.0 * table.weights[i]
            self.sums[i] += self.stances[i]

    @cython.cfunc
    def score(self, count: cython.longlong, levels: Levels) -> None:
        """The terms that every candidate has, and their sum, for waiting and those `listed` up to `count`."""
        prospects, terms = self.prospects, self.terms
        prospects.appraisals += 1
        for each in range(count):
            i = self.listed[each]
            worth, back = prospects.value(i, levels), 0.0
            if terms.pull[i] != 0.0:
                slot = terms.surprises[i]
                surprise = levels.level(slot) if cython.compiled else levels[slot]
                back = terms.pull[i] * tanh(surprise / _RECIPROCITY_SCALE)
            self.interests[i], self.reciprocity[i] = worth, back
            self.values[i] = self.stances[i] = 0.0
            self.sums[i] = worth + back + terms.constant[i]


@cython.cclass
class StrategyTimes:
    """When a strategy is reviewed: from the second `due` on, or once one of the conditions `waits_for` is true."""

    due = cython.declare(cython.double, visibility="public")
    waits_for = cython.declare(list[Any], visibility="public")

    def __init__(self) -> None:
        self.due, self.waits_for = inf, []

    @cython.cfunc
    def is_due(self, levels: Levels) -> cython.bint:
        """Return whether it is to be reviewed now."""
        levels.look()
        program: FormulaCode
        for program in self.waits_for:
            if program.value(levels) != 0.0:
                return True
        return levels.now >= self.due


@cython.cclass
class Leading:
    """The part of a leader in office that a meeting asks. `appraisers` are by dossier; `step` is that on the ladder.

    `prices` are by slot, and estimated again at `next_estimate`; `reference` is the point from which `welfare` is a
    loss or a gain. `review` says when the strategy is reviewed.
    """

    appraisers = cython.declare(dict[Any, Any], visibility="public")
    next_estimate = cython.declare(cython.longlong, visibility="public")
    review = cython.declare(StrategyTimes, visibility="public")
    prices = cython.declare(object, visibility="public")  # type: Any
    welfare = cython.declare(cython.double, visibility="public")
    reference = cython.declare(cython.double, visibility="public")
    step: cython.double

    def __init__(self, review: StrategyTimes, step: cython.double, now: cython.longlong) -> None:
        self.review, self.step = review, step
        self.appraisers, self.next_estimate = {}, now
        self.prices, self.welfare, self.reference = None, 0.0, 0.0

    def ready_appraiser(self, dossier: str, levels: Levels, now: int) -> Any:
        """Return the appraiser of a dossier, up to date."""
        return self.appraiser(dossier, levels, now)

    @cython.cfunc
    def appraiser(self, dossier: str, levels: Levels, now: cython.longlong) -> Any:
        """The same within the engine."""
        whole: Any = self
        if now >= self.next_estimate:
            whole.estimate(now)
        scorer: Scorer | None = self.appraisers.get(dossier)
        if scorer is None:
            scorer = self.appraisers[dossier] = whole.new_appraiser(dossier)
        if not scorer.is_fresh:
            scorer.is_fresh = True
            scorer.prospects.refresh(levels, self.prices, self.welfare - self.reference)
        if scorer.attitude is None:
            whole.give_attitude(scorer)
        return scorer
