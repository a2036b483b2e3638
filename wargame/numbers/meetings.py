"""Meetings: how a leader scores the candidates of a menu, and which one is chosen."""

from __future__ import annotations

from array import array
from collections.abc import Callable
from math import inf
from typing import Any

from wargame.numbers import typed as cython
from wargame.numbers.arithmetic import rounded, sigmoid
from wargame.numbers.arrays import zeros
from wargame.numbers.c_math import exp, fabs, rint, tanh
from wargame.numbers.draws import gumbel
from wargame.numbers.levels import FormulaCode, Levels
from wargame.numbers.menus import Availability, CandidateEffects, Candidates
from wargame.numbers.timing import AccumulatedHazard, Attention, Matter, faded

RECIPROCITY_SCALE = 8.0
"""Sum of surprises at which reciprocity saturates (docs/explanation/model.md)."""

TERMS = (
    *("interests", "reciprocity", "regard", "leaning", "strategy", "worth", "cost", "value"),
    *("forum", "commitment", "stance", "talks", "demand", "kept_word"),
)
"""The terms of a score. All of the second line but the stance are `extras`: only some candidates have them."""

Further = Callable[[list[int]], dict[str, dict[int, float]]] | None
"""Terms that only some candidates have, for a list of candidates: name -> candidate -> score; None if none has any."""

_RECIPROCITY_SCALE = cython.declare(cython.double, RECIPROCITY_SCALE)
_TERMS = dict.fromkeys(TERMS, 0.0)
_LEAST = cython.declare(cython.double, 5e-5)
_EPOCH = cython.declare(cython.longlong, 2**32)


@cython.ccall
def shaded(
    comply: cython.double, ignore: cython.double, retaliate: cython.double, shift: cython.double
) -> tuple[cython.double, cython.double, cython.double]:
    """Prior probabilities of responses shifted by trust: comply times 1 + shift, retaliate times 1 − shift, normalised.

    `shift` is the trust in the other times `rules.trust_responses`.
    """
    comply *= 1.0 + shift
    retaliate *= 1.0 - shift
    ignore = max(ignore, 1e-9)
    total = comply + ignore + retaliate
    return comply / total, ignore / total, retaliate / total


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


@cython.final
@cython.cclass
class Learned:
    """What a government has learned about responses: three numbers for each column, and how often it has changed."""

    rates: cython.doubles
    versions: cython.longs

    def __init__(self, columns: int) -> None:
        self.rates, self.versions = zeros("d", 3 * columns), zeros("q", columns)

    def learn(
        self, column: cython.longlong, comply: cython.double, ignore: cython.double, retaliate: cython.double
    ) -> None:
        """Set the numbers of a column."""
        self.rates[3 * column], self.rates[3 * column + 1], self.rates[3 * column + 2] = comply, ignore, retaliate
        self.versions[column] += 1

    def column(self, column: int) -> tuple[float, float, float]:
        """Return the numbers of a column."""
        return self.rates[3 * column], self.rates[3 * column + 1], self.rates[3 * column + 2]


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


@cython.cclass
class Scorer:
    """Scores the candidates of one menu for one leader, at meetings and for reviews. Results stay until the next time.

    `scores`, `interests`, `reciprocity`, `values` and `stances` are by candidate; `chances` are three for each;
    `extras` has the terms of only some. `candidates` are options with their targets. `best` is the feasible one with
    the highest score, 0 for none. `wanted` are the feasible ones that the leader prefers to waiting, less the
    reluctance, if the leader acts, and `p` is the probability of the best of them against waiting, 0 without one.
    `attitude` has the terms of the present stage of the strategy, None until they are known; `is_fresh` says whether it
    has the present prices.

    `traits` are the leader's curvature κ and loss aversion, the grid of scores, and how far trust shifts the priors of
    responses; `temper` is λ, the threshold, the tempo in seconds, how far salience shortens it, and the reluctance: how
    far below waiting a candidate may be that is chosen. `given_up` lists the candidates that an agreement would give up
    with their options; `above_waiting` takes the score of such an option above waiting.
    `further` is called with the candidates that are `special` in the table, for the terms that only some have, if there
    are any or if there are `demands`, which may concern all. Some are special while talks are in session (`sessions`)
    or while it has a guest or is on a visit, which is until the time in `together` of its `name`.
    `source` is the array of the `prices`. `epoch` counts new prices, and `era` new priors too. `alike` is the first of
    neighbours with the same expected changes and chances, of which one is weighed, while its column is at `linked`.
    """

    candidates = cython.declare(object, visibility="public")  # type: Any
    wanted = cython.declare(list[Any], visibility="public")
    extras = cython.declare(dict[Any, Any], visibility="public")
    best = cython.declare(cython.longlong, visibility="public")
    p = cython.declare(cython.double, visibility="public")
    attitude = cython.declare(object, visibility="public")  # type: Any
    is_fresh = cython.declare(cython.bint, visibility="public")
    table: Candidates
    terms: FixedTerms
    learned: Learned
    rationality: cython.double
    threshold: cython.double
    tempo: cython.double
    urgency: cython.double
    reluctance: cython.double
    levels: Levels
    curvature: cython.double
    aversion: cython.double
    grid: cython.double
    trusting: cython.double
    ruled: list[Any]
    given_up: list[Any]
    above_waiting: dict[Any, float]
    further: Any
    demands: list[Any]
    sessions: set[Any]
    together: dict[Any, Any]
    name: str
    scores: cython.doubles
    interests: cython.doubles
    reciprocity: cython.doubles
    values: cython.doubles
    stances: cython.doubles
    chances: cython.doubles
    prices: cython.doubles
    source: Any
    shortfall: cython.double
    epoch: cython.longlong
    era: cython.longlong
    trust: cython.doubles
    known: cython.longs
    is_priced: cython.longs
    constants: cython.doubles
    slopes: cython.doubles
    ends: cython.longs
    priced_slots: cython.longs
    priced_slopes: cython.doubles
    gains: cython.doubles
    alike: cython.longs
    linked: cython.longs
    latest: cython.longlong
    felt: cython.doubles
    felt_at: cython.longs
    listed: cython.longs
    appraisals: cython.longlong
    returned: cython.doubles
    returned_at: cython.longs

    def __init__(
        self,
        table: Candidates,
        traits: tuple[float, float, float, float],
        temper: tuple[float, float, float, float, float],
        learned: Learned,
        given_up: tuple[list[tuple[int, str]], dict[str, float]],
        extra: tuple[Further, list[Any], set[str], dict[str, int], str],
        results: tuple[array[Any], ...],
    ) -> None:
        self.table, self.learned = table, learned
        self.given_up, self.above_waiting = given_up
        self.ruled = ruled = [i for i, _ in self.given_up]
        self.attitude, self.is_fresh = None, False
        self.further, self.demands, self.sessions, self.together, self.name = extra
        self.curvature, self.aversion, self.grid, self.trusting = traits
        self.rationality, self.threshold, self.tempo, self.urgency, self.reluctance = temper
        self.scores, self.interests, self.reciprocity, self.values, self.stances, self.chances = results
        count, lines, targets = table.count, len(table.slots), len(table.trust_slots)
        numbers: cython.doubles = zeros("d", 4 * count + lines + 2 * targets)  # one array is made faster than five
        self.felt, self.gains, numbers = numbers[:count], numbers[count : 4 * count], numbers[4 * count :]
        self.priced_slopes, numbers = numbers[:lines], numbers[lines:]
        self.trust, self.returned = numbers[:targets], numbers[targets:]
        marks: cython.longs = zeros("q", 9 * count + lines + targets + 1 + len(ruled))
        self.known, self.is_priced, marks = marks[:count], marks[count : 2 * count], marks[2 * count :]
        self.alike, self.linked, marks = marks[:count], marks[count : 2 * count], marks[2 * count :]
        self.felt_at, self.ends, marks = marks[:count], marks[count : 4 * count], marks[4 * count :]
        self.priced_slots, self.returned_at = marks[:lines], marks[lines : lines + targets]
        self.listed = marks[lines + targets :]
        for i in range(count):
            self.known[i] = -1
        self.constants, self.slopes = table.constants, table.slopes
        if table.varying:
            self.constants, self.slopes = zeros("d", lines), zeros("d", lines)
            for line in range(lines):
                self.constants[line], self.slopes[line] = table.constants[line], table.slopes[line]
        self.latest = self.epoch = self.era = self.appraisals = 0
        self.shortfall, self.source = 0.0, None
        self.wanted, self.extras, self.best, self.p = [], {}, 0, 0.0

    def take(self, terms: FixedTerms) -> None:
        """Take the terms of the stage of the strategy in force."""
        self.terms = terms

    @cython.ccall
    def refresh(self, levels: Levels, prices: array[Any], shortfall: cython.double) -> None:
        """Take new prices by slot, and the distance of the status quo from the reference point.

        Expected changes that depend on what the government sees are those of this moment until the next time.
        """
        levels.look()
        self.shortfall = shortfall
        if prices is not self.source:
            self.prices = self.source = prices
        effect: CandidateEffects
        for first, effect in self.table.varying:
            effect.fill(first, levels, self.constants, self.slopes)
        self.epoch += 1
        if self.trusting != 0.0:
            self.era = self.epoch * _EPOCH
            for k in range(len(self.trust)):
                self.trust[k] = levels.level(self.table.trust_slots[k])

    @cython.cfunc
    def meet(
        self, available: Availability, levels: Levels, desk: Attention, matter: Matter, hazard: AccumulatedHazard
    ) -> cython.bint:
        """Return whether the leader acts at a meeting now; `choose` decides on which of the `wanted` candidates."""
        deadline: cython.double = inf if matter.deadline is None else cython.cast(cython.double, matter.deadline)
        count = available.find(levels, deadline, self.listed, 1)
        self.weigh(levels, count, available.available(self.ruled, levels, deadline) if self.ruled else [])
        self.p, self.wanted = 0.0, []
        floor = self.scores[0] - self.reluctance
        chosen: cython.bint = self.best != 0 and self.scores[self.best] > floor
        if chosen:
            self.p = sigmoid(self.rationality * (self.scores[self.best] - self.scores[0] - self.threshold))
        salience = faded(matter, desk.half_life, levels.now)
        ready = hazard.meet(self.p, self.tempo / (1.0 + self.urgency * salience), levels.now)
        if ready and chosen:
            for k in range(1, count):
                if self.scores[self.listed[k]] > floor:
                    self.wanted.append(self.listed[k])
        i: cython.longlong
        for i, option in self.given_up:
            self.above_waiting[option] = self.scores[i] - self.scores[0]
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
            "threshold": self.threshold,
            "wait": rounded(self.scores[0]),
        }

    def weighed(self, shown: list[Any], key: cython.ulonglong, names: list[Any]) -> list[tuple[Any, ...]]:
        """Return what the record of a decision says of some of the wanted candidates.

        That is the score, the terms, the probabilities of the responses, the noise in units of score, and the
        probability that it is chosen. The largest sum of score and noise is.
        """
        chance, scale = chances(self.scores, self.wanted, self.rationality), self.rationality or 1.0
        found = []
        i: cython.longlong
        for i in shown:
            responses = tuple([rounded(self.chances[k], 3) for k in range(3 * i, 3 * i + 3)])
            noise = rounded(gumbel(key, names[i]) / scale)
            found.append((rounded(self.scores[i]), self.explain(i), responses, noise, rounded(chance[i])))
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
        self.levels = levels
        self.extras = {} if self.further is None else self.terms_of_some(count, given_up)
        ruled: list[Any] = []
        if self.ruled:
            feasible = {self.listed[k] for k in range(1, count)}
            ruled = [i for i in self.ruled if i not in feasible]
            for k in range(len(ruled)):
                self.listed[count + k] = ruled[k]
        self.score(count + len(ruled))
        for k in range(1, count if self.table.has_own else 1):
            self.add_own(self.listed[k])
        for i in ruled:
            if i in given_up:
                self.add_own(i)
        for added in self.extras.values():
            for i, value in added.items():
                self.scores[i] += value
        grid, best = self.grid, 0
        self.scores[0] = rint(self.scores[0] / grid) * grid + 0.0
        for k in range(1, count + len(ruled)):
            i = self.listed[k]
            self.scores[i] = rint(self.scores[i] / grid) * grid + 0.0
            if k < count and (best == 0 or self.scores[i] > self.scores[best]):
                best = i
        self.best = best

    @cython.cfunc
    def terms_of_some(self, count: cython.longlong, given_up: list[Any]) -> dict[Any, Any]:
        """Return the terms that only some of the candidates listed and given up have."""
        found = [self.listed[k] for k in range(1, count) if self.table.special[self.listed[k]]]
        found += [i for i in given_up if self.table.special[i]]
        if found and not (self.sessions or self.levels.now < self.together.get(self.name, 0)):
            found = [i for i in found if self.table.special[i] > 1]
        terms: dict[Any, Any] = self.further(found) if found or self.demands else {}
        return terms

    @cython.cfunc
    def add_own(self, i: cython.longlong) -> None:
        """Add a worth that is a formula, and the stance towards the target, which favours friendly acts or others."""
        levels, table, slot = self.levels, self.table, self.table.stance_slots[i]
        if table.values[i] is not None:
            program: FormulaCode = table.values[i]
            self.values[i] = program.value(levels)
            self.scores[i] += self.values[i]
        if slot >= 0:
            stance = levels.curves.level(slot)
            self.stances[i] = table.in_score * stance / 10.0 * table.weights[i]
            self.scores[i] += self.stances[i]

    @cython.cfunc
    def score(self, count: cython.longlong) -> None:
        """The terms that every candidate has, and their sum, for waiting and those `listed` up to `count`.

        Candidates with the same target have the same surprise to return.
        """
        levels, table, terms, learned = self.levels, self.table, self.terms, self.learned
        self.appraisals += 1
        for each in range(count):
            i = self.listed[each]
            version = learned.versions[table.columns[i]] + self.era
            if self.known[i] != version:
                self.known[i], self.linked[i] = version, -1
                self.learn(i)
            if self.is_priced[i] != self.epoch:
                self.is_priced[i], self.linked[i] = self.epoch, -1
                self.price(i)
            same = self.alike[i]
            if self.linked[i] != learned.versions[table.columns[same]] + self.era:
                same = self.link(i)
            if self.felt_at[same] != self.appraisals:
                self.felt_at[same], self.felt[same] = self.appraisals, self.prospect(same)
            worth, back = self.felt[same], 0.0
            pull, target = terms.pull[i], table.targets[i]
            if pull != 0.0:
                if self.returned_at[target] != self.appraisals:
                    self.returned_at[target], slot = self.appraisals, terms.surprises[i]
                    surprise = levels.level(slot) if cython.compiled else levels[slot]
                    self.returned[target] = tanh(surprise / _RECIPROCITY_SCALE)
                back = pull * self.returned[target]
            self.interests[i], self.reciprocity[i] = worth, back
            self.values[i] = self.stances[i] = 0.0
            self.scores[i] = worth + back + terms.constant[i]

    @cython.cfunc
    @cython.exceptval(-1.0, check=True)
    def prospect(self, i: cython.longlong) -> cython.double:
        """Return the expected prospect value of a candidate over the responses to it."""
        levels, table, curvature = self.levels, self.table, self.curvature
        itself = worth = 0.0
        for k in range(table.firsts[3 * i + 1], self.ends[3 * i + 1]):
            slot = self.priced_slots[k]
            itself += self.priced_slopes[k] * (levels.level(slot) if cython.compiled else levels[slot])
        for part in range(3 * i, 3 * i + 3):
            chance = self.chances[part]
            if chance != 0.0:
                gain = self.gains[part] - itself
                if part != 3 * i + 1:
                    for k in range(table.firsts[part], self.ends[part]):
                        slot = self.priced_slots[k]
                        gain -= self.priced_slopes[k] * (levels.level(slot) if cython.compiled else levels[slot])
                if gain >= 0.0:
                    worth += chance * gain / (1.0 + gain / curvature)
                else:
                    worth += chance * self.aversion * gain / (1.0 - gain / curvature)
        return worth

    @cython.cfunc
    @cython.exceptval(-1)
    def link(self, i: cython.longlong) -> cython.longlong:
        """Return the candidate that is weighed in the place of this one: the one of the last link, or itself."""
        same = self.latest
        present: cython.longlong = self.learned.versions[self.table.columns[same]] + self.era
        if self.known[same] != present or self.is_priced[same] != self.epoch or not self.weighs_as(i, same):
            self.latest = same = i
        self.alike[i], self.linked[i] = same, self.known[same]
        return same

    @cython.cfunc
    @cython.exceptval(check=False)
    def weighs_as(self, i: cython.longlong, other: cython.longlong) -> cython.bint:
        """Return whether two candidates have the same chances and expected changes."""
        for response in range(3):
            mine, theirs = 3 * i + response, 3 * other + response
            first, at = self.table.firsts[mine], self.table.firsts[theirs]
            count = self.ends[mine] - first
            if self.chances[mine] != self.chances[theirs] or self.gains[mine] != self.gains[theirs]:
                return False
            if count != self.ends[theirs] - at:
                return False
            for k in range(count):
                if self.priced_slots[first + k] != self.priced_slots[at + k]:
                    return False
                if self.priced_slopes[first + k] != self.priced_slopes[at + k]:
                    return False
        return True

    @cython.cfunc
    def learn(self, i: cython.longlong) -> None:
        """The probabilities of the responses to a candidate, from its priors and what was learned.

        Priors sum to 1 and what was learned to 0, so that the sum is always positive.
        """
        table, learned, k = self.table, self.learned, 3 * i
        comply, ignore, retaliate = table.priors[k], table.priors[k + 1], table.priors[k + 2]
        target, at = table.targets[i], 3 * table.columns[i]
        if self.trusting != 0.0 and target >= 0:
            comply, ignore, retaliate = shaded(comply, ignore, retaliate, self.trusting * self.trust[target])
        comply += learned.rates[at]
        ignore += learned.rates[at + 1]
        retaliate += learned.rates[at + 2]
        comply = 0.0 if comply < 0.0 else 1.0 if comply > 1.0 else comply
        ignore = 0.0 if ignore < 0.0 else 1.0 if ignore > 1.0 else ignore
        retaliate = 0.0 if retaliate < 0.0 else 1.0 if retaliate > 1.0 else retaliate
        total = comply + ignore + retaliate
        self.chances[k], self.chances[k + 1], self.chances[k + 2] = comply / total, ignore / total, retaliate / total

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
            scorer.refresh(levels, self.prices, self.welfare - self.reference)
        if scorer.attitude is None:
            whole.give_attitude(scorer)
        return scorer
