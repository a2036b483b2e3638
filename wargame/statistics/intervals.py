"""Estimates with intervals from the numbers of independent runs. NaN stands for a missing number.

Sources: Wilson 1927 (proportions); Student 1908 (means); Efron 1987 (BCa bootstrap); David and Nagaraja 2003, 7.1
(quantiles by order statistics). Tests compare them with SciPy and statsmodels.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from math import ceil, inf, isfinite, nan

import numpy as np
from numpy.typing import NDArray

from wargame.numbers.draws import GOLDEN
from wargame.statistics.array_draws import output
from wargame.statistics.distributions import CONFIDENCE, binomial_cdf, normal_cdf, normal_quantile, root, t_of, z_of
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
    """Wilson's interval of a proportion."""
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
    """Means of keyed resamples: the same key gives the same ones."""
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
