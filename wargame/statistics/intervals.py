"""Estimates with intervals from the numbers of independent runs, and differences of two samples with their tests.

NaN stands for a missing number. Sources: Wilson 1927 (proportions); Student 1908 (means); Efron 1987 (BCa bootstrap);
David and Nagaraja 2003, 7.1 (quantiles by order statistics); Bonett and Price 2012 (paired differences of proportions);
Agresti and Min 2005 (the same, for several intervals at once); McNemar's exact test; Newcombe 1998, method 10 (unpaired
proportions); Welch 1947 (means); Holm 1979 (several tests). Tests compare them with SciPy and statsmodels.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from math import ceil, inf, isfinite, nan
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wargame.dataclasses import dataclass
from wargame.numbers.draws import GOLDEN
from wargame.statistics.array_draws import output
from wargame.statistics.distributions import (
    CONFIDENCE,
    binomial_cdf,
    normal_cdf,
    normal_quantile,
    root,
    t_of,
    two_sided,
    z_of,
)
from wargame.statistics.draws import mix, name_key

Floats = NDArray[np.float64]

RESAMPLES = 2000
ROUNDING = 1e-12
"""Numbers that differ by less than this share of their size are equal."""
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number with its Monte Carlo standard error and its 95 % interval; NaN where `n` is too small for one."""

    n: int
    estimate: float
    se: float
    low: float
    high: float

    @property
    def width(self) -> float:
        """The upper end less the lower."""
        return self.high - self.low


def finite(value: float) -> float | None:
    """Return the number, or None, which JSON can express, if it is infinite or NaN."""
    return value if isfinite(value) else None


def reported(result: Estimate, *, alike: bool = False) -> dict[str, Any]:
    """Return the numbers of an estimate for JSON; if those behind it are all `alike`, they say nothing of a spread."""
    numbers = {name: finite(getattr(result, name)) for name in ("estimate", "se", "low", "high")}
    return numbers | {"low": None, "high": None} if alike else numbers


def without_nan(values: Floats) -> Floats:
    """Return the numbers without those that are missing."""
    return values[~np.isnan(values)]


def variance(values: Floats, scale: float = 0.0) -> float:
    """Return the unbiased variance; NaN for fewer than two numbers, or where one is infinite.

    0 where the numbers differ by no more than rounding does at their size, or at `scale` if that is larger.
    """
    n = len(values)
    if n < 2 or not np.isfinite(values).all():
        return nan
    deviations = values - values.mean()
    sample_variance = float((deviations * deviations).sum()) / (n - 1)
    size = max(float(np.abs(values).max()), scale)
    return sample_variance if sample_variance > (ROUNDING * size) ** 2 else 0.0


def proportion(values: Floats, confidence: float = CONFIDENCE) -> Estimate:
    """Return the share of ones, with Wilson's interval."""
    values = without_nan(values)
    n = len(values)
    if n == 0:
        return Estimate(0, nan, nan, nan, nan)
    p = float(values.mean())
    low, high = wilson(p, n, confidence)
    return Estimate(n, p, root(p * (1 - p) / n), low, high)


def wilson(p: float, n: float, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Return Wilson's interval of a proportion."""
    z = z_of(confidence)
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * root(p * (1 - p) / n + z * z / (4 * n * n))
    # At the ends the formula is exact, but rounding is not.
    return (0.0 if p == 0.0 else middle - half), (1.0 if p == 1.0 else middle + half)


def mean(values: Floats, confidence: float = CONFIDENCE) -> Estimate:
    """Return the mean, with its t interval."""
    values = without_nan(values)
    n = len(values)
    if n < 2:
        return Estimate(n, float(values[0]) if n else nan, nan, nan, nan)
    m, se = float(values.mean()), root(variance(values) / n)
    half = t_of(n - 1, confidence) * se
    return Estimate(n, m, se, m - half, m + half)


def bootstrap_mean(values: Floats, key: str = "", confidence: float = CONFIDENCE) -> Estimate:
    """Return the mean, with a BCa bootstrap interval, for few runs of a skewed measure; `key` keys the resamples."""
    values = without_nan(values)
    plain = mean(values, confidence)
    if plain.n < 3 or plain.se == 0.0:
        return plain
    means = np.sort(_resampled_means(values, key))
    below = float(((means < plain.estimate).mean() + (means <= plain.estimate).mean()) / 2)  # ties count by half
    z0 = normal_quantile(min(max(below, 0.5 / RESAMPLES), 1 - 0.5 / RESAMPLES))
    deviations = plain.estimate - values
    spread = float((deviations**2).sum())
    skew = -float((deviations**3).sum()) / (6.0 * spread**1.5)
    ends = []
    for z in (-z_of(confidence), z_of(confidence)):
        share = normal_cdf(z0 + (z0 + z) / (1 - skew * (z0 + z)))
        ends.append(float(np.quantile(means, min(max(share, 0.0), 1.0))))
    return Estimate(plain.n, plain.estimate, float(means.std(ddof=1)), ends[0], ends[1])


def _resampled_means(values: Floats, key: str) -> Floats:
    """Return means of keyed resamples: the same key gives the same ones."""
    n = len(values)
    each = max(1, _BLOCK // n)
    means = []
    base = np.uint64(mix(name_key("bootstrap", key)))
    for start in range(0, RESAMPLES, each):
        count = min(each, RESAMPLES - start)
        numbers = np.arange(start * n, (start + count) * n, dtype=np.uint64)
        drawn = (output(base + numbers * np.uint64(GOLDEN)) >> np.uint64(11)).astype(np.float64) * 2.0**-53
        picked = (drawn * n).astype(np.int64)
        means.append(values[picked].reshape(count, n).mean(axis=1))
    return np.concatenate(means)


def quantile(values: Floats, share: float, confidence: float = CONFIDENCE) -> Estimate:
    """Return a quantile with its distribution-free interval; infinite numbers are times of no event. `se` is NaN."""
    values = np.sort(without_nan(values))
    n = len(values)
    if n == 0:
        return Estimate(0, nan, nan, nan, nan)
    point = float(values[min(n - 1, max(0, ceil(share * n - 1e-9) - 1))])
    tail = (1 - confidence) / 2
    # the greatest rank l with P(Bin < l) at most `tail`, and the least u with P(Bin >= u) at most `tail`
    lower = bisect_right(range(1, n + 1), tail, key=lambda rank: binomial_cdf(rank - 1, n, share))
    upper = 1 + bisect_left(range(1, n + 1), -tail, key=lambda rank: binomial_cdf(rank - 1, n, share) - 1.0)
    low = float(values[lower - 1]) if lower >= 1 else -inf
    high = float(values[upper - 1]) if upper <= n else inf
    return Estimate(n, point, nan, low, high)


def runs_to_halve(estimate: Estimate, *, share: bool) -> int | None:
    """Return how many runs in all would halve the interval, all else equal; None if that cannot be estimated."""
    if estimate.n < 2 or not isfinite(estimate.width) or estimate.width <= 0:
        return None
    if not share:
        return 4 * estimate.n

    def is_enough(n: int) -> bool:
        low, high = wilson(estimate.estimate, n)
        return high - low <= estimate.width / 2

    return least(is_enough, estimate.n)


def least(is_enough: Callable[[int], bool], below: int) -> int:
    """Return the least number above `below` that is enough, where all greater ones are, too."""
    high = below * 2
    while not is_enough(high):
        below, high = high, high * 2
    return below + 1 + bisect_left(range(below + 1, high), True, key=is_enough)


# --- differences of two samples ----------------------------------------------------------------------


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
    """Return Bonett and Price's adjusted Wald interval of a paired difference of shares, and McNemar's exact p."""
    n, more, fewer = len(d), int((d > 0).sum()), int((d < 0).sum())
    p12, p21 = (more + 1) / (n + 2), (fewer + 1) / (n + 2)
    half = z_of(confidence) * root((p12 + p21 - (p12 - p21) ** 2) / (n + 2))
    discordant = more + fewer
    p = min(1.0, 2.0 * binomial_cdf(min(more, fewer), discordant, 0.5)) if discordant else 1.0
    return max(-1.0, p12 - p21 - half), min(1.0, p12 - p21 + half), p


def agresti_min(only_first: int, only_base: int, n: int, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Return Agresti and Min's interval of a paired difference of shares: half a pair is added to each cell.

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
    """Return Newcombe's interval of a difference of shares, from their Wilson intervals."""
    apart = x.estimate - y.estimate
    below = root((x.estimate - x.low) ** 2 + (y.high - y.estimate) ** 2)
    above = root((x.high - x.estimate) ** 2 + (y.estimate - y.low) ** 2)
    return apart - below, apart + above


def holm(ps: Sequence[float]) -> list[float]:
    """Return p-values adjusted for the number of tests (Holm's step-down); NaN stays NaN and does not count."""
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
    of_points, of_runs = cells.mean(axis=2, keepdims=True), cells.mean(axis=1, keepdims=True)
    residuals = cells - of_points - of_runs + cells.mean(axis=(1, 2), keepdims=True)
    _, points, runs = cells.shape
    squares: Floats = (residuals * residuals).sum(axis=(1, 2))
    return float(squares.mean()) / float((points - 1) * (runs - 1))
