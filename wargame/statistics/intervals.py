"""Estimates with intervals, from the numbers of independent runs. NaN stands for what is not there.

Sources: Wilson 1927 (proportions), Student's t and Efron 1987 (means: t, BCa bootstrap), order statistics
(quantiles; David and Nagaraja 2003, 7.1), Bonett and Price 2012 (paired differences of proportions), McNemar's
exact test, Newcombe 1998 method 10 (unpaired ones), Welch 1947, Holm 1979. Tests compare them with statsmodels
and SciPy.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, inf, isfinite, nan

import numpy as np
from numpy.typing import NDArray

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
"""Numbers nearer to one another than this part of their size are equal."""
_BLOCK = 1 << 20
_MOST_RUNS = 1_000_000_000


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
        """From the lower to the upper end."""
        return self.high - self.low


@dataclass(frozen=True, slots=True)
class Difference:
    """A difference to a baseline. `p` is that of the test of no difference.

    `gain` is by what factor pairing cuts the runs that are needed, `ceiling` the most that it could for two
    proportions as far apart as these; both NaN where pairs cannot tell.
    """

    n: int
    estimate: float
    se: float
    low: float
    high: float
    p: float
    gain: float
    ceiling: float


def known(values: Floats) -> Floats:
    """The numbers that are there."""
    return values[~np.isnan(values)]


def variance(values: Floats, scale: float = 0.0) -> float:
    """The unbiased variance; NaN for fewer than two numbers, or where one is infinite.

    0 where the numbers differ by no more than rounding does at their size, or at `scale` if that is larger.
    """
    n = len(values)
    if n < 2 or not np.isfinite(values).all():
        return nan
    deviations = values - values.mean()
    found = float((deviations * deviations).sum()) / (n - 1)
    size = max(float(np.abs(values).max()), scale)
    return found if found > (ROUNDING * size) ** 2 else 0.0


# --- one sample ------------------------------------------------------------------------------------


def proportion(values: Floats, confidence: float = CONFIDENCE) -> Estimate:
    """The share of ones, with Wilson's interval."""
    values = known(values)
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
    # At the ends the formula is exact, but its rounding is not.
    return (0.0 if p == 0.0 else middle - half), (1.0 if p == 1.0 else middle + half)


def mean(values: Floats, confidence: float = CONFIDENCE) -> Estimate:
    """The mean, with its t interval."""
    values = known(values)
    n = len(values)
    if n < 2:
        return Estimate(n, float(values[0]) if n else nan, nan, nan, nan)
    m, se = float(values.mean()), root(variance(values) / n)
    half = t_of(n - 1, confidence) * se
    return Estimate(n, m, se, m - half, m + half)


def bootstrap_mean(values: Floats, key: str = "", confidence: float = CONFIDENCE) -> Estimate:
    """The mean, with a BCa bootstrap interval: for few runs of a skewed measure. `key` names the resamples' draws."""
    values = known(values)
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
        picked = (_uniform(base + numbers * np.uint64(0x9E3779B97F4A7C15)) * n).astype(np.int64)
        means.append(values[picked].reshape(count, n).mean(axis=1))
    return np.concatenate(means)


def _uniform(z: NDArray[np.uint64]) -> Floats:
    """SplitMix64's output function, as numbers in [0, 1)."""
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return ((z ^ (z >> np.uint64(31))) >> np.uint64(11)).astype(np.float64) * 2.0**-53


def quantile(values: Floats, share: float, confidence: float = CONFIDENCE) -> Estimate:
    """A quantile with its distribution-free interval; infinite numbers are times that never came. `se` is NaN."""
    values = np.sort(known(values))
    n = len(values)
    if n == 0:
        return Estimate(0, nan, nan, nan, nan)
    point = float(values[min(n - 1, max(0, ceil(share * n - 1e-9) - 1))])
    tail = (1 - confidence) / 2
    lower = _last_below(n, share, tail)
    upper = _first_above(n, share, tail)
    low = float(values[lower - 1]) if lower >= 1 else -inf
    high = float(values[upper - 1]) if upper <= n else inf
    return Estimate(n, point, nan, low, high)


def _last_below(n: int, share: float, tail: float) -> int:
    """The greatest rank l with P(Bin(n, share) < l) at most `tail`; 0 if there is none."""
    low, high = 0, n
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if binomial_cdf(middle - 1, n, share) <= tail else (low, middle - 1)
    return low


def _first_above(n: int, share: float, tail: float) -> int:
    """The least rank u with P(Bin(n, share) >= u) at most `tail`; n + 1 if there is none."""
    low, high = 1, n + 1
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if 1.0 - binomial_cdf(middle - 1, n, share) <= tail else (middle + 1, high)
    return low


# --- two samples -----------------------------------------------------------------------------------


def paired(first: Floats, base: Floats, *, share: bool, confidence: float = CONFIDENCE) -> Difference:
    """The mean of `first` less that of `base`, run by run; pairs of which one is missing do not count."""
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


def ceiling(p1: float, p0: float) -> float:
    """The most that pairing can gain for two shares: when every run that has the rarer one has the other too."""
    apart = abs(p1 - p0)
    least = apart - apart**2
    alone = p1 * (1 - p1) + p0 * (1 - p0)
    if least > 0:
        return alone / least
    return inf if alone > 0 else nan


def unpaired(first: Floats, base: Floats, *, share: bool) -> Difference:
    """As `paired`, for runs that have nothing to do with one another: Newcombe's or Welch's interval."""
    x, y = known(first), known(base)
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
    apart = x.estimate - y.estimate
    below = root((x.estimate - x.low) ** 2 + (y.high - y.estimate) ** 2)
    above = root((x.high - x.estimate) ** 2 + (y.estimate - y.low) ** 2)
    return apart - below, apart + above


def holm(ps: Sequence[float]) -> list[float]:
    """p-values adjusted for being many (Holm's step-down); NaN stays and does not count."""
    order = sorted((p, i) for i, p in enumerate(ps) if p == p)  # noqa: PLR0124 - not NaN
    made, most, count = [nan] * len(ps), 0.0, len(order)
    for rank, (p, i) in enumerate(order):
        most = max(most, min(1.0, (count - rank) * p))
        made[i] = most
    return made


# --- planning --------------------------------------------------------------------------------------


def runs_to_halve(estimate: Estimate, *, share: bool) -> int | None:
    """How many runs in all would halve the interval, the rest being equal; None if nobody can tell."""
    if estimate.n < 2 or not isfinite(estimate.width) or estimate.width <= 0:
        return None
    if not share:
        return 4 * estimate.n
    low, high = estimate.n, estimate.n
    goal = estimate.width / 2
    while _wilson_width(estimate.estimate, high) > goal and high < _MOST_RUNS:
        low, high = high, high * 2
    while low + 1 < high:
        middle = (low + high) // 2
        low, high = (middle, high) if _wilson_width(estimate.estimate, middle) > goal else (low, middle)
    return high


def _wilson_width(p: float, n: int) -> float:
    low, high = wilson(p, n)
    return high - low


# --- where variance comes from ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Split:
    """Variance by its source: `luck` within a point, `parameters` between points of an arm, `arm` between arms."""

    luck: float
    parameters: float
    arm: float

    @property
    def total(self) -> float:
        """All of it."""
        return self.luck + self.parameters + self.arm


def split(cells: Floats, *, shared: bool) -> Split | None:
    """The law of total variance over an array arms × points × replications; None without two runs at a point.

    `shared` says that all points have the same luck: then what luck does to all of them alike moves none of the
    means between them, and only their interaction is taken off.
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
        # Luck is shared by all arms, so that only its interaction with them blurs what is between their means.
        noise = _interaction(cells.mean(axis=1)[None])
        arm = max(0.0, float(cells.mean(axis=(1, 2)).var()) - (1 - 1 / arms) * noise / runs)
    return Split(within, between, arm)


def _interaction(cells: Floats) -> float:
    """The mean square of what is left of a two-way layout, points × replications, averaged over arms."""
    left = (
        cells
        - cells.mean(axis=2, keepdims=True)
        - cells.mean(axis=1, keepdims=True)
        + cells.mean(axis=(1, 2), keepdims=True)
    )
    _, points, runs = cells.shape
    squares: Floats = (left * left).sum(axis=(1, 2))
    return float(squares.mean()) / float((points - 1) * (runs - 1))
