"""Meetings: which candidates of a menu are feasible, and how a leader scores them.

What the scenario fixes about the candidates of a menu is in `Candidates`; what a run and a leader add is in
`Availability`, `Learned` and `Scorer`.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable
from typing import Any, cast

from wargame.numbers import typed as cython
from wargame.numbers.c_math import exp, rint, tanh
from wargame.numbers.core import Curves, Levels, Program

RECIPROCITY_SCALE = 8.0
"""Sum of surprises at which reciprocity saturates (docs/explanation/model.md)."""
NEAREST = 0.5
"""The current rung decays between two rungs: the nearest one counts."""

_RECIPROCITY_SCALE: cython.double = RECIPROCITY_SCALE
_NEAREST: cython.double = NEAREST
_EPOCH: cython.longlong = 2**32


@cython.ccall
@cython.exceptval(check=False)
def logistic(z: cython.double) -> cython.double:
    """1/(1 + exp(−z)) without overflow."""
    return 1.0 / (1.0 + exp(-z)) if z >= 0 else exp(z) / (1.0 + exp(z))


@cython.ccall
def shaded(
    comply: cython.double, ignore: cython.double, retaliate: cython.double, shift: cython.double
) -> tuple[float, float, float]:
    """Prior probabilities of responses shifted by trust: comply times 1 + shift, retaliate times 1 − shift, normalised.

    `shift` is the trust in the other times `rules.trust_responses`.
    """
    comply *= 1.0 + shift
    retaliate *= 1.0 - shift
    ignore = max(ignore, 1e-9)
    total = comply + ignore + retaliate
    return comply / total, ignore / total, retaliate / total


@cython.ccall
def effect_line(
    amount: cython.double, low: cython.double, high: cython.double, sets: cython.bint
) -> tuple[float, float]:
    """(A, K) of the change A − K·x by an effect on a slot with value x. Effects saturate at the range of the slot."""
    if sets:
        return amount, 1.0
    if amount > 0:
        return amount * high, amount
    return -amount * low, -amount


@cython.final
@cython.cclass
class CandidateEffects:
    """The effects of one candidate, for its expected changes. `chance` and each of `amounts` are a number or a formula.

    By effect: `low` and `high`, the range of its slot; `sets`, whether it sets the slot; `share`, 0 if it counts with
    the chance of success, 1 with its complement, 2 in full; `line`, where its change is added. Its lines are `first` to
    `stop`; `varies` says whether any depends on what a government sees.
    """

    chance: cython.double
    chance_formula: Program
    amounts: cython.doubles
    formulas: list[Any]
    low: cython.doubles
    high: cython.doubles
    sets: cython.longs
    share: cython.longs
    line: cython.longs
    first: cython.longlong
    stop: cython.longlong
    varies: cython.bint

    def __init__(
        self,
        chance: float | Program,
        amounts: list[float | Program],
        ranges: tuple[array[Any], array[Any]],
        sets: array[Any],
        share: array[Any],
        line: array[Any],
        lines: tuple[int, int],
    ) -> None:
        self.chance_formula = cast("Program", None if isinstance(chance, float) else chance)
        self.chance = chance if isinstance(chance, float) else 1.0
        self.formulas = [None if isinstance(amount, float) else amount for amount in amounts]
        self.amounts = array("d", [amount if isinstance(amount, float) else 0.0 for amount in amounts])
        self.low, self.high = ranges
        self.sets, self.share, self.line = sets, share, line
        self.first, self.stop = lines
        self.varies = not isinstance(chance, float) or any(formula is not None for formula in self.formulas)

    @cython.ccall
    def fill(self, levels: Levels | None, constants: cython.doubles, slopes: cython.doubles) -> None:
        """Sets the lines of the candidate to its expected changes at these levels, None if it has no formulas."""
        chance = self.chance
        if levels is not None and self.chance_formula is not None:
            chance = min(max(self.chance_formula.value(levels), 0.0), 1.0)
        for k in range(self.first, self.stop):
            constants[k] = slopes[k] = 0.0
        for j in range(len(self.formulas)):
            amount = self.amounts[j]
            if levels is not None and self.formulas[j] is not None:
                program: Program = self.formulas[j]
                amount = program.value(levels)
            constant, slope = effect_line(amount, self.low[j], self.high[j], self.sets[j] != 0)
            share = chance if self.share[j] == 0 else 1.0 - chance if self.share[j] == 1 else 1.0
            constants[self.line[j]] += share * constant
            slopes[self.line[j]] += share * slope


@cython.final
@cython.cclass
class Candidates:
    """The numbers of the candidates of one menu, the same in all runs (`decision.menu.Menu`).

    By candidate: `requirements` and `values`, formulas or None; `rungs`; `violent`; `leads`, the least lead; the slot
    of the rung towards its target, or -1 for the highest of all `rung_slots`; `targets`, the place of its target in
    `trust_slots`, or -1; `columns` of the learned responses; `priors`, three for each; `losses` by retaliation.
    The expected changes for response r of candidate i are the lines `firsts[3i + r]` to `stops[3i + r]` of `slots`,
    `constants` and `slopes`: a slot with level x changes by constant − slope·x. `effects` fill them; those that vary,
    for each `Scorer`. `tests` and `reader` evaluate all requirements at once, for interpreted runs.
    """

    count: cython.longlong
    tests: Any
    reader: Any
    requirements: list[Any]
    values: list[Any]
    rungs: cython.doubles
    violent: cython.longs
    leads: cython.longs
    rung_slot: cython.longs
    rung_slots: cython.longs
    targets: cython.longs
    trust_slots: cython.longs
    columns: cython.longs
    priors: cython.doubles
    losses: cython.doubles
    firsts: cython.longs
    stops: cython.longs
    slots: cython.longs
    constants: cython.doubles
    slopes: cython.doubles
    effects: list[Any]
    varying: cython.bint

    def __init__(
        self,
        tests: tuple[Callable[..., Any], Callable[..., Any]],
        formulas: tuple[list[Program | None], list[Program | None]],
        ladder: tuple[array[Any], array[Any], array[Any], array[Any], array[Any]],
        responses: tuple[array[Any], array[Any], array[Any], array[Any], array[Any]],
        lines: tuple[array[Any], array[Any], array[Any]],
        effects: list[CandidateEffects],
    ) -> None:
        self.tests, self.reader = tests
        self.requirements, self.values = formulas
        self.rungs, self.violent, self.leads, self.rung_slot, self.rung_slots = ladder
        self.targets, self.trust_slots, self.columns, self.priors, self.losses = responses
        self.firsts, self.stops, self.slots = lines
        self.count = len(self.requirements)
        self.effects, self.varying = effects, False
        self.constants, self.slopes = array("d", bytes(8 * len(lines[2]))), array("d", bytes(8 * len(lines[2])))
        effect: CandidateEffects
        for effect in effects:
            if effect.varies:
                self.varying = True
            else:
                effect.fill(None, self.constants, self.slopes)

    @cython.cfunc
    def requires(self, i: cython.longlong, levels: Levels) -> cython.bint:
        """Whether the requirement of a candidate is met."""
        if self.requirements[i] is None:
            return True
        program: Program = self.requirements[i]
        return program.value(levels) != 0.0


@cython.final
@cython.cclass
class Availability:
    """Which candidates of one menu a government can choose, in one run.

    `ready` is the time from which each is available again. `allowed` lists those that forums and agreements allow,
    ascending; `steep` marks those that depend on the current rung of the ladder; `step` is the leader's.
    """

    table: Candidates
    ready: cython.doubles
    allowed: list[Any]
    steep: cython.longs
    step: cython.double

    def __init__(self, table: Candidates, ready: array[Any]) -> None:
        self.table, self.ready, self.allowed = table, ready, []
        self.steep = array("q", bytes(8 * table.count))
        self.climb(0.0)

    def climb(self, step: cython.double) -> None:
        """Takes the step of the leader."""
        self.step = step
        for i in range(self.table.count):
            self.steep[i] = self.table.rungs[i] > step + _NEAREST and not self.table.violent[i]

    def allow(self, allowed: list[int]) -> None:
        """Takes the allowed candidates."""
        self.allowed = allowed

    @cython.cfunc
    def near(self, i: cython.longlong, levels: Levels) -> cython.bint:
        """Whether the leader can climb to it from the current rung."""
        table = self.table
        slot: cython.longlong = table.rung_slot[i]
        present = levels.level(slot if slot >= 0 else table.rung_slots[0])
        if slot < 0:
            for other in table.rung_slots:
                level = levels.level(other)
                present = max(present, level)
        return table.rungs[i] <= present + (self.step + _NEAREST)

    def feasible(self, levels: Levels, deadline: cython.double, met: Any, licensed: Callable[[int], bool]) -> list[Any]:
        """The candidates that can be chosen now, ascending, and carried out before the deadline.

        `met` says which requirements hold, or None to evaluate them; `licensed` whether a violent one is permitted.
        """
        levels.look()
        table, ready, now, found = self.table, self.ready, levels.now, []
        if met is None and not cython.compiled:
            levels.read(table.reader)
            met = table.tests(levels, levels.events)
        evaluates = met is None
        i: cython.longlong
        for i in self.allowed:
            if (
                ready[i] <= now
                and (table.requires(i, levels) if evaluates else met[i])
                and now + table.leads[i] <= deadline
                and (not self.steep[i] or self.near(i, levels))
                and (not table.violent[i] or licensed(i))
            ):
                found.append(i)
        return found

    def available(self, some: list[int], levels: Levels, deadline: cython.double) -> list[Any]:
        """Which of some candidates are available, apart from requirements and licences."""
        levels.look()
        now, found = levels.now, []
        i: cython.longlong
        for i in some:
            if (
                i in self.allowed
                and self.ready[i] <= now
                and now + self.table.leads[i] <= deadline
                and (not self.steep[i] or self.near(i, levels))
            ):
                found.append(i)
        return found


@cython.ccall
def stance_terms(
    curves: Curves, slots: cython.longs, weights: cython.doubles, some: list[Any], weight: cython.double
) -> dict[Any, Any]:
    """What the stance towards the target adds to the scores of some candidates, by candidate.

    `slots` has the slot of the stance for each candidate, -1 without a target; `weights` their Goldstein weights. A
    friendly stance adds to friendly actions and takes from hostile ones; `weight` is what a stance of 1 adds at 10.
    """
    terms = {}
    i: cython.longlong
    for i in some:
        slot = slots[i]
        if slot >= 0:
            terms[i] = weight * curves.level(slot) / 10.0 * weights[i]
    return terms


@cython.final
@cython.cclass
class FixedTerms:
    """The score terms of a leader at a stage of a strategy that do not depend on the state, by candidate.

    `pull` is the factor on reciprocity, `surprises` the slot of the surprise at the target, `constant` the sum of the
    constant terms.
    """

    pull: cython.doubles
    surprises: cython.longs
    constant: cython.doubles

    def __init__(self, pull: array[Any], surprises: array[Any], constant: array[Any]) -> None:
        self.pull, self.surprises, self.constant = pull, surprises, constant


@cython.final
@cython.cclass
class Learned:
    """What a government has learned about responses: three numbers for each column, and how often it has changed."""

    rates: cython.doubles
    versions: cython.longs

    def __init__(self, columns: int) -> None:
        self.rates, self.versions = array("d", bytes(24 * columns)), array("q", bytes(8 * columns))

    def learn(
        self, column: cython.longlong, comply: cython.double, ignore: cython.double, retaliate: cython.double
    ) -> None:
        """Sets the numbers of a column."""
        self.rates[3 * column], self.rates[3 * column + 1], self.rates[3 * column + 2] = comply, ignore, retaliate
        self.versions[column] += 1

    def column(self, column: int) -> tuple[float, float, float]:
        """The numbers of a column."""
        return self.rates[3 * column], self.rates[3 * column + 1], self.rates[3 * column + 2]


@cython.final
@cython.cclass
class Scorer:
    """Scores the candidates of one menu for one leader. Its results stay in these arrays until the next time.

    `scores`, `interests`, `reciprocity` and `values` are by candidate; `chances` are three for each. `traits` are the
    leader's curvature κ and loss aversion, the grid of scores, and how far trust shifts the priors of responses.
    `epoch` counts new prices, and `era` new priors as well.
    """

    table: Candidates
    levels: Levels
    curvature: cython.double
    aversion: cython.double
    grid: cython.double
    trusting: cython.double
    scores: cython.doubles
    interests: cython.doubles
    reciprocity: cython.doubles
    values: cython.doubles
    chances: cython.doubles
    prices: cython.doubles
    shortfall: cython.double
    epoch: cython.longlong
    era: cython.longlong
    trust: cython.doubles
    learned: cython.longs
    is_priced: cython.longs
    constants: cython.doubles
    slopes: cython.doubles
    ends: cython.longs
    priced_slots: cython.longs
    priced_slopes: cython.doubles
    gains: cython.doubles

    def __init__(
        self, table: Candidates, traits: tuple[float, float, float, float], results: tuple[array[Any], ...]
    ) -> None:
        self.table = table
        self.curvature, self.aversion, self.grid, self.trusting = traits
        self.scores, self.interests, self.reciprocity, self.values, self.chances = results
        count, lines = table.count, len(table.slots)
        self.trust = array("d", bytes(8 * len(table.trust_slots)))
        self.learned, self.is_priced = array("q", [-1]) * count, array("q", bytes(8 * count))
        self.ends, self.gains = array("q", bytes(24 * count)), array("d", bytes(24 * count))
        self.priced_slots, self.priced_slopes = array("q", bytes(8 * lines)), array("d", bytes(8 * lines))
        self.constants, self.slopes = table.constants, table.slopes
        if table.varying:
            self.constants, self.slopes = array("d", table.constants), array("d", table.slopes)
        self.shortfall, self.epoch, self.era = 0.0, 0, 0

    def refresh(self, levels: Levels, prices: array[Any], shortfall: cython.double) -> None:
        """Takes new prices by slot, and the distance of the status quo from the reference point.

        Expected changes that depend on what the government sees are those of this moment until the next time.
        """
        levels.look()
        self.prices, self.shortfall = prices, shortfall
        effect: CandidateEffects
        if self.table.varying:
            for effect in self.table.effects:
                if effect.varies:
                    effect.fill(levels, self.constants, self.slopes)
        self.epoch += 1
        if self.trusting != 0.0:
            self.era = self.epoch * _EPOCH
            for k in range(len(self.trust)):
                self.trust[k] = levels.level(self.table.trust_slots[k])

    def appraise(
        self,
        levels: Levels,
        terms: FixedTerms,
        learned: Learned,
        feasible: list[Any],
        others: tuple[list[int], list[int]],
        extras: dict[Any, Any],
    ) -> int:
        """Scores waiting (candidate 0), the feasible candidates and `others`; returns the best feasible one, or 0.

        `others` are the candidates that an agreement would give up: those available now, whose own worth counts, and
        all of them. `extras` has further terms: name -> candidate -> score.
        """
        levels.look()
        self.levels = levels
        available, ruled = others
        if ruled:
            available, ruled = [i for i in available if i not in feasible], [i for i in ruled if i not in feasible]
        i: cython.longlong
        self.score([0, *feasible, *ruled], terms, learned)
        scores = self.scores
        values = self.table.values
        for i in feasible + available:
            if values[i] is not None:
                self.add_value(i)
        for added in extras.values():
            for i, value in added.items():
                scores[i] += value
        grid, best = self.grid, 0
        scores[0] = rint(scores[0] / grid) * grid + 0.0
        for i in ruled:
            scores[i] = rint(scores[i] / grid) * grid + 0.0
        for i in feasible:
            scores[i] = rint(scores[i] / grid) * grid + 0.0
            if best == 0 or scores[i] > scores[best]:
                best = i
        return best

    @cython.cfunc
    def add_value(self, i: cython.longlong) -> None:
        """Adds the worth of a candidate that is a formula."""
        program: Program = self.table.values[i]
        self.values[i] = program.value(self.levels)
        self.scores[i] += self.values[i]

    @cython.cfunc
    def score(self, some: list[Any], terms: FixedTerms, learned: Learned) -> None:
        """The terms of candidates that every candidate has, and their sum.

        The first is the expected prospect value of the candidate over the responses to it.
        """
        levels, versions, columns = self.levels, learned.versions, self.table.columns
        firsts, ends, slots, slopes = self.table.firsts, self.ends, self.priced_slots, self.priced_slopes
        chances, gains, curvature, aversion = self.chances, self.gains, self.curvature, self.aversion
        i: cython.longlong
        for i in some:
            if self.learned[i] != versions[columns[i]] + self.era:
                self.learned[i] = versions[columns[i]] + self.era
                self.learn(i, learned.rates, 3 * columns[i])
            if self.is_priced[i] != self.epoch:
                self.is_priced[i] = self.epoch
                self.price(i)
            itself = worth = back = 0.0
            for k in range(firsts[3 * i + 1], ends[3 * i + 1]):
                itself += slopes[k] * (levels.level(slots[k]) if cython.compiled else levels[slots[k]])
            for part in range(3 * i, 3 * i + 3):
                chance = chances[part]
                if chance != 0.0:
                    gain = gains[part] - itself
                    if part != 3 * i + 1:
                        for k in range(firsts[part], ends[part]):
                            gain -= slopes[k] * (levels.level(slots[k]) if cython.compiled else levels[slots[k]])
                    if gain >= 0.0:
                        worth += chance * gain / (1.0 + gain / curvature)
                    else:
                        worth += chance * aversion * gain / (1.0 - gain / curvature)
            pull, slot = terms.pull[i], terms.surprises[i]
            if pull != 0.0:
                surprise = levels.level(slot) if cython.compiled else levels[slot]
                back = pull * tanh(surprise / _RECIPROCITY_SCALE)
            self.interests[i], self.reciprocity[i], self.values[i] = worth, back, 0.0
            self.scores[i] = worth + back + terms.constant[i]

    @cython.cfunc
    def learn(self, i: cython.longlong, rates: cython.doubles, column: cython.longlong) -> None:
        """The probabilities of the responses to a candidate, from its priors and what was learned.

        Priors sum to 1 and what was learned to 0, so that the sum is always positive.
        """
        priors, k = self.table.priors, 3 * i
        comply, ignore, retaliate = priors[k], priors[k + 1], priors[k + 2]
        target = self.table.targets[i]
        if self.trusting != 0.0 and target >= 0:
            comply, ignore, retaliate = shaded(comply, ignore, retaliate, self.trusting * self.trust[target])
        comply = min(max(comply + rates[column], 0.0), 1.0)
        ignore = min(max(ignore + rates[column + 1], 0.0), 1.0)
        retaliate = min(max(retaliate + rates[column + 2], 0.0), 1.0)
        total = comply + ignore + retaliate
        chances = self.chances
        chances[k], chances[k + 1], chances[k + 2] = comply / total, ignore / total, retaliate / total

    @cython.cfunc
    def price(self, i: cython.longlong) -> None:
        """The expected changes of a candidate at the present prices: a constant gain and slopes for each response."""
        comply = self.worth(3 * i)
        ignore = self.worth(3 * i + 1) + self.shortfall
        retaliate = self.worth(3 * i + 2)
        self.gains[3 * i] = ignore + comply
        self.gains[3 * i + 1] = ignore
        self.gains[3 * i + 2] = ignore + retaliate + self.table.losses[i]

    @cython.cfunc
    def worth(self, part: cython.longlong) -> cython.double:
        """The sum of the constants of some changes times the prices of their slots; it also sets their slopes."""
        total, end = 0.0, self.table.firsts[part]
        for k in range(self.table.firsts[part], self.table.stops[part]):
            price = self.prices[self.table.slots[k]]
            if price != 0.0:
                total += price * self.constants[k]
                self.priced_slots[end], self.priced_slopes[end] = self.table.slots[k], price * self.slopes[k]
                end += 1
        self.ends[part] = end
        return total
