"""Prospects: what the candidates of a menu are worth to a leader by the changes that it expects of them."""

from __future__ import annotations

from array import array
from typing import Any

from wargame.numbers import typed as cython
from wargame.numbers.arrays import zeros
from wargame.numbers.levels import Levels
from wargame.numbers.menus import CandidateEffects, Candidates

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


@cython.final
@cython.cclass
@cython.dataclasses.dataclass(eq=False, frozen=True, repr=False)
class Temper:
    """How a leader weighs candidates, and when it acts.

    Scores have the `curvature` κ, the `aversion` to losses and a `grid`; `trusting` is the factor with which trust
    shifts the priors of responses. The leader acts by the `rationality` λ, the `threshold`, the `tempo` in seconds and
    `urgency`, the factor with which salience shortens it. Nothing more than `reluctance` below waiting is chosen.
    """

    curvature: cython.double
    aversion: cython.double
    grid: cython.double
    trusting: cython.double
    rationality: cython.double
    threshold: cython.double
    tempo: cython.double
    urgency: cython.double
    reluctance: cython.double


@cython.final
@cython.cclass
class Prospects:
    """The expected prospect values of the candidates of one menu for one leader, over the responses to each.

    By candidate, as of the version that is `known`: `chances`, the probabilities of the responses, three for each;
    `gains`, the constant changes at the present prices, three for each; and those by levels, the lines from
    `table.firsts` to `ends` of `priced_slots` and `priced_slopes`. The version is the number of changes of what was
    learned and the `epoch` of the `prices`, from the array `source`, of the `trust` in targets, and of the `shortfall`,
    the distance of the status quo from the reference point.
    `alike` is the first of neighbours with the same expected changes and chances, of which one is weighed, while its
    version is the one at `linked`. Its value `felt` is that of the appraisal `felt_at`; `appraisals` counts them.
    """

    table: Candidates
    temper: Temper
    learned: Learned
    chances: cython.doubles
    prices: cython.doubles
    source: Any
    shortfall: cython.double
    epoch: cython.longlong
    trust: cython.doubles
    known: cython.longs
    constants: cython.doubles
    slopes: cython.doubles
    gains: cython.doubles
    ends: cython.longs
    priced_slots: cython.longs
    priced_slopes: cython.doubles
    alike: cython.longs
    linked: cython.longs
    latest: cython.longlong
    felt: cython.doubles
    felt_at: cython.longs
    appraisals: cython.longlong

    def __init__(self, table: Candidates, temper: Temper, learned: Learned) -> None:
        self.table, self.temper, self.learned = table, temper, learned
        count, lines = table.count, len(table.slots)
        numbers: cython.doubles = zeros("d", 7 * count + lines + len(table.trust_slots))  # faster than five arrays
        self.chances, self.gains, numbers = numbers[: 3 * count], numbers[3 * count : 6 * count], numbers[6 * count :]
        self.felt, self.priced_slopes, self.trust = numbers[:count], numbers[count:], numbers[count + lines :]
        places: cython.longs = zeros("q", 7 * count + lines)
        self.ends, self.known, places = places[: 3 * count], places[3 * count : 4 * count], places[4 * count :]
        self.felt_at, self.alike, places = places[:count], places[count : 2 * count], places[2 * count :]
        self.linked, self.priced_slots = places[:count], places[count:]
        for i in range(count):
            self.known[i] = -1
        self.constants, self.slopes = table.constants, table.slopes
        if table.varying:
            self.constants, self.slopes = zeros("d", lines), zeros("d", lines)
            self.constants[:], self.slopes[:] = table.constants, table.slopes
        self.latest = self.epoch = self.appraisals = 0
        self.shortfall, self.source = 0.0, None

    @cython.ccall
    def refresh(self, levels: Levels, prices: array[Any], shortfall: cython.double) -> None:
        """Take new prices by slot, and the distance of the status quo from the reference point.

        Expected changes that depend on what the government sees stay as they are now until the next time.
        """
        levels.look()
        self.shortfall = shortfall
        if prices is not self.source:
            self.prices = self.source = prices
        effect: CandidateEffects
        for first, effect in self.table.varying:
            effect.fill(first, levels, self.constants, self.slopes)
        self.epoch += _EPOCH
        if self.temper.trusting != 0.0:
            for k in range(len(self.trust)):
                self.trust[k] = levels.level(self.table.trust_slots[k])

    def answers(self, i: cython.longlong) -> tuple[float, float, float]:
        """Return the probabilities of the responses to a candidate."""
        return self.chances[3 * i], self.chances[3 * i + 1], self.chances[3 * i + 2]

    @cython.cfunc
    @cython.exceptval(-1.0, check=True)
    def value(self, i: cython.longlong, levels: Levels) -> cython.double:
        """Return the expected prospect value of a candidate, at the present appraisal."""
        version = self.version_of(i)
        if self.known[i] != version:
            self.known[i], self.linked[i] = version, -1
            self.learn(i)
            self.price(i)
        same = self.alike[i]
        if self.linked[i] != self.version_of(same):
            same = self.link(i)
        if self.felt_at[same] != self.appraisals:
            self.felt_at[same], self.felt[same] = self.appraisals, self.prospect(same, levels)
        return self.felt[same]

    @cython.cfunc
    @cython.exceptval(check=False)
    def version_of(self, i: cython.longlong) -> cython.longlong:
        """Return the version of all that the value of a candidate depends on, apart from levels."""
        return self.epoch + self.learned.versions[self.table.columns[i]]

    @cython.cfunc
    @cython.exceptval(-1.0, check=True)
    def prospect(self, i: cython.longlong, levels: Levels) -> cython.double:
        """Return the expected prospect value of a candidate over the responses to it."""
        table, curvature = self.table, self.temper.curvature
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
                    worth += chance * self.temper.aversion * gain / (1.0 - gain / curvature)
        return worth

    @cython.cfunc
    @cython.exceptval(-1)
    def link(self, i: cython.longlong) -> cython.longlong:
        """Return the candidate that is weighed in the place of this one: the one of the last link, or itself."""
        same = self.latest
        if self.known[same] != self.version_of(same) or not self.weighs_as(i, same):
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

        Trust in the target shifts the priors, which sum to 1. What was learned sums to 0: the sum is always positive.
        """
        table, learned, k = self.table, self.learned, 3 * i
        comply, ignore, retaliate = table.priors[k], table.priors[k + 1], table.priors[k + 2]
        target, at = table.targets[i], 3 * table.columns[i]
        if self.temper.trusting != 0.0 and target >= 0:
            shift = self.temper.trusting * self.trust[target]
            comply, ignore, retaliate = shaded(comply, ignore, retaliate, shift)
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
