"""Differences of two samples with intervals and tests, and the correction for several tests.

Sources: Bonett and Price 2012 (paired differences of proportions); Agresti and Min 2005 (the same, for several
intervals at once); McNemar's exact test; Newcombe 1998, method 10 (unpaired proportions); Student 1908 and Welch 1947
(means); Holm 1979. Tests compare them with SciPy and statsmodels.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, nan

import numpy as np

from wargame.statistics.distributions import CONFIDENCE, binomial_cdf, normal_cdf, root, t_of, two_sided, z_of
from wargame.statistics.intervals import Estimate, Floats, proportion, variance, without_nan


@dataclass(frozen=True, slots=True)
class Difference(Estimate):
    """A difference from a baseline. `p` is the p-value of the test of no difference.

    `gain` is the factor by which pairing cuts the runs that are needed, `ceiling` the largest gain possible for two
    proportions with this difference; both are NaN where pairs cannot show it.
    """

    p: float
    gain: float
    ceiling: float


def paired(first: Floats, base: Floats, *, share: bool, confidence: float = CONFIDENCE) -> Difference:
    """Return the mean of `first` less that of `base`, run by run; pairs with a missing number do not count.

    `share` says that the numbers are 0 and 1. The interval is then Bonett and Price's and the test McNemar's, else both
    are Student's.
    """
    both = ~(np.isnan(first) | np.isnan(base))
    x, y = first[both], base[both]
    n = len(x)
    if n < 2:
        return Difference(n, float(x[0] - y[0]) if n else nan, nan, nan, nan, nan, nan, nan)
    d = x - y
    spread = variance(d, float(max(np.abs(x).max(), np.abs(y).max())))
    alone = variance(x) + variance(y)
    gain = alone / spread if spread > 0 else (inf if alone > 0 else nan)
    estimate, se = float(d.mean()), root(spread / n)
    if share:
        low, high, p = _bonett_price(d, confidence)
        return Difference(n, estimate, se, low, high, p, gain, ceiling(float(x.mean()), float(y.mean())))
    half = t_of(n - 1, confidence) * se
    p = two_sided(estimate / se, n - 1) if se > 0 else (1.0 if estimate == 0 else 0.0)
    return Difference(n, estimate, se, estimate - half, estimate + half, p, gain, nan)


def _bonett_price(d: Floats, confidence: float = CONFIDENCE) -> tuple[float, float, float]:
    """Bonett and Price's adjusted Wald interval of a paired difference of shares, and McNemar's exact p."""
    n, more, fewer = len(d), int((d > 0).sum()), int((d < 0).sum())
    p12, p21 = (more + 1) / (n + 2), (fewer + 1) / (n + 2)
    half = z_of(confidence) * root((p12 + p21 - (p12 - p21) ** 2) / (n + 2))
    discordant = more + fewer
    p = min(1.0, 2.0 * binomial_cdf(min(more, fewer), discordant, 0.5)) if discordant else 1.0
    return max(-1.0, p12 - p21 - half), min(1.0, p12 - p21 + half), p


def agresti_min(only_first: int, only_base: int, n: int, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Agresti and Min's interval of a paired difference of shares: half a pair is added to each of the four cells.

    `only_first` and `only_base` are the pairs with the event in one of the two runs only, of `n` pairs.
    """
    size = n + 2
    middle = (only_first - only_base) / size
    half = z_of(confidence) * root(only_first + only_base + 1 - (only_first - only_base) ** 2 / size) / size
    return max(-1.0, middle - half), min(1.0, middle + half)


def ceiling(p1: float, p0: float) -> float:
    """Return the largest gain of pairing for two shares: every run with the rarer event has the other event too."""
    apart = abs(p1 - p0)
    least = apart - apart**2
    alone = p1 * (1 - p1) + p0 * (1 - p0)
    if least > 0:
        return alone / least
    return inf if alone > 0 else nan


def unpaired(first: Floats, base: Floats, *, share: bool) -> Difference:
    """Return as `paired`, for independent samples.

    Shares have Newcombe's interval and the p-value of the pooled z test, means Welch's interval and test.
    """
    x, y = without_nan(first), without_nan(base)
    if min(len(x), len(y)) < 2:
        return Difference(min(len(x), len(y)), nan, nan, nan, nan, nan, nan, nan)
    vx, vy = variance(x) / len(x), variance(y) / len(y)
    estimate, se = float(x.mean() - y.mean()), root(vx + vy)
    n = min(len(x), len(y))
    if share:
        low, high = _newcombe(proportion(x), proportion(y))
        pooled = float(x.sum() + y.sum()) / (len(x) + len(y))
        null = root(pooled * (1 - pooled) * (1 / len(x) + 1 / len(y)))
        p = 2 * normal_cdf(-abs(estimate) / null) if null > 0 else 1.0
        return Difference(n, estimate, se, low, high, p, nan, nan)
    if se == 0:
        return Difference(n, estimate, se, estimate, estimate, 1.0 if estimate == 0 else 0.0, nan, nan)
    df = (vx + vy) ** 2 / (vx**2 / (len(x) - 1) + vy**2 / (len(y) - 1))
    half = t_of(df) * se
    return Difference(n, estimate, se, estimate - half, estimate + half, two_sided(estimate / se, df), nan, nan)


def _newcombe(x: Estimate, y: Estimate) -> tuple[float, float]:
    """Newcombe's interval of a difference of shares, from their Wilson intervals."""
    apart = x.estimate - y.estimate
    below = root((x.estimate - x.low) ** 2 + (y.high - y.estimate) ** 2)
    above = root((x.high - x.estimate) ** 2 + (y.estimate - y.low) ** 2)
    return apart - below, apart + above


def holm(ps: Sequence[float]) -> list[float]:
    """p-values adjusted for the number of tests (Holm's step-down); NaN stays NaN and does not count."""
    order = sorted((p, i) for i, p in enumerate(ps) if p == p)  # noqa: PLR0124 - not NaN
    adjusted, most, count = [nan] * len(ps), 0.0, len(order)
    for rank, (p, i) in enumerate(order):
        most = max(most, min(1.0, (count - rank) * p))
        adjusted[i] = most
    return adjusted


@dataclass(frozen=True, slots=True)
class VarianceSplit:
    """Variance by source: `draws` within a point, `parameters` between points of an arm, `arm` between arms."""

    draws: float
    parameters: float
    arm: float

    @property
    def total(self) -> float:
        """The sum of all sources."""
        return self.draws + self.parameters + self.arm


def split(cells: Floats, *, shared: bool) -> VarianceSplit | None:
    """Return the law of total variance over an array arms × points × replications; None without two runs at a point.

    `shared` says that all points use the same random draws. What these do to all points alike does not change the
    differences between their means, so only the interaction of draws and points is subtracted.
    """
    arms, points, runs = cells.shape
    if runs < 2 or np.isnan(cells).any():
        return None
    within = float(cells.var(axis=2, ddof=1).mean())
    between = 0.0
    if points > 1:
        means = cells.mean(axis=2)
        noise = _interaction(cells) if shared else within
        between = max(0.0, float(means.var(axis=1, ddof=1).mean()) - noise / runs)
    arm = 0.0
    if arms > 1:
        # All arms share their draws, so only the interaction of draws and arms blurs the differences of their means.
        noise = _interaction(cells.mean(axis=1)[None])
        arm = max(0.0, float(cells.mean(axis=(1, 2)).var()) - (1 - 1 / arms) * noise / runs)
    return VarianceSplit(within, between, arm)


def _interaction(cells: Floats) -> float:
    """Return the mean square of the residuals of a two-way layout, points × replications, averaged over arms."""
    residuals = (
        cells
        - cells.mean(axis=2, keepdims=True)
        - cells.mean(axis=1, keepdims=True)
        + cells.mean(axis=(1, 2), keepdims=True)
    )
    _, points, runs = cells.shape
    squares: Floats = (residuals * residuals).sum(axis=(1, 2))
    return float(squares.mean()) / float((points - 1) * (runs - 1))
