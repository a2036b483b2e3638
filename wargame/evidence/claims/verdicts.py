"""Verdicts on claims: what a number of paired runs can say of a contrast, and how many would say more.

A measure's contrast is one number a replication: the sum over arms of coefficient times value. Its interval is
Student's; for a share in one arm Wilson's, for the difference of two shares Bonett and Price's (2012). Verdicts hold
for all measures of all claims of a scenario together: each is tested at (1 - level)/family (Bonferroni 1936), a sign
in both directions, a bound and an equivalence by one-sided tests (Schuirmann 1987). A bound that is a share of an
arm's mean is tested on contrast and arm together, run by run, so that the mean's own chance counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, isfinite, nan

import numpy as np

from wargame.statistics import intervals as statistics
from wargame.statistics.distributions import t_of, z_of
from wargame.statistics.intervals import Floats

SUPPORTED, CONTRADICTED, UNDECIDED = "supported", "contradicted", "undecided"
FEWEST = 20
"""Fewer runs than these say nothing, whatever they show."""
MOST = 1_000_000
"""What more runs than these would take to decide is nil."""
TOO_FEW = f"too few runs to say anything: at least {FEWEST} are needed"
NO_RUN_DIFFERS = "no run differs between the arms"
NIL = "an effect of this size is nil: no number of runs would decide it"
PAIR, ONE, OTHER = "pair", "one", "other"
"""Two arms' shares compared; the share in one arm; any other contrast."""


@dataclass(frozen=True, slots=True)
class ClaimQuestion:
    """What is expected of a contrast, and how surely it is to be answered.

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
        """The chance of a wrong verdict that is left to this test."""
        return (1.0 - self.level) / self.family

    @property
    def confidence(self) -> float:
        """Of the interval that the verdict looks at: two-sided for a sign, one-sided at each end for bounds."""
        return 1.0 - (self.error if self.expect in ("positive", "negative") else 2.0 * self.error)


@dataclass(frozen=True, slots=True)
class JudgedClaim:
    """A verdict with its numbers. `low` and `high` are for this contrast alone, the adjusted ones for all together.

    `runs_needed` is the number of runs in all that would decide an undecided one if estimate and spread stay as they
    are; None if none would, or if nobody can tell. `note` says why.
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
    """The estimate lies where it was expected, however sure that is."""
    runs_needed: int | None = None
    note: str = ""


def judge(question: ClaimQuestion, values: Floats, reference: Floats | None = None) -> JudgedClaim:
    """The verdict on the numbers of independent runs; `reference` is the arm that a relative bound is a share of."""
    there = ~np.isnan(values) if reference is None else ~(np.isnan(values) | np.isnan(reference))
    values, reference = values[there], None if reference is None else reference[there]
    n = len(values)
    so = n > 0 and all(float(margin.mean()) > 0 for margin in margins(question, values, reference))
    if n < 2:
        return JudgedClaim(n, float(values[0]) if n else nan, nan, nan, nan, nan, nan, UNDECIDED, so, None, TOO_FEW)
    low, high = span(values, question.level, question.form)
    wide = span(values, question.confidence, question.form)
    estimate, se = float(values.mean()), float(values.std(ddof=1)) / n**0.5
    verdict = UNDECIDED if n < FEWEST else _verdict(question, values, reference)
    needed, note = None, ""
    if verdict == UNDECIDED:
        needed, note = _needed(question, values, reference)
        note = TOO_FEW if n < FEWEST else note
    return JudgedClaim(n, estimate, se, low, high, *wide, verdict, so, needed, note)


def span(values: Floats, confidence: float, form: str = OTHER) -> tuple[float, float]:
    """The interval of a mean of at least two numbers."""
    if form == ONE:
        return statistics.wilson(float(values.mean()), len(values), confidence)
    if form == PAIR:
        found = statistics.paired(values, np.zeros(len(values)), share=True, confidence=confidence)
        return found.low, found.high
    mean = statistics.mean(values, confidence)
    return mean.low, mean.high


def verdict_of(verdicts: list[str]) -> str:
    """Of a claim: contradicted if one measure is, supported if all are."""
    if CONTRADICTED in verdicts:
        return CONTRADICTED
    return SUPPORTED if verdicts and all(each == SUPPORTED for each in verdicts) else UNDECIDED


def margins(question: ClaimQuestion, values: Floats, reference: Floats | None) -> tuple[Floats, ...]:
    """Numbers whose means are all above 0 if what is expected holds; below 0 for one of them if it does not."""
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
    """The intervals of the margins, from that of the contrast; the bound is a plain number."""
    bound = question.bound or 0.0
    upper, lower = (bound - high, bound - low), (low - bound, high - bound)
    return {
        "positive": [lower],
        "negative": [upper],
        "above": [lower],
        "below": [upper],
        "none": [upper, (low + bound, high + bound)],
    }[question.expect]


# --- planning --------------------------------------------------------------------------------------


def _needed(question: ClaimQuestion, values: Floats, reference: Floats | None) -> tuple[int | None, str]:
    """Runs in all that would decide it, or why none would."""
    if float(np.ptp(values)) == 0.0 and float(values[0]) == 0.0 and question.expect in ("positive", "negative"):
        return None, NO_RUN_DIFFERS
    found = [(float(m.mean()), float(m.std(ddof=1))) for m in margins(question, values, reference)]
    counts = [(mean, runs_needed(mean, spread, question.confidence)) for mean, spread in found]
    against = [count for mean, count in counts if mean < 0]
    count = min(against) if against else max(count for _, count in counts)
    if not isfinite(count) or count > MOST:
        return None, NIL
    return max(int(count), len(values) + 1, FEWEST), ""


def runs_needed(mean: float, spread: float, confidence: float) -> float:
    """The least number of runs at which Student's interval of this mean and standard deviation leaves out 0."""
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
