"""Verdicts on claims from paired runs, and the number of runs that would decide an undecided claim.

The contrast of a measure is one number per replication: the sum over arms of coefficient times value. Its interval is
Student's t; Wilson's for a share in one arm, Bonett and Price's (2012) for the difference of two shares. A sign is
tested in both directions, a bound and an equivalence by one-sided tests (Schuirmann 1987). A bound relative to the mean
of an arm is tested on contrast and arm together, run by run, so that the error of that mean is included.

A claim is supported if all of its measures are: an intersection, so that each is tested at the error of the claim
(Berger 1982). It is contradicted if one of them is: a union, so that each is tested at the error of the claim divided
by their number. The errors of all claims of a scenario together are limited by Holm's procedure (1979; `holm`).
"""

from __future__ import annotations

from collections.abc import Sequence
from math import inf, isfinite, nan

import numpy as np

from wargame.dataclasses import dataclass, replace
from wargame.statistics import intervals as statistics
from wargame.statistics.distributions import normal_cdf, normal_quantile, t_of, z_of
from wargame.statistics.intervals import Estimate, Floats

SUPPORTED, CONTRADICTED, UNDECIDED = "supported", "contradicted", "undecided"
FEWEST = 20
"""Least number of runs for a verdict."""
POWER = 0.9
"""The probability with which `runs_needed` decides."""
MOST = 1_000_000
"""An effect that needs more runs than this is negligible."""
TOO_FEW = f"too few runs for a verdict: at least {FEWEST} are needed"
NO_RUN_DIFFERS = "no run differs between the arms"
NIL = "the effect is negligible: no number of runs would decide it"
PAIR, ONE, OTHER = "pair", "one", "other"
"""The forms of a contrast: the difference of two shares, a share in one arm, any other."""


@dataclass(frozen=True, slots=True)
class ClaimQuestion:
    """The expectation about a contrast, and the level of its test.

    `family` is the number of claims that share the error 1 - `level`, `within` the number of measures of the claim, one
    of which is enough to contradict it; `form` is `pair`, `one` or `other`.
    """

    expect: str
    bound: float | None = None
    relative: bool = False
    form: str = OTHER
    level: float = 0.95
    family: int = 1
    within: int = 1

    @property
    def confidence(self) -> float:
        """The confidence of the interval that supports: two-sided for a sign, one-sided at each end for bounds."""
        return self._confidence(1)

    @property
    def against(self) -> float:
        """The confidence of the interval that contradicts."""
        return self._confidence(self.within)

    def _confidence(self, tests: int) -> float:
        error = (1.0 - self.level) / self.family / tests
        return 1.0 - (error if self.expect in ("positive", "negative") else 2.0 * error)


@dataclass(frozen=True, slots=True)
class Sampled:
    """The basis of a judgement on a measure: its question, its contrasts by run, and the arm of a relative bound."""

    question: ClaimQuestion
    values: Floats
    reference: Floats | None = None

    def at(self, family: int) -> Sampled:
        """Return the same with another number of claims that share the error."""
        return replace(self, question=replace(self.question, family=family))


@dataclass(frozen=True, slots=True)
class JudgedClaim(Estimate):
    """A verdict with its numbers.

    `low` and `high` are the interval for this contrast alone, the adjusted ones that behind the verdict. `runs_needed`
    is the total number of runs that would decide an undecided contrast with probability `POWER` if the effect is the
    shrunken estimate; None if no number would, or if it cannot be estimated. `note` is the reason.
    """

    adjusted_low: float
    adjusted_high: float
    verdict: str
    as_expected: bool
    """Whether the estimate is as expected, regardless of its error."""
    runs_needed: int | None = None
    note: str = ""


def holm(claims: Sequence[Sequence[Sampled]], family: int) -> int:
    """Return the number of claims that share the error at the last step of Holm's procedure; at least 1.

    `family` is the number of claims of the scenario. Claims that were not run count as undecided, so that a selection
    supports nothing that all claims together would not. Judging every claim at the result gives Holm's verdicts: he
    rejects the i-th smallest of `family` p-values at error/(family - i + 1) until one is not rejected.
    """
    sharing, decided = family, -1
    while decided != (
        decided := sum(verdict_of([verdict(each.at(sharing)) for each in claim]) != UNDECIDED for claim in claims)
    ):
        sharing = max(family - decided, 1)
    return sharing


def verdict(sampled: Sampled) -> str:
    """Return the verdict on a measure."""
    values, reference = _present(sampled.values, sampled.reference)
    return UNDECIDED if len(values) < FEWEST else _verdict(sampled.question, values, reference)


def _present(values: Floats, reference: Floats | None) -> tuple[Floats, Floats | None]:
    present = ~np.isnan(values) if reference is None else ~(np.isnan(values) | np.isnan(reference))
    return values[present], None if reference is None else reference[present]


def judge(question: ClaimQuestion, values: Floats, reference: Floats | None = None, prior: float = inf) -> JudgedClaim:
    """Judge the contrasts of independent runs; `reference` has the values of the arm of a relative bound.

    `prior` is the variance of effects in standard deviations, to which the estimate behind `runs_needed` is shrunken
    (`prior_variance`).
    """
    values, reference = _present(values, reference)
    n = len(values)
    as_expected = n > 0 and all(float(margin.mean()) > 0 for margin in margins(question, values, reference))
    if n < 2:
        estimate = float(values[0]) if n else nan
        return JudgedClaim(n, estimate, nan, nan, nan, nan, nan, UNDECIDED, as_expected, None, TOO_FEW)
    low, high = span(values, question.level, question.form)
    adjusted = span(values, question.confidence, question.form)
    estimate, se = float(values.mean()), float(values.std(ddof=1)) / n**0.5
    verdict = UNDECIDED if n < FEWEST else _verdict(question, values, reference)
    needed, note = None, ""
    if verdict == UNDECIDED:
        needed, note = _needed(question, values, reference, prior)
        note = TOO_FEW if n < FEWEST else note
    return JudgedClaim(n, estimate, se, low, high, *adjusted, verdict, as_expected, needed, note)


def span(values: Floats, confidence: float, form: str = OTHER) -> tuple[float, float]:
    """Return the interval of a mean of at least two numbers."""
    if form == ONE:
        return statistics.wilson(float(values.mean()), len(values), confidence)
    if form == PAIR:
        difference = statistics.paired(values, np.zeros(len(values)), share=True, confidence=confidence)
        return difference.low, difference.high
    mean = statistics.mean(values, confidence)
    return mean.low, mean.high


def verdict_of(verdicts: list[str]) -> str:
    """Return the verdict on a claim: contradicted if one of its measures is, supported if all are."""
    if CONTRADICTED in verdicts:
        return CONTRADICTED
    return SUPPORTED if verdicts and all(each == SUPPORTED for each in verdicts) else UNDECIDED


def margins(question: ClaimQuestion, values: Floats, reference: Floats | None) -> tuple[Floats, ...]:
    """Return margins by run: the expectation holds if the means of all of them are above 0."""
    if question.expect == "positive":
        return (values,)
    if question.expect == "negative":
        return (-values,)
    assert question.bound is not None
    bound: Floats = np.full(len(values), question.bound)
    if question.relative:
        assert reference is not None
        bound = question.bound * reference
        if question.expect == "none" and float(bound.mean()) < 0:
            bound = -bound
    if question.expect == "none":
        return bound - values, bound + values
    return (bound - values,) if question.expect == "below" else (values - bound,)


def _verdict(question: ClaimQuestion, values: Floats, reference: Floats | None) -> str:
    if all(low > 0 for low, _ in _spans(question, values, reference, question.confidence)):
        return SUPPORTED
    against = _spans(question, values, reference, question.against)
    return CONTRADICTED if any(high < 0 for _, high in against) else UNDECIDED


def _spans(
    question: ClaimQuestion, values: Floats, reference: Floats | None, confidence: float
) -> list[tuple[float, float]]:
    if question.relative:
        return [span(each, confidence) for each in margins(question, values, reference)]
    return _moved(question, *span(values, confidence, question.form))


def _moved(question: ClaimQuestion, low: float, high: float) -> list[tuple[float, float]]:
    """Return the intervals of the margins, from that of the contrast, for an absolute bound."""
    bound = question.bound or 0.0
    upper, lower = (bound - high, bound - low), (low - bound, high - bound)
    return {
        "positive": [lower],
        "negative": [upper],
        "above": [lower],
        "below": [upper],
        "none": [upper, (low + bound, high + bound)],
    }[question.expect]


# --- runs needed --------------------------------------------------------------------------------------


def prior_variance(undecided: Sequence[Sampled]) -> float:
    """Return the variance of true effects in standard deviations, from the margins of undecided measures.

    It is the mean of the squared estimates less their own variance 1/n, and at least 0: method of moments for normal
    effects around 0 (Efron and Morris 1973). Undecided estimates are selected to be small, so it is too small rather
    than too large, and numbers of runs are too large rather than too small.
    """
    squares = []
    for each in undecided:
        values, reference = _present(each.values, each.reference)
        if len(values) >= FEWEST:
            moments = [_moments(margin) for margin in margins(each.question, values, reference)]
            squares += [(mean / spread) ** 2 - 1 / len(values) for mean, spread in moments if spread > 0]
    return max(0.0, float(np.mean(squares))) if squares else inf


def _moments(values: Floats) -> tuple[float, float]:
    return float(values.mean()), float(values.std(ddof=1))


def _needed(question: ClaimQuestion, values: Floats, reference: Floats | None, prior: float) -> tuple[int | None, str]:
    """Return the total number of runs that would decide it, or the reason why none would."""
    if float(np.ptp(values)) == 0.0 and float(values[0]) == 0.0 and question.expect in ("positive", "negative"):
        return None, NO_RUN_DIFFERS
    kept = 1.0 if prior == inf else prior / (prior + 1.0 / len(values))
    moments = [_moments(margin) for margin in margins(question, values, reference)]
    against = [runs_needed(kept * mean, spread, question.against) for mean, spread in moments if mean < 0]
    in_favour = (runs_needed(kept * mean, spread, question.confidence) for mean, spread in moments)
    count = min(against) if against else max(in_favour)
    if not isfinite(count) or count > MOST:
        return None, NIL
    return max(int(count), len(values) + 1, FEWEST), ""


def runs_needed(mean: float, spread: float, confidence: float, power: float = POWER) -> float:
    """Return the least number of runs at which the t interval excludes 0 with probability `power`.

    The estimate is taken to be normal, so that half of the samples exclude 0 where the mean itself just does.
    """
    if mean == 0.0:
        return inf
    ratio, margin = (spread / mean) ** 2, normal_quantile(power)
    if ratio * (z_of(confidence) + margin) ** 2 > 2 * MOST:
        return inf
    return float(statistics.least(lambda n: ratio * (t_of(n - 1, confidence) + margin) ** 2 < n, 1))


def power_of(effect: float, n: int, confidence: float) -> float:
    """Return the chance that the interval of n runs excludes 0 on the right side; `effect` in standard deviations."""
    return normal_cdf(effect * n**0.5 - t_of(n - 1, confidence)) if n > 1 else 0.0
