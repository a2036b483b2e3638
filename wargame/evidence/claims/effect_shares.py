"""The share of points at which an effect is in an expected range, by empirical Bayes (Efron and Morris 1973).

A point has few runs, so the mean of its contrast is mostly noise. The true effects of points are assumed to be normal,
with the variance between points minus the variance within points. The share is the mean probability, over points, that
the true effect is in the expected range. Noise thus counts neither for nor against the claim: an effect of 0 has a
share of one half. If noise explains all variance, the share is the probability that the common mean is in the range.
"""

from __future__ import annotations

from math import inf, nan

import numpy as np

from wargame.evidence.claims.verdicts import ClaimQuestion
from wargame.statistics.distributions import normal_cdf
from wargame.statistics.intervals import Floats


def effect_share(values: Floats, ranges: Floats) -> float:
    """Return the share of points whose effect is in its range, from 0 to 1.

    `values` has the shape points × runs, `ranges` points × 2 (lower and upper end). NaN without points, and if no run
    shows any effect although the range is on one side of 0.
    """
    count = len(values)
    if count == 0 or (not values.any() and bool((ranges == 0.0).any(axis=1).all())):
        return nan
    means = values.mean(axis=1)
    runs = values.shape[1]
    noise = float(values.var(axis=1, ddof=1).mean()) / runs if runs > 1 else 0.0
    total = float(means.var(ddof=1)) if count > 1 else 0.0
    between = max(0.0, total - noise)
    if between == 0.0:
        centres, variance = np.full(count, means.mean()), noise / count
    else:
        shrinkage = between / (between + noise)
        centres, variance = means.mean() + shrinkage * (means - means.mean()), shrinkage * noise
    chances = [_probability(m, variance, low, high) for m, (low, high) in zip(centres, ranges, strict=True)]
    return float(np.mean(chances))


def _probability(mean: float, variance: float, low: float, high: float) -> float:
    """Return the probability that a normal variable is between two ends."""
    if variance <= 1e-18 * (1.0 + mean * mean):
        return float(low < mean < high)
    spread = variance**0.5
    return normal_cdf((high - mean) / spread) - normal_cdf((low - mean) / spread)


def expected_ranges(question: ClaimQuestion, references: Floats | None, count: int) -> Floats:
    """Return the range of the effect at each point if the claim holds there, as points × 2.

    `references` are the means, by point, of the arm that a relative bound refers to.
    """
    bound = np.full(count, question.bound or 0.0)
    if question.relative and references is not None:
        bound = bound * references
    edge = np.full(count, inf)
    ends = {
        "positive": (np.zeros(count), edge),
        "negative": (-edge, np.zeros(count)),
        "below": (-edge, bound),
        "above": (bound, edge),
        "none": (-np.abs(bound), np.abs(bound)),
    }
    return np.stack(ends[question.expect], axis=1)
