"""Verdicts on claims from paired runs, and the number of runs that would decide an undecided claim.

The contrast of a measure is one number per replication: the sum over arms of coefficient times value. Its interval is
Student's t; Wilson's for a share in one arm, Bonett and Price's (2012) for the difference of two shares. Verdicts hold
for all measures of all claims of a scenario together: each is tested at (1 - level)/family (Bonferroni 1936). A sign is
tested in both directions, a bound and an equivalence by one-sided tests (Schuirmann 1987). A bound relative to the mean
of an arm is tested on contrast and arm together, run by run, so that the error of that mean is included.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, isfinite, nan

import numpy as np

from wargame.statistics import differences
from wargame.statistics import intervals as statistics
from wargame.statistics.distributions import t_of, z_of
from wargame.statistics.intervals import Floats

SUPPORTED, CONTRADICTED, UNDECIDED = "supported", "contradicted", "undecided"
FEWEST = 20
"""Least number of runs for a verdict."""
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

    `family` is the number of tests that share the error 1 - `level`; `form` is `pair`, `one` or `other`.
    """

    expect: str
    bound: float | None = None
    relative: bool = False
    form: str = OTHER
    level: float = 0.95
    family: int = 1

    @property
    def error(self) -> float:
        """The probability of a wrong verdict that this test may have."""
        return (1.0 - self.level) / self.family

    @property
    def confidence(self) -> float:
        """The confidence of the interval behind the verdict: two-sided for a sign, one-sided at each end for bounds."""
        return 1.0 - (self.error if self.expect in ("positive", "negative") else 2.0 * self.error)


@dataclass(frozen=True, slots=True)
class JudgedClaim:
    """A verdict with its numbers.

    `low` and `high` are the interval for this contrast alone, the adjusted ones that for all tests together.
    `runs_needed` is the total number of runs that would decide an undecided contrast if estimate and spread do not
    change; None if no number would, or if it cannot be estimated. `note` is the reason.
    """

    n: int
    estimate: float
    se: float
    low: float
    high: float
    adjusted_low: float
    adjusted_high: float
    verdict: str
    as_expected: bool
    """Whether the estimate is as expected, regardless of its error."""
    runs_needed: int | None = None
    note: str = ""


def judge(question: ClaimQuestion, values: Floats, reference: Floats | None = None) -> JudgedClaim:
    """Judge the contrasts of independent runs; `reference` has the values of the arm of a relative bound."""
    present = ~np.isnan(values) if reference is None else ~(np.isnan(values) | np.isnan(reference))
    values, reference = values[present], None if reference is None else reference[present]
    n = len(values)
    as_expected = n > 0 and all(float(margin.mean()) > 0 for margin in margins(question, values, reference))
    if n < 2:
        return JudgedClaim(
            n, float(values[0]) if n else nan, nan, nan, nan, nan, nan, UNDECIDED, as_expected, None, TOO_FEW
        )
    low, high = span(values, question.level, question.form)
    adjusted = span(values, question.confidence, question.form)
    estimate, se = float(values.mean()), float(values.std(ddof=1)) / n**0.5
    verdict = UNDECIDED if n < FEWEST else _verdict(question, values, reference)
    needed, note = None, ""
    if verdict == UNDECIDED:
        needed, note = _needed(question, values, reference)
        note = TOO_FEW if n < FEWEST else note
    return JudgedClaim(n, estimate, se, low, high, *adjusted, verdict, as_expected, needed, note)


def span(values: Floats, confidence: float, form: str = OTHER) -> tuple[float, float]:
    """The interval of a mean of at least two numbers."""
    if form == ONE:
        return statistics.wilson(float(values.mean()), len(values), confidence)
    if form == PAIR:
        difference = differences.paired(values, np.zeros(len(values)), share=True, confidence=confidence)
        return difference.low, difference.high
    mean = statistics.mean(values, confidence)
    return mean.low, mean.high


def verdict_of(verdicts: list[str]) -> str:
    """The verdict on a claim: contradicted if one of its measures is, supported if all are."""
    if CONTRADICTED in verdicts:
        return CONTRADICTED
    return SUPPORTED if verdicts and all(each == SUPPORTED for each in verdicts) else UNDECIDED


def margins(question: ClaimQuestion, values: Floats, reference: Floats | None) -> tuple[Floats, ...]:
    """Margins by run: the expectation holds if the means of all of them are above 0."""
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
    if question.relative:
        spans = [span(each, question.confidence) for each in margins(question, values, reference)]
    else:
        spans = _moved(question, *span(values, question.confidence, question.form))
    if all(low > 0 for low, _ in spans):
        return SUPPORTED
    return CONTRADICTED if any(high < 0 for _, high in spans) else UNDECIDED


def _moved(question: ClaimQuestion, low: float, high: float) -> list[tuple[float, float]]:
    """The intervals of the margins, from that of the contrast, for an absolute bound."""
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


def _needed(question: ClaimQuestion, values: Floats, reference: Floats | None) -> tuple[int | None, str]:
    """The total number of runs that would decide it, or the reason why none would."""
    if float(np.ptp(values)) == 0.0 and float(values[0]) == 0.0 and question.expect in ("positive", "negative"):
        return None, NO_RUN_DIFFERS
    moments = [(float(m.mean()), float(m.std(ddof=1))) for m in margins(question, values, reference)]
    counts = [(mean, runs_needed(mean, spread, question.confidence)) for mean, spread in moments]
    against = [count for mean, count in counts if mean < 0]
    count = min(against) if against else max(count for _, count in counts)
    if not isfinite(count) or count > MOST:
        return None, NIL
    return max(int(count), len(values) + 1, FEWEST), ""


def runs_needed(mean: float, spread: float, confidence: float) -> float:
    """The least number of runs at which the t interval of this mean and standard deviation excludes 0."""
    if mean == 0.0:
        return inf
    ratio = (spread / mean) ** 2
    if ratio * z_of(confidence) ** 2 > 2 * MOST:
        return inf
    low, high = 1, 2
    while ratio * t_of(high - 1, confidence) ** 2 >= high:
        low, high = high, high * 2
    while low + 1 < high:
        middle = (low + high) // 2
        low, high = (middle, high) if ratio * t_of(middle - 1, confidence) ** 2 >= middle else (low, middle)
    return float(high)
